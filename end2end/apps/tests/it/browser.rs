//! A browser in front of an app: one cookie, no tabs of its own.

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use tower::ServiceExt as _;

/// A visitor's browser. A clone is another tab.
#[derive(Clone)]
pub struct Browser {
    app: Router,
    /// Path of the app, and of its cookie.
    home: &'static str,
    pub cookie: Option<String>,
}

pub struct Page {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub html: String,
}

impl Page {
    pub fn location(&self) -> String {
        self.headers[header::LOCATION].to_str().unwrap().to_owned()
    }

    #[track_caller]
    pub fn says(&self, words: &str) -> &Self {
        assert!(
            self.html.contains(words),
            "{words:?} is not in {}",
            self.html
        );
        self
    }

    #[track_caller]
    pub fn says_nothing_of(&self, words: &str) -> &Self {
        assert!(!self.html.contains(words), "{words:?} is in {}", self.html);
        self
    }
}

impl Browser {
    /// In front of an app that lives at `home`.
    pub fn new(home: &'static str, app: Router) -> Self {
        Self {
            app: Router::new().nest(home, app),
            home,
            cookie: None,
        }
    }

    /// Sends a request as a page of `site` would.
    pub async fn send(&mut self, method: Method, path: &str, site: &str, form: &str) -> Page {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("sec-fetch-site", site);
        if !form.is_empty() {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, format!("other=1; {cookie}"));
        }
        let response = self
            .app
            .clone()
            .oneshot(request.body(Body::from(form.to_owned())).unwrap())
            .await
            .unwrap();
        let (parts, body) = response.into_parts();
        if let Some(cookie) = parts.headers.get(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            let attributes = format!("; Path={}; HttpOnly; SameSite=Lax; Secure", self.home);
            assert!(cookie.ends_with(&attributes), "{cookie}");
            self.cookie = Some(cookie.split(';').next().unwrap().to_owned());
        }
        let html = String::from_utf8(to_bytes(body, 1 << 20).await.unwrap().to_vec()).unwrap();
        Page {
            status: parts.status,
            headers: parts.headers,
            html,
        }
    }

    pub async fn get(&mut self, path: &str) -> Page {
        self.send(Method::GET, path, "same-origin", "").await
    }

    /// Sends a form of the app's own.
    pub async fn press(&mut self, path: &str, form: &str) -> Page {
        self.send(Method::POST, path, "same-origin", form).await
    }

    /// Every page of a careful site carries these.
    pub async fn assert_careful(&mut self, pages: &[(&str, u16)], form_action: &str) {
        for (path, status) in pages {
            let page = self.get(path).await;
            assert_eq!(page.status.as_u16(), *status, "{path}");
            let header = |name: &str| page.headers[name].to_str().unwrap();
            assert_eq!(
                header("content-security-policy"),
                format!(
                    "default-src 'none'; style-src 'self'; img-src 'self'; form-action {form_action}; base-uri 'none'; frame-ancestors 'none'"
                )
            );
            assert_eq!(header("x-content-type-options"), "nosniff");
            assert!(
                !page.html.contains("<script") && !page.html.contains(" style="),
                "{path}"
            );
            let cached = path.ends_with("/style.css") || path.ends_with("/icon.svg");
            assert_eq!(
                header("cache-control").contains("no-store"),
                !cached,
                "{path}"
            );
        }
    }
}
