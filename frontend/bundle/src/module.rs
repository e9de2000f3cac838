//! From cargo's module to what a browser loads.

use std::path::Path;

use anyhow::Context;
use wasm_bindgen_cli_support::Bindgen;

/// The loader and the module; snippets are already in their folder.
pub struct Module {
    /// The ECMAScript module that fetches and starts `wasm`.
    pub js: Vec<u8>,
    /// The module without wasm-bindgen's descriptions.
    pub wasm: Vec<u8>,
}

/// Runs wasm-bindgen for the web on `input`; leaves snippets, if there are any, under `pkg`.
///
/// # Errors
/// The input is not a module, or was built with another version of wasm-bindgen.
pub fn bind(input: &Path, pkg: &Path, release: bool) -> anyhow::Result<Module> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(input)
        .out_name("module")
        .web(true)?
        .typescript(false)
        // The page names the module: its name carries a hash that the loader cannot know.
        .omit_default_module_path(true)
        .demangle(!release)
        .remove_name_section(release)
        .remove_producers_section(release)
        .generate(pkg)
        .with_context(|| format!("wasm-bindgen cannot work on {}", input.display()))?;
    Ok(Module {
        js: take(&pkg.join("module.js"))?,
        wasm: take(&pkg.join("module_bg.wasm"))?,
    })
}

/// Reads a file and removes it: it is written again under its hashed name.
fn take(path: &Path) -> anyhow::Result<Vec<u8>> {
    let content =
        std::fs::read(path).with_context(|| format!("wasm-bindgen wrote no {}", path.display()))?;
    std::fs::remove_file(path)?;
    Ok(content)
}
