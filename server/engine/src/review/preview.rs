//! The page that people would read if the case were approved as it stands.

use protocol::{
    authorization::{AppView, Purpose},
    client::Environment,
    locale::Locale,
    registration::{Submission, review::Stage},
    scope::{Cannot, Cluster, Scope},
    time::Timestamp,
};
use store::review_cases::CaseRecord;

use crate::interaction::Introduction;

/// What the consent page would say.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConsentPreview {
    /// The app, once for each place to which it sends people back.
    pub ways: Vec<AppView>,
    /// What it could do.
    pub can: Vec<Cluster>,
    /// What it could not do.
    pub cannot: Vec<Cannot>,
    /// The sentence that people have read since the last approval; none when the app was never let in.
    pub approved: Option<Purpose>,
}

impl ConsentPreview {
    /// The page in this language, of an app that is known since `since`.
    pub(super) fn of(case: &CaseRecord, since: Timestamp, locale: Locale) -> Self {
        let scope = scope(case);
        // What is not within the registration is never approved: then there is no app to introduce.
        let parts = case.submission.approved_client_parts(scope.clone(), since);
        let ways = parts.map(|parts| {
            let introduction = Introduction {
                name: &parts.name,
                profile: &parts.profile,
                since,
                environment: Environment::Live,
            };
            let mut hosts: Vec<&str> = Vec::new();
            for uri in &parts.redirect_uris {
                if !hosts.contains(&uri.host()) {
                    hosts.push(uri.host());
                }
            }
            let way = |host| introduction.to_people(host, locale);
            hosts.into_iter().map(way).collect()
        });
        Self {
            ways: ways.unwrap_or_default(),
            can: scope.clusters(None),
            cannot: scope.cannot(),
            approved: case
                .approved_before
                .as_ref()
                .and_then(|before| sentence(before, locale)),
        }
    }
}

/// The sentence that people read in this language: English where there is none.
fn sentence(submission: &Submission, locale: Locale) -> Option<Purpose> {
    [locale, Locale::En].into_iter().find_map(|locale| {
        let text = submission.purpose.sentences.get(&locale)?.clone();
        Some(Purpose { locale, text })
    })
}

/// What the app may ask for: as it was approved or proposed, otherwise as it is asked for.
fn scope(case: &CaseRecord) -> &Scope {
    match &case.stage {
        Stage::Approved { scope, .. } => scope,
        stage => stage
            .proposal()
            .map_or(&case.submission.permissions.scope, |proposal| {
                &proposal.scope
            }),
    }
}
