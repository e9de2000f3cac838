//! The folder: a new one is made beside the old and takes its place when it is complete, so that
//! a failed run leaves the old site as it was.

use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::Options;
use crate::compress::{self, Effort};
use crate::inputs::files_below;
use crate::module;
use crate::names::{HASH_FILE, Hashed, Kind, manifest};
use crate::style;

/// The folder of hashed names; `LeptosOptions::site_pkg_dir` on the server.
const PKG: &str = "pkg";

/// Makes the site and returns, for the reader, the sizes of the files under `pkg/`.
pub fn make(options: &Options) -> anyhow::Result<Vec<(String, String)>> {
    let staged = staged_path(&options.site);
    remove(&staged)?;
    let pkg = staged.join(PKG);
    create(&pkg)?;
    let effort = if options.release {
        Effort::Best
    } else {
        Effort::Quick
    };

    let module = module::bind(&options.wasm, &pkg, options.release)?;
    let snippets = files_below(&pkg)?;
    let css = style::bundle(&options.style)?;
    let mut files = Vec::new();
    let mut sizes = Vec::new();
    for (kind, content) in [
        (Kind::Js, &module.js[..]),
        (Kind::Wasm, &module.wasm),
        (Kind::Css, css.as_bytes()),
    ] {
        let hashed = Hashed::new(kind, content);
        let name = hashed.file_name();
        let packed = write(&pkg.join(&name), content, effort)?;
        sizes.push((name, describe(content.len(), packed)));
        files.push(hashed);
    }
    for snippet in snippets {
        compress::write_twins(&snippet, &read(&snippet)?, effort)?;
    }
    copy_public(&options.public, &staged, effort)?;
    write(&staged.join(HASH_FILE), manifest(&files).as_bytes(), effort)?;
    replace(&options.site, &staged)?;
    Ok(sizes)
}

fn copy_public(public: &Path, site: &Path, effort: Effort) -> anyhow::Result<()> {
    for file in files_below(public)? {
        let target = site.join(file.strip_prefix(public)?);
        create(target.parent().unwrap_or(site))?;
        write(&target, &read(&file)?, effort)?;
    }
    Ok(())
}

fn describe(size: usize, packed: Option<usize>) -> String {
    match packed {
        Some(packed) => format!("{size} bytes, {packed} with brotli"),
        None => format!("{size} bytes"),
    }
}

fn staged_path(site: &Path) -> PathBuf {
    let mut name = site.as_os_str().to_owned();
    name.push(".new");
    PathBuf::from(name)
}

fn replace(site: &Path, staged: &Path) -> anyhow::Result<()> {
    remove(site)?;
    std::fs::rename(staged, site)
        .with_context(|| format!("cannot move {} to {}", staged.display(), site.display()))
}

fn remove(folder: &Path) -> anyhow::Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)
            .with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    Ok(())
}

fn create(folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder {}", folder.display()))
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

/// Writes a file with its compressed twins.
fn write(path: &Path, content: &[u8], effort: Effort) -> anyhow::Result<Option<usize>> {
    std::fs::write(path, content).with_context(|| format!("cannot write {}", path.display()))?;
    compress::write_twins(path, content, effort)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_files_are_copied_with_their_folders() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let (public, site) = (folder.path().join("public"), folder.path().join("site"));
        create(&public.join("fonts"))?;
        std::fs::write(public.join("fonts/text.woff2"), [0; 1000])?;
        std::fs::write(public.join("icon.svg"), "<svg/>".repeat(100))?;
        create(&site)?;
        copy_public(&public, &site, Effort::Quick)?;
        let names: Vec<_> = files_below(&site)?
            .iter()
            .filter_map(|file| {
                Some(
                    file.strip_prefix(&site)
                        .ok()?
                        .to_string_lossy()
                        .into_owned(),
                )
            })
            .collect();
        assert_eq!(
            names,
            ["fonts/text.woff2", "icon.svg", "icon.svg.br", "icon.svg.gz"]
        );
        Ok(())
    }

    #[test]
    fn a_failed_run_leaves_the_old_site() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let site = folder.path().join("site");
        create(&site)?;
        std::fs::write(site.join("kept.txt"), "kept")?;
        std::fs::write(folder.path().join("broken.wasm"), "not a module")?;
        let options = Options {
            wasm: folder.path().join("broken.wasm"),
            style: folder.path().join("main.css"),
            public: folder.path().join("public"),
            site: site.clone(),
            release: false,
        };
        assert!(make(&options).is_err());
        assert_eq!(std::fs::read_to_string(site.join("kept.txt"))?, "kept");
        Ok(())
    }
}
