//! Attacks on the pages, each named after its row in the list of attacks that the server withstands.

use std::collections::BTreeSet;

use engine::{
    begin::Began,
    visit::{Go, Proof},
};
use protocol::{
    authorization::{Notice, ProblemKind, Step},
    client::{Environment, PkcePolicy},
    ids::AccountId,
    redirect_uri::RegisteredRedirectUri,
};
use store::testing::on_each_database;

use crate::{
    browser::{Browser, Person, notice, parameter, parameter_of, problem, problem_of, request_of},
    house::{App, House, REDIRECT_URI, seconds},
};

/// The request with one parameter changed.
async fn arrive_changed(browser: &mut Browser<'_>, app: &App, name: &str, value: &str) -> Began {
    let mut parameters = request_of(app);
    parameters.retain(|(known, _)| *known != name);
    parameters.push((name, value));
    browser.arrive_with(&parameters).await
}

#[tokio::test]
async fn row_01_a_redirect_uri_that_is_not_the_registered_one_gets_a_page() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let mut browser = Browser::new(&house);
        for uri in [
            "https://shop.example/callback/",
            "https://shop.example/callback?x=1",
            "https://shop.example/callbac",
            "https://shop.example/callback/../evil",
            "https://shop.example/%2e%2e/callback",
            "https://shop.example%2f@evil.example/callback",
            "https://shop.example@evil.example/callback",
            "https://evil.shop.example/callback",
            "https://shop.example.evil.example/callback",
            "https://SHOP.example/callback",
            "https://shop.example:443/callback",
            "https://shоp.example/callback",
            "http://shop.example/callback",
            "https://shop.example/callback#x",
        ] {
            let Began::Problem(view) =
                arrive_changed(&mut browser, &app, "redirect_uri", uri).await
            else {
                panic!("{uri} must not be trusted")
            };
            assert_eq!(
                (view.kind, view.kind.status()),
                (ProblemKind::WrongRedirect, 400),
                "{uri}"
            );
            assert!(view.way_back.is_none(), "no link to {uri}");
        }
        assert!(browser.cookies.is_empty());
    })
    .await;
}

#[tokio::test]
async fn row_02_addresses_with_fragment_script_or_data_are_refused_at_the_request() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let mut browser = Browser::new(&house);
        for uri in [
            "javascript:alert(1)",
            "data:text/html,x",
            "/callback",
            "//shop.example/callback",
            "https://shop.example/callback#",
        ] {
            assert!(
                RegisteredRedirectUri::parse(uri, Environment::Sandbox).is_err(),
                "{uri} at registration"
            );
            let began = arrive_changed(&mut browser, &app, "redirect_uri", uri).await;
            assert!(matches!(began, Began::Problem(_)), "{uri} at the request");
        }
    })
    .await;
}

#[tokio::test]
async fn row_03_only_the_port_of_a_loopback_address_may_differ() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house
            .app_with("native", |record| {
                record.client.redirect_uris = vec![
                    RegisteredRedirectUri::parse("http://127.0.0.1/cb", Environment::Sandbox)
                        .expect("an address"),
                ];
            })
            .await;
        let mut browser = Browser::new(&house);
        for (uri, fine) in [
            ("http://127.0.0.1:51004/cb", true),
            ("http://127.0.0.1/cb", true),
            ("http://127.0.0.1:51004/other", false),
            ("http://localhost:51004/cb", false),
            ("https://127.0.0.1:51004/cb", false),
            ("http://127.0.0.1.evil.example:80/cb", false),
        ] {
            let began = arrive_changed(&mut browser, &app, "redirect_uri", uri).await;
            assert_eq!(matches!(began, Began::Interact { .. }), fine, "{uri}");
        }
    })
    .await;
}

#[tokio::test]
async fn row_05_errors_of_an_unreviewed_app_do_not_redirect_a_stranger() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("unreviewed").await;
        let mut browser = Browser::new(&house);
        let Began::Problem(view) =
            arrive_changed(&mut browser, &app, "response_type", "token").await
        else {
            panic!("a page with a link, no redirect")
        };
        assert_eq!(view.kind, ProblemKind::BadRequest);
        let link = view.way_back.expect("the person decides");
        assert_eq!(
            parameter_of(&link, "error").as_deref(),
            Some("unsupported_response_type")
        );
        // A reviewed app is told directly.
        let reviewed = house.reviewed_app("reviewed").await;
        let began = arrive_changed(&mut browser, &reviewed, "response_type", "token").await;
        assert!(matches!(began, Began::Redirect(_)));
    })
    .await;
}

#[tokio::test]
async fn row_06_a_request_without_pkce_is_refused() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.reviewed_app("shop").await;
        let mut browser = Browser::new(&house);
        let mut parameters = request_of(&app);
        parameters.retain(|(name, _)| !name.starts_with("code_challenge"));
        let Began::Redirect(back) = browser.arrive_with(&parameters).await else {
            panic!("refused")
        };
        assert_eq!(
            parameter_of(back.location(), "error").as_deref(),
            Some("invalid_request")
        );
        assert_eq!(
            parameter_of(back.location(), "state").as_deref(),
            Some("xyz")
        );
    })
    .await;
}

#[tokio::test]
async fn row_08_plain_and_malformed_challenges_are_refused() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.reviewed_app("shop").await;
        let mut browser = Browser::new(&house);
        let forty_four = format!("{}=", crate::house::CHALLENGE);
        for (name, value) in [
            ("code_challenge_method", "plain"),
            ("code_challenge", "short"),
            ("code_challenge", forty_four.as_str()),
            (
                "code_challenge",
                "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM",
            ),
        ] {
            let Began::Redirect(back) = arrive_changed(&mut browser, &app, name, value).await
            else {
                panic!("{name}={value} is refused at the app")
            };
            assert_eq!(
                parameter_of(back.location(), "error").as_deref(),
                Some("invalid_request"),
                "{value}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn row_19_every_answer_names_the_issuer() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.reviewed_app("shop").await;
        let ona = house.enrol("ona").await;
        let issuer = Some("http://127.0.0.1:3000");
        let mut browser = Browser::new(&house);
        let Began::Redirect(back) = arrive_changed(&mut browser, &app, "scope", "everything").await
        else {
            panic!("an error")
        };
        assert_eq!(parameter_of(back.location(), "iss").as_deref(), issuer);
        let id = browser.arrive(&app, &[]).await;
        assert_eq!(
            parameter(&browser.deny(&id).await, "iss").as_deref(),
            issuer
        );
        let id = browser.arrive(&app, &[]).await;
        browser.sign_in(&id, &ona).await;
        browser.allow(&id, &ona.accounts).await;
        let back = browser.confirm(&id, &house.code_of(&ona)).await;
        assert_eq!(parameter(&back, "iss").as_deref(), issuer);
    })
    .await;
}

#[tokio::test]
async fn row_20_state_comes_back_untouched() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let mut browser = Browser::new(&house);
        let state = "a b+c%20&d=e/?~";
        let id = browser.arrive(&app, &[("state", state)]).await;
        assert_eq!(
            parameter(&browser.deny(&id).await, "state").as_deref(),
            Some(state)
        );
    })
    .await;
}

#[tokio::test]
async fn row_21_forms_that_our_pages_did_not_send_do_nothing() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let ona = house.enrol("ona").await;
        let mut browser = Browser::new(&house);
        let id = browser.arrive(&app, &[]).await;
        // Another site posts the sign-in form (login CSRF) with a guessed token, or with the right one.
        let engine = &house.engine;
        let answer = engine
            .log_in(&browser.visit(&id), "guessed", &ona.name, &ona.password)
            .await;
        assert!(matches!(browser.follow(answer), Go::Step(_)) && browser.session.is_none());
        assert_eq!(notice(&browser.page(&id).await), Some(&Notice::SendAgain));
        let token = browser.token(&id).await;
        browser.same_origin = false;
        let answer = engine
            .log_in(&browser.visit(&id), &token, &ona.name, &ona.password)
            .await;
        assert!(matches!(browser.follow(answer), Go::Step(_)) && browser.session.is_none());
        browser.same_origin = true;
        browser.sign_in(&id, &ona).await;
        for token in ["guessed", token.as_str()] {
            browser.same_origin = token == "guessed";
            let visit = browser.visit(&id);
            browser.follow(engine.consent(&visit, token, ona.accounts.clone()).await);
            assert!(
                matches!(browser.page(&id).await, Step::Consent(_)),
                "nothing was consented"
            );
            let answer = engine.deny(&visit, token).await;
            assert_eq!(problem_of(&answer.go), Some(ProblemKind::Forged));
        }
        browser.same_origin = true;
        browser.allow(&id, &ona.accounts).await;
        let answer = engine
            .confirm(
                &browser.visit(&id),
                "guessed",
                Proof::Code(house.code_of(&ona)),
            )
            .await;
        assert!(matches!(answer.go, Go::Step(_)));
        assert!(
            matches!(browser.page(&id).await, Step::Confirm(_)),
            "nothing was confirmed"
        );
    })
    .await;
}

#[tokio::test]
async fn row_22_an_authorization_planted_in_another_browser_is_useless() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let ona = house.enrol("ona").await;
        // The attacker begins and lures the victim to the page: it belongs to the attacker's cookie.
        let mut attacker = Browser::new(&house);
        let id = attacker.arrive(&app, &[]).await;
        let mut victim = Browser::new(&house);
        assert_eq!(problem(&victim.page(&id).await), Some(ProblemKind::Cookies));
        let answer = house
            .engine
            .log_in(&victim.visit(&id), "x", &ona.name, &ona.password)
            .await;
        assert_eq!(
            problem_of(&victim.follow(answer)),
            Some(ProblemKind::Cookies)
        );
        assert!(victim.session.is_none());
    })
    .await;
}

#[tokio::test]
async fn row_27_implicit_and_hybrid_are_unsupported() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.reviewed_app("shop").await;
        let mut browser = Browser::new(&house);
        for response_type in ["token", "id_token", "code token", "code id_token", "none"] {
            let Began::Redirect(back) =
                arrive_changed(&mut browser, &app, "response_type", response_type).await
            else {
                panic!("{response_type}: told to the app")
            };
            assert_eq!(
                parameter_of(back.location(), "error").as_deref(),
                Some("unsupported_response_type")
            );
            assert!(!back.location().contains('#'), "never in the fragment");
        }
    })
    .await;
}

#[tokio::test]
async fn row_39_a_parameter_sent_twice_is_an_invalid_request() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.reviewed_app("shop").await;
        let mut browser = Browser::new(&house);
        for (name, at_the_app) in [
            ("client_id", false),
            ("redirect_uri", false),
            ("scope", true),
            ("state", true),
            ("code_challenge", true),
        ] {
            let mut parameters = request_of(&app);
            let twice = *parameters
                .iter()
                .find(|(known, _)| *known == name)
                .expect("a parameter");
            parameters.push(twice);
            match browser.arrive_with(&parameters).await {
                Began::Redirect(back) if at_the_app => {
                    assert_eq!(
                        parameter_of(back.location(), "error").as_deref(),
                        Some("invalid_request"),
                        "{name}"
                    );
                }
                Began::Problem(view) if !at_the_app => {
                    assert_eq!(view.kind.status(), 400, "{name}")
                }
                other => panic!("{name} twice: {other:?}"),
            }
        }
    })
    .await;
}

#[tokio::test]
async fn row_43_a_scope_that_was_not_approved_is_invalid() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house
            .reviewed_app_with("reader", |client| {
                client.scope = crate::house::scope("wallet")
            })
            .await;
        let mut browser = Browser::new(&house);
        let Began::Redirect(back) =
            arrive_changed(&mut browser, &app, "scope", "wallet transferFunds").await
        else {
            panic!("told to the app")
        };
        assert_eq!(
            parameter_of(back.location(), "error").as_deref(),
            Some("invalid_scope")
        );
    })
    .await;
}

#[tokio::test]
async fn row_45_accounts_that_were_not_offered_are_refused() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let (ona, jonas) = (house.enrol("ona").await, house.enrol("jonas").await);
        let mut browser = Browser::new(&house);
        let id = browser.arrive(&app, &[]).await;
        browser.sign_in(&id, &ona).await;
        for foreign in [
            jonas.accounts[0].clone(),
            AccountId::new("1"),
            AccountId::new("' OR 1=1 --"),
        ] {
            let go = browser
                .allow(&id, &[ona.accounts[0].clone(), foreign])
                .await;
            assert_eq!(problem_of(&go), Some(ProblemKind::Forged));
            assert!(matches!(browser.page(&id).await, Step::Consent(_)));
        }
        browser.allow(&id, &[]).await;
        assert_eq!(
            notice(&browser.page(&id).await),
            Some(&Notice::ChooseAccount)
        );
    })
    .await;
}

#[tokio::test]
async fn row_46_another_person_cannot_go_on_with_it() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let (ona, jonas) = (house.enrol("ona").await, house.enrol("jonas").await);
        let mut browser = Browser::new(&house);
        let id = browser.arrive(&app, &[]).await;
        browser.sign_in(&id, &ona).await;
        // Jonas signs in with the same browser, in another tab.
        let session = browser.session.take();
        let other = browser.arrive(&app, &[]).await;
        browser.sign_in(&other, &jonas).await;
        assert_eq!(
            problem(&browser.page(&id).await),
            Some(ProblemKind::OtherPerson)
        );
        // Nor by signing in on Ona's page once she has left.
        browser.session = None;
        assert!(matches!(browser.page(&id).await, Step::LogIn(_)));
        assert_eq!(
            problem_of(&browser.sign_in(&id, &jonas).await),
            Some(ProblemKind::OtherPerson)
        );
        // Ona herself goes on.
        browser.session = session;
        assert!(matches!(browser.page(&id).await, Step::Consent(_)));
    })
    .await;
}

#[tokio::test]
async fn row_51_nothing_tells_whether_a_name_exists() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let ona = house.enrol("ona").await;
        let mut seen = Vec::new();
        for name in [ona.name.as_str(), "nobody"] {
            let mut browser = Browser::new(&house);
            browser.address = if name == "nobody" {
                "192.0.2.10"
            } else {
                "198.51.100.10"
            }
            .parse()
            .expect("an address");
            let id = browser.arrive(&app, &[]).await;
            let mut notices = Vec::new();
            for _ in 0..7 {
                let before = db.store.statements();
                browser.log_in(&id, name, "wrong").await;
                notices.push((
                    notice(&browser.page(&id).await).cloned(),
                    db.store.statements() - before > 0,
                ));
            }
            seen.push(notices);
        }
        assert_eq!(seen[0], seen[1]);
        assert!(
            matches!(seen[0][4].0, Some(Notice::Paused { .. })),
            "five misses, then a pause: {:?}",
            seen[0]
        );
        assert_eq!(
            seen[0][2].0,
            Some(Notice::WrongDetails {
                tries_left: Some(2)
            })
        );
    })
    .await;
}

#[tokio::test]
async fn row_52_a_stranger_cannot_lock_a_known_browser_out() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let ona = house.enrol("ona").await;
        let mut home = Browser::new(&house);
        let id = home.arrive(&app, &[]).await;
        home.sign_in(&id, &ona).await;
        home.session = None;
        let mut stranger = Browser::new(&house);
        stranger.address = "203.0.113.5".parse().expect("an address");
        let guessing = stranger.arrive(&app, &[]).await;
        for _ in 0..6 {
            stranger.log_in(&guessing, &ona.name, "guess").await;
        }
        // Even with the right password the stranger's browser has to wait; Ona's own does not.
        stranger.sign_in(&guessing, &ona).await;
        assert!(matches!(
            notice(&stranger.page(&guessing).await),
            Some(Notice::Paused { .. })
        ));
        let id = home.arrive(&app, &[]).await;
        home.sign_in(&id, &ona).await;
        assert!(matches!(home.page(&id).await, Step::Consent(_)));
        // And she was told.
        let letters = store::outbox::find_newest_mails(db.store.reader(), None, 10)
            .await
            .expect("storage");
        assert_eq!(letters.len(), 1);
        assert_eq!(letters[0].recipient, "ona@mail.test");
        house.later(seconds(15 * 60));
        let id = stranger.arrive(&app, &[]).await;
        stranger.sign_in(&id, &ona).await;
        assert!(
            matches!(stranger.page(&id).await, Step::Consent(_)),
            "the pause is over"
        );
    })
    .await;
}

/// Brings an authorization to the code page.
async fn at_the_code(
    browser: &mut Browser<'_>,
    app: &App,
    person: &Person,
) -> protocol::ids::AuthorizationId {
    let id = browser.arrive(app, &[]).await;
    if matches!(browser.page(&id).await, Step::LogIn(_)) {
        browser.sign_in(&id, person).await;
    }
    browser.allow(&id, &person.accounts).await;
    id
}

#[tokio::test]
async fn row_53_a_code_is_good_once_and_five_misses_pause() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let ona = house.enrol("ona").await;
        let mut browser = Browser::new(&house);
        let id = at_the_code(&mut browser, &app, &ona).await;
        let code = house.code_of(&ona);
        assert!(parameter(&browser.confirm(&id, &code).await, "code").is_some());
        // The same code for another authorization, in the same half minute: a miss like any other.
        let id = at_the_code(&mut browser, &app, &ona).await;
        assert!(matches!(browser.confirm(&id, &code).await, Go::Step(_)));
        assert!(matches!(
            notice(&browser.page(&id).await),
            Some(Notice::WrongCode { help: false, .. })
        ));
        let wrong = house.wrong_code(&ona);
        for _ in 0..3 {
            browser.confirm(&id, &wrong).await;
        }
        assert_eq!(
            notice(&browser.page(&id).await),
            Some(&Notice::WrongCode {
                help: true,
                tries_left: Some(1)
            })
        );
        browser.confirm(&id, &wrong).await;
        assert!(matches!(
            notice(&browser.page(&id).await),
            Some(Notice::Paused { .. })
        ));
        // Starting over does not help, and the right code does not either, until the pause is over.
        house.later(seconds(60));
        let again = at_the_code(&mut browser, &app, &ona).await;
        assert!(matches!(
            browser.confirm(&again, &house.code_of(&ona)).await,
            Go::Step(_)
        ));
        assert!(matches!(
            notice(&browser.page(&again).await),
            Some(Notice::Paused { .. })
        ));
        house.later(seconds(15 * 60));
        browser.session = None;
        let later = at_the_code(&mut browser, &app, &ona).await;
        assert!(parameter(&browser.confirm(&later, &house.code_of(&ona)).await, "code").is_some());
    })
    .await;
}

#[tokio::test]
async fn row_53_a_challenge_for_one_thing_confirms_nothing_else() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let ona = house.enrol("ona").await;
        let mut browser = Browser::new(&house);
        let id = at_the_code(&mut browser, &app, &ona).await;
        // Somebody changes what was consented to, under the challenge that was made for something else.
        let row = store::authorizations::find_authorization(db.store.reader(), &id)
            .await
            .expect("storage")
            .expect("a row");
        let mut changed = row.clone();
        changed.stage = protocol::authorization::Stage::Consented {
            user: ona.id.clone(),
            accounts: ona.accounts[..1].to_vec(),
        };
        let advanced = house
            .write(move |tx| {
                Box::pin(async move {
                    store::authorizations::advance_authorization(tx, "consented", &changed).await
                })
            })
            .await;
        assert!(advanced.is_yes());
        let go = browser.confirm(&id, &house.code_of(&ona)).await;
        assert_eq!(problem_of(&go), Some(ProblemKind::PaymentChanged));
    })
    .await;
}

#[tokio::test]
async fn play_money_and_real_money_never_meet() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let live = house
            .app_with("bank-app", |record| {
                record.client.environment = Environment::Live;
                record.client.pkce = PkcePolicy::Required;
            })
            .await;
        let (play, real) = (
            house.enrol("ona").await,
            house.enrol_in(Environment::Live, "rasa").await,
        );
        let mut browser = Browser::new(&house);
        let id = browser.arrive(&live, &[]).await;
        browser.sign_in(&id, &play).await;
        assert!(
            matches!(
                notice(&browser.page(&id).await),
                Some(Notice::WrongDetails { .. })
            ),
            "no such person here"
        );
        browser.sign_in(&id, &real).await;
        browser.allow(&id, &real.accounts).await;
        // With real money an empty code is never enough.
        browser.confirm(&id, "").await;
        assert_eq!(
            notice(&browser.page(&id).await),
            Some(&Notice::Missing {
                field: "code".into()
            })
        );
        assert!(parameter(&browser.confirm(&id, &house.code_of(&real)).await, "code").is_some());

        // In the sandbox a code is checked only when it is filled in.
        let sandbox = house.app("shop").await;
        let mut browser = Browser::new(&house);
        let id = at_the_code(&mut browser, &sandbox, &play).await;
        browser.confirm(&id, &house.wrong_code(&play)).await;
        assert!(matches!(
            notice(&browser.page(&id).await),
            Some(Notice::WrongCode { .. })
        ));
        assert!(parameter(&browser.confirm(&id, " ").await, "code").is_some());
    })
    .await;
}

#[tokio::test]
async fn every_registered_address_of_the_stories_is_reached_only_by_matching_it() {
    // The set of addresses that answers can lead to is what was registered, whatever is asked.
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.reviewed_app("shop").await;
        let mut browser = Browser::new(&house);
        let mut reached = BTreeSet::new();
        for (name, value) in [
            ("scope", "nope"),
            ("response_type", "token"),
            ("prompt", "none login"),
            ("request", "x"),
        ] {
            if let Began::Redirect(back) = arrive_changed(&mut browser, &app, name, value).await {
                reached.insert(
                    back.location()
                        .split('?')
                        .next()
                        .unwrap_or_default()
                        .to_owned(),
                );
            }
        }
        assert_eq!(reached.into_iter().collect::<Vec<_>>(), [REDIRECT_URI]);
    })
    .await;
}
