//! The compressed twins that stand beside a file.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;

/// Files below this size gain nothing: the headers cost as much as is saved.
const SMALLEST: usize = 256;

/// Extensions of files that shrink. Fonts (woff2) and pictures are compressed already.
const SHRINKING: [&str; 10] = [
    "css",
    "html",
    "ico",
    "js",
    "json",
    "svg",
    "txt",
    "wasm",
    "webmanifest",
    "xml",
];

/// How hard to try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// While developing: the work must not be felt.
    Quick,
    /// For a release: the smallest output.
    Best,
}

impl Effort {
    const fn brotli_quality(self) -> i32 {
        match self {
            Self::Quick => 5,
            Self::Best => 11,
        }
    }

    const fn gzip_level(self) -> flate2::Compression {
        match self {
            Self::Quick => flate2::Compression::fast(),
            Self::Best => flate2::Compression::best(),
        }
    }
}

/// Writes `path.br` and `path.gz` and returns the size of the former, or `None` when the file is
/// of a kind or size that gains nothing.
pub fn write_twins(path: &Path, content: &[u8], effort: Effort) -> anyhow::Result<Option<usize>> {
    if !is_worthwhile(path, content) {
        return Ok(None);
    }
    let brotli = brotli(content, effort)?;
    write(&twin(path, "br"), &brotli)?;
    write(&twin(path, "gz"), &gzip(content, effort)?)?;
    Ok(Some(brotli.len()))
}

fn is_worthwhile(path: &Path, content: &[u8]) -> bool {
    let extension = path
        .extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or_default();
    content.len() >= SMALLEST && SHRINKING.contains(&extension)
}

fn twin(path: &Path, extension: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    PathBuf::from(name)
}

fn write(path: &Path, content: &[u8]) -> anyhow::Result<()> {
    std::fs::write(path, content).with_context(|| format!("cannot write {}", path.display()))
}

fn brotli(content: &[u8], effort: Effort) -> anyhow::Result<Vec<u8>> {
    let params = brotli::enc::BrotliEncoderParams {
        quality: effort.brotli_quality(),
        size_hint: content.len(),
        ..Default::default()
    };
    let mut output = Vec::new();
    brotli::BrotliCompress(&mut &content[..], &mut output, &params)?;
    Ok(output)
}

fn gzip(content: &[u8], effort: Effort) -> anyhow::Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), effort.gzip_level());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    fn text() -> Vec<u8> {
        ".amount{font-variant-numeric:tabular-nums}\n"
            .repeat(100)
            .into_bytes()
    }

    #[test]
    fn both_twins_give_the_file_back() -> anyhow::Result<()> {
        for effort in [Effort::Quick, Effort::Best] {
            let folder = tempfile::tempdir()?;
            let path = folder.path().join("countersign.0123.css");
            let size = write_twins(&path, &text(), effort)?.context("it shrinks")?;
            assert!(size < text().len());

            let mut plain = Vec::new();
            let packed = std::fs::read(folder.path().join("countersign.0123.css.br"))?;
            assert_eq!(packed.len(), size);
            brotli::BrotliDecompress(&mut &packed[..], &mut plain)?;
            assert_eq!(plain, text());

            let mut plain = Vec::new();
            let packed = std::fs::read(folder.path().join("countersign.0123.css.gz"))?;
            flate2::read::GzDecoder::new(&packed[..]).read_to_end(&mut plain)?;
            assert_eq!(plain, text());
        }
        Ok(())
    }

    #[test]
    fn fonts_and_tiny_files_are_left_alone() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        for (name, content) in [("text.woff2", text()), ("tiny.css", b"a{}".to_vec())] {
            assert_eq!(
                write_twins(&folder.path().join(name), &content, Effort::Quick)?,
                None
            );
        }
        assert_eq!(std::fs::read_dir(folder.path())?.count(), 0);
        Ok(())
    }
}
