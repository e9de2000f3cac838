//! The shop's pages. `maud` escapes whatever is put into them.

use axum::http::StatusCode;
use maud::{Markup, html};

use super::{
    VERSION,
    errand::{Account, Errand, Goal, Receipt, Standing},
    goods,
    trouble::Trouble,
};
use crate::{
    conversation::{exchanges, explanation, groups},
    front::{Frame, Page},
    recorder::Exchange,
};

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
            (exchanges("shop’s server", trail))
        }
    }
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
    Frame {
        path,
        version: &VERSION,
        name: "Countersign Coffee",
        motto: "A shop that is not the wallet. Sample app, play money.",
        footer: "This shop is a third party: it knows only the wallet’s public documentation.",
    }
    .around(title, body)
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
