//! The scopes of the Paysera Wallet API: what an app may know of a person and of their wallets.
//!
//! A token is a word with up to two suffixes, in this order:
//!
//! | suffix | meaning |
//! |---|---|
//! | `_offline` | the app may also read it under its own name, without a token of the person, until the person withdraws; from the authorization code grant alone |
//! | `_optional` | the person need not have it yet; until they do, a read finds nothing |
//!
//! `X_offline` contains `X`: whoever may read without the token may read with it. Scopes that are documented but
//! have no meaning here (documents of identification, transfers and currency exchange under other interfaces,
//! avatars, positions) are unknown, like a word that nobody has heard of.

use crate::words::words;

use super::{Cluster, Permission, Scope};

words! {
    /// What can be read. The word is the scope token without suffixes.
    Personal {
        /// The confirmed e-mail address.
        Email "email",
        /// The confirmed phone number.
        Phone "phone",
        /// The phone numbers that are confirmed.
        PhoneConfirmation "phone_confirmation",
        /// The postal address.
        Address "address",
        /// Name and surname.
        FullName "full_name",
        /// Name, surname, nationality and personal code.
        Identity "identity",
        /// The date of birth.
        DateOfBirth "dob",
        /// The gender in the person's papers.
        Gender "gender",
        /// How well the person was identified.
        IdentificationLevel "identification_level",
        /// The politically exposed persons that the person is or is close to.
        ExposedPersons "pep",
        /// The name that others see, the language and the kind of customer.
        UserInfo "user_info",
        /// The chosen wallets.
        WalletList "wallet_list",
        /// How much is in the chosen wallets.
        Balance "balance",
        /// What happened in the chosen wallets.
        Statements "statements",
        /// What happened there in the last [`RECENT_DAYS`](crate::account_consent::RECENT_DAYS) days.
        RecentStatements "recent_statements",
        /// Whether there is enough in a chosen wallet for an amount: yes or no.
        SufficientBalance "check_has_sufficient_balance",
    }
}

const OFFLINE: &str = "_offline";
const OPTIONAL: &str = "_optional";

impl Personal {
    /// Whether it may be asked for with the suffix `_offline`. Not what is documented without.
    pub const fn knows_offline(self) -> bool {
        !matches!(
            self,
            Self::RecentStatements
                | Self::UserInfo
                | Self::SufficientBalance
                | Self::ExposedPersons
        )
    }

    /// Whether it is about wallets, which the person chooses on the consent page.
    pub const fn needs_accounts(self) -> bool {
        matches!(
            self,
            Self::WalletList
                | Self::Balance
                | Self::Statements
                | Self::RecentStatements
                | Self::SufficientBalance
        )
    }

    /// What the consent page lists for it.
    pub const fn clusters(self) -> &'static [Cluster] {
        match self {
            Self::Email => &[Cluster::Numbers, Cluster::Email],
            Self::Phone | Self::PhoneConfirmation => &[Cluster::Numbers, Cluster::Phone],
            Self::Address => &[Cluster::Numbers, Cluster::Address],
            Self::FullName => &[Cluster::Numbers, Cluster::FullName],
            Self::Identity => &[Cluster::Numbers, Cluster::FullName, Cluster::PersonalCode],
            Self::DateOfBirth => &[Cluster::Numbers, Cluster::DateOfBirth],
            Self::Gender => &[Cluster::Numbers, Cluster::Gender],
            Self::IdentificationLevel => &[Cluster::Numbers, Cluster::IdentificationLevel],
            Self::ExposedPersons => &[Cluster::Numbers, Cluster::ExposedPersons],
            Self::UserInfo => &[Cluster::Numbers, Cluster::UserInfo],
            Self::WalletList => &[Cluster::Numbers, Cluster::WalletList],
            Self::Balance => &[
                Cluster::Numbers,
                Cluster::WalletList,
                Cluster::WalletBalance,
            ],
            Self::Statements => &[
                Cluster::Numbers,
                Cluster::WalletList,
                Cluster::WalletTransfers,
            ],
            Self::RecentStatements => &[
                Cluster::Numbers,
                Cluster::WalletList,
                Cluster::RecentTransfers,
            ],
            Self::SufficientBalance => &[
                Cluster::Numbers,
                Cluster::WalletList,
                Cluster::SufficientBalance,
            ],
        }
    }
}

/// A scope of the Wallet API, with its suffixes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct PersonalScope {
    /// What can be read.
    pub what: Personal,
    /// Also without a token of the person.
    pub offline: bool,
    /// The person need not have it yet.
    pub optional: bool,
}

impl PersonalScope {
    /// The scope with this token.
    pub fn of(token: &str) -> Option<Self> {
        let without = |text: &'_ str, suffix: &str| match text.strip_suffix(suffix) {
            Some(rest) => (rest.len(), true),
            None => (text.len(), false),
        };
        let (end, optional) = without(token, OPTIONAL);
        let (end, offline) = without(&token[..end], OFFLINE);
        let word = &token[..end];
        let what: Personal = word.parse().ok()?;
        (what.knows_offline() || !offline).then_some(Self {
            what,
            offline,
            optional,
        })
    }

    /// The token.
    pub fn token(self) -> String {
        let suffix = |has, suffix| if has { suffix } else { "" };
        format!(
            "{}{}{}",
            self.what,
            suffix(self.offline, OFFLINE),
            suffix(self.optional, OPTIONAL)
        )
    }

    /// Whether a client that was approved for this may ask for `asked`: for the same or for less.
    pub fn covers(self, asked: Self) -> bool {
        self.what == asked.what && (self.offline || !asked.offline)
    }
}

impl Scope {
    /// The scopes of the Wallet API in this scope.
    pub fn personal(&self) -> impl Iterator<Item = PersonalScope> {
        self.permissions()
            .filter_map(|permission| match permission {
                Permission::Personal(personal) => Some(personal),
                _ => None,
            })
    }

    /// Whether `what` may be read with a token of this scope.
    pub fn allows_personal(&self, what: Personal) -> bool {
        self.personal().any(|personal| personal.what == what)
    }

    /// Whether `what` may be read without a token, by whom the person allowed this scope.
    pub fn allows_offline(&self, what: Personal) -> bool {
        self.personal()
            .any(|personal| personal.what == what && personal.offline)
    }

    /// Whether something in it can be read without a token. Only the authorization code grant gives that.
    pub fn is_offline(&self) -> bool {
        self.personal().any(|personal| personal.offline)
    }

    /// What the consent page says that the app can also do while the person does not use it.
    pub fn offline_clusters(&self) -> Vec<Cluster> {
        let offline = self.personal().filter(|personal| personal.offline);
        let mut clusters: Vec<Cluster> = offline
            .flat_map(|personal| personal.what.clusters().iter().copied())
            .collect();
        clusters.sort_unstable();
        clusters.dedup();
        clusters
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::ScopeToken;

    fn of(token: &str) -> Option<PersonalScope> {
        PersonalScope::of(token)
    }

    #[test]
    fn every_scope_is_read_as_it_is_written() {
        for what in Personal::ALL {
            for (offline, optional) in [(false, false), (true, false), (false, true), (true, true)]
            {
                let scope = PersonalScope {
                    what: *what,
                    offline,
                    optional,
                };
                let expected = (what.knows_offline() || !offline).then_some(scope);
                assert_eq!(of(&scope.token()), expected, "{}", scope.token());
            }
        }
    }

    #[test]
    fn suffixes_stand_in_their_order_and_once() {
        assert_eq!(
            of("phone_offline_optional")
                .map(PersonalScope::token)
                .as_deref(),
            Some("phone_offline_optional")
        );
        for token in [
            "phone_optional_offline",
            "phone_offline_offline",
            "phone_optional_optional",
            "_offline",
            "_optional",
            "",
            "Phone",
            "phone_Offline",
            "pep_offline",
            "user_info_offline_optional",
            "recent_statements_offline",
            "check_has_sufficient_balance_offline",
        ] {
            assert_eq!(of(token), None, "{token}");
        }
    }

    #[test]
    fn documented_scopes_without_a_meaning_here_are_unknown() {
        for token in [
            "identification_data",
            "initiate_transfers",
            "incoming_payments",
            "outgoing_payments",
            "favourites",
            "user_position",
            "avatar",
            "manage_account",
            "cards",
            "services",
            "convert_currency",
            "make_bank_transfers",
        ] {
            let token = ScopeToken::parse(token).unwrap();
            assert_eq!(Permission::of(&token), None, "{token}");
        }
    }

    #[test]
    fn a_client_may_ask_for_less_than_it_was_approved_for_and_never_for_more() {
        let table = [
            ("phone", "phone", true),
            ("phone", "phone_optional", true),
            ("phone", "phone_offline", false),
            ("phone", "phone_offline_optional", false),
            ("phone_optional", "phone", true),
            ("phone_offline", "phone", true),
            ("phone_offline", "phone_offline_optional", true),
            ("phone_offline", "email", false),
            ("full_name", "identity", false),
        ];
        for (approved, asked, expected) in table {
            let approved: Scope = approved.parse().unwrap();
            let token = ScopeToken::parse(asked).unwrap();
            assert_eq!(approved.permits(&token), expected, "{approved} {asked}");
        }
    }

    #[test]
    fn what_can_be_read_without_a_token_is_what_was_asked_for_so() {
        let scope: Scope = "email_offline phone balance_offline_optional"
            .parse()
            .unwrap();
        assert!(scope.is_offline());
        assert!(scope.allows_personal(Personal::Email) && scope.allows_offline(Personal::Email));
        assert!(scope.allows_personal(Personal::Phone) && !scope.allows_offline(Personal::Phone));
        assert!(!scope.allows_personal(Personal::Statements));
        assert!(!scope.offline_clusters().contains(&Cluster::Phone));
        assert!(scope.offline_clusters().contains(&Cluster::WalletBalance));
        let none: Scope = "email phone".parse().unwrap();
        assert!(!none.is_offline() && none.offline_clusters().is_empty());
    }
}
