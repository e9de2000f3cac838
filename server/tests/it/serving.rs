//! Start, readiness, an orderly end; the log; the numbers.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    time::Duration,
};

use serde_json::Value;

use crate::house::House;

#[test]
fn it_is_alive_and_ready_and_ends_when_told() {
    let house = House::new();
    let server = house.serve(&[]);
    assert_eq!(server.get("/healthz").unwrap().status, 200);
    assert_eq!(server.get("/readyz").unwrap().status, 200);
    // The issuer follows the address, whatever the request says.
    let metadata = server
        .get("/.well-known/oauth-authorization-server")
        .unwrap()
        .json();
    assert_eq!(metadata["issuer"], format!("http://{}", server.address));
    assert!(server.stop());
    // The folder is free again.
    assert!(house.serve(&[]).stop());
}

#[test]
fn one_server_per_folder_and_per_port() {
    let house = House::new();
    let server = house.serve(&[]);
    assert!(house.refused(&["serve"]).contains("A server is running"));
    let taken = House::new().with("COUNTERSIGN_LISTEN", &server.address.to_string());
    assert!(taken.refused(&["serve"]).contains("cannot be listened on"));
    assert!(
        !taken.data().join("countersign.db").exists(),
        "a start that fails makes nothing"
    );
}

#[test]
fn a_request_under_way_is_finished_before_the_end() {
    let house = House::new();
    let (id, secret) = house.machine();
    let server = house.serve(&[]);
    let body = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
    let mut stream = TcpStream::connect(server.address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    let head = format!(
        "POST /oauth/token HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\
         content-type: application/x-www-form-urlencoded\r\nexpect: 100-continue\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    // The answer "go on" says that the handler waits for the body.
    let mut go_on = [0; 25];
    stream.read_exact(&mut go_on).unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    let (address, ending) = (server.address, std::thread::spawn(move || server.stop()));
    // Once nobody else is let in, the end has begun.
    let closed = (0..1_000_000).any(|_| TcpStream::connect(address).is_err());
    assert!(closed);
    stream.write_all(body.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(ending.join().unwrap());
}

#[test]
fn every_request_is_one_line_of_the_log_without_query_and_secrets() {
    let house = House::new().with("COUNTERSIGN_LOG", "debug");
    let (id, secret) = house.machine();
    let server = house.serve(&[]);
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", &*id),
        ("client_secret", &*secret),
    ];
    let issued = server.post("/oauth/token", &form).unwrap().json();
    let token = issued["access_token"].as_str().unwrap().to_owned();
    server
        .post("/oauth/introspect", &[("token", &*token), form[1], form[2]])
        .unwrap();
    let refused = server
        .post(
            "/oauth/token",
            &[form[0], form[1], ("client_secret", "wrong-secret-x")],
        )
        .unwrap();
    server
        .get("/oauth/authorize?client_id=unknown-x&state=secret-state-x")
        .unwrap();
    let log = server.log();
    assert!(server.stop());

    for secret in [&*secret, &*token, "wrong-secret-x", "secret-state-x"] {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
    let lines: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let answered: Vec<_> = lines
        .iter()
        .filter(|line| line["message"] == "answered")
        .collect();
    let of_path = |path: &str| answered.iter().filter(|line| line["path"] == path).count();
    assert_eq!(
        (
            of_path("/oauth/token"),
            of_path("/oauth/introspect"),
            of_path("/oauth/authorize")
        ),
        (2, 1, 1)
    );
    // What the answer says of itself is what the log calls it.
    let trace = refused.json()["trace_id"].as_str().unwrap().to_owned();
    let found = answered
        .iter()
        .find(|line| line["trace_id"] == *trace)
        .unwrap();
    assert_eq!(
        (found["status"].as_u64(), found["method"].as_str()),
        (Some(401), Some("POST"))
    );
    assert!(found["duration_ms"].as_f64().is_some());
}

#[test]
fn prometheus_reads_numbers_on_an_address_of_its_own() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let house = House::new().with("COUNTERSIGN_METRICS_LISTEN", &address.to_string());
    let server = house.serve(&[]);
    assert_eq!(server.get("/metrics").unwrap().status, 404);
    let request = "GET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    let page = crate::house::request(address, request).unwrap();
    assert_eq!(page.status, 200);
    for line in [
        "countersign_requests_total{route=\"/readyz\",method=\"GET\",status=\"200\"} ",
        "countersign_request_seconds_bucket{route=\"/readyz\",le=\"0.001\"} ",
        "countersign_store_statements_total ",
    ] {
        assert!(page.body.contains(line), "{line} in {}", page.body);
    }
}

#[test]
fn the_demo_is_seeded_once_and_told_each_time() {
    let house = House::new();
    let first = house.serve(&["--demo"]);
    for word in ["ona", "jonas", "demo-shop", "/demo", "/demo/pincode"] {
        assert!(first.said.contains(word), "{word} in {}", first.said);
    }
    for path in ["/demo", "/demo/shop", "/demo/pincode", "/demo/mailbox"] {
        assert_eq!(first.get(path).unwrap().status, 200, "{path}");
    }
    let ids = || {
        let listed = house.json(&["client", "list"]);
        let clients = listed["clients"].as_array().expect("a list").iter();
        clients
            .map(|client| client["client_id"].to_string())
            .collect::<Vec<_>>()
    };
    let clients = ids();
    assert!(first.stop());
    // The second server has another port: its address is added, nothing else is made again.
    let second = house.serve(&["--demo"]);
    assert!(second.said.contains("demo-shop"));
    assert_eq!(ids(), clients);
}
