//! One server per data folder: a lock that the system lets go of when the process ends, however it ends.

use std::{
    fmt,
    fs::{File, OpenOptions, TryLockError},
    io,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

/// Held while a server runs on the embedded database of a data folder, or while it is restored.
#[derive(Debug)]
pub struct Lock(
    /// The lock goes when the file is closed.
    #[expect(dead_code, reason = "held, not read")]
    File,
);

/// The lock is not to be had: one sentence.
#[derive(Debug)]
pub enum Taken {
    /// A server runs on the folder.
    ByServer(PathBuf),
    /// The system refuses.
    Refused(PathBuf, io::Error),
}

impl fmt::Display for Taken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ByServer(folder) => {
                write!(
                    f,
                    "A server is running on the data folder {}; stop it first.",
                    folder.display()
                )
            }
            Self::Refused(folder, error) => {
                write!(
                    f,
                    "The data folder {} cannot be locked: {error}.",
                    folder.display()
                )
            }
        }
    }
}

impl Lock {
    /// Takes the lock of `folder`, or says who has it. Never waits.
    pub fn take(folder: &Path) -> Result<Self, Taken> {
        let refused = |error| Taken::Refused(folder.to_owned(), error);
        let path = folder.join("serve.lock");
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(path);
        let file = file.map_err(refused)?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(Taken::ByServer(folder.to_owned())),
            Err(TryLockError::Error(error)) => Err(refused(error)),
        }
    }
}
