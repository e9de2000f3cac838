//! The same grant through different dialects: what an app says differs, what it may do, until when, and
//! what ends it does not.
//!
//! A dialect joins by its line in [`WAYS`].

use std::time::Duration;

use engine::begin::Began;
use protocol::{
    client::{DialectName, Environment},
    dialects::{dialect, token_door},
    form::RawForm,
    ids::{AccountId, ConsentId, TraceId},
    scope::Scope,
    secret::{AccessToken, Secret},
    token::{Introspection, TokenAnswer},
};
use store::{
    consents::{EndReason, advance_consent_ended},
    testing::on_each_database,
};

use crate::{
    browser::{Browser, Person, parameter},
    house::{
        App, CHALLENGE, House, REDIRECT_URI, VERIFIER, basic, refresh_token, request, seconds,
        served,
    },
};

/// How an app of a dialect asks for a grant and gets its tokens.
struct Way {
    dialect: DialectName,
    /// Its authorize request, beside `client_id` and `scope`.
    asks: &'static [(&'static str, &'static str)],
    /// Where its token requests go.
    door: &'static str,
    /// Its word for the code in the exchange, and what stands beside it.
    code: &'static str,
    exchange: &'static [(&'static str, &'static str)],
    /// Its word for the access token that a refresh brings along, where it does.
    token: Option<&'static str>,
}

const STANDARD: [(&str, &str); 4] = [
    ("response_type", "code"),
    ("redirect_uri", REDIRECT_URI),
    ("code_challenge", CHALLENGE),
    ("code_challenge_method", "S256"),
];

const EXCHANGE: [(&str, &str); 3] = [
    ("grant_type", "authorization_code"),
    ("redirect_uri", REDIRECT_URI),
    ("code_verifier", VERIFIER),
];

const WAYS: [Way; 3] = [
    Way {
        dialect: DialectName::Bearer,
        asks: &STANDARD,
        door: "/oauth/token",
        code: "code",
        exchange: &EXCHANGE,
        token: None,
    },
    Way {
        dialect: DialectName::OBearer,
        asks: &STANDARD,
        door: "/olympus/im/v1/oauth/token",
        code: "code",
        exchange: &EXCHANGE,
        token: Some("token"),
    },
    Way {
        dialect: DialectName::Tutorial,
        asks: &[("callbackURL", REDIRECT_URI)],
        door: "/oauth/token",
        code: "authorizationToken",
        exchange: &[],
        token: None,
    },
];

/// A grant with its tokens, in the hands of an app.
struct Held<'h> {
    house: &'h House,
    way: &'h Way,
    app: App,
    code: String,
    answer: TokenAnswer,
}

/// What the tokens of a grant are worth.
#[derive(Clone, PartialEq, Debug)]
struct Worth {
    scope: Scope,
    accounts: Vec<AccountId>,
    environment: Environment,
    /// Seconds from now until it ends.
    lives: Duration,
    consent_lives: Duration,
    refreshes: bool,
    /// What a resource server is told, but for what names this one grant.
    told: Introspection,
}

/// What may end a grant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum End {
    Nothing,
    AccessTokenRevoked,
    RefreshTokenRevoked,
    CodeReplayed,
    RefreshTokenReplayed,
    ConsentWithdrawn,
    ClientSuspended,
    AccessTokenOver,
    RefreshTokenOver,
}

const ENDS: [End; 9] = [
    End::Nothing,
    End::AccessTokenRevoked,
    End::RefreshTokenRevoked,
    End::CodeReplayed,
    End::RefreshTokenReplayed,
    End::ConsentWithdrawn,
    End::ClientSuspended,
    End::AccessTokenOver,
    End::RefreshTokenOver,
];

impl Way {
    /// One grant of `person`, in a house of its own app.
    async fn grant<'h>(&'h self, house: &'h House, person: &Person, name: &str) -> Held<'h> {
        let app = house
            .app_with(name, |record| {
                record.client.dialects = vec![self.dialect];
            })
            .await;
        let mut asked = vec![
            ("client_id", app.id.as_str()),
            ("scope", "transferFunds wallet"),
        ];
        asked.extend_from_slice(self.asks);
        let mut browser = Browser::new(house);
        let id = match browser.arrive_with(&asked).await {
            Began::Interact { id, .. } => id,
            other => panic!("{}: {other:?}", self.dialect),
        };
        browser.sign_in(&id, person).await;
        browser.allow(&id, &person.accounts[..2]).await;
        // Every code of an authenticator is good once.
        house.later(seconds(30));
        let back = browser.confirm(&id, &house.code_of(person)).await;
        let word = dialect(self.dialect).expect("spoken").code_parameter();
        let code = parameter(&back, word).unwrap_or_else(|| panic!("{}: {back:?}", self.dialect));
        let answer = self.exchange(house, &app, &code).await.expect("tokens");
        Held {
            house,
            way: self,
            app,
            code,
            answer,
        }
    }

    async fn exchange(&self, house: &House, app: &App, code: &str) -> Option<TokenAnswer> {
        let mut form = vec![(self.code, code)];
        form.extend_from_slice(self.exchange);
        self.send(house, app, &form).await
    }

    async fn send(&self, house: &House, app: &App, form: &[(&str, &str)]) -> Option<TokenAnswer> {
        let form = RawForm::from_pairs(form.to_vec());
        let secret = app.secret.as_deref().expect("a secret");
        let header = basic(app.id.as_str(), secret);
        let request = engine::client_authentication::BackRequest {
            door: token_door(self.door, &form).expect("a door"),
            trace: TraceId::from_entropy([2; 5]),
            ..request(&form, Some(&header))
        };
        served(house.engine.token(&request).await).ok()
    }
}

impl Held<'_> {
    fn access_token(&self) -> &Secret<AccessToken> {
        &self.answer.access_token
    }

    async fn worth(&self) -> Worth {
        let found = self.house.engine.access(self.access_token()).await;
        let access = found.expect("an answer").expect("a good token");
        let consent = access.consent.as_ref().expect("a consent");
        let now = self.house.now();
        let told = self
            .house
            .introspect(&self.app, self.access_token().expose())
            .await;
        Worth {
            scope: access.scope.clone(),
            accounts: consent.accounts.clone(),
            environment: access.environment,
            lives: access.expires_at.since(now),
            consent_lives: consent.valid_until.since(now),
            refreshes: self.answer.refresh_token.is_some(),
            told: Introspection {
                client_id: None,
                consent_id: None,
                iat: None,
                exp: None,
                token_type: None,
                ..told
            },
        }
    }

    async fn end(&self, end: End) {
        let house = self.house;
        let refresh = refresh_token(&self.answer);
        match end {
            End::Nothing => {}
            End::AccessTokenRevoked => {
                let token = self.access_token().expose();
                house.revoke(&self.app, token).await.expect("revoked");
            }
            End::RefreshTokenRevoked => {
                house.revoke(&self.app, &refresh).await.expect("revoked");
            }
            End::CodeReplayed => {
                let again = self.way.exchange(house, &self.app, &self.code).await;
                assert!(again.is_none(), "{}", self.way.dialect);
            }
            End::RefreshTokenReplayed => {
                assert!(self.refresh().await);
                house.later(seconds(60));
                assert!(!self.refresh().await);
            }
            End::ConsentWithdrawn => self.withdraw().await,
            End::ClientSuspended => {
                let suspended = house.engine.suspend_client(&self.app.id).await;
                suspended.expect("suspended");
            }
            End::AccessTokenOver => house.later(seconds(3_601)),
            End::RefreshTokenOver => house.later(seconds(181 * 86_400)),
        }
    }

    async fn withdraw(&self) {
        let consent: ConsentId = self.answer.consent_id.clone().expect("a consent");
        let now = self.house.now();
        let id = consent.clone();
        let ended = self
            .house
            .write(move |tx| {
                Box::pin(
                    async move { advance_consent_ended(tx, &id, EndReason::Withdrawn, now).await },
                )
            })
            .await;
        assert!(ended.is_yes());
        let caches = &self.house.engine.env().caches;
        caches.changed(engine::caches::Thing::Consent(&consent));
    }

    async fn refresh(&self) -> bool {
        let token = refresh_token(&self.answer);
        let mut form = vec![
            ("grant_type", "refresh_token"),
            ("refresh_token", token.as_str()),
        ];
        form.extend(
            self.way
                .token
                .map(|word| (word, self.access_token().expose())),
        );
        self.way.send(self.house, &self.app, &form).await.is_some()
    }

    /// Whether the access token is good, and whether another one can be had.
    async fn lives(&self) -> (bool, bool) {
        let access = self.house.engine.access(self.access_token()).await;
        let access = access.expect("an answer").is_ok();
        (access, self.refresh().await)
    }
}

#[tokio::test]
async fn the_same_grant_is_worth_the_same_through_every_dialect() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let ona = house.enrol("ona").await;
        let mut worths = Vec::new();
        for way in &WAYS {
            let held = way
                .grant(&house, &ona, &format!("app-{}", way.dialect))
                .await;
            worths.push((way.dialect, held.worth().await));
        }
        let (_, first) = worths[0].clone();
        assert!(first.refreshes && first.accounts.len() == 2);
        for (dialect, worth) in worths {
            assert_eq!(worth, first, "{dialect}");
        }
    })
    .await;
}

#[tokio::test]
async fn whatever_ends_a_grant_ends_it_through_every_dialect() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let ona = house.enrol("ona").await;
        let mut left = Vec::new();
        for (at, end) in ENDS.into_iter().enumerate() {
            let mut each = Vec::new();
            for way in &WAYS {
                let name = format!("app-{at}-{}", way.dialect);
                let held = way.grant(&house, &ona, &name).await;
                held.end(end).await;
                each.push(held.lives().await);
            }
            assert!(
                each.iter().all(|lives| *lives == each[0]),
                "{end:?}: {each:?}"
            );
            left.push((end, each[0]));
        }
        let expected = ENDS.map(|end| {
            let lives = match end {
                End::Nothing => (true, true),
                End::AccessTokenRevoked | End::AccessTokenOver => (false, true),
                _ => (false, false),
            };
            (end, lives)
        });
        assert_eq!(left, expected);
    })
    .await;
}
