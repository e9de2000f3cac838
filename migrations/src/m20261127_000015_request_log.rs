//! The request log: what became of each authorize and back-channel request of a known client.

use sea_orm_migration::{prelude::*, schema::*};

use crate::shape::{drop_tables, index, table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("request_log")
                    .col(text("id").primary_key())
                    .col(big_integer("at"))
                    // Not unique: forty random bits can meet again among millions of rows.
                    .col(text("trace"))
                    .col(text("client_id"))
                    .col(text("endpoint"))
                    .col(text("outcome"))
                    .col(big_integer("status"))
                    .col(text_null("error"))
                    .col(big_integer("duration_micros"))
                    .col(text("agent"))
                    .col(text("detail"))
                    .col(big_integer("expires_at"))
                    .to_owned(),
            )
            .await?;
        // A page of one client's log, alone or by one of the filters, is one walk along an index.
        index(manager, "request_log", &["client_id", "at", "id"]).await?;
        for filter in ["endpoint", "outcome", "error"] {
            let columns: &[&'static str] = &["client_id", filter, "at", "id"];
            index(manager, "request_log", columns).await?;
        }
        index(manager, "request_log", &["trace"]).await?;
        index(manager, "request_log", &["expires_at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["request_log"]).await
    }
}
