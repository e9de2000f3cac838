//! The file of seal keys: made at the first start, readable by its owner only, one key a line as
//! `NUMBER:BASE64`, the highest number being the newest.
//!
//! Rotation adds a key; old keys stay, or what they sealed would be lost.

use std::{
    fs, io,
    io::Write as _,
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use engine::seal::{Seal, SealKey};
use zeroize::Zeroizing;

use super::{Settings, value::seal_key_bytes};
use crate::folder;

/// Why there are no seal keys: one sentence.
#[derive(Debug, thiserror::Error)]
pub enum SealKeyError {
    /// The file cannot be read or written.
    #[error("The seal key file {} cannot be used: {error}.", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// A line is not a key.
    #[error("The seal key file {} is malformed in line {line}: expected NUMBER:BASE64 with a number \
             of its own and 32 bytes.", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Number of the line, from 1.
        line: usize,
    },
    /// Others can read the file.
    #[error("The seal key file {} can be read by others: expected mode 0600 (chmod 600), or 0640.", path.display())]
    Open {
        /// The file.
        path: PathBuf,
    },
    /// There is no key in the file.
    #[error("The seal key file {} is empty: expected at least one key.", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// The keys come from the environment or the settings file, which we do not write.
    #[error("The seal keys are set by COUNTERSIGN_SEAL_KEY: add the new key there.")]
    NotOurs,
    /// The file should exist already.
    #[error("The seal key file {} is missing, but the database exists: restore the key from the \
             backup, or nothing that it sealed can be read.", path.display())]
    Lost {
        /// The file.
        path: PathBuf,
    },
}

/// The seal of these settings. When neither settings nor file hold a key, one is made from
/// `fresh`, unless `database_exists`: then a key must have been lost, and a new one would only
/// hide that.
pub fn open(
    settings: &Settings,
    database_exists: bool,
    fresh: impl FnOnce() -> [u8; 32],
) -> Result<Seal, SealKeyError> {
    if let Some(given) = &settings.seal_key {
        return seal(given.0.clone(), Path::new(""));
    }
    let path = settings.seal_key_path();
    match read(&path) {
        Err(SealKeyError::File { error, .. }) if error.kind() == io::ErrorKind::NotFound => {
            if database_exists {
                return Err(SealKeyError::Lost { path });
            }
            let first = SealKey {
                id: 1,
                key: Zeroizing::new(fresh()),
            };
            match create(&path, std::slice::from_ref(&first)) {
                // Two processes made a first start at the same time: the other one's key counts.
                Err(SealKeyError::File { error, .. })
                    if error.kind() == io::ErrorKind::AlreadyExists =>
                {
                    seal(read(&path)?, &path)
                }
                created => created.and_then(|()| seal(vec![first], &path)),
            }
        }
        found => seal(found?, &path),
    }
}

/// Numbers of the keys in force, oldest first.
pub fn list(settings: &Settings) -> Result<Vec<u32>, SealKeyError> {
    let mut keys = match &settings.seal_key {
        Some(given) => given.0.clone(),
        None => read(&settings.seal_key_path())?,
    };
    keys.sort_by_key(|key| key.id);
    Ok(keys.iter().map(|key| key.id).collect())
}

/// Adds a key with the next number and gives that number back.
pub fn rotate(settings: &Settings, fresh: [u8; 32]) -> Result<u32, SealKeyError> {
    if settings.seal_key.is_some() {
        return Err(SealKeyError::NotOurs);
    }
    let path = settings.seal_key_path();
    let mut keys = read(&path)?;
    let id = keys.iter().map(|key| key.id).max().unwrap_or(0) + 1;
    keys.push(SealKey {
        id,
        key: Zeroizing::new(fresh),
    });
    replace(&path, &keys)?;
    Ok(id)
}

/// Reads the keys of a file.
pub fn read(path: &Path) -> Result<Vec<SealKey>, SealKeyError> {
    let failed = |error| SealKeyError::File {
        path: path.to_owned(),
        error,
    };
    let mode = fs::metadata(path).map_err(failed)?.mode();
    // Secrets that a container platform mounts are often readable by their group.
    if mode & 0o027 != 0 {
        return Err(SealKeyError::Open {
            path: path.to_owned(),
        });
    }
    let text = Zeroizing::new(fs::read_to_string(path).map_err(failed)?);
    parse(&text).map_err(|line| SealKeyError::Malformed {
        path: path.to_owned(),
        line,
    })
}

/// The keys of a file's text, or the number of the first wrong line.
fn parse(text: &str) -> Result<Vec<SealKey>, usize> {
    let mut keys: Vec<SealKey> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let parsed = line.split_once(':').and_then(|(id, encoded)| {
            Some(SealKey {
                id: id.trim().parse().ok()?,
                key: seal_key_bytes(encoded.trim())?,
            })
        });
        match parsed {
            Some(key) if keys.iter().all(|known| known.id != key.id) => keys.push(key),
            _ => return Err(index + 1),
        }
    }
    Ok(keys)
}

fn seal(keys: Vec<SealKey>, path: &Path) -> Result<Seal, SealKeyError> {
    Seal::new(keys).ok_or_else(|| SealKeyError::Empty {
        path: path.to_owned(),
    })
}

/// The text of a file with these keys.
pub fn as_text(keys: &[SealKey]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::from(
        "# Seal keys of Countersign: keep them secret, keep them all, and back them up.\n",
    ));
    for key in keys {
        let encoded = Zeroizing::new(STANDARD.encode(*key.key));
        text.push_str(&format!("{}:{}\n", key.id, *encoded));
    }
    text
}

/// Writes a new file under `path`; fails when there is one already.
fn create(path: &Path, keys: &[SealKey]) -> Result<(), SealKeyError> {
    // Written aside first, so that nobody ever reads half a key; linked, because a link, unlike a
    // rename, never replaces what is there.
    let aside = write_aside(path, keys)?;
    let linked = fs::hard_link(&aside, path);
    let removed = fs::remove_file(&aside);
    linked.and(removed).map_err(|error| SealKeyError::File {
        path: path.to_owned(),
        error,
    })
}

/// Replaces the file under `path` in one step.
fn replace(path: &Path, keys: &[SealKey]) -> Result<(), SealKeyError> {
    let aside = write_aside(path, keys)?;
    fs::rename(&aside, path).map_err(|error| SealKeyError::File {
        path: path.to_owned(),
        error,
    })
}

/// Puts keys that come from a backup under `path`.
pub fn restore(path: &Path, text: &str) -> Result<(), SealKeyError> {
    let keys = parse(text).map_err(|line| SealKeyError::Malformed {
        path: path.to_owned(),
        line,
    })?;
    replace(path, &keys)
}

fn write_aside(path: &Path, keys: &[SealKey]) -> Result<PathBuf, SealKeyError> {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    let aside = PathBuf::from(name);
    let written = (|| {
        if let Some(parent) = path.parent() {
            folder::make_private(parent)?;
        }
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&aside)?;
        file.write_all(as_text(keys).as_bytes())?;
        file.sync_all()
    })();
    match written {
        Ok(()) => Ok(aside),
        Err(error) => Err(SealKeyError::File { path: aside, error }),
    }
}
