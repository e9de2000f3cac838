//! The states of a transaction and the moves between them.

use crate::words::words;

words! {
    /// What a transaction is.
    TransactionStatus {
        /// The app has made it; nobody has accepted it.
        New "new",
        /// A person has it in hand.
        Waiting "waiting",
        /// Accepted, but who is paid is not registered yet. Here an app's account always is: never entered.
        WaitingRegistration "waiting_registration",
        /// Accepted, but there is too little money. Here the person is told at once: never entered.
        WaitingFunds "waiting_funds",
        /// Accepted; the money is set aside.
        Reserved "reserved",
        /// The money has moved.
        Confirmed "confirmed",
        /// It came to nothing: its time was over before it was confirmed.
        Failed "failed",
        /// The person said no.
        Rejected "rejected",
        /// The app took it back.
        Revoked "revoked",
        /// Nobody accepted it in time.
        Deleted "deleted",
    }
}

impl TransactionStatus {
    /// The moves from here.
    pub const fn next(self) -> &'static [Self] {
        use TransactionStatus::{
            Confirmed, Deleted, Failed, Rejected, Reserved, Revoked, Waiting, WaitingFunds,
            WaitingRegistration,
        };
        match self {
            Self::New => &[
                Waiting,
                WaitingRegistration,
                WaitingFunds,
                Reserved,
                Failed,
                Rejected,
                Revoked,
                Deleted,
            ],
            Self::Waiting => &[
                WaitingRegistration,
                WaitingFunds,
                Reserved,
                Failed,
                Rejected,
                Revoked,
                Deleted,
            ],
            Self::WaitingRegistration | Self::WaitingFunds => {
                &[Reserved, Failed, Rejected, Revoked]
            }
            Self::Reserved => &[Confirmed, Failed, Revoked],
            Self::Confirmed | Self::Failed | Self::Rejected | Self::Revoked | Self::Deleted => &[],
        }
    }

    /// Whether it may become `next`.
    pub fn may_become(self, next: Self) -> bool {
        self.next().contains(&next)
    }

    /// Whether nothing happens to it any more.
    pub const fn is_final(self) -> bool {
        self.next().is_empty()
    }

    /// Whether a person may still accept it.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::New | Self::Waiting)
    }

    /// Whether its app may take it back.
    pub const fn is_revocable(self) -> bool {
        matches!(self, Self::New | Self::Waiting | Self::Reserved)
    }

    /// What it becomes when its time is over, if anything.
    pub const fn overdue(self) -> Option<Self> {
        match self {
            Self::New | Self::Waiting => Some(Self::Deleted),
            Self::WaitingRegistration | Self::WaitingFunds | Self::Reserved => Some(Self::Failed),
            Self::Confirmed | Self::Failed | Self::Rejected | Self::Revoked | Self::Deleted => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The whole table, so that a move that is added by mistake is seen.
    #[test]
    fn money_moves_only_after_it_was_reserved_and_what_has_ended_stays_ended() {
        use TransactionStatus::*;
        for from in TransactionStatus::ALL.iter().copied() {
            assert!(!from.may_become(New) && !from.may_become(from), "{from}");
            assert_eq!(from.may_become(Confirmed), from == Reserved, "{from}");
            assert_eq!(
                from.is_final(),
                matches!(from, Confirmed | Failed | Rejected | Revoked | Deleted),
                "{from}"
            );
            assert_eq!(from.is_open(), matches!(from, New | Waiting), "{from}");
            if from.is_revocable() {
                assert!(from.may_become(Revoked), "{from}");
            }
            match from.overdue() {
                Some(end) => assert!(from.may_become(end) && end.is_final(), "{from}"),
                None => assert!(from.is_final(), "{from}"),
            }
        }
        assert!(!Reserved.may_become(Rejected), "the person has agreed");
        assert!(!Reserved.may_become(Deleted), "money is set aside");
    }

    #[test]
    fn from_every_state_an_end_is_reached() {
        fn ends(from: TransactionStatus, depth: u8) -> bool {
            depth > 0 && (from.is_final() || from.next().iter().all(|next| ends(*next, depth - 1)))
        }
        assert!(TransactionStatus::ALL.iter().all(|from| ends(*from, 6)));
    }
}
