//! Forms of the portal: what ties them to the browser, and what is left when one was not taken.

use std::collections::BTreeMap;

use protocol::{registration::Fault, time::Timestamp};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;

use super::{
    place::Place,
    session::{PortalAnswer, PortalVisit},
};
use crate::{Engine, seal::Purpose};

/// What a person typed, by the names of the fields. Never a password or a code.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Typed(BTreeMap<String, String>);

/// Longest text of one field that is kept, in characters.
const LONGEST_KEPT: usize = 4000;

/// Most rows of one field that are kept: those of the longest form and an empty one.
const MOST_ROWS: usize = 21;

/// Longest row that is kept, in characters.
const LONGEST_ROW: usize = 1000;

impl Typed {
    /// With this field.
    pub fn with(mut self, field: &str, value: &str) -> Self {
        let kept = value.chars().take(LONGEST_KEPT).collect();
        self.0.insert(field.to_owned(), kept);
        self
    }

    /// With the rows of a field that repeats, one a line.
    #[must_use]
    pub fn with_rows<'r>(mut self, field: &str, rows: impl IntoIterator<Item = &'r str>) -> Self {
        let rows = rows.into_iter().take(MOST_ROWS);
        let kept = rows.map(|row| row.chars().take(LONGEST_ROW).collect::<String>());
        let text = kept.collect::<Vec<_>>().join("\n");
        self.0.insert(field.to_owned(), text);
        self
    }

    /// Whether nothing is kept.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What stands in a field.
    pub fn get(&self, field: &str) -> &str {
        self.0.get(field).map_or("", String::as_str)
    }
}

/// Something to mend, or to know. Its words are the text `complaint-<what>` of the pages.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Complaint {
    /// The field that it is about, by name.
    pub field: Option<String>,
    /// What is wrong, as one word.
    pub what: String,
    /// Until when it is so, where that is known.
    pub until: Option<Timestamp>,
    /// A number that belongs to it, such as tries left.
    pub number: Option<u32>,
}

impl Complaint {
    /// About a field.
    pub fn about(field: &str, what: &str) -> Self {
        Self {
            field: Some(field.to_owned()),
            ..Self::general(what)
        }
    }

    /// About the whole form.
    pub fn general(what: &str) -> Self {
        Self {
            field: None,
            what: what.to_owned(),
            until: None,
            number: None,
        }
    }
}

/// What a form leaves for the next page: shown once.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Flash {
    /// The form whose page shows it.
    pub form: String,
    /// What was typed.
    #[serde(default)]
    pub typed: Typed,
    /// What is to be mended.
    #[serde(default)]
    pub complaints: Vec<Complaint>,
    /// What is to be mended in a task of a registration.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<Fault>,
    /// Something to know that is no mistake: the text `flash-<note>` of the pages.
    #[serde(default)]
    pub note: Option<String>,
}

impl Flash {
    /// Of a form that was not taken.
    pub fn refused(form: &str, typed: Typed, complaints: Vec<Complaint>) -> Self {
        Self {
            form: form.to_owned(),
            typed,
            complaints,
            ..Self::default()
        }
    }

    /// Of a task of a registration that was not taken.
    pub fn faulty(form: &str, typed: Typed, faults: Vec<Fault>) -> Self {
        Self {
            form: form.to_owned(),
            typed,
            faults,
            ..Self::default()
        }
    }

    /// Something to know.
    pub fn note(form: &str, note: &str, typed: Typed) -> Self {
        Self {
            form: form.to_owned(),
            typed,
            note: Some(note.to_owned()),
            ..Self::default()
        }
    }
}

/// The note of a form whose token was not of this browser or page.
pub const SEND_AGAIN: &str = "send-again";

impl Engine {
    /// The anti-forgery token of a form on a page of this browser.
    pub fn portal_form_token(&self, visit: &PortalVisit, form: &str) -> String {
        let digest = self.env.seal.digest(
            Purpose::FormToken,
            &[b"portal", &visit.session.binding, form.as_bytes()],
        );
        data_encoding::BASE64URL_NOPAD.encode(&digest)
    }

    /// Whether the form stood on a page of ours, in this browser.
    pub fn is_portal_form(&self, visit: &PortalVisit, form: &str, token: &str) -> bool {
        let expected = self.portal_form_token(visit, form);
        visit.same_origin && bool::from(expected.as_bytes().ct_eq(token.as_bytes()))
    }

    /// Back to the page of a form, with what is to be mended and what was typed.
    pub fn mend(
        &self,
        visit: &PortalVisit,
        page: &Place,
        form: &str,
        typed: Typed,
        complaints: Vec<Complaint>,
    ) -> PortalAnswer {
        self.leave(visit, page, Flash::refused(form, typed, complaints))
    }

    /// Back to the page of a form that is to be sent again, with what was typed.
    pub fn send_again(
        &self,
        visit: &PortalVisit,
        page: &Place,
        form: &str,
        typed: Typed,
    ) -> PortalAnswer {
        self.leave(visit, page, Flash::note(form, SEND_AGAIN, typed))
    }

    /// To a page that shows `flash` once, and from which the person goes on to `next`.
    pub(super) fn leave_on_the_way(
        &self,
        visit: &PortalVisit,
        page: &Place,
        next: &Place,
        flash: Flash,
    ) -> PortalAnswer {
        let mut answer = self.leave(visit, page, flash);
        if *next != Place::Home {
            answer.go = PortalAnswer::to_address(self.on_the_way_to(page, next)).go;
        }
        answer
    }

    /// To a page that shows `flash` once.
    pub fn leave(&self, visit: &PortalVisit, page: &Place, flash: Flash) -> PortalAnswer {
        let state = visit.state_with(|state| state.flash = Some(flash));
        PortalAnswer::to(page).remembering(state)
    }
}
