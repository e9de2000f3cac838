//! Wallets: which one it is, how much is in it, whether that is enough.

use protocol::{
    iban::Iban,
    money::{Currency, Money},
    scope::Personal,
};
use serde::Serialize;

use super::{Answer, Asker, PersonalRefusal, Whom, rights::Rights};
use crate::{Engine, bank::BankAccount, error::Result};

/// A wallet.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct WalletView {
    /// Its number.
    pub id: i64,
    /// The number of the person whose it is.
    pub owner: i64,
    /// The account that it is made of; only of a wallet that the person chose.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<WalletAccount>,
}

/// The account that a wallet is made of.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct WalletAccount {
    /// Its number.
    pub number: Iban,
    /// The name of its owner; with a scope that tells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner_title: Option<String>,
    /// The name of its owner that others see; with a scope that tells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner_display_name: Option<String>,
    /// What its owner calls it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// `wallet`, `current` or `savings`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The number of the person whose it is.
    pub user_id: i64,
    /// Its number, as a list.
    pub ibans: Vec<Iban>,
    /// Its number.
    pub main_iban: Iban,
}

/// How much is in a wallet. A wallet has one currency.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct WalletBalance {
    /// What can be spent.
    pub at_disposal: Money,
    /// What is set aside.
    pub reserved: Money,
}

impl Engine {
    /// GET `/wallet/{id}`.
    pub async fn wallet_view(&self, asker: &Asker<'_>, whom: Whom) -> Answer<WalletView> {
        Ok(match self.wallet_rights(asker, whom).await? {
            Ok((rights, account)) => Ok(self.described_wallet(&rights, account).await?),
            Err(refusal) => Err(refusal),
        })
    }

    /// GET `/wallet/{id}/balance`.
    pub async fn wallet_balance(&self, asker: &Asker<'_>, whom: Whom) -> Answer<WalletBalance> {
        let found = self.wallet_for(asker, whom, &[Personal::Balance]).await?;
        Ok(found.map(|(_, account)| WalletBalance {
            at_disposal: account.available,
            reserved: account.reserved,
        }))
    }

    /// GET `/wallet/{id}/sufficient-amount`: whether so much can be spent. Who may see the balance may ask, too.
    pub async fn has_sufficient_amount(
        &self,
        asker: &Asker<'_>,
        whom: Whom,
        amount: Money,
    ) -> Answer<bool> {
        let either = [Personal::SufficientBalance, Personal::Balance];
        let found = self.wallet_for(asker, whom, &either).await?;
        Ok(found.map(|(_, account)| {
            account.currency == amount.currency && account.available.minor >= amount.minor
        }))
    }

    /// A wallet of which any of `needed` may be read.
    pub(super) async fn wallet_for(
        &self,
        asker: &Asker<'_>,
        whom: Whom,
        needed: &[Personal],
    ) -> Answer<(Rights, BankAccount)> {
        let (rights, account) = match self.wallet_rights(asker, whom).await? {
            Ok(found) => found,
            // Whoever lacks the scope is not told that there is no wallet either.
            Err(PersonalRefusal::NotFound) => {
                let rights = self.rights(asker, whom).await?;
                let allowed = rights.and_then(|rights| {
                    let mut needs = needed.iter().map(|what| rights.need(*what));
                    needs
                        .find(Result::is_ok)
                        .unwrap_or(Err(PersonalRefusal::Forbidden))
                });
                return Ok(Err(allowed.err().unwrap_or(PersonalRefusal::NotFound)));
            }
            Err(refusal) => return Ok(Err(refusal)),
        };
        let is_allowed = needed
            .iter()
            .any(|what| rights.allow_of(*what, &account.id));
        Ok(match is_allowed {
            true => Ok((rights, account)),
            false => Err(PersonalRefusal::Forbidden),
        })
    }

    pub(super) async fn described_wallet(
        &self,
        rights: &Rights,
        account: BankAccount,
    ) -> Result<WalletView> {
        let owner = self.person_number(&rights.user.id).await?;
        let is_chosen = Personal::ALL
            .iter()
            .any(|what| what.needs_accounts() && rights.allow_of(*what, &account.id));
        let is_named = rights.allow(Personal::FullName) || rights.allow(Personal::Identity);
        Ok(WalletView {
            id: self.wallet_number(&account.id).await?,
            owner,
            account: is_chosen.then(|| WalletAccount {
                owner_title: is_named.then_some(account.owner_name),
                owner_display_name: rights
                    .allow(Personal::UserInfo)
                    .then(|| rights.user.display_name.clone()),
                description: account.name,
                kind: account.kind,
                user_id: owner,
                ibans: vec![account.iban.clone()],
                number: account.iban.clone(),
                main_iban: account.iban,
            }),
        })
    }
}

impl WalletBalance {
    /// The currency of the wallet.
    pub fn currency(&self) -> Currency {
        self.at_disposal.currency
    }
}
