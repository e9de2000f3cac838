//! A developer fills in the registration: each task on its own, all mistakes told at once, nothing
//! that was typed lost.

use std::collections::BTreeSet;

use proptest::prelude::*;
use protocol::{
    client::{DialectName, GrantType},
    form::RawForm,
    locale::Locale,
    registration::{
        Business, Callbacks, Country, FaultKind, Faults, Field, FieldChange, LicenceKind, Look,
        MOST_CALLBACKS, MailAddress, Permissions, Phone, Purpose, Registration, Speech, Submission,
        Task, Website, difference,
    },
};

use crate::fixtures::*;

/// What a Lithuanian business types into the forms, field by field.
pub const TYPED: &[(&str, &str)] = &[
    ("organization", "UAB Biudžetas"),
    ("trading_name", ""),
    ("register", "jar"),
    ("reg_no", "300 060 819"),
    ("vat", "lt 100538411"),
    ("lei", "hwupkr0mpou8fgxbt394"),
    ("addr1", "Žalgirio g. 1"),
    ("addr2", ""),
    ("city", "Vilnius"),
    ("postcode", "LT-08217"),
    ("country", "lt"),
    ("licence", "aisp"),
    ("licence_number", "LB002006"),
    ("licence_authority", "Bank of Lithuania"),
    ("security_contact", "security@biudzetas.lt"),
    ("phone", "+370 600 00000"),
    ("complaints_mail", "skundai@biudzetas.lt"),
    ("audience", "people"),
    (
        "purpose_en",
        "Shows what you spend from your accounts, month by month",
    ),
    (
        "purpose_lt",
        "Parodo, kam kas mėnesį išleidžiate pinigus iš savo sąskaitų",
    ),
    ("purpose_ru", ""),
    (
        "description",
        "A budget planner.\r\nIt sorts transactions into groups.",
    ),
    ("retention", "Two years"),
    ("shared_with", "Nobody"),
    ("website", "https://www.biudzetas.lt/"),
    ("privacy_url", "https://biudzetas.lt/legal#privacy"),
    ("terms_url", "https://biudzetas.lt/legal#terms"),
    ("scope", "ais"),
    ("app_name", "Biudžetas"),
    ("redirect_uri", "https://app.biudzetas.lt/callback"),
    ("redirect_uri", ""),
    ("redirect_uri", " http://127.0.0.1/callback "),
];

/// The usual form with fields changed; one that is not in it is added.
pub fn typed_with(changes: &[(&str, &str)]) -> RawForm {
    let usual = TYPED
        .iter()
        .filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
    RawForm::from_pairs(usual.chain(changes).copied())
}

/// The usual registration with fields changed.
pub fn registration_with(changes: &[(&str, &str)]) -> Registration {
    let mut registration = Registration::default();
    for task in Task::ALL {
        registration
            .save(*task, &typed_with(changes))
            .expect("a form without faults");
    }
    registration
}

/// The usual submission with fields changed.
pub fn submission_with(changes: &[(&str, &str)]) -> Submission {
    registration_with(changes)
        .submission()
        .expect("a complete registration")
}

fn faults(found: Faults) -> Vec<(Field, FaultKind)> {
    found
        .faults
        .iter()
        .map(|fault| (fault.field, fault.kind))
        .collect()
}

#[test]
fn a_registration_grows_task_by_task() {
    let mut registration = Registration::default();
    assert_eq!(registration.missing(), Task::ALL);
    assert_eq!(
        (registration.submission(), registration.fields()),
        (None, Vec::new())
    );
    for (at, task) in Task::ALL.iter().enumerate().rev() {
        registration
            .save(*task, &typed_with(&[]))
            .expect("no faults");
        assert_eq!(registration.missing(), Task::ALL[..at]);
        assert_eq!(registration.submission().is_some(), at == 0);
    }
}

#[test]
fn a_form_with_faults_changes_nothing() {
    let mut registration = registration_with(&[]);
    let before = registration.clone();
    let found = registration.save(Task::Look, &typed_with(&[("app_name", "B")]));
    assert_eq!(
        found.map_err(faults),
        Err(vec![(Field::AppName, FaultKind::TooShort)])
    );
    assert_eq!(registration, before);
}

#[test]
fn values_are_kept_in_one_spelling() {
    let business = Business::parse(&typed_with(&[])).expect("no faults");
    assert_eq!(business.reg_no, "300060819");
    assert_eq!(
        business.vat.as_ref().map(|vat| vat.as_str()),
        Some("LT100538411")
    );
    assert_eq!(
        business.lei.as_ref().map(|lei| lei.as_str()),
        Some("HWUPKR0MPOU8FGXBT394")
    );
    assert_eq!(business.country.as_str(), "LT");
    assert_eq!(
        (business.trading_name.as_deref(), business.licence_kind()),
        (None, LicenceKind::Aisp)
    );
    assert_eq!(
        business.licence_in_words(),
        "Account information service provider, no. LB002006, Bank of Lithuania"
    );
    let purpose = Purpose::parse(&typed_with(&[])).expect("no faults");
    assert_eq!(
        purpose.description,
        "A budget planner.\nIt sorts transactions into groups."
    );
    assert_eq!(
        purpose.sentences.keys().collect::<Vec<_>>(),
        [&Locale::En, &Locale::Lt]
    );
}

#[test]
fn all_mistakes_are_told_at_once_in_the_order_of_the_page() {
    let form = typed_with(&[
        ("organization", ""),
        ("reg_no", "300060818"),
        ("vat", "LT100538412"),
        ("lei", "HWUPKR0MPOU8FGXBT395"),
        ("postcode", " "),
        ("country", "LTU"),
        ("licence_number", ""),
        ("phone", "call me"),
        ("complaints_mail", "skundai@biudzetas"),
    ]);
    let found = Business::parse(&form).expect_err("faults");
    assert_eq!(found.task, Task::Business);
    let table = vec![
        (Field::Organization, FaultKind::Missing),
        (Field::RegNo, FaultKind::CompanyCodeChecksum),
        (Field::Vat, FaultKind::VatChecksum),
        (Field::Lei, FaultKind::LeiChecksum),
        (Field::Country, FaultKind::Country),
        (Field::LicenceNumber, FaultKind::LicenceIncomplete),
        (Field::Phone, FaultKind::Phone),
        (Field::ComplaintsMail, FaultKind::Mail),
    ];
    assert_eq!(faults(found.clone()), table);
    // What was typed is there again, right or wrong, and survives the way through a session.
    let kept: Faults =
        serde_json::from_str(&serde_json::to_string(&found).expect("JSON")).expect("JSON");
    assert_eq!(kept, found);
    assert_eq!(kept.typed(Field::RegNo).collect::<Vec<_>>(), ["300060818"]);
    assert_eq!(kept.typed(Field::City).collect::<Vec<_>>(), ["Vilnius"]);
    assert_eq!(kept.of(Field::Vat).count(), 1);
}

#[test]
fn an_empty_form_asks_for_every_field_that_must_be_there() {
    let empty = RawForm::default();
    let optional: BTreeSet<Field> = [
        Field::TradingName,
        Field::Vat,
        Field::Lei,
        Field::Addr2,
        // Depends on the country.
        Field::Postcode,
        // Depend on the kind of licence.
        Field::LicenceNumber,
        Field::LicenceAuthority,
        Field::PurposeLt,
        Field::PurposeRu,
        // The standard, if nothing is said.
        Field::Speech,
    ]
    .into();
    for task in Task::ALL {
        let found = Registration::default()
            .save(*task, &empty)
            .expect_err("faults");
        let expected = task.fields().filter(|field| !optional.contains(field));
        let expected: Vec<_> = expected.map(|field| (field, FaultKind::Missing)).collect();
        assert_eq!(faults(found), expected);
    }
}

/// One change to the usual forms, and the one fault that it makes.
#[test]
fn each_rule_of_a_form_is_kept() {
    let long = "a".repeat(141);
    let table: &[(&str, &str, FaultKind)] = &[
        ("organization", "U", FaultKind::TooShort),
        ("organization", &long, FaultKind::TooLong),
        ("organization", "UAB\u{202e}zaB", FaultKind::HiddenCharacter),
        ("register", "moon", FaultKind::NotAChoice),
        ("postcode", "", FaultKind::Missing),
        ("country", "XX", FaultKind::Country),
        ("licence", "pirate", FaultKind::NotAChoice),
        ("licence_authority", "", FaultKind::LicenceIncomplete),
        ("licence_authority", "B", FaultKind::TooShort),
        ("audience", "cats", FaultKind::NotAChoice),
        (
            "purpose_en",
            "Shows your spending on a page",
            FaultKind::TooShort,
        ),
        ("purpose_en", &long, FaultKind::TooLong),
        ("purpose_lt", "Trumpai", FaultKind::TooShort),
        (
            "purpose_ru",
            "Показывает\nна две строки, сколько вы тратите",
            FaultKind::HiddenCharacter,
        ),
        ("description", "A planner", FaultKind::TooShort),
        ("website", "http://biudzetas.lt/", FaultKind::WebHttps),
        ("website", "biudzetas.lt", FaultKind::WebHttps),
        ("website", "lt.biudzetas.app:/", FaultKind::WebHttps),
        ("website", "javascript:alert(1)", FaultKind::WebHttps),
        ("website", "http://127.0.0.1/", FaultKind::WebHttps),
        ("website", "https://biudzetas/", FaultKind::WebHost),
        ("website", "https://10.0.0.1/", FaultKind::WebHost),
        ("website", "https://[::1]/", FaultKind::WebHost),
        ("website", "https://shop.localhost/", FaultKind::WebHost),
        ("website", "https://printer.local/", FaultKind::WebHost),
        ("website", "https://biudzetas..lt/", FaultKind::WebHost),
        ("website", "https://me@biudzetas.lt/", FaultKind::WebAddress),
        ("privacy_url", "https://žalgiris.lt/", FaultKind::WebAddress),
        (
            "terms_url",
            "https://biudzetas.lt/#a#b",
            FaultKind::WebAddress,
        ),
        ("scope", "AIS:c-1", FaultKind::UnknownScope),
        ("scope", "admin", FaultKind::UnknownScope),
        ("app_name", "?!", FaultKind::NameWithoutLetters),
        ("app_name", "Bi\u{200b}udžetas", FaultKind::HiddenCharacter),
        ("redirect_uri", "", FaultKind::Missing),
        (
            "redirect_uri",
            "http://biudzetas.lt/",
            FaultKind::RedirectPlainHttp,
        ),
        (
            "redirect_uri",
            "http://localhost/",
            FaultKind::RedirectPlainHttp,
        ),
        (
            "redirect_uri",
            "https://biudzetas.lt/#done",
            FaultKind::RedirectFragment,
        ),
        (
            "redirect_uri",
            "https://*.biudzetas.lt/",
            FaultKind::RedirectWildcard,
        ),
        ("redirect_uri", "/callback", FaultKind::RedirectRelative),
        (
            "redirect_uri",
            "javascript:alert(1)",
            FaultKind::RedirectDangerousScheme,
        ),
        (
            "redirect_uri",
            "budget:/callback",
            FaultKind::RedirectAppSchemeWithoutDot,
        ),
        (
            "redirect_uri",
            "https://me@biudzetas.lt/",
            FaultKind::RedirectUserInfo,
        ),
        ("redirect_uri", "https:///callback", FaultKind::RedirectHost),
        (
            "redirect_uri",
            "https://biudzetas.lt:0/",
            FaultKind::RedirectPort,
        ),
        (
            "redirect_uri",
            "https://biudzetas.lt/../",
            FaultKind::RedirectDotSegment,
        ),
        (
            "redirect_uri",
            "https://biudzetas.lt/%zz",
            FaultKind::RedirectPercentEncoding,
        ),
        (
            "redirect_uri",
            "https://biudžetas.lt/",
            FaultKind::RedirectForbiddenCharacter,
        ),
    ];
    for (name, value, kind) in table {
        let field: Field = name.parse().expect("a field");
        let found = Registration::default().save(field.task(), &typed_with(&[(name, value)]));
        assert_eq!(
            found.map_err(faults),
            Err(vec![(field, *kind)]),
            "{name} {value}"
        );
    }
}

#[test]
fn a_licence_is_whole_or_none() {
    let none = typed_with(&[
        ("licence", "none"),
        ("licence_number", ""),
        ("licence_authority", ""),
    ]);
    let business = Business::parse(&none).expect("no faults");
    assert_eq!(
        (business.licence_kind(), business.licence_in_words()),
        (LicenceKind::None, String::new())
    );
    let number_only = typed_with(&[("licence", "none"), ("licence_authority", "")]);
    let found = Business::parse(&number_only).map_err(faults);
    assert_eq!(
        found,
        Err(vec![(Field::LicenceNumber, FaultKind::LicenceNotChosen)])
    );
}

#[test]
fn a_register_decides_how_its_numbers_look() {
    let british = typed_with(&[
        ("register", "companies_house"),
        ("reg_no", "sc327000"),
        ("country", "GB"),
        ("postcode", "EH2 2YE"),
    ]);
    assert_eq!(
        Business::parse(&british).map(|business| business.reg_no),
        Ok("SC327000".to_owned())
    );
    let german = typed_with(&[("register", "other"), ("reg_no", "HRB 716324")]);
    assert_eq!(
        Business::parse(&german).map(|business| business.reg_no),
        Ok("HRB 716324".to_owned())
    );
    let mixed = Business::parse(&typed_with(&[("reg_no", "sc327000")])).map_err(faults);
    assert_eq!(
        mixed,
        Err(vec![(Field::RegNo, FaultKind::CompanyCodeFormat)])
    );
}

#[test]
fn postal_codes_are_asked_for_where_there_are_some() {
    let dubai = typed_with(&[("country", "AE"), ("postcode", "")]);
    assert_eq!(
        Business::parse(&dubai).map(|business| business.postcode),
        Ok(None)
    );
    assert_eq!(Country::all().count(), 249);
    assert!(Country::all().is_sorted());
}

#[test]
fn contacts_are_read_as_people_write_them() {
    for mail in ["a@b.lt", "first.last+tag@sub.example.com", "ž@pavyzdys.lt"] {
        assert!(MailAddress::parse(mail).is_ok(), "{mail}");
    }
    for mail in [
        "",
        "@b.lt",
        "a@",
        "a@b",
        "a@@b.lt",
        "a b@c.lt",
        "a@.lt",
        "a@b..lt",
        "<a@b.lt>",
        "a@b.lt\r\nBcc: c@d.lt",
    ] {
        assert_eq!(MailAddress::parse(mail), Err(FaultKind::Mail), "{mail}");
    }
    for phone in ["+370 600 00000", "8 600 00000", "(020) 7946-0000", "112 00"] {
        assert!(Phone::parse(phone).is_ok(), "{phone}");
    }
    for phone in [
        "",
        "1234",
        "+",
        "+1234567890123456",
        "0800 BANKING",
        "12345;ext=1",
        "++37060000000",
    ] {
        assert_eq!(Phone::parse(phone), Err(FaultKind::Phone), "{phone}");
    }
}

#[test]
fn faults_of_rows_say_which_row() {
    let form = RawForm::from_pairs([
        ("redirect_uri", "https://a.example/"),
        ("redirect_uri", ""),
        ("redirect_uri", "http://a.example/"),
        ("redirect_uri", "https://a.example/ "),
    ]);
    let found = Callbacks::parse(&form).expect_err("faults");
    let rows: Vec<_> = found
        .faults
        .iter()
        .map(|fault| (fault.row, fault.kind))
        .collect();
    assert_eq!(
        rows,
        [
            (Some(1), FaultKind::RedirectPlainHttp),
            (Some(2), FaultKind::Repeated)
        ]
    );
    assert_eq!(found.faults[0].variables(), [("row", "2".to_owned())]);
    assert_eq!(found.typed(Field::RedirectUri).count(), 3);

    let many = (0..=MOST_CALLBACKS).map(|at| ("redirect_uri", format!("https://a.example/{at}")));
    let found = Callbacks::parse(&RawForm::from_pairs(many)).expect_err("faults");
    assert_eq!(
        found.faults[0].variables(),
        [("limit", MOST_CALLBACKS.to_string())]
    );
    assert_eq!(faults(found), [(Field::RedirectUri, FaultKind::TooMany)]);
}

#[test]
fn a_field_that_exists_once_is_not_taken_twice() {
    let twice = RawForm::from_pairs([("app_name", "Good name"), ("app_name", "Bad name")]);
    let found = Look::parse(&twice).expect_err("a fault");
    assert_eq!(
        found.typed(Field::AppName).collect::<Vec<_>>(),
        ["Good name", "Bad name"]
    );
    assert_eq!(faults(found), [(Field::AppName, FaultKind::SentTwice)]);
    let scopes = RawForm::from_pairs([("scope", "wallet"), ("scope", "ais")]);
    assert_eq!(
        Permissions::parse(&scopes).map(|it| it.scope),
        Ok(scope("ais wallet"))
    );
}

#[test]
fn limits_are_told_exactly_where_a_text_speaks_of_one() {
    let short = Look::parse(&RawForm::from_pairs([("app_name", "B")])).expect_err("a fault");
    assert_eq!(short.faults[0].variables(), [("limit", "2".to_owned())]);
    for kind in FaultKind::ALL {
        assert!(kind.key().starts_with("fault-"), "{kind}");
        assert_eq!(
            kind.has_limit(),
            matches!(
                kind,
                FaultKind::TooShort | FaultKind::TooLong | FaultKind::TooMany
            )
        );
    }
}

#[test]
fn the_domain_to_prove_is_the_websites_without_www() {
    for (website, domain) in [
        ("https://www.biudzetas.lt/", "biudzetas.lt"),
        ("https://App.Biudzetas.lt:8443/x?y#z", "app.biudzetas.lt"),
        ("https://www.lt/", "www.lt"),
    ] {
        let form = typed_with(&[("website", website)]);
        assert_eq!(
            Website::parse(&form).map(|it| it.domain()).as_deref(),
            Ok(domain)
        );
    }
}

#[test]
fn submissions_are_compared_field_by_field() {
    let before = submission_with(&[]);
    assert_eq!(difference(&before, &before), []);
    let after = submission_with(&[
        ("lei", ""),
        ("purpose_ru", "Показывает, сколько вы тратите каждый месяц"),
        ("app_name", "Biudžetas Pro"),
        ("redirect_uri", "https://app.biudzetas.lt/callback"),
    ]);
    let change = |field, before: Option<&str>, after: Option<&str>| FieldChange {
        field,
        before: before.map(str::to_owned),
        after: after.map(str::to_owned),
    };
    let both = "https://app.biudzetas.lt/callback\nhttp://127.0.0.1/callback";
    assert_eq!(
        difference(&before, &after),
        [
            change(Field::Lei, Some("HWUPKR0MPOU8FGXBT394"), None),
            change(
                Field::PurposeRu,
                None,
                Some("Показывает, сколько вы тратите каждый месяц")
            ),
            change(Field::AppName, Some("Biudžetas"), Some("Biudžetas Pro")),
            change(
                Field::RedirectUri,
                Some(both),
                Some("https://app.biudzetas.lt/callback")
            ),
        ]
    );
}

#[test]
fn what_was_sent_is_kept_as_json_and_read_back() {
    let submission = submission_with(&[]);
    let text = serde_json::to_string(&submission).expect("JSON");
    assert_eq!(
        serde_json::from_str::<Submission>(&text).ok().as_ref(),
        Some(&submission)
    );
    // A value that no form would let through does not come back out of a database either.
    for (good, bad) in [
        ("HWUPKR0MPOU8FGXBT394", "HWUPKR0MPOU8FGXBT395"),
        ("https://app.biudzetas.lt/callback", "javascript:alert(1)"),
        ("LT100538411", "LT100538412"),
    ] {
        assert!(text.contains(good));
        assert!(
            serde_json::from_str::<Submission>(&text.replace(good, bad)).is_err(),
            "{bad}"
        );
    }
    assert_eq!(
        serde_json::from_str::<Registration>("{}").ok(),
        Some(Registration::default())
    );
}

#[test]
fn a_partner_says_so_and_may_do_without_callbacks() {
    let of = |typed: &[(&str, &str)]| Callbacks::parse(&typed_with(typed));
    let standard = of(&[]).expect("no faults");
    assert_eq!(standard.speech, Speech::Standard);
    assert_eq!(standard.dialects(), [DialectName::Bearer]);
    assert_eq!(standard.grants(), GrantType::STANDARD);
    assert_eq!(of(&[("speech", "standard")]), Ok(standard));

    let alone = of(&[("speech", "phonepe"), ("redirect_uri", "")]).expect("no faults");
    assert!(alone.redirect_uris.is_empty());
    let dialects = [DialectName::Bearer, DialectName::OBearer];
    assert_eq!(alone.dialects(), dialects);
    let own = [GrantType::RefreshToken, GrantType::ClientCredentials];
    assert_eq!(alone.grants(), own);
    let both = of(&[("speech", "phonepe")]).expect("no faults");
    assert_eq!(
        (both.dialects(), both.grants()),
        (dialects.to_vec(), GrantType::STANDARD.to_vec())
    );

    for (typed, field, kind) in [
        (
            [("speech", "mac"), ("redirect_uri", "https://a.example/")],
            Field::Speech,
            FaultKind::NotAChoice,
        ),
        (
            [("speech", "standard"), ("redirect_uri", "")],
            Field::RedirectUri,
            FaultKind::Missing,
        ),
        (
            [("speech", "phonepe"), ("redirect_uri", "/callback")],
            Field::RedirectUri,
            FaultKind::RedirectRelative,
        ),
    ] {
        assert_eq!(of(&typed).map_err(faults), Err(vec![(field, kind)]));
    }
}

#[test]
fn what_was_sent_before_there_was_a_choice_is_of_the_standard() {
    let old = r#"{"redirect_uris":["https://a.example/"]}"#;
    let old = serde_json::from_str::<Callbacks>(old).expect("a registration");
    assert_eq!(old.speech, Speech::Standard);
}

#[test]
fn approval_makes_a_client_of_the_submission() {
    let submission = submission_with(&[("scope", "wallet")]);
    let parts = submission
        .approved_client_parts(scope("wallet"), NOW)
        .expect("within");
    assert_eq!(
        (parts.name.as_str(), parts.scope),
        ("Biudžetas", scope("wallet"))
    );
    let uris: Vec<&str> = parts.redirect_uris.iter().map(|uri| uri.as_str()).collect();
    assert_eq!(
        uris,
        [
            "https://app.biudzetas.lt/callback",
            "http://127.0.0.1/callback"
        ]
    );
    let profile = parts.profile;
    assert_eq!(profile.legal_name, "UAB Biudžetas");
    assert_eq!(profile.registration_number, "300060819");
    assert_eq!(
        (profile.domain.as_str(), profile.reviewed_at),
        ("biudzetas.lt", Some(NOW))
    );
    assert_eq!(profile.homepage, "https://www.biudzetas.lt/");
    assert!(profile.purpose[&Locale::Lt].starts_with("Parodo"));
    for wider in ["", "ais", "wallet ais", "transferFunds wallet"] {
        assert!(
            submission.approved_client_parts(scope(wider), NOW).is_err(),
            "{wider}"
        );
    }
}

proptest! {
    #![proptest_config(cases(500))]

    /// Whatever is sent: either a draft that its own form gives again, or faults with all that was typed.
    #[test]
    fn drafts_fill_their_own_forms(
        changes in prop::collection::vec((prop::sample::select(Field::ALL), prop_oneof![
            any::<String>(), "[ -~]{0,40}", "https://[a-z]{1,5}\\.(lt|example)/[a-z#?]{0,4}", "[A-Za-zž ]{30,60}",
        ]), 0..4),
    ) {
        let changes: Vec<(&str, &str)> = changes.iter().map(|(field, value)| (field.as_str(), value.as_str())).collect();
        let form = typed_with(&changes);
        let mut registration = Registration::default();
        for task in Task::ALL {
            if let Err(found) = registration.save(*task, &form) {
                prop_assert!(!found.faults.is_empty());
                prop_assert!(found.faults.iter().all(|fault| fault.field.task() == *task));
                let typed: usize = task.fields().map(|field| form.many(field.as_str()).count()).sum();
                prop_assert_eq!(found.typed.len(), typed);
            }
        }
        let fields = registration.fields();
        prop_assert!(fields.is_sorted_by_key(|filled| filled.field));
        let again = RawForm::from_pairs(
            fields.iter().flat_map(|filled| filled.rows().map(|row| (filled.field.as_str(), row))),
        );
        let mut copy = Registration::default();
        for task in Task::ALL.iter().filter(|task| registration.has(**task)) {
            prop_assert_eq!(copy.save(*task, &again), Ok(()));
        }
        prop_assert_eq!(copy, registration);
    }
}
