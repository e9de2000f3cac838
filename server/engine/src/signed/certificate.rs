//! A client that proves itself by its TLS certificate instead of signing: for itself alone, never for a
//! person. Whoever has checked that the other end holds the certificate's key hands in its digest.

use protocol::{client::AuthMethod, dialects::mac::SignFault};
use store::client_certificates::find_client_certificate;

use super::Signer;
use crate::{Engine, error::Result};

impl Engine {
    /// The client with this certificate, with the parameters that it sent beside it.
    ///
    /// # Errors
    /// When storage failed; what is wrong with the certificate is the inner result.
    pub async fn signer_by_certificate(
        &self,
        digest: &[u8; 32],
        parameters: Vec<(String, String)>,
    ) -> Result<Result<Signer, SignFault>> {
        let Some(found) = find_client_certificate(self.env.store.reader(), digest).await? else {
            return Ok(Err(SignFault::UnknownId));
        };
        let now = self.env.now();
        if now < found.not_before || now >= found.not_after {
            return Ok(Err(SignFault::MayNotSign));
        }
        let Some(client) = self.client(&found.client_id).await? else {
            return Ok(Err(SignFault::UnknownId));
        };
        if !client.client.is_active() || client.client.auth_method != AuthMethod::Mac {
            return Ok(Err(SignFault::MayNotSign));
        }
        Ok(Ok(Signer {
            client,
            access: None,
            parameters,
        }))
    }
}
