//! Passwords: argon2id on a bounded number of threads (RFC 9106, OWASP ASVS 6.2).
//!
//! Hashing is slow and hungry for memory on purpose. Only as many hashes run at once as there are
//! permits; the rest waits in line, and when the line is too long the caller is told so, before
//! the machine runs out of memory.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher as _, PasswordVerifier as _},
};
use tokio::sync::Semaphore;

use crate::{
    error::{Error, Result},
    settings::Settings,
};

/// Waiting hashes per thread before new ones are refused.
const LINE_PER_THREAD: usize = 64;

/// What is hashed when there is no such person, so that both answers take the same time.
const DUMMY_SALT: &[u8; 16] = b"countersign/none";

/// Hashes and verifies passwords.
#[derive(Clone)]
pub struct Passwords {
    argon2: Argon2<'static>,
    dummy: Arc<str>,
    permits: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
    line: usize,
}

impl Passwords {
    /// With the parameters and the number of threads of `settings`. Fails when argon2 refuses the
    /// parameters.
    pub fn new(settings: &Settings) -> Result<Self> {
        let params = Params::new(
            settings.argon2_memory_kib,
            settings.argon2_passes,
            settings.argon2_lanes,
            None,
        )
        .map_err(|error| Error::Broken(format!("argon2 parameters: {error}")))?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
        // The dummy only has to parse and to cost as much as a real one: its output is never met.
        let dummy = format!(
            "$argon2id$v=19$m={},t={},p={}${}${}",
            params.m_cost(),
            params.t_cost(),
            params.p_cost(),
            data_encoding::BASE64_NOPAD.encode(DUMMY_SALT),
            data_encoding::BASE64_NOPAD.encode(&[0; 32]),
        );
        let threads = settings.password_threads.max(1);
        Ok(Self {
            argon2,
            dummy: dummy.into(),
            permits: Arc::new(Semaphore::new(threads)),
            waiting: Arc::default(),
            line: threads * LINE_PER_THREAD,
        })
    }

    /// The PHC string of `password` with this fresh random salt.
    pub async fn hash(&self, password: String, salt: [u8; 16]) -> Result<String> {
        let argon2 = self.argon2.clone();
        self.in_line(move || {
            argon2
                .hash_password_with_salt(password.as_bytes(), &salt)
                .map(|hash| hash.to_string())
                .map_err(|error| Error::Broken(format!("argon2: {error}")))
        })
        .await?
    }

    /// Whether `password` belongs to `hash`. Without a hash the answer is no, after the same work.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool> {
        let argon2 = self.argon2.clone();
        let dummy = Arc::clone(&self.dummy);
        self.in_line(move || {
            let known = hash.is_some();
            let hash = hash.as_deref().unwrap_or(&dummy);
            argon2.verify_password(password.as_bytes(), hash).is_ok() && known
        })
        .await
    }

    async fn in_line<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        let place = Place::take(&self.waiting, self.line)
            .ok_or_else(|| Error::Busy("too many people are signing in at once".into()))?;
        let permit = Arc::clone(&self.permits)
            .acquire_owned()
            .await
            .map_err(|_| Error::Busy("shutting down".into()))?;
        tokio::task::spawn_blocking(move || {
            // The permit and the place are given back when the work is done, even if the caller left.
            let (_permit, _place) = (permit, place);
            work()
        })
        .await
        .map_err(|error| Error::Broken(format!("password thread: {error}")))
    }
}

/// A place in the line, given back on drop.
struct Place(Arc<AtomicUsize>);

impl Place {
    fn take(waiting: &Arc<AtomicUsize>, line: usize) -> Option<Self> {
        let place = Self(Arc::clone(waiting));
        (waiting.fetch_add(1, Ordering::Relaxed) < line).then_some(place)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small() -> Passwords {
        Passwords::new(&Settings {
            argon2_memory_kib: 64,
            argon2_passes: 1,
            ..Settings::default()
        })
        .unwrap()
    }

    #[tokio::test]
    async fn a_hash_knows_its_password_and_no_other() {
        let passwords = small();
        let hash = passwords
            .hash("correct horse".into(), [7; 16])
            .await
            .unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{hash}");
        assert!(
            passwords
                .verify("correct horse".into(), Some(hash.clone()))
                .await
                .unwrap()
        );
        assert!(
            !passwords
                .verify("battery staple".into(), Some(hash))
                .await
                .unwrap()
        );
    }

    #[tokio::test]
    async fn nobody_has_the_dummy_password_and_the_dummy_parses() {
        let passwords = small();
        assert!(!passwords.verify(String::new(), None).await.unwrap());
        assert!(argon2::password_hash::phc::PasswordHash::new(&passwords.dummy).is_ok());
    }

    #[tokio::test]
    async fn a_line_that_is_too_long_is_refused_before_work_begins() {
        let mut passwords = small();
        passwords.line = 0;
        assert!(matches!(
            passwords.verify("x".into(), None).await,
            Err(Error::Busy(_))
        ));
        assert_eq!(passwords.waiting.load(Ordering::Relaxed), 0);
    }
}
