use super::*;

#[test]
fn numbers_are_digits_within_bounds() {
    let parse = |text| Count::<1, 10>::parse(text).map(|count| count.0);
    assert_eq!(parse("1"), Some(1));
    assert_eq!(parse("10"), Some(10));
    for wrong in ["0", "11", "+5", "-1", " 5", "5s", "1e1", "5.0", "٣"] {
        assert_eq!(parse(wrong), None, "{wrong}");
    }
}

#[test]
fn the_public_url_is_an_origin() {
    let parse = |text| PublicUrl::parse(text).map(|url| url.0);
    assert_eq!(
        parse("https://Bank.Example/").as_deref(),
        Some("https://bank.example")
    );
    assert_eq!(
        parse("https://bank.example:443").as_deref(),
        Some("https://bank.example")
    );
    assert_eq!(
        parse("http://127.0.0.1:3000").as_deref(),
        Some("http://127.0.0.1:3000")
    );
    let table = [
        "bank.example",
        "ftp://bank.example",
        "https://bank.example/login",
        "https://",
        "https://u@bank.example",
        "https://bank.example?x=1",
        "https://bank.example#x",
    ];
    for wrong in table {
        assert_eq!(parse(wrong), None, "{wrong}");
    }
}

#[test]
fn passwords_in_addresses_are_masked() {
    let shown = |text| DatabaseUrl::parse(text).unwrap().shown();
    assert_eq!(
        shown("postgres://u:hunter2@db/x"),
        "postgres://u:********@db/x"
    );
    assert_eq!(shown("postgres://db/x?user=u&password=hunter2"), MASK);
    assert_eq!(
        shown("sqlite://data/countersign.db"),
        "sqlite://data/countersign.db"
    );
    let smtp = SmtpUrl::parse("smtps://u:hunter2@mail.example").unwrap();
    assert_eq!(smtp.shown(), "smtps://u:********@mail.example");
}

#[test]
fn databases_are_sqlite_files_or_postgres() {
    let file = |text| DatabaseUrl::parse(text).and_then(|url| url.sqlite_file());
    assert_eq!(file("sqlite://data/c.db"), Some("data/c.db".into()));
    assert_eq!(
        file("sqlite:///var/lib/c.db?mode=rwc"),
        Some("/var/lib/c.db".into())
    );
    assert_eq!(file("postgres://u:p@db/x"), None);
    let odd = DatabaseUrl::in_folder("/a b/100%?#").sqlite_file();
    assert_eq!(odd, Some("/a b/100%?#/countersign.db".into()));
    for wrong in [
        "sqlite::memory:",
        "sqlite://",
        "mysql://db/x",
        "countersign.db",
        "postgres:x",
    ] {
        assert!(DatabaseUrl::parse(wrong).is_none(), "{wrong}");
    }
}

#[test]
fn networks_contain_their_addresses_in_both_spellings() {
    let networks = Networks::parse("10.0.0.0/8, 192.0.2.7,2001:db8::/32").unwrap();
    for inside in ["10.1.2.3", "::ffff:10.1.2.3", "192.0.2.7", "2001:db8::1"] {
        assert!(networks.contains(inside.parse().unwrap()), "{inside}");
    }
    for outside in ["11.0.0.1", "192.0.2.8", "2001:db9::1"] {
        assert!(!networks.contains(outside.parse().unwrap()), "{outside}");
    }
    assert!(Networks::parse("").is_some());
    assert!(Networks::parse("10.0.0.0/33").is_none());
    assert!(Networks::parse("proxy.example").is_none());
}

#[test]
fn a_mistyped_log_level_is_refused() {
    assert!(LogFilter::parse("info,engine=debug").is_some());
    assert!(LogFilter::parse("inof").is_none());
    assert!(LogFilter::parse("engine=loud").is_none());
}

#[test]
fn seal_keys_have_32_bytes_and_numbers_of_their_own() {
    let key = STANDARD.encode([7; 32]);
    let ids = |text: &str| {
        SealKeys::parse(text).map(|keys| keys.0.iter().map(|key| key.id).collect::<Vec<_>>())
    };
    assert_eq!(ids(&key), Some(vec![1]));
    assert_eq!(ids(&format!("2:{key}, 1:{key}")), Some(vec![2, 1]));
    assert_eq!(ids(&format!("{key},{key}")), None);
    assert_eq!(ids(&STANDARD.encode([7; 31])), None);
    assert_eq!(ids("2:"), None);
}
