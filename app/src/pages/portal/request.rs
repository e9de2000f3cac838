use engine::{
    portal::{Place, logs::RequestPage},
    request_log::RequestDetail,
};
use leptos::prelude::*;
use protocol::{
    client::Environment,
    locale::Locale,
    redirect_uri::Difference,
    trail::{Credentials, Detail, Evidence, Parameter, Taken, Value, Verdict, Way},
};

use super::logs::OutcomeBadge;
use crate::{
    components::{
        CodeSample, Fact, Icon, Machine, PortalShell, Shape, Visitor, compared, explanation, moment,
    },
    i18n::Texts,
};

/// One request of the log (D9): what was checked, what was wrong, what was sent.
#[component]
pub fn RequestPageView(
    /// Who looks.
    visitor: Visitor,
    /// The request.
    page: RequestPage,
) -> AnyView {
    let t = Texts::of(expect_context::<Locale>());
    let RequestPage {
        app,
        name,
        environment,
        request,
    } = page;
    let reference = request.line.trace.to_string();
    let title = t.with("request-title", &[("reference", reference.into())]);
    let sandbox = environment == Environment::Sandbox;
    let playground = sandbox.then(|| {
        let address = Place::Playground(app.clone()).path();
        view! { <a href=address>{t.say("playground-title")}</a> }
    });
    let back = Place::Log(app.clone(), environment).path();
    let app_page = Place::App(app).path();
    let RequestDetail {
        line,
        steps,
        detail,
        fix,
        curl,
    } = request;
    let milliseconds = format!("{:.1} ms", line.duration_micros as f64 / 1000.0);
    let error = line.error.clone().map(|error| {
        view! { <Fact label=t.say("log-error")><Machine words=error /></Fact> }
    });
    let grant = detail.grant.map(|grant| {
        view! { <Fact label=t.say("request-grant")><Machine words=grant.as_str() /></Fact> }
    });
    let clock = detail.skew_millis.map(|skew| {
        view! { <Fact label=t.say("request-clock")>{clock(t, skew)}</Fact> }
    });
    let way = match detail.way {
        Way::Query => t.say("request-way-query"),
        Way::Body => t.say("request-way-body"),
    };
    let proof = match detail.credentials {
        Credentials::Header => t.say("request-proof-header"),
        Credentials::Parameters => t.say("request-proof-parameters"),
    };
    let wrong = detail
        .reason
        .is_some()
        .then(|| view! { <Wrong t detail=detail.clone() fix /> });
    let heading = title.clone();
    let checks = steps
        .into_iter()
        .map(move |taken| view! { <Checked t taken /> });
    view! {
        <PortalShell t title visitor sandbox>
            <p class="d-badges">
                <a href=app_page><bdi>{name}</bdi></a>
                <a href=back>{t.say("log-title")}</a>
                {playground}
            </p>
            <h1>{heading}</h1>
            <section class="d-block" aria-labelledby="facts">
                <h2 id="facts">{t.say("request-facts")}</h2>
                <dl class="c-facts">
                    <Fact label=t.say("log-outcome")><OutcomeBadge t outcome=line.outcome /></Fact>
                    <Fact label=t.say("log-time")>{moment(line.at)}</Fact>
                    <Fact label=t.say("log-endpoint")><Machine words=line.endpoint.path() /></Fact>
                    <Fact label=t.say("log-status")>{line.status}</Fact>
                    {error}
                    <Fact label=t.say("app-client-id")><Machine words=line.client.to_string() /></Fact>
                    {grant}
                    <Fact label=t.say("request-way")>{way}</Fact>
                    <Fact label=t.say("request-proof")>{proof}</Fact>
                    <Fact label=t.say("log-agent")><span translate="no">{line.agent}</span></Fact>
                    <Fact label=t.say("request-took")>{milliseconds}</Fact>
                    {clock}
                </dl>
            </section>
            {wrong}
            <section class="d-block" aria-labelledby="checks">
                <h2 id="checks">{t.say("request-steps")}</h2>
                <ol class="d-checks">{checks.collect_view()}</ol>
            </section>
            <section class="d-block" aria-labelledby="parameters">
                <h2 id="parameters">{t.say("request-parameters")}</h2>
                <Parameters t parameters=detail.parameters />
            </section>
            <section class="d-block" aria-labelledby="curl">
                <h2 id="curl">{t.prose("request-curl", &[])}</h2>
                <p>{t.say("request-curl-note")}</p>
                <CodeSample t label="curl" code=curl />
            </section>
        </PortalShell>
    }
    .into_any()
}

/// Why the request was stopped, and what to do. Sentences are English, as everywhere for developers.
#[component]
fn Wrong(t: Texts, detail: Detail, fix: Option<&'static str>) -> AnyView {
    let fix = fix
        .map(|fix| view! { <Fact label=t.say("request-fix")><span lang="en">{fix}</span></Fact> });
    let docs = detail.anchor.map(|anchor| {
        view! { <Fact label=t.say("developer-anchor")>{explanation(t, &anchor)}</Fact> }
    });
    let evidence = detail.evidence.map(|evidence| proof(t, evidence));
    view! {
        <section class="d-block" aria-labelledby="wrong">
            <h2 id="wrong">{t.say("request-wrong")}</h2>
            <dl class="c-facts c-facts--stacked">
                <Fact label=t.say("request-reason")>
                    <span lang="en">{detail.reason}</span>
                </Fact>
                {evidence}
                {fix}
                {docs}
            </dl>
        </section>
    }
    .into_any()
}

/// What was expected against what came: marked, and in words.
fn proof(t: Texts, evidence: Evidence) -> Vec<AnyView> {
    let about =
        view! { <Fact label=t.say("request-about")><Machine words=evidence.about /></Fact> };
    let received = match evidence.received.is_empty() {
        true => t.say("request-received-nothing"),
        false => evidence.received,
    };
    let differences = evidence.differences;
    let words = (!differences.is_empty()).then(|| {
        let lines = differences.into_iter().map(|difference| {
            view! { <li>{sentence(&difference)}</li> }
        });
        view! {
            <Fact label=t.say("developer-differences")>
                <ol class="p-help" lang="en">
                    {lines.collect_view()}
                </ol>
            </Fact>
        }
        .into_any()
    });
    std::iter::once(about.into_any())
        .chain(compared(
            Some((t.say("request-expected"), evidence.expected)),
            Some((t.say("request-received"), received)),
        ))
        .chain(words)
        .collect()
}

/// One component that differs, in English.
fn sentence(difference: &Difference) -> String {
    let quoted = |text: &str| match text {
        "" => "none".to_owned(),
        text => format!("“{text}”"),
    };
    format!(
        "{}: {}. Expected {}, received {}.",
        difference.component.as_str(),
        difference.hint.sentence(),
        quoted(&difference.expected),
        quoted(&difference.received),
    )
}

/// One check with what became of it.
#[component]
fn Checked(t: Texts, taken: Taken) -> AnyView {
    let (shape, class, word) = match taken.verdict {
        Verdict::Passed => (Shape::Check, "d-check", t.say("request-passed")),
        Verdict::Failed => (
            Shape::Cross,
            "d-check d-check--failed",
            t.say("request-stopped"),
        ),
        Verdict::Stopped => (
            Shape::Down,
            "d-check d-check--off",
            t.say("request-skipped"),
        ),
    };
    view! {
        <li class=class>
            <Icon shape />
            <span lang="en">{taken.step.sentence()}</span>
            <span class="c-note">{word}</span>
        </li>
    }
    .into_any()
}

/// Names and values; of what may be a secret only the length.
#[component]
fn Parameters(t: Texts, parameters: Vec<Parameter>) -> AnyView {
    if parameters.is_empty() {
        return view! { <p>{t.say("request-no-parameters")}</p> }.into_any();
    }
    let facts = parameters.into_iter().map(|parameter| {
        let length = |key: &str, length: usize| {
            view! { <span class="c-note">{t.with(key, &[("count", length.into())])}</span> }
        };
        let value = match parameter.value {
            Value::Clear(text) => view! { <Machine words=text /> }.into_any(),
            Value::Cut(begin, count) => view! {
                <Machine words=format!("{begin}…") />
                " "
                {length("request-length", count)}
            }
            .into_any(),
            Value::Length(count) => length("request-hidden", count).into_any(),
        };
        view! { <Fact label=parameter.name>{value}</Fact> }
    });
    view! { <dl class="c-facts">{facts.collect_view()}</dl> }.into_any()
}

/// By how much the client's clock differs from ours. Headers tell the time in whole seconds.
fn clock(t: Texts, skew_millis: i64) -> String {
    let seconds = skew_millis.unsigned_abs() / 1000;
    match skew_millis {
        _ if seconds == 0 => t.say("request-clock-same"),
        1.. => t.with("request-clock-ahead", &[("seconds", seconds.into())]),
        _ => t.with("request-clock-behind", &[("seconds", seconds.into())]),
    }
}
