//! Registered clients as the use cases see them: one read on a miss, none on a hit.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use protocol::{
    client::Client,
    ids::{ClientId, SecretId, UserId},
    secret::{ClientSecret, Digest, Secret},
    time::Timestamp,
    token::ClientFault,
};
use store::{client_secrets::advance_client_secrets_used, clients::find_client_with_secrets};

use crate::{
    Engine,
    error::{Error, Result},
};

/// A client with what is needed to know it again.
#[derive(Debug)]
pub struct CachedClient {
    /// The client as the rules see it.
    pub client: Client,
    /// The developer who registered it, if one did.
    pub owner: Option<UserId>,
    /// The key with which it signs, sealed.
    pub sealed_mac_key: Option<Vec<u8>>,
    /// Its secrets that were not revoked.
    secrets: Vec<ActiveSecret>,
}

#[derive(Debug)]
struct ActiveSecret {
    id: SecretId,
    digest: Digest<ClientSecret>,
    expires_at: Option<Timestamp>,
}

impl CachedClient {
    /// Which of the client's secrets `presented` is, if it is one that holds at `now`. All of them are
    /// compared, each in constant time, so the time taken says nothing.
    pub(crate) fn secret(
        &self,
        presented: &Secret<ClientSecret>,
        now: Timestamp,
    ) -> Result<&SecretId, ClientFault> {
        let digest = presented.digest();
        let wrong = Err(ClientFault::WrongSecret);
        self.secrets.iter().fold(wrong, |found, secret| {
            let equal = secret.digest == digest;
            let holds = secret.expires_at.is_none_or(|end| now < end);
            match (equal, holds) {
                (true, true) => Ok(&secret.id),
                (true, false) => Err(ClientFault::SecretExpired),
                (false, _) => found,
            }
        })
    }
}

/// When each secret was last used, collected in memory: a developer who wants to delete an old secret
/// needs to know, but no request has to wait for a write.
#[derive(Default)]
pub(crate) struct SecretUses(Mutex<HashMap<SecretId, Timestamp>>);

impl SecretUses {
    pub(crate) fn note(&self, secret: &SecretId, now: Timestamp) {
        let mut uses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match uses.get_mut(secret) {
            Some(last) => *last = now,
            None => {
                uses.insert(secret.clone(), now);
            }
        }
    }

    fn take(&self) -> Vec<(SecretId, Timestamp)> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
            .into_iter()
            .collect()
    }
}

impl Engine {
    /// Writes down which secrets were used since the last time. For a job, about once a minute; what is
    /// lost when a process dies is at most that minute.
    pub async fn note_secret_uses(&self) -> Result<()> {
        let used = self.env.caches.secret_uses.take();
        if used.is_empty() {
            return Ok(());
        }
        self.env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move { Ok(advance_client_secrets_used(tx, &used).await?) })
            })
            .await
    }

    /// The client with this id; suspended ones too.
    pub async fn client(&self, id: &ClientId) -> Result<Option<Arc<CachedClient>>> {
        let now = self.env.now();
        if let Some(client) = self.env.caches.client(id, now) {
            return Ok(Some(client));
        }
        let mark = self.env.caches.mark();
        let Some((record, secrets)) = find_client_with_secrets(self.env.store.reader(), id).await?
        else {
            return Ok(None);
        };
        let secrets = secrets.into_iter().map(|secret| ActiveSecret {
            id: secret.id,
            digest: secret.digest,
            expires_at: secret.expires_at,
        });
        let client = Arc::new(CachedClient {
            client: record.client,
            owner: record.owner,
            sealed_mac_key: record.sealed_mac_key,
            secrets: secrets.collect(),
        });
        self.env.caches.keep_client(mark, now, &client);
        Ok(Some(client))
    }
}
