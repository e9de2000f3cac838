//! Putting the house together: from settings to an engine, from an engine to one router.

mod routes;
mod site;

use std::{fmt, sync::Arc};

use engine::{
    Chance, Clock, Engine, Env, bank::Ledger, caches::Caches, passwords::Passwords, seal::Seal,
};
use store::{OpenOptions, Store};

pub use routes::{Options, router};
pub use site::Site;

use crate::{
    folder,
    settings::{
        Settings,
        seal_keys::{self, SealKeyError},
    },
    system::{self, SystemClock},
};

/// Why the parts cannot be put together: one sentence.
#[derive(Debug)]
pub struct BuildError(String);

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BuildError {}

impl From<SealKeyError> for BuildError {
    fn from(error: SealKeyError) -> Self {
        Self(error.to_string())
    }
}

impl From<store::Error> for BuildError {
    fn from(error: store::Error) -> Self {
        Self(format!("The database cannot be used: {error}."))
    }
}

impl From<engine::Error> for BuildError {
    fn from(error: engine::Error) -> Self {
        Self(format!("The server cannot be put together: {error}."))
    }
}

/// What everything stands on: the database, and the keys that open what it holds.
pub struct Ground {
    /// The database. Its tables may be missing or of an earlier version.
    pub store: Store,
    /// The keys.
    pub seal: Seal,
    /// Whether the database has just been made.
    pub is_new: bool,
}

/// Opens the database and the keys. At the very first start both are made.
pub async fn open(settings: &Settings) -> Result<Ground, BuildError> {
    make_data_folder(settings)?;
    let connections = settings.database_connections.u32();
    let options = OpenOptions {
        max_read_connections: connections,
        max_connections: connections,
        ..OpenOptions::default()
    };
    let url = settings.database_url.expose();
    let Some(file) = settings.database_url.sqlite_file() else {
        let store = Store::open(url, options).await?;
        let is_new = !store.is_migrated().await?;
        let seal = seal_keys::open(settings, !is_new, system::seed)?;
        return Ok(Ground {
            store,
            seal,
            is_new,
        });
    };
    // The key comes first: a database without its key must never come to be.
    let is_new = !file.metadata().is_ok_and(|found| found.len() > 0);
    let seal = seal_keys::open(settings, !is_new, system::seed)?;
    let store = Store::open(url, options).await?;
    Ok(Ground {
        store,
        seal,
        is_new,
    })
}

/// Makes the data folder if it is not there. It holds a key and personal data: only its owner may
/// look inside. One that exists is left as it is.
pub fn make_data_folder(settings: &Settings) -> Result<(), BuildError> {
    let folder = &settings.data_dir;
    folder::make_private(folder).map_err(|error| {
        BuildError(format!(
            "The data folder {} cannot be made: {error}.",
            folder.display()
        ))
    })
}

/// The engine with the real clock and real randomness.
pub fn engine(settings: &Settings, ground: Ground) -> Result<Engine, BuildError> {
    let ingredients = Ingredients {
        clock: Arc::new(SystemClock),
        chance: Arc::new(system::chance()),
    };
    engine_of(settings.engine(), ground, ingredients)
}

/// Time and chance, for those who bring their own.
pub struct Ingredients {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub chance: Arc<dyn Chance>,
}

/// The engine with any clock and any randomness: tests move the one and seed the other.
pub fn engine_of(
    settings: engine::Settings,
    ground: Ground,
    ingredients: Ingredients,
) -> Result<Engine, BuildError> {
    let Ingredients { clock, chance } = ingredients;
    let passwords = Passwords::new(&settings)?;
    let caches = Caches::new(&settings);
    let bank = Arc::new(Ledger::new(
        ground.store.clone(),
        Arc::clone(&clock),
        Arc::clone(&chance),
    ));
    let (seal, store) = (ground.seal, ground.store);
    Ok(Engine::new(Env {
        clock,
        chance,
        seal,
        store,
        settings,
        bank,
        passwords,
        caches,
    }))
}
