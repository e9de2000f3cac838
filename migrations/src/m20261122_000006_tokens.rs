//! What a client holds: authorization codes, token families, access tokens, refresh tokens. Only digests.

use sea_orm_migration::{prelude::*, schema::*};

use crate::shape::{drop_tables, index, table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("authorization_codes")
                    .col(blob("digest").primary_key())
                    .col(text("consent_id"))
                    .col(text("client_id"))
                    .col(text("user_id"))
                    // Null when the authorize request did not carry it (RFC 6749 section 4.1.3).
                    .col(text_null("redirect_uri"))
                    .col(text_null("challenge"))
                    .col(text("scope"))
                    // The tokens that came out of it; a replay revokes them (RFC 6749 section 4.1.2).
                    .col(text_null("family_id"))
                    .col(big_integer("issued_at"))
                    .col(big_integer_null("used_at"))
                    // A code is good for a minute, but a replay is noticed as long as the row is there.
                    .col(big_integer("good_until"))
                    .col(big_integer("expires_at"))
                    .to_owned(),
            )
            .await?;
        index(manager, "authorization_codes", &["consent_id"]).await?;
        index(manager, "authorization_codes", &["expires_at"]).await?;

        manager
            .create_table(
                table("token_families")
                    .col(text("id").primary_key())
                    .col(text("client_id"))
                    .col(text_null("user_id"))
                    .col(text_null("consent_id"))
                    .col(big_integer("created_at"))
                    .col(big_integer_null("revoked_at"))
                    .col(text_null("revoked_reason"))
                    .col(big_integer("expires_at"))
                    .to_owned(),
            )
            .await?;
        index(manager, "token_families", &["client_id"]).await?;
        index(manager, "token_families", &["user_id"]).await?;
        index(manager, "token_families", &["consent_id"]).await?;
        index(manager, "token_families", &["expires_at"]).await?;

        manager
            .create_table(
                table("access_tokens")
                    .col(blob("digest").primary_key())
                    .col(text_null("family_id"))
                    .col(text("client_id"))
                    .col(text_null("user_id"))
                    .col(text_null("consent_id"))
                    .col(text("scope"))
                    .col(text("environment"))
                    .col(text("dialect"))
                    // Proof of possession (DPoP, mTLS), as JSON; null for a bearer token.
                    .col(text_null("sender_constraint"))
                    .col(blob_null("sealed_mac_key"))
                    .col(big_integer("issued_at"))
                    .col(big_integer_null("first_used_at"))
                    .col(big_integer_null("revoked_at"))
                    .col(big_integer("expires_at"))
                    .to_owned(),
            )
            .await?;
        index(manager, "access_tokens", &["family_id"]).await?;
        index(manager, "access_tokens", &["client_id"]).await?;
        index(manager, "access_tokens", &["expires_at"]).await?;

        manager
            .create_table(
                table("refresh_tokens")
                    .col(blob("digest").primary_key())
                    .col(text("family_id"))
                    .col(text("scope"))
                    .col(big_integer("issued_at"))
                    .col(big_integer_null("used_at"))
                    // What the rotation handed out: the refresh token, the access token, and the
                    // whole answer, sealed, to hand out again when it was lost on the way.
                    .col(blob_null("successor_digest"))
                    .col(blob_null("successor_access_digest"))
                    .col(blob_null("sealed_successor"))
                    .col(big_integer_null("revoked_at"))
                    .col(big_integer("expires_at"))
                    .to_owned(),
            )
            .await?;
        index(manager, "refresh_tokens", &["family_id"]).await?;
        index(manager, "refresh_tokens", &["expires_at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            manager,
            &[
                "refresh_tokens",
                "access_tokens",
                "token_families",
                "authorization_codes",
            ],
        )
        .await
    }
}
