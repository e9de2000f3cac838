//! What an asker may read of one person, and by which right.

use protocol::{
    client::Environment,
    ids::{AccountId, UserId},
    scope::{Personal, Scope},
};
use store::{
    consents::find_live_consents,
    numbers::{Numbered, find_number, find_numbered, number_of},
    users::{UserRecord, UserStatus, find_user},
};

use super::{Answer, Asker, PersonalRefusal, Whom};
use crate::{
    Engine,
    bank::BankAccount,
    error::{Error, Result},
};

/// What may be read of a person.
pub(super) struct Rights {
    /// The person.
    pub user: UserRecord,
    /// What was allowed: by the token alone, or by every approval that still holds without one.
    allowed: Vec<Allowed>,
    /// Whether a token of the person is there.
    by_token: bool,
}

/// One approval.
struct Allowed {
    scope: Scope,
    accounts: Vec<AccountId>,
}

impl Rights {
    /// Whether this may be read.
    pub fn allow(&self, what: Personal) -> bool {
        let by_token = self.by_token;
        self.allowed
            .iter()
            .any(|allowed| allowed.has(what, by_token))
    }

    /// The same, as a step of a walk that ends at a refusal.
    pub fn need(&self, what: Personal) -> Result<(), PersonalRefusal> {
        self.allow(what)
            .then_some(())
            .ok_or(PersonalRefusal::Forbidden)
    }

    /// Whether this may be read of this account.
    pub fn allow_of(&self, what: Personal, account: &AccountId) -> bool {
        self.allowed
            .iter()
            .any(|allowed| allowed.has(what, self.by_token) && allowed.accounts.contains(account))
    }

    /// Whether the account was chosen for anything that may be read.
    fn is_chosen(&self, account: &AccountId) -> bool {
        Personal::ALL
            .iter()
            .any(|what| what.needs_accounts() && self.allow_of(*what, account))
    }

    /// Whether wallets were chosen at all.
    fn chooses(&self) -> bool {
        Personal::ALL
            .iter()
            .any(|what| what.needs_accounts() && self.allow(*what))
    }
}

impl Allowed {
    fn has(&self, what: Personal, by_token: bool) -> bool {
        if by_token {
            self.scope.allows_personal(what)
        } else {
            self.scope.allows_offline(what)
        }
    }
}

impl Engine {
    /// What the asker may read of a person.
    pub(super) async fn rights(&self, asker: &Asker<'_>, whom: Whom) -> Answer<Rights> {
        let reader = self.env.store.reader();
        let user = match (asker.access, whom) {
            (Some(access), whom) => {
                let Some(user) = &access.user else {
                    return Ok(Err(PersonalRefusal::Forbidden));
                };
                if let Whom::Number(number) = whom {
                    let own = find_number(reader, Numbered::Person, user.as_str()).await?;
                    if own != Some(number) {
                        return Ok(Err(PersonalRefusal::Forbidden));
                    }
                }
                user.clone()
            }
            // Without a token nobody is meant.
            (None, Whom::Me) => return Ok(Err(PersonalRefusal::Forbidden)),
            (None, Whom::Number(number)) => {
                match find_numbered(reader, Numbered::Person, number).await? {
                    Some(user) => UserId::new(user),
                    None => return Ok(Err(PersonalRefusal::Forbidden)),
                }
            }
        };
        self.rights_to(asker, &user).await
    }

    /// What the asker may read of this person; with a token, that is the person behind it.
    async fn rights_to(&self, asker: &Asker<'_>, user: &UserId) -> Answer<Rights> {
        let found = find_user(self.env.store.reader(), user).await?;
        let Some(user) = found.filter(|user| is_there(user, asker.client.environment)) else {
            return Ok(Err(PersonalRefusal::Forbidden));
        };
        let allowed = match asker.access {
            Some(access) => vec![Allowed {
                scope: access.scope.clone(),
                accounts: access
                    .consent
                    .as_ref()
                    .map_or_else(Vec::new, |consent| consent.accounts.clone()),
            }],
            None => self.allowed_offline(asker, &user.id).await?,
        };
        if allowed.is_empty() {
            return Ok(Err(PersonalRefusal::Forbidden));
        }
        Ok(Ok(Rights {
            user,
            allowed,
            by_token: asker.access.is_some(),
        }))
    }

    /// What the person allowed the app without a token and has not withdrawn.
    async fn allowed_offline(&self, asker: &Asker<'_>, user: &UserId) -> Result<Vec<Allowed>> {
        let client = asker.client;
        if !client.is_active() {
            return Ok(Vec::new());
        }
        let reader = self.env.store.reader();
        let consents = find_live_consents(reader, user, &client.id, self.env.now()).await?;
        Ok(consents
            .into_iter()
            .filter(|consent| {
                consent.environment == client.environment && consent.scope.is_offline()
            })
            .map(|consent| Allowed {
                scope: consent.scope,
                accounts: consent.accounts,
            })
            .collect())
    }

    /// A wallet that the asker may know of, with what they may read of its owner.
    pub(super) async fn wallet_rights(
        &self,
        asker: &Asker<'_>,
        whom: Whom,
    ) -> Answer<(Rights, BankAccount)> {
        let (rights, named) = match (asker.access, whom) {
            (_, Whom::Me) => (self.rights(asker, Whom::Me).await?, None),
            (access, Whom::Number(number)) => {
                let reader = self.env.store.reader();
                let Some(id) = find_numbered(reader, Numbered::Wallet, number).await? else {
                    return Ok(Err(PersonalRefusal::Forbidden));
                };
                let account = self.env.bank.account(&AccountId::new(id)).await?;
                let owner = account.as_ref().and_then(|account| account.owner.clone());
                let (Some(account), Some(owner)) = (account, owner) else {
                    return Ok(Err(PersonalRefusal::Forbidden));
                };
                if access.is_some_and(|access| access.user.as_ref() != Some(&owner)) {
                    return Ok(Err(PersonalRefusal::Forbidden));
                }
                (self.rights_to(asker, &owner).await?, Some(account.id))
            }
        };
        let rights = match rights {
            Ok(rights) => rights,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let mut known = self.known_wallets(&rights).await?;
        let found = match named {
            Some(named) => known.into_iter().find(|account| account.id == named),
            None => {
                // That of the wallet's kind is the wallet, where several were chosen.
                let first = known.iter().position(|account| account.kind == "wallet");
                match (known.is_empty(), first) {
                    (true, _) => return Ok(Err(PersonalRefusal::NotFound)),
                    (false, first) => Some(known.swap_remove(first.unwrap_or(0))),
                }
            }
        };
        Ok(match found {
            Some(account) => Ok((rights, account)),
            None => Err(PersonalRefusal::Forbidden),
        })
    }

    /// The wallets that may be known: those that were chosen; where none were to be chosen, the person's first
    /// one, and that to their token alone.
    pub(super) async fn known_wallets(&self, rights: &Rights) -> Result<Vec<BankAccount>> {
        let mut accounts = self.env.bank.accounts_of(&rights.user.id).await?;
        accounts.retain(|account| account.environment == rights.user.environment);
        if rights.chooses() {
            accounts.retain(|account| rights.is_chosen(&account.id));
        } else if rights.by_token {
            let first = accounts.iter().position(|account| account.kind == "wallet");
            accounts = match accounts.is_empty() {
                true => accounts,
                false => vec![accounts.swap_remove(first.unwrap_or(0))],
            };
        } else {
            accounts.clear();
        }
        Ok(accounts)
    }

    /// The number of a person.
    pub async fn person_number(&self, user: &UserId) -> Result<i64> {
        self.number(Numbered::Person, user.as_str()).await
    }

    /// The number of a wallet, which is one account.
    pub async fn wallet_number(&self, account: &AccountId) -> Result<i64> {
        self.number(Numbered::Wallet, account.as_str()).await
    }

    async fn number(&self, kind: Numbered, id: &str) -> Result<i64> {
        if let Some(number) = find_number(self.env.store.reader(), kind, id).await? {
            return Ok(number);
        }
        let id = id.to_owned();
        self.env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move { Ok(number_of(tx, kind, &id).await?) })
            })
            .await
    }
}

/// Whether something may be told of this person to an app of this environment.
fn is_there(user: &UserRecord, environment: Environment) -> bool {
    user.environment == environment && user.status == UserStatus::Active
}
