//! The standard dialect on the wire.

use std::time::Duration;

use protocol::{
    client::DialectName,
    dialects::{ALL, AccessFault, Bearer, Dialect, Head, bearer, dialect, recognise},
    ids::{ConsentId, TraceId},
    scope::ScopeToken,
    secret::{AccessToken, RefreshToken, Secret},
    token::{
        Introspection, PresentedToken, ServerMetadata, TokenAnswer, TokenError, TokenErrorCode,
    },
};
use serde_json::json;

use crate::fixtures::*;

const DOCS: &str = "https://id.bank.example/developers/errors";

fn token() -> Secret<AccessToken> {
    Secret::mint([5; 32])
}

fn trace() -> TraceId {
    TraceId::from_entropy([0; 5])
}

fn fault(authorization: &[&str]) -> Option<AccessFault> {
    recognise(&Head {
        method: "GET",
        target: "/x?y=1",
        authorization,
    })
    .err()
    .map(|(_, fault)| fault)
}

#[test]
fn a_token_is_recognised_in_any_case_of_the_scheme() {
    for scheme in ["Bearer", "bearer", "BEARER", "bEaReR"] {
        let header = format!("{scheme} {}", token().expose());
        let head = Head {
            method: "GET",
            target: "/wallet/v1/me",
            authorization: &[&header],
        };
        let presented = recognise(&head).expect(scheme);
        assert_eq!(
            presented.credential.token().map(|known| known.digest()),
            Some(token().digest())
        );
        assert_eq!(presented.dialect, DialectName::Bearer);
    }
}

#[test]
fn other_headers_are_told_apart() {
    let good = format!("Bearer {}", token().expose());
    let typo = format!("Bearer {}x", token().expose());
    let refresh = format!("Bearer {}", Secret::<RefreshToken>::mint([5; 32]).expose());
    let table: [(&[&str], AccessFault); 11] = [
        (&[], AccessFault::NoToken),
        (&["Basic c2hvcDpzZWNyZXQ="], AccessFault::NoToken),
        (&[""], AccessFault::NoToken),
        (&["Bearerx y"], AccessFault::NoToken),
        (&["Bearer"], AccessFault::Malformed),
        (&["Bearer "], AccessFault::Malformed),
        (&["Bearer a b"], AccessFault::Malformed),
        (&["Bearer ž"], AccessFault::Malformed),
        (&[&good, &good], AccessFault::Malformed),
        (&[&typo], AccessFault::InvalidToken),
        (&[&refresh], AccessFault::InvalidToken),
    ];
    for (authorization, expected) in table {
        assert_eq!(fault(authorization), Some(expected), "{authorization:?}");
    }
}

#[test]
fn challenges_follow_rfc_6750_3() {
    let needed = ScopeToken::parse("transferFunds").expect("a scope");
    let table = [
        (AccessFault::NoToken, 401, "Bearer realm=\"countersign\""),
        (
            AccessFault::InvalidToken,
            401,
            "Bearer realm=\"countersign\", error=\"invalid_token\", \
             error_description=\"the access token is unknown, expired or revoked\"",
        ),
        (
            AccessFault::InsufficientScope { needed },
            403,
            "Bearer realm=\"countersign\", error=\"insufficient_scope\", \
             error_description=\"the access token is not good for this\", scope=\"transferFunds\"",
        ),
        (
            AccessFault::TokenInUrl,
            400,
            "Bearer realm=\"countersign\", error=\"invalid_request\", \
             error_description=\"an access token must not be sent in the URL\"",
        ),
    ];
    for (fault, status, header) in table {
        let answer = Bearer.challenge(&fault, trace());
        assert_eq!(answer.status, status);
        assert_eq!(answer.headers, [("www-authenticate", header.to_owned())]);
        assert_eq!(answer.body["trace_id"], "0000-0000");
        assert_eq!(
            answer.body["error"],
            fault.code().unwrap_or("invalid_token")
        );
    }
}

#[test]
fn errors_have_code_sentence_section_and_trace() {
    let error = TokenError::new(TokenErrorCode::InvalidGrant, "the code is unknown");
    let answer = Bearer.error(&error, DOCS, trace());
    assert_eq!((answer.status, answer.headers.len()), (400, 0));
    assert_eq!(
        answer.body,
        json!({
            "error": "invalid_grant",
            "error_description": "the code is unknown",
            "error_uri": "https://id.bank.example/developers/errors#invalid-grant",
            "trace_id": "0000-0000",
        })
    );
    let answer = Bearer.error(&TokenError::invalid_client(), DOCS, trace());
    assert_eq!(answer.status, 401);
    assert_eq!(
        answer.headers,
        [("www-authenticate", "Basic realm=\"countersign\"".to_owned())]
    );
    for code in TokenErrorCode::ALL {
        assert!(
            (400..=503).contains(&code.status())
                && !code.anchor().is_empty()
                && !code.as_str().is_empty()
        );
    }
}

#[test]
fn a_token_answer_has_what_was_granted_and_nothing_else() {
    let bare = TokenAnswer {
        access_token: token(),
        refresh_token: None,
        issued_at: NOW,
        expires_at: NOW + Duration::from_secs(3_600),
        scope: scope("wallet"),
        consent_id: None,
        payment: None,
        mac_key: None,
    };
    assert_eq!(
        Bearer.answer(&bearer::TOKEN, &bare, NOW),
        json!({
            "access_token": token().expose(),
            "token_type": "Bearer",
            "expires_in": 3_600,
            "scope": "wallet",
        })
    );
    let refresh = Secret::<RefreshToken>::mint([6; 32]);
    let full = TokenAnswer {
        refresh_token: Some(refresh.clone()),
        consent_id: Some(ConsentId::new("c-1")),
        ..bare
    };
    let later = Bearer.answer(&bearer::TOKEN, &full, NOW + Duration::from_millis(1_500));
    assert_eq!(later["expires_in"], 3_598);
    assert_eq!(later["refresh_token"], refresh.expose());
    assert_eq!(later["consent_id"], "c-1");
}

#[test]
fn an_answer_survives_being_sealed_and_never_shows_its_secrets() {
    let answer = TokenAnswer {
        access_token: token(),
        refresh_token: Some(Secret::mint([6; 32])),
        issued_at: NOW,
        expires_at: NOW + Duration::from_secs(1),
        scope: scope("ais wallet"),
        consent_id: Some(ConsentId::new("c-1")),
        payment: None,
        mac_key: None,
    };
    let again = TokenAnswer::from_sealed(&answer.to_sealable()).expect("readable");
    assert_eq!(
        Bearer.answer(&bearer::TOKEN, &again, NOW),
        Bearer.answer(&bearer::TOKEN, &answer, NOW)
    );
    assert!(!format!("{answer:?}").contains(&token().expose()[6..]));
    assert!(TokenAnswer::from_sealed(b"").is_none() && TokenAnswer::from_sealed(b"{}").is_none());
}

#[test]
fn a_presented_token_is_what_its_prefix_says() {
    let of = |text: &str| {
        PresentedToken::parse(&form(&format!("token={text}&token_type_hint=nonsense")))
    };
    assert!(matches!(
        of(token().expose()),
        Ok(PresentedToken::Access(_))
    ));
    assert!(matches!(
        of(Secret::<RefreshToken>::mint([1; 32]).expose()),
        Ok(PresentedToken::Refresh(_))
    ));
    assert!(matches!(of("anything"), Ok(PresentedToken::Unknown)));
    assert_eq!(
        of("").err().map(|fault| fault.error().code),
        Some(TokenErrorCode::InvalidRequest)
    );
}

#[test]
fn an_inactive_token_tells_nothing_more() {
    assert_eq!(
        serde_json::to_value(Introspection::inactive()).ok(),
        Some(json!({"active": false}))
    );
    let active = Introspection {
        active: true,
        scope: Some(scope("ais")),
        sub: Some(Introspection::subject_of_client(&client().id)),
        ..Introspection::inactive()
    }
    .with_times(NOW, NOW + Duration::from_millis(999));
    assert_eq!(
        serde_json::to_value(active).ok(),
        Some(json!({
            "active": true, "scope": "ais", "sub": "client:shop",
            "iat": 1_795_347_727, "exp": 1_795_347_727,
        }))
    );
}

#[test]
fn metadata_names_only_what_exists() {
    let metadata = serde_json::to_value(ServerMetadata::new(ISSUER)).expect("JSON");
    assert_eq!(
        metadata,
        json!({
            "issuer": "https://id.bank.example",
            "authorization_endpoint": "https://id.bank.example/oauth/authorize",
            "token_endpoint": "https://id.bank.example/oauth/token",
            "revocation_endpoint": "https://id.bank.example/oauth/revoke",
            "introspection_endpoint": "https://id.bank.example/oauth/introspect",
            "jwks_uri": "https://id.bank.example/.well-known/jwks.json",
            "service_documentation": "https://id.bank.example/developers",
            "scopes_supported": ["ais", "transferFunds", "wallet"],
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
            "revocation_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
            "introspection_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": true,
            "request_parameter_supported": false,
            "request_uri_parameter_supported": false,
            "ui_locales_supported": ["en", "lt", "ru"],
            "authorization_details_types_supported": ["payment_initiation"],
        })
    );
    // Each door of the standard dialect is in it.
    for door in Bearer.doors() {
        assert!(
            metadata
                .to_string()
                .contains(&format!("{ISSUER}{}\"", door.path)),
            "{}",
            door.path
        );
    }
}

#[test]
fn every_dialect_is_found_by_its_name() {
    for known in ALL {
        assert_eq!(
            dialect(known.name()).map(|found| found.token_type()),
            Some(known.token_type())
        );
    }
}
