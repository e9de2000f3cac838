//! Every fault has its code, its texts and its section.

use std::{collections::BTreeSet, mem::discriminant};

use super::*;

/// Does not compile when a variant was added; then add it to the examples and count it here.
fn kinds_of_page_faults(fault: &PageFault) -> usize {
    match fault {
        PageFault::Unreadable { .. }
        | PageFault::ClientIdMissing
        | PageFault::UnknownClient { .. }
        | PageFault::ClientSuspended { .. }
        | PageFault::RedirectUriMissing { .. }
        | PageFault::RedirectUriMismatch { .. }
        | PageFault::ParameterTwice { .. }
        | PageFault::SecretExposed
        | PageFault::MixedVocabulary { .. } => 9,
    }
}

/// As above.
fn kinds_of_authorize_errors(error: &AuthorizeError) -> usize {
    match error {
        AuthorizeError::ParameterTwice { .. }
        | AuthorizeError::StateMalformed
        | AuthorizeError::RequestNotSupported
        | AuthorizeError::RequestUriNotSupported
        | AuthorizeError::GrantNotAllowed
        | AuthorizeError::ChallengeMissing
        | AuthorizeError::ChallengeMethod
        | AuthorizeError::ChallengeMalformed(_)
        | AuthorizeError::ResponseTypeMissing
        | AuthorizeError::UnsupportedResponseType
        | AuthorizeError::UnsupportedResponseMode
        | AuthorizeError::ScopeMalformed(_)
        | AuthorizeError::ScopeMissing
        | AuthorizeError::ScopeNotApproved { .. }
        | AuthorizeError::AuthorizationDetails(_)
        | AuthorizeError::PaymentNotApproved
        | AuthorizeError::PendingTransfer(_)
        | AuthorizeError::TwoPayments
        | AuthorizeError::Consent(_)
        | AuthorizeError::PromptMalformed
        | AuthorizeError::TooLarge
        | AuthorizeError::Denied
        | AuthorizeError::InteractionExpired
        | AuthorizeError::NoEligibleAccount
        | AuthorizeError::LoginRequired
        | AuthorizeError::ConsentRequired
        | AuthorizeError::InteractionRequired
        | AuthorizeError::ServerError
        | AuthorizeError::TemporarilyUnavailable => 29,
    }
}

#[test]
fn the_examples_have_one_of_each_kind() {
    let pages = PageFault::examples();
    let slugs: BTreeSet<&str> = pages.iter().map(PageFault::slug).collect();
    assert_eq!(slugs.len(), kinds_of_page_faults(&pages[0]));
    let errors = AuthorizeError::examples();
    let kinds = errors.iter().filter(|error| {
        let same = errors
            .iter()
            .filter(|other| discriminant(*other) == discriminant(*error));
        same.count() == 1
    });
    assert_eq!(kinds.count(), kinds_of_authorize_errors(&errors[0]));
}

#[test]
fn every_page_fault_has_a_sentence_for_the_developer() {
    for fault in PageFault::examples() {
        let sentence = fault.developer();
        assert!(sentence.ends_with('.') && sentence.len() > 15, "{sentence}");
        assert_eq!(
            fault.anchor().replace('-', "_"),
            fault.slug().replace('-', "_")
        );
    }
}

#[test]
fn descriptions_stay_within_the_alphabet_of_rfc_6749_4_1_2_1() {
    let allowed = |byte: u8| matches!(byte, 0x20..=0x21 | 0x23..=0x5b | 0x5d..=0x7e);
    let long = AuthorizeError::ScopeNotApproved {
        token: "x".repeat(5_000),
    };
    for error in AuthorizeError::examples().into_iter().chain([long]) {
        let description = error.description();
        assert!(description.bytes().all(allowed), "{description}");
        assert!((10..=140).contains(&description.len()), "{description}");
        assert!(error.developer().ends_with('.'), "{error:?}");
    }
}
