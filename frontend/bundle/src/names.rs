//! Names that change with the content, and the file by which Leptos finds them.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

/// The stem of every file under `pkg/`; `LeptosOptions::output_name` on the server.
pub const OUTPUT_NAME: &str = "countersign";

/// The name of the file that lists the hashes; `LeptosOptions::hash_file` points to it.
pub const HASH_FILE: &str = "hash.txt";

/// How many bytes of SHA-256 a name carries: enough that two versions never share a name.
const HASH_BYTES: usize = 8;

/// The kinds of files under `pkg/` that Leptos looks up, by their extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Js,
    Wasm,
    Css,
}

impl Kind {
    /// The extension, which is also the key of the line in `hash.txt`.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Js => "js",
            Self::Wasm => "wasm",
            Self::Css => "css",
        }
    }
}

/// A file of one kind and the hash of its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hashed {
    kind: Kind,
    hash: String,
}

impl Hashed {
    /// Hashes `content`.
    pub fn new(kind: Kind, content: &[u8]) -> Self {
        let digest = Sha256::digest(content);
        Self {
            kind,
            hash: HEXLOWER.encode(&digest[..HASH_BYTES]),
        }
    }

    /// The file's name: `countersign.<hash>.<extension>`, as Leptos composes it.
    pub fn file_name(&self) -> String {
        format!("{OUTPUT_NAME}.{}.{}", self.hash, self.kind.extension())
    }
}

/// The content of `hash.txt`: one line `kind: hash` per file.
///
/// `HydrationScripts` reads the lines `js` and `wasm`, `HashedStylesheet` the line `css`.
pub fn manifest(files: &[Hashed]) -> String {
    files
        .iter()
        .map(|file| format!("{}: {}\n", file.kind.extension(), file.hash))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The reader in leptos 0.8 (`hydration/mod.rs`) and leptos_meta (`stylesheet.rs`), in short.
    fn as_leptos_reads(manifest: &str, wanted: &str) -> Option<String> {
        let mut name = OUTPUT_NAME.to_owned();
        let mut found = false;
        for line in manifest
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
        {
            if let Some((file, hash)) = line.split_once(':')
                && file == wanted
            {
                name.push_str(&format!(".{}", hash.trim()));
                found = true;
            }
        }
        found.then(|| format!("{name}.{wanted}"))
    }

    #[test]
    fn leptos_finds_every_file_through_the_manifest() {
        let files = [
            Hashed::new(Kind::Js, b"export default 1"),
            Hashed::new(Kind::Wasm, b"\0asm"),
            Hashed::new(Kind::Css, b"a{}"),
        ];
        let manifest = manifest(&files);
        for file in &files {
            assert_eq!(
                as_leptos_reads(&manifest, file.kind.extension()),
                Some(file.file_name()),
                "{manifest}"
            );
        }
    }

    #[test]
    fn a_name_follows_the_content_alone() {
        let first = Hashed::new(Kind::Css, b"a{color:red}");
        assert_eq!(first, Hashed::new(Kind::Css, b"a{color:red}"));
        assert_ne!(
            first.file_name(),
            Hashed::new(Kind::Css, b"a{color:tan}").file_name()
        );
        // SHA-256 of the empty string begins with e3b0c44298fc1c14 (FIPS 180-4 examples).
        assert_eq!(
            Hashed::new(Kind::Js, b"").file_name(),
            "countersign.e3b0c44298fc1c14.js"
        );
    }
}
