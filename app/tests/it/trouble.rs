//! What the pages say when something is wrong, and what they must never repeat.

use protocol::{
    authorization::{AppView, Notice, Outcome, ProblemKind, ProblemView, Purpose, Step},
    locale::Locale,
};

use crate::{
    markup::{Tag, find, inner, readable, tags, text, title},
    views::{
        PROBLEMS, app, consent, finished, forms, log_in, notices, page, problem, steps, with_frame,
    },
};

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
