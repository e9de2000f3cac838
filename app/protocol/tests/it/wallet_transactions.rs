//! Transactions of the Wallet API: what an app may ask for, and what it is answered.

use proptest::prelude::*;
use protocol::{
    client::{Client, Environment},
    ids::TransactionKey,
    money::{Currency, Money},
    redirect_uri::RegisteredRedirectUri,
    time::Timestamp,
    wallet_api::{
        ErrorCode,
        transaction::{
            AcceptedBy, CallbackTo, Reserve, Transaction, TransactionPayment, TransactionRequest,
            TransactionStatus, addresses, lowered,
        },
    },
};
use serde_json::{Value, json};

use crate::fixtures;

const NOW: Timestamp = Timestamp::from_seconds(1_795_348_800);

fn client() -> Client {
    client_in(Environment::Sandbox)
}

fn client_in(environment: Environment) -> Client {
    let registered = |address: &str| RegisteredRedirectUri::parse(address, environment).unwrap();
    Client {
        environment,
        redirect_uris: vec![
            registered("https://shop.example/back"),
            registered("http://127.0.0.1/back"),
        ],
        ..fixtures::client()
    }
}

fn parse(body: &Value) -> Result<TransactionRequest, protocol::wallet_api::WalletApiError> {
    TransactionRequest::parse(body, &[], &client(), NOW)
}

fn payment() -> Value {
    json!({ "description": "Order 7", "price": 1299, "currency": "EUR" })
}

/// The fields that are named as wrong.
fn fields(body: &Value) -> Vec<String> {
    let error = parse(body).unwrap_err();
    assert_eq!(error.code, ErrorCode::InvalidParameters);
    error.properties.into_keys().collect()
}

/// The body that the published client library was seen to send.
#[test]
fn the_request_of_the_client_library_is_read() {
    let body = r#"{"payments":[{"description":"d","price_decimal":"5","currency":"EUR"}],"use_allowance":true,"suggest_allowance":false,"redirect_uri":"https:\/\/shop.example\/back"}"#;
    let parameters = [("project_id".to_owned(), "123".to_owned())];
    let body = serde_json::from_str(body).unwrap();
    let asked = TransactionRequest::parse(&body, &parameters, &client(), NOW).unwrap();
    assert_eq!(asked.payments.len(), 1);
    assert_eq!(asked.payments[0].amount, Money::new(5_00, Currency::EUR));
    assert_eq!(
        asked.terms.redirect_uri.as_deref(),
        Some("https://shop.example/back")
    );
    assert_eq!(asked.terms.project.as_deref(), Some("123"));
    assert_eq!(asked.terms.callback, CallbackTo::Unsaid);
    assert_eq!(asked.terms.reserve, Reserve::For(720));
    assert!(
        asked.terms.use_allowance && !asked.terms.suggest_allowance && !asked.terms.auto_confirm
    );
}

#[test]
fn everything_that_is_wrong_is_named_at_its_field() {
    let with = |change: fn(&mut Value)| {
        let mut body = json!({ "payments": [payment()] });
        change(&mut body);
        fields(&body)
    };
    let cases: [(fn(&mut Value), &[&str]); 31] = [
        (|b| b["payments"] = json!([]), &["payments"]),
        (|b| b["payments"] = json!({}), &["payments"]),
        (|b| b["payments"] = Value::Null, &["payments"]),
        (|b| b["payments"] = json!([17]), &["payments[0]"]),
        (
            |b| b["payments"] = json!(vec![payment(); 51]),
            &["payments"],
        ),
        (
            |b| b["payments"][0]["description"] = json!(" "),
            &["payments[0].description"],
        ),
        (
            |b| b["payments"][0]["description"] = json!("a\u{202e}b"),
            &["payments[0].description"],
        ),
        (
            |b| b["payments"][0]["price"] = json!(0),
            &["payments[0].price"],
        ),
        (
            |b| b["payments"][0]["price"] = json!(-1),
            &["payments[0].price"],
        ),
        (
            |b| b["payments"][0]["price"] = json!(1.5),
            &["payments[0].price"],
        ),
        (
            |b| b["payments"][0]["price"] = json!("1299"),
            &["payments[0].price"],
        ),
        (
            |b| b["payments"][0]["price"] = Value::Null,
            &["payments[0].price"],
        ),
        (
            |b| b["payments"][0]["price_decimal"] = json!("13.00"),
            &["payments[0].price"],
        ),
        (
            |b| b["payments"][0]["currency"] = json!("eur"),
            &["payments[0].currency"],
        ),
        (
            |b| b["payments"][0]["currency"] = json!("JPY"),
            &["payments[0].currency"],
        ),
        (
            |b| b["payments"][0]["beneficiary"] = json!({"id": 7}),
            &["payments[0].beneficiary"],
        ),
        (
            |b| b["payments"][0]["items"] = json!([{}]),
            &["payments[0].items"],
        ),
        (
            |b| b["payments"][0]["cashback"] = json!(1),
            &["payments[0].cashback"],
        ),
        (
            |b| b["payments"][0]["freeze_for"] = json!(24),
            &["payments[0].freeze_for"],
        ),
        (
            |b| {
                b["payments"] =
                    json!([payment(), {"description": "x", "price": 1, "currency": "PLN"}])
            },
            &["payments"],
        ),
        (
            |b| b["allowance"] = json!({"id": 3, "optional": false}),
            &["allowance"],
        ),
        (
            |b| b["restrictions"] = json!({"account_owner_restriction": 1}),
            &["restrictions"],
        ),
        (
            |b| b["inquiries"] = json!([{"identifier": "a"}]),
            &["inquiries"],
        ),
        (|b| b["reserve_for"] = json!(0), &["reserve_for"]),
        (|b| b["reserve_for"] = json!(2161), &["reserve_for"]),
        (
            |b| b["reserve_until"] = json!(NOW.seconds()),
            &["reserve_until"],
        ),
        (|b| b["auto_confirm"] = json!(1), &["auto_confirm"]),
        (
            |b| b["redirect_uri"] = json!("https://shop.example/other"),
            &["redirect_uri"],
        ),
        (
            |b| b["callback_uri"] = json!("https://elsewhere.example/"),
            &["callback_uri"],
        ),
        (|b| b["callback_uri"] = json!(true), &["callback_uri"]),
        (|b| b["user"] = json!({"email": "nobody"}), &["user.email"]),
    ];
    for (change, expected) in cases {
        assert_eq!(with(change), expected);
    }
    let both =
        json!({ "payments": [payment()], "reserve_for": 1, "reserve_until": NOW.seconds() + 9 });
    assert_eq!(fields(&both), ["reserve_until"]);
    let two = json!({ "payments": [{ "price": 0 }], "auto_confirm": "yes" });
    assert_eq!(
        fields(&two),
        [
            "auto_confirm",
            "payments[0].currency",
            "payments[0].description"
        ]
    );
    assert_eq!(
        parse(&Value::Null).unwrap_err().code,
        ErrorCode::InvalidRequest
    );
    assert_eq!(
        parse(&json!([])).unwrap_err().code,
        ErrorCode::InvalidRequest
    );
}

#[test]
fn what_says_nothing_and_what_nobody_knows_is_ignored() {
    let body = json!({
        "payments": [{
            "description": "Order 7", "price": 1299, "price_decimal": "12.99", "currency": "EUR",
            "items": [], "beneficiary": null, "something": {"new": 1},
        }],
        "allowance": { "data": {}, "optional": true },
        "inquiries": [], "restrictions": null, "reserve_for": 48, "callback_uri": false,
        "tomorrow": "never",
    });
    let asked = parse(&body).unwrap();
    assert_eq!(asked.terms.reserve, Reserve::For(48));
    assert_eq!(asked.terms.callback, CallbackTo::Nowhere);
}

#[test]
fn callbacks_go_to_registered_hosts_alone() {
    let sandbox = client();
    let mut live = client_in(Environment::Live);
    let taken =
        |client: &Client, address: &str| addresses::callback_fault(client, address).is_none();
    for address in [
        "https://shop.example/events?id=7",
        "https://SHOP.example/x",
        "https://shop.example:8443/",
    ] {
        assert!(
            taken(&sandbox, address) && taken(&live, address),
            "{address}"
        );
    }
    assert!(taken(&sandbox, "http://127.0.0.1:8080/events"));
    for address in [
        "http://127.0.0.1:8080/events",
        "http://shop.example/events",
        "https://shop.example.evil.example/",
        "https://evil.example/shop.example",
        "https://shop.example@evil.example/",
        "https://evil.example#shop.example",
        "https://sub.shop.example/",
        "com.example.app:/events",
        "ftp://shop.example/",
        "//shop.example/",
        "/events",
        "",
        "https://shop.example/a b",
        "https://shop.example\\@evil.example/",
    ] {
        assert!(!taken(&live, address), "{address}");
        if address != "http://127.0.0.1:8080/events" {
            assert!(!taken(&sandbox, address), "{address}");
        }
    }
    live.profile.domain = "bank.example".into();
    assert!(
        !taken(&live, "https://bank.example/"),
        "nobody has verified it"
    );
    live.profile.reviewed_at = Some(NOW);
    assert!(taken(&live, "https://bank.example/") && !taken(&live, "https://a.bank.example/"));
}

fn two_payments() -> Vec<TransactionPayment> {
    let payment = |id: i64, cents: i64| TransactionPayment {
        id,
        description: format!("Order {id}"),
        amount: Money::new(cents, Currency::EUR),
        parameters: None,
    };
    vec![payment(2987, 20_00), payment(2988, 5_00)]
}

#[test]
fn final_prices_may_only_be_lower() {
    let payments = two_payments();
    let cents = |body: Value| -> Vec<i64> {
        let lowered = lowered(&body, &payments).unwrap();
        lowered.iter().map(|payment| payment.amount.minor).collect()
    };
    for nothing in [Value::Null, json!([]), json!({})] {
        assert_eq!(cents(nothing), [20_00, 5_00]);
    }
    // As the client library writes it, and as the documentation does.
    let library = json!({ "2987": { "price": 1500, "currency": "EUR" } });
    assert_eq!(cents(library), [15_00, 5_00]);
    let documented =
        json!({ "2987": { "price": 1500, "currency": "EUR", "price_decimal": "15.00" } });
    assert_eq!(cents(documented), [15_00, 5_00]);
    let list = json!([{ "id": 2988, "price_decimal": "4.99" }, { "id": 2987, "price": 2000 }]);
    assert_eq!(cents(list), [20_00, 4_99]);
    for (body, field) in [
        (
            json!({ "2987": { "price": 2001, "currency": "EUR" } }),
            "2987.price",
        ),
        (
            json!({ "2987": { "price": 1, "currency": "PLN" } }),
            "2987.currency",
        ),
        (
            json!({ "2987": { "price": 0, "currency": "EUR" } }),
            "2987.price",
        ),
        (json!({ "2987": 15 }), "2987.price"),
        (json!({ "9": { "price": 1, "currency": "EUR" } }), "9"),
        (json!([{ "price": 1 }]), ""),
    ] {
        let error = lowered(&body, &payments).unwrap_err();
        assert_eq!(error.code, ErrorCode::InvalidParameters, "{body}");
        assert_eq!(
            error.properties.keys().collect::<Vec<_>>(),
            [field],
            "{body}"
        );
    }
    let text = lowered(&json!("all"), &payments).unwrap_err();
    assert_eq!(text.code, ErrorCode::InvalidRequest);
}

#[test]
fn the_answer_has_every_documented_member_and_no_null() {
    let body = json!({
        "payments": [{ "description": "Order 7", "price": 1299, "currency": "EUR", "parameters": { "orderid": 1234 } }],
        "redirect_uri": "https://shop.example/back", "callback_uri": "https://shop.example/events",
        "user": { "email": "ona@mail.test" },
    });
    let parameters = [("project_id", "19019492"), ("location_id", "north")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    let asked = TransactionRequest::parse(&body, &parameters, &client(), NOW).unwrap();
    let mut transaction = Transaction {
        key: TransactionKey::new("kEy1"),
        status: TransactionStatus::New,
        payments: vec![TransactionPayment {
            id: 2988,
            description: asked.payments[0].description.clone(),
            amount: asked.payments[0].amount,
            parameters: asked.payments[0].parameters.clone(),
        }],
        terms: asked.terms,
        accepted_by: None,
        wallet: None,
        created_at: NOW,
        confirmed_at: None,
        valid_until: Timestamp::from_seconds(NOW.seconds() + 100),
    };
    assert_eq!(
        transaction.to_json(),
        json!({
            "transaction_key": "kEy1", "created_at": NOW.seconds(), "status": "new",
            "reserve": { "for": 2_592_000 },
            "use_allowance": true, "suggest_allowance": false, "auto_confirm": false,
            "redirect_uri": "https://shop.example/back", "callback_uri": "https://shop.example/events",
            "user": { "email": "ona@mail.test" }, "project_id": 19_019_492, "location_id": "north",
            "payments": [{
                "id": 2988, "transaction_key": "kEy1", "created_at": NOW.seconds(), "status": "new",
                "description": "Order 7", "price": 1299, "price_decimal": "12.99", "currency": "EUR",
                "parameters": { "orderid": 1234 },
            }],
        })
    );
    transaction.status = TransactionStatus::Reserved;
    transaction.accepted_by = Some(AcceptedBy::Page);
    transaction.wallet = Some(3);
    let reserved = transaction.to_json();
    assert_eq!(reserved["type"], "page");
    assert_eq!(reserved["wallet"], 3);
    assert_eq!(reserved["payments"][0]["wallet"], 3);
    assert_eq!(reserved["reserve"], json!({ "until": NOW.seconds() + 100 }));
    let event: Value = serde_json::from_str(&transaction.event()).unwrap();
    assert_eq!(
        event,
        json!({ "type": "reserved", "object": "transaction", "data": reserved })
    );
}

proptest! {
    /// Whatever a body is, reading it ends in an answer, and what is accepted is money in whole cents.
    #[test]
    fn no_body_makes_the_reader_stumble(price in prop_oneof![
        any::<i64>().prop_map(Value::from), any::<f64>().prop_map(Value::from), ".*".prop_map(Value::from)
    ], decimal in ".{0,12}", currency in "[A-Z]{3}|EUR", description in ".{0,150}", callback in ".{0,60}") {
        let body = json!({ "payments": [
            { "description": description, "price": price, "currency": currency },
            { "description": "x", "price_decimal": decimal, "currency": "EUR" },
        ], "callback_uri": callback });
        if let Ok(asked) = parse(&body) {
            prop_assert!(asked.payments.iter().all(|payment| payment.amount.is_positive()));
        }
    }

    /// No list of prices makes any payment dearer.
    #[test]
    fn no_list_of_prices_makes_a_payment_dearer(first in -10_i64..3_000, second in -10_i64..3_000) {
        let before = two_payments();
        let body = json!({ "2987": { "price": first }, "2988": { "price": second } });
        if let Ok(after) = lowered(&body, &before) {
            for (after, before) in after.iter().zip(&before) {
                prop_assert!(after.amount.is_positive() && after.amount.minor <= before.amount.minor);
            }
        } else {
            prop_assert!(!(1..=2_000).contains(&first) || !(1..=500).contains(&second));
        }
    }
}
