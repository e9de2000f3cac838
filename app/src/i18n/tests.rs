use std::collections::{BTreeMap, BTreeSet};

use engine::portal::Ending;
use protocol::{
    account_consent::{ConsentState, ScaState},
    authorization::ProblemKind,
    registration::{
        FaultKind, Field, RiskReason, Task,
        checks::{CheckKind, CheckOutcome, Said},
        hygiene::HygieneKind,
        purpose_rules::PurposeRemark,
        review::{ChangeCode, Refusal, RejectCode},
    },
    scope::{Cannot, Cluster},
};

use super::*;

/// Key and whole text, variables and all, of everything in a language.
pub(super) fn messages(locale: Locale) -> BTreeMap<String, String> {
    let mut messages = BTreeMap::new();
    for source in sources(locale) {
        let mut current = None;
        for line in source.lines().filter(|line| !line.starts_with('#')) {
            if let Some((key, text)) = line
                .split_once(" =")
                .filter(|_| line.starts_with(|c: char| c.is_ascii_lowercase()))
            {
                let earlier = messages.insert(key.to_owned(), text.trim().to_owned());
                assert_eq!(earlier, None, "{locale} has {key} twice");
                current = Some(key.to_owned());
            } else if let Some(text) = current.as_ref().and_then(|key| messages.get_mut(key)) {
                text.push('\n');
                text.push_str(line.trim());
            }
        }
    }
    messages
}

fn variables(text: &str) -> BTreeSet<String> {
    let name = |rest: &str| {
        rest.chars()
            .take_while(|c| c.is_ascii_alphanumeric())
            .collect()
    };
    text.split('$').skip(1).map(name).collect()
}

/// What a person reads of a text: without variables, selectors, machines' words and product names.
fn words(text: &str) -> Vec<String> {
    let text = prose::words_of_people(text);
    let mut depth = 0;
    let readable: String = text
        .lines()
        .map(|line| {
            line.split_once(']')
                .filter(|_| line.trim_start_matches('*').starts_with('['))
                .map_or(line, |(_, text)| text)
        })
        .flat_map(|line| line.chars().chain(['\n']))
        .filter(|c| {
            depth += i32::from(*c == '{') - i32::from(*c == '}');
            depth == 0 && *c != '}'
        })
        .collect();
    readable
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

#[test]
fn the_three_languages_have_the_same_keys_with_the_same_variables() {
    let english = messages(Locale::En);
    for locale in [Locale::Lt, Locale::Ru] {
        let other = messages(locale);
        let keys =
            |messages: &BTreeMap<String, String>| messages.keys().cloned().collect::<BTreeSet<_>>();
        assert_eq!(keys(&other), keys(&english), "{locale}");
        for (key, text) in &english {
            // The singular needs no number in some languages ("once a day", "one more try").
            assert_eq!(variables(&other[key]), variables(text), "{locale} {key}");
        }
    }
}

#[test]
fn every_text_of_every_language_can_be_read_and_says_something() {
    for locale in Locale::ALL {
        for source in sources(locale) {
            assert!(
                FluentResource::try_new((*source).to_owned()).is_ok(),
                "{locale}: a line cannot be read"
            );
        }
        for (key, text) in messages(locale) {
            let names: Vec<String> = variables(&text).into_iter().collect();
            for number in [0, 1, 2, 5, 11, 21] {
                let values: Vec<(&str, FluentValue<'_>)> = names
                    .iter()
                    .map(|name| (name.as_str(), number.into()))
                    .collect();
                let said = Texts::of(locale).find(&key, &values).unwrap_or_default();
                assert!(!said.trim().is_empty(), "{locale} {key}");
                assert!(
                    !said.contains(['{', '}', '$', '"']),
                    "{locale} {key}: {said}"
                );
            }
        }
    }
}

#[test]
fn russian_is_written_in_cyrillic_and_lithuanian_without_english_words() {
    // Names and terms that stay as they are.
    let terms = [
        "countersign",
        "oauth",
        "pkce",
        "json",
        "rfc",
        "utc",
        "cookie",
        "csv",
        "dns",
        "http",
        "https",
        "phonepe",
        "pincode",
        "python",
        "hsts",
        "tls",
        "txt",
    ];
    for (key, text) in messages(Locale::Ru) {
        for word in words(&text)
            .iter()
            .filter(|word| !terms.contains(&word.as_str()))
        {
            assert!(
                word.chars().all(|c| matches!(c, 'а'..='я' | 'ё')),
                "{key}: {word}"
            );
        }
    }
    let english = [
        "the", "and", "you", "your", "is", "are", "was", "of", "with", "from", "not", "this",
        "that", "for", "it", "in", "app", "account", "code", "cancel", "allow", "sign", "password",
    ];
    for (key, text) in messages(Locale::Lt) {
        for word in words(&text) {
            assert!(!english.contains(&word.as_str()), "{key}: {word}");
            assert!(
                word.chars()
                    .all(|c| c.is_ascii_alphabetic() || "ąčęėįšųūž".contains(c)),
                "{key}: {word}"
            );
        }
    }
}

#[test]
fn no_sentence_names_a_variable_twice() {
    for locale in Locale::ALL {
        for (key, text) in messages(locale)
            .iter()
            .filter(|(_, text)| !text.contains("->"))
        {
            assert_eq!(
                text.matches('$').count(),
                variables(text).len(),
                "{locale} {key}"
            );
        }
    }
}

#[test]
fn plural_forms_follow_the_language() {
    let days = |locale, days: u32| Texts::of(locale).with("consent-days", &[("days", days.into())]);
    for (locale, said) in [
        (
            Locale::En,
            [
                "1 day", "2 days", "5 days", "11 days", "21 days", "180 days",
            ],
        ),
        (
            Locale::Lt,
            [
                "1 diena",
                "2 dienos",
                "5 dienos",
                "11 dienų",
                "21 diena",
                "180 dienų",
            ],
        ),
        (
            Locale::Ru,
            [
                "1 день",
                "2 дня",
                "5 дней",
                "11 дней",
                "21 день",
                "180 дней",
            ],
        ),
    ] {
        assert_eq!([1, 2, 5, 11, 21, 180].map(|n| days(locale, n)), said);
    }
}

#[test]
fn every_problem_and_every_right_has_its_texts() {
    let english = messages(Locale::En);
    let has = |key: String| assert!(english.contains_key(&key), "{key}");
    for kind in PROBLEMS {
        has(format!("problem-{}-title", kind.key()));
        has(format!("problem-{}-body", kind.key()));
    }
    for cluster in Cluster::ALL {
        has(cluster.key().replace('.', "-"));
        has(format!("{}-details", cluster.key().replace('.', "-")));
    }
    for cannot in Cannot::ALL {
        has(cannot.key().replace('.', "-"));
    }
}

#[test]
fn every_word_of_account_information_has_its_text_and_no_more() {
    let english = messages(Locale::En);
    let texts = |start: &str| -> BTreeSet<String> {
        let keys = english.keys().filter_map(|key| key.strip_prefix(start));
        keys.map(str::to_owned).collect()
    };
    let words =
        |all: &[&str]| -> BTreeSet<String> { all.iter().map(|word| (*word).to_owned()).collect() };
    let states = words(&ConsentState::ALL.map(ConsentState::as_str));
    assert_eq!(texts("docs-state-"), states);
    let steps = words(&ScaState::ALL.map(ScaState::as_str));
    assert_eq!(texts("docs-sca-"), steps);
}

#[test]
fn everything_that_a_check_can_say_has_its_text_and_no_more() {
    let english = messages(Locale::En);
    let texts: BTreeSet<&str> = english
        .keys()
        .map(String::as_str)
        .filter(|key| key.starts_with("check-"))
        .collect();
    let said: BTreeSet<&str> = Said::ALL.iter().map(|said| said.as_str()).collect();
    assert_eq!(texts, said);
}

#[test]
fn every_word_of_the_registration_has_its_text_and_no_more() {
    let english = messages(Locale::En);
    let words =
        |all: &[&str]| -> BTreeSet<String> { all.iter().map(|word| (*word).to_owned()).collect() };
    let texts = |start: &str| -> BTreeSet<String> {
        let keys = english.keys().filter(|key| key.starts_with(start));
        keys.cloned().collect()
    };
    let of = |start: &str, all: Vec<&str>| {
        let expected: BTreeSet<String> = all.iter().map(|word| format!("{start}{word}")).collect();
        assert_eq!(texts(start), expected);
    };
    let all_words = |all: Vec<&str>, start: &str| assert_eq!(texts(start), words(&all));
    all_words(
        FaultKind::ALL.iter().map(|kind| kind.as_str()).collect(),
        "fault-",
    );
    all_words(
        HygieneKind::ALL.iter().map(|kind| kind.as_str()).collect(),
        "hygiene-",
    );
    all_words(
        PurposeRemark::ALL
            .iter()
            .map(|kind| kind.as_str())
            .collect(),
        "purpose-",
    );
    all_words(
        RiskReason::ALL.iter().map(|kind| kind.as_str()).collect(),
        "risk-",
    );
    for refusal in Refusal::ALL {
        assert!(english.contains_key(refusal.as_str()), "{refusal}");
    }
    for key in [
        "name-mixed-script",
        "name-same",
        "name-near",
        "scope-unlicensed",
    ] {
        assert!(english.contains_key(key), "{key}");
    }
    of(
        "field-",
        Field::ALL.iter().map(|field| field.as_str()).collect(),
    );
    of(
        "hint-",
        Field::ALL.iter().map(|field| field.as_str()).collect(),
    );
    of(
        "probe-",
        CheckKind::ALL.iter().map(|kind| kind.as_str()).collect(),
    );
    of(
        "ended-",
        Ending::ALL.iter().map(|why| why.as_str()).collect(),
    );
    of(
        "outcome-",
        CheckOutcome::ALL
            .iter()
            .map(|outcome| outcome.as_str())
            .collect(),
    );
    of(
        "asked-",
        ChangeCode::ALL.iter().map(|code| code.as_str()).collect(),
    );
    of(
        "refused-",
        RejectCode::ALL.iter().map(|code| code.as_str()).collect(),
    );
    for task in Task::ALL {
        assert!(english.contains_key(&format!("task-{task}")), "{task}");
        assert!(english.contains_key(&format!("task-{task}-lead")), "{task}");
    }
}

/// Every kind of problem; a new one does not compile before it stands here.
const PROBLEMS: [ProblemKind; 16] = {
    use ProblemKind as Kind;
    const fn stands(kind: Kind) -> Kind {
        match kind {
            Kind::Incomplete
            | Kind::UnknownApp
            | Kind::AppOff
            | Kind::WrongRedirect
            | Kind::SecretExposed
            | Kind::BadRequest
            | Kind::Expired => kind,
            Kind::Cookies
            | Kind::OtherPerson
            | Kind::TooMany
            | Kind::Forged
            | Kind::ConsentOver
            | Kind::PaymentChanged => kind,
            Kind::NotFound | Kind::Busy | Kind::Broken => kind,
        }
    }
    [
        stands(Kind::Incomplete),
        Kind::UnknownApp,
        Kind::AppOff,
        Kind::WrongRedirect,
        Kind::SecretExposed,
        Kind::BadRequest,
        Kind::Expired,
        Kind::Cookies,
        Kind::OtherPerson,
        Kind::TooMany,
        Kind::Forged,
        Kind::ConsentOver,
        Kind::PaymentChanged,
        Kind::NotFound,
        Kind::Busy,
        Kind::Broken,
    ]
};

/// The sources of pages and components.
fn page_sources() -> Vec<String> {
    let mut folders = vec!["components".to_owned(), "pages".to_owned()];
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        let path = format!("{}/src/{folder}", env!("CARGO_MANIFEST_DIR"));
        for entry in std::fs::read_dir(path).expect("the folder is there") {
            let entry = entry.expect("the folder can be read");
            let name = format!("{folder}/{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                folders.push(name);
            } else {
                sources.push(std::fs::read_to_string(entry.path()).expect("a source is text"));
            }
        }
    }
    sources
}

#[test]
fn the_pages_name_only_texts_that_are_there_and_no_text_is_left_over() {
    let english = messages(Locale::En);
    let mut literals = BTreeSet::new();
    for source in page_sources() {
        for call in [".say(", ".with(", ".rich(", ".prose("] {
            for rest in source.split(call).skip(1) {
                if let Some(key) = rest
                    .trim_start()
                    .strip_prefix('"')
                    .and_then(|rest| rest.split('"').next())
                {
                    assert!(english.contains_key(key), "no text for {key}");
                }
            }
        }
        literals.extend(source.split('"').skip(1).step_by(2).map(str::to_owned));
    }
    // Made from names: `problem-{}-title` and the like.
    let made = [
        "problem-",
        "can-",
        "cannot-",
        "notice-missing-",
        "ineligible-",
        "account-",
        "language-name-",
        "demo-role-",
        "check-",
        "complaint-",
        "flash-",
        "team-role-",
        "field-",
        "hint-",
        "choice-",
        "task-",
        "probe-",
        "outcome-",
        "asked-",
        "refused-",
        "fault-",
        "hygiene-",
        "name-",
        "scope-",
        "purpose-",
        "risk-",
        "review-",
        "admin-word-",
        "off-heading-",
        "docs-state-",
        "docs-sca-",
        "docs-code-",
        "ended-",
        "country-",
        "details-",
    ];
    for key in english
        .keys()
        .filter(|key| !made.iter().any(|start| key.starts_with(start)))
    {
        assert!(literals.contains(key), "nothing shows {key}");
    }
}

#[test]
fn views_stand_where_the_language_wants_them() {
    let parts = Texts::of(Locale::Lt).rich(
        "login-pay",
        [
            ("app", "A".into_any()),
            ("site", ().into_any()),
            ("sum", "S".into_any()),
            ("payee", view! { <b>"P"</b> }.into_any()),
        ],
    );
    let html = parts.to_html();
    let text: String = html.split("<!>").collect();
    assert!(text.contains("„A“"), "{text}");
    assert!(text.contains("S gavėjui „<b>P</b>“"), "{text}");
}
