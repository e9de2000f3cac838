//! Does the sentence that people read speak of what the app asks for? A rule of thumb over word stems
//! in the three languages of the pages: it never refuses, it asks a person to look.

use super::Purpose;
use crate::{
    locale::Locale,
    scope::{Permission, Scope},
    words::words,
};

words! {
    /// A remark on purpose and scope. The word is the key of its explanation.
    PurposeRemark {
        /// The app asks to move money, and the sentence does not speak of paying.
        SilentOnPayments "purpose-silent-on-payments",
        /// The sentence speaks of paying, and the app does not ask to move money.
        PromisesPayments "purpose-promises-payments",
        /// The app asks for accounts, and the sentence does not speak of accounts, balances or spending.
        SilentOnAccounts "purpose-silent-on-accounts",
        /// The app asks for every permission that there is.
        AsksForEverything "purpose-asks-for-everything",
    }
}

/// Beginnings of words about moving money, in English, Lithuanian and Russian.
const PAYING: [&str; 3] = [
    "pay paid transfer send donat buy checkout top-up invoice settle",
    "mok sumok apmok perve siųs siunt aukot pirk",
    "плат оплат заплат перев отправ покуп пожертв",
];

/// Beginnings of words about accounts and what is in them.
const ACCOUNTS: [&str; 3] = [
    "account balance transaction spend spent budget money income expens cash saving wallet statement \
     financ loan credit bookkeep",
    "sąskait likut operacij išlaid išleid biudžet pinig pajam taup išraš finans paskol kredit buhalter",
    "счет счёт остат баланс операци расход трат бюджет деньг денег доход сбереж кошел выписк финанс \
     кредит займ бухгалт",
];

/// All remarks, worked out on each language that has a sentence: one that is silent is enough.
pub fn remarks(purpose: &Purpose, scope: &Scope) -> Vec<PurposeRemark> {
    let moves = scope
        .permissions()
        .any(|permission| permission.moves_money());
    let reads = scope
        .permissions()
        .any(|permission| !permission.moves_money());
    let sentences = || purpose.sentences.iter();
    let all_speak = |stems: &[&'static str; 3]| {
        sentences().all(|(locale, text)| speaks(text, of(stems, *locale)))
    };
    let some_speak = |stems: &[&'static str; 3]| {
        sentences().any(|(locale, text)| speaks(text, of(stems, *locale)))
    };
    let everything = Permission::OFFERED
        .iter()
        .all(|token| scope.iter().any(|known| known.as_str() == *token));
    let rules = [
        (
            moves && !all_speak(&PAYING),
            PurposeRemark::SilentOnPayments,
        ),
        (
            !moves && some_speak(&PAYING),
            PurposeRemark::PromisesPayments,
        ),
        (
            reads && !all_speak(&ACCOUNTS),
            PurposeRemark::SilentOnAccounts,
        ),
        (everything, PurposeRemark::AsksForEverything),
    ];
    rules
        .into_iter()
        .filter(|(applies, _)| *applies)
        .map(|(_, remark)| remark)
        .collect()
}

const fn of(stems: &[&'static str; 3], locale: Locale) -> &'static str {
    match locale {
        Locale::En => stems[0],
        Locale::Lt => stems[1],
        Locale::Ru => stems[2],
    }
}

/// Whether a word of the text begins with one of the stems.
fn speaks(text: &str, stems: &str) -> bool {
    let text = text.to_lowercase();
    stems.split_whitespace().any(|stem| {
        text.match_indices(stem)
            .any(|(at, _)| !text[..at].ends_with(char::is_alphanumeric))
    })
}
