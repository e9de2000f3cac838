//! Texts from outside: which may be shown as they are, and how the others are made harmless.

use crate::secret::holds_secret;

/// Stands where a secret of ours was put into something that is shown.
pub const HIDDEN: &str = "[hidden: it holds a secret]";

/// A value from a request, made harmless for a page or a log: not shown at all when one of our
/// secrets stands in it; control characters as their pictures,
/// invisible ones as �, characters that turn the direction of writing dropped, cut at 300 characters
/// with a count. (Escaping for HTML is the page's business.)
pub fn shown(value: &str) -> String {
    const LONGEST: usize = 300;
    if holds_secret(value) {
        return HIDDEN.to_owned();
    }
    let mut text: String = value
        .chars()
        .take(LONGEST)
        .filter(|character| !turns_direction(*character))
        .map(|character| match character {
            '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(character)).unwrap_or('\u{fffd}'),
            '\u{7f}' => '\u{2421}',
            hidden if is_hidden(hidden) => '\u{fffd}',
            other => other,
        })
        .collect();
    let rest = value.chars().skip(LONGEST).count();
    if rest > 0 {
        text.push_str(&format!("… ({rest} more)"));
    }
    text
}

/// One line of at most `longest` characters that looks like what it is: no control characters,
/// nothing invisible, nothing that turns the direction of writing, no blanks at the ends.
pub fn is_plain_line(text: &str, longest: usize) -> bool {
    !text.is_empty()
        && text.trim() == text
        && text.chars().count() <= longest
        && !text.chars().any(is_hidden)
}

/// Whether a character cannot be seen or changes how others are seen. Ordinary blanks can be seen.
pub fn is_hidden(character: char) -> bool {
    character.is_control()
        || turns_direction(character)
        || matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200d}' | '\u{2028}' | '\u{2029}'
            | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// The explicit marks, embeddings, overrides and isolates of the Unicode Bidirectional Algorithm.
fn turns_direction(character: char) -> bool {
    matches!(
        character,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_from_requests_are_made_harmless() {
        assert_eq!(shown("a\r\n\0b\u{7f}"), "a␍␊␀b␡");
        assert_eq!(shown("scope of cs_at_token"), HIDDEN);
        assert_eq!(shown("cs_x"), "cs_x");
        assert_eq!(shown("\u{202e}moc.live\u{2066}"), "moc.live");
        assert_eq!(
            shown("\u{feff}https://a\u{200b}b"),
            "\u{fffd}https://a\u{fffd}b"
        );
        assert_eq!(
            shown(&"ž".repeat(301)),
            format!("{}… (1 more)", "ž".repeat(300))
        );
    }

    #[test]
    fn plain_lines_look_like_what_they_are() {
        for text in [
            "UAB Elektra",
            "Žalgirio g. 1",
            "ООО Ромашка",
            "株式会社",
            "a",
        ] {
            assert!(is_plain_line(text, 70), "{text}");
        }
        for text in [
            "",
            " a",
            "a ",
            "a\nb",
            "a\u{202e}b",
            "a\u{200b}b",
            "a\u{ad}b",
            "\u{3164}",
        ] {
            assert!(!is_plain_line(text, 70), "{text:?}");
        }
        assert!(is_plain_line("žž", 2) && !is_plain_line("žžž", 2));
    }
}
