//! Secrets and what the database knows of them.
//!
//! A [`Secret`] is shown once, to the one who may have it; a [`Digest`] is what is stored and looked
//! up. They are two types, so storing a secret or handing out a digest does not compile.
//!
//! The text of a minted secret is `prefix + 43 base64url characters (256 bits) + 6 checksum
//! characters`. The prefix makes leaks searchable, the checksum makes typos cheap: a text that does
//! not add up never reaches the database.

use std::{fmt, marker::PhantomData};

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// What a secret is for.
pub trait Kind: 'static {
    /// How the text of such a secret begins.
    const PREFIX: &'static str;
}

/// Kinds whose text is made by [`Secret::mint`]: 256 random bits with prefix and checksum.
pub trait Minted: Kind {}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident $prefix:literal),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub enum $name {}
        impl Kind for $name {
            const PREFIX: &'static str = $prefix;
        }
        impl Minted for $name {}
    )*
        /// How the texts of all minted secrets begin.
        const PREFIXES: &[&str] = &[$($prefix),*];
    };
}

kinds! {
    /// An authorization code, RFC 6749 §4.1.2.
    AuthorizationCode "cs_ac_",
    /// An access token, RFC 6749 §1.4.
    AccessToken "cs_at_",
    /// A refresh token, RFC 6749 §1.5.
    RefreshToken "cs_rt_",
    /// A client secret, RFC 6749 §2.3.1.
    ClientSecret "cs_sk_",
    /// A session of the portal or of the dashboard.
    SessionId "cs_se_",
    /// What binds one authorization to one browser.
    Binding "cs_bi_",
    /// What makes a browser known to its person.
    Device "cs_de_",
    /// The link in the mail that confirms an address.
    SignUpLink "cs_su_",
    /// The link in the mail that leads to the secret of a live client.
    SecretLink "cs_sl_",
    /// The link in the mail that invites to a team.
    InviteLink "cs_in_",
    /// The link in the mail that leads to a new password.
    ResetLink "cs_pw_",
    /// With which an app vouches for a person's address at sign-up.
    ContactToken "cs_ct_",
    /// The key in the browser's address of an authorize request that was left beforehand.
    RequestKey "cs_rk_",
}

/// Whether one of our secrets stands somewhere in a text, as far as their beginnings tell. Such a
/// text is not to be shown or logged, whatever it was meant to be.
pub fn holds_secret(text: &str) -> bool {
    text.contains("cs_") && PREFIXES.iter().any(|prefix| text.contains(prefix))
}

/// A code on paper for the day the phone is lost; its text is made in [`crate::sca`].
#[derive(Debug)]
pub enum RecoveryCode {}

impl Kind for RecoveryCode {
    const PREFIX: &'static str = "";
}

const RANDOM_CHARACTERS: usize = 43;
const CHECKSUM_CHARACTERS: usize = 6;

/// The plain text of a secret. Wiped from memory on drop, hidden in `Debug`, not serializable: who
/// wants to hand it out says [`Secret::expose`].
pub struct Secret<K: Kind> {
    text: Zeroizing<String>,
    kind: PhantomData<fn() -> K>,
}

impl<K: Kind> Secret<K> {
    /// Whatever somebody presents as such a secret. For client secrets and recovery codes, which
    /// may come from elsewhere; for the rest prefer [`Secret::parse`].
    pub fn presented(text: &str) -> Self {
        Self {
            text: Zeroizing::new(text.to_owned()),
            kind: PhantomData,
        }
    }

    /// The plain text.
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// What the database knows.
    pub fn digest(&self) -> Digest<K> {
        Digest {
            bytes: Sha256::digest(self.text.as_bytes()).into(),
            kind: PhantomData,
        }
    }
}

impl<K: Minted> Secret<K> {
    /// The secret made of 256 random bits.
    pub fn mint(entropy: [u8; 32]) -> Self {
        let random = Zeroizing::new(BASE64URL_NOPAD.encode(&entropy));
        let mut text = Zeroizing::new(String::with_capacity(
            K::PREFIX.len() + RANDOM_CHARACTERS + CHECKSUM_CHARACTERS,
        ));
        text.push_str(K::PREFIX);
        text.push_str(&random);
        text.push_str(&checksum(&random));
        Self {
            text,
            kind: PhantomData,
        }
    }

    /// Reads a presented text; `None` when prefix, length, alphabet or checksum say that we never
    /// made it.
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix(K::PREFIX)?;
        let (random, sum) = rest.split_at_checked(RANDOM_CHARACTERS)?;
        let alphabet = random
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        (alphabet && sum == checksum(random)).then(|| Self::presented(text))
    }
}

impl<K: Kind> Clone for Secret<K> {
    fn clone(&self) -> Self {
        Self {
            text: self.text.clone(),
            kind: PhantomData,
        }
    }
}

impl<K: Kind> fmt::Debug for Secret<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({}...)", K::PREFIX)
    }
}

/// The SHA-256 of a secret: what is stored, indexed and compared. Machine secrets have 256 random
/// bits, so a plain hash is enough; they never go through a password hash.
pub struct Digest<K: Kind> {
    bytes: [u8; 32],
    kind: PhantomData<fn() -> K>,
}

impl<K: Kind> Digest<K> {
    /// The digest with these bytes; `None` unless there are 32.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Some(Self {
            bytes: bytes.try_into().ok()?,
            kind: PhantomData,
        })
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.bytes
    }

    /// The 32 bytes as 64 lower-case hexadecimal characters.
    pub fn to_hex(&self) -> String {
        HEXLOWER.encode(&self.bytes)
    }
}

impl<K: Kind> Clone for Digest<K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K: Kind> Copy for Digest<K> {}

/// In constant time.
impl<K: Kind> PartialEq for Digest<K> {
    fn eq(&self, other: &Self) -> bool {
        self.bytes.ct_eq(&other.bytes).into()
    }
}

impl<K: Kind> Eq for Digest<K> {}

impl<K: Kind> std::hash::Hash for Digest<K> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.bytes.hash(state);
    }
}

impl<K: Kind> fmt::Debug for Digest<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Digest({}{})",
            K::PREFIX,
            HEXLOWER.encode(&self.bytes[..4])
        )
    }
}

impl<K: Kind> Serialize for Digest<K> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_hex())
    }
}

impl<'de, K: Kind> Deserialize<'de> for Digest<K> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        HEXLOWER
            .decode(text.as_bytes())
            .ok()
            .and_then(|bytes| Self::from_bytes(&bytes))
            .ok_or_else(|| serde::de::Error::custom("a digest is 64 hexadecimal characters"))
    }
}

/// CRC-32 of the random part, written with six characters of base 62.
fn checksum(random: &str) -> String {
    const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut rest = crc32fast::hash(random.as_bytes());
    let mut text = [b'0'; CHECKSUM_CHARACTERS];
    for character in text.iter_mut().rev() {
        *character = BASE62[(rest % 62) as usize];
        rest /= 62;
    }
    text.iter().map(|byte| char::from(*byte)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minted_secret_has_prefix_random_part_and_checksum() {
        let secret = Secret::<AccessToken>::mint([7; 32]);
        let text = secret.expose();
        assert!(text.starts_with("cs_at_"));
        assert_eq!(text.len(), 6 + 43 + 6);
        assert_eq!(
            Secret::<AccessToken>::parse(text).map(|s| s.digest()),
            Some(secret.digest())
        );
    }

    #[test]
    fn the_checksum_is_the_crc_32_of_the_random_part() {
        // CRC-32 of "123456789" is 0xCBF43926 (its usual check value) = 3421780262 = 3jZRME in base 62.
        assert_eq!(checksum("123456789"), "3jZRME");
        assert_eq!(checksum(""), "000000");
    }

    #[test]
    fn a_text_we_never_made_is_not_parsed() {
        let text = Secret::<AccessToken>::mint([7; 32]).expose().to_owned();
        assert!(
            Secret::<RefreshToken>::parse(&text).is_none(),
            "another kind"
        );
        assert!(
            Secret::<AccessToken>::parse(&text[..text.len() - 1]).is_none(),
            "cut"
        );
        assert!(
            Secret::<AccessToken>::parse(&format!("{text}0")).is_none(),
            "longer"
        );
        for at in 6..text.len() {
            let mut typo = text.clone().into_bytes();
            typo[at] = if typo[at] == b'A' { b'B' } else { b'A' };
            let typo = String::from_utf8(typo).unwrap_or_default();
            assert!(
                Secret::<AccessToken>::parse(&typo).is_none(),
                "character {at} changed"
            );
        }
        for text in ["", "cs_at_", "cs_at_žžžžžžžžžžžžžžžžžžžžžžžžžžžžž"]
        {
            assert!(Secret::<AccessToken>::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn debug_never_shows_the_value() {
        let secret = Secret::<ClientSecret>::mint([9; 32]);
        assert_eq!(format!("{secret:?}"), "Secret(cs_sk_...)");
        assert_eq!(
            format!("{:?}", Secret::<RecoveryCode>::presented("ABCD")),
            "Secret(...)"
        );
        assert!(!format!("{:?}", secret.digest()).contains(&secret.expose()[6..12]));
    }

    #[test]
    fn a_digest_travels_as_hexadecimal() {
        let digest = Secret::<Binding>::mint([1; 32]).digest();
        let json = serde_json::to_string(&digest).unwrap_or_default();
        assert_eq!(json, format!("\"{}\"", digest.to_hex()));
        assert_eq!(
            serde_json::from_str::<Digest<Binding>>(&json).ok(),
            Some(digest)
        );
        assert!(serde_json::from_str::<Digest<Binding>>("\"00\"").is_err());
        assert_eq!(
            Digest::<Binding>::from_bytes(digest.as_bytes()),
            Some(digest)
        );
        assert_eq!(Digest::<Binding>::from_bytes(&[0; 31]), None);
    }
}
