//! An app asks for payments, a person accepts them, the app confirms: money is set aside once, and moved
//! once or not at all.

use engine::{
    Engine,
    bank::Rejection,
    settings::Settings,
    signed::Signer,
    wallet_transactions::{TransactionRefusal, TransactionView},
};
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
    house::{App, House, seconds, settings},
    money::{assert_balanced, euros, iban},
};

const DAY: u64 = 86_400;
const CALLBACK: &str = "https://shop.example/events";

pub fn trace() -> TraceId {
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
        Self::of(House::on(&db.store)).await
    }

    async fn of(house: House) -> Self {
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

    pub async fn signer_of(&self, app: &App) -> Signer {
        let client = self.house.engine.client(&app.id).await.expect("storage");
        Signer {
            client: client.expect("a client"),
            access: None,
            parameters: Vec::new(),
        }
    }

    /// The app signs with the key of a token that this person gave it.
    pub async fn signer_for(&self, person: usize, scope: &str) -> Signer {
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

    pub async fn accept_by(
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

    pub async fn status(&self, key: &TransactionKey) -> TransactionStatus {
        self.read(key).await.status
    }

    /// What a person can spend, and what is set aside.
    pub async fn holds(&self, person: usize) -> (i64, i64) {
        let account = &self.people[person].1;
        let found = self.house.engine.env().bank.account(account).await;
        let account = found.expect("the bank answers").expect("an account");
        (account.available.minor, account.reserved.minor)
    }

    /// What the app has received, in cents.
    pub async fn received(&self, db: &TestDatabase) -> i64 {
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

        let missed = scene.made(json!({ "reserve_until": until })).await;
        assert_eq!(missed.valid_until.seconds(), until);

        scene.house.later(seconds(3_600));
        let late = scene.accept(&missed.key, 1).await.expect_err("a refusal");
        assert_eq!(late, TransactionRefusal::State(TransactionStatus::Deleted));
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
            2
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
async fn a_client_makes_so_many_in_a_day_and_no_more() {
    on_each_database(async |db| {
        let few = Settings {
            max_transactions_per_day: 2,
            ..settings()
        };
        let scene = Scene::of(House::with(&db.store, few)).await;
        let body = json!({ "payments": [
            { "description": "Order 7", "price": 20_00, "currency": "EUR" },
        ] });
        let make = async |signer: &Signer| {
            let engine = &scene.house.engine;
            let made = engine.create_transaction(signer, &body).await;
            made.expect("storage")
        };
        let signer = scene.signer().await;
        assert!(make(&signer).await.is_ok() && make(&signer).await.is_ok());
        scene.house.later(seconds(3_600));
        // What is refused is not counted, so the wait does not grow.
        for _ in 0..2 {
            let refused = make(&signer).await.expect_err("one too many");
            let wait = seconds(DAY - 3_600);
            assert_eq!(refused, TransactionRefusal::TooMany { wait });
            let error = refused.error();
            assert_eq!((error.status(), error.retry_after), (429, Some(wait)));
        }
        let kept = "SELECT COUNT(*) FROM wallet_transactions";
        assert_eq!(db.number(kept).await, 2);
        // Another client has its own day.
        let other = scene.house.reviewed_app_with("other", |_| {}).await;
        assert!(make(&scene.signer_of(&other).await).await.is_ok());
        scene.house.later(seconds(DAY - 3_600));
        assert!(make(&signer).await.is_ok());
    })
    .await;
}
