use leptos::prelude::*;

use super::{FluentValue, Texts};

/// Stands around the words of machines, such as names of parameters.
const FENCE: char = '`';

impl Texts {
    /// The text `key`, in which words between backticks are a machine's: shown as code, the same in
    /// every language.
    pub fn prose(self, key: &str, variables: &[(&str, FluentValue<'_>)]) -> Vec<AnyView> {
        let text = self.with(key, variables);
        let is_code = [false, true].into_iter().cycle();
        let pieces = text.split(FENCE).map(str::to_owned).zip(is_code);
        pieces
            .map(|(piece, is_code)| match is_code {
                false => piece.into_any(),
                true => view! {
                    <code class="c-code" translate="no" lang="en">
                        {piece}
                    </code>
                }
                .into_any(),
            })
            .collect()
    }
}

/// A text as it stands in a file, without the words of machines.
#[cfg(test)]
pub(super) fn words_of_people(text: &str) -> String {
    text.split(FENCE).step_by(2).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use protocol::locale::Locale;

    use super::*;
    use crate::i18n::tests::messages;

    #[test]
    fn words_of_machines_are_the_same_in_every_language() {
        let english = messages(Locale::En);
        let of_machines = |text: &str| -> BTreeSet<String> {
            text.split(FENCE)
                .skip(1)
                .step_by(2)
                .map(str::to_owned)
                .collect()
        };
        for locale in Locale::ALL {
            for (key, text) in messages(locale) {
                assert_eq!(text.matches(FENCE).count() % 2, 0, "{locale} {key}");
                let wanted = of_machines(&english[&key]);
                assert!(
                    wanted.is_subset(&of_machines(&text)),
                    "{locale} {key}: {wanted:?}"
                );
            }
        }
    }

    #[test]
    fn words_between_backticks_are_shown_as_code() {
        let html = Texts::of(Locale::En)
            .prose("docs-introspection-text", &[])
            .to_html();
        assert!(
            html.contains(">active") && html.contains("</code>"),
            "{html}"
        );
        assert!(!html.contains(FENCE), "{html}");
    }
}
