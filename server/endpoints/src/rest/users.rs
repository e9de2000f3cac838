//! `/rest/v1/user/{id}`: who a person is, as far as they allowed it.

use axum::{
    Json,
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use engine::personal::Asker;
use serde::Serialize;

use super::{answered, whom};
use crate::{Endpoints, errors::Failure, signed::Signed};

/// GET `/rest/v1/user/{id}`.
pub(super) async fn user(
    State(endpoints): State<Endpoints>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let asker = Asker::from(&signed.signer);
    plain(answered(
        endpoints.engine.person_view(&asker, whom(&id)?).await,
    )?)
}

macro_rules! one {
    ($($(#[$doc:meta])* $name:ident $read:ident)*) => {$(
        $(#[$doc])*
        pub(super) async fn $name(
            State(endpoints): State<Endpoints>,
            signed: Signed,
            Path(id): Path<String>,
        ) -> Result<Response, Failure> {
            let asker = Asker::from(&signed.signer);
            plain(answered(endpoints.engine.$read(&asker, whom(&id)?).await)?)
        }
    )*};
}

one! {
    /// GET `/rest/v1/user/{id}/email`: a JSON text.
    email person_email
    /// GET `/rest/v1/user/{id}/phone`: a JSON text.
    phone person_phone
    /// GET `/rest/v1/user/{id}/confirmed-phones`: a list of texts.
    confirmed_phones person_confirmed_phones
    /// GET `/rest/v1/user/{id}/address`.
    address person_address
    /// GET `/rest/v1/user/{id}/identity`.
    identity person_identity
    /// GET `/rest/v1/user/{id}/wallets`.
    wallets person_wallets
    /// GET `/rest/v1/user/{id}/pes`: politically exposed persons.
    exposed_persons person_exposed
}

fn plain<T: Serialize>(told: T) -> Result<Response, Failure> {
    Ok(Json(told).into_response())
}
