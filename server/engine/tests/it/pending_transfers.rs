//! An app writes a payment down and then asks people for it: money moves once, or not at all.

use std::sync::Arc;

use engine::{
    access::{Access, Inactive},
    bank::{Rejection, TransferOrder},
    begin::Began,
    visit::Go,
    wallet::{NewTransfer, Transfer, TransferRefusal, TransferState, WaitingTransfer},
};
use futures_util::future::join_all;
use protocol::{
    authorization::Step,
    ids::{AccountId, TransferId, UserId},
    payment::Payment,
    pending_transfer::PendingState,
};
use store::{
    accounts::AccountKind,
    testing::{TestDatabase, on_each_database},
};

use crate::{
    browser::{Browser, parameter, parameter_of, problem, request_of},
    house::{App, House, exchange_form, scope, seconds},
    money::{Breaks, BrokenBank, assert_balanced, euros, iban, payment},
};

const DAY: u64 = 86_400;

/// Ona and Jonas with 100.00 EUR each, a payee, and an app that wants 20.00 EUR for it.
struct Scene {
    house: House,
    app: App,
    people: [(UserId, AccountId); 2],
    payee: AccountId,
}

impl Scene {
    async fn on(db: &TestDatabase) -> Self {
        let house = House::on(&db.store);
        let mut people = Vec::new();
        for (name, number) in [("ona", 1), ("jonas", 2)] {
            let user = house.person(name).await;
            let wallet = AccountKind::Wallet;
            let account = house
                .account_of(name, wallet, &iban(number), "EUR", "100.00")
                .await;
            people.push((user, account));
        }
        house.person("payee").await;
        Self {
            app: house.reviewed_app("shop").await,
            people: people.try_into().expect("two people"),
            payee: house
                .account_of("payee", AccountKind::Wallet, &iban(3), "EUR", "0.00")
                .await,
            house,
        }
    }

    fn payment() -> Payment {
        payment(20_00, &iban(3), Some("Invoice 7"))
    }

    fn order() -> NewTransfer {
        NewTransfer {
            payment: Self::payment(),
            from: None,
        }
    }

    async fn made(&self) -> WaitingTransfer {
        let own = self.house.own_access(&self.app).await;
        let made = self
            .house
            .engine
            .make_pending_transfer(&own, &Self::payment(), None)
            .await;
        made.expect("storage").expect("made")
    }

    async fn state(&self, id: &TransferId) -> PendingState {
        let own = self.house.own_access(&self.app).await;
        let found = self.house.engine.pending_transfer(&own, id).await;
        found.expect("storage").expect("found").state
    }

    /// What the app holds after a person approved this pending transfer.
    async fn approved_by(&self, person: usize, scope: &str) -> Arc<Access> {
        let (user, account) = &self.people[person];
        let payment = Some(Self::payment());
        self.house
            .access_for(&self.app, user, scope, &[account], payment)
            .await
    }

    async fn pay(&self, access: &Access, key: Option<&str>) -> Result<Transfer, TransferRefusal> {
        let order = Self::order();
        let paid = self.house.engine.transfer(access, &order, key).await;
        paid.expect("storage")
    }

    async fn received(&self) -> i64 {
        self.house.available(&self.payee).await
    }

    /// The error with which the app's request comes back.
    async fn refused(&self, app: &App, scope: &str) -> (String, String) {
        let mut parameters = request_of(app);
        parameters.retain(|(name, _)| *name != "scope");
        parameters.push(("scope", scope));
        match Browser::new(&self.house).arrive_with(&parameters).await {
            Began::Redirect(back) => {
                let told = |name| parameter_of(back.location(), name).unwrap_or_default();
                (told("error"), told("error_description"))
            }
            other => panic!("expected an error at the app, got {other:?}"),
        }
    }
}

impl House {
    /// What an app holds for itself, with nobody behind it.
    async fn own_access(&self, app: &App) -> Arc<Access> {
        let parameters = [
            ("grant_type", "client_credentials"),
            ("scope", "transferFunds"),
        ];
        let tokens = self.token(app, &parameters).await.expect("tokens");
        let access = self.engine.access(&tokens.access_token).await;
        access.expect("storage").expect("a good token")
    }
}

fn named(pending: &WaitingTransfer) -> String {
    format!("transferFunds:{}", pending.id)
}

#[tokio::test]
async fn a_person_sees_and_confirms_it_and_the_app_executes_it_once() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let house = &scene.house;
        let made = scene.made().await;
        assert_eq!(
            (made.state, &made.executed_as),
            (PendingState::Pending, &None)
        );
        assert_eq!(made.valid_until, house.now() + seconds(DAY));

        let ada = house.enrol("ada").await;
        let mut browser = Browser::new(house);
        let id = browser
            .arrive(&scene.app, &[("scope", &named(&made))])
            .await;
        browser.sign_in(&id, &ada).await;
        let Step::Confirm(page) = browser.page(&id).await else {
            panic!("no consent page for one payment")
        };
        let shown = page.payment.as_ref().expect("the payment on the code page");
        assert_eq!(
            (shown.amount.as_str(), shown.creditor_name.as_str()),
            ("20.00", "Somebody")
        );
        assert!(page.can.is_empty(), "one payment is not a permission");
        assert_eq!(scene.state(&made.id).await, PendingState::Pending);
        browser.confirm(&id, &house.code_of(&ada)).await;
        let back = browser.pay_from(&id, &ada.accounts[0]).await;
        let code = parameter(&back, "code").expect("a code");
        assert_eq!(scene.state(&made.id).await, PendingState::Approved);

        let tokens = house
            .token(&scene.app, &exchange_form(&code))
            .await
            .expect("tokens");
        assert_eq!(tokens.scope, scope(&named(&made)), "as it was asked for");
        assert_eq!(tokens.payment, Some(Scene::payment()));
        let access = house
            .engine
            .access(&tokens.access_token)
            .await
            .expect("storage")
            .expect("good");
        let other = NewTransfer {
            payment: payment(20_01, &iban(3), Some("Invoice 7")),
            from: None,
        };
        let outcome = house.engine.transfer(&access, &other, None).await;
        assert_eq!(
            outcome.expect("storage"),
            Err(TransferRefusal::PaymentDiffers("amount"))
        );
        let paid = scene.pay(&access, Some("k")).await.expect("paid");
        assert_eq!(paid.status, TransferState::Booked);
        assert_eq!(scene.pay(&access, Some("k")).await, Ok(paid.clone()));
        assert_eq!(
            scene.pay(&access, Some("l")).await,
            Err(TransferRefusal::PaymentUsed(Some(paid.id.clone())))
        );
        assert_eq!(scene.received().await, 20_00);

        let own = house.own_access(&scene.app).await;
        let seen = house.engine.pending_transfer(&own, &made.id).await;
        let seen = seen.expect("storage").expect("found");
        assert_eq!(
            (seen.state, seen.executed_as),
            (PendingState::Executed, Some(paid.id))
        );
        let (error, description) = scene.refused(&scene.app, &named(&made)).await;
        assert_eq!(error, "invalid_scope");
        assert!(description.contains("executed already"), "{description}");
        // Executed is the end, also when its time is over.
        house.later(seconds(2 * DAY));
        assert_eq!(scene.state(&made.id).await, PendingState::Executed);
    })
    .await;
}

#[tokio::test]
async fn two_people_approve_it_and_money_moves_once() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let made = scene.made().await;
        let ona = scene.approved_by(0, &named(&made)).await;
        let jonas = scene.approved_by(1, &named(&made)).await;
        // Ten tries each, with and without keys, all at once.
        let keys: Vec<_> = (0..10)
            .map(|number| (number % 2 == 0).then(|| format!("k{number}")))
            .collect();
        let tries = keys
            .iter()
            .flat_map(|key| [&ona, &jonas].map(|access| scene.pay(access, key.as_deref())));
        let (paid, refused): (Vec<_>, Vec<_>) =
            join_all(tries).await.into_iter().partition(Result::is_ok);
        assert_eq!(paid.len(), 1);
        for refusal in refused {
            assert!(
                matches!(refusal, Err(TransferRefusal::PaymentUsed(_))),
                "{refusal:?}"
            );
        }
        assert_eq!(scene.received().await, 20_00);
        let orders = "SELECT COUNT(*) FROM transfers WHERE client_id = 'shop'";
        assert_eq!(db.number(orders).await, 1);
        assert_eq!(scene.state(&made.id).await, PendingState::Executed);
        // A third approval, after the fact.
        let late = scene.approved_by(1, &named(&made)).await;
        let paid = paid.into_iter().next().expect("one").expect("paid");
        assert_eq!(
            scene.pay(&late, None).await,
            Err(TransferRefusal::PaymentUsed(Some(paid.id)))
        );
        assert_balanced(db).await;
    })
    .await;
}

#[tokio::test]
async fn what_a_killed_process_left_is_finished_once_and_nobody_else_pays() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let made = scene.made().await;
        let ona = scene.approved_by(0, &named(&made)).await;
        let jonas = scene.approved_by(1, &named(&made)).await;
        let broken = scene
            .house
            .with_bank(BrokenBank::new(&scene.house, Breaks::Before));
        let left = broken
            .transfer(&ona, &Scene::order(), None)
            .await
            .expect("storage")
            .expect("written down");
        assert_eq!(left.status, TransferState::Pending);
        let used = Err(TransferRefusal::PaymentUsed(Some(left.id.clone())));
        assert_eq!(scene.pay(&jonas, None).await, used);
        assert_eq!(scene.state(&made.id).await, PendingState::Executed);
        scene.house.later(seconds(31));
        let resumed = scene.house.engine.resume_transfers(seconds(30), 10).await;
        assert_eq!(resumed.expect("storage"), 1);
        assert_eq!(scene.pay(&jonas, None).await, used);
        assert_eq!(scene.received().await, 20_00);
        assert_balanced(db).await;
    })
    .await;
}

#[tokio::test]
async fn when_the_bank_rejects_it_another_approval_may_execute_it() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let made = scene.made().await;
        let ona = scene.approved_by(0, &named(&made)).await;
        let jonas = scene.approved_by(1, &named(&made)).await;
        let mut bank = BrokenBank::new(&scene.house, Breaks::After);
        // Enough when we looked, too little when the bank did; and the process dies before it can tidy up.
        Arc::get_mut(&mut bank).expect("nobody has it yet").first = Some(TransferOrder {
            id: TransferId::new("meanwhile"),
            from: scene.people[0].1.clone(),
            amount: euros(90_00),
            creditor_name: "Jonas".to_owned(),
            creditor_iban: iban(2),
            reference: String::new(),
        });
        let left = scene
            .house
            .with_bank(bank)
            .transfer(&ona, &Scene::order(), Some("k"))
            .await
            .expect("storage")
            .expect("written down");
        assert_eq!(left.status, TransferState::Pending, "nobody knows yet");
        assert_eq!(scene.state(&made.id).await, PendingState::Pending);
        let paid = scene.pay(&jonas, None).await.expect("paid");
        assert_eq!(
            scene.pay(&ona, Some("k")).await,
            Err(TransferRefusal::Rejected(Rejection::TooLittleMoney))
        );
        // Tidying up after Ona's try does not give back what Jonas has paid.
        assert_eq!(
            scene.pay(&ona, Some("l")).await,
            Err(TransferRefusal::PaymentUsed(Some(paid.id)))
        );
        assert_eq!(scene.received().await, 20_00);
        assert_balanced(db).await;
    })
    .await;
}

#[tokio::test]
async fn for_another_app_it_does_not_exist() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let made = scene.made().await;
        let other = scene.house.reviewed_app("other").await;
        let own = scene.house.own_access(&other).await;
        let engine = &scene.house.engine;
        let seen = engine.pending_transfer(&own, &made.id).await;
        assert_eq!(seen.expect("storage"), None);
        let foreign = scene.refused(&other, &named(&made)).await;
        let unknown = scene.refused(&other, "transferFunds:nothing").await;
        assert_eq!(foreign.0, "invalid_scope");
        let without_reference = |told: &(String, String)| {
            let (words, _) = told.1.split_once(" (ref").expect("a reference");
            words.to_owned()
        };
        assert_eq!(
            without_reference(&foreign),
            without_reference(&unknown),
            "whether it exists is not told"
        );
        // Whatever put it into a consent, it is not executed for another app.
        let (user, account) = &scene.people[0];
        let access = scene
            .house
            .access_for(
                &other,
                user,
                &named(&made),
                &[account],
                Some(Scene::payment()),
            )
            .await;
        let outcome = engine.transfer(&access, &Scene::order(), None).await;
        assert!(outcome.expect("storage").is_err());
        assert_eq!(scene.received().await, 0);
        assert_eq!(scene.state(&made.id).await, PendingState::Pending);
    })
    .await;
}

#[tokio::test]
async fn a_consent_to_it_without_its_payment_moves_nothing() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let made = scene.made().await;
        let (user, account) = &scene.people[0];
        let access = scene
            .house
            .access(&scene.app, user, &named(&made), &[account])
            .await;
        let engine = &scene.house.engine;
        assert!(
            engine
                .transfer(&access, &Scene::order(), None)
                .await
                .is_err()
        );
        assert_eq!(scene.received().await, 0);
    })
    .await;
}

#[tokio::test]
async fn when_its_time_is_over_it_is_neither_approved_nor_executed() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let house = &scene.house;
        let ada = house.enrol("ada").await;
        let made = scene.made().await;
        house.later(seconds(DAY - 200));
        // Approved in time, with an hour for the app, had the pending transfer not been older.
        let mut browser = Browser::new(house);
        let asked = [("scope", named(&made))];
        let asked = asked
            .each_ref()
            .map(|(name, value)| (*name, value.as_str()));
        let id = browser.arrive(&scene.app, &asked).await;
        browser.sign_in(&id, &ada).await;
        browser.confirm(&id, &house.code_of(&ada)).await;
        let back = browser.pay_from(&id, &ada.accounts[0]).await;
        let code = parameter(&back, "code").expect("a code");
        let tokens = house
            .token(&scene.app, &exchange_form(&code))
            .await
            .expect("tokens");
        // Another person is still on the pages, and a third one shares more than this payment.
        let mut late = Browser::new(house);
        let late_id = late.arrive(&scene.app, &asked).await;
        let mixed = scene
            .approved_by(1, &format!("wallet {}", named(&made)))
            .await;
        assert_eq!(scene.state(&made.id).await, PendingState::Approved);

        house.later(seconds(200));
        assert_eq!(scene.state(&made.id).await, PendingState::Expired);
        let access = house.engine.access(&tokens.access_token).await;
        assert_eq!(
            access.expect("storage").expect_err("no good"),
            Inactive::ConsentExpired
        );
        assert_eq!(
            scene.pay(&mixed, None).await,
            Err(TransferRefusal::PaymentExpired)
        );
        assert!(problem(&late.page(&late_id).await).is_some());
        let (error, description) = scene.refused(&scene.app, &named(&made)).await;
        assert_eq!(error, "invalid_scope");
        assert!(description.contains("run out"), "{description}");
        assert_eq!(scene.received().await, 0);
    })
    .await;
}

#[tokio::test]
async fn an_approval_that_has_ended_leaves_it_pending() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let house = &scene.house;
        let ada = house.enrol("ada").await;
        let made = scene.made().await;
        let mut browser = Browser::new(house);
        let id = browser
            .arrive(&scene.app, &[("scope", &named(&made))])
            .await;
        browser.sign_in(&id, &ada).await;
        browser.confirm(&id, &house.code_of(&ada)).await;
        let back = browser.pay_from(&id, &ada.accounts[0]).await;
        assert!(matches!(back, Go::Client(_)));
        assert_eq!(scene.state(&made.id).await, PendingState::Approved);
        // An hour later the approval is over by itself, and somebody may be asked again.
        house.later(seconds(3600));
        assert_eq!(scene.state(&made.id).await, PendingState::Pending);
        let mut again = Browser::new(house);
        again.arrive(&scene.app, &[("scope", &named(&made))]).await;
    })
    .await;
}

#[tokio::test]
async fn one_key_makes_one() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let engine = &scene.house.engine;
        let own = scene.house.own_access(&scene.app).await;
        let wanted = Scene::payment();
        let tries = (0..20).map(|_| engine.make_pending_transfer(&own, &wanted, Some("k")));
        let made: Vec<_> = join_all(tries)
            .await
            .into_iter()
            .map(|made| made.expect("storage").expect("made"))
            .collect();
        assert!(made.iter().all(|one| *one == made[0]));
        let rows = "SELECT COUNT(*) FROM pending_transfers";
        assert_eq!(db.number(rows).await, 1);
        let other = payment(20_01, &iban(3), Some("Invoice 7"));
        let refused = engine.make_pending_transfer(&own, &other, Some("k")).await;
        assert_eq!(refused.expect("storage"), Err(TransferRefusal::KeyUsed));
        let refused = engine.make_pending_transfer(&own, &other, Some("")).await;
        assert_eq!(refused.expect("storage"), Err(TransferRefusal::BadKey));
        // A person behind the token changes nothing: it is the app's. Another app's key is another one.
        let (user, account) = &scene.people[0];
        let with_person = scene
            .house
            .access(&scene.app, user, "transferFunds", &[account])
            .await;
        let same = engine
            .make_pending_transfer(&with_person, &wanted, Some("k"))
            .await;
        assert_eq!(same.expect("storage"), Ok(made[0].clone()));
        let second = scene.house.app("second").await;
        let second = scene.house.own_access(&second).await;
        let theirs = engine
            .make_pending_transfer(&second, &wanted, Some("k"))
            .await;
        assert_ne!(theirs.expect("storage").expect("made").id, made[0].id);
        // A transfer of a person under the same key is a transfer.
        let paid = engine
            .transfer(&with_person, &Scene::order(), Some("k"))
            .await;
        assert!(paid.expect("storage").is_ok());
        // Told for as long as the key lives, which is longer than the pending transfer does.
        scene.house.later(seconds(7 * DAY - 1));
        let own = scene.house.own_access(&scene.app).await;
        let again = engine.make_pending_transfer(&own, &wanted, Some("k")).await;
        let again = again.expect("storage").expect("made");
        assert_eq!(
            (again.id, again.state),
            (made[0].id.clone(), PendingState::Expired)
        );
        scene.house.later(seconds(1));
        let anew = engine.make_pending_transfer(&own, &wanted, Some("k")).await;
        assert_ne!(anew.expect("storage").expect("made").id, made[0].id);
    })
    .await;
}
