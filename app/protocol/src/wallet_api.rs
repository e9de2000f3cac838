//! The Paysera Wallet API behind the dialect [`crate::dialects::Mac`]: the shapes of its answers.
//!
//! Its public documentation is at `developers.paysera.com`; what the published client libraries
//! expect beyond it stands at each type.

mod error;
pub mod transaction;

pub use error::{ErrorCode, WalletApiError};
