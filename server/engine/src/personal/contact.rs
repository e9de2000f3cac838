//! Contact tokens: an app that the operator trusts vouches for a person's addresses, so that the person need not
//! confirm them again when they sign up.
//!
//! | rule | |
//! |---|---|
//! | who | a client with the privilege `contact_token`, under its own name |
//! | what | an e-mail address, a phone number, or both |
//! | how long | [`LIFETIME`]; for one sign-up, with the very address |
//! | how many | [`MOST_A_DAY`] a day for a client, [`MOST_PER_ADDRESS`] a day for an address, whoever asks |
//! | status | `active` when it is made; it ends by being used, by time, and with the privilege |
//!
//! Whether somebody has the address already is not told to the app.

use std::{fmt, time::Duration};

use protocol::{
    client::Environment,
    ids::ClientId,
    person::Phone,
    secret::{ContactToken, Digest, Secret},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{
    audit::insert_audit_event,
    contact_tokens::{ContactTokenRecord, find_contact_token, insert_contact_token},
    privileges::{Privilege, find_privileges},
    users::folded,
};
use zeroize::Zeroizing;

use super::{Answer, Asker, PersonalRefusal};
use crate::{
    Engine,
    error::{Error, Result},
    quota::OverQuota,
    register::is_address,
    seal::Purpose,
};

/// For how long a token can be used.
pub const LIFETIME: Duration = Duration::from_secs(15 * 60);

/// Most tokens of one client a day.
pub const MOST_A_DAY: u32 = 1_000;

/// Most tokens for one address a day, of all clients together.
pub const MOST_PER_ADDRESS: u32 = 5;

/// For how long a token is remembered after its time.
const REMEMBERED: Duration = Duration::from_secs(24 * 3600);

/// The word in `status` of a token that can be used.
const ACTIVE: &str = "active";

/// For which addresses an app vouches, as it wrote them.
#[derive(Clone, Default)]
pub struct ContactRequest {
    /// The e-mail address.
    pub email: Option<String>,
    /// The phone number.
    pub phone: Option<String>,
}

/// A token, told once.
#[derive(Serialize)]
pub struct MadeContactToken {
    /// The e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The phone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
    /// What it is good for: `active`.
    pub status: &'static str,
    /// The token.
    pub token: String,
    /// Until when, in seconds since the Unix epoch.
    pub expires_at: i64,
}

/// Without addresses and token.
impl fmt::Debug for MadeContactToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MadeContactToken")
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// The addresses, as they are sealed.
#[derive(Clone, Serialize, Deserialize)]
struct Contact {
    #[serde(skip_serializing_if = "Option::is_none", default)]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    phone: Option<Phone>,
}

impl Contact {
    /// The addresses of a request, checked.
    fn of(request: &ContactRequest) -> Result<Self, PersonalRefusal> {
        let invalid = |field, message: String| PersonalRefusal::Invalid { field, message };
        if request.email.is_none() && request.phone.is_none() {
            let message = "an e-mail address or a phone number is needed";
            return Err(invalid("email", message.to_owned()));
        }
        let email = request.email.as_deref().map(str::trim);
        if email.is_some_and(|email| !is_address(email)) {
            let message = "the e-mail address must look like name@example.org";
            return Err(invalid("email", message.to_owned()));
        }
        let phone = request
            .phone
            .as_deref()
            .map(|phone| Phone::parse(phone).map_err(|fault| invalid("phone", fault.to_string())))
            .transpose()?;
        Ok(Self {
            email: email.map(str::to_owned),
            phone,
        })
    }

    /// In the one spelling by which they are counted.
    fn addresses(&self) -> impl Iterator<Item = String> {
        let email = self.email.as_deref().map(folded);
        let phone = self.phone.as_ref().map(|phone| phone.as_str().to_owned());
        email.into_iter().chain(phone)
    }
}

/// A sign-up for which an app vouches.
#[derive(Clone)]
pub(crate) struct Vouched {
    /// The token.
    pub token: Digest<ContactToken>,
    /// Who vouches.
    pub client: ClientId,
    /// Where the person is registered.
    pub environment: Environment,
    /// The e-mail address.
    pub email: Option<String>,
    /// The phone number.
    pub phone: Option<Phone>,
}

impl Vouched {
    /// The name under which the person signs in: the e-mail address, or else the phone number.
    pub fn name(&self) -> Option<String> {
        let phone = self.phone.as_ref().map(Phone::international);
        self.email.clone().or(phone)
    }

    /// Whether it is this name, however it is spelt.
    pub fn is_for(&self, name: &str) -> bool {
        self.name()
            .is_some_and(|known| folded(&known) == folded(name))
    }
}

impl Engine {
    /// POST `/contact-token`.
    pub async fn make_contact_token(
        &self,
        asker: &Asker<'_>,
        request: &ContactRequest,
    ) -> Answer<MadeContactToken> {
        if asker.access.is_some() || !self.may_vouch(&asker.client.id).await? {
            return Ok(Err(PersonalRefusal::Forbidden));
        }
        let contact = match Contact::of(request) {
            Ok(contact) => contact,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let now = self.env.now();
        let token = self.env.mint::<ContactToken>();
        let plain = serde_json::to_vec(&contact)
            .map(Zeroizing::new)
            .map_err(|error| Error::Broken(format!("a contact: {error}")))?;
        let record = ContactTokenRecord {
            digest: token.digest(),
            client_id: asker.client.id.clone(),
            environment: asker.client.environment,
            sealed_contact: self
                .env
                .seal
                .seal(Purpose::Contact, self.env.bytes(), &plain),
            created_at: now,
            valid_until: now + LIFETIME,
            used_at: None,
            expires_at: now + LIFETIME + REMEMBERED,
        };
        let event = self.event(
            format!("client:{}", asker.client.id),
            "contact.vouched",
            format!("client:{}", asker.client.id),
            &json!({ "email": contact.email.is_some(), "phone": contact.phone.is_some() }),
        );
        let quota = |what, whose: &str, most| self.quota(&["contact token", what, whose], most);
        let mut counted = vec![quota("client", asker.client.id.as_str(), MOST_A_DAY)];
        counted.extend(
            contact
                .addresses()
                .map(|address| quota("address", &address, MOST_PER_ADDRESS)),
        );
        counted.sort();
        let written = self
            .env
            .store
            .write(move |tx| {
                Box::pin(async move {
                    for quota in &counted {
                        quota.count(tx, now).await?;
                    }
                    insert_contact_token(tx, &record).await?;
                    Ok(insert_audit_event(tx, &event).await?)
                })
            })
            .await;
        match written {
            Ok(()) => Ok(Ok(MadeContactToken {
                email: contact.email,
                phone: contact.phone,
                status: ACTIVE,
                token: token.expose().to_owned(),
                expires_at: (now + LIFETIME).seconds(),
            })),
            Err(OverQuota::Wait(wait)) => Ok(Err(PersonalRefusal::TooOften(wait))),
            Err(OverQuota::Failed(error)) => Err(error),
        }
    }

    /// What a token vouches for, if it can be used now.
    pub(crate) async fn vouched(&self, token: &str) -> Result<Option<Vouched>> {
        let Some(token) = Secret::<ContactToken>::parse(token) else {
            return Ok(None);
        };
        let reader = self.env.store.reader();
        let now = self.env.now();
        let found = find_contact_token(reader, &token.digest()).await?;
        let Some(record) =
            found.filter(|record| record.used_at.is_none() && now < record.valid_until)
        else {
            return Ok(None);
        };
        let client = self.client(&record.client_id).await?;
        let is_active = client.is_some_and(|client| client.client.is_active());
        if !is_active || !self.may_vouch(&record.client_id).await? {
            return Ok(None);
        }
        let broken = || Error::Broken("a contact token that cannot be read".to_owned());
        let plain = self
            .env
            .seal
            .open(Purpose::Contact, &record.sealed_contact)
            .map_err(|_| broken())?;
        let contact: Contact = serde_json::from_slice(&plain).map_err(|_| broken())?;
        Ok(Some(Vouched {
            token: record.digest,
            client: record.client_id,
            environment: record.environment,
            email: contact.email,
            phone: contact.phone,
        }))
    }

    async fn may_vouch(&self, client: &ClientId) -> Result<bool> {
        let privileges = find_privileges(self.env.store.reader(), client).await?;
        Ok(privileges.contains(&Privilege::ContactToken))
    }
}
