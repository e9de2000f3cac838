use leptos::prelude::*;
use protocol::scope::{Cannot, Cluster};

use super::{Badge, Disclosure, Icon, Shape, named};
use crate::i18n::Texts;

/// The key of a right in the translation files, where dots mean something else.
pub fn permission_key(key: &str) -> String {
    key.replace('.', "-")
}

/// What the app can do. Each line opens to what exactly that is.
#[component]
pub fn CanList(
    /// The texts.
    t: Texts,
    /// The app's name.
    #[prop(into)]
    app: String,
    /// The rights, in reading order.
    can: Vec<Cluster>,
    /// Those of them that it also has while the person does not use it.
    #[prop(optional)]
    offline: Vec<Cluster>,
    /// Those of them that come to nothing yet, because the bank does not have it.
    #[prop(optional)]
    absent: Vec<Cluster>,
    /// Those of them that the person will be asked for.
    #[prop(optional)]
    asked_for: Vec<Cluster>,
) -> AnyView {
    let line = move |cluster: Cluster| {
        let key = permission_key(cluster.key());
        let moves_money = matches!(cluster, Cluster::MoveMoney);
        let sign = view! { <Icon shape=Shape::Check class="c-permissions__sign" /> };
        let note = |applies: bool, key| {
            applies.then(|| view! { <p class="c-permissions__note">{t.say(key)}</p> })
        };
        let badge = moves_money.then(|| {
            view! { <Badge tone="warn" shape=Shape::Warning word=t.say("moves-money") /> }
                .into_any()
        });
        view! {
            <li>
                <Disclosure summary=t.say(&key) sign=sign.into_any() badge>
                    <p>{t.say(&format!("{key}-details"))}</p>
                </Disclosure>
                {note(offline.contains(&cluster), "can-offline")}
                {note(absent.contains(&cluster), "can-absent")}
                {note(asked_for.contains(&cluster), "can-asked")}
            </li>
        }
        .into_any()
    };
    view! {
        <div class="c-permissions">
            <h3 class="c-permissions__title">{t.rich("consent-can", [("app", named(&app))])}</h3>
            <ul role="list" class="c-list">
                {can.into_iter().map(line).collect_view()}
            </ul>
        </div>
    }
    .into_any()
}

/// What the app can not do, made from the rights that are absent.
#[component]
pub fn CannotList(
    /// The texts.
    t: Texts,
    /// The app's name.
    #[prop(into)]
    app: String,
    /// What is absent, in reading order.
    cannot: Vec<Cannot>,
) -> AnyView {
    let line = move |cannot: Cannot| {
        view! {
            <li>
                <Icon shape=Shape::Cross />
                {t.say(&permission_key(cannot.key()))}
            </li>
        }
    };
    view! {
        <div class="c-permissions">
            <h3 class="c-permissions__title">{t.rich("consent-cannot", [("app", named(&app))])}</h3>
            <ul role="list" class="c-cannot">
                {cannot.into_iter().map(line).collect_view()}
            </ul>
        </div>
    }
    .into_any()
}
