//! The tables of Countersign, as migrations for SQLite and PostgreSQL.
//!
//! One file per subject; [`Migrator`] lists them in order. A change to a table that was already
//! released is a new file at the end of the list, never an edit of an old one.
//!
//! What keeps one schema good for both databases:
//!
//! - instants are `BIGINT`, Unix milliseconds; amounts are `BIGINT` minor units; every number is
//!   `BIGINT`, so that a row reads the same everywhere;
//! - ids, names of states and JSON are `TEXT`; digests and sealed things are `BLOB`/`BYTEA`;
//! - no arrays, no database enums, no partial indexes, no defaults: the `store` crate writes every column;
//! - every row that can die has an indexed `expires_at`, by which the sweep deletes;
//! - a unique index is called `<table>_<columns>_key` and a plain one `<table>_<columns>_idx`, which
//!   is what PostgreSQL would call them; `store` reports a conflict under that name on both databases;
//! - foreign keys only between rows that live equally long (a client and its secrets). Tokens, codes
//!   and consents are swept by time, each table on its own, so nothing points at them.
//!
//! To add a table: one migration here, one entity and one subject file in `store`.

mod m20261122_000001_people;
mod m20261122_000002_clients;
mod m20261122_000003_sessions;
mod m20261122_000004_authorizations;
mod m20261122_000005_consents;
mod m20261122_000006_tokens;
mod m20261122_000007_money;
mod m20261122_000008_outbox;
mod m20261122_000009_audit;
mod m20261122_000010_housekeeping;
mod m20261127_000011_pending_transfers;
mod m20261127_000012_portal;
mod m20261127_000013_registrations;
mod m20261127_000014_checks;
mod m20261127_000015_request_log;
mod m20261127_000016_audit_seals;
mod m20261127_000017_review_cases;
mod m20261127_000018_secret_links;
mod m20261127_000020_teams;
mod m20261128_000021_served_requests;
mod m20261128_000024_password_resets;
mod m20261128_000025_account_consents;
mod m20261128_000030_exposed_secrets;
mod m20261128_000035_signup_next;
mod m20261128_000040_partner_dialect;
mod m20261128_000045_wallet_transactions;
mod m20261128_000046_callbacks;
mod m20261128_000047_reservations;
mod m20261128_000048_signing_keys;
mod m20261128_000050_numbers;
mod m20261128_000051_personal_data;
mod m20261128_000052_contact_tokens;
mod m20261128_000055_signed_requests;
mod m20261128_000056_client_certificates;
mod shape;

use sea_orm_migration::prelude::*;

/// All migrations in the order in which they are applied.
#[derive(Debug, Clone, Copy)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_000001_people::Migration),
            Box::new(m20261122_000002_clients::Migration),
            Box::new(m20261122_000003_sessions::Migration),
            Box::new(m20261122_000004_authorizations::Migration),
            Box::new(m20261122_000005_consents::Migration),
            Box::new(m20261122_000006_tokens::Migration),
            Box::new(m20261122_000007_money::Migration),
            Box::new(m20261122_000008_outbox::Migration),
            Box::new(m20261122_000009_audit::Migration),
            Box::new(m20261122_000010_housekeeping::Migration),
            Box::new(m20261127_000011_pending_transfers::Migration),
            Box::new(m20261127_000012_portal::Migration),
            Box::new(m20261127_000013_registrations::Migration),
            Box::new(m20261127_000014_checks::Migration),
            Box::new(m20261127_000015_request_log::Migration),
            Box::new(m20261127_000016_audit_seals::Migration),
            Box::new(m20261127_000017_review_cases::Migration),
            Box::new(m20261127_000018_secret_links::Migration),
            Box::new(m20261127_000020_teams::Migration),
            Box::new(m20261128_000021_served_requests::Migration),
            Box::new(m20261128_000024_password_resets::Migration),
            Box::new(m20261128_000025_account_consents::Migration),
            Box::new(m20261128_000030_exposed_secrets::Migration),
            Box::new(m20261128_000035_signup_next::Migration),
            Box::new(m20261128_000040_partner_dialect::Migration),
            Box::new(m20261128_000045_wallet_transactions::Migration),
            Box::new(m20261128_000046_callbacks::Migration),
            Box::new(m20261128_000047_reservations::Migration),
            Box::new(m20261128_000048_signing_keys::Migration),
            Box::new(m20261128_000050_numbers::Migration),
            Box::new(m20261128_000051_personal_data::Migration),
            Box::new(m20261128_000052_contact_tokens::Migration),
            Box::new(m20261128_000055_signed_requests::Migration),
            Box::new(m20261128_000056_client_certificates::Migration),
        ]
    }
}

/// Applies every migration that is missing. Running it again changes nothing.
///
/// Each step creates only what does not exist yet, so a run that was interrupted is finished by the next one.
///
/// # Errors
/// Whatever the database answers, or a migration that this build does not know (the database
/// belongs to a newer version).
pub async fn up<'c>(database: impl IntoSchemaManagerConnection<'c>) -> Result<(), DbErr> {
    Migrator::up(database, None).await
}

/// Takes every migration back, and with the tables everything in them: for tests of the way back.
///
/// # Errors
/// Whatever the database answers.
pub async fn down<'c>(database: impl IntoSchemaManagerConnection<'c>) -> Result<(), DbErr> {
    Migrator::down(database, None).await
}

/// Whether every migration of this build was applied. Only reads.
///
/// # Errors
/// Whatever the database answers, or a migration that this build does not know (the database
/// belongs to a newer version).
pub async fn is_current(database: &impl ConnectionTrait) -> Result<bool, DbErr> {
    Ok(Migrator::get_pending_migrations_read_only(database)
        .await?
        .is_empty())
}
