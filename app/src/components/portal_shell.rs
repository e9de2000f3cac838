use engine::portal::{Person, Place};
use leptos::prelude::*;
use leptos_meta::Title;

use super::{
    icon::Mark,
    shell::{Languages, escaped},
};
use crate::{i18n::Texts, visitor::form_token};

/// Who looks at a page of the portal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Visitor {
    /// The name that others see.
    pub name: String,
    /// Whether they review apps.
    pub is_admin: bool,
    /// Whether they are a customer: then there is nothing of the portal to go to.
    pub is_customer: bool,
}

impl Visitor {
    /// This person.
    pub fn of(person: &Person) -> Self {
        Self {
            name: person.user.display_name.clone(),
            is_admin: person.is_admin(),
            is_customer: person.is_customer(),
        }
    }
}

/// The shell of the portal: bar, navigation, the page, and a violet stripe where the money is play
/// money. On a phone the navigation is a menu under the bar.
#[component]
pub fn PortalShell(
    /// The texts.
    t: Texts,
    /// What the window is called.
    #[prop(into)]
    title: String,
    /// Who looks.
    visitor: Visitor,
    /// The page in the navigation that this one belongs to.
    #[prop(optional)]
    here: Option<Place>,
    /// The window's name begins with "Error:".
    #[prop(optional)]
    failed: bool,
    /// Play money only.
    #[prop(optional)]
    sandbox: bool,
    children: Children,
) -> AnyView {
    let key = if failed { "title-error" } else { "title" };
    let title = match sandbox {
        true => format!("{title} ({})", t.say("sandbox")),
        false => title,
    };
    let window = escaped(&t.with(key, &[("page", title.into())]));
    let stripe = sandbox.then(|| {
        view! {
            <p class="c-stripe">
                <strong>{t.say("sandbox")}</strong>
                " "
                {t.say("sandbox-line")}
            </p>
        }
    });
    let desk = visitor.is_admin.then(|| {
        [
            (Place::Queue, t.say("admin-queue")),
            (Place::Clients, t.say("clients-title")),
            (Place::Audit, t.say("audit-nav")),
        ]
    });
    let connected = (Place::Connected, t.say("connected-title"));
    let (home, links) = match visitor.is_customer {
        true => (Place::Connected, vec![connected]),
        false => {
            let portal = [
                (Place::Home, t.say("portal-nav-apps")),
                (Place::Team(None), t.say("portal-nav-team")),
                (Place::Security, t.say("portal-nav-security")),
            ];
            let links = portal.into_iter().chain(desk.into_iter().flatten());
            (Place::Home, links.collect())
        }
    };
    let link = move |(place, words): (Place, String)| {
        let current = (here.as_ref() == Some(&place)).then_some("page");
        view! {
            <li>
                <a href=place.path() aria-current=current>
                    {words}
                </a>
            </li>
        }
    };
    view! {
        <Title text=window />
        <a class="c-button l-skip l-aside" href="#main">
            {t.say("skip")}
        </a>
        <header>
            {stripe}
            <div class="d-page d-bar">
                <a class="c-mark d-home" href=home.path()>
                    <Mark />
                    "Countersign"
                </a>
                <Languages t />
                <form class="d-who" method="post" action="/api/portal/logout">
                    <input type="hidden" name="form_token" value=form_token("logout") />
                    <bdi class="d-who__name">{visitor.name}</bdi>
                    <button type="submit" class="c-button--quiet">
                        {t.say("portal-sign-out")}
                    </button>
                </form>
            </div>
            <nav class="d-page d-nav" aria-label=t.say("portal-nav")>
                <ul role="list">{links.into_iter().map(link).collect_view()}</ul>
            </nav>
        </header>
        <main class="d-page d-main" id="main">
            {children()}
        </main>
    }
    .into_any()
}
