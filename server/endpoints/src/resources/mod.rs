//! What apps reach with a token: the wallet's own API and account information.

mod account_information;
mod consents;
mod gateway;
mod pending_transfers;
mod statements;
mod tpp;
mod wallet;

use protocol::form::RawForm;

use crate::{errors::Failure, routes::Routes};

/// The routes of this room.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/apis/{family}/{*resource}", gateway::nothing_here)
        .post("/apis/{family}/{*resource}", gateway::nothing_here)
        .get("/wallet/v1/me", wallet::me)
        .get("/wallet/v1/balance", wallet::balance)
        .get("/wallet/v1/transfers", wallet::transfers)
        .post("/wallet/v1/transfers", wallet::transfer)
        .post("/wallet/v1/pending-transfers", pending_transfers::make)
        .get(
            "/wallet/v1/pending-transfers/{transfer_id}",
            pending_transfers::see,
        )
        .post("/v1/consents", consents::make)
        .get("/v1/consents/{consent_id}", consents::see)
        .get("/v1/consents/{consent_id}/status", consents::status)
        .get(
            "/v1/consents/{consent_id}/authorisations",
            consents::authorisations,
        )
        .post(
            "/v1/consents/{consent_id}/authorisations",
            consents::start_authorisation,
        )
        .get(
            "/v1/consents/{consent_id}/authorisations/{authorisation_id}",
            consents::sca_status,
        )
        .delete("/v1/consents/{consent_id}", consents::delete)
        .get("/v1/accounts", account_information::accounts)
        .get("/v1/accounts/{account_id}", account_information::account)
        .get(
            "/v1/accounts/{account_id}/balances",
            account_information::balances,
        )
        .get(
            "/v1/accounts/{account_id}/transactions",
            statements::transactions,
        )
}

/// The parameters of a query.
fn query(text: Option<&str>) -> Result<RawForm, Failure> {
    RawForm::parse(text.unwrap_or_default().as_bytes())
        .map_err(|fault| Failure::invalid_request(format!("the query cannot be read: {fault}")))
}
