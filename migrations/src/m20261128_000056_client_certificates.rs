//! TLS certificates by which clients are known that sign nothing.

use sea_orm_migration::{prelude::*, schema::*};

use crate::shape::{drop_tables, index, keeps, table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("client_certificates")
                    // SHA-256 of the certificate (RFC 8705 section 3.1).
                    .col(blob("digest").primary_key())
                    .col(text("client_id"))
                    .col(text("subject"))
                    .col(big_integer("not_before"))
                    .col(big_integer("not_after"))
                    .col(big_integer("created_at"))
                    .foreign_key(&mut keeps("client_id", "clients"))
                    .to_owned(),
            )
            .await?;
        index(manager, "client_certificates", &["client_id"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["client_certificates"]).await
    }
}
