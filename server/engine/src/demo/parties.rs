//! Whom people of the demo pay, and who pays them. None of them banks here, except where said.

use protocol::iban::Iban;

/// A payee or payer outside of this bank.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Party {
    /// The name on statements.
    pub name: &'static str,
    /// Country of the account number, with the national part.
    account: (&'static str, &'static str),
}

impl Party {
    const fn new(name: &'static str, country: &'static str, national: &'static str) -> Self {
        Self {
            name,
            account: (country, national),
        }
    }

    /// The account number, with right check digits.
    pub fn iban(&self) -> Iban {
        iban(self.account.0, self.account.1)
    }
}

/// The account number of a country for a national part of the demo's own making.
pub(super) fn iban(country: &str, national: &str) -> Iban {
    Iban::with_check_digits(country, national).unwrap_or_else(|fault| {
        panic!("{country} {national} is no national account number: {fault}")
    })
}

pub(super) const MAXIMA: Party = Party::new("MAXIMA LT, UAB", "LT", "9900100000000101");
pub(super) const RIMI: Party = Party::new("UAB Rimi Lietuva", "LT", "9900100000000102");
pub(super) const LIDL: Party = Party::new("UAB Lidl Lietuva", "LT", "9900100000000103");
pub(super) const IKI: Party = Party::new("UAB Palink (IKI)", "LT", "9900100000000104");
pub(super) const ELECTRICITY: Party = Party::new("UAB Ignitis", "LT", "9900100000000201");
pub(super) const WATER: Party = Party::new("UAB Vilniaus vandenys", "LT", "9900100000000202");
pub(super) const HEATING: Party =
    Party::new("Vilniaus šilumos tinklai AB", "LT", "9900100000000203");
pub(super) const KAUNAS_WATER: Party = Party::new("UAB Kauno vandenys", "LT", "9900100000000204");
pub(super) const KAUNAS_HEATING: Party = Party::new("AB Kauno energija", "LT", "9900100000000205");
pub(super) const INTERNET: Party = Party::new("Telia Lietuva, AB", "LT", "9900100000000301");
pub(super) const MOBILE: Party = Party::new("UAB Tele2", "LT", "9900100000000302");
pub(super) const MUSIC: Party = Party::new("Spotify AB", "SE", "99001000000000000303");
pub(super) const FILMS: Party = Party::new("Netflix International B.V.", "NL", "NETF0000000304");
pub(super) const GYM: Party = Party::new("UAB Impuls LTU (Lemon Gym)", "LT", "9900100000000305");
pub(super) const FUEL: Party = Party::new("UAB Circle K Lietuva", "LT", "9900100000000401");
pub(super) const RIDES: Party = Party::new("Bolt Operations OÜ", "EE", "9900100000000402");
pub(super) const BUS: Party = Party::new("SĮ Susisiekimo paslaugos", "LT", "9900100000000403");
pub(super) const PHARMACY: Party = Party::new("UAB Eurovaistinė", "LT", "9900100000000404");
pub(super) const RESTAURANT: Party = Party::new("UAB Etno Dvaras", "LT", "9900100000000405");
pub(super) const BOOKS: Party = Party::new("UAB Pegaso knyga", "LT", "9900100000000406");
pub(super) const ELECTRONICS: Party = Party::new("UAB Pigu", "LT", "9900100000000407");
pub(super) const ONAS_LANDLORD: Party = Party::new("Rūta Petraitienė", "LT", "9900100000000501");
pub(super) const JONAS_LANDLORD: Party = Party::new("Algirdas Stonkus", "LT", "9900100000000502");
pub(super) const ONAS_EMPLOYER: Party =
    Party::new("UAB Baltijos duomenys", "LT", "9900100000000601");
pub(super) const JONAS_EMPLOYER: Party = Party::new("UAB Nemuno medis", "LT", "9900100000000602");
pub(super) const STUDIO: Party =
    Party::new("Studio Wisła Sp. z o.o.", "PL", "990010000000000000000701");
pub(super) const PARENTS: Party = Party::new("Danuta Kowalska", "PL", "990010000000000000000702");
pub(super) const ALLEGRO: Party =
    Party::new("Allegro Sp. z o.o.", "PL", "990010000000000000000703");
pub(super) const TRAINS: Party = Party::new("PKP Intercity S.A.", "PL", "990010000000000000000704");
pub(super) const ZABKA: Party =
    Party::new("Żabka Polska Sp. z o.o.", "PL", "990010000000000000000705");
/// Where balances come from that people brought along from their former bank.
pub(super) const FORMER_BANK: Party = Party::new("Opening balance", "LT", "9900100000000901");

#[cfg(test)]
pub(super) const ALL: [Party; 33] = [
    MAXIMA,
    RIMI,
    LIDL,
    IKI,
    ELECTRICITY,
    WATER,
    HEATING,
    KAUNAS_WATER,
    KAUNAS_HEATING,
    INTERNET,
    MOBILE,
    MUSIC,
    FILMS,
    GYM,
    FUEL,
    RIDES,
    BUS,
    PHARMACY,
    RESTAURANT,
    BOOKS,
    ELECTRONICS,
    ONAS_LANDLORD,
    JONAS_LANDLORD,
    ONAS_EMPLOYER,
    JONAS_EMPLOYER,
    STUDIO,
    PARENTS,
    ALLEGRO,
    TRAINS,
    ZABKA,
    FORMER_BANK,
    SHOP_OWNER,
    TAX,
];
/// The owner of the coffee shop, who takes the shop's money home.
pub(super) const SHOP_OWNER: Party = Party::new("Milda Kavaliauskienė", "LT", "9900100000000801");
pub(super) const TAX: Party =
    Party::new("Valstybinė mokesčių inspekcija", "LT", "9900100000000802");

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_party_has_an_account_number_of_its_own() {
        let numbers: BTreeSet<Iban> = ALL.iter().map(Party::iban).collect();
        assert_eq!(numbers.len(), ALL.len());
    }
}
