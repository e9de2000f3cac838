//! Names that people could take for one another (Unicode Technical Standard 39, §4 and §5).

use serde::{Deserialize, Serialize};
use unicode_normalization::char::is_combining_mark;
use unicode_security::MixedScript;

/// How alike two names are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Likeness {
    /// One letter more, less, other or swapped, in a name of five and more.
    Near,
    /// The same to the eye: case, accents, blanks, signs and look-alike characters aside.
    Same,
}

/// The fewest characters of names between which one letter makes no difference.
const LEAST_FOR_NEAR: usize = 5;

/// What is left of a name when everything is taken away that the eye may miss. Kept in two forms,
/// because some letters look alike only as capitals (`Н` and `H`) and others only as small ones (`ν` and `v`).
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Skeleton {
    /// Of the name as it is.
    pub typed: String,
    /// Of the name in capitals.
    pub capitals: String,
}

impl Skeleton {
    /// The skeleton of a name.
    pub fn of(name: &str) -> Self {
        Self {
            typed: bones(name),
            capitals: bones(&name.to_uppercase()),
        }
    }

    /// How alike the names are; `None` when they can be told apart.
    pub fn likeness(&self, other: &Self) -> Option<Likeness> {
        let forms = [
            (&self.typed, &other.typed),
            (&self.capitals, &other.capitals),
        ];
        forms
            .into_iter()
            .filter_map(|(left, right)| likeness(left, right))
            .max()
    }
}

/// How alike two names are; `None` when they can be told apart.
pub fn looks_like(left: &str, right: &str) -> Option<Likeness> {
    Skeleton::of(left).likeness(&Skeleton::of(right))
}

/// Whether letters of several scripts stand in the name in a way that no language writes
/// (UTS 39 §5.1): `Pаypal` with a Cyrillic а is, `東京タワー` is not.
pub fn is_mixed_script(name: &str) -> bool {
    // Word by word: "Кошелёк Paysera" is honest, a word of two alphabets is not.
    name.split(|character: char| !character.is_alphanumeric() && !is_combining_mark(character))
        .any(|word| !word.is_single_script())
}

fn likeness(left: &str, right: &str) -> Option<Likeness> {
    if left.is_empty() || right.is_empty() {
        return None;
    }
    if left == right {
        return Some(Likeness::Same);
    }
    let long = |name: &str| name.chars().count() >= LEAST_FOR_NEAR;
    (long(left) && long(right) && strsim::damerau_levenshtein(left, right) <= 1)
        .then_some(Likeness::Near)
}

/// Prototypes of UTS 39 §4, then lower case and prototypes again (a capital may have no prototype where
/// its small letter has one), without marks, blanks and signs. `i`, `l` and `1` become one, because
/// a capital I and a small l are one to the eye.
fn bones(name: &str) -> String {
    let prototypes = |text: &str| -> String {
        unicode_security::skeleton(text)
            .collect::<String>()
            .to_lowercase()
    };
    prototypes(&prototypes(name))
        .chars()
        .filter(|character| character.is_alphanumeric() && !is_combining_mark(*character))
        .map(|character| match character {
            'i' | 'ı' | '1' => 'l',
            '0' => 'o',
            other => other,
        })
        .collect()
}
