//! Instants and calendar days, without a clock.
//!
//! Rules take `now` as an argument; where it comes from is the business of the engine. Everything
//! is UTC. The database stores the same integer that [`Timestamp::millis`] gives.

use std::{
    fmt,
    ops::{Add, Sub},
    str::FromStr,
    time::Duration,
};

use serde::{Deserialize, Serialize};

/// An instant: milliseconds since 1970-01-01T00:00:00Z.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The instant `millis` milliseconds after the Unix epoch.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// The instant `seconds` seconds after the Unix epoch.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1000))
    }

    /// Whole seconds since the Unix epoch, rounded down; the unit of RFC 7662 and of JWTs.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// Milliseconds since the Unix epoch.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// How long ago `earlier` was; zero when it lies ahead.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// By how many milliseconds this lies after `other`; negative when before.
    pub const fn ahead_of(self, other: Self) -> i64 {
        self.0.saturating_sub(other.0)
    }

    /// Reads the time of an HTTP header, `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7); the
    /// obsolete forms are not read.
    pub fn from_http_date(text: &str) -> Option<Self> {
        const MONTHS: [&str; 12] = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ];
        let mut words = text.get(5..)?.split(' ');
        let day = words.next()?.parse().ok()?;
        let month = words.next()?;
        let month = MONTHS.iter().position(|known| *known == month)? + 1;
        let date = Date::new(words.next()?.parse().ok()?, month as u8, day)?;
        let mut clock = words.next()?.split(':').map(|part| part.parse::<u8>().ok());
        let mut next = |most: u8| clock.next().flatten().filter(|part| *part <= most);
        let (hour, minute, second) = (next(23)?, next(59)?, next(60)?);
        if words.next() != Some("GMT") || words.next().is_some() {
            return None;
        }
        let seconds = (u64::from(hour) * 60 + u64::from(minute)) * 60 + u64::from(second);
        Some(date.midnight() + Duration::from_secs(seconds))
    }

    /// The calendar day in UTC.
    pub fn date(self) -> Date {
        Date::from_days(self.0.div_euclid(DAY_MILLIS))
    }

    /// Hour and minute of the day in UTC.
    pub fn hour_and_minute(self) -> (u8, u8) {
        let minutes = self.0.rem_euclid(DAY_MILLIS) / 60_000;
        ((minutes / 60) as u8, (minutes % 60) as u8)
    }
}

/// ISO 8601 with seconds, as the APIs show it: `2026-11-22T11:42:07Z`.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hour, minute) = self.hour_and_minute();
        let second = self.seconds().rem_euclid(60);
        write!(f, "{}T{hour:02}:{minute:02}:{second:02}Z", self.date())
    }
}

impl Add<Duration> for Timestamp {
    type Output = Self;

    /// Later by `duration`, cut to milliseconds; stops at the end of time instead of wrapping.
    fn add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(whole_millis(duration)))
    }
}

impl Sub<Duration> for Timestamp {
    type Output = Self;

    /// Earlier by `duration`, cut to milliseconds; stops at the beginning of time.
    fn sub(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(whole_millis(duration)))
    }
}

const DAY_MILLIS: i64 = 86_400_000;

fn whole_millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// A day of the Gregorian calendar in UTC. Shown and parsed as `2026-11-22`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Date {
    year: i32,
    month: u8,
    day: u8,
}

impl Date {
    /// The given day, or `None` when the calendar has no such day.
    pub fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        let date = Self { year, month, day };
        let exists = (1..=12).contains(&month) && day >= 1 && Self::from_days(date.days()) == date;
        exists.then_some(date)
    }

    /// The year, such as 2026.
    pub const fn year(self) -> i32 {
        self.year
    }

    /// The month, 1 to 12.
    pub const fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, 1 to 31.
    pub const fn day(self) -> u8 {
        self.day
    }

    /// The first instant of this day.
    pub fn midnight(self) -> Timestamp {
        Timestamp(self.days() * DAY_MILLIS)
    }

    /// The day `days` later (or earlier, when negative).
    pub fn plus_days(self, days: i64) -> Self {
        Self::from_days(self.days() + days)
    }

    /// Days since 1970-01-01: eras of 400 years, years that begin in March so that the leap day
    /// comes last (Howard Hinnant, "chrono-compatible low-level date algorithms").
    fn days(self) -> i64 {
        let year = i64::from(self.year) - i64::from(self.month <= 2);
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let month_from_march = (i64::from(self.month) + 9) % 12;
        let day_of_year = (153 * month_from_march + 2) / 5 + i64::from(self.day) - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        era * 146_097 + day_of_era - 719_468
    }

    fn from_days(days: i64) -> Self {
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 {
            month_from_march + 3
        } else {
            month_from_march - 9
        };
        Self {
            year: (year_of_era + era * 400 + i64::from(month <= 2)) as i32,
            month: month as u8,
            day: day as u8,
        }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// Why a text is not a [`Date`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a date is written as 2026-11-22 and must exist in the calendar")]
pub struct DateFault;

impl FromStr for Date {
    type Err = DateFault;

    fn from_str(text: &str) -> Result<Self, DateFault> {
        let bytes = text.as_bytes();
        let shape = bytes.len() == 10
            && bytes.iter().enumerate().all(|(at, byte)| match at {
                4 | 7 => *byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        if !shape {
            return Err(DateFault);
        }
        let number = |range: std::ops::Range<usize>| text[range].parse::<i32>().unwrap_or(0);
        Self::new(number(0..4), number(5..7) as u8, number(8..10) as u8).ok_or(DateFault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_read_as_iso_8601() {
        let table = [
            (0, "1970-01-01T00:00:00Z"),
            (-1, "1969-12-31T23:59:59Z"),
            (951_782_400_000, "2000-02-29T00:00:00Z"),
            (1_795_347_727_999, "2026-11-22T11:42:07Z"),
            (4_107_542_399_000, "2100-02-28T23:59:59Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00Z"),
        ];
        for (millis, text) in table {
            assert_eq!(Timestamp::from_millis(millis).to_string(), text);
        }
    }

    #[test]
    fn http_dates_are_read_in_their_one_form() {
        let read = Timestamp::from_http_date("Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(read, Some(Timestamp::from_seconds(784_111_777)));
        for text in [
            "",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
            "Sun, 31 Feb 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 24:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37 CET",
            "ž, 06 Nov 1994",
        ] {
            assert_eq!(Timestamp::from_http_date(text), None, "{text}");
        }
        let now = Timestamp::from_seconds(100);
        assert_eq!(Timestamp::from_seconds(90).ahead_of(now), -10_000);
    }

    #[test]
    fn every_day_of_four_centuries_survives_the_round_trip() {
        let mut before = Date::from_days(-1);
        for days in 0..146_097 {
            let date = Date::from_days(days);
            assert_eq!(date.days(), days);
            assert!(before < date);
            assert_eq!(date.to_string().parse(), Ok(date));
            before = date;
        }
    }

    #[test]
    fn days_that_do_not_exist_are_refused() {
        for text in [
            "2026-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-01-00",
            "2026-1-1",
            "+026-01-01",
            "",
        ] {
            assert_eq!(text.parse::<Date>(), Err(DateFault), "{text}");
        }
    }

    #[test]
    fn arithmetic_saturates_and_never_goes_back_in_time() {
        let now = Timestamp::from_seconds(100);
        assert_eq!((now + Duration::from_millis(1500)).millis(), 101_500);
        assert_eq!(now - Duration::from_secs(1), Timestamp::from_seconds(99));
        assert_eq!(
            now.since(Timestamp::from_seconds(90)),
            Duration::from_secs(10)
        );
        assert_eq!(now.since(Timestamp::from_seconds(101)), Duration::ZERO);
        assert_eq!(now + Duration::MAX, Timestamp::from_millis(i64::MAX));
    }
}
