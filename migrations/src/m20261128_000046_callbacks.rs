//! Callbacks to send. A row is written in the transaction that causes the callback; a job sends it.

use sea_orm_migration::{prelude::*, schema::*};

use crate::shape::{drop_tables, index, table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("callbacks")
                    .col(text("id").primary_key())
                    .col(text("client_id"))
                    .col(text("address"))
                    .col(text("event"))
                    .col(big_integer("created_at"))
                    .col(big_integer("attempts"))
                    .col(big_integer("next_attempt_at"))
                    .col(big_integer_null("sent_at"))
                    .col(text_null("last_error"))
                    .col(big_integer("expires_at"))
                    .to_owned(),
            )
            .await?;
        index(manager, "callbacks", &["sent_at", "next_attempt_at"]).await?;
        index(manager, "callbacks", &["expires_at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["callbacks"]).await
    }
}
