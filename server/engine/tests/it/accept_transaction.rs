//! A person accepts a transaction in the browser: amount and payee with a code, the account, the way back.

use engine::{begin::Began, visit::Go};
use protocol::{
    authorization::{Notice, Outcome, ProblemKind, Step},
    ids::{AuthorizationId, TransactionKey},
    wallet_api::transaction::TransactionStatus,
};
use serde_json::json;
use store::testing::{TestDatabase, on_each_database};

use crate::{
    browser::{Browser, Person, notice, parameter, problem_of},
    house::{House, REDIRECT_URI, seconds},
    wallet_transactions::Scene,
};

/// Ona and Jonas can sign in; the shop wants 25.00 EUR.
async fn scene(db: &TestDatabase) -> (Scene, Person) {
    let house = House::on(&db.store);
    let ona = house.enrol("ona").await;
    let jonas = house.enrol("jonas").await;
    let people = [&ona, &jonas].map(|person| (person.id.clone(), person.accounts[0].clone()));
    let app = house
        .reviewed_app_with("shop", |client| {
            client.profile.legal_name = "Shop UAB".to_owned();
        })
        .await;
    (Scene { house, app, people }, ona)
}

async fn asked(scene: &Scene) -> TransactionKey {
    scene
        .made(json!({ "redirect_uri": REDIRECT_URI }))
        .await
        .key
}

async fn arrive(browser: &mut Browser<'_>, key: &TransactionKey) -> AuthorizationId {
    match browser.arrive_to_pay(key.as_str(), None).await {
        Began::Interact { id, .. } => id,
        other => panic!("it can be accepted, but: {other:?}"),
    }
}

/// Signs in and confirms with a code.
async fn confirmed(
    browser: &mut Browser<'_>,
    key: &TransactionKey,
    person: &Person,
) -> AuthorizationId {
    let id = arrive(browser, key).await;
    browser.sign_in(&id, person).await;
    let code = browser.house.code_of(person);
    assert!(matches!(browser.confirm(&id, &code).await, Go::Step(_)));
    id
}

#[tokio::test]
async fn amount_and_payee_are_confirmed_and_the_money_is_set_aside() {
    on_each_database(async |db| {
        let (scene, ona) = scene(db).await;
        let key = asked(&scene).await;
        let mut browser = Browser::new(&scene.house);
        let id = arrive(&mut browser, &key).await;
        browser.sign_in(&id, &ona).await;
        let Step::Confirm(page) = browser.page(&id).await else {
            panic!("the code first")
        };
        let payment = page.payment.as_ref().expect("amount and payee");
        assert_eq!(
            (payment.amount.as_str(), payment.creditor_name.as_str()),
            ("25.00", "Shop UAB")
        );
        assert!(page.can.is_empty(), "nothing is granted");
        let code = scene.house.code_of(&ona);
        browser.confirm(&id, &code).await;
        assert_eq!(scene.status(&key).await, TransactionStatus::New);
        assert!(matches!(browser.page(&id).await, Step::PayFrom(_)));
        let back = browser.pay_from(&id, &ona.accounts[0]).await;
        let Go::Client(to) = &back else {
            panic!("back to the shop")
        };
        // No code, no token, no consent: a transaction was accepted and nothing else.
        assert_eq!(to.location(), REDIRECT_URI);
        assert_eq!(scene.status(&key).await, TransactionStatus::Reserved);
        assert_eq!(scene.holds(0).await, (975_00, 25_00));
        assert_eq!(db.number("SELECT COUNT(*) FROM consents").await, 0);
        // The second click, and coming back to the page.
        let again = browser.pay_from(&id, &ona.accounts[0]).await;
        assert!(matches!(again, Go::Client(_)));
        let Step::Finished(page) = browser.page(&id).await else {
            panic!("it is over")
        };
        assert!(matches!(page.outcome, Outcome::Paid { .. }));
        assert_eq!(page.way_back.as_deref(), Some(REDIRECT_URI));
        assert_eq!(scene.holds(0).await, (975_00, 25_00));
        // Nobody accepts it a second time.
        let Began::Problem(view) = browser.arrive_to_pay(key.as_str(), None).await else {
            panic!("it is over")
        };
        assert_eq!(view.kind, ProblemKind::Expired);
        assert_eq!(view.way_back.as_deref(), Some(REDIRECT_URI));
    })
    .await;
}

#[tokio::test]
async fn saying_no_rejects_it_and_tells_the_app() {
    on_each_database(async |db| {
        let (scene, ona) = scene(db).await;
        for signs_in in [false, true] {
            let key = asked(&scene).await;
            let mut browser = Browser::new(&scene.house);
            let id = arrive(&mut browser, &key).await;
            if signs_in {
                browser.sign_in(&id, &ona).await;
            }
            let back = browser.deny(&id).await;
            assert_eq!(parameter(&back, "error").as_deref(), Some("access_denied"));
            assert_eq!(scene.status(&key).await, TransactionStatus::Rejected);
        }
        assert_eq!(scene.holds(0).await, (1_000_00, 0));
    })
    .await;
}

#[tokio::test]
async fn an_authorize_request_follows_once_it_is_accepted() {
    on_each_database(async |db| {
        let (scene, ona) = scene(db).await;
        let key = asked(&scene).await;
        let query = "response_type=code&client_id=shop&scope=wallet&state=iQZMRnQCtm\
                     &redirect_uri=https%3A%2F%2Fshop.example%2Fcallback\
                     &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";
        let mut browser = Browser::new(&scene.house);
        let arrived = browser.arrive_to_pay(key.as_str(), Some(query)).await;
        let Began::Interact { id, .. } = arrived else {
            panic!("both are in order: {arrived:?}")
        };
        browser.sign_in(&id, &ona).await;
        browser.confirm(&id, &scene.house.code_of(&ona)).await;
        let on = browser.pay_from(&id, &ona.accounts[0]).await;
        let Go::Client(to) = &on else {
            panic!("on to the request")
        };
        assert_eq!(to.location(), format!("/frontend/oauth?{query}"));
        assert_eq!(scene.status(&key).await, TransactionStatus::Reserved);
        // Whoever comes again goes straight to the request.
        let again = browser.arrive_to_pay(key.as_str(), Some(query)).await;
        assert!(matches!(again, Began::Interact { .. }));
        // What is wrong with the request is told at once, and nobody pays for nothing.
        let key = asked(&scene).await;
        let wrong = query.replace("scope=wallet", "scope=nothing");
        let refused = browser.arrive_to_pay(key.as_str(), Some(&wrong)).await;
        assert!(matches!(refused, Began::Redirect(_)));
        // Nor for another app: its request is judged alone, and the transaction is not part of it.
        let other = scene.house.reviewed_app("other").await;
        let of_other = query.replace("client_id=shop", &format!("client_id={}", other.id));
        let arrived = browser.arrive_to_pay(key.as_str(), Some(&of_other)).await;
        let Began::Interact { id, .. } = arrived else {
            panic!("the other app's request is in order: {arrived:?}")
        };
        assert!(matches!(browser.page(&id).await, Step::Consent(_)));
        assert!(scene.status(&key).await.is_open());
        // A no to the transaction is a no to the request.
        let arrived = browser.arrive_to_pay(key.as_str(), Some(query)).await;
        let Began::Interact { id, .. } = arrived else {
            panic!("both are in order: {arrived:?}")
        };
        let back = browser.deny(&id).await;
        assert_eq!(parameter(&back, "state").as_deref(), Some("iQZMRnQCtm"));
        assert_eq!(parameter(&back, "error").as_deref(), Some("access_denied"));
    })
    .await;
}

#[tokio::test]
async fn what_the_app_took_back_meanwhile_is_not_paid() {
    on_each_database(async |db| {
        let (scene, ona) = scene(db).await;
        let key = asked(&scene).await;
        let mut browser = Browser::new(&scene.house);
        let id = confirmed(&mut browser, &key, &ona).await;
        scene.revoke(&key).await.expect("taken back");
        let late = browser.pay_from(&id, &ona.accounts[0]).await;
        assert_eq!(problem_of(&late), Some(ProblemKind::Expired));
        assert_eq!(scene.holds(0).await, (1_000_00, 0));
        let unknown = browser.arrive_to_pay("nothing", None).await;
        assert!(matches!(unknown, Began::Problem(view) if view.kind == ProblemKind::NotFound));
    })
    .await;
}

#[tokio::test]
async fn too_little_money_is_told_where_accounts_are_shown() {
    on_each_database(async |db| {
        let (scene, ona) = scene(db).await;
        let dear = json!({
            "redirect_uri": REDIRECT_URI,
            "payments": [{ "description": "A house", "price": 2_000_00, "currency": "EUR" }],
        });
        let key = scene.made(dear).await.key;
        let mut browser = Browser::new(&scene.house);
        let id = confirmed(&mut browser, &key, &ona).await;
        browser.pay_from(&id, &ona.accounts[0]).await;
        let page = browser.page(&id).await;
        assert!(matches!(notice(&page), Some(Notice::TooLittleMoney)));
        assert!(scene.status(&key).await.is_open());
    })
    .await;
}

/// The code was right and used up; then the process died. The person goes on with the account.
#[tokio::test]
async fn whoever_is_interrupted_goes_on_with_the_account() {
    on_each_database(async |db| {
        let (scene, ona) = scene(db).await;
        let key = asked(&scene).await;
        let mut browser = Browser::new(&scene.house);
        let id = confirmed(&mut browser, &key, &ona).await;
        // Accepted at the bank, but the authorization was not finished any more.
        let accepted = scene.accept(&key, 0).await;
        assert!(accepted.is_ok());
        scene.house.later(seconds(60));
        assert!(matches!(browser.page(&id).await, Step::PayFrom(_)));
        let back = browser.pay_from(&id, &ona.accounts[0]).await;
        assert!(matches!(back, Go::Client(_)));
        assert_eq!(scene.holds(0).await, (975_00, 25_00));
    })
    .await;
}
