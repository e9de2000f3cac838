//! Credentials of an app at the portal (D7): what the pages show, and their forms.

use axum::response::Response;
use engine::portal::{
    CredentialsView, NewSecret, Place, Refusal, RevokeView, SecretLinkView, TutorialView,
};
use leptos::prelude::*;
use protocol::{
    client::Environment,
    ids::{AppId, SecretId},
};
use serde::Deserialize;

use super::{
    Form, SecretField,
    portal::{answered, visited},
};
use crate::{answer::download, components::Visitor, problem::Problem};

/// The table of secrets.
pub async fn credentials(
    app: AppId,
    environment: Environment,
) -> Result<(Visitor, CredentialsView), Refusal> {
    let (engine, visit) = visited();
    let here = Place::Credentials(app.clone(), environment);
    let person = engine.person(&visit, &here).await?;
    let view = engine.credentials_view(&visit, &app, environment).await?;
    Ok((Visitor::of(&person), view))
}

/// The form of another secret: who looks, the app's name, the version of the client.
pub async fn adding(
    app: AppId,
    environment: Environment,
) -> Result<(Visitor, String, u32), Refusal> {
    let (engine, visit) = visited();
    let (person, name, version) = engine.add_secret_view(&visit, &app, environment).await?;
    Ok((Visitor::of(&person), name, version))
}

/// The page that asks once more before a secret ends.
pub async fn revoking(
    app: AppId,
    environment: Environment,
    secret: SecretId,
) -> Result<(Visitor, RevokeView), Refusal> {
    let (engine, visit) = visited();
    let (person, view) = engine
        .revoke_view(&visit, &app, environment, &secret)
        .await?;
    Ok((Visitor::of(&person), view))
}

/// The page with the switch into the tutorial's dialect.
pub async fn switching(
    app: AppId,
    environment: Environment,
) -> Result<(Visitor, TutorialView), Refusal> {
    let (engine, visit) = visited();
    let (person, view) = engine.tutorial_view(&visit, &app, environment).await?;
    Ok((Visitor::of(&person), view))
}

/// The page behind a one-time link.
pub async fn linked(token: String) -> Result<(Visitor, SecretLinkView), Refusal> {
    let (engine, visit) = visited();
    let (person, view) = engine.secret_link_view(&visit, &token).await?;
    Ok((Visitor::of(&person), view))
}

/// Another secret.
#[server(prefix = "/api", endpoint = "portal/add_secret", protocol = Form, input_derive = (Deserialize,))]
pub async fn add_secret(
    form_token: String,
    app: AppId,
    environment: Environment,
    #[server(default)] label: String,
    #[server(default)] days: String,
    #[server(default)] version: String,
) -> Result<Response, Problem> {
    let (engine, visit) = visited();
    let new = NewSecret {
        label,
        days,
        version,
    };
    let answer = engine
        .add_secret(&visit, &form_token, &app, environment, new)
        .await;
    answered(&engine, answer)
}

/// The end of a secret.
#[server(prefix = "/api", endpoint = "portal/revoke_secret", protocol = Form, input_derive = (Deserialize,))]
pub async fn revoke_secret(
    form_token: String,
    app: AppId,
    environment: Environment,
    secret: SecretId,
    #[server(default)] last_four: String,
) -> Result<Response, Problem> {
    let (engine, visit) = visited();
    let which = (&app, environment, &secret);
    let answer = engine
        .revoke_secret(&visit, &form_token, which, &last_four)
        .await;
    answered(&engine, answer)
}

/// The switch into the tutorial's dialect, and out of it.
#[server(prefix = "/api", endpoint = "portal/tutorial", protocol = Form, input_derive = (Deserialize,))]
pub async fn switch_tutorial(
    form_token: String,
    app: AppId,
    environment: Environment,
    switch: Switch,
) -> Result<Response, Problem> {
    let (engine, visit) = visited();
    let on = switch == Switch::On;
    let answer = engine
        .switch_tutorial(&visit, &form_token, (&app, environment), on)
        .await;
    answered(&engine, answer)
}

/// Which way a switch goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Switch {
    /// On.
    On,
    /// Off.
    Off,
}

/// The button behind a one-time link.
#[server(prefix = "/api", endpoint = "portal/secret_link", protocol = Form, input_derive = (Deserialize,))]
pub async fn use_secret_link(form_token: String, token: SecretField) -> Result<Response, Problem> {
    let (engine, visit) = visited();
    let answer = engine
        .use_secret_link(&visit, &form_token, token.expose())
        .await;
    answered(&engine, answer)
}

/// Another one-time link.
#[server(prefix = "/api", endpoint = "portal/send_secret_link", protocol = Form, input_derive = (Deserialize,))]
pub async fn send_secret_link(form_token: String, app: AppId) -> Result<Response, Problem> {
    let (engine, visit) = visited();
    let answer = engine.send_secret_link(&visit, &form_token, &app).await;
    answered(&engine, answer)
}

/// "I stored it".
#[server(prefix = "/api", endpoint = "portal/secret_stored", protocol = Form, input_derive = (Deserialize,))]
pub async fn secret_stored(
    form_token: String,
    app: AppId,
    environment: Environment,
) -> Result<Response, Problem> {
    let (engine, visit) = visited();
    let answer = engine
        .put_secret_away(&visit, &form_token, &app, environment)
        .await;
    answered(&engine, answer)
}

/// The file with client id and secret. A download in place of a redirect: no page follows.
#[server(prefix = "/api", endpoint = "portal/env_file", protocol = Form, input_derive = (Deserialize,))]
pub async fn env_file(
    form_token: String,
    app: AppId,
    environment: Environment,
) -> Result<Response, Problem> {
    let (engine, visit) = visited();
    match engine
        .env_file(&visit, &form_token, &app, environment)
        .await
    {
        Ok(text) => Ok(download(
            text,
            "text/plain; charset=utf-8",
            "countersign.env",
        )),
        Err(refusal) => answered(&engine, engine.turn_away(&visit, refusal)),
    }
}
