//! One file per grant: what it takes (`Parameters`), what is known about it (`Record`), and the list
//! of rules that leads to a `Decision`. Nothing here consumes anything: the engine writes what was
//! decided, with one conditional update.

pub mod authorization_code;
pub mod client_credentials;
pub mod password;
pub mod refresh_token;
