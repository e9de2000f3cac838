//! Strangers on the way to an account at the portal: what they typed, until they prove that the address
//! is theirs.

use std::fmt;

use protocol::{
    ids::SignUpId,
    locale::Locale,
    secret::{Digest, SignUpLink},
    time::Timestamp,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::{
    Advanced, Error, Reads, Tx,
    entities::signups::{Column, Entity, Model},
    values::{bytes32, count, digest, insert, instant, millis},
};

/// One sign-up.
#[derive(Clone, PartialEq, Eq)]
pub struct SignUpRecord {
    /// Its id.
    pub id: SignUpId,
    /// The address as typed.
    pub email: String,
    /// The name that others will see.
    pub name: String,
    /// What the password hash function made, in PHC format.
    pub password_hash: String,
    /// The language in which it was asked for.
    pub locale: Locale,
    /// Keyed digest of the code in the mail.
    pub code_digest: [u8; 32],
    /// Digest of the link in the mail.
    pub link_digest: Digest<SignUpLink>,
    /// Wrong codes so far.
    pub failures: u32,
    /// Since when.
    pub created_at: Timestamp,
    /// When the address was confirmed.
    pub confirmed_at: Option<Timestamp>,
    /// Until when it can be confirmed.
    pub expires_at: Timestamp,
    /// Where they go on once the address is confirmed, sealed by the engine.
    pub next_place: Option<String>,
}

/// Without what must not reach a log.
impl fmt::Debug for SignUpRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignUpRecord")
            .field("id", &self.id)
            .field("failures", &self.failures)
            .field("confirmed_at", &self.confirmed_at)
            .finish_non_exhaustive()
    }
}

impl TryFrom<Model> for SignUpRecord {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        Ok(Self {
            id: SignUpId::new(row.id),
            email: row.email,
            name: row.name,
            password_hash: row.password_hash,
            locale: Locale::of_tag(&row.locale)
                .ok_or_else(|| Error::unreadable("signups.locale"))?,
            code_digest: bytes32(&row.code_digest, "signups.code_digest")?,
            link_digest: digest(&row.link_digest, "signups.link_digest")?,
            failures: count(row.failures, "signups.failures")?,
            created_at: Timestamp::from_millis(row.created_at),
            confirmed_at: instant(row.confirmed_at),
            expires_at: Timestamp::from_millis(row.expires_at),
            next_place: row.next_place,
        })
    }
}

/// Writes a new sign-up.
///
/// # Errors
/// [`Error::Conflict`] when the id or the link was used.
pub async fn insert_sign_up(tx: &Tx, sign_up: &SignUpRecord) -> Result<(), Error> {
    let row = Model {
        id: sign_up.id.as_str().to_owned(),
        email: sign_up.email.clone(),
        name: sign_up.name.clone(),
        password_hash: sign_up.password_hash.clone(),
        locale: sign_up.locale.as_str().to_owned(),
        code_digest: sign_up.code_digest.to_vec(),
        link_digest: sign_up.link_digest.as_bytes().to_vec(),
        failures: sign_up.failures.into(),
        created_at: sign_up.created_at.millis(),
        confirmed_at: millis(sign_up.confirmed_at),
        expires_at: sign_up.expires_at.millis(),
        next_place: sign_up.next_place.clone(),
    };
    insert(&tx.0, row).await
}

/// The sign-up with this id, also when its time is over.
///
/// # Errors
/// Why it could not be read.
pub async fn find_sign_up(
    db: &impl Reads,
    sign_up: &SignUpId,
) -> Result<Option<SignUpRecord>, Error> {
    let row = Entity::find_by_id(sign_up.as_str()).one(db.link()).await?;
    row.map(SignUpRecord::try_from).transpose()
}

/// The sign-up whose mail held this link, also when its time is over.
///
/// # Errors
/// Why it could not be read.
pub async fn find_sign_up_by_link(
    db: &impl Reads,
    link: &Digest<SignUpLink>,
) -> Result<Option<SignUpRecord>, Error> {
    let row = Entity::find()
        .filter(Column::LinkDigest.eq(link.as_bytes().to_vec()))
        .one(db.link())
        .await?;
    row.map(SignUpRecord::try_from).transpose()
}

/// Counts a wrong code; `No` when it was confirmed meanwhile or had `most` wrong codes already.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_sign_up_failed(
    tx: &Tx,
    sign_up: &SignUpId,
    most: u32,
) -> Result<Advanced, Error> {
    let sql = "UPDATE signups SET failures = failures + 1 \
               WHERE id = $1 AND confirmed_at IS NULL AND failures < $2";
    let values = [sign_up.as_str().into(), i64::from(most).into()];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}

/// Confirms the address; `No` when it was confirmed before or had `most` wrong codes.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_sign_up_confirmed(
    tx: &Tx,
    sign_up: &SignUpId,
    most: u32,
    now: Timestamp,
) -> Result<Advanced, Error> {
    let sql = "UPDATE signups SET confirmed_at = $3 \
               WHERE id = $1 AND confirmed_at IS NULL AND failures < $2";
    let values = [
        sign_up.as_str().into(),
        i64::from(most).into(),
        now.millis().into(),
    ];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}

/// Another letter: its code and link take the place of those before, until `expires_at`; `No` when it was
/// confirmed meanwhile. Wrong codes stay counted.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_sign_up_keys(tx: &Tx, sign_up: &SignUpRecord) -> Result<Advanced, Error> {
    let sql = "UPDATE signups SET code_digest = $2, link_digest = $3, created_at = $4, \
               expires_at = $5 WHERE id = $1 AND confirmed_at IS NULL";
    let values = [
        sign_up.id.as_str().into(),
        sign_up.code_digest.as_slice().into(),
        sign_up.link_digest.as_bytes().as_slice().into(),
        sign_up.created_at.millis().into(),
        sign_up.expires_at.millis().into(),
    ];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}
