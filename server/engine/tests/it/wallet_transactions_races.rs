//! Transactions in many hands, and with a process that dies in the middle: money is set aside once, and moved
//! once or not at all.

use engine::wallet_transactions::TransactionRefusal;
use futures_util::future::join_all;
use protocol::wallet_api::transaction::TransactionStatus;
use serde_json::json;
use store::{
    accounts::AccountKind,
    testing::{TestDatabase, on_each_database},
};

use crate::{
    house::{House, seconds},
    money::{Breaks, BrokenBank, assert_balanced, iban},
    wallet_transactions::{Scene, told, trace},
};

#[tokio::test]
async fn fifty_acceptances_at_once_set_money_aside_once() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let made = scene.made(json!({})).await;
        let calls = (0..50).map(|number| scene.accept(&made.key, number % 2));
        let outcomes = join_all(calls).await;
        let payer = scene.read(&made.key).await;
        assert_eq!(payer.status, TransactionStatus::Reserved);
        let winners: Vec<usize> = (0..2)
            .filter(|person| outcomes.iter().skip(*person).step_by(2).any(Result::is_ok))
            .collect();
        assert_eq!(winners.len(), 1, "one person pays");
        assert_eq!(scene.holds(winners[0]).await, (75_00, 25_00));
        assert_eq!(scene.holds(1 - winners[0]).await, (100_00, 0));
        assert_eq!(told(db).await, ["reserved"]);
        assert_balanced(db).await;
    })
    .await;
}

#[tokio::test]
async fn confirms_and_revokes_at_once_end_in_exactly_one_of_them() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        for round in 0..3_usize {
            let made = scene.made(json!({})).await;
            scene.accept(&made.key, 0).await.expect("accepted");
            let (key, before) = (&made.key, scene.received(db).await);
            let calls = (0..40).map(|number| {
                let scene = &scene;
                async move {
                    if (number + round) % 2 == 0 {
                        scene.confirm(key, &json!([])).await
                    } else {
                        scene.revoke(key).await
                    }
                }
            });
            let outcomes = join_all(calls).await;
            let status = scene.status(key).await;
            let received = scene.received(db).await - before;
            match status {
                TransactionStatus::Confirmed => assert_eq!(received, 25_00),
                TransactionStatus::Revoked => assert_eq!(received, 0),
                other => panic!("{other}"),
            }
            for outcome in outcomes {
                match outcome {
                    Ok(transaction) => assert_eq!(transaction.status, status),
                    Err(TransactionRefusal::State(_)) => {}
                    Err(other) => panic!("{other}"),
                }
            }
            assert_eq!(scene.holds(0).await.1, 0, "nothing stays set aside");
            // Everything is decided, so the next round begins with what is left.
            assert_balanced(db).await;
        }
    })
    .await;
}

#[tokio::test]
async fn confirms_and_the_end_of_time_at_once_end_in_exactly_one_of_them() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let neighbour = scene.house.neighbour(&db.store, 8);
        let made = scene.made(json!({ "reserve_for": 1 })).await;
        scene.accept(&made.key, 0).await.expect("accepted");
        scene.house.later(seconds(3_600));
        let expiring = (0..10).map(|number| {
            let engine = if number % 2 == 0 {
                &scene.house.engine
            } else {
                &neighbour.engine
            };
            engine.expire_wallet_transactions(100)
        });
        let empty = json!([]);
        let confirming = (0..10).map(|_| scene.confirm(&made.key, &empty));
        let (ended, confirmed) = tokio::join!(join_all(expiring), join_all(confirming));
        assert_eq!(
            ended
                .into_iter()
                .map(|ended| ended.expect("storage"))
                .sum::<usize>(),
            1
        );
        assert!(confirmed.iter().all(Result::is_err));
        assert_eq!(scene.holds(0).await, (100_00, 0));
        assert_eq!(told(db).await, ["reserved", "failed"]);
        assert_balanced(db).await;
    })
    .await;
}

/// A process is killed, or the line to the bank breaks, before or after the bank did its part.
#[tokio::test]
async fn whatever_breaks_at_the_bank_money_is_set_aside_and_moved_once() {
    on_each_database(async |db| {
        for breaks in [Breaks::Before, Breaks::After, Breaks::Never] {
            for auto_confirm in [false, true] {
                let scene = Scene::on_fresh(db).await;
                let broken = || scene.house.with_bank(BrokenBank::new(&scene.house, breaks));
                let made = scene.made(json!({ "auto_confirm": auto_confirm })).await;
                let before = scene.received(db).await;

                lost(scene.accept_by(&broken(), &made.key, 0)).await;
                assert_eq!(scene.status(&made.key).await, TransactionStatus::Waiting);
                // Nobody else gets in between.
                let other = scene.accept(&made.key, 1).await.expect_err("a refusal");
                assert_eq!(other, TransactionRefusal::State(TransactionStatus::Waiting));
                let early = scene
                    .house
                    .engine
                    .resume_wallet_transactions(seconds(60), 100)
                    .await;
                assert_eq!(early.expect("storage"), 0, "it may still be at it");
                scene.house.later(seconds(61));
                let resumed = scene
                    .house
                    .engine
                    .resume_wallet_transactions(seconds(60), 100)
                    .await;
                assert_eq!(resumed.expect("storage"), 1);
                if auto_confirm {
                    assert_eq!(scene.status(&made.key).await, TransactionStatus::Confirmed);
                } else {
                    assert_eq!(scene.status(&made.key).await, TransactionStatus::Reserved);
                    let (signer, engine) = (scene.signer().await, broken());
                    let empty = json!([]);
                    lost(engine.confirm_transaction(&signer, &made.key, &empty, trace())).await;
                    // The app asks again, which finishes it.
                    let again = scene
                        .confirm(&made.key, &json!([]))
                        .await
                        .expect("confirmed");
                    assert_eq!(again.status, TransactionStatus::Confirmed);
                }
                assert_eq!(scene.received(db).await - before, 25_00, "{breaks:?}");
                assert_eq!(scene.holds(0).await, (75_00, 0), "{breaks:?}");

                let made = scene.made(json!({})).await;
                scene.accept(&made.key, 0).await.expect("accepted");
                let (signer, engine) = (scene.signer().await, broken());
                lost(engine.revoke_transaction(&signer, &made.key, trace())).await;
                let late = scene.confirm(&made.key, &json!([])).await;
                assert_eq!(
                    late,
                    Err(TransactionRefusal::State(TransactionStatus::Reserved))
                );
                scene.house.later(seconds(61));
                let resumed = scene
                    .house
                    .engine
                    .resume_wallet_transactions(seconds(60), 100)
                    .await;
                assert_eq!(resumed.expect("storage"), 1);
                assert_eq!(scene.status(&made.key).await, TransactionStatus::Revoked);
                assert_eq!(scene.holds(0).await, (75_00, 0), "{breaks:?}");

                let made = scene.made(json!({ "reserve_for": 1 })).await;
                scene.accept(&made.key, 0).await.expect("accepted");
                scene.house.later(seconds(3_601));
                let engine = broken();
                lost(engine.expire_wallet_transactions(100)).await;
                scene.house.later(seconds(61));
                let resumed = scene
                    .house
                    .engine
                    .resume_wallet_transactions(seconds(60), 100)
                    .await;
                assert_eq!(resumed.expect("storage"), 1);
                assert_eq!(scene.status(&made.key).await, TransactionStatus::Failed);
                assert_eq!(scene.holds(0).await, (75_00, 0), "{breaks:?}");
                assert_balanced(db).await;
            }
        }
    })
    .await;
}

/// The answer of a call that a broken bank keeps from ending well, or from ending.
async fn lost<T>(call: impl Future<Output = engine::error::Result<T>>) {
    let waited = tokio::time::timeout(std::time::Duration::from_millis(300), call).await;
    // Either the call is still waiting and dies here, or it failed, or a job noted the failure and went on.
    drop(waited);
}

impl Scene {
    /// Another scene on a database that has one: other people, the same names.
    async fn on_fresh(db: &TestDatabase) -> Self {
        static NEXT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1);
        let number = NEXT.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        let seed = u8::try_from(number % 200).expect("small") + 20;
        let house = House::on(&db.store).neighbour(&db.store, seed);
        let mut people = Vec::new();
        for name in ["ona", "jonas"] {
            let name = format!("{name}-{number}");
            let user = house.person(&name).await;
            let iban = iban(1_000 + number * 2 + people.len() as u64);
            let account = house
                .account_of(&name, AccountKind::Wallet, &iban, "EUR", "100.00")
                .await;
            people.push((user, account));
        }
        Self {
            app: house.reviewed_app(&format!("shop-{number}")).await,
            people: people.try_into().expect("two people"),
            house,
        }
    }
}
