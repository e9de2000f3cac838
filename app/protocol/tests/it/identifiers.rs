//! Numbers of businesses: real ones are accepted, a typo in them is not.

use proptest::prelude::*;
use protocol::registration::{
    FaultKind,
    identifiers::{CompaniesHouseNumber, CompanyCode, Lei, RegisterNumber, VatNumber, VatRule},
};
use serde_json::Value;

use crate::fixtures::*;

macro_rules! vector {
    ($name:literal) => {
        serde_json::from_str::<Value>(include_str!(concat!("../vectors/", $name))).expect("JSON")
    };
}

fn texts(list: &Value, name: &str) -> Vec<String> {
    let entries = list.as_array().expect("a list").iter();
    let text = |entry: &Value| match name {
        "" => entry.as_str().map(str::to_owned),
        name => entry[name].as_str().map(str::to_owned),
    };
    let texts: Vec<String> = entries.map(|entry| text(entry).expect("a text")).collect();
    assert!(texts.len() >= 10, "too few examples");
    texts
}

fn leis() -> Vec<String> {
    texts(&vector!("iso17442-leis.json"), "lei")
}

fn company_codes() -> Vec<String> {
    texts(&vector!("jar-company-codes.json"), "code")
}

fn vat_numbers(rule: &str) -> Vec<String> {
    texts(&vector!("vat-numbers.json")[rule], "")
}

/// Those whose check digits find every single wrong digit.
fn promising_vat_numbers() -> Vec<String> {
    let promises = |text: &String| {
        let digits_only = text[2..].bytes().all(|byte| byte.is_ascii_digit());
        !matches!(&text[..2], "LT" | "NL") && (&text[..2] != "FR" || digits_only)
    };
    let numbers = vat_numbers("check_digits").into_iter();
    numbers.filter(promises).collect()
}

/// The text with the character at `at` replaced.
fn with(text: &str, at: usize, character: char) -> String {
    let replace = |(index, known)| if index == at { character } else { known };
    text.chars().enumerate().map(replace).collect()
}

#[test]
fn identifiers_of_real_businesses_are_accepted_in_one_spelling() {
    for text in leis() {
        assert_eq!(
            Lei::parse(&text).map(|lei| lei.to_string()),
            Ok(text.clone())
        );
        let typed = format!(
            " {} {}-{}",
            text[..4].to_lowercase(),
            &text[4..12],
            &text[12..]
        );
        assert_eq!(Lei::parse(&typed).map(|lei| lei.to_string()), Ok(text));
    }
    for text in company_codes() {
        assert!(CompanyCode::parse(&text).is_ok(), "{text}");
    }
    for (rule, of) in [
        ("check_digits", VatRule::CheckDigits),
        ("shape", VatRule::Shape),
    ] {
        for text in vat_numbers(rule) {
            let number = VatNumber::parse(&text).expect(&text);
            assert_eq!(VatNumber::rule(number.country()), Some(of), "{text}");
            let typed = format!(
                "{} {}.{}",
                text[..2].to_lowercase(),
                &text[2..5],
                &text[5..]
            );
            assert_eq!(VatNumber::parse(&typed), Ok(number));
        }
    }
}

#[test]
fn every_member_state_has_an_example() {
    let mut countries: Vec<String> = ["check_digits", "shape"]
        .into_iter()
        .flat_map(vat_numbers)
        .map(|number| number[..2].to_owned())
        .collect();
    countries.sort();
    countries.dedup();
    // The 27 members and the United Kingdom.
    assert_eq!(countries.len(), 28, "{countries:?}");
}

#[test]
fn faults_say_which_rule_was_broken() {
    let lei = [
        ("", FaultKind::LeiFormat),
        ("HWUPKR0MPOU8FGXBT39", FaultKind::LeiFormat),
        ("HWUPKR0MPOU8FGXBT3944", FaultKind::LeiFormat),
        ("HWUPKR0MPOU8FGXBT3AB", FaultKind::LeiFormat),
        ("HWUPKR0MPOU8FGXBŽ394", FaultKind::LeiFormat),
        ("HWUPKR0MPOU8FGXBT395", FaultKind::LeiChecksum),
        ("WHUPKR0MPOU8FGXBT394", FaultKind::LeiChecksum),
    ];
    for (typed, kind) in lei {
        assert_eq!(Lei::parse(typed), Err(kind), "{typed}");
    }
    let vat = [
        ("", FaultKind::VatCountry),
        ("100538411", FaultKind::VatCountry),
        ("US123456789", FaultKind::VatCountry),
        ("GR094259216", FaultKind::VatCountry),
        ("LT10053841", FaultKind::VatFormat),
        ("LT10053841A", FaultKind::VatFormat),
        ("LT100538412", FaultKind::VatChecksum),
        // The digit before the check digit is 1: this is a company code, not a VAT number.
        ("LT110053842", FaultKind::VatChecksum),
        ("LV40003074765", FaultKind::VatChecksum),
        ("EE100366328", FaultKind::VatChecksum),
        ("PL7740001455", FaultKind::VatChecksum),
        ("DE143454215", FaultKind::VatChecksum),
        ("DE000000011", FaultKind::VatChecksum),
        ("FR77662042449", FaultKind::VatChecksum),
        ("FRK8399859412", FaultKind::VatChecksum),
        ("NL004495446B01", FaultKind::VatChecksum),
        ("NL004495445B00", FaultKind::VatChecksum),
        ("NL004495445001", FaultKind::VatFormat),
        ("FI01120388", FaultKind::VatChecksum),
        ("SE556056625901", FaultKind::VatChecksum),
        ("SE556056625800", FaultKind::VatChecksum),
        ("ATU1358562", FaultKind::VatFormat),
        ("AT13585627", FaultKind::VatFormat),
    ];
    for (typed, kind) in vat {
        assert_eq!(VatNumber::parse(typed), Err(kind), "{typed}");
    }
    let code = [
        ("", FaultKind::CompanyCodeFormat),
        ("30006081", FaultKind::CompanyCodeFormat),
        ("3000608199", FaultKind::CompanyCodeFormat),
        ("30006081A", FaultKind::CompanyCodeFormat),
        ("305000000", FaultKind::CompanyCodeChecksum),
        ("300060818", FaultKind::CompanyCodeChecksum),
    ];
    for (typed, kind) in code {
        assert_eq!(CompanyCode::parse(typed), Err(kind), "{typed}");
    }
}

#[test]
fn the_second_pass_of_the_lithuanian_check_digit_is_used() {
    // First pass 2·1 + 1·8 = 10; second pass 2·3 + 1·1 = 7.
    assert!(CompanyCode::parse("200000017").is_ok());
    // 10 in both passes gives 0.
    let both = (0..100_000_000_u64)
        .step_by(9_973)
        .map(|front| format!("{front:08}"))
        .find(|front| {
            let sum = |weights: [u32; 8]| {
                let digits = front.chars().filter_map(|digit| digit.to_digit(10));
                digits
                    .zip(weights)
                    .map(|(digit, weight)| digit * weight)
                    .sum::<u32>()
                    % 11
            };
            sum([1, 2, 3, 4, 5, 6, 7, 8]) == 10 && sum([3, 4, 5, 6, 7, 8, 9, 1]) == 10
        })
        .expect("some code needs it");
    assert!(CompanyCode::parse(&format!("{both}0")).is_ok());
    assert_eq!(
        CompanyCode::parse(&format!("{both}1")),
        Err(FaultKind::CompanyCodeChecksum)
    );
}

#[test]
fn numbers_without_check_digits_are_held_to_their_looks() {
    for (typed, kept) in [
        ("00445790", "00445790"),
        ("445790", "00445790"),
        ("sc327000", "SC327000"),
        ("OC 301540", "OC301540"),
        ("NI000001", "NI000001"),
        ("R0000001", "R0000001"),
    ] {
        let number = CompaniesHouseNumber::parse(typed).map(|number| number.to_string());
        assert_eq!(number.as_deref(), Ok(kept));
    }
    for typed in [
        "",
        "12345",
        "123456789",
        "XX123456",
        "SC12345",
        "SC1234567",
        "1234567A",
        "R000001",
    ] {
        let fault = Err(FaultKind::CompaniesHouseFormat);
        assert_eq!(CompaniesHouseNumber::parse(typed), fault, "{typed}");
    }
    for typed in [
        "HRB 716324",
        "40003074764",
        "B 123/456",
        "ОГРН 1027700132195",
    ] {
        assert!(RegisterNumber::parse(typed).is_ok(), "{typed}");
    }
    for typed in ["", "1", "HRB", "12<34", "1\n2", " 12", &"1".repeat(41)] {
        assert_eq!(
            RegisterNumber::parse(typed),
            Err(FaultKind::RegisterNumber),
            "{typed}"
        );
    }
}

proptest! {
    #![proptest_config(cases(2_000))]

    /// Mod 97-10 finds every wrong digit for a digit, letter for a letter, and every swap of neighbours.
    #[test]
    fn a_typo_in_an_lei_is_found(text in prop::sample::select(leis()), at in 0_usize..20, digit in prop::char::range('0', '9'), letter in prop::char::range('A', 'Z')) {
        let known = text.chars().nth(at).expect("a character");
        let other = if known.is_ascii_digit() { digit } else { letter };
        prop_assert_eq!(Lei::parse(&with(&text, at, other)).is_ok(), other == known);
        if let Some(next) = text.chars().nth(at + 1).filter(|next| next.is_ascii_digit() == known.is_ascii_digit()) {
            let swapped = with(&with(&text, at, next), at + 1, known);
            prop_assert_eq!(Lei::parse(&swapped).is_ok(), next == known);
        }
    }

    /// So does every check digit that has a single pass. Lithuania's second pass and the choice of two
    /// rules in the Netherlands cannot promise it; a letter in a French key neither.
    #[test]
    fn a_typo_in_a_vat_number_is_found(
        text in prop::sample::select(promising_vat_numbers()),
        at in any::<prop::sample::Index>(),
        digit in prop::char::range('0', '9'),
    ) {
        // Not the running number of a Swedish group, nor the first digit in Latvia, which chooses the rule.
        let checked = match &text[..2] { "SE" => 2..12, "LV" => 3..text.len(), _ => 2..text.len() };
        let at = checked.start + at.index(checked.len());
        let same = text.chars().nth(at) == Some(digit);
        prop_assert_eq!(VatNumber::parse(&with(&text, at, digit)).is_ok(), same, "{} {}", text, at);
    }

    /// A wrong check digit is found by every rule that has one.
    #[test]
    fn a_wrong_last_digit_is_found(code in prop::sample::select(company_codes()), digit in prop::char::range('0', '9')) {
        prop_assert_eq!(CompanyCode::parse(&with(&code, 8, digit)).is_ok(), code.ends_with(digit));
    }

    /// Whatever is typed, nothing panics, and what is accepted is read back as it is kept.
    #[test]
    fn identifiers_are_read_back(text in prop_oneof![
        any::<String>(),
        "[A-Z0-9 .-]{0,22}",
        "(LT|LV|EE|PL|DE|FR|NL|FI|SE|IE|ES|GB)[0-9A-Z+*]{6,13}",
        "(SC|NI|R)?[0-9]{5,8}",
    ]) {
        if let Ok(lei) = Lei::parse(&text) { prop_assert_eq!(Lei::parse(lei.as_str()), Ok(lei)); }
        if let Ok(vat) = VatNumber::parse(&text) { prop_assert_eq!(VatNumber::parse(vat.as_str()), Ok(vat)); }
        if let Ok(code) = CompanyCode::parse(&text) { prop_assert_eq!(CompanyCode::parse(code.as_str()), Ok(code)); }
        if let Ok(number) = CompaniesHouseNumber::parse(&text) {
            prop_assert_eq!(CompaniesHouseNumber::parse(number.as_str()), Ok(number));
        }
        if let Ok(number) = RegisterNumber::parse(&text) {
            prop_assert_eq!(RegisterNumber::parse(number.as_str()), Ok(number));
        }
    }
}
