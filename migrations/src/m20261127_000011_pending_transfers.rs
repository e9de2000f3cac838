//! Pending transfers: payments that an app writes down before a person approves them.

use sea_orm_migration::{prelude::*, schema::*};

use crate::shape::{drop_tables, index, table, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("pending_transfers")
                    .col(text("id").primary_key())
                    .col(text("client_id"))
                    .col(text("payment"))
                    // The consent of the person who approved it last.
                    .col(text_null("approved_by"))
                    // The transfer that it became. Set by one conditional update: money moves once.
                    .col(text_null("executed_by"))
                    .col(big_integer("created_at"))
                    .col(big_integer("valid_until"))
                    .col(big_integer("expires_at"))
                    .to_owned(),
            )
            .await?;
        unique(manager, "pending_transfers", &["executed_by"]).await?;
        index(manager, "pending_transfers", &["expires_at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["pending_transfers"]).await
    }
}
