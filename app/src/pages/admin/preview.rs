//! What people would read about the app, and what it changes in what they read now.

use engine::{
    portal::Place,
    review::{CaseView, ConsentPreview},
};
use leptos::prelude::*;
use protocol::{authorization::Purpose, locale::Locale};

use crate::{
    components::{
        Block, CanList, CannotList, Fact, Identity, Run, language_links, named, runs_of_words,
    },
    i18n::Texts,
    pages::authorize::{Why, next},
};

/// The id of the section: where the links of its languages lead.
const ID: &str = "people";

/// The consent page of the app in one language, of the parts that the real one is made of, and beside
/// it what is new in its sentence.
pub(super) fn preview(t: Texts, view: &CaseView, locale: Locale) -> Option<AnyView> {
    let ConsentPreview {
        ways,
        can,
        cannot,
        approved,
    } = view.preview(locale);
    let app = ways.first()?.clone();
    let name = app.name.clone();
    let theirs = Texts::of(locale);
    let page = Place::Case(view.case.id.clone()).path();
    let languages = language_links(t.say("admin-preview-language"), locale, |locale| {
        format!("{page}?people={locale}#{ID}")
    });
    let title = theirs.rich("consent-title", [("app", named(&name))]);
    let next = ways.iter().map(|app| next(theirs, app)).collect_view();
    let news = news(t, approved, app.purpose.clone());
    let why = view! { <Why t=theirs app=name.clone() purpose=app.purpose.clone() /> };
    Some(
        view! {
            <section class="d-block" aria-labelledby=ID>
                <h2 id=ID>{t.say("admin-preview")}</h2>
                <p class="c-note">{t.say("admin-preview-note")}</p>
                {languages}
                <div class="d-beside">
                    <div class="d-sheet" lang=locale.as_str()>
                        <p class="d-preview__title">{title}</p>
                        <Block label=theirs.say("label-who")>
                            <Identity t=theirs app />
                        </Block>
                        <Block label=theirs.say("label-why")>{why}</Block>
                        <Block label=theirs.say("label-what")>
                            <CanList t=theirs app=name.clone() can />
                            <CannotList t=theirs app=name cannot />
                        </Block>
                        <Block label=theirs.say("label-next")>{next}</Block>
                    </div>
                    {news}
                </div>
            </section>
        }
        .into_any(),
    )
}

/// What is new in the sentence.
fn news(t: Texts, approved: Option<Purpose>, now: Option<Purpose>) -> AnyView {
    let words = match (approved, now) {
        (Some(approved), Some(now)) if approved.text == now.text => {
            view! { <p>{t.say("admin-preview-same")}</p> }.into_any()
        }
        (Some(approved), Some(now)) => {
            let marked = runs_of_words(&approved.text, &now.text);
            let whole = |purpose: &Purpose| {
                vec![Run {
                    text: purpose.text.clone(),
                    same: false,
                }]
            };
            let (before, after) = marked.unwrap_or_else(|| (whole(&approved), whole(&now)));
            let before = before.into_iter().map(|run| match run.same {
                true => run.text.into_any(),
                false => view! { <del>{run.text}</del> }.into_any(),
            });
            let after = after.into_iter().map(|run| match run.same {
                true => run.text.into_any(),
                false => view! { <ins>{run.text}</ins> }.into_any(),
            });
            view! {
                <dl class="c-facts d-words">
                    <Fact label=t.say("admin-preview-before")>
                        <bdi lang=approved.locale.as_str()>{before.collect_view()}</bdi>
                    </Fact>
                    <Fact label=t.say("admin-preview-after")>
                        <bdi lang=now.locale.as_str()>{after.collect_view()}</bdi>
                    </Fact>
                </dl>
            }
            .into_any()
        }
        _ => view! { <p>{t.say("admin-preview-first")}</p> }.into_any(),
    };
    view! {
        <div class="d-remark">
            <h3>{t.say("admin-preview-news")}</h3>
            {words}
        </div>
    }
    .into_any()
}
