//! Server-side sessions of a sample app: in memory, bounded, gone after a while. Nothing of value
//! is lost with them.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// How many visitors are remembered at the same time.
const MOST: usize = 2_000;

/// For how long an idle visitor is remembered, in seconds.
pub(crate) const IDLE_SECONDS: u64 = 3_600;

/// What the app knows of its visitors, by the value of their cookie.
pub(crate) struct Sessions<T> {
    known: Mutex<HashMap<String, Entry<T>>>,
}

struct Entry<T> {
    value: T,
    expires: u64,
}

impl<T: Default> Sessions<T> {
    pub(crate) fn new() -> Self {
        Self {
            known: Mutex::new(HashMap::new()),
        }
    }

    /// Remembers a new visitor under `id`. When too many are known, those who were idle longest
    /// are forgotten.
    pub(crate) fn open(&self, id: String, now: u64) {
        let mut known = self.lock();
        if known.len() >= MOST {
            known.retain(|_, entry| entry.expires > now);
        }
        while known.len() >= MOST {
            let idle = known
                .iter()
                .min_by_key(|(_, entry)| entry.expires)
                .map(|(id, _)| id.clone());
            let Some(idle) = idle else { break };
            known.remove(&idle);
        }
        known.insert(
            id,
            Entry {
                value: T::default(),
                expires: now + IDLE_SECONDS,
            },
        );
    }

    /// Lets `work` look at and change what is known of a visitor. `None` when nothing is known, or
    /// not any more. The lock is held meanwhile: no waiting inside.
    pub(crate) fn with<R>(&self, id: &str, now: u64, work: impl FnOnce(&mut T) -> R) -> Option<R> {
        let mut known = self.lock();
        let entry = known.get_mut(id)?;
        if entry.expires <= now {
            known.remove(id);
            return None;
        }
        entry.expires = now + IDLE_SECONDS;
        Some(work(&mut entry.value))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Entry<T>>> {
        // A panic while the lock was held leaves at worst one visitor's half-made note.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visitor_is_forgotten_after_an_idle_hour() {
        let sessions = Sessions::<u32>::new();
        sessions.open("a".into(), 1_000);
        assert_eq!(
            sessions.with("a", 2_000, |count| std::mem::replace(count, 7)),
            Some(0)
        );
        assert_eq!(
            sessions.with("a", 2_000 + IDLE_SECONDS - 1, |count| *count),
            Some(7)
        );
        assert_eq!(
            sessions.with("a", 2_000 + 3 * IDLE_SECONDS, |count| *count),
            None
        );
        assert_eq!(sessions.with("b", 2_000, |count| *count), None);
    }

    #[test]
    fn the_longest_idle_visitor_makes_room() {
        let sessions = Sessions::<u32>::new();
        for number in 0..MOST {
            sessions.open(number.to_string(), 1_000 + number as u64);
        }
        assert!(
            sessions.with("0", 1_500, |_| ()).is_some(),
            "0 came back and is not idle now"
        );
        sessions.open("new".into(), 1_600);
        assert!(sessions.with("0", 1_600, |_| ()).is_some());
        assert!(sessions.with("1", 1_600, |_| ()).is_none());
        assert!(sessions.with("new", 1_600, |_| ()).is_some());
        assert_eq!(sessions.lock().len(), MOST);
    }
}
