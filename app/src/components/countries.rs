use protocol::registration::Country;

use crate::i18n::Texts;

/// The codes of all countries with their names, in the order of the names.
pub fn countries(t: Texts) -> Vec<(&'static str, String)> {
    let named = |code: &'static str| (code, t.say(&format!("country-{code}")));
    let mut all: Vec<(&'static str, String)> = Country::all().map(named).collect();
    all.sort_by_cached_key(|(_, name)| in_order(name));
    all
}

/// A name without the marks on its letters, so that Å stands with A, as in most lists that people know.
fn in_order(name: &str) -> String {
    use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};
    let bare = name.nfd().filter(|letter| !is_combining_mark(*letter));
    bare.flat_map(char::to_lowercase).collect()
}
