//! Authorizations under way (from sign-in to the code) and the challenges of strong customer authentication.

use sea_orm_migration::{prelude::*, schema::*};

use crate::shape::{drop_tables, index, table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("authorizations")
                    .col(text("id").primary_key())
                    .col(blob("binding_digest"))
                    .col(text("client_id"))
                    .col(text("user_id"))
                    .col(text("stage"))
                    .col(text("request"))
                    // The stage by name, for the conditional update, and with all that it carries, as JSON.
                    .col(text("stage_data"))
                    .col(big_integer("authenticated_at"))
                    .col(big_integer("last_active_at"))
                    .col(text_null("challenge_id"))
                    .col(text_null("notice"))
                    // Where the browser was sent at the end, so that a second press of the button goes there too.
                    .col(blob_null("sealed_redirect"))
                    .col(big_integer("created_at"))
                    .col(big_integer("expires_at"))
                    .to_owned(),
            )
            .await?;
        index(manager, "authorizations", &["user_id"]).await?;
        index(manager, "authorizations", &["expires_at"]).await?;

        manager
            .create_table(
                table("sca_challenges")
                    .col(text("id").primary_key())
                    .col(text("purpose"))
                    .col(text("user_id"))
                    .col(text("client_id"))
                    .col(text("authorization_id"))
                    // What the person confirms: the digest ties the code to this amount and payee.
                    .col(blob("subject_digest"))
                    .col(big_integer("failures"))
                    .col(text("status"))
                    .col(big_integer("created_at"))
                    .col(big_integer("expires_at"))
                    .to_owned(),
            )
            .await?;
        index(manager, "sca_challenges", &["authorization_id"]).await?;
        index(manager, "sca_challenges", &["expires_at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["sca_challenges", "authorizations"]).await
    }
}
