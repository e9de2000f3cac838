//! Backup and restore.

use serde_json::json;

use crate::house::{House, mode};

#[test]
fn what_was_backed_up_is_there_again_in_another_place() {
    let house = House::new();
    let server = house.serve(&[]);
    let (id, secret) = house.machine();
    house.done(&["keys", "rotate"]);
    let archive = house.path("backup.tar");
    let archive = archive.to_str().unwrap();
    let made = house.json(&["backup", archive]);
    assert_eq!(
        (&made["file"], &made["with_keys"]),
        (&json!(archive), &json!(true))
    );
    assert_eq!(mode(archive.as_ref()), 0o600);
    assert!(server.stop());

    let other = House::new();
    other.done(&["restore", archive]);
    assert_eq!(other.json(&["keys", "list"]), house.json(&["keys", "list"]));
    assert_eq!(mode(&other.data().join("seal.key")), 0o600);
    assert_eq!(mode(&other.data().join("countersign.db")), 0o600);
    let server = other.serve(&[]);
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", &*id),
        ("client_secret", &*secret),
    ];
    assert_eq!(
        server.post("/oauth/token", &form).unwrap().status,
        200,
        "{}",
        server.log()
    );
    // Nothing of the work is left lying about.
    let left: Vec<_> = std::fs::read_dir(other.data())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("restored") || name.contains("new"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_restore_never_runs_over_something_unasked() {
    let house = House::new();
    house.machine();
    house.done(&["backup", "backup.tar"]);
    assert!(
        house
            .refused(&["backup", "backup.tar"])
            .contains("exists already")
    );
    assert!(
        house
            .refused(&["restore", "backup.tar"])
            .contains("--force")
    );

    let (later, _) = house.machine();
    let server = house.serve(&[]);
    assert!(
        house
            .refused(&["restore", "backup.tar", "--force"])
            .contains("A server is running")
    );
    assert!(server.stop());
    house.done(&["restore", "backup.tar", "--force"]);
    assert_eq!(
        house.json(&["client", "list"])["clients"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert!(house.refused(&["client", "show", &later]).contains(&later));
}

#[test]
fn what_is_no_backup_changes_nothing() {
    let house = House::new();
    let (id, _) = house.machine();
    std::fs::write(house.path("no.tar"), "not an archive").unwrap();
    assert!(
        house
            .refused(&["restore", "no.tar", "--force"])
            .contains("is not a backup")
    );
    assert!(
        house
            .refused(&["restore", "missing.tar", "--force"])
            .contains("missing.tar")
    );

    // An archive of ours whose database was damaged.
    house.done(&["backup", "backup.tar"]);
    let mut bytes = std::fs::read(house.path("backup.tar")).unwrap();
    let header = b"SQLite format 3\0";
    let begin = bytes
        .windows(header.len())
        .position(|window| window == header)
        .unwrap();
    bytes[begin + 4096..begin + 6 * 4096].fill(0x5a);
    std::fs::write(house.path("damaged.tar"), bytes).unwrap();
    house.refused(&["restore", "damaged.tar", "--force"]);
    house.done(&["client", "show", &id]);
}

#[test]
fn postgres_has_its_own_tools() {
    let house = House::new().with("COUNTERSIGN_DATABASE_URL", "postgres://u@127.0.0.1:9/x");
    assert!(house.refused(&["backup", "backup.tar"]).contains("pg_dump"));
    assert!(
        house
            .refused(&["restore", "backup.tar"])
            .contains("pg_dump")
    );
}
