//! What can go wrong for a visitor of the shop, and what the shop says then: what happened, what
//! did not happen, what can be done.

use crate::conversation::{Words, technical};

/// Why an errand did not succeed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The visitor said no at the wallet (`access_denied`).
    Declined,
    /// The wallet's pages were open for too long.
    TookTooLong,
    /// The wallet answered the authorize request with another error.
    NotAuthorized {
        error: String,
        description: Option<String>,
    },
    /// The answer names another issuer, or none (RFC 9207: mix-up).
    WrongIssuer { claimed: Option<String> },
    /// No answer to the exchange. The code may be used up, so it is not sent again.
    NoToken,
    /// The token endpoint refused the code.
    TokenRefused {
        error: String,
        description: Option<String>,
        trace: Option<String>,
    },
    /// The payer's account holds too little (422).
    TooLittleMoney { trace: Option<String> },
    /// The wallet's API refused a call.
    Refused {
        status: u16,
        error: String,
        description: Option<String>,
        trace: Option<String>,
    },
    /// No answer to the transfer, even on the second try: it is open whether money moved.
    NoAnswer,
    /// An answer that the shop does not understand.
    Unreadable,
}

const NOTHING_TAKEN: &str = "No money was taken. You can try again.";

impl Trouble {
    /// The error of an authorize answer (RFC 6749 §4.1.2.1).
    pub(super) fn of_answer(error: &str, description: Option<String>) -> Self {
        match (error, description.as_deref()) {
            ("access_denied", Some(reason)) if reason.contains("interaction_expired") => {
                Self::TookTooLong
            }
            ("access_denied", _) => Self::Declined,
            _ => Self::NotAuthorized {
                error: error.to_owned(),
                description,
            },
        }
    }

    /// The words for a visitor.
    pub(super) fn words(&self) -> Words {
        match self {
            Self::Declined => Words::new(
                "You said no",
                "You cancelled at the wallet, and the wallet told us so.",
                "Nothing was shared and no money was taken.",
            ),
            Self::TookTooLong => Words::new(
                "The wallet’s page ran out of time",
                "It was open for too long, so the wallet closed it.",
                NOTHING_TAKEN,
            ),
            Self::NotAuthorized { error, description } => Words {
                detail: Some(technical(error, description.as_deref())),
                ..Words::new(
                    "The wallet could not go on",
                    match error.as_str() {
                        "temporarily_unavailable" | "server_error" => {
                            "The wallet has a problem of its own right now."
                        }
                        "invalid_scope" | "unauthorized_client" => {
                            "The wallet does not let this shop ask for that."
                        }
                        _ => "The wallet did not accept what the shop asked for.",
                    },
                    NOTHING_TAKEN,
                )
            },
            Self::WrongIssuer { claimed } => Words {
                detail: Some(match claimed {
                    Some(claimed) => format!("iss was {claimed}"),
                    None => "iss was missing".to_owned(),
                }),
                ..Words::new(
                    "This answer is not from your wallet",
                    "The answer does not name the wallet that we sent you to, so we did not use it.",
                    NOTHING_TAKEN,
                )
            },
            Self::NoToken => Words::new(
                "The wallet did not answer",
                "You approved, but when we asked the wallet for the token, no answer came.",
                NOTHING_TAKEN,
            ),
            Self::TokenRefused {
                error,
                description,
                trace,
            } => Words {
                detail: Some(technical(error, description.as_deref())),
                trace: trace.clone(),
                ..Words::new(
                    "The wallet did not give us a token",
                    match error.as_str() {
                        "invalid_grant" => {
                            "Your approval was used already, or it is too old by now."
                        }
                        "invalid_client" => {
                            "The wallet does not recognise this shop’s credentials."
                        }
                        _ => "The wallet refused to exchange your approval.",
                    },
                    NOTHING_TAKEN,
                )
            },
            Self::TooLittleMoney { trace } => Words {
                trace: trace.clone(),
                ..Words::new(
                    "There is too little money in that account",
                    "The account that you chose holds less than the price.",
                    "No money was taken. Top it up or choose another account, then try again.",
                )
            },
            Self::Refused {
                status,
                error,
                description,
                trace,
            } => Words {
                detail: Some(technical(error, description.as_deref())),
                trace: trace.clone(),
                ..Words::new(
                    "The wallet said no",
                    match status {
                        401 => "Our permission has ended: it expired or you took it back.",
                        403 => "What we asked for is not what you allowed.",
                        429 => "We asked too often.",
                        _ => "The wallet refused the call.",
                    },
                    NOTHING_TAKEN,
                )
            },
            Self::NoAnswer => Words::new(
                "We do not know yet whether you paid",
                "We asked the wallet twice and got no clear answer.",
                "Ask again below. It is the same order with the same key, so you cannot pay twice.",
            ),
            Self::Unreadable => Words::new(
                "The wallet answered in a way that we do not understand",
                "Its answer lacks something that we need, so we stopped.",
                NOTHING_TAKEN,
            ),
        }
    }
}
