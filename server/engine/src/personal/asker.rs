//! Who asks, and about whom.

use protocol::client::Client;

use crate::{access::Access, signed::Signer};

/// Who asks.
#[derive(Clone, Copy, Debug)]
pub struct Asker<'a> {
    /// The app, active.
    pub client: &'a Client,
    /// The token with which it asks; `None` when it asks under its own name.
    pub access: Option<&'a Access>,
}

impl<'a> From<&'a Signer> for Asker<'a> {
    fn from(signer: &'a Signer) -> Self {
        Self {
            client: &signer.client.client,
            access: signer.access.as_deref(),
        }
    }
}

/// About which person or wallet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Whom {
    /// Those of the token.
    Me,
    /// The one with this number.
    Number(i64),
}

impl Whom {
    /// Reads `me` or a number in its one spelling; `None` for what names nobody.
    pub fn parse(text: &str) -> Option<Self> {
        if text == "me" {
            return Some(Self::Me);
        }
        let plain = !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
        let number = text.parse().ok().filter(|_| plain);
        number.map(Self::Number)
    }
}

#[cfg(test)]
mod tests {
    use super::Whom;

    #[test]
    fn people_are_named_by_me_or_by_a_plain_number() {
        assert_eq!(Whom::parse("me"), Some(Whom::Me));
        assert_eq!(Whom::parse("12"), Some(Whom::Number(12)));
        assert_eq!(
            Whom::parse("9223372036854775807"),
            Some(Whom::Number(i64::MAX))
        );
        for text in [
            "",
            "0",
            "012",
            "-1",
            "+1",
            "1.0",
            "1e3",
            "Me",
            "me ",
            "9223372036854775808",
            "१",
        ] {
            assert_eq!(Whom::parse(text), None, "{text}");
        }
    }
}
