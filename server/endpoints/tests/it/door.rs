//! A client of the router: sends requests, reads answers.

use std::sync::Arc;

use axum::{
    Router,
    body::Body,
    response::{IntoResponse as _, Response},
};
use endpoints::Endpoints;
use http::{HeaderMap, Method, Request, StatusCode, header};
use protocol::{authorization::ProblemView, error_catalogue};
use serde_json::Value;
use store::{OpenOptions, testing::TestDatabase};
use tower::ServiceExt as _;

use crate::house::{App, House, basic};

/// A house with its router and its database.
pub struct Door {
    pub house: House,
    pub router: Router,
    pub db: TestDatabase,
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {:?}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// The `error` of the standard body.
    pub fn error(&self) -> String {
        self.json()["error"].as_str().unwrap_or_default().to_owned()
    }

    /// Fails unless this is an error of the standard shape, under one reference everywhere.
    pub fn assert_error(&self, status: u16, error: &str) {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        let body = self.json();
        assert_eq!(body["error"], error, "{body}");
        assert!(
            body["error_description"]
                .as_str()
                .is_some_and(|text| !text.is_empty()),
            "{body}"
        );
        let uri = body["error_uri"].as_str().unwrap_or_default();
        let anchor = uri.strip_prefix("http://127.0.0.1:3000/developers/errors#");
        assert!(
            anchor.is_some_and(error_catalogue::explains),
            "nothing explains {body}"
        );
        let trace = body["trace_id"].as_str().unwrap_or_default();
        assert_eq!(trace.len(), 9, "{body}");
        assert_eq!(self.header("x-trace-id"), trace);
        assert_eq!(self.header("cache-control"), "no-store");
    }
}

/// A page that shows nothing but the kind of problem, as the pages' own crate would.
async fn problem_page(view: ProblemView) -> Response {
    let status = StatusCode::from_u16(view.kind.status()).expect("a status");
    (status, serde_json::to_string(&view).expect("a view")).into_response()
}

pub fn endpoints(house: &House) -> Endpoints {
    Endpoints {
        engine: house.engine.clone(),
        problem_page: Arc::new(|view, _| Box::pin(problem_page(view))),
        is_signed_in: Arc::new(|_| Box::pin(async { false })),
        limits: endpoints::Limits::default(),
    }
}

impl Door {
    /// On a fresh SQLite database; the stories of the use cases run on PostgreSQL too.
    pub async fn open() -> Self {
        let db = TestDatabase::sqlite(OpenOptions::default()).await;
        let house = House::on(&db.store);
        let router = endpoints::router(endpoints(&house));
        Self { house, router, db }
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        send(&self.router, request).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).expect("a request"))
            .await
    }

    /// A form by POST.
    pub async fn post(&self, path: &str, headers: &[(&str, &str)], form: &str) -> Answer {
        let mut request =
            Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(
            request
                .body(Body::from(form.to_owned()))
                .expect("a request"),
        )
        .await
    }

    /// A form by POST, with HTTP Basic.
    pub async fn post_as(&self, app: &App, path: &str, form: &str) -> Answer {
        let header = basic(app.id.as_str(), app.secret.as_deref().expect("a secret"));
        self.post(path, &[("authorization", &header)], form).await
    }

    pub async fn request(&self, method: Method, path: &str) -> Answer {
        self.send(
            Request::builder()
                .method(method)
                .uri(path)
                .body(Body::empty())
                .expect("a request"),
        )
        .await
    }
}

pub async fn send(router: &Router, request: Request<Body>) -> Answer {
    let response = match router.clone().oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    };
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX)
        .await
        .expect("a body");
    Answer {
        status: parts.status,
        headers: parts.headers,
        body: body.to_vec(),
    }
}
