//! The back channel: client authentication and token requests (RFC 6749 §2.3, §3.2, §5), revocation
//! (RFC 7009), introspection (RFC 7662) and the server's metadata (RFC 8414).

mod answer;
mod client_authentication;
mod error;
mod fault;
mod introspection;
mod metadata;

use crate::{
    client::GrantType,
    dialects::Dialect,
    form::RawForm,
    grants::{authorization_code, client_credentials, password, refresh_token},
    secret::{AccessToken, RefreshToken, Secret},
};

pub use answer::TokenAnswer;
pub use client_authentication::{ClientCredentials, Proof};
pub use error::{TokenError, TokenErrorCode};
pub use fault::{ClientFault, TokenFault};
pub use introspection::Introspection;
pub use metadata::ServerMetadata;

/// A token request, by its grant. Made after the client has proved who it is.
#[derive(Debug)]
pub enum TokenRequest {
    /// RFC 6749 §4.1.3.
    AuthorizationCode(authorization_code::Parameters),
    /// RFC 6749 §6.
    RefreshToken(refresh_token::Parameters),
    /// RFC 6749 §4.4.2.
    ClientCredentials(client_credentials::Parameters),
    /// RFC 6749 §4.3.2.
    Password(password::Parameters),
}

impl TokenRequest {
    /// Reads the body of a token request. The grant of a person's password (RFC 6749 §4.3) does not exist
    /// (RFC 9700 §2.4).
    pub fn parse(form: &RawForm) -> Result<Self, TokenFault> {
        refuse_duplicates(form)?;
        let grant = form
            .one("grant_type")?
            .ok_or(TokenFault::ParameterMissing("grant_type"))?;
        let grant = grant
            .parse::<GrantType>()
            .map_err(|_| TokenFault::GrantUnknown)?;
        match grant {
            GrantType::AuthorizationCode => {
                authorization_code::Parameters::parse(form).map(Self::AuthorizationCode)
            }
            GrantType::RefreshToken => {
                refresh_token::Parameters::parse(form).map(Self::RefreshToken)
            }
            GrantType::ClientCredentials => {
                client_credentials::Parameters::parse(form).map(Self::ClientCredentials)
            }
            GrantType::Password => Err(TokenFault::GrantUnknown),
        }
    }

    /// Reads the body of a token request in the words of the standard, at a door of this dialect: some
    /// have one more grant.
    pub fn parse_in(dialect: &dyn Dialect, form: &RawForm) -> Result<Self, TokenFault> {
        let is_password = form.one("grant_type")? == Some(GrantType::Password.as_str());
        if is_password && dialect.takes_passwords() {
            refuse_duplicates(form)?;
            return password::Parameters::parse(form).map(Self::Password);
        }
        Self::parse(form)
    }

    /// Its grant.
    pub const fn grant(&self) -> GrantType {
        match self {
            Self::AuthorizationCode(_) => GrantType::AuthorizationCode,
            Self::RefreshToken(_) => GrantType::RefreshToken,
            Self::ClientCredentials(_) => GrantType::ClientCredentials,
            Self::Password(_) => GrantType::Password,
        }
    }
}

/// A token that somebody asks about (RFC 7009 §2.1, RFC 7662 §2.1). Its prefix says what it is, so
/// `token_type_hint` is not needed and not believed.
#[derive(Clone, Debug)]
pub enum PresentedToken {
    /// An access token.
    Access(Secret<AccessToken>),
    /// A refresh token.
    Refresh(Secret<RefreshToken>),
    /// Nothing that we ever made; answered like an unknown token.
    Unknown,
}

impl PresentedToken {
    /// Reads the body of a revocation or introspection request.
    pub fn parse(form: &RawForm) -> Result<Self, TokenFault> {
        refuse_duplicates(form)?;
        let text = form
            .one("token")?
            .ok_or(TokenFault::ParameterMissing("token"))?;
        Ok(Self::of(text))
    }

    /// What a text is, by prefix and checksum.
    pub fn of(text: &str) -> Self {
        if let Some(token) = Secret::parse(text) {
            Self::Access(token)
        } else if let Some(token) = Secret::parse(text) {
            Self::Refresh(token)
        } else {
            Self::Unknown
        }
    }
}

/// RFC 6749 §3.2: parameters must not be included more than once.
fn refuse_duplicates(form: &RawForm) -> Result<(), TokenFault> {
    match form.first_duplicate() {
        Some(name) => Err(TokenFault::ParameterTwice {
            name: name.to_owned(),
        }),
        None => Ok(()),
    }
}
