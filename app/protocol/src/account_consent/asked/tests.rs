use super::*;

const IBAN: &str = "LT121000011101001000";

fn today() -> Date {
    "2026-11-22".parse().unwrap()
}

/// A body that is in order, with something changed.
fn body(change: impl FnOnce(&mut Map<String, Value>)) -> Vec<u8> {
    let mut body = json!({
        "access": { "balances": [{ "iban": IBAN }], "transactions": [{ "iban": IBAN, "currency": "EUR" }] },
        "recurringIndicator": true, "validUntil": "2027-01-31", "frequencyPerDay": 2,
        "combinedServiceIndicator": false
    });
    change(body.as_object_mut().unwrap());
    serde_json::to_vec(&body).unwrap()
}

fn refused(change: impl FnOnce(&mut Map<String, Value>)) -> (FaultKind, String) {
    let fault = NewConsent::parse(&body(change), today()).unwrap_err();
    (fault.kind, fault.path)
}

fn access(access: Value) -> Result<AskedAccess, RequestFault> {
    AskedAccess::parse(Some(&access))
}

#[test]
fn a_request_in_order_is_read_and_shown_as_it_was_sent() {
    let asked = NewConsent::parse(&body(|_| {}), today()).unwrap();
    assert!(asked.recurring);
    assert_eq!(asked.valid_until.to_string(), "2027-01-31");
    assert_eq!(asked.frequency_per_day, 2);
    let sent = json!({ "balances": [{ "iban": IBAN }], "transactions": [{ "iban": IBAN, "currency": "EUR" }] });
    assert_eq!(asked.access.to_wire(), sent);
    assert_eq!(access(sent).unwrap(), asked.access);
}

#[test]
fn every_member_is_checked_and_named() {
    use FaultKind::{Format, Period, Sessions};
    type Change = fn(&mut Map<String, Value>);
    let table: &[(Change, FaultKind, &str)] = &[
        (|b| drop(b.remove("access")), Format, "access"),
        (
            |b| drop(b.insert("access".into(), json!([]))),
            Format,
            "access",
        ),
        (
            |b| drop(b.remove("recurringIndicator")),
            Format,
            "recurringIndicator",
        ),
        (
            |b| drop(b.insert("recurringIndicator".into(), json!("true"))),
            Format,
            "recurringIndicator",
        ),
        (|b| drop(b.remove("validUntil")), Format, "validUntil"),
        (
            |b| drop(b.insert("validUntil".into(), json!("31.01.2027"))),
            Format,
            "validUntil",
        ),
        (
            |b| drop(b.insert("validUntil".into(), json!("2027-02-30"))),
            Format,
            "validUntil",
        ),
        (
            |b| drop(b.insert("validUntil".into(), json!("2026-11-21"))),
            Period,
            "validUntil",
        ),
        (
            |b| drop(b.remove("frequencyPerDay")),
            Format,
            "frequencyPerDay",
        ),
        (
            |b| drop(b.insert("frequencyPerDay".into(), json!(0))),
            Format,
            "frequencyPerDay",
        ),
        (
            |b| drop(b.insert("frequencyPerDay".into(), json!(1.5))),
            Format,
            "frequencyPerDay",
        ),
        (
            |b| drop(b.insert("frequencyPerDay".into(), json!("4"))),
            Format,
            "frequencyPerDay",
        ),
        (
            |b| drop(b.insert("recurringIndicator".into(), json!(false))),
            Format,
            "frequencyPerDay",
        ),
        (
            |b| drop(b.insert("combinedServiceIndicator".into(), json!(1))),
            Format,
            "combinedServiceIndicator",
        ),
        (
            |b| drop(b.insert("combinedServiceIndicator".into(), json!(true))),
            Sessions,
            "combinedServiceIndicator",
        ),
    ];
    for (at, (change, kind, path)) in table.iter().enumerate() {
        assert_eq!(refused(change), (*kind, (*path).to_owned()), "row {at}");
    }
    for text in [&b""[..], b"{", b"[]", b"null", b"\xff"] {
        let fault = NewConsent::parse(text, today()).unwrap_err();
        assert_eq!((fault.kind, fault.path.as_str()), (Format, "body"));
    }
}

#[test]
fn access_is_understood_whole_or_not_at_all() {
    for (wrong, path) in [
        (json!({}), "access"),
        (
            json!({ "accounts": [{ "iban": IBAN }], "balances": [] }),
            "access",
        ),
        (
            json!({ "allPsd2": "allAccounts", "balances": [] }),
            "access",
        ),
        (
            json!({ "allPsd2": "allAccounts", "availableAccounts": "allAccounts" }),
            "access",
        ),
        (
            json!({ "allPsd2": "allAccountsWithOwnerName" }),
            "access.allPsd2",
        ),
        (
            json!({ "availableAccounts": true }),
            "access.availableAccounts",
        ),
        (json!({ "restrictedTo": ["CACC"] }), "access.restrictedTo"),
        (json!({ "balances": { "iban": IBAN } }), "access.balances"),
        (json!({ "balances": [IBAN] }), "access.balances[0]"),
        (
            json!({ "balances": [{ "iban": IBAN }, { "iban": "LT00" }] }),
            "access.balances[1].iban",
        ),
        (
            json!({ "balances": [{ "currency": "EUR" }] }),
            "access.balances[0].iban",
        ),
        (
            json!({ "balances": [{ "iban": IBAN, "currency": "euro" }] }),
            "access.balances[0].currency",
        ),
        (
            json!({ "balances": [{ "pan": "5409050000000000" }] }),
            "access.balances[0].pan",
        ),
        (
            json!({ "balances": vec![json!({ "iban": IBAN }); 51] }),
            "access.balances",
        ),
    ] {
        let fault = access(wrong.clone()).expect_err("refused");
        assert_eq!(
            (fault.kind, fault.path.as_str()),
            (FaultKind::Format, path),
            "{wrong}"
        );
    }
}

#[test]
fn no_more_than_the_law_allows_is_written_down() {
    let often = body(|b| drop(b.insert("frequencyPerDay".into(), json!(1_000))));
    let asked = NewConsent::parse(&often, today()).unwrap();
    assert_eq!(asked.frequency_per_day, MOST_PER_DAY);
    let today_only = body(|b| drop(b.insert("validUntil".into(), json!("2026-11-22"))));
    assert!(
        NewConsent::parse(&today_only, today()).is_ok(),
        "the last day counts"
    );
}

#[test]
fn each_account_has_the_rights_of_the_lists_it_stands_in() {
    let other: Iban = Iban::parse("DE89370400440532013000").unwrap();
    let (iban, eur, pln) = (Iban::parse(IBAN).unwrap(), Currency::EUR, Currency::PLN);
    let rights = |balances, transactions| {
        Some(Rights {
            balances,
            transactions,
        })
    };
    let named = access(json!({
        "accounts": [{ "iban": IBAN }], "balances": [{ "iban": IBAN, "currency": "EUR" }],
    }))
    .unwrap();
    assert!(!named.person_picks());
    assert_eq!(named.rights_to(&iban, eur), rights(true, false));
    assert_eq!(named.rights_to(&iban, pln), rights(false, false));
    assert_eq!(named.rights_to(&other, eur), None);
    let all = Rights {
        balances: true,
        transactions: false,
    };
    assert_eq!(
        named.rights_to_any([(&iban, eur), (&iban, pln), (&other, eur)]),
        all
    );

    let picked = access(json!({ "accounts": [], "transactions": [] })).unwrap();
    assert!(picked.person_picks());
    assert_eq!(picked.rights_to(&other, eur), rights(false, true));
    for (member, expected) in [
        ("availableAccounts", rights(false, false)),
        ("availableAccountsWithBalance", rights(true, false)),
        ("allPsd2", rights(true, true)),
    ] {
        let all = access(json!({ member: "allAccounts" })).unwrap();
        assert!(!all.person_picks());
        assert_eq!(all.rights_to(&other, eur), expected, "{member}");
        assert_eq!(access(all.to_wire()).unwrap(), all);
    }
}
