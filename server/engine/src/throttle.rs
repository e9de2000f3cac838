//! Counting misses, and pausing after too many (RTS article 4(3)(b), OWASP ASVS 6.3.1).
//!
//! Misses are counted per person and browser first: a browser that the person used before has a
//! budget of its own, so that a stranger who guesses cannot lock the person out of it. All
//! browsers that the person never used share one budget. A second, wider budget per network
//! range slows down whoever tries many names. Names that nobody has are counted the same way, so
//! that a pause tells nothing.

use std::net::IpAddr;

use protocol::{client::Environment, ids::UserId, time::Timestamp};
use store::throttles::ThrottleRecord;

use crate::{Engine, error::Result, seal::Purpose};

/// What is being guessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Guess {
    /// Login id and password.
    Password,
    /// The code of strong customer authentication.
    Code,
    /// Nothing: a mail is asked for, and nobody may have a mailbox flooded.
    Mail,
    /// Nothing: a person of the sandbox is made, and nobody may fill the directory.
    NewPerson,
}

impl Guess {
    fn label(self) -> &'static [u8] {
        match self {
            Self::Password => b"password",
            Self::Code => b"code",
            Self::Mail => b"mail",
            Self::NewPerson => b"new person",
        }
    }
}

/// The browser that guesses.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Guesser<'a> {
    /// Value of its device cookie.
    pub device: Option<&'a str>,
    /// Where its requests come from.
    pub address: IpAddr,
}

/// The two counters that one guess is counted on.
#[derive(Clone, Debug)]
pub(crate) struct Budget {
    person: String,
    address: String,
}

/// What a counter says after a miss.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Missed {
    /// Misses in a row, this one included.
    pub failures: u32,
    /// Tries left before a pause, when they are few enough to warn.
    pub tries_left: Option<u32>,
    /// Set when this miss, or an earlier one, began a pause.
    pub paused_until: Option<Timestamp>,
    /// This very miss began the pause.
    pub just_paused: bool,
}

/// From how many misses on the page warns of the coming pause (RTS article 4(4)).
const WARN_FROM: u32 = 3;

impl Engine {
    /// The counters for guessing at `folded`, a login id as it is compared.
    pub(crate) async fn budget(
        &self,
        guesser: Guesser<'_>,
        guess: Guess,
        environment: Environment,
        folded: &str,
        user: Option<&UserId>,
    ) -> Result<Budget> {
        let known = match (guesser.device, user) {
            (Some(device), Some(user)) => {
                let digest = self.device_digest(device, user);
                let found = store::devices::find_device(self.env.store.reader(), &digest).await?;
                found
                    .filter(|device| device.expires_at > self.env.now())
                    .map(|device| device.digest)
            }
            _ => None,
        };
        let key = |parts: &[&[u8]]| {
            data_encoding::HEXLOWER.encode(&self.env.seal.digest(Purpose::Throttle, parts))
        };
        Ok(Budget {
            person: key(&[
                guess.label(),
                environment.as_str().as_bytes(),
                folded.as_bytes(),
                known
                    .as_ref()
                    .map_or(b"unknown".as_slice(), |digest| digest),
            ]),
            address: key(&[guess.label(), b"address", range(guesser.address).as_bytes()]),
        })
    }

    /// Until when guessing is paused, if it is.
    pub(crate) async fn paused(&self, budget: &Budget) -> Result<Option<Timestamp>> {
        let now = self.env.now();
        let reader = self.env.store.reader();
        let mut until = None;
        for key in [&budget.person, &budget.address] {
            let found = store::throttles::find_throttle(reader, key).await?;
            until = until.max(
                found
                    .and_then(|record| record.blocked_until)
                    .filter(|until| *until > now),
            );
        }
        Ok(until)
    }

    /// Counts a miss in a transaction of its own.
    pub(crate) async fn count_miss(&self, budget: &Budget) -> Result<Missed> {
        let now = self.env.now();
        let settings = self.env.settings.clone();
        let budget = budget.clone();
        self.env
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let since = now - settings.failure_window;
                    // A pause outlives the window that it began in.
                    let kept = now + settings.failure_window + settings.pause;
                    let person =
                        store::throttles::advance_throttle(tx, &budget.person, now, since, kept)
                            .await?;
                    let address =
                        store::throttles::advance_throttle(tx, &budget.address, now, since, kept)
                            .await?;
                    let mut paused_until = None;
                    let mut just_paused = false;
                    for (record, limit) in [
                        (&person, settings.max_failures),
                        (&address, settings.max_failures_per_address),
                    ] {
                        if record.failures >= limit {
                            let until = now + settings.pause;
                            let _blocked =
                                store::throttles::advance_throttle_blocked(tx, &record.key, until)
                                    .await?;
                            paused_until = paused_until.max(Some(until));
                            just_paused |= record.failures == limit;
                        }
                    }
                    Ok(missed(
                        &person,
                        settings.max_failures,
                        paused_until,
                        just_paused,
                    ))
                })
            })
            .await
    }

    /// Forgets the misses of this person on this browser, after a success.
    pub(crate) async fn forget_misses(&self, budget: &Budget) -> Result<()> {
        if store::throttles::find_throttle(self.env.store.reader(), &budget.person)
            .await?
            .is_none()
        {
            return Ok(());
        }
        let key = budget.person.clone();
        self.env
            .store
            .write(move |tx| {
                Box::pin(async move { Ok(store::throttles::delete_throttle(tx, &key).await?) })
            })
            .await
    }
}

fn missed(
    person: &ThrottleRecord,
    limit: u32,
    paused_until: Option<Timestamp>,
    just_paused: bool,
) -> Missed {
    let failures = person.failures;
    Missed {
        failures,
        tries_left: (failures >= WARN_FROM.min(limit) && failures < limit)
            .then(|| limit - failures),
        paused_until,
        just_paused,
    }
}

/// The network range that an address is counted under: /24 for IPv4, /48 for IPv6.
fn range(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(address) => {
            let [a, b, c, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}::/48")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::range;

    #[test]
    fn neighbours_share_a_range() {
        let range = |address: &str| range(address.parse().unwrap());
        assert_eq!(range("192.0.2.7"), range("192.0.2.200"));
        assert_ne!(range("192.0.2.7"), range("192.0.3.7"));
        assert_eq!(range("::ffff:192.0.2.7"), range("192.0.2.9"));
        assert_eq!(range("2001:db8:1:2::1"), range("2001:db8:1:ffff::9"));
        assert_ne!(range("2001:db8:1::1"), range("2001:db8:2::1"));
    }
}
