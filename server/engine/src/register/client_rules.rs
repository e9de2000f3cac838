//! What a client must be to be registered: the list of checks, and what follows from the dialect.

use protocol::{
    client::{AuthMethod, Client, ClientStatus, DialectName, Environment, GrantType, PkcePolicy},
    ids::ClientId,
    redirect_uri::RegisteredRedirectUri,
    scope::{Permission, Personal, Scope, ScopeToken},
};
use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

use super::{NewClient, RegisterError, clients::LONGEST_NAME, is_line};
use crate::Engine;

/// Most redirect URIs of one client.
const MOST_REDIRECT_URIS: usize = 20;

impl Engine {
    /// The client that the arguments describe.
    pub(crate) fn client_of(&self, new: &NewClient) -> Result<Client, RegisterError> {
        if !is_line(&new.name, LONGEST_NAME) {
            return Err(RegisterError::refused(
                "the name must be one line of 1 to 60 characters, without blanks at its ends",
            ));
        }
        let auth_method = new.auth.unwrap_or(match new.dialect {
            DialectName::Mac => AuthMethod::Mac,
            DialectName::Bearer => AuthMethod::ClientSecretBasic,
            DialectName::OBearer | DialectName::Tutorial => AuthMethod::ClientSecretPost,
        });
        let pkce = new.pkce.unwrap_or(match new.dialect {
            _ if auth_method == AuthMethod::None => PkcePolicy::Required,
            DialectName::Bearer | DialectName::OBearer => PkcePolicy::Required,
            DialectName::Mac | DialectName::Tutorial => PkcePolicy::Optional,
        });
        check_together(new, auth_method, pkce)?;
        let mut grants = new.grants.clone();
        grants.sort_unstable();
        grants.dedup();
        Ok(Client {
            id: self.client_id_of(new)?,
            name: new.name.clone(),
            environment: new.environment,
            status: ClientStatus::Active,
            dialects: vec![new.dialect],
            auth_method,
            pkce,
            redirect_uris: redirect_uris_of(new)?,
            scope: scope_of(&new.scope)?,
            grants,
            lifetimes: new.lifetimes,
            profile: new.profile.clone(),
            created_at: self.env.now(),
        })
    }

    fn client_id_of(&self, new: &NewClient) -> Result<ClientId, RegisterError> {
        let Some(id) = &new.id else {
            let random = data_encoding::BASE32_NOPAD
                .encode(&self.env.bytes::<5>())
                .to_lowercase();
            let prefix = match new.environment {
                Environment::Sandbox => "sbx",
                Environment::Live => "live",
            };
            return Ok(ClientId::new(format!(
                "{prefix}_{}_{random}",
                slug(&new.name)
            )));
        };
        let plain = (3..=64).contains(&id.len())
            && id
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
        if plain {
            Ok(ClientId::new(id.clone()))
        } else {
            Err(RegisterError::refused(
                "the client id must have 3 to 64 letters, digits, dashes, dots or underscores",
            ))
        }
    }
}

/// Arguments that contradict each other.
fn check_together(
    new: &NewClient,
    auth: AuthMethod,
    pkce: PkcePolicy,
) -> Result<(), RegisterError> {
    let uses = |grant| new.grants.contains(&grant);
    let refusal = if new.grants.is_empty() {
        "name at least one grant: authorization_code, refresh_token or client_credentials"
    } else if uses(GrantType::AuthorizationCode) && new.redirect_uris.is_empty() {
        "the grant authorization_code needs at least one redirect URI"
    } else if new.redirect_uris.len() > MOST_REDIRECT_URIS {
        "a client has at most 20 redirect URIs"
    } else if uses(GrantType::Password) && new.dialect != DialectName::Mac {
        "the grant password is for the dialect mac alone"
    } else if [GrantType::RefreshToken] == *new.grants {
        "the grant refresh_token needs another grant that the first token comes from"
    } else if auth == AuthMethod::None && uses(GrantType::ClientCredentials) {
        "the grant client_credentials needs a client that can authenticate"
    } else if auth == AuthMethod::None && pkce == PkcePolicy::Optional {
        "a client without a secret must use PKCE"
    } else if (auth == AuthMethod::Mac) != (new.dialect == DialectName::Mac) {
        "the dialect mac and the authentication mac go together"
    } else {
        return Ok(());
    };
    Err(RegisterError::refused(refusal))
}

fn redirect_uris_of(new: &NewClient) -> Result<Vec<RegisteredRedirectUri>, RegisterError> {
    let mut uris = Vec::<RegisteredRedirectUri>::new();
    for text in &new.redirect_uris {
        let uri = RegisteredRedirectUri::parse(text, new.environment)
            .map_err(|fault| RegisterError::refused(format!("redirect URI {text}: {fault}")))?;
        if uris.iter().any(|known| known.as_str() == uri.as_str()) {
            return Err(RegisterError::refused(format!(
                "redirect URI {text}: named twice"
            )));
        }
        uris.push(uri);
    }
    Ok(uris)
}

/// Only scopes with a meaning: what the consent page cannot put into words is not granted.
fn scope_of(text: &str) -> Result<Scope, RegisterError> {
    let words = text.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
    let scope =
        Scope::parse(&words).map_err(|fault| RegisterError::refused(format!("scope: {fault}")))?;
    if scope.is_empty() {
        return Err(RegisterError::refused(format!(
            "name at least one scope: {}",
            offered()
        )));
    }
    let has_meaning = |token: &ScopeToken| {
        Permission::OFFERED.contains(&token.as_str())
            || matches!(Permission::of(token), Some(Permission::Personal(_)))
    };
    if let Some(token) = scope.iter().find(|token| !has_meaning(token)) {
        return Err(RegisterError::refused(format!(
            "there is no scope {token}; there are: {}",
            offered()
        )));
    }
    Ok(scope)
}

/// All scopes, for whoever named another one.
fn offered() -> String {
    let personal = Personal::ALL.iter().map(|what| what.as_str());
    let all: Vec<&str> = Permission::OFFERED.into_iter().chain(personal).collect();
    format!(
        "{} (those after {} also with _offline, _optional or both)",
        all.join(", "),
        Permission::OFFERED.last().unwrap_or(&"")
    )
}

/// The name in lower-case letters, digits and dashes; letters lose their marks.
fn slug(name: &str) -> String {
    let plain: String = name
        .nfd()
        .filter(|part| !is_combining_mark(*part))
        .collect();
    let words: Vec<String> = plain
        .split(|character: char| !character.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let slug: String = words.join("-").chars().take(24).collect();
    if slug.is_empty() {
        "app".to_owned()
    } else {
        slug.trim_end_matches('-').to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_made_of_names() {
        for (name, expected) in [
            ("Coffee Shop", "coffee-shop"),
            ("  !!  ", "app"),
            ("Kavinė №7 & Co.", "kavine-7-co"),
            ("Biudžetas", "biudzetas"),
            ("ĄČĘĖĮŠŲŪŽ", "aceeisuuz"),
            (
                "A name that is much longer than anyone needs",
                "a-name-that-is-much-long",
            ),
            ("twenty three characters x", "twenty-three-characters"),
        ] {
            assert_eq!(slug(name), expected, "{name}");
        }
    }

    #[test]
    fn scopes_without_a_meaning_are_refused() {
        assert_eq!(
            scope_of(" transferFunds  wallet ").unwrap().to_string(),
            "transferFunds wallet"
        );
        for (text, word) in [
            ("", "at least one"),
            ("wallet admin", "no scope admin"),
            ("AIS:x", "no scope AIS:x"),
            ("a\"b", "printable"),
        ] {
            let refusal = scope_of(text).unwrap_err().to_string();
            assert!(refusal.contains(word), "{text}: {refusal}");
        }
    }
}
