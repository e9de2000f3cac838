//! An app asks for payments, a person accepts them, the app confirms: money is set aside once, and moved
//! once or not at all.

use engine::{
    Engine,
    bank::Rejection,
    signed::Signer,
    wallet_transactions::{TransactionRefusal, TransactionView},
};
use futures_util::future::join_all;
use protocol::{
    ids::{AccountId, TraceId, TransactionKey, UserId},
    wallet_api::{
        ErrorCode,
        transaction::{AcceptedBy, Transaction, TransactionStatus},
    },
};
use serde_json::{Value, json};
use store::{
    accounts::AccountKind,
    testing::{TestDatabase, on_each_database},
};

use crate::{
    house::{App, House, seconds},
    money::{Breaks, BrokenBank, assert_balanced, euros, iban},
};

const DAY: u64 = 86_400;
const CALLBACK: &str = "https://shop.example/events";

fn trace() -> TraceId {
    TraceId::from_entropy([1; 5])
}

/// Ona and Jonas with 100.00 EUR each, and an app that takes payments.
pub struct Scene {
    pub house: House,
    pub app: App,
    pub people: [(UserId, AccountId); 2],
}

impl Scene {
    pub async fn on(db: &TestDatabase) -> Self {
        let house = House::on(&db.store);
        let mut people = Vec::new();
        for (name, number) in [("ona", 1), ("jonas", 2)] {
            let user = house.person(name).await;
            let account = house
                .account_of(name, AccountKind::Wallet, &iban(number), "EUR", "100.00")
                .await;
            people.push((user, account));
        }
        Self {
            app: house
                .reviewed_app_with("shop", |client| {
                    client.profile.legal_name = "Shop UAB".to_owned();
                })
                .await,
            people: people.try_into().expect("two people"),
            house,
        }
    }

    /// The app signs with its own key.
    pub async fn signer(&self) -> Signer {
        self.signer_of(&self.app).await
    }

    async fn signer_of(&self, app: &App) -> Signer {
        let client = self.house.engine.client(&app.id).await.expect("storage");
        Signer {
            client: client.expect("a client"),
            access: None,
            parameters: Vec::new(),
        }
    }

    /// The app signs with the key of a token that this person gave it.
    async fn signer_for(&self, person: usize, scope: &str) -> Signer {
        let (user, account) = &self.people[person];
        let access = self.house.access(&self.app, user, scope, &[account]).await;
        Signer {
            access: Some(access),
            ..self.signer().await
        }
    }

    /// A transaction over 20.00 and 5.00 EUR, with something else said.
    pub async fn made(&self, other: Value) -> Transaction {
        let mut body = json!({
            "payments": [
                { "description": "Order 7", "price": 20_00, "currency": "EUR" },
                { "description": "Delivery", "price_decimal": "5.00", "currency": "EUR" },
            ],
            "callback_uri": CALLBACK,
        });
        for (member, value) in other.as_object().expect("members") {
            body[member] = value.clone();
        }
        let made = self
            .house
            .engine
            .create_transaction(&self.signer().await, &body)
            .await;
        made.expect("storage").expect("made")
    }

    pub async fn accept(
        &self,
        key: &TransactionKey,
        person: usize,
    ) -> Result<TransactionView, TransactionRefusal> {
        self.accept_by(&self.house.engine, key, person)
            .await
            .expect("storage")
    }

    async fn accept_by(
        &self,
        engine: &Engine,
        key: &TransactionKey,
        person: usize,
    ) -> engine::error::Result<Result<TransactionView, TransactionRefusal>> {
        let (user, account) = &self.people[person];
        engine.accept_transaction(key, user, account, trace()).await
    }

    pub async fn confirm(
        &self,
        key: &TransactionKey,
        body: &Value,
    ) -> Result<Transaction, TransactionRefusal> {
        let signer = self.signer().await;
        let engine = &self.house.engine;
        let confirmed = engine
            .confirm_transaction(&signer, key, body, trace())
            .await;
        confirmed.expect("storage")
    }

    pub async fn revoke(&self, key: &TransactionKey) -> Result<Transaction, TransactionRefusal> {
        let signer = self.signer().await;
        let revoked = self
            .house
            .engine
            .revoke_transaction(&signer, key, trace())
            .await;
        revoked.expect("storage")
    }

    pub async fn read(&self, key: &TransactionKey) -> Transaction {
        let signer = self.signer().await;
        let found = self.house.engine.transaction(&signer, key).await;
        found.expect("storage").expect("found")
    }

    async fn status(&self, key: &TransactionKey) -> TransactionStatus {
        self.read(key).await.status
    }

    /// What a person can spend, and what is set aside.
    async fn holds(&self, person: usize) -> (i64, i64) {
        let account = &self.people[person].1;
        let found = self.house.engine.env().bank.account(account).await;
        let account = found.expect("the bank answers").expect("an account");
        (account.available.minor, account.reserved.minor)
    }

    /// What the app has received, in cents.
    async fn received(&self, db: &TestDatabase) -> i64 {
        db.number(
            "SELECT CAST(COALESCE(SUM(balance_minor), 0) AS BIGINT) FROM accounts WHERE kind = 'settlement'",
        )
        .await
    }
}

/// The kinds of the callbacks that wait or were sent, oldest first.
pub async fn told(db: &TestDatabase) -> Vec<String> {
    let far = protocol::time::Timestamp::from_millis(i64::MAX);
    let found = store::callbacks::find_due_callbacks(db.store.reader(), far, 100).await;
    found
        .expect("callbacks")
        .iter()
        .map(|callback| {
            let event: Value = serde_json::from_str(&callback.event).expect("JSON");
            event["type"].as_str().expect("a word").to_owned()
        })
        .collect()
}

#[tokio::test]
async fn an_app_asks_a_person_accepts_the_app_confirms() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let made = scene.made(json!({})).await;
        assert_eq!(made.status, TransactionStatus::New);
        assert_eq!(made.key.as_str().len(), 32);
        assert_ne!(made.key, scene.made(json!({})).await.key);

        let shown = scene.house.engine.transaction_for_person(&made.key).await;
        let shown = shown.expect("storage").expect("found");
        assert_eq!(shown.total, euros(25_00));
        assert_eq!(
            (shown.app_name.as_str(), shown.payee_name.as_str()),
            ("The shop", "Shop UAB")
        );
        let payment = shown.payment().expect("a payment");
        assert_eq!(payment.amount, euros(25_00));
        assert_eq!(payment.reference.as_deref(), Some("Order 7, Delivery"));
        assert!(shown.is_open() && shown.redirect.is_none());

        scene.house.later(seconds(60));
        let accepted = scene.accept(&made.key, 0).await.expect("accepted");
        assert_eq!(accepted.status, TransactionStatus::Reserved);
        assert_eq!(accepted.valid_until, scene.house.now() + seconds(30 * DAY));
        assert_eq!(scene.holds(0).await, (75_00, 25_00));
        assert_eq!(scene.received(db).await, 0);
        let read = scene.read(&made.key).await;
        assert_eq!(
            (read.accepted_by, read.wallet),
            (Some(AcceptedBy::Page), Some(1))
        );
        assert_eq!(told(db).await, ["reserved"]);

        let confirmed = scene
            .confirm(&made.key, &json!([]))
            .await
            .expect("confirmed");
        assert_eq!(confirmed.status, TransactionStatus::Confirmed);
        assert_eq!(confirmed.confirmed_at, Some(scene.house.now()));
        assert_eq!(scene.holds(0).await, (75_00, 0));
        assert_eq!(scene.received(db).await, 25_00);
        // The app did that itself, so nobody tells it.
        assert_eq!(told(db).await, ["reserved"]);
        assert_balanced(db).await;
    })
    .await;
}

#[tokio::test]
async fn auto_confirm_moves_the_money_at_once_and_tells_it_once() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let made = scene.made(json!({ "auto_confirm": true })).await;
        let accepted = scene.accept(&made.key, 0).await.expect("accepted");
        assert_eq!(accepted.status, TransactionStatus::Confirmed);
        assert_eq!(scene.received(db).await, 25_00);
        assert_eq!(told(db).await, ["confirmed"]);
        // Sent again by a person who saw nothing: the same, and nothing moves.
        let again = scene.accept(&made.key, 0).await.expect("accepted");
        assert_eq!(again.status, TransactionStatus::Confirmed);
        let by_the_app = scene
            .confirm(&made.key, &json!([]))
            .await
            .expect("the same");
        assert_eq!(by_the_app.status, TransactionStatus::Confirmed);
        assert_eq!(scene.received(db).await, 25_00);
        assert_eq!(told(db).await, ["confirmed"]);
        assert_balanced(db).await;
    })
    .await;
}

#[tokio::test]
async fn a_lower_final_price_gives_the_rest_back() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let made = scene.made(json!({})).await;
        scene.accept(&made.key, 0).await.expect("accepted");
        let id = made.payments[0].id.to_string();
        let price = |cents: i64| json!({ id.as_str(): { "price": cents, "currency": "EUR" } });
        let refused = scene.confirm(&made.key, &price(20_01)).await;
        let error = refused.expect_err("a refusal").error();
        assert_eq!(error.code, ErrorCode::InvalidParameters);
        assert_eq!(scene.holds(0).await, (75_00, 25_00), "nothing happened");

        let confirmed = scene
            .confirm(&made.key, &price(12_00))
            .await
            .expect("confirmed");
        assert_eq!(confirmed.payments[0].amount, euros(12_00));
        assert_eq!(scene.holds(0).await, (83_00, 0));
        assert_eq!(scene.received(db).await, 17_00);
        // The answer was lost: the same body is answered, another one is not.
        let again = scene.confirm(&made.key, &price(12_00)).await;
        assert_eq!(again, Ok(confirmed));
        let other = scene.confirm(&made.key, &price(11_00)).await;
        assert_eq!(
            other,
            Err(TransactionRefusal::State(TransactionStatus::Confirmed))
        );
        assert_eq!(scene.received(db).await, 17_00);
        assert_balanced(db).await;
    })
    .await;
}

#[tokio::test]
async fn what_does_not_fit_the_state_is_invalid_state() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let state = |status| Err(TransactionRefusal::State(status));
        let made = scene.made(json!({})).await;
        assert_eq!(
            scene.confirm(&made.key, &json!([])).await,
            state(TransactionStatus::New)
        );
        assert_eq!(
            scene.revoke(&made.key).await.map(|revoked| revoked.status),
            Ok(TransactionStatus::Revoked)
        );
        let error = scene
            .revoke(&made.key)
            .await
            .expect_err("a refusal")
            .error();
        assert_eq!((error.code, error.status()), (ErrorCode::InvalidState, 409));
        let revoked = scene.accept(&made.key, 0).await.expect_err("a refusal");
        assert_eq!(
            revoked,
            TransactionRefusal::State(TransactionStatus::Revoked)
        );

        let made = scene.made(json!({})).await;
        scene.accept(&made.key, 0).await.expect("accepted");
        // Somebody else cannot take it over.
        let taken = scene.accept(&made.key, 1).await.expect_err("a refusal");
        assert_eq!(
            taken,
            TransactionRefusal::State(TransactionStatus::Reserved)
        );
        let no = scene
            .house
            .engine
            .reject_transaction(&made.key, None, trace())
            .await;
        assert_eq!(
            no.expect("storage").expect_err("a refusal"),
            TransactionRefusal::State(TransactionStatus::Reserved)
        );
        scene.revoke(&made.key).await.expect("revoked");
        assert_eq!(scene.holds(0).await, (100_00, 0));
        scene.house.later(seconds(1));
        assert_eq!(
            scene.confirm(&made.key, &json!([])).await,
            state(TransactionStatus::Revoked)
        );

        let made = scene.made(json!({})).await;
        let no = scene
            .house
            .engine
            .reject_transaction(&made.key, Some(&scene.people[0].0), trace())
            .await;
        assert_eq!(
            no.expect("storage").expect("rejected").status,
            TransactionStatus::Rejected
        );
        assert_eq!(
            scene.revoke(&made.key).await,
            state(TransactionStatus::Rejected)
        );
        assert_eq!(told(db).await, ["reserved", "rejected"]);
        assert_balanced(db).await;
    })
    .await;
}

#[tokio::test]
async fn too_little_money_is_told_and_may_be_tried_again() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let price = json!([{ "description": "Piano", "price": 100_01, "currency": "EUR" }]);
        let made = scene.made(json!({ "payments": price })).await;
        for _ in 0..2 {
            let refused = scene.accept(&made.key, 0).await.expect_err("a refusal");
            assert_eq!(
                refused,
                TransactionRefusal::Rejected(Rejection::TooLittleMoney)
            );
            assert_eq!(refused.error().code, ErrorCode::NotEnoughFunds);
        }
        assert_eq!(scene.status(&made.key).await, TransactionStatus::Waiting);
        assert_eq!(
            scene.read(&made.key).await.wallet,
            None,
            "nobody has accepted it"
        );
        let savings = scene
            .house
            .account_of("ona", AccountKind::Savings, &iban(5), "EUR", "500.00")
            .await;
        let accepted = scene
            .house
            .engine
            .accept_transaction(&made.key, &scene.people[0].0, &savings, trace())
            .await;
        assert_eq!(
            accepted.expect("storage").expect("accepted").status,
            TransactionStatus::Reserved
        );
        assert_balanced(db).await;
    })
    .await;
}

#[tokio::test]
async fn nobody_pays_from_what_is_not_theirs_or_does_not_fit() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let made = scene.made(json!({})).await;
        let engine = &scene.house.engine;
        let zlotys = scene
            .house
            .account_of("ona", AccountKind::Current, &iban(6), "PLN", "500.00")
            .await;
        for account in [&scene.people[1].1, &zlotys, &AccountId::new("nothing")] {
            let refused = engine
                .accept_transaction(&made.key, &scene.people[0].0, account, trace())
                .await;
            assert_eq!(
                refused.expect("storage").expect_err("a refusal"),
                TransactionRefusal::AccountNotFit
            );
        }
        assert_eq!(scene.status(&made.key).await, TransactionStatus::New);
        let nothing = TransactionKey::new("nothing");
        let unknown = scene.accept(&nothing, 0).await.expect_err("a refusal");
        assert_eq!(unknown, TransactionRefusal::NotFound);
        let unseen = engine.transaction_for_person(&nothing).await;
        assert!(unseen.expect("storage").is_none());
    })
    .await;
}

#[tokio::test]
async fn another_app_and_a_token_may_not_do_what_the_app_may() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let made = scene.made(json!({})).await;
        scene.accept(&made.key, 0).await.expect("accepted");
        let engine = &scene.house.engine;
        let other = scene.house.reviewed_app("other").await;
        let stranger = scene.signer_of(&other).await;
        let hidden = Err(TransactionRefusal::NotFound);
        let (key, empty) = (&made.key, json!([]));
        assert_eq!(
            engine.transaction(&stranger, key).await.expect("storage"),
            hidden
        );
        let confirmed = engine
            .confirm_transaction(&stranger, key, &empty, trace())
            .await;
        assert_eq!(confirmed.expect("storage"), hidden);
        let revoked = engine.revoke_transaction(&stranger, key, trace()).await;
        assert_eq!(revoked.expect("storage"), hidden);
        let reserved = engine
            .reserve_transaction(&stranger, key, None, &empty, trace())
            .await;
        assert_eq!(reserved.expect("storage"), hidden);

        let token = scene.signer_for(0, "wallet transferFunds").await;
        let read = engine.transaction(&token, key).await.expect("storage");
        assert_eq!(
            read.map(|read| read.status),
            Ok(TransactionStatus::Reserved)
        );
        for refused in [
            engine.create_transaction(&token, &json!({})).await,
            engine
                .confirm_transaction(&token, key, &empty, trace())
                .await,
            engine.revoke_transaction(&token, key, trace()).await,
        ] {
            let error = refused.expect("storage").expect_err("a refusal").error();
            assert_eq!(error.code, ErrorCode::Forbidden);
        }

        let reader = scene
            .house
            .reviewed_app_with("reader", |client| {
                client.scope = crate::house::scope("wallet");
            })
            .await;
        let reader = scene.signer_of(&reader).await;
        let refused = engine.create_transaction(&reader, &json!({})).await;
        let error = refused.expect("storage").expect_err("a refusal").error();
        assert_eq!(
            error.code,
            ErrorCode::Forbidden,
            "not approved for payments"
        );
        assert_eq!(scene.status(key).await, TransactionStatus::Reserved);
    })
    .await;
}

#[tokio::test]
async fn without_the_page_money_is_set_aside_only_by_a_token_that_may_move_it() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let engine = &scene.house.engine;
        let made = scene.made(json!({})).await;
        let (key, empty) = (&made.key, json!([]));
        let code = async |signer: &Signer, wallet: Option<&str>, body: &Value| {
            let reserved = engine
                .reserve_transaction(signer, key, wallet, body, trace())
                .await;
            reserved
                .expect("storage")
                .map(|reserved| reserved.status)
                .map_err(|refusal| refusal.error().code)
        };
        let own = scene.signer().await;
        assert_eq!(
            code(&own, Some("1"), &empty).await,
            Err(ErrorCode::Forbidden)
        );
        assert_eq!(code(&own, None, &empty).await, Err(ErrorCode::Forbidden));
        let looks = scene.signer_for(0, "wallet").await;
        assert_eq!(
            code(&looks, Some("me"), &empty).await,
            Err(ErrorCode::Forbidden)
        );
        // A token for one payment is good for that payment, not for this one.
        let (user, account) = &scene.people[0];
        let access = scene
            .house
            .access_for(
                &scene.app,
                user,
                "transferFunds",
                &[account],
                Some(House::payment()),
            )
            .await;
        let one = Signer {
            access: Some(access),
            ..own.clone()
        };
        assert_eq!(
            code(&one, Some("me"), &empty).await,
            Err(ErrorCode::Forbidden)
        );
        assert_eq!(scene.holds(0).await, (100_00, 0));

        let pays = scene.signer_for(0, "wallet transferFunds").await;
        for body in [
            json!({ "pin": "1234" }),
            json!({ "payer": { "email": "jonas@mail.test" } }),
        ] {
            assert_eq!(code(&pays, None, &body).await, Err(ErrorCode::Forbidden));
        }
        for wallet in ["2", "77", "x", "-1"] {
            assert_eq!(
                code(&pays, Some(wallet), &empty).await,
                Err(ErrorCode::Forbidden)
            );
        }
        let types = async |signer: &Signer, wallet: &str| {
            let types = engine.transaction_types(signer, key, wallet).await;
            types.expect("storage")
        };
        assert_eq!(types(&own, "1").await, Ok(vec!["page"]));
        assert_eq!(types(&pays, "me").await, Ok(vec!["automatic", "page"]));
        let flash = engine.flash_transaction(&own, key).await.expect("storage");
        assert_eq!(
            flash.expect_err("a refusal").error().code,
            ErrorCode::Forbidden
        );
        let asked = engine
            .inquired_information(&own, key)
            .await
            .expect("storage");
        assert_eq!(asked, Ok(json!({ "items": [] })));

        assert_eq!(
            code(&pays, Some("me"), &empty).await,
            Ok(TransactionStatus::Reserved)
        );
        let read = scene.read(key).await;
        assert_eq!(read.accepted_by, Some(AcceptedBy::Automatic));
        // By the number that the answer has told, and once more: the same.
        let number = read.wallet.expect("a wallet").to_string();
        assert_eq!(
            code(&pays, Some(&number), &empty).await,
            Ok(TransactionStatus::Reserved)
        );
        assert_eq!(scene.holds(0).await, (75_00, 25_00));
        let reserved = TransactionRefusal::State(TransactionStatus::Reserved);
        assert_eq!(types(&pays, "me").await, Err(reserved.clone()));
        assert_eq!(code(&own, None, &empty).await, Err(ErrorCode::InvalidState));
        let flash = engine.flash_transaction(&own, key).await.expect("storage");
        assert_eq!(flash, Err(reserved));
        assert_eq!(told(db).await, [""; 0], "the app did it itself");
        assert_balanced(db).await;
    })
    .await;
}

#[tokio::test]
async fn time_ends_what_nobody_accepts_or_confirms() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let engine = &scene.house.engine;
        let lonely = scene.made(json!({})).await;
        let kept = scene.made(json!({ "reserve_for": 48 })).await;
        let until = scene.house.now().seconds() + 3_600;
        let short = scene.made(json!({ "reserve_until": until })).await;
        for made in [&kept, &short] {
            scene.accept(&made.key, 0).await.expect("accepted");
        }
        assert_eq!(scene.holds(0).await, (50_00, 50_00));
        assert_eq!(
            engine
                .expire_wallet_transactions(100)
                .await
                .expect("storage"),
            0
        );

        scene.house.later(seconds(3_600));
        // Time decides, also before the job came by.
        assert_eq!(scene.status(&short.key).await, TransactionStatus::Failed);
        assert_eq!(
            scene.confirm(&short.key, &json!([])).await,
            Err(TransactionRefusal::State(TransactionStatus::Failed))
        );
        assert_eq!(scene.holds(0).await, (50_00, 50_00));
        assert_eq!(
            engine
                .expire_wallet_transactions(100)
                .await
                .expect("storage"),
            1
        );
        assert_eq!(scene.holds(0).await, (75_00, 25_00));
        assert_eq!(told(db).await, ["reserved", "reserved", "failed"]);

        scene.house.later(seconds(30 * DAY));
        assert_eq!(scene.status(&lonely.key).await, TransactionStatus::Deleted);
        let late = scene.accept(&lonely.key, 1).await.expect_err("a refusal");
        assert_eq!(late, TransactionRefusal::State(TransactionStatus::Deleted));
        assert_eq!(
            engine
                .expire_wallet_transactions(100)
                .await
                .expect("storage"),
            2
        );
        assert_eq!(
            engine
                .expire_wallet_transactions(100)
                .await
                .expect("storage"),
            0
        );
        assert_eq!(scene.status(&lonely.key).await, TransactionStatus::Deleted);
        assert_eq!(scene.status(&kept.key).await, TransactionStatus::Failed);
        assert_eq!(scene.holds(0).await, (100_00, 0));
        // Nobody is told of what nobody accepted.
        assert_eq!(told(db).await.len(), 4);
        assert_eq!(scene.received(db).await, 0);
        assert_balanced(db).await;
    })
    .await;
}

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

#[tokio::test]
async fn an_answer_names_no_account_and_a_row_no_secret() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let made = scene
            .made(json!({ "user": { "email": "ona@mail.test" } }))
            .await;
        scene.accept(&made.key, 0).await.expect("accepted");
        let answer = scene.read(&made.key).await.to_json().to_string();
        for hidden in [
            scene.people[0].0.as_str(),
            scene.people[0].1.as_str(),
            iban(1).as_str(),
        ] {
            assert!(!answer.contains(hidden), "{answer}");
        }
        let events = db
            .number("SELECT COUNT(*) FROM audit_events WHERE action LIKE 'transaction.%'")
            .await;
        assert_eq!(events, 1);
    })
    .await;
}
