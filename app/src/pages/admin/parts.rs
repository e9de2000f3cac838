//! What several pages of the desk have in common.

use leptos::prelude::*;
use protocol::{
    registration::{Risk, RiskLevel, review::Stage},
    scope::Scope,
};

use crate::{
    components::{Badge, Machine, Shape},
    i18n::Texts,
    islands::DeskKeys,
};

/// What every form about a case sends along.
#[component]
pub(super) fn Ties(case: String, version: u32) -> AnyView {
    view! {
        <input type="hidden" name="case" value=case />
        <input type="hidden" name="version" value=version />
    }
    .into_any()
}

/// How close a look a case needs, as shape, word and colour.
pub(super) fn risk_badge(t: Texts, level: RiskLevel) -> AnyView {
    let (tone, shape) = match level {
        RiskLevel::Normal => ("ok", Shape::Check),
        RiskLevel::Raised => ("sandbox", Shape::Info),
        RiskLevel::High => ("warn", Shape::Warning),
    };
    view! { <Badge tone shape word=t.say(&format!("admin-word-risk-{level}")) /> }.into_any()
}

/// Where a case is.
pub(super) fn stage_badge(t: Texts, stage: &str) -> AnyView {
    let (tone, shape) = match stage {
        "approved" => ("ok", Shape::Check),
        "rejected" => ("warn", Shape::Cross),
        "needs_change" => ("warn", Shape::Warning),
        _ => ("sandbox", Shape::Info),
    };
    view! { <Badge tone shape word=t.say(&format!("admin-word-stage-{stage}")) /> }.into_any()
}

/// Why a closer look is needed.
pub(super) fn risk_reasons(t: Texts, risk: &Risk) -> Option<AnyView> {
    if risk.reasons.is_empty() {
        return None;
    }
    let reasons = risk
        .reasons
        .iter()
        .map(|reason| view! { <li>{t.say(reason.as_str())}</li> });
    Some(view! { <ul>{reasons.collect_view()}</ul> }.into_any())
}

/// Permissions, one beside the other.
pub(super) fn scope_words(scope: &Scope) -> AnyView {
    view! { <Machine words=scope.to_string() /> }.into_any()
}

/// Whether the desk can do something with a case.
pub(super) const fn is_with_us(stage: &Stage) -> bool {
    matches!(stage, Stage::Sent { .. })
}

/// The keys of a page of the desk, each with what it does (A2). They come with the browser's part; without
/// it there are none, and every one of their ways is on the page.
pub(super) fn keys(t: Texts, items: &str, keys: &[(&str, &str)]) -> AnyView {
    let keys = keys.iter();
    let keys = keys.map(|(key, words)| ((*key).to_owned(), t.say(words)));
    let items = items.to_owned();
    view! { <DeskKeys items keys=keys.collect() switch=t.say("admin-keys") /> }.into_any()
}
