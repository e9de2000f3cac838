//! Where requests wait until they are stored.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use protocol::ids::ClientId;
use tokio::sync::Notify;

use super::Observation;

/// Requests that wait; with one more, the oldest makes room.
const MOST: usize = 16_384;

/// With so many it is time to store them: what waits is memory.
const ENOUGH: usize = 1_024;

/// Requests between two flushes that anybody may write into one client's log without proving to be
/// that client: an authorize link can be called by everybody, and a log is not to be filled so.
const MOST_UNPROVED: u32 = 50;

/// A bounded queue.
#[derive(Default)]
pub(crate) struct Buffer {
    waiting: Mutex<Waiting>,
    enough: Notify,
}

#[derive(Default)]
struct Waiting {
    requests: VecDeque<Observation>,
    unproved: HashMap<ClientId, u32>,
    dropped: u64,
}

impl Buffer {
    pub(super) fn put(&self, observation: Observation, proved: bool) {
        let mut waiting = self.lock();
        if !proved {
            let client = &observation.client.client.id;
            match waiting.unproved.get_mut(client) {
                Some(count) if *count >= MOST_UNPROVED => {
                    waiting.dropped += 1;
                    return;
                }
                Some(count) => *count += 1,
                None => {
                    let client = client.clone();
                    waiting.unproved.insert(client, 1);
                }
            }
        }
        if waiting.requests.len() >= MOST {
            waiting.requests.pop_front();
            waiting.dropped += 1;
        }
        waiting.requests.push_back(observation);
        if waiting.requests.len() == ENOUGH {
            self.enough.notify_one();
        }
    }

    /// Until so many wait that it is time to store them.
    pub(super) async fn filled(&self) {
        self.enough.notified().await;
    }

    /// Everything that waits, oldest first, and how many were dropped since the last time.
    pub(super) fn take(&self) -> (Vec<Observation>, u64) {
        let taken = std::mem::take(&mut *self.lock());
        (taken.requests.into(), taken.dropped)
    }

    /// Before everything that has come meanwhile, as far as there is room.
    pub(super) fn put_back(&self, requests: Vec<Observation>) {
        let mut waiting = self.lock();
        for observation in requests.into_iter().rev() {
            if waiting.requests.len() >= MOST {
                waiting.dropped += 1;
            } else {
                waiting.requests.push_front(observation);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
