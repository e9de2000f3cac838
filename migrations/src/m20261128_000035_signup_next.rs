//! Where a stranger goes on once the address is confirmed, in whatever browser that is.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.has_column("signups", "next_place").await? {
            return Ok(());
        }
        let mut alter = Table::alter();
        alter.table("signups").add_column(text_null("next_place"));
        manager.alter_table(alter.to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if !manager.has_column("signups", "next_place").await? {
            return Ok(());
        }
        let mut alter = Table::alter();
        alter.table("signups").drop_column("next_place");
        manager.alter_table(alter.to_owned()).await
    }
}
