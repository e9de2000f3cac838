//! A wallet of paper: answers what it was told to, and remembers what it was asked.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use serde_json::Value;
use tokio::sync::{Semaphore, watch};

/// One request that the wallet got.
#[derive(Clone, Debug)]
pub struct Asked {
    pub method: Method,
    pub path: String,
    pub headers: HeaderMap,
    pub authorization: String,
    pub idempotency_key: Option<String>,
    pub body: String,
}

/// What is answered next, for each path: status and body.
type Script = HashMap<String, VecDeque<(u16, String)>>;

#[derive(Clone)]
pub struct FakeWallet {
    script: Arc<Mutex<Script>>,
    asked: Arc<watch::Sender<Vec<Asked>>>,
    /// Paths whose answers wait for a permit.
    held: Arc<Mutex<HashMap<String, Arc<Semaphore>>>>,
}

impl Default for FakeWallet {
    fn default() -> Self {
        Self {
            script: Arc::default(),
            asked: Arc::new(watch::Sender::new(Vec::new())),
            held: Arc::default(),
        }
    }
}

impl FakeWallet {
    /// Answers this to the next request for `path`.
    pub fn answers(&self, path: &str, status: u16, json: Value) {
        self.answers_text(path, status, &json.to_string());
    }

    /// Answers this to the next request for `path`, JSON or not.
    pub fn answers_text(&self, path: &str, status: u16, body: &str) {
        self.script
            .lock()
            .unwrap()
            .entry(path.to_owned())
            .or_default()
            .push_back((status, body.to_owned()));
    }

    /// From now on the answers at `path` wait until they are let go.
    pub fn holds(&self, path: &str) -> Arc<Semaphore> {
        let gate = Arc::new(Semaphore::new(0));
        let mut held = self.held.lock().unwrap();
        held.insert(path.to_owned(), gate.clone());
        gate
    }

    /// What was asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.borrow().clone()
    }

    /// Waits until that many requests have come; a story in which they never come fails.
    pub async fn is_asked(&self, times: usize) {
        let mut asked = self.asked.subscribe();
        let come = asked.wait_for(|asked| asked.len() >= times);
        tokio::time::timeout(Duration::from_secs(30), come)
            .await
            .expect("the wallet is asked")
            .unwrap();
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

/// An address that nobody listens at: the port was free a moment ago.
pub fn nobody() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

async fn answer(
    State(wallet): State<FakeWallet>,
    method: Method,
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
    let asked = Asked {
        method,
        path: path.clone(),
        authorization: text("authorization").unwrap_or_default(),
        idempotency_key: text("idempotency-key"),
        body,
        headers: headers.clone(),
    };
    wallet.asked.send_modify(|known| known.push(asked));
    let gate = wallet.held.lock().unwrap().get(&path).cloned();
    if let Some(gate) = gate {
        gate.acquire().await.unwrap().forget();
    }
    let next = wallet
        .script
        .lock()
        .unwrap()
        .get_mut(&path)
        .and_then(VecDeque::pop_front);
    match next {
        Some((status, body)) => (
            StatusCode::from_u16(status).unwrap(),
            [(header::CONTENT_TYPE, "application/json")],
            body,
        )
            .into_response(),
        None => StatusCode::IM_A_TEAPOT.into_response(),
    }
}
