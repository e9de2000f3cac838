//! People of whom something is known.

use engine::register::NewUser;
use protocol::{
    client::Environment,
    ids::UserId,
    locale::Locale,
    person::{
        ExposedPerson, Gender, IdentificationLevel, Identity, PersonalData, Phone, PostalAddress,
    },
};
use store::users::Role;

use crate::house::House;

/// Everything that can be known.
pub fn everything() -> PersonalData {
    PersonalData {
        phone: Some(Phone::parse("37061234567").unwrap()),
        phone_confirmed: true,
        address: Some(PostalAddress::new("LT", "Vilnius", "Pilies g. 1", Some("01124")).unwrap()),
        identity: Some(
            Identity::new("Ona", "Petrauskaitė", Some("LT"), Some("48001010000")).unwrap(),
        ),
        date_of_birth: "1980-01-01".parse().ok(),
        gender: Some(Gender::Female),
        level: Some(IdentificationLevel::FullyIdentified),
        exposed: Some(vec![ExposedPerson {
            name: "Jonas".to_owned(),
            relation: "spouse".to_owned(),
            positions: vec!["mayor".to_owned()],
        }]),
    }
}

impl House {
    /// A sandbox person of whom this is known.
    pub async fn known_person(&self, name: &str, data: Option<PersonalData>) -> UserId {
        let new = NewUser {
            username: name.to_owned(),
            password: "a good password".to_owned(),
            email: Some(format!("{name}@mail.test")),
            display_name: Some(format!("The {name}")),
            role: Role::User,
            environment: Environment::Sandbox,
            locale: Locale::Lt,
        };
        self.engine
            .add_person(new, data)
            .await
            .expect("a person")
            .user_id
    }
}
