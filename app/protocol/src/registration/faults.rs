//! What is wrong with a form: every fault of it, each at its field.

use serde::{Deserialize, Serialize};

use super::field::{Field, Task};
use crate::{redirect_uri::RedirectUriFault, words::words};

words! {
    /// What is wrong with one value. The word is the key of its text.
    FaultKind {
        /// Nothing was typed or chosen.
        Missing "fault-missing",
        /// Fewer than `limit` characters.
        TooShort "fault-too-short",
        /// More than `limit` characters.
        TooLong "fault-too-long",
        /// More than `limit` rows.
        TooMany "fault-too-many",
        /// A field that exists once was sent twice.
        SentTwice "fault-sent-twice",
        /// The same row twice.
        Repeated "fault-repeated",
        /// Invisible characters, or such that turn the direction of writing.
        HiddenCharacter "fault-hidden-character",
        /// None of the choices.
        NotAChoice "fault-not-a-choice",
        /// No mail address.
        Mail "fault-mail",
        /// No telephone number.
        Phone "fault-phone",
        /// No country of ISO 3166-1.
        Country "fault-country",
        /// Not 20 letters and digits.
        LeiFormat "fault-lei-format",
        /// The check digits of the LEI do not fit.
        LeiChecksum "fault-lei-checksum",
        /// A VAT number begins with the code of a country that has such numbers.
        VatCountry "fault-vat-country",
        /// Not the shape of VAT numbers of that country.
        VatFormat "fault-vat-format",
        /// The check digits of the VAT number do not fit.
        VatChecksum "fault-vat-checksum",
        /// Not the 9 digits of a Lithuanian company code.
        CompanyCodeFormat "fault-company-code-format",
        /// The check digit of the company code does not fit.
        CompanyCodeChecksum "fault-company-code-checksum",
        /// Not a number of Companies House.
        CompaniesHouseFormat "fault-companies-house-format",
        /// Not what a number in a register looks like.
        RegisterNumber "fault-register-number",
        /// A licence was chosen, and its number or authority is missing.
        LicenceIncomplete "fault-licence-incomplete",
        /// No licence was chosen, but a number or authority was given.
        LicenceNotChosen "fault-licence-not-chosen",
        /// Not an address of the web.
        WebAddress "fault-web-address",
        /// A page on the web begins with `https://`.
        WebHttps "fault-web-https",
        /// The host is not a public name such as `shop.example`.
        WebHost "fault-web-host",
        /// A permission that the bank does not offer.
        UnknownScope "fault-unknown-scope",
        /// A name has at least one letter or digit.
        NameWithoutLetters "fault-name-without-letters",
        /// [`RedirectUriFault::Length`].
        RedirectLength "fault-redirect-length",
        /// [`RedirectUriFault::ForbiddenCharacter`].
        RedirectForbiddenCharacter "fault-redirect-forbidden-character",
        /// [`RedirectUriFault::PercentEncoding`].
        RedirectPercentEncoding "fault-redirect-percent-encoding",
        /// [`RedirectUriFault::Wildcard`].
        RedirectWildcard "fault-redirect-wildcard",
        /// [`RedirectUriFault::Fragment`].
        RedirectFragment "fault-redirect-fragment",
        /// [`RedirectUriFault::Relative`].
        RedirectRelative "fault-redirect-relative",
        /// [`RedirectUriFault::DangerousScheme`].
        RedirectDangerousScheme "fault-redirect-dangerous-scheme",
        /// [`RedirectUriFault::AppSchemeWithoutDot`].
        RedirectAppSchemeWithoutDot "fault-redirect-app-scheme-without-dot",
        /// [`RedirectUriFault::PlainHttp`].
        RedirectPlainHttp "fault-redirect-plain-http",
        /// [`RedirectUriFault::UserInfo`].
        RedirectUserInfo "fault-redirect-user-info",
        /// [`RedirectUriFault::Host`].
        RedirectHost "fault-redirect-host",
        /// [`RedirectUriFault::Port`].
        RedirectPort "fault-redirect-port",
        /// [`RedirectUriFault::DotSegment`].
        RedirectDotSegment "fault-redirect-dot-segment",
    }
}

impl FaultKind {
    /// What can be wrong with one callback address.
    pub const OF_CALLBACKS: [Self; 14] = [
        Self::Repeated,
        Self::RedirectLength,
        Self::RedirectForbiddenCharacter,
        Self::RedirectPercentEncoding,
        Self::RedirectWildcard,
        Self::RedirectFragment,
        Self::RedirectRelative,
        Self::RedirectDangerousScheme,
        Self::RedirectAppSchemeWithoutDot,
        Self::RedirectPlainHttp,
        Self::RedirectUserInfo,
        Self::RedirectHost,
        Self::RedirectPort,
        Self::RedirectDotSegment,
    ];

    /// Key of the text that says what to do.
    pub const fn key(self) -> &'static str {
        self.as_str()
    }

    /// Whether the text speaks of a `$limit`.
    pub const fn has_limit(self) -> bool {
        matches!(self, Self::TooShort | Self::TooLong | Self::TooMany)
    }
}

impl From<RedirectUriFault> for FaultKind {
    fn from(fault: RedirectUriFault) -> Self {
        match fault {
            RedirectUriFault::Length => Self::RedirectLength,
            RedirectUriFault::ForbiddenCharacter => Self::RedirectForbiddenCharacter,
            RedirectUriFault::PercentEncoding => Self::RedirectPercentEncoding,
            RedirectUriFault::Wildcard => Self::RedirectWildcard,
            RedirectUriFault::Fragment => Self::RedirectFragment,
            RedirectUriFault::Relative => Self::RedirectRelative,
            RedirectUriFault::DangerousScheme => Self::RedirectDangerousScheme,
            RedirectUriFault::AppSchemeWithoutDot => Self::RedirectAppSchemeWithoutDot,
            RedirectUriFault::PlainHttp => Self::RedirectPlainHttp,
            RedirectUriFault::UserInfo => Self::RedirectUserInfo,
            RedirectUriFault::Host => Self::RedirectHost,
            RedirectUriFault::Port => Self::RedirectPort,
            RedirectUriFault::DotSegment => Self::RedirectDotSegment,
        }
    }
}

/// One fault of a form.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Fault {
    /// Where.
    pub field: Field,
    /// In which row of a field that repeats, from 0; counts the rows that are not empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<usize>,
    /// What.
    pub kind: FaultKind,
    /// The limit that was not kept, where the text speaks of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
}

impl Fault {
    /// A fault at a field that exists once.
    pub const fn at(field: Field, kind: FaultKind) -> Self {
        Self {
            field,
            row: None,
            kind,
            limit: None,
        }
    }

    /// The variables of the text, by name.
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        let limit = self.limit.map(|limit| ("limit", limit.to_string()));
        let row = self.row.map(|row| ("row", (row + 1).to_string()));
        limit.into_iter().chain(row).collect()
    }
}

/// All faults of one form, with what was typed, for showing the form again.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Faults {
    /// Which form.
    pub task: Task,
    /// The faults in the order of the page; at least one.
    pub faults: Vec<Fault>,
    /// The values as typed, in the order of the page.
    pub typed: Vec<(Field, String)>,
}

impl Faults {
    /// What was typed into the field; rows in their order.
    pub fn typed(&self, field: Field) -> impl Iterator<Item = &str> {
        self.typed
            .iter()
            .filter(move |(known, _)| *known == field)
            .map(|(_, value)| value.as_str())
    }

    /// The faults of the field.
    pub fn of(&self, field: Field) -> impl Iterator<Item = &Fault> {
        self.faults.iter().filter(move |fault| fault.field == field)
    }
}
