//! When a client secret came through a browser, and ended because of that.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLE: &str = "client_secrets";
const COLUMN: &str = "exposed_at";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.has_column(TABLE, COLUMN).await? {
            return Ok(());
        }
        let mut alter = Table::alter();
        alter.table(TABLE).add_column(big_integer_null(COLUMN));
        manager.alter_table(alter.to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if !manager.has_column(TABLE, COLUMN).await? {
            return Ok(());
        }
        let mut alter = Table::alter();
        alter.table(TABLE).drop_column(COLUMN);
        manager.alter_table(alter.to_owned()).await
    }
}
