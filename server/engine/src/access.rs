//! The check of an access token: who may do what, now.
//!
//! One indexed read, or none when the token was looked at less than a second ago and nothing changed
//! since. Everything that decides is read together: the token, its family, the consent, the person
//! and the client. So whatever ended, ends the token too, without touching its row.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use protocol::{
    client::{ClientStatus, DialectName, Environment},
    ids::{ClientId, FamilyId, UserId},
    scope::{Scope, ScopeToken},
    secret::{AccessToken, Digest, Secret},
    time::Timestamp,
};
use store::{
    access_tokens::{AccessTokenFound, find_access_token},
    consents::{ConsentRecord, ConsentStatus, EndReason},
    users::UserStatus,
};

use crate::{
    Engine,
    error::{Error, Result},
};

/// What a good access token allows.
#[derive(Debug)]
pub struct Access {
    /// The token.
    pub token: Digest<AccessToken>,
    /// Who holds it.
    pub client: ClientId,
    /// All tokens of the same grant; none for client credentials.
    pub family: Option<FamilyId>,
    /// For whom it speaks; none for client credentials.
    pub user: Option<UserId>,
    /// That person's name to sign in with.
    pub username: Option<String>,
    /// What that person allowed: accounts, payment, end date.
    pub consent: Option<ConsentRecord>,
    /// What it is good for.
    pub scope: Scope,
    /// Sandbox or live. The two never meet.
    pub environment: Environment,
    /// How it must be presented.
    pub dialect: DialectName,
    /// Since when.
    pub issued_at: Timestamp,
    /// Until when: its own end, or that of the consent if that comes first.
    pub expires_at: Timestamp,
    /// The key with which requests are signed in its name, sealed; none in dialects that do not sign.
    pub sealed_mac_key: Option<Vec<u8>>,
    /// Its first use is noted already, or nobody waits for it.
    used: AtomicBool,
}

impl Access {
    /// Whether the token was granted this scope.
    pub fn allows(&self, scope: &ScopeToken) -> bool {
        self.scope.contains(scope)
    }
}

/// Why a token is good for nothing. For the log: callers are told one and the same.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Inactive {
    /// We never made it, or it was forgotten long after its end.
    #[error("unknown token")]
    Unknown,
    /// It has run out.
    #[error("expired token")]
    Expired,
    /// It was revoked by itself.
    #[error("revoked token")]
    Revoked,
    /// All tokens of its grant were revoked.
    #[error("token of a revoked family")]
    FamilyRevoked,
    /// The person or somebody else ended the consent.
    #[error("token of a consent that has ended")]
    ConsentEnded,
    /// The consent has run out.
    #[error("token of a consent that has run out")]
    ConsentExpired,
    /// The client is switched off or gone.
    #[error("token of a client that is switched off")]
    ClientOff,
    /// The person is locked or gone.
    #[error("token of a person who is locked")]
    UserOff,
}

impl Inactive {
    /// Whether the token itself is neither over nor revoked, but something that it came from is.
    pub const fn is_end_of_session(self) -> bool {
        match self {
            Self::Unknown | Self::Expired | Self::Revoked => false,
            Self::FamilyRevoked
            | Self::ConsentEnded
            | Self::ConsentExpired
            | Self::ClientOff
            | Self::UserOff => true,
        }
    }
}

impl Engine {
    /// Checks a presented access token and notes that it is in use.
    ///
    /// # Errors
    /// When storage or we failed; what is wrong with the token is the inner result.
    pub async fn access(
        &self,
        presented: &Secret<AccessToken>,
    ) -> Result<Result<Arc<Access>, Inactive>> {
        let found = self.look_up(&presented.digest()).await?;
        if let Ok(access) = &found {
            self.note_first_use(access).await?;
        }
        Ok(found)
    }

    /// In which dialect a token was given out, however it stands with it now: whoever presents it is
    /// answered in that one. `None` for a token that is not known, or not any more.
    ///
    /// # Errors
    /// When storage failed.
    pub async fn dialect_of(&self, presented: &Secret<AccessToken>) -> Result<Option<DialectName>> {
        let found = find_access_token(self.env.store.reader(), &presented.digest()).await?;
        Ok(found.map(|found| found.token.dialect))
    }

    /// The state of a token, from memory or by one read.
    pub(crate) async fn look_up(
        &self,
        token: &Digest<AccessToken>,
    ) -> Result<Result<Arc<Access>, Inactive>> {
        let now = self.env.now();
        if let Some(access) = self.env.caches.token(token, now) {
            return Ok(if now < access.expires_at {
                Ok(access)
            } else {
                Err(ended(access.consent.as_ref(), now))
            });
        }
        let mark = self.env.caches.mark();
        let Some(found) = find_access_token(self.env.store.reader(), token).await? else {
            return Ok(Err(Inactive::Unknown));
        };
        Ok(check(found, now).map(|access| {
            let access = Arc::new(access);
            self.env.caches.keep_token(mark, now, &access);
            access
        }))
    }

    /// Remembers the first use of a token that a repeated refresh could hand out once more: from now
    /// on it must not. After the window of repetition nobody asks any more, so nothing is written.
    pub(crate) async fn note_first_use(&self, access: &Access) -> Result<()> {
        let now = self.env.now();
        let window = self.env.settings.lifetimes.refresh_grace;
        if now >= access.issued_at + window || access.used.swap(true, Ordering::Relaxed) {
            return Ok(());
        }
        let token = access.token;
        let written = self
            .env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    Ok(store::access_tokens::advance_access_token_used(tx, &token, now).await?)
                })
            })
            .await;
        if written.is_err() {
            access.used.store(false, Ordering::Relaxed);
        }
        written.map(|_| ())
    }
}

/// The list of everything that a good token must be.
fn check(found: AccessTokenFound, now: Timestamp) -> Result<Access, Inactive> {
    let AccessTokenFound {
        token,
        client,
        family,
        consent,
        user,
    } = found;
    if now >= token.expires_at {
        return Err(ended(consent.as_ref(), now));
    }
    if token.revoked_at.is_some() {
        return Err(Inactive::Revoked);
    }
    // A consent that was ended takes its tokens along; what became of it says more than that they are gone.
    if let Some(inactive) = consent.as_ref().and_then(ended_consent) {
        return Err(inactive);
    }
    if token.family_id.is_some()
        && family
            .as_ref()
            .is_none_or(|family| family.revoked.is_some())
    {
        return Err(Inactive::FamilyRevoked);
    }
    if token.consent_id.is_some()
        && consent
            .as_ref()
            .is_none_or(|consent| consent.status != ConsentStatus::Valid)
    {
        return Err(Inactive::ConsentEnded);
    }
    if consent.as_ref().is_some_and(|consent| !holds(consent, now)) {
        return Err(Inactive::ConsentExpired);
    }
    if client
        .as_ref()
        .is_none_or(|client| client.status != ClientStatus::Active)
    {
        return Err(Inactive::ClientOff);
    }
    if token.user_id.is_some()
        && user
            .as_ref()
            .is_none_or(|user| user.status != UserStatus::Active)
    {
        return Err(Inactive::UserOff);
    }
    let consent_end = consent
        .as_ref()
        .map_or(token.expires_at, |consent| consent.valid_until);
    Ok(Access {
        token: token.digest,
        client: token.client_id,
        used: AtomicBool::new(token.family_id.is_none() || token.first_used_at.is_some()),
        family: token.family_id,
        user: token.user_id,
        username: user.map(|user| user.username),
        consent,
        scope: token.scope,
        environment: token.environment,
        dialect: token.dialect,
        sealed_mac_key: token.sealed_mac_key,
        issued_at: token.issued_at,
        expires_at: token.expires_at.min(consent_end),
    })
}

/// Which end a token has come to: a consent that has run out says more than the token's own end.
fn ended(consent: Option<&ConsentRecord>, now: Timestamp) -> Inactive {
    match consent {
        Some(consent) if now >= consent.valid_until => Inactive::ConsentExpired,
        _ => Inactive::Expired,
    }
}

/// What a token of a consent has come to that the person, the app or its time has ended.
fn ended_consent(consent: &ConsentRecord) -> Option<Inactive> {
    match consent.ended?.1 {
        EndReason::Withdrawn | EndReason::ClientAsked => Some(Inactive::ConsentEnded),
        EndReason::Replaced | EndReason::UsedUp => Some(Inactive::ConsentExpired),
        EndReason::Misused | EndReason::Bank => None,
    }
}

/// Whether what a person allowed still holds.
pub(crate) fn holds(consent: &ConsentRecord, now: Timestamp) -> bool {
    consent.status == ConsentStatus::Valid && now < consent.valid_until
}
