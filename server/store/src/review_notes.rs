//! What reviewers note for each other on a case. Written and read; nobody changes a note.

use protocol::{
    ids::{CaseId, UserId},
    time::Timestamp,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::{
    Error, Reads, Tx,
    entities::review_notes::{Column, Entity, Model},
    values::insert,
};

/// One note.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NoteRecord {
    /// Its id.
    pub id: String,
    /// On which case.
    pub case_id: CaseId,
    /// Who wrote it.
    pub author: UserId,
    /// What it says.
    pub body: String,
    /// When.
    pub written_at: Timestamp,
}

/// Writes a note.
///
/// # Errors
/// [`Error::Conflict`] when there is no such case.
pub async fn insert_note(tx: &Tx, note: &NoteRecord) -> Result<(), Error> {
    let row = Model {
        id: note.id.clone(),
        case_id: note.case_id.as_str().to_owned(),
        author_id: note.author.as_str().to_owned(),
        body: note.body.clone(),
        written_at: note.written_at.millis(),
    };
    insert(&tx.0, row).await
}

/// The notes on a case, oldest first.
///
/// # Errors
/// Why they could not be read.
pub async fn find_notes(db: &impl Reads, case: &CaseId) -> Result<Vec<NoteRecord>, Error> {
    let rows = Entity::find()
        .filter(Column::CaseId.eq(case.as_str()))
        .order_by_asc(Column::WrittenAt)
        .order_by_asc(Column::Id)
        .all(db.link())
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| NoteRecord {
            id: row.id,
            case_id: CaseId::new(row.case_id),
            author: UserId::new(row.author_id),
            body: row.body,
            written_at: Timestamp::from_millis(row.written_at),
        })
        .collect())
}
