//! What a reviewer says about single fields.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Reason;
use crate::{
    registration::{Field, FieldChange},
    words::words,
};

words! {
    /// What is wrong with a field, in one word beside the reviewer's own.
    ChangeCode {
        /// People will not understand it.
        Unclear "unclear",
        /// Something is missing.
        Incomplete "incomplete",
        /// It does not agree with a register or another field.
        Mismatch "mismatch",
        /// It could not be verified.
        NotVerifiable "not_verifiable",
        /// It says more or something else than the app does.
        Misleading "misleading",
        /// The bank does not allow it.
        NotAllowed "not_allowed",
        /// Something else.
        Other "other",
    }
}

/// A change that is asked for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Change {
    /// What is wrong.
    pub code: ChangeCode,
    /// The reviewer's words.
    pub words: Reason,
    /// A value that would be accepted, as an example.
    pub example: Option<String>,
}

/// What a reviewer says about a field.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    /// It is fine.
    Ok,
    /// It must change.
    Change(Change),
}

/// The verdicts on a submission; a field without one was not looked at.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Verdicts(BTreeMap<Field, Verdict>);

impl Verdicts {
    /// The verdict on a field.
    pub fn get(&self, field: Field) -> Option<&Verdict> {
        self.0.get(&field)
    }

    /// The changes that are asked for, in the order of the pages.
    pub fn changes(&self) -> impl Iterator<Item = (Field, &Change)> {
        self.0.iter().filter_map(|(field, verdict)| match verdict {
            Verdict::Change(change) => Some((*field, change)),
            Verdict::Ok => None,
        })
    }

    /// Whether a change is asked for.
    pub fn has_changes(&self) -> bool {
        self.changes().next().is_some()
    }

    pub(super) fn set(&mut self, field: Field, verdict: Verdict) {
        self.0.insert(field, verdict);
    }

    /// A verdict was about a value: when that changed, nothing is known.
    pub(super) fn forget(&mut self, changes: &[FieldChange]) {
        for change in changes {
            self.0.remove(&change.field);
        }
    }
}
