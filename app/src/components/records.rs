use leptos::prelude::*;

use crate::i18n::Texts;

/// Records as a table; on a phone each is a list of labels and values, so that every cell says in
/// `data-label` what its head is.
#[component]
pub fn RecordTable(
    /// What the table holds, for those who do not see it.
    caption: String,
    /// The heads of the columns.
    heads: Vec<String>,
    /// The rows.
    children: Children,
) -> AnyView {
    let heads = heads
        .into_iter()
        .map(|head| view! { <th scope="col" role="columnheader">{head}</th> })
        .collect_view();
    view! {
        <table class="d-table" role="table">
            <caption class="l-aside">{caption}</caption>
            <thead role="rowgroup">
                <tr role="row">{heads}</tr>
            </thead>
            <tbody role="rowgroup">{children()}</tbody>
        </table>
    }
    .into_any()
}

/// The filters of a list: a form that is sent with GET, so that a list has an address.
#[component]
pub fn FilterForm(
    /// The texts.
    t: Texts,
    /// Where the list is.
    path: String,
    /// Where it is without the filters that are set.
    #[prop(optional_no_strip)]
    clear: Option<String>,
    /// The fields.
    children: Children,
) -> AnyView {
    let clear = clear.map(|address| view! { <a href=address>{t.say("log-clear")}</a> });
    view! {
        <form class="d-filter" id="filter" method="get" action=path role="search" aria-label=t.say("log-filter")>
            {children()}
            <p class="d-filter__go">
                <button type="submit" class="c-button">
                    {t.say("log-show")}
                </button>
                {clear}
            </p>
        </form>
    }
    .into_any()
}
