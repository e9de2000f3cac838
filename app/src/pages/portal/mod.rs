//! Pages of the developer portal.

mod app;
mod code;
mod confirm_address;
mod credentials;
mod forgot;
mod home;
mod log_in;
mod logs;
mod off;
mod playground;
pub mod register;
mod request;
mod secret_forms;
mod security;
mod sign_up;
mod snippets;
mod team;
mod tutorial;
mod vouched;

pub use app::AppPage;
pub use code::CodePage;
pub use confirm_address::{CheckMailPage, ConfirmAddressPage};
pub use credentials::{CredentialsPage, SecretFacts};
pub use forgot::{ForgotPage, ForgotSentPage, NewPasswordPage};
pub use home::DeveloperPage;
pub use log_in::PortalLogInPage;
pub use logs::LogPageView;
pub use playground::PlaygroundPage;
pub use request::RequestPageView;
pub use secret_forms::{AddSecretPage, RevokePage, SecretLinkPage};
pub use security::SecurityPage;
pub use sign_up::SignUpPage;
pub use team::{InvitePage, TeamAuditPage, TeamPage};
pub use tutorial::TutorialPage;
pub use vouched::{VouchedPage, WelcomePage};
