//! A client as most are, a request as most are, and short ways to change one thing about them.

use std::time::Duration;

use proptest::{prelude::ProptestConfig, test_runner::RngSeed};
use protocol::{
    authorize::{Accepted, Rejection},
    client::{
        AuthMethod, Client, ClientProfile, ClientStatus, DialectName, Environment, GrantType,
        PkcePolicy,
    },
    form::RawForm,
    grants::{authorization_code, refresh_token},
    ids::ClientId,
    lifetimes::LifetimeOverrides,
    pkce::{CodeChallenge, CodeVerifier},
    redirect_uri::RegisteredRedirectUri,
    scope::Scope,
    secret::Secret,
    time::Timestamp,
};

pub const CALLBACK: &str = "https://shop.example/callback";
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
pub const ISSUER: &str = "https://id.bank.example";
pub const NOW: Timestamp = Timestamp::from_seconds(1_795_347_727);
pub const GRACE: Duration = Duration::from_secs(10);

/// Properties are tried on the same cases in every run; a failure is kept as a row in a table, not in
/// a file.
pub fn cases(number: u32) -> ProptestConfig {
    ProptestConfig {
        rng_seed: RngSeed::Fixed(7),
        failure_persistence: None,
        ..ProptestConfig::with_cases(number)
    }
}

/// A live client with a secret that must use PKCE.
pub fn client() -> Client {
    Client {
        id: ClientId::new("shop"),
        name: "Shop".to_owned(),
        environment: Environment::Live,
        status: ClientStatus::Active,
        dialects: vec![DialectName::Bearer],
        auth_method: AuthMethod::ClientSecretBasic,
        pkce: PkcePolicy::Required,
        redirect_uris: vec![registered(CALLBACK)],
        scope: scope("transferFunds wallet"),
        grants: GrantType::ALL.to_vec(),
        lifetimes: LifetimeOverrides::default(),
        profile: ClientProfile::default(),
        created_at: NOW,
    }
}

/// One without a secret.
pub fn public_client() -> Client {
    Client {
        auth_method: AuthMethod::None,
        ..client()
    }
}

pub fn registered(text: &str) -> RegisteredRedirectUri {
    RegisteredRedirectUri::parse(text, Environment::Live).expect(text)
}

pub fn scope(text: &str) -> Scope {
    Scope::parse(text).expect(text)
}

pub fn verifier() -> CodeVerifier {
    CodeVerifier::parse(VERIFIER).expect(VERIFIER)
}

pub fn challenge() -> CodeChallenge {
    CodeChallenge::parse(CHALLENGE).expect(CHALLENGE)
}

pub fn form(text: &str) -> RawForm {
    RawForm::parse(text.as_bytes()).expect(text)
}

/// The parameters of a request that [`client`] may make.
pub const REQUEST: [(&str, &str); 7] = [
    ("response_type", "code"),
    ("client_id", "shop"),
    ("redirect_uri", CALLBACK),
    ("scope", "wallet"),
    ("state", "xyz"),
    ("code_challenge", CHALLENGE),
    ("code_challenge_method", "S256"),
];

/// The usual request.
pub fn request() -> RawForm {
    RawForm::from_pairs(REQUEST)
}

/// The usual request with one parameter changed, or added.
pub fn request_with(name: &str, value: &str) -> RawForm {
    let others = REQUEST.into_iter().filter(|(known, _)| *known != name);
    RawForm::from_pairs(others.chain([(name, value)]))
}

/// The usual request with one parameter left out.
pub fn request_without(name: &str) -> RawForm {
    RawForm::from_pairs(REQUEST.into_iter().filter(|(known, _)| *known != name))
}

/// The usual request with one parameter sent once more.
pub fn request_twice(name: &str, value: &str) -> RawForm {
    RawForm::from_pairs(REQUEST.into_iter().chain([(name, value)]))
}

/// A request that names no pending transfer, checked.
pub fn check(form: &RawForm, client: &Client) -> Result<Accepted, Rejection> {
    protocol::authorize::check(form, client, None, NOW)
}

/// A fresh code of [`client`], good for a minute.
pub fn code_record() -> authorization_code::Record {
    authorization_code::Record {
        client_id: client().id,
        redirect_uri: Some(CALLBACK.to_owned()),
        redirect_uri_is_repeated: true,
        challenge: Some(challenge()),
        expires_at: NOW + Duration::from_secs(60),
        used_at: None,
    }
}

/// What an honest client presents for [`code_record`].
pub fn code_presented() -> authorization_code::Parameters {
    authorization_code::Parameters {
        code: Secret::mint([1; 32]),
        redirect_uri: Some(CALLBACK.to_owned()),
        code_verifier: Some(verifier()),
    }
}

/// A fresh refresh token of [`client`], good for a day.
pub fn refresh_record() -> refresh_token::Record {
    refresh_token::Record {
        client_id: client().id,
        scope: scope("transferFunds wallet"),
        issued_at: NOW,
        expires_at: NOW + Duration::from_secs(86_400),
        used_at: None,
        successor: None,
        family_revoked: false,
        consent_valid_until: None,
        access_token_of_other_family: false,
    }
}

/// What an honest client presents for [`refresh_record`].
pub fn refresh_presented() -> refresh_token::Parameters {
    refresh_token::Parameters {
        refresh_token: Secret::mint([2; 32]),
        scope: None,
        access_token: None,
    }
}
