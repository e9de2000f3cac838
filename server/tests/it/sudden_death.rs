//! A process that is killed in the middle of writes: what was answered is there, what is there is whole.

use std::sync::{
    Mutex,
    atomic::{AtomicBool, Ordering},
    mpsc,
};

use store::{OpenOptions, Store, upkeep};

use crate::house::{House, post};

/// Tokens before the process is killed.
const ENOUGH: usize = 200;
/// Requests of each thread at most, should the kill never come.
const MOST: usize = 20_000;

#[test]
fn every_token_that_was_answered_survives_a_kill() {
    let house = House::new();
    let (id, secret) = house.machine();
    let server = house.serve(&[]);
    let address = server.address;
    let issued = Mutex::new(Vec::new());
    let ended = AtomicBool::new(false);
    let (reached, enough) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            let reached = reached.clone();
            scope.spawn(|| {
                let reached = reached;
                let form = [
                    ("grant_type", "client_credentials"),
                    ("client_id", &*id),
                    ("client_secret", &*secret),
                ];
                for _ in 0..MOST {
                    if ended.load(Ordering::Relaxed) {
                        return;
                    }
                    // Once the process is dead, nobody answers.
                    let Ok(answer) = post(address, "/oauth/token", &form) else {
                        return;
                    };
                    assert_eq!(answer.status, 200, "{}", answer.body);
                    let token = answer.json()["access_token"].as_str().unwrap().to_owned();
                    let mut issued = issued.lock().unwrap();
                    issued.push(token);
                    if issued.len() == ENOUGH {
                        reached.send(()).unwrap();
                    }
                }
            });
        }
        drop(reached);
        enough.recv().unwrap();
        server.kill();
        ended.store(true, Ordering::Relaxed);
    });
    let issued = issued.into_inner().unwrap();
    assert!(issued.len() >= ENOUGH);

    sound(&house);
    let server = house.serve(&[]);
    for token in &issued {
        let form = [
            ("token", &**token),
            ("client_id", &*id),
            ("client_secret", &*secret),
        ];
        let answer = server.post("/oauth/introspect", &form).unwrap();
        assert_eq!(
            answer.json()["active"],
            true,
            "a token that was answered is gone"
        );
    }
}

/// Opens the database as the next start would, and checks all of it.
#[tokio::main(flavor = "current_thread")]
async fn sound(house: &House) {
    let url = format!("sqlite://{}", house.data().join("countersign.db").display());
    let store = Store::open(&url, OpenOptions::default()).await.unwrap();
    assert_eq!(upkeep::check(&store, upkeep::Depth::Whole).await, Ok(None));
    assert_eq!(store.is_migrated().await, Ok(true));
    store.close().await;
}
