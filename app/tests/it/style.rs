//! The style sheets: contrast of the colours, fonts that are there, classes that mean something.

use std::{collections::BTreeMap, fs, path::PathBuf};

use protocol::locale::Locale;

use crate::{
    developers::documents,
    inspect::inspect_pages,
    markup::tags,
    portal::portal_pages,
    views::{page, steps},
};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// All style sheets as one text.
fn styles() -> String {
    let folder = root().join("../style");
    let mut names: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the folder")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    names.sort();
    names
        .iter()
        .map(|name| fs::read_to_string(name).expect("a style sheet"))
        .collect()
}

/// The colours of the light and of the dark mode.
fn colours() -> [BTreeMap<String, [f64; 3]>; 2] {
    let tokens = fs::read_to_string(root().join("../style/tokens.css")).expect("the tokens");
    let (light, dark) = tokens
        .split_once("prefers-color-scheme: dark")
        .expect("two modes");
    let read = |css: &str| -> BTreeMap<String, [f64; 3]> {
        let pairs = css
            .lines()
            .filter_map(|line| line.trim().strip_prefix("--")?.split_once(": #"));
        pairs
            .map(|(name, hex)| (name.to_owned(), rgb(hex.trim_end_matches(';'))))
            .collect()
    };
    let light = read(light);
    let mut dark_colours = light.clone();
    dark_colours.extend(read(dark));
    [light, dark_colours]
}

fn rgb(hex: &str) -> [f64; 3] {
    let part = |at: usize| {
        f64::from(u8::from_str_radix(&hex[at..at + 2], 16).expect("six hexadecimal digits")) / 255.0
    };
    [part(0), part(2), part(4)]
}

/// WCAG 2.2, contrast ratio.
fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let luminance = |colour: [f64; 3]| {
        let linear = colour.map(|c| {
            if c <= 0.04045 {
                c / 12.92
            } else {
                ((c + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    };
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn the_contrast_formula_is_that_of_wcag() {
    assert!((contrast(rgb("000000"), rgb("ffffff")) - 21.0).abs() < 0.001);
    assert!((contrast(rgb("16211d"), rgb("f6f4ee")) - 15.04).abs() < 0.01);
}

#[test]
fn text_and_controls_can_be_seen_in_both_modes() {
    let text = [
        ("ink", &["paper", "surface", "sunken"][..]),
        ("ink-2", &["paper", "surface", "sunken"]),
        ("ink-3", &["paper", "surface", "sunken"]),
        ("on-brand", &["brand", "brand-hover"]),
        ("link", &["paper", "surface"]),
        ("visited", &["surface"]),
        ("danger", &["surface", "danger-bg"]),
        ("ink", &["danger-bg", "warn-bg", "info-bg"]),
        ("ok", &["surface", "ok-bg"]),
        ("warn", &["surface", "warn-bg"]),
        ("info", &["info-bg"]),
        ("sandbox", &["surface", "sandbox-bg"]),
        ("removed", &["sunken"]),
        ("added", &["sunken"]),
        ("on-plate", &["plate"]),
    ];
    let controls = [
        ("control", &["paper", "surface", "sunken"][..]),
        ("focus", &["paper", "surface", "sunken"]),
        ("brand", &["surface"]),
    ];
    for colours in colours() {
        for (pairs, least) in [(&text[..], 4.5), (&controls[..], 3.0)] {
            for (front, backs) in pairs {
                for back in *backs {
                    let ratio = contrast(colours[*front], colours[*back]);
                    assert!(ratio >= least, "{front} on {back}: {ratio:.2}");
                }
            }
        }
    }
}

#[test]
fn every_font_that_is_named_is_there_with_its_licence() {
    let public = root().join("public");
    let styles = styles();
    let mut fonts: Vec<String> = styles
        .split("url(\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(str::to_owned)
        .collect();
    let preloaded = Locale::ALL.into_iter().flat_map(app::components::preloads);
    fonts.extend(preloaded.map(str::to_owned));
    assert!(fonts.len() > 12);
    for font in fonts {
        let path = public.join(font.trim_start_matches('/'));
        assert_eq!(
            fs::read(&path).expect(&font).get(..4),
            Some(&b"wOF2"[..]),
            "{font}"
        );
        let face = path
            .file_name()
            .and_then(|name| name.to_str())
            .expect("a name");
        let family = face
            .split("-400")
            .next()
            .and_then(|name| name.split("-600").next())
            .expect("a family");
        let licence =
            fs::read_to_string(public.join(format!("licenses/{family}.txt"))).expect("a licence");
        assert!(licence.contains("SIL Open Font License"), "{family}");
    }
}

#[tokio::test]
async fn every_class_of_the_pages_has_a_style() {
    for step in steps(Locale::En) {
        assert_styled(&page(step).await);
    }
    for html in documents(Locale::En).await {
        assert_styled(&html);
    }
    for html in portal_pages(Locale::En).await {
        assert_styled(&html);
    }
    for html in inspect_pages(Locale::En).await {
        assert_styled(&html);
    }
}

/// Every class of a page has a style.
fn assert_styled(html: &str) {
    let styles = styles();
    // Read by tests and programs, or set apart from its siblings by them.
    let unstyled = ["code-assist", "expiry"];
    for tag in tags(html) {
        let classes = tag.attribute("class").unwrap_or_default();
        for class in classes.split_whitespace() {
            let styled = styles
                .match_indices(&format!(".{class}"))
                .any(|(at, found)| {
                    !styles[at + found.len()..]
                        .starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
                });
            assert!(
                styled || unstyled.contains(&class),
                "no style for .{class} of {tag:?}"
            );
        }
    }
}

#[test]
fn main_imports_every_other_sheet() {
    let folder = root().join("../style");
    let main = fs::read_to_string(folder.join("main.css")).expect("the main sheet");
    for entry in fs::read_dir(folder).expect("the folder") {
        let name = entry
            .expect("an entry")
            .file_name()
            .to_string_lossy()
            .into_owned();
        assert!(
            name == "main.css" || main.contains(&format!("@import \"{name}\";")),
            "{name}"
        );
    }
}
