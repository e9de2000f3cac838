//! People with accounts, apps with tokens for them, and banks that fail in the middle: what the
//! stories about money share.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use engine::{
    Engine, Env, Error,
    access::Access,
    bank::{
        AppAccount, Bank, BankAccount, CaptureOrder, CaptureOutcome, Ledger, Pending,
        ReleaseOutcome, ReserveOrder, ReserveOutcome, TransactionPage, TransactionQuery,
        TransferOrder, TransferOutcome,
    },
    caches::Caches,
    env::ChaChaChance,
    passwords::Passwords,
    register::NewAccount,
    seal::{Seal, SealKey},
    wallet::NewTransfer,
};
use protocol::{
    client::Environment,
    iban::Iban,
    ids::{AccountId, ReservationId, UserId},
    money::{Currency, Money},
    payment::Payment,
};
use store::{accounts::AccountKind, testing::TestDatabase};

use crate::house::{App, House};

/// An account number of a bank that does not exist.
pub const ELSEWHERE: &str = "DE89370400440532013000";

/// A Lithuanian account number made of a small number.
pub fn iban(number: u64) -> Iban {
    Iban::with_check_digits("LT", &format!("70000{number:011}")).expect("an account number")
}

pub fn euros(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

/// A payment in euro cents.
pub fn payment(minor: i64, to: &Iban, reference: Option<&str>) -> Payment {
    Payment::new(euros(minor), "Somebody", to.clone(), reference).expect("a payment")
}

/// A transfer in euro cents from whatever account is right.
pub fn transfer(minor: i64, to: &Iban) -> NewTransfer {
    NewTransfer {
        payment: payment(minor, to, Some("for something")),
        from: None,
    }
}

impl House {
    /// An account of a person, with this much on it.
    pub async fn account_of(
        &self,
        username: &str,
        kind: AccountKind,
        iban: &Iban,
        currency: &str,
        balance: &str,
    ) -> AccountId {
        self.engine
            .add_account(NewAccount {
                username: username.to_owned(),
                environment: Some(Environment::Sandbox),
                iban: iban.to_string(),
                currency: currency.to_owned(),
                balance: balance.to_owned(),
                name: None,
                kind: Some(kind),
            })
            .await
            .expect("an account")
            .account_id
    }

    /// What an app holds after a person allowed it this with these accounts.
    pub async fn access(
        &self,
        app: &App,
        user: &UserId,
        scope: &str,
        accounts: &[&AccountId],
    ) -> Arc<Access> {
        self.access_for(app, user, scope, accounts, None).await
    }

    /// The same for one payment.
    pub async fn access_for(
        &self,
        app: &App,
        user: &UserId,
        scope: &str,
        accounts: &[&AccountId],
        payment: Option<Payment>,
    ) -> Arc<Access> {
        let accounts = accounts.iter().map(|account| (*account).clone()).collect();
        let grant = self
            .grant_with(app, user, scope, |consent, _| {
                consent.accounts = accounts;
                consent.payment = payment;
            })
            .await;
        let tokens = self.exchange(app, &grant).await.expect("tokens");
        self.engine
            .access(&tokens.access_token)
            .await
            .expect("storage")
            .expect("a good token")
    }

    /// What can be paid out of an account, in minor units.
    pub async fn available(&self, account: &AccountId) -> i64 {
        let account = self
            .engine
            .env()
            .bank
            .account(account)
            .await
            .expect("the bank answers");
        account.expect("an account").available.minor
    }

    /// The built-in ledger of this house.
    pub fn ledger(&self) -> Ledger {
        Ledger::new(self.store.clone(), self.clock.clone(), fresh_chance())
    }

    /// The same house with another bank behind it, as another process.
    pub fn with_bank(&self, bank: Arc<dyn Bank>) -> Engine {
        let settings = self.engine.env().settings.clone();
        Engine::new(Env {
            clock: self.clock.clone(),
            chance: fresh_chance(),
            seal: Seal::new(vec![SealKey {
                id: 1,
                key: [9; 32].into(),
            }])
            .expect("a key"),
            store: self.store.clone(),
            bank,
            passwords: Passwords::new(&settings).expect("parameters"),
            caches: Caches::new(&settings),
            settings,
        })
    }
}

/// Randomness that nobody had before: two processes never make the same ids.
pub fn fresh_chance() -> Arc<ChaChaChance> {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let mut seed = [77; 32];
    seed[..8].copy_from_slice(&NEXT.fetch_add(1, Ordering::SeqCst).to_le_bytes());
    Arc::new(ChaChaChance::from_seed(seed))
}

/// Where a bank fails.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Breaks {
    /// Before it has done anything.
    Before,
    /// After it has done everything, on the way of the answer.
    After,
    /// The process that waits for the answer is killed: no answer ever comes.
    Never,
}

/// A ledger that fails at one place.
pub struct BrokenBank {
    pub ledger: Ledger,
    pub breaks: Breaks,
    /// How often it was asked to move money.
    pub asked: AtomicUsize,
    /// An order that is executed first, as if it came from elsewhere at the same moment.
    pub first: Option<TransferOrder>,
}

impl BrokenBank {
    pub fn new(house: &House, breaks: Breaks) -> Arc<Self> {
        Arc::new(Self {
            ledger: house.ledger(),
            breaks,
            asked: AtomicUsize::new(0),
            first: None,
        })
    }
}

impl Bank for BrokenBank {
    fn accounts_of<'a>(&'a self, user: &'a UserId) -> Pending<'a, Vec<BankAccount>> {
        self.ledger.accounts_of(user)
    }

    fn account<'a>(&'a self, account: &'a AccountId) -> Pending<'a, Option<BankAccount>> {
        self.ledger.account(account)
    }

    fn transactions<'a>(
        &'a self,
        account: &'a AccountId,
        query: &'a TransactionQuery,
    ) -> Pending<'a, TransactionPage> {
        self.ledger.transactions(account, query)
    }

    fn execute(&self, order: TransferOrder) -> Pending<'_, TransferOutcome> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        Box::pin(async move {
            if let Some(first) = &self.first {
                self.ledger.execute(first.clone()).await?;
            }
            match self.breaks {
                Breaks::Before => {}
                Breaks::After => {
                    self.ledger.execute(order).await?;
                }
                Breaks::Never => std::future::pending::<()>().await,
            }
            Err(Error::Busy("the line to the bank is dead".to_owned()))
        })
    }

    fn reserve(&self, order: ReserveOrder) -> Pending<'_, ReserveOutcome> {
        self.broken(move |ledger| Box::pin(async move { ledger.reserve(order).await.map(drop) }))
    }

    fn capture(&self, order: CaptureOrder) -> Pending<'_, CaptureOutcome> {
        self.broken(move |ledger| Box::pin(async move { ledger.capture(order).await.map(drop) }))
    }

    fn release<'a>(&'a self, reservation: &'a ReservationId) -> Pending<'a, ReleaseOutcome> {
        let id = reservation.clone();
        self.broken(move |ledger| Box::pin(async move { ledger.release(&id).await.map(drop) }))
    }

    fn app_account<'a>(&'a self, app: &'a AppAccount) -> Pending<'a, BankAccount> {
        self.ledger.app_account(app)
    }
}

impl BrokenBank {
    /// One call that fails where this bank fails.
    fn broken<T>(
        &self,
        done: impl for<'l> FnOnce(&'l Ledger) -> Pending<'l, ()> + Send + 'static,
    ) -> Pending<'_, T> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        Box::pin(async move {
            match self.breaks {
                Breaks::Before => {}
                Breaks::After => done(&self.ledger).await?,
                Breaks::Never => std::future::pending::<()>().await,
            }
            Err(Error::Busy("the line to the bank is dead".to_owned()))
        })
    }
}

/// The books are balanced: nothing came from nowhere, balances are the sums of their entries, every
/// booked transfer has two sides, and no person is below zero.
pub async fn assert_balanced(db: &TestDatabase) {
    let sums = [
        (
            "each transfer",
            "SELECT COUNT(*) FROM (SELECT transfer_id FROM ledger_entries GROUP BY transfer_id HAVING SUM(amount_minor) <> 0 OR COUNT(*) <> 2) AS odd",
        ),
        (
            "each currency and environment",
            "SELECT COUNT(*) FROM (SELECT currency FROM accounts GROUP BY environment, currency HAVING SUM(balance_minor) <> 0) AS odd",
        ),
        (
            "each balance",
            "SELECT COUNT(*) FROM accounts a WHERE a.balance_minor <> (SELECT COALESCE(SUM(e.amount_minor), 0) FROM ledger_entries e WHERE e.account_id = a.id)",
        ),
        (
            "each booked transfer",
            "SELECT COUNT(*) FROM transfers t WHERE (t.status = 'booked') <> EXISTS (SELECT 1 FROM ledger_entries e WHERE e.transfer_id = t.id)",
        ),
        (
            "people above zero",
            "SELECT COUNT(*) FROM accounts WHERE kind <> 'system' AND balance_minor < reserved_minor",
        ),
    ];
    for (what, sql) in sums {
        assert_eq!(db.number(sql).await, 0, "{what} on {}", db.name);
    }
}
