//! An app accepts a transaction with what a person allowed it before, and asks how it could.

use protocol::{
    ids::{AccountId, TraceId, TransactionKey},
    scope::Permission,
    wallet_api::transaction::AcceptedBy,
};
use serde_json::{Value, json};
use store::{
    numbers::{Numbered, find_numbered},
    wallet_transactions::WalletTransactionRecord,
};

use super::{Answered, TransactionRefusal, person::Payer, status_at, told};
use crate::{Engine, access::Access, error::Result, signed::Signer};

/// Members of the body of `PUT .../reserve` that stand for ways of accepting that are not offered.
const NOT_OFFERED: [&str; 8] = [
    "payer",
    "wallet_id",
    "pin",
    "pin_code",
    "sms_code",
    "code",
    "funds_sources",
    "revoke_transaction_key",
];

impl Engine {
    /// Sets the money of a transaction aside without asking the person again. That is allowed to a token
    /// of a person who allowed its client to move money in general, from an account that was chosen; and
    /// to nobody else.
    ///
    /// # Errors
    /// When storage or the bank failed; asking again tells what became of it.
    pub async fn reserve_transaction(
        &self,
        signer: &Signer,
        key: &TransactionKey,
        wallet: Option<&str>,
        body: &Value,
        trace: TraceId,
    ) -> Answered {
        let record = match self.transaction_of(signer, key).await? {
            Ok(record) => record,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let said = |member: &&str| body.get(*member).is_some_and(|value| !value.is_null());
        if NOT_OFFERED.iter().any(said) {
            return Ok(Err(TransactionRefusal::Forbidden(
                "codes, other payers and funds sources are not offered: the person accepts on the page, or a token that may move money does",
            )));
        }
        let account = match self.granted_account(signer, &record, wallet).await? {
            Ok(account) => account,
            Err(refusal) => return Ok(Err(self.state_first(&record, refusal))),
        };
        let Some(user) = signer
            .access
            .as_ref()
            .and_then(|access| access.user.clone())
        else {
            return Ok(Err(no_standing_approval()));
        };
        let payer = Payer {
            user,
            account,
            by: AcceptedBy::Automatic,
        };
        let accepted = self.accept(key, &payer, trace).await?;
        Ok(accepted.map(|record| told(&record, self.env.now())))
    }

    /// In which ways a transaction could be accepted for a wallet.
    ///
    /// # Errors
    /// When storage or the bank failed.
    pub async fn transaction_types(
        &self,
        signer: &Signer,
        key: &TransactionKey,
        wallet: &str,
    ) -> Result<Result<Vec<&'static str>, TransactionRefusal>> {
        let record = match self.transaction_of(signer, key).await? {
            Ok(record) => record,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let status = status_at(&record, self.env.now());
        if !status.is_open() || record.step.is_some() {
            return Ok(Err(TransactionRefusal::State(status)));
        }
        let granted = self.granted_account(signer, &record, Some(wallet)).await?;
        let mut types = Vec::new();
        if granted.is_ok() {
            types.push(AcceptedBy::Automatic.as_str());
        }
        types.push(AcceptedBy::Page.as_str());
        Ok(Ok(types))
    }

    /// Asks a person by a message on the phone: not offered.
    ///
    /// # Errors
    /// When storage failed.
    pub async fn flash_transaction(&self, signer: &Signer, key: &TransactionKey) -> Answered {
        let found = self.transaction_of(signer, key).await?;
        Ok(found.and_then(|record| {
            let refusal = TransactionRefusal::Forbidden(
                "messages on the phone are not offered: send the person to the page",
            );
            Err(self.state_first(&record, refusal))
        }))
    }

    /// What a person told with a transaction: nothing, for nothing can be asked with one.
    ///
    /// # Errors
    /// When storage failed.
    pub async fn inquired_information(
        &self,
        signer: &Signer,
        key: &TransactionKey,
    ) -> Result<Result<Value, TransactionRefusal>> {
        let found = self.transaction_of(signer, key).await?;
        Ok(found.map(|_| json!({ "items": [] })))
    }

    /// That the transaction is not open any more is told before that somebody may not accept it.
    fn state_first(
        &self,
        record: &WalletTransactionRecord,
        refusal: TransactionRefusal,
    ) -> TransactionRefusal {
        let status = status_at(record, self.env.now());
        if status.is_open() {
            refusal
        } else {
            TransactionRefusal::State(status)
        }
    }

    /// The account from which the token behind a request may pay a transaction.
    async fn granted_account(
        &self,
        signer: &Signer,
        record: &WalletTransactionRecord,
        wallet: Option<&str>,
    ) -> Result<Result<AccountId, TransactionRefusal>> {
        let Some(access) = signer.access.as_ref().filter(|access| may_pay(access)) else {
            return Ok(Err(no_standing_approval()));
        };
        let mut chosen = self.chosen_accounts(access).await?;
        chosen.retain(|account| account.currency == record.currency);
        let account = match wallet {
            None | Some("me") => {
                let mut wallets = chosen.iter().filter(|account| account.kind == "wallet");
                match (chosen.as_slice(), wallets.next(), wallets.next()) {
                    ([only], ..) => Some(only),
                    (_, Some(wallet), None) => Some(wallet),
                    _ => None,
                }
            }
            // Whether there is a wallet with this number that was not chosen is not told.
            Some(number) => {
                let known = self.wallet_numbered(number).await?;
                chosen
                    .iter()
                    .find(|account| known.as_ref() == Some(&account.id))
            }
        };
        Ok(account
            .map(|account| account.id.clone())
            .ok_or(TransactionRefusal::AccountNotFit))
    }

    async fn wallet_numbered(&self, number: &str) -> Result<Option<AccountId>> {
        let Ok(number) = number.parse::<i64>() else {
            return Ok(None);
        };
        let found = find_numbered(self.env.store.reader(), Numbered::Wallet, number).await?;
        Ok(found.map(AccountId::new))
    }
}

/// Whether the person allowed the client to move money in general: not one payment, which is good for
/// nothing else.
fn may_pay(access: &Access) -> bool {
    access.user.is_some()
        && access.allows(&Permission::TransferFunds.token())
        && access
            .consent
            .as_ref()
            .is_some_and(|consent| consent.payment.is_none())
}

fn no_standing_approval() -> TransactionRefusal {
    TransactionRefusal::Forbidden(
        "the person has not allowed this: let them accept the transaction on the page",
    )
}
