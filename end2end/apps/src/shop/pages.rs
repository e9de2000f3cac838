//! The shop's pages. `maud` escapes whatever is put into them.

use axum::{
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use maud::{DOCTYPE, Markup, html};

use super::{
    VERSION,
    errand::{Account, Errand, Goal, Receipt, Standing},
    goods,
    trouble::{Trouble, Words},
};
use crate::recorder::{Exchange, Reply, Sender};

/// A page with its status.
pub(super) struct Page {
    status: StatusCode,
    markup: Markup,
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        (self.status, Html(self.markup.into_string())).into_response()
    }
}

/// One line of the visitor's list of errands.
pub(super) struct Line {
    goal: Goal,
    number: String,
    standing: &'static str,
}

impl Line {
    pub(super) fn of(errand: &Errand) -> Self {
        Self {
            goal: errand.goal,
            number: errand.number.clone(),
            standing: word(&errand.standing),
        }
    }
}

/// The state of an errand in one or two words.
fn word(standing: &Standing) -> &'static str {
    match standing {
        Standing::Away { .. } => "waiting for you at the wallet",
        Standing::Asking => "in progress",
        Standing::Paid(_) => "paid",
        Standing::Connected { .. } => "connected",
        Standing::Ended => "disconnected",
        Standing::Open { .. } => "no answer yet",
        Standing::Failed(Trouble::Declined) => "cancelled",
        Standing::Failed(_) => "did not work",
    }
}

/// What is for sale.
pub(super) fn product(path: &str, errands: &[Line]) -> Page {
    ok(
        path,
        "Guji, washed — Countersign Coffee",
        html! {
            article .product {
                (bag())
                div {
                    h1 { "Guji, washed" }
                    p { "Ethiopia, 2,100 m. Bergamot, apricot, black tea. Whole beans, 1 kg." }
                    p .price { data value=(goods::AMOUNT) { (goods::PRICE) } }
                    form method="post" action=(format!("{path}/orders")) {
                        button .primary type="submit" { "Pay " (goods::PRICE) " from your wallet" }
                    }
                    p .note {
                        "The wallet asks you to confirm exactly this sum to " (goods::CREDITOR)
                        ". The shop never sees your password."
                    }
                }
            }
            section {
                h2 { "Coffee budget" }
                p { "Connect your accounts and see whether there is money for more beans. The shop sees your name and the numbers and balances of the accounts that you choose, and cannot pay from them." }
                form method="post" action=(format!("{path}/connections")) {
                    button type="submit" { "Connect your accounts" }
                }
            }
            @if !errands.is_empty() {
                section {
                    h2 { "Your visit so far" }
                    ul .plain {
                        @for line in errands {
                            li {
                                a href=(format!("{path}/{}/{}", line.goal.folder(), line.number)) {
                                    (match line.goal { Goal::Pay => "Order ", Goal::Connect => "Connection " })
                                    (line.number)
                                }
                                " — " (line.standing)
                            }
                        }
                    }
                }
            }
        },
    )
}

/// One order or connection.
pub(super) fn errand(path: &str, errand: &Errand) -> Page {
    let place = format!("{path}/{}/{}", errand.goal.folder(), errand.number);
    let back = || html! { a href=(path) { "Back to the shop" } };
    let (title, body) = match &errand.standing {
        Standing::Away { .. } => (
            "The wallet is waiting for you",
            html! {
                p { "Your browser was sent to the wallet, and no answer came back yet. If you closed that page, begin again: nothing was taken." }
                (again(&place, "Go to the wallet again"))
            },
        ),
        Standing::Asking => (
            "One moment",
            html! {
                p { "The shop is talking to the wallet right now." }
                p { a href=(place) { "Look again" } }
            },
        ),
        Standing::Paid(receipt) => ("Thank you, that is paid", paid(errand, receipt)),
        Standing::Connected {
            holder, accounts, ..
        } => (
            "Your accounts are connected",
            html! {
                p { "Hello " b { (holder.display_name) } ". You let the shop see:" }
                (balances(accounts))
                form method="post" action=(format!("{place}/end")) {
                    button type="submit" { "Disconnect" }
                }
            },
        ),
        Standing::Ended => (
            "Disconnected",
            html! {
                p { "The shop gave its token back. It sees nothing any more." }
                (again(&place, "Connect again"))
            },
        ),
        Standing::Open { .. } => {
            let words = Trouble::NoAnswer.words();
            (
                words.title,
                html! {
                    (explanation(&words))
                    form method="post" action=(format!("{place}/ask")) {
                        button .primary type="submit" { "Ask the wallet again" }
                    }
                },
            )
        }
        Standing::Failed(trouble) => {
            let words = trouble.words();
            (
                words.title,
                html! { (explanation(&words)) (again(&place, "Try again")) },
            )
        }
    };
    ok(
        path,
        title,
        html! {
            p .crumb { (match errand.goal { Goal::Pay => "Order ", Goal::Connect => "Connection " }) (errand.number) }
            h1 { (title) }
            (body)
            p { (back()) }
            (trail(&errand.trail))
        },
    )
}

fn again(place: &str, words: &str) -> Markup {
    html! {
        form method="post" action=(format!("{place}/again")) {
            button .primary type="submit" { (words) }
        }
    }
}

fn explanation(words: &Words) -> Markup {
    html! {
        p { (words.what) }
        p { b { (words.then) } }
        @if let Some(detail) = &words.detail { p .note { "The wallet’s words: " code { (detail) } } }
        @if let Some(trace) = &words.trace { p .note { "The wallet’s reference: " code { (trace) } } }
    }
}

fn paid(errand: &Errand, receipt: &Receipt) -> Markup {
    html! {
        dl .receipt {
            dt { "Order" } dd { (errand.number) }
            dt { "Goods" } dd { (goods::REFERENCE) }
            dt { "Paid" } dd { data value=(receipt.amount) { (receipt.amount) " " (receipt.currency) } }
            dt { "To" } dd { (goods::CREDITOR) }
            dt { "Transfer" } dd { code { (receipt.transfer_id) } }
            dt { "Status" } dd { (receipt.status) }
            dt { "Time" } dd { time datetime=(receipt.created_at) { (receipt.created_at) } }
        }
        p { "The beans are on their way. Well, in a demo they are." }
    }
}

fn balances(accounts: &[Account]) -> Markup {
    html! {
        @if accounts.is_empty() { p { "No account: you chose none." } }
        ul .accounts {
            @for account in accounts {
                li {
                    code { (groups(&account.iban)) }
                    span .sum { data value=(account.available) { (account.available) } " " (account.currency) }
                    @if account.reserved.bytes().any(|digit| (b'1'..=b'9').contains(&digit)) {
                        span .note { "reserved: " (account.reserved) " " (account.currency) }
                    }
                }
            }
        }
    }
}

/// Every request, with what came back.
fn trail(trail: &[Exchange]) -> Markup {
    html! {
        section .trail {
            h2 { "What was said" }
            p .note { "Every request of this flow, as it went over the wire. Secrets are cut to their shape." }
            ol {
                @for exchange in trail {
                    li {
                        p { (exchange.purpose) }
                        details {
                            summary {
                                span .sender {
                                    (match exchange.sender { Sender::Browser => "browser", Sender::App => "shop’s server" })
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
fn groups(iban: &str) -> String {
    let characters: Vec<char> = iban.chars().collect();
    characters
        .chunks(4)
        .map(|group| group.iter().collect::<String>())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Somebody else's answer, or one that came twice in one.
pub(super) fn stranger(path: &str) -> Page {
    problem(
        path,
        StatusCode::BAD_REQUEST,
        "This answer does not belong to your visit",
        html! {
            p { "The wallet’s answer is not for something that this browser began here. Perhaps the page was open for more than an hour, or somebody sent you the link." }
            p { b { "We did nothing with it. No money was taken." } }
        },
    )
}

/// Nothing there.
pub(super) fn unknown(path: &str) -> Page {
    problem(
        path,
        StatusCode::NOT_FOUND,
        "There is nothing here",
        html! {
            p { "We know no such page, or your visit was more than an hour ago and we have forgotten it." }
        },
    )
}

/// A form that another site sent.
pub(super) fn foreign(path: &str) -> Page {
    problem(
        path,
        StatusCode::FORBIDDEN,
        "This form was not sent from our shop",
        html! {
            p { "Another page tried to press our buttons for you. " b { "Nothing happened." } }
        },
    )
}

fn problem(path: &str, status: StatusCode, title: &str, body: Markup) -> Page {
    let body = html! { h1 { (title) } (body) p { a href=(path) { "Back to the shop" } } };
    Page {
        status,
        markup: sheet(path, title, &body),
    }
}

fn ok(path: &str, title: &str, body: Markup) -> Page {
    Page {
        status: StatusCode::OK,
        markup: sheet(path, title, &body),
    }
}

fn sheet(path: &str, title: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                link rel="stylesheet" href={ (path) "/style.css?v=" (*VERSION) };
                link rel="icon" type="image/svg+xml" href={ (path) "/icon.svg?v=" (*VERSION) };
            }
            body {
                a .skip href="#main" { "Skip to the content" }
                header { p { a href=(path) { "Countersign Coffee" } } p { "A shop that is not the wallet. Sample app, play money." } }
                main #main { (body) }
                footer { p { "This shop is a third party: it knows only the wallet’s public documentation." } }
            }
        }
    }
}

/// A bag of beans.
fn bag() -> Markup {
    html! {
        svg .bag viewBox="0 0 120 160" aria-hidden="true" focusable="false" {
            path .paper d="M18 26 26 8h68l8 18v120a6 6 0 0 1-6 6H24a6 6 0 0 1-6-6z" {}
            path .fold d="M18 26h84" {}
            ellipse .bean cx="60" cy="92" rx="24" ry="34" {}
            path .fold d="M60 60c-14 22 14 42 0 64" {}
        }
    }
}
