use leptos::prelude::*;

/// What an icon shows. It only repeats what a word beside it says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// Done, verified, allowed.
    Check,
    /// Not possible.
    Cross,
    /// Attention.
    Warning,
    /// Something to know.
    Info,
    /// More below.
    Down,
    /// Back.
    Back,
}

impl Shape {
    const fn path(self) -> &'static str {
        match self {
            Self::Check => "M3.5 8.5l3 3 6-7",
            Self::Cross => "M4.5 4.5l7 7m0-7l-7 7",
            Self::Warning => "M8 2.2L14.6 13.5H1.4zM8 6.3v3.4m0 1.6v.6",
            Self::Info => "M8 1.7a6.3 6.3 0 110 12.6A6.3 6.3 0 018 1.7zM8 7.2v4m0-6.5v.7",
            Self::Down => "M4 6.2l4 4 4-4",
            Self::Back => "M9.8 4l-4 4 4 4",
        }
    }
}

/// A small drawing in the colour of the text, silent for screen readers.
#[component]
pub fn Icon(
    /// What it shows.
    shape: Shape,
    /// Class of the drawing.
    #[prop(optional)]
    class: &'static str,
) -> AnyView {
    view! {
        <svg
            class=class
            width="16"
            height="16"
            viewBox="0 0 16 16"
            fill="none"
            stroke="currentColor"
            stroke-width="1.7"
            stroke-linecap="square"
            aria-hidden="true"
            focusable="false"
        >
            <path d=shape.path() />
        </svg>
    }
    .into_any()
}

/// The mark of the house: a sheet with two strokes above one line, for the two hands that sign.
#[component]
pub fn Mark() -> AnyView {
    view! {
        <svg width="28" height="28" viewBox="0 0 28 28" fill="none" aria-hidden="true" focusable="false">
            <path d="M5.2 2.8h17.6v22.4H5.2zM8.8 20.5h10.4" stroke="currentColor" stroke-width="1.6" />
            <path d="M9.8 17l4-9" stroke="currentColor" stroke-width="2.2" />
            <path class="c-mark__stroke" d="M14.3 17l4-9" stroke="currentColor" stroke-width="2.2" />
        </svg>
    }
    .into_any()
}
