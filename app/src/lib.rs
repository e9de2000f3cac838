//! What a person sees. Compiled twice: with `ssr` for the server, which renders every page, and
//! with `hydrate` for the browser, where only the [`islands`] live.

pub mod islands;

#[cfg(feature = "ssr")]
pub mod answer;
#[cfg(feature = "ssr")]
pub mod api;
#[cfg(feature = "ssr")]
pub mod components;
#[cfg(feature = "ssr")]
pub mod i18n;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod problem;
#[cfg(feature = "ssr")]
pub mod render;
#[cfg(feature = "ssr")]
mod routes;
#[cfg(feature = "ssr")]
pub mod visitor;

#[cfg(feature = "ssr")]
pub use render::{page, problem_response};
#[cfg(feature = "ssr")]
pub use routes::{App, shell};
