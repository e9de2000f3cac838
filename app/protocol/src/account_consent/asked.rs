//! What an app asks for: the body of `POST /v1/consents`, checked member by member.

use serde_json::{Map, Value, json};

use super::{FaultKind, MOST_PER_DAY, RequestFault, Rights};
use crate::{iban::Iban, money::Currency, time::Date};

/// Most account references in one list.
const MOST_REFERENCES: usize = 50;

const ALL_ACCOUNTS: &str = "allAccounts";

/// A consent that an app asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewConsent {
    /// To which accounts, and what of them.
    pub access: AskedAccess,
    /// Whether the app may come back (`recurringIndicator`).
    pub recurring: bool,
    /// The last day. `9999-12-31` is as long as allowed.
    pub valid_until: Date,
    /// How often in 24 hours without the person; at most [`MOST_PER_DAY`], whatever was asked.
    pub frequency_per_day: u32,
}

impl NewConsent {
    /// Reads the body of `POST /v1/consents`. Members beside `access` that the guidelines do not know are
    /// left aside.
    ///
    /// # Errors
    /// The first member that is missing or not as it should be.
    pub fn parse(body: &[u8], today: Date) -> Result<Self, RequestFault> {
        let body: Value = serde_json::from_slice(body)
            .map_err(|_| RequestFault::format("body", "the body must be a consent in JSON"))?;
        let Value::Object(body) = body else {
            let text = "the body must be a JSON object";
            return Err(RequestFault::format("body", text));
        };
        let access = AskedAccess::parse(body.get("access"))?;
        let recurring = flag(&body, "recurringIndicator")?.ok_or_else(|| {
            RequestFault::format(
                "recurringIndicator",
                "recurringIndicator is mandatory: true or false",
            )
        })?;
        let valid_until = day(&body, today)?;
        let frequency_per_day = frequency(&body, recurring)?;
        if flag(&body, "combinedServiceIndicator")? == Some(true) {
            return Err(RequestFault {
                kind: FaultKind::Sessions,
                path: "combinedServiceIndicator".to_owned(),
                text: "account information and a payment need an authorization each",
            });
        }
        Ok(Self {
            access,
            recurring,
            valid_until,
            frequency_per_day,
        })
    }
}

fn flag(body: &Map<String, Value>, name: &'static str) -> Result<Option<bool>, RequestFault> {
    match body.get(name) {
        None => Ok(None),
        Some(Value::Bool(flag)) => Ok(Some(*flag)),
        Some(_) => Err(RequestFault::format(name, "true or false is expected")),
    }
}

fn day(body: &Map<String, Value>, today: Date) -> Result<Date, RequestFault> {
    let name = "validUntil";
    let text = "validUntil is mandatory: a day such as 2026-11-22";
    let day: Date = body
        .get(name)
        .and_then(Value::as_str)
        .and_then(|day| day.parse().ok())
        .ok_or_else(|| RequestFault::format(name, text))?;
    if day < today {
        return Err(RequestFault {
            kind: FaultKind::Period,
            path: name.to_owned(),
            text: "validUntil must not be over",
        });
    }
    Ok(day)
}

fn frequency(body: &Map<String, Value>, recurring: bool) -> Result<u32, RequestFault> {
    let name = "frequencyPerDay";
    let text = "frequencyPerDay is mandatory: a whole number from 1 on";
    let asked = body
        .get(name)
        .and_then(Value::as_u64)
        .filter(|asked| *asked > 0)
        .ok_or_else(|| RequestFault::format(name, text))?;
    if !recurring && asked != 1 {
        let text = "frequencyPerDay must be 1 when recurringIndicator is false";
        return Err(RequestFault::format(name, text));
    }
    Ok(u32::try_from(asked).unwrap_or(u32::MAX).min(MOST_PER_DAY))
}

/// An account that an app names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AccountReference {
    /// Its number.
    pub iban: Iban,
    /// Which of the accounts under this number, where a number has several.
    pub currency: Option<Currency>,
}

impl AccountReference {
    fn parse(reference: &Value, path: &str) -> Result<Self, RequestFault> {
        let Value::Object(members) = reference else {
            let text = "an account reference is an object with an iban";
            return Err(RequestFault::format(path, text));
        };
        for name in members.keys() {
            if !matches!(name.as_str(), "iban" | "currency") {
                let text = "accounts are named by iban, and by currency where that is needed";
                return Err(RequestFault::format(format!("{path}.{name}"), text));
            }
        }
        let iban = members
            .get("iban")
            .and_then(Value::as_str)
            .and_then(|iban| Iban::parse(iban).ok())
            .ok_or_else(|| {
                RequestFault::format(format!("{path}.iban"), "a valid IBAN is expected")
            })?;
        let currency = match members.get("currency") {
            None => None,
            Some(code) => Some(
                code.as_str()
                    .and_then(|code| code.parse().ok())
                    .ok_or_else(|| {
                        let text = "a currency of ISO 4217 is expected";
                        RequestFault::format(format!("{path}.currency"), text)
                    })?,
            ),
        };
        Ok(Self { iban, currency })
    }

    fn to_wire(&self) -> Value {
        let mut reference = json!({ "iban": self.iban });
        if let Some(currency) = self.currency {
            reference["currency"] = json!(currency);
        }
        reference
    }

    /// Whether it names this account.
    pub fn names(&self, iban: &Iban, currency: Currency) -> bool {
        self.iban == *iban && self.currency.is_none_or(|named| named == currency)
    }
}

/// `access`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum AskedAccess {
    /// The accounts in these lists; when the lists are empty, those that the person picks. Absent lists ask
    /// for nothing of their kind.
    Lists {
        /// `accounts`.
        accounts: Option<Vec<AccountReference>>,
        /// `balances`.
        balances: Option<Vec<AccountReference>>,
        /// `transactions`.
        transactions: Option<Vec<AccountReference>>,
    },
    /// `availableAccounts`: names and numbers of all accounts.
    AvailableAccounts,
    /// `availableAccountsWithBalance`: with how much is on them.
    AvailableAccountsWithBalance,
    /// `allPsd2`: everything of all accounts.
    AllPsd2,
}

impl AskedAccess {
    /// Reads the member `access`. What is not understood in it is refused: it would change what is asked.
    ///
    /// # Errors
    /// What is wrong, and where.
    pub fn parse(access: Option<&Value>) -> Result<Self, RequestFault> {
        let Some(Value::Object(members)) = access else {
            return Err(RequestFault::format(
                "access",
                "access is mandatory: an object",
            ));
        };
        let mut lists = [None, None, None];
        let mut all = None;
        for (name, value) in members {
            let slot = match name.as_str() {
                "accounts" => 0,
                "balances" => 1,
                "transactions" => 2,
                "availableAccounts" => {
                    all = Some(Self::AvailableAccounts);
                    all_accounts(name, value)?;
                    continue;
                }
                "availableAccountsWithBalance" => {
                    all = Some(Self::AvailableAccountsWithBalance);
                    all_accounts(name, value)?;
                    continue;
                }
                "allPsd2" => {
                    all = Some(Self::AllPsd2);
                    all_accounts(name, value)?;
                    continue;
                }
                _ => {
                    let text = "this member of access is not supported";
                    return Err(RequestFault::format(format!("access.{name}"), text));
                }
            };
            lists[slot] = Some(references(name, value)?);
        }
        if let Some(all) = all {
            if members.len() > 1 {
                let text = "a request for all accounts must stand alone in access";
                return Err(RequestFault::format("access", text));
            }
            return Ok(all);
        }
        let given = || lists.iter().flatten();
        if given().next().is_none() {
            let text = "access asks for nothing: accounts, balances, transactions, availableAccounts, \
                        availableAccountsWithBalance or allPsd2 is expected";
            return Err(RequestFault::format("access", text));
        }
        if given().any(Vec::is_empty) && !given().all(Vec::is_empty) {
            let text =
                "either every list names accounts, or every list is empty and the person chooses";
            return Err(RequestFault::format("access", text));
        }
        let [accounts, balances, transactions] = lists;
        Ok(Self::Lists {
            accounts,
            balances,
            transactions,
        })
    }

    /// As it was sent.
    pub fn to_wire(&self) -> Value {
        match self {
            Self::Lists {
                accounts,
                balances,
                transactions,
            } => {
                let mut access = Map::new();
                for (name, list) in [
                    ("accounts", accounts),
                    ("balances", balances),
                    ("transactions", transactions),
                ] {
                    if let Some(list) = list {
                        let list = list.iter().map(AccountReference::to_wire).collect();
                        access.insert(name.to_owned(), Value::Array(list));
                    }
                }
                Value::Object(access)
            }
            Self::AvailableAccounts => json!({ "availableAccounts": ALL_ACCOUNTS }),
            Self::AvailableAccountsWithBalance => {
                json!({ "availableAccountsWithBalance": ALL_ACCOUNTS })
            }
            Self::AllPsd2 => json!({ "allPsd2": ALL_ACCOUNTS }),
        }
    }

    /// Whether the person picks the accounts.
    pub fn person_picks(&self) -> bool {
        match self {
            Self::Lists {
                accounts,
                balances,
                transactions,
            } => [accounts, balances, transactions]
                .into_iter()
                .flatten()
                .all(Vec::is_empty),
            _ => false,
        }
    }

    /// What is asked of the account with this number; `None` when it is not asked for at all.
    pub fn rights_to(&self, iban: &Iban, currency: Currency) -> Option<Rights> {
        let Self::Lists {
            accounts,
            balances,
            transactions,
        } = self
        else {
            return Some(self.rights());
        };
        if self.person_picks() {
            return Some(self.rights());
        }
        let named = |list: &Option<Vec<AccountReference>>| {
            list.iter()
                .flatten()
                .any(|reference| reference.names(iban, currency))
        };
        let rights = Rights {
            balances: named(balances),
            transactions: named(transactions),
        };
        (named(accounts) || rights != Rights::default()).then_some(rights)
    }

    /// All that is asked of any account.
    pub fn rights(&self) -> Rights {
        match self {
            Self::Lists {
                balances,
                transactions,
                ..
            } => Rights {
                balances: balances.is_some(),
                transactions: transactions.is_some(),
            },
            Self::AvailableAccounts => Rights::default(),
            Self::AvailableAccountsWithBalance => Rights {
                balances: true,
                transactions: false,
            },
            Self::AllPsd2 => Rights::ALL,
        }
    }

    /// All that is asked of these accounts together: what the page tells.
    pub fn rights_to_any<'a>(
        &self,
        accounts: impl IntoIterator<Item = (&'a Iban, Currency)>,
    ) -> Rights {
        accounts
            .into_iter()
            .filter_map(|(iban, currency)| self.rights_to(iban, currency))
            .fold(Rights::default(), Rights::or)
    }
}

fn all_accounts(name: &str, value: &Value) -> Result<(), RequestFault> {
    if value.as_str() == Some(ALL_ACCOUNTS) {
        return Ok(());
    }
    let text = "allAccounts is expected";
    Err(RequestFault::format(format!("access.{name}"), text))
}

fn references(name: &str, value: &Value) -> Result<Vec<AccountReference>, RequestFault> {
    let path = format!("access.{name}");
    let Value::Array(list) = value else {
        return Err(RequestFault::format(
            path,
            "a list of account references is expected",
        ));
    };
    if list.len() > MOST_REFERENCES {
        return Err(RequestFault::format(
            path,
            "at most 50 accounts can be named",
        ));
    }
    list.iter()
        .enumerate()
        .map(|(at, reference)| AccountReference::parse(reference, &format!("{path}[{at}]")))
        .collect()
}

#[cfg(test)]
mod tests;
