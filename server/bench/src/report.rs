//! The numbers: gathered by name, printed as a table, written as JSON, compared with the marks.

use std::{collections::BTreeMap, fmt::Write as _, path::Path, time::Duration};

use serde_json::{Value, json};

use crate::{Failure, load::Size};

/// What one load gave.
#[derive(Clone, Debug)]
pub struct Rate {
    /// Requests (or whole flows) that succeeded, per second.
    pub per_second: f64,
    /// Half of them were at least this fast.
    pub p50: Duration,
    /// 19 of 20 were.
    pub p95: Duration,
    /// 99 of 100 were.
    pub p99: Duration,
    /// How many failed.
    pub failures: u64,
}

impl Rate {
    /// From the duration of every success, and the time it all took.
    pub fn of(mut latencies: Vec<Duration>, lasting: Duration, failures: u64) -> Self {
        latencies.sort_unstable();
        let at = |percent: usize| {
            let index = (latencies.len() * percent).div_ceil(100).saturating_sub(1);
            latencies.get(index).copied().unwrap_or_default()
        };
        Self {
            per_second: latencies.len() as f64 / lasting.as_secs_f64(),
            p50: at(50),
            p95: at(95),
            p99: at(99),
            failures,
        }
    }
}

/// A goal: a name, what was measured, what is wanted.
struct Mark {
    name: &'static str,
    measured: f64,
    wanted: f64,
    unit: &'static str,
    /// Whether more is better.
    at_least: bool,
}

impl Mark {
    fn is_reached(&self) -> bool {
        if self.at_least {
            self.measured >= self.wanted
        } else {
            self.measured <= self.wanted
        }
    }
}

/// All numbers of one run.
pub struct Report {
    size: Size,
    rates: BTreeMap<&'static str, Rate>,
    numbers: BTreeMap<&'static str, u64>,
}

impl Report {
    /// Nothing measured yet.
    pub fn new(size: Size) -> Self {
        Self {
            size,
            rates: BTreeMap::new(),
            numbers: BTreeMap::new(),
        }
    }

    /// Keeps a load's outcome.
    pub fn rate(&mut self, name: &'static str, rate: Rate) {
        eprintln!("{name}: {:.0} per second", rate.per_second);
        self.rates.insert(name, rate);
    }

    /// Keeps a single number, whose unit ends its name.
    pub fn number(&mut self, name: &'static str, value: u64) {
        self.numbers.insert(name, value);
    }

    fn marks(&self) -> Vec<Mark> {
        let rate = |name: &str| self.rates.get(name).map_or(0.0, |rate| rate.per_second);
        let number = |name: &str| {
            self.numbers
                .get(name)
                .map_or(f64::NAN, |value| *value as f64)
        };
        let p99 = self
            .rates
            .get("client_credentials")
            .map_or(f64::NAN, |rate| ms(rate.p99));
        let mark = |name, measured, wanted, unit, at_least| Mark {
            name,
            measured,
            wanted,
            unit,
            at_least,
        };
        let share = |part: &str, whole: &str| 100.0 * rate(part) / rate(whole);
        vec![
            mark(
                "client_credentials",
                rate("client_credentials"),
                8000.0,
                "per second",
                true,
            ),
            mark("client_credentials, p99", p99, 20.0, "ms", false),
            mark(
                "signed requests",
                rate("signed_requests"),
                15_000.0,
                "per second",
                true,
            ),
            mark(
                "introspection against an empty handler",
                share("introspection", "empty_handler"),
                50.0,
                "%",
                true,
            ),
            mark(
                "cost of the request log for a token",
                // Per second of a saturated machine: the inverse is what one request costs.
                100.0
                    * (rate("tokens_without_request_log") / rate("tokens_with_request_log") - 1.0),
                10.0,
                "%",
                false,
            ),
            mark("cold start", number("cold_start_ms"), 300.0, "ms", false),
            mark(
                "resident memory, idle",
                number("idle_rss_kib") / 1024.0,
                80.0,
                "MB",
                false,
            ),
            mark(
                "resident memory, after tokens",
                number("rss_after_client_credentials_kib") / 1024.0,
                80.0,
                "MB",
                false,
            ),
            mark(
                "resident memory, peak of the token loads",
                number("token_peak_rss_kib") / 1024.0,
                80.0,
                "MB",
                false,
            ),
            mark(
                "resident memory, after sign-ins",
                number("rss_after_sign_in_kib") / 1024.0,
                80.0,
                "MB",
                false,
            ),
            mark(
                "WASM of the sign-in page",
                number("first_visit_wasm_bytes") / 1000.0,
                150.0,
                "kB",
                false,
            ),
        ]
    }

    /// For people.
    pub fn table(&self) -> String {
        let mut text = format!(
            "\n{} connections, {} s each, generator on the same machine\n\n{:<24}{:>12}{:>10}{:>10}{:>10}{:>10}\n",
            self.size.connections,
            self.size.lasting.as_secs(),
            "load",
            "per second",
            "p50 ms",
            "p95 ms",
            "p99 ms",
            "failed",
        );
        for (name, rate) in &self.rates {
            let _ = writeln!(
                text,
                "{name:<24}{:>12.1}{:>10.2}{:>10.2}{:>10.2}{:>10}",
                rate.per_second,
                ms(rate.p50),
                ms(rate.p95),
                ms(rate.p99),
                rate.failures,
            );
        }
        text.push('\n');
        for (name, value) in &self.numbers {
            let _ = writeln!(text, "{name:<36}{value:>12}");
        }
        let _ = writeln!(text, "\n{:<44}{:>10}{:>12}", "mark", "measured", "wanted");
        for mark in self.marks() {
            let (sign, verdict) = (
                if mark.at_least { ">=" } else { "<=" },
                if mark.is_reached() {
                    "reached"
                } else {
                    "MISSED"
                },
            );
            let _ = writeln!(
                text,
                "{:<44}{:>10.1}{:>6}{:>6} {:<12}{verdict}",
                mark.name, mark.measured, sign, mark.wanted, mark.unit
            );
        }
        text
    }

    /// For programs.
    pub fn write(&self, path: &Path) -> Result<(), Failure> {
        let rates: BTreeMap<_, Value> = self
            .rates
            .iter()
            .map(|(name, rate)| {
                let value = json!({
                    "per_second": rate.per_second,
                    "p50_ms": ms(rate.p50),
                    "p95_ms": ms(rate.p95),
                    "p99_ms": ms(rate.p99),
                    "failures": rate.failures,
                });
                (*name, value)
            })
            .collect();
        let marks: Vec<_> = self
            .marks()
            .iter()
            .map(|mark| {
                json!({
                    "name": mark.name,
                    "measured": mark.measured,
                    "wanted": mark.wanted,
                    "unit": mark.unit,
                    "reached": mark.is_reached(),
                })
            })
            .collect();
        let whole = json!({
            "connections": self.size.connections,
            "seconds": self.size.lasting.as_secs(),
            "cores": std::thread::available_parallelism().map_or(0, usize::from),
            "loads": rates,
            "numbers": self.numbers,
            "marks": marks,
        });
        Ok(std::fs::write(path, serde_json::to_vec_pretty(&whole)?)?)
    }

    /// A slow run is a finding; a run with failed requests measured something else than it says.
    pub fn verdict(&self) -> Result<(), Failure> {
        let failures: u64 = self.rates.values().map(|rate| rate.failures).sum();
        if failures == 0 {
            Ok(())
        } else {
            Err(format!("{failures} requests failed").into())
        }
    }
}

fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_were_measured() {
        let latencies = (1..=200).rev().map(Duration::from_millis).collect();
        let rate = Rate::of(latencies, Duration::from_secs(2), 3);
        assert_eq!(rate.per_second, 100.0);
        assert_eq!(rate.p50, Duration::from_millis(100));
        assert_eq!(rate.p95, Duration::from_millis(190));
        assert_eq!(rate.p99, Duration::from_millis(198));
        let nothing = Rate::of(Vec::new(), Duration::from_secs(1), 0);
        assert_eq!((nothing.per_second, nothing.p99), (0.0, Duration::ZERO));
    }

    #[test]
    fn marks_know_their_direction() {
        let mark = |measured, at_least| Mark {
            name: "",
            measured,
            wanted: 10.0,
            unit: "",
            at_least,
        };
        assert!(mark(10.0, true).is_reached() && mark(10.0, false).is_reached());
        assert!(!mark(9.0, true).is_reached() && !mark(11.0, false).is_reached());
        assert!(!mark(f64::NAN, true).is_reached() && !mark(f64::NAN, false).is_reached());
    }
}
