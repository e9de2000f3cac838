//! The attacks that these rules alone can stop, each test with the number it has in the project's
//! threat list (RFC 9700, FAPI 2 and our own).

use std::time::Duration;

use protocol::{
    authorize::{AuthorizeError, PageFault, Rejection},
    client::{AuthMethod, Client, Environment, PkcePolicy},
    dialects::{AccessFault, Head, recognise},
    form::RawForm,
    grants::{authorization_code, refresh_token},
    ids::ClientId,
    pkce::{CodeChallenge, CodeVerifier},
    redirect_uri::{RedirectUriFault, RegisteredRedirectUri},
    secret::{AccessToken, Secret},
    token::{ClientCredentials, TokenErrorCode, TokenFault, TokenRequest},
};

use crate::fixtures::*;

#[test]
fn attack_01_redirect_uri_variants_are_refused() {
    let client = Client {
        redirect_uris: vec![registered("https://shop.example/cb/a")],
        ..client()
    };
    for requested in [
        "https://shop.example/cb",
        "https://shop.example/cb/",
        "https://shop.example/cb/a/",
        "https://shop.example/cb/ab",
        "https://shop.example/cb/a/b",
        "https://shop.example/cb/a?x=1",
        "https://shop.example/cb/a?",
        "https://shop.example/cb/a#",
        "https://shop.example/cb/a#x",
        "https://shop.example/cb/./a",
        "https://shop.example/cb/b/../a",
        "https://shop.example/cb/%61",
        "https://shop.example/cb%2Fa",
        "https://shop.example/cb%2fa",
        "https://shop.example//cb/a",
        "https://shop.example\\cb/a",
        "https://SHOP.example/cb/a",
        "HTTPS://shop.example/cb/a",
        "https://shop.example/CB/a",
        "https://shop.example:443/cb/a",
        "https://shop.example./cb/a",
        "https://evil.shop.example/cb/a",
        "https://shop.example.evil.example/cb/a",
        "https://evilshop.example/cb/a",
        "https://shop.example@evil.example/cb/a",
        "https://user@shop.example/cb/a",
        "https://user:pw@shop.example/cb/a",
        "https://evil.example/?https://shop.example/cb/a",
        "https://shoр.example/cb/a",
        "https://xn--sho-i8d.example/cb/a",
        "http://shop.example/cb/a",
        "//shop.example/cb/a",
        "shop.example/cb/a",
        " https://shop.example/cb/a",
        "https://shop.example/cb/a ",
        "https://shop.example/cb/a\n",
        "https://shop.example/cb/a\0",
        "\u{feff}https://shop.example/cb/a",
        "https://shop.example/cb/*",
    ] {
        match check(&request_with("redirect_uri", requested), &client) {
            Err(Rejection::Page(PageFault::RedirectUriMismatch { .. })) => {}
            other => panic!("{requested:?}: {other:?}"),
        }
    }
    assert!(
        check(
            &request_with("redirect_uri", "https://shop.example/cb/a"),
            &client
        )
        .is_ok()
    );
}

#[test]
fn attack_02_dangerous_or_relative_redirect_uris_are_refused_at_registration_and_at_request() {
    for text in [
        "https://shop.example/cb#fragment",
        "https://shop.example/cb#",
        "javascript:alert(document.cookie)",
        "JAVASCRIPT:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html;base64,PHNjcmlwdD4=",
        "vbscript:x",
        "/callback",
        "callback",
        "//evil.example/callback",
        "?x=1",
    ] {
        for environment in [Environment::Live, Environment::Sandbox] {
            assert!(
                RegisteredRedirectUri::parse(text, environment).is_err(),
                "{text}"
            );
        }
        assert!(
            matches!(
                check(&request_with("redirect_uri", text), &client()),
                Err(Rejection::Page(_))
            ),
            "{text}"
        );
    }
}

#[test]
fn attack_03_only_the_port_of_a_loopback_address_may_differ() {
    let client = Client {
        redirect_uris: vec![
            registered("http://127.0.0.1/cb"),
            registered("http://[::1]:9/cb"),
        ],
        ..client()
    };
    let trusted =
        |requested: &str| check(&request_with("redirect_uri", requested), &client).is_ok();
    for requested in [
        "http://127.0.0.1/cb",
        "http://127.0.0.1:1/cb",
        "http://127.0.0.1:65535/cb",
        "http://[::1]:4000/cb",
        "http://[::1]/cb",
    ] {
        assert!(trusted(requested), "{requested}");
    }
    for requested in [
        "http://localhost/cb",
        "http://localhost:4000/cb",
        "http://127.0.0.2:4000/cb",
        "http://127.1:4000/cb",
        "http://2130706433/cb",
        "http://[::ffff:127.0.0.1]/cb",
        "http://[0:0:0:0:0:0:0:1]/cb",
        "https://127.0.0.1:4000/cb",
        "http://127.0.0.1:4000/cb/",
        "http://127.0.0.1:4000/other",
        "http://127.0.0.1:4000/cb?x=1",
        "http://127.0.0.1:/cb",
        "http://127.0.0.1:0/cb",
        "http://127.0.0.1:080/cb",
        "http://127.0.0.1:65536/cb",
        "http://127.0.0.1:4000@evil.example/cb",
        "http://127.0.0.1:@evil.example/cb",
        "http://127.0.0.1@evil.example/cb",
        "http://127.0.0.1.evil.example/cb",
        "http://127.0.0.1:4000.evil.example/cb",
        "http://127.0.0.1evil.example/cb",
    ] {
        assert!(!trusted(requested), "{requested}");
    }
    assert_eq!(
        RegisteredRedirectUri::parse("http://localhost:4000/cb", Environment::Live),
        Err(RedirectUriFault::PlainHttp),
    );
}

#[test]
fn attack_07_pkce_downgrade_is_refused() {
    // The challenge was taken out of the authorize request on its way: then there is no code at all,
    let without = RawForm::from_pairs(
        REQUEST
            .into_iter()
            .filter(|(name, _)| !name.starts_with("code_challenge")),
    );
    assert!(matches!(
        check(&without, &client()),
        Err(Rejection::Redirect {
            error: AuthorizeError::ChallengeMissing,
            ..
        })
    ));
    // or, where the policy lets it pass, the honest client's verifier gives it away.
    let lenient = Client {
        pkce: PkcePolicy::Optional,
        ..client()
    };
    let record = authorization_code::Record {
        challenge: None,
        ..code_record()
    };
    assert_eq!(
        authorization_code::check(&record, &code_presented(), &lenient, NOW),
        authorization_code::Decision::Refuse(authorization_code::Refusal::VerifierUnexpected),
    );
    // The attacker leaves the verifier out.
    let presented = authorization_code::Parameters {
        code_verifier: None,
        ..code_presented()
    };
    assert_eq!(
        authorization_code::check(&code_record(), &presented, &lenient, NOW),
        authorization_code::Decision::Refuse(authorization_code::Refusal::VerifierMissing),
    );
    // And a public client never gets by without.
    assert_eq!(
        authorization_code::check(&record, &presented, &public_client(), NOW),
        authorization_code::Decision::Refuse(authorization_code::Refusal::PkceRequired),
    );
}

#[test]
fn attack_08_plain_and_malformed_verifiers_are_refused() {
    for method in ["plain", "", "S512", "S256 "] {
        let error = match check(&request_with("code_challenge_method", method), &client()) {
            Err(Rejection::Redirect { error, .. }) => error,
            other => panic!("{method:?}: {other:?}"),
        };
        assert_eq!(error, AuthorizeError::ChallengeMethod, "{method:?}");
    }
    let long = "a".repeat(129);
    for verifier in [
        "a",
        &"a".repeat(42),
        &long,
        &"ž".repeat(43),
        &"a b".repeat(20),
        &"a+/=".repeat(12),
        &"\n".repeat(43),
    ] {
        assert!(CodeVerifier::parse(verifier).is_err(), "{verifier:?}");
        let form = RawForm::from_pairs([
            ("grant_type", "authorization_code"),
            ("code", code_presented().code.expose()),
            ("code_verifier", verifier),
        ]);
        assert_eq!(
            TokenRequest::parse(&form)
                .err()
                .map(|fault| fault.error().code),
            Some(TokenErrorCode::InvalidGrant)
        );
    }
    for challenge in [
        "",
        "a",
        &"a".repeat(42),
        &"a".repeat(44),
        &"+".repeat(43),
        VERIFIER,
    ] {
        let own_hash =
            CodeChallenge::parse(challenge).is_ok_and(|challenge| verifier().verify(&challenge));
        assert!(!own_hash, "{challenge:?}");
    }
}

#[test]
fn attack_10_a_used_code_revokes_what_came_out_of_it() {
    let record = authorization_code::Record {
        used_at: Some(NOW),
        ..code_record()
    };
    let replay = authorization_code::Decision::RevokeFamily(authorization_code::Refusal::Replay);
    assert_eq!(
        authorization_code::check(&record, &code_presented(), &client(), NOW),
        replay
    );
    // Also long after it would have expired.
    let later = NOW + Duration::from_secs(3_600);
    assert_eq!(
        authorization_code::check(&record, &code_presented(), &client(), later),
        replay
    );
    // But not by a stranger who has only the code.
    let presented = authorization_code::Parameters {
        code_verifier: None,
        ..code_presented()
    };
    assert_eq!(
        authorization_code::check(&record, &presented, &client(), NOW),
        authorization_code::Decision::Refuse(authorization_code::Refusal::VerifierMissing),
    );
}

#[test]
fn attack_13_a_code_in_the_hands_of_another_client_is_ended() {
    let other = Client {
        id: ClientId::new("other"),
        ..client()
    };
    assert_eq!(
        authorization_code::check(&code_record(), &code_presented(), &other, NOW),
        authorization_code::Decision::RefuseAndVoid(authorization_code::Refusal::OtherClient),
    );
    let used = authorization_code::Record {
        used_at: Some(NOW),
        ..code_record()
    };
    assert_eq!(
        authorization_code::check(&used, &code_presented(), &other, NOW),
        authorization_code::Decision::Refuse(authorization_code::Refusal::OtherClient),
    );
}

#[test]
fn attack_16_refresh_with_wider_scope_is_refused_and_narrower_keeps_the_original() {
    let record = refresh_token::Record {
        scope: scope("ais wallet"),
        ..refresh_record()
    };
    let ask = |text: &str| {
        let presented = refresh_token::Parameters {
            scope: Some(scope(text)),
            ..refresh_presented()
        };
        refresh_token::check(&record, &presented, &client(), GRACE, NOW)
    };
    for wider in [
        "transferFunds",
        "wallet transferFunds",
        "ais wallet transferFunds",
        "AIS:c-1",
    ] {
        assert_eq!(
            ask(wider),
            refresh_token::Decision::Refuse(refresh_token::Refusal::ScopeTooWide),
            "{wider}"
        );
    }
    assert_eq!(
        refresh_token::Refusal::ScopeTooWide.error().code,
        TokenErrorCode::InvalidScope
    );
    assert_eq!(
        ask("wallet"),
        refresh_token::Decision::Rotate {
            access_scope: scope("wallet")
        }
    );
    // The record keeps what was granted, so the next refresh may ask for all of it again.
    assert_eq!(
        ask("ais wallet"),
        refresh_token::Decision::Rotate {
            access_scope: scope("ais wallet")
        }
    );
}

#[test]
fn attack_17_a_refresh_token_works_for_its_own_client_only() {
    let other = Client {
        id: ClientId::new("other"),
        ..client()
    };
    assert_eq!(
        refresh_token::check(&refresh_record(), &refresh_presented(), &other, GRACE, NOW),
        refresh_token::Decision::Refuse(refresh_token::Refusal::OtherClient),
    );
}

#[test]
fn attack_26_tokens_in_urls_are_refused() {
    for response_type in ["token", "id_token", "id_token token", "none"] {
        assert!(matches!(
            check(&request_with("response_type", response_type), &client()),
            Err(Rejection::Redirect {
                error: AuthorizeError::UnsupportedResponseType,
                ..
            })
        ));
    }
    assert!(matches!(
        check(&request_with("response_mode", "fragment"), &client()),
        Err(Rejection::Redirect {
            error: AuthorizeError::UnsupportedResponseMode,
            ..
        })
    ));
    let token = Secret::<AccessToken>::mint([4; 32]);
    let header = format!("Bearer {}", token.expose());
    for query in ["access_token=", "a=b&access_token=", "%61ccess_token="] {
        let target = format!("/wallet/v1/me?{query}{}", token.expose());
        for authorization in [&[][..], &[header.as_str()]] {
            let head = Head {
                method: "GET",
                target: &target,
                authorization,
            };
            assert_eq!(
                recognise(&head).err().map(|(_, fault)| fault),
                Some(AccessFault::TokenInUrl),
                "{target}"
            );
        }
    }
}

#[test]
fn attack_27_implicit_and_hybrid_are_unsupported() {
    for response_type in [
        "token",
        "code token",
        "code id_token",
        "code id_token token",
        "id_token",
    ] {
        match check(&request_with("response_type", response_type), &client()) {
            Err(Rejection::Redirect { error, .. }) => {
                assert_eq!(error.code(), "unsupported_response_type")
            }
            other => panic!("{response_type}: {other:?}"),
        }
    }
}

#[test]
fn attack_28_the_password_grant_is_off() {
    let form = form("grant_type=password&username=ona&password=x&scope=wallet");
    assert_eq!(
        TokenRequest::parse(&form)
            .err()
            .map(|fault| fault.error().code),
        Some(TokenErrorCode::UnsupportedGrantType)
    );
}

#[test]
fn attack_29_a_confidential_client_is_not_impersonated_by_the_public_flow() {
    let confidential = client();
    let basic = "Basic c2hvcDpzZWNyZXQ="; // shop:secret
    let check = |authorization: Option<&str>, body: &str, client: &Client| {
        let credentials = ClientCredentials::parse(authorization, &form(body))?;
        credentials
            .check(client)
            .map(|_| ())
            .map_err(TokenFault::from)
    };
    let code = |result: Result<(), TokenFault>| result.err().map(|fault| fault.error().code);
    assert_eq!(code(check(Some(basic), "", &confidential)), None);
    // The secret left out, or empty.
    for body in ["client_id=shop", "client_id=shop&client_secret="] {
        assert_eq!(
            code(check(None, body, &confidential)),
            Some(TokenErrorCode::InvalidClient),
            "{body}"
        );
    }
    // A public client has no secret to send.
    assert_eq!(
        code(check(Some(basic), "", &public_client())),
        Some(TokenErrorCode::InvalidClient)
    );
    assert_eq!(code(check(None, "client_id=shop", &public_client())), None);
    // In both places, even if they agree.
    for body in [
        "client_secret=secret",
        "client_id=shop&client_secret=secret",
    ] {
        assert_eq!(
            code(check(Some(basic), body, &confidential)),
            Some(TokenErrorCode::InvalidRequest),
            "{body}"
        );
    }
    // A client that signs never gets in by a secret.
    let signing = Client {
        auth_method: AuthMethod::Mac,
        ..client()
    };
    assert_eq!(
        code(check(Some(basic), "", &signing)),
        Some(TokenErrorCode::InvalidClient)
    );
}

#[test]
fn attack_39_duplicate_parameters_are_invalid_request() {
    let own = [("nonce", "1"), ("ui_locales", "lt")];
    for (name, value) in REQUEST.into_iter().chain(own) {
        for second in [value, "", "other"] {
            let once = request_with(name, value);
            let twice = RawForm::from_pairs(
                REQUEST
                    .into_iter()
                    .filter(|(known, _)| *known != name)
                    .chain([(name, value), (name, second)]),
            );
            assert!(check(&once, &client()).is_ok(), "{name}");
            match check(&twice, &client()) {
                Err(Rejection::Page(fault)) => {
                    assert!(["client_id", "redirect_uri"].contains(&name));
                    assert_eq!(fault.code(), "invalid_request");
                }
                Err(Rejection::Redirect { error, state, .. }) => {
                    assert!(!["client_id", "redirect_uri"].contains(&name));
                    assert_eq!(
                        error,
                        AuthorizeError::ParameterTwice {
                            name: name.to_owned()
                        }
                    );
                    assert_eq!(state.as_deref(), (name != "state").then_some("xyz"));
                }
                Ok(_) => panic!("{name} was accepted twice"),
            }
        }
    }
    let token_request = form("grant_type=client_credentials&scope=a&scope=a");
    assert_eq!(
        TokenRequest::parse(&token_request)
            .err()
            .map(|fault| fault.error().code),
        Some(TokenErrorCode::InvalidRequest)
    );
}
