//! The pages of the developer portal, whatever they look like.

use std::{collections::BTreeSet, fs, path::PathBuf, time::Duration};

use app::{
    components::Visitor,
    pages::portal::{
        AppPage, CheckMailPage, CodePage, ConfirmAddressPage, DeveloperPage, ForgotPage,
        ForgotSentPage, NewPasswordPage, PortalLogInPage, SecurityPage, SignUpPage,
    },
};
use axum::body::Body;
use engine::{
    portal::{
        AppCard, AppOverview, CodeView, Complaint, Flash, Home, NewPasswordView, PortalSession,
        Progress, SecurityView, SessionState, Snippet, Typed, Waiting, apps::ShownSecret,
        security::SettingUp, test_people::TestPerson,
    },
    register::ClientFacts,
};
use http::Request;
use leptos::prelude::*;
use protocol::{
    client::{AuthMethod, ClientStatus, DialectName, Environment, GrantType, PkcePolicy},
    ids::{AppId, ClientId, TeamId},
    locale::Locale,
    registration::Field,
};

use crate::{
    markup::{find, readable, tags, title},
    register::registration_pages,
    views::{NOW, answer_to},
};

pub fn visitor() -> Visitor {
    Visitor {
        name: "Milda".to_owned(),
        is_admin: false,
        is_customer: false,
    }
}

/// No app, or one in each state.
fn home(apps: bool) -> Home {
    let card = |id: &str, is_live: bool, progress: Progress| AppCard {
        id: AppId::new(id),
        name: "Budgetly".to_owned(),
        sandbox_client: ClientId::new("sbx_budgetly_1"),
        is_live,
        off: if is_live {
            vec![Environment::Live]
        } else {
            Vec::new()
        },
        progress,
    };
    let draft = |complete| Progress::Draft { complete, total: 6 };
    let sent = |is_claimed| Progress::Sent {
        position: 2,
        is_claimed,
    };
    let asked = |open: &[Field]| Progress::NeedsChange {
        open: open.to_vec(),
    };
    let cards = [
        draft(1),
        draft(6),
        sent(false),
        sent(true),
        asked(&[Field::PurposeEn, Field::RedirectUri]),
        asked(&[]),
        Progress::Refused,
    ];
    let cards = cards.into_iter().enumerate();
    let cards = cards.map(|(at, progress)| card(&format!("app-{at}"), false, progress));
    let cards = cards.chain([card("app-live", true, Progress::Approved)]);
    Home {
        name: "Milda".to_owned(),
        apps: if apps { cards.collect() } else { Vec::new() },
        median_days: Some(2),
        may_make: true,
    }
}

fn overview(visible: bool) -> AppOverview {
    let client_id = ClientId::new("sbx_budgetly_1");
    let text = || "cs_sk_secret".to_owned();
    AppOverview {
        id: AppId::new("app-1"),
        name: "Budgetly".to_owned(),
        team: TeamId::new("team-1"),
        stage: None,
        is_live: false,
        client: ClientFacts {
            client_id: client_id.clone(),
            name: "Budgetly".to_owned(),
            environment: Environment::Sandbox,
            status: ClientStatus::Active,
            dialects: vec![DialectName::Bearer],
            auth_method: AuthMethod::ClientSecretBasic,
            pkce: PkcePolicy::Required,
            redirect_uris: vec!["http://127.0.0.1/callback".to_owned()],
            scopes: vec!["wallet".to_owned()],
            grants: GrantType::ALL.to_vec(),
            created_at: NOW,
            secrets: Vec::new(),
        },
        secret: visible.then(|| ShownSecret {
            text: text(),
            until: NOW + Duration::from_secs(600),
        }),
        people: vec![TestPerson {
            username: "ona-abcdefg".to_owned(),
            password: "qrstuvwxyz".to_owned(),
            display_name: "Ona Bandomoji".to_owned(),
            code: Some("123456".to_owned()),
            seconds_left: 21,
            accounts: vec![("LT12 1000 0111 0100 1000".to_owned(), "€250.00".to_owned())],
        }],
        may_change: true,
        snippet: Snippet {
            base: "https://id.bank.example".to_owned(),
            client_id,
            client_secret: visible.then(text),
        },
        suspensions: Vec::new(),
    }
}

fn security(setting_up: bool, codes: bool) -> SecurityView {
    SecurityView {
        username: "milda@shop.example".to_owned(),
        since: codes.then_some(NOW),
        codes_left: 10,
        setting_up: setting_up.then(|| SettingUp {
            secret: "GEZD GNBV".to_owned(),
            uri: "otpauth://totp/Countersign:milda?secret=GEZDGNBV".to_owned(),
        }),
        new_codes: match codes && setting_up {
            true => vec!["7K3M-9QXT-0ABC-DEFG".to_owned()],
            false => Vec::new(),
        },
    }
}

/// A page, with what a form left for it.
pub async fn shown(
    locale: Locale,
    flash: Option<Flash>,
    page: impl Fn() -> AnyView + Clone + Send + Sync + 'static,
) -> String {
    let mut request = Request::get("/developer")
        .body(Body::empty())
        .expect("a request");
    request.extensions_mut().insert(PortalSession {
        binding: [7; 32],
        state: SessionState {
            flash,
            ..SessionState::default()
        },
    });
    answer_to(request, move || {
        provide_context(locale);
        page()
    })
    .await
}

fn complaints(form: &str, found: &[(&str, &str)]) -> Option<Flash> {
    let found = found
        .iter()
        .map(|(field, what)| Complaint::about(field, what));
    let typed = Typed::default()
        .with("email", "milda@shop")
        .with("username", "milda@shop")
        .with("name", "x");
    Some(Flash::refused(form, typed, found.collect()))
}

/// Every page of the portal in every state.
pub async fn portal_pages(locale: Locale) -> Vec<String> {
    let waiting = Waiting {
        email: "milda@shop.example".to_owned(),
        until: NOW,
    };
    let sign_up = || view! { <SignUpPage /> }.into_any();
    let wrong_sign_up = complaints(
        "signup",
        &[
            ("email", "email-malformed"),
            ("name", "name-missing"),
            ("new_password", "password-length"),
            ("terms", "terms-missing"),
        ],
    );
    let log_in = || view! { <PortalLogInPage next=String::new() open=true /> }.into_any();
    let forgot = || view! { <ForgotPage /> }.into_any();
    let new_password = || {
        let view = NewPasswordView {
            username: "milda@shop.example".to_owned(),
            link: "sealed".to_owned(),
        };
        view! { <NewPasswordPage view /> }.into_any()
    };
    let check_mail = {
        let waiting = waiting.clone();
        move || view! { <CheckMailPage waiting=waiting.clone() /> }.into_any()
    };
    let confirm = move || {
        view! { <ConfirmAddressPage waiting=waiting.clone() token="cs_su_x".to_owned() /> }
            .into_any()
    };
    let code = |again, recovery| {
        move || {
            let view = CodeView {
                username: "milda@shop.example".to_owned(),
                again,
                next: "sealed".to_owned(),
            };
            view! { <CodePage view recovery /> }.into_any()
        }
    };
    let developer =
        |apps| move || view! { <DeveloperPage visitor=visitor() home=home(apps) /> }.into_any();
    let app =
        |visible| move || view! { <AppPage visitor=visitor() app=overview(visible) /> }.into_any();
    let secure = |setting_up, codes| {
        move || {
            view! { <SecurityPage visitor=visitor() view=security(setting_up, codes) /> }.into_any()
        }
    };
    let mut pages = vec![
        shown(locale, None, sign_up).await,
        shown(locale, wrong_sign_up, sign_up).await,
        shown(locale, None, check_mail.clone()).await,
        shown(
            locale,
            complaints("check-mail", &[("code", "code-missing")]),
            check_mail,
        )
        .await,
        shown(locale, None, confirm).await,
        shown(locale, None, log_in).await,
        shown(
            locale,
            complaints("login", &[("username", "details-wrong")]),
            log_in,
        )
        .await,
        shown(
            locale,
            Some(Flash::note("login", "password-changed", Typed::default())),
            log_in,
        )
        .await,
        shown(locale, None, forgot).await,
        shown(
            locale,
            complaints("forgot", &[("email", "username-missing")]),
            forgot,
        )
        .await,
        shown(
            locale,
            Some(Flash::refused(
                "forgot",
                Typed::default(),
                vec![Complaint::general("reset-over")],
            )),
            forgot,
        )
        .await,
        shown(locale, None, || view! { <ForgotSentPage /> }.into_any()).await,
        shown(locale, None, new_password).await,
        shown(
            locale,
            complaints("new-password", &[("new_password", "password-length")]),
            new_password,
        )
        .await,
        shown(locale, None, code(false, false)).await,
        shown(locale, None, code(true, true)).await,
        shown(
            locale,
            complaints("code", &[("code", "code-wrong")]),
            code(true, false),
        )
        .await,
        shown(locale, None, developer(false)).await,
        shown(
            locale,
            complaints("new-app", &[("name", "app-name-length")]),
            developer(true),
        )
        .await,
        shown(
            locale,
            Some(Flash::note("app", "app-made", Typed::default())),
            app(true),
        )
        .await,
        shown(locale, None, app(false)).await,
        shown(locale, None, secure(false, false)).await,
        shown(
            locale,
            complaints("security", &[("code", "new-app-code-wrong")]),
            secure(true, false),
        )
        .await,
        shown(locale, None, secure(false, true)).await,
        shown(locale, None, secure(true, true)).await,
    ];
    pages.extend(registration_pages(locale).await);
    pages
}

#[tokio::test]
async fn every_state_of_every_page_is_whole_in_every_language() {
    for locale in Locale::ALL {
        for html in portal_pages(locale).await {
            let tags = tags(&html);
            let ids: Vec<&str> = tags.iter().filter_map(|tag| tag.attribute("id")).collect();
            let known: BTreeSet<&str> = ids.iter().copied().collect();
            assert_eq!(ids.len(), known.len(), "an id stands twice: {ids:?}");
            for tag in &tags {
                let points = [
                    "for",
                    "aria-describedby",
                    "aria-labelledby",
                    "aria-controls",
                ];
                let named = points
                    .iter()
                    .filter_map(|name| tag.attribute(name))
                    .flat_map(|ids| ids.split(' '));
                let linked = tag
                    .attribute("href")
                    .and_then(|href| href.strip_prefix('#'));
                for id in named.chain(linked) {
                    assert!(known.contains(id), "{tag:?} points at nothing");
                }
            }
            assert_eq!(tags.iter().filter(|tag| tag.name == "h1").count(), 1);
            assert!(!title(&html).is_empty());
            assert!(!html.contains(" style="));
            let text = readable(&html);
            for start in [
                "signup-",
                "portal-",
                "complaint-",
                "flash-",
                "security-",
                "developer-",
                "app-",
                "forgot-",
                "new-password-",
            ] {
                assert!(
                    !text.split_whitespace().any(|word| word.starts_with(start)),
                    "a key is shown: {text}"
                );
            }
        }
    }
}

#[tokio::test]
async fn forms_are_plain_and_have_a_token() {
    for html in portal_pages(Locale::En).await {
        for form in tags(&html).into_iter().filter(|tag| tag.name == "form") {
            assert!(form.is("method", "post"), "{form:?}");
            let action = form.attribute("action").expect("an action");
            assert!(action.starts_with("/api/portal/"), "{action}");
            let inside = crate::markup::within(&html, &form);
            assert!(
                find(&inside, "input", "name", "form_token").is_some(),
                "{action}"
            );
        }
    }
}

#[tokio::test]
async fn new_fields_have_the_attributes_that_browsers_know() {
    let html = shown(Locale::En, None, || view! { <SignUpPage /> }.into_any()).await;
    let tags = tags(&html);
    for (name, attributes) in [
        (
            "email",
            &[
                ("type", "email"),
                ("autocomplete", "email"),
                ("inputmode", "email"),
            ][..],
        ),
        (
            "name",
            &[
                ("type", "text"),
                ("autocomplete", "name"),
                ("spellcheck", "false"),
            ],
        ),
        (
            "new_password",
            &[
                ("type", "password"),
                ("autocomplete", "new-password"),
                ("minlength", "12"),
                ("maxlength", "128"),
            ],
        ),
    ] {
        let field = find(&tags, "input", "name", name).expect(name);
        for (attribute, value) in attributes {
            assert!(
                field.is(attribute, value),
                "{name}: {attribute} of {field:?}"
            );
        }
    }
    let password = find(&tags, "input", "name", "new_password").expect("a field");
    assert_eq!(password.attribute("value"), None);
    let terms = find(&tags, "input", "name", "terms").expect("a box");
    assert_eq!(
        terms.attribute("checked"),
        None,
        "nobody agrees for a person"
    );
}

/// Every word with which the engine complains has its text: what the pages look up is made of them.
#[test]
fn every_complaint_and_note_of_the_engine_has_its_words() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../server/engine/src/portal");
    let locales = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("locales/en");
    let texts: String = files(locales).collect::<Vec<_>>().join("\n");
    let has = |key: String| {
        texts
            .lines()
            .any(|line| line.starts_with(&format!("{key} =")))
    };
    let mut seen = 0;
    let words = |source: &str, call: &str, at: usize| -> Vec<String> {
        let literal = |rest: &str| {
            let call = rest.split(')').next().unwrap_or_default();
            call.split('"')
                .skip(1)
                .step_by(2)
                .nth(at)
                .map(str::to_owned)
        };
        source.split(call).skip(1).filter_map(literal).collect()
    };
    for source in files(folder) {
        let complaints = words(&source, "Complaint::about(", 1)
            .into_iter()
            .chain(words(&source, "Complaint::general(", 0));
        for word in complaints {
            seen += 1;
            assert!(has(format!("complaint-{word}")), "complaint-{word}");
        }
        for word in words(&source, "Flash::note(", 1) {
            seen += 1;
            assert!(has(format!("flash-{word}")), "flash-{word}");
        }
    }
    assert!(seen > 15, "{seen}");
}

/// Every file of a folder and of the folders in it.
fn files(folder: PathBuf) -> impl Iterator<Item = String> {
    let mut folders = vec![folder];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(fs::read_to_string(path).expect("a text"));
            }
        }
    }
    found.into_iter()
}

#[tokio::test]
async fn a_change_that_is_asked_for_leads_to_its_very_field() {
    let page = || view! { <DeveloperPage visitor=visitor() home=home(true) /> }.into_any();
    let html = shown(Locale::En, None, page).await;
    let tags = tags(&html);
    let leads = |target: &str| {
        let mut links = tags.iter().filter_map(|tag| tag.attribute("href"));
        links.any(|href| href == target)
    };
    for target in [
        "/developer/apps/app-0/setup",
        "/developer/apps/app-1/setup/review",
        "/developer/apps/app-2/review",
        "/developer/apps/app-4/setup/purpose#purpose_en",
        "/developer/apps/app-4/setup/callbacks#redirect_uri",
        "/developer/apps/app-5/setup/review",
        "/developer/apps/app-6/review",
        "/developer/apps/app-live/live/credentials",
    ] {
        assert!(leads(target), "{target}");
    }
    let text = readable(&html);
    for said in [
        "1 of 6 tasks",
        "Number 2 of those who wait",
        "2 days or less",
        "A reviewer works on it.",
        "2 fields need you:",
        "Not let in",
        "Live switched off",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
}
