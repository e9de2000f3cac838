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
//! | payment written down before | the same, once over all who approved it: `pending.rs` |

mod choice;
mod key;
mod once;
mod pending;
mod transfer;

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
    transfers::{
        TransferRecord, TransferStatus, find_transfers_of_accounts, find_transfers_of_client,
    },
    users::find_user,
};

use crate::{
    Engine,
    access::Access,
    bank::{BankAccount, PageMark, Rejection, bookmark},
    error::{Error, Result},
};

pub use pending::WaitingTransfer;

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
    /// The token is for a pending transfer whose time is over.
    #[error("the pending transfer that the person approved has run out")]
    PaymentExpired,
    /// The bank said no, or would.
    #[error("{0}")]
    Rejected(Rejection),
}

fn made_as(transfer: Option<&TransferId>) -> String {
    transfer.map_or_else(String::new, |transfer| format!(": transfer {transfer}"))
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
