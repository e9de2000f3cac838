//! The log as a file: the requests that the filter finds, newest first.

use protocol::{client::Environment, ids::AppId};

use super::{LogQuery, client_of};
use crate::{
    Engine, csv,
    portal::{
        form::{Flash, SEND_AGAIN, Typed},
        place::Place,
        session::{PortalAnswer, PortalVisit},
        wall::Refusal,
    },
    request_log::RequestLine,
};

/// Name of the form.
const FORM: &str = "log-export";

/// Most requests of one file.
pub const MOST_EXPORTED: usize = 10_000;

/// Requests that are read at once.
const PAGE: u64 = 1_000;

/// The names of the columns.
const COLUMNS: [&str; 9] = [
    "time",
    "reference",
    "client_id",
    "endpoint",
    "outcome",
    "status",
    "error",
    "duration_micros",
    "sent_by",
];

impl Engine {
    /// The requests of an app that this filter finds, as CSV. Where a page begins counts for nothing.
    ///
    /// # Errors
    /// When the visitor does not belong to the app's team, or storage failed.
    pub async fn log_export(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        app: &AppId,
        environment: Environment,
        query: LogQuery,
    ) -> Result<String, Refusal> {
        let here = Place::Log(app.clone(), environment);
        let member = self.member(visit, app, &here).await?;
        if !self.is_portal_form(visit, FORM, form_token) {
            let flash = Flash::note(FORM, SEND_AGAIN, Typed::default());
            let mut answer = self.leave(visit, &here, flash);
            let address = format!("{}{}", here.path(), query.address());
            answer.go = PortalAnswer::to_address(address).go;
            return Err(answer.into());
        }
        let mut text = csv::line(COLUMNS);
        let Some(client) = client_of(&member.app, environment) else {
            return Ok(text);
        };
        // What was answered a moment ago belongs to it.
        self.flush_requests().await?;
        let filter = query.read().filter;
        let (mut before, mut exported) = (None, 0);
        while exported < MOST_EXPORTED {
            let clients = std::slice::from_ref(&client);
            let lines = self
                .requests(clients, &filter, before.as_ref(), PAGE)
                .await?;
            let is_last = (lines.len() as u64) < PAGE;
            before = lines.last().map(RequestLine::bookmark);
            for line in lines.iter().take(MOST_EXPORTED - exported) {
                text += &of(line);
                exported += 1;
            }
            if is_last {
                break;
            }
        }
        Ok(text)
    }
}

fn of(line: &RequestLine) -> String {
    csv::line([
        line.at.to_string().as_str(),
        &line.trace.to_string(),
        line.client.as_str(),
        line.endpoint.path(),
        line.outcome.as_str(),
        &line.status.to_string(),
        line.error.as_deref().unwrap_or_default(),
        &line.duration_micros.to_string(),
        &line.agent,
    ])
}
