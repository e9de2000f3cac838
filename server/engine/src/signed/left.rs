//! Authorize requests that an app leaves with us, signed, before it sends the browser with a key: the
//! documents' `POST /oauth/v1/session`, an early form of RFC 9126.
//!
//! The address that the browser shows holds nothing but the key. It may come with it again, until its
//! time is over: people reload pages.

use protocol::{
    authorize::{self, Rejection},
    form::RawForm,
    secret::{RequestKey, Secret},
};
use serde::{Deserialize, Serialize};
use store::left_requests::{LeftRequestRecord, find_left_request, insert_left_request};

use crate::{
    Engine,
    client_authentication::{BackRequest, Unserved},
    error::{Error, Result},
    seal::Purpose,
};

/// The person whom the app expects, as a field of the form.
const EMAIL: &str = "user[email]";

/// Longest e-mail address that is passed on, in characters (RFC 5321 §4.5.3.1).
const LONGEST_EMAIL: usize = 254;

/// What the app said when it left the request.
#[derive(Debug)]
pub struct Left {
    /// The authorize request.
    pub form: RawForm,
    /// The e-mail address of the person, for the sign-in page.
    pub email: Option<String>,
}

/// Why a request cannot be left. The app hears it at once, and no browser is sent in vain.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum LeaveFault {
    /// The form names another client than the one that signed.
    #[error("client_id is not the client that signed the request")]
    OtherClient,
    /// It could not be accepted if a browser brought it.
    #[error("{0}")]
    Rejected(String),
}

#[derive(Serialize, Deserialize)]
struct Kept {
    form: Vec<(String, String)>,
    email: Option<String>,
}

impl Engine {
    /// Keeps an authorize request, and makes the key for its browser.
    ///
    /// # Errors
    /// As [`Engine::token`]; what is wrong with the authorize request itself is the inner result.
    pub async fn leave_request(
        &self,
        request: &BackRequest<'_>,
    ) -> Result<Result<Secret<RequestKey>, LeaveFault>, Unserved> {
        let client = self.authenticate(request).await?;
        let named = request
            .form
            .one("client_id")
            .map_err(|twice| Unserved::refused(&client, twice, ""))?;
        if named.is_some_and(|named| named != client.client.id.as_str()) {
            return Ok(Err(LeaveFault::OtherClient));
        }
        let pairs = request
            .form
            .pairs()
            .filter(|(name, _)| !["client_id", EMAIL].contains(name))
            .chain([("client_id", client.client.id.as_str())]);
        let form = RawForm::from_pairs(pairs);
        let now = self.env.now();
        if let Err(rejection) = authorize::check(&form, &client.client, None, now) {
            return Ok(Err(LeaveFault::Rejected(match rejection {
                Rejection::Page(fault) => fault.developer(),
                Rejection::Redirect { error, .. } => error.description(),
            })));
        }
        let email = request
            .form
            .one(EMAIL)
            .map_err(|twice| Unserved::refused(&client, twice, ""))?
            .filter(|email| email.chars().count() <= LONGEST_EMAIL)
            .map(str::to_owned);
        let kept = Kept {
            form: form
                .pairs()
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            email,
        };
        let plain = serde_json::to_vec(&kept)
            .map_err(|fault| Error::Broken(format!("a form cannot be kept: {fault}")))?;
        let key = self.env.mint::<RequestKey>();
        let record = LeftRequestRecord {
            digest: key.digest(),
            client_id: client.client.id.clone(),
            sealed_form: self
                .env
                .seal
                .seal(Purpose::LeftRequest, self.env.bytes(), &plain),
            created_at: now,
            expires_at: now + self.env.settings.lifetimes.interaction,
        };
        self.env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move { Ok(insert_left_request(tx, &record).await?) })
            })
            .await?;
        Ok(Ok(key))
    }

    /// The request under a key, as long as its time is not over.
    ///
    /// # Errors
    /// When storage or we failed.
    pub async fn left_request(&self, key: &str) -> Result<Option<Left>> {
        let Some(key) = Secret::<RequestKey>::parse(key) else {
            return Ok(None);
        };
        let found = find_left_request(self.env.store.reader(), &key.digest()).await?;
        let Some(found) = found.filter(|found| self.env.now() < found.expires_at) else {
            return Ok(None);
        };
        let plain = self
            .env
            .seal
            .open(Purpose::LeftRequest, &found.sealed_form)
            .map_err(|fault| Error::Broken(format!("a request that was left: {fault}")))?;
        let kept: Kept = serde_json::from_slice(&plain)
            .map_err(|fault| Error::Broken(format!("a request that was left: {fault}")))?;
        Ok(Some(Left {
            form: RawForm::from_pairs(kept.form),
            email: kept.email,
        }))
    }
}
