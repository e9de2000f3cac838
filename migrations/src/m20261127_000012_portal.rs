//! The developer portal: sign-ups, teams and their apps, test users, secrets that are shown for a moment.

use sea_orm_migration::{prelude::*, schema::*};

use crate::shape::{belongs_to, drop_tables, index, keeps, table, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("signups")
                    .col(text("id").primary_key())
                    .col(text("email"))
                    .col(text("name"))
                    .col(text("password_hash"))
                    .col(text("locale"))
                    // Keyed: six digits are soon guessed from a plain digest.
                    .col(blob("code_digest"))
                    .col(blob("link_digest"))
                    .col(big_integer("failures"))
                    .col(big_integer("created_at"))
                    .col(big_integer_null("confirmed_at"))
                    .col(big_integer("expires_at"))
                    .to_owned(),
            )
            .await?;
        unique(manager, "signups", &["link_digest"]).await?;
        index(manager, "signups", &["expires_at"]).await?;

        manager
            .create_table(
                table("teams")
                    .col(text("id").primary_key())
                    .col(text("name"))
                    .col(big_integer("created_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                table("team_members")
                    .col(text("team_id"))
                    .col(text("user_id"))
                    .col(text("role"))
                    .col(big_integer("created_at"))
                    .primary_key(Index::create().col("team_id").col("user_id"))
                    .foreign_key(&mut belongs_to("team_id", "teams"))
                    .foreign_key(&mut belongs_to("user_id", "users"))
                    .to_owned(),
            )
            .await?;
        index(manager, "team_members", &["user_id"]).await?;

        manager
            .create_table(
                table("apps")
                    .col(text("id").primary_key())
                    .col(text("team_id"))
                    .col(text("name"))
                    .col(text("sandbox_client_id"))
                    .col(text_null("live_client_id"))
                    .col(big_integer("created_at"))
                    .col(big_integer("version"))
                    .foreign_key(&mut keeps("team_id", "teams"))
                    .foreign_key(&mut keeps("sandbox_client_id", "clients"))
                    .foreign_key(&mut keeps("live_client_id", "clients"))
                    .to_owned(),
            )
            .await?;
        index(manager, "apps", &["team_id"]).await?;
        unique(manager, "apps", &["sandbox_client_id"]).await?;
        unique(manager, "apps", &["live_client_id"]).await?;

        manager
            .create_table(
                table("test_users")
                    .col(text("team_id"))
                    .col(text("user_id"))
                    .col(blob("sealed_password"))
                    .col(big_integer("created_at"))
                    .primary_key(Index::create().col("team_id").col("user_id"))
                    .foreign_key(&mut belongs_to("team_id", "teams"))
                    .foreign_key(&mut belongs_to("user_id", "users"))
                    .to_owned(),
            )
            .await?;

        manager
            .create_table(
                table("shown_secrets")
                    .col(text("secret_id").primary_key())
                    .col(text("client_id"))
                    .col(text("user_id"))
                    .col(blob("sealed_secret"))
                    .col(big_integer("expires_at"))
                    .to_owned(),
            )
            .await?;
        index(manager, "shown_secrets", &["client_id"]).await?;
        index(manager, "shown_secrets", &["expires_at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            manager,
            &[
                "shown_secrets",
                "test_users",
                "apps",
                "team_members",
                "teams",
                "signups",
            ],
        )
        .await
    }
}
