//! How an app shows what was said: every request with its answer, and the words when something went
//! wrong. `maud` escapes whatever is put into it.

use maud::{Markup, html};

use crate::recorder::{Exchange, Reply, Sender};

/// What is said when something did not work.
pub(crate) struct Words {
    pub(crate) title: &'static str,
    /// What happened.
    pub(crate) what: String,
    /// What did not happen, or what to do.
    pub(crate) then: &'static str,
    /// The wallet's own words, for whoever has to look into it.
    pub(crate) detail: Option<String>,
    /// The wallet's reference.
    pub(crate) trace: Option<String>,
}

impl Words {
    /// Words without anything of the wallet's.
    pub(crate) fn new(title: &'static str, what: impl Into<String>, then: &'static str) -> Self {
        Self {
            title,
            what: what.into(),
            then,
            detail: None,
            trace: None,
        }
    }
}

/// An error and its description as the wallet wrote them.
pub(crate) fn technical(error: &str, description: Option<&str>) -> String {
    match description {
        Some(description) => format!("{error}: {description}"),
        None => error.to_owned(),
    }
}

/// The words below their title.
pub(crate) fn explanation(words: &Words) -> Markup {
    html! {
        p { (words.what) }
        p { b { (words.then) } }
        @if let Some(detail) = &words.detail { p .note { "The wallet’s words: " code { (detail) } } }
        @if let Some(trace) = &words.trace { p .note { "The wallet’s reference: " code { (trace) } } }
    }
}

/// Every request, with what came back. `app` names the server that sent them.
pub(crate) fn exchanges(app: &str, trail: &[Exchange]) -> Markup {
    html! {
        ol .exchanges {
            @for exchange in trail {
                li {
                    p { (exchange.purpose) }
                    details {
                        summary {
                            span .sender {
                                (match exchange.sender { Sender::Browser => "browser", Sender::App => app })
                            }
                            " " code { (exchange.method) " " (place(&exchange.url)) }
                            @match &exchange.reply {
                                Reply::Unseen => {}
                                Reply::Answer { status, .. } => { " → " b { (status) } }
                                Reply::Nothing(_) => { " → " b { "no answer" } }
                            }
                        }
                        (wire("Request", &request(exchange)))
                        @if let Some((name, readable)) = &exchange.readable {
                            p .note { "In it, " code { (name) } " reads:" }
                            (wire(name, readable))
                        }
                        @match &exchange.reply {
                            Reply::Unseen => {}
                            Reply::Answer { status, headers, body } => {
                                (wire("Answer", &message(&format!("HTTP {status}"), headers, Some(body))))
                            }
                            Reply::Nothing(reason) => p { "No answer: " (reason) }
                        }
                    }
                }
            }
        }
    }
}

fn wire(label: &str, text: &str) -> Markup {
    html! { pre tabindex="0" role="group" aria-label=(label) { (text) } }
}

fn request(exchange: &Exchange) -> String {
    let url = exchange.url.replacen('?', "\n  ?", 1).replace('&', "\n  &");
    message(
        &format!("{} {url}", exchange.method),
        &exchange.headers,
        exchange.body.as_ref(),
    )
}

fn message(first: &str, headers: &[(String, String)], body: Option<&String>) -> String {
    let mut text = first.to_owned();
    for (name, value) in headers {
        text.push_str(&format!("\n{name}: {value}"));
    }
    if let Some(body) = body.filter(|body| !body.is_empty()) {
        text.push_str("\n\n");
        text.push_str(body);
    }
    text
}

/// The path of an address.
fn place(url: &str) -> &str {
    let path = url.split('?').next().unwrap_or(url);
    path.split_once("://")
        .and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..]))
        .unwrap_or(path)
}

/// An account number in groups of four.
pub(crate) fn groups(iban: &str) -> String {
    let characters: Vec<char> = iban.chars().collect();
    characters
        .chunks(4)
        .map(|group| group.iter().collect::<String>())
        .collect::<Vec<_>>()
        .join(" ")
}
