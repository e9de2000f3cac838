//! What a person gave: which accounts, and what of each.

use serde::{Deserialize, Serialize};

use crate::{ids::AccountId, scope::Cluster};

/// What may be read of an account beside its name and number.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Rights {
    /// How much is on it.
    pub balances: bool,
    /// What happened on it.
    pub transactions: bool,
}

impl Rights {
    /// Everything.
    pub const ALL: Self = Self {
        balances: true,
        transactions: true,
    };

    /// What the consent page lists.
    pub fn clusters(self) -> Vec<Cluster> {
        let mut clusters = vec![Cluster::AccountDetails];
        clusters.extend(self.balances.then_some(Cluster::AccountBalances));
        clusters.extend(self.transactions.then_some(Cluster::AccountTransactions));
        clusters
    }

    pub(super) fn or(self, other: Self) -> Self {
        Self {
            balances: self.balances || other.balances,
            transactions: self.transactions || other.transactions,
        }
    }
}

/// What is read of an account. Reads are counted for each kind by itself.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// The list of accounts.
    List,
    /// Name, number, product.
    Details,
    /// How much is on it.
    Balances,
    /// What happened on it.
    Transactions,
}

impl Kind {
    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Details => "details",
            Self::Balances => "balances",
            Self::Transactions => "transactions",
        }
    }
}

/// The accounts of a consent whose balances and transactions may be read. Details may be read of every
/// account of the consent.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct GrantedAccess {
    /// Balances of these.
    pub balances: Vec<AccountId>,
    /// Transactions of these.
    pub transactions: Vec<AccountId>,
}

impl GrantedAccess {
    /// The same rights to each of these accounts.
    pub fn each(accounts: impl IntoIterator<Item = (AccountId, Rights)>) -> Self {
        let mut granted = Self::default();
        for (account, rights) in accounts {
            if rights.balances {
                granted.balances.push(account.clone());
            }
            if rights.transactions {
                granted.transactions.push(account);
            }
        }
        granted
    }

    /// Whether `kind` may be read of an account of the consent.
    pub fn allows(&self, kind: Kind, account: &AccountId) -> bool {
        match kind {
            Kind::List | Kind::Details => true,
            Kind::Balances => self.balances.contains(account),
            Kind::Transactions => self.transactions.contains(account),
        }
    }
}
