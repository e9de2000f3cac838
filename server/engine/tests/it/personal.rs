//! What apps learn of people and their wallets, and every way around what people allowed.

use std::sync::Arc;

use engine::{
    access::Access,
    bank::Bank as _,
    begin::Began,
    clients::CachedClient,
    personal::{Asker, PersonView, PersonalRefusal, StatementRange, WalletView, Whom},
};
use protocol::{
    authorization::Step,
    client::{ClientStatus, Environment},
    ids::{AccountId, ClientId, UserId},
    money::Currency,
    person::{Gender, PersonalData},
    scope::{Cannot, Cluster, Personal},
    time::Timestamp,
};
use serde_json::json;
use store::{
    accounts::AccountKind,
    clients::advance_client_status,
    consents::{EndReason, advance_consent_ended},
    personal_data::{PersonalRecord, find_personal_data, upsert_personal_data},
    testing::{TestDatabase, on_each_database},
    users::{UserStatus, advance_user_status},
};

use crate::{
    browser::{Browser, parameter_of, request_of},
    house::{App, Grant, House, scope, seconds},
    money::{Breaks, BrokenBank, iban},
    papers::everything,
};

/// Ona, of whom everything is known, with a wallet and savings; and an app that may ask for all of it.
pub struct Scene {
    pub house: House,
    pub app: App,
    pub ona: UserId,
    pub wallet: AccountId,
    pub savings: AccountId,
}

impl Scene {
    pub async fn on(db: &TestDatabase) -> Self {
        let house = House::on(&db.store);
        let ona = house.known_person("ona", Some(everything())).await;
        let all: Vec<&str> = Personal::ALL.iter().map(|what| what.as_str()).collect();
        let all = scope(&all.join(" "));
        Self {
            app: house
                .app_with("shop", |record| record.client.scope = all)
                .await,
            ona,
            wallet: house
                .account_of("ona", AccountKind::Wallet, &iban(1), "EUR", "100.00")
                .await,
            savings: house
                .account_of("ona", AccountKind::Savings, &iban(2), "PLN", "500.00")
                .await,
            house,
        }
    }

    pub async fn client(&self, id: &ClientId) -> Arc<CachedClient> {
        let found = self.house.engine.client(id).await.expect("storage");
        found.expect("a client")
    }

    /// What Ona's token of this scope is told, with these accounts chosen.
    async fn access(&self, scope: &str, accounts: &[&AccountId]) -> Arc<Access> {
        self.house
            .access(&self.app, &self.ona, scope, accounts)
            .await
    }

    async fn seen(&self, scope: &str) -> PersonView {
        let access = self.access(scope, &[&self.wallet]).await;
        let client = self.client(&self.app.id).await;
        let asker = Asker {
            client: &client.client,
            access: Some(&access),
        };
        let view = self.house.engine.person_view(&asker, Whom::Me).await;
        view.expect("storage").expect("a person")
    }

    /// What an app is told under its own name.
    async fn seen_by(&self, app: &ClientId, number: i64) -> Result<PersonView, PersonalRefusal> {
        let client = self.client(app).await;
        let asker = Asker {
            client: &client.client,
            access: None,
        };
        let whom = Whom::Number(number);
        let view = self.house.engine.person_view(&asker, whom).await;
        view.expect("storage")
    }

    async fn number(&self) -> i64 {
        let number = self.house.engine.person_number(&self.ona).await;
        number.expect("storage")
    }

    /// Ona allows the app this.
    async fn allow(&self, app: &App, scope: &str) -> Grant {
        let accounts = vec![self.wallet.clone()];
        self.house
            .grant_with(app, &self.ona, scope, |consent, _| {
                consent.accounts = accounts
            })
            .await
    }
}

#[tokio::test]
async fn every_field_is_told_with_its_scope_and_no_other() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let id = scene.number().await;
        let wallet = scene.house.engine.wallet_number(&scene.wallet).await.unwrap();
        let address = json!({ "country": "lt", "city": "Vilnius", "street": "Pilies g. 1", "post_index": "01124" });
        let table = [
            ("email", json!({ "id": id, "email": "ona@mail.test" })),
            ("phone_optional", json!({ "id": id, "phone": "37061234567" })),
            ("phone_confirmation", json!({ "id": id })),
            ("address_offline", json!({ "id": id, "address": address })),
            ("full_name", json!({ "id": id, "identity": { "name": "Ona", "surname": "Petrauskaitė" } })),
            (
                "identity",
                json!({ "id": id, "identity": {
                    "name": "Ona", "surname": "Petrauskaitė", "nationality": "lt", "code": "48001010000",
                } }),
            ),
            ("dob", json!({ "id": id, "dob": "1980-01-01" })),
            ("gender", json!({ "id": id, "gender": "female" })),
            (
                "identification_level",
                json!({ "id": id, "type": "natural", "identification_level": "fully_identified" }),
            ),
            (
                "pep",
                json!({ "id": id, "pep": [{ "name": "Jonas", "relation": "spouse", "positions": ["mayor"] }] }),
            ),
            (
                "user_info",
                json!({ "id": id, "display_name": "The ona", "type": "natural", "locale": "lt" }),
            ),
            ("wallet_list", json!({ "id": id, "wallets": [wallet] })),
            ("balance", json!({ "id": id })),
            ("statements", json!({ "id": id })),
            ("recent_statements", json!({ "id": id })),
            ("check_has_sufficient_balance", json!({ "id": id })),
        ];
        assert_eq!(table.len(), Personal::ALL.len());
        for (scope, expected) in table {
            let seen = serde_json::to_value(scene.seen(scope).await).unwrap();
            assert_eq!(seen, expected, "{scope}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_token_without_scope_knows_two_numbers_and_nothing_else() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let access = scene.access("", &[]).await;
        let client = scene.client(&scene.app.id).await;
        let asker = Asker {
            client: &client.client,
            access: Some(&access),
        };
        let engine = &scene.house.engine;
        let seen = engine.person_view(&asker, Whom::Me).await.unwrap().unwrap();
        let id = scene.number().await;
        assert_eq!(serde_json::to_value(seen).unwrap(), json!({ "id": id }));
        let wallet = engine.wallet_view(&asker, Whom::Me).await.unwrap();
        let number = engine.wallet_number(&scene.wallet).await.unwrap();
        let expected = WalletView {
            id: number,
            owner: id,
            account: None,
        };
        assert_eq!(wallet, Ok(expected));
        let forbidden = Err(PersonalRefusal::Forbidden);
        assert_eq!(
            engine.person_email(&asker, Whom::Me).await.unwrap(),
            forbidden.clone()
        );
        assert_eq!(
            engine.person_phone(&asker, Whom::Me).await.unwrap().err(),
            forbidden.clone().err()
        );
        assert_eq!(
            engine.person_address(&asker, Whom::Me).await.unwrap().err(),
            forbidden.clone().err()
        );
        assert_eq!(
            engine
                .person_identity(&asker, Whom::Me)
                .await
                .unwrap()
                .err(),
            forbidden.clone().err()
        );
        assert_eq!(
            engine.person_exposed(&asker, Whom::Me).await.unwrap().err(),
            forbidden.clone().err()
        );
        assert_eq!(
            engine.person_wallets(&asker, Whom::Me).await.unwrap().err(),
            forbidden.clone().err()
        );
        assert_eq!(
            engine
                .person_confirmed_phones(&asker, Whom::Me)
                .await
                .unwrap()
                .err(),
            forbidden.clone().err()
        );
        assert_eq!(
            engine.wallet_balance(&asker, Whom::Me).await.unwrap().err(),
            forbidden.clone().err()
        );
        let range = whole();
        assert_eq!(
            engine
                .wallet_statements(&asker, Whom::Me, &range)
                .await
                .unwrap()
                .err(),
            forbidden.err()
        );
        // Their other wallet is not told even by number.
        let savings = engine.wallet_number(&scene.savings).await.unwrap();
        let other = engine
            .wallet_view(&asker, Whom::Number(savings))
            .await
            .unwrap();
        assert_eq!(other, Err(PersonalRefusal::Forbidden));
    })
    .await;
}

#[tokio::test]
async fn what_a_person_does_not_have_is_not_found_and_left_out() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let unknown = scene.house.known_person("jonas", None).await;
        let unconfirmed = PersonalData {
            phone_confirmed: false,
            ..everything()
        };
        let unconfirmed = scene.house.known_person("rasa", Some(unconfirmed)).await;
        let engine = &scene.house.engine;
        for (person, has_address) in [(unknown, false), (unconfirmed, true)] {
            let scope = "phone_optional phone_confirmation address_optional";
            let access = scene.house.access(&scene.app, &person, scope, &[]).await;
            let client = scene.client(&scene.app.id).await;
            let asker = Asker {
                client: &client.client,
                access: Some(&access),
            };
            let phone = engine.person_phone(&asker, Whom::Me).await.unwrap();
            assert_eq!(phone, Err(PersonalRefusal::NotFound));
            let phones = engine
                .person_confirmed_phones(&asker, Whom::Me)
                .await
                .unwrap();
            assert_eq!(phones, Ok(Vec::new()));
            let address = engine.person_address(&asker, Whom::Me).await.unwrap();
            assert_eq!(address.is_ok(), has_address);
            let seen = engine.person_view(&asker, Whom::Me).await.unwrap().unwrap();
            assert_eq!((seen.phone, seen.address.is_some()), (None, has_address));
        }
    })
    .await;
}

#[tokio::test]
async fn an_app_reads_under_its_own_name_what_was_allowed_so() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let ona = scene.number().await;
        let grant = scene
            .allow(&scene.app, "email_offline phone gender_offline_optional")
            .await;
        let seen = scene.seen_by(&scene.app.id, ona).await.expect("allowed");
        assert_eq!(
            serde_json::to_value(seen).unwrap(),
            json!({ "id": ona, "email": "ona@mail.test", "gender": "female" })
        );
        // Also long after the token has run out.
        scene.house.later(seconds(30 * 86_400));
        assert!(scene.seen_by(&scene.app.id, ona).await.is_ok());
        // Another approval beside it counts as well, and ends on its own.
        let other = scene.allow(&scene.app, "phone_offline").await;
        let seen = scene.seen_by(&scene.app.id, ona).await.expect("allowed");
        assert!(seen.phone.is_some() && seen.email.is_some());
        scene.withdraw(&other, EndReason::Withdrawn).await;
        let seen = scene.seen_by(&scene.app.id, ona).await.expect("allowed");
        assert!(seen.phone.is_none() && seen.email.is_some());
        scene.withdraw(&grant, EndReason::Withdrawn).await;
        let seen = scene.seen_by(&scene.app.id, ona).await;
        assert_eq!(seen, Err(PersonalRefusal::Forbidden));
    })
    .await;
}

impl Scene {
    async fn withdraw(&self, grant: &Grant, reason: EndReason) {
        let (consent, now) = (grant.consent.clone(), self.house.now());
        let ended = self
            .house
            .write(move |tx| {
                Box::pin(async move { advance_consent_ended(tx, &consent, reason, now).await })
            })
            .await;
        assert!(ended.is_yes());
    }
}

#[tokio::test]
async fn there_is_no_way_around_what_a_person_allowed_without_a_token() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let (house, shop) = (&scene.house, &scene.app);
        let ona = scene.number().await;
        let forbidden = Err(PersonalRefusal::Forbidden);
        // Without the suffix; before anybody allowed anything; of nobody.
        assert_eq!(scene.seen_by(&shop.id, ona).await, forbidden);
        scene.allow(shop, "email phone identity").await;
        assert_eq!(scene.seen_by(&shop.id, ona).await, forbidden);
        scene.allow(shop, "email_offline").await;
        assert!(scene.seen_by(&shop.id, ona).await.is_ok());
        assert_eq!(scene.seen_by(&shop.id, ona + 1_000).await, forbidden);
        // Another person.
        let jonas = house.known_person("jonas", Some(everything())).await;
        let number = house.engine.person_number(&jonas).await.unwrap();
        assert_eq!(scene.seen_by(&shop.id, number).await, forbidden);
        // Another client.
        let other = house.app("other").await;
        assert_eq!(scene.seen_by(&other.id, ona).await, forbidden);
        // A client of the other environment, whatever somebody wrote down.
        let live = house
            .app_with("live", |record| {
                record.client.environment = Environment::Live
            })
            .await;
        scene.allow(&live, "email_offline").await;
        assert_eq!(scene.seen_by(&live.id, ona).await, forbidden);
        // As `me`, which means the person behind a token.
        let client = scene.client(&shop.id).await;
        let own = Asker {
            client: &client.client,
            access: None,
        };
        let me = house.engine.person_view(&own, Whom::Me).await.unwrap();
        assert_eq!(me, forbidden);
        // A token of one person about another, and a token of nobody.
        let access = house.access(shop, &jonas, "email", &[]).await;
        let asker = Asker {
            client: &client.client,
            access: Some(&access),
        };
        let seen = house
            .engine
            .person_view(&asker, Whom::Number(ona))
            .await
            .unwrap();
        assert_eq!(seen, forbidden);
        let itself = house
            .engine
            .person_view(&asker, Whom::Number(number))
            .await
            .unwrap();
        assert!(itself.is_ok());
        let tokens = house
            .token(&other, &[("grant_type", "client_credentials")])
            .await
            .expect("a token");
        let access = house
            .engine
            .access(&tokens.access_token)
            .await
            .unwrap()
            .unwrap();
        let asker = Asker {
            client: &client.client,
            access: Some(&access),
        };
        for whom in [Whom::Me, Whom::Number(ona)] {
            let seen = house.engine.person_view(&asker, whom).await.unwrap();
            assert_eq!(seen, forbidden);
        }
    })
    .await;
}

#[tokio::test]
async fn nothing_is_told_once_the_app_or_the_person_is_switched_off_or_time_is_over() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let ona = scene.number().await;
        let forbidden = Err(PersonalRefusal::Forbidden);
        scene.allow(&scene.app, "email_offline").await;
        let switch = async |status| {
            let (id, person) = (scene.app.id.clone(), scene.ona.clone());
            scene
                .house
                .write(move |tx| {
                    Box::pin(async move {
                        let _changed = advance_client_status(tx, &id, status).await?;
                        let _same = advance_user_status(tx, &person, UserStatus::Active).await?;
                        Ok(())
                    })
                })
                .await;
            scene.house.later(seconds(2));
        };
        switch(ClientStatus::Suspended).await;
        assert_eq!(scene.seen_by(&scene.app.id, ona).await, forbidden);
        switch(ClientStatus::Active).await;
        assert!(scene.seen_by(&scene.app.id, ona).await.is_ok());
        let person = scene.ona.clone();
        let locked = scene
            .house
            .write(move |tx| {
                Box::pin(
                    async move { advance_user_status(tx, &person, UserStatus::Suspended).await },
                )
            })
            .await;
        assert!(locked.is_yes());
        assert_eq!(scene.seen_by(&scene.app.id, ona).await, forbidden);
        switch(ClientStatus::Active).await;
        assert!(scene.seen_by(&scene.app.id, ona).await.is_ok());
        scene
            .house
            .later(scene.house.engine.env().settings.consent_lifetime);
        assert_eq!(scene.seen_by(&scene.app.id, ona).await, forbidden);
    })
    .await;
}

#[tokio::test]
async fn wallets_are_those_that_the_person_chose() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let engine = &scene.house.engine;
        let client = scene.client(&scene.app.id).await;
        let access = scene
            .access("balance wallet_list full_name", &[&scene.savings])
            .await;
        let asker = Asker {
            client: &client.client,
            access: Some(&access),
        };
        let wallets = engine
            .person_wallets(&asker, Whom::Me)
            .await
            .unwrap()
            .unwrap();
        let [wallet] = wallets.as_slice() else {
            panic!("one wallet: {wallets:?}");
        };
        let account = wallet.account.as_ref().expect("its account");
        assert_eq!(account.number, iban(2));
        assert_eq!(account.owner_title.as_deref(), Some("The ona"));
        assert_eq!(account.owner_display_name, None);
        assert_eq!(
            engine.wallet_view(&asker, Whom::Me).await.unwrap().as_ref(),
            Ok(wallet)
        );
        let balance = engine
            .wallet_balance(&asker, Whom::Me)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(balance.currency(), Currency::PLN);
        assert_eq!(
            (balance.at_disposal.minor, balance.reserved.minor),
            (500_00, 0)
        );
        // The wallet that was not chosen, and one that is not there.
        let not_chosen = engine.wallet_number(&scene.wallet).await.unwrap();
        for number in [not_chosen, 999_999] {
            let balance = engine
                .wallet_balance(&asker, Whom::Number(number))
                .await
                .unwrap();
            assert_eq!(balance, Err(PersonalRefusal::Forbidden), "{number}");
            let view = engine
                .wallet_view(&asker, Whom::Number(number))
                .await
                .unwrap();
            assert_eq!(view, Err(PersonalRefusal::Forbidden), "{number}");
        }
        // With several, `me` is the wallet among them.
        let access = scene
            .access("balance", &[&scene.savings, &scene.wallet])
            .await;
        let asker = Asker {
            client: &client.client,
            access: Some(&access),
        };
        let balance = engine
            .wallet_balance(&asker, Whom::Me)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(balance.currency(), Currency::EUR);
    })
    .await;
}

#[tokio::test]
async fn an_app_reads_wallets_under_its_own_name_as_they_were_allowed() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let engine = &scene.house.engine;
        let client = scene.client(&scene.app.id).await;
        let own = Asker {
            client: &client.client,
            access: None,
        };
        let [wallet, savings] = [
            engine.wallet_number(&scene.wallet).await.unwrap(),
            engine.wallet_number(&scene.savings).await.unwrap(),
        ]
        .map(Whom::Number);
        // To know the person is not to know the wallet.
        scene.allow(&scene.app, "email_offline balance").await;
        let view = engine.wallet_view(&own, wallet).await.unwrap();
        assert_eq!(view, Err(PersonalRefusal::Forbidden));
        scene.allow(&scene.app, "balance_offline").await;
        let balance = engine.wallet_balance(&own, wallet).await.unwrap().unwrap();
        assert_eq!(balance.at_disposal.minor, 100_00);
        let range = whole();
        let refused = [
            engine.wallet_balance(&own, savings).await.unwrap().err(),
            engine.wallet_balance(&own, Whom::Me).await.unwrap().err(),
            engine
                .wallet_statements(&own, wallet, &range)
                .await
                .unwrap()
                .err(),
        ];
        assert_eq!(refused, [const { Some(PersonalRefusal::Forbidden) }; 3]);
        let other = scene.house.app("other").await;
        let other = scene.client(&other.id).await;
        let stranger = Asker {
            client: &other.client,
            access: None,
        };
        let balance = engine.wallet_balance(&stranger, wallet).await.unwrap();
        assert_eq!(balance, Err(PersonalRefusal::Forbidden));
    })
    .await;
}

#[tokio::test]
async fn whether_there_is_enough_is_yes_or_no() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let engine = &scene.house.engine;
        let client = scene.client(&scene.app.id).await;
        let access = scene
            .access("check_has_sufficient_balance", &[&scene.wallet])
            .await;
        let asker = Asker {
            client: &client.client,
            access: Some(&access),
        };
        let money = |minor, currency| protocol::money::Money::new(minor, currency);
        for (amount, expected) in [
            (money(100_00, Currency::EUR), true),
            (money(100_01, Currency::EUR), false),
            (money(1, Currency::PLN), false),
        ] {
            let answer = engine
                .has_sufficient_amount(&asker, Whom::Me, amount)
                .await
                .unwrap();
            assert_eq!(answer, Ok(expected), "{amount:?}");
        }
        let balance = engine.wallet_balance(&asker, Whom::Me).await.unwrap();
        assert_eq!(balance, Err(PersonalRefusal::Forbidden));
    })
    .await;
}

/// All entries of a statement.
fn whole() -> StatementRange {
    StatementRange {
        limit: StatementRange::LARGEST,
        offset: 0,
        currencies: Vec::new(),
        from: None,
        to: None,
    }
}

#[tokio::test]
async fn statements_come_newest_first_in_stretches_with_their_total() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let house = &scene.house;
        house.known_person("jonas", None).await;
        let jonas = house
            .account_of("jonas", AccountKind::Wallet, &iban(3), "EUR", "0.00")
            .await;
        // Several at the same instant, one a hundred days later, and one more on top.
        for (day, minors) in [(0, [1, 2, 3].as_slice()), (100, &[4]), (101, &[5, 6])] {
            if day > 0 {
                house.later(seconds(if day == 100 { 100 * 86_400 } else { 86_400 }));
            }
            for minor in minors {
                scene.pay(&jonas, *minor).await;
            }
        }
        let engine = &house.engine;
        let client = scene.client(&scene.app.id).await;
        let access = scene.access("statements", &[&scene.wallet]).await;
        let asker = Asker {
            client: &client.client,
            access: Some(&access),
        };
        let read = async |range: StatementRange| {
            let found = engine.wallet_statements(&asker, Whom::Me, &range).await;
            found.expect("storage").expect("statements")
        };
        let all = read(whole()).await;
        // The six payments, and the first deposit.
        assert_eq!(all.total, 7);
        let amounts: Vec<i64> = all.entries.iter().map(|entry| entry.amount.minor).collect();
        assert_eq!(amounts[..3].iter().sum::<i64>(), 5 + 6 + 4);
        assert_eq!(amounts[2], 4);
        assert!(all.entries.is_sorted_by(|a, b| a.at >= b.at));
        assert_eq!(all.entries[0].party_iban, Some(iban(3)));
        assert_eq!(all.entries[0].details, "for the story");
        // Every cut shows the same order.
        for (offset, limit) in [(0, 2), (2, 2), (4, 2), (6, 2), (7, 2), (0, 1), (3, 200)] {
            let cut = read(StatementRange {
                offset,
                limit,
                ..whole()
            })
            .await;
            let expected = all
                .entries
                .iter()
                .skip(offset as usize)
                .take(limit as usize);
            assert!(cut.entries.iter().eq(expected), "{offset} {limit}");
            assert_eq!(cut.total, 7);
        }
        // By time: both ends belong to it.
        let at = all.entries[2].at;
        let day = read(StatementRange {
            from: Some(at),
            to: Some(at),
            ..whole()
        })
        .await;
        assert_eq!((day.total, day.entries.len()), (1, 1));
        let before = Timestamp::from_seconds(at.seconds() - 1);
        let older = read(StatementRange {
            to: Some(before),
            ..whole()
        })
        .await;
        assert_eq!(older.total, 4);
        // By currency.
        for (currencies, total) in [
            (vec![Currency::EUR], 7),
            (vec![Currency::PLN, Currency::EUR], 7),
            (vec![Currency::PLN], 0),
        ] {
            let found = read(StatementRange {
                currencies,
                ..whole()
            })
            .await;
            assert_eq!(found.total, total);
        }
        // With the recent ones alone, what is older than 90 days is not there.
        let access = scene.access("recent_statements", &[&scene.wallet]).await;
        let recent = Asker {
            client: &client.client,
            access: Some(&access),
        };
        let found = engine.wallet_statements(&recent, Whom::Me, &whole()).await;
        let found = found.expect("storage").expect("statements");
        assert_eq!((found.total, found.entries.len()), (3, 3));
        let long_ago = StatementRange {
            from: Some(Timestamp::from_seconds(0)),
            to: Some(before),
            ..whole()
        };
        let found = engine.wallet_statements(&recent, Whom::Me, &long_ago).await;
        assert_eq!(found.expect("storage").expect("statements").total, 0);
    })
    .await;
}

impl Scene {
    async fn pay(&self, _to: &AccountId, minor: i64) {
        let ledger = self.house.ledger();
        let order = engine::bank::TransferOrder {
            id: protocol::ids::TransferId::new(self.house.engine.env().id()),
            from: self.wallet.clone(),
            amount: protocol::money::Money::new(minor, Currency::EUR),
            creditor_name: "Jonas".to_owned(),
            creditor_iban: iban(3),
            reference: "for the story".to_owned(),
        };
        ledger.execute(order).await.expect("an outcome");
    }
}

#[tokio::test]
async fn a_bank_that_has_only_pages_tells_the_same_stretches() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        scene.house.known_person("jonas", None).await;
        let jonas = scene
            .house
            .account_of("jonas", AccountKind::Wallet, &iban(3), "EUR", "0.00")
            .await;
        for minor in 1..=7 {
            scene.pay(&jonas, minor).await;
            scene.house.later(seconds(3_600 * 7));
        }
        let pages = BrokenBank::new(&scene.house, Breaks::Before);
        let ledger = scene.house.ledger();
        let start = crate::house::START;
        for (from, hours, offset, limit) in [
            (0, 100, 0, 10),
            (0, 100, 3, 2),
            (8, 22, 0, 10),
            (8, 22, 1, 1),
        ] {
            let query = engine::bank::StretchQuery {
                from: start + seconds(from * 3_600),
                until: start + seconds(hours * 3_600),
                offset,
                limit,
            };
            let counted = ledger
                .stretch(&scene.wallet, &query)
                .await
                .expect("storage");
            let walked = pages.stretch(&scene.wallet, &query).await.expect("storage");
            assert_eq!(walked, counted, "{query:?}");
            assert!(counted.total > 0);
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_known_of_one_person_does_not_open_for_another() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let jonas = scene.house.known_person("jonas", None).await;
        let record = find_personal_data(scene.house.store.reader(), &scene.ona).await;
        let record = record.expect("storage").expect("a row");
        for secret in ["37061234567", "48001010000", "Pilies"] {
            let is_there = record
                .sealed
                .windows(secret.len())
                .any(|part| part == secret.as_bytes());
            assert!(!is_there, "{secret} in plain");
        }
        let moved = PersonalRecord {
            user_id: jonas.clone(),
            ..record
        };
        scene
            .house
            .write(move |tx| Box::pin(async move { upsert_personal_data(tx, &moved).await }))
            .await;
        let access = scene.house.access(&scene.app, &jonas, "phone", &[]).await;
        let client = scene.client(&scene.app.id).await;
        let asker = Asker {
            client: &client.client,
            access: Some(&access),
        };
        assert!(
            scene
                .house
                .engine
                .person_phone(&asker, Whom::Me)
                .await
                .is_err()
        );
    })
    .await;
}

#[tokio::test]
async fn the_consent_page_says_what_is_asked_for_how_long_and_what_is_missing() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let all = "email_offline phone address gender identity balance_offline";
        let (app, _) = house
            .signing_app_with("wallet-app", |client| client.scope = scope(all))
            .await;
        let nearly = PersonalData {
            gender: Some(Gender::Female),
            ..PersonalData::default()
        };
        house.known_person("jonas", Some(nearly)).await;
        house
            .account_of("jonas", AccountKind::Wallet, &iban(1), "EUR", "1.00")
            .await;
        let mut browser = Browser::new(&house);
        let mut asked = async |text: &str| {
            let page = browser.arrive(&app, &[("scope", text)]).await;
            browser.log_in(&page, "jonas", "a good password").await;
            match browser.page(&page).await {
                Step::Consent(view) => view,
                other => panic!("the page of the request, not {other:?}"),
            }
        };
        let view = asked("email_offline phone address_optional gender").await;
        assert!(!view.chooses_accounts && view.accounts.is_empty());
        assert_eq!(
            view.can,
            [
                Cluster::Numbers,
                Cluster::Email,
                Cluster::Phone,
                Cluster::Address,
                Cluster::Gender
            ]
        );
        assert_eq!(view.offline, [Cluster::Numbers, Cluster::Email]);
        // What the app can do without is not said to be missing, nor what is there.
        assert_eq!(view.absent, [Cluster::Phone]);
        let view = asked("balance_offline").await;
        assert!(view.chooses_accounts && view.accounts.len() == 1);
        assert!(view.offline.contains(&Cluster::WalletBalance));
        assert!(!view.cannot.contains(&Cannot::SeeBalance));
        // Without any scope the app learns two numbers, and the person is asked all the same.
        let view = asked("").await;
        assert_eq!(view.can, [Cluster::Numbers]);
        assert!(!view.chooses_accounts && view.offline.is_empty() && view.absent.is_empty());
    })
    .await;
}

#[tokio::test]
async fn scopes_that_are_unknown_or_were_not_approved_are_refused() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let (app, _) = house
            .signing_app_with("wallet-app", |client| {
                client.scope = scope("phone email_offline");
                client.profile.reviewed_at = Some(crate::house::START);
            })
            .await;
        let mut browser = Browser::new(&house);
        for text in [
            "identification_data",
            "initiate_transfers",
            "phone_offline",
            "phone_optional_offline",
            "pep",
            "email nothing",
        ] {
            let request = request_of(&app);
            let mut request: Vec<_> = request
                .into_iter()
                .filter(|(name, _)| *name != "scope")
                .collect();
            request.push(("scope", text));
            let Began::Redirect(back) = browser.arrive_with(&request).await else {
                panic!("{text} is refused at the app");
            };
            let error = parameter_of(back.location(), "error");
            assert_eq!(error.as_deref(), Some("invalid_scope"), "{text}");
        }
        for text in ["phone", "phone_optional", "email", "email_offline_optional"] {
            browser.arrive(&app, &[("scope", text)]).await;
        }
    })
    .await;
}
