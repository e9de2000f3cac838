//! Server functions: the whole POST surface of the pages, one file per area, and what pages ask
//! the engine for when they are shown.
//!
//! A server function is the action of a plain HTML form. It says who is there, calls the engine,
//! and answers with the engine's redirect; rules are elsewhere.

pub mod audit;
pub mod authorize;
pub mod clients;
pub mod connected;
pub mod credentials;
pub mod demo;
mod details_fields;
pub mod developers;
mod form;
pub mod logs;
pub mod playground;
pub mod portal;
pub mod register;
pub mod review;
mod secret_field;
mod task_fields;
pub mod team;

use engine::Engine;
use http::request::Parts;
use leptos::prelude::expect_context;

pub use details_fields::DetailsFields;
pub use form::{Form, LARGEST_FORM, decode};
pub use secret_field::SecretField;
pub use task_fields::TaskFields;

/// The engine and the request, as every handler of pages and forms provides them.
pub fn context() -> (Engine, Parts) {
    (expect_context::<Engine>(), expect_context::<Parts>())
}
