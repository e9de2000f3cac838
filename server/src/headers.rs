//! Security headers of every response.
//!
//! Whoever makes a response may set a header itself; what is missing is filled in here, with the
//! strict value. Pages tell what is special about them by [`PageFacts`].

use app::render::PageFacts;
use axum::{
    extract::{Request, State},
    http::{
        HeaderMap, HeaderName, HeaderValue,
        header::{
            CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY,
            STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
        },
    },
    middleware::Next,
    response::Response,
};

/// Whether browsers reach us by https, by the public URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// https: browsers are told to use nothing else for a year.
    Https,
    /// http, on a developer's machine.
    Http,
}

/// What no response does without.
const ALWAYS: [(HeaderName, &str); 6] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // Codes and states are in addresses; no site we link to needs to know where a person came from.
    (REFERRER_POLICY, "no-referrer"),
    (X_FRAME_OPTIONS, "DENY"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), clipboard-write=(self), display-capture=(), geolocation=(), microphone=(), payment=(), \
         publickey-credentials-create=(self), publickey-credentials-get=(self), usb=()",
    ),
];

/// Fills in the headers of every response.
pub async fn secure(State(transport): State<Transport>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let facts = response.extensions_mut().remove::<PageFacts>();
    let policy = policy(facts.as_ref(), is_html(response.headers()));
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        fill(headers, name, value);
    }
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(policy);
    // What does not say otherwise is about a person, or could be.
    fill(headers, CACHE_CONTROL, "no-store");
    if transport == Transport::Https {
        fill(headers, STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    response
}

fn fill(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers
        .entry(name)
        .or_insert(HeaderValue::from_static(value));
}

fn is_html(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(b"text/html"))
}

/// The Content-Security-Policy of a response.
fn policy(page: Option<&PageFacts>, is_html: bool) -> HeaderValue {
    let Some(page) = page else {
        return match is_html {
            // HTML of others in this process: no script.
            true => HeaderValue::from_static(PLAIN_HTML),
            false => HeaderValue::from_static(NO_HTML),
        };
    };
    // Chromium applies form-action to every redirect after a post: without the app's origin the
    // button "Allow" would do nothing (https://github.com/w3c/webappsec-csp/issues/8).
    let form_origin = page
        .form_origin
        .as_deref()
        .filter(|origin| is_source(origin));
    let form_origin = form_origin
        .map(|origin| format!(" {origin}"))
        .unwrap_or_default();
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; \
         font-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'{form_origin}; \
         frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'",
        nonce = page.nonce,
    );
    // Both parts that vary were looked at; should they be no header, nothing may run.
    HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static(NO_HTML))
}

/// What is not a page.
const NO_HTML: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'";

/// Pages that are not ours to script.
const PLAIN_HTML: &str = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; \
                          form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// Whether a text can stand as one source in a policy: nothing in it begins another source or directive.
fn is_source(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.:/[]".contains(&byte);
    text.contains(':') && text.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(form_origin: Option<&str>) -> PageFacts {
        PageFacts {
            nonce: "bm9uY2U".into(),
            form_origin: form_origin.map(str::to_owned),
            ..PageFacts::default()
        }
    }

    fn told(page: Option<&PageFacts>, is_html: bool) -> String {
        policy(page, is_html).to_str().unwrap().to_owned()
    }

    fn directive<'a>(policy: &'a str, name: &str) -> Option<&'a str> {
        policy
            .split("; ")
            .find_map(|directive| directive.strip_prefix(name)?.strip_prefix(' '))
    }

    #[test]
    fn a_page_runs_its_own_script_only_and_is_never_framed() {
        let policy = told(Some(&page(None)), true);
        assert_eq!(directive(&policy, "default-src"), Some("'none'"));
        assert_eq!(
            directive(&policy, "script-src"),
            Some("'nonce-bm9uY2U' 'strict-dynamic' 'wasm-unsafe-eval'"),
        );
        assert_eq!(directive(&policy, "frame-ancestors"), Some("'none'"));
        assert_eq!(directive(&policy, "form-action"), Some("'self'"));
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
    }

    #[test]
    fn the_app_that_asked_may_be_returned_to() {
        for origin in [
            "https://shop.example",
            "http://127.0.0.1:8080",
            "com.example.wallet:",
        ] {
            let policy = told(Some(&page(Some(origin))), true);
            assert_eq!(
                directive(&policy, "form-action"),
                Some(format!("'self' {origin}").as_str())
            );
        }
    }

    #[test]
    fn an_origin_never_widens_the_policy() {
        for origin in [
            "",
            "*",
            "https://a.example *",
            "https://a.example; script-src *",
            "'unsafe-inline'",
            "a,b:",
        ] {
            let policy = told(Some(&page(Some(origin))), true);
            assert_eq!(
                directive(&policy, "form-action"),
                Some("'self'"),
                "{origin}"
            );
        }
    }

    #[test]
    fn html_of_others_runs_no_script() {
        assert!(directive(&told(None, true), "script-src").is_none());
        assert_eq!(directive(&told(None, true), "default-src"), Some("'none'"));
        assert_eq!(directive(&told(None, false), "form-action"), None);
    }
}
