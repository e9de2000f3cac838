//! The three languages of the pages, and how dates and times of day read in them.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::time::{Date, Timestamp};

/// A language of the pages.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    /// English, the language when nothing else is known.
    #[default]
    En,
    /// Lithuanian.
    Lt,
    /// Russian.
    Ru,
}

impl Locale {
    /// All languages, in the order of the language switch.
    pub const ALL: [Self; 3] = [Self::En, Self::Lt, Self::Ru];

    /// The tag for `lang` attributes, cookies and metadata.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Lt => "lt",
            Self::Ru => "ru",
        }
    }

    /// The language of a BCP 47 tag such as `lt` or `ru-LT`; `None` when we do not speak it.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or(tag);
        Self::ALL
            .into_iter()
            .find(|locale| locale.as_str().eq_ignore_ascii_case(primary))
    }

    /// The language to use: the person's explicit choice, else what the app asks for
    /// (`ui_locales`, OpenID Connect Core §3.1.2.1: tags separated by spaces, best first), else the
    /// setting of the account, else what the browser says, else English.
    pub fn resolve(
        explicit: Option<Self>,
        ui_locales: Option<&str>,
        account: Option<Self>,
        accept_language: Option<&str>,
    ) -> Self {
        explicit
            .or_else(|| ui_locales?.split_ascii_whitespace().find_map(Self::of_tag))
            .or(account)
            .or_else(|| Self::of_accept_language(accept_language?))
            .unwrap_or_default()
    }

    /// The best language of an `Accept-Language` header (RFC 9110 §12.5.4).
    fn of_accept_language(header: &str) -> Option<Self> {
        let mut best: Option<(u32, Self)> = None;
        // A browser sends a handful; somebody who sends thousands gets the first ones read.
        for range in header.split(',').take(32) {
            let mut parts = range.split(';').map(str::trim);
            let tag = parts.next().unwrap_or_default();
            let weight = parts
                .find_map(|parameter| parameter.strip_prefix("q="))
                .map_or(Some(1000), thousandths);
            let (Some(locale), Some(weight)) = (Self::of_tag(tag), weight) else {
                continue;
            };
            if weight > 0 && best.is_none_or(|(known, _)| weight > known) {
                best = Some((weight, locale));
            }
        }
        best.map(|(_, locale)| locale)
    }

    /// A calendar day as a person reads it: `22 November 2026`, `2026 m. lapkričio 22 d.`,
    /// `22 ноября 2026 г.`
    pub fn date(self, date: Date) -> String {
        let month = usize::from(date.month() - 1);
        let (year, day) = (date.year(), date.day());
        match self {
            Self::En => format!("{day} {} {year}", MONTHS_EN[month]),
            Self::Lt => format!("{year} m. {} {day} d.", MONTHS_LT[month]),
            Self::Ru => format!("{day} {} {year} г.", MONTHS_RU[month]),
        }
    }

    /// The time of day in UTC, `11:42`; the same in all three languages.
    pub fn clock_time(self, at: Timestamp) -> String {
        let (hour, minute) = at.hour_and_minute();
        format!("{hour:02}:{minute:02}")
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text is not `en`, `lt` or `ru`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a language is en, lt or ru")]
pub struct LocaleFault;

impl FromStr for Locale {
    type Err = LocaleFault;

    fn from_str(text: &str) -> Result<Self, LocaleFault> {
        Self::ALL
            .into_iter()
            .find(|locale| locale.as_str() == text)
            .ok_or(LocaleFault)
    }
}

/// A weight such as `0.8` in thousandths (RFC 9110 §12.4.2).
fn thousandths(weight: &str) -> Option<u32> {
    let (whole, fraction) = weight.split_once('.').unwrap_or((weight, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let thousandths = format!("{fraction:0<3}").parse::<u32>().ok()?;
    match whole {
        "0" => Some(thousandths),
        "1" if thousandths == 0 => Some(1000),
        _ => None,
    }
}

const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// In the genitive, as dates want it.
const MONTHS_LT: [&str; 12] = [
    "sausio",
    "vasario",
    "kovo",
    "balandžio",
    "gegužės",
    "birželio",
    "liepos",
    "rugpjūčio",
    "rugsėjo",
    "spalio",
    "lapkričio",
    "gruodžio",
];

/// In the genitive, as dates want it.
const MONTHS_RU: [&str; 12] = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_read_as_in_the_language() {
        let at = Timestamp::from_seconds(1_795_347_727);
        assert_eq!(Locale::En.date(at.date()), "22 November 2026");
        assert_eq!(Locale::Lt.date(at.date()), "2026 m. lapkričio 22 d.");
        assert_eq!(Locale::Ru.date(at.date()), "22 ноября 2026 г.");
        assert_eq!(Locale::Lt.clock_time(at), "11:42");
    }

    #[test]
    fn the_explicit_choice_wins_then_the_app_then_the_account_then_the_browser() {
        use Locale::{En, Lt, Ru};
        let browser = Some("de-DE, ru;q=0.7, lt;q=0.9");
        assert_eq!(Locale::resolve(Some(Ru), Some("lt"), Some(En), browser), Ru);
        assert_eq!(
            Locale::resolve(None, Some("fr lt-LT ru"), Some(En), browser),
            Lt
        );
        assert_eq!(Locale::resolve(None, Some("fr"), Some(Ru), browser), Ru);
        assert_eq!(Locale::resolve(None, None, None, browser), Lt);
        assert_eq!(Locale::resolve(None, None, None, None), En);
    }

    #[test]
    fn accept_language_weights_count() {
        let table = [
            ("ru", Locale::Ru),
            ("ru;q=0, lt;q=0.001", Locale::Lt),
            ("lt;q=0.5, ru;q=0.5", Locale::Lt),
            ("RU-ru", Locale::Ru),
            ("*", Locale::En),
            ("lt;q=2, ru;q=abc", Locale::En),
            (";;;,,,", Locale::En),
        ];
        for (header, locale) in table {
            assert_eq!(
                Locale::resolve(None, None, None, Some(header)),
                locale,
                "{header}"
            );
        }
    }
}
