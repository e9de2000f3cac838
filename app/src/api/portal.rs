//! The developer portal: what its pages show, and its forms.

use axum::response::Response;
use engine::{
    Engine,
    portal::{
        self, AppOverview, CodeView, Home, NewPasswordView, Place, PortalAnswer, PortalVisit,
        Refusal, SecurityView, VouchedView, Waiting, WelcomeView,
    },
    visit::Proof,
};
use leptos::prelude::*;
use protocol::ids::AppId;
use serde::Deserialize;

use super::{Form, SecretField, authorize::cookies, context};
use crate::{answer::respond_portal, components::Visitor, problem::Problem, visitor};

/// All apps of the person, and who they are.
pub async fn home() -> Result<(Visitor, Home), Refusal> {
    let (engine, visit) = visited();
    let person = engine.person(&visit, &Place::Home).await?;
    let home = engine.developer_home(&person).await?;
    Ok((Visitor::of(&person), home))
}

/// One app.
pub async fn app(id: AppId) -> Result<(Visitor, AppOverview), Refusal> {
    let (engine, visit) = visited();
    let member = engine.member(&visit, &id, &Place::App(id.clone())).await?;
    let overview = engine.app_overview(&visit, &member).await?;
    Ok((Visitor::of(&member.person), overview))
}

/// Authenticator and recovery codes.
pub async fn security() -> Result<(Visitor, SecurityView), Refusal> {
    let (engine, visit) = visited();
    let person = engine.person(&visit, &Place::Security).await?;
    let view = engine.security_view(&visit).await?;
    Ok((Visitor::of(&person), view))
}

/// Whether there are people whom any password lets in.
pub fn is_sandbox_open() -> bool {
    super::context().0.is_sandbox_open()
}

/// The page that asks for a code: `Place::LogInCode` or `Place::Confirm`.
pub async fn code_page(page: Place, next: String) -> Result<CodeView, Refusal> {
    let (engine, visit) = visited();
    engine.code_view(&visit, page, &next).await
}

/// "Check your mail".
pub async fn waiting() -> Result<Waiting, Refusal> {
    let (engine, visit) = visited();
    engine.waiting_sign_up(&visit).await
}

/// The page behind the link of the letter.
pub async fn linked(link: String) -> Result<Waiting, Refusal> {
    let (engine, visit) = visited();
    engine.linked_sign_up(&visit, &link).await
}

/// The page behind the link to a new password.
pub async fn new_password(link: String) -> Result<NewPasswordView, Refusal> {
    let (engine, visit) = visited();
    engine.new_password_view(&visit, &link).await
}

/// What the browser is told about a refusal.
pub fn refused(refusal: Refusal) -> PortalAnswer {
    let (engine, visit) = visited();
    engine.turn_away(&visit, refusal)
}

/// Sign up (D2).
#[server(prefix = "/api", endpoint = "portal/signup", protocol = Form, input_derive = (Deserialize,))]
pub async fn sign_up(
    form_token: String,
    #[server(default)] next: String,
    #[server(default)] email: String,
    #[server(default)] name: String,
    #[server(default)] new_password: SecretField,
    #[server(default)] terms: Option<String>,
) -> Result<Response, Problem> {
    let (engine, visit) = visited();
    let new = portal::SignUp {
        email,
        name,
        password: new_password.into_inner(),
        next,
        terms: terms.is_some(),
    };
    answered(&engine, engine.sign_up(&visit, &form_token, new).await)
}

/// The page of a sign-up for which an app vouches.
pub async fn vouched(token: String) -> Result<VouchedView, Refusal> {
    let (engine, _) = visited();
    engine.vouched_view(&token).await
}

/// What is shown once after it.
pub fn welcome() -> Result<WelcomeView, Refusal> {
    let (engine, visit) = visited();
    engine.welcome_view(&visit)
}

/// Sign up with a token of an app that vouches.
#[server(prefix = "/api", endpoint = "portal/signup_vouched", protocol = Form, input_derive = (Deserialize,))]
pub async fn sign_up_vouched(
    form_token: String,
    #[server(default)] contact_token: String,
    #[server(default)] address: String,
    #[server(default)] name: String,
    #[server(default)] new_password: SecretField,
    #[server(default)] terms: Option<String>,
) -> Result<Response, Problem> {
    let (engine, visit) = visited();
    let new = portal::PersonSignUp {
        contact_token,
        address,
        name,
        password: new_password.into_inner(),
        terms: terms.is_some(),
    };
    let answer = engine.sign_up_vouched(&visit, &form_token, new).await;
    answered(&engine, answer)
}

/// The code of the letter.
#[server(prefix = "/api", endpoint = "portal/check_mail", protocol = Form, input_derive = (Deserialize,))]
pub async fn check_mail(
    form_token: String,
    #[server(default)] code: SecretField,
) -> Result<Response, Problem> {
    let (engine, visit) = visited();
    let answer = engine
        .confirm_address_by_code(&visit, &form_token, code.expose())
        .await;
    answered(&engine, answer)
}

/// Another letter.
#[server(prefix = "/api", endpoint = "portal/resend", protocol = Form, input_derive = (Deserialize,))]
pub async fn resend(form_token: String) -> Result<Response, Problem> {
    let (engine, visit) = visited();
    answered(&engine, engine.resend_letter(&visit, &form_token).await)
}

/// The button behind the link of the letter.
#[server(prefix = "/api", endpoint = "portal/confirm_address", protocol = Form, input_derive = (Deserialize,))]
pub async fn confirm_address(form_token: String, token: SecretField) -> Result<Response, Problem> {
    let (engine, visit) = visited();
    let answer = engine
        .confirm_address_by_link(&visit, &form_token, token.expose())
        .await;
    answered(&engine, answer)
}

/// Sign in (D3).
#[server(prefix = "/api", endpoint = "portal/login", protocol = Form, input_derive = (Deserialize,))]
pub async fn log_in(
    form_token: String,
    #[server(default)] next: String,
    #[server(default)] username: String,
    #[server(default)] password: SecretField,
) -> Result<Response, Problem> {
    let (engine, visit) = visited();
    let answer = engine
        .portal_log_in(&visit, &form_token, &next, &username, password.expose())
        .await;
    answered(&engine, answer)
}

/// Sign in as somebody of the open sandbox.
#[server(prefix = "/api", endpoint = "portal/sandbox_login", protocol = Form, input_derive = (Deserialize,))]
pub async fn sandbox_log_in(
    form_token: String,
    #[server(default)] next: String,
    #[server(default)] username: String,
    #[server(default)] password: SecretField,
) -> Result<Response, Problem> {
    let (engine, visit) = visited();
    let answer = engine
        .sandbox_log_in(&visit, &form_token, &next, &username, password.expose())
        .await;
    answered(&engine, answer)
}

/// A forgotten password: the letter.
#[server(prefix = "/api", endpoint = "portal/forgot", protocol = Form, input_derive = (Deserialize,))]
pub async fn forgot(
    form_token: String,
    #[server(default)] email: String,
) -> Result<Response, Problem> {
    let (engine, visit) = visited();
    let answer = engine.ask_for_new_password(&visit, &form_token, &email);
    answered(&engine, answer.await)
}

/// A forgotten password: another one.
#[server(prefix = "/api", endpoint = "portal/new_password", protocol = Form, input_derive = (Deserialize,))]
pub async fn set_new_password(
    form_token: String,
    token: SecretField,
    #[server(default)] username: String,
    #[server(default)] new_password: SecretField,
) -> Result<Response, Problem> {
    // The field with the name is there for password managers; the link says whose password it is.
    drop(username);
    let (engine, visit) = visited();
    let password = new_password.into_inner();
    let answer = engine.set_new_password(&visit, &form_token, token.expose(), password);
    answered(&engine, answer.await)
}

/// The code after the password.
#[server(prefix = "/api", endpoint = "portal/login_code", protocol = Form, input_derive = (Deserialize,))]
pub async fn log_in_code(
    form_token: String,
    #[server(default)] code: Option<SecretField>,
    #[server(default)] recovery_code: Option<SecretField>,
) -> Result<Response, Problem> {
    let (engine, visit) = visited();
    let proof = proof(code, recovery_code);
    let answer = engine
        .portal_code(&visit, &form_token, Place::LogInCode, "", proof)
        .await;
    answered(&engine, answer)
}

/// The code once more, before something that matters.
#[server(prefix = "/api", endpoint = "portal/step_up", protocol = Form, input_derive = (Deserialize,))]
pub async fn step_up(
    form_token: String,
    #[server(default)] next: String,
    #[server(default)] code: Option<SecretField>,
    #[server(default)] recovery_code: Option<SecretField>,
) -> Result<Response, Problem> {
    let (engine, visit) = visited();
    let proof = proof(code, recovery_code);
    let answer = engine
        .portal_code(&visit, &form_token, Place::Confirm, &next, proof)
        .await;
    answered(&engine, answer)
}

/// Sign out.
#[server(prefix = "/api", endpoint = "portal/logout", protocol = Form, input_derive = (Deserialize,))]
pub async fn log_out(form_token: String) -> Result<Response, Problem> {
    let (engine, visit) = visited();
    answered(&engine, engine.portal_log_out(&visit, &form_token))
}

/// A new app (D4).
#[server(prefix = "/api", endpoint = "portal/new_app", protocol = Form, input_derive = (Deserialize,))]
pub async fn new_app(
    form_token: String,
    #[server(default)] name: String,
) -> Result<Response, Problem> {
    let (engine, visit) = visited();
    answered(&engine, engine.make_app(&visit, &form_token, &name).await)
}

/// A new sandbox secret in place of the old ones (D7).
#[server(prefix = "/api", endpoint = "portal/replace_secret", protocol = Form, input_derive = (Deserialize,))]
pub async fn replace_secret(form_token: String, app: AppId) -> Result<Response, Problem> {
    let (engine, visit) = visited();
    let answer = engine
        .replace_sandbox_secret(&visit, &form_token, &app)
        .await;
    answered(&engine, answer)
}

/// What the pressed button on the security page is for (field `do`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Do {
    /// Set up an authenticator app.
    Begin,
    /// Make new recovery codes.
    Renew,
    /// What was shown is written down, or not wanted.
    PutAway,
}

/// Authenticator and recovery codes (U10). Without a pressed button the code of the new app counts.
#[server(prefix = "/api", endpoint = "portal/security", protocol = Form, input_derive = (Deserialize,))]
pub async fn change_security(
    form_token: String,
    #[server(default)] code: SecretField,
    #[server(default)]
    #[server(rename = "do")]
    act: Option<Do>,
) -> Result<Response, Problem> {
    let (engine, visit) = visited();
    let answer = match act {
        Some(Do::Begin) => engine.begin_enrolment(&visit, &form_token).await,
        Some(Do::Renew) => engine.renew_recovery_codes(&visit, &form_token).await,
        Some(Do::PutAway) => engine.put_away(&visit, &form_token).await,
        None => {
            engine
                .finish_enrolment(&visit, &form_token, code.expose())
                .await
        }
    };
    answered(&engine, answer)
}

/// The engine, and what this request means at the portal.
pub fn visited() -> (Engine, PortalVisit) {
    let (engine, parts) = context();
    let visit = visitor::portal_visit(&engine, &parts);
    (engine, visit)
}

/// The engine's answer as a response.
pub fn answered(engine: &Engine, answer: PortalAnswer) -> Result<Response, Problem> {
    Ok(respond_portal(answer, cookies(engine)))
}

fn proof(code: Option<SecretField>, recovery_code: Option<SecretField>) -> Proof {
    match (code, recovery_code) {
        (None, Some(typed)) => Proof::RecoveryCode(typed.into_inner()),
        (typed, _) => Proof::Code(typed.unwrap_or_default().into_inner()),
    }
}
