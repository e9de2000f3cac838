//! The authorize request: RFC 6749 §4.1.1 with PKCE (RFC 7636), RFC 9396 payments and RFC 9207.
//!
//! [`check`] is the list of rules in their fixed order. Until the client and its address are trusted
//! a fault stays on our page ([`Rejection::Page`]); from then on it travels to the client
//! ([`Rejection::Redirect`]). Which of the two is the type's business, not the caller's.

mod answer;
mod faults;
mod prompt;
mod words;

use serde::{Deserialize, Serialize};

use crate::{
    account_consent::AskFault,
    client::{AuthMethod, Client, DialectName, Environment, GrantType, PkcePolicy},
    dialects,
    form::RawForm,
    ids::{ClientId, TransactionKey, TransferId},
    payment::{Payment, parse_authorization_details},
    pending_transfer::{PendingTransfer, PendingTransferFault},
    pkce::{CodeChallenge, S256},
    redirect_uri::{TrustedRedirect, explain},
    scope::{Permission, Scope},
    text::shown,
    time::Timestamp,
};

pub use answer::{error_answer, success_answer};
pub use faults::{AuthorizeError, PageFault};
pub use prompt::Prompt;
pub use words::{holds_secret, redirect_uri};

/// Longest `state` that is accepted, in characters.
pub const LONGEST_STATE: usize = 1_024;

/// Most bytes of an accepted request as JSON. It lives in a cookie of at most 3,500 bytes until the
/// person signs in: sealed (about 60 bytes more), in base64 (four thirds), next to the few facts
/// that the engine adds.
pub const LONGEST_RECORD: usize = 2_300;

/// An authorize request that passed every check.
#[derive(Clone, PartialEq, Debug)]
pub struct Accepted {
    /// Who asks.
    pub client_id: ClientId,
    /// Where the answer goes.
    pub redirect_uri: TrustedRedirect,
    /// Whether the request named it; then the token request must too (RFC 6749 §4.1.3).
    pub redirect_uri_was_sent: bool,
    /// What is asked for; never empty.
    pub scope: Scope,
    /// Handed back untouched (RFC 6749 §4.1.2).
    pub state: Option<String>,
    /// The PKCE challenge; always there unless the client's policy lets it be left out.
    pub challenge: Option<CodeChallenge>,
    /// The languages that the app asks for, best first (OpenID Connect Core §3.1.2.1).
    pub ui_locales: Option<String>,
    /// The one payment that is asked for.
    pub payment: Option<Payment>,
    /// Until when it can be made, if it is a pending transfer, whose time is running already.
    pub payment_until: Option<Timestamp>,
    /// Which pages the app wants shown or not shown.
    pub prompt: Prompt,
    /// The transaction that the payment is, when a person is asked to accept one: then nothing is granted,
    /// and no code comes out of it.
    pub transaction: Option<AskedTransaction>,
    /// The dialect in which it was asked, and in which it is answered.
    pub dialect: DialectName,
}

/// A transaction that a person is asked to accept (`/frontend/wallet/confirm/...`).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AskedTransaction {
    /// Its key.
    #[serde(rename = "k")]
    pub key: TransactionKey,
    /// The authorize request that follows it, as a query; checked before, and once more when it is its turn.
    #[serde(rename = "t", default, skip_serializing_if = "Option::is_none")]
    pub then: Option<String>,
}

/// Why a request is not accepted, and where that is told.
#[derive(Clone, PartialEq, Debug)]
pub enum Rejection {
    /// On our page: the client or its address is not trusted.
    Page(PageFault),
    /// At the client.
    Redirect {
        /// The client's address.
        to: TrustedRedirect,
        /// What is wrong.
        error: AuthorizeError,
        /// The request's `state`, unless it is what is wrong.
        state: Option<String>,
    },
}

impl From<PageFault> for Rejection {
    fn from(fault: PageFault) -> Self {
        Self::Page(fault)
    }
}

/// The client that a request names: the first thing to find out, to load it.
pub fn client_id(form: &RawForm) -> Result<ClientId, PageFault> {
    let text = form.one("client_id")?.ok_or(PageFault::ClientIdMissing)?;
    // RFC 6749 appendix A.1: VSCHAR. Anything else was never given out.
    if text.len() > 255 || !is_vschar(text) {
        return Err(PageFault::UnknownClient {
            client_id: shown(text),
        });
    }
    Ok(ClientId::new(text))
}

/// The pending transfer that a request names: to be looked up before [`check`]. None as well when it
/// names several, or in words that [`check`] refuses.
pub fn pending_transfer(form: &RawForm, client: &Client) -> Option<TransferId> {
    let words::Understood { form, .. } = words::understand(form, client).ok()?;
    let scope = Scope::parse(form.one("scope").ok()??).ok()?;
    let mut named = scope.pending_transfers();
    named.next().filter(|_| named.next().is_none())
}

/// Checks an authorize request of a client that was found by [`client_id`]. `pending` is what was found
/// for [`pending_transfer`].
pub fn check(
    form: &RawForm,
    client: &Client,
    pending: Option<&PendingTransfer>,
    now: Timestamp,
) -> Result<Accepted, Rejection> {
    if client_id(form)? != client.id {
        return Err(PageFault::UnknownClient {
            client_id: client.id.to_string(),
        }
        .into());
    }
    let words::Understood { dialect, form } = words::understand(form, client)?;
    let form = form.as_ref();
    if !client.is_active() {
        return Err(PageFault::ClientSuspended {
            client_name: client.name.clone(),
        }
        .into());
    }
    let (redirect_uri, redirect_uri_was_sent) = redirect(form, client)?;

    // From here on the client may hear what is wrong.
    let state = state(form);
    let rules = || -> Result<Accepted, AuthorizeError> {
        if let Some(name) = form.first_duplicate() {
            return Err(AuthorizeError::ParameterTwice {
                name: name.to_owned(),
            });
        }
        let state = state.clone().map_err(|()| AuthorizeError::StateMalformed)?;
        refuse_request_objects(form)?;
        if !client.allows(GrantType::AuthorizationCode) {
            return Err(AuthorizeError::GrantNotAllowed);
        }
        let challenge = challenge(form, client, dialect)?;
        response(form)?;
        let asked = asked(form, client, dialect, pending, now)?;
        let accepted = Accepted {
            client_id: client.id.clone(),
            redirect_uri: redirect_uri.clone(),
            redirect_uri_was_sent,
            scope: asked.scope,
            state,
            challenge,
            ui_locales: ui_locales(form)?,
            payment: asked.payment,
            payment_until: asked.payment_until,
            prompt: Prompt::parse(form.one("prompt")?.unwrap_or_default())
                .ok_or(AuthorizeError::PromptMalformed)?,
            transaction: None,
            dialect,
        };
        if !AcceptedRecord::from(&accepted).fits() {
            return Err(AuthorizeError::TooLarge);
        }
        Ok(accepted)
    };
    rules().map_err(|error| Rejection::Redirect {
        to: redirect_uri.clone(),
        error,
        state: state.clone().ok().flatten(),
    })
}

/// Rows 4 to 6: the address, and whether the request named it.
fn redirect(form: &RawForm, client: &Client) -> Result<(TrustedRedirect, bool), PageFault> {
    let Some(requested) = form.one("redirect_uri")? else {
        let registered = client.redirect_uris.len();
        return match client.only_redirect() {
            Some(only) => Ok((only, false)),
            None => Err(PageFault::RedirectUriMissing { registered }),
        };
    };
    match client.redirect(requested) {
        Some(trusted) => Ok((trusted, true)),
        None => Err(PageFault::RedirectUriMismatch {
            requested: shown(requested),
            // On live clients a free oracle helps those who look for open redirects.
            explanation: match client.environment {
                Environment::Sandbox => explain(&client.redirect_uris, requested),
                Environment::Live => None,
            },
        }),
    }
}

/// The state to hand back; an error when there is one that cannot be handed back.
fn state(form: &RawForm) -> Result<Option<String>, ()> {
    match form.one("state") {
        Ok(None) => Ok(None),
        Ok(Some(state)) if state.len() <= LONGEST_STATE && is_vschar(state) => {
            Ok(Some(state.to_owned()))
        }
        Ok(Some(_)) | Err(_) => Err(()),
    }
}

/// RFC 9101 request objects: what is not supported is refused, so that nobody believes in a
/// signature that was never checked.
fn refuse_request_objects(form: &RawForm) -> Result<(), AuthorizeError> {
    if form.has("request") {
        return Err(AuthorizeError::RequestNotSupported);
    }
    if form.has("request_uri") {
        return Err(AuthorizeError::RequestUriNotSupported);
    }
    Ok(())
}

/// Rows 10 to 12: presence first, then the method, then the shape.
///
/// A dialect without PKCE is spared the client's policy, never the need of a client that has no secret.
/// That opens no way around the policy: an app that uses PKCE sends a verifier, which is refused for a
/// code whose request had no challenge.
fn challenge(
    form: &RawForm,
    client: &Client,
    dialect: DialectName,
) -> Result<Option<CodeChallenge>, AuthorizeError> {
    let method = form.one("code_challenge_method")?;
    let Some(text) = form.one("code_challenge")? else {
        let knows_pkce = dialects::dialect(dialect).is_none_or(|dialect| dialect.knows_pkce());
        let required = (client.pkce == PkcePolicy::Required && knows_pkce)
            || client.auth_method == AuthMethod::None;
        return match method {
            None if !required => Ok(None),
            // A method without a challenge is a mistake, whatever the policy.
            _ => Err(AuthorizeError::ChallengeMissing),
        };
    };
    // RFC 7636 §4.3: no method means plain.
    if method != Some(S256) {
        return Err(AuthorizeError::ChallengeMethod);
    }
    CodeChallenge::parse(text)
        .map(Some)
        .map_err(AuthorizeError::ChallengeMalformed)
}

/// Row 13, and `response_mode` (OAuth 2.0 Multiple Response Types §2.1): codes in the query only,
/// nothing in fragments.
fn response(form: &RawForm) -> Result<(), AuthorizeError> {
    match form.one("response_type")? {
        Some("code") => {}
        Some(_) => return Err(AuthorizeError::UnsupportedResponseType),
        None => return Err(AuthorizeError::ResponseTypeMissing),
    }
    match form.one("response_mode")? {
        None | Some("query") => Ok(()),
        Some(_) => Err(AuthorizeError::UnsupportedResponseMode),
    }
}

/// What a request asks for.
struct Asked {
    scope: Scope,
    payment: Option<Payment>,
    payment_until: Option<Timestamp>,
}

/// Row 14 and RFC 9396 §3. A payment is asked for by its details, which stand for the scope
/// `transferFunds`, or as a pending transfer, whose scope stays as it was sent. Either way
/// `transferFunds` must have been approved for the client.
fn asked(
    form: &RawForm,
    client: &Client,
    dialect: DialectName,
    pending: Option<&PendingTransfer>,
    now: Timestamp,
) -> Result<Asked, AuthorizeError> {
    let transfer_funds = Permission::TransferFunds.token();
    let payment = match form.one("authorization_details")? {
        None => None,
        Some(_) if !client.scope.contains(&transfer_funds) => {
            return Err(AuthorizeError::PaymentNotApproved);
        }
        Some(json) => {
            Some(parse_authorization_details(json).map_err(AuthorizeError::AuthorizationDetails)?)
        }
    };
    let requested = match form.one("scope")? {
        Some(text) => Scope::parse(text).map_err(AuthorizeError::ScopeMalformed)?,
        None if payment.is_some() => Scope::default(),
        // Where no scope is something to ask for, it is not guessed either.
        None if dialects::dialect(dialect).is_some_and(|dialect| !dialect.needs_scope()) => {
            Scope::default()
        }
        // RFC 6749 §3.3: a default or a refusal. With one scope there is nothing to guess.
        None if client.scope.len() == 1 => client.scope.clone(),
        None => return Err(AuthorizeError::ScopeMissing),
    };
    if let Some(token) = requested
        .iter()
        .find(|token| !client.scope.permits(token) || Permission::of(token).is_none())
    {
        return Err(AuthorizeError::ScopeNotApproved {
            token: token.to_string(),
        });
    }
    if requested.consents().next().is_some() && (requested.len() > 1 || payment.is_some()) {
        return Err(AuthorizeError::Consent(AskFault::NotAlone));
    }
    let (named, another) = {
        let mut named = requested.pending_transfers();
        (named.next(), named.next())
    };
    match (named, another, payment) {
        (None, _, None) => Ok(Asked {
            scope: requested,
            payment: None,
            payment_until: None,
        }),
        (None, _, Some(payment)) => Ok(Asked {
            scope: requested.iter().cloned().chain([transfer_funds]).collect(),
            payment: Some(payment),
            payment_until: None,
        }),
        (Some(named), None, None) => {
            let found = pending.filter(|pending| pending.id == named).ok_or(
                AuthorizeError::PendingTransfer(PendingTransferFault::Unknown),
            )?;
            found
                .check(&client.id, now)
                .map_err(AuthorizeError::PendingTransfer)?;
            Ok(Asked {
                scope: requested,
                payment: Some(found.payment.clone()),
                payment_until: Some(found.valid_until),
            })
        }
        (Some(_), ..) => Err(AuthorizeError::TwoPayments),
    }
}

/// A wish, not a demand: what cannot be a list of language tags is ignored.
fn ui_locales(form: &RawForm) -> Result<Option<String>, AuthorizeError> {
    let usable = |tags: &&str| {
        tags.len() <= 100
            && tags
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'-' | b'_'))
    };
    Ok(form.one("ui_locales")?.filter(usable).map(str::to_owned))
}

/// RFC 6749 appendix A: VSCHAR.
fn is_vschar(text: &str) -> bool {
    text.bytes().all(|byte| (0x20..=0x7e).contains(&byte))
}

/// An accepted request in the form that is sealed and stored. It trusts nothing by itself:
/// [`restore`] checks it against the client once more.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct AcceptedRecord {
    #[serde(rename = "c")]
    client_id: ClientId,
    #[serde(rename = "r")]
    redirect_uri: String,
    #[serde(rename = "rs")]
    redirect_uri_was_sent: bool,
    #[serde(rename = "s")]
    scope: Scope,
    #[serde(rename = "st", default, skip_serializing_if = "Option::is_none")]
    state: Option<String>,
    #[serde(rename = "cc", default, skip_serializing_if = "Option::is_none")]
    challenge: Option<CodeChallenge>,
    #[serde(rename = "ul", default, skip_serializing_if = "Option::is_none")]
    ui_locales: Option<String>,
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    payment: Option<Payment>,
    #[serde(rename = "pu", default, skip_serializing_if = "Option::is_none")]
    payment_until: Option<Timestamp>,
    #[serde(rename = "pr", default, skip_serializing_if = "Prompt::is_unspecified")]
    prompt: Prompt,
    #[serde(rename = "tx", default, skip_serializing_if = "Option::is_none")]
    transaction: Option<AskedTransaction>,
    #[serde(rename = "d")]
    dialect: DialectName,
}

impl AcceptedRecord {
    /// The client to load before [`restore`].
    pub fn client_id(&self) -> &ClientId {
        &self.client_id
    }

    /// The languages that the app asked for; needed to show even a page that says no.
    pub fn ui_locales(&self) -> Option<&str> {
        self.ui_locales.as_deref()
    }

    /// Whether it can be kept in a cookie until the person signs in.
    pub fn fits(&self) -> bool {
        serde_json::to_vec(self).is_ok_and(|json| json.len() <= LONGEST_RECORD)
    }
}

impl From<&Accepted> for AcceptedRecord {
    fn from(accepted: &Accepted) -> Self {
        Self {
            client_id: accepted.client_id.clone(),
            redirect_uri: accepted.redirect_uri.as_str().to_owned(),
            redirect_uri_was_sent: accepted.redirect_uri_was_sent,
            scope: accepted.scope.clone(),
            state: accepted.state.clone(),
            challenge: accepted.challenge.clone(),
            ui_locales: accepted.ui_locales.clone(),
            payment: accepted.payment.clone(),
            payment_until: accepted.payment_until,
            prompt: accepted.prompt,
            transaction: accepted.transaction.clone(),
            dialect: accepted.dialect,
        }
    }
}

/// Turns a stored request back. `None` when the client is another one, no longer has the address, no
/// longer speaks the dialect, or may no longer ask for the scope: what was true at the beginning must
/// still be true. None too for
/// a pending transfer without its payment, which would be a permission without an amount.
pub fn restore(record: AcceptedRecord, client: &Client) -> Option<Accepted> {
    let same_client = record.client_id == client.id;
    let still_permitted = record.scope.iter().all(|token| client.scope.permits(token));
    let without_payment =
        record.payment.is_none() && record.scope.pending_transfers().next().is_some();
    let still_spoken = record.dialect == client.standard_dialect() || client.speaks(record.dialect);
    if !same_client || !still_permitted || !still_spoken || without_payment {
        return None;
    }
    Some(Accepted {
        redirect_uri: client.redirect(&record.redirect_uri)?,
        client_id: record.client_id,
        redirect_uri_was_sent: record.redirect_uri_was_sent,
        scope: record.scope,
        state: record.state,
        challenge: record.challenge,
        ui_locales: record.ui_locales,
        payment: record.payment,
        payment_until: record.payment_until,
        prompt: record.prompt,
        transaction: record.transaction,
        dialect: record.dialect,
    })
}
