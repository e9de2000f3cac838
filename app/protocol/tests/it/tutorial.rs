//! The tutorial's dialect: its request as the tutorial prints it, what is an error in it, and the
//! shapes of its answers.

use std::time::Duration;

use protocol::{
    authorize::{
        Accepted, AcceptedRecord, AuthorizeError, PageFault, Rejection, error_answer, holds_secret,
        restore, success_answer,
    },
    client::{AuthMethod, Client, DialectName, PkcePolicy},
    dialects::{Dialect as _, Tutorial, token_door},
    form::RawForm,
    grants::authorization_code::{self, Decision, Refusal},
    ids::{ClientId, TraceId},
    secret::{AccessToken, AuthorizationCode, RefreshToken, Secret},
    token::{TokenAnswer, TokenFault, TokenRequest},
};
use serde_json::json;

use crate::fixtures::*;

/// As it is printed, but for `http`: nobody can register an address that is read on the way.
fn printed() -> String {
    let request = include_str!("../vectors/tutorial-authorize-request.txt").trim_end();
    request.replace("callbackURL=http://", "callbackURL=https://")
}

const AMAZON: &str = "https://amazon.com/oauth/authorization_token";

/// The client of the tutorial, switched into its dialect. Its policy asks for PKCE, as most do.
fn amazon() -> Client {
    Client {
        id: ClientId::new("amazon_client"),
        dialects: vec![DialectName::Bearer, DialectName::Tutorial],
        redirect_uris: vec![registered(AMAZON), registered("https://amazon.com/other")],
        ..client()
    }
}

fn asked(request: &str) -> Result<Accepted, Rejection> {
    check(&form(request), &amazon())
}

fn page(request: &str) -> PageFault {
    match asked(request) {
        Err(Rejection::Page(fault)) => fault,
        other => panic!("{request}: {other:?}"),
    }
}

fn told(request: &str) -> AuthorizeError {
    match asked(request) {
        Err(Rejection::Redirect { error, .. }) => error,
        other => panic!("{request}: {other:?}"),
    }
}

#[test]
fn the_printed_request_is_understood_and_its_secret_is_nowhere_in_what_is_kept() {
    let accepted = asked(&printed()).expect("accepted");
    assert_eq!(accepted.dialect, DialectName::Tutorial);
    assert_eq!(accepted.scope, scope("transferFunds"));
    assert_eq!(accepted.redirect_uri.as_str(), AMAZON);
    assert_eq!(accepted.state, None);
    assert_eq!(accepted.challenge, None);
    let record = AcceptedRecord::from(&accepted);
    let kept = format!(
        "{accepted:?} {}",
        serde_json::to_string(&record).expect("JSON")
    );
    assert!(!kept.contains("amazon123"), "{kept}");
    assert_eq!(restore(record, &amazon()), Some(accepted));
}

#[test]
fn a_secret_changes_nothing_be_it_there_or_not() {
    let with = asked(&printed());
    let without = printed().replace("client_secret=amazon123&", "");
    assert!(holds_secret(&form(&printed())) && !holds_secret(&form(&without)));
    assert_eq!(with, asked(&without));
    assert_eq!(with, asked(&printed().replace("amazon123", "")));
}

#[test]
fn who_does_not_speak_the_dialect_is_told_that_the_secret_is_exposed() {
    let ordinary = Client {
        dialects: vec![DialectName::Bearer],
        ..amazon()
    };
    let refused = Err(Rejection::Page(PageFault::SecretExposed));
    assert_eq!(check(&form(&printed()), &ordinary), refused);
    // In the best of all requests too, and if it is empty or comes twice.
    for more in [
        "client_secret=x",
        "client_secret=",
        "client_secret=x&client_secret=y",
    ] {
        let pairs = REQUEST.map(|(name, value)| format!("{name}={value}"));
        let request = form(&format!("{}&{more}", pairs.join("&")));
        assert_eq!(check(&request, &client()), refused, "{more}");
    }
    // A switch that was turned off ends what was under way.
    let record = AcceptedRecord::from(&asked(&printed()).expect("accepted"));
    assert_eq!(restore(record, &ordinary), None);
}

#[test]
fn scopes_are_separated_by_commas_or_spaces_in_this_dialect_only() {
    let both = scope("transferFunds wallet");
    for list in [
        "transferFunds,wallet",
        "wallet+transferFunds",
        "wallet%2C+transferFunds,",
    ] {
        let request = printed().replace("transferFunds", list);
        assert_eq!(asked(&request).expect(list).scope, both, "{list}");
    }
    let error = check(&request_with("scope", "transferFunds,wallet"), &client());
    assert!(
        matches!(&error, Err(Rejection::Redirect { error: AuthorizeError::ScopeNotApproved { token }, .. }) if token == "transferFunds,wallet"),
        "{error:?}"
    );
}

#[test]
fn words_of_both_vocabularies_do_not_go_together() {
    for (more, name) in [
        (format!("redirect_uri={AMAZON}"), "redirect_uri"),
        ("response_type=code".to_owned(), "response_type"),
        ("response_mode=query".to_owned(), "response_mode"),
        (format!("code_challenge={CHALLENGE}"), "code_challenge"),
        (
            "code_challenge_method=S256".to_owned(),
            "code_challenge_method",
        ),
        (
            "authorization_details=%5B%5D".to_owned(),
            "authorization_details",
        ),
    ] {
        let fault = page(&format!("{}&{more}", printed()));
        assert_eq!(fault, PageFault::MixedVocabulary { name });
        assert!(fault.developer().contains(name));
    }
    // A secret among standard words is mixed as well, and never accepted.
    let standard = format!(
        "client_id=amazon_client&client_secret=x&response_type=code&redirect_uri={AMAZON}&scope=wallet"
    );
    assert_eq!(
        page(&standard),
        PageFault::MixedVocabulary {
            name: "redirect_uri"
        }
    );
}

#[test]
fn nothing_may_come_twice() {
    for (more, name) in [
        (format!("callbackURL={AMAZON}"), "callbackURL"),
        ("client_secret=other".to_owned(), "client_secret"),
        ("client_id=amazon_client".to_owned(), "client_id"),
    ] {
        let fault = page(&format!("{}&{more}", printed()));
        let name = name.to_owned();
        assert_eq!(fault, PageFault::ParameterTwice { name });
    }
    let name = "scope".to_owned();
    let error = told(&format!("{}&scope=wallet", printed()));
    assert_eq!(error, AuthorizeError::ParameterTwice { name });
}

#[test]
fn the_callback_must_be_registered_character_by_character() {
    for wrong in [
        "http://amazon.com/oauth/authorization_token",
        "https://amazon.com/oauth/authorization_token/",
        "https://amazon.com/oauth/authorization_token?x=1",
        "https://evil.example/oauth/authorization_token",
    ] {
        let fault = page(&printed().replace(AMAZON, wrong));
        let expected = matches!(&fault, PageFault::RedirectUriMismatch { requested, .. } if requested == wrong);
        assert!(expected, "{wrong}: {fault:?}");
    }
    let without = printed().replace(&format!("&callbackURL={AMAZON}"), "");
    assert_eq!(
        page(&without),
        PageFault::RedirectUriMissing { registered: 2 }
    );
}

#[test]
fn pkce_is_spared_to_clients_with_a_secret_only() {
    assert_eq!(amazon().pkce, PkcePolicy::Required);
    let public = Client {
        auth_method: AuthMethod::None,
        ..amazon()
    };
    let refused = check(&form(&printed()), &public);
    assert!(
        matches!(
            refused,
            Err(Rejection::Redirect {
                error: AuthorizeError::ChallengeMissing,
                ..
            })
        ),
        "{refused:?}"
    );
    // The same client in standard words is held to its policy as before.
    let standard =
        format!("client_id=amazon_client&response_type=code&redirect_uri={AMAZON}&scope=wallet");
    assert_eq!(told(&standard), AuthorizeError::ChallengeMissing);
}

#[test]
fn the_way_back_carries_the_authorization_token_and_state_if_one_was_sent() {
    let code: Secret<AuthorizationCode> = Secret::mint([5; 32]);
    let accepted = asked(&format!("{}&state=a1", printed())).expect("accepted");
    let location = |state: Option<&str>| {
        success_answer(
            &accepted.redirect_uri,
            accepted.dialect,
            &code,
            state,
            ISSUER,
        )
    };
    let issuer = "iss=https%3A%2F%2Fid.bank.example";
    let token = format!("{AMAZON}?authorizationToken={}", code.expose());
    assert_eq!(location(None), format!("{token}&{issuer}"));
    assert_eq!(
        location(accepted.state.as_deref()),
        format!("{token}&state=a1&{issuer}")
    );
    let trace = TraceId::from_entropy([0; 5]);
    let denied = error_answer(
        &accepted.redirect_uri,
        &AuthorizeError::Denied,
        None,
        ISSUER,
        "https://docs",
        trace,
    );
    assert!(denied.starts_with(&format!("{AMAZON}?error=access_denied&")));
}

fn exchange(body: &str) -> Result<TokenRequest, TokenFault> {
    let form = form(body);
    Tutorial
        .token_form(&form)
        .and_then(|form| TokenRequest::parse(&form))
}

#[test]
fn an_authorization_token_is_a_code_and_its_request_is_answered_in_the_dialect() {
    let code: Secret<AuthorizationCode> = Secret::mint([5; 32]);
    let code = code.expose();
    let own = format!("authorizationToken={code}");
    for (body, dialect) in [
        (own.clone(), DialectName::Tutorial),
        (format!("{own}&code={code}"), DialectName::Tutorial),
        (format!("code={code}"), DialectName::Bearer),
        (String::new(), DialectName::Bearer),
    ] {
        let door = token_door("/oauth/token", &form(&body)).expect("a door");
        assert_eq!(door.dialect, dialect, "{body}");
    }
    // With and without the grant, which the tutorial does not have.
    for grant in ["", "&grant_type=authorization_code"] {
        let asked = exchange(&format!("{own}&callbackURL={AMAZON}{grant}"));
        let Ok(TokenRequest::AuthorizationCode(presented)) = asked else {
            panic!("{asked:?}");
        };
        assert_eq!(presented.code.expose(), code);
        assert_eq!(presented.redirect_uri.as_deref(), Some(AMAZON));
    }
    let fault = exchange(&format!("{own}&code={code}")).expect_err("both names");
    let expected = TokenFault::SaidTwice {
        own: "authorizationToken",
        standard: "code",
    };
    assert_eq!(fault, expected);
    let fault = exchange(&format!("{own}&{own}")).expect_err("twice");
    let name = "code".to_owned();
    assert_eq!(fault, TokenFault::ParameterTwice { name });
    let refresh: Secret<RefreshToken> = Secret::mint([6; 32]);
    let asked = exchange(&format!("refreshToken={}", refresh.expose()));
    assert!(matches!(asked, Ok(TokenRequest::RefreshToken(_))));
}

#[test]
fn the_exchange_may_leave_out_the_callback_but_not_name_another_one() {
    let record = authorization_code::Record {
        challenge: None,
        redirect_uri_is_repeated: Tutorial.repeats_redirect_uri(),
        ..code_record()
    };
    let presented = |redirect_uri: Option<&str>| authorization_code::Parameters {
        redirect_uri: redirect_uri.map(str::to_owned),
        code_verifier: None,
        ..code_presented()
    };
    let decide = |uri| authorization_code::check(&record, &presented(uri), &client(), NOW);
    assert_eq!(decide(None), Decision::Exchange);
    assert_eq!(decide(Some(CALLBACK)), Decision::Exchange);
    let differs = Refusal::RedirectUriDiffers { at: 9 };
    assert_eq!(
        decide(Some("https://evil.example/callback")),
        Decision::Refuse(differs)
    );
    let standard = authorization_code::Record {
        redirect_uri_is_repeated: true,
        ..record.clone()
    };
    assert_eq!(
        authorization_code::check(&standard, &presented(None), &client(), NOW),
        Decision::Refuse(Refusal::RedirectUriMissing)
    );
}

#[test]
fn answers_are_written_the_way_the_dialect_writes() {
    let answer = TokenAnswer {
        access_token: Secret::<AccessToken>::mint([7; 32]),
        refresh_token: None,
        issued_at: NOW,
        expires_at: NOW + Duration::from_secs(3_600),
        scope: scope("transferFunds"),
        consent_id: None,
        payment: None,
        mac_key: None,
    };
    let door = token_door("/oauth/token", &form("authorizationToken=x")).expect("a door");
    assert_eq!(
        Tutorial.answer(door, &answer, NOW + Duration::from_secs(60)),
        json!({
            "accessToken": answer.access_token.expose(),
            "tokenType": "Bearer",
            "expiresIn": 3_540,
            "expiry": "2026-11-22T12:42:07Z",
            "scope": "transferFunds",
        })
    );
    let trace = TraceId::from_entropy([0; 5]);
    let error = Tutorial.error(
        &TokenFault::Code(Refusal::Replay).error(),
        "https://docs",
        trace,
    );
    assert_eq!(error.status, 400);
    for (standard, own) in [
        ("error", "errorCode"),
        ("error_description", "errorDescription"),
        ("error_uri", "errorUri"),
        ("trace_id", "traceId"),
    ] {
        assert!(error.body[standard].is_string(), "{standard}");
        assert_eq!(error.body[standard], error.body[own]);
    }
    assert_eq!(error.body["errorCode"], "invalid_grant");
}

#[test]
fn its_tokens_are_presented_as_bearer_tokens_and_in_no_other_way() {
    for presented in DialectName::ALL {
        let bearer = *presented == DialectName::Bearer;
        assert_eq!(Tutorial.accepts(*presented), bearer, "{presented}");
    }
}

proptest::proptest! {
    #![proptest_config(cases(400))]

    /// Whatever a request is made of, the value of the secret never comes out of it.
    #[test]
    fn no_secret_comes_out_of_any_request(
        secret in "[a-z0-9]{12}",
        rest in "[a-z_%&=+,]{0,60}",
        dialects in proptest::sample::select(vec![DialectName::Bearer, DialectName::Tutorial]),
    ) {
        let request = format!("{}&{rest}&client_secret={secret}", printed().replace("&client_secret=amazon123", ""));
        let Ok(form) = RawForm::parse(request.as_bytes()) else { return Ok(()) };
        let client = Client { dialects: vec![dialects], ..amazon() };
        let told = format!("{:?}", check(&form, &client));
        proptest::prop_assert!(!told.contains(&secret), "{told}");
    }
}
