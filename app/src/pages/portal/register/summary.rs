use engine::portal::{AppOverview, Place};
use leptos::prelude::*;
use protocol::{client::Environment, registration::review::Stage};

use crate::i18n::Texts;

/// On the page of an app: how far it is on the way to real money, and what is done next.
pub(crate) fn summary(t: Texts, app: &AppOverview) -> AnyView {
    let id = || app.id.clone();
    let setup = || (Place::Setup(id()), t.say("status-to-tasks"));
    let status = || (Place::Review(id()), t.say("register-to-status"));
    let (words, (place, link)) = match &app.stage {
        None | Some(Stage::Draft) => (
            t.say("register-start-lead"),
            (Place::Setup(id()), t.say("register-start")),
        ),
        Some(Stage::Sent { .. }) => (t.say("status-next-sent"), status()),
        Some(Stage::NeedsChange { .. }) => (t.say("status-next-change"), status()),
        Some(Stage::Approved { .. }) => (t.say("status-approved-text"), status()),
        Some(Stage::Rejected { .. }) => (t.say("status-rejected-text"), status()),
        Some(Stage::Withdrawn { .. }) => (t.say("status-withdrawn-text"), setup()),
    };
    let live = app.is_live.then(|| {
        let address = Place::Credentials(id(), Environment::Live).path();
        view! { <li><a href=address>{t.say("status-to-live")}</a></li> }
    });
    let (team, audit) = (
        Place::Team(Some(app.team.clone())).path(),
        Place::TeamAudit(Some(app.team.clone())).path(),
    );
    view! {
        <section class="d-block" aria-labelledby="register">
            <h2 id="register">{t.say("register-title")}</h2>
            <p>{words}</p>
            <ul role="list" class="d-badges">
                <li><a href=place.path()>{link}</a></li>
                {live}
                <li><a href=team>{t.say("portal-nav-team")}</a></li>
                <li><a href=audit>{t.say("team-audit-heading")}</a></li>
            </ul>
        </section>
    }
    .into_any()
}
