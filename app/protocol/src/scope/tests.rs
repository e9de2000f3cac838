//! The grammar, the order, and what comes with what.

use super::*;

fn scope(text: &str) -> Scope {
    Scope::parse(text).unwrap_or_default()
}

#[test]
fn the_grammar_of_rfc_6749_3_3_is_followed_character_by_character() {
    for code in 0..=0x2ff_u32 {
        let Some(character) = char::from_u32(code) else {
            continue;
        };
        let allowed = matches!(code, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
        assert_eq!(
            ScopeToken::parse(&character.to_string()).is_ok(),
            allowed,
            "U+{code:04X}"
        );
    }
}

#[test]
fn scopes_are_sets_with_one_spelling() {
    assert_eq!(scope("wallet ais wallet").to_string(), "ais wallet");
    assert_eq!(scope("a b"), scope("b a"));
    assert_eq!(Scope::parse(""), Ok(Scope::default()));
    for text in [" ", " a", "a ", "a  b"] {
        assert_eq!(Scope::parse(text), Err(ScopeFault::EmptyToken), "{text:?}");
    }
    assert_eq!(Scope::parse("a\tb"), Err(ScopeFault::ForbiddenCharacter));
}

#[test]
fn case_matters() {
    assert!(!scope("Wallet").is_within(&scope("wallet")));
    assert_eq!(scope("AIS").permissions().count(), 0);
}

#[test]
fn a_consent_of_account_information_comes_with_ais_and_only_with_it() {
    let registered = scope("ais wallet");
    let permits =
        |text: &str| ScopeToken::parse(text).is_ok_and(|token| registered.permits(&token));
    assert!(permits("ais") && permits("wallet") && permits("AIS:c-1"));
    assert!(!permits("AIS:") && !permits("AIS") && !permits("transferFunds"));
    let wallet = scope("wallet");
    assert!(ScopeToken::parse("AIS:c-1").is_ok_and(|token| !wallet.permits(&token)));
}

#[test]
fn a_pending_transfer_comes_with_transfer_funds_and_only_with_it() {
    let permits = |registered: &str, text: &str| {
        ScopeToken::parse(text).is_ok_and(|token| scope(registered).permits(&token))
    };
    assert!(permits("transferFunds wallet", "transferFunds:t-1"));
    assert!(!permits("ais wallet", "transferFunds:t-1"));
    assert!(!permits("transferFunds", "transferFunds:") && !permits("transferFunds", "AIS:c-1"));
    // One transfer of many is less than all of them, in both directions.
    assert!(!scope("transferFunds:t-1").allows(&Permission::TransferFunds));
    assert!(!scope("transferFunds:t-1").is_within(&scope("transferFunds")));
    let named: Vec<_> = scope("wallet transferFunds transferFunds:t-1")
        .pending_transfers()
        .collect();
    assert_eq!(named, [TransferId::new("t-1")]);
    assert_eq!(
        scope("transferFunds:t-1").clusters(None),
        [Cluster::MoveMoney]
    );
}

#[test]
fn permissions_and_tokens_translate_both_ways() {
    let named = ["AIS:consent-7", "transferFunds:transfer-7"];
    for text in Permission::OFFERED.into_iter().chain(named) {
        let token = ScopeToken::parse(text).ok();
        let permission = token.as_ref().and_then(Permission::of);
        assert_eq!(permission.map(|permission| permission.token()), token);
    }
}

#[test]
fn the_lists_of_the_consent_page_come_from_the_scope() {
    assert_eq!(
        scope("ais AIS:c-1").clusters(None),
        [
            Cluster::AccountDetails,
            Cluster::AccountBalances,
            Cluster::AccountTransactions
        ]
    );
    assert_eq!(
        scope("wallet").cannot(),
        [
            Cannot::MoveMoney,
            Cannot::SeePassword,
            Cannot::ChangeSettings
        ]
    );
    assert_eq!(
        scope("transferFunds").cannot(),
        [
            Cannot::SeeBalance,
            Cannot::SeeTransactions,
            Cannot::SeePassword,
            Cannot::ChangeSettings
        ]
    );
}
