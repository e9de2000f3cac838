//! Folders that only their owner may look into: they hold keys and personal data.

use std::{fs, io, os::unix::fs::DirBuilderExt as _, path::Path};

/// Makes `folder` and what is missing above it. One that exists is left as it is.
pub fn make_private(folder: &Path) -> io::Result<()> {
    if folder.as_os_str().is_empty() || folder.is_dir() {
        return Ok(());
    }
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
}
