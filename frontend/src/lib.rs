//! The browser's entry: brings the islands on the page to life.

use wasm_bindgen::prelude::wasm_bindgen;

// The islands are exported from `app`; without a mention the linker would leave them out.
pub use app::islands;

/// Called once per page by its loader script.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}
