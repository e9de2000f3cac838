//! Who may do what with a transaction, and who is told what.

use engine::{signed::Signer, wallet_transactions::TransactionRefusal};
use protocol::{
    ids::{AccountId, TransactionKey},
    wallet_api::{
        ErrorCode,
        transaction::{AcceptedBy, TransactionStatus},
    },
};
use serde_json::{Value, json};
use store::{accounts::AccountKind, testing::on_each_database};

use crate::{
    house::House,
    money::{assert_balanced, iban},
    wallet_transactions::{Scene, told, trace},
};

#[tokio::test]
async fn nobody_pays_from_what_is_not_theirs_or_does_not_fit() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let made = scene.made(json!({})).await;
        let engine = &scene.house.engine;
        let zlotys = scene
            .house
            .account_of("ona", AccountKind::Current, &iban(6), "PLN", "500.00")
            .await;
        for account in [&scene.people[1].1, &zlotys, &AccountId::new("nothing")] {
            let refused = engine
                .accept_transaction(&made.key, &scene.people[0].0, account, trace())
                .await;
            assert_eq!(
                refused.expect("storage").expect_err("a refusal"),
                TransactionRefusal::AccountNotFit
            );
        }
        assert_eq!(scene.status(&made.key).await, TransactionStatus::New);
        let nothing = TransactionKey::new("nothing");
        let unknown = scene.accept(&nothing, 0).await.expect_err("a refusal");
        assert_eq!(unknown, TransactionRefusal::NotFound);
        let unseen = engine.transaction_for_person(&nothing).await;
        assert!(unseen.expect("storage").is_none());
    })
    .await;
}

#[tokio::test]
async fn nobody_pays_an_app_that_is_switched_off() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let made = scene.made(json!({})).await;
        let engine = &scene.house.engine;
        engine
            .suspend_client(&scene.app.id)
            .await
            .expect("suspended");
        let shown = engine.transaction_for_person(&made.key).await;
        assert!(!shown.expect("storage").expect("found").is_open());
        let refused = scene.accept(&made.key, 0).await.expect_err("a refusal");
        assert_eq!(refused.error().code, ErrorCode::Forbidden);
        assert_eq!(scene.holds(0).await, (100_00, 0));
        engine.resume_client(&scene.app.id).await.expect("resumed");
        scene.accept(&made.key, 0).await.expect("accepted");
    })
    .await;
}

#[tokio::test]
async fn another_app_and_a_token_may_not_do_what_the_app_may() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let made = scene.made(json!({})).await;
        scene.accept(&made.key, 0).await.expect("accepted");
        let engine = &scene.house.engine;
        let other = scene.house.reviewed_app("other").await;
        let stranger = scene.signer_of(&other).await;
        let hidden = Err(TransactionRefusal::NotFound);
        let (key, empty) = (&made.key, json!([]));
        assert_eq!(
            engine.transaction(&stranger, key).await.expect("storage"),
            hidden
        );
        let confirmed = engine
            .confirm_transaction(&stranger, key, &empty, trace())
            .await;
        assert_eq!(confirmed.expect("storage"), hidden);
        let revoked = engine.revoke_transaction(&stranger, key, trace()).await;
        assert_eq!(revoked.expect("storage"), hidden);
        let reserved = engine
            .reserve_transaction(&stranger, key, None, &empty, trace())
            .await;
        assert_eq!(reserved.expect("storage"), hidden);

        let token = scene.signer_for(0, "wallet transferFunds").await;
        let read = engine.transaction(&token, key).await.expect("storage");
        assert_eq!(
            read.map(|read| read.status),
            Ok(TransactionStatus::Reserved)
        );
        for refused in [
            engine.create_transaction(&token, &json!({})).await,
            engine
                .confirm_transaction(&token, key, &empty, trace())
                .await,
            engine.revoke_transaction(&token, key, trace()).await,
        ] {
            let error = refused.expect("storage").expect_err("a refusal").error();
            assert_eq!(error.code, ErrorCode::Forbidden);
        }

        let reader = scene
            .house
            .reviewed_app_with("reader", |client| {
                client.scope = crate::house::scope("wallet");
            })
            .await;
        let reader = scene.signer_of(&reader).await;
        let refused = engine.create_transaction(&reader, &json!({})).await;
        let error = refused.expect("storage").expect_err("a refusal").error();
        assert_eq!(
            error.code,
            ErrorCode::Forbidden,
            "not approved for payments"
        );
        assert_eq!(scene.status(key).await, TransactionStatus::Reserved);
    })
    .await;
}

#[tokio::test]
async fn without_the_page_money_is_set_aside_only_by_a_token_that_may_move_it() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let engine = &scene.house.engine;
        let made = scene.made(json!({})).await;
        let (key, empty) = (&made.key, json!([]));
        let code = async |signer: &Signer, wallet: Option<&str>, body: &Value| {
            let reserved = engine
                .reserve_transaction(signer, key, wallet, body, trace())
                .await;
            reserved
                .expect("storage")
                .map(|reserved| reserved.status)
                .map_err(|refusal| refusal.error().code)
        };
        let own = scene.signer().await;
        assert_eq!(
            code(&own, Some("1"), &empty).await,
            Err(ErrorCode::Forbidden)
        );
        assert_eq!(code(&own, None, &empty).await, Err(ErrorCode::Forbidden));
        let looks = scene.signer_for(0, "wallet").await;
        assert_eq!(
            code(&looks, Some("me"), &empty).await,
            Err(ErrorCode::Forbidden)
        );
        // A token for one payment is good for that payment, not for this one.
        let (user, account) = &scene.people[0];
        let access = scene
            .house
            .access_for(
                &scene.app,
                user,
                "transferFunds",
                &[account],
                Some(House::payment()),
            )
            .await;
        let one = Signer {
            access: Some(access),
            ..own.clone()
        };
        assert_eq!(
            code(&one, Some("me"), &empty).await,
            Err(ErrorCode::Forbidden)
        );
        assert_eq!(scene.holds(0).await, (100_00, 0));

        let pays = scene.signer_for(0, "wallet transferFunds").await;
        for body in [
            json!({ "pin": "1234" }),
            json!({ "payer": { "email": "jonas@mail.test" } }),
        ] {
            assert_eq!(code(&pays, None, &body).await, Err(ErrorCode::Forbidden));
        }
        for wallet in ["2", "77", "x", "-1"] {
            assert_eq!(
                code(&pays, Some(wallet), &empty).await,
                Err(ErrorCode::Forbidden)
            );
        }
        let types = async |signer: &Signer, wallet: &str| {
            let types = engine.transaction_types(signer, key, wallet).await;
            types.expect("storage")
        };
        assert_eq!(types(&own, "1").await, Ok(vec!["page"]));
        assert_eq!(types(&pays, "me").await, Ok(vec!["automatic", "page"]));
        let flash = engine.flash_transaction(&own, key).await.expect("storage");
        assert_eq!(
            flash.expect_err("a refusal").error().code,
            ErrorCode::Forbidden
        );
        let asked = engine
            .inquired_information(&own, key)
            .await
            .expect("storage");
        assert_eq!(asked, Ok(json!({ "items": [] })));

        assert_eq!(
            code(&pays, Some("me"), &empty).await,
            Ok(TransactionStatus::Reserved)
        );
        let read = scene.read(key).await;
        assert_eq!(read.accepted_by, Some(AcceptedBy::Automatic));
        // By the number that the answer has told, and once more: the same.
        let number = read.wallet.expect("a wallet").to_string();
        assert_eq!(
            code(&pays, Some(&number), &empty).await,
            Ok(TransactionStatus::Reserved)
        );
        assert_eq!(scene.holds(0).await, (75_00, 25_00));
        let reserved = TransactionRefusal::State(TransactionStatus::Reserved);
        assert_eq!(types(&pays, "me").await, Err(reserved.clone()));
        assert_eq!(code(&own, None, &empty).await, Err(ErrorCode::InvalidState));
        let flash = engine.flash_transaction(&own, key).await.expect("storage");
        assert_eq!(flash, Err(reserved));
        assert_eq!(told(db).await, [""; 0], "the app did it itself");
        assert_balanced(db).await;
    })
    .await;
}

#[tokio::test]
async fn an_answer_names_no_account_and_a_row_no_secret() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let made = scene
            .made(json!({ "user": { "email": "ona@mail.test" } }))
            .await;
        scene.accept(&made.key, 0).await.expect("accepted");
        let answer = scene.read(&made.key).await.to_json().to_string();
        for hidden in [
            scene.people[0].0.as_str(),
            scene.people[0].1.as_str(),
            iban(1).as_str(),
        ] {
            assert!(!answer.contains(hidden), "{answer}");
        }
        let events = db
            .number("SELECT COUNT(*) FROM audit_events WHERE action LIKE 'transaction.%'")
            .await;
        assert_eq!(events, 1);
    })
    .await;
}
