//! The command line as programs use it: exact objects, status, one sentence.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::house::{House, mode};

fn keys(object: &Value) -> BTreeSet<&str> {
    object
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

const IBAN: &str = "LT601010012345678901";

fn add_ona(house: &House) -> Value {
    house.json(&[
        "user",
        "add",
        "--username",
        "ona",
        "--password",
        "correct horse",
        "--environment",
        "sandbox",
    ])
}

#[test]
fn a_user_is_added_with_everything_that_is_shown_once() {
    let house = House::new();
    let user = add_ona(&house);
    assert_eq!(
        keys(&user),
        ["recovery_codes", "totp_secret", "user_id", "username"].into()
    );
    assert_eq!(user["username"], "ona");
    let secret = user["totp_secret"].as_str().unwrap();
    assert_eq!(secret.len(), 32);
    assert!(
        secret
            .bytes()
            .all(|byte| b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".contains(&byte)),
        "{secret}"
    );
    let codes = user["recovery_codes"].as_array().unwrap();
    let different: BTreeSet<_> = codes.iter().map(|code| code.as_str().unwrap()).collect();
    assert_eq!((codes.len(), different.len()), (10, 10));
}

#[test]
fn the_same_username_twice_is_one_sentence() {
    let house = House::new();
    add_ona(&house);
    let again = [
        "user",
        "add",
        "--username",
        "ona",
        "--password",
        "correct horse",
        "--environment",
        "sandbox",
    ];
    assert!(house.refused(&again).contains("ona"));
    // In the other environment it is another person.
    house.done(&[
        "user",
        "add",
        "--username",
        "ona",
        "--password",
        "correct horse",
        "--environment",
        "live",
    ]);
}

#[test]
fn a_password_can_come_by_standard_input() {
    use std::{io::Write as _, process::Stdio};
    let house = House::new();
    let mut command = house.command(&[
        "user",
        "add",
        "--username",
        "ona",
        "--password-stdin",
        "--json",
    ]);
    let mut process = command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    process
        .stdin
        .take()
        .unwrap()
        .write_all(b"correct horse\n")
        .unwrap();
    assert!(process.wait().unwrap().success());
}

#[test]
fn an_account_is_added_to_a_user() {
    let house = House::new();
    add_ona(&house);
    let add = [
        "account",
        "add",
        "--username",
        "ona",
        "--iban",
        IBAN,
        "--currency",
        "EUR",
        "--balance",
        "1234.56",
    ];
    let account = house.json(&add);
    assert_eq!(keys(&account), ["account_id", "currency", "iban"].into());
    assert_eq!(
        (&account["iban"], &account["currency"]),
        (&json!(IBAN), &json!("EUR"))
    );
    for (arguments, word) in [
        (&add[..], IBAN),
        (
            &[
                "account",
                "add",
                "--username",
                "nobody",
                "--iban",
                IBAN,
                "--currency",
                "EUR",
                "--balance",
                "1",
            ][..],
            "nobody",
        ),
        (
            &[
                "account",
                "add",
                "--username",
                "ona",
                "--iban",
                "LT00",
                "--currency",
                "EUR",
                "--balance",
                "1",
            ][..],
            "LT00",
        ),
        (
            &[
                "account",
                "add",
                "--username",
                "ona",
                "--iban",
                IBAN,
                "--currency",
                "EUR",
                "--balance",
                "1e3",
            ][..],
            "1e3",
        ),
    ] {
        let refusal = house.refused(arguments);
        assert!(refusal.contains(word), "{refusal}");
    }
}

#[test]
fn a_client_of_each_dialect_is_added() {
    let house = House::new();
    let add = |dialect: &str, more: &[&str]| {
        let common = [
            "client",
            "add",
            "--name",
            "Shop",
            "--environment",
            "sandbox",
            "--dialect",
            dialect,
        ];
        let grants = [
            "--grant",
            "authorization_code",
            "refresh_token",
            "--scope",
            "wallet transferFunds",
        ];
        let uris = [
            "--redirect-uri",
            "https://shop.example/a",
            "https://shop.example/b",
        ];
        house.json(&[&common[..], &grants, &uris, more].concat())
    };
    let always = [
        "client_id",
        "dialect",
        "environment",
        "grants",
        "redirect_uris",
        "scopes",
    ];
    for (dialect, more, credential) in [
        ("bearer", &[][..], Some("client_secret")),
        ("bearer", &["--auth", "none", "--pkce", "required"], None),
        ("o-bearer", &[], Some("client_secret")),
        ("mac", &[], Some("mac_key")),
        ("tutorial", &[], Some("client_secret")),
    ] {
        let client = add(dialect, more);
        let wanted: BTreeSet<_> = always.into_iter().chain(credential).collect();
        assert_eq!(keys(&client), wanted, "{dialect}");
        assert_eq!(client["dialect"], dialect);
        assert_eq!(client["environment"], "sandbox");
        assert_eq!(
            client["redirect_uris"],
            json!(["https://shop.example/a", "https://shop.example/b"])
        );
        assert_eq!(client["scopes"], json!(["transferFunds", "wallet"]));
        assert_eq!(
            client["grants"],
            json!(["authorization_code", "refresh_token"])
        );
    }
}

#[test]
fn a_client_that_does_not_go_together_is_refused() {
    let house = House::new();
    let base = [
        "client",
        "add",
        "--name",
        "Shop",
        "--environment",
        "live",
        "--dialect",
        "bearer",
        "--grant",
    ];
    for (more, word) in [
        (&["authorization_code", "--scope", "wallet"][..], "redirect"),
        (
            &[
                "authorization_code",
                "--scope",
                "wallet",
                "--redirect-uri",
                "http://shop.example/",
            ][..],
            "http://shop.example/",
        ),
        (&["password", "--scope", "wallet"][..], "password"),
        (
            &["client_credentials", "--scope", "everything"][..],
            "everything",
        ),
    ] {
        let refusal = house.refused(&[&base[..], more].concat());
        assert!(refusal.contains(word), "{refusal}");
    }
}

#[test]
fn clients_are_listed_shown_suspended_resumed_and_given_new_secrets() {
    let house = House::new();
    let (id, secret) = house.machine();
    let listed = house.json(&["client", "list"]);
    assert_eq!(listed["clients"].as_array().unwrap().len(), 1);
    assert_eq!(listed["clients"][0]["client_id"], json!(id));
    assert_eq!(house.json(&["client", "show", &id])["status"], "active");
    assert_eq!(
        house.json(&["client", "suspend", &id])["status"],
        "suspended"
    );
    assert_eq!(house.json(&["client", "resume", &id])["status"], "active");
    let rotated = house.json(&["client", "rotate-secret", &id]);
    assert_eq!(rotated["client_id"], json!(id));
    assert_ne!(rotated["client_secret"].as_str().unwrap(), secret);
    let everything = house.done(&["client", "show", &id]) + &house.done(&["client", "list"]);
    assert!(everything.contains(&id) && !everything.contains(&secret));
    assert!(
        house
            .refused(&["client", "show", "nobody"])
            .contains("nobody")
    );
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "how long another process takes is measured"
)]
fn commands_work_while_the_server_runs_and_it_sees_what_they_did() {
    let house = House::new();
    let server = house.serve(&[]);
    add_ona(&house);
    house.done(&[
        "account",
        "add",
        "--username",
        "ona",
        "--iban",
        IBAN,
        "--currency",
        "EUR",
        "--balance",
        "10",
    ]);
    let (id, secret) = house.machine();
    let token = || {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", &*id),
            ("client_secret", &*secret),
        ];
        server.post("/oauth/token", &form).unwrap().status
    };
    assert_eq!(token(), 200);
    // What another process changed is seen within a second.
    house.done(&["client", "suspend", &id]);
    let begun = Instant::now();
    assert!((0..100_000).any(|_| token() != 200), "{}", server.log());
    assert!(
        begun.elapsed() < Duration::from_secs(2),
        "{:?}",
        begun.elapsed()
    );
    assert_eq!(token(), 401);
    house.done(&["client", "resume", &id]);
    house.done(&["keys", "rotate"]);
    assert!(server.stop());
}

#[test]
fn the_seal_key_is_made_once_and_only_its_owner_can_read_it() {
    let house = House::new();
    house.done(&["migrate"]);
    let file = house.data().join("seal.key");
    assert_eq!((mode(&file), mode(&house.data())), (0o600, 0o700));
    let first = std::fs::read_to_string(&file).unwrap();
    house.done(&["migrate"]);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), first);

    assert_eq!(
        house.json(&["keys", "list"]),
        json!({"seal_keys": [1], "newest": 1})
    );
    assert_eq!(
        house.json(&["keys", "rotate"]),
        json!({"seal_keys": [1, 2], "newest": 2})
    );
    let second = std::fs::read_to_string(&file).unwrap();
    assert!(
        second.starts_with(&first) && mode(&file) == 0o600,
        "{second}"
    );
}

#[test]
fn a_seal_key_that_is_open_lost_or_malformed_stops_everything() {
    let house = House::new();
    house.done(&["migrate"]);
    let file = house.data().join("seal.key");
    let good = std::fs::read_to_string(&file).unwrap();

    let mut permissions = std::fs::metadata(&file).unwrap().permissions();
    std::os::unix::fs::PermissionsExt::set_mode(&mut permissions, 0o604);
    std::fs::set_permissions(&file, permissions.clone()).unwrap();
    assert!(house.refused(&["serve"]).contains("can be read by others"));

    std::os::unix::fs::PermissionsExt::set_mode(&mut permissions, 0o600);
    std::fs::set_permissions(&file, permissions).unwrap();
    std::fs::write(&file, "1:short\n").unwrap();
    assert!(house.refused(&["serve"]).contains("malformed in line 1"));

    std::fs::remove_file(&file).unwrap();
    assert!(
        house
            .refused(&["serve"])
            .contains("missing, but the database exists")
    );
    assert!(!file.exists(), "a new key would hide the loss");

    let key = good
        .lines()
        .find_map(|line| line.strip_prefix("1:"))
        .unwrap();
    let house = house.with("COUNTERSIGN_SEAL_KEY", key);
    house.done(&["migrate"]);
    assert!(
        house
            .refused(&["keys", "rotate"])
            .contains("COUNTERSIGN_SEAL_KEY")
    );
}

#[test]
fn doctor_says_by_its_status_whether_all_is_well() {
    let house = House::new();
    let refusal = house.run(&["doctor"]);
    assert_eq!(refusal.status.code(), Some(1));
    assert!(
        String::from_utf8_lossy(&refusal.stderr).contains("database"),
        "{refusal:?}"
    );

    let server = house.serve(&[]);
    let url = format!("http://{}", server.address);
    let house = house.with("COUNTERSIGN_PUBLIC_URL", &url);
    let report = house.json(&["doctor"]);
    assert_eq!(report["ok"], true, "{report}");
    let checks: Vec<_> = report["checks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|check| &check["check"])
        .collect();
    assert_eq!(
        checks,
        [
            "settings",
            "database",
            "clock",
            "keys",
            "mail",
            "public URL"
        ]
    );

    assert!(server.stop());
    let refusal = house.run(&["doctor"]);
    assert_eq!(refusal.status.code(), Some(1));
    assert!(
        String::from_utf8_lossy(&refusal.stderr).contains("public URL"),
        "{refusal:?}"
    );
}

#[test]
fn tables_that_are_not_up_to_date_are_left_alone() {
    let house = House::new();
    assert!(
        house
            .refused(&["serve", "--no-migrate"])
            .contains("countersign migrate")
    );
    // That made an empty database; commands do not touch it either.
    assert!(
        house
            .refused(&["client", "list"])
            .contains("countersign migrate")
    );
    house.done(&["migrate"]);
    house.done(&["client", "list"]);
}

#[test]
fn wrong_command_lines_are_one_sentence() {
    let house = House::new();
    for (arguments, word) in [
        (&["user", "add", "--username", "ona"][..], "--password"),
        (
            &[
                "user",
                "add",
                "--username",
                "ona",
                "--password",
                "x",
                "--role",
                "king",
            ][..],
            "king",
        ),
        (&["dance"][..], "dance"),
        (&[][..], "--help"),
    ] {
        let refusal = house.refused(arguments);
        assert!(refusal.contains(word), "{refusal}");
    }
    assert!(
        house.done(&["--help"]).contains("rotate") || house.done(&["--help"]).contains("serve")
    );
    assert!(house.done(&["--version"]).starts_with("countersign "));
}

#[test]
fn demo_data_is_refused_in_production() {
    let production = |house: House| {
        house
            .with("COUNTERSIGN_PROFILE", "production")
            .with("COUNTERSIGN_PUBLIC_URL", "https://id.bank.example")
    };
    let house = production(House::new());
    assert!(
        house
            .refused(&["serve", "--demo"])
            .contains("COUNTERSIGN_PROFILE is production")
    );

    let house = House::new();
    assert!(house.serve(&["--demo"]).stop());
    assert!(production(house).refused(&["serve"]).contains("demo data"));
}

#[test]
fn the_key_that_signs_callbacks_is_made_and_replaced() {
    let house = House::new();
    house.done(&["migrate"]);
    let [first, second] = [1, 2].map(|number| {
        let made = house.json(&["keys", "rotate-callbacks"]);
        assert_eq!(made["number"], number);
        made["public_key"].as_str().unwrap().to_owned()
    });
    assert!(first.starts_with("-----BEGIN PUBLIC KEY-----\n"));
    assert_ne!(first, second);
}

#[test]
fn a_user_is_added_with_what_is_known_of_them() {
    let house = House::new();
    let add = |username: &'static str| {
        [
            "user",
            "add",
            "--username",
            username,
            "--password",
            "correct horse",
            "--environment",
            "sandbox",
        ]
    };
    let known = [
        "--phone",
        "+370 612 34567",
        "--country",
        "LT",
        "--city",
        "Vilnius",
        "--street",
        "Pilies g. 1",
        "--post-index",
        "01124",
        "--given-name",
        "Ona",
        "--surname",
        "Petrauskaitė",
        "--nationality",
        "LT",
        "--personal-code",
        "48001010000",
        "--dob",
        "1980-01-01",
        "--gender",
        "female",
        "--identification-level",
        "fully_identified",
        "--not-exposed",
    ];
    house.done(&[&add("ona")[..], &known[..]].concat());
    for (wrong, word) in [
        (&["--phone", "call me"][..], "phone number"),
        (
            &[
                "--country",
                "XX",
                "--city",
                "Vilnius",
                "--street",
                "Pilies g. 1",
            ][..],
            "country",
        ),
        (&["--country", "LT"][..], "--city"),
        (&["--surname", "Petrauskaitė"][..], "--given-name"),
        (&["--dob", "1980-02-30"][..], "date"),
        (&["--gender", "unknown"][..], "female"),
    ] {
        let sentence = house.refused(&[&add("jonas")[..], wrong].concat());
        assert!(sentence.contains(word), "{wrong:?}: {sentence}");
    }
}

#[test]
fn an_operator_grants_a_privilege_and_takes_it_back() {
    let house = House::new();
    let added = house.json(&[
        "client",
        "add",
        "--name",
        "Pocket",
        "--environment",
        "sandbox",
        "--dialect",
        "mac",
        "--grant",
        "authorization_code",
        "--scope",
        "email_offline balance phone_offline_optional",
        "--redirect-uri",
        "http://127.0.0.1:9/callback",
    ]);
    let id = added["client_id"].as_str().unwrap();
    let privileges = |rest: &[&str]| {
        let told = house.json(&[&["client", "privilege", id][..], rest].concat());
        assert_eq!(told["client_id"], id);
        told["privileges"].clone()
    };
    assert_eq!(privileges(&[]), json!([]));
    assert_eq!(
        privileges(&["--grant", "contact_token"]),
        json!(["contact_token"])
    );
    assert_eq!(
        privileges(&["--grant", "contact_token"]),
        json!(["contact_token"])
    );
    assert_eq!(privileges(&["--withdraw", "contact_token"]), json!([]));
    assert!(
        house
            .refused(&["client", "privilege", "nobody"])
            .contains("nobody")
    );
    let sentence = house.refused(&["client", "privilege", id, "--grant", "everything"]);
    assert!(sentence.contains("contact_token"));
}
