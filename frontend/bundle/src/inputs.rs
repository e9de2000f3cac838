//! What a site was made from, so that a second run with the same inputs does nothing.

use std::path::{Path, PathBuf};

use anyhow::Context;
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::Options;
use crate::names::HASH_FILE;

/// Where the digest of the inputs is kept: beside the site, not in it.
pub fn mark_path(site: &Path) -> PathBuf {
    let mut name = site.as_os_str().to_owned();
    name.push(".inputs");
    PathBuf::from(name)
}

/// A digest over names and contents of everything that goes into the site, and over this program.
pub fn digest(options: &Options) -> anyhow::Result<String> {
    let mut hasher = Sha256::new();
    add_this_program(&mut hasher)?;
    hasher.update([u8::from(options.release)]);
    add_file(&mut hasher, &options.wasm)?;
    let styles = options.style.parent().unwrap_or(Path::new("."));
    for file in files_below(styles)?
        .iter()
        .chain(&files_below(&options.public)?)
    {
        add_file(&mut hasher, file)?;
    }
    Ok(HEXLOWER.encode(&hasher.finalize()))
}

/// Whether the site that stands there was made from these inputs.
pub fn is_current(mark: &Path, inputs: &str, site: &Path) -> bool {
    site.join(HASH_FILE).exists()
        && std::fs::read_to_string(mark).is_ok_and(|kept| kept.trim() == inputs)
}

/// Notes the inputs of the site that was just made.
pub fn remember(mark: &Path, inputs: &str) -> anyhow::Result<()> {
    std::fs::write(mark, format!("{inputs}\n"))
        .with_context(|| format!("cannot write {}", mark.display()))
}

/// All files below a folder, sorted, so that every machine sees the same order.
pub fn files_below(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder)
            .with_context(|| format!("cannot read the folder {}", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path)
            } else {
                files.push(path)
            }
        }
    }
    files.sort();
    Ok(files)
}

/// The size and date of the running binary stand for its content, which is large.
fn add_this_program(hasher: &mut Sha256) -> anyhow::Result<()> {
    let program = std::env::current_exe()?.metadata()?;
    hasher.update(program.len().to_le_bytes());
    let built = program.modified()?.duration_since(std::time::UNIX_EPOCH)?;
    hasher.update(built.as_nanos().to_le_bytes());
    Ok(())
}

/// Adds name and content, each with its length before it, so that no two trees look the same.
fn add_file(hasher: &mut Sha256, path: &Path) -> anyhow::Result<()> {
    let content = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    for part in [path.as_os_str().as_encoded_bytes(), &content] {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(folder: &Path) -> anyhow::Result<Options> {
        for name in ["style", "public/fonts"] {
            std::fs::create_dir_all(folder.join(name))?;
        }
        for name in ["style/main.css", "public/fonts/a.woff2", "in.wasm"] {
            std::fs::write(folder.join(name), name)?;
        }
        Ok(Options {
            wasm: folder.join("in.wasm"),
            style: folder.join("style/main.css"),
            public: folder.join("public"),
            site: folder.join("site"),
            release: false,
        })
    }

    #[test]
    fn any_change_of_an_input_shows() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let options = options(folder.path())?;
        let mut seen = vec![digest(&options)?];
        assert_eq!(
            digest(&options)?,
            seen[0],
            "the same inputs give the same digest"
        );
        for change in [
            "in.wasm",
            "style/main.css",
            "style/new.css",
            "public/fonts/a.woff2",
        ] {
            std::fs::write(folder.path().join(change), "changed")?;
            let now = digest(&options)?;
            assert!(!seen.contains(&now), "a change of {change} went unnoticed");
            seen.push(now);
        }
        std::fs::rename(
            folder.path().join("public/fonts/a.woff2"),
            folder.path().join("public/b"),
        )?;
        assert!(
            !seen.contains(&digest(&options)?),
            "a new name went unnoticed"
        );
        Ok(())
    }

    #[test]
    fn a_site_is_current_only_while_it_stands() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let options = options(folder.path())?;
        let mark = mark_path(&options.site);
        let inputs = digest(&options)?;
        assert!(!is_current(&mark, &inputs, &options.site));
        remember(&mark, &inputs)?;
        assert!(
            !is_current(&mark, &inputs, &options.site),
            "no site stands there yet"
        );
        std::fs::create_dir(&options.site)?;
        std::fs::write(options.site.join(HASH_FILE), "")?;
        assert!(is_current(&mark, &inputs, &options.site));
        assert!(!is_current(&mark, "other", &options.site));
        Ok(())
    }
}
