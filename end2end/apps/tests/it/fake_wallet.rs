//! A wallet of paper: answers what it was told to, and remembers what it was asked.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use serde_json::Value;

/// One request that the wallet got.
#[derive(Clone, Debug)]
pub struct Asked {
    pub path: String,
    pub authorization: String,
    pub idempotency_key: Option<String>,
    pub body: String,
}

/// What is answered next, for each path: status and body.
type Script = HashMap<String, VecDeque<(u16, Value)>>;

#[derive(Clone, Default)]
pub struct FakeWallet {
    script: Arc<Mutex<Script>>,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl FakeWallet {
    /// Answers this to the next request for `path`.
    pub fn answers(&self, path: &str, status: u16, json: Value) {
        self.script
            .lock()
            .unwrap()
            .entry(path.to_owned())
            .or_default()
            .push_back((status, json));
    }

    /// What was asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// Listens on a free port and answers its address.
    pub async fn listen(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().fallback(answer).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        format!("http://{address}")
    }
}

async fn answer(
    State(wallet): State<FakeWallet>,
    uri: Uri,
    headers: HeaderMap,
    body: String,
) -> Response {
    let path = uri.path().to_owned();
    let text = |name: &str| {
        headers
            .get(name)
            .map(|value| value.to_str().unwrap().to_owned())
    };
    wallet.asked.lock().unwrap().push(Asked {
        path: path.clone(),
        authorization: text("authorization").unwrap_or_default(),
        idempotency_key: text("idempotency-key"),
        body,
    });
    let next = wallet
        .script
        .lock()
        .unwrap()
        .get_mut(&path)
        .and_then(VecDeque::pop_front);
    match next {
        Some((status, json)) => (
            StatusCode::from_u16(status).unwrap(),
            [(header::CONTENT_TYPE, "application/json")],
            json.to_string(),
        )
            .into_response(),
        None => StatusCode::IM_A_TEAPOT.into_response(),
    }
}
