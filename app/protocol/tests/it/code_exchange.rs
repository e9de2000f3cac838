//! Exchange of codes, and tokens for clients themselves.

use std::time::Duration;

use protocol::{
    client::{Client, GrantType},
    form::RawForm,
    grants::{
        authorization_code::{Decision, Parameters, Record, Refusal, check},
        client_credentials,
    },
    token::{TokenErrorCode, TokenRequest},
};

use crate::fixtures::*;

#[test]
fn an_honest_client_gets_its_tokens() {
    assert_eq!(
        check(&code_record(), &code_presented(), &client(), NOW),
        Decision::Exchange
    );
    assert_eq!(
        check(&code_record(), &code_presented(), &public_client(), NOW),
        Decision::Exchange
    );
}

#[test]
fn a_code_expires_at_the_exact_millisecond() {
    let at_the_end = code_record().expires_at;
    let just_before = at_the_end - Duration::from_millis(1);
    assert_eq!(
        check(&code_record(), &code_presented(), &client(), just_before),
        Decision::Exchange
    );
    assert_eq!(
        check(&code_record(), &code_presented(), &client(), at_the_end),
        Decision::Refuse(Refusal::Expired)
    );
}

#[test]
fn the_address_is_the_one_of_the_authorize_request() {
    let named = Some(CALLBACK.to_owned());
    let other = Some(format!("{CALLBACK}/"));
    let differs = Err(Refusal::RedirectUriDiffers {
        at: CALLBACK.len() + 1,
    });
    let table = [
        (named.clone(), named.clone(), Ok(())),
        (named.clone(), None, Err(Refusal::RedirectUriMissing)),
        (named.clone(), other.clone(), differs),
        // Not named then: it may be left out now, or name the one that was meant.
        (None, None, Ok(())),
        (None, named, Ok(())),
        (None, other, differs),
    ];
    for (sent, presented, expected) in table {
        let record = Record {
            redirect_uri: sent,
            ..code_record()
        };
        let presented = Parameters {
            redirect_uri: presented,
            ..code_presented()
        };
        let decision = match expected {
            Ok(()) => Decision::Exchange,
            Err(refusal) => Decision::Refuse(refusal),
        };
        assert_eq!(
            check(&record, &presented, &client(), NOW),
            decision,
            "{record:?} {presented:?}"
        );
    }
    let two = Client {
        redirect_uris: vec![registered(CALLBACK), registered("https://b.example/")],
        ..client()
    };
    let record = Record {
        redirect_uri: None,
        ..code_record()
    };
    assert_eq!(
        check(&record, &code_presented(), &two, NOW),
        Decision::Refuse(Refusal::RedirectUriDiffers { at: 1 }),
        "which one was meant is no longer known",
    );
}

#[test]
fn the_verifier_must_belong_to_the_challenge() {
    let wrong = protocol::pkce::CodeVerifier::parse(&"a".repeat(43)).expect("a verifier");
    let presented = Parameters {
        code_verifier: Some(wrong),
        ..code_presented()
    };
    assert_eq!(
        check(&code_record(), &presented, &client(), NOW),
        Decision::Refuse(Refusal::VerifierWrong)
    );
}

#[test]
fn possession_is_proved_before_anything_is_revoked() {
    let used = Record {
        used_at: Some(NOW),
        ..code_record()
    };
    let without_address = Parameters {
        redirect_uri: None,
        ..code_presented()
    };
    assert_eq!(
        check(&used, &without_address, &client(), NOW),
        Decision::Refuse(Refusal::RedirectUriMissing)
    );
}

#[test]
fn a_client_without_the_grant_is_refused() {
    let machine = Client {
        grants: vec![GrantType::ClientCredentials],
        ..client()
    };
    assert_eq!(
        check(&code_record(), &code_presented(), &machine, NOW),
        Decision::Refuse(Refusal::GrantNotAllowed)
    );
    assert_eq!(
        Refusal::GrantNotAllowed.error().code,
        TokenErrorCode::UnauthorizedClient
    );
}

#[test]
fn what_leaks_little_is_all_that_is_told() {
    let vague = Refusal::Unknown.error();
    for refusal in [
        Refusal::OtherClient,
        Refusal::RedirectUriDiffers { at: 3 },
        Refusal::VerifierWrong,
        Refusal::Replay,
        Refusal::Expired,
    ] {
        assert_eq!(refusal.error(), vague, "{refusal}");
    }
    assert_eq!(vague.code, TokenErrorCode::InvalidGrant);
}

#[test]
fn token_requests_are_read_by_their_grant() {
    let code = code_presented().code;
    let parse = |pairs: &[(&str, &str)]| {
        TokenRequest::parse(&RawForm::from_pairs(pairs.iter().copied()))
            .map_err(|fault| fault.error().code)
    };
    let request = parse(&[
        ("grant_type", "authorization_code"),
        ("code", code.expose()),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ]);
    let Ok(TokenRequest::AuthorizationCode(parameters)) = request else {
        panic!("{request:?}")
    };
    assert_eq!(parameters.code.digest(), code.digest());
    assert_eq!(parameters.redirect_uri.as_deref(), Some(CALLBACK));

    use TokenErrorCode as Code;
    let refused: [(&[(&str, &str)], Code); 9] = [
        (&[], Code::InvalidRequest),
        (&[("grant_type", "")], Code::InvalidRequest),
        (&[("grant_type", "magic")], Code::UnsupportedGrantType),
        (
            &[("grant_type", "Authorization_Code")],
            Code::UnsupportedGrantType,
        ),
        (
            &[("grant_type", "authorization_code")],
            Code::InvalidRequest,
        ),
        (
            &[
                ("grant_type", "authorization_code"),
                ("code", "SplxlOBeZQQYbYS6WxSbIA"),
            ],
            Code::InvalidGrant,
        ),
        (&[("grant_type", "refresh_token")], Code::InvalidRequest),
        (
            &[
                ("grant_type", "refresh_token"),
                ("refresh_token", code.expose()),
            ],
            Code::InvalidGrant,
        ),
        (
            &[("grant_type", "client_credentials"), ("scope", "a  b")],
            Code::InvalidScope,
        ),
    ];
    for (pairs, expected) in refused {
        assert_eq!(parse(pairs).err(), Some(expected), "{pairs:?}");
    }
}

#[test]
fn a_client_gets_tokens_of_its_own_within_what_was_approved() {
    use client_credentials::{Decision, Parameters, Refusal, check};
    let ask = |text: Option<&str>, client: &Client| {
        check(
            &Parameters {
                scope: text.map(scope),
            },
            client,
        )
    };
    assert_eq!(
        ask(None, &client()),
        Decision::Issue {
            scope: scope("transferFunds wallet")
        }
    );
    assert_eq!(
        ask(Some("wallet"), &client()),
        Decision::Issue {
            scope: scope("wallet")
        }
    );
    assert_eq!(
        ask(Some("wallet ais"), &client()),
        Decision::Refuse(Refusal::ScopeNotApproved)
    );
    assert_eq!(
        ask(None, &public_client()),
        Decision::Refuse(Refusal::PublicClient)
    );
    let reader = Client {
        scope: scope("ais"),
        ..client()
    };
    assert_eq!(
        ask(Some("AIS:c-1"), &reader),
        Decision::Refuse(Refusal::ScopeNotApproved)
    );
    let web = Client {
        grants: vec![GrantType::AuthorizationCode],
        ..client()
    };
    assert_eq!(ask(None, &web), Decision::Refuse(Refusal::GrantNotAllowed));
}
