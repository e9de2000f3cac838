//! `/rest/v1/...`: the resources of the Paysera Wallet API, for signed requests.

mod transactions;

use crate::routes::Routes;

/// The routes of this room.
pub(crate) fn routes() -> Routes {
    Routes::new().and(transactions::routes())
}
