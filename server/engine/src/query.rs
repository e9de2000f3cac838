//! Fields of a list's address, as somebody typed them: what cannot be read is told and left out.

use std::time::Duration;

use protocol::time::{Date, Timestamp};
use store::Bookmark;

/// A field, if there is anything in it; its name is noted when that cannot be read.
pub(crate) fn field<T>(
    name: &'static str,
    typed: &str,
    unreadable: &mut Vec<&'static str>,
    read: impl FnOnce(&str) -> Option<T>,
) -> Option<T> {
    let typed = typed.trim();
    if typed.is_empty() {
        return None;
    }
    let value = read(typed);
    if value.is_none() {
        unreadable.push(name);
    }
    value
}

/// The query string of these fields, with `?`; empty when there is nothing in any of them.
pub(crate) fn address<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut pairs = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in fields {
        if !value.trim().is_empty() {
            pairs.append_pair(name, value.trim());
        }
    }
    match pairs.finish() {
        query if query.is_empty() => query,
        query => format!("?{query}"),
    }
}

/// Whether there is anything in one of these fields but in `place`, where a page begins.
pub(crate) fn is_filtered<'a>(
    fields: impl IntoIterator<Item = (&'a str, &'a str)>,
    place: &str,
) -> bool {
    let mut fields = fields.into_iter();
    fields.any(|(name, value)| name != place && !value.trim().is_empty())
}

/// A row as a field of the address of the next page; [`bookmark`] reads it.
pub(crate) fn place(last: &Bookmark) -> String {
    format!("{}_{}", last.at.millis(), last.id)
}

/// The row from which a page goes on.
pub(crate) fn bookmark(typed: &str) -> Option<Bookmark> {
    let (at, id) = typed.split_once('_')?;
    let plain = id.len() <= 64
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let at = at.parse().ok().map(Timestamp::from_millis)?;
    plain.then(|| Bookmark {
        at,
        id: id.to_owned(),
    })
}

/// The instant of a moment that a person typed: `2026-11-22T11:42`, as browsers send it, or a day.
pub(crate) fn instant(typed: &str) -> Option<Timestamp> {
    let (day, time) = match typed.split_once(['T', ' ']) {
        Some((day, time)) => (day, time),
        None => (typed, "00:00"),
    };
    let midnight = day.parse::<Date>().ok()?.midnight();
    let mut seconds = 0;
    let parts: Vec<&str> = time.split(':').collect();
    if !(2..=3).contains(&parts.len()) {
        return None;
    }
    for (part, (unit, most)) in parts.iter().zip([(3600, 23), (60, 59), (1, 59)]) {
        let digits = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        let number: u64 = part
            .parse()
            .ok()
            .filter(|number| digits && *number <= most)?;
        seconds += number * unit;
    }
    Some(midnight + Duration::from_secs(seconds))
}
