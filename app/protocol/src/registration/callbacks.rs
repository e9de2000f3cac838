//! Task "callbacks": where people are sent back to, by the authorize endpoint's own rules.

use serde::{Deserialize, Deserializer, Serialize, de::Error};

use super::{
    faults::{FaultKind, Faults},
    field::{Field, Task},
    reader::Reader,
};
use crate::{
    client::Environment,
    form::RawForm,
    redirect_uri::{RegisteredRedirectUri, parts::Parts},
};

/// How many addresses one app may register.
pub const MOST_CALLBACKS: usize = 20;

/// Callbacks, accepted for the live environment.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Callbacks {
    /// In the order of the form; at least one.
    #[serde(deserialize_with = "live")]
    pub redirect_uris: Vec<RegisteredRedirectUri>,
}

impl Callbacks {
    /// Reads the form.
    pub fn parse(form: &RawForm) -> Result<Self, Faults> {
        let mut form = Reader::new(form, Task::Callbacks);
        let redirect_uris = form.rows(Field::RedirectUri, MOST_CALLBACKS, |typed| {
            RegisteredRedirectUri::parse(typed, Environment::Live).map_err(FaultKind::from)
        });
        form.finish(Some(Self { redirect_uris }))
    }

    /// Whether a server is behind one of them; otherwise the app is all on the device.
    pub fn have_servers(&self) -> bool {
        self.redirect_uris.iter().any(|uri| {
            let scheme = Parts::of(uri.as_str()).scheme;
            scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("https"))
        })
    }

    pub(super) fn value(&self, field: Field) -> Option<String> {
        let addresses = self.redirect_uris.iter().map(RegisteredRedirectUri::as_str);
        (field == Field::RedirectUri).then(|| addresses.collect::<Vec<_>>().join("\n"))
    }
}

fn live<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<RegisteredRedirectUri>, D::Error> {
    let texts = Vec::<String>::deserialize(deserializer)?;
    let parse = |text: &String| RegisteredRedirectUri::parse(text, Environment::Live);
    texts
        .iter()
        .map(parse)
        .collect::<Result<_, _>>()
        .map_err(D::Error::custom)
}
