//! The engine's answer to a form, as HTTP: always 303 to where the engine says, never to where the
//! browser came from, and nothing of the form in the address.

use std::time::Duration;

use axum::{body::Body, response::Response};
use engine::{
    portal::{Place, PortalAnswer, PortalChange, PortalGo},
    visit::{Answer, CookieChange, Go, SessionChange},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use protocol::{authorization::ProblemView, ids::AuthorizationId};

/// A page that says why it cannot go on, in place of a redirect. Travels as an extension of the
/// response until the page is rendered.
#[derive(Clone, Debug)]
pub struct Stopped {
    /// What the page says.
    pub view: Box<ProblemView>,
    /// Its status, when that is not the usual one of the problem.
    pub status: Option<StatusCode>,
    /// Where the same page can be asked for again: a form's own address cannot be visited.
    pub address: String,
}

/// Whether cookies are `Secure`: the public URL is https.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cookies {
    /// https: `Secure`.
    Secure,
    /// http, on a developer's machine.
    Plain,
}

/// The page of an authorization.
pub fn page_of(interaction: &AuthorizationId) -> String {
    format!("/authorize/{interaction}")
}

/// The response to a form of `interaction`. `query` is kept when the same page follows.
pub fn respond(
    answer: Answer,
    interaction: &AuthorizationId,
    query: &str,
    cookies: Cookies,
) -> Response {
    let mut response = match answer.go {
        Go::Step(id) => see_other(&format!("{}{query}", page_of(&id))),
        Go::Client(redirect) => see_other(redirect.location()),
        Go::Problem(view) => stopped(Stopped {
            view,
            status: None,
            address: page_of(interaction),
        }),
    };
    set_cookies(response.headers_mut(), &answer.cookies, cookies);
    if answer.session != SessionChange::Keep {
        response.extensions_mut().insert(answer.session);
    }
    response
}

/// The response to a form of the portal.
pub fn respond_portal(answer: PortalAnswer, cookies: Cookies) -> Response {
    let mut response = match answer.go {
        PortalGo::To(address) => see_other(&address),
        PortalGo::Problem(view) => stopped(Stopped {
            view,
            status: None,
            address: Place::Home.path(),
        }),
    };
    set_cookies(response.headers_mut(), &answer.cookies, cookies);
    if answer.change != PortalChange::Keep {
        response.extensions_mut().insert(answer.change);
    }
    response
}

/// A response whose page is still to be rendered.
pub fn stopped(stopped: Stopped) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response.extensions_mut().insert(stopped);
    response
}

/// A file to keep, in place of a page.
pub fn download(text: String, kind: &'static str, name: &str) -> Response {
    let mut response = Response::new(Body::from(text));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(name) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    response
}

/// 303, so that no browser ever sends a password on (RFC 9700 §4.12).
pub fn see_other(location: &str) -> Response {
    let mut response = Response::new(Body::empty());
    match HeaderValue::from_str(location) {
        Ok(location) => {
            *response.status_mut() = StatusCode::SEE_OTHER;
            response.headers_mut().insert(header::LOCATION, location);
        }
        Err(_) => {
            // Addresses are parsed long before they come here; this one would break the header.
            tracing::error!("an address cannot be a Location header");
            *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        }
    }
    response
}

/// Adds `Set-Cookie` for each change.
pub fn set_cookies(headers: &mut HeaderMap, changes: &[CookieChange], cookies: Cookies) {
    for change in changes {
        if let Some(header) = cookie_header(change, cookies) {
            headers.append(header::SET_COOKIE, header);
        }
    }
}

/// `Set-Cookie` for one change.
pub fn cookie_header(change: &CookieChange, cookies: Cookies) -> Option<HeaderValue> {
    let (name, value, max_age) = match change {
        CookieChange::Set {
            name,
            value,
            max_age,
        } => (name, value.as_str(), *max_age),
        CookieChange::Remove { name } => (name, "", Duration::ZERO),
    };
    set_cookie(
        name,
        value,
        &format!("; Max-Age={}", max_age.as_secs()),
        cookies,
    )
}

/// `Set-Cookie` for a cookie that ends with the browser.
pub fn browser_cookie_header(name: &str, value: &str, cookies: Cookies) -> Option<HeaderValue> {
    set_cookie(name, value, "", cookies)
}

/// One cookie of the whole site. Its attributes are the same when it is removed: browsers do not
/// take a name with `__Host-` without them.
fn set_cookie(name: &str, value: &str, lifetime: &str, cookies: Cookies) -> Option<HeaderValue> {
    let secure = match cookies {
        Cookies::Secure => "; Secure",
        Cookies::Plain => "",
    };
    let line = format!("{name}={value}; Path=/{lifetime}; HttpOnly; SameSite=Lax{secure}");
    let header = HeaderValue::from_str(&line);
    if header.is_err() {
        tracing::error!(name, "a cookie cannot be a header");
    }
    header.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header<'a>(response: &'a Response, name: &str) -> Vec<&'a str> {
        response
            .headers()
            .get_all(name)
            .iter()
            .map(|value| value.to_str().unwrap())
            .collect()
    }

    #[test]
    fn a_step_is_a_303_to_its_page_with_the_cookies() {
        let id = AuthorizationId::new("abc");
        let answer = Answer::go(Go::Step(id.clone()))
            .with(CookieChange::Set {
                name: "a".into(),
                value: "b".into(),
                max_age: Duration::from_secs(60),
            })
            .with(CookieChange::Remove { name: "c".into() });
        let response = respond(answer, &id, "?recovery=1", Cookies::Secure);
        assert_eq!(response.status(), StatusCode::SEE_OTHER);
        assert_eq!(header(&response, "location"), ["/authorize/abc?recovery=1"]);
        assert_eq!(
            header(&response, "set-cookie"),
            [
                "a=b; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure",
                "c=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure",
            ],
        );
        assert!(response.extensions().get::<SessionChange>().is_none());
    }

    #[test]
    fn http_cookies_are_not_secure_and_a_session_change_travels_along() {
        let id = AuthorizationId::new("abc");
        let mut answer =
            Answer::go(Go::Step(id.clone())).with(CookieChange::Remove { name: "c".into() });
        answer.session = SessionChange::SignOut;
        let response = respond(answer, &id, "", Cookies::Plain);
        assert_eq!(
            header(&response, "set-cookie"),
            ["c=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"]
        );
        assert_eq!(
            response.extensions().get::<SessionChange>(),
            Some(&SessionChange::SignOut)
        );
    }

    #[test]
    fn an_address_that_would_break_the_header_goes_nowhere() {
        let response = see_other("https://shop.example/\r\nSet-Cookie: a=b");
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert!(response.headers().is_empty());
    }
}
