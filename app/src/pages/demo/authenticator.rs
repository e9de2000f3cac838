use leptos::prelude::*;
use protocol::locale::Locale;

use super::Back;
use crate::{
    api::demo::DemoAccount,
    components::{Block, FocusShell, HeadBlock},
    i18n::Texts,
    islands::CopyText,
};

/// The codes of the moment, as a phone would show them.
#[component]
pub fn AuthenticatorPage(
    /// The people of the demo.
    accounts: Vec<DemoAccount>,
) -> AnyView {
    let t = Texts::of(expect_context::<Locale>());
    view! {
        <FocusShell t title=t.say("demo-authenticator-title") sandbox=true>
            <HeadBlock heading=t.say("demo-authenticator-heading").into_any()>
                <p class="p-lead">{t.say("demo-authenticator-lead")}</p>
                <p class="p-links">
                    // An empty address is this very page once more.
                    <a href="">{t.say("demo-next-code")}</a>
                </p>
            </HeadBlock>
            {accounts.into_iter().map(|account| view! { <Code t account /> }).collect_view()}
            <Back t />
        </FocusShell>
    }
    .into_any()
}

/// The code of one person, or the word that there is none.
#[component]
fn Code(t: Texts, account: DemoAccount) -> AnyView {
    let code = match account.totp_code {
        Some(code) => view! {
            <p class="p-code">
                <output class="p-totp" translate="no">
                    {code.clone()}
                </output>
                <CopyText text=code label=t.say("copy") done=t.say("copied") />
            </p>
            <p class="c-note">{t.with("demo-seconds", &[("seconds", account.seconds_left.into())])}</p>
        }
        .into_any(),
        None => view! { <p class="p-lead">{t.say("demo-no-code")}</p> }.into_any(),
    };
    view! { <Block label=account.username>{code}</Block> }.into_any()
}
