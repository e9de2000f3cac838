//! Counters that slow down guessing, and leases that let one node do a job.

use sea_orm_migration::{prelude::*, schema::*};

use crate::shape::{drop_tables, index, table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("throttles")
                    .col(text("key").primary_key())
                    .col(big_integer("failures"))
                    .col(big_integer("window_started_at"))
                    .col(big_integer_null("blocked_until"))
                    .col(big_integer("expires_at"))
                    .to_owned(),
            )
            .await?;
        index(manager, "throttles", &["expires_at"]).await?;

        manager
            .create_table(
                table("leases")
                    .col(text("name").primary_key())
                    .col(text("holder"))
                    .col(big_integer("expires_at"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["leases", "throttles"]).await
    }
}
