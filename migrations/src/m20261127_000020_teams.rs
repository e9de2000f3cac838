//! Invitations to teams; who made a client secret, and how it ends.

use sea_orm_migration::{prelude::*, schema::*};

use crate::shape::{belongs_to, drop_tables, index, table, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// What is known of a client secret from now on. Nobody knows it of those that are there already.
const OF_SECRETS: [&str; 2] = ["last_four", "created_by"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("team_invites")
                    .col(text("id").primary_key())
                    .col(text("team_id"))
                    .col(text("email"))
                    .col(text("role"))
                    .col(blob("link_digest"))
                    .col(text("invited_by"))
                    .col(big_integer("created_at"))
                    .col(big_integer("expires_at"))
                    .col(big_integer_null("accepted_at"))
                    .foreign_key(&mut belongs_to("team_id", "teams"))
                    .to_owned(),
            )
            .await?;
        unique(manager, "team_invites", &["link_digest"]).await?;
        index(manager, "team_invites", &["team_id"]).await?;
        index(manager, "team_invites", &["expires_at"]).await?;
        for column in OF_SECRETS {
            // One at a time, which is what SQLite can do.
            if !manager.has_column("client_secrets", column).await? {
                let mut alter = Table::alter();
                alter.table("client_secrets").add_column(text_null(column));
                manager.alter_table(alter.to_owned()).await?;
            }
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in OF_SECRETS {
            if manager.has_column("client_secrets", column).await? {
                let mut alter = Table::alter();
                alter.table("client_secrets").drop_column(column);
                manager.alter_table(alter.to_owned()).await?;
            }
        }
        drop_tables(manager, &["team_invites"]).await
    }
}
