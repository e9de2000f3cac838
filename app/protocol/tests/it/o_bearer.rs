//! The dialect of PhonePe and Pincode, held against the partner's documents and libraries.

use std::time::Duration;

use protocol::{
    client::{DialectName, GrantType},
    dialects::{
        AccessFault, Dialect as _, Door, Head, OBearer, recognise, token_door, token_paths,
    },
    form::RawForm,
    grants::refresh_token,
    ids::TraceId,
    scope::Permission,
    secret::{AccessToken, RefreshToken, Secret},
    time::Timestamp,
    token::{TokenAnswer, TokenError, TokenErrorCode, TokenFault, TokenRequest},
};
use serde_json::Value;

use crate::fixtures::*;

const DOCS: &str = "https://id.bank.example/developers/errors";
const PINCODE: &str = "/olympus/im/v1/oauth/token";
const GATEWAY: [&str; 3] = [
    "/apis/identity-manager/v1/oauth/token",
    "/apis/pg-sandbox/v1/oauth/token",
    "/apis/apphub/v1/oauth/token",
];

macro_rules! vector {
    ($name:literal) => {
        include_str!(concat!("../vectors/", $name)).trim_end()
    };
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

fn form(text: &str) -> RawForm {
    RawForm::parse(text.as_bytes()).expect("a form")
}

fn door(path: &str) -> &'static Door {
    token_door(path, &RawForm::default()).expect("a door")
}

fn trace() -> TraceId {
    TraceId::from_entropy([0; 5])
}

fn request(body: &str) -> Result<TokenRequest, TokenFault> {
    let form = form(body);
    OBearer
        .token_form(&form)
        .and_then(|form| TokenRequest::parse(&form))
}

fn answer() -> TokenAnswer {
    TokenAnswer {
        access_token: Secret::mint([1; 32]),
        refresh_token: Some(Secret::mint([2; 32])),
        issued_at: Timestamp::from_millis(1_719_167_883_916),
        expires_at: Timestamp::from_millis(1_719_167_883_916 + 86_400_000),
        scope: scope("wallet"),
        consent_id: None,
        payment: None,
        mac_key: None,
    }
}

#[test]
fn the_doors_are_those_of_the_documents() {
    for path in GATEWAY.into_iter().chain([PINCODE]) {
        assert_eq!(door(path).dialect, DialectName::OBearer, "{path}");
        assert!(token_paths().contains(&path), "{path}");
    }
    assert_eq!(door("/oauth/token").dialect, DialectName::Bearer);
    assert!(token_door("/olympus/im/v1/oauth/tokens", &RawForm::default()).is_none());
}

#[test]
fn first_requests_of_documents_and_libraries_are_understood() {
    for body in [
        vector!("pincode-token-request.txt"),
        vector!("phonepe-python-sdk-3.0.1-token-request.txt"),
        vector!("phonepe-node-sdk-2.0.2-token-request.txt"),
    ] {
        let asked = request(body).expect(body);
        assert_eq!(asked.grant(), GrantType::ClientCredentials, "{body}");
    }
}

#[test]
fn a_refresh_is_understood_under_both_spellings() {
    let (access, refresh) = (
        Secret::<AccessToken>::mint([3; 32]),
        Secret::<RefreshToken>::mint([4; 32]),
    );
    for body in [
        vector!("pincode-refresh-sample.txt"),
        vector!("pincode-refresh-table.txt"),
    ] {
        let body = body
            .replace("1231239skdjhf28dh", access.expose())
            .replace("123ndy21e1jjndk", refresh.expose());
        let Ok(TokenRequest::RefreshToken(asked)) = request(&body) else {
            panic!("{body} is no refresh");
        };
        assert_eq!(asked.refresh_token.digest(), refresh.digest());
        let beside = asked.access_token.expect("the access token beside it");
        assert_eq!(beside.digest(), access.digest());
    }
}

#[test]
fn half_a_refresh_is_an_error() {
    let refresh = Secret::<RefreshToken>::mint([4; 32]);
    let table = [
        (
            "grant_type=client_credentials&token=x",
            TokenFault::ParameterMissing("refresh_token"),
        ),
        (
            &format!(
                "grant_type=client_credentials&refresh_token={}",
                refresh.expose()
            ),
            TokenFault::ParameterMissing("token"),
        ),
        (
            "grant_type=refresh_token",
            TokenFault::ParameterMissing("token"),
        ),
        (
            "grant_type=refresh_token&token=x&token=y",
            TokenFault::ParameterTwice {
                name: "token".to_owned(),
            },
        ),
        (
            &format!(
                "grant_type=refresh_token&token=x&refresh_token={}",
                refresh.expose()
            ),
            refresh_token::Refusal::OtherAccessToken.into(),
        ),
        (
            "token=x&refresh_token=y",
            TokenFault::ParameterMissing("grant_type"),
        ),
    ];
    for (body, fault) in table {
        // The fault about a token that we never made comes from either half.
        assert_eq!(request(body).err(), Some(fault), "{body}");
    }
}

#[test]
fn pincodes_answer_has_every_documented_field_and_counts_milliseconds() {
    let documented = json(vector!("pincode-token-answer.json"));
    let told = OBearer.answer(door(PINCODE), &answer(), NOW);
    for (name, sample) in documented.as_object().expect("an object") {
        let of_the_same_kind = match sample {
            Value::String(_) => told[name].is_string(),
            _ => told[name].is_i64() || told[name].is_u64(),
        };
        assert!(of_the_same_kind, "{name}: {}", told[name]);
    }
    assert_eq!(told["token_type"], documented["token_type"]);
    assert_eq!(told["expires_in"], documented["expires_in"]);
    assert_eq!(told["issued_at"], documented["issued_at"]);
    // The sample's own expires_at is 86,400 milliseconds later, which cannot be meant.
    assert_eq!(told["expires_at"], 1_719_167_883_916_i64 + 86_400 * 1000);
}

#[test]
fn the_gateways_answers_count_seconds() {
    for path in GATEWAY {
        let told = OBearer.answer(
            door(path),
            &TokenAnswer {
                refresh_token: None,
                ..answer()
            },
            NOW,
        );
        assert_eq!(told["issued_at"], 1_719_167_883, "{path}");
        assert_eq!(told["expires_in"], 86_400, "{path}");
        assert_eq!(told["expires_at"], 1_719_167_883 + 86_400, "{path}");
        assert_eq!(told["session_expires_at"], told["expires_at"], "{path}");
        assert_eq!(told["encrypted_access_token"], told["access_token"]);
        assert!(told.get("refresh_token").is_none(), "{path}");
    }
}

#[test]
fn a_pair_that_is_handed_back_still_adds_up() {
    let later = answer().issued_at + Duration::from_secs(7);
    for path in GATEWAY.into_iter().chain([PINCODE]) {
        let unit = if path == PINCODE { 1000 } else { 1 };
        let told = OBearer.answer(door(path), &answer(), later);
        let number = |name: &str| told[name].as_i64().expect(name);
        assert_eq!(
            number("expires_at"),
            number("issued_at") + unit * number("expires_in"),
            "{path}"
        );
    }
}

#[test]
fn a_refused_client_hears_the_documented_words() {
    let documented = json(vector!("phonepe-invalid-client-401.json"));
    let told = OBearer.error(&TokenError::invalid_client(), DOCS, trace());
    assert_eq!(told.status, 401);
    for name in ["code", "errorCode", "context"] {
        assert_eq!(told.body[name], documented[name], "{name}");
    }
    let message = documented["message"].as_str().expect("a message");
    let (words, _) = message.rsplit_once(' ').expect("a tracking id");
    assert_eq!(told.body["message"], format!("{words} {}", trace()));
    assert_eq!(told.body["error"], "invalid_client");
}

#[test]
fn every_refusal_is_in_both_vocabularies() {
    for code in TokenErrorCode::ALL {
        let told = OBearer.error(&TokenError::new(code, "why"), DOCS, trace());
        assert_eq!(told.status, code.status());
        assert_eq!(told.body["error"], code.as_str());
        let partner = told.body["code"].as_str().expect("a code");
        assert!(
            partner
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte == b'_')
        );
        let message = told.body["message"].as_str().expect("a message");
        assert!(
            message.ends_with(&format!("trackingId: {}", trace())),
            "{message}"
        );
    }
}

#[test]
fn the_scheme_is_recognised_in_any_case() {
    let token = Secret::<AccessToken>::mint([5; 32]);
    for scheme in ["O-Bearer", "o-bearer", "O-BEARER"] {
        let header = format!("{scheme} {}", token.expose());
        let head = Head {
            method: "GET",
            target: "/wallet/v1/me",
            authorization: &[&header],
        };
        let presented = recognise(&head).expect(scheme);
        assert_eq!(presented.dialect, DialectName::OBearer);
        let known = presented.credential.token().map(|known| known.digest());
        assert_eq!(known, Some(token.digest()));
        let in_url = Head {
            target: "/wallet/v1/me?access_token=x",
            ..head
        };
        let fault = recognise(&in_url).map_err(|(_, fault)| fault);
        assert_eq!(fault.err(), Some(AccessFault::TokenInUrl));
    }
    assert!(OBearer.accepts(DialectName::Bearer));
    assert!(!OBearer.accepts(DialectName::Mac));
}

#[test]
fn a_token_that_is_over_is_401_and_a_session_that_is_over_412() {
    let needed = Permission::Wallet.token();
    let table = [
        (AccessFault::NoToken, 401, "AUTHORIZATION_FAILED"),
        (AccessFault::InvalidToken, 401, "AUTHORIZATION_FAILED"),
        (AccessFault::SessionEnded, 412, "AUTHORIZATION_FAILED"),
        (AccessFault::Malformed, 400, "BAD_REQUEST"),
        (
            AccessFault::InsufficientScope { needed },
            403,
            "AUTHORIZATION_FAILED",
        ),
    ];
    for (fault, status, code) in table {
        let told = OBearer.challenge(&fault, trace());
        assert_eq!(
            (told.status, &told.body["code"]),
            (status, &code.into()),
            "{fault:?}"
        );
        assert_eq!(told.body["success"], false);
        let (name, challenge) = &told.headers[0];
        assert_eq!(*name, "www-authenticate");
        assert!(challenge.starts_with("O-Bearer realm="), "{challenge}");
    }
}
