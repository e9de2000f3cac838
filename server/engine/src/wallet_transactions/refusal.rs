//! Why something is not done with a transaction.

use std::time::Duration;

use protocol::wallet_api::{ErrorCode, WalletApiError, transaction::TransactionStatus};

use crate::bank::Rejection;

/// Why something is not done with a transaction.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum TransactionRefusal {
    /// There is none with this key that is the caller's business.
    #[error("there is no such transaction")]
    NotFound,
    /// It does not fit what the transaction is.
    #[error("the transaction is {}", .0.as_str())]
    State(TransactionStatus),
    /// Whoever asks may not do this.
    #[error("{0}")]
    Forbidden(&'static str),
    /// The account is none from which this person can pay this transaction.
    #[error("the account cannot pay this transaction")]
    AccountNotFit,
    /// The bank said no.
    #[error("{0}")]
    Rejected(Rejection),
    /// The client made as many as it may in a day.
    #[error("this client made as many transactions as it may in a day")]
    TooMany {
        /// After which time it may make more.
        wait: Duration,
    },
    /// The request is wrong.
    #[error("{0}")]
    Invalid(WalletApiError),
}

impl TransactionRefusal {
    /// The same as an answer of the Wallet API.
    pub fn error(&self) -> WalletApiError {
        let code = match self {
            Self::Invalid(error) => return error.clone(),
            Self::TooMany { wait } => {
                let error = WalletApiError::new(ErrorCode::RateLimitExceeded, self.to_string());
                return error.retry_after(*wait);
            }
            Self::NotFound => ErrorCode::NotFound,
            Self::State(_) => ErrorCode::InvalidState,
            Self::Forbidden(_) | Self::AccountNotFit => ErrorCode::Forbidden,
            Self::Rejected(Rejection::TooLittleMoney) => ErrorCode::NotEnoughFunds,
            Self::Rejected(_) => ErrorCode::Forbidden,
        };
        WalletApiError::new(code, self.to_string())
    }
}

impl From<WalletApiError> for TransactionRefusal {
    fn from(error: WalletApiError) -> Self {
        Self::Invalid(error)
    }
}
