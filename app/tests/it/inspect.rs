//! The pages of the request log and the playground, whatever they look like.

use std::{collections::BTreeSet, time::Duration};

use app::pages::portal::{LogPageView, PlaygroundPage, RequestPageView};
use engine::{
    portal::{
        Complaint, Flash, Typed,
        logs::{LogPage, LogQuery, RequestPage},
        playground::{Came, Exchanged, Fault, PlaygroundView, RunView},
    },
    request_log::{Outcome, RequestDetail, RequestLine},
};
use leptos::prelude::*;
use protocol::{
    client::Environment,
    ids::{AppId, ClientId, TraceId},
    locale::Locale,
    redirect_uri::{RegisteredRedirectUri, explain},
    trail::{Detail, Endpoint, Evidence, Parameter, Value, Way, fix},
};

use crate::{
    markup::{readable, tags, title},
    portal::{shown, visitor},
    views::NOW,
};

fn line(outcome: Outcome) -> RequestLine {
    RequestLine {
        id: "1".to_owned(),
        at: NOW,
        trace: TraceId::parse("7K3M-9QXT").expect("a reference"),
        client: ClientId::new("sbx_budgetly_1"),
        endpoint: Endpoint::Authorize,
        outcome,
        status: 400,
        error: (outcome != Outcome::Served).then(|| "invalid_request".to_owned()),
        duration_micros: 1_230,
        agent: "Chrome".to_owned(),
    }
}

fn log(lines: Vec<RequestLine>, query: LogQuery) -> LogPage {
    LogPage {
        app: AppId::new("app-1"),
        name: "Budgetly".to_owned(),
        environment: Environment::Sandbox,
        client: Some(ClientId::new("sbx_budgetly_1")),
        next: (!lines.is_empty()).then(|| query.clone()),
        unreadable: match query.reference.as_str() {
            "" => Vec::new(),
            _ => vec!["reference"],
        },
        query,
        lines,
        kept: Duration::from_secs(30 * 86_400),
        base: "https://id.bank.example".to_owned(),
    }
}

/// A request with an address that has one slash too many.
fn mismatch(skew_millis: Option<i64>) -> RequestPage {
    let registered = "https://app.budgetly.example/callback";
    let known = RegisteredRedirectUri::parse(registered, Environment::Sandbox).expect("an address");
    let explained = explain(&[known], &format!("{registered}/")).expect("a difference");
    let detail = Detail {
        way: Way::Query,
        stopped: Some(protocol::trail::Step::RedirectUri),
        fault: Some("redirect_mismatch".to_owned()),
        reason: Some("redirect_uri is not registered".to_owned()),
        anchor: Some("redirect-mismatch".to_owned()),
        evidence: Some(Evidence {
            about: "redirect_uri".to_owned(),
            expected: explained.closest,
            received: explained.requested,
            differences: explained.differences,
        }),
        skew_millis,
        parameters: vec![
            Parameter {
                name: "scope".to_owned(),
                value: Value::Clear("wallet".to_owned()),
            },
            Parameter {
                name: "state".to_owned(),
                value: Value::Cut("abcd".to_owned(), 22),
            },
            Parameter {
                name: "login_hint".to_owned(),
                value: Value::Length(1),
            },
        ],
        ..Detail::default()
    };
    RequestPage {
        app: AppId::new("app-1"),
        name: "Budgetly".to_owned(),
        environment: Environment::Live,
        request: RequestDetail {
            steps: detail.steps(Endpoint::Authorize),
            fix: fix("redirect_mismatch"),
            curl: "curl".to_owned(),
            line: line(Outcome::Refused),
            detail,
        },
    }
}

fn playground(run: Option<RunView>, may_change: bool) -> PlaygroundView {
    PlaygroundView {
        app: AppId::new("app-1"),
        name: "Budgetly".to_owned(),
        callback: "https://id.bank.example/developer/playground/callback".to_owned(),
        is_registered: run.is_some(),
        may_change,
        needs_secret: true,
        people: Vec::new(),
        run,
    }
}

fn run(fault: Fault, is_answer: bool) -> RunView {
    let exchanged = Exchanged {
        request: "POST /oauth/token HTTP/1.1".to_owned(),
        response: "HTTP/1.1 200".to_owned(),
        curl: "curl".to_owned(),
        status: 200,
        trace: TraceId::parse("7K3M-9QXT"),
    };
    RunView {
        fault,
        scope: "wallet".to_owned(),
        address: "https://id.bank.example/oauth/authorize?state=a".to_owned(),
        wire: "GET /oauth/authorize?state=a HTTP/1.1".to_owned(),
        verifier: "v".repeat(43),
        came: Some(Came {
            code: Some("cs_ac_x".to_owned()),
            ..Came::default()
        }),
        is_answer,
        code_until: Some(NOW),
        has_code: is_answer,
        exchanges: vec![exchanged.clone()],
        has_token: is_answer,
        calls: vec![exchanged],
    }
}

/// Every page in every state.
pub async fn inspect_pages(locale: Locale) -> Vec<String> {
    let logs = |page: LogPage| {
        move || view! { <LogPageView visitor=visitor() page=page.clone() /> }.into_any()
    };
    let filtered = LogQuery {
        reference: "nonsense".to_owned(),
        before: "1_a".to_owned(),
        ..LogQuery::default()
    };
    let not_live = LogPage {
        environment: Environment::Live,
        client: None,
        ..log(Vec::new(), LogQuery::default())
    };
    let lines = [Outcome::Served, Outcome::Refused, Outcome::Failed].map(line);
    let detail = |skew| {
        move || view! { <RequestPageView visitor=visitor() page=mismatch(skew) /> }.into_any()
    };
    let play = |view: PlaygroundView| {
        move || view! { <PlaygroundPage visitor=visitor() page=view.clone() /> }.into_any()
    };
    let missing = Flash::refused(
        "playground",
        Typed::default(),
        vec![Complaint::about("secret", "playground-secret")],
    );
    let mut pages = vec![
        shown(locale, None, logs(log(lines.to_vec(), LogQuery::default()))).await,
        shown(locale, None, logs(log(Vec::new(), LogQuery::default()))).await,
        shown(locale, None, logs(log(Vec::new(), filtered))).await,
        shown(locale, None, logs(not_live)).await,
        shown(locale, None, detail(None)).await,
        shown(locale, None, detail(Some(12_300))).await,
        shown(locale, None, detail(Some(-1_000))).await,
        shown(locale, None, detail(Some(999))).await,
        shown(locale, None, play(playground(None, true))).await,
        shown(locale, None, play(playground(None, false))).await,
        shown(
            locale,
            Some(missing),
            play(playground(Some(run(Fault::None, true)), true)),
        )
        .await,
        shown(
            locale,
            None,
            play(playground(Some(run(Fault::None, false)), true)),
        )
        .await,
    ];
    for fault in Fault::ALL {
        let waiting = RunView {
            came: None,
            ..run(fault, false)
        };
        pages.push(shown(locale, None, play(playground(Some(waiting), true))).await);
    }
    pages
}

#[tokio::test]
async fn every_state_is_whole_in_every_language() {
    for locale in Locale::ALL {
        for html in inspect_pages(locale).await {
            let tags = tags(&html);
            let ids: Vec<&str> = tags.iter().filter_map(|tag| tag.attribute("id")).collect();
            let known: BTreeSet<&str> = ids.iter().copied().collect();
            assert_eq!(ids.len(), known.len(), "an id stands twice: {ids:?}");
            for tag in &tags {
                let named = ["for", "aria-describedby", "aria-labelledby"]
                    .iter()
                    .filter_map(|name| tag.attribute(name))
                    .flat_map(|ids| ids.split(' '));
                for id in named {
                    assert!(known.contains(id), "{tag:?} points at nothing");
                }
            }
            assert_eq!(tags.iter().filter(|tag| tag.name == "h1").count(), 1);
            assert!(!title(&html).is_empty() && !html.contains(" style="));
            let text = readable(&html);
            for start in ["log-", "request-", "playground-", "developer-"] {
                let shown = text.split_whitespace().find(|word| word.starts_with(start));
                assert_eq!(shown, None, "a key is shown");
            }
        }
    }
}

#[tokio::test]
async fn a_difference_is_marked_and_said() {
    let html = shown(Locale::En, None, || {
        view! { <RequestPageView visitor=visitor() page=mismatch(Some(12_300)) /> }.into_any()
    })
    .await;
    assert!(html.contains("<del>/</del>"));
    let text = readable(&html);
    for said in [
        "only a slash at the end",
        "12 seconds ahead of ours",
        "stopped here",
        "hidden, 1 character",
        "22 characters",
        "register this one in the portal",
    ] {
        assert!(text.contains(said), "{said} is not in {text}");
    }
    assert!(html.contains("href=\"/developers/errors#redirect-mismatch\""));
}

#[tokio::test]
async fn filters_stay_in_the_form_and_in_the_address() {
    let query = LogQuery {
        error: "invalid_grant".to_owned(),
        outcome: "refused".to_owned(),
        ..LogQuery::default()
    };
    let page = log(vec![line(Outcome::Refused)], query);
    let html = shown(Locale::En, None, move || {
        view! { <LogPageView visitor=visitor() page=page.clone() /> }.into_any()
    })
    .await;
    let tags = tags(&html);
    let form = tags
        .iter()
        .find(|tag| tag.attribute("id") == Some("filter"));
    let form = form.expect("a form");
    assert!(form.is("method", "get") && form.is("action", "/developer/apps/app-1/sandbox/logs"));
    let field = tags
        .iter()
        .find(|tag| tag.attribute("name") == Some("error"));
    assert!(field.expect("a field").is("value", "invalid_grant"));
    let picked: Vec<_> = tags
        .iter()
        .filter(|tag| tag.attribute("selected").is_some())
        .collect();
    assert!(
        picked.iter().any(|tag| tag.is("value", "refused")),
        "{picked:?}"
    );
    assert!(html.contains("logs?outcome=refused&amp;error=invalid_grant"));
}
