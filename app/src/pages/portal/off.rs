use engine::review::Suspension;
use leptos::prelude::*;

use crate::{
    components::{Fact, Icon, Machine, Shape, minute},
    i18n::Texts,
};

/// That the bank switched off a client of an app (D8): since when, why, what became of what people
/// allowed, and what still works.
#[component]
pub(super) fn SwitchedOff(
    /// The texts.
    t: Texts,
    /// The clients that are off.
    suspensions: Vec<Suspension>,
) -> AnyView {
    let one = |suspension: Suspension| {
        let environment = suspension.environment.as_str();
        let heading = t.say(&format!("off-heading-{environment}"));
        let since = suspension.since.map(|since| {
            view! { <Fact label=t.say("client-off-since")>{minute(t, since)}</Fact> }
        });
        let code = suspension.code.map(|code| {
            let words = t.say(&format!("admin-word-suspend-{code}"));
            view! { <Fact label=t.say("suspend-why")>{words}</Fact> }
        });
        let reason = suspension.reason.map(|reason| {
            view! {
                <Fact label=t.say("suspend-reason")>
                    <bdi class="d-answer">{reason}</bdi>
                </Fact>
            }
        });
        let mode = t.say(&format!("admin-word-mode-{}", suspension.mode));
        let id = format!("off-{environment}");
        let labelled = id.clone();
        view! {
            <section class="c-summary" aria-labelledby=labelled>
                <h2 class="c-summary__title" id=id>
                    <Icon shape=Shape::Warning />
                    {heading}
                </h2>
                <dl class="c-facts">
                    <Fact label=t.say("app-client-id")>
                        <Machine words=suspension.client.to_string() />
                    </Fact>
                    {since}
                    {code}
                    {reason}
                    <Fact label=t.say("client-permissions")>{mode}</Fact>
                </dl>
                <p>{t.say("off-works")}</p>
            </section>
        }
    };
    suspensions.into_iter().map(one).collect_view().into_any()
}
