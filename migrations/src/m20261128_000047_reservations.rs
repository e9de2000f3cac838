//! Money that the ledger has set aside, and what became of it.

use sea_orm_migration::{prelude::*, schema::*};

use crate::shape::{drop_tables, index, keeps, table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("reservations")
                    .col(text("id").primary_key())
                    .col(text("account_id"))
                    .col(big_integer("amount_minor"))
                    .col(text("currency"))
                    .col(text("status"))
                    .col(text_null("reason"))
                    .col(big_integer("created_at"))
                    .col(big_integer_null("settled_at"))
                    .check(("reservations_amount_check", Expr::cust("amount_minor > 0")))
                    .foreign_key(&mut keeps("account_id", "accounts"))
                    .to_owned(),
            )
            .await?;
        index(manager, "reservations", &["account_id", "status"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["reservations"]).await
    }
}
