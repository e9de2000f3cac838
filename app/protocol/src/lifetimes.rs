//! How long things live. The values come from the settings; a client may have its own.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// The longest time that account access goes on without new strong authentication: 180 days
/// (Delegated Regulation (EU) 2018/389, Articles 10 and 10a). Consents never outlive it.
pub const CONSENT_LIMIT: Duration = Duration::from_secs(180 * 86_400);

/// The lifetimes in force.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Lifetimes {
    /// Of an authorization code.
    pub code: Duration,
    /// Of an access token.
    pub access_token: Duration,
    /// Of a refresh token.
    pub refresh_token: Duration,
    /// How long a used refresh token still hands back its successor.
    pub refresh_grace: Duration,
    /// Of a run through the authorization pages, from the first request on.
    pub interaction: Duration,
    /// Without activity after login (RTS Article 4(3)(d): at most five minutes).
    pub idle: Duration,
    /// How far a partner's clock may be off.
    pub clock_skew: Duration,
}

impl Default for Lifetimes {
    fn default() -> Self {
        Self {
            code: Duration::from_secs(60),
            access_token: Duration::from_secs(3_600),
            refresh_token: Duration::from_secs(15_552_000),
            refresh_grace: Duration::from_secs(10),
            interaction: Duration::from_secs(1_800),
            idle: Duration::from_secs(300),
            clock_skew: Duration::from_secs(300),
        }
    }
}

impl Lifetimes {
    /// These lifetimes with a client's own in their place.
    pub fn with(self, overrides: &LifetimeOverrides) -> Self {
        let or = |seconds: Option<u64>, general| seconds.map_or(general, Duration::from_secs);
        Self {
            code: or(overrides.code_seconds, self.code),
            access_token: or(overrides.access_token_seconds, self.access_token),
            refresh_token: or(overrides.refresh_token_seconds, self.refresh_token),
            ..self
        }
    }
}

/// What one client has of its own; whole seconds, absent means the general value.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LifetimeOverrides {
    /// Of its authorization codes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code_seconds: Option<u64>,
    /// Of its access tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_token_seconds: Option<u64>,
    /// Of its refresh tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token_seconds: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_changes_only_what_it_has_of_its_own() {
        let overrides =
            serde_json::from_str(r#"{"access_token_seconds":86400}"#).unwrap_or_default();
        let lifetimes = Lifetimes::default().with(&overrides);
        assert_eq!(lifetimes.access_token, Duration::from_secs(86_400));
        assert_eq!(
            Lifetimes {
                access_token: Duration::from_secs(3_600),
                ..lifetimes
            },
            Lifetimes::default()
        );
    }
}
