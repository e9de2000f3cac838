//! Which account pays, and whether a request is what the person approved.

use protocol::payment::Payment;

use super::{NewTransfer, TransferRefusal};
use crate::bank::BankAccount;

/// Which part of a request differs from what the person approved.
pub(super) fn difference(asked: &Payment, approved: &Payment) -> Option<&'static str> {
    [
        (
            "currency",
            asked.amount.currency == approved.amount.currency,
        ),
        ("amount", asked.amount.minor == approved.amount.minor),
        ("to.iban", asked.creditor_iban == approved.creditor_iban),
        ("to.name", asked.creditor_name == approved.creditor_name),
        ("reference", asked.reference == approved.reference),
    ]
    .into_iter()
    .find_map(|(field, same)| (!same).then_some(field))
}

/// The account that pays, among the chosen ones.
pub(super) fn choose<'a>(
    chosen: &'a [BankAccount],
    new: &NewTransfer,
) -> Result<&'a BankAccount, TransferRefusal> {
    let currency = new.payment.amount.currency;
    if let Some(named) = &new.from {
        let account = chosen
            .iter()
            .find(|account| account.id == *named)
            .ok_or(TransferRefusal::AccountNotChosen)?;
        return if account.currency == currency {
            Ok(account)
        } else {
            Err(TransferRefusal::NameAccount(format!(
                "from_account holds {}, not {currency}",
                account.currency
            )))
        };
    }
    let of_currency: Vec<&BankAccount> = chosen
        .iter()
        .filter(|account| account.currency == currency)
        .collect();
    let mut wallets = of_currency
        .iter()
        .filter(|account| account.kind == "wallet");
    match (of_currency.as_slice(), wallets.next(), wallets.next()) {
        ([], ..) => Err(TransferRefusal::NameAccount(format!(
            "the person chose no account that holds {currency}"
        ))),
        ([only], ..) => Ok(only),
        (_, Some(wallet), None) => Ok(wallet),
        _ => Err(TransferRefusal::NameAccount(format!(
            "the person chose several accounts that hold {currency}: name one in from_account"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use protocol::{
        client::Environment,
        iban::Iban,
        ids::AccountId,
        money::{Currency, Money},
    };

    use super::*;

    fn account(id: &str, kind: &str, currency: Currency) -> BankAccount {
        BankAccount {
            id: AccountId::new(id),
            environment: Environment::Sandbox,
            kind: kind.to_owned(),
            name: String::new(),
            iban: Iban::parse("LT121000011101001000").unwrap(),
            currency,
            owner: None,
            owner_name: String::new(),
            product: String::new(),
            available: Money::new(0, currency),
            reserved: Money::new(0, currency),
            eligible: Ok(()),
        }
    }

    fn new(from: Option<&str>, currency: Currency) -> NewTransfer {
        let iban = Iban::parse("LT121000011101001000").unwrap();
        let payment = Payment::new(Money::new(1, currency), "A", iban, Some("r")).unwrap();
        NewTransfer {
            payment,
            from: from.map(AccountId::new),
        }
    }

    #[test]
    fn the_only_account_of_the_currency_pays_else_the_wallet_else_the_app_must_say() {
        let (eur, pln) = (Currency::EUR, Currency::PLN);
        let [a, b, w, z] = [
            account("a", "current", eur),
            account("b", "savings", eur),
            account("w", "wallet", eur),
            account("z", "current", pln),
        ];
        let chosen = |accounts: &[&BankAccount]| {
            accounts
                .iter()
                .map(|account| (*account).clone())
                .collect::<Vec<_>>()
        };
        let table = [
            (chosen(&[&a, &z]), new(None, eur), Some("a")),
            (chosen(&[&a, &b, &w]), new(None, eur), Some("w")),
            (chosen(&[&a, &b]), new(None, eur), None),
            (chosen(&[&a, &b]), new(Some("b"), eur), Some("b")),
            (chosen(&[&w]), new(Some("a"), eur), None),
            (chosen(&[&w, &z]), new(Some("z"), eur), None),
            (chosen(&[&w]), new(None, pln), None),
            (chosen(&[]), new(None, eur), None),
        ];
        for (at, (chosen, new, expected)) in table.iter().enumerate() {
            let payer = choose(chosen, new).ok().map(|account| account.id.as_str());
            assert_eq!(payer, *expected, "row {at}");
        }
    }

    #[test]
    fn every_field_of_an_approved_payment_counts() {
        let approved = new(None, Currency::EUR).payment;
        assert_eq!(difference(&approved, &approved), None);
        let changed = [
            (
                "currency",
                Payment {
                    amount: Money::new(1, Currency::PLN),
                    ..approved.clone()
                },
            ),
            (
                "amount",
                Payment {
                    amount: Money::new(2, Currency::EUR),
                    ..approved.clone()
                },
            ),
            (
                "to.iban",
                Payment {
                    creditor_iban: Iban::parse("DE89370400440532013000").unwrap(),
                    ..approved.clone()
                },
            ),
            (
                "to.name",
                Payment {
                    creditor_name: "B".into(),
                    ..approved.clone()
                },
            ),
            (
                "reference",
                Payment {
                    reference: None,
                    ..approved.clone()
                },
            ),
        ];
        for (field, payment) in changed {
            assert_eq!(difference(&payment, &approved), Some(field));
        }
    }
}
