use engine::portal::Place;
use leptos::prelude::*;
use protocol::locale::Locale;

use crate::{
    components::{Block, FocusShell, HeadBlock, site_host},
    i18n::Texts,
};

/// The first page: what this is, and that there is nothing to do here until an app sends somebody.
#[component]
pub fn HomePage(
    /// The server runs with demo data: say where to click.
    #[prop(optional)]
    demo: bool,
) -> AnyView {
    let t = Texts::of(expect_context::<Locale>());
    let password = match site_host() {
        Some(host) => {
            let host = view! { <strong class="c-host">{host}</strong> }.into_any();
            t.rich("home-people-password", [("host", host)])
        }
        None => vec![t.say("home-people-password-plain").into_any()],
    };
    let demo = demo.then(|| {
        view! {
            <Block label=t.say("home-label-demo")>
                <p>{t.say("home-demo")}</p>
                <ul role="list" class="p-index">
                    <li>
                        <a href="/demo/shop">{t.say("home-demo-shop")}</a>
                        <p>{t.say("home-demo-shop-note")}</p>
                    </li>
                    <li>
                        <a href="/demo">{t.say("home-demo-index")}</a>
                        <p>{t.say("home-demo-index-note")}</p>
                    </li>
                </ul>
            </Block>
        }
    });
    view! {
        <FocusShell t title=t.say("home-title")>
            <HeadBlock heading=t.say("home-heading").into_any()>
                <p class="p-lead">{t.say("home-lead")}</p>
            </HeadBlock>
            {demo}
            <Block label=t.say("home-label-people")>
                <p>{t.say("home-people")}</p>
                <p>{password}</p>
                <ul role="list" class="p-index">
                    <li>
                        <a href=Place::Connected.path()>{t.say("home-connected")}</a>
                        <p>{t.say("home-connected-note")}</p>
                    </li>
                </ul>
            </Block>
            <Block label=t.say("home-label-developers")>
                <p>{t.say("home-developers")}</p>
                <ul role="list" class="p-index">
                    <li>
                        <a href="/developers">{t.say("home-docs")}</a>
                        <p>{t.say("home-docs-note")}</p>
                    </li>
                    <li>
                        <a href="/developer">{t.say("home-portal")}</a>
                        <p>{t.say("home-portal-note")}</p>
                    </li>
                    <li>
                        <a href="/.well-known/oauth-authorization-server">{t.say("home-metadata")}</a>
                        <p>{t.say("home-metadata-note")}</p>
                    </li>
                </ul>
            </Block>
        </FocusShell>
    }
    .into_any()
}
