//! What `/.well-known/oauth-authorization-server` says (RFC 8414 §2).

use serde::{Deserialize, Serialize};

use crate::{
    client::{AuthMethod, GrantType},
    locale::Locale,
    payment::PAYMENT_INITIATION,
    pkce::S256,
    scope::Permission,
};

/// The document. Only what is really supported stands in it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[expect(
    missing_docs,
    reason = "the fields are named and described by RFC 8414 §2, RFC 9207 §3 and RFC 9396 §10"
)]
pub struct ServerMetadata {
    pub issuer: String,
    pub authorization_endpoint: String,
    pub token_endpoint: String,
    pub revocation_endpoint: String,
    pub introspection_endpoint: String,
    pub jwks_uri: String,
    pub service_documentation: String,
    pub scopes_supported: Vec<String>,
    pub response_types_supported: Vec<String>,
    pub response_modes_supported: Vec<String>,
    pub grant_types_supported: Vec<GrantType>,
    pub token_endpoint_auth_methods_supported: Vec<AuthMethod>,
    pub revocation_endpoint_auth_methods_supported: Vec<AuthMethod>,
    pub introspection_endpoint_auth_methods_supported: Vec<AuthMethod>,
    pub code_challenge_methods_supported: Vec<String>,
    pub authorization_response_iss_parameter_supported: bool,
    pub request_parameter_supported: bool,
    pub request_uri_parameter_supported: bool,
    pub ui_locales_supported: Vec<Locale>,
    pub authorization_details_types_supported: Vec<String>,
}

impl ServerMetadata {
    /// The document of the server with this issuer: its public URL, without a slash at the end.
    pub fn new(issuer: &str) -> Self {
        let at = |path: &str| format!("{issuer}{path}");
        let words = |words: &[&str]| {
            words
                .iter()
                .map(|word| (*word).to_owned())
                .collect::<Vec<_>>()
        };
        let secrets = vec![AuthMethod::ClientSecretBasic, AuthMethod::ClientSecretPost];
        let secrets_or_none = [secrets.as_slice(), &[AuthMethod::None]].concat();
        Self {
            issuer: issuer.to_owned(),
            authorization_endpoint: at("/oauth/authorize"),
            token_endpoint: at("/oauth/token"),
            revocation_endpoint: at("/oauth/revoke"),
            introspection_endpoint: at("/oauth/introspect"),
            jwks_uri: at("/.well-known/jwks.json"),
            service_documentation: at("/developers"),
            scopes_supported: words(&Permission::OFFERED),
            response_types_supported: words(&["code"]),
            response_modes_supported: words(&["query"]),
            grant_types_supported: GrantType::STANDARD.to_vec(),
            token_endpoint_auth_methods_supported: secrets_or_none.clone(),
            revocation_endpoint_auth_methods_supported: secrets_or_none,
            introspection_endpoint_auth_methods_supported: secrets,
            code_challenge_methods_supported: words(&[S256]),
            authorization_response_iss_parameter_supported: true,
            request_parameter_supported: false,
            request_uri_parameter_supported: false,
            ui_locales_supported: Locale::ALL.to_vec(),
            authorization_details_types_supported: words(&[PAYMENT_INITIATION]),
        }
    }
}
