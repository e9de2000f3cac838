//! Rows that only need an INSERT, many callers' rows in one statement.

use std::{fmt::Write as _, sync::Arc};

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, Statement, TransactionTrait, Value,
};
use tokio::sync::oneshot;

use crate::{
    Error,
    access_tokens::AccessTokenRecord,
    audit::AuditRecord,
    link::{Link, Meter},
    requests::RequestRecord,
    served_requests::ServedRequests,
};

/// A row for `Store::append`.
#[derive(Clone, Debug)]
pub enum Row {
    /// An access token that no grant stands behind (client credentials, RFC 6749 section 4.4).
    AccessToken(AccessTokenRecord),
    /// Something that happened.
    AuditEvent(AuditRecord),
    /// A request that was refused or failed.
    Request(RequestRecord),
    /// Requests that were served.
    ServedRequests(ServedRequests),
}

/// The tables that [`Row`] knows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Table {
    AccessTokens,
    AuditEvents,
    RequestLog,
    ServedRequests,
}

impl Table {
    const ALL: [Self; 4] = [
        Self::AccessTokens,
        Self::AuditEvents,
        Self::RequestLog,
        Self::ServedRequests,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::AccessTokens => "access_tokens",
            Self::AuditEvents => "audit_events",
            Self::RequestLog => "request_log",
            Self::ServedRequests => "served_requests",
        }
    }

    fn columns(self) -> &'static [&'static str] {
        match self {
            Self::AccessTokens => &crate::access_tokens::COLUMNS,
            Self::AuditEvents => &crate::audit::COLUMNS,
            Self::RequestLog => &crate::requests::COLUMNS,
            Self::ServedRequests => &crate::served_requests::COLUMNS,
        }
    }
}

impl Row {
    fn table(&self) -> Table {
        match self {
            Self::AccessToken(_) => Table::AccessTokens,
            Self::AuditEvent(_) => Table::AuditEvents,
            Self::Request(_) => Table::RequestLog,
            Self::ServedRequests(_) => Table::ServedRequests,
        }
    }

    fn values(&self) -> Vec<Value> {
        match self {
            Self::AccessToken(record) => record.values(),
            Self::AuditEvent(record) => record.values(),
            Self::Request(record) => record.values(),
            Self::ServedRequests(pack) => pack.values(),
        }
    }
}

/// The rows of one caller: stored all or none.
#[derive(Debug)]
pub(crate) struct Append {
    rows: Vec<Row>,
    outcome: Result<(), Error>,
    caller: oneshot::Sender<Result<(), Error>>,
}

impl Append {
    pub(crate) fn new(rows: Vec<Row>, caller: oneshot::Sender<Result<(), Error>>) -> Self {
        Self {
            rows,
            outcome: Ok(()),
            caller,
        }
    }

    pub(crate) fn rows(&self) -> &[Row] {
        &self.rows
    }

    pub(crate) fn is_wanted(&self) -> bool {
        !self.caller.is_closed()
    }

    pub(crate) fn answer(self, stored: Result<(), Error>) {
        // A caller who went away meanwhile does not want to know.
        let _ = self.caller.send(self.outcome.and(stored));
    }
}

/// How many rows one statement may take, largest first. 64 rows of 14 columns stay below the 999
/// variables that even an old SQLite takes. Each size of each table is a prepared statement that is
/// kept, and a large one is tens of kilobytes: these few make up any number of rows in two or three.
const ROWS_PER_STATEMENT: [usize; 10] = [64, 48, 32, 24, 16, 8, 4, 3, 2, 1];

/// Cuts rows into the sizes of [`ROWS_PER_STATEMENT`].
fn cut<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let size = ROWS_PER_STATEMENT
            .into_iter()
            .find(|size| *size <= rows.len())?;
        let (chunk, rest) = rows.split_at(size);
        rows = rest;
        Some(chunk)
    })
}

/// Inserts the rows of all callers, and notes with each whether its own were refused.
///
/// All rows go in together. If a constraint refuses one of them, they go in again caller by
/// caller, so that it fails only its own.
///
/// # Errors
/// When the transaction itself is lost, and with it the batch.
pub(crate) async fn insert_all(
    transaction: &DatabaseTransaction,
    meter: &Arc<Meter>,
    appends: &mut [Append],
) -> Result<(), Error> {
    if appends.is_empty() {
        return Ok(());
    }
    let together = appends.iter().flat_map(|append| &append.rows);
    match insert_group(transaction, meter, together).await {
        Err(error) if error.spares_transaction() => {}
        outcome => return outcome,
    }
    for append in appends {
        match insert_group(transaction, meter, &append.rows).await {
            Err(error) if error.spares_transaction() => append.outcome = Err(error),
            outcome => outcome?,
        }
    }
    Ok(())
}

/// Inserts rows all or none, within a transaction that goes on afterwards.
async fn insert_group<'r>(
    transaction: &DatabaseTransaction,
    meter: &Meter,
    rows: impl IntoIterator<Item = &'r Row>,
) -> Result<(), Error> {
    let rows: Vec<&Row> = rows.into_iter().collect();
    let statements = statements(transaction.get_database_backend(), &rows);
    // A statement that fails takes itself back; several of them need a savepoint for that.
    if let [_] = statements.as_slice() {
        return execute(transaction, meter, statements).await;
    }
    let savepoint = transaction.begin().await?;
    match execute(&savepoint, meter, statements).await {
        Ok(()) => Ok(savepoint.commit().await?),
        Err(error) => {
            // If this fails too, the first error says more.
            match savepoint.rollback().await {
                Ok(()) => Err(error),
                Err(_) if error.spares_transaction() => {
                    Err(Error::Broken("a savepoint was lost".to_owned()))
                }
                Err(_) => Err(error),
            }
        }
    }
}

/// Inserts rows through a transaction of the caller.
pub(crate) async fn insert(link: &Link, rows: &[&Row]) -> Result<(), Error> {
    for statement in statements(link.backend(), rows) {
        link.execute_raw(statement).await?;
    }
    Ok(())
}

async fn execute(
    transaction: &DatabaseTransaction,
    meter: &Meter,
    statements: Vec<Statement>,
) -> Result<(), Error> {
    for statement in statements {
        meter.count_statement();
        transaction.execute_raw(statement).await?;
    }
    Ok(())
}

fn statements(backend: DbBackend, rows: &[&Row]) -> Vec<Statement> {
    let mut statements = Vec::new();
    for table in Table::ALL {
        let of_table: Vec<&Row> = rows
            .iter()
            .copied()
            .filter(|row| row.table() == table)
            .collect();
        for chunk in cut(&of_table) {
            let mut values = Vec::with_capacity(chunk.len() * table.columns().len());
            for row in chunk {
                values.extend(row.values());
            }
            statements.push(Statement::from_sql_and_values(
                backend,
                insert_sql(backend, table.name(), table.columns(), chunk.len()),
                values,
            ));
        }
    }
    statements
}

/// Inserts many rows of one table through a transaction of the caller, as few statements as possible:
/// for seeding.
pub(crate) async fn insert_many(
    link: &Link,
    table: &str,
    columns: &[&str],
    rows: impl IntoIterator<Item = Vec<Value>>,
) -> Result<(), Error> {
    /// What even an old SQLite takes in one statement.
    const MOST_VARIABLES: usize = 999;

    let rows: Vec<Vec<Value>> = rows.into_iter().collect();
    for chunk in rows.chunks(MOST_VARIABLES / columns.len().max(1)) {
        let sql = insert_sql(link.backend(), table, columns, chunk.len());
        link.change(&sql, chunk.concat()).await?;
    }
    Ok(())
}

/// `INSERT INTO table (a, b) VALUES (?, ?), (?, ?)`, with `$1` for PostgreSQL.
pub(crate) fn insert_sql(backend: DbBackend, table: &str, columns: &[&str], rows: usize) -> String {
    let mut sql = format!("INSERT INTO {table} ({}) VALUES ", columns.join(", "));
    let mut place = 0;
    for row in 0..rows {
        sql.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..columns.len() {
            if column > 0 {
                sql.push_str(", ");
            }
            place += 1;
            match backend {
                // The order says which is which; SQLite need not look up names.
                DbBackend::Sqlite => sql.push('?'),
                _ => {
                    // Writing into a String does not fail.
                    let _ = write!(sql, "${place}");
                }
            }
        }
        sql.push(')');
    }
    sql
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_number_of_rows_is_cut_into_few_statements() {
        for number in 0..=200_usize {
            let rows: Vec<usize> = (0..number).collect();
            let chunks: Vec<&[usize]> = cut(&rows).collect();
            assert_eq!(chunks.concat(), rows);
            assert!(
                chunks.len() <= number / 64 + 4,
                "{number}: {}",
                chunks.len()
            );
        }
    }

    #[test]
    fn rows_share_one_statement() {
        assert_eq!(
            insert_sql(DbBackend::Sqlite, "t", &["a", "b"], 2),
            "INSERT INTO t (a, b) VALUES (?, ?), (?, ?)"
        );
        assert_eq!(
            insert_sql(DbBackend::Postgres, "t", &["a", "b"], 2),
            "INSERT INTO t (a, b) VALUES ($1, $2), ($3, $4)"
        );
    }
}
