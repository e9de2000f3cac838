//! What can go wrong in the store, told by kind and never by the words of a message.

use std::sync::Arc;

use sea_orm::{
    ConnAcquireErr, DbErr, RuntimeErr, SqlxError, SqlxPostgresError, SqlxSqliteError,
    sqlx::error::DatabaseError,
};

/// Why a read or a write did not happen. When a write answers with an error, nothing of it was stored.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Error {
    /// Somebody else holds what is needed (a lock, all connections) and did not let go in time, or
    /// two transactions stood in each other's way. Trying again later is right: HTTP 503.
    #[error("the database is busy")]
    Busy,
    /// No room is left on the device: HTTP 503.
    #[error("the database has no room left")]
    Full,
    /// A constraint refused the row, usually because there is one with that key already.
    #[error("the database already has such a row ({what})")]
    Conflict {
        /// The constraint as PostgreSQL names it, on both databases: `users_pkey`,
        /// `users_environment_username_folded_key`; `foreign_key` when the row points at nothing.
        what: String,
    },
    /// Anything else: the database cannot be reached, is damaged, or says something that this build
    /// does not understand. For the log, not for the public: HTTP 500.
    #[error("the database failed: {0}")]
    Broken(String),
    /// The store was closed.
    #[error("the database was closed")]
    Shutdown,
}

impl Error {
    /// A stored value that this build cannot read, such as a state it has no name for.
    pub(crate) fn unreadable(column: &str) -> Self {
        Self::Broken(format!("unreadable value in {column}"))
    }

    /// Whether the failed statement left the rest of an SQLite transaction as it was. After a
    /// full disk or an I/O error SQLite may have rolled back everything.
    pub(crate) fn spares_transaction(&self) -> bool {
        matches!(self, Self::Conflict { .. })
    }
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        match &error {
            DbErr::ConnectionAcquire(ConnAcquireErr::Timeout) => Self::Busy,
            DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed) => Self::Shutdown,
            DbErr::Conn(RuntimeErr::SqlxError(cause))
            | DbErr::Exec(RuntimeErr::SqlxError(cause))
            | DbErr::Query(RuntimeErr::SqlxError(cause)) => of_driver(cause),
            _ => Self::Broken(error.to_string()),
        }
    }
}

fn of_driver(cause: &Arc<SqlxError>) -> Error {
    match cause.as_ref() {
        SqlxError::Database(cause) => {
            if cause.try_downcast_ref::<SqlxSqliteError>().is_some() {
                of_sqlite(cause.as_ref())
            } else if let Some(cause) = cause.try_downcast_ref::<SqlxPostgresError>() {
                of_postgres(cause)
            } else {
                Error::Broken(cause.to_string())
            }
        }
        SqlxError::PoolTimedOut => Error::Busy,
        SqlxError::PoolClosed => Error::Shutdown,
        other => Error::Broken(other.to_string()),
    }
}

/// By the extended result code, <https://www.sqlite.org/rescode.html>.
fn of_sqlite(cause: &dyn DatabaseError) -> Error {
    const BUSY: i32 = 5;
    const LOCKED: i32 = 6;
    const FULL: i32 = 13;
    const CONSTRAINT_CHECK: i32 = 275;
    const CONSTRAINT_FOREIGNKEY: i32 = 787;
    const CONSTRAINT_PRIMARYKEY: i32 = 1555;
    const CONSTRAINT_UNIQUE: i32 = 2067;

    let code = cause
        .code()
        .and_then(|code| code.parse::<i32>().ok())
        .unwrap_or_default();
    match code {
        CONSTRAINT_PRIMARYKEY => Error::Conflict {
            what: format!("{}_pkey", refused_columns(cause.message()).0),
        },
        CONSTRAINT_UNIQUE => {
            let (table, columns) = refused_columns(cause.message());
            Error::Conflict {
                what: format!("{table}_{columns}_key"),
            }
        }
        CONSTRAINT_FOREIGNKEY => Error::Conflict {
            what: "foreign_key".to_owned(),
        },
        CONSTRAINT_CHECK => Error::Conflict {
            what: after_colon(cause.message()).to_owned(),
        },
        // The low byte is the primary result code.
        _ => match code & 0xff {
            BUSY | LOCKED => Error::Busy,
            FULL => Error::Full,
            _ => Error::Broken(format!("SQLite {code}: {}", cause.message())),
        },
    }
}

/// SQLite says which columns were refused only in its message, `UNIQUE constraint failed: users.a,
/// users.b`: the table and the columns joined by `_`, as in the name of the index.
fn refused_columns(message: &str) -> (&str, String) {
    let list = after_colon(message);
    let table = list.split('.').next().unwrap_or(list);
    let columns: Vec<&str> = list
        .split(", ")
        .map(|column| column.rsplit('.').next().unwrap_or(column))
        .collect();
    (table, columns.join("_"))
}

fn after_colon(message: &str) -> &str {
    message
        .split_once(": ")
        .map_or(message, |(_, detail)| detail)
        .trim()
}

/// By SQLSTATE, <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
fn of_postgres(cause: &SqlxPostgresError) -> Error {
    match cause.code() {
        // unique_violation, check_violation
        "23505" | "23514" => Error::Conflict {
            what: cause.constraint().unwrap_or_default().to_owned(),
        },
        // foreign_key_violation
        "23503" => Error::Conflict {
            what: "foreign_key".to_owned(),
        },
        // serialization_failure, deadlock_detected, lock_not_available, query_canceled (by
        // statement_timeout), too_many_connections, cannot_connect_now
        "40001" | "40P01" | "55P03" | "57014" | "53300" | "57P03" => Error::Busy,
        // disk_full
        "53100" => Error::Full,
        code => Error::Broken(format!("PostgreSQL {code}: {}", cause.message())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sqlite_columns_become_the_name_of_the_constraint() {
        assert_eq!(
            refused_columns("UNIQUE constraint failed: users.environment, users.username_folded"),
            ("users", "environment_username_folded".to_owned())
        );
        assert_eq!(
            refused_columns("UNIQUE constraint failed: users.id"),
            ("users", "id".to_owned())
        );
    }
}
