//! Comments and superfluous blanks out of CSS. Nothing that needs to understand a property: after
//! brotli the rest would save next to nothing.

use std::iter::Peekable;
use std::str::Chars;

/// Characters beside which a blank never means anything.
const TIGHT: [char; 4] = ['{', '}', ';', ','];

/// Returns `css` without comments and without blanks that mean nothing. Strings and unquoted
/// addresses stay as they are.
pub fn minify(css: &str) -> String {
    let mut output = String::with_capacity(css.len());
    let mut input = css.chars().peekable();
    let mut blank = false;
    while let Some(next) = input.next() {
        match next {
            '/' if input.peek() == Some(&'*') => {
                skip_comment(&mut input);
                // Taken for a blank, so that it still parts what stands on its two sides.
                blank = true;
            }
            c if c.is_ascii_whitespace() => blank = true,
            c => {
                if blank && !is_tight_before(c) && !is_tight_after(&output) {
                    output.push(' ');
                }
                blank = false;
                output.push(c);
                copy_verbatim(c, &mut input, &mut output);
            }
        }
    }
    output
}

/// Before `)` a blank means nothing either; before `:` it may be a descendant (`a :hover`).
fn is_tight_before(c: char) -> bool {
    TIGHT.contains(&c) || c == ')'
}

fn is_tight_after(output: &str) -> bool {
    output
        .chars()
        .next_back()
        .is_none_or(|c| TIGHT.contains(&c) || matches!(c, '(' | ':'))
}

fn skip_comment(input: &mut Peekable<Chars<'_>>) {
    input.next();
    let mut star = false;
    for c in input.by_ref() {
        if star && c == '/' {
            return;
        }
        star = c == '*';
    }
}

/// After `first` was copied: the rest of a string, of an escape or of an unquoted address.
fn copy_verbatim(first: char, input: &mut Peekable<Chars<'_>>, output: &mut String) {
    match first {
        '\\' => output.extend(input.next()),
        '"' | '\'' => copy_until(first, input, output),
        '(' if output.ends_with("url(") && !matches!(input.peek(), Some('"' | '\'')) => {
            copy_until(')', input, output);
        }
        _ => {}
    }
}

fn copy_until(end: char, input: &mut Peekable<Chars<'_>>, output: &mut String) {
    while let Some(c) = input.next() {
        output.push(c);
        if c == '\\' {
            output.extend(input.next());
        } else if c == end {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_and_comments_go() {
        let css = "/* one */\n.card ,\n.box {\n  margin : 0 auto;\n  gap: 1rem ;\n}\n\n/**/ a{}\n";
        assert_eq!(minify(css), ".card,.box{margin :0 auto;gap:1rem;}a{}");
    }

    #[test]
    fn blanks_that_mean_something_stay() {
        for css in [
            "a :hover{x:y}",
            "a b>c + d{x:y}",
            "a{width:calc(1px + 2px - var(--x))}",
            "@media (width >= 30rem) and (hover){a{x:y}}",
            "a{font:1rem/1.5 \"Inter\",sans-serif}",
            "a{grid-template-areas:\"a  b\" \"c  d\"}",
            "a{--empty:;b:c}",
        ] {
            assert_eq!(minify(css), css);
        }
    }

    #[test]
    fn strings_escapes_and_addresses_stay() {
        for css in [
            r#"a{content:"/* no comment */  ;  "}"#,
            r#"a{content:'it\'s  { here }'}"#,
            r".w\/ 1\:2{x:y}",
            "a{b:url(data:image/svg+xml,%3Csvg/*x*/%3E)}",
        ] {
            assert_eq!(minify(css), css);
        }
    }

    #[test]
    fn an_open_comment_or_string_ends_with_the_file() {
        assert_eq!(minify("a{}/* open"), "a{}");
        assert_eq!(minify("a{content:\"open"), "a{content:\"open");
    }
}
