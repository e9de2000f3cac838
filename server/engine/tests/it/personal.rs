//! What apps learn of people, and every way around what people allowed.

use std::sync::Arc;

use engine::{
    access::Access,
    begin::Began,
    clients::CachedClient,
    personal::{Asker, PersonView, PersonalRefusal, WalletView, Whom},
};
use protocol::{
    authorization::Step,
    client::{ClientStatus, Environment},
    ids::{AccountId, ClientId, UserId},
    person::{Gender, PersonalData},
    scope::{Cannot, Cluster, Personal},
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
    money::iban,
    papers::everything,
    personal_wallets::whole,
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
    pub async fn access(&self, scope: &str, accounts: &[&AccountId]) -> Arc<Access> {
        self.house
            .access(&self.app, &self.ona, scope, accounts)
            .await
    }

    pub async fn seen(&self, scope: &str) -> PersonView {
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
    pub async fn seen_by(
        &self,
        app: &ClientId,
        number: i64,
    ) -> Result<PersonView, PersonalRefusal> {
        let client = self.client(app).await;
        let asker = Asker {
            client: &client.client,
            access: None,
        };
        let whom = Whom::Number(number);
        let view = self.house.engine.person_view(&asker, whom).await;
        view.expect("storage")
    }

    pub async fn number(&self) -> i64 {
        let number = self.house.engine.person_number(&self.ona).await;
        number.expect("storage")
    }

    /// Ona allows the app this.
    pub async fn allow(&self, app: &App, scope: &str) -> Grant {
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
    pub async fn withdraw(&self, grant: &Grant, reason: EndReason) {
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
