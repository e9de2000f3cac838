use leptos::prelude::*;
use protocol::scope::{Permission, Scope, ScopeToken};

use super::{Head, Page, Shell, texts};
use crate::{
    components::{DocumentSection, Fact, permission_key},
    i18n::Texts,
};

/// What an app can ask for, in the words that people read when it does.
#[component]
pub fn ScopesPage() -> AnyView {
    let t = texts();
    view! {
        <Shell t title=t.say("docs-scopes") page=Page::Scopes>
            <Head heading=t.say("docs-scopes-heading") lead=t.prose("docs-scopes-lead", &[]) />
            {offered().into_iter().map(|(token, permission)| view! { <Offer t token permission /> }).collect_view()}
        </Shell>
    }
    .into_any()
}

/// The scopes that metadata offers, with what they allow.
pub(super) fn offered() -> Vec<(ScopeToken, Permission)> {
    let known = |text: &str| {
        let token = ScopeToken::parse(text).ok()?;
        let permission = Permission::of(&token)?;
        Some((token, permission))
    };
    Permission::OFFERED.into_iter().filter_map(known).collect()
}

/// Key of the licence that an app needs before it may ask real people, by the rule that its review
/// applies. Services and their points are those of Directive (EU) 2015/2366, annex I.
pub(super) const fn licence(permission: &Permission) -> &'static str {
    match permission {
        Permission::Wallet | Permission::Personal(_) => "docs-licence-none",
        Permission::AccountInformation | Permission::AccountInformationOf(_) => {
            "docs-licence-accounts"
        }
        Permission::TransferFunds | Permission::TransferFundsOf(_) => "docs-licence-payments",
    }
}

/// One scope: what people read that it can and cannot do, who must stand behind it, what is needed live.
#[component]
fn Offer(t: Texts, token: ScopeToken, permission: Permission) -> AnyView {
    let alone: Scope = [token.clone()].into_iter().collect();
    let can = alone.clusters(None).into_iter().map(move |cluster| {
        let key = permission_key(cluster.key());
        let details = t.say(&format!("{key}-details"));
        view! { <li>{t.say(&key)} <br /> <span class="c-note">{details}</span></li> }
    });
    let cannot = alone
        .cannot()
        .into_iter()
        .map(move |cannot| view! { <li>{t.say(&permission_key(cannot.key()))}</li> });
    let person = if permission.needs_person() {
        t.say("docs-scope-person-needed")
    } else {
        t.say("docs-scope-person-not-needed")
    };
    let consent = (permission == Permission::AccountInformation)
        .then(|| view! { <p>{t.prose("docs-scope-consent", &[])}</p> });
    let name = view! {
        <code class="c-code" translate="no">
            {token.to_string()}
        </code>
    };
    view! {
        <DocumentSection id=token.to_string() heading=name.into_any()>
            <dl class="c-facts c-facts--stacked">
                <Fact label=t.say("docs-scope-can")>
                    <ul class="p-help">{can.collect_view()}</ul>
                </Fact>
                <Fact label=t.say("docs-scope-cannot")>
                    <ul class="p-help">{cannot.collect_view()}</ul>
                </Fact>
                <Fact label=t.say("docs-scope-person")>{person}</Fact>
                <Fact label=t.say("docs-scope-licence")>
                    {t.prose(licence(&permission), &[])} ". " {t.say("docs-scope-sandbox")}
                </Fact>
            </dl>
            {consent}
        </DocumentSection>
    }
    .into_any()
}
