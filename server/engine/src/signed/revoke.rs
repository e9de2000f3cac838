//! `DELETE /oauth/v1/token`: a client gives a token back, or a token gives itself back. The whole grant
//! ends with it: the client library would refresh at once, and what was given back would live again.

use protocol::{
    ids::TraceId,
    secret::{AccessToken, Secret},
};

use super::Signer;
use crate::{Engine, error::Result};

impl Engine {
    /// Ends an access token: the one that is named, or the one whose key signed the request. `false` when
    /// a client signed with its own key and named none. A token that is unknown, or another client's,
    /// is answered like one that has just ended (RFC 7009 §2.2).
    ///
    /// # Errors
    /// When storage or we failed.
    pub async fn revoke_signed(
        &self,
        signer: &Signer,
        named: Option<&str>,
        trace: TraceId,
    ) -> Result<bool> {
        let token = match (named, &signer.access) {
            (Some(named), _) => match Secret::<AccessToken>::parse(named) {
                Some(token) => token.digest(),
                None => return Ok(true),
            },
            (None, Some(access)) => access.token,
            (None, None) => return Ok(false),
        };
        self.revoke_access(&signer.client, trace, token, true)
            .await?;
        Ok(true)
    }
}
