//! Authenticated encryption of what must be read back (XChaCha20-Poly1305), and keyed digests.
//!
//! A sealed blob names the key that made it, so that keys can rotate: new blobs are made with the
//! newest key, old ones open while their key is kept. The purpose is authenticated with the
//! blob, so that one sealed thing can never stand in for another.

use std::sync::{Arc, PoisonError, RwLock};

use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

/// Length of the nonce of XChaCha20-Poly1305, in bytes.
const NONCE: usize = 24;

/// What a sealed blob or keyed digest is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The accepted authorize request in the browser's cookie.
    Interaction,
    /// The seed of an authenticator app.
    TotpSeed,
    /// The key of a MAC token or client.
    MacKey,
    /// The private key that signs callbacks.
    CallbackKey,
    /// The successor of a refresh token.
    Successor,
    /// The way back to the app, code included.
    Redirect,
    /// The anti-forgery token of a form.
    FormToken,
    /// The name under which failures are counted.
    Throttle,
    /// The name under which a browser is known to a person.
    Device,
    /// The code in the mail that confirms an address.
    SignUpCode,
    /// Where a person goes on after signing in.
    Place,
    /// What is shown once and must survive a reload: a client secret, recovery codes.
    Shown,
    /// The seed of an authenticator app that is being set up.
    NewSeed,
    /// The password of a test user.
    TestPassword,
    /// A run through the playground.
    Playground,
    /// The one-time link to a client secret, while its holder signs in.
    SecretLink,
    /// The link that invites to a team, while its holder signs in.
    InviteLink,
    /// An authorize request that an app left before it sent the browser.
    LeftRequest,
    /// The link to a new password, while its holder thinks one up.
    ResetLink,
    /// What is known of a person.
    PersonalData,
    /// The addresses that an app vouches for.
    Contact,
}

impl Purpose {
    fn label(self) -> &'static [u8] {
        match self {
            Self::Interaction => b"countersign/interaction",
            Self::TotpSeed => b"countersign/totp-seed",
            Self::MacKey => b"countersign/mac-key",
            Self::CallbackKey => b"countersign/callback-key",
            Self::Successor => b"countersign/successor",
            Self::Redirect => b"countersign/redirect",
            Self::FormToken => b"countersign/form-token",
            Self::Throttle => b"countersign/throttle",
            Self::Device => b"countersign/device",
            Self::SignUpCode => b"countersign/sign-up-code",
            Self::Place => b"countersign/place",
            Self::Shown => b"countersign/shown",
            Self::NewSeed => b"countersign/new-seed",
            Self::TestPassword => b"countersign/test-password",
            Self::Playground => b"countersign/playground",
            Self::SecretLink => b"countersign/secret-link",
            Self::InviteLink => b"countersign/invite-link",
            Self::LeftRequest => b"countersign/left-request",
            Self::ResetLink => b"countersign/reset-link",
            Self::PersonalData => b"countersign/personal-data",
            Self::Contact => b"countersign/contact",
        }
    }
}

/// One key with the number that blobs carry.
#[derive(Clone)]
pub struct SealKey {
    /// Number of the key: higher is newer.
    pub id: u32,
    /// The key itself.
    pub key: Zeroizing<[u8; 32]>,
}

/// The server's keys, newest last. There is always at least one. Clones share them.
#[derive(Clone)]
pub struct Seal {
    keys: Arc<RwLock<Arc<[SealKey]>>>,
}

/// A blob that does not open: made with a key that is gone, for another purpose, or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the sealed value does not open")]
pub struct Unsealable;

impl Seal {
    /// A seal with these keys, in any order. `None` when there is no key.
    pub fn new(keys: Vec<SealKey>) -> Option<Self> {
        Some(Self {
            keys: Arc::new(RwLock::new(sorted(keys)?)),
        })
    }

    /// Uses these keys from now on, in any order: a key was added while the server runs. Nothing
    /// changes when there is no key.
    pub fn replace(&self, keys: Vec<SealKey>) {
        if let Some(keys) = sorted(keys) {
            *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
        }
    }

    /// Numbers of the keys, oldest first.
    pub fn key_ids(&self) -> Vec<u32> {
        self.keys().iter().map(|key| key.id).collect()
    }

    /// Seals `plain` under the newest key. `nonce` must be fresh randomness.
    pub fn seal(&self, purpose: Purpose, nonce: [u8; NONCE], plain: &[u8]) -> Vec<u8> {
        let keys = self.keys();
        let key = keys.last().expect("there is at least one key");
        let id = key.id.to_be_bytes();
        let sealed = cipher(key)
            .encrypt(
                XNonce::from_slice(&nonce),
                Payload {
                    msg: plain,
                    aad: &aad(purpose, id),
                },
            )
            .expect("XChaCha20-Poly1305 seals any message that fits in memory");
        [&id[..], &nonce[..], &sealed[..]].concat()
    }

    /// Opens what [`Seal::seal`] made for the same purpose.
    pub fn open(&self, purpose: Purpose, blob: &[u8]) -> Result<Zeroizing<Vec<u8>>, Unsealable> {
        let (id, rest) = blob.split_first_chunk::<4>().ok_or(Unsealable)?;
        let (nonce, sealed) = rest.split_first_chunk::<NONCE>().ok_or(Unsealable)?;
        let number = u32::from_be_bytes(*id);
        let keys = self.keys();
        let key = keys.iter().find(|key| key.id == number).ok_or(Unsealable)?;
        cipher(key)
            .decrypt(
                XNonce::from_slice(nonce),
                Payload {
                    msg: sealed,
                    aad: &aad(purpose, *id),
                },
            )
            .map(Zeroizing::new)
            .map_err(|_| Unsealable)
    }

    /// A digest of `parts` under the oldest key. Each part's length is part of the input, so that
    /// different splits never collide. The oldest key keeps digests stable while keys rotate.
    pub fn digest(&self, purpose: Purpose, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&*self.keys()[0].key)
            .expect("HMAC takes keys of any length");
        mac.update(purpose.label());
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    fn keys(&self) -> Arc<[SealKey]> {
        Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The keys, oldest first; none when there is none.
fn sorted(mut keys: Vec<SealKey>) -> Option<Arc<[SealKey]>> {
    keys.sort_by_key(|key| key.id);
    (!keys.is_empty()).then(|| keys.into())
}

fn cipher(key: &SealKey) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new((&*key.key).into())
}

fn aad(purpose: Purpose, id: [u8; 4]) -> Vec<u8> {
    [purpose.label(), &id].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(id: u32) -> SealKey {
        SealKey {
            id,
            key: Zeroizing::new([id as u8; 32]),
        }
    }

    #[test]
    fn opens_only_for_its_purpose_and_unchanged() {
        let seal = Seal::new(vec![key(1)]).unwrap();
        let mut blob = seal.seal(Purpose::TotpSeed, [7; NONCE], b"seed");
        assert_eq!(
            seal.open(Purpose::TotpSeed, &blob).unwrap().as_slice(),
            b"seed"
        );
        assert_eq!(seal.open(Purpose::MacKey, &blob), Err(Unsealable));
        for at in 0..blob.len() {
            blob[at] ^= 1;
            assert_eq!(
                seal.open(Purpose::TotpSeed, &blob),
                Err(Unsealable),
                "byte {at}"
            );
            blob[at] ^= 1;
        }
        assert_eq!(seal.open(Purpose::TotpSeed, &blob[..10]), Err(Unsealable));
    }

    #[test]
    fn old_blobs_open_after_rotation_and_new_ones_use_the_new_key() {
        let old = Seal::new(vec![key(1)]).unwrap();
        let blob = old.seal(Purpose::MacKey, [1; NONCE], b"k");
        let both = Seal::new(vec![key(2), key(1)]).unwrap();
        assert_eq!(both.open(Purpose::MacKey, &blob).unwrap().as_slice(), b"k");
        let newer = both.seal(Purpose::MacKey, [2; NONCE], b"k");
        assert_eq!(old.open(Purpose::MacKey, &newer), Err(Unsealable));
        assert_eq!(
            old.digest(Purpose::FormToken, &[b"a"]),
            both.digest(Purpose::FormToken, &[b"a"])
        );
    }

    #[test]
    fn a_key_can_be_added_while_clones_are_in_use() {
        let seal = Seal::new(vec![key(1)]).unwrap();
        let clone = seal.clone();
        seal.replace(vec![key(2), key(1)]);
        assert_eq!(clone.key_ids(), [1, 2]);
        let blob = clone.seal(Purpose::MacKey, [2; NONCE], b"k");
        assert_eq!(blob[..4], 2_u32.to_be_bytes());
        seal.replace(Vec::new());
        assert_eq!(clone.open(Purpose::MacKey, &blob).unwrap().as_slice(), b"k");
    }

    #[test]
    fn digests_know_where_parts_end() {
        let seal = Seal::new(vec![key(1)]).unwrap();
        assert_ne!(
            seal.digest(Purpose::FormToken, &[b"ab", b"c"]),
            seal.digest(Purpose::FormToken, &[b"a", b"bc"])
        );
    }
}
