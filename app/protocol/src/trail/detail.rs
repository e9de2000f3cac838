//! What is kept of one request beside the columns of its row.

use serde::{Deserialize, Serialize};

use super::{Endpoint, Parameter, Step, Taken, Walk, fix};
use crate::{client::GrantType, redirect_uri::Difference};

/// The detail of one logged request, as JSON in its row. Short names and absent defaults, because
/// most rows tell of a success that nobody looks at.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Detail {
    /// The path under which it was called, where that is not the standard one of its endpoint.
    #[serde(rename = "o", skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The grant, at the token endpoint.
    #[serde(rename = "g", skip_serializing_if = "Option::is_none")]
    pub grant: Option<GrantType>,
    /// How it was sent.
    #[serde(rename = "w", skip_serializing_if = "is_default")]
    pub way: Way,
    /// How the client said who it is.
    #[serde(rename = "a", skip_serializing_if = "is_default")]
    pub credentials: Credentials,
    /// The step at which it stopped.
    #[serde(rename = "s", skip_serializing_if = "Option::is_none")]
    pub stopped: Option<Step>,
    /// The name of what is wrong: the key of [`fix`].
    #[serde(rename = "f", skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
    /// The true reason in a sentence, for the developer of the app; the wire has milder words.
    #[serde(rename = "r", skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The section of the docs.
    #[serde(rename = "d", skip_serializing_if = "Option::is_none")]
    pub anchor: Option<String>,
    /// What was expected and what came, where that can be told.
    #[serde(rename = "e", skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
    /// By how many milliseconds the client's clock is ahead of ours, if it told the time.
    #[serde(rename = "k", skip_serializing_if = "Option::is_none")]
    pub skew_millis: Option<i64>,
    /// The parameters, masked.
    #[serde(rename = "p", skip_serializing_if = "Vec::is_empty")]
    pub parameters: Vec<Parameter>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// How parameters were sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// In the body of a POST.
    #[default]
    Body,
    /// In the query of a GET.
    Query,
}

/// How a client said who it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Credentials {
    /// In the `Authorization` header.
    #[default]
    Header,
    /// In the parameters, or by its name alone.
    Parameters,
}

/// What was expected and what came.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Evidence {
    /// Of which parameter or thing.
    pub about: String,
    /// What would have been right.
    pub expected: String,
    /// What came, made harmless.
    pub received: String,
    /// Of addresses: component by component.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub differences: Vec<Difference>,
}

impl Detail {
    /// The steps, in order, with what became of each. A request that broke on our side stopped at
    /// none of them.
    pub fn steps(&self, endpoint: Endpoint) -> Vec<Taken> {
        let walk = Walk {
            endpoint,
            grant: self.grant,
        };
        walk.taken(self.stopped)
    }

    /// How to put it right, in words for the developer.
    pub fn fix(&self) -> Option<&'static str> {
        self.fault.as_deref().and_then(fix)
    }
}
