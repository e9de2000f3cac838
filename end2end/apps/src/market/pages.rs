//! The market's pages. `maud` escapes whatever is put into them.

use axum::http::StatusCode;
use maud::{Markup, html};
use time::{OffsetDateTime, macros::format_description};

use super::{
    VERSION,
    clerk::{Event, Held},
    goods::{OFFERS, Offer},
    visitor::{DAY, Deed, Order, Outcome, Talk, Visitor},
    wallet::Receipt,
};
use crate::{
    conversation::{exchanges, explanation, groups},
    front::{Frame, Page},
};

/// What is for sale. `now` is the market's clock without what a visitor set it ahead, in seconds.
pub(super) fn stalls(path: &str, visitor: &Visitor, now: u64) -> Page {
    let orders: Vec<&Order> = visitor.orders().collect();
    let body = html! {
        h1 { "Three stalls today" }
        p { "An order goes from the market to the seller by way of the wallet. Nobody signs in: the market has a token of its own, fetches it when there is none, and renews it when it is over." }
        ul .stalls {
            @for offer in &OFFERS { li { (stall(path, offer)) } }
        }
        (keyring(&visitor.keyring.held(), visitor.ahead, now))
        @if !orders.is_empty() {
            section {
                h2 { "Your visit so far" }
                ul .plain {
                    @for order in orders {
                        li {
                            a href=(format!("{path}/orders/{}", order.number)) { "Order " (order.number) }
                            " — " (order.offer.goods) ", "
                            (order.receipt.as_ref().map_or("not written down", |receipt| receipt.status.as_str()))
                        }
                    }
                }
            }
        }
    };
    page(path, StatusCode::OK, "Pincode Market", &body)
}

fn stall(path: &str, offer: &Offer) -> Markup {
    html! {
        h2 { (offer.goods) }
        p .note { (offer.seller) }
        p { (offer.about) }
        p .price { data value=(offer.amount) { (offer.price) } }
        form method="post" action=(format!("{path}/orders")) {
            input type="hidden" name="offer" value=(offer.word);
            button .primary type="submit" aria-label=(format!("Write the order: {}", offer.goods)) { "Write the order" }
        }
    }
}

/// One order, with the conversations about it.
pub(super) fn order(path: &str, visitor: &Visitor, order: &Order, now: u64) -> Page {
    let place = format!("{path}/orders/{}", order.number);
    let latest = visitor.talks(&order.number).next();
    let (title, lead) = standing(order, latest, &place);
    let body = html! {
        p .crumb { "Order " (order.number) }
        h1 { (title) }
        (lead)
        (facts(order))
        @match &order.receipt {
            Some(_) => (button(&place, Deed::Look, "Ask how it stands", true)),
            None => (button(&place, Deed::Write, "Write the order again", true)),
        }
        (keyring(&visitor.keyring.held(), visitor.ahead, now))
        @if order.receipt.is_some() { (hardships(&place)) }
        (talks(visitor, order))
        p { a href=(path) { "Back to the stalls" } }
    };
    page(path, StatusCode::OK, title, &body)
}

/// The heading of an order and what stands below it.
fn standing(order: &Order, latest: Option<&Talk>, place: &str) -> (&'static str, Markup) {
    let happened = |talk: &Talk| happened(&talk.events);
    match latest {
        Some(talk) if talk.outcome == Outcome::Running => (
            "One moment",
            html! {
                p { "The market is talking to the wallet right now." }
                p { a href=(place) { "Look again" } }
            },
        ),
        Some(
            talk @ Talk {
                outcome: Outcome::Failed(trouble),
                ..
            },
        ) => {
            let words = trouble.words();
            let lead = html! {
                div .trouble role="group" aria-label="What went wrong" { (explanation(&words)) }
                (happened(talk))
            };
            (words.title, lead)
        }
        _ => {
            let title = match (&order.receipt, latest.map(|talk| talk.deed)) {
                (None, _) => "This order is not written down",
                (_, Some(Deed::Write)) => "The order is written down",
                (_, Some(Deed::Look) | None) => "So it stands",
                (_, Some(Deed::Spoil)) => "A spoilt token, and the call came through",
                (_, Some(Deed::End)) => "An ended session, and the call came through",
                (_, Some(Deed::Ahead)) => "A day later, and the call came through",
            };
            (
                title,
                html! { @if let Some(talk) = latest { (happened(talk)) } },
            )
        }
    }
}

fn happened(events: &[Event]) -> Markup {
    html! {
        @if !events.is_empty() {
            ol .happened {
                @for event in events { li .(kind(*event)) { (words(*event)) } }
            }
        }
    }
}

/// How an event looks.
fn kind(event: Event) -> &'static str {
    match event {
        Event::Spoilt | Event::SessionEnded | Event::Ahead(_) => "made",
        Event::Answered(401 | 412) | Event::AnsweredAgain(401 | 412) | Event::NotRenewed => "no",
        Event::Answered(_) | Event::AnsweredAgain(_) => "yes",
        _ => "renewed",
    }
}

fn words(event: Event) -> Markup {
    match event {
        Event::Spoilt => {
            html! { "The access token was given back at the wallet: it is worth nothing now." }
        }
        Event::SessionEnded => {
            html! { "The refresh token was given back at the wallet: the session is over." }
        }
        Event::Ahead(1) => html! { "The market’s clock was set one day ahead." },
        Event::Ahead(days) => {
            html! { "The market’s clock was set another day ahead, " (days) " by now." }
        }
        Event::NoTokenYet => html! { "The market had no token." },
        Event::NearlyOver => {
            html! { "By the market’s clock the token was over, or nearly, so it was renewed before the call." }
        }
        Event::Begun => {
            html! { "The market got a first token for its id and secret." }
        }
        Event::Renewed => html! { "The market got a new token for its refresh token." },
        Event::NotRenewed => {
            html! { "The wallet refused to renew: with the session the refresh token was over too." }
        }
        Event::RenewedElsewhere => {
            html! { "Another of your tabs had renewed the token meanwhile. It was not renewed twice." }
        }
        Event::Answered(401) => {
            html! { "The wallet answered the call with " b { "401" } ": the token is over." }
        }
        Event::Answered(412) => {
            html! { "The wallet answered the call with " b { "412" } ": the session is over." }
        }
        Event::Answered(status) => {
            html! { "The wallet answered the call with " b { (status) } "." }
        }
        Event::AnsweredAgain(status) => {
            html! { "The same call with the new token: the wallet answered " b { (status) } "." }
        }
    }
}

fn facts(order: &Order) -> Markup {
    html! {
        dl .receipt {
            dt { "Goods" } dd { (order.offer.goods) }
            dt { "Seller" } dd { (order.offer.seller) br; code { (groups(order.offer.iban)) } }
            dt { "Price" } dd { data value=(order.offer.amount) { (order.offer.price) } }
            @if let Some(receipt) = &order.receipt { (written(receipt)) }
        }
    }
}

fn written(receipt: &Receipt) -> Markup {
    html! {
        dt { "At the wallet" } dd { code { (receipt.transfer_id) } }
        dt { "Amount there" } dd { (receipt.amount) " " (receipt.currency) }
        dt { "Status there" } dd .status { (receipt.status) }
        dt { "Written down" } dd { time datetime=(receipt.created_at) { (receipt.created_at) } }
        dt { "Good until" } dd { time datetime=(receipt.expires_at) { (receipt.expires_at) } }
    }
}

/// What there is to know of the market's token.
fn keyring(held: &Held, ahead: u64, now: u64) -> Markup {
    html! {
        section .token {
            h2 { "The market’s token" }
            @match &held.token {
                None => p { "None yet. The first order fetches it." },
                Some(token) => dl .receipt {
                    dt { "Scheme" } dd { code { (token.token_type) } }
                    dt { "Issued" } dd { (moment(token.issued_at / 1000)) }
                    dt { "Expires" } dd { (moment(token.expires_at / 1000)) }
                    dt { "Fetched" } dd data-fact="begun" { (times(held.begun)) }
                    dt { "Renewed" } dd data-fact="renewed" { (times(held.renewed)) }
                    dt { "Market’s clock" } dd data-fact="clock" {
                        (moment(now + ahead))
                        @match ahead / DAY {
                            0 => {}
                            1 => { br; "one day ahead" }
                            days => { br; (days) " days ahead" }
                        }
                    }
                },
            }
            @if held.token.is_some() && ahead > 0 {
                p .note { "Issued and expires are by the wallet’s clock. The market reckons from when the answer came, so it renews in time though its own clock is wrong." }
            }
        }
    }
}

fn times(count: u32) -> String {
    match count {
        0 => "not yet".to_owned(),
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        more => format!("{more} times"),
    }
}

/// A moment that people and machines can read; the number when it is beyond every calendar.
fn moment(seconds: u64) -> Markup {
    let known = i64::try_from(seconds)
        .ok()
        .and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok());
    let text = |format: &[time::format_description::BorrowedFormatItem<'_>]| {
        known.and_then(|moment| moment.format(format).ok())
    };
    let machine = text(format_description!(
        "[year]-[month]-[day]T[hour]:[minute]:[second]Z"
    ));
    let people = text(format_description!(
        "[year]-[month]-[day] [hour]:[minute]:[second] UTC"
    ));
    html! {
        @match machine.zip(people) {
            Some((machine, people)) => time datetime=(machine) { (people) },
            None => (seconds),
        }
    }
}

/// The buttons that make it hard for the market.
fn hardships(place: &str) -> Markup {
    let hardships = [
        (
            Deed::Spoil,
            "Spoil the access token",
            "The market gives its access token back at the wallet and keeps using it. The next call is answered with 401; the market renews its token with the refresh token and calls again.",
        ),
        (
            Deed::End,
            "End the session",
            "The market gives its refresh token back, and with it everything that came of that grant ends. The next call is answered with 412; renewing is refused; the market asks for a first token again.",
        ),
        (
            Deed::Ahead,
            "Set the market’s clock ahead by a day",
            "By its own clock the market’s token is over then. It renews before the call, so that no call meets an expired token.",
        ),
    ];
    html! {
        section {
            h2 { "Make it hard for the market" }
            p .note { "Nothing is staged: each button does the real thing at the wallet, and then asks how the order stands." }
            ul .hardships {
                @for (deed, words, what) in hardships {
                    li {
                        p { (what) }
                        (button(place, deed, words, false))
                    }
                }
            }
        }
    }
}

fn button(place: &str, deed: Deed, words: &str, is_primary: bool) -> Markup {
    html! {
        form method="post" action=(format!("{place}/{}", deed.word())) {
            button .primary[is_primary] type="submit" { (words) }
        }
    }
}

/// Everything that was said about an order, newest first.
fn talks(visitor: &Visitor, order: &Order) -> Markup {
    html! {
        section .trail {
            h2 { "What was said" }
            p .note { "Every request as it went over the wire, the newest conversation first. Secrets are cut to their shape." }
            @for talk in visitor.talks(&order.number) {
                h3 {
                    (match talk.deed {
                        Deed::Write => "Write the order",
                        Deed::Look => "Ask how it stands",
                        Deed::Spoil => "Spoil the access token",
                        Deed::End => "End the session",
                        Deed::Ahead => "A day ahead",
                    })
                }
                @if talk.outcome == Outcome::Running { p { "Still under way." } }
                (exchanges("market’s server", &talk.trail))
            }
        }
    }
}

/// Nothing there.
pub(super) fn unknown(path: &str) -> Page {
    problem(
        path,
        StatusCode::NOT_FOUND,
        "There is nothing here",
        html! {
            p { "We know no such page or order, or your visit was more than an hour ago and we have forgotten it." }
        },
    )
}

/// A form that another site sent.
pub(super) fn foreign(path: &str) -> Page {
    problem(
        path,
        StatusCode::FORBIDDEN,
        "This form was not sent from our market",
        html! {
            p { "Another page tried to press our buttons for you. " b { "Nothing happened." } }
        },
    )
}

fn problem(path: &str, status: StatusCode, title: &str, body: Markup) -> Page {
    let body = html! { h1 { (title) } (body) p { a href=(path) { "Back to the stalls" } } };
    page(path, status, title, &body)
}

fn page(path: &str, status: StatusCode, title: &str, body: &Markup) -> Page {
    let frame = Frame {
        path,
        version: &VERSION,
        name: "Pincode Market",
        motto: "A market that is not the wallet. Sample app, play money.",
        footer: "This market is a third party: it knows only the wallet’s public documentation, an id and a secret.",
    };
    Page {
        status,
        markup: frame.around(title, body),
    }
}
