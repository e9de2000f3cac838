//! One file per grant, with the names of `protocol::grants`: what is read, what is decided there,
//! and the one transaction that makes it so.

pub(crate) mod authorization_code;
pub(crate) mod client_credentials;
pub(crate) mod password;
pub(crate) mod refresh_token;
