//! One request, and the first part of its answer: a look, or a message.

use engine::checks::{Fetched, Unreachable};
use http::{HeaderName, Method, Request, header};
use http_body_util::{BodyExt as _, Full};
use hyper::{
    body::{Bytes, Incoming},
    client::conn::http1,
};
use hyper_util::rt::TokioIo;
use tokio::task::JoinSet;
use url::Url;

use super::{Limits, dial::Wire};

/// Tells the people who run the server who we are.
const CHECKS_AGENT: &str = concat!("Countersign-Checks/", env!("CARGO_PKG_VERSION"));

/// The same, for messages.
const CALLBACKS_AGENT: &str = concat!("Countersign-Callbacks/", env!("CARGO_PKG_VERSION"));

/// The most headers of an answer.
const MOST_HEADERS: usize = 100;

/// What is asked.
#[derive(Clone, Copy)]
pub(super) enum Ask<'a> {
    /// What stands there.
    Page,
    /// To take this form.
    Form(&'a str),
}

/// Asks at `url` over a connection that is there already. Redirects are reported, not followed.
pub(super) async fn ask(
    connection: impl Wire + 'static,
    url: &Url,
    ask: Ask<'_>,
    limits: &Limits,
) -> Result<Fetched, Unreachable> {
    let not_http = |_| Unreachable::NotHttp;
    let (mut sender, driver) = http1::Builder::new()
        .max_headers(MOST_HEADERS)
        .max_buf_size(limits.header_bytes)
        .max_header_size(limits.header_bytes)
        .handshake(TokioIo::new(connection))
        .await
        .map_err(not_http)?;
    // Dropped with this future, whoever drops it: no connection outlives its look.
    let mut driving = JoinSet::new();
    driving.spawn(driver);
    let (method, agent, body) = match ask {
        Ask::Page => (Method::GET, CHECKS_AGENT, Bytes::new()),
        Ask::Form(form) => (
            Method::POST,
            CALLBACKS_AGENT,
            Bytes::copy_from_slice(form.as_bytes()),
        ),
    };
    let mut request = Request::builder()
        .method(method)
        .uri(&url[url::Position::BeforePath..url::Position::AfterQuery])
        .header(
            header::HOST,
            &url[url::Position::BeforeHost..url::Position::AfterPort],
        )
        .header(header::USER_AGENT, agent)
        .header(header::ACCEPT, "text/html, text/plain;q=0.9, */*;q=0.1")
        .header(header::ACCEPT_ENCODING, "identity")
        .header(header::CONNECTION, "close");
    if let Ask::Form(_) = ask {
        request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    }
    let request = request
        .body(Full::new(body))
        .map_err(|_| Unreachable::NotAnAddress)?;
    let answer = sender.send_request(request).await.map_err(|error| {
        let is_broken_off =
            error.is_incomplete_message() || error.is_closed() || error.is_canceled();
        if is_broken_off {
            Unreachable::NoConnection
        } else {
            Unreachable::NotHttp
        }
    })?;
    let text = |name: HeaderName| {
        let value = answer.headers().get(name)?;
        Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    Ok(Fetched {
        status: answer.status().as_u16(),
        content_type: text(header::CONTENT_TYPE),
        location: text(header::LOCATION),
        hsts: text(header::STRICT_TRANSPORT_SECURITY).is_some_and(|value| lasts(&value)),
        body: first_part(answer.into_body(), limits.body_bytes).await?,
        tls: None,
    })
}

/// Whether browsers are to remember; `max-age=0` tells them to forget (RFC 6797 §6.1.1).
fn lasts(value: &str) -> bool {
    value.split(';').any(|directive| {
        directive.split_once('=').is_some_and(|(name, age)| {
            name.trim().eq_ignore_ascii_case("max-age")
                && age
                    .trim()
                    .trim_matches('"')
                    .parse::<u64>()
                    .is_ok_and(|age| age > 0)
        })
    })
}

/// The body, up to `most` bytes.
async fn first_part(mut body: Incoming, most: usize) -> Result<Vec<u8>, Unreachable> {
    let mut read = Vec::new();
    while read.len() < most
        && let Some(frame) = body.frame().await
    {
        let frame = frame.map_err(|_| Unreachable::NoConnection)?;
        if let Some(data) = frame.data_ref() {
            read.extend_from_slice(&data[..data.len().min(most - read.len())]);
        }
    }
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_only_is_meant_to_last() {
        for value in [
            "max-age=31536000",
            "includeSubDomains; Max-Age=\"1\"",
            "max-age = 60 ; preload",
        ] {
            assert!(lasts(value), "{value}");
        }
        for value in ["", "max-age=0", "includeSubDomains", "max-age=soon"] {
            assert!(!lasts(value), "{value}");
        }
    }
}
