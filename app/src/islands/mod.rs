//! The browser's part: small enhancements of pages that work without them.
//!
//! An island never owns an input. Fields, forms and buttons are plain HTML of the server; an
//! island finds them by their id and listens, so that what a person typed before the browser's
//! part arrived stays where it is. What an island itself shows is `hidden` until it runs, and all
//! its words come in as properties: translations stay on the server.

mod check_addresses;
mod code_assist;
mod copy_text;
mod count_accounts;
mod desk_keys;
mod dom;
mod expiry_countdown;
mod fresh_page;
mod live_preview;
mod reveal_password;
mod submit_once;

pub use check_addresses::CheckAddresses;
pub use code_assist::CodeAssist;
pub use copy_text::CopyText;
pub use count_accounts::CountAccounts;
pub use desk_keys::DeskKeys;
pub use expiry_countdown::ExpiryCountdown;
pub use fresh_page::FreshPage;
pub use live_preview::LivePreview;
pub use reveal_password::RevealPassword;
pub use submit_once::SubmitOnce;
