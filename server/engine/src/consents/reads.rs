//! How often account information may be read (Delegated Regulation (EU) 2018/389, Article 36(5)).
//!
//! While the person is there (`PSU-IP-Address`), as often as they ask. Without them, so many times in any 24
//! hours per account and kind as the consent says. A consent for one look counts every read, gives each
//! once, and has ended when all was read.

use std::{collections::BTreeSet, time::Duration};

use protocol::{
    account_consent::{ConsentEvent, Kind, PAGING},
    ids::AccountId,
    time::Timestamp,
};
use store::{
    consent_reads::{
        ReadOf, advance_consent_read, advance_consent_read_complete, find_complete_reads,
        find_consent_read,
    },
    consents::ConsentRecord,
};

use super::may_read;
use crate::{
    Engine,
    access::Access,
    error::{Error, Result},
};

/// In which reads are counted: "a 24-hour period" begins with any of them.
const WINDOW: Duration = Duration::from_secs(24 * 3600);

/// One call that reads.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reading {
    /// The person is there: the app sent `PSU-IP-Address`.
    pub attended: bool,
    /// What is read of which account; of none for the list.
    pub what: Vec<(Option<AccountId>, Kind)>,
    /// It goes on where an earlier page ended.
    pub next_page: bool,
}

/// Why it may not be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ReadRefusal {
    /// As often as allowed already.
    #[error("read as often as the consent allows")]
    TooOften,
}

/// How a counting transaction ends without counting.
enum Stop {
    TooOften,
    Failed(Error),
}

impl From<store::Error> for Stop {
    fn from(error: store::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl Engine {
    /// Counts a read before it is done. All that it reads is counted, or nothing.
    pub async fn count_read(
        &self,
        access: &Access,
        reading: &Reading,
    ) -> Result<Result<(), ReadRefusal>> {
        let Some(consent) = &access.consent else {
            return Err(Error::Broken(
                "account information without a consent".into(),
            ));
        };
        if consent.recurring && reading.attended {
            return Ok(Ok(()));
        }
        let now = self.env.now();
        let reads: Vec<ReadOf> = reading
            .what
            .iter()
            .map(|(account, kind)| read_of(consent, account.clone(), *kind))
            .collect();
        if reading.next_page && self.was_begun(&reads, now).await? {
            return Ok(Ok(()));
        }
        let limit = if consent.recurring {
            consent.frequency_per_day
        } else {
            1
        };
        let counted = self
            .env
            .store
            .write(move |tx| {
                Box::pin(async move {
                    for read in &reads {
                        if !advance_consent_read(tx, read, limit, now, WINDOW)
                            .await?
                            .is_yes()
                        {
                            return Err(Stop::TooOften);
                        }
                    }
                    Ok(())
                })
            })
            .await;
        match counted {
            Ok(()) => Ok(Ok(())),
            Err(Stop::TooOften) => {
                tracing::info!(consent = %consent.id, client = %access.client, "read too often without the person");
                Ok(Err(ReadRefusal::TooOften))
            }
            Err(Stop::Failed(error)) => Err(error),
        }
    }

    /// Notes that a read was done to its end. A consent for one look has ended when nothing is left.
    pub async fn read_done(&self, access: &Access, reading: &Reading) -> Result<()> {
        let Some(consent) = access.consent.as_ref().filter(|consent| !consent.recurring) else {
            return Ok(());
        };
        let reads: Vec<ReadOf> = reading
            .what
            .iter()
            .map(|(account, kind)| read_of(consent, account.clone(), *kind))
            .collect();
        self.env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    for read in &reads {
                        let _counted_before = advance_consent_read_complete(tx, read).await?;
                    }
                    Ok(())
                })
            })
            .await?;
        let done = find_complete_reads(self.env.store.reader(), &consent.id).await?;
        if is_used_up(consent, &done) {
            let actor = format!("client:{}", access.client);
            // Ended meanwhile: then there is nothing left to end.
            let _ended = self
                .move_consent(&consent.id, ConsentEvent::UsedUp, actor)
                .await?;
        }
        Ok(())
    }

    /// Whether the first page was counted a moment ago.
    async fn was_begun(&self, reads: &[ReadOf], now: Timestamp) -> Result<bool> {
        for read in reads {
            if !find_consent_read(self.env.store.reader(), read, now - PAGING).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

fn read_of(consent: &ConsentRecord, account: Option<AccountId>, kind: Kind) -> ReadOf {
    ReadOf {
        consent: consent.id.clone(),
        account,
        kind,
    }
}

/// Whether everything that the consent allows was read: of each account its balances and transactions, and
/// where neither may be read, its name, in the list or by itself.
fn is_used_up(consent: &ConsentRecord, done: &[(AccountId, String)]) -> bool {
    let done: BTreeSet<(&str, &str)> = done
        .iter()
        .map(|(account, kind)| (account.as_str(), kind.as_str()))
        .collect();
    let was_read = |account: &str, kind: Kind| done.contains(&(account, kind.as_str()));
    consent.accounts.iter().all(|account| {
        let wanted: Vec<Kind> = [Kind::Balances, Kind::Transactions]
            .into_iter()
            .filter(|kind| may_read(consent, *kind, account))
            .collect();
        if wanted.is_empty() {
            return was_read("", Kind::List) || was_read(account.as_str(), Kind::Details);
        }
        wanted.iter().all(|kind| was_read(account.as_str(), *kind))
    })
}
