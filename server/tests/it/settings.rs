//! Which settings there are, and which source wins.

use std::path::Path;

use server::settings::{Settings, Sources, example};

use crate::house::House;

fn load(file: Option<&str>, environment: &[(&str, &str)]) -> Result<(Settings, Sources), String> {
    let environment = environment
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    let file = file.map(|text| (Path::new("countersign.toml"), text));
    let sources = Sources::merge(file, environment).map_err(|error| error.to_string())?;
    let settings = Settings::load(&sources).map_err(|error| error.to_string())?;
    Ok((settings, sources))
}

fn shown(settings: &Settings, name: &str) -> String {
    settings
        .shown()
        .into_iter()
        .find(|(found, _)| *found == name)
        .unwrap()
        .1
}

#[test]
fn the_defaults_are_those_of_the_documentation() {
    let (settings, _) = load(None, &[]).unwrap();
    for (name, default) in [
        ("profile", "demo"),
        ("listen", "127.0.0.1:3000"),
        ("public_url", "http://127.0.0.1:3000"),
        ("data_dir", "data"),
        ("database_url", "sqlite://data/countersign.db"),
        ("code_lifetime_seconds", "60"),
        ("access_token_lifetime_seconds", "3600"),
        ("refresh_token_lifetime_seconds", "15552000"),
        ("refresh_grace_seconds", "10"),
        ("interaction_lifetime_seconds", "1800"),
        ("clock_skew_seconds", "300"),
        ("argon2_memory_kib", "19456"),
        ("log", "info"),
        ("smtp_url", ""),
        ("metrics_listen", ""),
        ("trusted_proxies", ""),
    ] {
        assert_eq!(shown(&settings, name), default, "{name}");
    }
    // The engine's own defaults say the same, so tests that use those are about the real ones.
    let (ours, theirs) = (settings.engine(), engine::Settings::default());
    assert_eq!(format!("{ours:?}"), format!("{theirs:?}"));
}

#[test]
fn the_environment_wins_over_the_file_and_the_file_over_defaults() {
    let file = "listen = \"127.0.0.1:4000\"\ncode_lifetime_seconds = 30\ntrusted_proxies = [\"10.0.0.1\", \"::1\"]\n";
    let (settings, sources) =
        load(Some(file), &[("COUNTERSIGN_CODE_LIFETIME_SECONDS", "20")]).unwrap();
    assert_eq!(shown(&settings, "listen"), "127.0.0.1:4000");
    assert_eq!(sources.place("listen"), "countersign.toml");
    assert_eq!(shown(&settings, "code_lifetime_seconds"), "20");
    assert_eq!(sources.place("code_lifetime_seconds"), "environment");
    assert_eq!(shown(&settings, "trusted_proxies"), "10.0.0.1,::1");
    assert_eq!(sources.place("pause_seconds"), "default");
}

#[test]
fn what_is_not_set_follows_from_what_is() {
    let environment = [
        ("COUNTERSIGN_DATA_DIR", "/srv/x"),
        ("COUNTERSIGN_LISTEN", "0.0.0.0:4000"),
    ];
    let (settings, _) = load(None, &environment).unwrap();
    assert_eq!(
        shown(&settings, "database_url"),
        "sqlite:///srv/x/countersign.db"
    );
    assert_eq!(shown(&settings, "public_url"), "http://127.0.0.1:4000");
    let own = "public_url = \"https://id.example\"";
    let (settings, _) = load(Some(own), &environment).unwrap();
    assert_eq!(shown(&settings, "public_url"), "https://id.example");
}

#[test]
fn an_empty_variable_is_not_set() {
    let environment = [("COUNTERSIGN_SMTP_URL", ""), ("COUNTERSIGN_LISTEN", "")];
    let (settings, _) = load(None, &environment).unwrap();
    assert_eq!(shown(&settings, "listen"), "127.0.0.1:3000");
}

#[test]
fn an_unknown_name_is_refused_by_its_name() {
    let refusal = load(None, &[("COUNTERSIGN_LISTN", "127.0.0.1:1")])
        .err()
        .unwrap();
    assert!(
        refusal.starts_with("COUNTERSIGN_LISTN is not a setting"),
        "{refusal}"
    );
    assert!(refusal.contains("perhaps COUNTERSIGN_LISTEN"), "{refusal}");
    let refusal = load(Some("colour = \"red\""), &[]).err().unwrap();
    assert!(
        refusal.contains("countersign.toml") && refusal.contains("colour"),
        "{refusal}"
    );
    // What tests are told is not a setting, and neither is another program's variable.
    let others = [
        ("COUNTERSIGN_TEST_POSTGRES_URL", "x"),
        ("COUNTERSIGN_CONFIG", "x"),
        ("PATH", "x"),
    ];
    assert!(load(None, &others).is_ok());
}

#[test]
fn a_malformed_value_is_refused_with_what_was_expected_and_without_the_value() {
    for (variable, text, expected) in [
        ("COUNTERSIGN_LISTEN", "3000", "an address with a port"),
        ("COUNTERSIGN_PROFILE", "prod", "demo or production"),
        (
            "COUNTERSIGN_PUBLIC_URL",
            "bank.example",
            "an http or https address",
        ),
        (
            "COUNTERSIGN_DATABASE_URL",
            "mysql://db/x",
            "sqlite://PATH or postgres://",
        ),
        (
            "COUNTERSIGN_CODE_LIFETIME_SECONDS",
            "1h",
            "whole seconds from 1 to 600",
        ),
        (
            "COUNTERSIGN_CACHE_LIFETIME_MILLISECONDS",
            "5000",
            "whole milliseconds from 0 to 1000",
        ),
        (
            "COUNTERSIGN_MAX_FAILURES",
            "6",
            "a whole number from 1 to 5",
        ),
        (
            "COUNTERSIGN_SEAL_KEY",
            "hunter2hunter2",
            "32 random bytes in base64",
        ),
        ("COUNTERSIGN_SMTP_URL", "hunter2://x", "smtp://"),
        ("COUNTERSIGN_MAIL_FROM", "nobody", "a mail address"),
        (
            "COUNTERSIGN_TRUSTED_PROXIES",
            "10.0.0.0/99",
            "addresses or networks",
        ),
        ("COUNTERSIGN_LOG", "inof", "error, warn, info"),
    ] {
        let refusal = load(None, &[(variable, text)])
            .err()
            .unwrap_or_else(|| panic!("{variable}={text}"));
        assert!(refusal.starts_with(variable), "{refusal}");
        assert!(
            refusal.contains(&format!("expected {expected}")),
            "{refusal}"
        );
        assert!(!refusal.contains("hunter2"), "{refusal}");
    }
    for (file, place) in [
        ("listen = 3000", "listen in countersign.toml"),
        ("log = true", "log in countersign.toml"),
    ] {
        let refusal = load(Some(file), &[]).err().unwrap();
        assert!(refusal.starts_with(place), "{refusal}");
    }
    let refusal = load(Some("listen = "), &[]).err().unwrap();
    assert!(
        refusal.starts_with("countersign.toml is not well-formed TOML") && !refusal.contains('\n'),
        "{refusal}"
    );
}

#[test]
fn settings_that_do_not_go_together_are_refused() {
    let key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    for (environment, name) in [
        (
            &[("COUNTERSIGN_PROFILE", "production")][..],
            "COUNTERSIGN_PUBLIC_URL",
        ),
        (
            &[("COUNTERSIGN_SMTP_URL", "smtp://localhost")][..],
            "COUNTERSIGN_MAIL_FROM",
        ),
        (
            &[
                ("COUNTERSIGN_SEAL_KEY", key),
                ("COUNTERSIGN_SEAL_KEY_FILE", "x"),
            ][..],
            "COUNTERSIGN_SEAL_KEY",
        ),
        (
            &[
                ("COUNTERSIGN_ARGON2_MEMORY_KIB", "8"),
                ("COUNTERSIGN_ARGON2_LANES", "2"),
            ][..],
            "COUNTERSIGN_ARGON2_MEMORY_KIB",
        ),
    ] {
        let refusal = load(None, environment).err().unwrap();
        assert!(
            refusal.starts_with(name) && refusal.contains("expected"),
            "{refusal}"
        );
    }
    let production = [
        ("COUNTERSIGN_PROFILE", "production"),
        ("COUNTERSIGN_PUBLIC_URL", "https://id.example"),
    ];
    assert!(load(None, &production).is_ok());
}

#[test]
fn the_settings_in_force_are_shown_with_secrets_masked() {
    let key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    let environment = [
        ("COUNTERSIGN_SEAL_KEY", key),
        ("COUNTERSIGN_DATABASE_URL", "postgres://u:hunter2@db/x"),
        ("COUNTERSIGN_SMTP_URL", "smtps://u:hunter2@mail.example"),
        ("COUNTERSIGN_MAIL_FROM", "no-reply@bank.example"),
    ];
    let (settings, sources) = load(None, &environment).unwrap();
    let text = example::in_force(&settings, &sources);
    assert!(!text.contains("hunter2") && !text.contains(key), "{text}");
    assert!(
        text.contains("database_url = \"postgres://u:********@db/x\"  # environment\n"),
        "{text}"
    );
    assert!(
        text.contains("seal_key = \"1:********\"  # environment\n"),
        "{text}"
    );
    assert!(
        text.contains("code_lifetime_seconds = 60  # default\n"),
        "{text}"
    );
}

#[test]
fn row_40_production_never_looks_into_its_own_network() {
    let private = ("COUNTERSIGN_CHECKS_ALLOW_PRIVATE_ADDRESSES", "true");
    let production = [
        ("COUNTERSIGN_PROFILE", "production"),
        ("COUNTERSIGN_PUBLIC_URL", "https://id.example"),
    ];
    let refusal = load(None, &[production[0], production[1], private])
        .err()
        .unwrap();
    assert!(refusal.starts_with(private.0), "{refusal}");
    assert!(load(None, &production).is_ok());
    let (settings, _) = load(None, &[private]).unwrap();
    assert!(settings.checks_allow_private_addresses);
    let (settings, _) = load(Some("checks_allow_private_addresses = true"), &[]).unwrap();
    assert!(settings.checks_allow_private_addresses);
    let (settings, _) = load(None, &[]).unwrap();
    assert!(!settings.checks_allow_private_addresses);
    let refusal = load(None, &[(private.0, "yes")]).err().unwrap();
    assert!(refusal.contains("true or false"), "{refusal}");
}

#[test]
fn the_example_file_is_the_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.env.example");
    let written = std::fs::read_to_string(path).unwrap();
    assert!(
        written == example::environment_file(),
        "write it again: cargo run -p server -- doctor --print-example > .env.example",
    );
}

#[test]
fn the_program_reads_a_file_and_says_what_is_wrong_with_it() {
    let house = House::new();
    std::fs::write(house.path("own.toml"), "code_lifetime_seconds = 30\n").unwrap();
    let printed = house.done(&["doctor", "--print-settings", "--config", "own.toml"]);
    assert!(
        printed.contains("code_lifetime_seconds = 30  # own.toml\n"),
        "{printed}"
    );
    let house = house.with("COUNTERSIGN_CONFIG", "own.toml");
    let printed = house.done(&["doctor", "--print-settings"]);
    assert!(
        printed.contains("code_lifetime_seconds = 30  # own.toml\n"),
        "{printed}"
    );

    std::fs::write(house.path("own.toml"), "code_lifetime_seconds = \"soon\"\n").unwrap();
    let refusal = house.refused(&["serve"]);
    assert!(
        refusal.contains("code_lifetime_seconds in own.toml"),
        "{refusal}"
    );
    let refusal = house.refused(&["serve", "--config", "missing.toml"]);
    assert!(refusal.contains("missing.toml"), "{refusal}");
    let house = House::new().with("COUNTERSIGN_COLOUR", "red");
    assert!(house.refused(&["migrate"]).contains("COUNTERSIGN_COLOUR"));
}
