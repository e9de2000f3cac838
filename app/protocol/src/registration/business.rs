//! Task "business details": who runs the app.

use serde::{Deserialize, Serialize};

use super::{
    contact::{MailAddress, Phone},
    country::Country,
    faults::{FaultKind, Faults},
    field::{Field, Task},
    identifiers::{CompaniesHouseNumber, CompanyCode, Lei, RegisterNumber, VatNumber},
    reader::Reader,
};
use crate::{form::RawForm, words::words};

words! {
    /// A register of companies.
    Register {
        /// Juridinių asmenų registras, Lithuania.
        Jar "jar",
        /// Companies House, United Kingdom.
        CompaniesHouse "companies_house",
        /// Any other; its number is not checked beyond its looks.
        Other "other",
    }

    /// What a business is licensed for (Directives (EU) 2015/2366, 2009/110/EC and 2013/36/EU).
    LicenceKind {
        /// Nothing.
        None "none",
        /// Account information service provider.
        Aisp "aisp",
        /// Payment initiation service provider.
        Pisp "pisp",
        /// Electronic money institution.
        Emi "emi",
        /// Credit institution.
        Bank "bank",
    }
}

/// A licence and where it can be looked up.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Licence {
    /// What for; never [`LicenceKind::None`].
    pub kind: LicenceKind,
    /// Its number in the register of the authority.
    pub number: String,
    /// The authority.
    pub authority: String,
}

/// Business details, accepted.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Business {
    /// Legal name.
    pub organization: String,
    /// Trading name, if another.
    pub trading_name: Option<String>,
    /// The register of companies.
    pub register: Register,
    /// The number in that register, in its one spelling.
    pub reg_no: String,
    /// VAT number, if registered for VAT.
    pub vat: Option<VatNumber>,
    /// Legal entity identifier, if there is one.
    pub lei: Option<Lei>,
    /// First line of the address.
    pub addr1: String,
    /// Second line of the address.
    pub addr2: Option<String>,
    /// Town.
    pub city: String,
    /// Postal code; absent only where addresses have none.
    pub postcode: Option<String>,
    /// Country.
    pub country: Country,
    /// The licence, if any.
    pub licence: Option<Licence>,
    /// For security matters.
    pub security_contact: MailAddress,
    /// Day and night.
    pub phone: Phone,
    /// For complaints of people.
    pub complaints_mail: MailAddress,
}

impl Register {
    /// The number in its one spelling, if it can be one of this register.
    pub fn number(self, typed: &str) -> Result<String, FaultKind> {
        match self {
            Self::Jar => CompanyCode::parse(typed).map(|number| number.to_string()),
            Self::CompaniesHouse => {
                CompaniesHouseNumber::parse(typed).map(|number| number.to_string())
            }
            Self::Other => RegisterNumber::parse(typed).map(|number| number.to_string()),
        }
    }
}

impl LicenceKind {
    /// The kind in English, as partners of the bank and authorities write it.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Aisp => "Account information service provider",
            Self::Pisp => "Payment initiation service provider",
            Self::Emi => "Electronic money institution",
            Self::Bank => "Credit institution",
        }
    }
}

impl Business {
    /// Reads the form.
    pub fn parse(form: &RawForm) -> Result<Self, Faults> {
        let mut form = Reader::new(form, Task::Business);
        let organization = form.line(Field::Organization, 2, 140);
        let trading_name = form.optional_line(Field::TradingName, 2, 140);
        let register = form.choice::<Register>(Field::Register);
        // Without a register the number is held to the general rule, so that its faults are told too.
        let number_of = register.unwrap_or(Register::Other);
        let reg_no = form.value(Field::RegNo, |typed| number_of.number(typed));
        let vat = form.optional(Field::Vat, VatNumber::parse);
        let lei = form.optional(Field::Lei, Lei::parse);
        let addr1 = form.line(Field::Addr1, 2, 140);
        let addr2 = form.optional_line(Field::Addr2, 1, 140);
        let city = form.line(Field::City, 1, 80);
        let country = form.value(Field::Country, Country::parse);
        let postcode = if country.as_ref().is_some_and(Country::has_postcodes) {
            form.line(Field::Postcode, 3, 12)
        } else {
            form.optional_line(Field::Postcode, 1, 12)
        };
        let licence = licence(&mut form);
        let security_contact = form.value(Field::SecurityContact, MailAddress::parse);
        let phone = form.value(Field::Phone, Phone::parse);
        let complaints_mail = form.value(Field::ComplaintsMail, MailAddress::parse);
        let draft = || {
            Some(Self {
                organization: organization?,
                trading_name,
                register: register?,
                reg_no: reg_no?,
                vat,
                lei,
                addr1: addr1?,
                addr2,
                city: city?,
                postcode,
                country: country?,
                licence,
                security_contact: security_contact?,
                phone: phone?,
                complaints_mail: complaints_mail?,
            })
        };
        form.finish(draft())
    }

    /// What it is licensed for.
    pub fn licence_kind(&self) -> LicenceKind {
        self.licence
            .as_ref()
            .map_or(LicenceKind::None, |licence| licence.kind)
    }

    /// The licence in words: `Electronic money institution, no. 70, Bank of Lithuania`; empty without one.
    pub fn licence_in_words(&self) -> String {
        self.licence.as_ref().map_or_else(String::new, |licence| {
            let kind = licence.kind.in_words();
            format!("{kind}, no. {}, {}", licence.number, licence.authority)
        })
    }

    pub(super) fn value(&self, field: Field) -> Option<String> {
        let of_licence = |part: fn(&Licence) -> &String| self.licence.as_ref().map(part).cloned();
        match field {
            Field::Organization => Some(self.organization.clone()),
            Field::TradingName => self.trading_name.clone(),
            Field::Register => Some(self.register.to_string()),
            Field::RegNo => Some(self.reg_no.clone()),
            Field::Vat => self.vat.as_ref().map(VatNumber::to_string),
            Field::Lei => self.lei.as_ref().map(Lei::to_string),
            Field::Addr1 => Some(self.addr1.clone()),
            Field::Addr2 => self.addr2.clone(),
            Field::City => Some(self.city.clone()),
            Field::Postcode => self.postcode.clone(),
            Field::Country => Some(self.country.to_string()),
            Field::Licence => Some(self.licence_kind().to_string()),
            Field::LicenceNumber => of_licence(|licence| &licence.number),
            Field::LicenceAuthority => of_licence(|licence| &licence.authority),
            Field::SecurityContact => Some(self.security_contact.to_string()),
            Field::Phone => Some(self.phone.to_string()),
            Field::ComplaintsMail => Some(self.complaints_mail.to_string()),
            _ => None,
        }
    }
}

/// A licence is its kind, number and authority, or none of them.
fn licence(form: &mut Reader<'_>) -> Option<Licence> {
    let kind = form.choice::<LicenceKind>(Field::Licence);
    let number = form.optional_line(Field::LicenceNumber, 1, 60);
    let authority = form.optional_line(Field::LicenceAuthority, 2, 120);
    let parts = [
        (Field::LicenceNumber, number.is_some()),
        (Field::LicenceAuthority, authority.is_some()),
    ];
    let none = kind? == LicenceKind::None;
    for (field, given) in parts {
        match (none, given) {
            (true, true) => form.fault(field, FaultKind::LicenceNotChosen),
            // What was typed and could not be read has a fault of its own already.
            (false, false) if !form.has_fault(field) => {
                form.fault(field, FaultKind::LicenceIncomplete);
            }
            _ => {}
        }
    }
    let kind = kind.filter(|kind| *kind != LicenceKind::None)?;
    Some(Licence {
        kind,
        number: number?,
        authority: authority?,
    })
}
