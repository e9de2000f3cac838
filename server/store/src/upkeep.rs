//! Looking after the embedded database as a file: copying it while it is in use, checking it.

use std::path::Path;

use sea_orm::{ConnectOptions, ConnectionTrait as _, Database, DbBackend, Statement};

use crate::{
    Backend, Error, Store,
    link::Linked as _,
    open::{self, OpenOptions, Place, Side},
};

/// How thoroughly [`check`] looks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Depth {
    /// Structure only: `PRAGMA quick_check`.
    Quick,
    /// Indexes against tables too: `PRAGMA integrity_check`. Takes time with the size of the file.
    Whole,
}

/// Copies the embedded database at `url` into the new file `to`: one consistent moment, whatever
/// is written meanwhile (`VACUUM INTO`). The copy has no write-ahead log beside it.
///
/// # Errors
/// [`Error::Broken`] when `url` is not an embedded database, or `to` exists or cannot be written.
pub async fn copy(url: &str, to: &Path) -> Result<(), Error> {
    let Place::Sqlite(file) = Place::of_url(url)? else {
        return Err(Error::Broken(
            "only the embedded database is a file".to_owned(),
        ));
    };
    let to = to
        .to_str()
        .ok_or_else(|| Error::Broken("the path is not valid UTF-8".to_owned()))?;
    let mut options: ConnectOptions = open::sqlite(&file, Side::Reads, &OpenOptions::default());
    // The copy is a write, if not to this database.
    options.map_sqlx_sqlite_opts(move |sqlite| {
        sqlite
            .filename(&file)
            .read_only(false)
            .create_if_missing(false)
    });
    let connection = Database::connect(options).await?;
    let statement =
        Statement::from_sql_and_values(DbBackend::Sqlite, "VACUUM INTO $1", [to.into()]);
    let copied = connection.execute_raw(statement).await;
    connection.close().await?;
    copied?;
    Ok(())
}

/// What is wrong with the embedded database; nothing when it is sound. PostgreSQL looks after itself.
///
/// # Errors
/// When the database cannot even be asked.
pub async fn check(store: &Store, depth: Depth) -> Result<Option<String>, Error> {
    if store.backend() != Backend::Sqlite {
        return Ok(None);
    }
    let sql = match depth {
        Depth::Quick => "PRAGMA quick_check(1)",
        Depth::Whole => "PRAGMA integrity_check(1)",
    };
    let found = store.reader().link().row(sql, []).await?;
    let found: String = match found {
        Some(row) => row.try_get_by_index(0)?,
        None => return Err(Error::Broken("the check gave no answer".to_owned())),
    };
    Ok((found != "ok").then_some(found))
}
