//! Requests that are signed: the extractor before every handler of the Wallet API, and its doors to
//! tokens.

pub(crate) mod session;
pub(crate) mod tokens;

use axum::{body::Bytes, extract::FromRequestParts};
use engine::signed::{SignedRequest, Signer};
use http::{HeaderMap, StatusCode, header, request::Parts};
use protocol::{
    api_error::ApiErrorCode,
    dialects::mac::{MacHeader, SignFault, header::is_signed},
    wallet_api::{ErrorCode, WalletApiError},
};
use serde_json::Value;

use crate::{
    Endpoints,
    errors::Failure,
    peer::{Certificate, Peer},
    received::Received,
};

/// How a header begins that stands for a parameter of `ext`: `Wallet-Api-Project-Id` is `project_id`.
const PARAMETER_HEADER: &str = "wallet-api-";

/// A request that was signed, by whom, and what it brings.
#[derive(Debug)]
pub struct Signed {
    /// Who signed it.
    pub signer: Signer,
    /// The body; its hash was part of the signature.
    pub body: Bytes,
}

impl Signed {
    /// The body as JSON; [`Value::Null`] when there is none. The client library writes an empty object
    /// as `[]`.
    pub fn json(&self) -> Result<Value, Failure> {
        if self.body.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_slice(&self.body).map_err(|fault| {
            WalletApiError::new(
                ErrorCode::InvalidRequest,
                format!("the body is not JSON: {fault}"),
            )
            .into()
        })
    }
}

impl FromRequestParts<Endpoints> for Signed {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &Endpoints) -> Result<Self, Failure> {
        if let Some(Certificate(digest)) = parts.extensions.get().copied()
            && !parts.headers.contains_key(header::AUTHORIZATION)
        {
            return by_certificate(parts, state, &digest).await;
        }
        let header = signature(&parts.headers).map_err(refused)?;
        signer(parts, state, &header).await
    }
}

/// Checks the signature of a request with this header.
pub(crate) async fn signer(
    parts: &mut Parts,
    state: &Endpoints,
    header: &MacHeader,
) -> Result<Signed, Failure> {
    let Ok(Peer(address)) = Peer::from_request_parts(parts, state).await;
    let received = parts
        .extensions
        .get::<Received>()
        .ok_or_else(|| Failure::broken("a signed request whose bytes nobody kept"))?;
    let raw = received.as_raw();
    let request = SignedRequest {
        header,
        method: raw.method,
        target: raw.target,
        host: raw.host,
        body: raw.body,
        address,
    };
    let checked = state.engine.signer(&request).await.map_err(broken)?;
    Ok(Signed {
        signer: checked.map_err(refused)?,
        body: received.body.clone(),
    })
}

/// The client with the TLS certificate of the connection. TLS covers the body, and what would stand in
/// `ext` comes in headers of its own.
async fn by_certificate(
    parts: &Parts,
    state: &Endpoints,
    digest: &[u8; 32],
) -> Result<Signed, Failure> {
    let parameters = parts.headers.iter().filter_map(|(name, value)| {
        let name = name.as_str().strip_prefix(PARAMETER_HEADER)?;
        Some((name.replace('-', "_"), value.to_str().ok()?.to_owned()))
    });
    let checked = state
        .engine
        .signer_by_certificate(digest, parameters.collect())
        .await
        .map_err(broken)?;
    let body = parts.extensions.get::<Received>();
    Ok(Signed {
        signer: checked.map_err(refused)?,
        body: body
            .map(|received| received.body.clone())
            .unwrap_or_default(),
    })
}

/// The one signature of a request.
fn signature(headers: &HeaderMap) -> Result<MacHeader, SignFault> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let (first, second) = (values.next(), values.next());
    let text = first
        .filter(|_| second.is_none())
        .and_then(|value| value.to_str().ok())
        .filter(|text| is_signed(text))
        .ok_or(SignFault::NotSigned)?;
    Ok(MacHeader::parse(text)?)
}

/// A signature that was not accepted. The log hears more than the caller.
pub(crate) fn refused(fault: SignFault) -> Failure {
    let reason = fault.to_string();
    Failure::from(fault.error()).because(reason)
}

/// What went wrong on our side, in the words of the Wallet API.
pub(crate) fn broken(error: engine::Error) -> Failure {
    let plain = Failure::from(error);
    let code = if plain.status == StatusCode::SERVICE_UNAVAILABLE {
        ErrorCode::TemporarilyUnavailable
    } else {
        ErrorCode::InternalServerError
    };
    let told = WalletApiError::new(code, plain.description.clone());
    plain.shaped(move |trace| told.answer(trace))
}

impl From<WalletApiError> for Failure {
    fn from(error: WalletApiError) -> Self {
        let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST);
        let code = match error.code {
            ErrorCode::Unauthorized | ErrorCode::InvalidTimestamp | ErrorCode::InvalidGrant => {
                ApiErrorCode::InvalidToken
            }
            ErrorCode::Forbidden => ApiErrorCode::InsufficientScope,
            ErrorCode::NotFound => ApiErrorCode::NotFound,
            ErrorCode::InternalServerError => ApiErrorCode::ServerError,
            ErrorCode::TemporarilyUnavailable => ApiErrorCode::TemporarilyUnavailable,
            _ => ApiErrorCode::InvalidRequest,
        };
        let failure = Self::new(status, code, error.description.clone());
        let failure = match error.retry_after {
            Some(wait) => failure.retry_after(wait),
            None => failure,
        };
        failure.shaped(move |trace| error.answer(trace))
    }
}
