//! What the tests are built from: an engine on a fresh database with a clock that stands still until
//! it is moved, randomness from a number, and the people and apps that the stories are about.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::{
    net::{IpAddr, Ipv4Addr},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use engine::{
    Clock, Engine, Env, Settings,
    bank::Ledger,
    caches::Caches,
    client_authentication::{BackRequest, Raw, Refused, Unserved},
    env::ChaChaChance,
    passwords::Passwords,
    seal::{Seal, SealKey},
};
use protocol::{
    authorization::ScaMethod,
    client::{
        AuthMethod, Client, ClientProfile, ClientStatus, DialectName, Environment, GrantType,
        PkcePolicy,
    },
    dialects::bearer,
    form::RawForm,
    ids::{AccountId, ClientId, ConsentId, SecretId, TraceId, UserId},
    lifetimes::LifetimeOverrides,
    locale::Locale,
    payment::Payment,
    pkce::CodeChallenge,
    redirect_uri::RegisteredRedirectUri,
    scope::Scope,
    secret::{AuthorizationCode, ClientSecret, Secret},
    time::Timestamp,
    token::{Introspection, TokenAnswer},
};
use store::{
    Store,
    client_secrets::{ClientSecretRecord, insert_client_secret},
    clients::{ClientRecord, insert_client},
    codes::{CodeRecord, insert_code},
    consents::{ConsentRecord, ConsentStatus, insert_consent},
    users::{Role, UserRecord, UserStatus, insert_user},
};

/// When every story begins: 2026-11-22T12:00:00Z.
pub const START: Timestamp = Timestamp::from_seconds(1_795_348_800);

/// RFC 7636 appendix B.
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
/// Its challenge.
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// The redirect URI of every app in the stories.
pub const REDIRECT_URI: &str = "https://shop.example/callback";

/// A clock that a test moves.
pub struct MockClock(AtomicI64);

impl MockClock {
    pub fn at(start: Timestamp) -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(start.millis())))
    }

    pub fn advance(&self, by: Duration) {
        self.0.fetch_add(
            i64::try_from(by.as_millis()).expect("not for ever"),
            Ordering::SeqCst,
        );
    }

    pub fn set(&self, to: Timestamp) {
        self.0.store(to.millis(), Ordering::SeqCst);
    }
}

impl Clock for MockClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

pub fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

pub fn scope(text: &str) -> Scope {
    text.parse().expect("a scope")
}

/// Settings for tests: as shipped, but with cheap passwords, and with a directory that is closed, so that
/// what is said of names and passwords is said of the sandbox's people as of live ones.
pub fn settings() -> Settings {
    Settings {
        argon2_memory_kib: 8,
        argon2_passes: 1,
        sandbox_open: false,
        ..Settings::default()
    }
}

/// An engine in its surroundings.
pub struct House {
    pub engine: Engine,
    pub clock: Arc<MockClock>,
    pub store: Store,
}

/// An app, with the secret that only it knows.
#[derive(Clone)]
pub struct App {
    pub id: ClientId,
    pub secret: Option<String>,
}

/// What a person allowed, on its way to the app.
#[derive(Clone)]
pub struct Grant {
    pub code: String,
    pub consent: ConsentId,
    pub user: UserId,
}

impl House {
    pub fn on(store: &Store) -> Self {
        Self::with(store, settings())
    }

    pub fn with(store: &Store, settings: Settings) -> Self {
        Self::of(store, settings, MockClock::at(START), 7)
    }

    /// Another node on the same database: same clock, same keys, other caches and randomness.
    pub fn neighbour(&self, store: &Store, seed: u8) -> Self {
        Self::of(
            store,
            self.engine.env().settings.clone(),
            Arc::clone(&self.clock),
            seed,
        )
    }

    fn of(store: &Store, settings: Settings, clock: Arc<MockClock>, seed: u8) -> Self {
        let chance = Arc::new(ChaChaChance::from_seed([seed; 32]));
        let ledger = Ledger::new(store.clone(), clock.clone(), chance.clone());
        let env = Env {
            clock: clock.clone(),
            chance,
            seal: Seal::new(vec![SealKey {
                id: 1,
                key: [9; 32].into(),
            }])
            .expect("a key"),
            store: store.clone(),
            bank: Arc::new(ledger),
            passwords: Passwords::new(&settings).expect("parameters"),
            caches: Caches::new(&settings),
            settings,
        };
        Self {
            engine: Engine::new(env),
            clock,
            store: store.clone(),
        }
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub fn later(&self, by: Duration) {
        self.clock.advance(by);
    }

    /// A sandbox person with this name, and a mail address.
    pub async fn person(&self, name: &str) -> UserId {
        self.user(name, Role::User, "none".to_owned()).await
    }

    /// Such a person who can sign in.
    pub async fn person_with_password(&self, name: &str, password: &str) -> UserId {
        let env = self.engine.env();
        let hash = env.passwords.hash(password.to_owned(), env.bytes()).await;
        self.user(name, Role::User, hash.expect("a hash")).await
    }

    /// A developer with this name, and a mail address.
    pub async fn developer(&self, name: &str) -> UserId {
        self.user(name, Role::Developer, "none".to_owned()).await
    }

    async fn user(&self, name: &str, role: Role, password_hash: String) -> UserId {
        let record = UserRecord {
            id: UserId::new(self.engine.env().id()),
            environment: Environment::Sandbox,
            username: name.to_owned(),
            email: Some(format!("{name}@mail.test")),
            password_hash,
            display_name: name.to_owned(),
            role,
            locale: Locale::En,
            status: UserStatus::Active,
            created_at: self.now(),
        };
        let id = record.id.clone();
        self.write(move |tx| Box::pin(async move { insert_user(tx, &record).await }))
            .await;
        id
    }

    /// A client with all grants, the scope `wallet transferFunds ais` and a secret.
    pub async fn app(&self, id: &str) -> App {
        self.app_with(id, |_| {}).await
    }

    /// Such a client with something changed.
    pub async fn app_with(&self, id: &str, change: impl FnOnce(&mut ClientRecord)) -> App {
        let environment = Environment::Sandbox;
        let client = Client {
            id: ClientId::new(id),
            name: format!("The {id}"),
            environment,
            status: ClientStatus::Active,
            dialects: vec![DialectName::Bearer],
            auth_method: AuthMethod::ClientSecretBasic,
            pkce: PkcePolicy::Required,
            redirect_uris: vec![
                RegisteredRedirectUri::parse(REDIRECT_URI, environment).expect("an address"),
            ],
            scope: scope("wallet transferFunds ais"),
            grants: GrantType::ALL.to_vec(),
            lifetimes: LifetimeOverrides::default(),
            profile: ClientProfile::default(),
            created_at: self.now(),
        };
        let mut record = ClientRecord {
            client,
            owner: None,
            sealed_mac_key: None,
            version: 0,
        };
        change(&mut record);
        let secret = (record.client.auth_method != AuthMethod::None)
            .then(|| self.engine.env().mint::<ClientSecret>());
        let row = secret
            .as_ref()
            .map(|secret| self.secret_record(&record.client.id, secret));
        self.write(move |tx| {
            Box::pin(async move {
                insert_client(tx, &record).await?;
                match &row {
                    Some(row) => insert_client_secret(tx, row).await,
                    None => Ok(()),
                }
            })
        })
        .await;
        App {
            id: ClientId::new(id),
            secret: secret.map(|secret| secret.expose().to_owned()),
        }
    }

    /// An app that the bank has reviewed.
    pub async fn reviewed_app(&self, id: &str) -> App {
        self.reviewed_app_with(id, |_| {}).await
    }

    /// Such an app with something changed.
    pub async fn reviewed_app_with(&self, id: &str, change: impl FnOnce(&mut Client)) -> App {
        let now = self.now();
        self.app_with(id, |record| {
            record.client.profile.reviewed_at = Some(now);
            change(&mut record.client);
        })
        .await
    }

    /// One more secret for an app.
    pub async fn another_secret(&self, app: &App, expires_at: Option<Timestamp>) -> App {
        let secret = self.engine.env().mint::<ClientSecret>();
        let row = ClientSecretRecord {
            expires_at,
            ..self.secret_record(&app.id, &secret)
        };
        self.write(move |tx| Box::pin(async move { insert_client_secret(tx, &row).await }))
            .await;
        App {
            id: app.id.clone(),
            secret: Some(secret.expose().to_owned()),
        }
    }

    fn secret_record(
        &self,
        client: &ClientId,
        secret: &Secret<ClientSecret>,
    ) -> ClientSecretRecord {
        ClientSecretRecord {
            id: SecretId::new(self.engine.env().id()),
            client_id: client.clone(),
            digest: secret.digest(),
            label: "first".to_owned(),
            created_at: self.now(),
            last_used_at: None,
            expires_at: None,
            revoked_at: None,
            last_four: None,
            created_by: None,
            exposed_at: None,
        }
    }

    /// A public client: no secret.
    pub async fn public_app(&self, id: &str) -> App {
        self.app_with(id, |record| record.client.auth_method = AuthMethod::None)
            .await
    }

    /// A person approves an app, with PKCE: the code that the app gets.
    pub async fn grant(&self, app: &App, user: &UserId, scope_text: &str) -> Grant {
        self.grant_with(app, user, scope_text, |_, _| {}).await
    }

    /// Such an approval with something changed.
    pub async fn grant_with(
        &self,
        app: &App,
        user: &UserId,
        scope_text: &str,
        change: impl FnOnce(&mut ConsentRecord, &mut CodeRecord),
    ) -> Grant {
        let env = self.engine.env();
        let now = self.now();
        let valid_until = now + env.settings.consent_lifetime;
        let mut consent = ConsentRecord {
            id: ConsentId::new(env.id()),
            client_id: app.id.clone(),
            user_id: user.clone(),
            environment: Environment::Sandbox,
            scope: scope(scope_text),
            accounts: vec![AccountId::new("account-1")],
            access: None,
            payment: None,
            payment_used_by: None,
            recurring: true,
            frequency_per_day: 4,
            status: ConsentStatus::Valid,
            confirmed_by: ScaMethod::Totp,
            created_at: now,
            confirmed_at: now,
            valid_until,
            ended: None,
            expires_at: valid_until + seconds(86_400),
        };
        let code = env.mint::<AuthorizationCode>();
        let expires_at = now + env.settings.lifetimes.code;
        let mut record = CodeRecord {
            digest: code.digest(),
            consent_id: consent.id.clone(),
            client_id: app.id.clone(),
            user_id: user.clone(),
            redirect_uri: Some(REDIRECT_URI.to_owned()),
            challenge: Some(CodeChallenge::parse(CHALLENGE).expect("a challenge")),
            scope: scope(scope_text),
            family_id: None,
            issued_at: now,
            used_at: None,
            expires_at,
            kept_until: expires_at + seconds(86_400),
        };
        change(&mut consent, &mut record);
        let granted = Grant {
            code: code.expose().to_owned(),
            consent: consent.id.clone(),
            user: user.clone(),
        };
        self.write(move |tx| {
            Box::pin(async move {
                insert_consent(tx, &consent).await?;
                insert_code(tx, &record).await
            })
        })
        .await;
        granted
    }

    /// A payment of 20 euros, for [`House::grant_with`].
    pub fn payment() -> Payment {
        let details = r#"[{"type":"payment_initiation","instructedAmount":{"currency":"EUR","amount":"20.00"},
            "creditorName":"UAB Elektra","creditorAccount":{"iban":"LT121000011101001000"}}]"#;
        protocol::payment::parse_authorization_details(details).expect("a payment")
    }

    /// Writes rows.
    pub async fn write<T, F>(&self, closure: F) -> T
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t store::Tx) -> store::Work<'t, T, store::Error> + Send + 'static,
    {
        self.store.write(closure).await.expect("rows are written")
    }

    /// A token request with HTTP Basic, or with a bare `client_id` for public clients.
    pub async fn token(
        &self,
        app: &App,
        parameters: &[(&str, &str)],
    ) -> Result<TokenAnswer, Refused> {
        let (form, header) = app.form(parameters);
        let request = request(&form, header.as_deref());
        served(self.engine.token(&request).await)
    }

    /// The exchange of a granted code, as it should be.
    pub async fn exchange(&self, app: &App, grant: &Grant) -> Result<TokenAnswer, Refused> {
        self.token(app, &exchange_form(&grant.code)).await
    }

    /// The tokens of a person who approved an app just now.
    pub async fn tokens(&self, app: &App, user: &UserId, scope: &str) -> TokenAnswer {
        let grant = self.grant(app, user, scope).await;
        self.exchange(app, &grant)
            .await
            .expect("tokens for a fresh code")
    }

    pub async fn refresh(&self, app: &App, refresh_token: &str) -> Result<TokenAnswer, Refused> {
        self.token(
            app,
            &[
                ("grant_type", "refresh_token"),
                ("refresh_token", refresh_token),
            ],
        )
        .await
    }

    pub async fn introspect(&self, app: &App, token: &str) -> Introspection {
        let (form, header) = app.form(&[("token", token)]);
        served(
            self.engine
                .introspect(&request(&form, header.as_deref()))
                .await,
        )
        .expect("an answer")
    }

    /// Whether the token is good, seen by its own app.
    pub async fn is_active(&self, app: &App, token: &str) -> bool {
        self.introspect(app, token).await.active
    }

    pub async fn revoke(&self, app: &App, token: &str) -> Result<(), Refused> {
        let (form, header) = app.form(&[("token", token)]);
        served(self.engine.revoke(&request(&form, header.as_deref())).await)
    }
}

impl App {
    /// The body and the `Authorization` header of a back-channel request.
    pub fn form(&self, parameters: &[(&str, &str)]) -> (RawForm, Option<String>) {
        let mut pairs: Vec<_> = parameters.to_vec();
        match &self.secret {
            Some(secret) => (
                RawForm::from_pairs(pairs),
                Some(basic(self.id.as_str(), secret)),
            ),
            None => {
                pairs.push(("client_id", self.id.as_str()));
                (RawForm::from_pairs(pairs), None)
            }
        }
    }
}

/// HTTP Basic; ids and secrets of the stories need no form-encoding.
pub fn basic(id: &str, secret: &str) -> String {
    format!(
        "Basic {}",
        data_encoding::BASE64.encode(format!("{id}:{secret}").as_bytes())
    )
}

/// The body of an exchange with the verifier of RFC 7636.
pub fn exchange_form(code: &str) -> [(&str, &str); 4] {
    [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", REDIRECT_URI),
        ("code_verifier", VERIFIER),
    ]
}

/// A request at the standard door.
pub fn request<'a>(form: &'a RawForm, authorization: Option<&'a str>) -> BackRequest<'a> {
    BackRequest {
        form,
        authorization,
        raw: Raw::default(),
        door: &bearer::TOKEN,
        address: IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)),
        trace: TraceId::from_entropy([1; 5]),
        // Nobody looks at it here, and a test ends soon.
        seen: Box::leak(Box::default()),
    }
}

/// Failures of storage end the test.
pub fn served<T>(answer: Result<T, Unserved>) -> Result<T, Refused> {
    answer.map_err(|unserved| match unserved {
        Unserved::Refused(refused) => refused,
        Unserved::Failed(error) => panic!("the server failed: {error}"),
    })
}

/// The text of the refresh token of an answer.
pub fn refresh_token(answer: &TokenAnswer) -> String {
    answer
        .refresh_token
        .as_ref()
        .expect("a refresh token")
        .expose()
        .to_owned()
}

/// The text of the access token of an answer.
pub fn access_token(answer: &TokenAnswer) -> String {
    answer.access_token.expose().to_owned()
}

/// The word on the wire of a refusal.
pub fn code_of<T>(answer: &Result<T, Refused>) -> Option<&'static str> {
    answer
        .as_ref()
        .err()
        .map(|refused| refused.error.code.as_str())
}
