//! A registered app (RFC 6749 §2) and what was approved for it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    ids::ClientId,
    lifetimes::LifetimeOverrides,
    locale::Locale,
    redirect_uri::{RegisteredRedirectUri, TrustedRedirect},
    registration::Licence,
    scope::Scope,
    time::Timestamp,
    words::words,
};

pub use crate::words::UnknownWord;

words! {
    /// Where a client, a person and their money live. The two never meet.
    Environment {
        /// Exists at once, sees only sandbox people and sandbox money.
        Sandbox "sandbox",
        /// Real people, real money; needs approval.
        Live "live",
    }

    /// Whether a client may do anything.
    ClientStatus {
        /// It may.
        Active "active",
        /// Switched off by an admin; nothing is granted, its tokens are refused.
        Suspended "suspended",
    }

    /// How a client proves who it is at the token endpoint (`token_endpoint_auth_method`, RFC 7591 §2).
    AuthMethod {
        /// It cannot keep a secret; PKCE stands in.
        None "none",
        /// HTTP Basic, RFC 6749 §2.3.1.
        ClientSecretBasic "client_secret_basic",
        /// In the request body, RFC 6749 §2.3.1.
        ClientSecretPost "client_secret_post",
        /// Every request signed with a MAC key.
        Mac "mac",
    }

    /// Whether an authorize request needs a PKCE challenge (RFC 7636).
    PkcePolicy {
        /// It does; the rule.
        Required "required",
        /// Accepted and then enforced, but may be left out.
        Optional "optional",
    }

    /// A way of speaking OAuth: headers, answers, errors, doors.
    DialectName {
        /// The standard, RFC 6750.
        Bearer "bearer",
        /// Like it with another scheme word and other bodies.
        OBearer "o-bearer",
        /// Every request signed.
        Mac "mac",
        /// The teaching dialect with its own field names.
        Tutorial "tutorial",
    }

    /// A grant of the token endpoint (`grant_type`).
    GrantType {
        /// RFC 6749 §4.1.
        AuthorizationCode "authorization_code",
        /// RFC 6749 §6.
        RefreshToken "refresh_token",
        /// RFC 6749 §4.4.
        ClientCredentials "client_credentials",
        /// RFC 6749 §4.3; only for clients that sign, and never in production.
        Password "password",
    }
}

impl GrantType {
    /// Those of the standard token endpoint.
    pub const STANDARD: [Self; 3] = [
        Self::AuthorizationCode,
        Self::RefreshToken,
        Self::ClientCredentials,
    ];
}

/// A registered app.
#[derive(Clone, PartialEq, Debug)]
pub struct Client {
    /// RFC 6749 §2.2.
    pub id: ClientId,
    /// The name that people see.
    pub name: String,
    /// Sandbox or live.
    pub environment: Environment,
    /// Active or suspended.
    pub status: ClientStatus,
    /// The dialects it was approved for.
    pub dialects: Vec<DialectName>,
    /// How it authenticates at the token endpoint. The two ways to send a secret stand for each other.
    pub auth_method: AuthMethod,
    /// Whether PKCE is required of it.
    pub pkce: PkcePolicy,
    /// Where people may be sent back to.
    pub redirect_uris: Vec<RegisteredRedirectUri>,
    /// What it was approved to ask for.
    pub scope: Scope,
    /// The grants it may use.
    pub grants: Vec<GrantType>,
    /// Its own token lifetimes.
    pub lifetimes: LifetimeOverrides,
    /// Who runs it, as reviewed.
    pub profile: ClientProfile,
    /// When it was registered.
    pub created_at: Timestamp,
}

impl Client {
    /// Whether it may do anything at all.
    pub fn is_active(&self) -> bool {
        self.status == ClientStatus::Active
    }

    /// Whether it may use the grant.
    pub fn allows(&self, grant: GrantType) -> bool {
        self.grants.contains(&grant)
    }

    /// Whether it was approved for the dialect.
    pub fn speaks(&self, dialect: DialectName) -> bool {
        self.dialects.contains(&dialect)
    }

    /// The dialect of its answers at the standard doors: plain Bearer, unless signing is all it does.
    pub fn standard_dialect(&self) -> DialectName {
        match self.dialects.as_slice() {
            [DialectName::Mac] => DialectName::Mac,
            _ => DialectName::Bearer,
        }
    }

    /// The address to go back to, when `requested` is one of the registered ones. RFC 9700 §4.1.3:
    /// character by character.
    pub fn redirect(&self, requested: &str) -> Option<TrustedRedirect> {
        self.redirect_uris
            .iter()
            .find_map(|registered| registered.matches(requested))
    }

    /// The address to go back to when the request names none: the only registered one, and not a
    /// loopback address, whose port nobody knows beforehand.
    pub fn only_redirect(&self) -> Option<TrustedRedirect> {
        match self.redirect_uris.as_slice() {
            [only] if !only.is_loopback() => only.matches(only.as_str()),
            _ => None,
        }
    }
}

/// Who runs an app and what for, as an admin reviewed it. Shown on the consent page.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ClientProfile {
    /// Name of the company.
    pub legal_name: String,
    /// Its number in the register of companies.
    pub registration_number: String,
    /// Its licence, in words, where that is all that is known.
    pub licence: String,
    /// Its licence, as reviewed.
    pub licensed: Option<Licence>,
    /// The domain whose ownership was verified.
    pub domain: String,
    /// Where people find the app.
    pub homepage: String,
    /// What it wants the data for, per language.
    pub purpose: BTreeMap<Locale, String>,
    /// When an admin said yes; `None` means that nobody looked yet.
    pub reviewed_at: Option<Timestamp>,
}

impl ClientProfile {
    /// The purpose in the language, else in English, with the language it is in.
    pub fn purpose_in(&self, locale: Locale) -> Option<(Locale, &str)> {
        [locale, Locale::En]
            .into_iter()
            .find_map(|locale| Some((locale, self.purpose.get(&locale)?.as_str())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_the_same_in_text_and_in_json() {
        assert_eq!("o-bearer".parse(), Ok(DialectName::OBearer));
        assert_eq!(
            serde_json::to_string(&AuthMethod::ClientSecretPost)
                .ok()
                .as_deref(),
            Some("\"client_secret_post\"")
        );
        for grant in GrantType::ALL {
            assert_eq!(grant.to_string().parse(), Ok(*grant));
        }
        let fault = "staging"
            .parse::<Environment>()
            .map_err(|fault| fault.to_string());
        assert_eq!(fault, Err("expected one of: sandbox live".to_owned()));
    }

    #[test]
    fn the_purpose_falls_back_to_english() {
        let profile: ClientProfile =
            serde_json::from_str(r#"{"purpose":{"en":"Budget","lt":"Biudžetas"}}"#)
                .unwrap_or_default();
        assert_eq!(
            profile.purpose_in(Locale::Lt),
            Some((Locale::Lt, "Biudžetas"))
        );
        assert_eq!(profile.purpose_in(Locale::Ru), Some((Locale::En, "Budget")));
        assert_eq!(ClientProfile::default().purpose_in(Locale::Ru), None);
    }
}
