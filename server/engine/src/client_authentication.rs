//! Who asks at the token, revocation and introspection endpoints (RFC 6749 §2.3).
//!
//! A right secret always passes. Wrong ones are counted per client and per address, and slowed down
//! beyond a burst; whoever guesses cannot lock out the client whose name they use.

use std::{net::IpAddr, sync::Arc, time::Duration};

use protocol::{
    client::DialectName,
    form::RawForm,
    ids::TraceId,
    token::{ClientCredentials, Proof, TokenError, TokenErrorCode},
};

use crate::{Engine, clients::CachedClient, error::Error};

/// A request at one of the back-channel endpoints.
#[derive(Clone, Copy, Debug)]
pub struct BackRequest<'a> {
    /// The body.
    pub form: &'a RawForm,
    /// The `Authorization` header.
    pub authorization: Option<&'a str>,
    /// The dialect of the door.
    pub dialect: DialectName,
    /// Where it came from.
    pub address: IpAddr,
    /// Its reference.
    pub trace: TraceId,
}

/// What a client hears, and what the log says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refused {
    /// For the wire.
    pub error: TokenError,
    /// The true reason, with ids, for the log.
    pub reason: String,
    /// How long to wait before trying again.
    pub retry_after: Option<Duration>,
}

/// Why a back-channel request was not served.
#[derive(Debug)]
pub enum Unserved {
    /// The client did something wrong.
    Refused(Refused),
    /// Storage or we did; nothing was written.
    Failed(Error),
}

impl Unserved {
    pub(crate) fn refused(error: TokenError, reason: impl Into<String>) -> Self {
        Self::Refused(Refused {
            error,
            reason: reason.into(),
            retry_after: None,
        })
    }
}

impl From<TokenError> for Unserved {
    fn from(error: TokenError) -> Self {
        let reason = error.description.clone().into_owned();
        Self::refused(error, reason)
    }
}

impl From<protocol::form::Duplicate> for Unserved {
    fn from(duplicate: protocol::form::Duplicate) -> Self {
        let reason = duplicate.to_string();
        Self::refused(duplicate.into(), reason)
    }
}

impl From<Error> for Unserved {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<store::Error> for Unserved {
    fn from(error: store::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl Engine {
    /// The client that sent the request, as far as its registered method can prove it. One without
    /// secrets has only named itself.
    pub(crate) async fn authenticate(
        &self,
        request: &BackRequest<'_>,
    ) -> Result<Arc<CachedClient>, Unserved> {
        let credentials = ClientCredentials::parse(request.authorization, request.form)?;
        let id = &credentials.client_id;
        let Some(client) = self.client(id).await? else {
            return Err(self.not_authenticated(request, &credentials, "there is no such client"));
        };
        match credentials.check(&client.client) {
            Ok(Proof::None) => Ok(client),
            Ok(Proof::Secret(secret)) => match client.secret(secret, self.env.now()) {
                Some(id) => {
                    self.env.caches.secret_uses.note(id, self.env.now());
                    Ok(client)
                }
                None => Err(self.not_authenticated(request, &credentials, "wrong secret")),
            },
            Err(_) if !client.client.is_active() => {
                Err(self.not_authenticated(request, &credentials, "the client is switched off"))
            }
            Err(_) => Err(self.not_authenticated(
                request,
                &credentials,
                "no secret where one is registered, or one where none is",
            )),
        }
    }

    /// As [`Engine::authenticate`], and the client can keep a secret.
    pub(crate) async fn authenticate_with_secret(
        &self,
        request: &BackRequest<'_>,
    ) -> Result<Arc<CachedClient>, Unserved> {
        let client = self.authenticate(request).await?;
        if client.client.auth_method == protocol::client::AuthMethod::None {
            let reason = format!(
                "client {}: a client without a secret cannot prove who it is",
                client.client.id
            );
            return Err(Unserved::refused(TokenError::invalid_client(), reason));
        }
        Ok(client)
    }

    /// Counts the failure. All causes sound the same on the wire.
    fn not_authenticated(
        &self,
        request: &BackRequest<'_>,
        credentials: &ClientCredentials,
        cause: &str,
    ) -> Unserved {
        let id = &credentials.client_id;
        let wait = self
            .env
            .caches
            .failures
            .count(id, request.address, self.env.now());
        let error = match wait {
            None => TokenError::invalid_client(),
            Some(_) => TokenError::new(
                TokenErrorCode::TooManyRequests,
                "client authentication failed too often, try again later",
            ),
        };
        let reason = format!(
            "client {id}: {cause} ({} from {})",
            credentials.method(),
            request.address
        );
        Unserved::Refused(Refused {
            error,
            reason,
            retry_after: wait,
        })
    }
}
