//! A browser that a person uses: it keeps cookies and session, follows what it is told, and sends the
//! forms that the pages contain.

use std::{collections::BTreeMap, net::IpAddr};

use engine::{
    begin::{Arrival, Began},
    register::{NewAccount, NewUser},
    visit::{Answer, CookieChange, Go, Language, Proof, Session, SessionChange, Visit},
};
use protocol::{
    authorization::{Frame, Notice, ProblemKind, Step},
    client::Environment,
    form::RawForm,
    iban::Iban,
    ids::{AccountId, AuthorizationId, UserId},
    locale::Locale,
    sca,
};
use store::users::Role;

use crate::house::{App, CHALLENGE, House, REDIRECT_URI};

/// A person with a password, an authenticator app and accounts.
pub struct Person {
    pub name: String,
    pub id: UserId,
    pub password: String,
    pub seed: Vec<u8>,
    pub recovery_codes: Vec<String>,
    pub accounts: Vec<AccountId>,
}

/// One browser.
pub struct Browser<'h> {
    pub house: &'h House,
    pub cookies: BTreeMap<String, String>,
    pub session: Option<Session>,
    pub address: IpAddr,
    pub same_origin: bool,
}

impl House {
    /// Enrols a person in `environment`, with two accounts of 1,000.00 EUR and one of 500.00 PLN.
    pub async fn enrol_in(&self, environment: Environment, name: &str) -> Person {
        let added = self
            .engine
            .add_user(NewUser {
                username: name.to_owned(),
                password: format!("{name}'s password"),
                email: Some(format!("{name}@mail.test")),
                display_name: None,
                role: Role::User,
                environment,
                locale: Locale::En,
            })
            .await
            .expect("a person");
        let mut person = Person {
            name: name.to_owned(),
            id: added.user_id,
            password: format!("{name}'s password"),
            seed: sca::parse_base32(&added.totp_secret)
                .expect("base32")
                .to_vec(),
            recovery_codes: added.recovery_codes,
            accounts: Vec::new(),
        };
        for (at, (country, currency, balance)) in [
            ("LT", "EUR", "1000.00"),
            ("LT", "EUR", "1000.00"),
            ("PL", "PLN", "500.00"),
        ]
        .into_iter()
        .enumerate()
        {
            person.accounts.push(
                self.account(&person, environment, country, currency, balance, at)
                    .await,
            );
        }
        person
    }

    /// Enrols a sandbox person.
    pub async fn enrol(&self, name: &str) -> Person {
        self.enrol_in(Environment::Sandbox, name).await
    }

    async fn account(
        &self,
        person: &Person,
        environment: Environment,
        country: &str,
        currency: &str,
        balance: &str,
        at: usize,
    ) -> AccountId {
        let sum: u64 = person.id.as_str().bytes().fold(at as u64, |sum, byte| {
            sum.wrapping_mul(31) + u64::from(byte)
        });
        let digits = if country == "LT" { 16 } else { 24 };
        let national = format!("{:0>digits$}", sum % 10_u64.pow(15));
        let iban = Iban::with_check_digits(country, &national).expect("an IBAN");
        self.engine
            .add_account(NewAccount {
                username: person.name.clone(),
                environment: Some(environment),
                iban: iban.to_string(),
                currency: currency.to_owned(),
                balance: balance.to_owned(),
                name: None,
                kind: None,
            })
            .await
            .expect("an account")
            .account_id
    }

    /// The code that the person's app shows now.
    pub fn code_of(&self, person: &Person) -> String {
        sca::totp(&person.seed, sca::step(self.now()))
            .expose()
            .to_owned()
    }

    /// A code that the person's app never shows around now.
    pub fn wrong_code(&self, person: &Person) -> String {
        let now = sca::step(self.now());
        let near: Vec<_> = (now - 2..=now + 2)
            .map(|step| sca::totp(&person.seed, step).expose().to_owned())
            .collect();
        (0..10)
            .map(|digit| digit.to_string().repeat(6))
            .find(|code| !near.contains(code))
            .expect("a wrong code")
    }
}

impl<'h> Browser<'h> {
    pub fn new(house: &'h House) -> Self {
        Self {
            house,
            cookies: BTreeMap::new(),
            session: None,
            address: "192.0.2.10".parse().expect("an address"),
            same_origin: true,
        }
    }

    /// An app sends the browser to the authorize endpoint.
    pub async fn arrive_with(&mut self, parameters: &[(&str, &str)]) -> Began {
        let form = RawForm::from_pairs(parameters.to_vec());
        let began = self.house.engine.begin(&form, &self.arrival()).await;
        if let Began::Interact { cookies, .. } = &began {
            self.take(cookies);
        }
        began
    }

    /// An app sends the browser to accept a transaction.
    pub async fn arrive_to_pay(&mut self, key: &str, then: Option<&str>) -> Began {
        let arrival = self.arrival();
        let began = self
            .house
            .engine
            .begin_transaction(key, then, &arrival)
            .await;
        if let Began::Interact { cookies, .. } = &began {
            self.take(cookies);
        }
        began
    }

    fn arrival(&self) -> Arrival {
        Arrival {
            cookie_names: self.cookies.keys().cloned().collect(),
            language: Language::default(),
            signed_in: self.session.is_some(),
            address: Some(self.address),
            ..Arrival::default()
        }
    }

    /// The same with a request that is in order.
    pub async fn arrive(&mut self, app: &App, more: &[(&str, &str)]) -> AuthorizationId {
        let mut parameters = request_of(app);
        parameters.retain(|(name, _)| !more.iter().any(|(other, _)| other == name));
        parameters.extend_from_slice(more);
        match self.arrive_with(&parameters).await {
            Began::Interact { id, .. } => id,
            other => panic!("the request is in order, but: {other:?}"),
        }
    }

    /// What this browser sends along for an authorization.
    pub fn visit(&self, id: &AuthorizationId) -> Visit {
        let engine = &self.house.engine;
        Visit {
            interaction: id.clone(),
            sealed: self.cookies.get(&engine.interaction_cookie(id)).cloned(),
            session: self.session.clone(),
            device: self.cookies.get(&engine.device_cookie()).cloned(),
            address: self.address,
            language: Language::default(),
            same_origin: self.same_origin,
        }
    }

    /// The page that is due.
    pub async fn page(&self, id: &AuthorizationId) -> Step {
        self.house.engine.step(&self.visit(id), false).await
    }

    /// The form token of the page that is due.
    pub async fn token(&self, id: &AuthorizationId) -> String {
        frame(&self.page(id).await).form_token.clone()
    }

    pub async fn log_in(&mut self, id: &AuthorizationId, username: &str, password: &str) -> Go {
        let token = self.token(id).await;
        let answer = self
            .house
            .engine
            .log_in(&self.visit(id), &token, username, password)
            .await;
        self.follow(answer)
    }

    /// The person signs in as they should.
    pub async fn sign_in(&mut self, id: &AuthorizationId, person: &Person) -> Go {
        self.log_in(id, &person.name, &person.password).await
    }

    pub async fn allow(&mut self, id: &AuthorizationId, accounts: &[AccountId]) -> Go {
        let token = self.token(id).await;
        let answer = self
            .house
            .engine
            .consent(&self.visit(id), &token, accounts.to_vec())
            .await;
        self.follow(answer)
    }

    pub async fn confirm(&mut self, id: &AuthorizationId, code: &str) -> Go {
        self.prove(id, Proof::Code(code.to_owned())).await
    }

    pub async fn prove(&mut self, id: &AuthorizationId, proof: Proof) -> Go {
        let token = self.token(id).await;
        let answer = self
            .house
            .engine
            .confirm(&self.visit(id), &token, proof)
            .await;
        self.follow(answer)
    }

    pub async fn pay_from(&mut self, id: &AuthorizationId, account: &AccountId) -> Go {
        let token = self.token(id).await;
        let answer = self
            .house
            .engine
            .pay_from(&self.visit(id), &token, Some(account.clone()))
            .await;
        self.follow(answer)
    }

    pub async fn deny(&mut self, id: &AuthorizationId) -> Go {
        let token = self.token(id).await;
        let answer = self.house.engine.deny(&self.visit(id), &token).await;
        self.follow(answer)
    }

    /// Does what an answer says.
    pub fn follow(&mut self, answer: Answer) -> Go {
        self.take(&answer.cookies);
        match answer.session {
            SessionChange::Keep => {}
            SessionChange::SignIn { user, at } => {
                self.session = Some(Session {
                    user,
                    authenticated_at: at,
                });
            }
            SessionChange::SignOut => self.session = None,
        }
        answer.go
    }

    fn take(&mut self, cookies: &[CookieChange]) {
        for cookie in cookies {
            match cookie {
                CookieChange::Set { name, value, .. } => {
                    self.cookies.insert(name.clone(), value.clone());
                }
                CookieChange::Remove { name } => {
                    self.cookies.remove(name);
                }
            }
        }
    }
}

/// An authorize request for the wallet, in order.
pub fn request_of(app: &App) -> Vec<(&str, &str)> {
    vec![
        ("response_type", "code"),
        ("client_id", app.id.as_str()),
        ("redirect_uri", REDIRECT_URI),
        ("scope", "wallet"),
        ("state", "xyz"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ]
}

/// What every page but a problem shows.
pub fn frame(step: &Step) -> &Frame {
    match step {
        Step::LogIn(view) => &view.frame,
        Step::Consent(view) => &view.frame,
        Step::Confirm(view) => &view.frame,
        Step::Details(view) => &view.frame,
        Step::PayFrom(view) => &view.frame,
        Step::Finished(view) => &view.frame,
        Step::Problem(view) => panic!("a problem page: {view:?}"),
    }
}

/// What a page tells on top.
pub fn notice(step: &Step) -> Option<&Notice> {
    frame(step).notice.as_ref()
}

/// Which problem a page shows.
pub fn problem(step: &Step) -> Option<ProblemKind> {
    match step {
        Step::Problem(view) => Some(view.kind),
        _ => None,
    }
}

/// Which problem a post ended in.
pub fn problem_of(go: &Go) -> Option<ProblemKind> {
    match go {
        Go::Problem(view) => Some(view.kind),
        _ => None,
    }
}

/// A parameter of the app's address that the browser is sent to.
pub fn parameter(go: &Go, name: &str) -> Option<String> {
    match go {
        Go::Client(redirect) => parameter_of(redirect.location(), name),
        _ => None,
    }
}

/// A parameter of an address.
pub fn parameter_of(location: &str, name: &str) -> Option<String> {
    let url = url::Url::parse(location).expect("a whole address");
    url.query_pairs()
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.into_owned())
}
