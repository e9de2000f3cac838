use leptos::prelude::*;
use protocol::locale::Locale;

use super::role;
use crate::{
    api::demo::DemoAccount,
    components::{Block, Fact, FocusShell, HeadBlock, Machine},
    i18n::Texts,
};

/// The demo at a glance: where to click, and whom one can sign in as.
#[component]
pub fn DemoPage(
    /// The people of the demo.
    accounts: Vec<DemoAccount>,
) -> AnyView {
    let t = Texts::of(expect_context::<Locale>());
    let links = [
        ("/demo/shop", t.say("demo-shop"), t.say("demo-shop-note")),
        (
            "/demo/pincode",
            t.say("demo-market"),
            t.say("demo-market-note"),
        ),
        (
            "/demo/authenticator",
            t.say("demo-authenticator"),
            t.say("demo-authenticator-note"),
        ),
        (
            "/demo/mailbox",
            t.say("demo-mailbox"),
            t.say("demo-mailbox-note"),
        ),
        ("/signup", t.say("demo-portal"), t.say("demo-portal-note")),
    ];
    view! {
        <FocusShell t title=t.say("demo-title") sandbox=true>
            <HeadBlock heading=t.say("demo-heading").into_any()>
                <p class="p-lead">{t.say("demo-lead")}</p>
            </HeadBlock>
            <Block label=t.say("demo-walk")>
                <ul role="list" class="p-index">
                    {links
                        .map(|(href, words, note)| {
                            view! {
                                <li>
                                    <a href=href>{words}</a>
                                    <p>{note}</p>
                                </li>
                            }
                        })
                        .into_iter()
                        .collect_view()}
                </ul>
            </Block>
            <Block label=t.say("demo-people")>
                <ul role="list">
                    {accounts.into_iter().map(|account| view! { <Person t account /> }).collect_view()}
                </ul>
            </Block>
        </FocusShell>
    }
    .into_any()
}

/// One person: name, password, role, code.
#[component]
fn Person(t: Texts, account: DemoAccount) -> AnyView {
    let seconds = t.with("demo-seconds", &[("seconds", account.seconds_left.into())]);
    let code = account.totp_code.map(|code| {
        view! {
            <Fact label=t.say("demo-code")>
                <Machine words=code />
                " "
                <span class="c-note">{seconds}</span>
            </Fact>
        }
    });
    view! {
        <li class="p-person">
            <dl class="c-facts">
                <Fact label=t.say("demo-username")>
                    <strong translate="no">{account.username}</strong>
                </Fact>
                <Fact label=t.say("demo-password")>
                    <Machine words=account.password />
                </Fact>
                {code}
                <Fact label=t.say("demo-role")>{role(t, &account.role)}</Fact>
            </dl>
        </li>
    }
    .into_any()
}
