//! Makes the site folder: what browsers are given besides pages.
//!
//! ```text
//! <site>/pkg/countersign.<hash>.wasm   the islands' module, after wasm-bindgen
//! <site>/pkg/countersign.<hash>.js     its loader (snippets, if any, under pkg/snippets/)
//! <site>/pkg/countersign.<hash>.css    the style sheets, in the order of style/main.css
//! <site>/...                           everything in app/public (fonts, icons)
//! <site>/hash.txt                      the hashes, in the form that Leptos reads
//! ```
//!
//! Beside each text and module stand its `.br` and `.gz`, so that the server never compresses them
//! while somebody waits. A name under `pkg/` changes with its content and may be cached for ever.
//!
//! | file | what |
//! |---|---|
//! | `inputs.rs` | what a site was made from, to skip the work when nothing changed |
//! | `module.rs` | wasm-bindgen |
//! | `style.rs`, `minify.rs` | `@import` resolution and minification of CSS |
//! | `names.rs` | hashed names and `hash.txt` |
//! | `compress.rs` | `.br` and `.gz` |
//! | `site.rs` | the folder: a new one is made beside the old and takes its place when complete |

mod compress;
mod inputs;
mod minify;
mod module;
mod names;
mod site;
mod style;

use std::path::PathBuf;

use clap::Parser;

/// Makes the site folder from the wasm module, the style sheets and the public files.
#[derive(Debug, Parser)]
#[command(name = "bundle")]
struct Options {
    /// The module that cargo built (not yet passed through wasm-bindgen).
    #[arg(long, value_name = "FILE")]
    wasm: PathBuf,
    /// The main style sheet; what it imports is found relative to it.
    #[arg(long, value_name = "FILE")]
    style: PathBuf,
    /// The folder of files that are served as they are.
    #[arg(long, value_name = "FOLDER")]
    public: PathBuf,
    /// The folder to make. An existing one is replaced.
    #[arg(long, value_name = "FOLDER")]
    site: PathBuf,
    /// Smallest output, whatever time it takes; never skipped.
    #[arg(long)]
    release: bool,
}

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let mark = inputs::mark_path(&options.site);
    let inputs = inputs::digest(&options)?;
    if !options.release && inputs::is_current(&mark, &inputs, &options.site) {
        return Ok(());
    }
    println!("==> making {}", options.site.display());
    let sizes = site::make(&options)?;
    for (name, size) in sizes {
        println!("    {name}: {size}");
    }
    if options.release {
        return Ok(());
    }
    inputs::remember(&mark, &inputs)
}
