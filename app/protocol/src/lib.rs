//! The rules of Countersign as pure types and functions: what a request means, whether it is
//! allowed, what the answer looks like.
//!
//! **Never enters:** I/O, async, a clock, randomness, HTTP, SQL, HTML. `now` is an argument, entropy
//! is an argument, a database row comes in as a plain `Record`. So the same code runs on the server
//! and, as wasm, in the browser: the form that registers an address and the endpoint that trusts it
//! call one function.
//!
//! **Start reading** at [`authorize::check`] (the front channel), then
//! [`grants::authorization_code::check`] (the back channel): two lists of rules that can be read
//! aloud.
//!
//! # Where a rule of an RFC lives
//!
//! | document | module |
//! |---|---|
//! | RFC 6749 §2.2, registered clients | [`client`], [`ids`] |
//! | RFC 6749 §2.3, client authentication | [`token::ClientCredentials`] |
//! | RFC 6749 §3.1, §3.2, parameters, each once | [`form`] |
//! | RFC 6749 §3.1.2, RFC 9700 §4.1, RFC 8252 §7, redirect URIs | [`redirect_uri`] |
//! | RFC 6749 §3.3, scope | [`scope`] |
//! | RFC 6749 §4.1.1, §4.1.2, authorize request and answer; RFC 9207 `iss` | [`authorize`] |
//! | RFC 6749 §4.1.3, code exchange | [`grants::authorization_code`] |
//! | RFC 6749 §4.4, client credentials | [`grants::client_credentials`] |
//! | RFC 6749 §6, RFC 9700 §4.14, refresh | [`grants::refresh_token`] |
//! | RFC 6749 §5, token answers and errors | [`token`], shaped by [`dialects`] |
//! | RFC 6750, Bearer tokens | [`dialects`], [`api_error`] |
//! | `error_uri` of RFC 6749 §4.1.2.1, §5.2: the errors as they are explained | [`error_catalogue`] |
//! | RFC 7009, revocation; RFC 7662, introspection | [`token::PresentedToken`], [`token::Introspection`] |
//! | RFC 7636, PKCE | [`pkce`] |
//! | RFC 8414, metadata | [`token::ServerMetadata`] |
//! | RFC 9396, payments in the request | [`payment`] |
//! | payments that are written down before the request | [`pending_transfer`] |
//! | what the Wallet API tells of a person | [`person`], [`scope::Personal`] |
//! | what people tell about themselves when an app needs it | [`declared`] |
//! | NextGenPSD2, consents to account information | [`account_consent`] |
//! | RFC 6238, RFC 4226, authenticator codes | [`sca`] |
//! | ISO 4217, ISO 13616, money and account numbers | [`money`], [`iban`] |
//! | draft-ietf-oauth-v2-http-mac-01, signed requests; the Paysera Wallet API | [`dialects::mac`], [`wallet_api`] |
//! | what the request log tells of a request | [`trail`] |
//! | the stages of one authorization and its pages | [`authorization`] |
//! | ISO 17442, VAT and company numbers, the registration of an app and its review; UTS 39, look-alike names | [`registration`] |
//! | Delegated Regulation (EU) 2018/389 (RTS) Articles 4, 5, 10a, 36(5) | [`sca`], [`payment`], [`lifetimes`], [`account_consent`] |

#![warn(missing_docs)]

pub mod account_consent;
pub mod api_error;
pub mod authorization;
pub mod authorize;
pub mod client;
pub mod declared;
pub mod dialects;
pub mod error_catalogue;
pub mod form;
pub mod grants;
pub mod iban;
pub mod ids;
pub mod lifetimes;
pub mod locale;
pub mod money;
pub mod payment;
pub mod pending_transfer;
pub mod person;
pub mod pkce;
pub mod redirect_uri;
pub mod registration;
pub mod sca;
pub mod scope;
pub mod secret;
pub mod text;
pub mod time;
pub mod token;
pub mod trail;
pub mod wallet_api;
mod words;
