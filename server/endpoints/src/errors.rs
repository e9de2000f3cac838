//! Errors of the machine endpoints: the standard body, or the shape of a dialect.
//!
//! A handler answers with a [`Failure`]; the outermost layer ([`crate::trace`]) knows the request's
//! reference, writes the body and the one line in the log. So body, header and log always carry the
//! same reference, and no handler has to hand it around.

use std::{borrow::Cow, time::Duration};

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use engine::client_authentication::Refused;
use http::{HeaderName, HeaderValue, StatusCode, header};
use protocol::{
    api_error::ApiErrorCode,
    client::DialectName,
    dialects::{self, ErrorAnswer},
    error_catalogue,
    ids::TraceId,
    token::TokenErrorCode,
};
use serde_json::json;

/// When a busy server may be asked again.
pub(crate) const SOON: Duration = Duration::from_secs(1);

/// Where the codes are explained.
pub(crate) fn docs(issuer: &str) -> String {
    format!("{issuer}{}", error_catalogue::PATH)
}

/// The word for what went wrong, of the token endpoints or of the resources.
#[derive(Clone, Copy)]
enum Code {
    Token(TokenErrorCode),
    Api(ApiErrorCode),
}

impl Code {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Token(code) => code.as_str(),
            Self::Api(code) => code.as_str(),
        }
    }

    const fn anchor(self) -> &'static str {
        match self {
            Self::Token(code) => code.anchor(),
            Self::Api(code) => code.anchor(),
        }
    }
}

/// Makes the whole answer from the reference.
type Shape = Box<dyn Fn(TraceId) -> ErrorAnswer + Send + Sync>;

/// What went wrong, for three audiences: a code and a sentence for the caller, a reason for the log.
pub struct Failure {
    pub(crate) status: StatusCode,
    code: Code,
    pub(crate) description: Cow<'static, str>,
    /// The true reason with ids, for the log only.
    pub(crate) reason: Option<String>,
    headers: Vec<(HeaderName, HeaderValue)>,
    shape: Option<Shape>,
}

impl Failure {
    /// A failure with the standard body.
    pub fn new(
        status: StatusCode,
        code: ApiErrorCode,
        description: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::with_code(status, Code::Api(code), description)
    }

    fn with_code(
        status: StatusCode,
        code: Code,
        description: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            status,
            code,
            description: description.into(),
            reason: None,
            headers: Vec::new(),
            shape: None,
        }
    }

    /// 400 `invalid_request`: the request is malformed in a way that `description` tells.
    pub fn invalid_request(description: impl Into<Cow<'static, str>>) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            ApiErrorCode::InvalidRequest,
            description,
        )
    }

    /// 404 `not_found`: there is no such thing, or it is not the caller's business.
    pub fn not_found(description: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::NOT_FOUND, ApiErrorCode::NotFound, description)
    }

    /// 500 `server_error`. `reason` is for the log.
    pub fn broken(reason: impl Into<String>) -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            ApiErrorCode::ServerError,
            "something broke on our side",
        )
        .because(reason)
    }

    /// 503 `temporarily_unavailable` with `Retry-After`. Nothing was written. `reason` is for the log.
    pub fn busy(reason: impl Into<String>) -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            ApiErrorCode::TemporarilyUnavailable,
            "the server is busy; nothing was done, the same request may succeed in a moment",
        )
        .retry_after(SOON)
        .because(reason)
    }

    /// The word in `error`.
    pub(crate) const fn error(&self) -> &'static str {
        self.code.as_str()
    }

    /// Adds the true reason, for the log. Ids are welcome, secrets and tokens are not.
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// Adds a header. A value with characters that no header may have is left out.
    pub fn with_header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.push((name, value));
        }
        self
    }

    /// Adds `Retry-After`, in whole seconds, rounded up.
    pub fn retry_after(self, wait: Duration) -> Self {
        let seconds = wait.as_millis().div_ceil(1000);
        self.with_header(header::RETRY_AFTER, &seconds.to_string())
    }

    /// A refused back-channel request, in the shape of `dialect`. `issuer` is the public URL.
    pub(crate) fn of_token_request(refused: Refused, dialect: DialectName, issuer: &str) -> Self {
        let Refused {
            error,
            reason,
            retry_after,
            ..
        } = refused;
        let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST);
        let code = Code::Token(error.code);
        let failure = Self::with_code(status, code, error.description.clone()).because(reason);
        let failure = match retry_after {
            Some(wait) => failure.retry_after(wait),
            None => failure,
        };
        match dialects::dialect(dialect) {
            Some(dialect) => {
                let docs = docs(issuer);
                failure.shaped(move |trace| dialect.error(&error, &docs, trace))
            }
            None => failure,
        }
    }

    /// Gives the answer another shape than the standard one. Status and headers come from the shape;
    /// headers that were added here stay.
    pub(crate) fn shaped(
        mut self,
        shape: impl Fn(TraceId) -> ErrorAnswer + Send + Sync + 'static,
    ) -> Self {
        self.shape = Some(Box::new(shape));
        self
    }

    /// Adds to the answer in whatever shape it has, for interfaces with an error format of their own.
    pub(crate) fn extended(
        self,
        extend: impl Fn(&mut ErrorAnswer) + Send + Sync + 'static,
    ) -> Self {
        let (status, error, description) =
            (self.status.as_u16(), self.error(), self.description.clone());
        let mut extended = Self {
            shape: None,
            ..self
        };
        let shape = self.shape;
        extended.shape = Some(Box::new(move |trace| {
            let mut answer = match &shape {
                Some(shape) => shape(trace),
                None => ErrorAnswer {
                    status,
                    headers: Vec::new(),
                    body: json!({ "error": error, "error_description": description, "trace_id": trace }),
                },
            };
            extend(&mut answer);
            answer
        }));
        extended
    }

    /// The finished answer.
    pub(crate) fn finish(self, issuer: &str, trace: TraceId) -> Response {
        let Some(shape) = self.shape else {
            let body = json!({
                "error": self.code.as_str(),
                "error_description": self.description,
                "error_uri": format!("{}#{}", docs(issuer), self.code.anchor()),
                "trace_id": trace,
            });
            return with_headers((self.status, Json(body)).into_response(), self.headers);
        };
        let ErrorAnswer {
            status,
            headers,
            body,
        } = shape(trace);
        let status = StatusCode::from_u16(status).unwrap_or(self.status);
        let shaped = headers.into_iter().filter_map(|(name, value)| {
            Some((
                HeaderName::from_bytes(name.as_bytes()).ok()?,
                HeaderValue::from_str(&value).ok()?,
            ))
        });
        with_headers(
            (status, Json(body)).into_response(),
            shaped.chain(self.headers),
        )
    }
}

fn with_headers(
    mut response: Response,
    headers: impl IntoIterator<Item = (HeaderName, HeaderValue)>,
) -> Response {
    for (name, value) in headers {
        response.headers_mut().append(name, value);
    }
    response
}

impl From<engine::Error> for Failure {
    fn from(error: engine::Error) -> Self {
        match error {
            engine::Error::Busy(_) => Self::busy(error.to_string()),
            engine::Error::Broken(_) | engine::Error::Conflict(_) => {
                Self::broken(error.to_string())
            }
        }
    }
}

/// Takes the place of the answer until [`crate::trace`] finishes it.
#[derive(Clone)]
pub(crate) struct Pending(std::sync::Arc<std::sync::Mutex<Option<Failure>>>);

impl Pending {
    pub(crate) fn take(&self) -> Option<Failure> {
        self.0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .take()
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        let pending = Pending(std::sync::Arc::new(std::sync::Mutex::new(Some(self))));
        response.extensions_mut().insert(pending);
        response
    }
}
