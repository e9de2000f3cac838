//! What a bank knows of a person beside name and login: checked when it comes in, and written down in the
//! words of the Wallet API, so that what is stored is what is told.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{registration::Country, time::Date, words::words};

words! {
    /// The gender in a person's papers.
    Gender {
        /// Female.
        Female "female",
        /// Male.
        Male "male",
    }

    /// How well a person was identified.
    IdentificationLevel {
        /// Nobody looked.
        Unidentified "unidentified",
        /// Something was shown from afar.
        SemiIdentified "semi_identified",
        /// Papers were checked.
        Identified "identified",
        /// Papers were checked with the person there.
        FullyIdentified "fully_identified",
    }
}

/// Longest line of a name or an address, in characters.
pub const LONGEST_LINE: usize = 100;

/// Why something about a person is not taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PersonFault {
    /// Not a phone number.
    #[error(
        "a phone number begins with the country code, without + or 00, and has 7 to 15 digits: 37061234567"
    )]
    Phone,
    /// Not a country.
    #[error("a country is written as its two letters of ISO 3166-1: lt")]
    Country,
    /// Empty, too long, or not one line.
    #[error("it must be one line of 1 to 100 characters, without blanks at its ends")]
    Line,
    /// Not a personal code.
    #[error("a personal code has 1 to 32 letters, digits and dashes")]
    Code,
}

/// A phone number as the Wallet API writes it: country code and number, digits alone (E.164 without the plus).
#[derive(Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Phone(String);

impl Phone {
    /// Reads a number. Blanks, dashes, brackets and one plus in front are forgiven.
    pub fn parse(typed: &str) -> Result<Self, PersonFault> {
        let typed = typed.trim();
        let rest = typed.strip_prefix('+').unwrap_or(typed);
        let digits: String = rest
            .chars()
            .filter(|character| !matches!(character, ' ' | '-' | '(' | ')'))
            .collect();
        let fits = (7..=15).contains(&digits.len())
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && !digits.starts_with('0');
        fits.then_some(Self(digits)).ok_or(PersonFault::Phone)
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As people write it, with the plus (E.164).
    pub fn international(&self) -> String {
        format!("+{}", self.0)
    }
}

impl<'de> Deserialize<'de> for Phone {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// Without the number.
impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Phone(..)")
    }
}

/// A postal address.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostalAddress {
    /// Two letters, lower case.
    pub country: String,
    /// Town.
    pub city: String,
    /// Street and house.
    pub street: String,
    /// Postal code.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub post_index: Option<String>,
}

impl PostalAddress {
    /// An address, checked.
    pub fn new(
        country: &str,
        city: &str,
        street: &str,
        post_index: Option<&str>,
    ) -> Result<Self, PersonFault> {
        Ok(Self {
            country: self::country(country)?,
            city: line(city)?,
            street: line(street)?,
            post_index: post_index.map(line).transpose()?,
        })
    }
}

/// Who somebody is in their papers.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Given names.
    pub name: String,
    /// Family name.
    pub surname: String,
    /// Two letters, lower case.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub nationality: Option<String>,
    /// The personal code of that country.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub code: Option<String>,
}

impl Identity {
    /// An identity, checked.
    pub fn new(
        name: &str,
        surname: &str,
        nationality: Option<&str>,
        code: Option<&str>,
    ) -> Result<Self, PersonFault> {
        let plain = |code: &str| {
            let fits = (1..=32).contains(&code.len())
                && code
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
            fits.then(|| code.to_owned()).ok_or(PersonFault::Code)
        };
        Ok(Self {
            name: line(name)?,
            surname: line(surname)?,
            nationality: nationality.map(country).transpose()?,
            code: code.map(plain).transpose()?,
        })
    }

    /// Name and surname alone.
    #[must_use]
    pub fn named(&self) -> Self {
        Self {
            name: self.name.clone(),
            surname: self.surname.clone(),
            nationality: None,
            code: None,
        }
    }
}

/// A politically exposed person (Directive (EU) 2015/849, Article 3(9)) that somebody is or is close to.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExposedPerson {
    /// Their name.
    pub name: String,
    /// What they are to the person: `self`, `spouse`, `child` ...
    pub relation: String,
    /// Their public functions.
    pub positions: Vec<String>,
}

/// What a bank knows of a person. Everything may be missing.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PersonalData {
    /// The phone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
    /// Somebody made sure that it is theirs. Only then is it told.
    pub phone_confirmed: bool,
    /// Where they live.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<PostalAddress>,
    /// Who they are in their papers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity>,
    /// When they were born.
    #[serde(skip_serializing_if = "Option::is_none", with = "day")]
    pub date_of_birth: Option<Date>,
    /// Their gender.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<Gender>,
    /// How well they were identified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<IdentificationLevel>,
    /// Politically exposed persons; none known when absent, none at all when empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exposed: Option<Vec<ExposedPerson>>,
}

impl PersonalData {
    /// The phone number, if it is known to be theirs.
    pub fn confirmed_phone(&self) -> Option<&Phone> {
        self.phone.as_ref().filter(|_| self.phone_confirmed)
    }
}

/// None of it belongs in a log.
macro_rules! hidden {
    ($($name:ident),*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    )*};
}

hidden!(PostalAddress, Identity, ExposedPerson, PersonalData);

fn country(code: &str) -> Result<String, PersonFault> {
    Country::parse(code)
        .map(|country| country.as_str().to_ascii_lowercase())
        .map_err(|_| PersonFault::Country)
}

pub(crate) fn line(text: &str) -> Result<String, PersonFault> {
    let fits = !text.is_empty()
        && text.trim() == text
        && text.chars().count() <= LONGEST_LINE
        && !text.chars().any(char::is_control);
    fits.then(|| text.to_owned()).ok_or(PersonFault::Line)
}

/// A day as `2026-11-22`.
mod day {
    use serde::{Deserialize as _, Deserializer, Serializer};

    use crate::time::Date;

    #[expect(clippy::ref_option, reason = "the signature that serde calls")]
    pub(super) fn serialize<S: Serializer>(
        day: &Option<Date>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match day {
            Some(day) => serializer.collect_str(day),
            None => serializer.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Date>, D::Error> {
        Option::<String>::deserialize(deserializer)?
            .map(|text| text.parse().map_err(serde::de::Error::custom))
            .transpose()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_phone_number_is_digits_with_the_country_code() {
        for typed in ["37061234567", "+370 612 34567", "+370-612-(34567)"] {
            assert_eq!(
                Phone::parse(typed).unwrap().as_str(),
                "37061234567",
                "{typed}"
            );
        }
        for wrong in [
            "",
            "861234567x",
            "0037061234567",
            "0612",
            "123456",
            "1234567890123456",
            "++370612345",
        ] {
            assert_eq!(Phone::parse(wrong), Err(PersonFault::Phone), "{wrong}");
        }
        assert_eq!(
            format!("{:?}", Phone::parse("37061234567").unwrap()),
            "Phone(..)"
        );
    }

    #[test]
    fn what_is_missing_is_left_out_and_reads_back() {
        let nothing = PersonalData::default();
        assert_eq!(
            serde_json::to_value(&nothing).unwrap(),
            json!({ "phone_confirmed": false })
        );
        let some = PersonalData {
            phone: Some(Phone::parse("37061234567").unwrap()),
            phone_confirmed: true,
            address: Some(PostalAddress::new("LT", "Vilnius", "Pilies g. 1", None).unwrap()),
            identity: Some(
                Identity::new("Ona", "Petrauskaitė", Some("LT"), Some("48001010000")).unwrap(),
            ),
            date_of_birth: "1980-01-01".parse().ok(),
            gender: Some(Gender::Female),
            level: Some(IdentificationLevel::FullyIdentified),
            exposed: Some(Vec::new()),
        };
        let written = serde_json::to_value(&some).unwrap();
        assert_eq!(
            written["address"],
            json!({ "country": "lt", "city": "Vilnius", "street": "Pilies g. 1" })
        );
        assert_eq!(written["date_of_birth"], "1980-01-01");
        assert_eq!(
            serde_json::from_value::<PersonalData>(written).unwrap(),
            some
        );
        assert_eq!(format!("{some:?}"), "PersonalData(..)");
    }

    #[test]
    fn names_addresses_and_codes_are_checked() {
        assert_eq!(
            PostalAddress::new("XX", "Vilnius", "Pilies g. 1", None),
            Err(PersonFault::Country)
        );
        assert_eq!(
            PostalAddress::new("lt", " Vilnius", "Pilies g. 1", None),
            Err(PersonFault::Line)
        );
        assert_eq!(
            PostalAddress::new("lt", "Vilnius", "Pilies\ng. 1", None),
            Err(PersonFault::Line)
        );
        assert_eq!(
            PostalAddress::new("lt", "Vilnius", "Pilies g. 1", Some("")),
            Err(PersonFault::Line)
        );
        assert_eq!(Identity::new("Ona", "", None, None), Err(PersonFault::Line));
        assert_eq!(
            Identity::new("Ona", "P", None, Some("4 8")),
            Err(PersonFault::Code)
        );
    }

    #[test]
    fn a_name_alone_says_nothing_of_papers() {
        let identity = Identity::new("Ona", "P", Some("lt"), Some("48001010000")).unwrap();
        let told = serde_json::to_value(identity.named()).unwrap();
        assert_eq!(told, json!({ "name": "Ona", "surname": "P" }));
    }
}
