//! How a form of a page comes in: as the browser sends it, read strictly.
//!
//! Leptos' own encodings answer a plain form with a redirect to `Referer` and put errors into the
//! address. This one reads the form, runs the server function, and answers exactly what the
//! function says (see [`crate::answer`]).

use std::future::Future;

use axum::{
    body::{Body, to_bytes},
    response::Response,
};
use http::{HeaderMap, Method, Request, header};
use leptos::server_fn::{Protocol, axum::AxumServerFnBackend, client::Client};
use protocol::form::RawForm;
use serde::{
    Deserializer,
    de::{DeserializeOwned, Error as _, Visitor, value::MapDeserializer},
    forward_to_deserialize_any,
};

use crate::{
    answer::{self, Stopped},
    problem::Problem,
    visitor,
};

/// Largest form that is read, in bytes.
pub const LARGEST_FORM: usize = 64 * 1024;

/// The encoding of every form of the pages: `#[server(protocol = Form)]`.
///
/// Each server function is a form's action. A field that the function does not know, or that comes
/// twice without being a list, is refused: no page of ours sends such a form.
pub struct Form;

impl<Fields, C> Protocol<Fields, Response, C, AxumServerFnBackend, Problem> for Form
where
    Fields: DeserializeOwned + Send,
    C: Client<Problem>,
{
    const METHOD: Method = Method::POST;

    async fn run_server<F, Fut>(request: Request<Body>, server_fn: F) -> Result<Response, Problem>
    where
        F: Fn(Fields) -> Fut + Send,
        Fut: Future<Output = Result<Response, Problem>> + Send,
    {
        let answered = match read(request).await {
            Ok(fields) => server_fn(fields).await,
            Err(problem) => Err(problem),
        };
        Ok(answered.unwrap_or_else(|problem| refuse(&problem)))
    }

    /// Forms are sent by browsers, not by code of ours.
    async fn run_client(path: &str, _fields: Fields) -> Result<Response, Problem> {
        Err(Problem::Broken(format!("{path} is a form's action")))
    }
}

/// The fields of a form.
async fn read<Fields: DeserializeOwned>(request: Request<Body>) -> Result<Fields, Problem> {
    if !is_form(request.headers()) {
        return Err(Problem::NotAForm);
    }
    let body = to_bytes(request.into_body(), LARGEST_FORM)
        .await
        .map_err(|_| Problem::TooLarge)?;
    decode(&body)
}

fn is_form(headers: &HeaderMap) -> bool {
    let value = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let essence = value.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// Reads a form: `Vec` fields take every value of their name in order, all others exactly one.
pub fn decode<Fields: DeserializeOwned>(body: &[u8]) -> Result<Fields, Problem> {
    // Escapes, UTF-8 and the number of fields, by the rules of the endpoints.
    let form = RawForm::parse(body)?;
    Fields::deserialize(Strict { form: &form, body })
        .map_err(|error| Problem::Unreadable(reason(&error)))
}

/// Why a form cannot be read, without what stands in it: this goes to the log.
fn reason(error: &serde::de::value::Error) -> String {
    let words = error.to_string();
    if words.starts_with("missing field") || words == UNKNOWN_FIELD {
        words
    } else {
        "a field comes twice, or has a value that it does not offer".into()
    }
}

/// Not its name: a misdirected form may carry anything.
const UNKNOWN_FIELD: &str = "a field that this form does not have";

/// The page for a form that was not taken. It is nobody's authorization: nothing of it was read.
fn refuse(problem: &Problem) -> Response {
    let (engine, parts) = super::context();
    let locale = visitor::language(&parts.headers).resolve();
    let view = Box::new(problem.view(&engine, locale));
    answer::stopped(Stopped {
        view,
        status: Some(problem.status()),
        address: "/".into(),
    })
}

/// Reads a struct whose fields are all there is.
struct Strict<'a> {
    form: &'a RawForm,
    body: &'a [u8],
}

impl<'de> Deserializer<'de> for Strict<'de> {
    type Error = serde::de::value::Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        if self.form.names().any(|name| !fields.contains(&name)) {
            return Err(Self::Error::custom(UNKNOWN_FIELD));
        }
        serde_html_form::Deserializer::from_bytes(self.body)
            .deserialize_struct(name, fields, visitor)
    }

    /// A struct that takes fields which are not listed (`flatten`) says itself which ones it knows.
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_map(MapDeserializer::new(self.form.pairs()))
    }

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Self::Error> {
        Err(Self::Error::custom("a form is a struct"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct enum identifier ignored_any
    }
}
