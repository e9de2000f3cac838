//! The checks that need nobody outside.

use super::{CheckKind, CheckOutcome, Finding, Said};
use crate::registration::{
    Submission, hygiene, licence, purpose_rules,
    similarity::{Likeness, is_mixed_script, looks_like},
};

/// Outcome and findings of a check that needs nothing but the submission and the names of other
/// teams' apps; `None` for one that has to ask somebody outside.
pub fn local<S: AsRef<str>>(
    kind: CheckKind,
    submission: &Submission,
    other_names: &[S],
) -> Option<(CheckOutcome, Vec<Finding>)> {
    let found = match kind {
        CheckKind::CallbackHygiene => callback_hygiene(submission),
        CheckKind::NameSimilarity => name_similarity(submission, other_names),
        CheckKind::ScopeLicence => scope_licence(submission),
        CheckKind::ScopePurpose => scope_purpose(submission),
        // An app on a device has no server behind its callbacks.
        CheckKind::CallbackTls if !submission.callbacks.have_servers() => {
            vec![(CheckOutcome::Pass, Finding::of(Said::NoServers))]
        }
        CheckKind::DomainProof
        | CheckKind::WebsiteTls
        | CheckKind::CallbackTls
        | CheckKind::PolicyPages => return None,
    };
    // A list of findings is as bad as its worst.
    let worst = found.iter().map(|(outcome, _)| *outcome).max();
    let findings = found.into_iter().map(|(_, finding)| finding).collect();
    Some((worst.unwrap_or(CheckOutcome::Pass), findings))
}

type Found = Vec<(CheckOutcome, Finding)>;

fn callback_hygiene(submission: &Submission) -> Found {
    let domain = submission.website.domain();
    hygiene::warnings(&submission.callbacks.redirect_uris, &domain)
        .iter()
        .map(|warning| {
            let uri = ("uri", warning.uri.as_str());
            let other = warning.other.as_deref().map(|other| ("other", other));
            let finding = Finding::new(warning.kind.as_str(), [uri].into_iter().chain(other));
            (CheckOutcome::Warn, finding)
        })
        .collect()
}

fn name_similarity<S: AsRef<str>>(submission: &Submission, other_names: &[S]) -> Found {
    let name = submission.look.app_name.as_str();
    let mut found = Found::new();
    if is_mixed_script(name) {
        let finding = Finding::new("name-mixed-script", [("name", name)]);
        found.push((CheckOutcome::Warn, finding));
    }
    for other in other_names.iter().map(AsRef::as_ref) {
        let (outcome, key) = match looks_like(name, other) {
            Some(Likeness::Same) => (CheckOutcome::Fail, "name-same"),
            Some(Likeness::Near) => (CheckOutcome::Warn, "name-near"),
            None => continue,
        };
        found.push((
            outcome,
            Finding::new(key, [("name", name), ("other", other)]),
        ));
    }
    found
}

fn scope_licence(submission: &Submission) -> Found {
    let held = submission.business.licence_kind();
    licence::unlicensed(&submission.permissions.scope, held)
        .iter()
        .map(|token| {
            let variables = [("scope", token.as_str()), ("licence", held.as_str())];
            (
                CheckOutcome::Fail,
                Finding::new("scope-unlicensed", variables),
            )
        })
        .collect()
}

fn scope_purpose(submission: &Submission) -> Found {
    purpose_rules::remarks(&submission.purpose, &submission.permissions.scope)
        .iter()
        .map(|remark| (CheckOutcome::Warn, Finding::new(remark.as_str(), [])))
        .collect()
}
