//! What people tell the bank about themselves when an app asks for it and the bank does not have it.
//!
//! A scope without the suffix `_optional` must not come to nothing because nobody ever asked the person: they are
//! asked on the way. A person's own word is enough for the details listed here. It is not enough for an e-mail
//! address or a phone number, which somebody must make sure of, nor for a personal code.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    person::{ExposedPerson, Identity, PersonalData, PostalAddress},
    registration::Country,
    scope::{Cluster, Personal, Scope},
    time::Date,
    words::words,
};

words! {
    /// A detail that a person can tell.
    Detail {
        /// Name and surname.
        FullName "full_name",
        /// The date of birth.
        DateOfBirth "date_of_birth",
        /// The gender in the person's papers.
        Gender "gender",
        /// The postal address.
        Address "address",
        /// Whether the person or somebody close to them is a politically exposed person.
        ExposedPersons "exposed_persons",
    }

    /// What a politically exposed person is to the person who tells.
    Relation {
        /// The person themselves.
        Oneself "self",
        /// Married or living together.
        Spouse "spouse",
        /// Father or mother.
        Parent "parent",
        /// Son or daughter.
        Child "child",
        /// In business together.
        Associate "associate",
    }
}

impl Detail {
    /// What is told when an app asks for `what`.
    pub const fn behind(what: Personal) -> Option<Self> {
        match what {
            Personal::FullName | Personal::Identity => Some(Self::FullName),
            Personal::DateOfBirth => Some(Self::DateOfBirth),
            Personal::Gender => Some(Self::Gender),
            Personal::Address => Some(Self::Address),
            Personal::ExposedPersons => Some(Self::ExposedPersons),
            _ => None,
        }
    }

    /// What the consent page lists for it.
    pub const fn cluster(self) -> Cluster {
        match self {
            Self::FullName => Cluster::FullName,
            Self::DateOfBirth => Cluster::DateOfBirth,
            Self::Gender => Cluster::Gender,
            Self::Address => Cluster::Address,
            Self::ExposedPersons => Cluster::ExposedPersons,
        }
    }

    /// Whether the bank has it.
    pub const fn is_in(self, data: &PersonalData) -> bool {
        match self {
            Self::FullName => data.identity.is_some(),
            Self::DateOfBirth => data.date_of_birth.is_some(),
            Self::Gender => data.gender.is_some(),
            Self::Address => data.address.is_some(),
            Self::ExposedPersons => data.exposed.is_some(),
        }
    }

    /// What `scope` needs, the app cannot do without, and the bank does not have; in the order of the page.
    pub fn missing(scope: &Scope, data: &PersonalData) -> Vec<Self> {
        let needed: Vec<Self> = scope
            .personal()
            .filter(|personal| !personal.optional)
            .filter_map(|personal| Self::behind(personal.what))
            .collect();
        let is_missing = |detail: &Self| needed.contains(detail) && !detail.is_in(data);
        Self::ALL.iter().copied().filter(is_missing).collect()
    }
}

/// The fields of the page, as typed. A field that the page did not have is empty.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Declaration {
    /// Given names.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// The day of birth, `1980-01-31`.
    pub birth_date: String,
    /// A word of [`Gender`](crate::person::Gender).
    pub gender: String,
    /// Two letters of ISO 3166-1.
    pub country: String,
    /// Town.
    pub city: String,
    /// Street and house.
    pub street: String,
    /// Postal code; may stay empty where there are none.
    pub post_index: String,
    /// `no` or `yes`: whether there is a politically exposed person.
    pub exposed: String,
    /// Their name.
    pub exposed_name: String,
    /// A word of [`Relation`].
    pub exposed_relation: String,
    /// Their public function.
    pub exposed_position: String,
}

/// Without what was typed.
impl fmt::Debug for Declaration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Declaration(..)")
    }
}

impl Declaration {
    /// Puts the `wanted` details into `data`, all of them or none.
    ///
    /// # Errors
    /// The names of the fields that are to be mended, in the order of the page. `today` is the last day on
    /// which somebody can be born.
    pub fn fill(
        &self,
        wanted: &[Detail],
        data: &PersonalData,
        today: Date,
    ) -> Result<PersonalData, Vec<&'static str>> {
        let mut filled = data.clone();
        let mut faults = Vec::new();
        for detail in wanted {
            match detail {
                Detail::FullName => {
                    let told = self.identity(&mut faults);
                    filled.identity = filled.identity.or(told);
                }
                Detail::DateOfBirth => {
                    let told = self.birth_date(today, &mut faults);
                    filled.date_of_birth = filled.date_of_birth.or(told);
                }
                Detail::Gender => {
                    let told = self.gender.parse().ok();
                    faults.extend(told.is_none().then_some("gender"));
                    filled.gender = filled.gender.or(told);
                }
                Detail::Address => {
                    let told = self.address(&mut faults);
                    filled.address = filled.address.or(told);
                }
                Detail::ExposedPersons => {
                    let told = self.exposed(&mut faults);
                    filled.exposed = filled.exposed.or(told);
                }
            }
        }
        if faults.is_empty() {
            Ok(filled)
        } else {
            Err(faults)
        }
    }

    /// The fields by their names in the form.
    pub fn fields(&self) -> [(&'static str, &str); 12] {
        [
            ("given_name", self.given_name.as_str()),
            ("family_name", self.family_name.as_str()),
            ("birth_date", self.birth_date.as_str()),
            ("gender", self.gender.as_str()),
            ("country", self.country.as_str()),
            ("city", self.city.as_str()),
            ("street", self.street.as_str()),
            ("post_index", self.post_index.as_str()),
            ("exposed", self.exposed.as_str()),
            ("exposed_name", self.exposed_name.as_str()),
            ("exposed_relation", self.exposed_relation.as_str()),
            ("exposed_position", self.exposed_position.as_str()),
        ]
    }

    /// The field with this name in the form.
    pub fn field_mut(&mut self, name: &str) -> Option<&mut String> {
        Some(match name {
            "given_name" => &mut self.given_name,
            "family_name" => &mut self.family_name,
            "birth_date" => &mut self.birth_date,
            "gender" => &mut self.gender,
            "country" => &mut self.country,
            "city" => &mut self.city,
            "street" => &mut self.street,
            "post_index" => &mut self.post_index,
            "exposed" => &mut self.exposed,
            "exposed_name" => &mut self.exposed_name,
            "exposed_relation" => &mut self.exposed_relation,
            "exposed_position" => &mut self.exposed_position,
            _ => return None,
        })
    }

    fn identity(&self, faults: &mut Vec<&'static str>) -> Option<Identity> {
        let given = line(&self.given_name, "given_name", faults);
        let family = line(&self.family_name, "family_name", faults);
        Identity::new(given?, family?, None, None).ok()
    }

    fn birth_date(&self, today: Date, faults: &mut Vec<&'static str>) -> Option<Date> {
        let earliest = Date::new(1880, 1, 1)?;
        let told: Option<Date> = self.birth_date.trim().parse().ok();
        let told = told.filter(|day| (earliest..=today).contains(day));
        faults.extend(told.is_none().then_some("birth_date"));
        told
    }

    fn address(&self, faults: &mut Vec<&'static str>) -> Option<PostalAddress> {
        let country = Country::parse(self.country.trim()).ok();
        faults.extend(country.is_none().then_some("country"));
        let city = line(&self.city, "city", faults);
        let street = line(&self.street, "street", faults);
        let index = self.post_index.trim();
        let may_be_empty = country.as_ref().is_some_and(|known| !known.has_postcodes());
        let index = if index.is_empty() && may_be_empty {
            None
        } else {
            Some(line(index, "post_index", faults)?)
        };
        PostalAddress::new(country?.as_str(), city?, street?, index).ok()
    }

    fn exposed(&self, faults: &mut Vec<&'static str>) -> Option<Vec<ExposedPerson>> {
        match self.exposed.as_str() {
            "no" => Some(Vec::new()),
            "yes" => {
                let name = line(&self.exposed_name, "exposed_name", faults);
                let relation: Option<Relation> = self.exposed_relation.parse().ok();
                faults.extend(relation.is_none().then_some("exposed_relation"));
                let position = line(&self.exposed_position, "exposed_position", faults);
                Some(vec![ExposedPerson {
                    name: name?.to_owned(),
                    relation: relation?.as_str().to_owned(),
                    positions: vec![position?.to_owned()],
                }])
            }
            _ => {
                faults.push("exposed");
                None
            }
        }
    }
}

/// One line without the blanks at its ends; otherwise its field is to be mended.
fn line<'a>(
    typed: &'a str,
    field: &'static str,
    faults: &mut Vec<&'static str>,
) -> Option<&'a str> {
    let told = crate::person::line(typed.trim()).is_ok();
    faults.extend((!told).then_some(field));
    told.then(|| typed.trim())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::person::Gender;

    fn today() -> Date {
        Date::new(2026, 11, 28).expect("a day")
    }

    fn scope(text: &str) -> Scope {
        Scope::parse(text).expect("a scope")
    }

    fn whole() -> Declaration {
        Declaration {
            given_name: " Ona ".to_owned(),
            family_name: "Petrauskaitė".to_owned(),
            birth_date: "1980-01-31".to_owned(),
            gender: "female".to_owned(),
            country: "lt".to_owned(),
            city: "Vilnius".to_owned(),
            street: "Pilies g. 1".to_owned(),
            post_index: "01123".to_owned(),
            exposed: "no".to_owned(),
            ..Declaration::default()
        }
    }

    #[test]
    fn asked_for_is_what_is_not_there_and_cannot_be_done_without() {
        let nothing = PersonalData::default();
        let missing = |text: &str, data: &PersonalData| Detail::missing(&scope(text), data);
        assert_eq!(
            missing("address dob identity full_name", &nothing),
            [Detail::FullName, Detail::DateOfBirth, Detail::Address]
        );
        assert_eq!(missing("gender_offline pep", &nothing).len(), 2);
        for at_ease in [
            "address_optional dob_offline_optional",
            "email phone user_info identification_level",
            "balance statements",
        ] {
            assert_eq!(missing(at_ease, &nothing), [], "{at_ease}");
        }
        let known = whole().fill(Detail::ALL, &nothing, today()).expect("whole");
        assert_eq!(missing("address dob identity gender pep", &known), []);
    }

    #[test]
    fn what_is_told_is_taken_as_it_is_meant() {
        let known = PersonalData {
            gender: Some(Gender::Male),
            phone_confirmed: true,
            ..PersonalData::default()
        };
        let filled = whole().fill(Detail::ALL, &known, today()).expect("whole");
        let name = filled.identity.expect("a name");
        assert_eq!((name.name.as_str(), name.code), ("Ona", None));
        assert_eq!(filled.address.expect("an address").country, "lt");
        assert_eq!(filled.exposed, Some(Vec::new()));
        // What the bank knows stays, and nobody is better identified by their own word.
        assert_eq!(filled.gender, Some(Gender::Male));
        assert!(filled.phone_confirmed && filled.level.is_none());
        let alone = Declaration::default().fill(&[], &known, today());
        assert_eq!(alone, Ok(known));
    }

    #[test]
    fn all_that_is_to_be_mended_is_named_in_the_order_of_the_page() {
        let fill = |told: &Declaration, wanted: &[Detail]| {
            told.fill(wanted, &PersonalData::default(), today())
                .expect_err("a fault")
        };
        assert_eq!(
            fill(&Declaration::default(), Detail::ALL),
            [
                "given_name",
                "family_name",
                "birth_date",
                "gender",
                "country",
                "city",
                "street",
                "post_index",
                "exposed"
            ]
        );
        for day in ["", "2026-11-29", "1879-12-31", "1980-02-30", "31.01.1980"] {
            let told = Declaration {
                birth_date: day.to_owned(),
                ..whole()
            };
            assert_eq!(fill(&told, Detail::ALL), ["birth_date"], "{day}");
        }
        let told = Declaration {
            exposed: "yes".to_owned(),
            exposed_relation: "friend".to_owned(),
            city: "a\nb".to_owned(),
            street: "x".repeat(101),
            ..whole()
        };
        assert_eq!(
            fill(&told, Detail::ALL),
            [
                "city",
                "street",
                "exposed_name",
                "exposed_relation",
                "exposed_position"
            ]
        );
    }

    #[test]
    fn a_country_without_postal_codes_needs_none() {
        let told = |country: &str| Declaration {
            country: country.to_owned(),
            post_index: String::new(),
            ..whole()
        };
        let fill =
            |told: Declaration| told.fill(&[Detail::Address], &PersonalData::default(), today());
        let filled = fill(told("AE")).expect("no code");
        assert_eq!(filled.address.expect("an address").post_index, None);
        assert_eq!(fill(told("LT")), Err(vec!["post_index"]));
    }

    #[test]
    fn an_exposed_person_is_named_with_office_and_relation() {
        let told = Declaration {
            exposed: "yes".to_owned(),
            exposed_name: "Jonas Petrauskas".to_owned(),
            exposed_relation: "spouse".to_owned(),
            exposed_position: "Minister".to_owned(),
            ..Declaration::default()
        };
        let filled = told.fill(&[Detail::ExposedPersons], &PersonalData::default(), today());
        let exposed = filled.expect("whole").exposed.expect("told");
        assert_eq!(exposed[0].relation, "spouse");
        assert_eq!(exposed[0].positions, ["Minister"]);
    }

    #[test]
    fn every_field_has_its_name() {
        let mut told = Declaration::default();
        for (name, _) in Declaration::default().fields() {
            name.clone_into(told.field_mut(name).expect(name));
        }
        assert!(told.fields().iter().all(|(name, typed)| name == typed));
        assert_eq!(told.field_mut("account"), None);
        assert_eq!(format!("{:?}", whole()), "Declaration(..)");
    }
}
