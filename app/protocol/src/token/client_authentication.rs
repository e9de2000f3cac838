//! Who asks, and how it says so: HTTP Basic, the body, or a name alone (RFC 6749 §2.3.1, §3.2.1).

use data_encoding::BASE64;
use zeroize::Zeroizing;

use super::{ClientFault, TokenFault};
use crate::{
    client::{AuthMethod, Client},
    form::{self, RawForm},
    ids::ClientId,
    secret::{ClientSecret, Secret},
};

/// What a client presents at the token, revocation or introspection endpoint.
#[derive(Clone, Debug)]
pub struct ClientCredentials {
    /// Who it says it is.
    pub client_id: ClientId,
    method: AuthMethod,
    secret: Option<Secret<ClientSecret>>,
}

/// What is left to prove, once the way of proving it was found to be the registered one.
#[derive(Clone, Debug)]
pub enum Proof<'a> {
    /// Its digest must be one of the client's.
    Secret(&'a Secret<ClientSecret>),
    /// A public client: nothing here, PKCE or possession of the refresh token has to do.
    None,
}

impl ClientCredentials {
    /// Reads the `Authorization` header and the body.
    ///
    /// Both at once, or two different names, are `invalid_request` on the wire; neither, or a header
    /// that cannot be read, is `invalid_client`.
    pub fn parse(authorization: Option<&str>, form: &RawForm) -> Result<Self, TokenFault> {
        let named = form.one("client_id")?;
        let in_body = form.one("client_secret")?;
        let Some(header) = authorization else {
            let client_id = named.and_then(plausible_id).ok_or(ClientFault::Unnamed)?;
            let method = if in_body.is_some() {
                AuthMethod::ClientSecretPost
            } else {
                AuthMethod::None
            };
            return Ok(Self {
                client_id,
                method,
                secret: in_body.map(Secret::presented),
            });
        };
        if in_body.is_some() {
            return Err(ClientFault::Twice.into());
        }
        let (client_id, secret) = basic(header).ok_or(ClientFault::Unnamed)?;
        if named.is_some_and(|named| named != client_id.as_str()) {
            return Err(ClientFault::TwoNames.into());
        }
        Ok(Self {
            client_id,
            method: AuthMethod::ClientSecretBasic,
            secret: Some(secret),
        })
    }

    /// The way it was presented.
    pub const fn method(&self) -> AuthMethod {
        self.method
    }

    /// Holds it against the client that has this id: it must be active, and it must bring a secret
    /// exactly when it was registered with one. So nobody passes for a confidential client by
    /// leaving the secret out. Whether the secret stands in the header or in the body is left to
    /// the client's library (RFC 6749 §2.3.1): both travel the same way and prove the same.
    pub fn check(&self, client: &Client) -> Result<Proof<'_>, ClientFault> {
        if self.client_id != client.id {
            return Err(ClientFault::Unknown);
        }
        if !client.is_active() {
            return Err(ClientFault::SwitchedOff);
        }
        match (client.auth_method, &self.secret) {
            (AuthMethod::None, None) => Ok(Proof::None),
            (AuthMethod::ClientSecretBasic | AuthMethod::ClientSecretPost, Some(secret)) => {
                Ok(Proof::Secret(secret))
            }
            _ => Err(ClientFault::WrongMethod),
        }
    }
}

/// RFC 7617 with the form-encoding of both halves that RFC 6749 §2.3.1 asks for.
fn basic(header: &str) -> Option<(ClientId, Secret<ClientSecret>)> {
    let (scheme, value) = header.trim().split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("Basic") {
        return None;
    }
    let decoded = Zeroizing::new(BASE64.decode(value.trim_start().as_bytes()).ok()?);
    let colon = decoded.iter().position(|byte| *byte == b':')?;
    let (id, secret) = (decoded.get(..colon)?, decoded.get(colon + 1..)?);
    let id = form::decode(id).ok()?;
    let secret = Zeroizing::new(form::decode(secret).ok()?);
    Some((plausible_id(&id)?, Secret::presented(&secret)))
}

/// RFC 6749 appendix A.1: VSCHAR, and not longer than any that we give out.
fn plausible_id(text: &str) -> Option<ClientId> {
    let vschar = text.bytes().all(|byte| (0x20..=0x7e).contains(&byte));
    (vschar && (1..=255).contains(&text.len())).then(|| ClientId::new(text))
}
