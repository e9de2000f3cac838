//! Signed requests: who signed, and that nobody sends the same one twice
//! (draft-ietf-oauth-v2-http-mac-01).
//!
//! A request is signed with the key of a client, for the client itself, or with the key of an access
//! token, for the person behind it. The order of checks: the clock, the key, the signature, the body,
//! the nonce, and then whether the token still holds. Nothing is remembered of a request whose
//! signature does not fit.

mod certificate;
mod left;
mod nonces;
mod revoke;

use std::{net::IpAddr, sync::Arc};

use protocol::{
    client::AuthMethod,
    dialects::mac::{Destination, Extension, MacHeader, SignFault, Signable, fault::check_time},
    ids::ClientId,
    secret::{AccessToken, Secret},
};
use zeroize::Zeroizing;

use crate::{
    Engine,
    access::Access,
    clients::CachedClient,
    error::{Error, Result},
    seal::Purpose,
};

pub use left::{LeaveFault, Left};
pub(crate) use nonces::Nonces;

/// A signed request as it came in.
#[derive(Clone, Copy, Debug)]
pub struct SignedRequest<'a> {
    /// The header.
    pub header: &'a MacHeader,
    /// The method, in upper case.
    pub method: &'a str,
    /// Path and query, as on the request line.
    pub target: &'a str,
    /// The header `Host`.
    pub host: Option<&'a str>,
    /// The bytes of the body.
    pub body: &'a [u8],
    /// Where it came from.
    pub address: IpAddr,
}

/// Who signed a request.
#[derive(Clone, Debug)]
pub struct Signer {
    /// The client, active.
    pub client: Arc<CachedClient>,
    /// The token whose key signed; `None` when the client signed with its own.
    pub access: Option<Arc<Access>>,
    /// The free parameters of `ext`, such as `project_id`.
    pub parameters: Vec<(String, String)>,
}

/// Whose key it is that must have signed.
enum KeyOf {
    Client(Arc<CachedClient>),
    Token(Arc<Access>, Arc<CachedClient>),
}

impl Engine {
    /// Checks a signed request, and remembers that it was served.
    ///
    /// # Errors
    /// When storage or we failed; what is wrong with the request is the inner result.
    pub async fn signer(&self, request: &SignedRequest<'_>) -> Result<Result<Signer, SignFault>> {
        let now = self.env.now();
        let header = request.header;
        let allowed = self.env.settings.lifetimes.clock_skew;
        let signed_at = match check_time(header, now, allowed) {
            Ok(signed_at) => signed_at,
            Err(fault) => return Ok(Err(fault)),
        };
        let key_of = match self.key_of(&header.id).await? {
            Ok(key_of) => key_of,
            Err(fault) => return Ok(Err(self.counted(request, fault))),
        };
        let (client, access) = match key_of {
            KeyOf::Client(client) => (client, None),
            KeyOf::Token(access, client) => (client, Some(access)),
        };
        let sealed = match &access {
            Some(access) => access.sealed_mac_key.as_deref(),
            None => client.sealed_mac_key.as_deref(),
        };
        let Some(sealed) = sealed else {
            return Ok(Err(self.counted(request, SignFault::MayNotSign)));
        };
        let key = self.open_mac_key(sealed)?;
        let destinations = Destination::of(&self.env.settings.public_url, request.host);
        let signable = Signable {
            method: request.method,
            target: request.target,
            destinations: &destinations,
        };
        if !signable.is_signed_with(&key, header) {
            return Ok(Err(self.counted(request, SignFault::WrongSignature)));
        }
        let extension = match Extension::check(&header.ext, request.body) {
            Ok(extension) => extension,
            Err(fault) => return Ok(Err(fault)),
        };
        if let Err(fault) = self.claim_nonce(header, signed_at, now).await? {
            return Ok(Err(fault));
        }
        if let Some(access) = &access {
            self.note_first_use(access).await?;
        }
        Ok(Ok(Signer {
            client,
            access,
            parameters: extension.parameters,
        }))
    }

    /// One header, two namespaces: our access tokens are known by their form, everything else is a
    /// client's id.
    async fn key_of(&self, id: &str) -> Result<Result<KeyOf, SignFault>> {
        if let Some(token) = Secret::<AccessToken>::parse(id) {
            let Ok(access) = self.look_up(&token.digest()).await? else {
                return Ok(Err(SignFault::TokenEnded));
            };
            let client = self.client(&access.client).await?;
            return Ok(match client {
                Some(client) if client.client.is_active() => Ok(KeyOf::Token(access, client)),
                _ => Err(SignFault::TokenEnded),
            });
        }
        // What looks like a token of ours and is none: mistyped or of another server. The client has
        // to get another one, as with one that has expired.
        if protocol::secret::holds_secret(id) {
            return Ok(Err(SignFault::TokenEnded));
        }
        let Some(client) = self.client(&ClientId::new(id)).await? else {
            return Ok(Err(SignFault::UnknownId));
        };
        let may = client.client.is_active() && client.client.auth_method == AuthMethod::Mac;
        Ok(if may {
            Ok(KeyOf::Client(client))
        } else {
            Err(SignFault::MayNotSign)
        })
    }

    /// Counts a failure; beyond a burst of them the answer is that there were too many.
    fn counted(&self, request: &SignedRequest<'_>, fault: SignFault) -> SignFault {
        if fault == SignFault::TokenEnded {
            return fault;
        }
        let id = match Secret::<AccessToken>::parse(&request.header.id) {
            // Of a token nothing is kept but its digest.
            Some(token) => ClientId::new(&token.digest().to_hex()[..16]),
            None => ClientId::new(&request.header.id),
        };
        let failures = &self.env.caches.failures;
        match failures.count(&id, request.address, self.env.now()) {
            Some(wait) => SignFault::TooMany { wait },
            None => fault,
        }
    }

    fn open_mac_key(&self, sealed: &[u8]) -> Result<Zeroizing<String>> {
        let plain = self.env.seal.open(Purpose::MacKey, sealed).ok();
        plain
            .and_then(|plain| String::from_utf8(plain.to_vec()).ok())
            .map(Zeroizing::new)
            .ok_or_else(|| Error::Broken("a sealed MAC key does not open".into()))
    }
}
