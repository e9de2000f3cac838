//! The chain over the audit trail: sealed by one node at a time, broken by whoever touches it.

use engine::audit::{AuditFilter, AuditRecord, BreakKind, Checkpoint, Sealed, bookmark};
use protocol::{ids::TraceId, time::Timestamp};
use store::{
    OpenOptions,
    audit::insert_audit_event,
    testing::{TestDatabase, execute, on_each_database},
};

use crate::house::{House, seconds};

fn event(id: &str, at: Timestamp) -> AuditRecord {
    AuditRecord {
        id: id.to_owned(),
        at,
        actor: "user:ona".to_owned(),
        action: "consent.given".to_owned(),
        object: format!("consent:{}", id.len()),
        detail: r#"{"scope":"wallet"}"#.to_owned(),
        trace: Some(TraceId::from_entropy([id.len() as u8; 5])),
    }
}

impl House {
    async fn happened(&self, id: &str, at: Timestamp) {
        let event = event(id, at);
        self.write(move |tx| Box::pin(async move { insert_audit_event(tx, &event).await }))
            .await;
    }

    /// Ten events, one a second, all settled.
    async fn ten_events(&self) {
        for number in 0..10 {
            self.happened(&format!("event-{number}"), self.now()).await;
            self.later(seconds(1));
        }
        self.later(seconds(5));
    }

    async fn seal(&self, node: &str) -> Sealed {
        self.engine.seal_audit(node).await.expect("storage")
    }

    /// What is broken, and how far it is not.
    async fn broken(&self) -> (Option<(BreakKind, String)>, i64) {
        let verified = self.engine.verify_audit(Checkpoint::default()).await;
        let verified = verified.expect("storage");
        let broken = verified.broken.map(|broken| (broken.kind, broken.event));
        (broken, verified.checkpoint.seq)
    }
}

async fn tamper(db: &TestDatabase, sql: &'static str) {
    let done: Result<(), store::Error> = db
        .store
        .write(move |tx| Box::pin(async move { execute(tx, sql).await }))
        .await;
    done.expect("a change");
}

#[tokio::test]
async fn events_are_sealed_in_order_once_they_are_settled() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        assert_eq!(house.seal("a").await, Sealed::Events(0));
        for number in [2, 0, 1] {
            house
                .happened(&format!("event-{number}"), house.now())
                .await;
        }
        house.later(seconds(4));
        assert_eq!(house.seal("a").await, Sealed::Events(0), "not settled yet");
        house.happened("young", house.now()).await;
        house.later(seconds(1));
        assert_eq!(house.seal("a").await, Sealed::Events(3));
        assert_eq!(house.seal("a").await, Sealed::Events(0));
        let verified = house.engine.verify_audit(Checkpoint::default()).await;
        let verified = verified.expect("storage");
        assert_eq!((verified.checkpoint.seq, verified.broken), (3, None));
        let began = house.now() - seconds(5);
        assert_eq!(verified.checkpoint.up_to, Some(began));
        let in_order = "SELECT COUNT(*) FROM audit_seals s JOIN audit_seals n ON n.seq = s.seq + 1 \
                        WHERE n.event_id > s.event_id";
        assert_eq!(db.number(in_order).await, 2);

        house.later(seconds(5));
        assert_eq!(house.seal("a").await, Sealed::Events(1));
        let next = house.engine.verify_audit(verified.checkpoint).await;
        assert_eq!(
            next.expect("storage").checkpoint.seq,
            4,
            "it goes on where it stopped"
        );
    })
    .await;
}

#[tokio::test]
async fn whoever_touches_one_event_breaks_the_chain_there() {
    on_each_database(async |db| {
        let whole = (None, 10);
        let broken =
            |kind: BreakKind, number: i64| (Some((kind, format!("event-{number}"))), number);
        let house = House::on(&db.store);
        house.ten_events().await;
        assert_eq!(house.seal("a").await, Sealed::Events(10));
        assert_eq!(house.broken().await, whole);

        let detail = "UPDATE audit_events SET detail = '{}' WHERE id = 'event-4'";
        tamper(db, detail).await;
        assert_eq!(house.broken().await, broken(BreakKind::Changed, 4));
        let back = "UPDATE audit_events SET detail = '{\"scope\":\"wallet\"}' WHERE id = 'event-4'";
        tamper(db, back).await;
        assert_eq!(house.broken().await, whole);

        // With a digest that fits it is the chain that does not.
        tamper(
            db,
            "UPDATE audit_seals SET chain_hash = event_digest WHERE seq = 6",
        )
        .await;
        assert_eq!(house.broken().await, broken(BreakKind::SealChanged, 5));
        tamper(db, "DELETE FROM audit_seals WHERE seq = 3").await;
        assert_eq!(
            house.broken().await,
            (Some((BreakKind::SealChanged, "event-3".to_owned())), 2)
        );
        tamper(db, "DELETE FROM audit_events WHERE id = 'event-1'").await;
        assert_eq!(house.broken().await, broken(BreakKind::Missing, 1));
    })
    .await;
}

#[tokio::test]
async fn an_event_that_is_added_to_the_past_is_found() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        house.ten_events().await;
        house.seal("a").await;
        house.later(seconds(3_600));
        house.happened("now", house.now()).await;
        house.later(seconds(5));
        house.seal("a").await;
        let past = house.now() - seconds(3_607);
        house.happened("forged", past).await;
        let late = house.engine.seal_late_audit("a").await.expect("storage");
        assert_eq!(late, Sealed::Events(0), "too late to be ours");
        let (broken, seq) = house.broken().await;
        assert_eq!(broken, Some((BreakKind::Inserted, "forged".to_owned())));
        assert_eq!(seq, 11, "what is sealed is whole");
    })
    .await;
}

#[tokio::test]
async fn a_slow_transaction_is_sealed_behind_younger_events() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let began = house.now();
        house.ten_events().await;
        house.seal("a").await;
        house.happened("slow", began).await;
        assert_eq!(house.seal("a").await, Sealed::Events(0));
        let late = house.engine.seal_late_audit("a").await.expect("storage");
        assert_eq!(late, Sealed::Events(1));
        assert_eq!(house.broken().await, (None, 11));
    })
    .await;
}

#[tokio::test]
async fn two_nodes_seal_one_chain() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let store = db.open_again(OpenOptions::default()).await;
        let neighbour = house.neighbour(&store, 8);
        for round in 0..5 {
            for number in 0..40 {
                house
                    .happened(&format!("event-{round}-{number}"), house.now())
                    .await;
            }
            house.later(seconds(6));
            let (ours, theirs) = tokio::join!(house.seal("a"), neighbour.seal("b"));
            let sealed = [ours, theirs].map(|sealed| match sealed {
                Sealed::Events(events) => events,
                Sealed::NotOurs => 0,
            });
            assert_eq!(sealed.iter().sum::<usize>(), 40, "{sealed:?}");
        }
        assert_eq!(house.broken().await, (None, 200));
        let lines = db
            .number("SELECT COUNT(DISTINCT event_id) FROM audit_seals")
            .await;
        assert_eq!(lines, 200);
        // A node that falls silent is replaced, and one that stops makes room at once.
        house.engine.give_back_leases("a").await.expect("storage");
        neighbour
            .engine
            .give_back_leases("b")
            .await
            .expect("storage");
        house.happened("last", house.now()).await;
        house.later(seconds(6));
        assert_eq!(neighbour.seal("b").await, Sealed::Events(1));
        house.happened("after", house.now()).await;
        house.later(seconds(6));
        assert_eq!(house.seal("a").await, Sealed::NotOurs);
        house.later(seconds(30));
        assert_eq!(house.seal("a").await, Sealed::Events(1));
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn the_watch_goes_on_where_it_stopped_and_remembers_a_break() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        assert_eq!(house.engine.audit_verified(), None);
        house.ten_events().await;
        house.seal("a").await;
        let watched = house.engine.watch_audit().await.expect("storage");
        assert_eq!((watched.checkpoint.seq, &watched.broken), (10, &None));
        assert_eq!(house.engine.audit_verified(), Some(watched));
        house.happened("new", house.now()).await;
        house.later(seconds(5));
        house.seal("a").await;
        tamper(
            db,
            "UPDATE audit_events SET actor = 'system' WHERE id = 'new'",
        )
        .await;
        let watched = house.engine.watch_audit().await.expect("storage");
        let broken = watched.broken.clone().expect("a break");
        assert_eq!(
            (broken.kind, broken.event.as_str()),
            (BreakKind::Changed, "new")
        );
        tamper(
            db,
            "UPDATE audit_events SET actor = 'user:ona' WHERE id = 'new'",
        )
        .await;
        let again = house.engine.watch_audit().await.expect("storage");
        assert_eq!(again, watched, "a break is not forgotten");
    })
    .await;
}

#[tokio::test]
async fn the_sweep_leaves_the_audit_trail_alone() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        house.ten_events().await;
        house.seal("a").await;
        house.later(seconds(100 * 365 * 86_400));
        house.engine.sweep("a", 100).await.expect("a round");
        assert_eq!(db.number("SELECT COUNT(*) FROM audit_events").await, 10);
        assert_eq!(house.broken().await, (None, 10));
    })
    .await;
}

#[tokio::test]
async fn lists_and_exports_go_page_by_page() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let began = house.now();
        for number in 0..25 {
            let at = began + seconds(number / 3);
            let mut event = event(&format!("event-{number:02}"), at);
            event.actor = format!("user:{}", number % 2);
            house
                .write(move |tx| Box::pin(async move { insert_audit_event(tx, &event).await }))
                .await;
        }
        let filter = AuditFilter {
            actor: Some("user:1".to_owned()),
            action: Some("consent.given".to_owned()),
            object: Some("consent:8".to_owned()),
            trace: Some(TraceId::from_entropy([8; 5])),
            from: Some(began + seconds(1)),
            until: Some(began + seconds(8)),
        };
        let (mut listed, mut exported) = (Vec::new(), Vec::new());
        let (mut before, mut after) = (None, None);
        loop {
            let list = house.engine.audit_events(&filter, before.as_ref(), 4).await;
            let export = house.engine.audit_export(&filter, after.as_ref(), 4).await;
            let (list, export) = (list.expect("a page"), export.expect("a page"));
            let (Some(oldest), Some(newest)) = (list.last(), export.last()) else {
                break;
            };
            (before, after) = (Some(bookmark(oldest)), Some(bookmark(newest)));
            listed.extend(list);
            exported.extend(export);
        }
        let ids: Vec<&str> = exported.iter().map(|event| event.id.as_str()).collect();
        let expected: Vec<String> = (3..24)
            .filter(|number| number % 2 == 1)
            .map(|number| format!("event-{number:02}"))
            .collect();
        assert_eq!(ids, expected);
        listed.reverse();
        assert_eq!(listed, exported);
        for wrong in [
            AuditFilter {
                actor: Some("user:2".to_owned()),
                ..filter.clone()
            },
            AuditFilter {
                action: Some("x".to_owned()),
                ..filter.clone()
            },
            AuditFilter {
                object: Some("x".to_owned()),
                ..filter.clone()
            },
            AuditFilter {
                trace: Some(TraceId::from_entropy([1; 5])),
                ..filter.clone()
            },
        ] {
            let none = house.engine.audit_events(&wrong, None, 4).await;
            assert_eq!(none.expect("a page"), [], "{wrong:?}");
        }
    })
    .await;
}
