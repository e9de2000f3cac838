//! A successful token answer (RFC 6749 §5.1), before a dialect shapes it.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{
    ids::ConsentId,
    payment::Payment,
    scope::Scope,
    secret::{AccessToken, RefreshToken, Secret},
    time::Timestamp,
};

/// What a grant gives.
#[derive(Clone, Debug)]
pub struct TokenAnswer {
    /// The access token.
    pub access_token: Secret<AccessToken>,
    /// The refresh token, when the grant comes with one.
    pub refresh_token: Option<Secret<RefreshToken>>,
    /// When the access token was made.
    pub issued_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// What it is good for.
    pub scope: Scope,
    /// The consent behind it.
    pub consent_id: Option<ConsentId>,
    /// The one payment it is good for.
    pub payment: Option<Payment>,
    /// The key with which requests are signed in its name, in dialects that sign.
    pub mac_key: Option<Zeroizing<String>>,
}

impl TokenAnswer {
    /// How long the access token is good for, seen from `now` on.
    pub fn expires_in(&self, now: Timestamp) -> Duration {
        self.expires_at.since(now)
    }

    /// All of it with the secrets in plain text, to be sealed at once: the successor that an
    /// idempotent refresh hands back.
    pub fn to_sealable(&self) -> Zeroizing<Vec<u8>> {
        let plain = Plain {
            access_token: self.access_token.expose().into(),
            refresh_token: self
                .refresh_token
                .as_ref()
                .map(|token| token.expose().into()),
            issued_at: self.issued_at,
            expires_at: self.expires_at,
            scope: self.scope.clone(),
            consent_id: self.consent_id.clone(),
            payment: self.payment.clone(),
            mac_key: self.mac_key.as_ref().map(|key| key.as_str().into()),
        };
        // None of these types can fail to serialize; an empty text cannot be read back, which is safe.
        Zeroizing::new(serde_json::to_vec(&plain).unwrap_or_default())
    }

    /// Reads what [`TokenAnswer::to_sealable`] wrote.
    pub fn from_sealed(bytes: &[u8]) -> Option<Self> {
        let plain: Plain<'_> = serde_json::from_slice(bytes).ok()?;
        Some(Self {
            access_token: Secret::parse(&plain.access_token)?,
            refresh_token: match plain.refresh_token {
                Some(token) => Some(Secret::parse(&token)?),
                None => None,
            },
            issued_at: plain.issued_at,
            expires_at: plain.expires_at,
            scope: plain.scope,
            consent_id: plain.consent_id,
            payment: plain.payment,
            mac_key: plain.mac_key.map(|key| Zeroizing::new(key.into_owned())),
        })
    }
}

/// Borrows from the text wherever it can, so that no copy of a secret stays behind.
#[derive(Serialize, Deserialize)]
struct Plain<'a> {
    #[serde(borrow)]
    access_token: std::borrow::Cow<'a, str>,
    #[serde(borrow)]
    refresh_token: Option<std::borrow::Cow<'a, str>>,
    issued_at: Timestamp,
    expires_at: Timestamp,
    scope: Scope,
    consent_id: Option<ConsentId>,
    payment: Option<Payment>,
    #[serde(borrow, default)]
    mac_key: Option<std::borrow::Cow<'a, str>>,
}
