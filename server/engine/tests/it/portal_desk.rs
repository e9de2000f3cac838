//! A developer's browser at the portal: it keeps the session as it is told, and sends the forms.

use engine::{
    portal::{
        Member, Place, PortalAnswer, PortalChange, PortalGo, PortalSession, PortalVisit, Refusal,
        SessionState, SignUp, Standing,
    },
    register::NewUser,
    visit::{Language, Proof},
};
use protocol::{
    client::Environment,
    ids::{AppId, UserId},
    locale::Locale,
    sca,
};
use sha2::{Digest as _, Sha256};
use store::users::Role;

use crate::house::House;

/// A password that is good for everything here.
pub const PASSWORD: &str = "correct horse battery";

/// One browser.
pub struct Desk<'h> {
    pub house: &'h House,
    pub state: SessionState,
    pub same_origin: bool,
    address: std::net::IpAddr,
    session: u32,
}

impl<'h> Desk<'h> {
    pub fn new(house: &'h House) -> Self {
        Self {
            house,
            state: SessionState::default(),
            same_origin: true,
            address: "192.0.2.20".parse().expect("an address"),
            session: 0,
        }
    }

    /// The same kind of browser in another network.
    pub fn at(house: &'h House, address: &str) -> Self {
        Self {
            address: address.parse().expect("an address"),
            ..Self::new(house)
        }
    }

    pub fn visit(&self) -> PortalVisit {
        PortalVisit {
            session: PortalSession {
                binding: Sha256::digest(format!("{} {}", self.address, self.session)).into(),
                state: self.state.clone(),
            },
            device: None,
            address: self.address,
            language: Language::default(),
            same_origin: self.same_origin,
        }
    }

    pub fn token(&self, form: &str) -> String {
        self.house.engine.portal_form_token(&self.visit(), form)
    }

    /// How often the session got a new id.
    pub fn renewals(&self) -> u32 {
        self.session
    }

    /// Where the answer leads; the session follows.
    pub fn follow(&mut self, answer: PortalAnswer) -> String {
        match answer.change {
            PortalChange::Keep => {}
            PortalChange::Remember(state) => self.state = *state,
            PortalChange::Renew(state) => {
                self.state = *state;
                self.session += 1;
            }
            PortalChange::End => {
                self.state = SessionState::default();
                self.session += 1;
            }
        }
        match answer.go {
            PortalGo::To(address) => address,
            PortalGo::Problem(view) => format!("problem {}", view.kind.key()),
        }
    }

    /// What the last form complains about, and what it notes.
    pub fn said(&mut self) -> Vec<String> {
        let Some(flash) = self.state.flash.take() else {
            return Vec::new();
        };
        flash
            .complaints
            .into_iter()
            .map(|complaint| complaint.what)
            .chain(flash.note)
            .collect()
    }

    pub async fn sign_up(&mut self, email: &str) -> String {
        self.sign_up_as(stranger(email)).await
    }

    pub async fn sign_up_as(&mut self, new: SignUp) -> String {
        let token = self.token("signup");
        let answer = self.house.engine.sign_up(&self.visit(), &token, new).await;
        self.follow(answer)
    }

    pub async fn type_mail_code(&mut self, code: &str) -> String {
        let token = self.token("check-mail");
        let engine = &self.house.engine;
        let answer = engine
            .confirm_address_by_code(&self.visit(), &token, code)
            .await;
        self.follow(answer)
    }

    pub async fn press_link(&mut self, link: &str) -> String {
        let token = self.token("confirm-address");
        let engine = &self.house.engine;
        let answer = engine
            .confirm_address_by_link(&self.visit(), &token, link)
            .await;
        self.follow(answer)
    }

    /// From a stranger to somebody who is signed in; answers their app.
    pub async fn arrive(&mut self, email: &str) -> AppId {
        assert_eq!(self.sign_up(email).await, "/signup/check-mail");
        let code = self.house.letter_to(email).await.code;
        let page = self.type_mail_code(&code).await;
        let app = page.strip_prefix("/developer/apps/").expect("an app");
        AppId::new(app)
    }

    pub async fn log_in(&mut self, username: &str, password: &str) -> String {
        self.log_in_to("", username, password).await
    }

    /// Signs in on the way to a place.
    pub async fn log_in_to(&mut self, next: &str, username: &str, password: &str) -> String {
        let token = self.token("login");
        let engine = &self.house.engine;
        let answer = engine
            .portal_log_in(&self.visit(), &token, next, username, password)
            .await;
        self.follow(answer)
    }

    pub async fn type_code(&mut self, page: Place, next: &str, code: &str) -> String {
        let token = self.token("code");
        let engine = &self.house.engine;
        let proof = Proof::Code(code.to_owned());
        let answer = engine
            .portal_code(&self.visit(), &token, page, next, proof)
            .await;
        self.follow(answer)
    }

    /// Sets up an authenticator app; answers its seed and the recovery codes.
    pub async fn enrol(&mut self) -> (Vec<u8>, Vec<String>) {
        let engine = &self.house.engine;
        let token = self.token("security");
        let answer = engine.begin_enrolment(&self.visit(), &token).await;
        assert_eq!(self.follow(answer), "/security");
        let view = engine.security_view(&self.visit()).await.expect("a page");
        let secret = view.setting_up.expect("an app").secret.replace(' ', "");
        let seed = sca::parse_base32(&secret).expect("base32").to_vec();
        let code = self.house.totp(&seed);
        let answer = engine.finish_enrolment(&self.visit(), &token, &code).await;
        assert_eq!(self.follow(answer), "/security");
        let view = engine.security_view(&self.visit()).await.expect("a page");
        (seed, view.new_codes)
    }

    /// An admin of the bank who is signed in, and the seed of their authenticator.
    pub async fn admin(house: &'h House, name: &str) -> (Self, Vec<u8>) {
        let added = house
            .engine
            .add_user(NewUser {
                username: name.to_owned(),
                password: PASSWORD.to_owned(),
                email: None,
                display_name: None,
                role: Role::Admin,
                environment: Environment::Live,
                locale: Locale::En,
            })
            .await
            .expect("a person");
        let seed = sca::parse_base32(&added.totp_secret)
            .expect("base32")
            .to_vec();
        let mut desk = Self::new(house);
        desk.log_in(name, PASSWORD).await;
        let code = house.totp(&seed);
        desk.type_code(Place::LogInCode, "", &code).await;
        (desk, seed)
    }

    pub async fn member(&self, app: &AppId) -> Result<Member, Refusal> {
        let here = Place::App(app.clone());
        self.house.engine.member(&self.visit(), app, &here).await
    }

    pub fn user(&self) -> UserId {
        match &self.state.standing {
            Standing::SignedIn { user, .. } => user.clone(),
            other => panic!("nobody is signed in: {other:?}"),
        }
    }
}

/// A stranger who fills in everything.
pub fn stranger(email: &str) -> SignUp {
    SignUp {
        email: email.to_owned(),
        name: "Milda".to_owned(),
        password: PASSWORD.to_owned(),
        next: String::new(),
        terms: true,
    }
}

/// A letter that was sent.
pub struct Letter {
    pub subject: String,
    /// The six digits in it.
    pub code: String,
    /// The token of the link in it.
    pub link: String,
}

impl House {
    /// The newest letter to this address.
    pub async fn letter_to(&self, email: &str) -> Letter {
        let letters = self.engine.mailbox(20).await.expect("letters");
        let letter = letters
            .into_iter()
            .find(|letter| letter.recipient == email)
            .unwrap_or_else(|| panic!("no letter to {email}"));
        let text = letter.body_text;
        let digits =
            |word: &&str| word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit());
        Letter {
            subject: letter.subject,
            code: text
                .split_whitespace()
                .find(digits)
                .unwrap_or_default()
                .to_owned(),
            link: text
                .split_once("?token=")
                .and_then(|(_, rest)| rest.split_whitespace().next())
                .unwrap_or_default()
                .to_owned(),
        }
    }

    /// What an authenticator app with this seed shows now.
    pub fn totp(&self, seed: &[u8]) -> String {
        sca::totp(seed, sca::step(self.now())).expose().to_owned()
    }
}

/// Another code of six digits.
pub fn other_code(code: &str) -> String {
    let number: u32 = code.parse().expect("digits");
    format!("{:06}", (number + 1) % 1_000_000)
}
