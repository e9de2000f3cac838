//! A consent to account information (NextGenPSD2): an app writes down what it wants to see, and then
//! asks a person for it by the scope `AIS:<consentId>`. With the scope `ais` the same consent comes into
//! being while the person authorizes.
//!
//! ```text
//! received ──the person proves who they are──> valid ──┬──> revokedByPsu     (the person)
//!    │ │ │                                       │     ├──> terminatedByTpp  (DELETE, or the tokens given back)
//!    │ │ └── the person says no ──> rejected     │     └──> expired          (its day, used up, replaced, ended by the bank)
//!    │ └──── DELETE ──> terminatedByTpp          └── the same person again ──> valid
//!    └────── nobody came in time ──> expired
//! ```
//!
//! `partiallyAuthorised` is for accounts that several people sign for; there are none here.

mod asked;
mod faults;
mod granted;
mod sca_state;
mod state;

pub use asked::{AccountReference, AskedAccess, NewConsent};
pub use faults::{AskFault, FaultKind, RequestFault};
pub use granted::{GrantedAccess, Kind, Rights};
pub use sca_state::ScaState;
pub use state::{ConsentEvent, ConsentState, NotPossible, WaitingConsent};

use std::time::Duration;

/// How often in 24 hours an app may read an account without the person, unless the bank agreed to more
/// (Delegated Regulation (EU) 2018/389, Article 36(5)(b)). A consent that asks for more gets this.
pub const MOST_PER_DAY: u32 = 4;

/// Days of transactions that need no fresh strong authentication for as long as the consent holds
/// (Delegated Regulation (EU) 2018/389, Article 10a(1)(b): the last 90 days).
pub const RECENT_DAYS: i64 = 90;

/// For how long after strong authentication older transactions may be read.
///
/// Article 10a exempts nothing but balances and the last 90 days, so the reading of older transactions
/// must belong to the session that the person authenticated for. Article 4(3)(d) ends such a session
/// after five minutes without activity; between the person's code and the app's last page lie the redirect,
/// the exchange, the list of accounts and a page per hundred transactions, each of which may take its
/// five minutes only in theory. A quarter of an hour after the code is the session here, whatever the
/// app does meanwhile.
pub const FRESH: Duration = Duration::from_secs(15 * 60);

/// For how long after a counted read its further pages may be fetched without counting again.
pub const PAGING: Duration = Duration::from_secs(15 * 60);

/// For how long an app's consent waits for a person.
pub const WAITING: Duration = Duration::from_secs(24 * 3600);
