//! What every call of the account information interface has in common (NextGenPSD2, implementation
//! guidelines 1.3): the request's id, the token with its consent, and errors as `tppMessages`.

use std::{borrow::Cow, marker::PhantomData, net::IpAddr, ops::Deref, sync::Arc};

use axum::extract::FromRequestParts;
use engine::access::{Access, Inactive};
use http::{HeaderName, StatusCode, header, request::Parts};
use protocol::{
    account_consent::{ConsentState, FaultKind, RequestFault},
    api_error::ApiErrorCode,
    dialects::{self, ErrorAnswer, Head},
};
use serde_json::json;

use crate::{
    Endpoints,
    errors::Failure,
    guard::{AccountInformation, Guard, Requirement},
};

/// The id that the third party gives a request; every answer repeats it.
pub(super) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

const CONSENT_ID: HeaderName = HeaderName::from_static("consent-id");

const PSU_IP_ADDRESS: HeaderName = HeaderName::from_static("psu-ip-address");

/// A third party whose token is good for `R`; without more, for the data of a person who consented. Anything
/// else never reaches the handler.
pub(super) struct ThirdParty<R = AccountInformation> {
    access: Arc<Access>,
    /// Value of `X-Request-ID`, for the answer.
    pub(super) request_id: String,
    /// The person is there: the third party sent their address (`PSU-IP-Address`).
    pub(super) attended: bool,
    requirement: PhantomData<fn() -> R>,
}

impl<R> Deref for ThirdParty<R> {
    type Target = Access;

    fn deref(&self) -> &Access {
        &self.access
    }
}

impl<R> ThirdParty<R> {
    /// An error answer to this third party.
    pub(super) fn refuse(&self, refusal: Refusal) -> Failure {
        let failure = refusal.failure();
        let failure = match failure.status {
            // RFC 9110, section 11.6.1: with every 401.
            StatusCode::UNAUTHORIZED => failure.with_header(
                header::WWW_AUTHENTICATE,
                "Bearer error=\"insufficient_scope\"",
            ),
            _ => failure,
        };
        failure.with_header(X_REQUEST_ID, &self.request_id)
    }

    /// A failure of ours, told to this third party.
    pub(super) fn failed(&self, error: engine::Error) -> Failure {
        with_messages(error.into(), None).with_header(X_REQUEST_ID, &self.request_id)
    }
}

/// An error of the interface: code, status and, where it fits, what in the request it is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Refusal {
    /// A header or parameter is missing or malformed.
    Format {
        path: &'static str,
        text: &'static str,
    },
    /// A parameter that the interface knows and this server does not.
    NotSupported { path: &'static str },
    /// From after to, or begins in the future.
    Period,
    /// `Consent-ID` names another consent than the token's.
    ConsentUnknown,
    /// The path names a consent that the third party does not have.
    NoSuchConsent,
    /// The consent has come to an end, or to a state in which this cannot be done.
    State(ConsentState),
    /// Read as often as the consent allows without the person.
    TooOften,
    /// Transactions from before the last 90 days, and the person has not authenticated just now.
    NotFresh,
    /// The consent does not cover this of this account.
    NotCovered,
    /// What is wrong with the body.
    Body(RequestFault),
    /// No such account in this consent.
    ResourceUnknown,
    /// No such authorisation of this consent.
    AuthorisationUnknown,
}

impl Refusal {
    fn parts(self) -> Message {
        let told = |status, code, path: Option<&'static str>, text: &'static str| Message {
            status,
            code,
            path: path.map(Cow::Borrowed),
            text: Cow::Borrowed(text),
        };
        match self {
            Self::Format { path, text } => {
                told(StatusCode::BAD_REQUEST, "FORMAT_ERROR", Some(path), text)
            }
            Self::NotSupported { path } => told(
                StatusCode::BAD_REQUEST,
                "PARAMETER_NOT_SUPPORTED",
                Some(path),
                "this parameter is not supported",
            ),
            Self::Period => told(
                StatusCode::BAD_REQUEST,
                "PERIOD_INVALID",
                Some("dateFrom"),
                "the period must begin before it ends, and not after today",
            ),
            Self::NotFresh => told(
                StatusCode::BAD_REQUEST,
                "PERIOD_INVALID",
                Some("dateFrom"),
                "transactions from before the last 90 days can be read only within 15 minutes after \
                 the person has authenticated",
            ),
            Self::ConsentUnknown => told(
                StatusCode::FORBIDDEN,
                "CONSENT_UNKNOWN",
                Some("Consent-ID"),
                "the access token belongs to another consent",
            ),
            Self::NoSuchConsent => told(
                StatusCode::FORBIDDEN,
                "CONSENT_UNKNOWN",
                Some("consentId"),
                "this client has no such consent",
            ),
            Self::NotCovered => told(
                StatusCode::UNAUTHORIZED,
                "CONSENT_INVALID",
                None,
                "the consent does not cover this of the account",
            ),
            Self::State(state) => Message {
                status: StatusCode::CONFLICT,
                code: "STATUS_INVALID",
                path: Some(Cow::Borrowed("consentId")),
                text: Cow::Owned(format!("the consent is {state}, so this cannot be done")),
            },
            Self::TooOften => told(
                StatusCode::TOO_MANY_REQUESTS,
                "ACCESS_EXCEEDED",
                None,
                "read as often as the consent allows: within 24 hours without the person, or once",
            ),
            Self::Body(fault) => Message {
                status: StatusCode::BAD_REQUEST,
                code: match fault.kind {
                    FaultKind::Format => "FORMAT_ERROR",
                    FaultKind::Period => "PERIOD_INVALID",
                    FaultKind::Sessions => "SESSIONS_NOT_SUPPORTED",
                },
                path: Some(Cow::Owned(fault.path)),
                text: Cow::Borrowed(fault.text),
            },
            Self::ResourceUnknown => told(
                StatusCode::NOT_FOUND,
                "RESOURCE_UNKNOWN",
                None,
                "there is no such account in this consent",
            ),
            Self::AuthorisationUnknown => told(
                StatusCode::NOT_FOUND,
                "RESOURCE_UNKNOWN",
                Some("authorisationId"),
                "there is no such authorisation of this consent",
            ),
        }
    }

    fn failure(self) -> Failure {
        let Message {
            status,
            code,
            path,
            text,
        } = self.parts();
        let wire = match status {
            StatusCode::NOT_FOUND => ApiErrorCode::NotFound,
            StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED => ApiErrorCode::InsufficientScope,
            _ => ApiErrorCode::InvalidRequest,
        };
        with_messages(Failure::new(status, wire, text), Some((code, path)))
    }
}

/// What an error says.
struct Message {
    status: StatusCode,
    code: &'static str,
    path: Option<Cow<'static, str>>,
    text: Cow<'static, str>,
}

impl<R: Requirement> FromRequestParts<Endpoints> for ThirdParty<R> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &Endpoints) -> Result<Self, Failure> {
        let request_id = request_id(parts, state).map_err(Refusal::failure)?;
        let attended = attended(parts)
            .map_err(|refusal| refusal.failure().with_header(X_REQUEST_ID, &request_id))?;
        let access = match Guard::<R>::from_request_parts(parts, state).await {
            Ok(guard) => Arc::clone(guard.access()),
            Err(failure) => {
                let code = code_of(&failure, parts, state).await;
                return Err(with_messages(failure, Some((code, None)))
                    .with_header(X_REQUEST_ID, &request_id));
            }
        };
        let caller = Self {
            access,
            request_id,
            attended,
            requirement: PhantomData,
        };
        let known = state
            .engine
            .consent_id(&caller)
            .map(|consent| consent.as_str().as_bytes());
        match (parts.headers.get(CONSENT_ID), known) {
            (Some(named), Some(known)) if named.as_bytes() != known => {
                Err(caller.refuse(Refusal::ConsentUnknown))
            }
            _ => Ok(caller),
        }
    }
}

/// Whether the third party says that the person is there, by the address that they come from.
fn attended(parts: &Parts) -> Result<bool, Refusal> {
    let mut sent = parts.headers.get_all(PSU_IP_ADDRESS).iter();
    let fault = Refusal::Format {
        path: "PSU-IP-Address",
        text: "PSU-IP-Address must be one IP address",
    };
    match (sent.next(), sent.next()) {
        (None, _) => Ok(false),
        (Some(address), None) => address
            .to_str()
            .ok()
            .and_then(|address| address.trim().parse::<IpAddr>().ok())
            .map(|_| true)
            .ok_or(fault),
        (Some(_), Some(_)) => Err(fault),
    }
}

/// `X-Request-ID` must be a UUID. Mandatory in the guidelines; apps that know nothing of them may
/// leave it out and get one of ours.
fn request_id(parts: &Parts, state: &Endpoints) -> Result<String, Refusal> {
    let fault = Refusal::Format {
        path: "X-Request-ID",
        text: "X-Request-ID must be one UUID",
    };
    let mut sent = parts.headers.get_all(X_REQUEST_ID).iter();
    match (sent.next(), sent.next()) {
        (None, _) => Ok(hyphenated(&state.engine.env().id())),
        (Some(id), None) => id
            .to_str()
            .ok()
            .filter(|id| is_uuid(id))
            .map(str::to_owned)
            .ok_or(fault),
        (Some(_), Some(_)) => Err(fault),
    }
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// 32 hexadecimal characters as a UUID is written.
fn hyphenated(simple: &str) -> String {
    let mut text = simple.to_owned();
    for at in [20, 16, 12, 8] {
        if text.is_char_boundary(at) {
            text.insert(at, '-');
        }
    }
    text
}

/// The code of the interface for what the guard refused. A token that is no good is looked at once more,
/// because the guard tells nobody why.
async fn code_of(failure: &Failure, parts: &Parts, state: &Endpoints) -> &'static str {
    match failure.status {
        StatusCode::UNAUTHORIZED => {}
        // The token is good, but not for this, or nobody has agreed to anything yet.
        StatusCode::FORBIDDEN => return "CONSENT_UNKNOWN",
        status => return code_of_status(status),
    }
    let authorization: Vec<&str> = parts
        .headers
        .get_all(header::AUTHORIZATION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    let head = Head {
        method: parts.method.as_str(),
        target: parts
            .uri
            .path_and_query()
            .map_or("/", |target| target.as_str()),
        authorization: &authorization,
    };
    let Ok(presented) = dialects::recognise(&head) else {
        // What we never made is unknown; what is not there at all is not valid.
        return if authorization.is_empty() {
            "TOKEN_INVALID"
        } else {
            "TOKEN_UNKNOWN"
        };
    };
    let Some(token) = presented.credential.token() else {
        return "TOKEN_UNKNOWN";
    };
    match state.engine.access(&token).await {
        Ok(Err(Inactive::Unknown)) => "TOKEN_UNKNOWN",
        Ok(Err(Inactive::Expired)) => "TOKEN_EXPIRED",
        Ok(Err(Inactive::ConsentExpired)) => "CONSENT_EXPIRED",
        Ok(Err(Inactive::ConsentEnded)) => "CONSENT_INVALID",
        _ => "TOKEN_INVALID",
    }
}

fn code_of_status(status: StatusCode) -> &'static str {
    match status {
        StatusCode::SERVICE_UNAVAILABLE => "SERVICE_UNAVAILABLE",
        status if status.is_client_error() => "FORMAT_ERROR",
        _ => "INTERNAL_SERVER_ERROR",
    }
}

/// The answer with `tppMessages` beside the standard members, which the interface's clients ignore.
fn with_messages(
    failure: Failure,
    message: Option<(&'static str, Option<Cow<'static, str>>)>,
) -> Failure {
    let (code, path) = message.unwrap_or((code_of_status(failure.status), None));
    let text = failure.description.clone();
    failure.extended(move |answer: &mut ErrorAnswer| {
        let mut message = json!({ "category": "ERROR", "code": code, "text": text });
        if let Some(path) = &path {
            message["path"] = json!(path);
        }
        answer.body["tppMessages"] = json!([message]);
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn request_ids_are_uuids() {
        assert!(is_uuid("99391c7e-ad88-49ec-a2ad-99ddcb1f7721"));
        assert!(is_uuid(&hyphenated("99391c7ead8849eca2ad99ddcb1f7721")));
        for text in [
            "",
            "99391c7ead8849eca2ad99ddcb1f7721",
            "99391c7e-ad88-49ec-a2ad-99ddcb1f772g",
            "99391c7e-ad88-49ec-a2ad-99ddcb1f77211",
        ] {
            assert!(!is_uuid(text), "{text}");
        }
    }
}
