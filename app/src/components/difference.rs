//! Where two texts differ. The registered and the received address are compared character by
//! character (RFC 6749 §3.1.2.3), so that is how the difference is shown; sentences word by word.

/// A stretch of a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Run {
    /// The characters.
    pub text: String,
    /// The other text has the same ones here.
    pub same: bool,
}

/// Longer texts are not compared: [`protocol::text::shown`] has cut them off.
const LONGEST: usize = 300;

/// The runs of `left` and of `right`, by their longest common subsequence of characters. `None` when
/// they are too long, or so different that marks would say nothing.
pub fn runs(left: &str, right: &str) -> Option<(Vec<Run>, Vec<Run>)> {
    compare(left, right, letters)
}

/// The same for sentences, which are read word by word.
pub fn runs_of_words(left: &str, right: &str) -> Option<(Vec<Run>, Vec<Run>)> {
    compare(left, right, |text| text.split_inclusive(' ').collect())
}

fn letters(text: &str) -> Vec<&str> {
    let ends = text.char_indices();
    ends.map(|(at, letter)| &text[at..at + letter.len_utf8()])
        .collect()
}

fn compare<'t>(
    left: &'t str,
    right: &'t str,
    parts: impl Fn(&'t str) -> Vec<&'t str>,
) -> Option<(Vec<Run>, Vec<Run>)> {
    let (left, right) = (parts(left), parts(right));
    if left.len() > LONGEST || right.len() > LONGEST {
        return None;
    }
    let width = right.len() + 1;
    // common[i * width + j]: how much the rests from i and from j have in common.
    let mut common = vec![0_u16; (left.len() + 1) * width];
    for i in (0..left.len()).rev() {
        for j in (0..right.len()).rev() {
            common[i * width + j] = if left[i] == right[j] {
                common[(i + 1) * width + j + 1] + 1
            } else {
                common[(i + 1) * width + j].max(common[i * width + j + 1])
            };
        }
    }
    if usize::from(common[0]) * 2 < left.len().max(right.len()) {
        return None;
    }
    let (mut of_left, mut of_right) = (Vec::new(), Vec::new());
    let (mut i, mut j) = (0, 0);
    while i < left.len() || j < right.len() {
        if i < left.len() && j < right.len() && left[i] == right[j] {
            push(&mut of_left, left[i], true);
            push(&mut of_right, right[j], true);
            (i, j) = (i + 1, j + 1);
        } else if j == right.len()
            || i < left.len() && common[(i + 1) * width + j] >= common[i * width + j + 1]
        {
            push(&mut of_left, left[i], false);
            i += 1;
        } else {
            push(&mut of_right, right[j], false);
            j += 1;
        }
    }
    Some((of_left, of_right))
}

fn push(runs: &mut Vec<Run>, part: &str, same: bool) {
    match runs.last_mut() {
        Some(run) if run.same == same => run.text.push_str(part),
        _ => runs.push(Run {
            text: part.to_owned(),
            same,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(runs: &[Run]) -> String {
        runs.iter()
            .map(|run| {
                if run.same {
                    run.text.clone()
                } else {
                    format!("[{}]", run.text)
                }
            })
            .collect()
    }

    #[test]
    fn the_differences_of_two_addresses_are_marked() {
        let (registered, received) = runs(
            "https://app.budgetly.example/oauth/callback",
            "http://app.budgetly.example/oauth/callback/",
        )
        .expect("they are close");
        assert_eq!(
            text(&registered),
            "http[s]://app.budgetly.example/oauth/callback"
        );
        assert_eq!(
            text(&received),
            "http://app.budgetly.example/oauth/callback[/]"
        );
    }

    #[test]
    fn the_differences_of_two_sentences_are_words() {
        let (before, after) = runs_of_words(
            "Shows what you spend, month by month",
            "Shows what you spend and save, month by month",
        )
        .expect("they are close");
        assert_eq!(text(&before), "Shows what you [spend, ]month by month");
        assert_eq!(
            text(&after),
            "Shows what you [spend and save, ]month by month"
        );
        assert_eq!(runs_of_words("One thing", "Quite another one"), None);
    }

    #[test]
    fn what_is_too_different_or_too_long_is_not_marked() {
        assert_eq!(runs("https://a.example/x", "budgetly://zzz"), None);
        let long = "a".repeat(LONGEST + 1);
        assert_eq!(runs(&long, &long), None);
        assert_eq!(runs("", ""), Some((vec![], vec![])));
    }
}
