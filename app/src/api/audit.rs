//! The audit trail: its page, and the way out of it as a file.

#![expect(
    clippy::too_many_arguments,
    reason = "a server function has one argument for each field of its form"
)]

use axum::{body::Body, response::Response};
use engine::{
    audit::{AuditPage, AuditQuery, ExportFormat},
    portal::Refusal,
};
use http::{HeaderValue, header};
use leptos::prelude::*;
use serde::Deserialize;

use super::{
    Form,
    portal::{answered, visited},
};
use crate::{components::Visitor, problem::Problem};

/// A page of the trail.
pub async fn page(query: AuditQuery) -> Result<(Visitor, AuditPage), Refusal> {
    let (engine, visit) = visited();
    let (person, page) = engine.audit_page(&visit, query).await?;
    Ok((Visitor::of(&person), page))
}

/// Everything that the filters leave, as a file (A6). A download in place of a redirect: no page follows.
#[server(prefix = "/api", endpoint = "admin/audit_export", protocol = Form, input_derive = (Deserialize,))]
pub async fn export(
    form_token: String,
    #[server(default)] actor: String,
    #[server(default)] action: String,
    #[server(default)] object: String,
    #[server(default)] reference: String,
    #[server(default)] from: String,
    #[server(default)] until: String,
    #[server(default)] format: String,
) -> Result<Response, Problem> {
    let (engine, visit) = visited();
    let query = AuditQuery {
        actor,
        action,
        object,
        reference,
        from,
        until,
        before: String::new(),
    };
    let format = ExportFormat::of(&format).unwrap_or(ExportFormat::Csv);
    match engine
        .export_audit(&visit, &form_token, &query, format)
        .await
    {
        Ok(lines) => Ok(file(Body::from_stream(lines), format)),
        Err(refusal) => answered(&engine, engine.turn_away(&visit, refusal)),
    }
}

fn file(body: Body, format: ExportFormat) -> Response {
    let (kind, disposition) = match format {
        ExportFormat::Csv => (
            "text/csv; charset=utf-8; header=present",
            "attachment; filename=\"countersign-audit.csv\"",
        ),
        ExportFormat::JsonLines => (
            "application/jsonl; charset=utf-8",
            "attachment; filename=\"countersign-audit.jsonl\"",
        ),
    };
    let mut response = Response::new(body);
    for (name, value) in [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_DISPOSITION, disposition),
    ] {
        let headers = response.headers_mut();
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
