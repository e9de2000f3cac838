//! What the stories of the account information interface share.

use serde_json::json;

use crate::door::Answer;

/// Fails unless this is an error of the interface with this code.
#[track_caller]
pub fn assert_tpp(answer: &Answer, status: u16, code: &str) {
    assert_eq!(answer.status.as_u16(), status, "{}", answer.text());
    let body = answer.json();
    let message = &body["tppMessages"][0];
    assert_eq!(
        (&message["category"], &message["code"]),
        (&json!("ERROR"), &json!(code)),
        "{body}"
    );
    assert!(
        message["text"]
            .as_str()
            .is_some_and(|text| !text.is_empty()),
        "{body}"
    );
    assert_eq!(
        body["trace_id"].as_str(),
        Some(answer.header("x-trace-id")),
        "{body}"
    );
}
