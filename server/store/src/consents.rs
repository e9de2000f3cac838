//! Consents: what a person allowed a client, with which accounts, until when.

use protocol::{
    account_consent::GrantedAccess,
    authorization::ScaMethod,
    client::Environment,
    ids::{AccountId, ClientId, ConsentId, TransferId, UserId},
    payment::Payment,
    scope::Scope,
    time::Timestamp,
};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QueryResult, QuerySelect,
};

use crate::{
    Advanced, Error, Reads, Tx,
    entities::consents::{Column, Entity, Model},
    values::{all, count, from_json, insert, instant, millis, parse, to_json, words},
};

words! {
    /// What became of a consent. That time runs out is not a status: whoever reads compares `valid_until`.
    ConsentStatus {
        /// It holds.
        Valid "valid",
        /// It was ended before its time.
        Ended "ended",
    }

    /// Who or what ended a consent.
    EndReason {
        /// The person withdrew it.
        Withdrawn "withdrawn",
        /// The client gave it back.
        ClientAsked "client_asked",
        /// A newer consent of the same person for the same client took its place.
        Replaced "replaced",
        /// What it allowed once was done.
        UsedUp "used_up",
        /// Its code or a token of it was used twice.
        Misused "misused",
        /// The bank ended it.
        Bank "bank",
    }
}

/// What a person allowed a client.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConsentRecord {
    /// Its id.
    pub id: ConsentId,
    /// To whom.
    pub client_id: ClientId,
    /// By whom.
    pub user_id: UserId,
    /// Sandbox or live.
    pub environment: Environment,
    /// What for.
    pub scope: Scope,
    /// With which accounts.
    pub accounts: Vec<AccountId>,
    /// What may be read of them; everything that the scope says when absent.
    pub access: Option<GrantedAccess>,
    /// Exactly this payment, when it is about one.
    pub payment: Option<Payment>,
    /// The transfer that the payment became.
    pub payment_used_by: Option<TransferId>,
    /// Whether the client may come back without the person.
    pub recurring: bool,
    /// How often a day, without the person.
    pub frequency_per_day: u32,
    /// What became of it.
    pub status: ConsentStatus,
    /// How the person proved who they are.
    pub confirmed_by: ScaMethod,
    /// Since when.
    pub created_at: Timestamp,
    /// When the person last proved who they are for it.
    pub confirmed_at: Timestamp,
    /// Until when.
    pub valid_until: Timestamp,
    /// When it was ended before its time and why.
    pub ended: Option<(Timestamp, EndReason)>,
    /// When the sweep may delete the row: later than `valid_until`, so that people can look back.
    pub expires_at: Timestamp,
}

impl ConsentRecord {
    /// From a join in which the table is `s`.
    pub(crate) fn of_row(row: &QueryResult) -> Result<Option<Self>, Error> {
        Model::from_query_result_optional(row, "s_")?
            .map(Self::try_from)
            .transpose()
    }
}

impl TryFrom<Model> for ConsentRecord {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        let ended = match (instant(row.ended_at), row.ended_reason) {
            (None, None) => None,
            (Some(at), Some(reason)) => Some((at, parse(&reason, "consents.ended_reason")?)),
            _ => return Err(Error::unreadable("consents.ended_at")),
        };
        Ok(Self {
            id: ConsentId::new(row.id),
            client_id: ClientId::new(row.client_id),
            user_id: UserId::new(row.user_id),
            environment: parse(&row.environment, "consents.environment")?,
            scope: parse(&row.scope, "consents.scope")?,
            accounts: from_json(&row.accounts, "consents.accounts")?,
            access: row
                .access
                .map(|access| from_json(&access, "consents.access"))
                .transpose()?,
            payment: row
                .payment
                .map(|payment| from_json(&payment, "consents.payment"))
                .transpose()?,
            payment_used_by: row.payment_used_by.map(TransferId::new),
            recurring: row.recurring,
            frequency_per_day: count(row.frequency_per_day, "consents.frequency_per_day")?,
            status: parse(&row.status, "consents.status")?,
            confirmed_by: from_json(&row.confirmed_by, "consents.confirmed_by")?,
            created_at: Timestamp::from_millis(row.created_at),
            confirmed_at: Timestamp::from_millis(row.confirmed_at.unwrap_or(row.created_at)),
            valid_until: Timestamp::from_millis(row.valid_until),
            ended,
            expires_at: Timestamp::from_millis(row.expires_at),
        })
    }
}

/// Writes a new consent.
///
/// # Errors
/// [`Error::Conflict`] when the id was used.
pub async fn insert_consent(tx: &Tx, consent: &ConsentRecord) -> Result<(), Error> {
    let row = Model {
        id: consent.id.as_str().to_owned(),
        client_id: consent.client_id.as_str().to_owned(),
        user_id: consent.user_id.as_str().to_owned(),
        environment: consent.environment.to_string(),
        scope: consent.scope.to_string(),
        accounts: to_json(&consent.accounts)?,
        access: consent.access.as_ref().map(to_json).transpose()?,
        payment: consent.payment.as_ref().map(to_json).transpose()?,
        payment_used_by: consent
            .payment_used_by
            .as_ref()
            .map(|id| id.as_str().to_owned()),
        recurring: consent.recurring,
        frequency_per_day: consent.frequency_per_day.into(),
        status: consent.status.to_string(),
        confirmed_by: to_json(&consent.confirmed_by)?,
        created_at: consent.created_at.millis(),
        confirmed_at: Some(consent.confirmed_at.millis()),
        valid_until: consent.valid_until.millis(),
        ended_at: millis(consent.ended.map(|(at, _)| at)),
        ended_reason: consent.ended.map(|(_, reason)| reason.to_string()),
        expires_at: consent.expires_at.millis(),
    };
    insert(&tx.0, row).await
}

/// The consent with this id.
///
/// # Errors
/// Why it could not be read.
pub async fn find_consent(
    db: &impl Reads,
    consent: &ConsentId,
) -> Result<Option<ConsentRecord>, Error> {
    let row = Entity::find_by_id(consent.as_str()).one(db.link()).await?;
    row.map(ConsentRecord::try_from).transpose()
}

/// What a person allowed anybody, newest first, ended ones too.
///
/// # Errors
/// Why it could not be read.
pub async fn find_consents_of_user(
    db: &impl Reads,
    user: &UserId,
    limit: u64,
) -> Result<Vec<ConsentRecord>, Error> {
    let rows = Entity::find()
        .filter(Column::UserId.eq(user.as_str()))
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id)
        .limit(limit)
        .all(db.link())
        .await?;
    all(rows)
}

/// What a person allowed a client and neither ended nor ran out at `now`, newest first.
///
/// # Errors
/// Why it could not be read.
pub async fn find_live_consents(
    db: &impl Reads,
    user: &UserId,
    client: &ClientId,
    now: Timestamp,
) -> Result<Vec<ConsentRecord>, Error> {
    let rows = Entity::find()
        .filter(Column::UserId.eq(user.as_str()))
        .filter(Column::ClientId.eq(client.as_str()))
        .filter(Column::Status.eq(ConsentStatus::Valid.as_str()))
        .filter(Column::ValidUntil.gt(now.millis()))
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id)
        .all(db.link())
        .await?;
    all(rows)
}

/// The same person agreed once more, with these accounts, this proof and this end. `No` when it does not hold any more,
/// or when it is another person's.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_consent_confirmed(
    tx: &Tx,
    consent: &ConsentRecord,
) -> Result<Advanced, Error> {
    let sql = "UPDATE consents SET accounts = $3, access = $4, confirmed_by = $5, confirmed_at = $6, \
               valid_until = $7, expires_at = $8 \
               WHERE id = $1 AND user_id = $2 AND status = 'valid' AND valid_until > $6";
    let values = [
        consent.id.as_str().into(),
        consent.user_id.as_str().into(),
        to_json(&consent.accounts)?.into(),
        consent.access.as_ref().map(to_json).transpose()?.into(),
        to_json(&consent.confirmed_by)?.into(),
        consent.confirmed_at.millis().into(),
        consent.valid_until.millis().into(),
        consent.expires_at.millis().into(),
    ];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}

/// Ends a consent; `No` when it was ended before or is not there. Its tokens are another matter, see
/// `families`.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_consent_ended(
    tx: &Tx,
    consent: &ConsentId,
    reason: EndReason,
    now: Timestamp,
) -> Result<Advanced, Error> {
    let sql = "UPDATE consents SET status = 'ended', ended_at = $2, ended_reason = $3 \
               WHERE id = $1 AND status = 'valid'";
    let values = [
        consent.as_str().into(),
        now.millis().into(),
        reason.as_str().into(),
    ];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}

/// Ends everything that people allowed a client; answers how many consents. Its tokens are another
/// matter, see `families`.
///
/// # Errors
/// Why they could not be written.
pub async fn advance_consents_ended_of_client(
    tx: &Tx,
    client: &ClientId,
    reason: EndReason,
    now: Timestamp,
) -> Result<u64, Error> {
    let sql = "UPDATE consents SET status = 'ended', ended_at = $2, ended_reason = $3 \
               WHERE client_id = $1 AND status = 'valid'";
    let values = [
        client.as_str().into(),
        now.millis().into(),
        reason.as_str().into(),
    ];
    tx.0.change(sql, values).await
}

/// Uses the one payment of a consent for a transfer; `No` when it was used before, when the consent
/// was ended, or when it is not about a payment.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_consent_payment_used(
    tx: &Tx,
    consent: &ConsentId,
    transfer: &TransferId,
) -> Result<Advanced, Error> {
    let sql = "UPDATE consents SET payment_used_by = $2 WHERE id = $1 AND status = 'valid' \
               AND payment IS NOT NULL AND payment_used_by IS NULL";
    let values = [consent.as_str().into(), transfer.as_str().into()];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}

/// Gives back the one payment of a consent, because no money moved for `transfer`; `No` when another transfer
/// uses it.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_consent_payment_released(
    tx: &Tx,
    consent: &ConsentId,
    transfer: &TransferId,
) -> Result<Advanced, Error> {
    let sql = "UPDATE consents SET payment_used_by = NULL WHERE id = $1 AND payment_used_by = $2";
    let values = [consent.as_str().into(), transfer.as_str().into()];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}
