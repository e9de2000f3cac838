//! What can go wrong between the market and the wallet, and what the market says then.

use super::token::Fault;
use crate::{
    conversation::{Words, technical},
    http::Answered,
};

/// Why something did not succeed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// No answer.
    Unreachable,
    /// No clear answer to an order: it may be written down or not.
    Unclear,
    /// Somebody else's renewal of the same token takes too long.
    Busy,
    /// The wallet does not take the market's id and secret.
    Credentials(Said),
    /// The token door said no.
    NoToken(Said),
    /// An answer of the token door that is not as documented.
    OddToken(Fault),
    /// A renewed token was refused like the old one.
    RefusedAgain(Said),
    /// The call was refused.
    Refused(Said),
    /// An answer about an order that lacks something.
    OddReceipt,
}

/// A refusal in the wallet's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Said {
    status: u16,
    error: String,
    description: Option<String>,
    trace: Option<String>,
}

impl Said {
    pub(super) fn of(answer: &Answered) -> Self {
        Self {
            status: answer.status,
            error: answer.error(),
            description: answer.text("error_description"),
            trace: answer.text("trace_id"),
        }
    }
}

impl Trouble {
    /// What a refusal at the token door means.
    pub(super) fn at_the_token_door(answer: &Answered) -> Self {
        let said = Said::of(answer);
        match said.error.as_str() {
            "invalid_client" => Self::Credentials(said),
            _ if said.status == 401 => Self::Credentials(said),
            _ => Self::NoToken(said),
        }
    }

    /// Whether the wallet refused what was to be renewed: it will never be renewed again.
    pub(super) fn is_end_of_session(&self) -> bool {
        matches!(self, Self::NoToken(said) if said.error == "invalid_grant")
    }

    /// The words for a visitor.
    pub(super) fn words(&self) -> Words {
        let of = |said: &Said, title, what: &str, then| Words {
            detail: Some(technical(&said.error, said.description.as_deref())),
            trace: said.trace.clone(),
            ..Words::new(title, what, then)
        };
        match self {
            Self::Unreachable => Words::new(
                "The wallet cannot be reached",
                "The market asked, and no answer came.",
                "The market’s token stays as it is. Press the button again in a moment.",
            ),
            Self::Unclear => Words::new(
                "We do not know yet whether the order is written down",
                "The wallet gave no clear answer.",
                "Ask again: it is the same order with the same key, so there will not be two.",
            ),
            Self::Busy => Words::new(
                "Another of your tabs is renewing the token",
                "The market never renews one token twice at the same time, and the other tab has waited for the wallet for a while now.",
                "Press the button again in a moment.",
            ),
            Self::Credentials(said) => of(
                said,
                "The wallet does not know this market",
                "It did not take the market’s id and secret: they are wrong, or the app is switched off.",
                "No new token. Whoever runs the market has to look at its credentials.",
            ),
            Self::NoToken(said) => of(
                said,
                "The wallet gave no token",
                match said.status {
                    429 => "The market asked too often.",
                    500.. => "The wallet has a problem of its own right now.",
                    _ => "It refused the market’s request for one.",
                },
                "Nothing was ordered by this try.",
            ),
            Self::OddToken(fault) => Words {
                detail: Some(fault.to_string()),
                ..Words::new(
                    "The wallet’s answer is not as documented",
                    "The market asked for a token, and does not use an answer that it would have to guess at.",
                    "Nothing was ordered by this try.",
                )
            },
            Self::RefusedAgain(said) => of(
                said,
                "The wallet refuses the new token too",
                "The market renewed its token once and asked again. It does not go on for ever.",
                "Press the button again later.",
            ),
            Self::Refused(said) => of(
                said,
                "The wallet said no",
                match said.status {
                    403 => "The market may not do that.",
                    404 => "The wallet does not know this order.",
                    409 => "The key of this order was used for something else.",
                    429 => "The market asked too often.",
                    _ => "The wallet refused the call.",
                },
                "Nothing was changed by this try.",
            ),
            Self::OddReceipt => Words::new(
                "The wallet’s answer is not as documented",
                "It lacks something that an order has, so the market does not rely on it.",
                "Ask again: it is the same order with the same key, so there will not be two.",
            ),
        }
    }
}
