//! An app that signs its requests, as the client libraries do.

use std::sync::atomic::{AtomicU64, Ordering};

use engine::seal::Purpose;
use protocol::{
    client::{AuthMethod, Client, DialectName, GrantType, PkcePolicy},
    dialects::mac::{Destination, Extension, MacHeader, Signable},
    token::TokenAnswer,
};

use crate::house::{App, House};

/// Who signs, and with which key.
#[derive(Clone, Debug)]
pub struct Signing {
    pub id: String,
    pub key: String,
    /// Seconds by which its clock is ahead of ours.
    pub ahead: i64,
    /// What it puts into `ext` beside the hash of the body.
    pub parameters: Vec<(String, String)>,
}

/// No two signatures share a nonce.
static NONCES: AtomicU64 = AtomicU64::new(0);

impl Signing {
    pub fn new(id: &str, key: &str) -> Self {
        Self {
            id: id.to_owned(),
            key: key.to_owned(),
            ahead: 0,
            parameters: Vec::new(),
        }
    }

    /// With the key that came with a token.
    pub fn with_token(answer: &TokenAnswer) -> Self {
        let key = answer.mac_key.as_ref().expect("a key");
        Self::new(answer.access_token.expose(), key)
    }

    /// The value of the header `Authorization`.
    pub fn header(&self, house: &House, method: &str, target: &str, body: &[u8]) -> String {
        self.signed(house, method, target, body).to_string()
    }

    pub fn signed(&self, house: &House, method: &str, target: &str, body: &[u8]) -> MacHeader {
        let number = NONCES.fetch_add(1, Ordering::Relaxed);
        let parameters = Extension {
            parameters: self.parameters.clone(),
        };
        let unsigned = MacHeader {
            id: self.id.clone(),
            ts: (house.now().seconds() + self.ahead).to_string(),
            // As the libraries' nonces: commas, spaces at the ends, things that look like parameters.
            nonce: format!(" n{number}, ext= "),
            mac: [0; 32],
            ext: parameters.write(body),
        };
        let signable = Signable {
            method,
            target,
            destinations: &[Destination {
                host: "127.0.0.1".to_owned(),
                port: 3000,
            }],
        };
        signable.sign(&self.key, unsigned).expect("a signature")
    }
}

impl House {
    /// An app that signs, with all grants but its own tokens.
    pub async fn signing_app(&self, id: &str) -> (App, Signing) {
        self.signing_app_with(id, |_| {}).await
    }

    /// Such an app with something changed.
    pub async fn signing_app_with(
        &self,
        id: &str,
        change: impl FnOnce(&mut Client),
    ) -> (App, Signing) {
        let key = format!("key of {id}, žž");
        let env = self.engine.env();
        let sealed = env.seal.seal(Purpose::MacKey, env.bytes(), key.as_bytes());
        let app = self
            .app_with(id, |record| {
                record.sealed_mac_key = Some(sealed);
                record.client.dialects = vec![DialectName::Mac];
                record.client.auth_method = AuthMethod::Mac;
                record.client.pkce = PkcePolicy::Optional;
                record.client.grants = vec![GrantType::AuthorizationCode, GrantType::RefreshToken];
                change(&mut record.client);
            })
            .await;
        (app, Signing::new(id, &key))
    }
}
