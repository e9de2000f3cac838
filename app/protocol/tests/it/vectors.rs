//! The examples that the specifications print, from the files in `tests/vectors`.

use std::collections::BTreeMap;

use protocol::{
    client::{AuthMethod, Client, PkcePolicy},
    dialects::{AccessFault, Head, recognise},
    form::RawForm,
    ids::ClientId,
    money::{Currency, Money},
    payment::parse_authorization_details,
    pkce::{CodeChallenge, CodeVerifier},
    sca::{STEP_SECONDS, totp},
    token::{ClientCredentials, Proof},
};
use serde_json::Value;

use crate::fixtures::*;

macro_rules! vector {
    ($name:literal) => {
        include_str!(concat!("../vectors/", $name)).trim_end()
    };
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().expect(name)
}

/// The client of RFC 6749's examples.
fn example_client() -> Client {
    Client {
        id: ClientId::new("s6BhdRkqt3"),
        redirect_uris: vec![registered("https://client.example.com/cb")],
        pkce: PkcePolicy::Optional,
        scope: scope("wallet"),
        ..client()
    }
}

#[test]
fn rfc_7636_appendix_b_verifier_and_challenge() {
    let example = json(vector!("rfc7636-appendix-b.json"));
    let verifier = CodeVerifier::parse(text(&example, "code_verifier")).expect("a verifier");
    let challenge = CodeChallenge::parse(text(&example, "code_challenge")).expect("a challenge");
    assert_eq!(verifier.challenge(), challenge);
    assert!(verifier.verify(&challenge));
    assert_eq!(challenge.to_string(), text(&example, "code_challenge"));
}

#[test]
fn rfc_6238_appendix_b_codes_end_in_the_printed_digits() {
    let example = json(vector!("rfc6238-appendix-b-sha1.json"));
    let seed = text(&example, "seed_ascii").as_bytes();
    let table: BTreeMap<u64, String> =
        serde_json::from_value(example["eight_digits_at_unix_time"].clone()).expect("a table");
    assert_eq!(table.len(), 6);
    for (time, eight_digits) in table {
        assert_eq!(
            totp(seed, time / STEP_SECONDS).expose(),
            &eight_digits[2..],
            "at {time}"
        );
    }
}

#[test]
fn rfc_4226_appendix_d_codes() {
    let example = json(vector!("rfc4226-appendix-d.json"));
    let codes: Vec<String> =
        serde_json::from_value(example["six_digits_at_count"].clone()).expect("a list");
    for (count, code) in codes.iter().enumerate() {
        assert_eq!(
            totp(text(&example, "seed_ascii").as_bytes(), count as u64).expose(),
            code,
            "count {count}"
        );
    }
}

#[test]
fn rfc_6749_section_4_1_1_request_and_its_answers() {
    let request = form(vector!("rfc6749-section-4.1.1-request.txt"));
    let accepted = check(&request, &example_client()).expect("accepted");
    assert_eq!(accepted.state.as_deref(), Some("xyz"));
    assert!(accepted.redirect_uri_was_sent);
    assert_eq!(
        accepted
            .redirect_uri
            .with(&[("code", "SplxlOBeZQQYbYS6WxSbIA"), ("state", "xyz")]),
        vector!("rfc6749-section-4.1.2-location.txt"),
    );
    assert_eq!(
        accepted
            .redirect_uri
            .with(&[("error", "access_denied"), ("state", "xyz")]),
        vector!("rfc6749-section-4.1.2.1-location.txt"),
    );
}

#[test]
fn rfc_6749_section_4_1_3_request_authenticates_by_header() {
    let example = json(vector!("rfc6749-section-4.1.3-request.json"));
    let body = form(text(&example, "body"));
    assert_eq!(
        body.one("redirect_uri"),
        Ok(example["redirect_uri"].as_str())
    );
    let credentials =
        ClientCredentials::parse(Some(text(&example, "authorization")), &body).expect("readable");
    assert_eq!(credentials.client_id.as_str(), text(&example, "client_id"));
    let proof = credentials.check(&example_client());
    assert!(
        matches!(proof, Ok(Proof::Secret(secret)) if secret.expose() == text(&example, "client_secret"))
    );
}

#[test]
fn rfc_6749_section_2_3_1_request_authenticates_by_body() {
    let example = json(vector!("rfc6749-section-2.3.1-body.json"));
    let credentials =
        ClientCredentials::parse(None, &form(text(&example, "body"))).expect("readable");
    assert_eq!(credentials.client_id.as_str(), text(&example, "client_id"));
    let client = Client {
        auth_method: AuthMethod::ClientSecretPost,
        ..example_client()
    };
    let proof = credentials.check(&client);
    assert!(
        matches!(proof, Ok(Proof::Secret(secret)) if secret.expose() == text(&example, "client_secret"))
    );
}

#[test]
fn rfc_6749_appendix_b_encoding() {
    let example = json(vector!("rfc6749-appendix-b.json"));
    let form =
        RawForm::parse(format!("v={}", text(&example, "encoded")).as_bytes()).expect("readable");
    assert_eq!(form.one("v"), Ok(example["value"].as_str()));
}

#[test]
fn rfc_6750_section_2_1_header_is_well_formed_but_not_ours() {
    let header = vector!("rfc6750-section-2.1-header.txt");
    let head = Head {
        method: "GET",
        target: "/resource",
        authorization: &[header],
    };
    assert_eq!(
        recognise(&head).err().map(|(_, fault)| fault),
        Some(AccessFault::InvalidToken)
    );
}

#[test]
fn rfc_9396_section_2_payment() {
    let payment =
        parse_authorization_details(vector!("rfc9396-section-2.json")).expect("a payment");
    assert_eq!(payment.amount, Money::new(12_350, Currency::EUR));
    assert_eq!(payment.creditor_name, "Merchant A");
    assert_eq!(payment.creditor_iban.as_str(), "DE02100100109307118603");
    assert_eq!(payment.reference.as_deref(), Some("Ref Number Merchant"));
}
