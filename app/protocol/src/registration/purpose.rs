//! Task "purpose of use": what the app is for, in words for people and in words for reviewers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    faults::Faults,
    field::{Field, Task},
    reader::Reader,
};
use crate::{form::RawForm, locale::Locale, words::words};

words! {
    /// Who uses the app.
    Audience {
        /// Private persons.
        People "people",
        /// Businesses.
        Businesses "businesses",
        /// Both.
        Both "both",
        /// Only the business's own staff.
        OwnStaff "own_staff",
    }
}

/// The fewest characters of the sentence that people read.
pub(super) const SHORTEST: usize = 30;
/// The most characters of the sentence that people read.
pub(super) const LONGEST: usize = 140;

/// Purpose of use, accepted.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Purpose {
    /// Who uses the app.
    pub audience: Audience,
    /// The sentence on the consent page; English is always there.
    pub sentences: BTreeMap<Locale, String>,
    /// What the app does, for reviewers.
    pub description: String,
    /// How long data is kept.
    pub retention: String,
    /// With whom data is shared.
    pub shared_with: String,
}

impl Purpose {
    /// Reads the form.
    pub fn parse(form: &RawForm) -> Result<Self, Faults> {
        let mut form = Reader::new(form, Task::Purpose);
        let audience = form.choice(Field::Audience);
        let english = form.line(Field::PurposeEn, SHORTEST, LONGEST);
        let lithuanian = form.optional_line(Field::PurposeLt, SHORTEST, LONGEST);
        let russian = form.optional_line(Field::PurposeRu, SHORTEST, LONGEST);
        let description = form.text(Field::Description, 30, 4_000);
        let retention = form.line(Field::Retention, 2, 200);
        let shared_with = form.text(Field::SharedWith, 2, 1_000);
        let draft = || {
            let sentences = [
                (Locale::En, Some(english?)),
                (Locale::Lt, lithuanian),
                (Locale::Ru, russian),
            ];
            let given = |(locale, sentence): (_, Option<String>)| Some((locale, sentence?));
            Some(Self {
                audience: audience?,
                sentences: sentences.into_iter().filter_map(given).collect(),
                description: description?,
                retention: retention?,
                shared_with: shared_with?,
            })
        };
        form.finish(draft())
    }

    pub(super) fn value(&self, field: Field) -> Option<String> {
        let sentence = |locale| self.sentences.get(&locale).cloned();
        match field {
            Field::Audience => Some(self.audience.to_string()),
            Field::PurposeEn => sentence(Locale::En),
            Field::PurposeLt => sentence(Locale::Lt),
            Field::PurposeRu => sentence(Locale::Ru),
            Field::Description => Some(self.description.clone()),
            Field::Retention => Some(self.retention.clone()),
            Field::SharedWith => Some(self.shared_with.clone()),
            _ => None,
        }
    }
}
