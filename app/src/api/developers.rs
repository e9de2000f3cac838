//! What the documents for developers tell of this very server.

use std::time::Duration;

use engine::Engine;
use leptos::prelude::expect_context;
use protocol::{client::DialectName, lifetimes::Lifetimes};

use super::demo;

/// A server as its documents describe it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The public URL, without a slash at the end.
    pub issuer: String,
    /// The general lifetimes.
    pub lifetimes: Lifetimes,
    /// For how long a consent holds at most.
    pub consent: Duration,
    /// For how long an idempotency key is remembered.
    pub idempotency: Duration,
    /// For how long a pending transfer can be approved and executed.
    pub pending_transfer: Duration,
    /// For how long a revoked token may be taken for a good one elsewhere.
    pub cache: Duration,
    /// Keys for the samples that work here; everybody knows them.
    pub keys: Option<ClientKeys>,
}

/// The keys of an app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientKeys {
    /// RFC 6749 §2.2.
    pub id: String,
    /// RFC 6749 §2.3.1.
    pub secret: String,
}

/// This server. In the demo the samples have keys that work.
pub async fn place() -> Result<Place, engine::Error> {
    let engine = expect_context::<Engine>();
    let keys = match demo::is_shown().await? {
        true => demo_keys(&engine),
        false => None,
    };
    let settings = &engine.env().settings;
    Ok(Place {
        issuer: settings.public_url.clone(),
        lifetimes: settings.lifetimes,
        consent: settings.consent_lifetime,
        idempotency: settings.idempotency_lifetime,
        pending_transfer: settings.pending_transfer_lifetime,
        cache: settings.cache_lifetime,
        keys,
    })
}

/// The keys of the demo's app that speaks the standard and may come back to a visitor's machine.
fn demo_keys(engine: &Engine) -> Option<ClientKeys> {
    let is_local = |uri: &String| uri.starts_with("http://127.0.0.1/callback");
    engine
        .demo_sheet()
        .clients
        .into_iter()
        .filter(|app| app.dialect == DialectName::Bearer)
        .find(|app| app.redirect_uris.iter().any(is_local))
        .and_then(|app| {
            Some(ClientKeys {
                id: app.client_id.to_string(),
                secret: app.client_secret?,
            })
        })
}
