//! An app looks at a wallet and pays from it.

use std::sync::{Arc, atomic::Ordering};

use engine::{
    bank::{Bank as _, Rejection, TransferOrder},
    wallet::{Direction, NewTransfer, TransferRefusal, TransferState},
};
use futures_util::future::join_all;
use protocol::{
    iban::Iban,
    ids::{AccountId, TransferId, UserId},
    money::{Currency, Money},
    payment::Payment,
};
use store::{
    accounts::AccountKind,
    testing::{TestDatabase, on_each_database},
};

use crate::{
    house::{App, House, seconds},
    money::{Breaks, BrokenBank, ELSEWHERE, assert_balanced, euros, iban, payment, transfer},
};

/// Ona's wallet (100.00 EUR) and savings (500.00 EUR), Jonas's wallet (50.00 EUR), and an app.
struct Scene {
    house: House,
    app: App,
    ona: UserId,
    wallet: AccountId,
    savings: AccountId,
    jonas: AccountId,
}

impl Scene {
    async fn on(db: &TestDatabase) -> Self {
        let house = House::on(&db.store);
        let ona = house.person("ona").await;
        house.person("jonas").await;
        Self {
            app: house.app("shop").await,
            ona,
            wallet: house
                .account_of("ona", AccountKind::Wallet, &iban(1), "EUR", "100.00")
                .await,
            savings: house
                .account_of("ona", AccountKind::Savings, &iban(2), "EUR", "500.00")
                .await,
            jonas: house
                .account_of("jonas", AccountKind::Wallet, &iban(3), "EUR", "50.00")
                .await,
            house,
        }
    }

    async fn access(&self, scope: &str) -> Arc<engine::access::Access> {
        self.house
            .access(&self.app, &self.ona, scope, &[&self.wallet])
            .await
    }

    async fn access_for(&self, payment: &Payment) -> Arc<engine::access::Access> {
        let payment = Some(payment.clone());
        self.house
            .access_for(
                &self.app,
                &self.ona,
                "transferFunds",
                &[&self.wallet],
                payment,
            )
            .await
    }

    async fn balances(&self) -> (i64, i64) {
        (
            self.house.available(&self.wallet).await,
            self.house.available(&self.jonas).await,
        )
    }

    /// Somebody sends Ona's wallet money, or takes it away.
    async fn move_directly(&self, id: &str, from: &AccountId, minor: i64, to: u64) {
        self.house
            .ledger()
            .execute(direct(id, from, minor, to))
            .await
            .expect("an outcome");
    }
}

fn direct(id: &str, from: &AccountId, minor: i64, to: u64) -> TransferOrder {
    TransferOrder {
        id: TransferId::new(id),
        from: from.clone(),
        amount: euros(minor),
        creditor_name: "Somebody".to_owned(),
        creditor_iban: iban(to),
        reference: String::new(),
    }
}

fn refusal<T: std::fmt::Debug>(outcome: Result<T, TransferRefusal>) -> TransferRefusal {
    outcome.expect_err("a refusal")
}

#[tokio::test]
async fn an_app_sees_the_person_and_the_accounts_that_the_person_chose() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let access = scene.access("wallet").await;
        let engine = &scene.house.engine;
        let me = engine.me(&access).await.expect("an answer");
        assert_eq!(
            (me.user_id, me.username.as_str(), me.locale.as_str()),
            (scene.ona.clone(), "ona", "en")
        );
        let chosen = engine.chosen_accounts(&access).await.expect("an answer");
        let seen: Vec<_> = chosen
            .iter()
            .map(|account| (&account.id, account.available))
            .collect();
        assert_eq!(seen, [(&scene.wallet, euros(100_00))]);
    })
    .await;
}

#[tokio::test]
async fn a_transfer_is_made_and_listed() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let engine = &scene.house.engine;
        let access = scene.access("wallet transferFunds").await;
        scene.house.later(seconds(1));
        let made = engine
            .transfer(&access, &transfer(20_00, &iban(3)), Some("k"))
            .await
            .expect("storage")
            .expect("made");
        assert_eq!(
            (made.status, made.amount),
            (TransferState::Booked, euros(20_00))
        );
        assert_eq!(made.account.as_ref(), Some(&scene.wallet));
        assert_eq!(scene.balances().await, (80_00, 70_00));

        scene.house.later(seconds(1));
        scene.move_directly("back", &scene.jonas, 5_00, 1).await;
        let listed = engine.transfers(&access, None, 2).await.expect("storage");
        let seen: Vec<_> = listed
            .transfers
            .iter()
            .map(|transfer| {
                (
                    transfer.id.as_str(),
                    transfer.direction,
                    transfer.amount.minor,
                )
            })
            .collect();
        assert_eq!(
            seen,
            [
                ("back", Direction::In, 5_00),
                (made.id.as_str(), Direction::Out, 20_00)
            ]
        );
        let rest = engine
            .transfers(&access, listed.next.as_ref(), 2)
            .await
            .expect("storage");
        assert_eq!(rest.transfers.len(), 1, "the opening balance");
        assert_eq!(rest.next, None);
        // With transferFunds alone an app sees what it ordered itself, and not what others did.
        let own = engine
            .own_transfers(&access, None, 10)
            .await
            .expect("storage");
        assert_eq!(own.transfers, vec![made]);
        let other = scene.house.app("other").await;
        let access = scene
            .house
            .access(&other, &scene.ona, "transferFunds", &[&scene.wallet])
            .await;
        assert_eq!(
            engine
                .own_transfers(&access, None, 10)
                .await
                .expect("storage")
                .transfers,
            []
        );
        assert_balanced(db).await;
    })
    .await;
}

#[tokio::test]
async fn fifty_tries_at_once_with_one_key_move_money_once() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let access = scene.access("transferFunds").await;
        let new = transfer(20_00, &iban(3));
        let tries = (0..50).map(|_| scene.house.engine.transfer(&access, &new, Some("order-7")));
        let made: Vec<_> = join_all(tries)
            .await
            .into_iter()
            .map(|made| made.expect("storage").expect("made"))
            .collect();
        assert!(made.iter().all(|transfer| transfer.id == made[0].id));
        assert_eq!(scene.balances().await, (80_00, 70_00));
        assert_eq!(
            db.number("SELECT COUNT(*) FROM transfers WHERE client_id = 'shop'")
                .await,
            1
        );
        assert_balanced(db).await;
    })
    .await;
}

#[tokio::test]
async fn without_a_key_each_request_is_a_transfer_of_its_own() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let access = scene.access("transferFunds").await;
        for _ in 0..2 {
            let made = scene
                .house
                .engine
                .transfer(&access, &transfer(20_00, &iban(3)), None)
                .await;
            assert!(made.expect("storage").is_ok());
        }
        assert_eq!(scene.balances().await, (60_00, 90_00));
    })
    .await;
}

#[tokio::test]
async fn a_lost_answer_is_given_again() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let access = scene.access("transferFunds").await;
        let new = transfer(20_00, &iban(3));
        let lost = scene
            .house
            .engine
            .transfer(&access, &new, Some("k"))
            .await
            .expect("storage")
            .expect("made");
        scene.house.later(seconds(300));
        // Even when there is nothing left that could pay it.
        scene.move_directly("away", &scene.wallet, 80_00, 3).await;
        let again = scene
            .house
            .engine
            .transfer(&access, &new, Some("k"))
            .await
            .expect("storage")
            .expect("made");
        assert_eq!(again, lost);
        // Written otherwise, it is the same request.
        let same = NewTransfer {
            payment: payment(
                Money::parse_decimal("20.0", Currency::EUR).unwrap().minor,
                &iban(3),
                Some("for something"),
            ),
            ..new
        };
        let again = scene
            .house
            .engine
            .transfer(&access, &same, Some("k"))
            .await
            .expect("storage")
            .expect("made");
        assert_eq!(again, lost);
        assert_eq!(scene.balances().await, (0, 150_00));
    })
    .await;
}

#[tokio::test]
async fn another_request_under_the_same_key_is_refused() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let access = scene.access("transferFunds").await;
        let engine = &scene.house.engine;
        let first = transfer(20_00, &iban(3));
        engine
            .transfer(&access, &first, Some("k"))
            .await
            .expect("storage")
            .expect("made");
        let others = [
            transfer(20_01, &iban(3)),
            transfer(20_00, &iban(2)),
            NewTransfer {
                from: Some(scene.wallet.clone()),
                ..first.clone()
            },
            NewTransfer {
                payment: Payment {
                    reference: None,
                    ..first.payment.clone()
                },
                from: None,
            },
        ];
        for other in &others {
            let outcome = engine
                .transfer(&access, other, Some("k"))
                .await
                .expect("storage");
            assert_eq!(refusal(outcome), TransferRefusal::KeyUsed);
        }
        assert_eq!(scene.balances().await, (80_00, 70_00));
        // The key of another app, and of another person, is another key.
        let other = scene.house.app("other").await;
        let access = scene
            .house
            .access(&other, &scene.ona, "transferFunds", &[&scene.wallet])
            .await;
        assert!(
            engine
                .transfer(&access, &others[0], Some("k"))
                .await
                .expect("storage")
                .is_ok()
        );
    })
    .await;
}

#[tokio::test]
async fn a_key_is_forgotten_after_a_week_and_not_before() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let engine = &scene.house.engine;
        let access = scene.access("transferFunds").await;
        let first = engine
            .transfer(&access, &transfer(1_00, &iban(3)), Some("k"))
            .await
            .expect("storage")
            .expect("made");
        scene.house.later(seconds(7 * 86_400 - 1));
        let again = engine
            .transfer(&access, &transfer(1_00, &iban(3)), Some("k"))
            .await
            .expect("storage")
            .expect("made");
        assert_eq!(again.id, first.id);
        scene.house.later(seconds(1));
        let next = engine
            .transfer(&access, &transfer(2_00, &iban(3)), Some("k"))
            .await
            .expect("storage")
            .expect("made");
        assert_ne!(next.id, first.id);
        assert_eq!(scene.balances().await, (97_00, 53_00));
    })
    .await;
}

#[tokio::test]
async fn too_little_money_is_refused_and_may_be_tried_again() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let engine = &scene.house.engine;
        let access = scene.access("transferFunds").await;
        let new = transfer(120_00, &iban(3));
        let poor = TransferRefusal::Rejected(Rejection::TooLittleMoney);
        assert_eq!(
            refusal(
                engine
                    .transfer(&access, &new, Some("k"))
                    .await
                    .expect("storage")
            ),
            poor
        );
        assert_eq!(
            db.number("SELECT COUNT(*) FROM transfers WHERE client_id = 'shop'")
                .await,
            0
        );
        scene
            .move_directly("top-up", &scene.savings, 100_00, 1)
            .await;
        assert!(
            engine
                .transfer(&access, &new, Some("k"))
                .await
                .expect("storage")
                .is_ok()
        );
        assert_eq!(scene.balances().await, (80_00, 170_00));
    })
    .await;
}

#[tokio::test]
async fn twenty_apps_at_once_never_spend_more_than_there_is() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let access = scene.access("transferFunds").await;
        let new = transfer(15_00, &iban(3));
        let keys: Vec<String> = (0..20).map(|number| format!("k{number}")).collect();
        let tries = keys
            .iter()
            .map(|key| scene.house.engine.transfer(&access, &new, Some(key)));
        let outcomes: Vec<_> = join_all(tries)
            .await
            .into_iter()
            .map(|outcome| outcome.expect("storage"))
            .collect();
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 6);
        for outcome in outcomes.into_iter().filter(Result::is_err) {
            assert_eq!(
                refusal(outcome),
                TransferRefusal::Rejected(Rejection::TooLittleMoney)
            );
        }
        assert_eq!(scene.balances().await, (10_00, 140_00));
        // Keys of tries that came to nothing are not remembered.
        assert_eq!(db.number("SELECT COUNT(*) FROM idempotency_keys").await, 6);
        assert_balanced(db).await;
    })
    .await;
}

#[tokio::test]
async fn only_accounts_that_the_person_chose_can_pay() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let access = scene.access("transferFunds").await;
        for account in [&scene.savings, &scene.jonas, &AccountId::new("nobody's")] {
            let new = NewTransfer {
                from: Some(account.clone()),
                ..transfer(1_00, &iban(9))
            };
            let outcome = scene
                .house
                .engine
                .transfer(&access, &new, None)
                .await
                .expect("storage");
            assert_eq!(
                refusal(outcome),
                TransferRefusal::AccountNotChosen,
                "{account}"
            );
        }
        let zloty = NewTransfer {
            payment: Payment {
                amount: Money::new(1, Currency::PLN),
                ..payment(1, &iban(3), None)
            },
            from: None,
        };
        let outcome = scene
            .house
            .engine
            .transfer(&access, &zloty, None)
            .await
            .expect("storage");
        assert!(
            matches!(refusal(outcome), TransferRefusal::NameAccount(words) if words.contains("PLN"))
        );
        assert_eq!(scene.balances().await, (100_00, 50_00));
    })
    .await;
}

#[tokio::test]
async fn an_account_that_changed_hands_is_not_shared_any_more() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        // A consent that names an account of somebody else, whatever put it there.
        let access = scene
            .house
            .access(
                &scene.app,
                &scene.ona,
                "wallet transferFunds",
                &[&scene.jonas],
            )
            .await;
        assert_eq!(
            scene
                .house
                .engine
                .chosen_accounts(&access)
                .await
                .expect("storage"),
            []
        );
        assert_eq!(
            scene
                .house
                .engine
                .transfers(&access, None, 10)
                .await
                .expect("storage")
                .transfers,
            []
        );
        let new = NewTransfer {
            from: Some(scene.jonas.clone()),
            ..transfer(1_00, &iban(1))
        };
        let outcome = scene
            .house
            .engine
            .transfer(&access, &new, None)
            .await
            .expect("storage");
        assert_eq!(refusal(outcome), TransferRefusal::AccountNotChosen);
    })
    .await;
}

#[tokio::test]
async fn a_payment_token_is_good_for_exactly_that_payment_once() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let engine = &scene.house.engine;
        let approved = payment(20_00, &iban(3), Some("Invoice 7"));
        let access = scene.access_for(&approved).await;
        let right = NewTransfer {
            payment: approved.clone(),
            from: None,
        };
        let elsewhere = Iban::parse(ELSEWHERE).unwrap();
        for (field, payment) in [
            (
                "amount",
                Payment {
                    amount: euros(20_01),
                    ..approved.clone()
                },
            ),
            (
                "amount",
                Payment {
                    amount: euros(19_99),
                    ..approved.clone()
                },
            ),
            (
                "currency",
                Payment {
                    amount: Money::new(20_00, Currency::PLN),
                    ..approved.clone()
                },
            ),
            (
                "to.iban",
                Payment {
                    creditor_iban: elsewhere,
                    ..approved.clone()
                },
            ),
            (
                "to.name",
                Payment {
                    creditor_name: "Somebody else".into(),
                    ..approved.clone()
                },
            ),
            (
                "reference",
                Payment {
                    reference: Some("Invoice 8".into()),
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
        ] {
            let outcome = engine
                .transfer(
                    &access,
                    &NewTransfer {
                        payment,
                        from: None,
                    },
                    Some("k"),
                )
                .await
                .expect("storage");
            assert_eq!(refusal(outcome), TransferRefusal::PaymentDiffers(field));
        }
        let other_account = NewTransfer {
            from: Some(scene.savings.clone()),
            ..right.clone()
        };
        let outcome = engine
            .transfer(&access, &other_account, Some("k"))
            .await
            .expect("storage");
        assert_eq!(refusal(outcome), TransferRefusal::AccountNotChosen);
        assert_eq!(scene.balances().await, (100_00, 50_00));

        let made = engine
            .transfer(&access, &right, Some("k"))
            .await
            .expect("storage")
            .expect("made");
        let again = engine
            .transfer(&access, &right, Some("k"))
            .await
            .expect("storage")
            .expect("made");
        assert_eq!(again, made, "the same key is the same request");
        for key in [None, Some("another")] {
            let outcome = engine
                .transfer(&access, &right, key)
                .await
                .expect("storage");
            assert_eq!(
                refusal(outcome),
                TransferRefusal::PaymentUsed(Some(made.id.clone()))
            );
        }
        assert_eq!(scene.balances().await, (80_00, 70_00));
        assert_balanced(db).await;
    })
    .await;
}

#[tokio::test]
async fn fifty_uses_of_one_payment_token_at_once_pay_once() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let approved = payment(20_00, &iban(3), None);
        let access = scene.access_for(&approved).await;
        let new = NewTransfer {
            payment: approved,
            from: None,
        };
        let keys: Vec<Option<String>> = (0..50)
            .map(|number| (number % 2 == 0).then(|| format!("k{number}")))
            .collect();
        let tries = keys
            .iter()
            .map(|key| scene.house.engine.transfer(&access, &new, key.as_deref()));
        let outcomes = join_all(tries).await;
        let made = outcomes
            .into_iter()
            .filter(|outcome| outcome.as_ref().expect("storage").is_ok())
            .count();
        assert_eq!(made, 1);
        assert_eq!(scene.balances().await, (80_00, 70_00));
    })
    .await;
}

#[tokio::test]
async fn a_payment_that_the_bank_rejected_is_given_back() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let approved = payment(90_00, &iban(3), None);
        let access = scene.access_for(&approved).await;
        let new = NewTransfer {
            payment: approved,
            from: None,
        };
        // Enough when we looked, too little when the bank did; and the process dies before it can tidy up.
        for (number, breaks) in [Breaks::After, Breaks::Before].into_iter().enumerate() {
            let mut bank = BrokenBank::new(&scene.house, breaks);
            let first = direct(&format!("meanwhile-{number}"), &scene.wallet, 60_00, 3);
            Arc::get_mut(&mut bank).expect("nobody has it yet").first = Some(first);
            let engine = scene.house.with_bank(bank);
            let left = engine
                .transfer(&access, &new, Some("k"))
                .await
                .expect("storage")
                .expect("written down");
            assert_eq!(left.status, TransferState::Pending, "nobody knows yet");
            let poor = TransferRefusal::Rejected(Rejection::TooLittleMoney);
            let outcome = scene
                .house
                .engine
                .transfer(&access, &new, Some("k"))
                .await
                .expect("storage");
            assert_eq!(refusal(outcome), poor, "{breaks:?}");
            scene
                .move_directly(&format!("top-up-{number}"), &scene.savings, 60_00, 1)
                .await;
        }
        // Neither the key nor the token was used up.
        let made = scene
            .house
            .engine
            .transfer(&access, &new, Some("k"))
            .await
            .expect("storage")
            .expect("made");
        assert_eq!(made.status, TransferState::Booked);
        assert_balanced(db).await;
    })
    .await;
}

#[tokio::test]
async fn a_rejected_payment_without_a_key_is_given_back_too() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let approved = payment(90_00, &iban(3), None);
        let access = scene.access_for(&approved).await;
        let new = NewTransfer {
            payment: approved,
            from: None,
        };
        let mut bank = BrokenBank::new(&scene.house, Breaks::After);
        Arc::get_mut(&mut bank).expect("nobody has it yet").first =
            Some(direct("meanwhile", &scene.wallet, 60_00, 3));
        let left = scene
            .house
            .with_bank(bank)
            .transfer(&access, &new, None)
            .await
            .expect("storage")
            .expect("written down");
        assert_eq!(left.status, TransferState::Pending);
        scene
            .move_directly("top-up", &scene.savings, 60_00, 1)
            .await;
        assert!(
            scene
                .house
                .engine
                .transfer(&access, &new, None)
                .await
                .expect("storage")
                .is_ok()
        );
        let outcome = scene
            .house
            .engine
            .transfer(&access, &new, None)
            .await
            .expect("storage");
        assert!(matches!(
            refusal(outcome),
            TransferRefusal::PaymentUsed(Some(_))
        ));
        assert_balanced(db).await;
    })
    .await;
}

#[tokio::test]
async fn a_process_killed_between_two_steps_leaves_work_that_is_finished_once() {
    on_each_database(async |db| {
        for (number, breaks) in [Breaks::Before, Breaks::After, Breaks::Never]
            .into_iter()
            .enumerate()
        {
            let scene = Scene::fresh(db, number).await;
            let access = scene.access("transferFunds").await;
            let new = transfer(20_00, &iban(3 + 10 * number as u64));
            let bank = BrokenBank::new(&scene.house, breaks);
            let engine = scene.house.with_bank(bank.clone());
            if breaks == Breaks::Never {
                // The task ends while it waits for the bank, as if the process was killed there.
                let (engine, access, new) = (engine.clone(), access.clone(), new.clone());
                let task =
                    tokio::spawn(async move { engine.transfer(&access, &new, Some("k")).await });
                while bank.asked.load(Ordering::SeqCst) == 0 {
                    tokio::task::yield_now().await;
                }
                task.abort();
                assert!(task.await.is_err_and(|error| error.is_cancelled()));
            } else {
                let left = engine
                    .transfer(&access, &new, Some("k"))
                    .await
                    .expect("storage")
                    .expect("written down");
                assert_eq!(left.status, TransferState::Pending);
            }
            // Another process finds it; a while later, so that it does not race the first one.
            let idle = seconds(30);
            assert_eq!(
                scene
                    .house
                    .engine
                    .resume_transfers(idle, 100)
                    .await
                    .expect("storage"),
                0
            );
            scene.house.later(seconds(31));
            let expected = usize::from(breaks != Breaks::After);
            assert_eq!(
                scene
                    .house
                    .engine
                    .resume_transfers(idle, 100)
                    .await
                    .expect("storage"),
                expected,
                "{breaks:?}"
            );
            assert_eq!(
                scene
                    .house
                    .engine
                    .resume_transfers(idle, 100)
                    .await
                    .expect("storage"),
                0
            );
            let told = scene
                .house
                .engine
                .transfer(&access, &new, Some("k"))
                .await
                .expect("storage")
                .expect("made");
            assert_eq!(told.status, TransferState::Booked);
            assert_eq!(scene.balances().await, (80_00, 70_00), "{breaks:?}");
        }
        assert_balanced(db).await;
    })
    .await;
}

#[tokio::test]
async fn the_same_key_goes_on_where_a_killed_process_stopped() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let access = scene.access("transferFunds").await;
        let new = transfer(20_00, &iban(3));
        let broken = scene
            .house
            .with_bank(BrokenBank::new(&scene.house, Breaks::Before));
        let left = broken
            .transfer(&access, &new, Some("k"))
            .await
            .expect("storage")
            .expect("written down");
        let tries = (0..20).map(|_| scene.house.engine.transfer(&access, &new, Some("k")));
        for made in join_all(tries).await {
            let made = made.expect("storage").expect("made");
            assert_eq!(
                (made.id, made.status),
                (left.id.clone(), TransferState::Booked)
            );
        }
        assert_eq!(scene.balances().await, (80_00, 70_00));
    })
    .await;
}

#[tokio::test]
async fn a_key_that_is_none_is_refused() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let access = scene.access("transferFunds").await;
        for key in ["", "ž", &"k".repeat(256)] {
            let outcome = scene
                .house
                .engine
                .transfer(&access, &transfer(1_00, &iban(3)), Some(key))
                .await;
            assert_eq!(refusal(outcome.expect("storage")), TransferRefusal::BadKey);
        }
    })
    .await;
}

impl Scene {
    /// One more scene on the same database, with people and numbers of its own.
    async fn fresh(db: &TestDatabase, number: usize) -> Self {
        let house = House::with(&db.store, crate::house::settings());
        // Randomness of its own, or ids would be those of the scene before.
        let house = house.neighbour(&db.store, 100 + number as u8);
        let (one, other) = (format!("ona-{number}"), format!("jonas-{number}"));
        let ona = house.person(&one).await;
        house.person(&other).await;
        let at = 10 * number as u64;
        Self {
            app: house.app(&format!("shop-{number}")).await,
            ona,
            wallet: house
                .account_of(&one, AccountKind::Wallet, &iban(at + 1), "EUR", "100.00")
                .await,
            savings: house
                .account_of(&one, AccountKind::Savings, &iban(at + 2), "EUR", "500.00")
                .await,
            jonas: house
                .account_of(&other, AccountKind::Wallet, &iban(at + 3), "EUR", "50.00")
                .await,
            house,
        }
    }
}
