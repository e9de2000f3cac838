//! The ledger: whatever is ordered, in whatever order and at the same time, money is neither made nor lost.

use std::sync::atomic::{AtomicU64, Ordering};

use proptest::{
    prelude::*,
    test_runner::{Config, RngSeed, TestRunner},
};
use protocol::ids::{AccountId, TransferId};
use store::{
    Advanced, Error, Store, Tx,
    accounts::{find_account, insert_account},
    ledger::{
        Funds, Posted, Posting, advance_account_released, advance_account_reserved, post_transfer,
    },
    testing::{TestDatabase, databases, on_each_database},
    transfers::{TransferStatus, find_transfer, insert_transfer},
};
use tokio::task::JoinSet;

use crate::samples::{account, after, euros, transfer, with_users};

fn account_id(number: u32) -> AccountId {
    AccountId::new(format!("account-{number}"))
}

fn posting(id: &str, from: u32, to: u32, minor: i64, funds: Funds) -> Posting {
    Posting {
        transfer: TransferId::new(id),
        debit: account_id(from),
        credit: account_id(to),
        amount: euros(minor),
        funds,
        debit_entry: format!("{id}-out"),
        credit_entry: format!("{id}-in"),
        at: after(1),
    }
}

/// Orders and books one transfer.
async fn pay(
    tx: &Tx,
    id: &str,
    (from, to): (u32, u32),
    minor: i64,
    funds: Funds,
) -> Result<Posted, Error> {
    insert_transfer(tx, &transfer(id, from, to, minor)).await?;
    post_transfer(tx, &posting(id, from, to, minor, funds)).await
}

async fn with_accounts(store: &Store, accounts: &'static [(u32, i64)]) {
    let written: Result<(), Error> = store
        .write(move |tx| {
            Box::pin(async move {
                for (number, balance) in accounts {
                    let owner = (*number < 90).then_some("ona");
                    insert_account(tx, &account(*number, owner, *balance)).await?;
                }
                Ok(())
            })
        })
        .await;
    written.unwrap();
}

async fn balance(db: &TestDatabase, number: u32) -> (i64, i64) {
    let account = find_account(db.store.reader(), &account_id(number)).await;
    let account = account.unwrap().unwrap();
    (account.balance.minor, account.reserved_minor)
}

#[tokio::test]
async fn a_transfer_moves_money_once() {
    on_each_database(async |db| {
        with_users(&db.store, &["ona"]).await;
        with_accounts(&db.store, &[(1, 1000), (2, 50)]).await;
        let posted: Result<_, Error> = db
            .store
            .write(|tx| {
                Box::pin(async move {
                    let first = pay(tx, "one", (1, 2), 600, Funds::Available).await?;
                    let again = Posting {
                        debit_entry: "other-out".to_owned(),
                        credit_entry: "other-in".to_owned(),
                        ..posting("one", 1, 2, 600, Funds::Available)
                    };
                    let unknown = posting("unknown", 1, 2, 1, Funds::Available);
                    Ok([
                        first,
                        post_transfer(tx, &again).await?,
                        post_transfer(tx, &unknown).await?,
                    ])
                })
            })
            .await;
        let booked = Posted::Booked {
            debit_balance: 400,
            credit_balance: 650,
        };
        assert_eq!(posted, Ok([booked, Posted::NotPending, Posted::NotPending]));
        assert_eq!(balance(db, 1).await, (400, 0));
        assert_eq!(balance(db, 2).await, (650, 0));
        let found = find_transfer(db.store.reader(), &TransferId::new("one")).await;
        let found = found.unwrap().unwrap();
        assert_eq!(
            (found.status, found.booked_at),
            (TransferStatus::Booked, Some(after(1)))
        );
        assert_eq!(db.number("SELECT COUNT(*) FROM ledger_entries").await, 2);
        let sql = "SELECT balance_after FROM ledger_entries WHERE id = 'one-out'";
        assert_eq!(db.number(sql).await, 400);
    })
    .await;
}

#[tokio::test]
async fn a_posting_that_is_not_booked_leaves_no_trace() {
    on_each_database(async |db| {
        with_users(&db.store, &["ona"]).await;
        with_accounts(&db.store, &[(1, 100), (2, 100)]).await;
        // In both orders of the ids: what was credited first must go back too.
        for (number, (from, to, minor, expected)) in [
            (1, 2, 101, Posted::TooLittle),
            (2, 1, 101, Posted::TooLittle),
            (1, 7, 50, Posted::NoPayee),
            (7, 1, 50, Posted::TooLittle),
        ]
        .into_iter()
        .enumerate()
        {
            let posted: Result<_, Error> = db
                .store
                .write(move |tx| {
                    Box::pin(async move {
                        let id = format!("transfer-{number}");
                        let posted = pay(tx, &id, (from, to), minor, Funds::Available).await?;
                        let pending = find_transfer(tx, &TransferId::new(&id)).await?;
                        Ok((posted, pending.map(|transfer| transfer.status)))
                    })
                })
                .await;
            assert_eq!(posted, Ok((expected, Some(TransferStatus::Pending))));
        }
        assert_eq!(balance(db, 1).await, (100, 0));
        assert_eq!(balance(db, 2).await, (100, 0));
        assert_eq!(db.number("SELECT COUNT(*) FROM ledger_entries").await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_posting_of_nothing_or_to_oneself_is_refused() {
    on_each_database(async |db| {
        for (to, minor) in [(2, 0), (2, -5), (1, 5)] {
            let posted: Result<_, Error> = db
                .store
                .write(move |tx| {
                    Box::pin(async move {
                        post_transfer(tx, &posting("one", 1, to, minor, Funds::Available)).await
                    })
                })
                .await;
            assert!(matches!(posted, Err(Error::Broken(_))), "{posted:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn money_set_aside_is_spent_or_given_back() {
    on_each_database(async |db| {
        with_users(&db.store, &["ona"]).await;
        with_accounts(&db.store, &[(1, 1000), (2, 0)]).await;
        let told: Result<_, Error> = db
            .store
            .write(|tx| {
                Box::pin(async move {
                    let one = account_id(1);
                    let reserved = [
                        advance_account_reserved(tx, &one, euros(700)).await?,
                        advance_account_reserved(tx, &one, euros(301)).await?,
                        advance_account_reserved(tx, &one, euros(-1)).await?,
                        advance_account_released(tx, &one, euros(701)).await?,
                        advance_account_released(tx, &one, euros(-1)).await?,
                        advance_account_released(tx, &one, euros(200)).await?,
                    ];
                    let posted = [
                        // 500 of 1000 are free.
                        pay(tx, "free", (1, 2), 501, Funds::Available).await?,
                        pay(tx, "held", (1, 2), 501, Funds::Reserved).await?,
                        pay(tx, "capture", (1, 2), 400, Funds::Reserved).await?,
                    ];
                    Ok((reserved.map(Advanced::is_yes), posted))
                })
            })
            .await;
        let (reserved, posted) = told.unwrap();
        assert_eq!(reserved, [true, false, false, false, false, true]);
        assert_eq!(posted[..2], [Posted::TooLittle, Posted::TooLittle]);
        let booked = Posted::Booked {
            debit_balance: 600,
            credit_balance: 400,
        };
        assert_eq!(posted[2], booked);
        assert_eq!(balance(db, 1).await, (600, 100));
    })
    .await;
}

#[tokio::test]
async fn the_bank_itself_may_be_below_zero() {
    on_each_database(async |db| {
        with_users(&db.store, &["ona"]).await;
        with_accounts(&db.store, &[(1, 0), (99, 0)]).await;
        let posted: Result<_, Error> = db
            .store
            .write(|tx| {
                Box::pin(async move { pay(tx, "in", (99, 1), 500, Funds::Available).await })
            })
            .await;
        let booked = Posted::Booked {
            debit_balance: -500,
            credit_balance: 500,
        };
        assert_eq!(posted, Ok(booked));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn transfers_there_and_back_at_once_neither_block_nor_overspend() {
    on_each_database(async |db| {
        with_users(&db.store, &["ona"]).await;
        with_accounts(&db.store, &[(1, 300), (2, 300), (3, 300)]).await;
        let mut payers = JoinSet::new();
        for number in 0..60_u32 {
            let store = db.store.clone();
            let (from, to) = (1 + number % 3, 1 + (number + 1 + number % 2) % 3);
            payers.spawn(async move {
                store
                    .write::<_, Error, _>(move |tx| {
                        Box::pin(async move {
                            let id = format!("transfer-{number}");
                            pay(tx, &id, (from, to), 70, Funds::Available).await
                        })
                    })
                    .await
            });
        }
        let outcomes = payers.join_all().await;
        let booked = outcomes
            .iter()
            .filter(|outcome| matches!(outcome, Ok(Posted::Booked { .. })))
            .count();
        let refused = outcomes
            .iter()
            .filter(|o| **o == Ok(Posted::TooLittle))
            .count();
        assert_eq!(booked + refused, 60, "{outcomes:?}");
        assert!(booked >= 12, "each account had enough for four");
        assert_ledger_adds_up(db, 900).await;
    })
    .await;
}

/// One step of a story about money.
#[derive(Clone, Debug)]
enum Step {
    Pay { from: u32, to: u32, minor: i64 },
    PayAgain,
    Reserve { account: u32, minor: i64 },
    Release { account: u32, minor: i64 },
    Capture { from: u32, to: u32, minor: i64 },
    Fail { from: u32, to: u32, minor: i64 },
}

/// Accounts 1 to 4 are of people; 99 is of the bank.
fn step() -> impl Strategy<Value = Step> {
    let account = || prop_oneof![4 => 1..=4_u32, 1 => Just(99)];
    let pair = || (account(), account()).prop_filter("two accounts", |(from, to)| from != to);
    let minor = || 1..=700_i64;
    prop_oneof![
        5 => (pair(), minor()).prop_map(|((from, to), minor)| Step::Pay { from, to, minor }),
        1 => Just(Step::PayAgain),
        2 => (1..=4_u32, minor()).prop_map(|(account, minor)| Step::Reserve { account, minor }),
        1 => (1..=4_u32, minor()).prop_map(|(account, minor)| Step::Release { account, minor }),
        2 => (pair(), minor()).prop_map(|((from, to), minor)| Step::Capture { from, to, minor }),
        1 => (pair(), minor()).prop_map(|((from, to), minor)| Step::Fail { from, to, minor }),
    ]
}

/// What each account has after a story, reckoned by hand: balance and what is set aside.
#[derive(Clone, Debug, PartialEq)]
struct Books([(i64, i64); 5]);

impl Books {
    fn place(account: u32) -> usize {
        if account == 99 {
            4
        } else {
            account as usize - 1
        }
    }

    fn pay(&mut self, from: u32, to: u32, minor: i64, funds: Funds) -> bool {
        let (balance, reserved) = self.0[Self::place(from)];
        let enough = match funds {
            Funds::Available => from == 99 || balance - reserved >= minor,
            Funds::Reserved => reserved >= minor,
        };
        if enough {
            self.0[Self::place(from)].0 -= minor;
            if funds == Funds::Reserved {
                self.0[Self::place(from)].1 -= minor;
            }
            self.0[Self::place(to)].0 += minor;
        }
        enough
    }
}

#[test]
fn whatever_happens_the_ledger_adds_up() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let databases = runtime.block_on(databases());
    runtime.block_on(async {
        for db in &databases {
            with_users(&db.store, &["ona"]).await;
            with_accounts(&db.store, &[(1, 0), (2, 0), (3, 0), (4, 0), (99, 0)]).await;
        }
    });
    let next = AtomicU64::new(0);
    let config = Config {
        cases: 24,
        rng_seed: RngSeed::Fixed(20_261_122),
        failure_persistence: None,
        ..Config::default()
    };
    let story = proptest::collection::vec(step(), 1..30);
    TestRunner::new(config)
        .run(&story, |steps| {
            runtime.block_on(async {
                for db in &databases {
                    let case = next.fetch_add(1, Ordering::Relaxed);
                    tell(db, case, steps.clone()).await;
                }
            });
            Ok(())
        })
        .unwrap();
}

/// Runs the steps, each in a transaction of its own, beside the books reckoned by hand.
async fn tell(db: &TestDatabase, case: u64, steps: Vec<Step>) {
    let mut books = Books([(0, 0); 5]);
    for (place, number) in [1, 2, 3, 4, 99].into_iter().enumerate() {
        books.0[place] = balance(db, number).await;
    }
    let mut last: Option<Posting> = None;
    for (number, step) in steps.into_iter().enumerate() {
        let id = format!("case-{case}-{number}");
        match step {
            Step::Pay { from, to, minor } => {
                let posting = posting(&id, from, to, minor, Funds::Available);
                let expected = books.pay(from, to, minor, posting.funds);
                assert_eq!(order(db, &id, posting.clone()).await, expected);
                last = expected.then_some(posting);
            }
            Step::PayAgain => {
                if let Some(posting) = last.clone() {
                    let posted: Result<_, Error> = db
                        .store
                        .write(move |tx| Box::pin(async move { post_transfer(tx, &posting).await }))
                        .await;
                    assert_eq!(posted, Ok(Posted::NotPending));
                }
            }
            Step::Reserve { account, minor } => {
                let place = Books::place(account);
                let enough = books.0[place].0 - books.0[place].1 >= minor;
                let advanced: Result<_, Error> = db
                    .store
                    .write(move |tx| {
                        Box::pin(async move {
                            advance_account_reserved(tx, &account_id(account), euros(minor)).await
                        })
                    })
                    .await;
                assert_eq!(advanced.map(Advanced::is_yes), Ok(enough));
                if enough {
                    books.0[place].1 += minor;
                }
            }
            Step::Release { account, minor } => {
                let place = Books::place(account);
                let enough = books.0[place].1 >= minor;
                let advanced: Result<_, Error> = db
                    .store
                    .write(move |tx| {
                        Box::pin(async move {
                            advance_account_released(tx, &account_id(account), euros(minor)).await
                        })
                    })
                    .await;
                assert_eq!(advanced.map(Advanced::is_yes), Ok(enough));
                if enough {
                    books.0[place].1 -= minor;
                }
            }
            Step::Capture { from, to, minor } => {
                let posting = posting(&id, from, to, minor, Funds::Reserved);
                let expected = books.pay(from, to, minor, posting.funds);
                assert_eq!(order(db, &id, posting).await, expected);
            }
            Step::Fail { from, to, minor } => {
                let failed: Result<(), Error> = db
                    .store
                    .write(move |tx| {
                        Box::pin(async move {
                            let _ = pay(tx, &id, (from, to), minor, Funds::Available).await?;
                            Err(Error::Busy)
                        })
                    })
                    .await;
                assert_eq!(failed, Err(Error::Busy));
            }
        }
    }
    for (place, number) in [1, 2, 3, 4, 99].into_iter().enumerate() {
        assert_eq!(
            balance(db, number).await,
            books.0[place],
            "account {number}"
        );
    }
    assert_ledger_adds_up(db, 0).await;
}

async fn order(db: &TestDatabase, id: &str, posting: Posting) -> bool {
    let number = |account: &AccountId| account.as_str()["account-".len()..].parse().unwrap();
    let transfer = transfer(
        id,
        number(&posting.debit),
        number(&posting.credit),
        posting.amount.minor,
    );
    let posted: Result<_, Error> = db
        .store
        .write(move |tx| {
            Box::pin(async move {
                insert_transfer(tx, &transfer).await?;
                post_transfer(tx, &posting).await
            })
        })
        .await;
    match posted.unwrap() {
        Posted::Booked { .. } => true,
        Posted::TooLittle => false,
        other => panic!("{other:?}"),
    }
}

/// Sums of `BIGINT` are wider than `BIGINT` on PostgreSQL.
async fn assert_ledger_adds_up(db: &TestDatabase, in_the_beginning: i64) {
    let sum = "SELECT CAST(COALESCE(SUM(amount_minor), 0) AS BIGINT) FROM ledger_entries";
    assert_eq!(db.number(sum).await, 0, "the sum of all entries");
    let one_sided = "SELECT COUNT(*) FROM (SELECT transfer_id FROM ledger_entries GROUP BY transfer_id \
                     HAVING SUM(amount_minor) <> 0 OR COUNT(*) <> 2) AS t";
    assert_eq!(
        db.number(one_sided).await,
        0,
        "transfers that do not add up"
    );
    let total = "SELECT CAST(SUM(balance_minor) AS BIGINT) FROM accounts";
    assert_eq!(
        db.number(total).await,
        in_the_beginning,
        "the sum of all balances"
    );
    let below = "SELECT COUNT(*) FROM accounts WHERE reserved_minor < 0 \
                 OR (kind <> 'system' AND balance_minor < reserved_minor)";
    assert_eq!(db.number(below).await, 0, "accounts below zero");
    let unbooked = "SELECT COUNT(*) FROM transfers t WHERE (t.status = 'booked') <> \
                    EXISTS (SELECT 1 FROM ledger_entries e WHERE e.transfer_id = t.id)";
    assert_eq!(
        db.number(unbooked).await,
        0,
        "transfers booked without entries, or the reverse"
    );
    let started = in_the_beginning / 3;
    let differing = format!(
        "SELECT COUNT(*) FROM accounts a WHERE balance_minor <> {started} + \
         (SELECT COALESCE(SUM(amount_minor), 0) FROM ledger_entries e WHERE e.account_id = a.id)"
    );
    assert_eq!(
        db.number(&differing).await,
        0,
        "balances that are not the sum of their entries"
    );
}
