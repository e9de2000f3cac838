//! Requests that were served, many in one row; those that were not keep their rows in `request_log`.

use sea_orm_migration::{prelude::*, schema::*};

use crate::shape::{drop_tables, index, table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("served_requests")
                    .col(text("id").primary_key())
                    .col(text("client_id"))
                    .col(text("endpoint"))
                    .col(big_integer("from_at"))
                    .col(big_integer("to_at"))
                    .col(text("lines"))
                    .col(big_integer("expires_at"))
                    .to_owned(),
            )
            .await?;
        for columns in [
            &["client_id", "to_at", "id"][..],
            &["client_id", "endpoint", "to_at", "id"],
            &["expires_at"],
        ] {
            index(manager, "served_requests", columns).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["served_requests"]).await
    }
}
