//! Consents: what a person allowed a client, until when, and what became of it.

use sea_orm_migration::{prelude::*, schema::*};

use crate::shape::{drop_tables, index, table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("consents")
                    .col(text("id").primary_key())
                    .col(text("client_id"))
                    .col(text("user_id"))
                    .col(text("environment"))
                    .col(text("scope"))
                    .col(text("accounts"))
                    .col(text_null("payment"))
                    // The transfer that the one payment of this consent became.
                    .col(text_null("payment_used_by"))
                    .col(boolean("recurring"))
                    .col(big_integer("frequency_per_day"))
                    .col(text("status"))
                    .col(text("confirmed_by"))
                    .col(big_integer("created_at"))
                    .col(big_integer("valid_until"))
                    .col(big_integer_null("ended_at"))
                    .col(text_null("ended_reason"))
                    .col(big_integer("expires_at"))
                    .to_owned(),
            )
            .await?;
        index(manager, "consents", &["client_id"]).await?;
        index(manager, "consents", &["user_id", "created_at"]).await?;
        index(manager, "consents", &["expires_at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["consents"]).await
    }
}
