//! Accounts, transfers, the double-entry ledger, and the keys that make a retried transfer the same transfer.

use sea_orm_migration::{prelude::*, schema::*};

use crate::shape::{drop_tables, index, keeps, table, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("accounts")
                    .col(text("id").primary_key())
                    .col(text_null("user_id"))
                    .col(text("environment"))
                    .col(text("kind"))
                    .col(text("name"))
                    .col(text("iban"))
                    .col(text("currency"))
                    .col(text("owner_name"))
                    .col(text("product"))
                    .col(big_integer("balance_minor"))
                    .col(big_integer("reserved_minor"))
                    .col(big_integer("created_at"))
                    // The last wall behind the conditional updates: only the accounts of the bank
                    // itself may be below zero.
                    .check((
                        "accounts_solvent_check",
                        Expr::cust("kind = 'system' OR balance_minor >= reserved_minor"),
                    ))
                    .check(("accounts_reserved_check", Expr::cust("reserved_minor >= 0")))
                    .foreign_key(&mut keeps("user_id", "users"))
                    .to_owned(),
            )
            .await?;
        unique(manager, "accounts", &["iban"]).await?;
        index(manager, "accounts", &["user_id"]).await?;

        manager
            .create_table(
                table("transfers")
                    .col(text("id").primary_key())
                    .col(text_null("from_account"))
                    .col(text_null("to_account"))
                    .col(text("from_iban"))
                    .col(text("from_name"))
                    .col(text("to_iban"))
                    .col(text("to_name"))
                    .col(big_integer("amount_minor"))
                    .col(text("currency"))
                    .col(text("reference"))
                    .col(text("status"))
                    .col(text_null("reason"))
                    .col(text_null("client_id"))
                    .col(text_null("user_id"))
                    .col(text_null("consent_id"))
                    .col(big_integer("created_at"))
                    .col(big_integer_null("booked_at"))
                    .to_owned(),
            )
            .await?;
        index(manager, "transfers", &["from_account", "created_at", "id"]).await?;
        index(manager, "transfers", &["to_account", "created_at", "id"]).await?;
        // What an app ordered for a person, and what a process that was killed has left undone.
        index(
            manager,
            "transfers",
            &["client_id", "user_id", "created_at", "id"],
        )
        .await?;
        index(manager, "transfers", &["status", "created_at"]).await?;

        manager
            .create_table(
                table("ledger_entries")
                    .col(text("id").primary_key())
                    .col(text("transfer_id"))
                    .col(text("account_id"))
                    .col(big_integer("amount_minor"))
                    .col(text("currency"))
                    .col(big_integer("balance_after"))
                    .col(big_integer("booked_at"))
                    .foreign_key(&mut keeps("transfer_id", "transfers"))
                    .foreign_key(&mut keeps("account_id", "accounts"))
                    .to_owned(),
            )
            .await?;
        index(manager, "ledger_entries", &["transfer_id"]).await?;
        index(
            manager,
            "ledger_entries",
            &["account_id", "booked_at", "id"],
        )
        .await?;

        manager
            .create_table(
                table("idempotency_keys")
                    .col(text("client_id"))
                    .col(text("user_id"))
                    .col(text("key"))
                    .col(blob("request_digest"))
                    .col(text("transfer_id"))
                    .col(text_null("response"))
                    .col(big_integer("created_at"))
                    .col(big_integer("expires_at"))
                    .primary_key(
                        Index::create()
                            .name("idempotency_keys_pkey")
                            .col("client_id")
                            .col("user_id")
                            .col("key"),
                    )
                    .to_owned(),
            )
            .await?;
        index(manager, "idempotency_keys", &["expires_at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            manager,
            &[
                "idempotency_keys",
                "ledger_entries",
                "transfers",
                "accounts",
            ],
        )
        .await
    }
}
