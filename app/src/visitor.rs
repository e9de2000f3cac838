//! Who is at the other end: what a request tells about the browser and the person before it.

use std::net::IpAddr;

use engine::{
    Engine,
    portal::{Flash, PortalSession, PortalVisit},
    visit::{Language, Session, Visit},
};
use http::{HeaderMap, header, request::Parts};
use leptos::prelude::use_context;
use protocol::{ids::AuthorizationId, locale::Locale};

use crate::render::say_flash_shown;

/// The cookie with the language that the person chose.
pub const LANGUAGE_COOKIE: &str = "lang";

/// What the server's edge found out about a request; an extension of every request to a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Where it came from; behind trusted proxies, where they say it came from.
    pub address: IpAddr,
    /// Whether one of our own pages sent it (see `Visit::same_origin`).
    pub same_origin: bool,
}

impl Default for Caller {
    /// Nobody in particular, and not one of our pages.
    fn default() -> Self {
        Self {
            address: IpAddr::from([0, 0, 0, 0]),
            same_origin: false,
        }
    }
}

/// What the request of this browser means for `interaction`.
pub fn visit(engine: &Engine, parts: &Parts, interaction: AuthorizationId) -> Visit {
    let caller = parts
        .extensions
        .get::<Caller>()
        .copied()
        .unwrap_or_default();
    let value = |name: &str| cookie(&parts.headers, name).map(str::to_owned);
    Visit {
        sealed: value(&engine.interaction_cookie(&interaction)),
        session: parts.extensions.get::<Session>().cloned(),
        device: value(&engine.device_cookie()),
        address: caller.address,
        language: language(&parts.headers),
        same_origin: caller.same_origin,
        interaction,
    }
}

/// What the request of this browser means at the portal.
pub fn portal_visit(engine: &Engine, parts: &Parts) -> PortalVisit {
    let caller = parts
        .extensions
        .get::<Caller>()
        .copied()
        .unwrap_or_default();
    PortalVisit {
        session: parts
            .extensions
            .get::<PortalSession>()
            .cloned()
            .unwrap_or_default(),
        device: cookie(&parts.headers, &engine.device_cookie()).map(str::to_owned),
        address: caller.address,
        language: language(&parts.headers),
        same_origin: caller.same_origin,
    }
}

/// What the form of this name left for the page that is being rendered. It is shown once.
pub fn flash(form: &str) -> Flash {
    let left = use_context::<Parts>()
        .and_then(|parts| parts.extensions.get::<PortalSession>()?.state.flash.clone())
        .filter(|flash| flash.form == form);
    if left.is_some() {
        say_flash_shown();
    }
    left.unwrap_or_default()
}

/// The token of the form of this name on the page that is being rendered.
pub fn form_token(form: &str) -> String {
    let (Some(engine), Some(parts)) = (use_context::<Engine>(), use_context::<Parts>()) else {
        return String::new();
    };
    engine.portal_form_token(&portal_visit(&engine, &parts), form)
}

/// What the browser says about languages.
pub fn language(headers: &HeaderMap) -> Language {
    Language {
        chosen: cookie(headers, LANGUAGE_COOKIE).and_then(|tag| tag.parse().ok()),
        accepted: headers
            .get(header::ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned),
    }
}

/// The value of a cookie. Of several with one name the first counts, as RFC 6265 §5.4 sends the
/// most specific one first.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    cookies(headers)
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value)
}

/// Names and values of all cookies, in the order in which the browser sent them.
pub fn cookies(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
}

/// The address of the page that is being rendered, in another language: path and query stay.
///
/// The server answers it with a cookie and 303 to the same page.
pub fn language_link(locale: Locale) -> String {
    let target = use_context::<Parts>().map(|parts| in_language(&parts, locale));
    target.unwrap_or_else(|| format!("?lang={locale}"))
}

fn in_language(parts: &Parts, locale: Locale) -> String {
    let path = parts.uri.path();
    match without_language(parts.uri.query().unwrap_or_default()) {
        query if query.is_empty() => format!("{path}?lang={locale}"),
        query => format!("{path}?{query}&lang={locale}"),
    }
}

/// A query string without the language that it asks for.
pub fn without_language(query: &str) -> String {
    let rest = query
        .split('&')
        .filter(|pair| !pair.is_empty() && pair.split('=').next() != Some(LANGUAGE_COOKIE));
    rest.collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(target: &str) -> Parts {
        http::Request::get(target).body(()).unwrap().into_parts().0
    }

    #[test]
    fn cookies_are_found_by_their_whole_name() {
        let mut headers = HeaderMap::new();
        headers.append(
            header::COOKIE,
            "cs_i_ab=1; cs_i_a=2;lang=lt".parse().unwrap(),
        );
        headers.append(header::COOKIE, "cs_i_a=3; bare".parse().unwrap());
        assert_eq!(cookie(&headers, "cs_i_a"), Some("2"));
        assert_eq!(cookie(&headers, "cs_i_"), None);
        assert_eq!(cookie(&headers, "bare"), None);
        assert_eq!(language(&headers).chosen, Some(Locale::Lt));
    }

    #[test]
    fn another_language_keeps_path_and_query() {
        let table = [
            ("/authorize/a", "/authorize/a?lang=ru"),
            ("/authorize/a?recovery=1", "/authorize/a?recovery=1&lang=ru"),
            (
                "/authorize/a?lang=lt&recovery=1",
                "/authorize/a?recovery=1&lang=ru",
            ),
            ("/x?language=c&lang", "/x?language=c&lang=ru"),
        ];
        for (target, link) in table {
            assert_eq!(in_language(&request(target), Locale::Ru), link);
        }
    }
}
