//! Consents to account information that an app writes down first, the authorisations under them, and the
//! reads that are counted.

use sea_orm_migration::{prelude::*, schema::*};

use crate::shape::{drop_tables, index, table};

/// What the table of consents gets: what may be read of each account, and when the person last proved who
/// they are.
const OF_CONSENTS: [&str; 2] = ["access", "confirmed_at"];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("consent_requests")
                    // The same id as the consent that it becomes.
                    .col(text("id").primary_key())
                    .col(text("client_id"))
                    .col(text("environment"))
                    .col(text("access"))
                    .col(boolean("recurring"))
                    .col(big_integer("frequency_per_day"))
                    .col(text("status"))
                    .col(big_integer("created_at"))
                    .col(big_integer("changed_at"))
                    // Until when a person can decide, and until when the consent holds then.
                    .col(big_integer("waits_until"))
                    .col(big_integer("valid_until"))
                    .col(big_integer("expires_at"))
                    .to_owned(),
            )
            .await?;
        index(manager, "consent_requests", &["expires_at"]).await?;
        manager
            .create_table(
                table("consent_authorisations")
                    .col(text("id").primary_key())
                    .col(text("consent_id"))
                    // The browser that came last.
                    .col(text_null("authorization_id"))
                    // Set once, at the end.
                    .col(text_null("outcome"))
                    .col(big_integer("created_at"))
                    .col(big_integer("expires_at"))
                    .to_owned(),
            )
            .await?;
        index(manager, "consent_authorisations", &["consent_id"]).await?;
        index(manager, "consent_authorisations", &["expires_at"]).await?;
        manager
            .create_table(
                table("consent_reads")
                    .col(text("consent_id"))
                    // Empty for the list of accounts.
                    .col(text("account_id"))
                    .col(text("kind"))
                    // From 0 to the number of reads a day, less one: each holds one read.
                    .col(big_integer("slot"))
                    .col(big_integer("read_at"))
                    // The last page was read.
                    .col(boolean("complete"))
                    .col(big_integer("expires_at"))
                    .primary_key(
                        Index::create()
                            .col("consent_id")
                            .col("account_id")
                            .col("kind")
                            .col("slot"),
                    )
                    .to_owned(),
            )
            .await?;
        index(manager, "consent_reads", &["expires_at"]).await?;
        for (column, definition) in OF_CONSENTS
            .into_iter()
            .zip([text_null("access"), big_integer_null("confirmed_at")])
        {
            // One at a time, which is what SQLite can do.
            if !manager.has_column("consents", column).await? {
                let mut alter = Table::alter();
                alter.table("consents").add_column(definition);
                manager.alter_table(alter.to_owned()).await?;
            }
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in OF_CONSENTS {
            if manager.has_column("consents", column).await? {
                let mut alter = Table::alter();
                alter.table("consents").drop_column(column);
                manager.alter_table(alter.to_owned()).await?;
            }
        }
        drop_tables(
            manager,
            &[
                "consent_reads",
                "consent_authorisations",
                "consent_requests",
            ],
        )
        .await
    }
}
