//! Keys with which the server signs for others: the private part sealed, the public part as it is published.

use sea_orm_migration::{prelude::*, schema::*};

use crate::shape::{drop_tables, table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("signing_keys")
                    .col(big_integer("number").primary_key())
                    .col(blob("sealed_private"))
                    .col(text("public_pem"))
                    .col(big_integer("created_at"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["signing_keys"]).await
    }
}
