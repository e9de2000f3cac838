//! Scopes: their grammar (RFC 6749 §3.3), their order by inclusion, and the catalogue of what each
//! one allows in plain words.

mod personal;

use std::{cmp::Ordering, collections::BTreeSet, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    ids::{ConsentId, TransferId},
    payment::Payment,
};

pub use personal::{Personal, PersonalScope};

/// One scope token: printable ASCII without space, `"` and `\` (RFC 6749 §3.3).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(transparent)]
pub struct ScopeToken(String);

impl ScopeToken {
    /// The token with this text.
    pub fn parse(text: &str) -> Result<Self, ScopeFault> {
        if text.is_empty() {
            return Err(ScopeFault::EmptyToken);
        }
        let grammar = |byte: u8| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
        if text.bytes().all(grammar) {
            Ok(Self(text.to_owned()))
        } else {
            Err(ScopeFault::ForbiddenCharacter)
        }
    }

    /// The text of the token.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ScopeToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a text is not a scope.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ScopeFault {
    /// Two spaces in a row, or a space at an end.
    #[error("scope tokens are separated by exactly one space")]
    EmptyToken,
    /// A character that RFC 6749 §3.3 does not allow.
    #[error("a scope token has only printable ASCII characters without space, quote and backslash")]
    ForbiddenCharacter,
}

/// A set of scope tokens. Shown and stored sorted, with one space between.
///
/// Scopes compare by inclusion: what is needed must be less than or equal to what was granted.
///
/// ```
/// # use protocol::scope::Scope;
/// let granted: Scope = "transferFunds wallet".parse()?;
/// let needed: Scope = "wallet".parse()?;
/// assert!(needed <= granted);
/// assert!(needed.is_within(&granted));
/// let other: Scope = "ais".parse()?;
/// assert!(!(other <= granted) && !(other >= granted));
/// # Ok::<(), protocol::scope::ScopeFault>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct Scope(BTreeSet<ScopeToken>);

impl Scope {
    /// Reads tokens separated by one space each. The empty text is the empty scope; a token said
    /// twice counts once.
    pub fn parse(text: &str) -> Result<Self, ScopeFault> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        text.split(' ').map(ScopeToken::parse).collect()
    }

    /// Whether everything in this scope is also in `other`.
    pub fn is_within(&self, other: &Self) -> bool {
        self.0.is_subset(&other.0)
    }

    /// Whether the token stands in this scope.
    pub fn contains(&self, token: &ScopeToken) -> bool {
        self.0.contains(token)
    }

    /// Whether a client registered with this scope may ask for `token`: the very token,
    /// `AIS:<consentId>` when `ais` is registered, `transferFunds:<transferId>` when `transferFunds` is, or a
    /// scope of the Wallet API that one with more rights covers.
    pub fn permits(&self, token: &ScopeToken) -> bool {
        let comes_with = match Permission::of(token) {
            Some(Permission::Personal(asked)) => {
                return self.personal().any(|known| known.covers(asked));
            }
            Some(Permission::AccountInformationOf(_)) => AIS,
            Some(Permission::TransferFundsOf(_)) => TRANSFER_FUNDS,
            _ => return self.contains(token),
        };
        self.contains(token) || self.0.iter().any(|known| known.as_str() == comes_with)
    }

    /// The tokens, sorted.
    pub fn iter(&self) -> impl Iterator<Item = &ScopeToken> {
        self.0.iter()
    }

    /// How many tokens there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no token at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The known permissions in this scope, in the order of its tokens.
    pub fn permissions(&self) -> impl Iterator<Item = Permission> {
        self.0.iter().filter_map(Permission::of)
    }

    /// Whether this scope has the permission.
    pub fn allows(&self, permission: &Permission) -> bool {
        self.permissions().any(|known| known == *permission)
    }

    /// The pending transfers that stand in this scope. In what a person allowed there is at most one.
    pub fn pending_transfers(&self) -> impl Iterator<Item = TransferId> {
        self.permissions()
            .filter_map(|permission| match permission {
                Permission::TransferFundsOf(transfer) => Some(transfer),
                _ => None,
            })
    }

    /// The consents that stand in this scope. In what a person allowed there is at most one.
    pub fn consents(&self) -> impl Iterator<Item = ConsentId> {
        self.permissions()
            .filter_map(|permission| match permission {
                Permission::AccountInformationOf(consent) => Some(consent),
                _ => None,
            })
    }

    /// Whether this scope is about account information, by either of its names.
    pub fn is_account_information(&self) -> bool {
        self.permissions().any(|permission| {
            matches!(
                permission,
                Permission::AccountInformation | Permission::AccountInformationOf(_)
            )
        })
    }

    /// What the consent page says that the app can do, in reading order and each only once. With a
    /// payment in the request, "move money" is exactly that payment. Whom a request without any scope is
    /// about is told all the same.
    pub fn clusters(&self, payment: Option<&Payment>) -> Vec<Cluster> {
        let mut clusters: Vec<Cluster> = Vec::new();
        if self.is_empty() && payment.is_none() {
            clusters.push(Cluster::Numbers);
        }
        for permission in self.permissions() {
            let of_permission: &[Cluster] = match (permission, payment) {
                (permission, Some(_)) if permission.moves_money() => &[Cluster::ThisPayment],
                (permission, _) => permission.clusters(),
            };
            clusters.extend(of_permission);
        }
        clusters.sort_unstable();
        clusters.dedup();
        clusters
    }

    /// What the consent page says that the app can **not** do: made from what is absent.
    pub fn cannot(&self) -> Vec<Cannot> {
        Cannot::beside(&self.clusters(None))
    }
}

impl Cannot {
    /// What an app cannot do that can do this: made from what is absent.
    pub fn beside(can: &[Cluster]) -> Vec<Self> {
        let absent = |all: &[Cluster]| !all.iter().any(|cluster| can.contains(cluster));
        let mut cannot = Vec::new();
        if absent(&[Cluster::MoveMoney]) {
            cannot.push(Self::MoveMoney);
        }
        // Whoever asks often enough whether there is enough knows how much there is.
        if absent(&[
            Cluster::WalletBalance,
            Cluster::AccountBalances,
            Cluster::SufficientBalance,
        ]) {
            cannot.push(Self::SeeBalance);
        }
        if absent(&[
            Cluster::WalletTransfers,
            Cluster::RecentTransfers,
            Cluster::AccountTransactions,
        ]) {
            cannot.push(Self::SeeTransactions);
        }
        cannot.extend([Self::SeePassword, Self::ChangeSettings]);
        cannot
    }
}

impl PartialOrd for Scope {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        match (self.is_within(other), other.is_within(self)) {
            (true, true) => Some(Ordering::Equal),
            (true, false) => Some(Ordering::Less),
            (false, true) => Some(Ordering::Greater),
            (false, false) => None,
        }
    }
}

impl FromIterator<ScopeToken> for Scope {
    fn from_iter<I: IntoIterator<Item = ScopeToken>>(tokens: I) -> Self {
        Self(tokens.into_iter().collect())
    }
}

impl FromStr for Scope {
    type Err = ScopeFault;

    fn from_str(text: &str) -> Result<Self, ScopeFault> {
        Self::parse(text)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, token) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str(" ")?;
            }
            f.write_str(token.as_str())?;
        }
        Ok(())
    }
}

impl fmt::Debug for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scope({self})")
    }
}

impl Serialize for Scope {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Scope {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

const WALLET: &str = "wallet";
const TRANSFER_FUNDS: &str = "transferFunds";
const TRANSFER_FUNDS_OF: &str = "transferFunds:";
const AIS: &str = "ais";
const AIS_OF: &str = "AIS:";

/// What a known scope token allows.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Permission {
    /// `wallet`: read the wallet's name, balance and transfers of the chosen accounts.
    Wallet,
    /// `transferFunds`: move money.
    TransferFunds,
    /// `transferFunds:<transferId>`: exactly the pending transfer that the app made before, once.
    TransferFundsOf(TransferId),
    /// `ais`: account information; the consent is made while the person authorizes.
    AccountInformation,
    /// `AIS:<consentId>`: account information of a consent that the app made before.
    AccountInformationOf(ConsentId),
    /// `email`, `balance_offline` ...: a scope of the Wallet API.
    Personal(PersonalScope),
}

impl Permission {
    /// The tokens that metadata and the portal offer. `AIS:<consentId>` comes with `ais`, and
    /// `transferFunds:<transferId>` with `transferFunds`. Those of the Wallet API are in [`Personal::ALL`]: an
    /// operator gives them to clients that sign.
    pub const OFFERED: [&'static str; 3] = [AIS, TRANSFER_FUNDS, WALLET];

    /// What the token allows; `None` when the catalogue does not know it.
    pub fn of(token: &ScopeToken) -> Option<Self> {
        match token.as_str() {
            WALLET => Some(Self::Wallet),
            TRANSFER_FUNDS => Some(Self::TransferFunds),
            AIS => Some(Self::AccountInformation),
            other => {
                let named = |prefix| other.strip_prefix(prefix).filter(|id| !id.is_empty());
                if let Some(consent) = named(AIS_OF) {
                    Some(Self::AccountInformationOf(ConsentId::new(consent)))
                } else if let Some(transfer) = named(TRANSFER_FUNDS_OF) {
                    Some(Self::TransferFundsOf(TransferId::new(transfer)))
                } else {
                    PersonalScope::of(other).map(Self::Personal)
                }
            }
        }
    }

    /// The token that asks for this permission.
    pub fn token(&self) -> ScopeToken {
        ScopeToken(match self {
            Self::Wallet => WALLET.to_owned(),
            Self::TransferFunds => TRANSFER_FUNDS.to_owned(),
            Self::TransferFundsOf(transfer) => format!("{TRANSFER_FUNDS_OF}{transfer}"),
            Self::AccountInformation => AIS.to_owned(),
            Self::AccountInformationOf(consent) => format!("{AIS_OF}{consent}"),
            Self::Personal(personal) => personal.token(),
        })
    }

    /// Whether a person must stand behind the token that uses it. Not with `ais`: a token of the
    /// app's own may make a consent, and nothing else.
    pub const fn needs_person(&self) -> bool {
        match self {
            Self::Wallet
            | Self::TransferFunds
            | Self::TransferFundsOf(_)
            | Self::AccountInformationOf(_)
            | Self::Personal(_) => true,
            Self::AccountInformation => false,
        }
    }

    /// Whether the person chooses accounts for it on the consent page.
    pub const fn needs_accounts(&self) -> bool {
        match self {
            Self::Wallet
            | Self::TransferFunds
            | Self::TransferFundsOf(_)
            | Self::AccountInformation
            | Self::AccountInformationOf(_) => true,
            Self::Personal(personal) => personal.what.needs_accounts(),
        }
    }

    /// Whether money can move with it.
    pub const fn moves_money(&self) -> bool {
        matches!(self, Self::TransferFunds | Self::TransferFundsOf(_))
    }

    /// What the consent page lists for it.
    pub const fn clusters(&self) -> &'static [Cluster] {
        match self {
            Self::Wallet => &[
                Cluster::WalletProfile,
                Cluster::WalletBalance,
                Cluster::WalletTransfers,
            ],
            Self::TransferFunds | Self::TransferFundsOf(_) => &[Cluster::MoveMoney],
            Self::AccountInformation | Self::AccountInformationOf(_) => &[
                Cluster::AccountDetails,
                Cluster::AccountBalances,
                Cluster::AccountTransactions,
            ],
            Self::Personal(personal) => personal.what.clusters(),
        }
    }

    /// Stable key for the name of the permission in the translation files.
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Wallet => "permission.wallet",
            Self::TransferFunds | Self::TransferFundsOf(_) => "permission.transfer_funds",
            Self::AccountInformation | Self::AccountInformationOf(_) => "permission.ais",
            Self::Personal(_) => "permission.personal",
        }
    }
}

macro_rules! keyed {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident $key:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$variant_doc])* $variant),* }

        impl $name {
            /// All of them, in reading order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Stable key in the translation files.
            pub const fn key(self) -> &'static str {
                match self { $(Self::$variant => $key),* }
            }
        }
    };
}

keyed! {
    /// One line of the list "can" on the consent page, in reading order.
    Cluster {
        /// The number by which the app knows the person again, and that of their wallet.
        Numbers "can.numbers",
        /// The e-mail address.
        Email "can.email",
        /// The phone number.
        Phone "can.phone",
        /// Name and surname.
        FullName "can.full_name",
        /// Nationality and personal code.
        PersonalCode "can.personal_code",
        /// The postal address.
        Address "can.address",
        /// The date of birth.
        DateOfBirth "can.date_of_birth",
        /// The gender.
        Gender "can.gender",
        /// How well the person was identified.
        IdentificationLevel "can.identification_level",
        /// Politically exposed persons among the person and their family.
        ExposedPersons "can.exposed_persons",
        /// The name that others see and the language.
        UserInfo "can.user_info",
        /// Name and user name of the wallet's owner.
        WalletProfile "can.wallet_profile",
        /// Which wallets were chosen.
        WalletList "can.wallet_list",
        /// Balance of the chosen wallet accounts.
        WalletBalance "can.wallet_balance",
        /// Whether there is enough for an amount.
        SufficientBalance "can.sufficient_balance",
        /// Transfers of the chosen wallet accounts.
        WalletTransfers "can.wallet_transfers",
        /// The same, of the last days.
        RecentTransfers "can.recent_transfers",
        /// Name, number and currency of the chosen accounts.
        AccountDetails "can.account_details",
        /// Balances of the chosen accounts.
        AccountBalances "can.account_balances",
        /// Transactions of the chosen accounts.
        AccountTransactions "can.account_transactions",
        /// Transfers from the chosen accounts.
        MoveMoney "can.move_money",
        /// The one payment in the request, once.
        ThisPayment "can.this_payment",
    }
}

keyed! {
    /// One line of the list "cannot" on the consent page, in reading order.
    Cannot {
        /// Move money.
        MoveMoney "cannot.move_money",
        /// See how much money there is.
        SeeBalance "cannot.see_balance",
        /// See what was paid and received.
        SeeTransactions "cannot.see_transactions",
        /// See the password; never possible.
        SeePassword "cannot.see_password",
        /// Change settings; never possible.
        ChangeSettings "cannot.change_settings",
    }
}

#[cfg(test)]
mod tests;
