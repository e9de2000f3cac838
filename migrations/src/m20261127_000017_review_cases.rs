//! The review desk: cases of apps that ask to be let in, and what reviewers note for each other.

use sea_orm_migration::{prelude::*, schema::*};

use crate::shape::{belongs_to, drop_tables, index, keeps, table, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("review_cases")
                    .col(text("id").primary_key())
                    .col(text("app_id"))
                    // The app again while the case is open: an app has one open case.
                    .col(text_null("open_app_id"))
                    .col(text("team_id"))
                    .col(text("kind"))
                    .col(text("app_name"))
                    .col(text("organization"))
                    .col(text("domain"))
                    // The stage as a whole, and what lists look for in it.
                    .col(text("stage"))
                    .col(text("stage_name"))
                    .col(text_null("claimed_by"))
                    .col(text("submission"))
                    .col(text_null("approved_before"))
                    .col(text("overrides"))
                    .col(text("risk"))
                    .col(text("sent_by"))
                    .col(big_integer("sent_at"))
                    .col(big_integer("opened_at"))
                    .col(big_integer_null("decided_at"))
                    .col(big_integer("version"))
                    .foreign_key(&mut keeps("app_id", "apps"))
                    .to_owned(),
            )
            .await?;
        unique(manager, "review_cases", &["open_app_id"]).await?;
        index(manager, "review_cases", &["app_id", "opened_at"]).await?;
        index(manager, "review_cases", &["stage_name", "sent_at", "id"]).await?;
        index(manager, "review_cases", &["sent_at", "id"]).await?;
        index(manager, "review_cases", &["decided_at"]).await?;
        index(manager, "review_cases", &["domain", "stage_name"]).await?;

        manager
            .create_table(
                table("review_notes")
                    .col(text("id").primary_key())
                    .col(text("case_id"))
                    .col(text("author_id"))
                    .col(text("body"))
                    .col(big_integer("written_at"))
                    .foreign_key(&mut belongs_to("case_id", "review_cases"))
                    .to_owned(),
            )
            .await?;
        index(manager, "review_notes", &["case_id", "written_at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["review_notes", "review_cases"]).await
    }
}
