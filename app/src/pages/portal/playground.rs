use engine::portal::{
    Place,
    playground::{Api, Exchanged, Fault, PlaygroundView, RunView, SCOPES},
    test_people::TestPerson,
};
use leptos::prelude::*;
use protocol::{client::Environment, ids::AppId, locale::Locale};

use super::app::TestUser;
use crate::{
    components::{
        Badge, CodeSample, ComplaintBox, Disclosure, Fact, FieldKind, Icon, Machine, PickOne,
        PortalForm, PortalShell, Shape, TextField, Visitor, clock_time, said_about,
    },
    i18n::Texts,
    visitor::flash,
};

/// What the engine calls the forms of this page.
const FORM: &str = "playground";

/// The whole flow as an app goes through it (D10), step by step, with each request as it is sent.
#[component]
pub fn PlaygroundPage(
    /// Who looks.
    visitor: Visitor,
    /// How far it went.
    page: PlaygroundView,
) -> AnyView {
    let t = Texts::of(expect_context::<Locale>());
    let flash = flash(FORM);
    let failed = !flash.complaints.is_empty();
    let secret_error = said_about(t, &flash, "secret");
    let app = page.app;
    let app_page = Place::App(app.clone()).path();
    let log = Place::Log(app.clone(), Environment::Sandbox).path();
    let is_ready = page.is_registered && page.may_change;
    let hindered = (!is_ready).then(|| {
        let words = match page.may_change {
            true => t.prose(
                "playground-unregistered",
                &[("address", page.callback.clone().into())],
            ),
            false => vec![t.say("playground-read-only").into_any()],
        };
        view! { <p class="p-lead">{words}</p> }
    });
    let run = page.run.filter(|_| is_ready);
    let (fault, scope) = match &run {
        Some(run) => (run.fault, run.scope.clone()),
        None => (Fault::None, SCOPES[0].to_owned()),
    };
    let is_new = run.is_none();
    let build = is_ready.then(|| view! { <Build t app=app.clone() fault scope is_new /> });
    let rest = run.map(|run| {
        view! {
            <Steps t app run people=page.people needs_secret=page.needs_secret secret_error log=log.clone() />
        }
    });
    view! {
        <PortalShell t title=t.say("playground-title") visitor sandbox=true failed>
            <p class="d-badges">
                <a href=app_page><bdi>{page.name}</bdi></a>
                <a href=log.clone()>{t.say("log-title")}</a>
            </p>
            <h1>{t.say("playground-title")}</h1>
            <p class="p-lead">{t.say("playground-lead")}</p>
            <ComplaintBox t flash />
            {hindered}
            {build}
            {rest}
        </PortalShell>
    }
    .into_any()
}

/// Step 1: what is asked for, and what is to go wrong.
#[component]
fn Build(t: Texts, app: AppId, fault: Fault, scope: String, is_new: bool) -> AnyView {
    let scopes = SCOPES.map(|scope| (scope, scope.to_owned()));
    let faults = Fault::ALL.map(|fault| (fault.as_str(), fault_words(t, fault)));
    let button = match is_new {
        true => t.say("playground-build-button"),
        false => t.say("playground-again"),
    };
    view! {
        <Step number=1 id="build" heading=t.say("playground-build")>
            <StepForm app action="/api/portal/playground_begin" id="playground-begin">
                <PickOne t name="scope" label=t.say("app-scopes") choices=scopes.to_vec() picked=scope />
                <PickOne
                    t
                    name="fault"
                    label=t.say("playground-fault")
                    choices=faults.to_vec()
                    picked=fault.as_str().to_owned()
                />
                <button type="submit" class="c-button c-button--primary">
                    {button}
                </button>
            </StepForm>
        </Step>
    }
    .into_any()
}

/// One step: its number, what it is about, and what there is to see.
#[component]
fn Step(number: u8, id: &'static str, heading: String, children: Children) -> AnyView {
    view! {
        <section class="d-block" aria-labelledby=id>
            <h2 id=id>{format!("{number}. ")} {heading}</h2>
            {children()}
        </section>
    }
    .into_any()
}

/// The form of a step.
#[component]
fn StepForm(app: AppId, action: &'static str, id: &'static str, children: Children) -> AnyView {
    view! {
        <PortalForm form=FORM id action>
            <input type="hidden" name="app" value=app.to_string() />
            {children()}
        </PortalForm>
    }
    .into_any()
}

/// All steps after the first.
#[component]
fn Steps(
    t: Texts,
    app: AppId,
    run: RunView,
    people: Vec<TestPerson>,
    needs_secret: bool,
    secret_error: Option<String>,
    log: String,
) -> AnyView {
    let sees = sees(t, run.fault).map(|words| {
        view! {
            <p class="c-notice">
                <Icon shape=Shape::Info />
                <span>{words}</span>
            </p>
        }
    });
    let people = people
        .into_iter()
        .map(|person| view! { <TestUser t person /> })
        .collect_view();
    let came = match run.came.is_some() {
        true => view! { <CameBack t run=run.clone() /> }.into_any(),
        false => view! {
            <p>{t.say("playground-came-nothing")}</p>
            <p>
                <a href=log>{t.say("log-title")}</a>
            </p>
        }
        .into_any(),
    };
    let exchange = run.has_code.then(|| {
        view! {
            <Exchange t app=app.clone() run=run.clone() needs_secret secret_error />
        }
    });
    let call = run
        .has_token
        .then(|| view! { <Call t app=app.clone() calls=run.calls.clone() /> });
    view! {
        <Step number=2 id="go" heading=t.say("playground-go")>
            <p>{t.prose("playground-go-lead", &[])}</p>
            <CodeSample t label=t.say("playground-go") code=run.wire />
            <dl class="c-facts">
                <Fact label="code_verifier"><Machine words=run.verifier /></Fact>
            </dl>
            {sees}
            <p>
                <a class="c-button c-button--primary" id="playground-go" href=run.address>
                    {t.say("playground-go-button")}
                </a>
            </p>
            <Disclosure summary=t.say("app-people")>
                <p>{t.say("app-people-lead")}</p>
                <ul role="list" class="d-cards">
                    {people}
                </ul>
            </Disclosure>
        </Step>
        <Step number=3 id="came" heading=t.say("playground-came")>
            {came}
        </Step>
        {exchange}
        {call}
    }
    .into_any()
}

/// Step 3: what the callback caught, as it was sent.
#[component]
fn CameBack(t: Texts, run: RunView) -> AnyView {
    let came = run.came.unwrap_or_default();
    let facts = came
        .parameters()
        .into_iter()
        .map(|(name, value)| (name, value.to_owned()))
        .collect::<Vec<_>>()
        .into_iter()
        .map(|(name, words)| view! { <Fact label=name><Machine words /></Fact> })
        .collect_view();
    let state = match run.is_answer {
        true => {
            view! { <Badge tone="ok" shape=Shape::Check word=t.say("playground-state-right") /> }
        }
        false => {
            view! { <Badge tone="warn" shape=Shape::Warning word=t.say("playground-state-wrong") /> }
        }
    };
    view! {
        <dl class="c-facts">{facts}</dl>
        <p class="d-badges">{state}</p>
    }
    .into_any()
}

/// Step 4: the code for a token.
#[component]
fn Exchange(
    t: Texts,
    app: AppId,
    run: RunView,
    needs_secret: bool,
    secret_error: Option<String>,
) -> AnyView {
    let until = run.code_until.map(|until| {
        view! { <p class="c-note">{t.rich("playground-code-until", [("time", clock_time(t, until))])}</p> }
    });
    let wrong_secret = run.exchanges.last().is_some_and(|last| last.status == 401);
    let secret = (needs_secret || secret_error.is_some() || wrong_secret).then(|| {
        view! {
            <TextField
                t
                name="secret"
                kind=FieldKind::MachineSecret
                label=t.say("app-secret")
                hint=t.say("playground-secret-hint")
                error=secret_error
            />
        }
    });
    view! {
        <Step number=4 id="exchange" heading=t.say("playground-exchange")>
            {until}
            <StepForm app=app.clone() action="/api/portal/playground_exchange" id="playground-exchange">
                {secret}
                <button type="submit" class="c-button c-button--primary">
                    {t.say("playground-exchange-button")}
                </button>
            </StepForm>
            <Answers t answers=run.exchanges log=Some(app) />
        </Step>
    }
    .into_any()
}

/// Step 5: what the token is good for.
#[component]
fn Call(t: Texts, app: AppId, calls: Vec<Exchanged>) -> AnyView {
    let buttons = Api::ALL.map(|api| {
        view! {
            <button type="submit" class="c-button" name="api" value=api.as_str()>
                {format!("{} {}", api.method(), api.path())}
            </button>
        }
    });
    view! {
        <Step number=5 id="call" heading=t.say("playground-call")>
            <StepForm app action="/api/portal/playground_call" id="playground-call">
                <p class="d-buttons">{buttons.into_iter().collect_view()}</p>
            </StepForm>
            <Answers t answers=calls log=None />
        </Step>
    }
    .into_any()
}

/// Requests with their answers, oldest first. `log` is the app in whose request log they stand.
#[component]
fn Answers(t: Texts, answers: Vec<Exchanged>, log: Option<AppId>) -> AnyView {
    answers
        .into_iter()
        .enumerate()
        .map(|(at, answer)| view! { <Answer t at=at + 1 answer log=log.clone() /> })
        .collect_view()
        .into_any()
}

/// A request with its answer, as they went over the wire.
#[component]
fn Answer(t: Texts, at: usize, answer: Exchanged, log: Option<AppId>) -> AnyView {
    let log = log.zip(answer.trace).map(|(app, trace)| {
        let address = Place::Request(app, Environment::Sandbox, trace).path();
        let reference = trace.to_string();
        view! {
            <p>
                <a href=address>
                    {t.say("playground-open-log")} " "
                    <span class="c-reference" translate="no">{reference}</span>
                </a>
            </p>
        }
    });
    view! {
        <h3>{t.with("playground-answer", &[("number", at.into())])}</h3>
        <CodeSample t label=t.say("playground-request") code=answer.request />
        <CodeSample t label=t.say("playground-response") code=answer.response />
        {log}
        <Disclosure summary="curl".to_owned()>
            <CodeSample t label="curl" code=answer.curl />
        </Disclosure>
    }
    .into_any()
}

fn fault_words(t: Texts, fault: Fault) -> String {
    match fault {
        Fault::None => t.say("playground-fault-none"),
        Fault::WrongRedirect => t.say("playground-fault-redirect"),
        Fault::Denied => t.say("playground-fault-denied"),
        Fault::ScaFailed => t.say("playground-fault-sca"),
        Fault::UsedCode => t.say("playground-fault-used"),
        Fault::LateCode => t.say("playground-fault-late"),
        Fault::TooLittleMoney => t.say("playground-fault-money"),
    }
}

/// What to do for the fault to come about, and what the app sees then.
fn sees(t: Texts, fault: Fault) -> Option<Vec<AnyView>> {
    match fault {
        Fault::None => None,
        Fault::WrongRedirect => Some(t.prose("playground-sees-redirect", &[])),
        Fault::Denied => Some(t.prose("playground-sees-denied", &[])),
        Fault::ScaFailed => Some(t.prose("playground-sees-sca", &[])),
        Fault::UsedCode => Some(t.prose("playground-sees-used", &[])),
        Fault::LateCode => Some(t.prose("playground-sees-late", &[])),
        Fault::TooLittleMoney => Some(t.prose("playground-sees-money", &[])),
    }
}
