//! Client authentication (RFC 6749 §2.3.1) as clients really send it.

use data_encoding::BASE64;
use protocol::{
    client::AuthMethod,
    token::{ClientCredentials, Proof, TokenErrorCode},
};

use crate::fixtures::*;

fn basic(text: &str) -> String {
    format!("Basic {}", BASE64.encode(text.as_bytes()))
}

fn parse(authorization: Option<&str>, body: &str) -> Result<ClientCredentials, TokenErrorCode> {
    ClientCredentials::parse(authorization, &form(body)).map_err(|fault| fault.error().code)
}

#[test]
fn basic_is_form_decoded_after_base64() {
    let table = [
        ("shop:secret", "shop", "secret"),
        ("a%3Ab:c%25d+e", "a:b", "c%d e"),
        ("shop:a:b", "shop", "a:b"),
        ("shop:", "shop", ""),
        ("shop:%C5%BE", "shop", "ž"),
    ];
    for (text, id, secret) in table {
        let credentials = parse(Some(&basic(text)), "").expect(text);
        assert_eq!(credentials.client_id.as_str(), id);
        assert_eq!(credentials.method(), AuthMethod::ClientSecretBasic);
        let client = protocol::client::Client {
            id: credentials.client_id.clone(),
            ..client()
        };
        let proof = credentials.check(&client);
        assert!(
            matches!(proof, Ok(Proof::Secret(presented)) if presented.expose() == secret),
            "{text}"
        );
    }
}

#[test]
fn the_scheme_is_read_in_any_case() {
    let header = basic("shop:secret").replace("Basic", "bASIC");
    assert!(parse(Some(&header), "client_id=shop").is_ok());
}

#[test]
fn headers_that_cannot_be_read_are_a_failed_authentication() {
    for header in [
        "",
        "Basic",
        "Basic ",
        "Basic ???",
        "Basic c2hvcA==",
        "Basic c2hvcDpzZWNyZXQ",
        "Bearer cs_at_x",
        "MAC id=\"x\"",
        &basic(":secret"),
        &basic("shop%zz:secret"),
        &basic("sh\0op:secret"),
    ] {
        assert_eq!(
            parse(Some(header), "").err(),
            Some(TokenErrorCode::InvalidClient),
            "{header}"
        );
    }
}

#[test]
fn the_header_and_the_body_must_name_one_client() {
    assert!(parse(Some(&basic("shop:s")), "client_id=shop").is_ok());
    assert_eq!(
        parse(Some(&basic("shop:s")), "client_id=other").err(),
        Some(TokenErrorCode::InvalidRequest)
    );
    assert_eq!(
        parse(None, "client_id=shop&client_id=shop").err(),
        Some(TokenErrorCode::InvalidRequest)
    );
}

#[test]
fn a_request_without_any_name_is_a_failed_authentication() {
    for body in [
        "",
        "client_id=",
        "client_secret=x",
        "client_id=%00",
        &format!("client_id={}", "x".repeat(256)),
    ] {
        assert_eq!(
            parse(None, body).err(),
            Some(TokenErrorCode::InvalidClient),
            "{body}"
        );
    }
}

#[test]
fn an_empty_secret_in_the_body_counts_as_left_out() {
    assert!(parse(Some(&basic("shop:s")), "client_secret=").is_ok());
    assert_eq!(
        parse(None, "client_id=shop&client_secret=").map(|found| found.method()),
        Ok(AuthMethod::None)
    );
}

#[test]
fn a_secret_comes_exactly_from_clients_that_have_one_in_the_header_or_in_the_body() {
    let in_header = parse(Some(&basic("shop:s")), "").expect("readable");
    let in_body = parse(None, "client_id=shop&client_secret=s").expect("readable");
    let nowhere = parse(None, "client_id=shop").expect("readable");
    let passes = |auth_method, presented: &ClientCredentials| {
        let client = protocol::client::Client {
            auth_method,
            ..client()
        };
        presented.check(&client).is_ok()
    };
    for method in [AuthMethod::ClientSecretBasic, AuthMethod::ClientSecretPost] {
        assert!(
            passes(method, &in_header) && passes(method, &in_body),
            "{method}"
        );
        assert!(!passes(method, &nowhere), "{method}");
    }
    assert!(passes(AuthMethod::None, &nowhere));
    assert!(!passes(AuthMethod::None, &in_header) && !passes(AuthMethod::None, &in_body));
    for presented in [&in_header, &in_body, &nowhere] {
        assert!(!passes(AuthMethod::Mac, presented));
    }
}

#[test]
fn a_suspended_or_another_client_is_refused() {
    let credentials = parse(Some(&basic("shop:s")), "").expect("readable");
    let suspended = protocol::client::Client {
        status: protocol::client::ClientStatus::Suspended,
        ..client()
    };
    assert!(credentials.check(&client()).is_ok());
    assert!(credentials.check(&suspended).is_err());
    assert!(
        credentials
            .check(&protocol::client::Client {
                id: protocol::ids::ClientId::new("x"),
                ..client()
            })
            .is_err()
    );
}

#[test]
fn debug_shows_no_secret() {
    let credentials = parse(Some(&basic("shop:hunter2")), "").expect("readable");
    assert!(!format!("{credentials:?}").contains("hunter2"));
}
