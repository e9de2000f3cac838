//! The built-in bank.

use std::cell::Cell;

use engine::bank::{
    Bank, BookingStatus, PageMark, Rejection, TransactionQuery, TransferOrder, TransferOutcome,
};
use futures_util::future::join_all;
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use protocol::{
    client::Environment,
    iban::Iban,
    ids::{AccountId, TransferId},
    money::{Currency, Money},
    time::Date,
};
use store::{
    accounts::{AccountKind, AccountRecord, find_account_by_iban, insert_account},
    testing::{TestDatabase, databases, on_each_database},
};

use crate::{
    house::{House, START, seconds},
    money::{ELSEWHERE, assert_balanced, euros, iban},
};

fn order(id: &str, from: &AccountId, minor: i64, to: &Iban) -> TransferOrder {
    TransferOrder {
        id: TransferId::new(id),
        from: from.clone(),
        amount: euros(minor),
        creditor_name: "Somebody".to_owned(),
        creditor_iban: to.clone(),
        reference: "for something".to_owned(),
    }
}

fn elsewhere() -> Iban {
    Iban::parse(ELSEWHERE).expect("an account number")
}

/// Ona with 100.00 EUR and Jonas with 50.00 EUR.
async fn ona_and_jonas(house: &House) -> (AccountId, AccountId) {
    house.person("ona").await;
    house.person("jonas").await;
    let ona = house
        .account_of("ona", AccountKind::Current, &iban(1), "EUR", "100.00")
        .await;
    let jonas = house
        .account_of("jonas", AccountKind::Current, &iban(2), "EUR", "50.00")
        .await;
    (ona, jonas)
}

fn everything(status: BookingStatus, limit: u32) -> TransactionQuery {
    let day = |text: &str| text.parse::<Date>().expect("a day");
    TransactionQuery {
        from: day("2026-01-01"),
        to: day("2026-12-31"),
        status,
        after: None,
        limit,
    }
}

#[tokio::test]
async fn money_that_leaves_one_account_arrives_at_the_other() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let (ona, jonas) = ona_and_jonas(&house).await;
        let bank = house.ledger();
        house.later(seconds(1));
        let outcome = bank
            .execute(order("t1", &ona, 30_00, &iban(2)))
            .await
            .expect("an outcome");
        assert_eq!(outcome, TransferOutcome::Booked { at: house.now() });
        assert_eq!(
            (house.available(&ona).await, house.available(&jonas).await),
            (70_00, 80_00)
        );

        let seen = bank
            .transactions(&ona, &everything(BookingStatus::Booked, 10))
            .await
            .expect("a page");
        let last = &seen.transactions[0];
        assert_eq!(
            (last.amount, last.party_iban.as_ref()),
            (euros(-30_00), Some(&iban(2)))
        );
        assert_eq!(last.balance_after, Some(euros(70_00)));
        let seen = bank
            .transactions(&jonas, &everything(BookingStatus::Booked, 10))
            .await
            .expect("a page");
        let last = &seen.transactions[0];
        assert_eq!(
            (last.amount, last.party_name.as_str()),
            (euros(30_00), "ona")
        );
        assert_balanced(db).await;
    })
    .await;
}

#[tokio::test]
async fn who_banks_elsewhere_is_paid_through_the_clearing_account() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let (ona, _) = ona_and_jonas(&house).await;
        let bank = house.ledger();
        bank.execute(order("t1", &ona, 30_00, &elsewhere()))
            .await
            .expect("an outcome");
        assert_eq!(house.available(&ona).await, 70_00);
        let clearing = AccountId::new("clearing-sandbox-eur");
        assert_eq!(
            bank.account(&clearing).await.expect("an answer"),
            None,
            "no account of people's"
        );
        let outcome = bank
            .execute(order("t2", &clearing, 1, &iban(1)))
            .await
            .expect("an outcome");
        assert_eq!(
            outcome,
            TransferOutcome::Rejected(Rejection::AccountClosed),
            "nobody pays from it"
        );
        assert_balanced(db).await;
    })
    .await;
}

#[tokio::test]
async fn the_same_order_again_is_the_same_outcome_and_moves_nothing() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let (ona, jonas) = ona_and_jonas(&house).await;
        let bank = house.ledger();
        let first = bank
            .execute(order("t1", &ona, 30_00, &iban(2)))
            .await
            .expect("an outcome");
        let poor = bank
            .execute(order("t2", &ona, 80_00, &iban(2)))
            .await
            .expect("an outcome");
        assert_eq!(poor, TransferOutcome::Rejected(Rejection::TooLittleMoney));
        house.later(seconds(60));
        assert_eq!(
            bank.execute(order("t1", &ona, 30_00, &iban(2)))
                .await
                .expect("an outcome"),
            first
        );
        // A rejection is final too, also when there is enough by now.
        bank.execute(order("t3", &jonas, 50_00, &iban(1)))
            .await
            .expect("an outcome");
        assert_eq!(
            bank.execute(order("t2", &ona, 80_00, &iban(2)))
                .await
                .expect("an outcome"),
            poor
        );
        // An id belongs to one order.
        assert!(
            bank.execute(order("t1", &ona, 31_00, &iban(2)))
                .await
                .is_ok_and(|outcome| outcome == first)
        );
        assert_eq!(
            (house.available(&ona).await, house.available(&jonas).await),
            (120_00, 30_00)
        );
        assert_balanced(db).await;
    })
    .await;
}

#[tokio::test]
async fn fifty_calls_at_once_with_one_id_move_money_once() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let (ona, jonas) = ona_and_jonas(&house).await;
        let bank = house.ledger();
        let calls = (0..50).map(|_| bank.execute(order("t1", &ona, 10_00, &iban(2))));
        for outcome in join_all(calls).await {
            assert_eq!(
                outcome.expect("an outcome"),
                TransferOutcome::Booked { at: START }
            );
        }
        assert_eq!(
            (house.available(&ona).await, house.available(&jonas).await),
            (90_00, 60_00)
        );
        assert_balanced(db).await;
    })
    .await;
}

#[tokio::test]
async fn what_is_there_once_is_spent_once() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let (ona, jonas) = ona_and_jonas(&house).await;
        let bank = house.ledger();
        let calls = (0..30).map(|number| {
            let id = format!("t{number}");
            let bank = bank.clone();
            let ona = ona.clone();
            async move {
                bank.execute(order(&id, &ona, 15_00, &iban(2)))
                    .await
                    .expect("an outcome")
            }
        });
        let outcomes = join_all(calls).await;
        let booked = outcomes
            .iter()
            .filter(|outcome| matches!(outcome, TransferOutcome::Booked { .. }))
            .count();
        assert_eq!(booked, 6);
        assert_eq!(
            (house.available(&ona).await, house.available(&jonas).await),
            (10_00, 140_00)
        );
        assert_balanced(db).await;
    })
    .await;
}

#[tokio::test]
async fn payments_there_and_back_at_once_do_not_wait_for_each_other_for_ever() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let (ona, jonas) = ona_and_jonas(&house).await;
        let bank = house.ledger();
        let calls = (0..40).map(|number| {
            let (from, to) = if number % 2 == 0 {
                (&ona, iban(2))
            } else {
                (&jonas, iban(1))
            };
            let (bank, order) = (bank.clone(), order(&format!("t{number}"), from, 1_00, &to));
            async move { bank.execute(order).await.expect("an outcome") }
        });
        for outcome in join_all(calls).await {
            assert!(matches!(outcome, TransferOutcome::Booked { .. }));
        }
        assert_eq!(
            (house.available(&ona).await, house.available(&jonas).await),
            (100_00, 50_00)
        );
        assert_balanced(db).await;
    })
    .await;
}

#[tokio::test]
async fn orders_that_cannot_be_are_rejected_with_their_reason() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let (ona, _) = ona_and_jonas(&house).await;
        house
            .account_of("jonas", AccountKind::Current, &iban(3), "PLN", "5.00")
            .await;
        let bank = house.ledger();
        let zloty = TransferOrder {
            amount: Money::new(1, Currency::PLN),
            ..order("t4", &ona, 1, &iban(2))
        };
        for (order, rejection) in [
            (
                order("t1", &ona, 100_01, &iban(2)),
                Rejection::TooLittleMoney,
            ),
            (order("t2", &ona, 1, &iban(1)), Rejection::SameAccount),
            (order("t3", &ona, 1, &iban(3)), Rejection::OtherCurrency),
            (zloty, Rejection::OtherCurrency),
            (
                order("t5", &AccountId::new("nobody's"), 1, &iban(2)),
                Rejection::AccountClosed,
            ),
        ] {
            let id = order.id.clone();
            let outcome = bank.execute(order).await.expect("an outcome");
            assert_eq!(outcome, TransferOutcome::Rejected(rejection), "{id}");
        }
        assert!(bank.execute(order("t6", &ona, 0, &iban(2))).await.is_err());
        assert_eq!(house.available(&ona).await, 100_00);
        assert_balanced(db).await;
    })
    .await;
}

#[tokio::test]
async fn play_money_and_real_money_never_meet() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let (ona, _) = ona_and_jonas(&house).await;
        let live = AccountRecord {
            id: AccountId::new("live-1"),
            user_id: None,
            environment: Environment::Live,
            kind: AccountKind::Current,
            name: "Everyday".to_owned(),
            iban: iban(9),
            owner_name: "Rasa".to_owned(),
            product: "Current account".to_owned(),
            balance: euros(0),
            reserved_minor: 0,
            created_at: START,
        };
        house
            .write(move |tx| Box::pin(async move { insert_account(tx, &live).await }))
            .await;
        let outcome = house
            .ledger()
            .execute(order("t1", &ona, 10_00, &iban(9)))
            .await
            .expect("an outcome");
        assert!(
            matches!(outcome, TransferOutcome::Booked { .. }),
            "to the sandbox it is a number elsewhere"
        );
        let live = find_account_by_iban(db.store.reader(), Environment::Live, &iban(9))
            .await
            .expect("a read");
        assert_eq!(live.expect("an account").balance, euros(0));
        assert_balanced(db).await;
    })
    .await;
}

#[tokio::test]
async fn pages_go_on_where_they_ended_whatever_was_booked_meanwhile() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let (ona, _) = ona_and_jonas(&house).await;
        let bank = house.ledger();
        for number in 0..7 {
            // Several in one millisecond, too.
            house.later(seconds(number % 2));
            bank.execute(order(&format!("t{number}"), &ona, 1_00, &iban(2)))
                .await
                .expect("an outcome");
        }
        let whole = bank
            .transactions(&ona, &everything(BookingStatus::Booked, 100))
            .await
            .expect("a page");
        assert_eq!((whole.transactions.len(), whole.next), (8, None));
        let mut query = everything(BookingStatus::Booked, 3);
        let mut pages = Vec::new();
        loop {
            let page = bank.transactions(&ona, &query).await.expect("a page");
            assert!(page.transactions.len() <= 3);
            pages.extend(page.transactions);
            bank.execute(order(&format!("later-{}", pages.len()), &ona, 1, &iban(2)))
                .await
                .expect("an outcome");
            match page.next {
                Some(mark) => query.after = PageMark::parse(&mark.to_string()),
                None => break,
            }
        }
        assert_eq!(pages, whole.transactions);
        assert_eq!(
            bank.transactions(&ona, &everything(BookingStatus::Pending, 9))
                .await
                .expect("a page")
                .transactions,
            []
        );
    })
    .await;
}

/// One step of a random day: who pays whom how much. Account 4 is elsewhere.
fn steps() -> impl Strategy<Value = Vec<(usize, usize, i64)>> {
    proptest::collection::vec((0..4usize, 0..5usize, 1..60_00i64), 1..40)
}

#[test]
fn whatever_happens_the_books_are_balanced() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let databases = runtime.block_on(databases());
    for db in &databases {
        let mut runner = TestRunner::new(Config {
            cases: 20,
            failure_persistence: None,
            ..Config::default()
        });
        let story = Cell::new(0);
        let told = runner.run(&steps(), |steps| {
            story.set(story.get() + 1);
            runtime.block_on(random_day(db, story.get(), &steps));
            Ok(())
        });
        told.expect("balanced books");
    }
}

async fn random_day(db: &TestDatabase, story: u8, steps: &[(usize, usize, i64)]) {
    let house = House::on(&db.store).neighbour(&db.store, story);
    let owner = format!("ona-{story}");
    house.person(&owner).await;
    let number = |place: usize| iban(u64::from(story) * 10 + place as u64);
    let mut accounts = Vec::new();
    for place in 0..4 {
        accounts.push(
            house
                .account_of(
                    &owner,
                    AccountKind::Current,
                    &number(place),
                    "EUR",
                    "100.00",
                )
                .await,
        );
    }
    let bank = house.ledger();
    // In groups of four at once: some of them fight for the same money.
    for (at, group) in steps.chunks(4).enumerate() {
        let calls = group.iter().enumerate().map(|(place, (from, to, minor))| {
            let to = if *to == 4 { elsewhere() } else { number(*to) };
            let order = order(
                &format!("t{story}-{at}-{place}"),
                &accounts[*from],
                *minor,
                &to,
            );
            let bank = bank.clone();
            async move { bank.execute(order).await.expect("an outcome") }
        });
        join_all(calls).await;
    }
    assert_balanced(db).await;
}
