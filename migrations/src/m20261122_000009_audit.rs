//! The audit trail: who did what to what, in which request.

use sea_orm_migration::{prelude::*, schema::*};

use crate::shape::{drop_tables, index, table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("audit_events")
                    .col(text("id").primary_key())
                    .col(big_integer("at"))
                    .col(text("actor"))
                    .col(text("action"))
                    .col(text("object"))
                    .col(text("detail"))
                    // The request in which it happened; null for a job or the command line.
                    .col(text_null("trace"))
                    .to_owned(),
            )
            .await?;
        index(manager, "audit_events", &["at"]).await?;
        index(manager, "audit_events", &["object", "at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["audit_events"]).await
    }
}
