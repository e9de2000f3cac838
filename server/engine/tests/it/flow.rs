//! A person approves an app: the pages in order, and everything that people do instead.

use engine::{
    begin::Began,
    visit::{Go, Proof},
};
use protocol::{
    authorization::{Notice, Outcome, ProblemKind, Step},
    ids::TraceId,
    trail::Verdict,
};
use store::testing::on_each_database;

use crate::{
    browser::{Browser, frame, notice, parameter, parameter_of, problem, problem_of, request_of},
    house::{House, REDIRECT_URI, code_of, exchange_form, seconds},
};

/// The payment of the stories: 20.00 EUR.
pub const PAYMENT: &str = r#"[{"type":"payment_initiation","instructedAmount":{"currency":"EUR","amount":"20.00"},"creditorName":"UAB Elektra","creditorAccount":{"iban":"LT121000011101001000"}}]"#;

#[tokio::test]
async fn a_person_signs_in_consents_confirms_and_the_app_gets_tokens() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let ona = house.enrol("ona").await;
        let mut browser = Browser::new(&house);
        let id = browser.arrive(&app, &[]).await;
        let Step::LogIn(page) = browser.page(&id).await else {
            panic!("sign in first")
        };
        assert_eq!(
            (
                page.frame.app.name.as_str(),
                page.frame.app.return_host.as_str()
            ),
            ("The shop", "shop.example")
        );

        assert!(matches!(browser.sign_in(&id, &ona).await, Go::Step(_)));
        let Step::Consent(page) = browser.page(&id).await else {
            panic!("then consent")
        };
        assert_eq!(page.accounts.len(), 3);
        assert_eq!(page.days, 180);
        // Before strong authentication the holder's own names and balances stay hidden.
        assert!(
            page.accounts
                .iter()
                .all(|account| account.name.is_none() && account.available.is_none())
        );

        assert!(matches!(
            browser.allow(&id, &ona.accounts[..2]).await,
            Go::Step(_)
        ));
        let Step::Confirm(page) = browser.page(&id).await else {
            panic!("then the code")
        };
        assert_eq!(page.accounts.len(), 2);

        let back = browser.confirm(&id, &house.code_of(&ona)).await;
        assert_eq!(parameter(&back, "state").as_deref(), Some("xyz"));
        assert_eq!(
            parameter(&back, "iss").as_deref(),
            Some("http://127.0.0.1:3000")
        );
        let code = parameter(&back, "code").expect("a code");
        let tokens = house
            .token(&app, &exchange_form(&code))
            .await
            .expect("tokens");
        let access = house
            .engine
            .access(&tokens.access_token)
            .await
            .expect("storage")
            .expect("good");
        let mut shared = access.consent.as_ref().expect("a consent").accounts.clone();
        shared.sort();
        let mut ticked = ona.accounts[..2].to_vec();
        ticked.sort();
        assert_eq!(shared, ticked, "exactly the accounts that were ticked");
    })
    .await;
}

#[tokio::test]
async fn nothing_is_written_before_the_person_acts() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let mut browser = Browser::new(&house);
        let before = db.store.statements();
        let id = browser.arrive(&app, &[]).await;
        browser.page(&id).await;
        let reads = db.store.statements() - before;
        assert!(
            reads <= 3,
            "{reads} statements for a visitor who only looks"
        );
        let row = store::authorizations::find_authorization(db.store.reader(), &id)
            .await
            .expect("storage");
        assert!(row.is_none());
    })
    .await;
}

#[tokio::test]
async fn a_payment_is_confirmed_with_amount_and_payee_and_the_account_chosen_after() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let ona = house.enrol("ona").await;
        let mut browser = Browser::new(&house);
        let id = browser
            .arrive(
                &app,
                &[
                    ("scope", "transferFunds"),
                    ("authorization_details", PAYMENT),
                ],
            )
            .await;
        browser.sign_in(&id, &ona).await;
        let Step::Confirm(page) = browser.page(&id).await else {
            panic!("no consent page for one payment")
        };
        let payment = page.payment.as_ref().expect("the payment on the code page");
        assert_eq!(
            (payment.amount.as_str(), payment.creditor_name.as_str()),
            ("20.00", "UAB Elektra")
        );
        assert!(page.can.is_empty(), "one payment is not a permission");

        assert!(matches!(
            browser.confirm(&id, &house.code_of(&ona)).await,
            Go::Step(_)
        ));
        let Step::PayFrom(page) = browser.page(&id).await else {
            panic!("then the account")
        };
        assert_eq!(page.accounts.len(), 2, "only accounts in euros");
        assert!(
            page.accounts
                .iter()
                .all(|account| account.name.is_some() && account.available.is_some())
        );
        let back = browser.pay_from(&id, &ona.accounts[1]).await;
        let code = parameter(&back, "code").expect("a code");
        let tokens = house
            .token(&app, &exchange_form(&code))
            .await
            .expect("tokens");
        assert!(tokens.payment.is_some() && tokens.refresh_token.is_none());
        let access = house
            .engine
            .access(&tokens.access_token)
            .await
            .expect("storage")
            .expect("good");
        assert_eq!(
            access.consent.as_ref().expect("a consent").accounts,
            [ona.accounts[1].clone()]
        );
    })
    .await;
}

#[tokio::test]
async fn a_payer_account_with_too_little_money_is_told_after_the_code_and_another_can_be_chosen() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let ona = house.enrol("ona").await;
        let mut browser = Browser::new(&house);
        let details = PAYMENT.replace("20.00", "1000.01");
        let id = browser
            .arrive(
                &app,
                &[
                    ("scope", "transferFunds"),
                    ("authorization_details", &details),
                ],
            )
            .await;
        browser.sign_in(&id, &ona).await;
        browser.confirm(&id, &house.code_of(&ona)).await;
        assert!(matches!(
            browser.pay_from(&id, &ona.accounts[0]).await,
            Go::Step(_)
        ));
        let page = browser.page(&id).await;
        assert_eq!(notice(&page), Some(&Notice::TooLittleMoney));
        assert!(matches!(page, Step::PayFrom(_)));
        // Somebody else's account, and one in another currency, were never offered.
        assert_eq!(
            problem_of(&browser.pay_from(&id, &ona.accounts[2]).await),
            Some(ProblemKind::Forged)
        );
        let back = browser.deny(&id).await;
        assert_eq!(parameter(&back, "error").as_deref(), Some("access_denied"));
    })
    .await;
}

#[tokio::test]
async fn saying_no_works_at_every_step_and_before_signing_in() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let ona = house.enrol("ona").await;
        for steps in 0..3 {
            let mut browser = Browser::new(&house);
            let id = browser.arrive(&app, &[]).await;
            if steps > 0 {
                browser.sign_in(&id, &ona).await;
            }
            if steps > 1 {
                browser.allow(&id, &ona.accounts).await;
            }
            let back = browser.deny(&id).await;
            for (name, value) in [
                ("error", "access_denied"),
                ("state", "xyz"),
                ("iss", "http://127.0.0.1:3000"),
            ] {
                assert_eq!(
                    parameter(&back, name).as_deref(),
                    Some(value),
                    "after {steps} steps"
                );
            }
            // The reference that the app is told opens the decision in its request log.
            let told = parameter(&back, "error_description").expect("words");
            let reference = told.rsplit_once("ref ").map(|(_, reference)| reference);
            let reference = reference.map(|text| text.trim_end_matches(')'));
            let trace = reference.and_then(TraceId::parse).expect("a reference");
            house.engine.flush_requests().await.expect("a log");
            let clients = [app.id.clone()];
            let logged = house.engine.request_detail(&clients, trace).await;
            let logged = logged.expect("storage").expect("an entry");
            let last = logged.steps.last().expect("steps");
            assert_eq!(
                (last.step.as_str(), last.verdict),
                ("decision", Verdict::Failed)
            );
            // Back shows what was decided, not an error.
            let Step::Finished(page) = browser.page(&id).await else {
                panic!("it is over")
            };
            assert_eq!(page.outcome, Outcome::Denied);
        }
    })
    .await;
}

#[tokio::test]
async fn five_tabs_at_once_never_share_anything() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let (shop, budget) = (house.app("shop").await, house.app("budget").await);
        let ona = house.enrol("ona").await;
        let mut browser = Browser::new(&house);
        let mut tabs = Vec::new();
        for at in 0..5 {
            let app = if at % 2 == 0 { &shop } else { &budget };
            let state = format!("tab-{at}");
            tabs.push((browser.arrive(app, &[("state", &state)]).await, app, state));
        }
        browser.sign_in(&tabs[0].0.clone(), &ona).await;
        // The others go on without a second sign-in, each on its own step, each with its own app.
        for (id, app, _) in &tabs {
            let page = browser.page(id).await;
            assert!(matches!(page, Step::Consent(_)));
            assert_eq!(frame(&page).app.name, format!("The {}", app.id));
        }
        for (id, app, state) in tabs.into_iter().rev() {
            browser.allow(&id, &ona.accounts[..1]).await;
            let back = browser.confirm(&id, &house.code_of(&ona)).await;
            assert_eq!(parameter(&back, "state"), Some(state));
            let code = parameter(&back, "code").expect("a code");
            assert!(house.token(app, &exchange_form(&code)).await.is_ok());
            house.later(seconds(30)); // one code of the authenticator is good once
        }
    })
    .await;
}

#[tokio::test]
async fn a_double_post_gets_the_first_result_and_nothing_twice() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let ona = house.enrol("ona").await;
        let mut browser = Browser::new(&house);
        let id = browser.arrive(&app, &[]).await;
        browser.sign_in(&id, &ona).await;
        browser.allow(&id, &ona.accounts).await;
        let token = browser.token(&id).await;
        let (visit, code) = (browser.visit(&id), house.code_of(&ona));
        let posts = (0..8).map(|_| {
            house
                .engine
                .confirm(&visit, &token, Proof::Code(code.clone()))
        });
        let mut codes = Vec::new();
        for answer in futures_util::future::join_all(posts).await {
            codes.push(parameter(&answer.go, "code").expect("every post gets the result"));
        }
        codes.dedup();
        assert_eq!(codes.len(), 1, "one code for all of them");
        let consents = store::consents::find_consents_of_user(db.store.reader(), &ona.id, 10)
            .await
            .expect("storage");
        assert_eq!(consents.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn the_first_press_decides_between_allow_and_no() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let ona = house.enrol("ona").await;
        let mut browser = Browser::new(&house);
        let id = browser.arrive(&app, &[]).await;
        browser.sign_in(&id, &ona).await;
        browser.allow(&id, &ona.accounts).await;
        let token = browser.token(&id).await;
        let visit = browser.visit(&id);
        browser.deny(&id).await;
        let late = house
            .engine
            .confirm(&visit, &token, Proof::Code(house.code_of(&ona)))
            .await;
        assert!(matches!(late.go, Go::Step(_)), "no code after a no");
        let consents = store::consents::find_consents_of_user(db.store.reader(), &ona.id, 10)
            .await
            .expect("storage");
        assert!(consents.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_request_runs_out_after_half_an_hour_and_the_app_is_told() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let mut browser = Browser::new(&house);
        let id = browser.arrive(&app, &[]).await;
        house.later(seconds(1_799));
        assert!(matches!(browser.page(&id).await, Step::LogIn(_)));
        house.later(seconds(1));
        let Step::Problem(page) = browser.page(&id).await else {
            panic!("it has run out")
        };
        assert_eq!(page.kind, ProblemKind::Expired);
        let back = page.way_back.expect("a way back");
        assert!(back.starts_with(REDIRECT_URI));
        assert_eq!(
            parameter_of(&back, "error").as_deref(),
            Some("access_denied")
        );
        assert_eq!(parameter_of(&back, "state").as_deref(), Some("xyz"));
        assert!(
            parameter_of(&back, "error_description")
                .expect("words")
                .contains("interaction_expired")
        );
    })
    .await;
}

#[tokio::test]
async fn five_idle_minutes_after_signing_in_end_it_and_staying_prolongs_it() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let ona = house.enrol("ona").await;
        let mut browser = Browser::new(&house);
        let id = browser.arrive(&app, &[]).await;
        browser.sign_in(&id, &ona).await;
        house.later(seconds(240));
        let token = browser.token(&id).await;
        house.engine.stay(&browser.visit(&id), &token).await;
        house.later(seconds(299));
        assert!(matches!(browser.page(&id).await, Step::Consent(_)));
        house.later(seconds(1));
        assert_eq!(
            problem(&browser.page(&id).await),
            Some(ProblemKind::Expired)
        );
    })
    .await;
}

#[tokio::test]
async fn without_its_cookie_an_authorization_belongs_to_nobody() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let ona = house.enrol("ona").await;
        let mut browser = Browser::new(&house);
        let id = browser.arrive(&app, &[]).await;
        browser.sign_in(&id, &ona).await;
        assert_eq!(
            problem(&Browser::new(&house).page(&id).await),
            Some(ProblemKind::Cookies)
        );
        // Nor with the cookie of another interaction, or a changed one.
        let other = browser.arrive(&app, &[]).await;
        let mut visit = browser.visit(&id);
        visit.sealed = browser.visit(&other).sealed;
        assert_eq!(
            problem(&house.engine.step(&visit, false).await),
            Some(ProblemKind::Cookies)
        );
        visit.sealed = browser
            .visit(&id)
            .sealed
            .map(|value| value.replace(|c: char| c.is_ascii_digit(), "x"));
        assert_eq!(
            problem(&house.engine.step(&visit, false).await),
            Some(ProblemKind::Cookies)
        );
    })
    .await;
}

#[tokio::test]
async fn an_app_that_is_switched_off_in_the_middle_gets_nothing() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let ona = house.enrol("ona").await;
        let mut browser = Browser::new(&house);
        let id = browser.arrive(&app, &[]).await;
        browser.sign_in(&id, &ona).await;
        browser.allow(&id, &ona.accounts).await;
        house
            .engine
            .suspend_client(&app.id)
            .await
            .expect("suspended");
        assert_eq!(problem(&browser.page(&id).await), Some(ProblemKind::AppOff));
    })
    .await;
}

#[tokio::test]
async fn a_recovery_code_confirms_once() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let ona = house.enrol("ona").await;
        let mut browser = Browser::new(&house);
        for expected in [true, false] {
            let id = browser.arrive(&app, &[]).await;
            if matches!(browser.page(&id).await, Step::LogIn(_)) {
                browser.sign_in(&id, &ona).await;
            }
            browser.allow(&id, &ona.accounts).await;
            let typed = ona.recovery_codes[0].to_lowercase().replace('-', " ");
            let back = browser.prove(&id, Proof::RecoveryCode(typed)).await;
            assert_eq!(parameter(&back, "code").is_some(), expected);
        }
        let left = store::authenticators::find_recovery_codes_left(db.store.reader(), &ona.id)
            .await
            .expect("storage");
        assert_eq!(
            left,
            u64::try_from(ona.recovery_codes.len()).expect("few") - 1
        );
    })
    .await;
}

#[tokio::test]
async fn more_interactions_than_a_browser_keeps_make_room() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let mut browser = Browser::new(&house);
        for _ in 0..40 {
            browser.arrive(&app, &[]).await;
        }
        assert!(
            browser.cookies.len() <= 12,
            "{} cookies",
            browser.cookies.len()
        );
        let bytes: usize = browser
            .cookies
            .iter()
            .map(|(name, value)| name.len() + value.len() + 3)
            .sum();
        assert!(bytes < 12 * 1_024, "{bytes} bytes of cookies");
    })
    .await;
}

#[tokio::test]
async fn prompt_none_is_answered_without_a_page() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let mut browser = Browser::new(&house);
        let mut parameters = request_of(&app);
        parameters.push(("prompt", "none"));
        let Began::Redirect(back) = browser.arrive_with(&parameters).await else {
            panic!("no page")
        };
        assert_eq!(
            parameter_of(back.location(), "error").as_deref(),
            Some("login_required")
        );
        let answer = house.token(&app, &exchange_form("cs_ac_nothing")).await;
        assert_eq!(code_of(&answer), Some("invalid_grant"));
    })
    .await;
}
