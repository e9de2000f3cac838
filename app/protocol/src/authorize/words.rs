//! In which words a request asks: those of RFC 6749 §4.1.1, which every client may use, or those of
//! a dialect that the client speaks.

use std::borrow::Cow;

use super::PageFault;
use crate::{
    client::{Client, DialectName},
    dialects::dialect,
    form::RawForm,
};

/// The parameter that never belongs into the front channel.
const CLIENT_SECRET: &str = "client_secret";

/// A request in standard words.
pub(super) struct Understood<'form> {
    /// The dialect in which it was asked.
    pub dialect: DialectName,
    /// What it asks.
    pub form: Cow<'form, RawForm>,
}

/// Whether a secret came along, be it right, wrong or empty: whose values are to be looked at and never
/// to be shown.
pub fn holds_secret(form: &RawForm) -> bool {
    form.has(CLIENT_SECRET)
}

/// The address that a request names, in whichever words; for those who explain what was wrong with it.
pub fn redirect_uri(form: &RawForm, client: Option<&Client>) -> Option<String> {
    let form = match client {
        Some(client) => understand(form, client).ok()?.form,
        None => Cow::Borrowed(form),
    };
    form.one("redirect_uri").ok()?.map(str::to_owned)
}

/// Finds out in which words a client asks.
pub(super) fn understand<'form>(
    form: &'form RawForm,
    client: &Client,
) -> Result<Understood<'form>, PageFault> {
    for spoken in client.dialects.iter().filter_map(|name| dialect(*name)) {
        if let Some(form) = spoken.authorize_form(form) {
            return Ok(Understood {
                dialect: spoken.name(),
                form: form?,
            });
        }
    }
    if holds_secret(form) {
        return Err(PageFault::SecretExposed);
    }
    Ok(Understood {
        dialect: client.standard_dialect(),
        form: Cow::Borrowed(form),
    })
}
