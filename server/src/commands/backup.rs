//! `countersign backup FILE` and `countersign restore FILE`
//!
//! A backup is one tar archive of the embedded database, as it was at one moment, and the seal keys
//! without which half of it could not be read:
//!
//! ```text
//! backup.json      version of the program, time of the backup
//! seal.key         the seal keys, unless they come from the settings
//! countersign.db   the database
//! ```

use std::{
    fs::{self, File},
    io::{self, Read as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use clap::Args;
use engine::Clock as _;
use serde::{Deserialize, Serialize};
use store::{
    OpenOptions, Store,
    upkeep::{self, Depth},
};

use super::{Failure, Outcome, print};
use crate::{
    folder,
    lock::{self, Lock},
    settings::{Settings, seal_keys},
    system::SystemClock,
    wiring,
};

#[derive(Debug, Args)]
pub(super) struct BackupArguments {
    /// The archive to write; it must not exist yet
    file: PathBuf,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(super) struct RestoreArguments {
    /// The archive to read
    file: PathBuf,
    /// Replace the database and the keys that are there
    #[arg(long)]
    force: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

const FACTS: &str = "backup.json";
const KEYS: &str = "seal.key";
const DATABASE: &str = "countersign.db";

/// What a backup says of itself.
#[derive(Serialize, Deserialize)]
struct Facts {
    version: String,
    /// Unix time, in milliseconds.
    made_at: i64,
}

#[derive(Serialize)]
struct Shown<'a> {
    file: &'a Path,
    database_bytes: u64,
    with_keys: bool,
}

/// The file of the embedded database, or why there is none.
fn database_file(settings: &Settings) -> Result<PathBuf, Failure> {
    settings.database_url.sqlite_file().ok_or_else(|| {
        Failure::new(
            "The database is PostgreSQL: back it up with pg_dump and restore it with pg_restore, and \
             keep a copy of the seal keys beside it.",
        )
    })
}

pub(super) async fn backup(settings: &Settings, arguments: BackupArguments) -> Outcome {
    let database = database_file(settings)?;
    if !database.is_file() {
        return Err(Failure::new(format!(
            "There is no database at {} yet.",
            database.display()
        )));
    }
    let to = &arguments.file;
    if to.exists() {
        return Err(Failure::new(format!(
            "{} exists already; give another name.",
            to.display()
        )));
    }
    let keys = match &settings.seal_key {
        Some(_) => None,
        None => Some(seal_keys::as_text(&seal_keys::read(
            &settings.seal_key_path(),
        )?)),
    };
    let copy = Leftover(beside(to, "database"));
    let archive = Leftover(beside(to, "new"));
    upkeep::copy(settings.database_url.expose(), &copy.0).await?;
    let facts = Facts {
        version: env!("CARGO_PKG_VERSION").into(),
        made_at: SystemClock.now().millis(),
    };
    let database_bytes = write_archive(
        &archive.0,
        &facts,
        keys.as_ref().map(|text| text.as_str()),
        &copy.0,
    )
    .and_then(|bytes| fs::rename(&archive.0, to).map(|()| bytes))
    .map_err(|error| Failure::new(format!("{} cannot be written: {error}.", to.display())))?;
    let shown = Shown {
        file: to,
        database_bytes,
        with_keys: keys.is_some(),
    };
    print(arguments.json, &shown, || {
        let keys = if shown.with_keys {
            "It holds the seal keys: keep it secret."
        } else {
            "The seal keys come from the settings and are not in it."
        };
        format!("The backup is in {}. {keys}", to.display())
    })
}

fn write_archive(to: &Path, facts: &Facts, keys: Option<&str>, database: &Path) -> io::Result<u64> {
    let mut archive = tar::Builder::new(private_file(to)?);
    let time = u64::try_from(facts.made_at / 1000).unwrap_or(0);
    let header = |size: usize| {
        let mut header = tar::Header::new_gnu();
        header.set_mode(0o600);
        header.set_mtime(time);
        header.set_size(size as u64);
        header
    };
    let facts = serde_json::to_vec(facts)?;
    archive.append_data(&mut header(facts.len()), FACTS, facts.as_slice())?;
    if let Some(keys) = keys {
        archive.append_data(&mut header(keys.len()), KEYS, keys.as_bytes())?;
    }
    let mut database = File::open(database)?;
    let size = database.metadata()?.len();
    archive.append_file(DATABASE, &mut database)?;
    archive.into_inner()?.sync_all()?;
    Ok(size)
}

fn private_file(path: &Path) -> io::Result<File> {
    fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
}

pub(super) async fn restore(settings: &Settings, arguments: RestoreArguments) -> Outcome {
    let database = database_file(settings)?;
    let from = &arguments.file;
    wiring::make_data_folder(settings)?;
    let _lock = Lock::take(&settings.data_dir)?;
    let keys_path = settings.seal_key_path();
    if !arguments.force && (database.exists() || keys_path.exists()) {
        return Err(Failure::new(format!(
            "There is a database or a seal key in {} already; --force replaces them.",
            settings.data_dir.display()
        )));
    }
    let unreadable = |error: io::Error| {
        Failure::new(format!(
            "{} is not a backup that can be read: {error}.",
            from.display()
        ))
    };
    if let Some(parent) = database.parent() {
        folder::make_private(parent).map_err(unreadable)?;
    }
    let copy = Leftover(beside(&database, "restored"));
    let keys = read_archive(from, &copy.0).map_err(unreadable)?;
    let database_bytes = fs::metadata(&copy.0).map_err(unreadable)?.len();
    check(&copy.0).await?;

    // Keys first: a database whose keys are missing must never be in place.
    if let (Some(keys), None) = (&keys, &settings.seal_key) {
        seal_keys::restore(&keys_path, keys)?;
    }
    for ending in ["-wal", "-shm"] {
        remove_if_there(&with_ending(&database, ending)).map_err(unreadable)?;
    }
    fs::rename(&copy.0, &database).map_err(unreadable)?;
    let shown = Shown {
        file: from,
        database_bytes,
        with_keys: keys.is_some(),
    };
    print(arguments.json, &shown, || {
        format!("The backup {} is in place.", from.display())
    })
}

/// Unpacks the database to `database`; gives the keys.
fn read_archive(from: &Path, database: &Path) -> io::Result<Option<String>> {
    let (mut keys, mut found) = (None, false);
    let mut archive = tar::Archive::new(File::open(from)?);
    for entry in archive.entries()? {
        let mut entry = entry?;
        let name = entry.path()?.into_owned();
        match name.to_str() {
            Some(FACTS) => {
                let _: Facts = serde_json::from_reader(&mut entry)?;
            }
            Some(KEYS) => {
                let mut text = String::new();
                entry.by_ref().take(64 * 1024).read_to_string(&mut text)?;
                keys = Some(text);
            }
            Some(DATABASE) => {
                let mut file = private_file(database)?;
                io::copy(&mut entry, &mut file)?;
                file.sync_all()?;
                found = true;
            }
            _ => {
                return Err(io::Error::other(format!(
                    "{} does not belong there",
                    name.display()
                )));
            }
        }
    }
    if found {
        Ok(keys)
    } else {
        Err(io::Error::other("there is no database in it"))
    }
}

/// Refuses a database that is damaged, or from a newer version of the program.
async fn check(copy: &Path) -> Outcome {
    let url = crate::settings::value::DatabaseUrl::of_file(copy);
    let store = Store::open(url.expose(), OpenOptions::default()).await?;
    let migrated = store.is_migrated().await;
    let damage = upkeep::check(&store, Depth::Whole).await;
    store.close().await;
    for ending in ["-wal", "-shm"] {
        // SQLite removes them itself when the last connection closes.
        let _ = fs::remove_file(with_ending(copy, ending));
    }
    migrated?;
    match damage? {
        None => Ok(()),
        Some(damage) => Err(Failure::new(format!(
            "The database in the backup is damaged: {damage}."
        ))),
    }
}

fn beside(path: &Path, what: &str) -> PathBuf {
    with_ending(path, &format!(".{}.{what}", std::process::id()))
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// A file that is removed when the work ends, well or not, unless it was renamed meanwhile.
struct Leftover(PathBuf);

impl Drop for Leftover {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

impl From<lock::Taken> for Failure {
    fn from(taken: lock::Taken) -> Self {
        Self::new(taken.to_string())
    }
}
