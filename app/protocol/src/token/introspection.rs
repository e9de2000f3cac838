//! What introspection tells (RFC 7662 §2.2).

use serde::{Deserialize, Serialize};

use crate::{
    ids::{ClientId, ConsentId},
    scope::Scope,
    time::Timestamp,
};

/// The answer. An unknown, expired or foreign token is inactive, and nothing more is said.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Introspection {
    /// Whether the token is good now.
    pub active: bool,
    /// What it is good for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<Scope>,
    /// Whose it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<ClientId>,
    /// The person behind it, as they sign in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// The dialect's word, such as `Bearer`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_type: Option<String>,
    /// When it ends, in Unix seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exp: Option<i64>,
    /// When it was made, in Unix seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iat: Option<i64>,
    /// Whom it stands for: a person's id, or `client:` and the client's id. The two cannot meet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub: Option<String>,
    /// Where it may be used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aud: Option<String>,
    /// Who made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iss: Option<String>,
    /// The consent behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent_id: Option<ConsentId>,
    /// The one payment it is good for (RFC 9396 §9.2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorization_details: Option<serde_json::Value>,
}

impl Introspection {
    /// The answer about a token that is not good, or not the asker's business.
    pub fn inactive() -> Self {
        Self::default()
    }

    /// The subject of a token that no person stands behind.
    pub fn subject_of_client(client: &ClientId) -> String {
        format!("client:{client}")
    }

    /// The times in the unit of the RFC. `exp` is rounded down, so nobody trusts a token too long.
    pub fn with_times(mut self, issued_at: Timestamp, expires_at: Timestamp) -> Self {
        self.iat = Some(issued_at.seconds());
        self.exp = Some(expires_at.seconds());
        self
    }
}
