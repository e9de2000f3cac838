//! That a client is switched off: since when, by whom, why. The status is a column of the client;
//! everything else was said once, in the event of the audit trail, and is read from there.

use protocol::{
    client::{ClientStatus, Environment},
    ids::ClientId,
    registration::review::{SuspendCode, SuspendMode},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use store::{
    apps::AppRecord,
    audit::{AuditFilter, find_newest_audit_events},
    clients::{ClientRecord, find_client},
};

use crate::{Engine, error::Result};

/// The event that a client was switched off.
pub(super) const SUSPENDED: &str = "client.suspended";

/// The event that it was switched on again.
pub(super) const RESUMED: &str = "client.resumed";

/// What the event of a suspension says. An operator who switches a client off at the command line
/// says nothing of it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Said {
    pub mode: Option<SuspendMode>,
    pub code: Option<SuspendCode>,
    pub reason: Option<String>,
    pub people: u64,
    pub permissions: u64,
}

/// A client that is switched off.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Suspension {
    /// Which one.
    pub client: ClientId,
    /// Play money or real money.
    pub environment: Environment,
    /// Since when; unknown when nothing was written down.
    pub since: Option<Timestamp>,
    /// By whom, in the words of the audit trail.
    pub by: Option<String>,
    /// What became of what people allowed. The command line only pauses.
    pub mode: SuspendMode,
    /// Why, in one word.
    pub code: Option<SuspendCode>,
    /// Why, in the words of the admin.
    pub reason: Option<String>,
}

impl Engine {
    /// Why a client is switched off; nothing when it is not.
    pub(crate) async fn suspension_of(&self, client: &ClientRecord) -> Result<Option<Suspension>> {
        let client = &client.client;
        if client.status == ClientStatus::Active {
            return Ok(None);
        }
        let filter = AuditFilter {
            action: Some(SUSPENDED.to_owned()),
            object: Some(format!("client:{}", client.id)),
            ..AuditFilter::default()
        };
        let found = find_newest_audit_events(self.env.store.reader(), &filter, None, 1).await?;
        let event = found.into_iter().next();
        let said = event.as_ref().map(|event| event.detail.as_str());
        let said: Said = said
            .and_then(|detail| serde_json::from_str(detail).ok())
            .unwrap_or_default();
        Ok(Some(Suspension {
            client: client.id.clone(),
            environment: client.environment,
            since: event.as_ref().map(|event| event.at),
            by: event.map(|event| event.actor),
            mode: said.mode.unwrap_or(SuspendMode::Pause),
            code: said.code,
            reason: said.reason,
        }))
    }

    /// Which clients of an app are switched off, and why: for the pages of its team.
    ///
    /// # Errors
    /// When storage failed.
    pub async fn suspensions_of_app(&self, app: &AppRecord) -> Result<Vec<Suspension>> {
        let mut suspensions = Vec::new();
        for client in app.live_client.iter().chain([&app.sandbox_client]) {
            if let Some(record) = find_client(self.env.store.reader(), client).await? {
                suspensions.extend(self.suspension_of(&record).await?);
            }
        }
        Ok(suspensions)
    }
}
