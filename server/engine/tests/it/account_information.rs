//! A third party reads what a person chose to show.

use std::sync::Arc;

use engine::{
    access::{Access, Inactive},
    account_information::{InformationRefusal, Manner, Statement, StatementRequest, WantedStatus},
    bank::{Bank as _, TransferOrder},
    caches::Thing,
};
use protocol::{
    ids::{AccountId, TransferId, UserId},
    time::Date,
};
use store::{
    accounts::AccountKind,
    consents::{EndReason, advance_consent_ended},
    testing::{TestDatabase, on_each_database},
};

use crate::{
    house::{App, House, seconds},
    money::{euros, iban},
};

/// Ona with a current account and savings, and an app that may read the current account.
struct Scene {
    house: House,
    app: App,
    ona: UserId,
    current: AccountId,
    savings: AccountId,
}

impl Scene {
    async fn on(db: &TestDatabase) -> Self {
        let house = House::on(&db.store);
        let ona = house.person("ona").await;
        Self {
            app: house.app("budget").await,
            ona,
            current: house
                .account_of("ona", AccountKind::Current, &iban(1), "EUR", "1000.00")
                .await,
            savings: house
                .account_of("ona", AccountKind::Savings, &iban(2), "EUR", "10.00")
                .await,
            house,
        }
    }

    async fn access(&self) -> Arc<Access> {
        self.house
            .access(&self.app, &self.ona, "ais", &[&self.current])
            .await
    }

    async fn pay(&self, id: &str, minor: i64) {
        let order = TransferOrder {
            id: TransferId::new(id),
            from: self.current.clone(),
            amount: euros(minor),
            creditor_name: "Savings".to_owned(),
            creditor_iban: iban(2),
            reference: format!("for {id}"),
        };
        self.house
            .ledger()
            .execute(order)
            .await
            .expect("an outcome");
    }

    async fn statement(
        &self,
        access: &Access,
        request: &StatementRequest,
    ) -> Result<Statement, InformationRefusal> {
        self.house
            .engine
            .statement(access, &self.current, request, attended())
            .await
            .expect("storage")
    }
}

/// The person is there: nothing is counted.
fn attended() -> Manner {
    Manner {
        attended: true,
        ..Manner::default()
    }
}

fn day(text: &str) -> Option<Date> {
    Some(text.parse().expect("a day"))
}

fn booked() -> StatementRequest {
    StatementRequest {
        from: None,
        to: None,
        status: WantedStatus::Booked,
        after: None,
        limit: 100,
    }
}

fn references(statement: &Statement) -> Vec<String> {
    let page = statement
        .booked
        .as_ref()
        .expect("booked ones were asked for");
    page.transactions
        .iter()
        .map(|transaction| transaction.reference.clone())
        .collect()
}

#[tokio::test]
async fn only_the_chosen_accounts_are_there() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let engine = &scene.house.engine;
        let access = scene.access().await;
        let chosen = engine.chosen_accounts(&access).await.expect("storage");
        assert_eq!(
            chosen.iter().map(|account| &account.id).collect::<Vec<_>>(),
            [&scene.current]
        );
        assert!(
            engine
                .account_details(&access, &scene.current, attended())
                .await
                .expect("storage")
                .is_ok()
        );
        // Somebody else's, one's own that was not chosen, and one that is not: all the same.
        scene.house.person("jonas").await;
        let foreign = scene
            .house
            .account_of("jonas", AccountKind::Current, &iban(3), "EUR", "1.00")
            .await;
        for account in [&scene.savings, &foreign, &AccountId::new("nobody's")] {
            assert_eq!(
                engine
                    .account_details(&access, account, attended())
                    .await
                    .expect("storage"),
                Err(InformationRefusal::UnknownAccount)
            );
            let refused = engine
                .statement(&access, account, &booked(), attended())
                .await
                .expect("storage");
            assert_eq!(refused.err(), Some(InformationRefusal::UnknownAccount));
        }
    })
    .await;
}

#[tokio::test]
async fn a_statement_has_the_days_that_were_asked_for() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        // 22, 23 and 24 November.
        for id in ["first", "second", "third"] {
            scene.pay(id, 1_00).await;
            scene.house.later(seconds(86_400));
        }
        let access = scene.access().await;
        let asked = |from: &str, to: &str| StatementRequest {
            from: day(from),
            to: day(to),
            ..booked()
        };
        let seen = scene
            .statement(&access, &asked("2026-11-23", "2026-11-23"))
            .await
            .expect("a statement");
        assert_eq!(references(&seen), ["for second"]);
        assert_eq!(seen.pending, None);
        let seen = scene
            .statement(&access, &asked("2026-11-23", "2026-11-30"))
            .await
            .expect("a statement");
        assert_eq!(references(&seen), ["for third", "for second"]);
        let seen = scene
            .statement(&access, &booked())
            .await
            .expect("a statement");
        assert_eq!(
            (seen.from, seen.to),
            (day("2026-08-27").unwrap(), day("2026-11-25").unwrap())
        );
        assert_eq!(references(&seen).len(), 4);
        for (from, to) in [("2026-11-24", "2026-11-23"), ("2026-11-26", "2026-11-27")] {
            let refused = scene.statement(&access, &asked(from, to)).await;
            assert_eq!(refused.err(), Some(InformationRefusal::Period), "{from}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_long_statement_comes_in_pages_without_gap_or_repetition() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        for number in 0..5 {
            scene.house.later(seconds(1));
            scene.pay(&format!("{number}"), 1_00).await;
        }
        let access = scene.access().await;
        let mut request = StatementRequest {
            status: WantedStatus::Both,
            limit: 2,
            ..booked()
        };
        let mut seen = Vec::new();
        let mut firsts = 0;
        loop {
            let page = scene
                .statement(&access, &request)
                .await
                .expect("a statement");
            // What is pending comes with the first page only.
            firsts += usize::from(request.after.is_none());
            assert_eq!(
                page.pending
                    .as_ref()
                    .map(|pending| pending.transactions.len()),
                Some(0)
            );
            seen.extend(references(&page));
            request.after = page.booked.and_then(|booked| booked.next);
            if request.after.is_none() {
                break;
            }
            scene.pay(&format!("later-{}", seen.len()), 1).await;
        }
        assert_eq!(firsts, 1);
        assert_eq!(
            seen,
            [
                "for 4",
                "for 3",
                "for 2",
                "for 1",
                "for 0",
                "Opening balance"
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn a_consent_that_has_run_out_or_was_withdrawn_ends_the_access() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let grant = scene
            .house
            .grant_with(&scene.app, &scene.ona, "ais", |consent, _| {
                consent.valid_until = consent.created_at + seconds(600)
            })
            .await;
        let tokens = scene
            .house
            .exchange(&scene.app, &grant)
            .await
            .expect("tokens");
        let look = async || {
            scene
                .house
                .engine
                .access(&tokens.access_token)
                .await
                .expect("storage")
                .err()
        };
        scene.house.later(seconds(599));
        assert_eq!(look().await, None);
        scene.house.later(seconds(1));
        // From memory and from the store alike.
        assert_eq!(look().await, Some(Inactive::ConsentExpired));
        scene.house.later(seconds(10));
        assert_eq!(look().await, Some(Inactive::ConsentExpired));

        let grant = scene.house.grant(&scene.app, &scene.ona, "ais").await;
        let tokens = scene
            .house
            .exchange(&scene.app, &grant)
            .await
            .expect("tokens");
        let engine = &scene.house.engine;
        let look = async || {
            engine
                .access(&tokens.access_token)
                .await
                .expect("storage")
                .err()
        };
        assert_eq!(look().await, None);
        let (consent, now) = (grant.consent.clone(), scene.house.now());
        let ended = scene
            .house
            .write(move |tx| {
                Box::pin(async move {
                    advance_consent_ended(tx, &consent, EndReason::Withdrawn, now).await
                })
            })
            .await;
        assert!(ended.is_yes());
        engine.env().caches.changed(Thing::Consent(&grant.consent));
        assert_eq!(look().await, Some(Inactive::ConsentEnded));
    })
    .await;
}
