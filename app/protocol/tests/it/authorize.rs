//! The front channel: what is accepted, what stays on our page, what travels to the client.

use protocol::{
    authorize::{
        AcceptedRecord, AuthorizeError, LONGEST_RECORD, LONGEST_STATE, PageFault, Prompt,
        Rejection, client_id, error_answer, restore, success_answer,
    },
    client::{AuthMethod, Client, ClientStatus, DialectName, Environment, GrantType, PkcePolicy},
    form::RawForm,
    ids::TraceId,
    money::{Currency, Money},
    redirect_uri::{Component, RegisteredRedirectUri},
    secret::Secret,
};

use crate::fixtures::*;

const PAYMENT: &str = r#"[{"type":"payment_initiation","instructedAmount":{"currency":"EUR","amount":"20.00"},"creditorName":"UAB Elektra","creditorAccount":{"iban":"LT121000011101001000"}}]"#;

/// The error that travels to the client.
fn redirected(form: &RawForm, client: &Client) -> AuthorizeError {
    match check(form, client) {
        Err(Rejection::Redirect { to, error, .. }) => {
            assert_eq!(to.as_str(), CALLBACK);
            error
        }
        other => panic!("expected an error at the client, got {other:?}"),
    }
}

/// The fault that stays on our page.
fn on_page(form: &RawForm, client: &Client) -> PageFault {
    match check(form, client) {
        Err(Rejection::Page(fault)) => fault,
        other => panic!("expected a page, got {other:?}"),
    }
}

#[test]
fn the_usual_request_is_accepted() {
    let accepted = check(&request_with("ui_locales", "lt ru"), &client()).expect("accepted");
    assert_eq!(accepted.client_id, client().id);
    assert_eq!(accepted.redirect_uri.as_str(), CALLBACK);
    assert!(accepted.redirect_uri_was_sent);
    assert_eq!(accepted.scope, scope("wallet"));
    assert_eq!(accepted.state.as_deref(), Some("xyz"));
    assert_eq!(accepted.challenge, Some(challenge()));
    assert_eq!(accepted.ui_locales.as_deref(), Some("lt ru"));
    assert_eq!(accepted.payment, None);
    assert_eq!(accepted.prompt, Prompt::default());
    assert_eq!(accepted.dialect, DialectName::Bearer);
}

#[test]
fn row_1_and_2_without_a_known_client_there_is_only_a_page() {
    assert_eq!(
        client_id(&request_without("client_id")),
        Err(PageFault::ClientIdMissing)
    );
    assert_eq!(
        client_id(&request_with("client_id", "")),
        Err(PageFault::ClientIdMissing)
    );
    assert_eq!(
        client_id(&request_with("client_id", "no\0such\u{202e}")),
        Err(PageFault::UnknownClient {
            client_id: "no␀such".to_owned()
        }),
    );
    assert!(matches!(
        on_page(&request_with("client_id", "another"), &client()),
        PageFault::UnknownClient { .. }
    ));
}

#[test]
fn row_3_a_suspended_client_is_told_before_its_address_is_looked_at() {
    let client = Client {
        status: ClientStatus::Suspended,
        ..client()
    };
    let fault = on_page(
        &request_with("redirect_uri", "https://evil.example/"),
        &client,
    );
    assert_eq!(
        fault,
        PageFault::ClientSuspended {
            client_name: "Shop".to_owned()
        }
    );
}

#[test]
fn row_4_a_missing_address_is_worked_out_only_when_there_is_no_doubt() {
    let request = request_without("redirect_uri");
    let accepted = check(&request, &client()).expect("the only registered one");
    assert_eq!(
        (
            accepted.redirect_uri.as_str(),
            accepted.redirect_uri_was_sent
        ),
        (CALLBACK, false)
    );
    for uris in [
        vec![],
        vec![CALLBACK, "https://shop.example/other"],
        vec!["http://127.0.0.1/cb"],
    ] {
        let client = Client {
            redirect_uris: uris.iter().map(|uri| registered(uri)).collect(),
            ..client()
        };
        assert_eq!(
            on_page(&request, &client),
            PageFault::RedirectUriMissing {
                registered: uris.len()
            }
        );
    }
}

#[test]
fn row_5_a_wrong_address_is_explained_for_sandbox_clients_only() {
    let request = request_with("redirect_uri", "https://shop.example/callback/");
    let PageFault::RedirectUriMismatch {
        requested,
        explanation,
    } = on_page(&request, &client())
    else {
        panic!("expected a mismatch");
    };
    assert_eq!(
        (requested.as_str(), explanation),
        ("https://shop.example/callback/", None)
    );

    let sandbox = Client {
        environment: Environment::Sandbox,
        ..client()
    };
    let PageFault::RedirectUriMismatch {
        explanation: Some(explanation),
        ..
    } = on_page(&request, &sandbox)
    else {
        panic!("expected an explanation");
    };
    assert_eq!(explanation.closest, CALLBACK);
    assert_eq!(
        explanation
            .differences
            .iter()
            .map(|d| d.component)
            .collect::<Vec<_>>(),
        [Component::Path]
    );
}

#[test]
fn row_6_an_address_or_client_sent_twice_is_never_followed() {
    for name in ["redirect_uri", "client_id"] {
        let value = if name == "client_id" {
            "shop"
        } else {
            CALLBACK
        };
        let fault = on_page(&request_twice(name, value), &client());
        assert_eq!(
            fault,
            PageFault::ParameterTwice {
                name: name.to_owned()
            }
        );
    }
}

#[test]
fn row_10_to_12_pkce_presence_then_method_then_shape() {
    let table = [
        (
            request_without("code_challenge"),
            AuthorizeError::ChallengeMissing,
        ),
        (
            request_with("code_challenge", ""),
            AuthorizeError::ChallengeMissing,
        ),
        (
            request_with("code_challenge_method", "plain"),
            AuthorizeError::ChallengeMethod,
        ),
        (
            request_with("code_challenge_method", "s256"),
            AuthorizeError::ChallengeMethod,
        ),
        (
            request_without("code_challenge_method"),
            AuthorizeError::ChallengeMethod,
        ),
    ];
    for (request, error) in table {
        assert_eq!(redirected(&request, &client()), error);
    }
    let padded = redirected(
        &request_with("code_challenge", &format!("{CHALLENGE}=")),
        &client(),
    );
    assert_eq!(
        padded.description(),
        "code_challenge must be 43 characters of base64url without =; got 44 ending in ="
    );
}

#[test]
fn pkce_may_be_left_out_only_by_a_client_with_a_secret_whose_policy_says_so() {
    let without = RawForm::from_pairs(
        REQUEST
            .into_iter()
            .filter(|(name, _)| !name.starts_with("code_challenge")),
    );
    let lenient = Client {
        pkce: PkcePolicy::Optional,
        ..client()
    };
    assert_eq!(check(&without, &lenient).expect("accepted").challenge, None);
    assert_eq!(
        check(&request(), &lenient).expect("accepted").challenge,
        Some(challenge())
    );
    assert_eq!(
        redirected(&request_with("code_challenge_method", "plain"), &lenient),
        AuthorizeError::ChallengeMethod
    );
    assert_eq!(
        redirected(&request_without("code_challenge"), &lenient),
        AuthorizeError::ChallengeMissing
    );
    let public = Client {
        auth_method: AuthMethod::None,
        ..lenient
    };
    assert_eq!(
        redirected(&without, &public),
        AuthorizeError::ChallengeMissing
    );
}

#[test]
fn row_13_code_is_the_only_response() {
    assert_eq!(
        redirected(&request_without("response_type"), &client()),
        AuthorizeError::ResponseTypeMissing
    );
    assert_eq!(
        redirected(&request_with("response_type", "CODE"), &client()),
        AuthorizeError::UnsupportedResponseType
    );
    assert!(check(&request_with("response_mode", "query"), &client()).is_ok());
    for mode in ["fragment", "form_post", "query.jwt"] {
        let error = redirected(&request_with("response_mode", mode), &client());
        assert_eq!(error, AuthorizeError::UnsupportedResponseMode);
    }
}

#[test]
fn row_14_scope_is_known_and_approved_or_the_only_one() {
    let not_approved = |token: &str| AuthorizeError::ScopeNotApproved {
        token: token.to_owned(),
    };
    assert_eq!(
        redirected(&request_with("scope", "wallet ais"), &client()),
        not_approved("ais")
    );
    assert_eq!(
        redirected(&request_with("scope", "Wallet"), &client()),
        not_approved("Wallet")
    );
    assert_eq!(
        redirected(&request_with("scope", "AIS:c-1"), &client()),
        not_approved("AIS:c-1")
    );
    assert_eq!(
        redirected(&request_without("scope"), &client()),
        AuthorizeError::ScopeMissing
    );
    assert_eq!(
        redirected(&request_with("scope", "a  b"), &client()).code(),
        "invalid_scope"
    );

    let only_wallet = Client {
        scope: scope("wallet"),
        ..client()
    };
    assert_eq!(
        check(&request_without("scope"), &only_wallet)
            .expect("accepted")
            .scope,
        scope("wallet")
    );
    // A scope that somebody wrote into the registration, but that means nothing here.
    let strange = Client {
        scope: scope("openid"),
        ..client()
    };
    assert_eq!(
        redirected(&request_with("scope", "openid"), &strange),
        not_approved("openid")
    );
    assert_eq!(
        redirected(&request_without("scope"), &strange),
        not_approved("openid")
    );

    let ais = Client {
        scope: scope("ais"),
        ..client()
    };
    assert_eq!(
        check(&request_with("scope", "AIS:c-1"), &ais)
            .expect("accepted")
            .scope,
        scope("AIS:c-1")
    );
}

#[test]
fn a_payment_stands_for_its_scope_and_needs_approval() {
    let alone = RawForm::from_pairs(
        REQUEST
            .into_iter()
            .filter(|(name, _)| *name != "scope")
            .chain([("authorization_details", PAYMENT)]),
    );
    let accepted = check(&alone, &client()).expect("accepted");
    assert_eq!(accepted.scope, scope("transferFunds"));
    assert_eq!(
        accepted.payment.map(|payment| payment.amount),
        Some(Money::new(2000, Currency::EUR))
    );

    let with_wallet =
        check(&request_with("authorization_details", PAYMENT), &client()).expect("accepted");
    assert_eq!(with_wallet.scope, scope("transferFunds wallet"));

    let reader = Client {
        scope: scope("wallet"),
        ..client()
    };
    assert_eq!(
        redirected(&alone, &reader),
        AuthorizeError::PaymentNotApproved
    );
    let unknown = request_with("authorization_details", r#"[{"type":"gift"}]"#);
    assert_eq!(
        redirected(&unknown, &client()).code(),
        "invalid_authorization_details"
    );
}

#[test]
fn state_travels_untouched_or_not_at_all() {
    let every_character: String = (0x20..=0x7e_u8).map(char::from).collect();
    for state in [every_character.as_str(), &"s".repeat(LONGEST_STATE)] {
        let accepted = check(&request_with("state", state), &client()).expect("accepted");
        assert_eq!(accepted.state.as_deref(), Some(state));
    }
    assert_eq!(
        check(&request_without("state"), &client())
            .expect("accepted")
            .state,
        None
    );
    for state in ["ž", "a\nb", "a\u{7f}", &"s".repeat(LONGEST_STATE + 1)] {
        match check(&request_with("state", state), &client()) {
            Err(Rejection::Redirect { error, state, .. }) => {
                assert_eq!((error, state), (AuthorizeError::StateMalformed, None));
            }
            other => panic!("expected a refusal, got {other:?}"),
        }
    }
    // An error carries it too.
    match check(&request_with("scope", "ais"), &client()) {
        Err(Rejection::Redirect { state, .. }) => assert_eq!(state.as_deref(), Some("xyz")),
        other => panic!("expected a refusal, got {other:?}"),
    }
}

#[test]
fn request_objects_are_refused_and_never_ignored() {
    assert_eq!(
        redirected(&request_with("request", "eyJ"), &client()).code(),
        "request_not_supported"
    );
    assert_eq!(
        redirected(&request_with("request_uri", "urn:x"), &client()).code(),
        "request_uri_not_supported"
    );
}

#[test]
fn the_grant_and_the_prompt_are_checked() {
    let machine = Client {
        grants: vec![GrantType::ClientCredentials],
        ..client()
    };
    assert_eq!(
        redirected(&request(), &machine).code(),
        "unauthorized_client"
    );
    assert_eq!(
        redirected(&request_with("prompt", "none login"), &client()),
        AuthorizeError::PromptMalformed
    );
    assert!(
        check(&request_with("prompt", "none"), &client())
            .expect("accepted")
            .prompt
            .none
    );
}

#[test]
fn unknown_parameters_are_ignored_as_rfc_6749_3_1_asks() {
    assert!(check(&request_with("nonce", "n"), &client()).is_ok());
    let odd_locales = check(&request_with("ui_locales", "<script>"), &client()).expect("accepted");
    assert_eq!(odd_locales.ui_locales, None);
}

#[test]
fn what_is_accepted_always_fits_into_its_cookie() {
    let long_address = format!("{CALLBACK}?{}", "x".repeat(900));
    let client = Client {
        redirect_uris: vec![registered(CALLBACK), registered(&long_address)],
        ..client()
    };
    let long_state = "\\".repeat(LONGEST_STATE);
    let payment = PAYMENT.replace("UAB Elektra", &"ž".repeat(70));
    let mut refused = 0;
    for address in [CALLBACK, &long_address] {
        for state in ["x", &long_state] {
            for details in ["", &payment] {
                let mut pairs: Vec<(&str, &str)> = REQUEST
                    .into_iter()
                    .filter(|(name, _)| !["redirect_uri", "state"].contains(name))
                    .collect();
                pairs.extend([
                    ("redirect_uri", address),
                    ("state", state),
                    ("authorization_details", details),
                ]);
                match check(&RawForm::from_pairs(pairs), &client) {
                    Ok(accepted) => {
                        let record =
                            serde_json::to_vec(&AcceptedRecord::from(&accepted)).expect("JSON");
                        assert!(record.len() <= LONGEST_RECORD);
                    }
                    Err(Rejection::Redirect { error, .. }) => {
                        assert_eq!(error, AuthorizeError::TooLarge);
                        refused += 1;
                    }
                    Err(other) => panic!("{other:?}"),
                }
            }
        }
    }
    assert_eq!(
        refused, 3,
        "only the long state with the long address or the long payee is too much"
    );
}

#[test]
fn an_accepted_request_comes_back_from_its_record() {
    for request in [
        request(),
        request_with("authorization_details", PAYMENT),
        request_with("prompt", "login"),
    ] {
        let accepted = check(&request, &client()).expect("accepted");
        let json = serde_json::to_string(&AcceptedRecord::from(&accepted)).expect("JSON");
        let record: AcceptedRecord = serde_json::from_str(&json).expect("a record");
        assert_eq!(restore(record, &client()), Some(accepted));
    }
}

#[test]
fn a_record_is_worth_nothing_once_the_client_has_changed() {
    let accepted = check(&request(), &client()).expect("accepted");
    let record = || AcceptedRecord::from(&accepted);
    let changes = [
        Client {
            id: protocol::ids::ClientId::new("other"),
            ..client()
        },
        Client {
            redirect_uris: vec![registered("https://shop.example/new")],
            ..client()
        },
        Client {
            scope: scope("transferFunds"),
            ..client()
        },
    ];
    for client in changes {
        assert_eq!(restore(record(), &client), None, "{client:?}");
    }
}

#[test]
fn answers_carry_state_and_issuer() {
    let accepted = check(&request(), &client()).expect("accepted");
    let code = Secret::mint([3; 32]);
    assert_eq!(
        success_answer(
            &accepted.redirect_uri,
            DialectName::Bearer,
            &code,
            Some("a b"),
            ISSUER
        ),
        format!(
            "{CALLBACK}?code={}&state=a%20b&iss=https%3A%2F%2Fid.bank.example",
            code.expose()
        ),
    );
    assert_eq!(
        error_answer(
            &accepted.redirect_uri,
            &AuthorizeError::ChallengeMissing,
            None,
            ISSUER,
            "https://id.bank.example/developers/errors",
            TraceId::from_entropy([0; 5]),
        ),
        format!(
            "{CALLBACK}?error=invalid_request&error_description=code_challenge%20is%20missing%20%28ref%200000-0000%29\
             &error_uri=https%3A%2F%2Fid.bank.example%2Fdevelopers%2Ferrors%23pkce-missing&iss=https%3A%2F%2Fid.bank.example"
        ),
    );
}

#[test]
fn a_client_that_only_signs_is_answered_in_its_dialect() {
    let signing = Client {
        dialects: vec![DialectName::Mac],
        auth_method: AuthMethod::Mac,
        ..client()
    };
    assert_eq!(
        check(&request(), &signing).expect("accepted").dialect,
        DialectName::Mac
    );
    let both = Client {
        dialects: vec![DialectName::Mac, DialectName::Bearer],
        ..client()
    };
    assert_eq!(
        check(&request(), &both).expect("accepted").dialect,
        DialectName::Bearer
    );
}

#[test]
fn an_address_of_the_sandbox_on_localhost_is_followed_there() {
    let local = RegisteredRedirectUri::parse("http://localhost:4000/cb", Environment::Sandbox)
        .expect("allowed");
    let client = Client {
        environment: Environment::Sandbox,
        redirect_uris: vec![local],
        ..client()
    };
    let accepted = check(
        &request_with("redirect_uri", "http://localhost:4000/cb"),
        &client,
    )
    .expect("accepted");
    assert_eq!(accepted.redirect_uri.host(), "localhost");
}
