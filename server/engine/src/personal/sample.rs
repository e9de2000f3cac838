//! What is known of people who never lived: those of the sandbox, made on the spot.

use protocol::{
    person::{Gender, IdentificationLevel, Identity, PersonalData, Phone, PostalAddress},
    time::Date,
};

use crate::{
    Engine,
    error::{Error, Result},
};

const STREETS: [&str; 6] = [
    "Gedimino pr.",
    "Pilies g.",
    "Vytauto g.",
    "Basanavičiaus g.",
    "Ukmergės g.",
    "Žirmūnų g.",
];

const SURNAMES: [&str; 6] = [
    "Kazlauskas",
    "Jankauskas",
    "Petrauskas",
    "Stankevičius",
    "Vasiliauskas",
    "Butkus",
];

impl Engine {
    /// Plausible data of a person with this name. Numbers and codes are from ranges that nobody has.
    pub(crate) fn sample_person(&self, display_name: &str) -> Result<PersonalData> {
        let [
            street,
            house,
            surname,
            year,
            month,
            day,
            gender,
            number @ ..,
        ] = self.env.bytes::<11>();
        let of = |list: &[&'static str; 6], byte: u8| list[usize::from(byte) % list.len()];
        let broken = |fault| Error::Broken(format!("a sample person: {fault}"));
        let mut words = display_name.split_whitespace();
        let name = words.next().unwrap_or("Vardenis");
        let rest = words.collect::<Vec<_>>().join(" ");
        let surname = match rest.is_empty() {
            true => of(&SURNAMES, surname),
            false => &rest,
        };
        // No Lithuanian mobile number begins with 600 and zeros; 00 ends the codes of nobody.
        let last = u32::from_be_bytes(number) % 100_000;
        let born = Date::new(1950 + i32::from(year % 50), 1 + month % 12, 1 + day % 28);
        Ok(PersonalData {
            phone: Some(Phone::parse(&format!("370600{last:05}")).map_err(broken)?),
            phone_confirmed: true,
            address: Some(
                PostalAddress::new(
                    "LT",
                    "Vilnius",
                    &format!("{} {}", of(&STREETS, street), 1 + house % 90),
                    Some(&format!("0{:04}", 1_000 + last % 9_000)),
                )
                .map_err(broken)?,
            ),
            identity: Some(
                Identity::new(
                    name,
                    surname,
                    Some("LT"),
                    Some(&format!("SANDBOX-{last:05}")),
                )
                .map_err(broken)?,
            ),
            date_of_birth: born,
            gender: Some(match gender % 2 {
                0 => Gender::Female,
                _ => Gender::Male,
            }),
            level: Some(IdentificationLevel::FullyIdentified),
            exposed: Some(Vec::new()),
        })
    }
}

/// Where a person of the sandbox has mail: at a name that no mail server answers for (RFC 6761 §6.2).
pub(crate) fn sample_address(username: &str) -> String {
    let plain: String = username
        .to_lowercase()
        .chars()
        .map(|character| {
            if character.is_ascii_alphanumeric() {
                character
            } else {
                '.'
            }
        })
        .collect();
    let name = plain.trim_matches('.');
    format!(
        "{}@sandbox.test",
        if name.is_empty() { "person" } else { name }
    )
}

#[cfg(test)]
mod tests {
    use super::sample_address;
    use crate::register::is_address;

    #[test]
    fn everybody_in_the_sandbox_has_an_address_where_no_mail_arrives() {
        for (username, expected) in [
            ("Ona", "ona@sandbox.test"),
            ("ona@bank.test", "ona.bank.test@sandbox.test"),
            ("Ž", "person@sandbox.test"),
        ] {
            assert_eq!(sample_address(username), expected);
            assert!(is_address(expected));
        }
    }
}
