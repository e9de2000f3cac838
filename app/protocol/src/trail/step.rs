//! The checks of each endpoint in the order in which they are made.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::client::GrantType;

/// An endpoint whose requests are logged.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Endpoint {
    /// RFC 6749 §3.1.
    Authorize,
    /// RFC 6749 §3.2.
    Token,
    /// RFC 7009.
    Revoke,
    /// RFC 7662.
    Introspect,
    /// An authorize request that is left before the browser comes (an early RFC 9126).
    Session,
}

impl Endpoint {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Authorize,
        Self::Token,
        Self::Revoke,
        Self::Introspect,
        Self::Session,
    ];

    /// Its word in the log and in filters.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Authorize => "authorize",
            Self::Token => "token",
            Self::Revoke => "revoke",
            Self::Introspect => "introspect",
            Self::Session => "session",
        }
    }

    /// The path of its standard door.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Authorize => "/oauth/authorize",
            Self::Token => "/oauth/token",
            Self::Revoke => "/oauth/revoke",
            Self::Introspect => "/oauth/introspect",
            Self::Session => "/oauth/v1/session",
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that names no endpoint.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("expected authorize, token, revoke or introspect")]
pub struct UnknownEndpoint;

impl FromStr for Endpoint {
    type Err = UnknownEndpoint;

    fn from_str(word: &str) -> Result<Self, UnknownEndpoint> {
        let known = Self::ALL.into_iter().find(|known| known.as_str() == word);
        known.ok_or(UnknownEndpoint)
    }
}

macro_rules! steps {
    ($($(#[$doc:meta])* $name:ident $word:literal $sentence:literal),* $(,)?) => {
        /// One check. Its word is also the key of its texts.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
        pub enum Step { $($(#[$doc])* #[serde(rename = $word)] $name),* }

        impl Step {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Its word.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word),* }
            }

            /// What it asks, for the developer, in English.
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$name => $sentence),* }
            }
        }
    };
}

steps! {
    /// The request is form data.
    Readable "readable" "the request can be read",
    /// It names one client, in one way.
    ClientNamed "client_named" "one client is named",
    /// The client is registered.
    ClientFound "client_found" "client found",
    /// The client is switched on.
    ClientActive "client_active" "client active",
    /// No secret came through the browser.
    NoSecret "no_secret" "no secret in the browser",
    /// The client proved who it is.
    ClientAuthentication "client_authentication" "client authentication",
    /// The client can prove who it is.
    ClientProves "client_proves" "client keeps a secret",
    /// The client speaks the dialect of the address.
    Door "door" "client may use this address",
    /// What every request needs is there, everything once.
    Parameters "parameters" "parameters",
    /// The address of the answer is registered.
    RedirectUri "redirect_uri" "redirect_uri",
    /// `state` can be handed back.
    State "state" "state",
    /// No signed request, which would not be checked.
    RequestObject "request_object" "no request object",
    /// The grant exists.
    GrantKnown "grant_known" "grant known",
    /// The parameters of the grant are there and well-formed.
    GrantParameters "grant_parameters" "parameters of the grant",
    /// The code exists.
    CodeKnown "code_known" "code known",
    /// The code was given to this client.
    CodeClient "code_client" "code given to this client",
    /// The client may use the grant.
    GrantAllowed "grant_allowed" "grant allowed for this client",
    /// The proof key fits.
    Pkce "pkce" "PKCE",
    /// `response_type` and `response_mode`.
    ResponseType "response_type" "response_type",
    /// What is asked for may be asked for.
    Scope "scope" "scope",
    /// `prompt`.
    Prompt "prompt" "prompt",
    /// Not more than can be kept until the person signs in.
    Size "size" "size",
    /// Without pages only if none is needed.
    Pages "pages" "pages may be shown",
    /// The code was not used before.
    CodeUnused "code_unused" "code not used",
    /// The code is fresh.
    CodeFresh "code_fresh" "code not expired",
    /// The person is who they say.
    Person "person" "name and password of the person",
    /// The refresh token exists.
    RefreshKnown "refresh_known" "refresh token known",
    /// The refresh token was given to this client.
    RefreshClient "refresh_client" "refresh token given to this client",
    /// Nobody revoked it.
    RefreshAlive "refresh_alive" "refresh token not revoked",
    /// It was not used before, or its answer was lost a moment ago.
    RefreshUnused "refresh_unused" "refresh token not used",
    /// It is not too old.
    RefreshFresh "refresh_fresh" "refresh token not expired",
    /// What the person allowed still holds.
    Consent "consent" "consent holds",
    /// What the person decided on the pages.
    Decision "decision" "the person said yes",
}

/// What became of a step.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Fine.
    Passed,
    /// Here the request stopped.
    Failed,
    /// Not looked at, because the request had stopped before.
    Stopped,
}

/// One step with its verdict.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Taken {
    /// Which check.
    pub step: Step,
    /// What became of it.
    pub verdict: Verdict,
}

/// Which list of checks a request goes through.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Walk {
    /// At which endpoint.
    pub endpoint: Endpoint,
    /// For which grant, at the token endpoint; none while it is not known.
    pub grant: Option<GrantType>,
}

/// Who asks at the back channel.
const WHO: [Step; 5] = [
    Step::Readable,
    Step::ClientNamed,
    Step::ClientFound,
    Step::ClientActive,
    Step::ClientAuthentication,
];

impl Walk {
    /// Its checks, in order.
    pub fn steps(self) -> Vec<Step> {
        use Step as S;
        let after: &[Step] = match self.endpoint {
            Endpoint::Authorize => {
                return vec![
                    S::Readable,
                    S::ClientNamed,
                    S::ClientFound,
                    S::NoSecret,
                    S::ClientActive,
                    S::RedirectUri,
                    S::Parameters,
                    S::State,
                    S::RequestObject,
                    S::GrantAllowed,
                    S::Pkce,
                    S::ResponseType,
                    S::Scope,
                    S::Prompt,
                    S::Size,
                    S::Pages,
                ];
            }
            Endpoint::Revoke | Endpoint::Session => &[S::Parameters],
            Endpoint::Introspect => &[S::ClientProves, S::Parameters],
            Endpoint::Token => match self.grant {
                None => &[S::Door, S::Parameters, S::GrantKnown],
                Some(GrantType::AuthorizationCode) => &[
                    S::Door,
                    S::Parameters,
                    S::GrantKnown,
                    S::GrantParameters,
                    S::CodeKnown,
                    S::CodeClient,
                    S::GrantAllowed,
                    S::RedirectUri,
                    S::Pkce,
                    S::CodeUnused,
                    S::CodeFresh,
                    S::Consent,
                ],
                Some(GrantType::RefreshToken) => &[
                    S::Door,
                    S::Parameters,
                    S::GrantKnown,
                    S::GrantParameters,
                    S::RefreshKnown,
                    S::RefreshClient,
                    S::GrantAllowed,
                    S::RefreshAlive,
                    S::RefreshUnused,
                    S::Consent,
                    S::Scope,
                    S::RefreshFresh,
                ],
                Some(GrantType::ClientCredentials) => &[
                    S::Door,
                    S::Parameters,
                    S::GrantKnown,
                    S::GrantParameters,
                    S::GrantAllowed,
                    S::Scope,
                ],
                Some(GrantType::Password) => &[
                    S::Door,
                    S::Parameters,
                    S::GrantKnown,
                    S::GrantParameters,
                    S::GrantAllowed,
                    S::Scope,
                    S::Person,
                ],
            },
        };
        WHO.iter().chain(after).copied().collect()
    }

    /// The steps of a request that stopped at `stopped`, or at none of them. One that is not on the
    /// list comes after it: what the person decides when the request itself was fine.
    pub fn taken(self, stopped: Option<Step>) -> Vec<Taken> {
        let mut verdict = Verdict::Passed;
        let mut steps = self.steps();
        steps.extend(stopped.filter(|step| !steps.contains(step)));
        steps
            .into_iter()
            .map(|step| {
                let here = stopped == Some(step);
                if here {
                    verdict = Verdict::Failed;
                }
                let taken = Taken { step, verdict };
                if here {
                    verdict = Verdict::Stopped;
                }
                taken
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::{
        authorize::{AuthorizeError, PageFault},
        token::TokenFault,
    };

    fn walks() -> Vec<Walk> {
        let mut walks: Vec<Walk> = Endpoint::ALL
            .map(|endpoint| Walk {
                endpoint,
                grant: None,
            })
            .into();
        walks.extend(GrantType::ALL.iter().map(|grant| Walk {
            endpoint: Endpoint::Token,
            grant: Some(*grant),
        }));
        walks
    }

    #[test]
    fn before_the_step_that_failed_all_have_passed_and_after_it_none_was_looked_at() {
        for walk in walks() {
            let steps = walk.steps();
            for (at, step) in steps.iter().enumerate() {
                let taken = walk.taken(Some(*step));
                for (place, taken) in taken.iter().enumerate() {
                    let expected = match place.cmp(&at) {
                        std::cmp::Ordering::Less => Verdict::Passed,
                        std::cmp::Ordering::Equal => Verdict::Failed,
                        std::cmp::Ordering::Greater => Verdict::Stopped,
                    };
                    assert_eq!(taken.verdict, expected, "{walk:?} {step:?}");
                }
            }
            let later = walk.taken(Some(Step::Decision)).pop();
            let failed = Taken {
                step: Step::Decision,
                verdict: Verdict::Failed,
            };
            assert_eq!(later, Some(failed));
            let all_passed = walk.taken(None);
            assert!(
                all_passed
                    .iter()
                    .all(|taken| taken.verdict == Verdict::Passed)
            );
        }
    }

    #[test]
    fn no_walk_asks_twice_and_every_word_is_its_own() {
        for walk in walks() {
            let words: BTreeSet<_> = walk.steps().iter().map(|step| step.as_str()).collect();
            assert_eq!(words.len(), walk.steps().len(), "{walk:?}");
        }
        let words: BTreeSet<_> = Step::ALL.iter().map(|step| step.as_str()).collect();
        assert_eq!(words.len(), Step::ALL.len());
    }

    /// A fault whose step stands on no walk would show a request that stopped nowhere.
    #[test]
    fn every_fault_stops_on_a_walk() {
        let back: BTreeSet<_> = walks()
            .into_iter()
            .filter(|walk| walk.endpoint != Endpoint::Authorize)
            .flat_map(Walk::steps)
            .map(Step::as_str)
            .collect();
        for fault in TokenFault::examples() {
            if let Some(step) = fault.step() {
                assert!(back.contains(step.as_str()), "{fault:?}");
            }
        }
        let front = Walk {
            endpoint: Endpoint::Authorize,
            grant: None,
        }
        .steps();
        for fault in PageFault::examples() {
            assert!(front.contains(&fault.step()), "{fault:?}");
        }
        for error in AuthorizeError::examples() {
            // What the person decides comes after the request was accepted.
            let later = matches!(error.step(), None | Some(Step::Decision));
            assert!(
                later || error.step().is_some_and(|step| front.contains(&step)),
                "{error:?}"
            );
        }
    }
}
