//! Whole numbers for what is known by a text id: some interfaces name people and wallets by integers.

use sea_orm_migration::{prelude::*, schema::*};

use crate::shape::{drop_tables, table, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("numbers")
                    .col(text("kind"))
                    .col(text("id"))
                    .col(big_integer("number"))
                    .primary_key(Index::create().name("numbers_pkey").col("kind").col("id"))
                    .to_owned(),
            )
            .await?;
        unique(manager, "numbers", &["kind", "number"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["numbers"]).await
    }
}
