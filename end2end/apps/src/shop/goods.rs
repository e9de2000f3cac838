//! What the shop sells, and to whom the money goes.

/// The price, as the wallet's API wants it.
pub(super) const AMOUNT: &str = "20.00";
/// Its currency.
pub(super) const CURRENCY: &str = "EUR";
/// The price as the shop writes it.
pub(super) const PRICE: &str = "€20.00";
/// Who is paid.
pub(super) const CREDITOR: &str = "Countersign Coffee UAB";
/// What the payer reads on the statement.
pub(super) const REFERENCE: &str = "Guji, washed, 1 kg";
