//! The people of the demo and their accounts. Everything is fixed and public.

use protocol::{
    iban::Iban,
    ids::{AccountId, UserId},
    locale::Locale,
};
use sha2::{Digest as _, Sha256};
use store::{accounts::AccountKind, users::Role};

use super::{habits::Purse, parties::iban};

/// Bytes of the seed of an authenticator app.
const SEED: usize = 20;

/// A person of the demo.
pub(super) struct Person {
    pub username: &'static str,
    pub password: &'static str,
    pub display_name: &'static str,
    pub email: &'static str,
    pub role: Role,
    pub locale: Locale,
    /// Who it is, for the sheet.
    pub about: &'static str,
}

pub(super) const PEOPLE: [Person; 4] = [
    Person {
        username: "ona",
        password: "demo-ona",
        display_name: "Ona Petrauskaitė",
        email: "ona@example.test",
        role: Role::User,
        locale: Locale::En,
        about: "customer: a wallet, two EUR accounts, one PLN account",
    },
    Person {
        username: "jonas",
        password: "demo-jonas",
        display_name: "Jonas Kazlauskas",
        email: "jonas@example.test",
        role: Role::User,
        locale: Locale::Lt,
        about: "customer, in Lithuanian: a wallet, two EUR accounts, one PLN account",
    },
    Person {
        username: "dev@shop.test",
        password: "demo-developer",
        display_name: "Milda Kavaliauskienė",
        email: "dev@shop.test",
        role: Role::Developer,
        locale: Locale::En,
        about: "developer of the sample apps",
    },
    Person {
        username: "admin@bank.test",
        password: "demo-admin",
        display_name: "Rasa Jankauskienė",
        email: "admin@bank.test",
        role: Role::Admin,
        locale: Locale::En,
        about: "reviews and switches off apps",
    },
];

/// Whose the apps are.
pub(super) const DEVELOPER: &Person = &PEOPLE[2];

impl Person {
    pub fn id(&self) -> UserId {
        UserId::new(format!(
            "demo-{}",
            self.username.split('@').next().unwrap_or(self.username)
        ))
    }

    /// The seed of the authenticator app.
    pub fn seed(&self) -> [u8; SEED] {
        let digest: [u8; 32] = fixed("authenticator", self.username);
        let mut seed = [0; SEED];
        seed.copy_from_slice(&digest[..SEED]);
        seed
    }
}

/// 32 bytes that follow from a name alone: fixed, public, only for the demo.
pub(super) fn fixed(kind: &str, name: &str) -> [u8; 32] {
    Sha256::digest(format!("countersign demo / {kind} / {name}")).into()
}

/// An account of the demo.
pub(super) struct Account {
    pub purse: Purse,
    /// Whose it is; nobody's who could sign in for the coffee shop.
    pub owner: Option<&'static str>,
    pub owner_name: &'static str,
    id: &'static str,
    pub kind: AccountKind,
    pub name: &'static str,
    pub product: &'static str,
    number: (&'static str, &'static str),
}

impl Account {
    pub fn id(&self) -> AccountId {
        AccountId::new(self.id)
    }

    pub fn iban(&self) -> Iban {
        iban(self.number.0, self.number.1)
    }
}

const ONA: (Option<&str>, &str) = (Some("ona"), "Ona Petrauskaitė");
const JONAS: (Option<&str>, &str) = (Some("jonas"), "Jonas Kazlauskas");

const fn account(
    purse: Purse,
    (owner, owner_name): (Option<&'static str>, &'static str),
    id: &'static str,
    kind: AccountKind,
    names: (&'static str, &'static str),
    number: (&'static str, &'static str),
) -> Account {
    Account {
        purse,
        owner,
        owner_name,
        id,
        kind,
        name: names.0,
        product: names.1,
        number,
    }
}

use AccountKind::{Current, Savings, Wallet};

/// In the order in which their owners see them.
pub(super) const ACCOUNTS: [Account; 9] = [
    account(
        Purse::OnaWallet,
        ONA,
        "demo-ona-wallet",
        Wallet,
        ("Wallet", "Countersign Wallet"),
        ("LT", "9900000000000101"),
    ),
    account(
        Purse::OnaMain,
        ONA,
        "demo-ona-main",
        Current,
        ("Everyday", "Current account"),
        ("LT", "9900000000000102"),
    ),
    account(
        Purse::OnaSavings,
        ONA,
        "demo-ona-savings",
        Savings,
        ("Rainy days", "Savings account"),
        ("LT", "9900000000000103"),
    ),
    account(
        Purse::OnaZloty,
        ONA,
        "demo-ona-zloty",
        Current,
        ("Złoty", "Currency account"),
        ("PL", "990000000000000000000104"),
    ),
    account(
        Purse::JonasWallet,
        JONAS,
        "demo-jonas-wallet",
        Wallet,
        ("Piniginė", "Countersign Wallet"),
        ("LT", "9900000000000201"),
    ),
    account(
        Purse::JonasMain,
        JONAS,
        "demo-jonas-main",
        Current,
        ("Pagrindinė", "Current account"),
        ("LT", "9900000000000202"),
    ),
    account(
        Purse::JonasSavings,
        JONAS,
        "demo-jonas-savings",
        Savings,
        ("Atostogos", "Savings account"),
        ("LT", "9900000000000203"),
    ),
    account(
        Purse::JonasZloty,
        JONAS,
        "demo-jonas-zloty",
        Current,
        ("Zlotai", "Currency account"),
        ("PL", "990000000000000000000204"),
    ),
    account(
        Purse::Coffee,
        (None, "Countersign Coffee UAB"),
        "demo-coffee",
        Current,
        ("Till", "Business account"),
        ("LT", "9900000000000301"),
    ),
];

/// The account of a purse.
pub(super) fn account_of(purse: Purse) -> &'static Account {
    ACCOUNTS
        .iter()
        .find(|account| account.purse == purse)
        .expect("every purse has an account")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_purse_has_one_account_and_every_account_one_number() {
        let purses: BTreeSet<Purse> = ACCOUNTS.iter().map(|account| account.purse).collect();
        assert_eq!(purses.len(), Purse::ALL.len());
        let numbers: BTreeSet<Iban> = ACCOUNTS.iter().map(Account::iban).collect();
        assert_eq!(numbers.len(), ACCOUNTS.len());
        let ids: BTreeSet<AccountId> = ACCOUNTS.iter().map(Account::id).collect();
        assert_eq!(ids.len(), ACCOUNTS.len());
    }

    #[test]
    fn everybody_has_a_seed_of_their_own() {
        let seeds: BTreeSet<[u8; SEED]> = PEOPLE.iter().map(Person::seed).collect();
        assert_eq!(seeds.len(), PEOPLE.len());
    }
}
