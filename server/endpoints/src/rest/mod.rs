//! `/rest/v1/...`: the resources of the Paysera Wallet API, for signed requests.

mod contact_tokens;
mod server_time;
mod transactions;
mod users;
mod wallets;

use engine::personal::{PersonalRefusal, Whom};
use protocol::wallet_api::{ErrorCode, WalletApiError};

use crate::{
    errors::Failure,
    routes::Routes,
    signed::{Signed, broken},
};

/// Documented resources that are not offered, and whatever is mistyped.
const ANYTHING_ELSE: &str = "/rest/v1/{*resource}";

/// 404 in the shape of the Wallet API, for whoever signs.
async fn nothing_here(_signed: Signed) -> Failure {
    WalletApiError::new(ErrorCode::NotFound, "there is no such resource").into()
}

/// The routes of this room.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .and(resources())
        .and(transactions::routes())
        .get(ANYTHING_ELSE, nothing_here)
        .post(ANYTHING_ELSE, nothing_here)
        .put(ANYTHING_ELSE, nothing_here)
        .delete(ANYTHING_ELSE, nothing_here)
}

/// Who people are, and their wallets.
fn resources() -> Routes {
    Routes::new()
        .get("/rest/v1/server", server_time::time)
        .get("/rest/v1/configuration", server_time::configuration)
        .get("/rest/v1/user/{id}", users::user)
        .get("/rest/v1/user/{id}/email", users::email)
        .get("/rest/v1/user/{id}/phone", users::phone)
        .get(
            "/rest/v1/user/{id}/confirmed-phones",
            users::confirmed_phones,
        )
        .get("/rest/v1/user/{id}/address", users::address)
        .get("/rest/v1/user/{id}/identity", users::identity)
        .get("/rest/v1/user/{id}/wallets", users::wallets)
        .get("/rest/v1/user/{id}/pes", users::exposed_persons)
        .get("/rest/v1/wallet/{id}", wallets::wallet)
        .get("/rest/v1/wallet/{id}/balance", wallets::balance)
        .get("/rest/v1/wallet/{id}/statements", wallets::statements)
        .get(
            "/rest/v1/wallet/{id}/sufficient-amount",
            wallets::sufficient_amount,
        )
        .post("/rest/v1/contact-token", contact_tokens::make)
}

/// `me` or the number of a person or wallet; anything else names nothing.
fn whom(text: &str) -> Result<Whom, Failure> {
    Whom::parse(text).ok_or_else(|| {
        WalletApiError::new(ErrorCode::NotFound, "there is nothing under this address").into()
    })
}

/// What a use case told, or why not, in the words of the Wallet API.
fn answered<T>(told: engine::personal::Answer<T>) -> Result<T, Failure> {
    told.map_err(broken)?.map_err(|refusal| {
        let (code, sentence) = match &refusal {
            PersonalRefusal::Forbidden => (ErrorCode::Forbidden, refusal.to_string()),
            PersonalRefusal::NotFound => (ErrorCode::NotFound, refusal.to_string()),
            PersonalRefusal::Invalid { .. } => (ErrorCode::InvalidParameters, refusal.to_string()),
            PersonalRefusal::TooOften(_) => (ErrorCode::RateLimitExceeded, refusal.to_string()),
        };
        let error = WalletApiError::new(code, sentence);
        match refusal {
            PersonalRefusal::Invalid { field, message } => error.with_property(field, message),
            PersonalRefusal::TooOften(wait) => error.retry_after(wait),
            _ => error,
        }
        .into()
    })
}
