//! Transactions of the Wallet API: payments that an app asks for, a person approves and the app confirms.

use sea_orm_migration::{prelude::*, schema::*};

use crate::shape::{drop_tables, index, table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("wallet_transactions")
                    .col(text("key").primary_key())
                    .col(text("client_id"))
                    .col(text("environment"))
                    .col(text("currency"))
                    .col(text("payments"))
                    .col(text("terms"))
                    .col(text("payee_name"))
                    .col(text("payee_iban"))
                    .col(text("status"))
                    // What is being done at the bank, since when: whoever finds it too old goes on with it.
                    .col(text_null("step"))
                    .col(big_integer_null("step_at"))
                    .col(text_null("accepted_by"))
                    .col(text_null("user_id"))
                    .col(text_null("account_id"))
                    .col(big_integer_null("wallet_number"))
                    .col(text_null("reservation_id"))
                    .col(big_integer("version"))
                    .col(big_integer("created_at"))
                    .col(big_integer_null("confirmed_at"))
                    .col(big_integer("valid_until"))
                    .col(big_integer("expires_at"))
                    .to_owned(),
            )
            .await?;
        index(manager, "wallet_transactions", &["step_at"]).await?;
        index(manager, "wallet_transactions", &["status", "valid_until"]).await?;
        index(manager, "wallet_transactions", &["expires_at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["wallet_transactions"]).await
    }
}
