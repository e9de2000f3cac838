//! Names of things: one type per kind of id, so that a consent can never be looked up by an account.
//!
//! Ids are opaque texts that the engine makes (UUIDv7, or readable names for demo clients). They
//! are not secrets.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The id with this text.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The text of the id.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The text of the id, taken out.
            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
    )*};
}

ids! {
    /// A person: customer of the wallet, developer or admin.
    UserId,
    /// A registered app, RFC 6749 §2.2.
    ClientId,
    /// One run through the authorization pages.
    AuthorizationId,
    /// What a person allowed: scope, accounts, end date.
    ConsentId,
    /// One attempt to have a person agree to a consent (NextGenPSD2 `authorisationId`).
    ConsentAuthorisationId,
    /// One account of a person or of the bank.
    AccountId,
    /// One movement of money.
    TransferId,
    /// All tokens that came out of one grant.
    FamilyId,
    /// One request to prove that it is really the person (SCA).
    ChallengeId,
    /// One of the secrets of a client.
    SecretId,
    /// One enrolled authenticator app.
    AuthenticatorId,
    /// One letter in the outbox.
    MailId,
    /// A stranger on the way to an account at the portal.
    SignUpId,
    /// People who look after apps together.
    TeamId,
    /// One invitation to a team.
    InviteId,
    /// An app as its developers see it: one product with a sandbox client and, once approved, a live one.
    AppId,
    /// One request to the bank to review an app.
    CaseId,
    /// One automatic check of an app.
    CheckId,
    /// A transaction of the Wallet API. It is drawn at random: whoever knows it may look at the transaction.
    TransactionKey,
    /// One message to an app about what became of something.
    CallbackId,
    /// Money that a bank has set aside.
    ReservationId,
}

/// The reference that a person can read out on the phone, equal to the key in the log:
/// eight Crockford base32 characters, shown as `7K3M-9QXT`.
///
/// The first 13 of its 40 bits tell roughly when it was made, so that it can be found among many
/// requests without an index; the rest is random.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TraceId([u8; 8]);

/// Crockford's alphabet: no I, L, O, U.
pub(crate) const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// How long the time bits of references stay the same: four minutes.
const TRACE_SLOT_MILLIS: i64 = 240_000;
/// How many such times there are before they come again, after about 23 days.
const TRACE_SLOTS: i64 = 1 << 13;
const TRACE_RANDOM_BITS: u32 = 27;

impl TraceId {
    /// A new reference at `now`.
    pub fn new(now: Timestamp, entropy: [u8; 4]) -> Self {
        let slot = now
            .millis()
            .div_euclid(TRACE_SLOT_MILLIS)
            .rem_euclid(TRACE_SLOTS);
        let random = u64::from(u32::from_be_bytes(entropy)) & ((1 << TRACE_RANDOM_BITS) - 1);
        // Not negative: a remainder.
        Self::of_bits((slot.unsigned_abs() << TRACE_RANDOM_BITS) | random)
    }

    /// The times between `oldest` and `newest` at which this reference may have been made, each as its
    /// beginning and its end, newest first.
    pub fn times(
        self,
        oldest: Timestamp,
        newest: Timestamp,
    ) -> impl Iterator<Item = (Timestamp, Timestamp)> {
        let slot = (self.bits() >> TRACE_RANDOM_BITS).cast_signed();
        let slot_of = |time: Timestamp| time.millis().div_euclid(TRACE_SLOT_MILLIS);
        let (first, last) = (slot_of(oldest), slot_of(newest));
        let newest = last - (last - slot).rem_euclid(TRACE_SLOTS);
        let begins = |slot: i64| Timestamp::from_millis(slot * TRACE_SLOT_MILLIS);
        std::iter::successors(Some(newest), |slot| Some(slot - TRACE_SLOTS))
            .take_while(move |slot| *slot >= first)
            .map(move |slot| (begins(slot), begins(slot + 1)))
    }

    /// The reference made of these 40 bits.
    pub fn from_entropy(entropy: [u8; 5]) -> Self {
        let fold = |bits: u64, byte: &u8| (bits << 8) | u64::from(*byte);
        Self::of_bits(entropy.iter().fold(0, fold))
    }

    fn of_bits(bits: u64) -> Self {
        let mut text = [0; 8];
        for (at, character) in text.iter_mut().enumerate() {
            *character = CROCKFORD[((bits >> (35 - 5 * at)) & 31) as usize];
        }
        Self(text)
    }

    fn bits(self) -> u64 {
        let value = |character: &u8| CROCKFORD.iter().position(|known| known == character);
        self.0
            .iter()
            .filter_map(value)
            .fold(0, |bits, value| (bits << 5) | value as u64)
    }

    /// Reads a reference as people type it: any case, with or without the dash, O for 0, I or L for 1.
    pub fn parse(typed: &str) -> Option<Self> {
        let text = normalise_crockford(typed)?;
        Some(Self(text.as_bytes().try_into().ok()?))
    }
}

impl fmt::Display for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, character) in self.0.iter().enumerate() {
            if at == 4 {
                f.write_str("-")?;
            }
            write!(f, "{}", char::from(*character))?;
        }
        Ok(())
    }
}

impl fmt::Debug for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TraceId({self})")
    }
}

impl Serialize for TraceId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TraceId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("not a reference"))
    }
}

/// What was typed, as Crockford base32 in its one spelling: upper case, look-alikes mapped, spaces
/// and dashes dropped. `None` when something else stands in it.
pub(crate) fn normalise_crockford(typed: &str) -> Option<String> {
    typed
        .chars()
        .filter(|character| !is_separator(*character))
        .map(|character| match character.to_ascii_uppercase() {
            'O' => Some('0'),
            'I' | 'L' => Some('1'),
            other if other.is_ascii() && CROCKFORD.contains(&(other as u8)) => Some(other),
            _ => None,
        })
        .collect()
}

/// Spaces and dashes that phones and word processors put between groups.
pub(crate) fn is_separator(character: char) -> bool {
    character.is_whitespace() || matches!(character, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_has_eight_characters_and_a_dash() {
        assert_eq!(TraceId::from_entropy([0; 5]).to_string(), "0000-0000");
        assert_eq!(TraceId::from_entropy([0xff; 5]).to_string(), "ZZZZ-ZZZZ");
        assert_eq!(
            TraceId::from_entropy([0, 0, 0, 0, 33]).to_string(),
            "0000-0011"
        );
    }

    #[test]
    fn a_reference_tells_roughly_when_it_was_made() {
        let hour = std::time::Duration::from_secs(3_600);
        let day = 24 * hour;
        let begin = Timestamp::from_millis(1_795_000_000_000);
        for (number, entropy) in [(0, [0; 4]), (1, [0xff; 4]), (977, [1, 2, 3, 4])] {
            let made = begin + hour * number;
            let trace = TraceId::new(made, entropy);
            let times: Vec<_> = trace.times(begin, begin + 90 * day).collect();
            assert!(times.len() <= 4, "{times:?}");
            assert!(times.is_sorted_by(|left, right| left.0 > right.0));
            let meant = |(from, until): &(Timestamp, Timestamp)| *from <= made && made < *until;
            assert_eq!(times.iter().filter(|time| meant(time)).count(), 1);
            assert_eq!(trace.times(made, made).count(), 1);
            assert_eq!(trace.times(made + hour, made + 2 * hour).count(), 0);
        }
        // What is random, and what is not.
        let (one, other) = (TraceId::new(begin, [0; 4]), TraceId::new(begin, [0xff; 4]));
        assert_eq!(one.bits() >> 27, other.bits() >> 27);
        assert_eq!(one.bits() ^ other.bits(), (1 << 27) - 1);
    }

    #[test]
    fn a_reference_is_read_as_people_type_it() {
        let trace = TraceId::from_entropy([0x08, 0x42, 0x10, 0x84, 0x20]);
        assert_eq!(trace.to_string(), "1111-1110");
        assert_eq!(TraceId::parse("  iLi1 – 111o"), Some(trace));
        for typed in ["", "1111-111", "1111-1111-1", "1111-111U", "1111-111ž"] {
            assert_eq!(TraceId::parse(typed), None, "{typed}");
        }
    }
}
