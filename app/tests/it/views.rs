//! What the pages are given in the tests: one view of every step, and ways to vary it.

use std::{sync::Once, time::Duration};

use app::pages::authorize::AuthorizePage;
use axum::body::{Body, to_bytes};
use http::Request;
use leptos::prelude::*;
use leptos_meta::MetaTags;
use protocol::{
    authorization::{
        AccountChoice, AppView, ConfirmView, ConsentView, DetailsView, DeveloperDetail,
        FinishedView, Frame, LogInView, Notice, Outcome, PayFromView, PaymentView, ProblemKind,
        ProblemView, Purpose, Step,
    },
    declared::{Declaration, Detail},
    ids::{AccountId, AuthorizationId, TraceId},
    locale::Locale,
    money::{Currency, Money},
    registration::{Licence, LicenceKind},
    scope::{Cannot, Cluster},
    time::Timestamp,
};

/// 2026-11-22 11:42:07 UTC.
pub const NOW: Timestamp = Timestamp::from_seconds(1_795_347_727);

pub fn app() -> AppView {
    AppView {
        name: "Budgetly".to_owned(),
        legal_name: Some("UAB Budgetly".to_owned()),
        company_number: Some("305123456".to_owned()),
        licence: None,
        licensed: Some(Licence {
            kind: LicenceKind::Aisp,
            number: "LB000472".to_owned(),
            authority: "Bank of Lithuania".to_owned(),
        }),
        verified_domain: Some("budgetly.example".to_owned()),
        since: NOW,
        sandbox: false,
        purpose: Some(Purpose {
            locale: Locale::En,
            text: "To show your spending.".to_owned(),
        }),
        return_host: "app.budgetly.example".to_owned(),
        return_host_differs: false,
    }
}

pub fn frame(locale: Locale) -> Frame {
    Frame {
        interaction: AuthorizationId::new("interaction-1"),
        form_token: "token-1".to_owned(),
        app: app(),
        locale,
        expires_at: NOW + Duration::from_secs(1500),
        now: NOW,
        form_origin: "https://app.budgetly.example".to_owned(),
        notice: None,
        signed_in_as: Some("jonas".to_owned()),
    }
}

pub fn payment(locale: Locale) -> PaymentView {
    PaymentView {
        amount: "20.00".to_owned(),
        currency: "EUR".to_owned(),
        display: Money::parse_decimal("20.00", Currency::EUR)
            .expect("an amount")
            .display(locale),
        creditor_name: "UAB Elektra".to_owned(),
        creditor_iban: "LT12 1000 0111 0100 1000".to_owned(),
        reference: Some("Invoice 1187".to_owned()),
    }
}

pub fn account(id: &str, ineligible: Option<&str>, chosen: bool) -> AccountChoice {
    AccountChoice {
        id: AccountId::new(id),
        kind: "current".to_owned(),
        masked_iban: "LT12 •••• •••• 4321".to_owned(),
        currency: "EUR".to_owned(),
        name: None,
        available: None,
        ineligible: ineligible.map(str::to_owned),
        chosen,
        can: Vec::new(),
    }
}

pub fn accounts() -> Vec<AccountChoice> {
    vec![
        account("a1", None, true),
        account("a2", None, false),
        account("a3", Some("kind"), false),
    ]
}

pub fn log_in(locale: Locale) -> LogInView {
    LogInView {
        frame: Frame {
            signed_in_as: None,
            ..frame(locale)
        },
        username: String::new(),
        open: false,
        payment: None,
    }
}

pub fn consent(locale: Locale) -> ConsentView {
    ConsentView {
        frame: frame(locale),
        can: vec![Cluster::AccountDetails, Cluster::AccountBalances],
        offline: Vec::new(),
        absent: Vec::new(),
        asked_for: Vec::new(),
        cannot: vec![Cannot::MoveMoney, Cannot::SeePassword],
        accounts: accounts(),
        chooses_accounts: true,
        until: NOW + Duration::from_secs(180 * 86_400),
        days: 180,
        times_a_day: Some(4),
        names_accounts: false,
        once: false,
        payment: None,
    }
}

pub fn confirm(locale: Locale) -> ConfirmView {
    ConfirmView {
        frame: frame(locale),
        payment: None,
        can: vec![Cluster::AccountDetails],
        accounts: vec!["LT12 •••• •••• 4321".to_owned()],
        until: Some(NOW),
        code_optional: false,
        sandbox_code: false,
        recovery: false,
    }
}

pub fn pay(locale: Locale) -> ConfirmView {
    ConfirmView {
        payment: Some(payment(locale)),
        can: Vec::new(),
        accounts: Vec::new(),
        until: None,
        ..confirm(locale)
    }
}

pub fn recovery(locale: Locale) -> ConfirmView {
    ConfirmView {
        recovery: true,
        ..confirm(locale)
    }
}

pub fn details(locale: Locale) -> DetailsView {
    DetailsView {
        frame: frame(locale),
        wanted: Detail::ALL.to_vec(),
        typed: Declaration::default(),
    }
}

pub fn pay_from(locale: Locale) -> PayFromView {
    PayFromView {
        frame: frame(locale),
        payment: payment(locale),
        accounts: accounts(),
    }
}

pub fn finished(locale: Locale, outcome: Outcome) -> FinishedView {
    let way_back = Some("https://app.budgetly.example/cb?code=1".to_owned());
    FinishedView {
        frame: frame(locale),
        outcome,
        way_back,
    }
}

pub fn problem(locale: Locale, kind: ProblemKind) -> ProblemView {
    ProblemView {
        kind,
        trace: TraceId::from_entropy([1, 2, 3, 4, 5]),
        at: NOW,
        locale,
        app: Some("Budgetly".to_owned()),
        way_back: None,
        until: None,
        developer: Some(DeveloperDetail {
            error: "invalid_request".to_owned(),
            sentence: "Send the registered redirect_uri.".to_owned(),
            received: Some("http://app.budgetly.example/cb/".to_owned()),
            registered: Some("https://app.budgetly.example/cb".to_owned()),
            differences: vec!["scheme: expected https, got http".to_owned()],
            anchor: "redirect-uri-mismatch".to_owned(),
        }),
    }
}

pub const PROBLEMS: [ProblemKind; 15] = [
    ProblemKind::Incomplete,
    ProblemKind::UnknownApp,
    ProblemKind::AppOff,
    ProblemKind::WrongRedirect,
    ProblemKind::SecretExposed,
    ProblemKind::BadRequest,
    ProblemKind::Expired,
    ProblemKind::Cookies,
    ProblemKind::OtherPerson,
    ProblemKind::TooMany,
    ProblemKind::Forged,
    ProblemKind::PaymentChanged,
    ProblemKind::NotFound,
    ProblemKind::Busy,
    ProblemKind::Broken,
];

/// One of every notice; a new one does not compile before it stands here.
pub fn notices() -> Vec<Notice> {
    let stands = |notice: Notice| match notice {
        Notice::WrongDetails { .. }
        | Notice::Paused { .. }
        | Notice::WrongCode { .. }
        | Notice::ChooseAccount => notice,
        Notice::Missing { .. }
        | Notice::SendAgain
        | Notice::AlreadyDone
        | Notice::TooLittleMoney
        | Notice::Mend { .. } => notice,
    };
    let missing = |field: &str| Notice::Missing {
        field: field.to_owned(),
    };
    let mend = |fields: &[&str]| Notice::Mend {
        fields: fields.iter().map(|&field| field.to_owned()).collect(),
    };
    vec![
        stands(Notice::WrongDetails {
            tries_left: Some(2),
        }),
        Notice::WrongDetails { tries_left: None },
        Notice::Paused { until: NOW },
        Notice::WrongCode {
            help: true,
            tries_left: Some(1),
        },
        Notice::ChooseAccount,
        missing("username"),
        missing("password"),
        missing("code"),
        missing("recovery_code"),
        missing("account"),
        missing("something else"),
        Notice::SendAgain,
        Notice::AlreadyDone,
        Notice::TooLittleMoney,
        mend(&["city"]),
        // Every field, as when the page is sent empty and then with an office that is nobody's.
        mend(&Declaration::default().fields().map(|(name, _)| name)),
    ]
}

/// Every step that is answered with a form.
pub fn forms(locale: Locale) -> Vec<Step> {
    vec![
        Step::LogIn(log_in(locale)),
        Step::Consent(consent(locale)),
        Step::Confirm(confirm(locale)),
        Step::Confirm(pay(locale)),
        Step::Confirm(recovery(locale)),
        Step::Details(details(locale)),
        Step::PayFrom(pay_from(locale)),
    ]
}

/// Whether a notice is ever shown on a step: what speaks of a field needs that field.
fn belongs(notice: &Notice, step: &Step) -> bool {
    match notice {
        Notice::WrongDetails { .. } => matches!(step, Step::LogIn(_)),
        Notice::WrongCode { .. } => matches!(step, Step::Confirm(_)),
        Notice::ChooseAccount | Notice::TooLittleMoney => {
            matches!(step, Step::Consent(_) | Step::PayFrom(_))
        }
        Notice::Missing { field } => match (field.as_str(), step) {
            ("username" | "password", step) => matches!(step, Step::LogIn(_)),
            ("code", Step::Confirm(view)) => !view.recovery,
            ("recovery_code", Step::Confirm(view)) => view.recovery,
            ("code" | "recovery_code", _) => false,
            ("account", step) => matches!(step, Step::Consent(_) | Step::PayFrom(_)),
            _ => true,
        },
        Notice::Mend { .. } => matches!(step, Step::Details(_)),
        Notice::Paused { .. } => matches!(step, Step::LogIn(_) | Step::Confirm(_)),
        Notice::SendAgain | Notice::AlreadyDone => true,
    }
}

/// Every step in every state that looks different.
pub fn steps(locale: Locale) -> Vec<Step> {
    let mut steps = forms(locale);
    let sandbox = |mut frame: Frame| {
        frame.app = AppView {
            sandbox: true,
            legal_name: None,
            verified_domain: None,
            purpose: None,
            return_host_differs: true,
            ..app()
        };
        frame
    };
    for notice in notices() {
        for step in forms(locale) {
            if belongs(&notice, &step) {
                steps.push(with_frame(step, |frame| {
                    frame.notice = Some(notice.clone())
                }));
            }
        }
    }
    for step in forms(locale) {
        steps.push(with_frame(step, |frame| *frame = sandbox(frame.clone())));
    }
    let nothing = || vec![account("a1", Some("blocked"), false)];
    steps.push(Step::LogIn(LogInView {
        payment: Some(payment(locale)),
        ..log_in(locale)
    }));
    steps.push(Step::Consent(ConsentView {
        accounts: nothing(),
        ..consent(locale)
    }));
    steps.push(Step::Consent(ConsentView {
        chooses_accounts: false,
        ..consent(locale)
    }));
    steps.push(Step::Consent(ConsentView {
        can: Cluster::ALL.to_vec(),
        cannot: Cannot::ALL.to_vec(),
        payment: Some(payment(locale)),
        times_a_day: None,
        names_accounts: false,
        once: false,
        ..consent(locale)
    }));
    steps.push(Step::Confirm(ConfirmView {
        code_optional: true,
        sandbox_code: true,
        ..confirm(locale)
    }));
    steps.push(Step::Details(DetailsView {
        wanted: Vec::new(),
        ..details(locale)
    }));
    steps.push(Step::PayFrom(PayFromView {
        accounts: nothing(),
        ..pay_from(locale)
    }));
    for outcome in [
        Outcome::Approved {
            accounts: 0,
            until: NOW,
        },
        Outcome::Approved {
            accounts: 2,
            until: NOW,
        },
        Outcome::Paid {
            payment: payment(locale),
        },
        Outcome::Denied,
    ] {
        steps.push(Step::Finished(finished(locale, outcome.clone())));
        steps.push(Step::Finished(FinishedView {
            way_back: None,
            ..finished(locale, outcome)
        }));
    }
    for kind in PROBLEMS {
        let view = problem(locale, kind);
        steps.push(Step::Problem(ProblemView {
            app: None,
            developer: None,
            ..view.clone()
        }));
        steps.push(Step::Problem(ProblemView {
            way_back: Some("https://app.budgetly.example/cb?error=access_denied".to_owned()),
            until: Some(NOW),
            ..view.clone()
        }));
        steps.push(Step::Problem(view));
    }
    steps
}

/// The step with its frame changed.
pub fn with_frame(mut step: Step, change: impl FnOnce(&mut Frame)) -> Step {
    match &mut step {
        Step::LogIn(view) => change(&mut view.frame),
        Step::Consent(view) => change(&mut view.frame),
        Step::Confirm(view) => change(&mut view.frame),
        Step::Details(view) => change(&mut view.frame),
        Step::PayFrom(view) => change(&mut view.frame),
        Step::Finished(view) => change(&mut view.frame),
        Step::Problem(_) => {}
    }
    step
}

/// The document of a step, as the server sends it.
pub async fn page(step: Step) -> String {
    document(move || view! { <AuthorizePage step=step.clone() /> }.into_any()).await
}

/// The document around `body`, as the server sends it.
pub async fn document(body: impl Fn() -> AnyView + Clone + Send + Sync + 'static) -> String {
    let request = Request::get("/authorize/interaction-1")
        .body(Body::empty())
        .expect("a request");
    answer_to(request, body).await
}

/// The same for a request of one's own.
pub async fn answer_to(
    request: Request<Body>,
    body: impl Fn() -> AnyView + Clone + Send + Sync + 'static,
) -> String {
    // Making the list of routes is what gets the renderer ready; the server does it at its start.
    static READY: Once = Once::new();
    READY.call_once(|| drop(leptos_axum::generate_route_list(|| ())));
    let handler = leptos_axum::render_app_async(move || {
        let body = body.clone();
        view! {
            <html>
                <head>
                    <MetaTags />
                </head>
                <body>{body()}</body>
            </html>
        }
    });
    let response = handler(request).await;
    let bytes = to_bytes(response.into_body(), usize::MAX)
        .await
        .expect("a body");
    let html = String::from_utf8(bytes.to_vec()).expect("UTF-8");
    // What the renderer's own scripts share comes after the document, with a nonce of each answer.
    let end = html.find("</html>").expect("a whole document");
    html[..end].to_owned() + "</html>"
}
