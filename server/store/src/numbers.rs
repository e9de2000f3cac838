//! Whole numbers by which some interfaces name people and wallets. A number is given at its first use and is
//! never given to anything else; kinds count on their own.
//!
//! A number says nothing about who may see what is behind it: they are easy to guess, so whoever takes one
//! from outside asks for the right to it, and answers an unknown one like a forbidden one.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::{
    Error, Reads, Tx,
    entities::numbers::{Column, Entity},
    values::words,
};

words! {
    /// What a number stands for.
    Numbered {
        /// A person: the id is that of the person.
        Person "person",
        /// A wallet: the id is that of the one account it is made of.
        Wallet "wallet",
    }
}

/// The number of what has this id: the one it has, or the next one of its kind from now on.
///
/// # Errors
/// Why it could not be written.
pub async fn number_of(tx: &Tx, kind: Numbered, id: &str) -> Result<i64, Error> {
    // Whoever takes the same number, or numbers the same id, at the same moment is waited for; then nothing was
    // written here, and the next look sees what they wrote.
    let next = "INSERT INTO numbers (kind, id, number) \
                SELECT $1, $2, COALESCE(MAX(number), 0) + 1 FROM numbers WHERE kind = $1 \
                ON CONFLICT DO NOTHING";
    loop {
        if let Some(number) = find_number(tx, kind, id).await? {
            return Ok(number);
        }
        tx.0.change(next, [kind.as_str().into(), id.into()]).await?;
    }
}

/// The number of what has this id, if it was given one.
///
/// # Errors
/// Why it could not be read.
pub async fn find_number(db: &impl Reads, kind: Numbered, id: &str) -> Result<Option<i64>, Error> {
    let key = (kind.as_str().to_owned(), id.to_owned());
    let row = Entity::find_by_id(key).one(db.link()).await?;
    Ok(row.map(|row| row.number))
}

/// The id of what has this number.
///
/// # Errors
/// Why it could not be read.
pub async fn find_numbered(
    db: &impl Reads,
    kind: Numbered,
    number: i64,
) -> Result<Option<String>, Error> {
    let row = Entity::find()
        .filter(Column::Kind.eq(kind.as_str()))
        .filter(Column::Number.eq(number))
        .one(db.link())
        .await?;
    Ok(row.map(|row| row.id))
}
