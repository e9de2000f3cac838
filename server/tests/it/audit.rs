//! The audit trail on the command line, beside a running server.

use serde_json::Value;

use crate::house::House;

/// A house in which something has happened, and whose server has sealed it.
fn sealed() -> (House, i64) {
    let house = House::new();
    house.machine();
    let verified = |house: &House| house.json(&["audit", "verify"]);
    assert_eq!(verified(&house)["seals"], 0);
    let server = house.serve(&[]);
    // Events are sealed when they are some seconds old, and each look takes a while.
    let seals = (0..2_000)
        .map(|_| verified(&house)["seals"].as_i64().unwrap())
        .find(|seals| *seals > 0);
    drop(server);
    (house, seals.unwrap())
}

#[test]
fn what_the_server_sealed_is_verified_and_exported() {
    let (house, seals) = sealed();
    let shown = house.json(&["audit", "verify"]);
    assert_eq!(shown["seals"], seals);
    assert_eq!(shown["chain_hash"].as_str().unwrap().len(), 64);
    assert!(
        house
            .done(&["audit", "verify"])
            .starts_with("Verified up to 20")
    );

    let lines = house.done(&["audit", "export", "--format", "json"]);
    let events: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(
        events.iter().any(|event| event["action"] == "client.added"),
        "{lines}"
    );
    let csv = house.done(&["audit", "export", "--format", "csv"]);
    assert!(
        csv.starts_with("id,at,actor,action,object,detail,trace\r\n"),
        "{csv}"
    );
    assert_eq!(csv.lines().count(), events.len() + 1);
    let none = [
        "audit",
        "export",
        "--format",
        "json",
        "--until",
        "2020-01-01",
    ];
    assert_eq!(house.done(&none), "");
    let wrong = ["audit", "export", "--format", "json", "--trace", "x"];
    assert!(house.refused(&wrong).contains("--trace"));
}
