//! The key that signs callbacks: made when it is needed for the first time, sealed at rest.
//!
//! Two libraries, each for what it is good at: `rsa` makes keys, which the other cannot; `ring` signs, in
//! constant time, which the first does not promise (RUSTSEC-2023-0071).

use data_encoding::BASE64;
use rand::SeedableRng as _;
use rand_chacha::ChaCha20Rng;
use ring::{
    rand::SystemRandom,
    signature::{RSA_PKCS1_SHA256, RsaKeyPair},
};
use rsa::{
    PrivateKey,
    pkcs8::{EncodePrivateKey as _, EncodePublicKey as _, LineEnding},
};
use store::signing_keys::{SigningKeyRecord, find_newest_signing_key, insert_signing_key};
use zeroize::Zeroizing;

use crate::{
    Engine,
    error::{Error, Result},
    seal::Purpose,
};

/// The length of a key, in bits: that of the documented key, and what the client libraries are used to.
const BITS: usize = 2_048;

/// A fresh key.
struct Made {
    /// PKCS #8.
    private: Zeroizing<Vec<u8>>,
    /// SubjectPublicKeyInfo as PEM.
    public_pem: String,
}

impl Engine {
    /// The public part of the key that signs callbacks, as PEM. The key is made if there is none.
    ///
    /// # Errors
    /// When storage failed, or no key could be made.
    pub async fn callback_public_key(&self) -> Result<String> {
        Ok(self.callback_key().await?.public_pem)
    }

    /// Makes a new key, which signs from now on; its number. Apps that fetch the key with each callback, as
    /// the published client libraries do, notice nothing.
    ///
    /// # Errors
    /// When storage failed, or no key could be made.
    pub async fn rotate_callback_key(&self) -> Result<i64> {
        let _one_at_a_time = self.env.caches.callback_key.lock().await;
        let newest = find_newest_signing_key(self.env.store.reader()).await?;
        let number = newest.map_or(1, |key| key.number + 1);
        self.add_callback_key(number).await?;
        Ok(number)
    }

    /// The signature of an event, in base64.
    pub(super) async fn sign_event(&self, event: &str) -> Result<String> {
        let key = self.callback_key().await?;
        let private = self
            .env
            .seal
            .open(Purpose::CallbackKey, &key.sealed_private)
            .map_err(|_| Error::Broken("the key that signs callbacks does not open".into()))?;
        let pair = RsaKeyPair::from_pkcs8(&private)
            .map_err(|fault| Error::Broken(format!("the key that signs callbacks: {fault}")))?;
        let mut signature = vec![0; pair.public().modulus_len()];
        // This kind of signature is the same every time: the randomness only blinds the arithmetic.
        pair.sign(
            &RSA_PKCS1_SHA256,
            &SystemRandom::new(),
            event.as_bytes(),
            &mut signature,
        )
        .map_err(|_| Error::Broken("an event could not be signed".into()))?;
        Ok(BASE64.encode(&signature))
    }

    async fn callback_key(&self) -> Result<SigningKeyRecord> {
        if let Some(key) = find_newest_signing_key(self.env.store.reader()).await? {
            return Ok(key);
        }
        let _one_at_a_time = self.env.caches.callback_key.lock().await;
        if let Some(key) = find_newest_signing_key(self.env.store.reader()).await? {
            return Ok(key);
        }
        self.add_callback_key(1).await?;
        find_newest_signing_key(self.env.store.reader())
            .await?
            .ok_or_else(|| Error::Broken("the key that signs callbacks is gone".into()))
    }

    /// Writes a fresh key. Of two nodes that make the same one at the same moment, one is the first; the
    /// other's is forgotten.
    async fn add_callback_key(&self, number: i64) -> Result<()> {
        let seed = Zeroizing::new(self.env.bytes::<32>());
        // Seconds of arithmetic, not on a thread that serves requests.
        let made = tokio::task::spawn_blocking(move || make(&seed))
            .await
            .map_err(|fault| Error::Broken(format!("making a key: {fault}")))?
            .map_err(|fault| Error::Broken(format!("making a key: {fault}")))?;
        let record = SigningKeyRecord {
            number,
            sealed_private: self.env.seal.seal(
                Purpose::CallbackKey,
                self.env.bytes(),
                &made.private,
            ),
            public_pem: made.public_pem,
            created_at: self.env.now(),
        };
        self.env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    if insert_signing_key(tx, &record).await?.is_yes() {
                        tracing::info!(number, "a key that signs callbacks was made");
                    }
                    Ok(())
                })
            })
            .await
    }
}

fn make(seed: &[u8; 32]) -> Result<Made, Box<dyn std::error::Error + Send + Sync>> {
    let mut chance = ChaCha20Rng::from_seed(*seed);
    let key = PrivateKey::new(&mut chance, BITS)?;
    let public = key.to_public_key();
    Ok(Made {
        private: Zeroizing::new(key.to_pkcs8_der()?.as_bytes().to_vec()),
        public_pem: public.to_public_key_pem(LineEnding::LF)?,
    })
}
