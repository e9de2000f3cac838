//! International host names as people read them (RFC 3492, RFC 5890 §2.3.2.1).

/// The host with every `xn--` label decoded; `None` when there is none, or one that cannot be read.
pub(super) fn readable(host: &str) -> Option<String> {
    let is_encoded = |label: &str| {
        label
            .get(..4)
            .is_some_and(|start| start.eq_ignore_ascii_case("xn--"))
    };
    if !host.split('.').any(is_encoded) {
        return None;
    }
    let label = |label: &str| {
        if is_encoded(label) {
            decode(&label[4..].to_ascii_lowercase())
        } else {
            Some(label.to_owned())
        }
    };
    let labels: Option<Vec<String>> = host.split('.').map(label).collect();
    Some(labels?.join("."))
}

const BASE: u32 = 36;
const SMALLEST: u32 = 1;
const LARGEST: u32 = 26;
const SKEW: u32 = 38;
const DAMP: u32 = 700;

/// RFC 3492 §6.2.
fn decode(text: &str) -> Option<String> {
    let (basic, rest) = text.rsplit_once('-').unwrap_or(("", text));
    let mut characters: Vec<char> = basic.chars().collect();
    let (mut code, mut at, mut bias) = (0x80_u32, 0_u32, 72_u32);
    let mut digits = rest.bytes();
    while digits.len() > 0 {
        let before = at;
        let mut weight = 1_u32;
        for step in (BASE..).step_by(BASE as usize) {
            let digit = match digits.next()? {
                letter @ b'a'..=b'z' => u32::from(letter - b'a'),
                digit @ b'0'..=b'9' => u32::from(digit - b'0') + 26,
                _ => return None,
            };
            at = at.checked_add(digit.checked_mul(weight)?)?;
            let threshold = step.saturating_sub(bias).clamp(SMALLEST, LARGEST);
            if digit < threshold {
                break;
            }
            weight = weight.checked_mul(BASE - threshold)?;
        }
        let length = u32::try_from(characters.len()).ok()? + 1;
        bias = adapt(at - before, length, before == 0);
        code = code.checked_add(at / length)?;
        at %= length;
        characters.insert(at as usize, char::from_u32(code)?);
        at += 1;
    }
    Some(characters.into_iter().collect())
}

/// RFC 3492 §6.1.
fn adapt(delta: u32, length: u32, first: bool) -> u32 {
    let mut delta = if first { delta / DAMP } else { delta / 2 };
    delta += delta / length;
    let mut bias = 0;
    while delta > (BASE - SMALLEST) * LARGEST / 2 {
        delta /= BASE - SMALLEST;
        bias += BASE;
    }
    bias + (BASE - SMALLEST + 1) * delta / (delta + SKEW)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 3492 §7.1, (A), (B), (D), (I), (L), and what a registrar would sell.
    #[test]
    fn samples_of_the_rfc_are_decoded() {
        let table = [
            ("egbpdaj6bu4bxfgehfvwxn", "ليهمابتكلموشعربي؟"),
            ("ihqwcrb4cv8a8dqg056pqjye", "他们为什么不说中文"),
            ("Proprostnemluvesky-uyb24dma41a", "Pročprostěnemluvíčesky"),
            (
                "b1abfaaepdrnnbgefbadotcwatmq2g4l",
                "почемужеонинеговорятпорусски",
            ),
            ("3B-ww4c5e180e575a65lsy2b", "3年B組金八先生"),
            ("algiris-cxb", "žalgiris"),
        ];
        for (encoded, text) in table {
            assert_eq!(decode(encoded).as_deref(), Some(text), "{encoded}");
        }
        for broken in ["é", "99999999", "a-!"] {
            assert_eq!(decode(broken), None, "{broken}");
        }
    }
}
