//! Browser sessions. The key is the digest of what the cookie carries.

use sea_orm_migration::{prelude::*, schema::*};

use crate::shape::{drop_tables, index, table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("sessions")
                    .col(blob("digest").primary_key())
                    .col(text_null("user_id"))
                    .col(text("data"))
                    .col(big_integer("created_at"))
                    .col(big_integer("expires_at"))
                    .to_owned(),
            )
            .await?;
        index(manager, "sessions", &["user_id"]).await?;
        index(manager, "sessions", &["expires_at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["sessions"]).await
    }
}
