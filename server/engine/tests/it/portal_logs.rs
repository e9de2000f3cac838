//! The request log in the portal: pages, filters, and the wall around it.

use std::{sync::Arc, time::Duration};

use engine::{
    portal::{Place, Refusal, logs::LogQuery},
    request_log::Observation,
};
use protocol::{
    client::{Environment, GrantType},
    ids::{AppId, ClientId, TraceId},
    trail::{Credentials, Endpoint, Masked, Verdict, Way},
};
use store::testing::on_each_database;

use crate::{
    house::{House, seconds},
    portal_desk::Desk,
};

const SANDBOX: Environment = Environment::Sandbox;

async fn note(house: &House, client: &ClientId, number: u8) -> TraceId {
    let client = house.engine.client(client).await.expect("storage");
    let trace = TraceId::new(house.now(), [number; 4]);
    house.engine.note_request(Observation {
        at: house.now(),
        took: Duration::from_micros(120),
        trace,
        endpoint: Endpoint::Token,
        path: Endpoint::Token.path(),
        client: Arc::clone(&client.expect("a client")),
        grant: Some(GrantType::ClientCredentials),
        status: 200,
        stopped: None,
        agent: "curl",
        skew_millis: None,
        way: Way::Body,
        credentials: Credentials::Header,
        parameters: Masked::default(),
    });
    trace
}

async fn client(desk: &Desk<'_>, app: &AppId) -> ClientId {
    desk.member(app).await.expect("a member").app.sandbox_client
}

#[tokio::test]
async fn pages_follow_one_another_and_filters_hold() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let mut desk = Desk::new(&house);
        let app = desk.arrive("milda@shop.example").await;
        let client = client(&desk, &app).await;
        let mut expected = Vec::new();
        for number in 0..120 {
            expected.insert(0, note(&house, &client, number).await);
            house.later(seconds(1));
        }
        house.engine.flush_requests().await.expect("a log");
        let page = async |query: LogQuery| {
            let found = house
                .engine
                .log_page(&desk.visit(), &app, SANDBOX, query)
                .await;
            found.expect("a page").1
        };
        let (mut query, mut seen) = (LogQuery::default(), Vec::new());
        loop {
            let page = page(query).await;
            assert!(page.lines.len() <= 50);
            seen.extend(page.lines.into_iter().map(|line| line.trace));
            match page.next {
                Some(next) => query = next,
                None => break,
            }
        }
        assert_eq!(seen, expected);
        let with = |field: fn(&mut LogQuery, String), value: &str| {
            let mut query = LogQuery::default();
            field(&mut query, value.to_owned());
            query
        };
        for (query, count) in [
            (with(|query, value| query.outcome = value, "served"), 50),
            (with(|query, value| query.outcome = value, "refused"), 0),
            (with(|query, value| query.endpoint = value, "revoke"), 0),
            (with(|query, value| query.error = value, "invalid_grant"), 0),
            (
                with(|query, value| query.from = value, "2026-11-22T12:01:50"),
                10,
            ),
            (
                with(|query, value| query.until = value, "2026-11-22T12:00:05"),
                5,
            ),
            (
                with(
                    |query, value| query.reference = value,
                    &expected[7].to_string(),
                ),
                1,
            ),
        ] {
            let address = query.address();
            assert_eq!(page(query).await.lines.len(), count, "{address}");
        }
        let live = house
            .engine
            .log_page(&desk.visit(), &app, Environment::Live, LogQuery::default())
            .await;
        let (_, live) = live.expect("a page");
        assert_eq!((live.client, live.lines.len()), (None, 0));
    })
    .await;
}

#[tokio::test]
async fn a_request_is_there_at_once_and_for_its_own_team_alone() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let mut desk = Desk::new(&house);
        let app = desk.arrive("milda@shop.example").await;
        let trace = note(&house, &client(&desk, &app).await, 1).await;
        let mut other = Desk::at(&house, "192.0.2.99");
        let theirs = other.arrive("jonas@other.example").await;
        let engine = &house.engine;
        for app in [&app, &theirs] {
            let found = engine
                .request_page(&other.visit(), app, SANDBOX, trace)
                .await;
            assert!(matches!(found, Err(Refusal::NotFound)), "{app}");
        }
        let found = engine.find_by_reference(&other.visit(), trace).await;
        assert!(matches!(found, Err(Refusal::NotFound)));
        let log = engine
            .log_page(&other.visit(), &app, SANDBOX, LogQuery::default())
            .await;
        assert!(matches!(log, Err(Refusal::NotFound)));

        let second = note(&house, &client(&desk, &app).await, 2).await;
        let place = engine.find_by_reference(&desk.visit(), second).await;
        assert_eq!(
            place.expect("a place"),
            Place::Request(app.clone(), SANDBOX, second)
        );
        let (_, page) = engine
            .request_page(&desk.visit(), &app, SANDBOX, trace)
            .await
            .expect("a page");
        assert_eq!(page.request.line.trace, trace);
        let passed = |verdict| verdict == Verdict::Passed;
        assert!(page.request.steps.iter().all(|taken| passed(taken.verdict)));
        let live = engine
            .request_page(&desk.visit(), &app, Environment::Live, trace)
            .await;
        assert!(matches!(live, Err(Refusal::NotFound)));
        let unknown = TraceId::new(house.now(), [9; 4]);
        let found = engine.find_by_reference(&desk.visit(), unknown).await;
        assert!(matches!(found, Err(Refusal::NotFound)));
        let nobody = Desk::new(&house);
        let found = engine.find_by_reference(&nobody.visit(), trace).await;
        assert!(matches!(found, Err(Refusal::SignIn(Place::Reference(at))) if at == trace));
    })
    .await;
}

#[tokio::test]
async fn the_requests_of_a_filter_become_a_file() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let mut desk = Desk::new(&house);
        let app = desk.arrive("milda@shop.example").await;
        let client = client(&desk, &app).await;
        let mut traces = Vec::new();
        for number in 0..60 {
            traces.push(note(&house, &client, number).await);
            house.later(seconds(1));
        }
        let export = async |desk: &Desk<'_>, query: LogQuery| {
            let (visit, token) = (desk.visit(), desk.token("log-export"));
            let engine = &house.engine;
            engine
                .log_export(&visit, &token, &app, SANDBOX, query)
                .await
        };
        // Also what waits in memory, and more than one page of the list.
        let text = export(&desk, LogQuery::default()).await.expect("a file");
        let lines: Vec<&str> = text.trim_end().split("\r\n").collect();
        assert_eq!(lines.len(), 61);
        assert!(lines[0].starts_with("\"time\",\"reference\","));
        let newest = format!(
            "\"2026-11-22T12:00:59Z\",\"{}\",\"{client}\",\"/oauth/token\",\"served\",\"200\",\"\",\"120\",\"curl\"",
            traces[59]
        );
        assert_eq!(lines[1], newest);
        let late = LogQuery {
            from: "2026-11-22T12:00:55".to_owned(),
            before: "nonsense".to_owned(),
            ..LogQuery::default()
        };
        let text = export(&desk, late).await.expect("a file");
        assert_eq!(text.lines().count(), 6);

        let mut other = Desk::at(&house, "192.0.2.99");
        other.arrive("jonas@other.example").await;
        let theirs = export(&other, LogQuery::default()).await;
        assert!(matches!(theirs, Err(Refusal::NotFound)));
        // A form of another page: back to the list with the same filter.
        let query = LogQuery {
            endpoint: "token".to_owned(),
            ..LogQuery::default()
        };
        let refused = house
            .engine
            .log_export(&desk.visit(), "x", &app, SANDBOX, query)
            .await;
        let Err(Refusal::Answer(answer)) = refused else {
            panic!("{refused:?}");
        };
        let page = desk.follow(*answer);
        assert_eq!(page, format!("/developer/apps/{app}/sandbox/logs?endpoint=token"));
        assert_eq!(desk.said(), ["send-again"]);
    })
    .await;
}
