//! What the bank of the demo knows of its customers. Numbers and codes are from ranges that nobody has.

use protocol::person::{
    ExposedPerson, Gender, IdentificationLevel, Identity, PersonFault, PersonalData, Phone,
    PostalAddress,
};
use store::personal_data::{find_personal_data, upsert_personal_data};

use super::{
    DemoError,
    people::{PEOPLE, Person},
};
use crate::{
    Engine,
    error::{Error, Result},
    personal::sealed_data,
};

impl Person {
    /// What is known of a customer; of those who work here nothing is.
    fn papers(&self) -> Result<Option<PersonalData>, PersonFault> {
        let (phone, street, post, name, surname, code, born, gender) = match self.username {
            "ona" => (
                "37060000101",
                "Pilies g. 4",
                "01124",
                "Ona",
                "Petrauskaitė",
                "DEMO-48001010001",
                "1980-01-01",
                Gender::Female,
            ),
            "jonas" => (
                "37060000102",
                "Laisvės al. 12",
                "44240",
                "Jonas",
                "Kazlauskas",
                "DEMO-37505050002",
                "1975-05-05",
                Gender::Male,
            ),
            _ => return Ok(None),
        };
        let city = if self.username == "ona" {
            "Vilnius"
        } else {
            "Kaunas"
        };
        // Jonas is married to somebody who sits in a council.
        let spouse = ExposedPerson {
            name: "Rūta Kazlauskienė".to_owned(),
            relation: "spouse".to_owned(),
            positions: vec!["Member of the municipal council".to_owned()],
        };
        Ok(Some(PersonalData {
            phone: Some(Phone::parse(phone)?),
            phone_confirmed: true,
            address: Some(PostalAddress::new("LT", city, street, Some(post))?),
            identity: Some(Identity::new(name, surname, Some("LT"), Some(code))?),
            date_of_birth: born.parse().ok(),
            gender: Some(gender),
            level: Some(IdentificationLevel::FullyIdentified),
            exposed: Some(match self.username {
                "jonas" => vec![spouse],
                _ => Vec::new(),
            }),
        }))
    }
}

impl Engine {
    /// Writes down what is known of the customers, as far as nothing is yet.
    pub(super) async fn seed_papers(&self) -> Result<(), DemoError> {
        for person in &PEOPLE {
            let papers = person.papers();
            let papers = papers.map_err(|fault| Error::Broken(format!("the demo: {fault}")))?;
            let Some(papers) = papers else { continue };
            let known = find_personal_data(self.env.store.reader(), &person.id()).await?;
            if known.is_some() {
                continue;
            }
            let record = sealed_data(&self.env, &person.id(), &papers)?;
            self.env
                .store
                .write::<_, Error, _>(move |tx| {
                    Box::pin(async move { Ok(upsert_personal_data(tx, &record).await?) })
                })
                .await?;
        }
        Ok(())
    }
}
