//! The regulatory technical standards (Delegated Regulation (EU) 2018/389, amended by (EU) 2022/2360), as far as
//! they concern account information: one story or more for each article, named after it.

use std::collections::BTreeSet;

use engine::{
    Settings,
    access::Inactive,
    account_information::{InformationRefusal, Manner, StatementRequest, WantedStatus},
    audit::AuditFilter,
    bank::PageMark,
    visit::Go,
};
use futures_util::future::join_all;
use protocol::{
    account_consent::{ConsentState, FRESH},
    authorization::{Notice, ProblemKind, Step},
    client::Environment,
};
use serde_json::json;
use store::testing::{TestDatabase, on_each_database};

use crate::{
    account_consents::Scene,
    browser::{Browser, notice, parameter, problem},
    house::{House, access_token, refresh_token, seconds, settings},
};

const DAY: u64 = 86_400;

fn all() -> serde_json::Value {
    json!({ "accounts": [], "balances": [], "transactions": [] })
}

#[tokio::test]
async fn rts_article_4_1_a_code_is_accepted_once_for_account_access() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let code = scene.house.code_of(&scene.ona);
        let mut passed = 0;
        for _ in 0..2 {
            let made = scene.offered().await;
            let (mut browser, page) = scene.signed_in(&made.consent.id, &scene.ona).await;
            browser.allow(&page, &scene.ona.accounts[..1]).await;
            let go = browser.confirm(&page, &code).await;
            passed += u32::from(parameter(&go, "code").is_some());
        }
        assert_eq!(passed, 1);
    })
    .await;
}

#[tokio::test]
async fn rts_article_4_3_a_a_failure_does_not_tell_which_element_was_wrong() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let app = scene
            .house
            .reviewed_app_with("live", |client| client.environment = Environment::Live)
            .await;
        scene.house.enrol_in(Environment::Live, "live").await;
        let mut told = Vec::new();
        for name in ["live", "nobody"] {
            let mut browser = Browser::new(&scene.house);
            let page = browser.arrive(&app, &[("scope", "ais")]).await;
            browser.log_in(&page, name, "wrong").await;
            told.push(notice(&browser.page(&page).await).cloned());
        }
        assert_eq!(told[0], told[1], "name or password");
        assert!(matches!(told[0], Some(Notice::WrongDetails { .. })));
    })
    .await;
}

#[tokio::test]
async fn rts_article_4_3_b_no_more_than_five_codes_in_a_row_may_be_wrong() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let made = scene.offered().await;
        let (mut browser, page) = scene.signed_in(&made.consent.id, &scene.ona).await;
        browser.allow(&page, &scene.ona.accounts[..1]).await;
        for _ in 0..5 {
            let wrong = scene.house.wrong_code(&scene.ona);
            browser.confirm(&page, &wrong).await;
        }
        let right = scene.house.code_of(&scene.ona);
        let go = browser.confirm(&page, &right).await;
        assert!(
            matches!(go, Go::Step(_)),
            "blocked, with the right code too"
        );
        assert!(matches!(
            notice(&browser.page(&page).await),
            Some(Notice::Paused { .. })
        ));
        assert_eq!(scene.state(&made.consent.id).await, ConsentState::Received);
    })
    .await;
}

#[tokio::test]
async fn rts_article_4_3_d_the_page_ends_after_five_minutes_without_activity() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let made = scene.offered().await;
        let (browser, page) = scene.signed_in(&made.consent.id, &scene.ona).await;
        scene.house.later(seconds(299));
        assert!(matches!(browser.page(&page).await, Step::Consent(_)));
        scene.house.later(seconds(1));
        assert_eq!(
            problem(&browser.page(&page).await),
            Some(ProblemKind::Expired)
        );
    })
    .await;
}

#[tokio::test]
async fn rts_article_10a_the_first_access_needs_strong_authentication_and_so_does_the_next_after_180_days()
 {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let id = scene.offered().await.consent.id;
        let (mut browser, page) = scene.signed_in(&id, &scene.ona).await;
        browser.allow(&page, &scene.ona.accounts[..1]).await;
        assert_eq!(
            scene.state(&id).await,
            ConsentState::Received,
            "a password is not enough"
        );
        let go = browser
            .confirm(&page, &scene.house.code_of(&scene.ona))
            .await;
        let mut tokens = scene
            .exchange(&parameter(&go, "code").expect("a code"))
            .await;
        let made_at = scene.house.now();

        // However often it is refreshed, nothing outlives the 180 days, and nobody is asked before.
        for _ in 0..5 {
            scene.house.later(seconds(35 * DAY));
            let refreshed = scene
                .house
                .refresh(&scene.app, &refresh_token(&tokens))
                .await;
            tokens = refreshed.expect("within 180 days");
            let account = &scene.ona.accounts[0];
            assert_eq!(scene.balances(&tokens, account, true).await, Ok(()));
            assert!(tokens.expires_at <= made_at + seconds(180 * DAY));
        }
        scene
            .house
            .later(seconds(5 * DAY) - std::time::Duration::from_millis(1));
        let refreshed = scene
            .house
            .refresh(&scene.app, &refresh_token(&tokens))
            .await;
        let last = refreshed.expect("a millisecond before");
        assert!(scene.access(&last).await.is_ok());
        scene.house.later(std::time::Duration::from_millis(1));
        assert_eq!(
            scene.access(&last).await.unwrap_err(),
            Inactive::ConsentExpired
        );
        let refreshed = scene.house.refresh(&scene.app, &refresh_token(&last)).await;
        assert!(
            refreshed.is_err(),
            "the refresh token ends with the consent"
        );
        assert_eq!(scene.state(&id).await, ConsentState::Expired);
    })
    .await;
}

#[tokio::test]
async fn rts_article_10a_no_setting_makes_a_consent_longer_than_180_days() {
    on_each_database(async |db| {
        let long = Settings {
            consent_lifetime: seconds(400 * DAY),
            ..settings()
        };
        let scene = Scene::in_house(House::with(&db.store, long)).await;
        let seen = scene.offered().await.consent;
        let limit = scene.house.now() + seconds(180 * DAY);
        assert_eq!(seen.valid_until, (limit - seconds(1)).date());
        let mut browser = Browser::new(&scene.house);
        let page = browser.arrive(&scene.app, &[("scope", "ais")]).await;
        browser.sign_in(&page, &scene.ona).await;
        let Step::Consent(view) = browser.page(&page).await else {
            panic!("the consent page is due");
        };
        assert_eq!((view.until, view.days), (limit, 180));
    })
    .await;
}

#[tokio::test]
async fn rts_article_10a_older_transactions_need_a_fresh_code() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let id = scene.offered().await.consent.id;
        let account = scene.ona.accounts[..1].to_vec();
        let tokens = scene.tokens(&id, &scene.ona, &account).await;
        assert_eq!(
            scene.statement(&tokens, &account[0], 700).await,
            Ok(()),
            "just now"
        );
        scene.house.later(FRESH);
        let refused = Err(InformationRefusal::NotFresh);
        assert_eq!(scene.statement(&tokens, &account[0], 91).await, refused);
        assert_eq!(scene.statement(&tokens, &account[0], 90).await, Ok(()));
        // The person confirms once more: the same consent, and older ones can be read again.
        let code = scene.agreed(&id, &scene.ona, &account).await;
        let again = scene.exchange(&code).await;
        assert_eq!(scene.statement(&again, &account[0], 700).await, Ok(()));
    })
    .await;
}

#[tokio::test]
async fn rts_article_29_every_step_of_a_consent_is_traced() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let made = scene.offered().await;
        let id = &made.consent.id;
        scene.tokens(id, &scene.ona, &scene.ona.accounts[..1]).await;
        let engine = &scene.house.engine;
        let withdrawn = engine.withdraw_consent(&scene.ona.id, id).await;
        assert_eq!(
            withdrawn.expect("storage"),
            Some(Ok(ConsentState::RevokedByPsu))
        );
        let events = engine
            .audit_events(&AuditFilter::default(), None, 100)
            .await;
        let of_consent: Vec<_> = events
            .expect("storage")
            .into_iter()
            .filter(|event| event.object == format!("consent:{id}"))
            .collect();
        let actions: BTreeSet<&str> = of_consent
            .iter()
            .map(|event| event.action.as_str())
            .collect();
        assert_eq!(
            actions,
            [
                "consent.asked",
                "consent.agreed",
                "consent.changed",
                "tokens.issued"
            ]
            .into()
        );
        let ended = of_consent
            .iter()
            .find(|event| event.action == "consent.changed")
            .expect("told");
        assert_eq!(ended.actor, format!("user:{}", scene.ona.id));
        assert_eq!(
            ended.detail,
            json!({ "from": "valid", "to": "revokedByPsu" }).to_string()
        );
    })
    .await;
}

#[tokio::test]
async fn rts_article_30_5_the_testing_facility_needs_no_real_person() {
    on_each_database(async |db| {
        let open = Settings {
            sandbox_open: true,
            ..settings()
        };
        let scene = Scene::in_house(House::with(&db.store, open)).await;
        let id = scene.offered().await.consent.id;
        let mut browser = Browser::new(&scene.house);
        let scope = format!("AIS:{id}");
        let page = browser
            .arrive(&scene.app, &[("scope", scope.as_str())])
            .await;
        browser.log_in(&page, "tester", "anything").await;
        let Step::Consent(view) = browser.page(&page).await else {
            panic!("signed in");
        };
        browser.allow(&page, &[view.accounts[0].id.clone()]).await;
        let go = browser.confirm(&page, "").await;
        let tokens = scene
            .exchange(&parameter(&go, "code").expect("a code"))
            .await;
        assert_eq!(
            scene.statement(&tokens, &view.accounts[0].id, 200).await,
            Ok(())
        );
    })
    .await;
}

#[tokio::test]
async fn rts_article_32_3_three_pages_and_no_obstacle_between() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let id = scene.offered().await.consent.id;
        let mut browser = Browser::new(&scene.house);
        let scope = format!("AIS:{id}");
        let page = browser
            .arrive(&scene.app, &[("scope", scope.as_str())])
            .await;
        assert!(matches!(browser.page(&page).await, Step::LogIn(_)));
        browser.sign_in(&page, &scene.ona).await;
        assert!(matches!(browser.page(&page).await, Step::Consent(_)));
        browser.allow(&page, &scene.ona.accounts[..1]).await;
        assert!(matches!(browser.page(&page).await, Step::Confirm(_)));
        let go = browser.confirm(&page, "").await;
        assert!(matches!(go, Go::Client(_)), "and straight back to the app");
    })
    .await;
}

#[tokio::test]
async fn rts_article_35_what_is_done_ends_its_access() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let ona = &scene.ona;
        let access = json!({ "balances": [], "transactions": [] });
        let made = scene.made(access, false).await;
        let tokens = scene
            .tokens(&made.consent.id, ona, &ona.accounts[..2])
            .await;
        assert!(tokens.refresh_token.is_none(), "one look, no way back");
        let (first, second) = (&ona.accounts[0], &ona.accounts[1]);
        assert_eq!(scene.balances(&tokens, first, true).await, Ok(()));
        let again = scene.balances(&tokens, first, true).await;
        assert_eq!(
            again,
            Err(InformationRefusal::TooOften),
            "each once, with the person too"
        );
        assert_eq!(scene.balances(&tokens, second, false).await, Ok(()));
        assert_eq!(scene.statement(&tokens, first, 10).await, Ok(()));
        assert_eq!(
            scene.state(&made.consent.id).await,
            ConsentState::Valid,
            "something is left"
        );
        assert_eq!(scene.statement(&tokens, second, 10).await, Ok(()));
        assert_eq!(
            scene.state(&made.consent.id).await,
            ConsentState::Expired,
            "all was read"
        );
        assert_eq!(
            scene.access(&tokens).await.unwrap_err(),
            Inactive::ConsentExpired
        );

        // Whoever does not read all has an hour.
        let made = scene.made(all(), false).await;
        let tokens = scene
            .tokens(&made.consent.id, ona, &ona.accounts[..1])
            .await;
        scene.house.later(seconds(3599));
        assert!(scene.access(&tokens).await.is_ok());
        scene.house.later(seconds(1));
        assert!(scene.access(&tokens).await.is_err());
        assert_eq!(scene.state(&made.consent.id).await, ConsentState::Expired);
    })
    .await;
}

#[tokio::test]
async fn rts_article_36_5_four_times_in_24_hours_without_the_person() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let ona = &scene.ona;
        let made = scene.offered().await;
        let tokens = scene
            .tokens(&made.consent.id, ona, &ona.accounts[..2])
            .await;
        let mut refresh = refresh_token(&tokens);
        let (first, second) = (&ona.accounts[0], &ona.accounts[1]);
        for _ in 0..4 {
            assert_eq!(scene.balances(&tokens, first, false).await, Ok(()));
            scene.house.later(seconds(600));
        }
        let too_often = Err(InformationRefusal::TooOften);
        assert_eq!(scene.balances(&tokens, first, false).await, too_often);
        assert_eq!(
            scene.balances(&tokens, second, false).await,
            Ok(()),
            "each account by itself"
        );
        assert_eq!(
            scene.statement(&tokens, first, 10).await,
            Ok(()),
            "each kind by itself"
        );
        assert_eq!(
            scene.balances(&tokens, first, true).await,
            Ok(()),
            "the person is there"
        );

        // In any span of 24 hours, not by the calendar: the first read must be that old.
        scene.house.later(seconds(DAY - 4 * 600 - 1));
        let mut fresh = async || {
            let next = scene
                .house
                .refresh(&scene.app, &refresh)
                .await
                .expect("refreshed");
            refresh = refresh_token(&next);
            next
        };
        let tokens = fresh().await;
        assert_eq!(scene.balances(&tokens, first, false).await, too_often);
        scene.house.later(seconds(1));
        assert_eq!(scene.balances(&tokens, first, false).await, Ok(()));
        assert_eq!(
            scene.balances(&tokens, first, false).await,
            too_often,
            "one has become free"
        );
        scene.house.later(seconds(600));
        assert_eq!(scene.balances(&tokens, first, false).await, Ok(()));
    })
    .await;
}

#[tokio::test]
async fn rts_article_36_5_a_restart_and_a_second_node_change_nothing() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let ona = &scene.ona;
        let made = scene.offered().await;
        let tokens = scene
            .tokens(&made.consent.id, ona, &ona.accounts[..1])
            .await;
        let neighbour = scene.house.neighbour(&db.store, 99);
        let account = &ona.accounts[0];
        let read = |house: &House| {
            let engine = house.engine.clone();
            let presented = protocol::secret::Secret::presented(&access_token(&tokens));
            async move {
                let access = engine
                    .access(&presented)
                    .await
                    .expect("storage")
                    .expect("good");
                let read = engine
                    .account_balances(&access, account, Manner::default())
                    .await;
                read.expect("storage").is_ok()
            }
        };
        let houses = [&scene.house, &neighbour];
        let reads = join_all((0..12).map(|at| read(houses[at % 2]))).await;
        assert_eq!(reads.iter().filter(|passed| **passed).count(), 4);
        let restarted = scene.house.neighbour(&db.store, 100);
        assert!(!read(&restarted).await);
    })
    .await;
}

#[tokio::test]
async fn rts_article_36_5_balances_in_the_list_count_and_pages_of_one_reading_do_not() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let ona = &scene.ona;
        let made = scene
            .made(json!({ "balances": [], "transactions": [] }), true)
            .await;
        let tokens = scene
            .tokens(&made.consent.id, ona, &ona.accounts[..1])
            .await;
        let access = scene.good(&tokens).await;
        let engine = &scene.house.engine;
        let account = &ona.accounts[0];
        let with_balance = Manner {
            with_balance: true,
            ..Manner::default()
        };
        for _ in 0..4 {
            let list = engine.account_list(&access, with_balance).await;
            assert!(list.expect("storage").is_ok());
        }
        let list = engine.account_list(&access, with_balance).await;
        assert_eq!(
            list.expect("storage").err(),
            Some(InformationRefusal::TooOften)
        );
        assert_eq!(
            scene.balances(&tokens, account, false).await,
            Err(InformationRefusal::TooOften)
        );

        let first = StatementRequest {
            from: None,
            to: None,
            status: WantedStatus::Booked,
            after: None,
            limit: 1,
        };
        let unattended = Manner::default();
        for _ in 0..4 {
            let read = engine.statement(&access, account, &first, unattended).await;
            assert!(read.expect("storage").is_ok());
        }
        let next = StatementRequest {
            after: PageMark::parse(&format!("{}.a", scene.house.now().millis())),
            ..first.clone()
        };
        let read = engine.statement(&access, account, &first, unattended).await;
        assert_eq!(
            read.expect("storage").err(),
            Some(InformationRefusal::TooOften)
        );
        assert!(next.after.is_some());
        let read = engine.statement(&access, account, &next, unattended).await;
        assert!(
            read.expect("storage").is_ok(),
            "a page of a reading that was counted"
        );
        scene.house.later(seconds(900));
        let read = engine.statement(&access, account, &next, unattended).await;
        assert_eq!(
            read.expect("storage").err(),
            Some(InformationRefusal::TooOften)
        );
    })
    .await;
}

#[tokio::test]
async fn one_recurring_consent_per_app_and_person_and_the_new_one_stays() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let ona = &scene.ona;
        let first = scene.offered().await.consent.id;
        let tokens = scene.tokens(&first, ona, &ona.accounts[..1]).await;
        let jonas = scene.offered().await.consent.id;
        let jonas_tokens = scene
            .tokens(&jonas, &scene.jonas, &scene.jonas.accounts[..1])
            .await;
        let wallet = scene.house.tokens(&scene.app, &ona.id, "wallet").await;
        // One look ends nothing.
        let once = scene.made(all(), false).await.consent.id;
        scene.tokens(&once, ona, &ona.accounts[..1]).await;
        assert_eq!(scene.state(&first).await, ConsentState::Valid);

        let second = scene.offered().await.consent.id;
        let newer = scene.tokens(&second, ona, &ona.accounts[1..2]).await;
        assert_eq!(scene.state(&first).await, ConsentState::Expired);
        assert_eq!(
            scene.access(&tokens).await.unwrap_err(),
            Inactive::ConsentExpired
        );
        let refreshed = scene
            .house
            .refresh(&scene.app, &refresh_token(&tokens))
            .await;
        assert!(refreshed.is_err());
        for kept in [&newer, &jonas_tokens, &wallet] {
            assert!(scene.access(kept).await.is_ok(), "{:?}", kept.scope);
        }
        for kept in [&jonas, &once, &second] {
            assert_eq!(scene.state(kept).await, ConsentState::Valid);
        }
    })
    .await;
}

#[tokio::test]
async fn withdrawn_on_one_side_is_withdrawn_on_every_side() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let ona = &scene.ona;
        let engine = &scene.house.engine;
        let neighbour = scene.house.neighbour(&db.store, 99);
        for way in ["person", "delete", "refresh token", "another person"] {
            let id = scene.offered().await.consent.id;
            let tokens = scene.tokens(&id, ona, &ona.accounts[..1]).await;
            let presented = || protocol::secret::Secret::presented(&access_token(&tokens));
            assert!(
                neighbour
                    .engine
                    .access(&presented())
                    .await
                    .expect("storage")
                    .is_ok()
            );
            let ended = match way {
                "person" => {
                    engine
                        .withdraw_consent(&ona.id, &id)
                        .await
                        .expect("storage");
                    ConsentState::RevokedByPsu
                }
                "delete" => {
                    let own = scene.own().await;
                    engine.delete_consent(&own, &id).await.expect("storage");
                    ConsentState::TerminatedByTpp
                }
                "refresh token" => {
                    let given_back = scene
                        .house
                        .revoke(&scene.app, &refresh_token(&tokens))
                        .await;
                    given_back.expect("revoked");
                    ConsentState::TerminatedByTpp
                }
                _ => {
                    let refused = engine.withdraw_consent(&scene.jonas.id, &id).await;
                    assert_eq!(refused.expect("storage"), None);
                    assert_eq!(scene.state(&id).await, ConsentState::Valid);
                    continue;
                }
            };
            assert_eq!(scene.state(&id).await, ended, "{way}");
            assert!(scene.access(&tokens).await.is_err(), "{way}");
            assert!(
                !scene
                    .house
                    .is_active(&scene.app, &access_token(&tokens))
                    .await,
                "{way}"
            );
            assert!(
                !scene
                    .house
                    .is_active(&scene.app, &refresh_token(&tokens))
                    .await,
                "{way}"
            );
            let refreshed = scene
                .house
                .refresh(&scene.app, &refresh_token(&tokens))
                .await;
            assert!(refreshed.is_err(), "{way}");
            scene.house.later(seconds(1));
            let elsewhere = neighbour
                .engine
                .access(&presented())
                .await
                .expect("storage");
            assert!(elsewhere.is_err(), "{way}, on another node within a second");
        }
    })
    .await;
}

#[tokio::test]
async fn a_consent_made_by_the_scope_ais_is_renewed_under_its_id() {
    on_each_database(async |db: &TestDatabase| {
        let scene = Scene::on(db).await;
        let ona = &scene.ona;
        let mut browser = Browser::new(&scene.house);
        let page = browser.arrive(&scene.app, &[("scope", "ais")]).await;
        browser.sign_in(&page, ona).await;
        browser.allow(&page, &ona.accounts[..1]).await;
        let go = browser.confirm(&page, "").await;
        let first = scene
            .exchange(&parameter(&go, "code").expect("a code"))
            .await;
        let id = first.consent_id.clone().expect("a consent");
        let until = scene.seen(&id).await.valid_until;

        scene.house.later(seconds(30 * DAY));
        let code = scene.agreed(&id, ona, &ona.accounts[..2]).await;
        let renewed = scene.exchange(&code).await;
        assert_eq!(renewed.consent_id.as_ref(), Some(&id));
        let seen = scene.seen(&id).await;
        assert_eq!(seen.state, ConsentState::Valid);
        assert_eq!(seen.valid_until, until.plus_days(30));
    })
    .await;
}
