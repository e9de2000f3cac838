//! Where requests wait until they are stored.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, PoisonError},
};

use protocol::ids::ClientId;

use super::Observation;

/// Requests that wait; with one more, the oldest makes room.
const MOST: usize = 16_384;

/// Requests between two flushes that anybody may write into one client's log without proving to be
/// that client: an authorize link can be called by everybody, and a log is not to be filled so.
const MOST_UNPROVED: u32 = 50;

/// A bounded queue.
#[derive(Default)]
pub(crate) struct Buffer(Mutex<Waiting>);

#[derive(Default)]
struct Waiting {
    requests: VecDeque<Observation>,
    unproved: HashMap<ClientId, u32>,
    dropped: u64,
}

impl Buffer {
    pub(super) fn put(&self, observation: Observation, proved: bool) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
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
    }

    /// Everything that waits, oldest first, and how many were dropped since the last time.
    pub(super) fn take(&self) -> (Vec<Observation>, u64) {
        let taken = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        (taken.requests.into(), taken.dropped)
    }

    /// Before everything that has come meanwhile, as far as there is room.
    pub(super) fn put_back(&self, requests: Vec<Observation>) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for observation in requests.into_iter().rev() {
            if waiting.requests.len() >= MOST {
                waiting.dropped += 1;
            } else {
                waiting.requests.push_front(observation);
            }
        }
    }
}
