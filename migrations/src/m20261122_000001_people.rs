//! People and what proves that it is them: users, authenticators, recovery codes, known devices.

use sea_orm_migration::{prelude::*, schema::*};

use crate::shape::{belongs_to, drop_tables, index, table, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("users")
                    .col(text("id").primary_key())
                    .col(text("environment"))
                    .col(text("username"))
                    // Lower case: two spellings of one name are one user.
                    .col(text("username_folded"))
                    .col(text_null("email"))
                    .col(text("password_hash"))
                    .col(text("display_name"))
                    .col(text("role"))
                    .col(text("locale"))
                    .col(text("status"))
                    .col(big_integer("created_at"))
                    .to_owned(),
            )
            .await?;
        unique(manager, "users", &["environment", "username_folded"]).await?;

        manager
            .create_table(
                table("authenticators")
                    .col(text("id").primary_key())
                    .col(text("user_id"))
                    .col(text("kind"))
                    .col(blob("sealed_secret"))
                    // The newest time step that was accepted: a code is good once (RFC 6238 section 5.2).
                    .col(big_integer_null("last_step"))
                    .col(big_integer("created_at"))
                    .foreign_key(&mut belongs_to("user_id", "users"))
                    .to_owned(),
            )
            .await?;
        index(manager, "authenticators", &["user_id"]).await?;

        manager
            .create_table(
                table("recovery_codes")
                    .col(blob("digest").primary_key())
                    .col(text("user_id"))
                    .col(big_integer_null("used_at"))
                    .foreign_key(&mut belongs_to("user_id", "users"))
                    .to_owned(),
            )
            .await?;
        index(manager, "recovery_codes", &["user_id"]).await?;

        manager
            .create_table(
                table("devices")
                    .col(blob("digest").primary_key())
                    .col(text("user_id"))
                    .col(big_integer("created_at"))
                    .col(big_integer("last_seen_at"))
                    .col(big_integer("expires_at"))
                    .foreign_key(&mut belongs_to("user_id", "users"))
                    .to_owned(),
            )
            .await?;
        index(manager, "devices", &["user_id"]).await?;
        index(manager, "devices", &["expires_at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            manager,
            &["devices", "recovery_codes", "authenticators", "users"],
        )
        .await
    }
}
