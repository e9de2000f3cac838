//! The words of the pages, in the languages of [`Locale`].
//!
//! Every text lies in `app/locales/<language>/*.ftl` ([Fluent](https://projectfluent.org)): a
//! translator edits those and nothing else, plural forms included. The files are part of the
//! binary. A page knows its language from what it shows and asks here:
//!
//! ```
//! use app::i18n::Texts;
//! use protocol::locale::Locale;
//!
//! let t = Texts::of(Locale::En);
//! assert_eq!(t.say("cancel"), "Cancel");
//! assert_eq!(t.with("back-to", &[("app", "Budgetly".into())]), "Back to Budgetly");
//! assert_eq!(t.with("consent-days", &[("days", 1.into())]), "1 day");
//! ```
//!
//! The tests below hold the three languages together: the same keys with the same variables,
//! nothing left over, and every key that the pages name is there.

mod prose;

use std::sync::LazyLock;

pub use fluent_bundle::FluentValue;
use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};
use leptos::prelude::*;
use protocol::locale::Locale;

/// The files of one language, read into the binary.
macro_rules! files {
    ($language:literal) => {
        [
            include_str!(concat!("../locales/", $language, "/common.ftl")),
            include_str!(concat!("../locales/", $language, "/authorize.ftl")),
            include_str!(concat!("../locales/", $language, "/notices.ftl")),
            include_str!(concat!("../locales/", $language, "/details.ftl")),
            include_str!(concat!("../locales/", $language, "/countries.ftl")),
            include_str!(concat!("../locales/", $language, "/permissions.ftl")),
            include_str!(concat!("../locales/", $language, "/personal.ftl")),
            include_str!(concat!("../locales/", $language, "/problems.ftl")),
            include_str!(concat!("../locales/", $language, "/pages.ftl")),
            include_str!(concat!("../locales/", $language, "/demo.ftl")),
            include_str!(concat!("../locales/", $language, "/checks.ftl")),
            include_str!(concat!("../locales/", $language, "/developers.ftl")),
            include_str!(concat!("../locales/", $language, "/psd2.ftl")),
            include_str!(concat!("../locales/", $language, "/portal.ftl")),
            include_str!(concat!("../locales/", $language, "/credentials.ftl")),
            include_str!(concat!("../locales/", $language, "/tutorial.ftl")),
            include_str!(concat!("../locales/", $language, "/connected.ftl")),
            include_str!(concat!("../locales/", $language, "/inspect.ftl")),
            include_str!(concat!("../locales/", $language, "/register.ftl")),
            include_str!(concat!("../locales/", $language, "/review.ftl")),
            include_str!(concat!("../locales/", $language, "/desk.ftl")),
        ]
    };
}

/// The texts of one language as they stand in the files.
const fn sources(locale: Locale) -> &'static [&'static str] {
    match locale {
        Locale::En => &files!("en"),
        Locale::Lt => &files!("lt"),
        Locale::Ru => &files!("ru"),
    }
}

type Bundle = FluentBundle<FluentResource>;

static EN: LazyLock<Bundle> = LazyLock::new(|| bundle(Locale::En));
static LT: LazyLock<Bundle> = LazyLock::new(|| bundle(Locale::Lt));
static RU: LazyLock<Bundle> = LazyLock::new(|| bundle(Locale::Ru));

/// Reads the files of a language. A line that cannot be read is left out and found by the tests.
fn bundle(locale: Locale) -> Bundle {
    let language = locale.as_str().parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![language]);
    // Names of others are set apart by `<bdi>` in the views; invisible marks in the text would end
    // up in titles and in what people copy.
    bundle.set_use_isolating(false);
    for source in sources(locale) {
        let resource =
            FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(read, _)| read);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

/// Stands before the place of a view in a formatted text. A private-use character: no translation has it.
const VIEW_MARK: char = '\u{E000}';

/// The texts in one language.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Texts(Locale);

impl Texts {
    /// The texts in `locale`.
    pub const fn of(locale: Locale) -> Self {
        Self(locale)
    }

    /// The language.
    pub const fn locale(self) -> Locale {
        self.0
    }

    /// The text `key`.
    pub fn say(self, key: &str) -> String {
        self.with(key, &[])
    }

    /// The text `key` with its variables filled in.
    pub fn with(self, key: &str, variables: &[(&str, FluentValue<'_>)]) -> String {
        // English stands in for what is missing, and the key for what is missing there too: a page
        // with one odd word is better than none.
        self.find(key, variables)
            .or_else(|| Self(Locale::En).find(key, variables))
            .unwrap_or_else(|| key.to_owned())
    }

    /// The text `key` with views in the places of its variables, such as a name in bold. Each view
    /// stands in one place: no text of the files names a variable twice.
    pub fn rich<const N: usize>(self, key: &str, views: [(&str, AnyView); N]) -> Vec<AnyView> {
        let (names, views): (Vec<&str>, Vec<AnyView>) = views.into_iter().unzip();
        let marks: Vec<(&str, FluentValue<'_>)> = names
            .iter()
            .zip(0..)
            .map(|(name, at)| (*name, mark(at).into()))
            .collect();
        let text = self.with(key, &marks);
        let mut views: Vec<Option<AnyView>> = views.into_iter().map(Some).collect();
        let mut pieces = text.split(VIEW_MARK);
        let mut parts = vec![pieces.next().unwrap_or_default().to_owned().into_any()];
        for piece in pieces {
            let mut rest = piece.chars();
            let at = rest
                .next()
                .map_or(usize::MAX, |place| (place as usize).wrapping_sub(PLACES));
            parts.extend(views.get_mut(at).and_then(Option::take));
            parts.push(rest.as_str().to_owned().into_any());
        }
        parts
    }

    /// The text, if this language has it.
    fn find(self, key: &str, variables: &[(&str, FluentValue<'_>)]) -> Option<String> {
        let bundle: &Bundle = match self.0 {
            Locale::En => &EN,
            Locale::Lt => &LT,
            Locale::Ru => &RU,
        };
        let pattern = bundle.get_message(key)?.value()?;
        let mut arguments = FluentArgs::with_capacity(variables.len());
        for (name, value) in variables {
            arguments.set(*name, value.clone());
        }
        // What cannot be formatted is shown as `{$name}`; the tests look for it.
        let mut faults = Vec::new();
        Some(
            bundle
                .format_pattern(pattern, Some(&arguments), &mut faults)
                .into_owned(),
        )
    }
}

/// First character after [`VIEW_MARK`]; the n-th view has the n-th character from here.
const PLACES: usize = 0xE001;

fn mark(place: u32) -> String {
    let place = char::from_u32(PLACES as u32 + place).unwrap_or(VIEW_MARK);
    String::from_iter([VIEW_MARK, place])
}

#[cfg(test)]
mod tests;
