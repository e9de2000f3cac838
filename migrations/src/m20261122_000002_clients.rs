//! Registered clients (RFC 6749 section 2) and their secrets.

use sea_orm_migration::{prelude::*, schema::*};

use crate::shape::{belongs_to, drop_tables, index, table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("clients")
                    .col(text("id").primary_key())
                    .col(text("name"))
                    .col(text("environment"))
                    .col(text("status"))
                    .col(text("dialects"))
                    .col(text("auth_method"))
                    .col(text("pkce"))
                    .col(text("redirect_uris"))
                    .col(text("scope"))
                    .col(text("grants"))
                    .col(text("lifetimes"))
                    .col(text("profile"))
                    .col(text_null("owner_user_id"))
                    .col(blob_null("sealed_mac_key"))
                    .col(big_integer("created_at"))
                    .col(big_integer("version"))
                    .to_owned(),
            )
            .await?;
        index(manager, "clients", &["owner_user_id"]).await?;

        manager
            .create_table(
                table("client_secrets")
                    .col(text("id").primary_key())
                    .col(text("client_id"))
                    .col(blob("digest"))
                    .col(text("label"))
                    .col(big_integer("created_at"))
                    .col(big_integer_null("last_used_at"))
                    .col(big_integer_null("expires_at"))
                    .col(big_integer_null("revoked_at"))
                    .foreign_key(&mut belongs_to("client_id", "clients"))
                    .to_owned(),
            )
            .await?;
        index(manager, "client_secrets", &["client_id"]).await?;
        // A secret that turns up in a leak is searched by its digest.
        index(manager, "client_secrets", &["digest"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["client_secrets", "clients"]).await
    }
}
