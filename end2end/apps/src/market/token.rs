//! The answer of the token endpoint, read to the letter of the documentation.

use std::fmt;

use serde_json::Value;

/// For how long before its end a token is not used any more, in seconds.
const MARGIN: u64 = 60;

/// Times below this are not in milliseconds: it would be 1973. In seconds it is the year 5138.
const FIRST_MILLISECONDS: u64 = 100_000_000_000;

/// A token that the market may use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// Sent with every call.
    pub(super) access_token: String,
    /// Sent when the other one is over.
    pub(super) refresh_token: String,
    /// The scheme under which it is sent, as the wallet wrote it.
    pub(super) token_type: String,
    /// By the wallet's clock, in milliseconds since the Unix epoch.
    pub(super) issued_at: u64,
    /// By the wallet's clock, in milliseconds since the Unix epoch.
    pub(super) expires_at: u64,
    /// When the market renews it, in seconds by the market's own clock.
    renew_at: u64,
}

impl Token {
    /// Reads an answer that came at `now` by the market's clock, in seconds.
    ///
    /// The market's clock may differ from the wallet's, so it reckons from when the answer came: with
    /// a wrong clock it renews at the right time all the same.
    pub(super) fn read(answer: &Value, now: u64) -> Result<Self, Fault> {
        if !answer.is_object() {
            return Err(Fault::NoJson);
        }
        let text = |member| match answer.get(member).and_then(Value::as_str) {
            Some(text) if !text.is_empty() => Ok(text.to_owned()),
            _ => Err(Fault::NoText(member)),
        };
        let number = |member| {
            let number = answer.get(member).and_then(Value::as_u64);
            number.ok_or(Fault::NoNumber(member))
        };
        let token_type = text("token_type")?;
        if !token_type.eq_ignore_ascii_case("O-Bearer") {
            return Err(Fault::OtherType(token_type));
        }
        let (issued_at, expires_at) = (number("issued_at")?, number("expires_at")?);
        for (member, time) in [("issued_at", issued_at), ("expires_at", expires_at)] {
            if time < FIRST_MILLISECONDS {
                return Err(Fault::Seconds(member));
            }
        }
        // In the documentation's own sample the two say different things. The earlier end is safe.
        let until = expires_at.saturating_sub(issued_at) / 1000;
        let lifetime = number("expires_in")?.min(until);
        if lifetime == 0 {
            return Err(Fault::NoLifetime);
        }
        Ok(Self {
            access_token: text("access_token")?,
            refresh_token: text("refresh_token")?,
            token_type,
            issued_at,
            expires_at,
            renew_at: now
                .saturating_add(lifetime)
                .saturating_sub(MARGIN.min(lifetime / 2)),
        })
    }

    /// Whether it is good for a call at `now` by the market's clock, in seconds.
    pub(super) fn is_fresh(&self, now: u64) -> bool {
        now < self.renew_at
    }

    /// The value of the header `Authorization`.
    pub(super) fn authorization(&self) -> String {
        format!("{} {}", self.token_type, self.access_token)
    }
}

/// What is wrong with an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    NoJson,
    NoText(&'static str),
    NoNumber(&'static str),
    OtherType(String),
    Seconds(&'static str),
    NoLifetime,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoJson => f.write_str("it is no JSON object"),
            Self::NoText(member) => write!(f, "{member} is missing, or no text"),
            Self::NoNumber(member) => write!(f, "{member} is missing, or no whole number"),
            Self::OtherType(other) => {
                write!(
                    f,
                    "token_type is {other}, and the market knows O-Bearer only"
                )
            }
            Self::Seconds(member) => {
                write!(
                    f,
                    "{member} is in seconds, and the documentation says milliseconds"
                )
            }
            Self::NoLifetime => f.write_str("the token is over at the moment it is issued"),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: u64 = 1_719_167_883;

    fn answer() -> Value {
        json!({
            "access_token": "a", "refresh_token": "r", "token_type": "O-Bearer", "expires_in": 3600,
            "issued_at": NOW * 1000, "expires_at": (NOW + 3600) * 1000
        })
    }

    #[test]
    fn a_token_is_renewed_a_minute_before_its_end() {
        let token = Token::read(&answer(), NOW).unwrap();
        assert_eq!(token.authorization(), "O-Bearer a");
        assert!(token.is_fresh(NOW + 3600 - 61));
        assert!(!token.is_fresh(NOW + 3600 - 60));
    }

    #[test]
    fn a_short_token_is_good_for_half_of_its_time() {
        let mut answer = answer();
        answer["expires_in"] = 30.into();
        let token = Token::read(&answer, NOW).unwrap();
        assert!(token.is_fresh(NOW + 14) && !token.is_fresh(NOW + 15));
    }

    #[test]
    fn the_markets_clock_may_be_wrong() {
        for wrong in [NOW + 86_400, NOW - 86_400] {
            let token = Token::read(&answer(), wrong).unwrap();
            assert!(token.is_fresh(wrong) && !token.is_fresh(wrong + 3600));
        }
    }

    #[test]
    fn of_the_documentations_sample_the_earlier_end_counts() {
        let sample = json!({
            "access_token": "string", "refresh_token": "string", "token_type": "O-Bearer",
            "expires_in": 86400, "expires_at": 1719167970316_u64, "issued_at": 1719167883916_u64
        });
        let token = Token::read(&sample, NOW).unwrap();
        assert!(token.is_fresh(NOW + 42) && !token.is_fresh(NOW + 43));
    }

    #[test]
    fn what_the_documentation_does_not_say_is_not_guessed() {
        let cases = [
            (
                json!("token_type"),
                json!("Bearer"),
                Fault::OtherType("Bearer".into()),
            ),
            (
                json!("token_type"),
                Value::Null,
                Fault::NoText("token_type"),
            ),
            (
                json!("access_token"),
                json!(""),
                Fault::NoText("access_token"),
            ),
            (
                json!("refresh_token"),
                Value::Null,
                Fault::NoText("refresh_token"),
            ),
            (
                json!("expires_in"),
                json!("3600"),
                Fault::NoNumber("expires_in"),
            ),
            (json!("expires_in"), json!(0), Fault::NoLifetime),
            (json!("issued_at"), json!(NOW), Fault::Seconds("issued_at")),
            (
                json!("expires_at"),
                json!(NOW + 3600),
                Fault::Seconds("expires_at"),
            ),
            (
                json!("expires_at"),
                json!(-1),
                Fault::NoNumber("expires_at"),
            ),
            (json!("expires_at"), json!(NOW * 1000), Fault::NoLifetime),
        ];
        for (member, value, fault) in cases {
            let mut answer = answer();
            answer[member.as_str().unwrap()] = value;
            assert_eq!(Token::read(&answer, NOW), Err(fault));
        }
        assert_eq!(Token::read(&Value::Null, NOW), Err(Fault::NoJson));
    }
}
