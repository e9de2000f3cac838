//! The token endpoint (RFC 6749 §3.2): who asks, for which grant, and the grant's own file does
//! the rest.

use std::sync::Arc;

use protocol::{
    client::{AuthMethod, DialectName},
    dialects::{self, Dialect, Door},
    ids::TraceId,
    time::Timestamp,
    token::{TokenAnswer, TokenFault, TokenRequest},
};
use store::audit::AuditRecord;

use crate::{
    Engine,
    client_authentication::{BackRequest, Unserved},
    clients::CachedClient,
    error::Error,
};

/// What every grant knows of the request.
#[derive(Clone)]
pub(crate) struct Granting {
    /// The client, authenticated.
    pub client: Arc<CachedClient>,
    /// Through which door it came.
    pub door: &'static Door,
    /// What is spoken there, and how the new tokens will be presented.
    pub dialect: &'static dyn Dialect,
    /// The reference of the request.
    pub trace: TraceId,
    /// When it is decided.
    pub now: Timestamp,
}

impl Engine {
    /// Answers a token request.
    pub async fn token(&self, request: &BackRequest<'_>) -> Result<TokenAnswer, Unserved> {
        let client = self.authenticate(request).await?;
        let door = request.door;
        check_door(&client, door.dialect)?;
        let dialect = dialects::dialect(door.dialect)
            .ok_or_else(|| Error::Broken(format!("nobody speaks {}", door.dialect)))?;
        let asked = dialect
            .token_form(request.form)
            .and_then(|form| TokenRequest::parse_in(dialect, &form))
            .map_err(|fault| Unserved::refused(&client, fault, ""))?;
        let granting = Granting {
            client,
            door,
            dialect,
            trace: request.trace,
            now: self.env.now(),
        };
        match asked {
            TokenRequest::AuthorizationCode(presented) => self.exchange(&granting, presented).await,
            TokenRequest::RefreshToken(presented) => self.refresh(&granting, presented).await,
            TokenRequest::ClientCredentials(presented) => {
                self.client_credentials(&granting, &presented).await
            }
            TokenRequest::Password(presented) => {
                self.password(&granting, presented, request.address).await
            }
        }
    }

    /// An audit event of a client's doing.
    pub(crate) fn client_event(
        &self,
        client: &CachedClient,
        trace: TraceId,
        action: &str,
        object: String,
        detail: &serde_json::Value,
    ) -> AuditRecord {
        AuditRecord {
            id: self.env.id(),
            at: self.env.now(),
            actor: format!("client:{}", client.client.id),
            action: action.to_owned(),
            object,
            detail: detail.to_string(),
            trace: Some(trace),
        }
    }
}

/// The standard door is open to all but those who only sign; the other doors to those who were
/// approved for their dialect.
fn check_door(client: &CachedClient, door: DialectName) -> Result<(), Unserved> {
    let open = match door {
        DialectName::Bearer => client.client.auth_method != AuthMethod::Mac,
        other => client.client.speaks(other),
    };
    if open {
        return Ok(());
    }
    Err(Unserved::refused(client, TokenFault::DoorClosed(door), ""))
}
