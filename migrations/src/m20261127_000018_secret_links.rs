//! One-time links to the secret of a live client: in the letter that tells of the approval.

use sea_orm_migration::{prelude::*, schema::*};

use crate::shape::{belongs_to, drop_tables, index, table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("secret_links")
                    .col(blob("digest").primary_key())
                    .col(text("client_id"))
                    .col(text("app_id"))
                    .col(big_integer("created_at"))
                    .col(big_integer("expires_at"))
                    .col(big_integer_null("used_at"))
                    .col(text_null("used_by"))
                    .foreign_key(&mut belongs_to("client_id", "clients"))
                    .foreign_key(&mut belongs_to("app_id", "apps"))
                    .to_owned(),
            )
            .await?;
        index(manager, "secret_links", &["client_id"]).await?;
        index(manager, "secret_links", &["app_id"]).await?;
        index(manager, "secret_links", &["expires_at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["secret_links"]).await
    }
}
