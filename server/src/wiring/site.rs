//! The site folder: style sheets, scripts, fonts and icons, and how Leptos finds them.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use leptos::config::{Env, LeptosOptions};

use crate::settings::Settings;

/// The stem of the files under `pkg/`, as the tool in `frontend/bundle` names them.
const OUTPUT_NAME: &str = "countersign";

/// Where the static files are.
#[derive(Clone, Debug)]
pub struct Site {
    folder: PathBuf,
}

impl Default for Site {
    /// The site of a development tree, seen from its top.
    fn default() -> Self {
        Self::at(Path::new("target/site"))
    }
}

impl Site {
    /// The folder of the settings; else `site` beside the program, as in a release folder; else
    /// `target/site`, as in a development tree, where the program is in `target/debug`.
    pub fn find(settings: &Settings) -> Self {
        if let Some(folder) = &settings.site_dir {
            return Self::at(folder);
        }
        let program = std::env::current_exe().unwrap_or_default();
        let near = program
            .ancestors()
            .skip(1)
            .take(2)
            .map(|folder| folder.join("site"));
        let built = near.map(|folder| Self::at(&folder)).find(Self::exists);
        built.unwrap_or_default()
    }

    /// This folder.
    pub fn at(folder: &Path) -> Self {
        // Leptos reads relative paths from the folder of the program.
        Self {
            folder: std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned()),
        }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether the folder was built.
    pub fn exists(&self) -> bool {
        self.hash_file().is_file()
    }

    fn hash_file(&self) -> PathBuf {
        self.folder.join("hash.txt")
    }

    /// What the pages need to know to name their files. Without a built site the names have no
    /// hashes and lead nowhere: pages are then plain, and still work.
    pub fn leptos_options(&self) -> LeptosOptions {
        LeptosOptions::builder()
            .output_name(OUTPUT_NAME)
            .site_root(self.folder.to_string_lossy())
            .site_pkg_dir("pkg")
            .env(Env::PROD)
            .hash_files(self.exists())
            .hash_file(Arc::from(self.hash_file().to_string_lossy()))
            .build()
    }
}
