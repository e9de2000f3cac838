//! DELETE `/oauth/v1/token`: a token is given back. The other half, POST, is a token door like any other.

use axum::{
    Json,
    extract::{OriginalUri, State},
};
use protocol::{
    form::RawForm,
    wallet_api::{ErrorCode, WalletApiError},
};
use serde_json::{Value, json};

use super::{Signed, broken};
use crate::{Endpoints, errors::Failure, trace::Trace};

/// 200 with `{}`, whether there was anything to end or not (RFC 7009 §2.2). Published versions of the client
/// library take every empty body, also that of a 204, for a fault of ours.
pub(crate) async fn revoke(
    State(endpoints): State<Endpoints>,
    Trace(trace): Trace,
    OriginalUri(uri): OriginalUri,
    signed: Signed,
) -> Result<Json<Value>, Failure> {
    let wrong = |sentence: &'static str| WalletApiError::new(ErrorCode::InvalidRequest, sentence);
    let query = RawForm::parse(uri.query().unwrap_or_default().as_bytes())
        .map_err(|_| wrong("the query cannot be read"))?;
    let named = query
        .one("access_token")
        .map_err(|_| wrong("access_token was sent twice"))?;
    let ended = endpoints
        .engine
        .revoke_signed(&signed.signer, named, trace)
        .await
        .map_err(broken)?;
    if ended {
        return Ok(Json(json!({})));
    }
    Err(wrong(
        "access_token is missing; only a request that the token itself signed may leave it out",
    )
    .into())
}
