//! The wallet's own API behind the tokens: who it is, what there is, what was paid, and paying.
//!
//! A payment is safe to repeat. The row of the transfer and the idempotency key are written
//! together before the bank is asked; the bank knows the order by the transfer's id and moves
//! money once. So a lost answer, fifty parallel tries and a process that is killed between any two
//! steps all end in one movement:
//!
//! ```text
//! transfer ── checks ── insert row (pending) + key ── bank.execute ── booked / rejected
//!                              │ killed here: the same key, or resume_transfers, goes on
//! ```
//!
//! | what | choice |
//! |---|---|
//! | `Idempotency-Key` | optional, recommended; without one each request is a transfer of its own |
//! | same key, same request | the same transfer, by meaning (`20.0` is `20.00`), not by byte |
//! | same key, other request | refused, nothing moves |
//! | too little money | refused and not remembered: the same key may succeed later |
//! | token of one payment | exactly that payment, once; a rejected try gives it back |

use std::time::Duration;

use protocol::{
    iban::Iban,
    ids::{AccountId, TransferId, UserId},
    locale::Locale,
    money::Money,
    payment::Payment,
    time::Timestamp,
};
use sha2::{Digest as _, Sha256};
use store::{
    Advanced, Reads, Tx,
    consents::{
        ConsentRecord, advance_consent_payment_released, advance_consent_payment_used, find_consent,
    },
    idempotency::{
        IdempotencyRecord, delete_idempotency_key, delete_idempotency_keys_of_transfer,
        find_idempotency_key, insert_idempotency_key,
    },
    transfers::{
        TransferRecord, TransferStatus, advance_transfer_booked, advance_transfer_rejected,
        find_pending_transfers, find_transfer, find_transfers_of_accounts,
        find_transfers_of_client, insert_transfer,
    },
    users::find_user,
};

use crate::{
    Engine,
    access::Access,
    bank::{BankAccount, PageMark, Rejection, TransferOrder, TransferOutcome, bookmark},
    error::{Error, Result},
};

/// Longest idempotency key, in bytes.
pub const LONGEST_KEY: usize = 255;

/// Most transfers on one page.
pub const LARGEST_PAGE: u32 = 100;

/// The person behind a token.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Me {
    /// Their id.
    pub user_id: UserId,
    /// The name to sign in with.
    pub username: String,
    /// The name that others see.
    pub display_name: String,
    /// Their language.
    pub locale: Locale,
}

/// A transfer as an app asks for it, checked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewTransfer {
    /// Amount, payee, reference.
    pub payment: Payment,
    /// The account that pays. When absent: the only chosen one of that currency, else the chosen
    /// wallet of that currency.
    pub from: Option<AccountId>,
}

impl NewTransfer {
    /// What an idempotency key stands for: every part of the request, by meaning.
    fn digest(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(self.payment.digest());
        hash.update(self.from.as_ref().map_or("", AccountId::as_str));
        hash.finalize().into()
    }
}

/// A transfer as an app sees it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Transfer {
    /// Its id.
    pub id: TransferId,
    /// What became of it.
    pub status: TransferState,
    /// Why it was rejected.
    pub rejection: Option<Rejection>,
    /// Whether money left the person's accounts or came in.
    pub direction: Direction,
    /// The person's account, on the side that is theirs.
    pub account: Option<AccountId>,
    /// How much, more than zero.
    pub amount: Money,
    /// The payer's name.
    pub from_name: String,
    /// The payer's account number.
    pub from_iban: Iban,
    /// The payee's name.
    pub to_name: String,
    /// The payee's account number.
    pub to_iban: Iban,
    /// What it is for.
    pub reference: Option<String>,
    /// When it was ordered.
    pub created_at: Timestamp,
    /// When money moved.
    pub booked_at: Option<Timestamp>,
}

/// What became of a transfer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TransferState {
    /// The bank has it and will book or reject it.
    Pending,
    /// Money has moved.
    Booked,
    /// No money will move.
    Rejected,
}

impl TransferState {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Booked => "booked",
            Self::Rejected => "rejected",
        }
    }
}

/// Which way money went.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Direction {
    /// From the person.
    Out,
    /// To the person.
    In,
}

impl Direction {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Out => "out",
            Self::In => "in",
        }
    }
}

/// A page of transfers, newest first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Transfers {
    /// The transfers.
    pub transfers: Vec<Transfer>,
    /// Where the next page begins, if there is one.
    pub next: Option<PageMark>,
}

/// Why money was not moved.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum TransferRefusal {
    /// The idempotency key is not one.
    #[error("the header Idempotency-Key must have 1 to 255 visible ASCII characters")]
    BadKey,
    /// The key stood for another request.
    #[error(
        "this Idempotency-Key was used for another transfer; send the very same request, or another key"
    )]
    KeyUsed,
    /// No account was named and several could be meant, or none.
    #[error("{0}")]
    NameAccount(String),
    /// The named account is not one that the person chose; whether it exists is not told.
    #[error("from_account is not one of the accounts that the person chose for this app")]
    AccountNotChosen,
    /// The token is for one payment, and this is another one.
    #[error("{0} is not what the person approved: this token is good for exactly that payment")]
    PaymentDiffers(&'static str),
    /// The token is for one payment, and that was made.
    #[error("the payment that the person approved was made already{}", made_as(.0.as_ref()))]
    PaymentUsed(Option<TransferId>),
    /// The bank said no, or would.
    #[error("{0}")]
    Rejected(Rejection),
}

fn made_as(transfer: Option<&TransferId>) -> String {
    transfer.map_or_else(String::new, |transfer| format!(": transfer {transfer}"))
}

/// Why a transaction stopped: rolled back, nothing written.
enum Stopped {
    Refused(TransferRefusal),
    Failed(store::Error),
}

impl From<store::Error> for Stopped {
    fn from(error: store::Error) -> Self {
        Self::Failed(error)
    }
}

/// What the first transaction found.
enum Began {
    /// Row and key are written.
    Now,
    /// The key was there before.
    Before(IdempotencyRecord),
}

impl Engine {
    /// Who the person behind the token is.
    pub async fn me(&self, access: &Access) -> Result<Me> {
        let user = find_user(self.env.store.reader(), person(access)?)
            .await?
            .ok_or_else(|| Error::Broken("a token of a person who is not there".into()))?;
        Ok(Me {
            user_id: user.id,
            username: user.username,
            display_name: user.display_name,
            locale: user.locale,
        })
    }

    /// The accounts that the person chose for this app and still has, in the bank's order.
    pub async fn chosen_accounts(&self, access: &Access) -> Result<Vec<BankAccount>> {
        let Some(consent) = &access.consent else {
            return Ok(Vec::new());
        };
        let mut accounts = self.env.bank.accounts_of(person(access)?).await?;
        accounts.retain(|account| {
            consent.accounts.contains(&account.id) && account.environment == access.environment
        });
        Ok(accounts)
    }

    /// Transfers from and to the chosen accounts, newest first. With another bank behind the trait:
    /// those that apps ordered here; everything else is in account information.
    pub async fn transfers(
        &self,
        access: &Access,
        after: Option<&PageMark>,
        limit: u32,
    ) -> Result<Transfers> {
        let chosen: Vec<AccountId> = self
            .chosen_accounts(access)
            .await?
            .into_iter()
            .map(|account| account.id)
            .collect();
        if chosen.is_empty() {
            return Ok(Transfers {
                transfers: Vec::new(),
                next: None,
            });
        }
        let (after, limit) = (after.map(bookmark), limit.clamp(1, LARGEST_PAGE));
        let found = find_transfers_of_accounts(
            self.env.store.reader(),
            &chosen,
            after.as_ref(),
            u64::from(limit) + 1,
        )
        .await?;
        Ok(page(found, limit, |transfer| seen(transfer, &chosen)))
    }

    /// What this app ordered for this person, newest first.
    pub async fn own_transfers(
        &self,
        access: &Access,
        after: Option<&PageMark>,
        limit: u32,
    ) -> Result<Transfers> {
        let (after, limit) = (after.map(bookmark), limit.clamp(1, LARGEST_PAGE));
        let reader = self.env.store.reader();
        let found = find_transfers_of_client(
            reader,
            &access.client,
            person(access)?,
            after.as_ref(),
            u64::from(limit) + 1,
        )
        .await?;
        Ok(page(found, limit, |transfer| {
            view(transfer, Direction::Out)
        }))
    }

    /// Moves money for the person behind the token, once per key.
    ///
    /// # Errors
    /// When storage failed before anything was written: no money moves. What the app did wrong is
    /// the inner result. Once the order is written, there are no more errors: the answer may then be a
    /// transfer that is still pending.
    pub async fn transfer(
        &self,
        access: &Access,
        new: &NewTransfer,
        key: Option<&str>,
    ) -> Result<Result<Transfer, TransferRefusal>> {
        if key.is_some_and(|key| !is_key(key)) {
            return Ok(Err(TransferRefusal::BadKey));
        }
        let user = person(access)?;
        if let Some(key) = key {
            let known =
                find_idempotency_key(self.env.store.reader(), &access.client, user, key).await?;
            if let Some(known) = known.filter(|known| self.env.now() < known.expires_at) {
                return self.same_again(&known, new).await;
            }
        }
        let payer = match self.payer(access, new).await? {
            Ok(payer) => payer,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let transfer = self.ordered(access, user, new, &payer);
        let claim = key.map(|key| self.claim(access, user, new, key, &transfer.id));
        match self.begin_transfer(transfer.clone(), claim).await? {
            Ok(Began::Now) => Ok(self.execute_or_leave(transfer).await),
            Ok(Began::Before(known)) => self.same_again(&known, new).await,
            Err(refusal) => Ok(Err(refusal)),
        }
    }

    /// Goes on with transfers that a process left pending: ordered longer than `idle` ago, at most
    /// `limit`. Answers how many were settled. For a job; any number of nodes may do it at once.
    pub async fn resume_transfers(&self, idle: Duration, limit: u64) -> Result<usize> {
        let before = self.env.now() - idle;
        let mut settled = 0;
        for transfer in find_pending_transfers(self.env.store.reader(), before, limit).await? {
            let id = transfer.id.clone();
            match self.execute(transfer).await {
                Ok(Ok(transfer)) if transfer.status == TransferState::Pending => {}
                Ok(_) => settled += 1,
                // One order that the bank does not understand must not hold up the others.
                Err(error) => {
                    tracing::error!(transfer = %id, %error, "a pending transfer was not resumed")
                }
            }
        }
        Ok(settled)
    }

    /// The transfer that a key stands for, wherever it stopped.
    async fn same_again(
        &self,
        known: &IdempotencyRecord,
        new: &NewTransfer,
    ) -> Result<Result<Transfer, TransferRefusal>> {
        if known.request_digest != new.digest() {
            return Ok(Err(TransferRefusal::KeyUsed));
        }
        let transfer = find_transfer(self.env.store.reader(), &known.transfer_id)
            .await?
            .ok_or_else(|| {
                Error::Broken(format!("no transfer {} for its key", known.transfer_id))
            })?;
        match transfer.status {
            TransferStatus::Pending => return Ok(self.execute_or_leave(transfer).await),
            // A process was killed before it could forget the key.
            TransferStatus::Rejected => {
                self.note_rejected(transfer.clone(), rejection(&transfer))
                    .await?
            }
            TransferStatus::Booked => {}
        }
        Ok(settled(transfer))
    }

    /// The account that pays: one that the person chose, of the right currency, with enough on it.
    async fn payer(
        &self,
        access: &Access,
        new: &NewTransfer,
    ) -> Result<Result<BankAccount, TransferRefusal>> {
        let approved = access
            .consent
            .as_ref()
            .and_then(|consent| consent.payment.as_ref());
        if let (Some(approved), Some(consent)) = (approved, &access.consent) {
            if let Some(field) = difference(&new.payment, approved) {
                return Ok(Err(TransferRefusal::PaymentDiffers(field)));
            }
            // Read afresh, so that the answer is right; the transaction below decides.
            let consent = find_consent(self.env.store.reader(), &consent.id).await?;
            if let Some(used) = used_payment(self.env.store.reader(), consent.as_ref()).await? {
                return Ok(Err(TransferRefusal::PaymentUsed(Some(used))));
            }
        }
        let chosen = self.chosen_accounts(access).await?;
        let payer = match choose(&chosen, new) {
            Ok(payer) => payer,
            Err(refusal) => return Ok(Err(refusal)),
        };
        // The bank decides again. This keeps a hopeless order from leaving a trace.
        if payer.available.minor < new.payment.amount.minor {
            return Ok(Err(TransferRefusal::Rejected(Rejection::TooLittleMoney)));
        }
        Ok(Ok(payer.clone()))
    }

    fn ordered(
        &self,
        access: &Access,
        user: &UserId,
        new: &NewTransfer,
        payer: &BankAccount,
    ) -> TransferRecord {
        TransferRecord {
            id: TransferId::new(self.env.id()),
            from_account: Some(payer.id.clone()),
            to_account: None,
            from_iban: payer.iban.clone(),
            from_name: payer.owner_name.clone(),
            to_iban: new.payment.creditor_iban.clone(),
            to_name: new.payment.creditor_name.clone(),
            amount: new.payment.amount,
            reference: new.payment.reference.clone().unwrap_or_default(),
            status: TransferStatus::Pending,
            reason: None,
            client_id: Some(access.client.clone()),
            user_id: Some(user.clone()),
            consent_id: access.consent.as_ref().map(|consent| consent.id.clone()),
            created_at: self.env.now(),
            booked_at: None,
        }
    }

    fn claim(
        &self,
        access: &Access,
        user: &UserId,
        new: &NewTransfer,
        key: &str,
        transfer: &TransferId,
    ) -> IdempotencyRecord {
        let now = self.env.now();
        IdempotencyRecord {
            client_id: access.client.clone(),
            user_id: user.clone(),
            key: key.to_owned(),
            request_digest: new.digest(),
            transfer_id: transfer.clone(),
            response: None,
            created_at: now,
            expires_at: now + self.env.settings.idempotency_lifetime,
        }
    }

    /// Writes row, key and use of the payment, all or nothing.
    async fn begin_transfer(
        &self,
        transfer: TransferRecord,
        claim: Option<IdempotencyRecord>,
    ) -> Result<Result<Began, TransferRefusal>> {
        let now = self.env.now();
        let began = self
            .env
            .store
            .write::<_, Stopped, _>(move |tx| {
                Box::pin(async move {
                    if let Some(claim) = &claim
                        && let Some(known) = claim_key(tx, claim, now).await?
                    {
                        return Ok(Began::Before(known));
                    }
                    use_payment(tx, &transfer).await?;
                    insert_transfer(tx, &transfer).await?;
                    Ok(Began::Now)
                })
            })
            .await;
        match began {
            Ok(began) => Ok(Ok(began)),
            Err(Stopped::Refused(refusal)) => Ok(Err(refusal)),
            Err(Stopped::Failed(error)) => Err(error.into()),
        }
    }

    /// As [`Engine::execute`]; but once the order is written down, a bank that cannot be asked is no
    /// failure of the request. The transfer stays pending and is resumed. To answer with an error would
    /// invite an app without a key to order a second time.
    async fn execute_or_leave(
        &self,
        transfer: TransferRecord,
    ) -> Result<Transfer, TransferRefusal> {
        match self.execute(transfer.clone()).await {
            Ok(outcome) => outcome,
            Err(error) => {
                tracing::warn!(transfer = %transfer.id, %error, "a transfer stays pending for now");
                Ok(view(transfer, Direction::Out))
            }
        }
    }

    /// Asks the bank to move the money of a pending transfer, and remembers what it said.
    async fn execute(&self, transfer: TransferRecord) -> Result<Result<Transfer, TransferRefusal>> {
        let Some(from) = transfer.from_account.clone() else {
            return Err(Error::Broken(format!(
                "transfer {} has no account to pay from",
                transfer.id
            )));
        };
        let order = TransferOrder {
            id: transfer.id.clone(),
            from,
            amount: transfer.amount,
            creditor_name: transfer.to_name.clone(),
            creditor_iban: transfer.to_iban.clone(),
            reference: transfer.reference.clone(),
        };
        let outcome = self.env.bank.execute(order).await?;
        let id = transfer.id.clone();
        match outcome {
            TransferOutcome::Accepted => return Ok(Ok(view(transfer, Direction::Out))),
            TransferOutcome::Booked { at } => {
                tracing::info!(transfer = %id, "a transfer was booked");
                self.note_booked(&id, at).await?;
            }
            TransferOutcome::Rejected(rejection) => {
                tracing::info!(transfer = %id, %rejection, "a transfer was rejected");
                self.note_rejected(transfer, rejection).await?;
            }
        }
        let transfer = find_transfer(self.env.store.reader(), &id)
            .await?
            .ok_or_else(|| Error::Broken(format!("transfer {id} is gone")))?;
        Ok(settled(transfer))
    }

    /// The built-in ledger has written it with the entries; another bank has not.
    async fn note_booked(&self, id: &TransferId, at: Timestamp) -> Result<()> {
        let known = find_transfer(self.env.store.reader(), id).await?;
        if known.is_none_or(|transfer| transfer.status != TransferStatus::Pending) {
            return Ok(());
        }
        let id = id.clone();
        self.env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    let _another_call_may_have_noted_it =
                        advance_transfer_booked(tx, &id, at).await?;
                    Ok(())
                })
            })
            .await
    }

    /// Nothing was moved: the key is forgotten and the payment given back, so that a later try can
    /// succeed. The row stays, as what happened.
    async fn note_rejected(&self, transfer: TransferRecord, rejection: Rejection) -> Result<()> {
        self.env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    let id = &transfer.id;
                    let _the_ledger_has_noted_it =
                        advance_transfer_rejected(tx, id, rejection.as_str()).await?;
                    if let Some(consent) = &transfer.consent_id {
                        let _only_if_it_was_a_payment =
                            advance_consent_payment_released(tx, consent, id).await?;
                    }
                    if let (Some(client), Some(user)) = (&transfer.client_id, &transfer.user_id) {
                        delete_idempotency_keys_of_transfer(tx, client, user, id).await?;
                    }
                    Ok(())
                })
            })
            .await
    }
}

/// Claims the key; `Some` when it stands for an earlier request.
async fn claim_key(
    tx: &Tx,
    claim: &IdempotencyRecord,
    now: Timestamp,
) -> Result<Option<IdempotencyRecord>, store::Error> {
    // At most one round more than keys that have run out and were not swept yet.
    for _ in 0..3 {
        if insert_idempotency_key(tx, claim).await? == Advanced::Yes {
            return Ok(None);
        }
        let (client, user, key) = (&claim.client_id, &claim.user_id, &claim.key);
        match find_idempotency_key(tx, client, user, key).await? {
            Some(known) if now < known.expires_at => return Ok(Some(known)),
            Some(old) => {
                let _whoever_was_first =
                    delete_idempotency_key(tx, client, user, key, &old.transfer_id).await?;
            }
            None => {}
        }
    }
    Err(store::Error::Busy)
}

/// Uses up the payment that the consent is for, if it is for one.
async fn use_payment(tx: &Tx, transfer: &TransferRecord) -> Result<(), Stopped> {
    let Some(id) = &transfer.consent_id else {
        return Ok(());
    };
    if advance_consent_payment_used(tx, id, &transfer.id).await? == Advanced::Yes {
        return Ok(());
    }
    // Refused because it is not about a payment, or because it was used, or because it has ended.
    let consent = find_consent(tx, id).await?;
    if consent
        .as_ref()
        .is_some_and(|consent| consent.payment.is_none())
    {
        return Ok(());
    }
    let used = used_payment(tx, consent.as_ref()).await?;
    let earlier = consent.and_then(|consent| consent.payment_used_by);
    if let (None, Some(rejected)) = (&used, earlier)
        && advance_consent_payment_released(tx, id, &rejected).await? == Advanced::Yes
        && advance_consent_payment_used(tx, id, &transfer.id).await? == Advanced::Yes
    {
        return Ok(());
    }
    Err(Stopped::Refused(TransferRefusal::PaymentUsed(used)))
}

/// The transfer that the one payment of a consent became. A transfer that the bank rejected does not
/// count, also when the process was killed before it could give the payment back.
async fn used_payment(
    db: &impl Reads,
    consent: Option<&ConsentRecord>,
) -> Result<Option<TransferId>, store::Error> {
    let Some(used) = consent.and_then(|consent| consent.payment_used_by.clone()) else {
        return Ok(None);
    };
    let transfer = find_transfer(db, &used).await?;
    let rejected = transfer.is_some_and(|transfer| transfer.status == TransferStatus::Rejected);
    Ok((!rejected).then_some(used))
}

/// Which part of a request differs from what the person approved.
fn difference(asked: &Payment, approved: &Payment) -> Option<&'static str> {
    [
        (
            "currency",
            asked.amount.currency == approved.amount.currency,
        ),
        ("amount", asked.amount.minor == approved.amount.minor),
        ("to.iban", asked.creditor_iban == approved.creditor_iban),
        ("to.name", asked.creditor_name == approved.creditor_name),
        ("reference", asked.reference == approved.reference),
    ]
    .into_iter()
    .find_map(|(field, same)| (!same).then_some(field))
}

/// The account that pays, among the chosen ones.
fn choose<'a>(
    chosen: &'a [BankAccount],
    new: &NewTransfer,
) -> Result<&'a BankAccount, TransferRefusal> {
    let currency = new.payment.amount.currency;
    if let Some(named) = &new.from {
        let account = chosen
            .iter()
            .find(|account| account.id == *named)
            .ok_or(TransferRefusal::AccountNotChosen)?;
        return if account.currency == currency {
            Ok(account)
        } else {
            Err(TransferRefusal::NameAccount(format!(
                "from_account holds {}, not {currency}",
                account.currency
            )))
        };
    }
    let of_currency: Vec<&BankAccount> = chosen
        .iter()
        .filter(|account| account.currency == currency)
        .collect();
    let mut wallets = of_currency
        .iter()
        .filter(|account| account.kind == "wallet");
    match (of_currency.as_slice(), wallets.next(), wallets.next()) {
        ([], ..) => Err(TransferRefusal::NameAccount(format!(
            "the person chose no account that holds {currency}"
        ))),
        ([only], ..) => Ok(only),
        (_, Some(wallet), None) => Ok(wallet),
        _ => Err(TransferRefusal::NameAccount(format!(
            "the person chose several accounts that hold {currency}: name one in from_account"
        ))),
    }
}

/// What is told of a transfer that is decided.
fn settled(transfer: TransferRecord) -> Result<Transfer, TransferRefusal> {
    match transfer.status {
        TransferStatus::Rejected => Err(TransferRefusal::Rejected(rejection(&transfer))),
        TransferStatus::Pending | TransferStatus::Booked => Ok(view(transfer, Direction::Out)),
    }
}

/// Why a rejected transfer was rejected.
fn rejection(transfer: &TransferRecord) -> Rejection {
    transfer
        .reason
        .as_deref()
        .and_then(Rejection::of)
        .unwrap_or(Rejection::AccountClosed)
}

/// A transfer from the side of the chosen accounts.
fn seen(transfer: TransferRecord, chosen: &[AccountId]) -> Transfer {
    let out = transfer
        .from_account
        .as_ref()
        .is_some_and(|from| chosen.contains(from));
    view(transfer, if out { Direction::Out } else { Direction::In })
}

fn view(transfer: TransferRecord, direction: Direction) -> Transfer {
    Transfer {
        status: match transfer.status {
            TransferStatus::Pending => TransferState::Pending,
            TransferStatus::Booked => TransferState::Booked,
            TransferStatus::Rejected => TransferState::Rejected,
        },
        rejection: transfer.reason.as_deref().and_then(Rejection::of),
        account: match direction {
            Direction::Out => transfer.from_account,
            Direction::In => transfer.to_account,
        },
        direction,
        id: transfer.id,
        amount: transfer.amount,
        from_name: transfer.from_name,
        from_iban: transfer.from_iban,
        to_name: transfer.to_name,
        to_iban: transfer.to_iban,
        reference: Some(transfer.reference).filter(|reference| !reference.is_empty()),
        created_at: transfer.created_at,
        booked_at: transfer.booked_at,
    }
}

fn page(
    mut found: Vec<TransferRecord>,
    limit: u32,
    view: impl Fn(TransferRecord) -> Transfer,
) -> Transfers {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = found.len() > limit;
    found.truncate(limit);
    let last = found.last().filter(|_| more);
    let next = last.map(|last| PageMark {
        at: last.created_at,
        id: last.id.to_string(),
    });
    Transfers {
        transfers: found.into_iter().map(view).collect(),
        next,
    }
}

/// The person behind a token; the guard before every use case sees to it that there is one.
fn person(access: &Access) -> Result<&UserId> {
    access
        .user
        .as_ref()
        .ok_or_else(|| Error::Broken("a token without a person got past the guard".into()))
}

fn is_key(key: &str) -> bool {
    (1..=LONGEST_KEY).contains(&key.len())
        && key
            .bytes()
            .all(|byte| byte.is_ascii_graphic() || byte == b' ')
}

#[cfg(test)]
mod tests {
    use protocol::{client::Environment, money::Currency};

    use super::*;

    fn account(id: &str, kind: &str, currency: Currency) -> BankAccount {
        BankAccount {
            id: AccountId::new(id),
            environment: Environment::Sandbox,
            kind: kind.to_owned(),
            name: String::new(),
            iban: Iban::parse("LT121000011101001000").unwrap(),
            currency,
            owner_name: String::new(),
            product: String::new(),
            available: Money::new(0, currency),
            reserved: Money::new(0, currency),
            eligible: Ok(()),
        }
    }

    fn new(from: Option<&str>, currency: Currency) -> NewTransfer {
        let iban = Iban::parse("LT121000011101001000").unwrap();
        let payment = Payment::new(Money::new(1, currency), "A", iban, Some("r")).unwrap();
        NewTransfer {
            payment,
            from: from.map(AccountId::new),
        }
    }

    #[test]
    fn the_only_account_of_the_currency_pays_else_the_wallet_else_the_app_must_say() {
        let (eur, pln) = (Currency::EUR, Currency::PLN);
        let [a, b, w, z] = [
            account("a", "current", eur),
            account("b", "savings", eur),
            account("w", "wallet", eur),
            account("z", "current", pln),
        ];
        let chosen = |accounts: &[&BankAccount]| {
            accounts
                .iter()
                .map(|account| (*account).clone())
                .collect::<Vec<_>>()
        };
        let table = [
            (chosen(&[&a, &z]), new(None, eur), Some("a")),
            (chosen(&[&a, &b, &w]), new(None, eur), Some("w")),
            (chosen(&[&a, &b]), new(None, eur), None),
            (chosen(&[&a, &b]), new(Some("b"), eur), Some("b")),
            (chosen(&[&w]), new(Some("a"), eur), None),
            (chosen(&[&w, &z]), new(Some("z"), eur), None),
            (chosen(&[&w]), new(None, pln), None),
            (chosen(&[]), new(None, eur), None),
        ];
        for (at, (chosen, new, expected)) in table.iter().enumerate() {
            let payer = choose(chosen, new).ok().map(|account| account.id.as_str());
            assert_eq!(payer, *expected, "row {at}");
        }
    }

    #[test]
    fn every_field_of_an_approved_payment_counts() {
        let approved = new(None, Currency::EUR).payment;
        assert_eq!(difference(&approved, &approved), None);
        let changed = [
            (
                "currency",
                Payment {
                    amount: Money::new(1, Currency::PLN),
                    ..approved.clone()
                },
            ),
            (
                "amount",
                Payment {
                    amount: Money::new(2, Currency::EUR),
                    ..approved.clone()
                },
            ),
            (
                "to.iban",
                Payment {
                    creditor_iban: Iban::parse("DE89370400440532013000").unwrap(),
                    ..approved.clone()
                },
            ),
            (
                "to.name",
                Payment {
                    creditor_name: "B".into(),
                    ..approved.clone()
                },
            ),
            (
                "reference",
                Payment {
                    reference: None,
                    ..approved.clone()
                },
            ),
        ];
        for (field, payment) in changed {
            assert_eq!(difference(&payment, &approved), Some(field));
        }
    }

    #[test]
    fn keys_are_visible_and_not_endless() {
        assert!(is_key("order-7") && is_key(&"k".repeat(255)) && is_key("a b"));
        assert!(!is_key("") && !is_key(&"k".repeat(256)) && !is_key("ž") && !is_key("a\nb"));
    }
}
