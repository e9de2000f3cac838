//! What holds for every input: parsing never panics, what is accepted means the same to others, and
//! what we write we read back.

use std::collections::BTreeSet;

use proptest::{prelude::*, test_runner::TestRunner};
use protocol::{
    client::Environment,
    form::{FormFault, MOST_PARAMETERS, RawForm},
    iban::Iban,
    money::{Currency, Money},
    payment::parse_authorization_details,
    pkce::{CodeChallenge, CodeVerifier},
    redirect_uri::{RegisteredRedirectUri, explain},
    sca::Typed,
    scope::{Scope, ScopeToken},
    secret::{AccessToken, Secret},
    text::shown,
    time::Timestamp,
};
use url::Url;

use crate::fixtures::*;

/// Texts around the grammar of addresses: near enough that about a third is accepted.
fn near_address() -> impl Strategy<Value = String> {
    let scheme = prop_oneof![
        4 => Just("https"),
        1 => Just("http"),
        1 => Just("com.example.app"),
        1 => Just("a+b-c.d"),
        1 => Just("HTTPS"),
        1 => Just("myapp"),
    ];
    let separator =
        prop_oneof![12 => Just("://"), 1 => Just(":"), 1 => Just(":/"), 1 => Just(":///")];
    let user = prop_oneof![12 => Just(""), 1 => Just("me@"), 1 => Just("@")];
    let host = prop_oneof![
        4 => "[a-zA-Z0-9_-]{1,8}(\\.[a-zA-Z0-9-]{1,8}){0,3}",
        1 => "[0-9a-fx.]{1,12}",
        1 => "([0-9]{1,3}\\.){3}[0-9]{1,3}",
        1 => "\\[[0-9a-f:]{1,12}\\]",
        1 => Just("127.0.0.1".to_owned()),
        1 => Just("[::1]".to_owned()),
    ];
    let rest = prop_oneof![
        3 => "(:[1-9][0-9]{0,3})?(/[a-zA-Z0-9._~!$&'()+,;=:@-]{0,8}){0,3}(\\?[a-z=&'/?]{0,8})?",
        1 => "(:[0-9]{0,6})?(/[a-z.%0-9\\\\ ]{0,6}){0,3}(\\?[a-z%\\[]{0,6})?(#[a-z]{0,2})?",
    ];
    (scheme, separator, user, host, rest).prop_map(|(scheme, separator, user, host, rest)| {
        format!("{scheme}{separator}{user}{host}{rest}")
    })
}

/// An address and the same with one character put in, taken out or replaced.
fn address_and_variant() -> impl Strategy<Value = (String, String)> {
    let change = (any::<prop::sample::Index>(), 0_u8..3, "[ -~]");
    (near_address(), change).prop_map(|(text, (at, kind, character))| {
        let at = at.index(text.len());
        let (before, after) = text.split_at(at);
        let variant = match kind {
            0 => format!("{before}{character}{after}"),
            1 => format!("{before}{}", &after[1..]),
            _ => format!("{before}{character}{}", &after[1..]),
        };
        (text, variant)
    })
}

/// The properties of addresses say something only if enough addresses are accepted.
#[test]
fn the_generated_addresses_are_near_enough() {
    let mut runner = TestRunner::new(cases(400));
    let accepted = std::cell::Cell::new(0);
    let outcome = runner.run(&near_address(), |text| {
        accepted.set(
            accepted.get()
                + usize::from(RegisteredRedirectUri::parse(&text, Environment::Live).is_ok()),
        );
        Ok(())
    });
    assert_eq!(outcome, Ok(()));
    assert!(
        (100..300).contains(&accepted.get()),
        "{} of 400",
        accepted.get()
    );
}

proptest! {
    #![proptest_config(cases(400))]

    /// What can be registered reads the same to a browser: same scheme, host and port, nobody's
    /// name, no fragment, and nothing about it changes where the person lands.
    #[test]
    fn a_browser_reads_a_registered_address_as_we_do(text in near_address()) {
        let Ok(registered) = RegisteredRedirectUri::parse(&text, Environment::Live) else { return Ok(()) };
        let trusted = registered.matches(&text).expect("an address matches itself");
        let url = match Url::parse(&text) {
            Ok(url) => url,
            // The one thing that we leave to the browser: whether a xn-- label decodes.
            Err(_) if text.to_ascii_lowercase().contains("xn--") => return Ok(()),
            Err(fault) => panic!("{text}: {fault}"),
        };
        prop_assert_eq!(url.username(), "");
        prop_assert_eq!(url.password(), None);
        prop_assert_eq!(url.fragment(), None);
        if trusted.is_app_scheme() {
            prop_assert_eq!(trusted.origin(), format!("{}:", url.scheme()));
        } else {
            prop_assert!(url.scheme() == "https" || (url.scheme() == "http" && registered.is_loopback()));
            if !trusted.host().starts_with('[') {
                prop_assert_eq!(url.host_str().map(str::to_owned), Some(trusted.host().to_ascii_lowercase()));
                let ours = Url::parse(&trusted.origin()).expect("an origin");
                prop_assert_eq!(ours.origin(), url.origin());
            }
        }
    }

    /// Only the address itself is trusted, unless it is a native app's and only the port differs.
    #[test]
    fn only_the_registered_address_is_trusted((text, requested) in address_and_variant()) {
        let Ok(registered) = RegisteredRedirectUri::parse(&text, Environment::Live) else { return Ok(()) };
        if let Some(trusted) = registered.matches(&requested) {
            prop_assert_eq!(trusted.as_str(), requested.as_str());
            let without_port = |text: &str| text.replace(|character: char| character.is_ascii_digit() || character == ':', "");
            let only_the_port = registered.is_loopback() && without_port(&text) == without_port(&requested);
            prop_assert!(text == requested || only_the_port, "{} {}", text, requested);
        }
    }

    /// What is added to an address is read back by the other side, and nothing before it changed.
    #[test]
    fn added_parameters_are_read_back(text in near_address(), name in "\\PC{1,8}", value in "\\PC{0,16}") {
        let Ok(registered) = RegisteredRedirectUri::parse(&text, Environment::Live) else { return Ok(()) };
        let trusted = registered.matches(&text).expect("an address matches itself");
        let with = trusted.with(&[(&name, &value)]);
        prop_assert!(with.starts_with(&text));
        prop_assert!(with.is_ascii() && !with.contains('#'));
        let (_, query) = with.split_once('?').expect("a query");
        let last = query.rsplit('&').next().unwrap_or_default();
        let form = RawForm::parse(last.as_bytes()).expect("a form");
        prop_assert_eq!(form.one(&name), Ok((!value.is_empty()).then_some(value.as_str())));
    }

    /// Explaining is total: any requested text, never a panic, never too much.
    #[test]
    fn every_wrong_address_is_explained(registered in near_address(), requested in any::<String>()) {
        let Ok(registered) = RegisteredRedirectUri::parse(&registered, Environment::Live) else { return Ok(()) };
        let matches = registered.matches(&requested).is_some();
        let explanation = explain(std::slice::from_ref(&registered), &requested);
        prop_assert_eq!(explanation.is_none(), matches);
        prop_assert!(explanation.is_none_or(|explanation| explanation.differences.len() <= 7));
    }

    /// A scope is accepted exactly when it follows the grammar, and is a set.
    #[test]
    fn scopes_follow_the_grammar(text in prop_oneof!["[ -~]{0,24}", "[a-c ]{0,12}", any::<String>()]) {
        let grammar = |token: &str| {
            !token.is_empty() && token.bytes().all(|b| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e))
        };
        let expected = text.is_empty() || text.split(' ').all(grammar);
        let parsed = Scope::parse(&text);
        prop_assert_eq!(parsed.is_ok(), expected);
        if let Ok(scope) = parsed {
            let tokens: BTreeSet<&str> = text.split(' ').filter(|token| !token.is_empty()).collect();
            prop_assert_eq!(scope.len(), tokens.len());
            prop_assert_eq!(scope.to_string().parse(), Ok(scope));
        }
    }

    /// Inclusion is an order.
    #[test]
    fn scopes_are_ordered_by_inclusion(
        left in prop::collection::btree_set("[a-d]", 0..4),
        right in prop::collection::btree_set("[a-d]", 0..4),
    ) {
        let scope = |tokens: &BTreeSet<String>| {
            tokens.iter().map(|token| ScopeToken::parse(token).expect("a token")).collect::<Scope>()
        };
        let (left_scope, right_scope) = (scope(&left), scope(&right));
        prop_assert_eq!(left_scope.is_within(&right_scope), left.is_subset(&right));
        prop_assert_eq!(left_scope <= right_scope, left.is_subset(&right));
        prop_assert_eq!(left_scope == right_scope, left == right);
    }

    /// Any bytes are either read or refused.
    #[test]
    fn forms_never_panic(bytes in prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200),
        "[a-b=&%+0-9f]{0,60}".prop_map(String::into_bytes),
    ]) {
        let pairs = bytes.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()).count();
        match RawForm::parse(&bytes) {
            Ok(form) => {
                prop_assert!(pairs <= MOST_PARAMETERS);
                let _accepted_or_not = check(&form, &client());
            }
            Err(FormFault::TooManyParameters) => prop_assert!(pairs > MOST_PARAMETERS),
            Err(FormFault::PercentEncoding) => prop_assert!(bytes.contains(&b'%')),
            Err(FormFault::Utf8) => {}
        }
    }

    /// What a standard library encodes, we decode.
    #[test]
    fn forms_are_read_as_others_write_them(pairs in prop::collection::vec(("[a-z]{1,3}", any::<String>()), 0..8)) {
        let encoded = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&pairs).finish();
        let form = RawForm::parse(encoded.as_bytes()).expect("readable");
        for (name, _) in &pairs {
            let expected: Vec<&str> =
                pairs.iter().filter(|(n, v)| n == name && !v.is_empty()).map(|(_, v)| v.as_str()).collect();
            prop_assert_eq!(form.many(name).collect::<Vec<_>>(), expected);
            let times = pairs.iter().filter(|(n, _)| n == name).count();
            prop_assert_eq!(form.one(name).is_err(), times > 1);
        }
    }

    /// A verifier belongs to its own challenge and to no other.
    #[test]
    fn pkce_pairs_belong_together(left in "[A-Za-z0-9._~-]{43,128}", right in "[A-Za-z0-9._~-]{43,128}") {
        let left_verifier = CodeVerifier::parse(&left).expect("a verifier");
        let challenge = CodeVerifier::parse(&right).expect("a verifier").challenge();
        prop_assert_eq!(left_verifier.verify(&challenge), left == right);
        let text = challenge.to_string();
        prop_assert_eq!(text.len(), 43);
        prop_assert_eq!(CodeChallenge::parse(&text), Ok(challenge));
    }

    /// Only what follows the grammars of RFC 7636 is read.
    #[test]
    fn pkce_texts_follow_the_grammar(text in prop_oneof!["[A-Za-z0-9._~+/=-]{40,46}", any::<String>()]) {
        let unreserved = text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b));
        prop_assert_eq!(CodeVerifier::parse(&text).is_ok(), unreserved && (43..=128).contains(&text.len()));
        if let Ok(challenge) = CodeChallenge::parse(&text) {
            prop_assert_eq!(challenge.to_string(), text);
        }
    }

    /// Amounts are read back exactly, in every currency.
    #[test]
    fn money_is_exact(minor in -Money::LARGEST_MINOR..=Money::LARGEST_MINOR, code in prop_oneof!["EUR", "JPY", "KWD"]) {
        let currency = Currency::parse(&code).expect("a currency");
        let money = Money::new(minor, currency);
        prop_assert_eq!(Money::parse_decimal(&money.to_decimal(), currency), Ok(money));
    }

    /// Secrets are read back, and typing anything else is noticed.
    #[test]
    fn minted_secrets_are_read_back(entropy in any::<[u8; 32]>(), other in any::<String>()) {
        let secret = Secret::<AccessToken>::mint(entropy);
        prop_assert!(Secret::<AccessToken>::parse(secret.expose()).is_some());
        prop_assert!(Secret::<AccessToken>::parse(&other).is_none());
    }

    /// Nothing that people or programs send can break a parser.
    #[test]
    fn parsers_are_total(text in any::<String>(), millis in any::<i64>()) {
        let _typed = Typed::read(&text);
        if let Ok(iban) = Iban::parse(&text) {
            prop_assert_eq!(Iban::parse(&iban.groups()), Ok(iban));
        }
        prop_assert!(parse_authorization_details(&text).is_err());
        prop_assert!(shown(&text).chars().all(|c| !c.is_control()));
        prop_assert!(!Timestamp::from_millis(millis).to_string().is_empty());
    }
}
