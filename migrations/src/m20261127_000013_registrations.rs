//! What developers tell about their apps before the bank lets them in.

use sea_orm_migration::{prelude::*, schema::*};

use crate::shape::{belongs_to, drop_tables, table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("registrations")
                    .col(text("app_id").primary_key())
                    .col(text("registration"))
                    .col(text("proof_token"))
                    .col(big_integer("version"))
                    .col(big_integer("updated_at"))
                    .col(text("updated_by"))
                    .foreign_key(&mut belongs_to("app_id", "apps"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["registrations"]).await
    }
}
