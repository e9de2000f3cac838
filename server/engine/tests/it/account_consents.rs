//! An app writes down what it wants to see, a person agrees, and everybody who may can end it.

use std::sync::Arc;

use engine::{
    access::{Access, Inactive},
    account_information::{InformationRefusal, Manner, StatementRequest, WantedStatus},
    begin::Began,
    consents::{MadeConsent, SeenConsent},
    visit::Go,
};
use protocol::{
    account_consent::{AskedAccess, ConsentState, NewConsent, ScaState},
    authorization::{ProblemKind, Step},
    ids::{AccountId, AuthorizationId, ConsentId},
    scope::Cluster,
    token::TokenAnswer,
};
use serde_json::{Value, json};
use store::testing::{TestDatabase, on_each_database};

use crate::{
    browser::{Browser, Person, parameter, parameter_of, problem, problem_of, request_of},
    house::{App, House, access_token, refresh_token, seconds},
};

const DAY: u64 = 86_400;

/// Ona and Jonas, each with two EUR accounts and one PLN account, and an app that reads accounts.
pub struct Scene {
    pub house: House,
    pub app: App,
    pub ona: Person,
    pub jonas: Person,
}

impl Scene {
    pub async fn on(db: &TestDatabase) -> Self {
        Self::in_house(House::on(&db.store)).await
    }

    pub async fn in_house(house: House) -> Self {
        Self {
            app: house.reviewed_app("budget").await,
            ona: house.enrol("ona").await,
            jonas: house.enrol("jonas").await,
            house,
        }
    }

    /// What the app holds for itself, with nobody behind it.
    pub async fn own(&self) -> Arc<Access> {
        self.own_of(&self.app).await
    }

    async fn own_of(&self, app: &App) -> Arc<Access> {
        let parameters = [("grant_type", "client_credentials"), ("scope", "ais")];
        let tokens = self.house.token(app, &parameters).await.expect("tokens");
        let access = self.house.engine.access(&tokens.access_token).await;
        access.expect("storage").expect("a good token")
    }

    fn body(&self, access: Value, recurring: bool) -> NewConsent {
        let body = json!({
            "access": access, "recurringIndicator": recurring, "validUntil": "9999-12-31",
            "frequencyPerDay": if recurring { 4 } else { 1 }, "combinedServiceIndicator": false,
        });
        let body = serde_json::to_vec(&body).expect("JSON");
        NewConsent::parse(&body, self.house.now().date()).expect("a consent in order")
    }

    /// The app writes a consent down.
    pub async fn made(&self, access: Value, recurring: bool) -> MadeConsent {
        let new = self.body(access, recurring);
        let own = self.own().await;
        let made = self.house.engine.make_consent(&own, new).await;
        made.expect("storage")
    }

    /// One for which the person picks the accounts.
    pub async fn offered(&self) -> MadeConsent {
        let all = json!({ "accounts": [], "balances": [], "transactions": [] });
        self.made(all, true).await
    }

    pub async fn seen(&self, id: &ConsentId) -> SeenConsent {
        let seen = self.house.engine.consent_of(&*self.own().await, id).await;
        seen.expect("storage").expect("the app's own")
    }

    pub async fn state(&self, id: &ConsentId) -> ConsentState {
        self.seen(id).await.state
    }

    async fn sca(&self, made: &MadeConsent) -> ScaState {
        let (own, consent) = (self.own().await, &made.consent.id);
        let state = self
            .house
            .engine
            .sca_state(&own, consent, &made.authorisation)
            .await;
        state.expect("storage").expect("its authorisation")
    }

    /// A person signs in for a consent, in a browser of their own.
    pub async fn signed_in(
        &self,
        id: &ConsentId,
        person: &Person,
    ) -> (Browser<'_>, AuthorizationId) {
        let mut browser = Browser::new(&self.house);
        let scope = format!("AIS:{id}");
        let page = browser
            .arrive(&self.app, &[("scope", scope.as_str())])
            .await;
        browser.sign_in(&page, person).await;
        (browser, page)
    }

    /// A person agrees to a consent with these accounts: the app's code.
    pub async fn agreed(&self, id: &ConsentId, person: &Person, accounts: &[AccountId]) -> String {
        let (mut browser, page) = self.signed_in(id, person).await;
        browser.allow(&page, accounts).await;
        let go = browser.confirm(&page, "").await;
        parameter(&go, "code").unwrap_or_else(|| panic!("no code: {go:?}"))
    }

    /// And the app's tokens.
    pub async fn tokens(
        &self,
        id: &ConsentId,
        person: &Person,
        accounts: &[AccountId],
    ) -> TokenAnswer {
        let code = self.agreed(id, person, accounts).await;
        self.exchange(&code).await
    }

    pub async fn exchange(&self, code: &str) -> TokenAnswer {
        let form = crate::house::exchange_form(code);
        self.house.token(&self.app, &form).await.expect("tokens")
    }

    pub async fn access(&self, tokens: &TokenAnswer) -> Result<Arc<Access>, Inactive> {
        let access = self.house.engine.access(&tokens.access_token).await;
        access.expect("storage")
    }

    pub async fn good(&self, tokens: &TokenAnswer) -> Arc<Access> {
        self.access(tokens).await.expect("a good token")
    }

    /// The ids of the accounts that a token shows.
    async fn shown(&self, tokens: &TokenAnswer) -> Vec<AccountId> {
        let access = self.good(tokens).await;
        let manner = Manner {
            attended: true,
            ..Manner::default()
        };
        let list = self.house.engine.account_list(&access, manner).await;
        let list = list.expect("storage").expect("accounts");
        list.into_iter().map(|shown| shown.account.id).collect()
    }

    pub async fn balances(
        &self,
        tokens: &TokenAnswer,
        account: &AccountId,
        attended: bool,
    ) -> Result<(), InformationRefusal> {
        let access = self.good(tokens).await;
        let manner = Manner {
            attended,
            ..Manner::default()
        };
        let read = self
            .house
            .engine
            .account_balances(&access, account, manner)
            .await;
        read.expect("storage").map(|_| ())
    }

    pub async fn statement(
        &self,
        tokens: &TokenAnswer,
        account: &AccountId,
        days_back: i64,
    ) -> Result<(), InformationRefusal> {
        let access = self.good(tokens).await;
        let request = StatementRequest {
            from: Some(self.house.now().date().plus_days(-days_back)),
            to: None,
            status: WantedStatus::Booked,
            after: None,
            limit: 100,
        };
        let manner = Manner {
            attended: true,
            ..Manner::default()
        };
        let read = self
            .house
            .engine
            .statement(&access, account, &request, manner)
            .await;
        read.expect("storage").map(|_| ())
    }

    async fn delete(&self, id: &ConsentId) -> Option<Result<ConsentState, ConsentState>> {
        let deleted = self
            .house
            .engine
            .delete_consent(&*self.own().await, id)
            .await;
        deleted
            .expect("storage")
            .map(|done| done.map_err(|fault| fault.state))
    }

    /// The IBAN of one of a person's accounts.
    pub async fn iban(&self, person: &Person, at: usize) -> String {
        let accounts = self.house.engine.env().bank.accounts_of(&person.id).await;
        let accounts = accounts.expect("accounts");
        let found = accounts
            .iter()
            .find(|account| account.id == person.accounts[at]);
        found.expect("the account").iban.as_str().to_owned()
    }

    /// The error with which the app's request for a scope comes back.
    async fn refused(&self, app: &App, scope: &str) -> (String, String) {
        let mut parameters = request_of(app);
        parameters.retain(|(name, _)| *name != "scope");
        parameters.push(("scope", scope));
        match Browser::new(&self.house).arrive_with(&parameters).await {
            Began::Redirect(back) => {
                let told = |name| parameter_of(back.location(), name).unwrap_or_default();
                let description = told("error_description");
                // Each has a reference of its own.
                let sentence = description.split(" (ref").next().unwrap_or_default();
                (told("error"), sentence.to_owned())
            }
            other => panic!("expected an error at the app, got {other:?}"),
        }
    }
}

#[tokio::test]
async fn from_the_request_to_the_accounts_to_its_end() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let made = scene.offered().await;
        let id = &made.consent.id;
        assert_eq!(made.consent.state, ConsentState::Received);
        assert_eq!(scene.sca(&made).await, ScaState::Received);

        let (mut browser, page) = scene.signed_in(id, &scene.ona).await;
        assert_eq!(scene.sca(&made).await, ScaState::PsuAuthenticated);
        let chosen = &scene.ona.accounts[..2];
        browser.allow(&page, chosen).await;
        assert_eq!(scene.sca(&made).await, ScaState::Started);
        assert_eq!(
            scene.state(id).await,
            ConsentState::Received,
            "not before the code"
        );
        let go = browser.confirm(&page, "").await;
        let code = parameter(&go, "code").expect("a code");
        assert_eq!(scene.sca(&made).await, ScaState::Finalised);
        assert_eq!(scene.state(id).await, ConsentState::Valid);

        let tokens = scene.exchange(&code).await;
        assert_eq!(tokens.consent_id.as_ref(), Some(id));
        assert_eq!(tokens.scope.to_string(), format!("AIS:{id}"));
        let mut shown = scene.shown(&tokens).await;
        shown.sort();
        let mut expected = chosen.to_vec();
        expected.sort();
        assert_eq!(shown, expected);

        assert_eq!(
            scene.delete(id).await,
            Some(Ok(ConsentState::TerminatedByTpp))
        );
        assert_eq!(scene.state(id).await, ConsentState::TerminatedByTpp);
        assert_eq!(
            scene.access(&tokens).await.unwrap_err(),
            Inactive::ConsentEnded
        );
        let refreshed = scene
            .house
            .refresh(&scene.app, &refresh_token(&tokens))
            .await;
        assert!(refreshed.is_err(), "the refresh token ended too");
        assert_eq!(
            scene.delete(id).await,
            Some(Ok(ConsentState::TerminatedByTpp)),
            "once more is no fault"
        );
    })
    .await;
}

#[tokio::test]
async fn a_person_who_says_no_ends_the_request_signed_in_or_not() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let made = scene.offered().await;
        let (mut browser, page) = scene.signed_in(&made.consent.id, &scene.ona).await;
        let go = browser.deny(&page).await;
        assert_eq!(parameter(&go, "error").as_deref(), Some("access_denied"));
        assert_eq!(scene.state(&made.consent.id).await, ConsentState::Rejected);
        assert_eq!(scene.sca(&made).await, ScaState::Failed);

        let made = scene.offered().await;
        let mut browser = Browser::new(&scene.house);
        let scope = format!("AIS:{}", made.consent.id);
        let page = browser
            .arrive(&scene.app, &[("scope", scope.as_str())])
            .await;
        browser.deny(&page).await;
        assert_eq!(scene.state(&made.consent.id).await, ConsentState::Rejected);
        assert_eq!(scene.sca(&made).await, ScaState::Failed);
        let (error, description) = scene.refused(&scene.app, &scope).await;
        assert_eq!(error, "invalid_scope", "{description}");
        assert_eq!(
            scene.delete(&made.consent.id).await,
            Some(Err(ConsentState::Rejected))
        );
    })
    .await;
}

#[tokio::test]
async fn nobody_sees_asks_for_or_ends_the_consent_of_another_app() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let id = scene.offered().await.consent.id;
        let other = scene.house.reviewed_app("other").await;
        let own = scene.own_of(&other).await;
        let engine = &scene.house.engine;
        assert_eq!(engine.consent_of(&own, &id).await.expect("storage"), None);
        assert!(
            engine
                .delete_consent(&own, &id)
                .await
                .expect("storage")
                .is_none()
        );
        assert!(
            engine
                .authorisations(&own, &id)
                .await
                .expect("storage")
                .is_none()
        );
        assert!(
            engine
                .start_authorisation(&own, &id)
                .await
                .expect("storage")
                .is_none()
        );
        let scope = format!("AIS:{id}");
        let unknown = scene.refused(&other, "AIS:nothing").await;
        assert_eq!(scene.refused(&other, &scope).await, unknown);
        assert_eq!(unknown.0, "invalid_scope");
        assert_eq!(scene.state(&id).await, ConsentState::Received);

        // A token that a person gave speaks of its own consent and of no other of the app.
        let tokens = scene
            .tokens(&id, &scene.ona, &scene.ona.accounts[..1])
            .await;
        let second = scene.offered().await.consent.id;
        let access = scene.good(&tokens).await;
        assert!(
            engine
                .consent_of(&access, &id)
                .await
                .expect("storage")
                .is_some()
        );
        assert!(
            engine
                .consent_of(&access, &second)
                .await
                .expect("storage")
                .is_none()
        );
    })
    .await;
}

#[tokio::test]
async fn what_one_person_agreed_to_is_no_other_persons() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let id = scene.offered().await.consent.id;
        let onas = &scene.ona.accounts[..1];
        let tokens = scene.tokens(&id, &scene.ona, onas).await;

        let mut browser = Browser::new(&scene.house);
        let scope = format!("AIS:{id}");
        let page = browser
            .arrive(&scene.app, &[("scope", scope.as_str())])
            .await;
        browser.sign_in(&page, &scene.jonas).await;
        assert_eq!(
            problem(&browser.page(&page).await),
            Some(ProblemKind::ConsentOver)
        );
        assert_eq!(scene.shown(&tokens).await, onas);

        // The same person may: with other accounts, and the consent stays one.
        let code = scene
            .agreed(&id, &scene.ona, &scene.ona.accounts[1..2])
            .await;
        let again = scene.exchange(&code).await;
        assert_eq!(again.consent_id.as_ref(), Some(&id));
        assert_eq!(scene.shown(&again).await, &scene.ona.accounts[1..2]);
        scene.house.later(seconds(2));
        assert_eq!(
            scene.shown(&tokens).await,
            &scene.ona.accounts[1..2],
            "one record"
        );
    })
    .await;
}

#[tokio::test]
async fn of_two_people_at_the_last_step_one_agrees() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let id = scene.offered().await.consent.id;
        let (mut onas, first) = scene.signed_in(&id, &scene.ona).await;
        let (mut jonas, second) = scene.signed_in(&id, &scene.jonas).await;
        onas.allow(&first, &scene.ona.accounts[..1]).await;
        jonas.allow(&second, &scene.jonas.accounts[..1]).await;
        assert!(parameter(&onas.confirm(&first, "").await, "code").is_some());
        let go = jonas.follow(
            scene
                .house
                .engine
                .confirm(
                    &jonas.visit(&second),
                    "old",
                    engine::visit::Proof::Code(String::new()),
                )
                .await,
        );
        assert_eq!(problem_of(&go), Some(ProblemKind::ConsentOver));
    })
    .await;
}

#[tokio::test]
async fn what_the_app_takes_back_meanwhile_cannot_be_agreed_to() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let made = scene.offered().await;
        let (mut browser, page) = scene.signed_in(&made.consent.id, &scene.ona).await;
        browser.allow(&page, &scene.ona.accounts[..1]).await;
        let token = browser.token(&page).await;
        assert_eq!(
            scene.delete(&made.consent.id).await,
            Some(Ok(ConsentState::TerminatedByTpp))
        );
        let proof = engine::visit::Proof::Code(String::new());
        let answer = scene
            .house
            .engine
            .confirm(&browser.visit(&page), &token, proof)
            .await;
        assert_eq!(
            problem_of(&browser.follow(answer)),
            Some(ProblemKind::ConsentOver)
        );
        assert_eq!(
            scene.state(&made.consent.id).await,
            ConsentState::TerminatedByTpp
        );
        assert_eq!(scene.sca(&made).await, ScaState::Failed);
    })
    .await;
}

#[tokio::test]
async fn nobody_comes_in_time() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let made = scene.offered().await;
        scene.house.later(seconds(DAY));
        assert_eq!(scene.state(&made.consent.id).await, ConsentState::Expired);
        assert_eq!(scene.sca(&made).await, ScaState::Failed);
        let scope = format!("AIS:{}", made.consent.id);
        assert_eq!(scene.refused(&scene.app, &scope).await.0, "invalid_scope");
    })
    .await;
}

#[tokio::test]
async fn the_page_shows_what_was_asked_and_only_accounts_of_the_person() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let (onas, foreign) = (
            scene.iban(&scene.ona, 0).await,
            scene.iban(&scene.jonas, 0).await,
        );
        let asked = json!({ "balances": [{ "iban": onas }, { "iban": foreign }] });
        let made = scene.made(asked, true).await;
        let (mut browser, page) = scene.signed_in(&made.consent.id, &scene.ona).await;
        let Step::Consent(view) = browser.page(&page).await else {
            panic!("the consent page is due");
        };
        assert!(view.names_accounts && !view.chooses_accounts && !view.once);
        assert_eq!(
            view.can,
            [Cluster::AccountDetails, Cluster::AccountBalances]
        );
        let ids: Vec<_> = view
            .accounts
            .iter()
            .map(|account| account.id.clone())
            .collect();
        assert_eq!(ids, &scene.ona.accounts[..1]);
        assert_eq!(view.times_a_day, Some(4));

        assert!(
            view.accounts[0].can.is_empty(),
            "the same for every account"
        );
        // Whatever the form says, the accounts are the named ones.
        browser.allow(&page, &scene.ona.accounts).await;
        let go = browser.confirm(&page, "").await;
        let tokens = scene
            .exchange(&parameter(&go, "code").expect("a code"))
            .await;
        assert_eq!(scene.shown(&tokens).await, &scene.ona.accounts[..1]);
        let account = &scene.ona.accounts[0];
        assert_eq!(scene.balances(&tokens, account, true).await, Ok(()));
        let refused = scene.statement(&tokens, account, 1).await;
        assert_eq!(refused, Err(InformationRefusal::NotCovered));
        let given = scene.seen(&made.consent.id).await.access.to_wire();
        let reference = json!([{ "iban": onas, "currency": "EUR" }]);
        assert_eq!(
            given,
            json!({ "accounts": reference, "balances": reference })
        );

        // Different things of different accounts stand with each of them.
        let second = scene.iban(&scene.ona, 1).await;
        let asked = json!({ "balances": [{ "iban": onas }], "transactions": [{ "iban": second }] });
        let made = scene.made(asked, true).await;
        let (browser, page) = scene.signed_in(&made.consent.id, &scene.ona).await;
        let Step::Consent(view) = browser.page(&page).await else {
            panic!("the consent page is due");
        };
        let can: Vec<_> = view.accounts.iter().map(|account| account.can[1]).collect();
        assert_eq!(
            can,
            [Cluster::AccountBalances, Cluster::AccountTransactions]
        );

        // Jonas owns none of what Ona's app names.
        let made = scene
            .made(
                json!({ "balances": [{ "iban": scene.iban(&scene.ona, 1).await }] }),
                true,
            )
            .await;
        let (mut browser, page) = scene.signed_in(&made.consent.id, &scene.jonas).await;
        let Step::Consent(view) = browser.page(&page).await else {
            panic!("the consent page is due");
        };
        assert!(view.accounts.is_empty() && view.names_accounts);
        assert!(matches!(
            browser.allow(&page, &scene.jonas.accounts).await,
            Go::Step(_)
        ));
        assert!(
            matches!(browser.page(&page).await, Step::Consent(_)),
            "nothing was allowed"
        );
    })
    .await;
}

#[tokio::test]
async fn all_accounts_are_all_and_the_words_of_the_request_decide_what_is_read() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let ona = &scene.ona;
        for (asked, balances, transactions) in [
            (json!({ "availableAccounts": "allAccounts" }), false, false),
            (
                json!({ "availableAccountsWithBalance": "allAccounts" }),
                true,
                false,
            ),
            (json!({ "allPsd2": "allAccounts" }), true, true),
        ] {
            let made = scene.made(asked.clone(), true).await;
            let tokens = scene.tokens(&made.consent.id, ona, &[]).await;
            assert_eq!(scene.shown(&tokens).await.len(), 3, "{asked}");
            let account = &ona.accounts[0];
            assert_eq!(
                scene.balances(&tokens, account, true).await.is_ok(),
                balances,
                "{asked}"
            );
            assert_eq!(
                scene.statement(&tokens, account, 1).await.is_ok(),
                transactions,
                "{asked}"
            );
            let seen = scene.seen(&made.consent.id).await;
            assert_eq!(
                seen.access,
                AskedAccess::parse(Some(&asked)).expect("access")
            );
        }
    })
    .await;
}

#[tokio::test]
async fn the_scope_ais_makes_the_same_record() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let mut browser = Browser::new(&scene.house);
        let page = browser.arrive(&scene.app, &[("scope", "ais")]).await;
        browser.sign_in(&page, &scene.ona).await;
        browser.allow(&page, &scene.ona.accounts[..1]).await;
        let go = browser.confirm(&page, "").await;
        let tokens = scene
            .exchange(&parameter(&go, "code").expect("a code"))
            .await;
        let id = tokens.consent_id.clone().expect("a consent");
        let seen = scene.seen(&id).await;
        assert_eq!(
            (seen.state, seen.recurring, seen.frequency_per_day),
            (ConsentState::Valid, true, 4)
        );
        assert_eq!(seen.last_action, scene.house.now().date());
        let reference = json!([{ "iban": scene.iban(&scene.ona, 0).await, "currency": "EUR" }]);
        let all =
            json!({ "accounts": reference, "balances": reference, "transactions": reference });
        assert_eq!(seen.access.to_wire(), all);
        let own = scene.own().await;
        let authorisations = scene.house.engine.authorisations(&own, &id).await;
        let authorisations = authorisations.expect("storage").expect("its own");
        assert_eq!(authorisations.len(), 1);
        let state = scene
            .house
            .engine
            .sca_state(&own, &id, &authorisations[0])
            .await;
        assert_eq!(state.expect("storage"), Some(ScaState::Finalised));
        assert_eq!(
            scene.delete(&id).await,
            Some(Ok(ConsentState::TerminatedByTpp))
        );
        assert!(
            !scene
                .house
                .is_active(&scene.app, &access_token(&tokens))
                .await
        );
    })
    .await;
}
