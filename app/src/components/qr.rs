use fast_qr::{ECL, QRBuilder};
use leptos::prelude::*;

/// Light modules around the code, which scanners need (ISO/IEC 18004: four).
const QUIET: usize = 4;

/// A text as QR code. Drawn with geometry alone, so that the page needs no inline style.
#[component]
pub fn QrCode(
    /// The text.
    text: String,
    /// What it is, for those who do not see it.
    label: String,
) -> AnyView {
    // A text that is too long for a QR code has none: the same text stands beside it.
    let Ok(code) = QRBuilder::new(text).ecl(ECL::M).build() else {
        return ().into_any();
    };
    let size = code.size;
    let dark = (0..size).flat_map(|row| (0..size).map(move |column| (row, column)));
    let path: String = dark
        .filter(|(row, column)| code[*row][*column].value())
        .map(|(row, column)| format!("M{} {}h1v1h-1z", column + QUIET, row + QUIET))
        .collect();
    let side = size + 2 * QUIET;
    view! {
        <svg
            class="c-qr"
            role="img"
            aria-label=label
            width="200"
            height="200"
            viewBox=format!("0 0 {side} {side}")
            shape-rendering="crispEdges"
        >
            <rect width=side height=side fill="#fff" />
            <path d=path fill="#000" />
        </svg>
    }
    .into_any()
}
