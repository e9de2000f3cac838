//! Pages of the developer portal.

mod app;
mod code;
mod confirm_address;
mod home;
mod log_in;
mod logs;
mod playground;
pub mod register;
mod request;
mod security;
mod sign_up;
mod snippets;

pub use app::AppPage;
pub use code::CodePage;
pub use confirm_address::{CheckMailPage, ConfirmAddressPage};
pub use home::DeveloperPage;
pub use log_in::PortalLogInPage;
pub use logs::LogPageView;
pub use playground::PlaygroundPage;
pub use request::RequestPageView;
pub use security::SecurityPage;
pub use sign_up::SignUpPage;
