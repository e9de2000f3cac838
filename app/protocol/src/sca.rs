//! Strong customer authentication: codes of an authenticator app (TOTP, RFC 6238, over HOTP, RFC 4226)
//! and recovery codes. What a challenge is bound to, and how often one may guess.

use std::fmt;

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::{
    client::Environment,
    ids::{CROCKFORD, is_separator, normalise_crockford},
    secret::{RecoveryCode, Secret},
    time::Timestamp,
};

/// Wrong codes in a row before the challenge is void (RTS Article 4(3)(b): at most five).
pub const MAX_FAILURES: u32 = 5;
/// Digits of a code.
pub const DIGITS: usize = 6;
/// Seconds that one code is good for (RFC 6238 §4.1, X).
pub const STEP_SECONDS: u64 = 30;
/// Steps before and after the present one whose codes are accepted (RFC 6238 §5.2).
pub const WINDOW: u64 = 1;

/// The code of everybody whom the sandbox let in with any password. Public, and worth nothing elsewhere.
pub const SANDBOX_CODE: &str = "123456";

/// Whether a code must be typed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ScaPolicy {
    /// It must.
    Required,
    /// The sandbox rule of banks: it is checked if it is filled in. Never for live clients.
    CheckedWhenFilled,
}

impl ScaPolicy {
    /// The policy of an environment.
    pub const fn of(environment: Environment) -> Self {
        match environment {
            Environment::Live => Self::Required,
            Environment::Sandbox => Self::CheckedWhenFilled,
        }
    }
}

/// What a challenge is for. A verifier names the purpose it expects, so that a code asked for one
/// thing never confirms another.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Access to accounts.
    Access,
    /// One payment, amount and payee.
    Payment,
}

impl Purpose {
    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Payment => "payment",
        }
    }
}

/// What a challenge is bound to: SHA-256 over the purpose and every part of what is confirmed, each
/// with its length before it, so that no two subjects share one.
pub fn subject_digest(purpose: Purpose, parts: &[&str]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in ["countersign subject 1", purpose.as_str()]
        .iter()
        .chain(parts)
    {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().into()
}

/// What stands in the code field.
#[derive(Clone, Debug)]
pub enum Typed {
    /// Nothing but blanks.
    Nothing,
    /// Six digits.
    Code(TotpCode),
    /// Anything else.
    Malformed,
}

impl Typed {
    /// Reads the code field: spaces and dashes are dropped.
    pub fn read(field: &str) -> Self {
        let text: Zeroizing<String> = Zeroizing::new(
            field
                .chars()
                .filter(|character| !is_separator(*character))
                .collect(),
        );
        if text.is_empty() {
            return Self::Nothing;
        }
        match <[u8; DIGITS]>::try_from(text.as_bytes()) {
            Ok(digits) if digits.iter().all(u8::is_ascii_digit) => Self::Code(TotpCode(digits)),
            _ => Self::Malformed,
        }
    }
}

/// A code of six digits; hidden in `Debug`.
#[derive(Clone, Copy)]
pub struct TotpCode([u8; DIGITS]);

impl TotpCode {
    /// The six digits.
    pub fn expose(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Debug for TotpCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpCode(...)")
    }
}

/// The number of the 30-second step that holds an instant (RFC 6238 §4.2, T).
pub fn step(at: Timestamp) -> u64 {
    u64::try_from(at.seconds()).unwrap_or(0) / STEP_SECONDS
}

/// The code of a step (RFC 6238 §4, RFC 4226 §5.3), with HMAC-SHA-1 as authenticator apps use it.
pub fn totp(seed: &[u8], step: u64) -> TotpCode {
    // HMAC takes keys of any length, so there is always one.
    let mac = Hmac::<Sha1>::new_from_slice(seed)
        .map(|mac| mac.chain_update(step.to_be_bytes()).finalize().into_bytes());
    let mac: [u8; 20] = mac.map(Into::into).unwrap_or_default();
    let offset = usize::from(mac[19] & 0x0f);
    let word = mac[offset..]
        .iter()
        .take(4)
        .fold(0u32, |word, byte| (word << 8) | u32::from(*byte));
    let mut rest = word & 0x7fff_ffff;
    let mut digits = [b'0'; DIGITS];
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    TotpCode(digits)
}

/// The step whose code this is, among the present one and its neighbours; the latest, should two
/// steps share a code. All are computed and compared in constant time. The caller accepts the step
/// only if it is later than the last one used: each code works once.
pub fn matching_step(seed: &[u8], code: &TotpCode, now: Timestamp) -> Option<u64> {
    let present = step(now);
    let mut matching = None;
    for step in present.saturating_sub(WINDOW)..=present.saturating_add(WINDOW) {
        if totp(seed, step).0.ct_eq(&code.0).into() {
            matching = Some(step);
        }
    }
    matching
}

/// The seed as people type it into an authenticator app: base32 without padding (RFC 4648 §6).
pub fn base32(seed: &[u8]) -> Zeroizing<String> {
    Zeroizing::new(BASE32_NOPAD.encode(seed))
}

/// Reads a seed in base32: any case, spaces and dashes allowed.
pub fn parse_base32(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let text: Zeroizing<String> = Zeroizing::new(
        text.chars()
            .filter(|c| !is_separator(*c) && *c != '=')
            .map(|c| c.to_ascii_uppercase())
            .collect(),
    );
    BASE32_NOPAD
        .decode(text.as_bytes())
        .ok()
        .filter(|seed| !seed.is_empty())
        .map(Zeroizing::new)
}

/// What the QR code of an authenticator app holds.
pub fn otpauth_uri(issuer: &str, account: &str, seed: &[u8]) -> Zeroizing<String> {
    let issuer = utf8_percent_encode(issuer, NON_ALPHANUMERIC);
    let account = utf8_percent_encode(account, NON_ALPHANUMERIC);
    let secret = base32(seed);
    Zeroizing::new(format!(
        "otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}&algorithm=SHA1&digits={DIGITS}&period={STEP_SECONDS}",
        secret.as_str(),
    ))
}

const RECOVERY_CHARACTERS: usize = 16;

/// A new recovery code made of 80 random bits: 16 Crockford base32 characters.
pub fn mint_recovery_code(entropy: [u8; 10]) -> Secret<RecoveryCode> {
    let bits = entropy
        .iter()
        .fold(0u128, |bits, byte| (bits << 8) | u128::from(*byte));
    let text: Zeroizing<String> = Zeroizing::new(
        (0..RECOVERY_CHARACTERS)
            .rev()
            .map(|at| char::from(CROCKFORD[((bits >> (5 * at)) & 31) as usize]))
            .collect(),
    );
    Secret::presented(&text)
}

/// A recovery code as it is printed: `7K3M-9QXT-0ABC-DEFG`.
pub fn recovery_code_groups(code: &Secret<RecoveryCode>) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(RECOVERY_CHARACTERS + 3));
    for (at, character) in code.expose().chars().enumerate() {
        if at > 0 && at % 4 == 0 {
            text.push('-');
        }
        text.push(character);
    }
    text
}

/// Reads a recovery code as people type it: any case, with or without dashes, O for 0, I or L for 1.
pub fn read_recovery_code(typed: &str) -> Option<Secret<RecoveryCode>> {
    let text = Zeroizing::new(normalise_crockford(typed)?);
    (text.len() == RECOVERY_CHARACTERS).then(|| Secret::presented(&text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_as_people_type_them() {
        for field in [
            "123456",
            " 123 456 ",
            "123-456",
            "12\u{a0}34\u{2013}56",
            "1 2 3 4 5 6",
        ] {
            assert!(
                matches!(Typed::read(field), Typed::Code(code) if code.expose() == "123456"),
                "{field}"
            );
        }
        for field in ["", " ", "-"] {
            assert!(matches!(Typed::read(field), Typed::Nothing), "{field:?}");
        }
        for field in ["12345", "1234567", "12345a", "١٢٣٤٥٦", "123.456"] {
            assert!(matches!(Typed::read(field), Typed::Malformed), "{field}");
        }
    }

    #[test]
    fn a_code_matches_its_step_and_the_two_beside_it() {
        let seed = b"12345678901234567890";
        let now = Timestamp::from_seconds(30 * 1000 + 15);
        for (step, matching) in [
            (998, None),
            (999, Some(999)),
            (1000, Some(1000)),
            (1001, Some(1001)),
            (1002, None),
        ] {
            assert_eq!(
                matching_step(seed, &totp(seed, step), now),
                matching,
                "step {step}"
            );
        }
        assert_eq!(matching_step(b"another seed", &totp(seed, 1000), now), None);
        assert_eq!(
            matching_step(seed, &totp(seed, 0), Timestamp::from_seconds(0)),
            Some(0)
        );
    }

    #[test]
    fn recovery_codes_survive_paper() {
        let code = mint_recovery_code([0x39, 0xc7, 0x44, 0xdf, 0x9a, 0x05, 0x2c, 0x6d, 0xbe, 0xf0]);
        let printed = recovery_code_groups(&code);
        assert_eq!(printed.len(), 19);
        let typed = printed
            .to_lowercase()
            .replace('-', " ")
            .replace('0', "o")
            .replace('1', "l");
        assert_eq!(
            read_recovery_code(&typed).map(|code| code.digest()),
            Some(code.digest())
        );
        for typed in ["", "7K3M", "7K3M-9QXT-0ABC-DEFGH", "UUUU-UUUU-UUUU-UUUU"] {
            assert!(read_recovery_code(typed).is_none(), "{typed}");
        }
    }

    #[test]
    fn seeds_are_told_in_base32() {
        let seed = b"12345678901234567890";
        assert_eq!(base32(seed).as_str(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        let typed = "gezd gnbv gy3t qojq-gezd gnbv gy3t qojq";
        assert_eq!(
            parse_base32(typed).as_deref().map(Vec::as_slice),
            Some(&seed[..])
        );
        assert!(parse_base32("").is_none() && parse_base32("1").is_none());
        assert_eq!(
            otpauth_uri("Counter sign", "ona@x", b"12345").as_str(),
            "otpauth://totp/Counter%20sign:ona%40x?secret=GEZDGNBV&issuer=Counter%20sign&algorithm=SHA1&digits=6&period=30"
        );
    }

    #[test]
    fn a_subject_is_bound_to_purpose_and_to_each_part() {
        let digest = subject_digest(Purpose::Access, &["ab", "c"]);
        assert_eq!(digest, subject_digest(Purpose::Access, &["ab", "c"]));
        assert_ne!(digest, subject_digest(Purpose::Payment, &["ab", "c"]));
        assert_ne!(digest, subject_digest(Purpose::Access, &["a", "bc"]));
        assert_ne!(digest, subject_digest(Purpose::Access, &["ab", "c", ""]));
    }

    #[test]
    fn nothing_secret_is_shown_by_debug() {
        assert_eq!(
            format!("{:?}", Typed::read("123456")),
            "Code(TotpCode(...))"
        );
    }
}
