//! Events as lines of a file: CSV (RFC 4180) and JSON lines.

use serde_json::{Value, json};
use store::audit::AuditRecord;

use crate::csv;

/// The first line of a CSV export.
pub const CSV_HEADER: &str = "id,at,actor,action,object,detail,trace\r\n";

/// An event as a line of CSV.
pub fn csv_line(event: &AuditRecord) -> String {
    let trace = event.trace.map(|trace| trace.to_string());
    csv::line([
        event.id.as_str(),
        &instant(event),
        &event.actor,
        &event.action,
        &event.object,
        &event.detail,
        trace.as_deref().unwrap_or_default(),
    ])
}

/// An event as a line of JSON.
pub fn json_line(event: &AuditRecord) -> String {
    // Details are JSON already; what is not stays a text.
    let detail: Value = serde_json::from_str(&event.detail).unwrap_or_else(|_| json!(event.detail));
    let line = json!({
        "id": event.id,
        "at": instant(event),
        "actor": event.actor,
        "action": event.action,
        "object": event.object,
        "detail": detail,
        "trace": event.trace,
    });
    format!("{line}\n")
}

/// With milliseconds, as it was sealed.
fn instant(event: &AuditRecord) -> String {
    let seconds = event.at.to_string();
    let millis = event.at.millis().rem_euclid(1000);
    format!("{}.{millis:03}Z", seconds.trim_end_matches('Z'))
}

#[cfg(test)]
mod tests {
    use protocol::{ids::TraceId, time::Timestamp};

    use super::*;

    fn event(actor: &str, detail: &str) -> AuditRecord {
        AuditRecord {
            id: "1".to_owned(),
            at: Timestamp::from_millis(1_795_348_800_007),
            actor: actor.to_owned(),
            action: "a".to_owned(),
            object: "o".to_owned(),
            detail: detail.to_owned(),
            trace: Some(TraceId::from_entropy([0; 5])),
        }
    }

    #[test]
    fn lines_can_be_read_again() {
        let event = event("user:\"ona\"\n", r#"{"scope":"wallet"}"#);
        assert_eq!(
            csv_line(&event),
            "\"1\",\"2026-11-22T12:00:00.007Z\",\"user:\"\"ona\"\"\n\",\"a\",\"o\",\
             \"{\"\"scope\"\":\"\"wallet\"\"}\",\"0000-0000\"\r\n"
        );
        let line: Value = serde_json::from_str(&json_line(&event)).unwrap_or_default();
        assert_eq!(line["detail"]["scope"], "wallet");
        assert_eq!(line["actor"], "user:\"ona\"\n");
        assert_eq!(CSV_HEADER.split(',').count(), 7);
    }

    #[test]
    fn no_field_is_a_formula() {
        let line = csv_line(&event("=HYPERLINK(1)", "{}"));
        assert!(line.contains("\"'=HYPERLINK(1)\""), "{line}");
    }
}
