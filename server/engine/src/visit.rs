//! What a browser brings along, and what it is told to do: the words between pages and engine.

use std::{net::IpAddr, time::Duration};

use protocol::{
    authorization::ProblemView,
    authorize::{self, AuthorizeError},
    client::DialectName,
    error_catalogue,
    ids::{AuthorizationId, TraceId, UserId},
    locale::Locale,
    redirect_uri::TrustedRedirect,
    secret::{AuthorizationCode, Secret},
    time::Timestamp,
};

use crate::{Engine, settings::Settings, throttle::Guesser};

/// One request of a browser in the middle of an authorization.
#[derive(Clone, Debug)]
pub struct Visit {
    /// Which authorization, from the path or the form.
    pub interaction: AuthorizationId,
    /// Value of the cookie named [`Engine::interaction_cookie`].
    pub sealed: Option<String>,
    /// The person signed in to this browser, if any.
    pub session: Option<Session>,
    /// Value of the cookie named [`Engine::device_cookie`].
    pub device: Option<String>,
    /// Where the request came from (behind trusted proxies: where they say it came from).
    pub address: IpAddr,
    /// What is known of the person's language; the page's own is `Frame::locale`, because the
    /// app's wish (`ui_locales`) and the account's setting come in between.
    pub language: Language,
    /// Whether `Origin` and `Sec-Fetch-Site` say that one of our own pages sent it. Always true for GET.
    pub same_origin: bool,
}

impl Visit {
    /// Who guesses, when somebody does.
    pub(crate) fn guesser(&self) -> Guesser<'_> {
        Guesser {
            device: self.device.as_deref(),
            address: self.address,
        }
    }
}

/// What a browser says about languages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Language {
    /// Chosen with the language links (cookie `lang`).
    pub chosen: Option<Locale>,
    /// The `Accept-Language` header.
    pub accepted: Option<String>,
}

impl Language {
    /// The language of a page that belongs to no authorization.
    pub fn resolve(&self) -> Locale {
        Locale::resolve(self.chosen, None, None, self.accepted.as_deref())
    }
}

/// A person signed in to a browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Who.
    pub user: UserId,
    /// When the password was given.
    pub authenticated_at: Timestamp,
}

/// What the browser is told.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Where to go.
    pub go: Go,
    /// Cookies to set or remove.
    pub cookies: Vec<CookieChange>,
    /// What becomes of the browser's session.
    pub session: SessionChange,
}

impl Answer {
    /// Go there; nothing else changes.
    pub fn go(go: Go) -> Self {
        Self {
            go,
            cookies: Vec::new(),
            session: SessionChange::Keep,
        }
    }

    /// And change this cookie.
    pub fn with(mut self, cookie: CookieChange) -> Self {
        self.cookies.push(cookie);
        self
    }
}

/// Where the browser goes.
#[derive(Clone, Debug)]
pub enum Go {
    /// To the step that is due: `/authorize/{id}`, by 303.
    Step(AuthorizationId),
    /// Back to the app, by 303.
    Client(ClientRedirect),
    /// Nowhere: a page that says why.
    Problem(Box<ProblemView>),
}

/// A complete address of an app: its trusted redirect URI with parameters.
///
/// Only a [`TrustedRedirect`] makes one, so an answer can never lead to an unregistered address.
#[derive(Clone, PartialEq, Eq)]
pub struct ClientRedirect(String);

impl ClientRedirect {
    /// With a fresh code (RFC 6749 §4.1.2, RFC 9207).
    pub fn success(
        to: &TrustedRedirect,
        dialect: DialectName,
        code: &Secret<AuthorizationCode>,
        state: Option<&str>,
        issuer: &str,
    ) -> Self {
        Self(authorize::success_answer(to, dialect, code, state, issuer))
    }

    /// With bad news (RFC 6749 §4.1.2.1, RFC 9207); the reference is part of the description.
    pub fn error(
        to: &TrustedRedirect,
        error: &AuthorizeError,
        state: Option<&str>,
        issuer: &str,
        trace: TraceId,
    ) -> Self {
        let docs = format!("{issuer}{}", error_catalogue::PATH);
        Self(authorize::error_answer(
            to, error, state, issuer, &docs, trace,
        ))
    }

    /// A way back that was sealed by us earlier.
    pub(crate) fn from_sealed(location: String) -> Self {
        Self(location)
    }

    /// Value of the `Location` header.
    pub fn location(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for ClientRedirect {
    /// Without the query, which may carry a code.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("ClientRedirect")
            .field(&self.0.split('?').next().unwrap_or_default())
            .finish()
    }
}

/// A cookie of the whole site: `Path=/; HttpOnly; SameSite=Lax`, and `Secure` when the public URL is https.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CookieChange {
    /// Set it.
    Set {
        /// Name, with the `__Host-` prefix where it belongs.
        name: String,
        /// Value, in cookie-safe characters.
        value: String,
        /// For how long.
        max_age: Duration,
    },
    /// Remove it.
    Remove {
        /// Name.
        name: String,
    },
}

/// What becomes of the browser's session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionChange {
    /// As it was.
    Keep,
    /// A person signed in: a new session id, always.
    SignIn {
        /// Who.
        user: UserId,
        /// When.
        at: Timestamp,
    },
    /// Nobody is signed in any more.
    SignOut,
}

/// How the person proves possession at the confirm step.
#[derive(Clone, PartialEq, Eq)]
pub enum Proof {
    /// A code of the authenticator app, as typed. May be empty.
    Code(String),
    /// A recovery code, as typed.
    RecoveryCode(String),
}

impl Engine {
    /// Name of the cookie that holds one accepted authorize request.
    pub fn interaction_cookie(&self, interaction: &AuthorizationId) -> String {
        format!("{}cs_i_{interaction}", prefix(&self.env().settings))
    }

    /// What the names of all interaction cookies begin with.
    pub fn interaction_cookie_prefix(&self) -> String {
        format!("{}cs_i_", prefix(&self.env().settings))
    }

    /// Name of the cookie by which a browser is known to its person.
    pub fn device_cookie(&self) -> String {
        format!("{}cs_device", prefix(&self.env().settings))
    }
}

fn prefix(settings: &Settings) -> &'static str {
    if settings.is_https() { "__Host-" } else { "" }
}
