//! The request log: filters, pages, whose it is.

use protocol::{
    ids::{ClientId, TraceId},
    trail::Endpoint,
};
use store::{
    Bookmark, Row,
    requests::{
        RequestFilter, RequestOutcome, RequestRecord, find_request_by_trace, find_requests,
    },
    testing::on_each_database,
};

use crate::samples::after;

fn request(number: u8) -> RequestRecord {
    let refused = number.is_multiple_of(5);
    RequestRecord {
        id: format!("request-{number:03}"),
        at: after(i64::from(number / 3)),
        trace: TraceId::from_entropy([number; 5]),
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

#[tokio::test]
async fn requests_are_found_by_any_mix_of_filters_page_by_page() {
    on_each_database(async |db| {
        let all: Vec<RequestRecord> = (0..100).map(request).collect();
        let rows = all.iter().cloned().map(Row::Request).collect();
        assert_eq!(db.store.append_all(rows).await, Ok(()));
        let shop = ClientId::new("shop");
        let some = [None, Some(())];
        for mix in 0..64 {
            let chosen = |bit: u8| some[usize::from(mix >> bit & 1 == 1)];
            let filter = RequestFilter {
                endpoint: chosen(0).map(|()| Endpoint::Authorize),
                outcome: chosen(1).map(|()| RequestOutcome::Refused),
                error: chosen(2).map(|()| "invalid_grant".to_owned()),
                trace: chosen(3).map(|()| TraceId::from_entropy([60; 5])),
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
            let expected: Vec<RequestRecord> = all.iter().rev().filter(fits).cloned().collect();
            assert!(!expected.is_empty(), "{filter:?}");
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
            assert_eq!(found, expected, "{filter:?}");
        }
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
        let rows = vec![Row::Request(mine.clone()), Row::Request(theirs.clone())];
        assert_eq!(db.store.append_all(rows).await, Ok(()));
        let reader = db.store.reader();
        let find = async |clients: &[ClientId]| {
            let found = find_request_by_trace(reader, clients, mine.trace).await;
            found.unwrap()
        };
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
