//! The request log: filters, pages, whose it is.

use std::time::Duration;

use protocol::{
    ids::{ClientId, TraceId},
    trail::Endpoint,
};
use store::{
    Bookmark,
    requests::{
        RequestFilter, RequestOutcome, RequestRecord, find_request_by_trace, find_requests, packed,
    },
    testing::on_each_database,
};

use crate::samples::after;

fn request(number: u8) -> RequestRecord {
    let refused = number.is_multiple_of(5);
    let at = after(i64::from(number / 3));
    RequestRecord {
        id: format!("request{number:03}"),
        at,
        trace: TraceId::new(at, [number; 4]),
        client_id: ClientId::new(if number.is_multiple_of(2) {
            "shop"
        } else {
            "other"
        }),
        endpoint: if number.is_multiple_of(4) {
            Endpoint::Authorize
        } else {
            Endpoint::Token
        },
        outcome: if refused {
            RequestOutcome::Refused
        } else {
            RequestOutcome::Served
        },
        status: if refused { 400 } else { 200 },
        error: refused.then(|| "invalid_grant".to_owned()),
        duration_micros: 1_500,
        agent: "curl".to_owned(),
        detail: r#"{"g":"refresh_token"}"#.to_owned(),
        expires_at: after(10_000),
    }
}

/// Without its id: requests that share a row share the id of the first.
fn told(request: &RequestRecord) -> RequestRecord {
    RequestRecord {
        id: String::new(),
        ..request.clone()
    }
}

fn newest_first(mut requests: Vec<RequestRecord>) -> Vec<RequestRecord> {
    requests.sort_by_key(|request| std::cmp::Reverse((request.at, request.trace.to_string())));
    requests
}

#[tokio::test]
async fn requests_are_found_by_any_mix_of_filters_page_by_page() {
    on_each_database(async |db| {
        let all: Vec<RequestRecord> = (0..100).map(request).collect();
        assert_eq!(db.store.append_all(packed(all.clone())).await, Ok(()));
        let shop = ClientId::new("shop");
        let mut answered = 0;
        for mix in 0..256 {
            let chosen = |bit: u8| (mix >> bit & 1 == 1).then_some(());
            let filter = RequestFilter {
                endpoint: chosen(0).map(|()| Endpoint::Authorize),
                outcome: chosen(1).map(|()| match chosen(6) {
                    None => RequestOutcome::Refused,
                    Some(()) => RequestOutcome::Served,
                }),
                error: chosen(2).map(|()| "invalid_grant".to_owned()),
                trace: chosen(3).map(|()| match chosen(7) {
                    None => request(60).trace,
                    Some(()) => request(52).trace,
                }),
                from: chosen(4).map(|()| after(5)),
                until: chosen(5).map(|()| after(30)),
            };
            let fits = |request: &&RequestRecord| {
                request.client_id == shop
                    && filter
                        .endpoint
                        .is_none_or(|endpoint| request.endpoint == endpoint)
                    && filter
                        .outcome
                        .is_none_or(|outcome| request.outcome == outcome)
                    && (filter.error.is_none() || request.error == filter.error)
                    && filter.trace.is_none_or(|trace| request.trace == trace)
                    && filter.from.is_none_or(|from| request.at >= from)
                    && filter.until.is_none_or(|until| request.at < until)
            };
            let expected: Vec<RequestRecord> = all.iter().filter(fits).map(told).collect();
            answered += usize::from(!expected.is_empty());
            let mut found: Vec<RequestRecord> = Vec::new();
            loop {
                let before = found.last().map(|last| Bookmark {
                    at: last.at,
                    id: last.id.clone(),
                });
                let db = db.store.reader();
                let page = find_requests(db, &shop, &filter, before.as_ref(), 7).await;
                let page = page.unwrap();
                if page.is_empty() {
                    break;
                }
                found.extend(page);
            }
            assert!(
                found.is_sorted_by(|left, right| (left.at, &left.id) > (right.at, &right.id)),
                "{filter:?}"
            );
            let found = found.iter().map(told).collect();
            assert_eq!(newest_first(found), newest_first(expected), "{filter:?}");
        }
        assert!(answered > 100, "{answered}");
    })
    .await;
}

#[tokio::test]
async fn a_reference_opens_only_what_is_ones_own() {
    on_each_database(async |db| {
        let (shop, other) = (ClientId::new("shop"), ClientId::new("other"));
        // Two requests that happen to share a reference.
        let mine = request(2);
        let theirs = RequestRecord {
            trace: mine.trace,
            ..request(7)
        };
        let rows = packed(vec![mine.clone(), theirs.clone()]);
        assert_eq!(db.store.append_all(rows).await, Ok(()));
        let reader = db.store.reader();
        let find = async |clients: &[ClientId]| {
            let found = find_request_by_trace(reader, clients, mine.trace).await;
            found.unwrap().as_ref().map(told)
        };
        let (mine, theirs) = (told(&mine), told(&theirs));
        assert_eq!(find(std::slice::from_ref(&shop)).await, Some(mine.clone()));
        assert_eq!(
            find(std::slice::from_ref(&other)).await,
            Some(theirs.clone())
        );
        assert_eq!(find(&[shop, other]).await, Some(theirs.clone()));
        assert_eq!(find(&[]).await, None);
    })
    .await;
}

/// A client that asks without a pause, on two nodes: rows overlap in time, and are full.
#[tokio::test]
async fn a_busy_client_is_read_in_order_from_full_rows() {
    on_each_database(async |db| {
        let busy = |node: u32, number: u32| RequestRecord {
            id: format!("{node}{number:05}"),
            at: after(0) + Duration::from_millis(u64::from(number * 7 + node)),
            trace: TraceId::new(after(0), (node << 16 | number).to_be_bytes()),
            ..request(2)
        };
        let mut all = Vec::new();
        for first in (0..1_000).step_by(250) {
            for node in 0..2 {
                let of_node = (first..first + 250).map(|number| busy(node, number));
                let of_node: Vec<RequestRecord> = of_node.collect();
                all.extend(of_node.clone());
                assert_eq!(db.store.append_all(packed(of_node)).await, Ok(()));
            }
        }
        let rows = db.number("SELECT COUNT(*) FROM served_requests").await;
        assert_eq!(rows, 16, "rows hold at most 128 requests");
        let (shop, filter) = (ClientId::new("shop"), RequestFilter::default());
        let mut found: Vec<RequestRecord> = Vec::new();
        let mut before = None;
        loop {
            let reader = db.store.reader();
            let page = find_requests(reader, &shop, &filter, before.as_ref(), 50).await;
            let page = page.unwrap();
            let Some(last) = page.last() else { break };
            before = Some(Bookmark {
                at: last.at,
                id: last.id.clone(),
            });
            found.extend(page);
        }
        let found: Vec<RequestRecord> = found.iter().map(told).collect();
        let all = newest_first(all.iter().map(told).collect());
        assert_eq!(found, all);
    })
    .await;
}
