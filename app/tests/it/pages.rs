//! What the pages of an authorization are made of, whatever they look like.

use std::collections::{BTreeMap, BTreeSet};

use app::{components::countries, i18n::Texts};
use protocol::{
    authorization::{ConsentView, DetailsView, Notice, Purpose, Step},
    declared::{Declaration, Detail},
    locale::Locale,
    scope::Cluster,
};

use crate::{
    markup::{Tag, find, form, inner, readable, submits, tags, text, title, within},
    views::{
        confirm, consent, details, document, forms, log_in, page, pay, pay_from, recovery, steps,
        with_frame,
    },
};

/// Names and values of attributes.
type Attributes<'a> = &'a [(&'a str, &'a str)];

#[tokio::test]
async fn fields_have_the_attributes_that_browsers_and_password_managers_know() {
    let table: [(Step, &str, Attributes); 4] = [
        (
            Step::LogIn(log_in(Locale::En)),
            "username",
            &[
                ("type", "text"),
                ("autocomplete", "username webauthn"),
                ("inputmode", "email"),
                ("autocapitalize", "none"),
                ("spellcheck", "false"),
                ("enterkeyhint", "next"),
                ("value", ""),
                ("autofocus", ""),
            ],
        ),
        (
            Step::LogIn(log_in(Locale::En)),
            "password",
            &[
                ("type", "password"),
                ("autocomplete", "current-password"),
                ("enterkeyhint", "go"),
                ("aria-describedby", "password-hint"),
            ],
        ),
        (
            Step::Confirm(confirm(Locale::En)),
            "code",
            &[
                ("type", "text"),
                ("autocomplete", "one-time-code"),
                ("inputmode", "numeric"),
                ("maxlength", "11"),
                ("pattern", r"[0-9 \-]*"),
                ("autocapitalize", "none"),
                ("aria-describedby", "code-hint"),
                ("autofocus", ""),
            ],
        ),
        (
            Step::Confirm(recovery(Locale::En)),
            "recovery_code",
            &[
                ("type", "text"),
                ("autocomplete", "off"),
                ("inputmode", "text"),
                ("autocapitalize", "characters"),
                ("spellcheck", "false"),
                ("maxlength", "40"),
                ("aria-describedby", "recovery_code-hint"),
                ("autofocus", ""),
            ],
        ),
    ];
    for (step, name, wanted) in table {
        let html = page(step).await;
        let tags = within(&html, &form(&html));
        let field = find(&tags, "input", "name", name).unwrap_or_else(|| panic!("no field {name}"));
        let mut wanted: BTreeMap<String, String> = wanted
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        wanted.insert("name".to_owned(), name.to_owned());
        wanted.insert("id".to_owned(), name.to_owned());
        let mut attributes = field.attributes.clone();
        attributes.remove("class");
        assert_eq!(attributes, wanted, "{name}");
    }
}

#[tokio::test]
async fn forms_are_plain_and_tied_to_their_page() {
    let actions = [
        "login", "consent", "confirm", "confirm", "confirm", "details", "pay_from",
    ];
    for (step, action) in forms(Locale::En).into_iter().zip(actions) {
        let html = page(step).await;
        let form = form(&html);
        assert!(form.is("method", "post") && form.attribute("novalidate").is_some());
        assert!(
            form.is("action", &format!("/api/authorize/{action}")),
            "{form:?}"
        );
        let tags = within(&html, &form);
        for (name, value) in [("interaction", "interaction-1"), ("form_token", "token-1")] {
            let field = find(&tags, "input", "name", name).expect("a hidden field");
            assert!(field.is("type", "hidden") && field.is("value", value));
        }
    }
}

#[tokio::test]
async fn every_state_of_every_page_is_whole_in_every_language() {
    for locale in Locale::ALL {
        for step in steps(locale) {
            let html = page(step.clone()).await;
            let tags = tags(&html);
            let ids: Vec<&str> = tags.iter().filter_map(|tag| tag.attribute("id")).collect();
            let known: BTreeSet<&str> = ids.iter().copied().collect();
            assert_eq!(ids.len(), known.len(), "an id stands twice: {ids:?}");
            for tag in &tags {
                let points = [
                    "for",
                    "aria-describedby",
                    "aria-labelledby",
                    "aria-controls",
                ];
                let named = points
                    .iter()
                    .filter_map(|name| tag.attribute(name))
                    .flat_map(|ids| ids.split(' '));
                let linked = tag
                    .attribute("href")
                    .and_then(|href| href.strip_prefix('#'));
                for id in named.chain(linked) {
                    assert!(known.contains(id), "{tag:?} points at nothing in {step:?}");
                }
            }
            assert_eq!(tags.iter().filter(|tag| tag.name == "h1").count(), 1);
            assert!(!title(&html).is_empty());
            let text = readable(&html);
            assert!(!text.contains(['{', '}', '\u{E000}']), "{text}");
            for piece in text.split_whitespace() {
                let is_key = [
                    "login-",
                    "consent-",
                    "confirm-",
                    "problem-",
                    "notice-",
                    "can-",
                    "ineligible-",
                    "account-",
                ];
                assert!(
                    !is_key.iter().any(|start| piece.starts_with(start)),
                    "a key is shown: {piece}"
                );
            }
        }
    }
}

#[tokio::test]
async fn the_words_around_a_licence_are_those_of_the_page() {
    for (locale, said) in [
        (
            Locale::En,
            "Account information service provider, licence no. LB000472, Bank of Lithuania",
        ),
        (
            Locale::Lt,
            "Sąskaitos informacijos paslaugos teikėjas, licencijos Nr. LB000472, Bank of Lithuania",
        ),
        (
            Locale::Ru,
            "Поставщик услуг по информации о счетах, лицензия № LB000472, Bank of Lithuania",
        ),
    ] {
        let text = readable(&page(Step::Consent(consent(locale))).await);
        assert!(text.contains(said), "{said} is not in {text}");
    }
    let in_words = with_frame(Step::Consent(consent(Locale::Lt)), |frame| {
        frame.app.licensed = None;
        frame.app.licence = Some("Something, No. 1".to_owned());
    });
    let text = readable(&page(in_words).await);
    assert!(text.contains("Licencija: Something, No. 1"), "{text}");
}

#[tokio::test]
async fn the_consent_page_says_who_what_until_when_and_where_next() {
    let html = page(Step::Consent(consent(Locale::En))).await;
    let text = readable(&html);
    for said in [
        "Allow Budgetly?",
        "UAB Budgetly",
        "Company no. 305123456",
        "Account information service provider, licence no. LB000472, Bank of Lithuania",
        "Verified website budgetly.example",
        "To show your spending.",
        "Budgetly can",
        "See your account details",
        "Budgetly cannot",
        "move money",
        "21 May 2027 (180 days)",
        "Up to 4 times a day without you.",
        "After Allow you return to app.budgetly.example.",
        "Signed in as jonas",
        "LT12 •••• •••• 4321",
        "Not covered by this kind of access.",
    ] {
        assert!(text.contains(said), "{said} is not in {text}");
    }
    let boxes: Vec<Tag> = within(&html, &form(&html))
        .into_iter()
        .filter(|tag| tag.is("type", "checkbox"))
        .collect();
    let seen: Vec<_> = boxes
        .iter()
        .map(|tag| {
            (
                tag.attribute("value"),
                tag.attribute("checked").is_some(),
                tag.attribute("disabled").is_some(),
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            (Some("a1"), true, false),
            (Some("a2"), false, false),
            (Some("a3"), false, true)
        ]
    );
    assert!(boxes.iter().all(|tag| tag.is("name", "account")));
}

#[tokio::test]
async fn a_purpose_in_another_language_says_so() {
    let step = with_frame(Step::Consent(consent(Locale::Lt)), |frame| {
        frame.app.purpose = Some(Purpose {
            locale: Locale::En,
            text: "To show.".to_owned(),
        });
    });
    let html = page(step).await;
    let tags = tags(&html);
    let purpose = find(&tags, "p", "lang", "en").expect("the purpose says its language");
    assert_eq!(text(inner(&html, purpose)), "To show.");
    assert!(readable(&html).contains("tik anglų kalba"));
}

#[tokio::test]
async fn yes_and_no_are_of_one_kind() {
    for step in forms(Locale::En) {
        let html = page(step).await;
        let deny = submits(&html)
            .into_iter()
            .find(|button| button.is("value", "deny"))
            .expect("a way out");
        assert!(deny.is("name", "decision") && deny.attribute("formnovalidate").is_some());
        let yes = submits(&html)
            .into_iter()
            .find(|button| button.is("class", "c-button c-button--primary"));
        let yes = yes.expect("a way on");
        assert!(
            deny.is("class", "c-button"),
            "the two differ in more than the accent"
        );
        assert!(yes.begins < deny.begins, "yes comes first");
    }
}

#[tokio::test]
async fn enter_in_a_field_does_what_the_field_is_for() {
    let first = async |step| {
        let html = page(step).await;
        let first = submits(&html).remove(0);
        first
            .attribute("name")
            .map(|name| format!("{name}={}", first.attribute("value").unwrap_or_default()))
    };
    assert_eq!(first(Step::LogIn(log_in(Locale::En))).await, None);
    assert_eq!(
        first(Step::Consent(consent(Locale::En))).await.as_deref(),
        Some("do=recalculate")
    );
    assert_eq!(
        first(Step::Confirm(confirm(Locale::En))).await.as_deref(),
        Some("decision=confirm")
    );
    assert_eq!(
        first(Step::Confirm(pay(Locale::En))).await.as_deref(),
        Some("decision=confirm")
    );
    assert_eq!(
        first(Step::PayFrom(pay_from(Locale::En))).await.as_deref(),
        Some("do=recalculate")
    );
    assert_eq!(
        first(Step::Details(details(Locale::En))).await.as_deref(),
        Some("decision=allow")
    );
}

#[tokio::test]
async fn where_nothing_can_be_allowed_there_is_only_the_way_out() {
    let mut nothing = consent(Locale::En);
    nothing
        .accounts
        .retain(|account| account.ineligible.is_some());
    let html = page(Step::Consent(nothing)).await;
    assert!(
        submits(&html)
            .iter()
            .all(|button| !button.is("value", "allow"))
    );
    assert!(
        submits(&html)
            .iter()
            .any(|button| button.is("value", "deny"))
    );
    let mut nothing = pay_from(Locale::En);
    nothing.accounts.clear();
    let html = page(Step::PayFrom(nothing)).await;
    assert!(
        submits(&html)
            .iter()
            .all(|button| !button.is("value", "allow"))
    );
    let without = ConsentView {
        accounts: Vec::new(),
        chooses_accounts: false,
        ..consent(Locale::En)
    };
    let html = page(Step::Consent(without)).await;
    assert!(
        submits(&html)
            .iter()
            .any(|button| button.is("value", "allow")),
        "no accounts are needed here"
    );
}

#[tokio::test]
async fn sum_and_payee_stand_in_the_form_that_confirms_them() {
    for locale in Locale::ALL {
        for step in [Step::Confirm(pay(locale)), Step::PayFrom(pay_from(locale))] {
            let html = page(step).await;
            let form = form(&html);
            let inside = inner(&html, &form);
            let tags = tags(inside);
            let sum = find(&tags, "data", "value", "20.00").expect("the sum for machines");
            let shown = text(inner(inside, sum));
            assert!(
                text(inside).contains("UAB Elektra")
                    && text(inside).contains("LT12 1000 0111 0100 1000")
            );
            let button = tags
                .iter()
                .find(|tag| tag.is("class", "c-button c-button--primary"))
                .expect("a button");
            assert!(
                text(inner(inside, button)).contains(&shown),
                "the button names the sum"
            );
        }
    }
    assert!(title(&page(Step::Confirm(pay(Locale::En))).await).starts_with("Pay €20.00"));
}

#[tokio::test]
async fn a_payment_is_read_before_the_code_is_typed() {
    let tags = tags(&page(Step::Confirm(pay(Locale::En))).await);
    assert!(tags.iter().all(|tag| tag.attribute("autofocus").is_none()));
}

#[tokio::test]
async fn three_plain_links_change_the_language() {
    for locale in Locale::ALL {
        let html = page(Step::LogIn(log_in(locale))).await;
        let links: Vec<Tag> = tags(&html)
            .into_iter()
            .filter(|tag| tag.attribute("hreflang").is_some())
            .collect();
        assert_eq!(links.len(), 3);
        for (link, to) in links.iter().zip(Locale::ALL) {
            assert!(
                link.is("href", &format!("/authorize/interaction-1?lang={to}")),
                "{link:?}"
            );
            assert!(link.is("lang", to.as_str()));
            assert_eq!(link.attribute("aria-current").is_some(), to == locale);
        }
    }
}

#[tokio::test]
async fn the_recovery_code_has_a_page_of_its_own() {
    let html = page(Step::Confirm(confirm(Locale::En))).await;
    assert!(
        find(
            &tags(&html),
            "a",
            "href",
            "/authorize/interaction-1?recovery=1"
        )
        .is_some()
    );
    let html = page(Step::Confirm(recovery(Locale::En))).await;
    assert!(find(&tags(&html), "a", "href", "/authorize/interaction-1").is_some());
    assert!(find(&tags(&html), "input", "name", "code").is_none());
}

#[tokio::test]
async fn the_other_pages_are_whole_in_every_language() {
    use app::pages::{help::HelpPage, home::HomePage, privacy::PrivacyPage};
    use leptos::prelude::{IntoAny as _, provide_context, view};
    for locale in Locale::ALL {
        let home = document(move || {
            provide_context(locale);
            view! { <HomePage demo=true /> }.into_any()
        });
        let help = document(move || {
            provide_context(locale);
            view! { <HelpPage /> }.into_any()
        });
        let privacy = document(move || {
            provide_context(locale);
            view! { <PrivacyPage /> }.into_any()
        });
        for html in [home.await, help.await, privacy.await] {
            assert_eq!(tags(&html).iter().filter(|tag| tag.name == "h1").count(), 1);
            assert!(!readable(&html).contains(['{', '}']));
            assert!(title(&html).ends_with("– Countersign"));
        }
    }
}

#[tokio::test]
async fn what_goes_on_without_the_person_and_what_is_missing_is_said_at_its_line() {
    let notes = [
        (
            Locale::En,
            "Also when you are not using the app, until you withdraw it.",
            "must make sure of it ourselves",
            "We will ask you for it",
        ),
        (
            Locale::Lt,
            "Ir tada, kai programėle nesinaudojate, kol atšauksite.",
            "turime patys jais įsitikinti",
            "Paprašysime jų",
        ),
        (
            Locale::Ru,
            "И тогда, когда вы не пользуетесь приложением, пока вы это не отзовёте.",
            "мы должны сами в них убедиться",
            "Мы спросим их у вас",
        ),
    ];
    for (locale, offline, absent, asked_for) in notes {
        let view = ConsentView {
            can: vec![Cluster::Email, Cluster::Phone, Cluster::Address],
            offline: vec![Cluster::Email],
            absent: vec![Cluster::Phone],
            asked_for: vec![Cluster::Address],
            ..consent(locale)
        };
        let html = page(Step::Consent(view)).await;
        // The lines are folded up; the notes stand outside of them.
        let lines: Vec<&str> = html.split("</details>").collect();
        let line = |note: &str| lines.iter().position(|line| line.contains(note));
        let first = lines
            .iter()
            .position(|line| line.contains("c-permissions__sign"));
        let first = first.expect("a line of what the app can do");
        assert_eq!(line(offline), Some(first + 1), "{locale}");
        assert_eq!(line(absent), Some(first + 2), "{locale}");
        assert_eq!(line(asked_for), Some(first + 3), "{locale}");
        assert_eq!(html.matches(offline).count(), 1, "{locale}");
        let html = page(Step::Consent(consent(locale))).await;
        for note in [offline, absent, asked_for] {
            assert!(!html.contains(note), "{locale}: {note}");
        }
    }
}

#[tokio::test]
async fn the_page_that_asks_for_details_keeps_what_was_typed_and_says_what_to_mend() {
    let view = DetailsView {
        wanted: vec![Detail::DateOfBirth, Detail::Address],
        typed: Declaration {
            birth_date: "2990-05-17".to_owned(),
            country: "LT".to_owned(),
            city: "\"Kaunas\" <b>".to_owned(),
            ..Declaration::default()
        },
        ..details(Locale::Lt)
    };
    let step = with_frame(Step::Details(view), |frame| {
        let fields = ["birth_date", "street"].map(str::to_owned).to_vec();
        frame.notice = Some(Notice::Mend { fields });
    });
    let html = page(step).await;
    let tags = tags(&html);
    let field = |name| find(&tags, "input", "name", name).expect(name);
    assert!(
        field("birth_date").is("value", "2990-05-17") && field("birth_date").is("type", "date")
    );
    assert!(field("city").is("value", "\"Kaunas\" <b>"));
    for (name, wrong) in [("birth_date", true), ("city", false), ("street", true)] {
        assert_eq!(field(name).is("aria-invalid", "true"), wrong, "{name}");
        // The summary leads to each of them.
        assert_eq!(html.contains(&format!("href=\"#{name}\"")), wrong, "{name}");
    }
    let picked = tags.iter().find(|tag| tag.attribute("selected").is_some());
    assert!(picked.expect("a country").is("value", "LT"));
    assert!(html.contains(">Lietuva<"));
    // Nothing is asked that was not wanted.
    for name in ["given_name", "gender", "exposed"] {
        assert!(!html.contains(&format!("name=\"{name}\"")), "{name}");
    }
}

#[test]
fn countries_stand_in_the_order_of_their_names() {
    for (locale, before, after) in [
        (Locale::En, "AX", "AL"),
        (Locale::Lt, "TD", "DK"),
        (Locale::Ru, "AU", "AT"),
    ] {
        let names = countries(Texts::of(locale));
        assert_eq!(names.len(), 249, "{locale}");
        let place = |code| names.iter().position(|(known, _)| *known == code);
        assert!(place(before) < place(after), "{locale}: {names:?}");
        assert!(
            names.iter().all(|(_, name)| !name.contains("country-")),
            "{locale}"
        );
    }
}
