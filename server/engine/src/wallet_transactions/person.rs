//! A person sees a transaction and decides. The page that leads here has the person signed in and, for
//! accepting, has asked for the second factor for this very amount and payee.

use protocol::{
    client::{Client, Environment},
    ids::{AccountId, ClientId, ReservationId, TraceId, TransactionKey, UserId},
    money::Money,
    payment::{LONGEST_REFERENCE, Payment},
    redirect_uri::TrustedRedirect,
    time::Timestamp,
    wallet_api::transaction::{AcceptedBy, TransactionPayment, TransactionStatus, total},
};
use store::{
    Advanced,
    wallet_transactions::{Step, WalletTransactionRecord, find_wallet_transaction},
};

use super::{TRIES, TransactionRefusal, settle::Settled, status_at, too_busy};
use crate::{Engine, error::Result};

/// A transaction as a person sees it.
#[derive(Clone, Debug)]
pub struct TransactionView {
    /// Its key.
    pub key: TransactionKey,
    /// The app that asks.
    pub client: ClientId,
    /// Its name.
    pub app_name: String,
    /// Whether it is switched on; for an app that is not, nobody pays.
    pub app_is_active: bool,
    /// Play money or real money: only people of the same environment may pay.
    pub environment: Environment,
    /// What it is now.
    pub status: TransactionStatus,
    /// What is to be paid, one by one.
    pub payments: Vec<TransactionPayment>,
    /// What it comes to.
    pub total: Money,
    /// Who is paid.
    pub payee_name: String,
    /// Where to.
    pub payee_iban: protocol::iban::Iban,
    /// Whether accepting it moves the money at once.
    pub auto_confirm: bool,
    /// The address of the person whom the app expects.
    pub user_email: Option<String>,
    /// Where the person goes afterwards: still one of the app's registered addresses.
    pub redirect: Option<TrustedRedirect>,
    /// Until when it can be accepted or, when it is reserved, confirmed.
    pub valid_until: Timestamp,
    /// Until when the money would stay set aside if it were accepted now.
    pub reserve_until: Timestamp,
    /// Who accepted it.
    pub accepted_by: Option<UserId>,
    /// From which account.
    pub account: Option<AccountId>,
}

impl TransactionView {
    /// Whether a person can still accept or reject it.
    pub fn is_open(&self) -> bool {
        self.status.is_open() && self.app_is_active
    }

    /// The whole as one payment, for the page and for what the second factor is bound to (RTS Article 5).
    /// `None` only if the app's name cannot stand on a payment.
    pub fn payment(&self) -> Option<Payment> {
        let descriptions: Vec<&str> = self
            .payments
            .iter()
            .map(|payment| payment.description.as_str())
            .collect();
        let reference: String = descriptions
            .join(", ")
            .chars()
            .take(LONGEST_REFERENCE)
            .collect();
        Payment::new(
            self.total,
            &self.payee_name,
            self.payee_iban.clone(),
            Some(reference.trim()),
        )
        .ok()
    }
}

/// Who accepts, and from which account.
pub(super) struct Payer {
    pub user: UserId,
    pub account: AccountId,
    pub by: AcceptedBy,
}

/// What accepting means for a row as it is.
enum Plan {
    /// It can begin.
    Begin,
    /// This very payer has begun it.
    GoOn,
    /// This very payer has done it.
    Done,
    Refuse(TransactionRefusal),
}

impl Engine {
    /// A transaction as a person sees it; `None` when there is none with this key, or its app is not there
    /// any more.
    ///
    /// # Errors
    /// When storage failed.
    pub async fn transaction_for_person(
        &self,
        key: &TransactionKey,
    ) -> Result<Option<TransactionView>> {
        let Some(record) = find_wallet_transaction(self.env.store.reader(), key).await? else {
            return Ok(None);
        };
        Ok(self.seen_by_person(record).await?.ok())
    }

    /// Accepts a transaction for a person who has proved it with a second factor: sets the money aside and,
    /// with `auto_confirm`, moves it. Safe to repeat: the same person with the same account is told what
    /// became of it.
    ///
    /// # Errors
    /// When storage or the bank failed. The acceptance may be written down then; it is finished later, and
    /// asking again tells.
    pub async fn accept_transaction(
        &self,
        key: &TransactionKey,
        user: &UserId,
        account: &AccountId,
        trace: TraceId,
    ) -> Result<Result<TransactionView, TransactionRefusal>> {
        let payer = Payer {
            user: user.clone(),
            account: account.clone(),
            by: AcceptedBy::Page,
        };
        match self.accept(key, &payer, trace).await? {
            Ok(record) => self.seen_by_person(record).await,
            Err(refusal) => Ok(Err(refusal)),
        }
    }

    /// Says no to a transaction. `user` is the person, if one is signed in.
    ///
    /// # Errors
    /// When storage failed.
    pub async fn reject_transaction(
        &self,
        key: &TransactionKey,
        user: Option<&UserId>,
        trace: TraceId,
    ) -> Result<Result<TransactionView, TransactionRefusal>> {
        for _ in 0..TRIES {
            let found = find_wallet_transaction(self.env.store.reader(), key).await?;
            let Some(record) = found else {
                return Ok(Err(TransactionRefusal::NotFound));
            };
            let status = status_at(&record, self.env.now());
            if !status.is_open() || record.step.is_some() {
                return Ok(Err(TransactionRefusal::State(status)));
            }
            let mut next = record.clone();
            next.status = TransactionStatus::Rejected;
            let callback = self.callback_about(&record, &next);
            let actor = user.map_or_else(|| "person".to_owned(), |user| format!("user:{user}"));
            let event = self.transaction_event(actor, "transaction.rejected", &next, Some(trace));
            if self.write_move(&mut next, callback, Some(event)).await? == Advanced::Yes {
                return self.seen_by_person(next).await;
            }
        }
        Err(too_busy(key))
    }

    /// Accepts a transaction, once.
    pub(super) async fn accept(
        &self,
        key: &TransactionKey,
        payer: &Payer,
        trace: TraceId,
    ) -> Result<Result<WalletTransactionRecord, TransactionRefusal>> {
        for _ in 0..TRIES {
            let found = find_wallet_transaction(self.env.store.reader(), key).await?;
            let Some(record) = found else {
                return Ok(Err(TransactionRefusal::NotFound));
            };
            let begun = match self.plan(&record, payer) {
                Plan::Refuse(refusal) => return Ok(Err(refusal)),
                Plan::Done => return Ok(Ok(record)),
                Plan::GoOn => record,
                Plan::Begin => {
                    if !self.may_take_payments(&record).await? {
                        return Ok(Err(TransactionRefusal::Forbidden(
                            "the app is switched off",
                        )));
                    }
                    if !self.can_pay(&record, payer).await? {
                        return Ok(Err(TransactionRefusal::AccountNotFit));
                    }
                    match self.begin_accepting(record, payer, trace).await? {
                        Some(begun) => begun,
                        None => continue,
                    }
                }
            };
            let reservation = begun.reservation_id.clone();
            let Settled { record, rejection } = self.settle(begun).await?;
            return Ok(match rejection {
                Some(rejection) => Err(TransactionRefusal::Rejected(rejection)),
                None if record.reservation_id == reservation => Ok(record),
                // Another call was told that the bank rejects it, and has noted that.
                None => continue,
            });
        }
        Err(too_busy(key))
    }

    fn plan(&self, record: &WalletTransactionRecord, payer: &Payer) -> Plan {
        let is_theirs = record.user_id.as_ref() == Some(&payer.user)
            && record.account_id.as_ref() == Some(&payer.account)
            && record.accepted_by == Some(payer.by);
        let now = self.env.now();
        let status = status_at(record, now);
        match (status, record.step) {
            (_, Some((Step::Reserving, _))) if is_theirs => Plan::GoOn,
            (TransactionStatus::Reserved, Some((Step::Confirming, _)))
                if is_theirs && record.terms.auto_confirm =>
            {
                Plan::GoOn
            }
            (TransactionStatus::Reserved | TransactionStatus::Confirmed, None) if is_theirs => {
                Plan::Done
            }
            (TransactionStatus::New | TransactionStatus::Waiting, None) => Plan::Begin,
            (status, _) => Plan::Refuse(TransactionRefusal::State(status)),
        }
    }

    /// Whether the app that asks is still there and active.
    async fn may_take_payments(&self, record: &WalletTransactionRecord) -> Result<bool> {
        let client = self.client(&record.client_id).await?;
        Ok(client.is_some_and(|client| client.client.is_active()))
    }

    /// Whether the account is this person's, of the right environment and currency.
    async fn can_pay(&self, record: &WalletTransactionRecord, payer: &Payer) -> Result<bool> {
        let accounts = self.env.bank.accounts_of(&payer.user).await?;
        Ok(accounts.iter().any(|account| {
            account.id == payer.account
                && account.environment == record.environment
                && account.currency == record.currency
                && account.eligible.is_ok()
        }))
    }

    /// Writes down who accepts; `None` when somebody else wrote the row meanwhile.
    async fn begin_accepting(
        &self,
        mut record: WalletTransactionRecord,
        payer: &Payer,
        trace: TraceId,
    ) -> Result<Option<WalletTransactionRecord>> {
        record.status = TransactionStatus::Waiting;
        record.step = Some((Step::Reserving, self.env.now()));
        record.accepted_by = Some(payer.by);
        record.user_id = Some(payer.user.clone());
        record.account_id = Some(payer.account.clone());
        record.wallet_number = None;
        record.reservation_id = Some(ReservationId::new(self.env.id()));
        let actor = match payer.by {
            AcceptedBy::Page => format!("user:{}", payer.user),
            AcceptedBy::Automatic => format!("client:{}", record.client_id),
        };
        let event = self.transaction_event(actor, "transaction.accepted", &record, Some(trace));
        let advanced = self.write_move(&mut record, None, Some(event)).await?;
        Ok(advanced.is_yes().then_some(record))
    }

    async fn seen_by_person(
        &self,
        record: WalletTransactionRecord,
    ) -> Result<Result<TransactionView, TransactionRefusal>> {
        let Some(client) = self.client(&record.client_id).await? else {
            return Ok(Err(TransactionRefusal::NotFound));
        };
        Ok(Ok(view(record, &client.client, self.env.now())))
    }
}

fn view(record: WalletTransactionRecord, client: &Client, now: Timestamp) -> TransactionView {
    let asked = record.terms.redirect_uri.as_deref();
    TransactionView {
        status: status_at(&record, now),
        total: total(&record.payments, record.currency),
        redirect: asked.and_then(|asked| client.redirect(asked)),
        reserve_until: record.terms.reserve.end(now),
        app_name: client.name.clone(),
        app_is_active: client.is_active(),
        key: record.key,
        client: record.client_id,
        environment: record.environment,
        payments: record.payments,
        payee_name: record.payee_name,
        payee_iban: record.payee_iban,
        auto_confirm: record.terms.auto_confirm,
        user_email: record.terms.user_email,
        valid_until: record.valid_until,
        accepted_by: record.user_id,
        account: record.account_id,
    }
}
