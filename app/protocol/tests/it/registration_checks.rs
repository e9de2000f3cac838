//! What is found before a person looks.

use std::time::Duration;

use proptest::prelude::*;
use protocol::{
    ids::UserId,
    registration::{
        LicenceKind, Purpose, Risk, RiskLevel, RiskReason,
        checks::{
            CheckKind, CheckOutcome, CheckResult, GIVE_UP_AFTER, Override, local, open_checks,
            retry_after,
        },
        domain_proof::{ProofFound, ProofToken},
        hygiene::{HygieneKind, is_within, warnings},
        licence::unlicensed,
        purpose_rules::{PurposeRemark, remarks},
        review::Reason,
        similarity::{Likeness, Skeleton, is_mixed_script, looks_like},
    },
    scope::Permission,
};
use url::Url;

use crate::{
    fixtures::*,
    registration::{submission_with, typed_with},
};

fn kinds(addresses: &[&str], domain: &str) -> Vec<(HygieneKind, String)> {
    let addresses: Vec<_> = addresses
        .iter()
        .map(|address| registered(address))
        .collect();
    let found = warnings(&addresses, domain);
    let of = |kind, other: Option<String>| (kind, other.unwrap_or_default());
    found
        .into_iter()
        .map(|warning| of(warning.kind, warning.other))
        .collect()
}

#[test]
fn addresses_that_will_cause_trouble_are_remarked_on() {
    let of = |address: &str| kinds(&[address], "shop.example");
    assert_eq!(of("https://shop.example/cb"), []);
    assert_eq!(of("https://app.shop.example/cb"), []);
    assert_eq!(of("http://127.0.0.1/cb"), []);
    assert_eq!(of("example.shop:/cb"), []);
    assert_eq!(of("example.shop.app:/cb"), []);
    let empty = String::new;
    assert_eq!(
        of("https://shop.example/cb?tenant=1"),
        [(HygieneKind::Query, empty())]
    );
    assert_eq!(
        of("https://shop.example:443/cb"),
        [(HygieneKind::DefaultPort, empty())]
    );
    assert_eq!(
        of("https://Shop.example/cb"),
        [(HygieneKind::UppercaseHost, empty())]
    );
    let domain = || "shop.example".to_owned();
    assert_eq!(
        of("https://myshop.example/cb"),
        [(HygieneKind::ForeignHost, domain())]
    );
    assert_eq!(
        of("https://shop.example.evil.example/cb"),
        [(HygieneKind::ForeignHost, domain())]
    );
    assert_eq!(
        of("com.other.app:/cb"),
        [(HygieneKind::ForeignScheme, domain())]
    );
    assert_eq!(
        kinds(&["https://xn--algiris-cxb.lt/"], "xn--algiris-cxb.lt"),
        [(HygieneKind::InternationalHost, "žalgiris.lt".to_owned())]
    );
}

#[test]
fn twins_are_found() {
    let slash = "https://shop.example/cb".to_owned();
    let pair = ["https://shop.example/cb", "https://shop.example/cb/"];
    assert_eq!(
        kinds(&pair, "shop.example"),
        [(HygieneKind::TrailingSlashTwin, slash.clone())]
    );
    let pair = ["https://shop.example/cb", "https://www.shop.example/cb"];
    assert_eq!(
        kinds(&pair, "shop.example"),
        [(HygieneKind::WwwTwin, slash)]
    );
    let others = [
        "https://shop.example/cb",
        "https://shop.example/cb2",
        "https://a.shop.example/cb",
    ];
    assert_eq!(kinds(&others, "shop.example"), []);
}

#[test]
fn permissions_need_their_licences() {
    let table = [
        (LicenceKind::None, "ais transferFunds"),
        (LicenceKind::Aisp, "transferFunds"),
        (LicenceKind::Pisp, "ais"),
        (LicenceKind::Emi, "ais"),
        (LicenceKind::Bank, ""),
    ];
    for (held, lacking) in table {
        let all = scope(&Permission::OFFERED.join(" "));
        let found: protocol::scope::Scope = unlicensed(&all, held).into_iter().collect();
        assert_eq!(found, scope(lacking), "{held}");
        assert_eq!(unlicensed(&scope("wallet"), held), []);
    }
}

#[test]
fn purpose_and_scope_must_speak_of_the_same() {
    let of = |english: &str, lithuanian: &str, asked: &str| {
        let form = typed_with(&[("purpose_en", english), ("purpose_lt", lithuanian)]);
        remarks(&Purpose::parse(&form).expect("no faults"), &scope(asked))
    };
    let budget = "Shows what you spend from your accounts";
    assert_eq!(of(budget, "", "ais"), []);
    assert_eq!(
        of(budget, "", "ais transferFunds"),
        [PurposeRemark::SilentOnPayments]
    );
    let checkout = "Lets you pay for what you buy in our shop";
    assert_eq!(of(checkout, "", "transferFunds"), []);
    assert_eq!(
        of(checkout, "", "wallet"),
        [
            PurposeRemark::PromisesPayments,
            PurposeRemark::SilentOnAccounts
        ]
    );
    // A stem stands at the beginning of a word: a taxpayer need not pay with this app.
    let taxes = "Helps every taxpayer to fill in the yearly declaration";
    assert_eq!(
        of(taxes, "", "transferFunds"),
        [PurposeRemark::SilentOnPayments]
    );
    // What the English sentence says, the Lithuanian one must not hide.
    let silent = "Padeda gyventi lengviau ir gražiau kasdien";
    assert_eq!(of(budget, silent, "ais"), [PurposeRemark::SilentOnAccounts]);
    assert_eq!(
        of(
            "Pays your bills from your accounts at home",
            "",
            "ais transferFunds wallet"
        ),
        [PurposeRemark::AsksForEverything]
    );
}

#[test]
fn names_that_look_alike_are_found() {
    let same = [
        ("PayPal", "paypal"),
        ("PayPal", "PaypaI"),
        ("PayPal", "Pay-Pal!"),
        ("Paypal", "Раураl"),
        ("PAYSERA", "РАУЅЕRА"),
        ("Visa", "νisa"),
        ("Biudžetas", "Biudzetas"),
        ("Łódź Bank", "LODZ BANK"),
        ("Google", "G00gle"),
        ("Bill", "B1ll"),
        ("Modern", "Modem"),
        ("Кошелёк", "КОШЕЛЕК"),
        ("Shop", "S\u{301}h o p"),
    ];
    for (left, right) in same {
        assert_eq!(
            looks_like(left, right),
            Some(Likeness::Same),
            "{left} {right}"
        );
    }
    let near = [
        ("Budgetly", "Budgetl"),
        ("Budgetly", "Budgettly"),
        ("Budgetly", "Budegtly"),
        ("Budgetly", "Budgetsy"),
    ];
    for (left, right) in near {
        assert_eq!(
            looks_like(left, right),
            Some(Likeness::Near),
            "{left} {right}"
        );
    }
    for (left, right) in [
        ("Cash", "Dash"),
        ("Budgetly", "Budget"),
        ("Wallet", "Ballot"),
        ("!!!", "???"),
        ("", ""),
    ] {
        assert_eq!(looks_like(left, right), None, "{left} {right}");
    }
}

#[test]
fn names_of_mixed_alphabets_are_flagged() {
    for name in ["Pаypal", "Вank", "Ρaysera"] {
        assert!(is_mixed_script(name), "{name}");
    }
    for name in [
        "Paypal",
        "Žalgiris 2",
        "Кошелёк",
        "Кошелёк Paysera",
        "東京タワー",
        "Τράπεζα",
        "e\u{301}toile",
        "",
        "42!",
    ] {
        assert!(!is_mixed_script(name), "{name}");
    }
}

#[test]
fn a_domain_is_proved_by_its_record_and_nothing_else() {
    let token = ProofToken::from_entropy([7; 26]);
    let other = ProofToken::from_entropy([8; 26]);
    assert_eq!(token.as_str().len(), 26);
    let record = token.record();
    assert_eq!(
        record,
        format!("countersign-verification={}", token.as_str())
    );
    let spf = "v=spf1 -all".to_owned();
    let quoted = format!("\"{record}\"");
    let table: [(&[&String], ProofFound); 6] = [
        (&[], ProofFound::Nothing),
        (&[&spf], ProofFound::Nothing),
        (&[&spf, &other.record()], ProofFound::OtherToken),
        (&[&other.record(), &spf, &record], ProofFound::Expected),
        (&[&quoted], ProofFound::Expected),
        (&[&format!("{record}x")], ProofFound::OtherToken),
    ];
    for (values, found) in table {
        assert_eq!(token.in_txt(values), found, "{values:?}");
    }
    for (content, found) in [
        (record.clone(), ProofFound::Expected),
        (format!("\u{feff}{record}\r\n"), ProofFound::Expected),
        (other.record(), ProofFound::OtherToken),
        (format!("A guest wrote: {record}"), ProofFound::Nothing),
        (format!("{record}\nand more"), ProofFound::OtherToken),
        (format!("<p>\n{record}"), ProofFound::Nothing),
        (String::new(), ProofFound::Nothing),
    ] {
        assert_eq!(token.in_file(&content), found, "{content}");
    }
}

#[test]
fn checks_are_tried_again_soon_then_daily_for_a_week() {
    let minutes = |minutes: u64| Some(Duration::from_secs(minutes * 60));
    let first: Vec<_> = (0..=6).map(retry_after).collect();
    let day = minutes(24 * 60);
    assert_eq!(
        first,
        [
            None,
            minutes(1),
            minutes(5),
            minutes(30),
            minutes(120),
            minutes(360),
            day
        ]
    );
    let all: Vec<Duration> = (1..).map_while(retry_after).collect();
    let total: Duration = all.iter().sum();
    assert!(total <= GIVE_UP_AFTER && total + Duration::from_secs(86_400) > GIVE_UP_AFTER);
    assert_eq!(retry_after(u32::MAX), None);

    let proof = CheckKind::DomainProof;
    assert_eq!(proof.look_again(CheckOutcome::Fail, 1), minutes(1));
    assert_eq!(proof.look_again(CheckOutcome::Unreachable, 2), minutes(5));
    assert_eq!(proof.look_again(CheckOutcome::Pass, 1), None);
    assert_eq!(
        CheckKind::ScopeLicence.look_again(CheckOutcome::Fail, 1),
        None
    );
}

#[test]
fn checks_that_ask_nobody_are_worked_out() {
    let submission = submission_with(&[]);
    let nobody: [&str; 0] = [];
    for kind in CheckKind::ALL {
        let found = local(*kind, &submission, &nobody);
        assert_eq!(found.is_none(), kind.is_remote(), "{kind}");
        if let Some((outcome, findings)) = found {
            assert_eq!((outcome, findings.len()), (CheckOutcome::Pass, 0), "{kind}");
        }
    }
    let bad = submission_with(&[
        ("scope", "transferFunds"),
        ("app_name", "Вiudžetas"),
        ("redirect_uri", "https://elsewhere.example/"),
    ]);
    let of = |kind| {
        let (outcome, findings) = local(kind, &bad, &["Biudžetas", "Unlike"]).expect("local");
        let keys: Vec<String> = findings.into_iter().map(|finding| finding.key).collect();
        (outcome, keys.join(" "))
    };
    let expect = |outcome, keys: &str| (outcome, keys.to_owned());
    assert_eq!(
        of(CheckKind::CallbackHygiene),
        expect(CheckOutcome::Warn, "hygiene-foreign-host")
    );
    assert_eq!(
        of(CheckKind::NameSimilarity),
        expect(CheckOutcome::Fail, "name-mixed-script name-same")
    );
    assert_eq!(
        of(CheckKind::ScopeLicence),
        expect(CheckOutcome::Fail, "scope-unlicensed")
    );
    assert_eq!(
        of(CheckKind::ScopePurpose),
        expect(CheckOutcome::Warn, "purpose-silent-on-payments")
    );
}

fn result(kind: CheckKind, outcome: CheckOutcome) -> CheckResult {
    CheckResult {
        kind,
        outcome,
        overridden: None,
    }
}

fn overridden(kind: CheckKind, outcome: CheckOutcome) -> CheckResult {
    let overridden = Override {
        by: UserId::new("rita"),
        reason: Reason::parse("The register was asked by telephone.").expect("a reason"),
        at: NOW,
    };
    CheckResult {
        overridden: Some(overridden),
        ..result(kind, outcome)
    }
}

#[test]
fn mandatory_checks_stay_open_until_green_or_overridden() {
    assert_eq!(open_checks(&[]).len(), 5);
    let all = |outcome| {
        CheckKind::ALL
            .iter()
            .map(move |kind| result(*kind, outcome))
    };
    for (outcome, open) in [
        (CheckOutcome::Pass, 0),
        (CheckOutcome::Warn, 0),
        (CheckOutcome::Fail, 5),
        (CheckOutcome::Pending, 5),
        (CheckOutcome::Unreachable, 5),
    ] {
        assert_eq!(
            open_checks(&all(outcome).collect::<Vec<_>>()).len(),
            open,
            "{outcome}"
        );
    }
    let mut checks: Vec<_> = all(CheckOutcome::Pass).collect();
    checks[0] = overridden(CheckKind::DomainProof, CheckOutcome::Unreachable);
    assert_eq!(open_checks(&checks), []);
    // Two results of one kind: both count.
    checks.push(result(CheckKind::WebsiteTls, CheckOutcome::Fail));
    assert_eq!(open_checks(&checks), [CheckKind::WebsiteTls]);
}

#[test]
fn risk_has_its_reasons() {
    let of = |asked: &str, checks: &[CheckResult], new| Risk::of(&scope(asked), checks, new);
    assert_eq!(of("ais", &[], false).level(), RiskLevel::Normal);
    let new = of("ais", &[], true);
    assert_eq!((new.level(), new.needs_two()), (RiskLevel::Raised, false));
    let high = |asked: &str, check: CheckResult, reason: RiskReason| {
        let risk = of(asked, &[check], false);
        assert_eq!(
            (risk.reasons.as_slice(), risk.needs_two()),
            ([reason].as_slice(), true)
        );
    };
    let fail = CheckOutcome::Fail;
    high(
        "transferFunds",
        result(CheckKind::ScopeLicence, CheckOutcome::Pass),
        RiskReason::MovesMoney,
    );
    high(
        "ais",
        overridden(CheckKind::ScopeLicence, fail),
        RiskReason::LicenceOverridden,
    );
    high(
        "ais",
        overridden(CheckKind::DomainProof, fail),
        RiskReason::CheckOverridden,
    );
    high(
        "ais",
        result(CheckKind::NameSimilarity, CheckOutcome::Warn),
        RiskReason::NameSimilar,
    );
    // An advisory check that was waved through is no risk, and a similar name stays one.
    assert_eq!(
        of(
            "ais",
            &[overridden(CheckKind::ScopePurpose, CheckOutcome::Warn)],
            false
        ),
        Risk::default()
    );
    high(
        "ais",
        overridden(CheckKind::NameSimilarity, fail),
        RiskReason::NameSimilar,
    );
}

proptest! {
    #![proptest_config(cases(500))]

    /// Likeness has no direction, and a name is like itself in any case.
    #[test]
    fn likeness_is_symmetric(left in prop_oneof![any::<String>(), "[a-fI1l0O ]{0,8}"], right in "[a-fI1l0O ]{0,8}") {
        prop_assert_eq!(looks_like(&left, &right), looks_like(&right, &left));
        let bones = Skeleton::of(&left);
        prop_assert!(bones.typed.is_empty() || bones.likeness(&bones) == Some(Likeness::Same));
        let _flagged = is_mixed_script(&left);
    }

    /// One letter put in or taken out of a long name still looks like it. Not an m, which is two strokes
    /// wider than others ("rn") and counts as two letters.
    #[test]
    fn one_letter_makes_no_difference(name in "[a-ln-z]{7,12}", at in any::<prop::sample::Index>(), letter in "[a-ln-z]") {
        let at = at.index(name.len());
        for changed in [
            format!("{}{letter}{}", &name[..at], &name[at..]),
            format!("{}{}", &name[..at], &name[at + 1..]),
        ] {
            prop_assert!(looks_like(&name, &changed).is_some(), "{} {}", name, changed);
        }
    }

    /// A browser-grade reader encodes an international host, and we show it as it was.
    #[test]
    fn international_hosts_are_shown_as_people_read_them(label in "[a-zžąšёжя]{2,12}") {
        let address = format!("https://{label}.example/");
        let encoded = Url::parse(&address).expect("an address");
        let host = encoded.host_str().expect("a host");
        let found = kinds(&[encoded.as_str()], host);
        if label.is_ascii() {
            prop_assert_eq!(found, []);
        } else {
            prop_assert_eq!(found, [(HygieneKind::InternationalHost, format!("{label}.example"))]);
        }
    }

    /// Nothing is below a domain but its own names.
    #[test]
    fn names_below_a_domain(front in "[a-z]{0,4}[.a-z]?", domain in "[a-z]{1,4}\\.[a-z]{2}") {
        let host = format!("{front}{domain}");
        prop_assert_eq!(is_within(&host, &domain), front.is_empty() || front.ends_with('.'));
    }
}
