//! The request log: written beside the requests, kept for a while, read page by page.

use std::{sync::Arc, time::Duration};

use engine::{
    request_log::{Observation, RequestFilter},
    sweep::Round,
};
use futures_util::FutureExt as _;
use protocol::{
    client::{Environment, GrantType},
    ids::{ClientId, TraceId},
    trail::{Credentials, Endpoint, Masked, Way},
};
use store::testing::on_each_database;

use crate::house::{House, seconds, settings};

const DAY: u64 = 86_400;

async fn note(house: &House, client: &str, number: u8) {
    let client = house
        .engine
        .client(&ClientId::new(client))
        .await
        .expect("storage")
        .expect("a client");
    house.engine.note_request(Observation {
        at: house.now(),
        took: Duration::from_micros(120),
        trace: TraceId::new(house.now(), [number; 4]),
        endpoint: Endpoint::Token,
        path: Endpoint::Token.path(),
        client: Arc::clone(&client),
        grant: Some(GrantType::ClientCredentials),
        status: 200,
        stopped: None,
        agent: "curl",
        skew_millis: None,
        way: Way::Body,
        credentials: Credentials::Header,
        parameters: Masked::default(),
    });
}

impl House {
    /// How many requests the log of a client holds.
    async fn logged(&self, client: &str) -> usize {
        let clients = [ClientId::new(client)];
        let all = RequestFilter::default();
        let page = self.engine.requests(&clients, &all, None, 1_000).await;
        page.expect("a page").len()
    }
}

/// The job need not wait for its second when there is much to store.
#[tokio::test]
async fn many_requests_are_stored_at_once() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        house.app("shop").await;
        for number in 0..1_023_u32 {
            note(&house, "shop", number as u8).await;
        }
        let many = async || house.engine.many_requests_noted().now_or_never().is_some();
        assert!(!many().await);
        note(&house, "shop", 0).await;
        assert!(many().await);
        assert!(!many().await, "said once");
    })
    .await;
}

#[tokio::test]
async fn requests_wait_in_memory_and_are_stored_together() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        house.app("shop").await;
        note(&house, "shop", 0).await;
        let (statements, writes) = (db.store.statements(), db.store.writes());
        for number in 1..200 {
            note(&house, "shop", number).await;
        }
        let cost = (
            db.store.statements() - statements,
            db.store.writes() - writes,
        );
        assert_eq!(cost, (0, 0), "noting a request asks nothing of the store");
        assert_eq!(house.engine.flush_requests().await.expect("a log"), 200);
        assert_eq!(db.store.writes() - writes, 1);
        assert_eq!(house.logged("shop").await, 200);
        assert_eq!(
            db.number("SELECT COUNT(*) FROM served_requests").await,
            2,
            "many requests share a row"
        );
        assert_eq!(house.engine.flush_requests().await.expect("a log"), 0);
        assert_eq!(
            db.store.writes() - writes,
            1,
            "nothing to store costs nothing"
        );
    })
    .await;
}

#[tokio::test]
async fn requests_are_kept_for_as_long_as_their_environment_says() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        house.app("shop").await;
        house
            .app_with("bank", |record| {
                record.client.environment = Environment::Live
            })
            .await;
        note(&house, "shop", 1).await;
        note(&house, "bank", 2).await;
        house.engine.flush_requests().await.expect("a log");
        let left = async || house.logged("shop").await + house.logged("bank").await;
        for (days, expected) in [(29, 2), (1, 1), (59, 1), (1, 0)] {
            house.later(seconds(days * DAY));
            let swept = house.engine.sweep("a", 10).await.expect("a round");
            assert!(matches!(swept, Round::Swept(_)));
            assert_eq!(left().await, expected, "{days}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_environment_can_go_without() {
    on_each_database(async |db| {
        let quiet = engine::Settings {
            request_log_sandbox: Duration::ZERO,
            ..settings()
        };
        let house = House::with(&db.store, quiet);
        house.app("shop").await;
        note(&house, "shop", 1).await;
        assert_eq!(house.engine.flush_requests().await.expect("a log"), 0);
    })
    .await;
}

#[tokio::test]
async fn pages_of_several_clients_follow_one_another() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let clients = [house.app("shop").await.id, house.app("phone").await.id];
        house.app("other").await;
        for number in 0..30 {
            note(&house, ["shop", "phone", "other"][number % 3], number as u8).await;
            if number % 4 == 0 {
                house.later(seconds(1));
            }
        }
        house.engine.flush_requests().await.expect("a log");
        let mut seen = Vec::new();
        let mut before = None;
        loop {
            let page = house
                .engine
                .requests(&clients, &RequestFilter::default(), before.as_ref(), 7)
                .await
                .expect("a page");
            let Some(last) = page.last() else { break };
            before = Some(last.bookmark());
            seen.extend(page);
        }
        assert_eq!(seen.len(), 20);
        assert!(seen.is_sorted_by(|left, right| (left.at, &left.id) > (right.at, &right.id)));
        assert!(seen.iter().all(|line| clients.contains(&line.client)));
    })
    .await;
}

/// More than fits: the oldest make room.
#[tokio::test]
async fn a_flood_pushes_out_the_oldest() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        note(&house, "shop", 255).await;
        for number in 0..16_384 {
            note(&house, "shop", (number % 250) as u8).await;
        }
        assert_eq!(house.engine.flush_requests().await.expect("a log"), 16_384);
        let oldest = TraceId::new(house.now(), [255; 4]);
        let found = house.engine.request_detail(&[app.id], oldest).await;
        assert_eq!(found.expect("storage"), None);
    })
    .await;
}
