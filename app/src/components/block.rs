use leptos::prelude::*;

/// One block of the sheet: its label in the margin column, what it says beside it.
#[component]
pub fn Block(
    /// The label; the heading of the block.
    #[prop(into)]
    label: String,
    children: Children,
) -> AnyView {
    view! {
        <section class="l-block">
            <h2 class="l-block__label">{label}</h2>
            <div class="l-block__body">{children()}</div>
        </section>
    }
    .into_any()
}

/// The first block of the sheet: the heading, with the app's plate in the margin.
#[component]
pub fn HeadBlock(
    /// The heading of the page.
    #[prop(into)]
    heading: AnyView,
    /// What stands in the margin.
    #[prop(optional)]
    margin: Option<AnyView>,
    /// Lines below the heading.
    #[prop(optional)]
    children: Option<Children>,
) -> AnyView {
    view! {
        <div class="l-block l-block--head">
            {margin.map(|margin| view! { <div class="l-block__label">{margin}</div> })}
            <div class="l-block__body p-title">
                <h1>{heading}</h1>
                {children.map(|children| children())}
            </div>
        </div>
    }
    .into_any()
}
