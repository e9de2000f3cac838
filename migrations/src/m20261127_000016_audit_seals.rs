//! The chain over the audit trail: one seal for each event, each made from the one before it.

use sea_orm_migration::{prelude::*, schema::*};

use crate::shape::{drop_tables, index, table, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// What the audit trail is searched by, beside the indexes that it has.
const FILTERS: [&str; 3] = ["actor", "action", "trace"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("audit_seals")
                    // 1, 2, 3 ... without gaps; two nodes that seal at once want the same number,
                    // and only one of them gets it.
                    .col(big_integer("seq").primary_key())
                    .col(text("event_id"))
                    // Of the event, so that the next round knows where to go on.
                    .col(big_integer("event_at"))
                    .col(blob("event_digest"))
                    .col(blob("chain_hash"))
                    .to_owned(),
            )
            .await?;
        unique(manager, "audit_seals", &["event_id"]).await?;
        index(manager, "audit_seals", &["event_at", "event_id"]).await?;
        for filter in FILTERS {
            index(manager, "audit_events", &[filter, "at"]).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for filter in FILTERS {
            let name = format!("audit_events_{filter}_at_idx");
            let drop = Index::drop()
                .name(name)
                .table("audit_events")
                .if_exists()
                .to_owned();
            manager.drop_index(drop).await?;
        }
        drop_tables(manager, &["audit_seals"]).await
    }
}
