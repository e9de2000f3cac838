//! An app is told what became of its transactions, signed, until it has heard it or three days are over.

use std::sync::{Arc, Mutex};

use data_encoding::BASE64;
use engine::callbacks::{Messenger, NotTaken, Posting};
use futures_util::future::join_all;
use protocol::wallet_api::transaction::TransactionStatus;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use rsa::{
    PublicKey,
    pkcs1::EncodeRsaPublicKey as _,
    pkcs8::{DecodePublicKey as _, spki},
};
use serde_json::{Value, json};
use store::testing::on_each_database;

use crate::{house::seconds, wallet_transactions::Scene};

/// What was posted, where, and what is answered next.
#[derive(Default)]
struct Ear {
    heard: Mutex<Vec<(String, String, String)>>,
    deaf: Mutex<u32>,
}

impl Ear {
    fn deaf(times: u32) -> Arc<Self> {
        Arc::new(Self {
            deaf: Mutex::new(times),
            ..Self::default()
        })
    }

    fn heard(&self) -> Vec<(String, String, String)> {
        self.heard.lock().expect("an ear").clone()
    }
}

impl Messenger for Ear {
    fn post<'a>(&'a self, address: &'a str, form: &'a [(&'static str, String)]) -> Posting<'a> {
        Box::pin(async move {
            let mut deaf = self.deaf.lock().expect("an ear");
            if *deaf > 0 {
                *deaf -= 1;
                return Err(NotTaken("it answered 500".to_owned()));
            }
            let value = |name: &str| {
                let found = form.iter().find(|(known, _)| *known == name);
                found.expect("a field").1.clone()
            };
            let heard = (address.to_owned(), value("event"), value("sign"));
            self.heard.lock().expect("an ear").push(heard);
            Ok(())
        })
    }
}

/// Whether a signature is right, as an app checks it: with the published key alone.
fn is_signed(pem: &str, event: &str, sign: &str) -> bool {
    let key: Result<PublicKey, spki::Error> = PublicKey::from_public_key_pem(pem);
    let der = key.expect("a key").to_pkcs1_der().expect("DER");
    let signature = BASE64.decode(sign.as_bytes()).expect("base64");
    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, der.as_bytes())
        .verify(event.as_bytes(), &signature)
        .is_ok()
}

#[tokio::test]
async fn an_app_hears_once_what_it_did_not_do_itself_and_can_check_who_says_it() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let engine = &scene.house.engine;
        let made = scene.made(json!({})).await;
        let silent = scene.made(json!({ "callback_uri": false })).await;
        for key in [&made.key, &silent.key] {
            scene.accept(key, 0).await.expect("accepted");
        }
        let ear = Arc::new(Ear::default());
        let delivered = engine.deliver_callbacks(&*ear, "a").await.expect("storage");
        assert_eq!((delivered.sent, delivered.failed), (1, 0));
        // Nothing is left to tell, for anybody.
        let again = engine.deliver_callbacks(&*ear, "a").await.expect("storage");
        assert_eq!(again.sent, 0);
        let heard = ear.heard();
        let (address, event, sign) = &heard[0];
        assert_eq!(address, "https://shop.example/events");
        let told: Value = serde_json::from_str(event).expect("JSON");
        assert_eq!(told["type"], "reserved");
        assert_eq!(told["object"], "transaction");
        assert_eq!(told["data"]["transaction_key"], made.key.as_str());
        assert_eq!(told["data"]["status"], "reserved");

        let pem = engine.callback_public_key().await.expect("a key");
        assert!(pem.starts_with("-----BEGIN PUBLIC KEY-----\n"), "{pem}");
        assert!(is_signed(&pem, event, sign));
        assert!(!is_signed(&pem, &format!("{event} "), sign));
        // The key is not in the database as it is, and a new one takes its place.
        let key = store::signing_keys::find_newest_signing_key(db.store.reader()).await;
        let sealed = key.expect("storage").expect("a key").sealed_private;
        assert!(
            !sealed
                .windows(9)
                .any(|window| window == b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01")
        );
        assert_eq!(engine.rotate_callback_key().await.expect("a key"), 2);
        let newer = engine.callback_public_key().await.expect("a key");
        assert_ne!(newer, pem);
        assert!(!is_signed(&newer, event, sign));
    })
    .await;
}

#[tokio::test]
async fn a_callback_is_tried_until_it_is_taken_or_three_days_are_over() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let engine = &scene.house.engine;
        let made = scene.made(json!({})).await;
        scene.accept(&made.key, 0).await.expect("accepted");
        let ear = Ear::deaf(2);
        let round = async || engine.deliver_callbacks(&*ear, "a").await.expect("storage");
        assert_eq!(round().await.failed, 1);
        assert_eq!(round().await.failed, 0, "not at once again");
        scene.house.later(seconds(30));
        assert_eq!(round().await.failed, 1);
        scene.house.later(seconds(30));
        assert_eq!(round().await.sent, 0, "the wait doubles");
        scene.house.later(seconds(30));
        assert_eq!(round().await.sent, 1);
        assert_eq!(ear.heard().len(), 1);

        let made = scene.made(json!({})).await;
        scene.accept(&made.key, 0).await.expect("accepted");
        let ear = Ear::deaf(u32::MAX);
        let mut tried = 0;
        for _ in 0..200 {
            let round = engine.deliver_callbacks(&*ear, "a").await.expect("storage");
            tried += round.failed + round.given_up;
            if round.given_up > 0 {
                break;
            }
            scene.house.later(seconds(3_600));
        }
        assert!((15..=25).contains(&tried), "{tried}");
        scene.house.later(seconds(86_400));
        let later = engine.deliver_callbacks(&*ear, "a").await.expect("storage");
        assert_eq!((later.failed, later.given_up), (0, 0), "never again");
        // What it was about is not touched by that.
        assert_eq!(
            scene.read(&made.key).await.status,
            TransactionStatus::Reserved
        );
    })
    .await;
}

#[tokio::test]
async fn one_node_at_a_time_tells_and_many_make_one_key() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let neighbour = scene.house.neighbour(&db.store, 9);
        let keys = [&scene.house.engine, &neighbour.engine, &scene.house.engine];
        let keys = join_all(keys.map(engine::Engine::callback_public_key)).await;
        let first = keys[0].as_ref().expect("a key");
        assert!(keys.iter().all(|key| key.as_ref().expect("a key") == first));

        for _ in 0..4 {
            let made = scene
                .made(json!({ "payments": [
                { "description": "Tea", "price": 100, "currency": "EUR" },
            ] }))
                .await;
            scene.accept(&made.key, 0).await.expect("accepted");
        }
        let ear = Arc::new(Ear::default());
        let (one, other) = tokio::join!(
            scene.house.engine.deliver_callbacks(&*ear, "a"),
            neighbour.engine.deliver_callbacks(&*ear, "b"),
        );
        assert_eq!(one.expect("storage").sent + other.expect("storage").sent, 4);
        assert_eq!(ear.heard().len(), 4);
    })
    .await;
}
