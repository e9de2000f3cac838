//! Every error that a program can be told, by its section in the docs: what `error_uri` points at.
//!
//! Made by walking the enums of the faults, so that the page and the answers cannot drift apart.

use crate::{
    api_error::ApiErrorCode,
    authorize::{AuthorizeError, PageFault},
    token::{TokenError, TokenErrorCode},
};

/// Path of the page with the sections.
pub const PATH: &str = "/developers/errors";

/// Where an error is told.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Told {
    /// On a page of ours, status 400: client or address are not trusted.
    OnPage,
    /// To the client, by a redirect to its address (RFC 6749 §4.1.2.1).
    ByRedirect,
    /// In the answer of the token, revocation and introspection endpoints (RFC 6749 §5.2).
    ByTokenEndpoint,
    /// In the answer of a resource (RFC 6750 §3).
    ByResource,
}

impl Told {
    /// All of them, in the order of a flow.
    pub const ALL: [Self; 4] = [
        Self::OnPage,
        Self::ByRedirect,
        Self::ByTokenEndpoint,
        Self::ByResource,
    ];
}

/// One error in one place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Case {
    /// Where it is told.
    pub told: Told,
    /// The word in `error`.
    pub code: &'static str,
    /// The HTTP statuses it comes with; none for a redirect.
    pub statuses: Vec<u16>,
    /// `error_description`, when it is always the same or nearly so.
    pub description: Option<String>,
    /// What it means and what to do, in English.
    pub developer: String,
}

/// A section: all cases with one anchor.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Section {
    /// The fragment of `error_uri`.
    pub anchor: &'static str,
    /// What it explains; at least one.
    pub cases: Vec<Case>,
}

impl Section {
    /// Where its first case is told.
    pub fn told(&self) -> Option<Told> {
        self.cases.first().map(|case| case.told)
    }
}

/// All sections, in the order in which a flow can meet them.
pub fn sections() -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for (anchor, case) in cases() {
        match sections.iter_mut().find(|known| known.anchor == anchor) {
            Some(known) => known.cases.push(case),
            None => sections.push(Section {
                anchor,
                cases: vec![case],
            }),
        }
    }
    sections
}

/// Whether the docs have a section with this anchor.
pub fn explains(anchor: &str) -> bool {
    cases().any(|(known, _)| known == anchor)
}

fn cases() -> impl Iterator<Item = (&'static str, Case)> {
    let pages = PageFault::examples().into_iter().map(of_page);
    let redirects = AuthorizeError::examples().into_iter().map(of_redirect);
    let tokens = TokenErrorCode::ALL.into_iter().map(of_token_endpoint);
    let resources = ApiErrorCode::ALL.into_iter().map(of_resource);
    pages.chain(redirects).chain(tokens).chain(resources)
}

fn of_page(fault: PageFault) -> (&'static str, Case) {
    let case = Case {
        told: Told::OnPage,
        code: fault.code(),
        statuses: vec![400],
        description: None,
        developer: fault.developer(),
    };
    (fault.anchor(), case)
}

fn of_redirect(error: AuthorizeError) -> (&'static str, Case) {
    let case = Case {
        told: Told::ByRedirect,
        code: error.code(),
        statuses: Vec::new(),
        description: Some(error.description()),
        developer: error.developer(),
    };
    (error.anchor(), case)
}

fn of_token_endpoint(code: TokenErrorCode) -> (&'static str, Case) {
    // The one code that never says which of its causes it was.
    let description = match code {
        TokenErrorCode::InvalidClient => {
            Some(TokenError::invalid_client().description.into_owned())
        }
        _ => None,
    };
    let case = Case {
        told: Told::ByTokenEndpoint,
        code: code.as_str(),
        statuses: vec![code.status()],
        description,
        developer: code.developer().to_owned(),
    };
    (code.anchor(), case)
}

fn of_resource(code: ApiErrorCode) -> (&'static str, Case) {
    let case = Case {
        told: Told::ByResource,
        code: code.as_str(),
        statuses: code.statuses().to_vec(),
        description: None,
        developer: code.developer().to_owned(),
    };
    (code.anchor(), case)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_anchor_stands_once_and_can_be_a_fragment() {
        let sections = sections();
        let anchors: BTreeSet<&str> = sections.iter().map(|section| section.anchor).collect();
        assert_eq!(anchors.len(), sections.len());
        for anchor in anchors {
            let allowed = |byte: u8| byte.is_ascii_lowercase() || byte == b'-';
            assert!(anchor.bytes().all(allowed), "{anchor}");
            assert!(explains(anchor));
        }
        assert!(!explains("") && !explains("nothing"));
    }

    #[test]
    fn every_case_says_what_it_means() {
        for section in sections() {
            assert!(section.told().is_some());
            for case in section.cases {
                assert!(
                    case.developer.ends_with('.') && case.developer.len() > 15,
                    "{case:?}"
                );
                let by_redirect = case.told == Told::ByRedirect;
                assert_eq!(case.statuses.is_empty(), by_redirect, "{case:?}");
            }
        }
    }
}
