//! What a form may look like.

use app::{
    api::{DetailsFields, decode},
    problem::Problem,
};
use serde::Deserialize;

#[derive(Debug, PartialEq, Eq, Deserialize)]
struct Fields {
    token: String,
    #[serde(default)]
    account: Vec<String>,
    #[serde(default)]
    decision: Option<Decision>,
    #[serde(default)]
    code: Option<String>,
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Decision {
    Allow,
    Deny,
}

fn read(body: &str) -> Result<Fields, Problem> {
    decode(body.as_bytes())
}

fn is_refused(body: &str) -> bool {
    matches!(read(body), Err(Problem::Unreadable(_)))
}

#[test]
fn a_list_takes_every_value_in_order() {
    let fields = read("token=t&account=b&account=a&decision=allow").unwrap();
    assert_eq!(fields.account, ["b", "a"]);
    assert_eq!(fields.decision, Some(Decision::Allow));
    assert_eq!(read("token=t&account=a").unwrap().account, ["a"]);
    assert!(read("token=t").unwrap().account.is_empty());
}

#[test]
fn values_are_what_was_typed() {
    let fields = read("token=a%26b%3D%2B+c&code=%C5%BEodis").unwrap();
    assert_eq!(fields.token, "a&b=+ c");
    assert_eq!(fields.code.as_deref(), Some("žodis"));
}

#[test]
fn an_empty_field_is_there_and_a_missing_one_is_not() {
    assert_eq!(read("token=&code=").unwrap().code.as_deref(), Some(""));
    assert_eq!(read("token=").unwrap().code, None);
    assert!(is_refused("code=1"), "the token is missing");
}

#[test]
fn single_fields_come_once() {
    for body in [
        "token=a&token=b",
        "token=a&token=a",
        "token=t&decision=deny&decision=allow",
        "token=t&code=&code=1",
    ] {
        assert!(is_refused(body), "{body}");
    }
}

#[test]
fn fields_that_the_form_does_not_have_are_refused() {
    for body in [
        "token=t&amount=1",
        "token=t&Token=u",
        "token=t&account[]=a",
        "token=t&=x",
        "token=t&%74oken2=x",
    ] {
        assert!(is_refused(body), "{body}");
    }
}

#[test]
fn a_decision_is_one_of_those_that_the_form_offers() {
    for body in [
        "token=t&decision=Allow",
        "token=t&decision=yes",
        "token=t&decision=",
    ] {
        assert!(is_refused(body), "{body}");
    }
}

#[test]
fn bad_escapes_and_bad_text_are_refused() {
    for body in ["token=%", "token=%4", "token=%zz", "token=%ff", "tok%en=t"] {
        assert!(is_refused(body), "{body}");
    }
    assert!(matches!(
        decode::<Fields>(b"token=\xff"),
        Err(Problem::Unreadable(_))
    ));
}

#[test]
fn there_are_at_most_a_hundred_fields() {
    let body = |accounts: usize| format!("token=t{}", "&account=a".repeat(accounts));
    assert_eq!(read(&body(99)).unwrap().account.len(), 99);
    assert!(is_refused(&body(100)));
}

#[test]
fn a_refusal_does_not_repeat_what_was_sent() {
    for body in [
        "token=t&hunter2=1",
        "token=hunter2&token=x",
        "token=t&decision=hunter2",
    ] {
        let Err(Problem::Unreadable(reason)) = read(body) else {
            panic!("{body} was taken")
        };
        assert!(!reason.contains("hunter2"), "{reason}");
    }
}

#[derive(Debug, Deserialize)]
struct Details {
    token: String,
    #[serde(flatten)]
    fields: DetailsFields,
}

#[test]
fn what_people_tell_about_themselves_comes_field_by_field() {
    let read = |body: &str| decode::<Details>(body.as_bytes());
    let read_well =
        read("token=t&city=Kaunas&street=&decision=allow&birth_date=1990-05-17").unwrap();
    assert_eq!(read_well.token, "t");
    let told = &read_well.fields.told;
    assert_eq!((told.city.as_str(), told.street.as_str()), ("Kaunas", ""));
    assert!(matches!(
        read_well.fields.decision,
        Some(app::api::authorize::Decision::Allow)
    ));
    assert!(!format!("{read_well:?}").contains("Kaunas"));
    assert!(read("token=t").unwrap().fields.decision.is_none());
    for body in [
        "token=t&city=Kaunas&city=Vilnius",
        "token=t&city=&city=Vilnius",
        "token=t&decision=allow&decision=deny",
        "token=t&decision=perhaps",
        "token=t&account=a",
        "city=Kaunas",
    ] {
        assert!(matches!(read(body), Err(Problem::Unreadable(_))), "{body}");
    }
}
