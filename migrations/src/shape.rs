//! The words in which the migrations are written: a table, an index, a foreign key.

use sea_orm_migration::prelude::*;

/// Starts `CREATE TABLE IF NOT EXISTS`.
pub(crate) fn table(name: &'static str) -> TableCreateStatement {
    Table::create().table(name).if_not_exists().to_owned()
}

/// A foreign key to `parent.id`; deleting the parent deletes the row.
pub(crate) fn belongs_to(column: &'static str, parent: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from_col(column)
        .to(parent, "id")
        .on_delete(ForeignKeyAction::Cascade)
        .to_owned()
}

/// A foreign key to `parent.id`; while the row is there, the parent cannot be deleted.
pub(crate) fn keeps(column: &'static str, parent: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from_col(column)
        .to(parent, "id")
        .on_delete(ForeignKeyAction::Restrict)
        .to_owned()
}

/// Creates `<table>_<columns>_idx`.
pub(crate) async fn index(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: &[&'static str],
) -> Result<(), DbErr> {
    let name = format!("{table}_{}_idx", columns.join("_"));
    manager.create_index(shaped(name, table, columns)).await
}

/// Creates the unique `<table>_<columns>_key`.
pub(crate) async fn unique(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: &[&'static str],
) -> Result<(), DbErr> {
    let name = format!("{table}_{}_key", columns.join("_"));
    manager
        .create_index(shaped(name, table, columns).unique().to_owned())
        .await
}

/// Drops tables, in the order given: children before parents.
pub(crate) async fn drop_tables(
    manager: &SchemaManager<'_>,
    tables: &[&'static str],
) -> Result<(), DbErr> {
    for table in tables {
        manager
            .drop_table(Table::drop().table(*table).if_exists().to_owned())
            .await?;
    }
    Ok(())
}

fn shaped(name: String, table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(name).table(table).if_not_exists();
    for column in columns {
        index.col(*column);
    }
    index
}
