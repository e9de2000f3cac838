//! Money that is set aside in the built-in bank: paid out once, or given back once.

use engine::bank::{
    AppAccount, Bank, CaptureOrder, CaptureOutcome, CapturePayment, Rejection, ReleaseOutcome,
    ReserveOrder, ReserveOutcome,
};
use futures_util::future::join_all;
use proptest::{
    prelude::*,
    strategy::ValueTree as _,
    test_runner::{Config, TestRunner},
};
use protocol::{
    client::Environment,
    ids::{AccountId, ClientId, ReservationId, TransferId},
    money::Currency,
};
use store::{
    accounts::AccountKind,
    testing::{databases, on_each_database},
};

use crate::{
    house::{House, START},
    money::{assert_balanced, euros, iban},
};

fn held(id: &str, account: &AccountId, minor: i64) -> ReserveOrder {
    ReserveOrder {
        id: ReservationId::new(id),
        account: account.clone(),
        amount: euros(minor),
        creditor_iban: iban(9),
    }
}

fn paid(id: &str, payments: &[i64]) -> CaptureOrder {
    CaptureOrder {
        id: ReservationId::new(id),
        payments: payments
            .iter()
            .enumerate()
            .map(|(at, minor)| CapturePayment {
                id: TransferId::new(format!("{id}-{at}")),
                amount: euros(*minor),
                creditor_name: "Shop".to_owned(),
                creditor_iban: iban(9),
                reference: "Order".to_owned(),
            })
            .collect(),
    }
}

/// Ona with 100.00 EUR, and a shop with nothing.
async fn ona_and_the_shop(house: &House) -> (AccountId, AccountId) {
    house.person("ona").await;
    house.person("shop").await;
    let ona = house
        .account_of("ona", AccountKind::Wallet, &iban(1), "EUR", "100.00")
        .await;
    let shop = house
        .account_of("shop", AccountKind::Wallet, &iban(9), "EUR", "0.00")
        .await;
    (ona, shop)
}

async fn reserved_minor(house: &House, account: &AccountId) -> i64 {
    let account = house.ledger().account(account).await.expect("an answer");
    account.expect("an account").reserved.minor
}

#[tokio::test]
async fn what_is_set_aside_cannot_be_spent_and_what_is_left_over_comes_back() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let (ona, shop) = ona_and_the_shop(&house).await;
        let bank = house.ledger();
        let outcome = bank.reserve(held("r", &ona, 60_00)).await;
        assert_eq!(outcome.expect("an outcome"), ReserveOutcome::Reserved);
        assert_eq!(house.available(&ona).await, 40_00);
        let more = bank.reserve(held("s", &ona, 40_01)).await;
        assert_eq!(
            more.expect("an outcome"),
            ReserveOutcome::Rejected(Rejection::TooLittleMoney)
        );
        let captured = bank.capture(paid("r", &[20_00, 30_00])).await;
        assert_eq!(
            captured.expect("an outcome"),
            CaptureOutcome::Captured { at: START }
        );
        assert_eq!(
            (house.available(&ona).await, house.available(&shop).await),
            (50_00, 50_00)
        );
        assert_eq!(reserved_minor(&house, &ona).await, 0);
        assert_balanced(db).await;
    })
    .await;
}

#[tokio::test]
async fn every_call_is_answered_as_the_first_one_was() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let (ona, shop) = ona_and_the_shop(&house).await;
        let bank = house.ledger();
        for _ in 0..3 {
            let outcome = bank.reserve(held("r", &ona, 60_00)).await;
            assert_eq!(outcome.expect("an outcome"), ReserveOutcome::Reserved);
        }
        assert_eq!(reserved_minor(&house, &ona).await, 60_00);
        // A rejection is final, also when there is enough by now.
        let too_much = || bank.reserve(held("s", &ona, 50_00));
        let rejected = ReserveOutcome::Rejected(Rejection::TooLittleMoney);
        assert_eq!(too_much().await.expect("an outcome"), rejected);
        for _ in 0..3 {
            let released = bank.release(&ReservationId::new("r")).await;
            assert_eq!(released.expect("an outcome"), ReleaseOutcome::Released);
        }
        assert_eq!(too_much().await.expect("an outcome"), rejected);
        assert_eq!(house.available(&ona).await, 100_00);
        let captured = bank.capture(paid("r", &[1])).await;
        assert_eq!(captured.expect("an outcome"), CaptureOutcome::NotHeld);
        // It was reserved once, and that is what the order with this id came to.
        let again = bank.reserve(held("r", &ona, 60_00)).await;
        assert_eq!(again.expect("an outcome"), ReserveOutcome::Reserved);
        assert_eq!(house.available(&ona).await, 100_00);

        bank.reserve(held("t", &ona, 10_00))
            .await
            .expect("an outcome");
        for _ in 0..3 {
            let captured = bank.capture(paid("t", &[7_00])).await;
            assert_eq!(
                captured.expect("an outcome"),
                CaptureOutcome::Captured { at: START }
            );
        }
        let released = bank.release(&ReservationId::new("t")).await;
        assert_eq!(
            released.expect("an outcome"),
            ReleaseOutcome::Captured { at: START }
        );
        assert_eq!(house.available(&shop).await, 7_00);
        // An id belongs to one order, and nobody pays out more than was set aside.
        assert!(bank.reserve(held("t", &ona, 11_00)).await.is_err());
        bank.reserve(held("u", &ona, 10_00))
            .await
            .expect("an outcome");
        assert!(bank.capture(paid("u", &[6_00, 4_01])).await.is_err());
        assert_eq!(
            reserved_minor(&house, &ona).await,
            10_00,
            "nothing happened"
        );
        assert_balanced(db).await;
    })
    .await;
}

#[tokio::test]
async fn fifty_payouts_and_releases_at_once_end_in_one_of_them() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let (ona, shop) = ona_and_the_shop(&house).await;
        let bank = house.ledger();
        let reserving = (0..20).map(|_| bank.reserve(held("r", &ona, 30_00)));
        for outcome in join_all(reserving).await {
            assert_eq!(outcome.expect("an outcome"), ReserveOutcome::Reserved);
        }
        assert_eq!(reserved_minor(&house, &ona).await, 30_00);
        let calls = (0..50).map(|number| {
            let bank = bank.clone();
            async move {
                if number % 2 == 0 {
                    let outcome = bank.capture(paid("r", &[30_00])).await;
                    outcome.expect("an outcome") != CaptureOutcome::NotHeld
                } else {
                    let outcome = bank.release(&ReservationId::new("r")).await;
                    outcome.expect("an outcome") != ReleaseOutcome::Released
                }
            }
        });
        let was_paid: Vec<bool> = join_all(calls).await;
        assert!(was_paid.iter().all(|paid| *paid == was_paid[0]));
        let received = if was_paid[0] { 30_00 } else { 0 };
        assert_eq!(house.available(&shop).await, received);
        assert_eq!(house.available(&ona).await, 100_00 - received);
        assert_eq!(reserved_minor(&house, &ona).await, 0);
        assert_balanced(db).await;
    })
    .await;
}

#[tokio::test]
async fn an_app_has_one_account_for_each_currency_and_nobody_pays_from_it() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        ona_and_the_shop(&house).await;
        let bank = house.ledger();
        let app = |currency| AppAccount {
            client: ClientId::new("shop"),
            environment: Environment::Sandbox,
            currency,
            owner_name: "Shop UAB".to_owned(),
        };
        let (eur, pln) = (app(Currency::EUR), app(Currency::PLN));
        let accounts = join_all((0..20).map(|_| bank.app_account(&eur))).await;
        let first = accounts[0].as_ref().expect("an account").clone();
        for account in accounts {
            assert_eq!(account.expect("an account"), first);
        }
        let other = bank.app_account(&pln).await.expect("an account");
        assert_ne!((&other.id, &other.iban), (&first.id, &first.iban));
        assert_eq!(first.owner_name, "Shop UAB");
        let rejected = bank.reserve(held("r", &first.id, 1)).await;
        assert_eq!(
            rejected.expect("an outcome"),
            ReserveOutcome::Rejected(Rejection::AccountClosed)
        );
        assert_eq!(bank.account(&first.id).await.expect("an answer"), None);
        assert_balanced(db).await;
    })
    .await;
}

/// One thing that happens.
#[derive(Clone, Debug)]
enum Act {
    Reserve(u8, i64),
    Capture(u8, i64),
    Release(u8),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        (0..6_u8, 1..60_00_i64).prop_map(|(id, minor)| Act::Reserve(id, minor)),
        (0..6_u8, 1..60_00_i64).prop_map(|(id, minor)| Act::Capture(id, minor)),
        (0..6_u8).prop_map(Act::Release),
    ];
    proptest::collection::vec(act, 1..25)
}

/// Whatever is ordered in whatever order: what the shop has is what was paid out, what is set aside is what
/// is held, and together it is what there was.
#[tokio::test]
async fn whatever_is_ordered_nothing_is_lost_or_made() {
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        ),
    );
    for _ in 0..12 {
        let acts = acts().new_tree(&mut runner).expect("some acts").current();
        for db in databases().await {
            let house = House::on(&db.store);
            let (ona, shop) = ona_and_the_shop(&house).await;
            let bank = house.ledger();
            let mut holding: std::collections::BTreeMap<u8, i64> = Default::default();
            let mut used: std::collections::BTreeSet<u8> = Default::default();
            let mut received = 0;
            for act in &acts {
                match *act {
                    // An id is used for one order.
                    Act::Reserve(id, minor) if used.insert(id) => {
                        let held = bank.reserve(held(&id.to_string(), &ona, minor)).await;
                        if held.expect("an outcome") == ReserveOutcome::Reserved {
                            holding.insert(id, minor);
                        }
                    }
                    Act::Reserve(..) => {}
                    Act::Capture(id, minor) => {
                        let most = holding.get(&id).copied().unwrap_or(minor);
                        let order = paid(&id.to_string(), &[minor.min(most)]);
                        let captured = bank.capture(order).await.expect("an outcome");
                        if captured != CaptureOutcome::NotHeld && holding.remove(&id).is_some() {
                            received += minor.min(most);
                        }
                    }
                    Act::Release(id) => {
                        bank.release(&ReservationId::new(id.to_string()))
                            .await
                            .expect("an outcome");
                        holding.remove(&id);
                    }
                }
                let set_aside: i64 = holding.values().sum();
                assert_eq!(reserved_minor(&house, &ona).await, set_aside, "{acts:?}");
                assert_eq!(house.available(&shop).await, received, "{acts:?}");
                assert_eq!(
                    house.available(&ona).await,
                    100_00 - set_aside - received,
                    "{acts:?}"
                );
            }
            assert_balanced(&db).await;
        }
    }
}
