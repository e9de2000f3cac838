//! The rows as the database knows them: one file per table, plain integers, texts and bytes.
//!
//! They stay inside this crate. The subject files turn them into records of protocol types and back.

pub(crate) mod access_tokens;
pub(crate) mod accounts;
pub(crate) mod app_checks;
pub(crate) mod apps;
pub(crate) mod audit_events;
pub(crate) mod audit_seals;
pub(crate) mod authenticators;
pub(crate) mod authorization_codes;
pub(crate) mod authorizations;
pub(crate) mod client_secrets;
pub(crate) mod clients;
pub(crate) mod consent_authorisations;
pub(crate) mod consent_requests;
pub(crate) mod consents;
pub(crate) mod devices;
pub(crate) mod idempotency_keys;
pub(crate) mod leases;
pub(crate) mod ledger_entries;
pub(crate) mod numbers;
pub(crate) mod outbox;
pub(crate) mod password_resets;
pub(crate) mod pending_transfers;
pub(crate) mod recovery_codes;
pub(crate) mod refresh_tokens;
pub(crate) mod registrations;
pub(crate) mod request_log;
pub(crate) mod review_cases;
pub(crate) mod review_notes;
pub(crate) mod sca_challenges;
pub(crate) mod secret_links;
pub(crate) mod served_requests;
pub(crate) mod sessions;
pub(crate) mod shown_secrets;
pub(crate) mod signups;
pub(crate) mod team_invites;
pub(crate) mod team_members;
pub(crate) mod teams;
pub(crate) mod test_users;
pub(crate) mod throttles;
pub(crate) mod token_families;
pub(crate) mod transfers;
pub(crate) mod users;
