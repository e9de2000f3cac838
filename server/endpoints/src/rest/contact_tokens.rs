//! `/rest/v1/contact-token`: an app that the operator trusts vouches for a person's addresses.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse as _, Response},
};
use engine::personal::{Asker, ContactRequest};
use protocol::wallet_api::{ErrorCode, WalletApiError};
use serde_json::Value;

use super::answered;
use crate::{Endpoints, errors::Failure, signed::Signed};

/// POST `/rest/v1/contact-token`: `email`, `phone`, or both.
pub(super) async fn make(
    State(endpoints): State<Endpoints>,
    signed: Signed,
) -> Result<Response, Failure> {
    let body = signed.json()?;
    let field = |name: &'static str| match body.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(Failure::from(
            WalletApiError::new(ErrorCode::InvalidParameters, format!("{name}: a text"))
                .with_property(name, "a text"),
        )),
    };
    let request = ContactRequest {
        email: field("email")?,
        phone: field("phone")?,
    };
    let asker = Asker::from(&signed.signer);
    let made = answered(endpoints.engine.make_contact_token(&asker, &request).await)?;
    Ok(Json(made).into_response())
}
