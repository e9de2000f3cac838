//! A pending transfer: a payment that an app writes down first and then sends a person to, by the
//! scope `transferFunds:<transferId>`. Beside `authorization_details` (RFC 9396) it is the second way to
//! ask for one payment, for apps whose browsers should not carry amount and payee.
//!
//! What it is at a moment follows from what was written and from the time; no job changes it:
//!
//! ```text
//! pending ──a person confirms it──> approved ──the app executes it──> executed
//!    │            (until that approval ends, then pending again)
//!    └── valid_until is over, nothing was executed ──> expired
//! ```

use crate::{
    ids::{ClientId, TransferId},
    payment::Payment,
    time::Timestamp,
};

/// A pending transfer that an authorize request names, as it was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PendingTransfer {
    /// Its id.
    pub id: TransferId,
    /// The client that made it; for others it does not exist.
    pub client_id: ClientId,
    /// How much, to whom.
    pub payment: Payment,
    /// Until when it can be approved and executed.
    pub valid_until: Timestamp,
    /// It was executed: there is nothing left to approve.
    pub is_executed: bool,
}

impl PendingTransfer {
    /// Whether this client may ask a person for it now.
    pub fn check(&self, client: &ClientId, now: Timestamp) -> Result<(), PendingTransferFault> {
        if self.client_id != *client {
            return Err(PendingTransferFault::Unknown);
        }
        // An approval counts for nothing here: a person who lost their way back may be asked again.
        match PendingState::of(self.is_executed, false, self.valid_until, now) {
            PendingState::Pending | PendingState::Approved => Ok(()),
            PendingState::Executed => Err(PendingTransferFault::Executed),
            PendingState::Expired => Err(PendingTransferFault::Expired),
        }
    }
}

/// What a pending transfer is at a moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PendingState {
    /// Nobody has approved it, or the approval has ended.
    Pending,
    /// A person has approved it and the app can execute it.
    Approved,
    /// It became a transfer. The end.
    Executed,
    /// Its time is over and it was not executed. The end.
    Expired,
}

impl PendingState {
    /// The state at `now`: what was executed stays executed, and what has run out stays so.
    pub fn of(executed: bool, approved: bool, valid_until: Timestamp, now: Timestamp) -> Self {
        if executed {
            Self::Executed
        } else if now >= valid_until {
            Self::Expired
        } else if approved {
            Self::Approved
        } else {
            Self::Pending
        }
    }

    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Executed => "executed",
            Self::Expired => "expired",
        }
    }
}

/// Why a client may not ask a person for a pending transfer; on the wire `invalid_scope`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PendingTransferFault {
    /// There is none with this id, or it is another client's. Nobody is told which.
    #[error("this client has no such pending transfer")]
    Unknown,
    /// Its time is over.
    #[error("the pending transfer has run out")]
    Expired,
    /// It became a transfer.
    #[error("the pending transfer was executed already")]
    Executed,
}

impl PendingTransferFault {
    /// The longer sentence for the developer, in English.
    pub const fn developer(self) -> &'static str {
        match self {
            Self::Unknown => {
                "The scope transferFunds:<transferId> names a pending transfer that this client does not \
                 have. Make one with POST /wallet/v1/pending-transfers under the same client_id, and send the \
                 transfer_id of the answer."
            }
            Self::Expired => {
                "The pending transfer has run out: expires_at in the answer of \
                 /wallet/v1/pending-transfers says when. Make a new one."
            }
            Self::Executed => {
                "The pending transfer was executed already and money moves for it only once. GET \
                 /wallet/v1/pending-transfers/<transferId> says as which transfer; make a new one to pay again."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_executed_or_over_never_becomes_anything_else() {
        let end = Timestamp::from_seconds(100);
        let (before, after) = (
            Timestamp::from_millis(end.millis() - 1),
            Timestamp::from_seconds(1_000),
        );
        let table = [
            (false, false, before, PendingState::Pending),
            (false, true, before, PendingState::Approved),
            (true, true, before, PendingState::Executed),
            (false, false, end, PendingState::Expired),
            (false, true, end, PendingState::Expired),
            (true, true, end, PendingState::Executed),
            (true, false, after, PendingState::Executed),
        ];
        for (executed, approved, now, state) in table {
            let found = PendingState::of(executed, approved, end, now);
            assert_eq!(found, state, "executed {executed}, approved {approved}");
        }
    }
}
