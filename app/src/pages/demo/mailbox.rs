use leptos::prelude::*;
use protocol::locale::Locale;

use super::Back;
use crate::{
    api::demo::DemoMail,
    components::{FocusShell, HeadBlock, minute},
    i18n::Texts,
};

/// The mails that would have been sent, the newest first.
#[component]
pub fn MailboxPage(
    /// The mails.
    mails: Vec<DemoMail>,
) -> AnyView {
    let t = Texts::of(expect_context::<Locale>());
    let lead = if mails.is_empty() {
        t.say("demo-mailbox-empty")
    } else {
        t.say("demo-mailbox-lead")
    };
    view! {
        <FocusShell t title=t.say("demo-mailbox-title") sandbox=true>
            <HeadBlock heading=t.say("demo-mailbox-heading").into_any()>
                <p class="p-lead">{lead}</p>
            </HeadBlock>
            {mails.into_iter().map(|mail| view! { <Mail t mail /> }).collect_view()}
            <Back t />
        </FocusShell>
    }
    .into_any()
}

#[component]
fn Mail(t: Texts, mail: DemoMail) -> AnyView {
    let to = view! { <bdi>{mail.to}</bdi> }.into_any();
    view! {
        <article class="l-block">
            <div class="l-block__body">
                <h2 class="p-question"><bdi>{mail.subject}</bdi></h2>
                <p class="c-note">{t.rich("demo-mail-to", [("address", to)])} " · " {minute(t, mail.at)}</p>
                <div class="p-mail"><bdi>{mail.text}</bdi></div>
            </div>
        </article>
    }
    .into_any()
}
