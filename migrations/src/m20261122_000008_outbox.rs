//! Mails to send. A row is written in the transaction that causes the mail; a job sends it.

use sea_orm_migration::{prelude::*, schema::*};

use crate::shape::{drop_tables, index, table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("outbox")
                    .col(text("id").primary_key())
                    .col(text("recipient"))
                    .col(text("subject"))
                    .col(text("body_text"))
                    .col(text_null("body_html"))
                    .col(big_integer("created_at"))
                    .col(big_integer("attempts"))
                    .col(big_integer("next_attempt_at"))
                    .col(big_integer_null("sent_at"))
                    .col(text_null("last_error"))
                    .col(big_integer("expires_at"))
                    .to_owned(),
            )
            .await?;
        index(manager, "outbox", &["sent_at", "next_attempt_at"]).await?;
        index(manager, "outbox", &["created_at"]).await?;
        index(manager, "outbox", &["expires_at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["outbox"]).await
    }
}
