//! The automatic checks of apps: what was looked at, what was found, when it is looked at again.

use sea_orm_migration::{prelude::*, schema::*};

use crate::shape::{drop_tables, index, table, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("app_checks")
                    .col(text("id").primary_key())
                    .col(text("app_id"))
                    .col(text("kind"))
                    .col(text("target"))
                    .col(text_null("expected"))
                    .col(text("outcome"))
                    .col(text("evidence"))
                    .col(big_integer("attempts"))
                    .col(big_integer_null("checked_at"))
                    .col(big_integer_null("asked_at"))
                    .col(big_integer_null("next_at"))
                    .col(big_integer("expires_at"))
                    .to_owned(),
            )
            .await?;
        unique(manager, "app_checks", &["app_id", "kind", "target"]).await?;
        index(manager, "app_checks", &["next_at"]).await?;
        index(manager, "app_checks", &["expires_at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["app_checks"]).await
    }
}
