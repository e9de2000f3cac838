//! What the market's sellers offer.

/// One offer of one seller.
pub(super) struct Offer {
    /// Its name in forms.
    pub(super) word: &'static str,
    pub(super) goods: &'static str,
    pub(super) about: &'static str,
    pub(super) seller: &'static str,
    /// The seller's account.
    pub(super) iban: &'static str,
    /// The price, as the wallet's API wants it.
    pub(super) amount: &'static str,
    /// The price as the market writes it.
    pub(super) price: &'static str,
}

/// The currency of every price.
pub(super) const CURRENCY: &str = "EUR";

/// All offers.
pub(super) static OFFERS: [Offer; 3] = [
    Offer {
        word: "honey",
        goods: "Linden honey, 700 g",
        about: "From eleven hives at the edge of a park.",
        seller: "Bičių Daržas MB",
        iban: "LT431000011101005001",
        amount: "9.50",
        price: "€9.50",
    },
    Offer {
        word: "bread",
        goods: "Rye bread, 1.8 kg",
        about: "Four days of sourdough, two hours of oven.",
        seller: "Duona ir Dūmas UAB",
        iban: "LT057044060000300417",
        amount: "6.40",
        price: "€6.40",
    },
    Offer {
        word: "cheese",
        goods: "Aged cheese, half a wheel",
        about: "Twenty months on a spruce board.",
        seller: "Sūrio Namai UAB",
        iban: "LT217300010000900226",
        amount: "38.00",
        price: "€38.00",
    },
];

/// The offer with this name.
pub(super) fn offer(word: &str) -> Option<&'static Offer> {
    OFFERS.iter().find(|offer| offer.word == word)
}
