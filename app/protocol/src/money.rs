//! Money as integers: an amount is a number of minor units (cents) and a currency. Floats never occur.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::locale::Locale;

/// A currency of ISO 4217, by its three letters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

/// The active currencies of ISO 4217 with two minor digits.
const TWO_DIGITS: &str = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP \
    BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP \
    GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD \
    MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR \
    PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP \
    TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG";
const NO_DIGITS: &str = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF";
const THREE_DIGITS: &str = "BHD IQD JOD KWD LYD OMR TND";

impl Currency {
    /// Euro.
    pub const EUR: Self = Self(*b"EUR");
    /// Polish zloty.
    pub const PLN: Self = Self(*b"PLN");
    /// US dollar.
    pub const USD: Self = Self(*b"USD");
    /// Pound sterling.
    pub const GBP: Self = Self(*b"GBP");
    /// Yen, which has no minor unit.
    pub const JPY: Self = Self(*b"JPY");

    /// The currency with these three upper-case letters; `None` when ISO 4217 has none.
    pub fn parse(code: &str) -> Option<Self> {
        let bytes: [u8; 3] = code.as_bytes().try_into().ok()?;
        let currency = Self(bytes);
        let known = |list: &str| list.split(' ').any(|entry| entry == code);
        (known(TWO_DIGITS) || known(NO_DIGITS) || known(THREE_DIGITS)).then_some(currency)
    }

    /// The three letters.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// How many digits stand after the decimal point.
    pub fn minor_digits(&self) -> u32 {
        let within = |list: &str| list.split(' ').any(|entry| entry == self.code());
        if within(NO_DIGITS) {
            0
        } else if within(THREE_DIGITS) {
            3
        } else {
            2
        }
    }
}

impl FromStr for Currency {
    type Err = MoneyFault;

    fn from_str(code: &str) -> Result<Self, MoneyFault> {
        Self::parse(code).ok_or(MoneyFault::UnknownCurrency)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        code.parse().map_err(serde::de::Error::custom)
    }
}

/// Why a text is not an amount of money.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum MoneyFault {
    /// Not three letters of ISO 4217.
    #[error("the currency is not one of ISO 4217")]
    UnknownCurrency,
    /// Not digits with at most one point.
    #[error("an amount is written as 20.00")]
    Malformed,
    /// More decimals than the currency has.
    #[error("the amount has more decimals than its currency")]
    TooPrecise,
    /// Beyond [`Money::LARGEST_MINOR`].
    #[error("the amount is too large")]
    TooLarge,
    /// Zero or less where money must move.
    #[error("the amount must be more than zero")]
    NotPositive,
}

/// An amount of money, exact.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Money {
    /// The amount in minor units (cents for EUR), negative for a debit.
    pub minor: i64,
    /// The currency.
    pub currency: Currency,
}

impl Money {
    /// The largest amount that is parsed, in minor units. Small enough that thousands can be added
    /// up without overflow.
    pub const LARGEST_MINOR: i64 = 999_999_999_999_999;

    /// The amount of `minor` minor units.
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Reads a decimal such as `20.00`, `20.5` or `-3`, exactly. No exponent, no sign `+`, no
    /// grouping, no superfluous leading zeros, no more decimals than the currency has.
    pub fn parse_decimal(text: &str, currency: Currency) -> Result<Self, MoneyFault> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text),
        };
        let (whole, fraction) = match digits.split_once('.') {
            Some((_, "")) => return Err(MoneyFault::Malformed),
            Some(parts) => parts,
            None => (digits, ""),
        };
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let padded = whole.len() > 1 && whole.starts_with('0');
        if whole.is_empty() || padded || !all_digits(whole) || !all_digits(fraction) {
            return Err(MoneyFault::Malformed);
        }
        let decimals = currency.minor_digits() as usize;
        if fraction.len() > decimals {
            return Err(MoneyFault::TooPrecise);
        }
        let minor = format!("{whole}{fraction:0<decimals$}")
            .parse::<i64>()
            .ok()
            .filter(|minor| *minor <= Self::LARGEST_MINOR)
            .ok_or(MoneyFault::TooLarge)?;
        Ok(Self::new(if negative { -minor } else { minor }, currency))
    }

    /// As [`Money::parse_decimal`], for amounts that are to be moved: more than zero.
    pub fn parse_positive(text: &str, currency: Currency) -> Result<Self, MoneyFault> {
        if text.starts_with('-') {
            return Err(MoneyFault::NotPositive);
        }
        let money = Self::parse_decimal(text, currency)?;
        if money.is_positive() {
            Ok(money)
        } else {
            Err(MoneyFault::NotPositive)
        }
    }

    /// More than zero.
    pub const fn is_positive(&self) -> bool {
        self.minor > 0
    }

    /// The sum; `None` when the currencies differ or the sum does not fit.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let minor = self.minor.checked_add(other.minor)?;
        (self.currency == other.currency).then_some(Self::new(minor, self.currency))
    }

    /// The difference; `None` when the currencies differ or it does not fit.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        let minor = self.minor.checked_sub(other.minor)?;
        (self.currency == other.currency).then_some(Self::new(minor, self.currency))
    }

    /// The amount as APIs and `<data value>` carry it: `1234.50`, with all decimals of the currency.
    pub fn to_decimal(&self) -> String {
        let (whole, fraction) = self.digits();
        let sign = if self.minor < 0 { "-" } else { "" };
        if fraction.is_empty() {
            format!("{sign}{whole}")
        } else {
            format!("{sign}{whole}.{fraction}")
        }
    }

    /// The amount as a person reads it: `€1,234.50` in English, `1 234,50 €` in Lithuanian and
    /// Russian (with no-break spaces).
    pub fn display(&self, locale: Locale) -> String {
        let (whole, fraction) = self.digits();
        let (group, point) = match locale {
            Locale::En => (',', '.'),
            Locale::Lt | Locale::Ru => (NO_BREAK_SPACE, ','),
        };
        let mut number = String::new();
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at) % 3 == 0 {
                number.push(group);
            }
            number.push(digit);
        }
        if !fraction.is_empty() {
            number.push(point);
            number.push_str(&fraction);
        }
        let sign = match (self.minor < 0, locale) {
            (false, _) => "",
            (true, Locale::Lt) => "\u{2212}",
            (true, Locale::En | Locale::Ru) => "-",
        };
        match (locale, self.symbol(locale)) {
            (Locale::En, Some(symbol)) => format!("{sign}{symbol}{number}"),
            (Locale::En, None) => format!("{sign}{}{NO_BREAK_SPACE}{number}", self.currency),
            (_, Some(symbol)) => format!("{sign}{number}{NO_BREAK_SPACE}{symbol}"),
            (_, None) => format!("{sign}{number}{NO_BREAK_SPACE}{}", self.currency),
        }
    }

    /// The digits before and after the decimal point, without sign.
    fn digits(&self) -> (String, String) {
        let decimals = self.currency.minor_digits() as usize;
        let width = decimals + 1;
        let mut whole = format!("{:0width$}", self.minor.unsigned_abs());
        let fraction = whole.split_off(whole.len() - decimals);
        (whole, fraction)
    }

    /// The sign of the currency where the language has one of its own for it.
    fn symbol(&self, locale: Locale) -> Option<&'static str> {
        match (self.currency, locale) {
            (Currency::EUR, _) => Some("€"),
            (Currency::USD, Locale::En | Locale::Ru) => Some("$"),
            (Currency::GBP, Locale::En | Locale::Ru) => Some("£"),
            (Currency::JPY, Locale::En) => Some("¥"),
            _ => None,
        }
    }
}

/// Keeps number and currency on one line.
const NO_BREAK_SPACE: char = '\u{a0}';

/// `EUR 20.00`, for logs and sentences to developers.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.currency, self.to_decimal())
    }
}

/// On the wire: `{"currency":"EUR","amount":"20.00"}`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    currency: Currency,
    amount: String,
}

impl Serialize for Money {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Wire {
            currency: self.currency,
            amount: self.to_decimal(),
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wire = Wire::deserialize(deserializer)?;
        Self::parse_decimal(&wire.amount, wire.currency).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_read_exactly() {
        let table = [
            ("20.00", Currency::EUR, Ok(2000)),
            ("20.5", Currency::EUR, Ok(2050)),
            ("0.01", Currency::EUR, Ok(1)),
            ("-3", Currency::EUR, Ok(-300)),
            ("500", Currency::JPY, Ok(500)),
            ("1.234", Currency(*b"KWD"), Ok(1234)),
            ("9999999999999.99", Currency::EUR, Ok(Money::LARGEST_MINOR)),
            (
                "10000000000000.00",
                Currency::EUR,
                Err(MoneyFault::TooLarge),
            ),
            (
                "99999999999999999999999",
                Currency::EUR,
                Err(MoneyFault::TooLarge),
            ),
            ("20.000", Currency::EUR, Err(MoneyFault::TooPrecise)),
            ("1.5", Currency::JPY, Err(MoneyFault::TooPrecise)),
        ];
        for (text, currency, minor) in table {
            let money = Money::parse_decimal(text, currency).map(|money| money.minor);
            assert_eq!(money, minor, "{text} {currency}");
        }
    }

    #[test]
    fn what_is_not_a_plain_decimal_is_refused() {
        for text in [
            "", "-", ".", "1.", ".5", "1e3", "1E3", "+1", "--1", "007", "1,00", "1 000", " 1",
            "1.0.0", "NaN", "inf", "0x10", "١", "1_000",
        ] {
            assert_eq!(
                Money::parse_decimal(text, Currency::EUR),
                Err(MoneyFault::Malformed),
                "{text:?}"
            );
        }
    }

    #[test]
    fn money_that_moves_is_more_than_zero() {
        for text in ["0", "0.00", "-1", "-0.01"] {
            assert_eq!(
                Money::parse_positive(text, Currency::EUR),
                Err(MoneyFault::NotPositive)
            );
        }
        assert!(
            Money::parse_positive("0.01", Currency::EUR).is_ok_and(|money| money.is_positive())
        );
    }

    #[test]
    fn amounts_read_as_in_the_language() {
        let table = [
            (
                123_456,
                Currency::EUR,
                "€1,234.56",
                "1\u{a0}234,56\u{a0}€",
                "1\u{a0}234,56\u{a0}€",
            ),
            (
                -500,
                Currency::EUR,
                "-€5.00",
                "\u{2212}5,00\u{a0}€",
                "-5,00\u{a0}€",
            ),
            (7, Currency::EUR, "€0.07", "0,07\u{a0}€", "0,07\u{a0}€"),
            (
                123_456,
                Currency::PLN,
                "PLN\u{a0}1,234.56",
                "1\u{a0}234,56\u{a0}PLN",
                "1\u{a0}234,56\u{a0}PLN",
            ),
            (
                1_234_567,
                Currency::JPY,
                "¥1,234,567",
                "1\u{a0}234\u{a0}567\u{a0}JPY",
                "1\u{a0}234\u{a0}567\u{a0}JPY",
            ),
            (
                100_000,
                Currency::USD,
                "$1,000.00",
                "1\u{a0}000,00\u{a0}USD",
                "1\u{a0}000,00\u{a0}$",
            ),
        ];
        for (minor, currency, en, lt, ru) in table {
            let money = Money::new(minor, currency);
            assert_eq!(money.display(Locale::En), en);
            assert_eq!(money.display(Locale::Lt), lt);
            assert_eq!(money.display(Locale::Ru), ru);
        }
    }

    #[test]
    fn sums_stay_within_one_currency() {
        let (euro, zloty) = (Money::new(1, Currency::EUR), Money::new(1, Currency::PLN));
        assert_eq!(euro.checked_add(euro), Some(Money::new(2, Currency::EUR)));
        assert_eq!(euro.checked_add(zloty), None);
        assert_eq!(euro.checked_sub(zloty), None);
        assert_eq!(Money::new(i64::MAX, Currency::EUR).checked_add(euro), None);
    }

    #[test]
    fn money_travels_as_currency_and_decimal_text() {
        let json = r#"{"currency":"EUR","amount":"20.00"}"#;
        let money = serde_json::from_str::<Money>(json).ok();
        assert_eq!(money, Some(Money::new(2000, Currency::EUR)));
        assert_eq!(serde_json::to_string(&money).ok().as_deref(), Some(json));
        for json in [
            r#"{"currency":"EUR","amount":20.00}"#,
            r#"{"currency":"eur","amount":"20.00"}"#,
            r#"{"currency":"ZZZ","amount":"20.00"}"#,
        ] {
            assert!(serde_json::from_str::<Money>(json).is_err(), "{json}");
        }
    }
}
