//! `/apis/...`: where the payment gateway's published libraries call. Countersign proves who calls; the
//! gateway itself is the bank's, and whatever it does not put there is answered as not being there.

use engine::access::Access;
use http::{StatusCode, Uri};
use protocol::{api_error::ApiErrorCode, dialects::OBearer, scope::ScopeToken};

use crate::{
    errors::Failure,
    guard::{Guard, Requirement},
};

/// A good token, whatever it is good for.
pub(super) enum AnyToken {}

impl Requirement for AnyToken {
    fn missing(_access: &Access) -> Option<ScopeToken> {
        None
    }
}

/// 404 in the partner's shape, for those who may know it.
pub(super) async fn nothing_here(access: Guard<AnyToken>, uri: Uri) -> Failure {
    let description = "there is no such resource";
    Failure::new(StatusCode::NOT_FOUND, ApiErrorCode::NotFound, description)
        .because(format!(
            "client {}: nothing at {}",
            access.client,
            uri.path()
        ))
        .shaped(move |trace| OBearer::not_found(description, trace))
}
