//! A client's secret came through a browser (RFC 6749 §2.3.1, RFC 9700 §4.3.2). From then on it counts
//! as published: it ends, whoever's it is, and those who run the app are told.
//!
//! Whoever sends the browser learns nothing from it. A right secret, a wrong one and one that ended
//! before lead to the same answer after the same work: a read and one transaction. What was learnt about
//! a right one by looking at clocks would be worth nothing, because it has ended by then. Nor can anybody
//! end secrets by guessing them: those that we made have 256 random bits and a checksum, and of texts
//! that are none of those only a few are looked at. And a secret ends once, so it makes one letter.

use std::{
    net::{IpAddr, Ipv4Addr},
    time::Duration,
};

use data_encoding::HEXLOWER;
use protocol::{
    form::RawForm,
    ids::ClientId,
    secret::{ClientSecret, Secret},
    time::Timestamp,
};
use serde_json::json;
use store::{
    apps::find_app_of_client,
    audit::{AuditRecord, insert_audit_event},
    client_secrets::{
        ClientSecretRecord, advance_client_secret_exposed, find_client_secrets_by_digest,
    },
    clients::find_client,
    outbox::{MailRecord, insert_mail},
    shown_secrets::delete_shown_secret,
    teams::find_memberships_of_team,
    throttles::advance_throttle,
    users::{UserRecord, find_user},
};

use crate::{
    Engine,
    begin::Arrival,
    caches::Thing,
    error::{Error, Result},
    mails,
    portal::Place,
    seal::Purpose,
};

/// How many secrets of one request are looked at. An honest one has one.
const MOST: usize = 3;

/// Requests of one client with secrets that are none, or have ended, make one event in this time.
const QUIET: Duration = Duration::from_secs(24 * 3600);

/// A secret that ends, with what it leaves behind.
struct Ending {
    secret: ClientSecretRecord,
    event: AuditRecord,
    letters: Vec<MailRecord>,
}

impl Engine {
    /// Ends the secrets in a request of the front channel that names the client `named`.
    pub(crate) async fn end_exposed(
        &self,
        form: &RawForm,
        named: Option<&ClientId>,
        arrival: &Arrival,
    ) -> Result<()> {
        for text in form.many("client_secret").take(MOST) {
            self.end_one(text, named, arrival).await?;
        }
        Ok(())
    }

    async fn end_one(&self, text: &str, named: Option<&ClientId>, arrival: &Arrival) -> Result<()> {
        let now = self.env.now();
        let nobody = ClientId::new("");
        let key = named.unwrap_or(&nobody);
        let address = arrival.address.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        let too_many = self.env.caches.exposures.count(key, address, now).is_some();
        let is_ours = Secret::<ClientSecret>::parse(text).is_some();
        if too_many && !is_ours {
            return Ok(());
        }
        let digest = Secret::<ClientSecret>::presented(text).digest();
        let mut found = find_client_secrets_by_digest(self.env.store.reader(), &digest).await?;
        found.retain(|secret| holds(secret, now));
        if too_many && found.is_empty() {
            return Ok(());
        }
        let mut endings = Vec::new();
        for secret in found {
            endings.push(self.ending(secret, named, arrival).await?);
        }
        let owners: Vec<ClientId> = endings
            .iter()
            .map(|ending| ending.secret.client_id.clone())
            .collect();
        self.write_endings(endings, key, self.unknown(named, arrival).await?)
            .await?;
        for owner in &owners {
            self.env.caches.changed(Thing::Client(owner));
        }
        Ok(())
    }

    /// One transaction, whatever was found. `unknown` is noted when nothing ended, once in a while.
    async fn write_endings(
        &self,
        endings: Vec<Ending>,
        named: &ClientId,
        unknown: Option<AuditRecord>,
    ) -> Result<()> {
        let now = self.env.now();
        let parts: [&[u8]; 2] = [b"exposed secret", named.as_str().as_bytes()];
        let key = HEXLOWER.encode(&self.env.seal.digest(Purpose::Throttle, &parts));
        self.env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    let counted = advance_throttle(tx, &key, now, now - QUIET, now + QUIET).await?;
                    let mut nothing_ended = true;
                    for ending in &endings {
                        let id = &ending.secret.id;
                        if !advance_client_secret_exposed(tx, id, now).await?.is_yes() {
                            continue;
                        }
                        nothing_ended = false;
                        delete_shown_secret(tx, id).await?;
                        for letter in &ending.letters {
                            insert_mail(tx, letter).await?;
                        }
                        insert_audit_event(tx, &ending.event).await?;
                    }
                    if let Some(event) = &unknown
                        && nothing_ended
                        && counted.failures == 1
                    {
                        insert_audit_event(tx, event).await?;
                    }
                    Ok(())
                })
            })
            .await
    }

    /// What the end of a secret leaves behind.
    async fn ending(
        &self,
        secret: ClientSecretRecord,
        named: Option<&ClientId>,
        arrival: &Arrival,
    ) -> Result<Ending> {
        let detail = json!({
            "ended": true,
            "secret": secret.id,
            "label": secret.label,
            "last_four": secret.last_four,
            "sent_by": named,
        });
        let event = self.exposure(&secret.client_id, arrival, &detail);
        let letters = self.letters_of_exposure(&secret).await?;
        Ok(Ending {
            secret,
            event,
            letters,
        })
    }

    /// The event of a request whose secret is none that holds; none of a client that nobody knows.
    async fn unknown(
        &self,
        named: Option<&ClientId>,
        arrival: &Arrival,
    ) -> Result<Option<AuditRecord>> {
        let known = match named {
            Some(id) => self.client(id).await?,
            None => None,
        };
        let detail = json!({ "ended": false });
        Ok(known.map(|known| self.exposure(&known.client.id, arrival, &detail)))
    }

    fn exposure(
        &self,
        client: &ClientId,
        arrival: &Arrival,
        detail: &serde_json::Value,
    ) -> AuditRecord {
        let object = format!("client:{client}");
        AuditRecord {
            trace: arrival.trace,
            ..self.event(object.clone(), "client.secret_exposed", object, detail)
        }
    }

    /// Letters to the team whose app it is, or to the developer of a client without one.
    async fn letters_of_exposure(&self, secret: &ClientSecretRecord) -> Result<Vec<MailRecord>> {
        let reader = self.env.store.reader();
        let Some(client) = find_client(reader, &secret.client_id).await? else {
            return Ok(Vec::new());
        };
        let mut readers: Vec<UserRecord> = Vec::new();
        let mut page = None;
        match find_app_of_client(reader, &secret.client_id).await? {
            Some(app) => {
                for membership in find_memberships_of_team(reader, &app.team_id).await? {
                    readers.extend(find_user(reader, &membership.user_id).await?);
                }
                let place = Place::Credentials(app.id, client.client.environment);
                page = Some(format!("{}{}", self.env.settings.public_url, place.path()));
            }
            None => {
                if let Some(owner) = &client.owner {
                    readers.extend(find_user(reader, owner).await?);
                }
            }
        }
        let about = mails::Exposed {
            app: &client.client.name,
            client: client.client.id.as_str(),
            label: &secret.label,
            page: page.as_deref(),
        };
        let letters = readers
            .iter()
            .filter_map(|reader| self.letter(mails::secret_exposed(reader, &about)));
        Ok(letters.collect())
    }
}

/// Whether there is anything to end.
fn holds(secret: &ClientSecretRecord, now: Timestamp) -> bool {
    secret.revoked_at.is_none() && secret.expires_at.is_none_or(|end| now < end)
}
