//! The check digits of single countries. Each function is given a number of the right shape.

use crate::{
    iban::remainder_97,
    registration::identifiers::{company::lithuanian_check_digit, digits, luhn, weighted},
};

/// ISO/IEC 7064 mod 11,10.
pub(super) fn germany(number: &str) -> bool {
    digits(number).is_some_and(|digits| {
        let product = digits[..8].iter().fold(10, |product, digit| {
            let sum = (product + digit) % 10;
            (if sum == 0 { 10 } else { sum }) * 2 % 11
        });
        digits[0] != 0 && (11 - product) % 10 == digits[8]
    })
}

/// Weights 3, 7, 1 modulo 10, the check digit itself included.
pub(super) fn estonia(number: &str) -> bool {
    digits(number)
        .is_some_and(|digits| weighted(&digits, &[3, 7, 1, 3, 7, 1, 3, 7, 1]).is_multiple_of(10))
}

/// The number of the register of businesses (Y-tunnus): weights modulo 11, the check digit included.
pub(super) fn finland(number: &str) -> bool {
    digits(number)
        .is_some_and(|digits| weighted(&digits, &[7, 9, 10, 5, 8, 4, 2, 1]).is_multiple_of(11))
}

/// SIREN, a Luhn number, with a key of two characters in front: the rest modulo 97 of SIREN and "12",
/// or, when letters stand in it, the newer rule modulo 11. Numbers of Monaco have 000 in place of the
/// first digits of a SIREN, and no Luhn digit.
pub(super) fn france(number: &str) -> bool {
    let (key, siren) = number.split_at(2);
    let Some(digits) = digits(siren) else {
        return false;
    };
    if !siren.starts_with("000") && !luhn(&digits) {
        return false;
    }
    if key.bytes().all(|byte| byte.is_ascii_digit()) {
        return key.parse() == Ok(remainder_97(siren.chars().chain("12".chars())));
    }
    // Letters count without I and O.
    const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let value = |at: usize| ALPHABET.find(&key[at..=at]).map(|value| value as u64);
    let (Some(first), Some(second), Ok(siren)) = (value(0), value(1), siren.parse::<u64>()) else {
        return false;
    };
    let check = if first < 10 {
        first * 24 + second - 10
    } else {
        first * 34 + second - 100
    };
    (siren + 1 + check / 11) % 11 == check % 11
}

/// Two-pass check digit; the digit before it is 1 (numbers of nine digits for legal persons, of
/// twelve for others and for newer registrations).
pub(super) fn lithuania(number: &str) -> bool {
    digits(number).is_some_and(|digits| match digits.as_slice() {
        [front @ .., check] => front.ends_with(&[1]) && lithuanian_check_digit(front) == *check,
        [] => false,
    })
}

/// Numbers of legal persons begin with 4 or more; smaller ones are personal codes of people.
pub(super) fn latvia(number: &str) -> bool {
    digits(number).is_some_and(|digits| {
        if digits[0] > 3 {
            weighted(&digits, &[9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1]) % 11 == 3
        } else {
            let sum = weighted(&digits, &[10, 5, 8, 4, 2, 1, 6, 3, 7, 9]);
            (1 + sum) % 11 % 10 == digits[10]
        }
    })
}

/// RSIN of companies: weights 9 to 2 modulo 11. Sole traders since 2020: mod 97 over the whole number
/// with its prefix.
pub(super) fn netherlands(number: &str) -> bool {
    let rsin = digits(&number[..9])
        .is_some_and(|digits| weighted(&digits, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11 == digits[8]);
    let numbered = number[10..] != *"00";
    numbered && (rsin || remainder_97("NL".chars().chain(number.chars())) == 1)
}

/// NIP: weights modulo 11; a number whose rest would be 10 is not given out.
pub(super) fn poland(number: &str) -> bool {
    digits(number)
        .is_some_and(|digits| weighted(&digits, &[6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 == digits[9])
}

/// The number of the organisation, a Luhn number, and a running number from 01 to 94.
pub(super) fn sweden(number: &str) -> bool {
    let (organisation, running) = number.split_at(10);
    digits(organisation).is_some_and(|digits| luhn(&digits)) && ("01"..="94").contains(&running)
}
