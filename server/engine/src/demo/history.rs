//! Two years in the life of the demo's people, as movements of money: who pays whom, when, for what.
//!
//! Everything follows from the day on which the demo is seeded and from fixed seeds, so two
//! demos of one day hold the same rows. No account of a person ever falls below zero on the way.

use std::collections::BTreeMap;

use protocol::{
    money::Currency,
    time::{Date, Timestamp},
};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha20Rng;

use super::{
    habits::{
        HABITS, Habit, OPENING, Purse, ROUND,
        Rhythm::{self, Day, Every, Winter, Workday},
        Side::{self, Elsewhere, Here},
    },
    parties::FORMER_BANK,
};

/// How far back it goes, in days.
const DAYS: i64 = 730;

/// One movement.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Movement {
    pub at: Timestamp,
    pub from: Side,
    pub to: Side,
    /// In minor units, more than zero.
    pub minor: i64,
    pub currency: Currency,
    pub reference: String,
}

/// All movements up to `now`, oldest first.
pub(super) fn movements(now: Timestamp) -> Vec<Movement> {
    let first = now.date().plus_days(-DAYS);
    let mut wishes = Vec::new();
    for (number, habit) in HABITS.iter().enumerate() {
        // One generator per habit: a new habit leaves the others as they were.
        let mut rng = ChaCha20Rng::seed_from_u64(number as u64);
        let mut next = first.plus_days(rng.random_range(0..6));
        for day in (0..=DAYS).map(|day| first.plus_days(day)) {
            if !is_due(habit.rhythm, day, next) {
                continue;
            }
            if let Every(least, most) = habit.rhythm {
                next = day.plus_days(rng.random_range(i64::from(least)..=i64::from(most)));
            }
            wishes.push(wish(habit, day, &mut rng));
        }
    }
    wishes.retain(|movement| movement.at < now);
    // Stable: what happens in the same second keeps the order of the table.
    wishes.sort_by_key(|movement| movement.at);
    let mut movements = opening(first);
    movements.append(&mut wishes);
    affordable(&mut movements);
    round_off(&mut movements, now);
    movements
}

fn is_due(rhythm: Rhythm, day: Date, next: Date) -> bool {
    match rhythm {
        Day(wanted) => day.day() == wanted,
        Winter(wanted) => day.day() == wanted && !(5..=9).contains(&day.month()),
        Every(..) => day == next,
        Workday(wanted) => match weekday(day) {
            SATURDAY | SUNDAY => false,
            FRIDAY => (0..=2).any(|later| day.plus_days(later).day() == wanted),
            _ => day.day() == wanted,
        },
    }
}

const FRIDAY: i64 = 4;
const SATURDAY: i64 = 5;
const SUNDAY: i64 = 6;

/// Monday is 0. The first day of 1970 was a Thursday.
fn weekday(day: Date) -> i64 {
    (day.midnight().seconds().div_euclid(86_400) + 3).rem_euclid(7)
}

fn wish(habit: &Habit, day: Date, rng: &mut ChaCha20Rng) -> Movement {
    let minor = rng.random_range(habit.minor.0..=habit.minor.1);
    // Standing orders are booked in the night, purchases between seven and ten.
    let seconds = match habit.rhythm {
        Every(..) => rng.random_range(7 * 3600..22 * 3600),
        _ => rng.random_range(2 * 3600..5 * 3600),
    };
    let currency = match (habit.from, habit.to) {
        (Here(purse), _) | (_, Here(purse)) => purse.currency(),
        _ => Currency::EUR,
    };
    Movement {
        at: Timestamp::from_seconds(day.midnight().seconds() + seconds),
        from: habit.from,
        to: habit.to,
        minor,
        currency,
        reference: habit.reference.to_owned(),
    }
}

fn opening(first: Date) -> Vec<Movement> {
    OPENING
        .iter()
        .map(|(purse, minor)| Movement {
            at: first.midnight(),
            from: Elsewhere(FORMER_BANK),
            to: Here(*purse),
            minor: *minor,
            currency: purse.currency(),
            reference: "Opening balance".to_owned(),
        })
        .collect()
}

/// Drops what could not be paid when it was due.
fn affordable(movements: &mut Vec<Movement>) {
    let mut balances = BTreeMap::<Purse, i64>::new();
    movements.retain(|movement| {
        if let Here(payer) = movement.from {
            let balance = balances.entry(payer).or_default();
            if *balance < movement.minor {
                return false;
            }
            *balance -= movement.minor;
        }
        if let Here(payee) = movement.to {
            *balances.entry(payee).or_default() += movement.minor;
        }
        true
    });
}

/// What every purse holds after these movements.
pub(super) fn balances(movements: &[Movement]) -> BTreeMap<Purse, i64> {
    let mut balances: BTreeMap<Purse, i64> =
        Purse::ALL.into_iter().map(|purse| (purse, 0)).collect();
    for movement in movements {
        if let Here(payer) = movement.from {
            *balances.entry(payer).or_default() -= movement.minor;
        }
        if let Here(payee) = movement.to {
            *balances.entry(payee).or_default() += movement.minor;
        }
    }
    balances
}

/// The last movement of each wallet leaves a round sum in it.
fn round_off(movements: &mut Vec<Movement>, now: Timestamp) {
    let balances = balances(movements);
    for (wallet, main, target) in ROUND {
        let missing = target - balances[&wallet];
        let (from, to) = if missing > 0 {
            (main, wallet)
        } else {
            (wallet, main)
        };
        if missing != 0 && balances[&from] >= missing.abs() {
            movements.push(Movement {
                at: now,
                from: Here(from),
                to: Here(to),
                minor: missing.abs(),
                currency: wallet.currency(),
                reference: "Piniginė".to_owned(),
            });
        }
    }
}

#[cfg(test)]
#[allow(
    clippy::inconsistent_digit_grouping,
    reason = "amounts are written as euros_cents"
)]
mod tests {
    use super::*;
    use crate::demo::{
        habits::Purse::{JonasWallet, JonasZloty, OnaMain, OnaWallet, OnaZloty},
        parties::ONAS_EMPLOYER,
    };

    fn now() -> Timestamp {
        Timestamp::from_seconds(1_795_347_727)
    }

    #[test]
    fn two_years_are_full_and_end_now() {
        let movements = movements(now());
        assert!(movements.len() > 1_500, "{}", movements.len());
        assert!(movements.is_sorted_by_key(|movement| movement.at));
        assert_eq!(movements[0].at.date(), now().date().plus_days(-DAYS));
        assert!(
            movements
                .iter()
                .all(|movement| movement.at <= now() && movement.minor > 0)
        );
        for purse in Purse::ALL {
            let count = movements
                .iter()
                .filter(|movement| movement.from == Here(purse) || movement.to == Here(purse))
                .count();
            assert!(count >= 24, "{purse:?} has {count}");
        }
    }

    #[test]
    fn the_same_day_tells_the_same_story() {
        assert_eq!(movements(now()), movements(now()));
    }

    #[test]
    fn on_any_day_nobody_goes_below_zero_and_wallets_end_round() {
        for day in (0..400).step_by(9) {
            let now = Timestamp::from_seconds(1_767_225_600 + day * 86_400 + 40_000);
            let movements = movements(now);
            let mut running = BTreeMap::<Purse, i64>::new();
            for movement in &movements {
                if let Here(payee) = movement.to {
                    *running.entry(payee).or_default() += movement.minor;
                }
                if let Here(payer) = movement.from {
                    let balance = running.entry(payer).or_default();
                    *balance -= movement.minor;
                    assert!(*balance >= 0, "{payer:?} has {balance} on day {day}");
                }
            }
            assert_eq!(running, balances(&movements));
            assert_eq!(running[&OnaWallet], 1_000_00, "day {day}");
            assert_eq!(running[&JonasWallet], 250_00, "day {day}");
            assert!(
                running[&OnaMain] > 500_00,
                "day {day}: {}",
                running[&OnaMain]
            );
            assert!(running[&OnaZloty] > 0 && running[&JonasZloty] > 0);
        }
    }

    #[test]
    fn salaries_come_on_working_days() {
        let movements = movements(now());
        let salaries: Vec<_> = movements
            .iter()
            .filter(|movement| movement.from == Elsewhere(ONAS_EMPLOYER))
            .collect();
        assert!((23..=25).contains(&salaries.len()), "{}", salaries.len());
        assert!(
            salaries
                .iter()
                .all(|salary| weekday(salary.at.date()) < SATURDAY)
        );
        assert_eq!(weekday(Date::new(2026, 11, 22).unwrap()), SUNDAY);
    }

    #[test]
    fn both_sides_of_a_movement_speak_one_currency() {
        for habit in HABITS {
            if let (Here(from), Here(to)) = (habit.from, habit.to) {
                assert_eq!(from.currency(), to.currency(), "{}", habit.reference);
            }
        }
    }
}
