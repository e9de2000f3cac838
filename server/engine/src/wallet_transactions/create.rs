//! An app asks for payments.

use data_encoding::BASE64URL_NOPAD;
use protocol::{
    client::Client,
    ids::TransactionKey,
    payment::LONGEST_CREDITOR_NAME,
    scope::Permission,
    text::is_plain_line,
    wallet_api::transaction::{
        Reserve, TransactionPayment, TransactionRequest, TransactionStatus, WAITS,
    },
};
use serde_json::Value;
use store::wallet_transactions::{WalletTransactionRecord, insert_wallet_transaction};

use super::{Answered, TransactionRefusal, by_the_client_itself, settle::KEPT_UNACCEPTED, told};
use crate::{Engine, bank::AppAccount, quota::OverQuota, signed::Signer};

/// Ids of payments begin here, so that a list of them never reads as one that counts from nought.
const FIRST_PAYMENT_ID: u64 = 1_000_000_000;

/// They are drawn from so many: small enough for every reader of JSON (RFC 8259 §6).
const PAYMENT_IDS: u64 = 1 << 48;

impl Engine {
    /// Makes a transaction of what an app asks for. Nothing moves, and nobody is asked yet.
    ///
    /// # Errors
    /// When storage or the bank failed; what the app did wrong is the inner result.
    pub async fn create_transaction(&self, signer: &Signer, body: &Value) -> Answered {
        if let Err(refusal) = by_the_client_itself(signer) {
            return Ok(Err(refusal));
        }
        let client = &signer.client.client;
        if !client.scope.permits(&Permission::TransferFunds.token()) {
            return Ok(Err(TransactionRefusal::Forbidden(
                "this client was not approved for payments (transferFunds)",
            )));
        }
        let now = self.env.now();
        let asked = match TransactionRequest::parse(body, &signer.parameters, client, now) {
            Ok(asked) => asked,
            Err(error) => return Ok(Err(error.into())),
        };
        let payee = AppAccount {
            client: client.id.clone(),
            environment: client.environment,
            currency: asked.currency,
            owner_name: payee_name(client).to_owned(),
        };
        let account = self.env.bank.app_account(&payee).await?;
        // Nobody accepts what could not be confirmed any more.
        let waits_until = now + WAITS;
        let valid_until = match asked.terms.reserve {
            Reserve::Until(end) => waits_until.min(end),
            Reserve::For(_) => waits_until,
        };
        let record = WalletTransactionRecord {
            key: TransactionKey::new(BASE64URL_NOPAD.encode(&self.env.bytes::<24>())),
            client_id: client.id.clone(),
            environment: client.environment,
            currency: asked.currency,
            payments: asked
                .payments
                .into_iter()
                .map(|payment| TransactionPayment {
                    id: self.payment_id(),
                    description: payment.description,
                    amount: payment.amount,
                    parameters: payment.parameters,
                })
                .collect(),
            terms: asked.terms,
            payee_name: payee.owner_name,
            payee_iban: account.iban,
            status: TransactionStatus::New,
            step: None,
            accepted_by: None,
            user_id: None,
            account_id: None,
            wallet_number: None,
            reservation_id: None,
            version: 0,
            created_at: now,
            confirmed_at: None,
            valid_until,
            expires_at: valid_until + KEPT_UNACCEPTED,
        };
        let row = record.clone();
        let most = self.env.settings.max_transactions_per_day;
        let quota = self.quota(&["transaction", client.id.as_str()], most);
        let written = self
            .env
            .store
            .write(move |tx| {
                Box::pin(async move {
                    quota.count(tx, now).await?;
                    Ok(insert_wallet_transaction(tx, &row).await?)
                })
            })
            .await;
        match written {
            Ok(()) => {}
            Err(OverQuota::Wait(wait)) => return Ok(Err(TransactionRefusal::TooMany { wait })),
            Err(OverQuota::Failed(error)) => return Err(error),
        }
        tracing::info!(client = %record.client_id, payments = record.payments.len(), "a transaction was made");
        Ok(Ok(told(&record, now)))
    }

    fn payment_id(&self) -> i64 {
        let number = FIRST_PAYMENT_ID + u64::from_be_bytes(self.env.bytes()) % PAYMENT_IDS;
        // Far below the largest one.
        i64::try_from(number).unwrap_or(i64::MAX)
    }
}

/// Who is paid, as the person reads it: the company that was reviewed, else the app.
fn payee_name(client: &Client) -> &str {
    let legal_name = &client.profile.legal_name;
    if is_plain_line(legal_name, LONGEST_CREDITOR_NAME) {
        legal_name
    } else {
        &client.name
    }
}
