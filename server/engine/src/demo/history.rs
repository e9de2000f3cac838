//! Two years in the life of the demo's people, as movements of money: who pays whom, when, for what.
//!
//! Everything follows from the day on which the demo is seeded and from fixed seeds, so two
//! demos of one day hold the same rows. No account of a person ever falls below zero on the way.
#![allow(
    clippy::inconsistent_digit_grouping,
    reason = "amounts are written as euros_cents"
)]

use std::collections::BTreeMap;

use protocol::{
    money::Currency,
    time::{Date, Timestamp},
};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha20Rng;

use super::parties::{self, Party};

/// How far back it goes, in days.
const DAYS: i64 = 730;

/// An account of the demo, by its place in the story.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) enum Purse {
    OnaMain,
    OnaSavings,
    OnaZloty,
    OnaWallet,
    JonasMain,
    JonasSavings,
    JonasZloty,
    JonasWallet,
    /// The till of "Countersign Coffee UAB", the only business that banks here.
    Coffee,
}

impl Purse {
    pub(super) const ALL: [Self; 9] = [
        Self::OnaMain,
        Self::OnaSavings,
        Self::OnaZloty,
        Self::OnaWallet,
        Self::JonasMain,
        Self::JonasSavings,
        Self::JonasZloty,
        Self::JonasWallet,
        Self::Coffee,
    ];

    pub(super) fn currency(self) -> Currency {
        match self {
            Self::OnaZloty | Self::JonasZloty => Currency::PLN,
            _ => Currency::EUR,
        }
    }
}

/// One side of a movement.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Side {
    /// An account of this bank.
    Here(Purse),
    /// Somebody who banks elsewhere.
    Elsewhere(Party),
}

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

/// How often something happens.
#[derive(Clone, Copy)]
enum Rhythm {
    /// On this day of each month; on the Friday before when it is a weekend.
    Workday(u8),
    /// On this day of each month.
    Day(u8),
    /// On this day of the months from October to April.
    Winter(u8),
    /// After so many days, at least and at most.
    Every(u8, u8),
}

/// Something that somebody does again and again.
struct Habit {
    rhythm: Rhythm,
    from: Side,
    to: Side,
    /// From how many to how many minor units.
    minor: (i64, i64),
    reference: &'static str,
}

const fn habit(
    rhythm: Rhythm,
    from: Side,
    to: Side,
    minor: (i64, i64),
    reference: &'static str,
) -> Habit {
    Habit {
        rhythm,
        from,
        to,
        minor,
        reference,
    }
}

use Purse::{
    Coffee, JonasMain, JonasSavings, JonasWallet, JonasZloty, OnaMain, OnaSavings, OnaWallet,
    OnaZloty,
};
use Rhythm::{Day, Every, Winter, Workday};
use Side::{Elsewhere, Here};
use parties::{
    ALLEGRO, BOOKS, BUS, ELECTRICITY, ELECTRONICS, FILMS, FORMER_BANK, FUEL, GYM, HEATING, IKI,
    INTERNET, JONAS_EMPLOYER, JONAS_LANDLORD, KAUNAS_HEATING, KAUNAS_WATER, LIDL, MAXIMA, MOBILE,
    MUSIC, ONAS_EMPLOYER, ONAS_LANDLORD, PARENTS, PHARMACY, RESTAURANT, RIDES, RIMI, SHOP_OWNER,
    STUDIO, TAX, TRAINS, WATER, ZABKA,
};

/// What every purse holds before the first day.
const OPENING: [(Purse, i64); 9] = [
    (OnaMain, 1_850_00),
    (OnaSavings, 4_200_00),
    (OnaZloty, 900_00),
    (OnaWallet, 120_00),
    (JonasMain, 1_420_00),
    (JonasSavings, 2_600_00),
    (JonasZloty, 640_00),
    (JonasWallet, 80_00),
    (Coffee, 500_00),
];

/// What the wallets hold in the end, exactly: round sums are easy to follow in a demo.
const ROUND: [(Purse, Purse, i64); 2] = [
    (OnaWallet, OnaMain, 1_000_00),
    (JonasWallet, JonasMain, 250_00),
];

const HABITS: &[Habit] = &[
    // Ona, Vilnius.
    habit(
        Workday(10),
        Elsewhere(ONAS_EMPLOYER),
        Here(OnaMain),
        (2_248_00, 2_391_00),
        "Darbo užmokestis",
    ),
    habit(
        Day(1),
        Here(OnaMain),
        Elsewhere(ONAS_LANDLORD),
        (620_00, 620_00),
        "Nuoma",
    ),
    habit(
        Day(18),
        Here(OnaMain),
        Elsewhere(ELECTRICITY),
        (24_10, 52_90),
        "Elektra, sutartis 884120",
    ),
    habit(
        Day(18),
        Here(OnaMain),
        Elsewhere(WATER),
        (11_20, 19_80),
        "Vanduo",
    ),
    habit(
        Winter(19),
        Here(OnaMain),
        Elsewhere(HEATING),
        (46_00, 118_00),
        "Šildymas",
    ),
    habit(
        Day(12),
        Here(OnaMain),
        Elsewhere(INTERNET),
        (22_90, 22_90),
        "Internetas",
    ),
    habit(
        Day(14),
        Here(OnaMain),
        Elsewhere(MOBILE),
        (14_99, 14_99),
        "Mobilusis ryšys",
    ),
    habit(
        Day(3),
        Here(OnaMain),
        Elsewhere(MUSIC),
        (10_99, 10_99),
        "Spotify Premium",
    ),
    habit(
        Day(21),
        Here(OnaMain),
        Elsewhere(FILMS),
        (12_99, 12_99),
        "Netflix",
    ),
    habit(
        Every(3, 6),
        Here(OnaMain),
        Elsewhere(MAXIMA),
        (9_40, 58_70),
        "MAXIMA X123, Vilnius",
    ),
    habit(
        Every(5, 9),
        Here(OnaMain),
        Elsewhere(RIMI),
        (7_15, 44_20),
        "RIMI Ozas, Vilnius",
    ),
    habit(
        Every(6, 11),
        Here(OnaMain),
        Elsewhere(LIDL),
        (12_30, 63_10),
        "LIDL 1017, Vilnius",
    ),
    habit(
        Every(8, 15),
        Here(OnaMain),
        Elsewhere(IKI),
        (4_25, 27_60),
        "IKI Žvėrynas",
    ),
    habit(
        Every(13, 18),
        Here(OnaMain),
        Elsewhere(FUEL),
        (41_00, 68_50),
        "Circle K Geležinio Vilko",
    ),
    habit(
        Every(9, 16),
        Here(OnaMain),
        Elsewhere(RESTAURANT),
        (14_50, 52_00),
        "Etno Dvaras Pilies",
    ),
    habit(
        Every(24, 45),
        Here(OnaMain),
        Elsewhere(PHARMACY),
        (4_80, 33_40),
        "Eurovaistinė",
    ),
    habit(
        Every(40, 75),
        Here(OnaMain),
        Elsewhere(BOOKS),
        (9_90, 41_00),
        "Pegasas, knygos",
    ),
    habit(
        Every(80, 130),
        Here(OnaMain),
        Elsewhere(ELECTRONICS),
        (39_00, 229_00),
        "pigu.lt",
    ),
    habit(
        Workday(11),
        Here(OnaMain),
        Here(OnaSavings),
        (400_00, 400_00),
        "Taupymas",
    ),
    habit(
        Day(12),
        Here(OnaMain),
        Here(OnaWallet),
        (120_00, 120_00),
        "Piniginės papildymas",
    ),
    habit(
        Every(5, 10),
        Here(OnaWallet),
        Elsewhere(RIDES),
        (3_60, 12_40),
        "Bolt",
    ),
    habit(
        Every(4, 8),
        Here(OnaWallet),
        Here(Coffee),
        (2_80, 6_90),
        "Kava",
    ),
    habit(
        Every(25, 35),
        Here(OnaWallet),
        Here(JonasWallet),
        (8_00, 24_00),
        "Už vakarienę",
    ),
    habit(
        Workday(20),
        Elsewhere(STUDIO),
        Here(OnaZloty),
        (780_00, 1_340_00),
        "Faktura za projekt",
    ),
    habit(
        Every(12, 20),
        Here(OnaZloty),
        Elsewhere(ALLEGRO),
        (34_90, 219_00),
        "Allegro zakupy",
    ),
    habit(
        Every(35, 60),
        Here(OnaZloty),
        Elsewhere(TRAINS),
        (58_00, 149_00),
        "PKP Intercity bilet",
    ),
    habit(
        Every(15, 30),
        Here(OnaZloty),
        Elsewhere(ZABKA),
        (6_50, 38_20),
        "Żabka Warszawa",
    ),
    habit(
        Every(50, 70),
        Here(OnaZloty),
        Elsewhere(PARENTS),
        (300_00, 600_00),
        "Dla mamy",
    ),
    // Jonas, Kaunas.
    habit(
        Workday(5),
        Elsewhere(JONAS_EMPLOYER),
        Here(JonasMain),
        (1_734_00, 1_866_00),
        "Atlyginimas",
    ),
    habit(
        Day(2),
        Here(JonasMain),
        Elsewhere(JONAS_LANDLORD),
        (430_00, 430_00),
        "Buto nuoma",
    ),
    habit(
        Day(17),
        Here(JonasMain),
        Elsewhere(ELECTRICITY),
        (18_40, 39_70),
        "Elektra, sutartis 217745",
    ),
    habit(
        Day(20),
        Here(JonasMain),
        Elsewhere(KAUNAS_WATER),
        (9_60, 16_30),
        "Vanduo",
    ),
    habit(
        Winter(22),
        Here(JonasMain),
        Elsewhere(KAUNAS_HEATING),
        (38_00, 96_00),
        "Šildymas",
    ),
    habit(
        Day(9),
        Here(JonasMain),
        Elsewhere(INTERNET),
        (19_90, 19_90),
        "Internetas ir TV",
    ),
    habit(
        Day(15),
        Here(JonasMain),
        Elsewhere(MOBILE),
        (9_99, 9_99),
        "Mobilusis ryšys",
    ),
    habit(
        Day(7),
        Here(JonasMain),
        Elsewhere(GYM),
        (24_90, 24_90),
        "Lemon Gym",
    ),
    habit(
        Day(23),
        Here(JonasMain),
        Elsewhere(FILMS),
        (8_99, 8_99),
        "Netflix",
    ),
    habit(
        Every(3, 6),
        Here(JonasMain),
        Elsewhere(IKI),
        (6_90, 41_30),
        "IKI Laisvės al., Kaunas",
    ),
    habit(
        Every(4, 8),
        Here(JonasMain),
        Elsewhere(LIDL),
        (9_80, 54_60),
        "LIDL 1044, Kaunas",
    ),
    habit(
        Every(7, 13),
        Here(JonasMain),
        Elsewhere(MAXIMA),
        (5_20, 36_40),
        "MAXIMA XX204, Kaunas",
    ),
    habit(
        Every(18, 30),
        Here(JonasMain),
        Elsewhere(RIMI),
        (8_30, 29_90),
        "RIMI Akropolis",
    ),
    habit(
        Every(10, 15),
        Here(JonasMain),
        Elsewhere(FUEL),
        (35_00, 74_00),
        "Circle K Kauno Savanorių",
    ),
    habit(
        Every(12, 20),
        Here(JonasMain),
        Elsewhere(RESTAURANT),
        (11_90, 38_00),
        "Etno Dvaras Kaunas",
    ),
    habit(
        Every(30, 55),
        Here(JonasMain),
        Elsewhere(PHARMACY),
        (3_90, 24_70),
        "Eurovaistinė",
    ),
    habit(
        Every(60, 110),
        Here(JonasMain),
        Elsewhere(ELECTRONICS),
        (29_00, 189_00),
        "pigu.lt",
    ),
    habit(
        Workday(6),
        Here(JonasMain),
        Here(JonasSavings),
        (250_00, 250_00),
        "Atostogoms",
    ),
    habit(
        Day(7),
        Here(JonasMain),
        Here(JonasWallet),
        (90_00, 90_00),
        "Į piniginę",
    ),
    habit(
        Every(6, 12),
        Here(JonasWallet),
        Elsewhere(BUS),
        (1_00, 8_00),
        "Žiogas, bilietai",
    ),
    habit(
        Every(5, 9),
        Here(JonasWallet),
        Here(Coffee),
        (2_80, 7_40),
        "Kava",
    ),
    habit(
        Every(28, 40),
        Here(JonasWallet),
        Here(OnaWallet),
        (6_00, 21_00),
        "Bilietai į kiną",
    ),
    habit(
        Day(25),
        Elsewhere(PARENTS),
        Here(JonasZloty),
        (400_00, 400_00),
        "Kieszonkowe",
    ),
    habit(
        Every(20, 34),
        Here(JonasZloty),
        Elsewhere(ALLEGRO),
        (29_00, 189_00),
        "Allegro zakupy",
    ),
    habit(
        Every(45, 75),
        Here(JonasZloty),
        Elsewhere(TRAINS),
        (58_00, 139_00),
        "PKP Intercity bilet",
    ),
    habit(
        Every(25, 45),
        Here(JonasZloty),
        Elsewhere(ZABKA),
        (5_90, 31_00),
        "Żabka Gdańsk",
    ),
    // The coffee shop.
    habit(Day(26), Here(Coffee), Elsewhere(TAX), (12_00, 34_00), "PVM"),
    habit(
        Day(28),
        Here(Coffee),
        Elsewhere(SHOP_OWNER),
        (20_00, 60_00),
        "Dividendai",
    ),
];

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
mod tests {
    use super::*;

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
