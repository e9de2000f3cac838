//! `countersign migrate`

use super::Outcome;
use crate::{settings::Settings, wiring};

/// Brings the database up to date. Safe to run at any time, also by several nodes at once.
pub(super) async fn run(settings: &Settings) -> Outcome {
    let ground = wiring::open(settings).await?;
    ground.store.migrate().await?;
    ground.store.close().await;
    println!("The database is up to date.");
    Ok(())
}
