//! The steps of an authorization.

use axum::response::Response;
use engine::{
    Engine,
    visit::{Answer, Go, Proof, Visit},
};
use leptos::prelude::*;
use protocol::{
    authorization::Step,
    ids::{AccountId, AuthorizationId},
};
use serde::Deserialize;

use super::{DetailsFields, Form, SecretField, context};
use crate::{
    answer::{Cookies, respond},
    problem::Problem,
    visitor,
};

/// The query of the page that asks for a recovery code.
pub const RECOVERY: &str = "?recovery=1";

/// What the pressed button says (field `decision`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Let the app do it.
    Allow,
    /// It is me.
    Confirm,
    /// Cancel and go back to the app.
    Deny,
}

/// What the page is asked to do with its ticks (field `do`). Comes from a button before all others,
/// so that Enter in a list of accounts never allows anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Do {
    /// Keep them and show the page again.
    Recalculate,
    /// Tick all.
    All,
    /// Tick none.
    None,
}

/// The page that is due. `recovery` asks for the form that takes a recovery code.
pub async fn step(interaction: AuthorizationId, recovery: bool) -> Step {
    let (engine, visit) = visited(interaction);
    engine.step(&visit, recovery).await
}

/// Sign in (U1).
#[server(prefix = "/api", endpoint = "authorize/login", protocol = Form, input_derive = (Deserialize,))]
pub async fn log_in(
    interaction: AuthorizationId,
    form_token: String,
    #[server(default)] username: String,
    #[server(default)] password: SecretField,
    #[server(default)] decision: Option<Decision>,
) -> Result<Response, Problem> {
    let (engine, visit) = visited(interaction);
    answered(
        &visit,
        match decision {
            Some(Decision::Deny) => engine.deny(&visit, &form_token).await,
            _ => {
                engine
                    .log_in(&visit, &form_token, &username, password.expose())
                    .await
            }
        },
    )
}

/// Allow or cancel, with the ticked accounts (U3). Without a decision the ticks are kept.
#[server(prefix = "/api", endpoint = "authorize/consent", protocol = Form, input_derive = (Deserialize,))]
pub async fn consent(
    interaction: AuthorizationId,
    form_token: String,
    #[server(default)] account: Vec<AccountId>,
    #[server(default)] decision: Option<Decision>,
    #[server(default)]
    #[server(rename = "do")]
    instead: Option<Do>,
) -> Result<Response, Problem> {
    let (engine, visit) = visited(interaction);
    answered(
        &visit,
        match (decision, instead) {
            (Some(Decision::Deny), _) => engine.deny(&visit, &form_token).await,
            (Some(Decision::Allow), None) => engine.consent(&visit, &form_token, account).await,
            (_, Some(Do::All)) => {
                engine
                    .recalculate(&visit, &form_token, offered(&engine, &visit).await)
                    .await
            }
            (_, Some(Do::None)) => engine.recalculate(&visit, &form_token, Vec::new()).await,
            _ => engine.recalculate(&visit, &form_token, account).await,
        },
    )
}

/// Strong customer authentication (U2, U4): the code of the app, or a recovery code.
#[server(prefix = "/api", endpoint = "authorize/confirm", protocol = Form, input_derive = (Deserialize,))]
pub async fn confirm(
    interaction: AuthorizationId,
    form_token: String,
    #[server(default)] code: Option<SecretField>,
    #[server(default)] recovery_code: Option<SecretField>,
    #[server(default)] decision: Option<Decision>,
) -> Result<Response, Problem> {
    let (engine, visit) = visited(interaction);
    if decision == Some(Decision::Deny) {
        return answered(&visit, engine.deny(&visit, &form_token).await);
    }
    let (proof, query) = match (code, recovery_code) {
        (None, Some(typed)) => (Proof::RecoveryCode(typed.into_inner()), RECOVERY),
        (typed, _) => (Proof::Code(typed.unwrap_or_default().into_inner()), ""),
    };
    let answer = engine.confirm(&visit, &form_token, proof).await;
    Ok(respond(answer, &visit.interaction, query, cookies(&engine)))
}

/// What the app needs and the bank does not have. Without a decision the page is shown again.
#[server(prefix = "/api", endpoint = "authorize/details", protocol = Form, input_derive = (Deserialize,))]
pub async fn details(
    interaction: AuthorizationId,
    form_token: String,
    #[server(flatten)] fields: DetailsFields,
) -> Result<Response, Problem> {
    let (engine, visit) = visited(interaction);
    answered(
        &visit,
        match fields.decision {
            Some(Decision::Deny) => engine.deny(&visit, &form_token).await,
            Some(Decision::Allow) => engine.tell_details(&visit, &form_token, fields.told).await,
            _ => Answer::go(Go::Step(visit.interaction.clone())),
        },
    )
}

/// Which account pays (second page of U4). Without a decision the page is shown again.
#[server(prefix = "/api", endpoint = "authorize/pay_from", protocol = Form, input_derive = (Deserialize,))]
pub async fn pay_from(
    interaction: AuthorizationId,
    form_token: String,
    #[server(default)] account: Option<AccountId>,
    #[server(default)] decision: Option<Decision>,
    #[server(default)]
    #[server(rename = "do")]
    instead: Option<Do>,
) -> Result<Response, Problem> {
    let (engine, visit) = visited(interaction);
    answered(
        &visit,
        match (decision, instead) {
            (Some(Decision::Deny), _) => engine.deny(&visit, &form_token).await,
            (Some(Decision::Allow), None) => engine.pay_from(&visit, &form_token, account).await,
            _ => Answer::go(Go::Step(visit.interaction.clone())),
        },
    )
}

/// More time, please (RTS article 4(3)(d): five minutes without activity).
#[server(prefix = "/api", endpoint = "authorize/stay", protocol = Form, input_derive = (Deserialize,))]
pub async fn stay(interaction: AuthorizationId, form_token: String) -> Result<Response, Problem> {
    let (engine, visit) = visited(interaction);
    answered(&visit, engine.stay(&visit, &form_token).await)
}

fn visited(interaction: AuthorizationId) -> (Engine, Visit) {
    let (engine, parts) = context();
    let visit = visitor::visit(&engine, &parts, interaction);
    (engine, visit)
}

/// The accounts that can be ticked.
async fn offered(engine: &Engine, visit: &Visit) -> Vec<AccountId> {
    let Step::Consent(view) = engine.step(visit, false).await else {
        return Vec::new();
    };
    let eligible = view
        .accounts
        .into_iter()
        .filter(|account| account.ineligible.is_none());
    eligible.map(|account| account.id).collect()
}

fn answered(visit: &Visit, answer: Answer) -> Result<Response, Problem> {
    Ok(respond(
        answer,
        &visit.interaction,
        "",
        cookies(&expect_context::<Engine>()),
    ))
}

pub(super) fn cookies(engine: &Engine) -> Cookies {
    if engine.env().settings.is_https() {
        Cookies::Secure
    } else {
        Cookies::Plain
    }
}
