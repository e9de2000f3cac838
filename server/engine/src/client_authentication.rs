//! Who asks at the token, revocation and introspection endpoints (RFC 6749 §2.3).
//!
//! A right secret always passes. Wrong ones are counted per client and per address, and slowed down
//! beyond a burst; whoever guesses cannot lock out the client whose name they use.

use std::{net::IpAddr, sync::Arc, time::Duration};

use protocol::{
    client::DialectName,
    dialects::{
        Door,
        mac::{MacHeader, SignFault, header::is_signed},
    },
    form::RawForm,
    ids::{ClientId, TraceId},
    token::{ClientCredentials, ClientFault, Proof, TokenError, TokenErrorCode, TokenFault},
};

use crate::{
    Engine,
    clients::CachedClient,
    error::Error,
    request_log::{self, Seen},
    signed::SignedRequest,
};

/// A request at one of the back-channel endpoints.
#[derive(Clone, Copy, Debug)]
pub struct BackRequest<'a> {
    /// The body.
    pub form: &'a RawForm,
    /// What a signature is checked against.
    pub raw: Raw<'a>,
    /// The `Authorization` header.
    pub authorization: Option<&'a str>,
    /// The address it was sent to.
    pub door: &'static Door,
    /// Where it came from.
    pub address: IpAddr,
    /// Its reference.
    pub trace: TraceId,
    /// Where the request log finds what was seen of it.
    pub seen: &'a Seen,
}

/// A request before it was understood.
#[derive(Clone, Copy, Default, Debug)]
pub struct Raw<'a> {
    /// The method, in upper case.
    pub method: &'a str,
    /// Path and query, as on the request line.
    pub target: &'a str,
    /// The header `Host`.
    pub host: Option<&'a str>,
    /// The bytes of the body.
    pub body: &'a [u8],
    /// SHA-256 of the TLS certificate whose key the other end holds.
    pub certificate: Option<&'a [u8; 32]>,
}

/// What a client hears, and what the log says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refused {
    /// For the wire.
    pub error: TokenError,
    /// The true reason.
    pub fault: TokenFault,
    /// The true reason, with ids, for the log.
    pub reason: String,
    /// What was expected and what came, for the app's developer.
    pub evidence: request_log::Proof,
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
    /// A request of a client that was refused, with what more the log shall say.
    pub(crate) fn refused(client: &CachedClient, fault: impl Into<TokenFault>, more: &str) -> Self {
        let fault = fault.into();
        Self::Refused(Refused {
            error: fault.error(),
            reason: format!("client {}: {fault}{more}", client.client.id),
            retry_after: fault.retry_after(),
            fault,
            evidence: None,
        })
    }

    /// The same, and what was expected.
    pub(crate) fn with_evidence(self, evidence: request_log::Proof) -> Self {
        match self {
            Self::Refused(refused) => Self::Refused(Refused {
                evidence,
                ..refused
            }),
            failed => failed,
        }
    }
}

/// A request that is refused before it is known whose it is.
impl From<TokenFault> for Unserved {
    fn from(fault: TokenFault) -> Self {
        Self::Refused(Refused {
            error: fault.error(),
            reason: fault.to_string(),
            retry_after: fault.retry_after(),
            fault,
            evidence: None,
        })
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
        if let Some(signed) = request.authorization.filter(|value| is_signed(value)) {
            return self.authenticate_signed(request, signed).await;
        }
        if let Some(digest) = request.raw.certificate
            && request.authorization.is_none()
            && request.door.dialect == DialectName::Mac
        {
            return self.authenticate_by_certificate(request, digest).await;
        }
        let credentials = ClientCredentials::parse(request.authorization, request.form)?;
        let id = &credentials.client_id;
        let Some(client) = self.client(id).await? else {
            return Err(self.not_authenticated(request, &credentials, ClientFault::Unknown));
        };
        request.seen.found(&client);
        let proved = match credentials.check(&client.client) {
            Ok(Proof::None) => Ok(()),
            Ok(Proof::Secret(secret)) => client
                .secret(secret, self.env.now())
                .map(|id| self.env.caches.secret_uses.note(id, self.env.now())),
            Err(fault) => Err(fault),
        };
        match proved {
            Ok(()) => Ok(client),
            Err(fault) => Err(self.not_authenticated(request, &credentials, fault)),
        }
    }

    /// The client whose own key signed the request. The key of a token is not enough: it speaks for a
    /// person, and is not asked who the client is.
    async fn authenticate_signed(
        &self,
        request: &BackRequest<'_>,
        signed: &str,
    ) -> Result<Arc<CachedClient>, Unserved> {
        let header = MacHeader::parse(signed)
            .map_err(|fault| Unserved::from(TokenFault::from(SignFault::from(fault))))?;
        let named = self.client(&ClientId::new(&header.id)).await?;
        if let Some(client) = &named {
            request.seen.found(client);
        }
        let Raw {
            method,
            target,
            host,
            body,
            ..
        } = request.raw;
        let checked = self
            .signer(&SignedRequest {
                header: &header,
                method,
                target,
                host,
                body,
                address: request.address,
            })
            .await?;
        let fault = match checked {
            Ok(signer) if signer.access.is_none() => return Ok(signer.client),
            Ok(_) => SignFault::MayNotSign,
            Err(fault) => fault,
        };
        Err(match &named {
            Some(client) => Unserved::refused(client, fault, ""),
            None => Unserved::from(TokenFault::from(fault)),
        })
    }

    /// The client with this TLS certificate.
    async fn authenticate_by_certificate(
        &self,
        request: &BackRequest<'_>,
        digest: &[u8; 32],
    ) -> Result<Arc<CachedClient>, Unserved> {
        let signer = self.signer_by_certificate(digest, Vec::new()).await?;
        let signer = signer.map_err(TokenFault::from)?;
        request.seen.found(&signer.client);
        Ok(signer.client)
    }

    /// As [`Engine::authenticate`], and the client can keep a secret.
    pub(crate) async fn authenticate_with_secret(
        &self,
        request: &BackRequest<'_>,
    ) -> Result<Arc<CachedClient>, Unserved> {
        let client = self.authenticate(request).await?;
        if client.client.auth_method == protocol::client::AuthMethod::None {
            return Err(Unserved::refused(&client, ClientFault::CannotProve, ""));
        }
        Ok(client)
    }

    /// Counts the failure. All causes sound the same on the wire.
    fn not_authenticated(
        &self,
        request: &BackRequest<'_>,
        credentials: &ClientCredentials,
        cause: ClientFault,
    ) -> Unserved {
        let id = &credentials.client_id;
        let wait = self
            .env
            .caches
            .failures
            .count(id, request.address, self.env.now());
        let error = match wait {
            None => cause.error(),
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
            fault: cause.into(),
            reason,
            evidence: None,
            retry_after: wait,
        })
    }
}
