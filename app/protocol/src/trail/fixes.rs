//! How to put a fault right, in words for the developer, in English. The request log keeps the name
//! of the fault; the words can become better without touching what was logged.

/// The words for a fault, by `TokenFault::slug`, `PageFault::slug` or `AuthorizeError::anchor`.
pub fn fix(fault: &str) -> Option<&'static str> {
    FIXES
        .iter()
        .find(|(name, _)| *name == fault)
        .map(|(_, words)| *words)
}

const FIXES: &[(&str, &str)] = &[
    // The request as such.
    (
        "form_unreadable",
        "Encode every name and value once, as application/x-www-form-urlencoded in UTF-8.",
    ),
    (
        "body_unreadable",
        "Send the whole body, and not more than the limit in the documentation.",
    ),
    (
        "parameters_in_url",
        "Send parameters in the body of the POST. What stood in the URL may be in logs: replace that secret.",
    ),
    (
        "not_a_form",
        "Send the header Content-Type: application/x-www-form-urlencoded and a form as the body, not JSON.",
    ),
    ("parameter_twice", "Send every parameter once."),
    (
        "said_twice",
        "Use the words of one dialect: authorizationToken or code, not both.",
    ),
    (
        "parameter_missing",
        "Add the parameter. One without a value counts as missing.",
    ),
    (
        "door_closed",
        "Use the address of a dialect that the app was approved for, or ask for the dialect in the portal.",
    ),
    // Who asks.
    (
        "client_two_headers",
        "Send one Authorization header. A proxy or an HTTP client may add its own.",
    ),
    (
        "client_secret_twice",
        "Send the secret in the Authorization header or in the body, not in both.",
    ),
    (
        "client_two_names",
        "Send the same client_id in the header and in the body, or leave it out of the body.",
    ),
    (
        "client_unnamed",
        "Send Authorization: Basic base64(client_id:client_secret), or client_id and client_secret in the body.",
    ),
    (
        "client_unknown",
        "Copy the client_id from the portal. Sandbox and live have different ones.",
    ),
    (
        "client_switched_off",
        "The app is switched off: see its review page in the portal.",
    ),
    (
        "client_wrong_method",
        "Send the secret if the app has one. An app without a secret sends its client_id only.",
    ),
    (
        "client_wrong_secret",
        "Copy the secret again, or make a new one in the portal. In HTTP Basic form-encode it before base64.",
    ),
    (
        "client_secret_expired",
        "Use the newer secret; if there is none, make one in the portal.",
    ),
    (
        "client_cannot_prove",
        "Only an app that keeps a secret may ask about tokens: ask from your server.",
    ),
    // Signed requests.
    (
        "signature_missing",
        "Sign the request: Authorization: MAC id=\"...\", ts=\"...\", nonce=\"...\", mac=\"...\".",
    ),
    (
        "signature_unreadable",
        "Quote every value, separate parameters by commas, and send id, ts, nonce and mac once each.",
    ),
    (
        "signature_clock",
        "Ask GET /rest/v1/server for the time, and sign with that.",
    ),
    (
        "signature_unknown_id",
        "Use the client_id from the portal or the command line. Sandbox and live have different ones.",
    ),
    (
        "signature_not_allowed",
        "The app is switched off, or it was registered with a secret and not with a key.",
    ),
    (
        "signature_wrong",
        "Compare the signed text line by line: ts, nonce, method, path with query, host, port, ext, each with a line feed.",
    ),
    (
        "signature_ext_unreadable",
        "ext is a form: body_hash once, then other parameters, each encoded once.",
    ),
    (
        "signature_body",
        "Hash the very bytes that are sent, with SHA-256 and base64, and put the hash into ext as body_hash.",
    ),
    (
        "signature_replayed",
        "Sign every request anew, also when it is sent again: another nonce each time.",
    ),
    (
        "signature_too_many",
        "Send fewer requests; use one token for many calls.",
    ),
    (
        "signature_token_ended",
        "Refresh the token, and sign with the new key.",
    ),
    // Grants.
    (
        "grant_unknown",
        "Use authorization_code, refresh_token or client_credentials.",
    ),
    (
        "grant_not_allowed",
        "The app is not approved for this grant: ask for it in the portal.",
    ),
    (
        "public_client",
        "client_credentials needs an app that keeps a secret.",
    ),
    (
        "scope_needs_pages",
        "Money, accounts and offline scopes need the person's consent: send the browser to the authorize endpoint.",
    ),
    (
        "person_wrong_details",
        "The person must sign in with the name and the password that they use on the pages.",
    ),
    (
        "person_paused",
        "Wait until the pause is over: too many wrong passwords came for this name or from this address.",
    ),
    (
        "scope_malformed",
        "Separate scopes by exactly one space, without quotes or commas.",
    ),
    (
        "scope_not_approved",
        "Ask only for scopes that the app was approved for, or ask for more in the portal.",
    ),
    (
        "scope_too_wide",
        "Ask for what the person allowed, or less. For more, send the person through the authorize endpoint again.",
    ),
    (
        "verifier_malformed",
        "code_verifier is the random text of 43 to 128 letters, digits and - . _ ~ itself, not its hash.",
    ),
    (
        "verifier_missing",
        "Send the code_verifier whose hash was sent as code_challenge. Keep it with the state until the callback.",
    ),
    (
        "verifier_unexpected",
        "The authorize request had no code_challenge. Send one with every request; if you did, somebody removed it.",
    ),
    (
        "verifier_wrong",
        "Send the code_verifier of the same attempt: keep it with the state, not in one place for all tabs.",
    ),
    (
        "pkce_required",
        "An app without a secret needs PKCE: send code_challenge with S256 in the authorize request.",
    ),
    (
        "code_unknown",
        "Send the code as it came in the callback, decoded once. Codes of the sandbox do not work live.",
    ),
    (
        "code_other_client",
        "Use the client_id of the authorize request. The code has been made void: it was in the wrong hands.",
    ),
    (
        "code_redirect_missing",
        "Send the redirect_uri of the authorize request in the token request too.",
    ),
    (
        "code_redirect_differs",
        "Send exactly the redirect_uri of the authorize request, character by character.",
    ),
    (
        "code_used",
        "Exchange each code once: look for retries, double clicks, or a callback that is loaded twice. Everything from the first use was revoked.",
    ),
    (
        "code_expired",
        "Exchange the code at once, on the server, in the request that brings it.",
    ),
    (
        "consent_ended",
        "The person ended the permission, or it ran out: send the person through the authorize endpoint again.",
    ),
    (
        "refresh_unknown",
        "Send the newest refresh token as it was answered. Each refresh brings a new one, which must be stored.",
    ),
    (
        "refresh_other_client",
        "Use the client_id that got the refresh token.",
    ),
    (
        "refresh_other_access_token",
        "Send as token the access token that came in the same answer as the refresh token.",
    ),
    (
        "refresh_revoked",
        "Everything from this grant was revoked: send the person through the authorize endpoint again.",
    ),
    (
        "refresh_replayed_late",
        "A refresh token was used again after its grace time. Store the new token before using it, and refresh in one place only.",
    ),
    (
        "refresh_replayed",
        "An old refresh token was used after its successor. Store the new token before using it, and refresh in one place only.",
    ),
    (
        "refresh_expired",
        "The refresh token is too old: send the person through the authorize endpoint again.",
    ),
    (
        "server_error",
        "It is our fault: nothing to change. Tell us the reference if it stays.",
    ),
    (
        "server_busy",
        "Send the same request again after the time in Retry-After.",
    ),
    // Authorize requests that stay on our page.
    ("unreadable", "Encode every name and value once, in UTF-8."),
    (
        "client_id_missing",
        "Add client_id: copy the authorize URL from the portal.",
    ),
    (
        "unknown_client",
        "Copy the client_id from the portal. Sandbox and live have different ones.",
    ),
    (
        "client_suspended",
        "The app is switched off: see its review page in the portal.",
    ),
    (
        "redirect_missing",
        "Send redirect_uri: without it there must be exactly one registered.",
    ),
    (
        "redirect_mismatch",
        "Send a registered address, character by character, or register this one in the portal.",
    ),
    (
        "secret_exposed",
        "Take client_secret out of the authorize request. Make a new secret in the portal and send it from your server to the token endpoint only.",
    ),
    (
        "mixed_vocabulary",
        "Use client_id, scope and callbackURL, or the standard words: not both in one request.",
    ),
    // Authorize requests that go back to the app.
    ("parameter-twice", "Send every parameter once."),
    (
        "state-malformed",
        "Use a shorter state of printable ASCII, such as 16 random bytes in base64url.",
    ),
    (
        "request-objects",
        "Send the parameters themselves; request and request_uri are not supported.",
    ),
    (
        "grant-not-allowed",
        "The app is not approved for the code grant: ask for it in the portal.",
    ),
    (
        "pkce-missing",
        "Make a random verifier of 43 to 128 characters, send base64url(SHA-256(verifier)) as code_challenge and S256 as code_challenge_method.",
    ),
    (
        "pkce-method",
        "Send code_challenge_method=S256; without it plain is meant, which is refused.",
    ),
    (
        "pkce-malformed",
        "code_challenge is base64url(SHA-256(verifier)): 43 characters, without = at the end.",
    ),
    ("response-type", "Send response_type=code."),
    ("response-mode", "Leave response_mode out, or send query."),
    (
        "scope-malformed",
        "Separate scopes by exactly one space, without quotes or commas.",
    ),
    (
        "scope-missing",
        "Say which of the approved scopes you ask for.",
    ),
    (
        "scope-not-approved",
        "Ask only for scopes that the app was approved for, or ask for more in the portal.",
    ),
    (
        "pending-transfer",
        "Make the pending transfer with a token of the same client, and send the person before it expires and only until it was executed.",
    ),
    (
        "two-payments",
        "Ask for one payment: either authorization_details or one transferFunds:<transferId>.",
    ),
    (
        "consent-named",
        "Make the consent with POST /v1/consents under the same client, and send the person while its status is received or valid, with AIS:<consentId> alone in scope.",
    ),
    (
        "authorization-details",
        "Send authorization_details as the documentation shows (RFC 9396): one payment, amounts as text.",
    ),
    (
        "payment-not-approved",
        "The app is not approved for payments: ask for transferFunds in the portal.",
    ),
    ("prompt", "Send prompt=none alone, or leave it out."),
    (
        "too-large",
        "Shorten state: keep the data on your server and send its key.",
    ),
    (
        "denied",
        "The person said no: nothing to change. Offer to try again.",
    ),
    (
        "interaction-expired",
        "The person took too long: offer to begin again.",
    ),
    (
        "no-eligible-account",
        "The person has no account for this: offer something else.",
    ),
    (
        "prompt-none",
        "Leave prompt=none out: the person has to see a page.",
    ),
    (
        "server",
        "It is our fault: nothing to change. Tell us the reference if it stays.",
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::{
        authorize::{AuthorizeError, PageFault},
        token::TokenFault,
    };

    #[test]
    fn every_fault_has_words_and_no_words_are_left_over() {
        let mut used = BTreeSet::new();
        used.extend(TokenFault::examples().iter().map(TokenFault::slug));
        used.extend(PageFault::examples().iter().map(PageFault::slug));
        used.extend(
            AuthorizeError::examples()
                .iter()
                .map(AuthorizeError::anchor),
        );
        for fault in &used {
            assert!(
                fix(fault).is_some_and(|words| words.ends_with('.')),
                "{fault}"
            );
        }
        let known: BTreeSet<&str> = FIXES.iter().map(|(name, _)| *name).collect();
        assert_eq!(known, used);
        assert_eq!(FIXES.len(), used.len());
    }
}
