//! What the pages of an authorization are made of, whatever they look like.

use std::collections::{BTreeMap, BTreeSet};

use protocol::{
    authorization::{
        AppView, ConsentView, Notice, Outcome, ProblemKind, ProblemView, Purpose, Step,
    },
    locale::Locale,
};

use crate::{
    markup::{Tag, inner, tags, text, within},
    views::{
        PROBLEMS, app, confirm, consent, document, finished, forms, log_in, notices, page, pay,
        pay_from, problem, recovery, steps, with_frame,
    },
};

/// Names and values of attributes.
type Attributes<'a> = &'a [(&'a str, &'a str)];

/// The form that carries the decision.
fn form(html: &str) -> Tag {
    let mut forms = tags(html).into_iter().filter(|tag| tag.name == "form");
    forms
        .rfind(|form| !form.is("action", "/api/authorize/stay"))
        .expect("a form")
}

fn submits(html: &str) -> Vec<Tag> {
    within(html, &form(html))
        .into_iter()
        .filter(|tag| tag.name == "button" && tag.is("type", "submit"))
        .collect()
}

fn find<'a>(tags: &'a [Tag], name: &str, attribute: &str, value: &str) -> Option<&'a Tag> {
    tags.iter()
        .find(|tag| tag.name == name && tag.is(attribute, value))
}

fn title(html: &str) -> String {
    let tags = tags(html);
    let title = tags
        .iter()
        .find(|tag| tag.name == "title")
        .expect("a title");
    text(inner(html, title))
}

/// Everything that a person reads, without the head.
fn readable(html: &str) -> String {
    text(html.split_once("<body").map_or(html, |(_, body)| {
        body.split_once('>').map_or(body, |(_, body)| body)
    }))
}

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
        "login", "consent", "confirm", "confirm", "confirm", "pay_from",
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
async fn no_page_has_inline_styles_handlers_or_scripts() {
    for locale in Locale::ALL {
        for step in steps(locale) {
            let html = page(step).await;
            for tag in tags(&html) {
                assert_ne!(tag.name, "script");
                assert_ne!(tag.name, "style");
                for name in tag.attributes.keys() {
                    assert!(name != "style" && !name.starts_with("on"), "{tag:?}");
                }
            }
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
async fn the_consent_page_says_who_what_until_when_and_where_next() {
    let html = page(Step::Consent(consent(Locale::En))).await;
    let text = readable(&html);
    for said in [
        "Allow Budgetly?",
        "UAB Budgetly",
        "Company no. 305123456",
        "Bank of Lithuania, LB000472",
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
async fn what_is_not_verified_is_said_and_not_hidden() {
    let unknown = AppView {
        legal_name: None,
        verified_domain: None,
        purpose: None,
        ..app()
    };
    let step = with_frame(Step::Consent(consent(Locale::En)), |frame| {
        frame.app = unknown
    });
    let text = readable(&page(step).await);
    for said in [
        "We have not verified a website",
        "We do not know the business",
        "has not told us why",
        "not verified who owns",
    ] {
        assert!(text.contains(said), "{said} is not in {text}");
    }
    let step = with_frame(Step::Consent(consent(Locale::En)), |frame| {
        frame.app.return_host_differs = true
    });
    assert!(
        readable(&page(step).await)
            .contains("does not belong to the verified website budgetly.example")
    );
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
async fn an_error_is_told_on_top_at_the_field_and_in_the_title() {
    let step = with_frame(Step::LogIn(log_in(Locale::En)), |frame| {
        frame.notice = Some(Notice::Missing {
            field: "password".to_owned(),
        });
    });
    let html = page(step).await;
    let tags = tags(&html);
    let summary = find(&tags, "div", "role", "alert").expect("a summary");
    assert!(summary.is("tabindex", "-1") && summary.attribute("autofocus").is_some());
    assert_eq!(
        tags.iter()
            .filter(|tag| tag.attribute("autofocus").is_some())
            .count(),
        1,
        "it alone takes the focus"
    );
    let link = find(&tags, "a", "href", "#password").expect("a link to the field");
    let sentence = text(inner(&html, link));
    let field = find(&tags, "input", "id", "password").expect("the field");
    assert!(
        field.is("aria-invalid", "true")
            && field.is("aria-describedby", "password-hint password-error")
    );
    let error = find(&tags, "p", "id", "password-error").expect("the error at the field");
    assert_eq!(text(inner(&html, error)), format!("Error: {sentence}"));
    assert_eq!(title(&html), "Error: Sign in for Budgetly – Countersign");
}

#[tokio::test]
async fn wrong_details_never_say_which() {
    let wrong = |username: &str| {
        let mut view = log_in(Locale::En);
        view.username = username.to_owned();
        view.frame.notice = Some(Notice::WrongDetails { tries_left: None });
        Step::LogIn(view)
    };
    let html = page(wrong("jonas")).await;
    let marked: Vec<Tag> = tags(&html)
        .into_iter()
        .filter(|tag| tag.is("aria-invalid", "true"))
        .collect();
    assert_eq!(
        marked
            .iter()
            .map(|tag| tag.attribute("id"))
            .collect::<Vec<_>>(),
        [Some("username"), Some("password")]
    );
    assert!(marked[0].is("value", "jonas") && marked[1].attribute("value").is_none());
    assert_eq!(html.replace("jonas", "nobody"), page(wrong("nobody")).await);
}

#[tokio::test]
async fn notices_that_are_no_errors_do_not_shout() {
    for notice in notices() {
        let calm = matches!(notice, Notice::SendAgain | Notice::AlreadyDone);
        for step in forms(Locale::En) {
            let html = page(with_frame(step, |frame| {
                frame.notice = Some(notice.clone())
            }))
            .await;
            assert_eq!(title(&html).starts_with("Error: "), !calm, "{notice:?}");
            assert_eq!(html.contains("role=\"alert\""), !calm, "{notice:?}");
        }
    }
}

#[tokio::test]
async fn names_of_others_never_become_markup() {
    let evil = "</title><script>alert(1)</script>\"'&amp;<b>";
    for step in forms(Locale::En)
        .into_iter()
        .chain([Step::Finished(finished(Locale::En, Outcome::Denied))])
    {
        let step = match with_frame(step, |frame| {
            frame.app.name = evil.to_owned();
            frame.app.legal_name = Some(evil.to_owned());
            frame.app.return_host = evil.to_owned();
            frame.signed_in_as = Some(evil.to_owned());
            frame.app.purpose = Some(Purpose {
                locale: Locale::En,
                text: evil.to_owned(),
            });
        }) {
            Step::LogIn(mut view) => {
                view.username = evil.to_owned();
                Step::LogIn(view)
            }
            Step::PayFrom(mut view) => {
                view.payment.creditor_name = evil.to_owned();
                view.payment.reference = Some(evil.to_owned());
                Step::PayFrom(view)
            }
            step => step,
        };
        let html = page(step).await;
        assert!(!html.contains("<script"), "{html}");
        assert!(!html.contains("<b>"));
        assert!(title(&html).contains(evil), "{}", title(&html));
    }
    let html = page(Step::Problem(ProblemView {
        app: Some(evil.to_owned()),
        ..problem(Locale::En, ProblemKind::WrongRedirect)
    }))
    .await;
    assert!(!html.contains("<script") && readable(&html).contains(evil));
}

#[tokio::test]
async fn a_problem_says_what_did_not_happen_and_never_links_what_was_sent() {
    for kind in PROBLEMS {
        let html = page(Step::Problem(problem(Locale::En, kind))).await;
        let tags = tags(&html);
        assert!(find(&tags, "main", "data-err", kind.key()).is_some());
        let text = readable(&html);
        assert!(
            text.contains("0410-61R5") || text.contains("Reference"),
            "{text}"
        );
        if !matches!(kind, ProblemKind::NotFound) {
            assert!(
                text.contains("Nothing was") || text.contains("No money moved"),
                "{kind:?}: {text}"
            );
        }
        assert!(title(&html).starts_with("Error: "));
        for link in tags.iter().filter_map(|tag| tag.attribute("href")) {
            assert!(
                !link.contains("app.budgetly.example"),
                "{kind:?} links {link}"
            );
        }
        let details = tags
            .iter()
            .rfind(|tag| tag.name == "details")
            .expect("the developer's part");
        assert!(details.attribute("open").is_none());
        let inside = inner(&html, details);
        assert!(
            inside.contains("<ins>s</ins>") && inside.contains("<del>/</del>"),
            "{inside}"
        );
    }
}

#[tokio::test]
async fn a_trusted_way_back_is_a_link() {
    let back = "https://app.budgetly.example/cb?error=access_denied&state=a";
    for kind in [
        ProblemKind::Expired,
        ProblemKind::Broken,
        ProblemKind::OtherPerson,
    ] {
        let html = page(Step::Problem(ProblemView {
            way_back: Some(back.to_owned()),
            ..problem(Locale::En, kind)
        }))
        .await;
        assert!(find(&tags(&html), "a", "href", back).is_some());
    }
    let html = page(Step::Finished(finished(Locale::En, Outcome::Denied))).await;
    let tags = tags(&html);
    let link =
        find(&tags, "a", "href", "https://app.budgetly.example/cb?code=1").expect("the way back");
    assert_eq!(text(inner(&html, link)), "Back to Budgetly");
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
