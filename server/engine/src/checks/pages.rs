//! The website, the privacy policy and the terms: whether they are there, over TLS, and say something.

use protocol::{
    registration::checks::{CheckOutcome, Finding, Said},
    time::Timestamp,
};

use super::{Fetched, Verdict, tls};

/// Letters that a page has at least when it says something.
const FEWEST_LETTERS: usize = 50;

/// Types of content that a browser shows to people.
const READABLE: [&str; 4] = [
    "text/html",
    "text/plain",
    "application/xhtml+xml",
    "application/pdf",
];

/// The website at `address`: TLS, HSTS, an answer.
pub(super) fn judge_website(address: &str, fetched: &Fetched, now: Timestamp) -> Verdict {
    let Some(secure) = over_tls(address, fetched, now) else {
        let sentence = Finding::of(Said::NotHttps).with("address", address);
        return Verdict::new(CheckOutcome::Fail, [sentence]);
    };
    if fetched.status == 0 {
        return secure;
    }
    let hsts = if fetched.hsts {
        Verdict::new(CheckOutcome::Pass, [Finding::of(Said::HstsThere)])
    } else {
        Verdict::new(CheckOutcome::Warn, [Finding::of(Said::HstsMissing)])
    };
    let answer = trouble(address, fetched).unwrap_or_else(|| {
        let sentence = Finding::of(Said::PageAnswers).with("address", address);
        Verdict::new(
            CheckOutcome::Pass,
            [sentence.with("status", fetched.status)],
        )
    });
    secure.and(hsts).and(answer)
}

/// The policy page at `address`: there, readable, not empty.
pub(super) fn judge_policy(address: &str, fetched: &Fetched, now: Timestamp) -> Verdict {
    let about = |said| Finding::of(said).with("address", address);
    match &fetched.tls {
        Some(facts) if !facts.is_trusted() => return tls::judge(&host(address), facts, now),
        None => return Verdict::new(CheckOutcome::Fail, [about(Said::NotHttps)]),
        Some(_) => {}
    }
    if let Some(trouble) = trouble(address, fetched) {
        return trouble;
    }
    let kind = fetched.content_type.as_deref().unwrap_or_default();
    let kind = kind
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    if !READABLE.contains(&kind.as_str()) {
        let kind = if kind.is_empty() { "-" } else { &kind };
        let sentence = about(Said::PageNotReadable).with("type", kind);
        return Verdict::new(CheckOutcome::Warn, [sentence]);
    }
    if fetched.body.iter().all(u8::is_ascii_whitespace) {
        return Verdict::new(CheckOutcome::Fail, [about(Said::PageEmpty)]);
    }
    let says_something = kind == "application/pdf" || {
        let text = String::from_utf8_lossy(&fetched.body);
        let text = if kind == "text/plain" {
            text.into_owned()
        } else {
            visible(&text)
        };
        text.chars().filter(|c| c.is_alphabetic()).count() >= FEWEST_LETTERS
    };
    if says_something {
        Verdict::new(CheckOutcome::Pass, [about(Said::PageReadable)])
    } else {
        // It may say more when its scripts run, which a person can see.
        Verdict::new(CheckOutcome::Warn, [about(Said::PageEmpty)])
    }
}

fn over_tls(address: &str, fetched: &Fetched, now: Timestamp) -> Option<Verdict> {
    let facts = fetched.tls.as_ref()?;
    Some(tls::judge(&host(address), facts, now))
}

fn host(address: &str) -> String {
    url::Url::parse(address)
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned))
        .unwrap_or_default()
}

/// What is wrong with an answer, by its status.
fn trouble(address: &str, fetched: &Fetched) -> Option<Verdict> {
    let about = |said| Finding::of(said).with("address", address);
    match fetched.status {
        200..=299 => None,
        300..=399 => {
            let target = fetched.location.as_deref().unwrap_or("-");
            let sentence = about(Said::PageRedirects).with("target", target);
            Some(Verdict::new(CheckOutcome::Warn, [sentence]))
        }
        // Some sites turn away whoever is no browser: a person will see.
        status @ (401 | 403 | 429) => Some(Verdict::new(
            CheckOutcome::Warn,
            [about(Said::PageFails).with("status", status)],
        )),
        status => Some(Verdict::new(
            CheckOutcome::Fail,
            [about(Said::PageFails).with("status", status)],
        )),
    }
}

/// The text of an HTML page that is read without scripts, roughly: enough to tell whether there is any.
fn visible(html: &str) -> String {
    // ASCII only, so that places in the one are places in the other.
    let lower = html.to_ascii_lowercase();
    let mut text = String::new();
    let mut at = 0;
    while let Some(open) = lower[at..].find('<').map(|found| at + found) {
        text.push_str(&html[at..open]);
        text.push(' ');
        let silent = ["script", "style", "head", "template"]
            .into_iter()
            .find(|name| {
                let rest = &lower[open + 1..];
                rest.starts_with(name)
                    && !rest[name.len()..].starts_with(|c: char| c.is_ascii_alphanumeric())
            });
        let end = match silent {
            Some(name) => format!("</{name}"),
            None if lower[open..].starts_with("<!--") => "-->".to_owned(),
            None => ">".to_owned(),
        };
        let Some(close) = lower[open..]
            .find(&end)
            .map(|found| open + found + end.len())
        else {
            return text;
        };
        at = match silent {
            Some(_) => lower[close..]
                .find('>')
                .map_or(lower.len(), |found| close + found + 1),
            None => close,
        };
    }
    text.push_str(&html[at..]);
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::{Chain, TlsFacts, TlsVersion};

    const NOW: Timestamp = Timestamp::from_seconds(1_795_348_800);
    const ADDRESS: &str = "https://shop.example/privacy";

    fn answer(status: u16, kind: &str, body: &str) -> Fetched {
        Fetched {
            status,
            content_type: Some(kind.into()),
            location: (status == 301).then(|| "https://www.shop.example/".into()),
            hsts: true,
            body: body.into(),
            tls: Some(TlsFacts {
                version: TlsVersion::V1_3,
                chain: Chain::Trusted,
                covers_host: true,
                names: Vec::new(),
                not_before: Timestamp::from_seconds(0),
                not_after: Timestamp::from_seconds(4_000_000_000),
            }),
        }
    }

    fn policy(fetched: &Fetched) -> (CheckOutcome, Said) {
        let verdict = judge_policy(ADDRESS, fetched, NOW);
        let last = verdict.evidence.last().and_then(Finding::said);
        (verdict.outcome, last.unwrap())
    }

    const SENTENCE: &str = "We keep what you tell us for as long as the law wants us to keep it.";

    #[test]
    fn a_policy_that_says_something_passes() {
        let html = format!("<!doctype html><head><title>x</title></head><p>{SENTENCE}</p>");
        for (kind, body) in [
            ("text/html; charset=utf-8", html.as_str()),
            ("TEXT/PLAIN", SENTENCE),
            ("application/pdf", "%PDF-1.7 ..."),
        ] {
            let found = policy(&answer(200, kind, body));
            assert_eq!(found, (CheckOutcome::Pass, Said::PageReadable), "{kind}");
        }
        let lithuanian =
            "Saugome tai, ką mums pasakote, tol, kol įpareigoja įstatymai, ir ne ilgiau.";
        let found = policy(&answer(200, "text/html", lithuanian));
        assert_eq!(found, (CheckOutcome::Pass, Said::PageReadable));
    }

    #[test]
    fn a_policy_without_text_is_for_a_person_to_look_at_and_a_blank_one_fails() {
        let script = format!("<html><body><div id=app></div><script>'{SENTENCE}'</script></body>");
        let style =
            format!("<head><title>{SENTENCE}</title></head><!-- {SENTENCE} --><p>Soon.</p>");
        for body in [&script, &style, "<p>", "<"] {
            let found = policy(&answer(200, "text/html", body));
            assert_eq!(found, (CheckOutcome::Warn, Said::PageEmpty), "{body}");
        }
        for body in ["", " \r\n\t"] {
            let found = policy(&answer(200, "text/html", body));
            assert_eq!(found, (CheckOutcome::Fail, Said::PageEmpty), "{body:?}");
        }
    }

    #[test]
    fn other_answers_are_told_apart() {
        for (fetched, expected) in [
            (
                answer(404, "text/html", SENTENCE),
                (CheckOutcome::Fail, Said::PageFails),
            ),
            (
                answer(500, "text/html", SENTENCE),
                (CheckOutcome::Fail, Said::PageFails),
            ),
            (
                answer(403, "text/html", SENTENCE),
                (CheckOutcome::Warn, Said::PageFails),
            ),
            (
                answer(301, "text/html", SENTENCE),
                (CheckOutcome::Warn, Said::PageRedirects),
            ),
            (
                answer(200, "image/png", SENTENCE),
                (CheckOutcome::Warn, Said::PageNotReadable),
            ),
            (
                Fetched {
                    tls: None,
                    ..answer(200, "text/html", SENTENCE)
                },
                (CheckOutcome::Fail, Said::NotHttps),
            ),
        ] {
            assert_eq!(policy(&fetched), expected, "{fetched:?}");
        }
    }

    #[test]
    fn a_website_needs_tls_and_an_answer_and_should_ask_for_https_only() {
        let website = |fetched: &Fetched| judge_website("https://shop.example/", fetched, NOW);
        let good = answer(200, "text/html", SENTENCE);
        assert_eq!(website(&good).outcome, CheckOutcome::Pass);
        assert!(
            website(&good)
                .evidence
                .iter()
                .any(|finding| finding.said() == Some(Said::HstsThere))
        );
        let without = Fetched {
            hsts: false,
            ..good.clone()
        };
        assert_eq!(website(&without).outcome, CheckOutcome::Warn);
        let redirects = website(&answer(301, "text/html", ""));
        assert_eq!(redirects.outcome, CheckOutcome::Warn);
        let target = &redirects.evidence.last().unwrap().variables["target"];
        assert_eq!(target, "https://www.shop.example/");
        assert_eq!(
            website(&answer(503, "text/html", "")).outcome,
            CheckOutcome::Fail
        );
        let plain = Fetched { tls: None, ..good };
        assert_eq!(website(&plain).outcome, CheckOutcome::Fail);
    }
}
