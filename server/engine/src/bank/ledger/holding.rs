//! Money that is set aside in the built-in ledger. What became of a reservation is a row of its own, and is
//! written with what it does to the accounts: so every call is answered as the first one was.

use protocol::{
    iban::Iban,
    ids::{AccountId, ReservationId},
    money::Money,
    time::Timestamp,
};
use sha2::{Digest as _, Sha256};
use store::{
    Tx,
    accounts::{
        AccountKind, AccountRecord, find_account, find_account_by_iban, insert_account_if_absent,
    },
    ledger::{
        Funds, Posted, Posting, advance_account_released, advance_account_reserved, post_transfer,
    },
    reservations::{
        ReservationRecord, ReservationStatus, advance_reservation, find_reservation,
        insert_reservation,
    },
    transfers::{advance_transfer_payee, insert_transfer},
};

use super::{clearing, is_of_the_house, pending};
use crate::bank::{
    AppAccount, CaptureOrder, CaptureOutcome, CapturePayment, Rejection, ReleaseOutcome,
    ReserveOrder, ReserveOutcome, TransferOrder,
};

/// The numbers that are tried for an account of an app. They are drawn from ten to the eleventh, so a second
/// one is next to never needed.
const TRIES: u8 = 8;

/// Sets money aside, in one transaction.
pub(super) async fn reserve(
    tx: &Tx,
    order: &ReserveOrder,
    now: Timestamp,
) -> Result<ReserveOutcome, store::Error> {
    if let Some(known) = find_reservation(tx, &order.id).await? {
        if known.account_id != order.account || known.amount != order.amount {
            return Err(store::Error::Broken(format!(
                "reservation {}: the id was used for another order",
                order.id
            )));
        }
        return Ok(reserved(&known));
    }
    let Some(payer) = find_account(tx, &order.account).await? else {
        return Ok(ReserveOutcome::Rejected(Rejection::AccountClosed));
    };
    insert_reservation(
        tx,
        &ReservationRecord {
            id: order.id.clone(),
            account_id: order.account.clone(),
            amount: order.amount,
            status: ReservationStatus::Held,
            reason: None,
            created_at: now,
            settled_at: None,
        },
    )
    .await?;
    let rejection = if is_of_the_house(payer.kind) {
        Some(Rejection::AccountClosed)
    } else if payer.iban == order.creditor_iban {
        Some(Rejection::SameAccount)
    } else if payer.balance.currency != order.amount.currency {
        Some(Rejection::OtherCurrency)
    } else if advance_account_reserved(tx, &payer.id, order.amount)
        .await?
        .is_yes()
    {
        None
    } else {
        Some(Rejection::TooLittleMoney)
    };
    let Some(rejection) = rejection else {
        return Ok(ReserveOutcome::Reserved);
    };
    let status = ReservationStatus::Rejected;
    let _it_was_written_here =
        advance_reservation(tx, &order.id, status, Some(rejection.as_str()), now).await?;
    Ok(ReserveOutcome::Rejected(rejection))
}

/// Pays out of what was set aside and gives back the rest, in one transaction. `entries` has two ids for
/// each payment.
pub(super) async fn capture(
    tx: &Tx,
    order: &CaptureOrder,
    entries: Vec<[String; 2]>,
    now: Timestamp,
) -> Result<CaptureOutcome, store::Error> {
    let Some(known) = find_reservation(tx, &order.id).await? else {
        return Ok(CaptureOutcome::NotHeld);
    };
    let captured = ReservationStatus::Captured;
    if !advance_reservation(tx, &order.id, captured, None, now)
        .await?
        .is_yes()
    {
        // Another call was faster and has committed by now.
        let settled = find_reservation(tx, &order.id).await?.unwrap_or(known);
        return Ok(match settled.status {
            ReservationStatus::Captured => CaptureOutcome::Captured {
                at: settled.settled_at.unwrap_or(settled.created_at),
            },
            _ => CaptureOutcome::NotHeld,
        });
    }
    let broken = |what: &str| store::Error::Broken(format!("reservation {}: {what}", order.id));
    let payer = find_account(tx, &known.account_id)
        .await?
        .ok_or_else(|| broken("the account is gone"))?;
    let mut left = known.amount;
    for (payment, entries) in order.payments.iter().zip(entries) {
        pay(tx, &payer, payment, entries, now).await?;
        left = left
            .checked_sub(payment.amount)
            .filter(|left| left.minor >= 0)
            .ok_or_else(|| broken("more is to be paid than was set aside"))?;
    }
    give_back(tx, &order.id, &payer.id, left).await?;
    Ok(CaptureOutcome::Captured { at: now })
}

/// Gives back what was set aside, in one transaction.
pub(super) async fn release(
    tx: &Tx,
    id: &ReservationId,
    now: Timestamp,
) -> Result<ReleaseOutcome, store::Error> {
    let Some(known) = find_reservation(tx, id).await? else {
        return Ok(ReleaseOutcome::Released);
    };
    let released = ReservationStatus::Released;
    if advance_reservation(tx, id, released, None, now)
        .await?
        .is_yes()
    {
        give_back(tx, id, &known.account_id, known.amount).await?;
        return Ok(ReleaseOutcome::Released);
    }
    let settled = find_reservation(tx, id).await?.unwrap_or(known);
    Ok(match settled.status {
        ReservationStatus::Captured => ReleaseOutcome::Captured {
            at: settled.settled_at.unwrap_or(settled.created_at),
        },
        _ => ReleaseOutcome::Released,
    })
}

/// The account of an app: the one it has, or a new one.
pub(super) async fn app_account(
    tx: &Tx,
    app: &AppAccount,
    now: Timestamp,
) -> Result<AccountRecord, store::Error> {
    let id = AccountId::new(format!(
        "settlement-{}-{}",
        app.client,
        app.currency.code().to_lowercase()
    ));
    for attempt in 0..TRIES {
        if let Some(known) = find_account(tx, &id).await? {
            return Ok(known);
        }
        let account = AccountRecord {
            id: id.clone(),
            user_id: None,
            environment: app.environment,
            kind: AccountKind::Settlement,
            name: format!("Settlement {}", app.currency),
            iban: number_of(&id, attempt)
                .map_err(|fault| store::Error::Broken(format!("account of an app: {fault}")))?,
            owner_name: app.owner_name.clone(),
            product: "Settlement".to_owned(),
            balance: Money::new(0, app.currency),
            reserved_minor: 0,
            created_at: now,
        };
        // `No` when another call has just made it, or when the number is taken.
        let _the_next_look_tells = insert_account_if_absent(tx, &account).await?;
    }
    find_account(tx, &id)
        .await?
        .ok_or_else(|| store::Error::Broken(format!("there is no free number for {id}")))
}

/// A number for the account of an app: bank code 99998 and eleven digits.
fn number_of(id: &AccountId, attempt: u8) -> Result<Iban, protocol::iban::IbanFault> {
    let digest = Sha256::digest(format!("{attempt}.{id}"));
    let (first, _) = digest.split_at(8);
    let number = first
        .iter()
        .fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
    Iban::with_check_digits("LT", &format!("99998{:011}", number % 100_000_000_000))
}

fn reserved(known: &ReservationRecord) -> ReserveOutcome {
    match known.status {
        ReservationStatus::Held | ReservationStatus::Captured | ReservationStatus::Released => {
            ReserveOutcome::Reserved
        }
        ReservationStatus::Rejected => {
            let reason = known.reason.as_deref().and_then(Rejection::of);
            ReserveOutcome::Rejected(reason.unwrap_or(Rejection::AccountClosed))
        }
    }
}

async fn pay(
    tx: &Tx,
    payer: &AccountRecord,
    payment: &CapturePayment,
    [debit_entry, credit_entry]: [String; 2],
    now: Timestamp,
) -> Result<(), store::Error> {
    let order = TransferOrder {
        id: payment.id.clone(),
        from: payer.id.clone(),
        amount: payment.amount,
        creditor_name: payment.creditor_name.clone(),
        creditor_iban: payment.creditor_iban.clone(),
        reference: payment.reference.clone(),
    };
    // Never seen as pending: it is booked in this very transaction, or not there.
    insert_transfer(tx, &pending(&order, payer, now)).await?;
    let credit = match find_account_by_iban(tx, payer.environment, &payment.creditor_iban).await? {
        Some(payee) => {
            let _it_was_written_here = advance_transfer_payee(tx, &order.id, &payee.id).await?;
            payee.id
        }
        None => clearing(tx, payer.environment, payment.amount.currency, now).await?,
    };
    let posting = Posting {
        transfer: order.id,
        debit: payer.id.clone(),
        credit,
        amount: payment.amount,
        funds: Funds::Reserved,
        debit_entry,
        credit_entry,
        at: now,
    };
    match post_transfer(tx, &posting).await? {
        Posted::Booked { .. } => Ok(()),
        other => Err(store::Error::Broken(format!(
            "transfer {}: not booked out of what was set aside: {other:?}",
            posting.transfer
        ))),
    }
}

async fn give_back(
    tx: &Tx,
    id: &ReservationId,
    account: &AccountId,
    amount: Money,
) -> Result<(), store::Error> {
    if !amount.is_positive()
        || advance_account_released(tx, account, amount)
            .await?
            .is_yes()
    {
        return Ok(());
    }
    Err(store::Error::Broken(format!(
        "reservation {id}: the account has less set aside"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_app_has_a_number_of_its_own_and_another_when_that_is_taken() {
        let [one, two] = ["settlement-a-eur", "settlement-b-eur"].map(AccountId::new);
        assert_eq!(number_of(&one, 0), number_of(&one, 0));
        assert_ne!(number_of(&one, 0), number_of(&two, 0));
        assert_ne!(number_of(&one, 0), number_of(&one, 1));
        assert_eq!(&number_of(&one, 0).unwrap().as_str()[4..9], "99998");
    }
}
