//! Task "callbacks": how the app asks for tokens, and where people are sent back to, by the authorize
//! endpoint's own rules.

use serde::{Deserialize, Deserializer, Serialize, de::Error};

use super::{
    faults::{FaultKind, Faults},
    field::{Field, Task},
    reader::Reader,
};
use crate::{
    client::{DialectName, Environment, GrantType},
    form::RawForm,
    redirect_uri::{RegisteredRedirectUri, parts::Parts},
    words::words,
};

words! {
    /// How the app asks for tokens and presents them. Whatever it is, the standard doors are open too.
    Speech {
        /// As the standard has it.
        Standard "standard",
        /// As the partner network of PhonePe and Pincode does.
        PhonePe "phonepe",
    }
}

/// How many addresses one app may register.
pub const MOST_CALLBACKS: usize = 20;

/// Callbacks, accepted for the live environment.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Callbacks {
    /// Registrations from before there was a choice say nothing: the standard.
    #[serde(default = "standard")]
    pub speech: Speech,
    /// In the order of the form; at least one, except for a partner who only asks for tokens of its own.
    #[serde(deserialize_with = "live")]
    pub redirect_uris: Vec<RegisteredRedirectUri>,
}

impl Callbacks {
    /// Reads the form.
    pub fn parse(form: &RawForm) -> Result<Self, Faults> {
        let mut form = Reader::new(form, Task::Callbacks);
        let speech = form.optional(Field::Speech, |word| {
            word.parse().map_err(|_| FaultKind::NotAChoice)
        });
        let speech = speech.unwrap_or(Speech::Standard);
        let parse = |typed: &str| {
            RegisteredRedirectUri::parse(typed, Environment::Live).map_err(FaultKind::from)
        };
        let redirect_uris = match speech {
            Speech::Standard => form.rows(Field::RedirectUri, MOST_CALLBACKS, parse),
            Speech::PhonePe => form.optional_rows(Field::RedirectUri, MOST_CALLBACKS, parse),
        };
        form.finish(Some(Self {
            speech,
            redirect_uris,
        }))
    }

    /// The dialects that an app registered like this is approved for.
    pub fn dialects(&self) -> Vec<DialectName> {
        match self.speech {
            Speech::Standard => vec![DialectName::Bearer],
            Speech::PhonePe => vec![DialectName::Bearer, DialectName::OBearer],
        }
    }

    /// The grants of such an app: without an address to come back to, nobody can be sent to the bank.
    pub fn grants(&self) -> Vec<GrantType> {
        let of_people = (!self.redirect_uris.is_empty()).then_some(GrantType::AuthorizationCode);
        of_people
            .into_iter()
            .chain([GrantType::RefreshToken, GrantType::ClientCredentials])
            .collect()
    }

    /// Whether a server is behind one of them; otherwise the app is all on the device.
    pub fn have_servers(&self) -> bool {
        self.redirect_uris.iter().any(|uri| {
            let scheme = Parts::of(uri.as_str()).scheme;
            scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("https"))
        })
    }

    pub(super) fn value(&self, field: Field) -> Option<String> {
        match field {
            Field::Speech => Some(self.speech.to_string()),
            Field::RedirectUri if !self.redirect_uris.is_empty() => {
                let addresses = self.redirect_uris.iter().map(RegisteredRedirectUri::as_str);
                Some(addresses.collect::<Vec<_>>().join("\n"))
            }
            _ => None,
        }
    }
}

const fn standard() -> Speech {
    Speech::Standard
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
