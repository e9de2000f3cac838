//! What signed requests leave behind: the nonces that were seen, and authorize requests that an app left
//! before it sent the browser.

use sea_orm_migration::{prelude::*, schema::*};

use crate::shape::{drop_tables, index, table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("signed_nonces")
                    // Of id, timestamp and nonce.
                    .col(blob("digest").primary_key())
                    .col(big_integer("signed_at"))
                    .col(big_integer("expires_at"))
                    .to_owned(),
            )
            .await?;
        index(manager, "signed_nonces", &["signed_at"]).await?;
        index(manager, "signed_nonces", &["expires_at"]).await?;
        manager
            .create_table(
                table("left_requests")
                    .col(blob("digest").primary_key())
                    .col(text("client_id"))
                    // The parameters as a form, sealed: a person's address may be among them.
                    .col(blob("sealed_form"))
                    .col(big_integer("created_at"))
                    .col(big_integer("expires_at"))
                    .to_owned(),
            )
            .await?;
        index(manager, "left_requests", &["expires_at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["left_requests", "signed_nonces"]).await
    }
}
