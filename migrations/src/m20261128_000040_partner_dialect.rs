//! The sandbox client of every app speaks the dialect of PhonePe and Pincode, as those of new apps do.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// The column is a JSON list of words, and no word has a character that JSON would escape.
const ADD: &str = "UPDATE clients SET dialects = REPLACE(dialects, ']', ',\"o-bearer\"]') \
    WHERE id IN (SELECT sandbox_client_id FROM apps) \
    AND dialects LIKE '%\"bearer\"%' AND dialects NOT LIKE '%\"o-bearer\"%'";

const REMOVE: &str = "UPDATE clients SET dialects = REPLACE(dialects, ',\"o-bearer\"', '') \
    WHERE id IN (SELECT sandbox_client_id FROM apps)";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared(ADD).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared(REMOVE).await?;
        Ok(())
    }
}
