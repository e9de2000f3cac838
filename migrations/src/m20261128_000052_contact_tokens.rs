//! What an operator allows single clients beyond their scopes, and the tokens with which such a client vouches
//! for a person's address.

use sea_orm_migration::{prelude::*, schema::*};

use crate::shape::{belongs_to, drop_tables, index, table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("client_privileges")
                    .col(text("client_id"))
                    .col(text("privilege"))
                    .col(big_integer("granted_at"))
                    .primary_key(
                        Index::create()
                            .name("client_privileges_pkey")
                            .col("client_id")
                            .col("privilege"),
                    )
                    .foreign_key(&mut belongs_to("client_id", "clients"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                table("contact_tokens")
                    .col(blob("digest").primary_key())
                    .col(text("client_id"))
                    .col(text("environment"))
                    // E-mail address and phone number.
                    .col(blob("sealed_contact"))
                    .col(big_integer("created_at"))
                    .col(big_integer("valid_until"))
                    .col(big_integer_null("used_at"))
                    .col(big_integer("expires_at"))
                    .to_owned(),
            )
            .await?;
        index(manager, "contact_tokens", &["expires_at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["contact_tokens", "client_privileges"]).await
    }
}
