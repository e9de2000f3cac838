//! What the demo's people do again and again: the table from which [`super::history`] makes two years.
#![allow(
    clippy::inconsistent_digit_grouping,
    reason = "amounts are written as euros_cents"
)]

use protocol::money::Currency;

use super::parties::{self, Party};

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

/// How often something happens.
#[derive(Clone, Copy)]
pub(super) enum Rhythm {
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
pub(super) struct Habit {
    pub rhythm: Rhythm,
    pub from: Side,
    pub to: Side,
    /// From how many to how many minor units.
    pub minor: (i64, i64),
    pub reference: &'static str,
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
    ALLEGRO, BOOKS, BUS, ELECTRICITY, ELECTRONICS, FILMS, FUEL, GYM, HEATING, IKI, INTERNET,
    JONAS_EMPLOYER, JONAS_LANDLORD, KAUNAS_HEATING, KAUNAS_WATER, LIDL, MAXIMA, MOBILE, MUSIC,
    ONAS_EMPLOYER, ONAS_LANDLORD, PARENTS, PHARMACY, RESTAURANT, RIDES, RIMI, SHOP_OWNER, STUDIO,
    TAX, TRAINS, WATER, ZABKA,
};

/// What every purse holds before the first day.
pub(super) const OPENING: [(Purse, i64); 9] = [
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
pub(super) const ROUND: [(Purse, Purse, i64); 2] = [
    (OnaWallet, OnaMain, 1_000_00),
    (JonasWallet, JonasMain, 250_00),
];

/// A table is easier to read as a table.
#[rustfmt::skip]
pub(super) const HABITS: &[Habit] = &[
    // Ona, Vilnius.
    habit(Workday(10), Elsewhere(ONAS_EMPLOYER), Here(OnaMain), (2_248_00, 2_391_00), "Darbo užmokestis"),
    habit(Day(1), Here(OnaMain), Elsewhere(ONAS_LANDLORD), (620_00, 620_00), "Nuoma"),
    habit(Day(18), Here(OnaMain), Elsewhere(ELECTRICITY), (24_10, 52_90), "Elektra, sutartis 884120"),
    habit(Day(18), Here(OnaMain), Elsewhere(WATER), (11_20, 19_80), "Vanduo"),
    habit(Winter(19), Here(OnaMain), Elsewhere(HEATING), (46_00, 118_00), "Šildymas"),
    habit(Day(12), Here(OnaMain), Elsewhere(INTERNET), (22_90, 22_90), "Internetas"),
    habit(Day(14), Here(OnaMain), Elsewhere(MOBILE), (14_99, 14_99), "Mobilusis ryšys"),
    habit(Day(3), Here(OnaMain), Elsewhere(MUSIC), (10_99, 10_99), "Spotify Premium"),
    habit(Day(21), Here(OnaMain), Elsewhere(FILMS), (12_99, 12_99), "Netflix"),
    habit(Every(3, 6), Here(OnaMain), Elsewhere(MAXIMA), (9_40, 58_70), "MAXIMA X123, Vilnius"),
    habit(Every(5, 9), Here(OnaMain), Elsewhere(RIMI), (7_15, 44_20), "RIMI Ozas, Vilnius"),
    habit(Every(6, 11), Here(OnaMain), Elsewhere(LIDL), (12_30, 63_10), "LIDL 1017, Vilnius"),
    habit(Every(8, 15), Here(OnaMain), Elsewhere(IKI), (4_25, 27_60), "IKI Žvėrynas"),
    habit(Every(13, 18), Here(OnaMain), Elsewhere(FUEL), (41_00, 68_50), "Circle K Geležinio Vilko"),
    habit(Every(9, 16), Here(OnaMain), Elsewhere(RESTAURANT), (14_50, 52_00), "Etno Dvaras Pilies"),
    habit(Every(24, 45), Here(OnaMain), Elsewhere(PHARMACY), (4_80, 33_40), "Eurovaistinė"),
    habit(Every(40, 75), Here(OnaMain), Elsewhere(BOOKS), (9_90, 41_00), "Pegasas, knygos"),
    habit(Every(80, 130), Here(OnaMain), Elsewhere(ELECTRONICS), (39_00, 229_00), "pigu.lt"),
    habit(Workday(11), Here(OnaMain), Here(OnaSavings), (400_00, 400_00), "Taupymas"),
    habit(Day(12), Here(OnaMain), Here(OnaWallet), (120_00, 120_00), "Piniginės papildymas"),
    habit(Every(5, 10), Here(OnaWallet), Elsewhere(RIDES), (3_60, 12_40), "Bolt"),
    habit(Every(4, 8), Here(OnaWallet), Here(Coffee), (2_80, 6_90), "Kava"),
    habit(Every(25, 35), Here(OnaWallet), Here(JonasWallet), (8_00, 24_00), "Už vakarienę"),
    habit(Workday(20), Elsewhere(STUDIO), Here(OnaZloty), (780_00, 1_340_00), "Faktura za projekt"),
    habit(Every(12, 20), Here(OnaZloty), Elsewhere(ALLEGRO), (34_90, 219_00), "Allegro zakupy"),
    habit(Every(35, 60), Here(OnaZloty), Elsewhere(TRAINS), (58_00, 149_00), "PKP Intercity bilet"),
    habit(Every(15, 30), Here(OnaZloty), Elsewhere(ZABKA), (6_50, 38_20), "Żabka Warszawa"),
    habit(Every(50, 70), Here(OnaZloty), Elsewhere(PARENTS), (300_00, 600_00), "Dla mamy"),
    // Jonas, Kaunas.
    habit(Workday(5), Elsewhere(JONAS_EMPLOYER), Here(JonasMain), (1_734_00, 1_866_00), "Atlyginimas"),
    habit(Day(2), Here(JonasMain), Elsewhere(JONAS_LANDLORD), (430_00, 430_00), "Buto nuoma"),
    habit(Day(17), Here(JonasMain), Elsewhere(ELECTRICITY), (18_40, 39_70), "Elektra, sutartis 217745"),
    habit(Day(20), Here(JonasMain), Elsewhere(KAUNAS_WATER), (9_60, 16_30), "Vanduo"),
    habit(Winter(22), Here(JonasMain), Elsewhere(KAUNAS_HEATING), (38_00, 96_00), "Šildymas"),
    habit(Day(9), Here(JonasMain), Elsewhere(INTERNET), (19_90, 19_90), "Internetas ir TV"),
    habit(Day(15), Here(JonasMain), Elsewhere(MOBILE), (9_99, 9_99), "Mobilusis ryšys"),
    habit(Day(7), Here(JonasMain), Elsewhere(GYM), (24_90, 24_90), "Lemon Gym"),
    habit(Day(23), Here(JonasMain), Elsewhere(FILMS), (8_99, 8_99), "Netflix"),
    habit(Every(3, 6), Here(JonasMain), Elsewhere(IKI), (6_90, 41_30), "IKI Laisvės al., Kaunas"),
    habit(Every(4, 8), Here(JonasMain), Elsewhere(LIDL), (9_80, 54_60), "LIDL 1044, Kaunas"),
    habit(Every(7, 13), Here(JonasMain), Elsewhere(MAXIMA), (5_20, 36_40), "MAXIMA XX204, Kaunas"),
    habit(Every(18, 30), Here(JonasMain), Elsewhere(RIMI), (8_30, 29_90), "RIMI Akropolis"),
    habit(Every(10, 15), Here(JonasMain), Elsewhere(FUEL), (35_00, 74_00), "Circle K Kauno Savanorių"),
    habit(Every(12, 20), Here(JonasMain), Elsewhere(RESTAURANT), (11_90, 38_00), "Etno Dvaras Kaunas"),
    habit(Every(30, 55), Here(JonasMain), Elsewhere(PHARMACY), (3_90, 24_70), "Eurovaistinė"),
    habit(Every(60, 110), Here(JonasMain), Elsewhere(ELECTRONICS), (29_00, 189_00), "pigu.lt"),
    habit(Workday(6), Here(JonasMain), Here(JonasSavings), (250_00, 250_00), "Atostogoms"),
    habit(Day(7), Here(JonasMain), Here(JonasWallet), (90_00, 90_00), "Į piniginę"),
    habit(Every(6, 12), Here(JonasWallet), Elsewhere(BUS), (1_00, 8_00), "Žiogas, bilietai"),
    habit(Every(5, 9), Here(JonasWallet), Here(Coffee), (2_80, 7_40), "Kava"),
    habit(Every(28, 40), Here(JonasWallet), Here(OnaWallet), (6_00, 21_00), "Bilietai į kiną"),
    habit(Day(25), Elsewhere(PARENTS), Here(JonasZloty), (400_00, 400_00), "Kieszonkowe"),
    habit(Every(20, 34), Here(JonasZloty), Elsewhere(ALLEGRO), (29_00, 189_00), "Allegro zakupy"),
    habit(Every(45, 75), Here(JonasZloty), Elsewhere(TRAINS), (58_00, 139_00), "PKP Intercity bilet"),
    habit(Every(25, 45), Here(JonasZloty), Elsewhere(ZABKA), (5_90, 31_00), "Żabka Gdańsk"),
    // The coffee shop.
    habit(Day(26), Here(Coffee), Elsewhere(TAX), (12_00, 34_00), "PVM"),
    habit(Day(28), Here(Coffee), Elsewhere(SHOP_OWNER), (20_00, 60_00), "Dividendai"),
];
