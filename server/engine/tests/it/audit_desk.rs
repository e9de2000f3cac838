//! The audit trail as admins read it and take it along.

use engine::{
    audit::{AuditQuery, CSV_HEADER, ExportFormat},
    portal::{Place, Refusal},
};
use futures_util::TryStreamExt as _;
use protocol::{ids::AppId, time::Timestamp};
use store::{audit::insert_audit_event, testing::on_each_database};

use crate::{
    house::{House, seconds},
    portal_desk::Desk,
};

impl House {
    /// Something that happened, such as an attacker's name in the actor.
    async fn said(&self, actor: &str, action: &str, object: &str) {
        let event = engine::audit::AuditRecord {
            id: self.engine.env().id(),
            at: self.now(),
            actor: actor.to_owned(),
            action: action.to_owned(),
            object: object.to_owned(),
            detail: "{}".to_owned(),
            trace: None,
        };
        self.write(move |tx| Box::pin(async move { insert_audit_event(tx, &event).await }))
            .await;
    }

    async fn exported(&self, desk: &Desk<'_>, query: &AuditQuery, format: ExportFormat) -> String {
        let (visit, token) = (desk.visit(), desk.token("audit"));
        let lines = self
            .engine
            .export_audit(&visit, &token, query, format)
            .await;
        let lines: Vec<String> = lines.expect("a file").try_collect().await.expect("lines");
        lines.concat()
    }
}

#[tokio::test]
async fn the_trail_is_filtered_and_turned_page_by_page() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let mut team = Desk::new(&house);
        let app: AppId = team.arrive("milda@shop.example").await;
        let (ona, _) = Desk::admin(&house, "ona").await;
        let visit = ona.visit();
        let read = async |query: AuditQuery| {
            let page = house.engine.audit_page(&visit, query).await;
            page.expect("a page").1
        };
        for number in 0..120 {
            house.later(seconds(1));
            let object = format!("consent:{}", number % 2);
            house.said("client:shop", "tokens.issued", &object).await;
        }
        house.later(seconds(1));

        // Page by page, without a gap and without a repetition.
        let mut query = AuditQuery::about("consent:1");
        let mut times: Vec<Timestamp> = Vec::new();
        let mut pages = 0;
        loop {
            let page = read(query).await;
            pages += 1;
            times.extend(page.lines.iter().map(|line| line.event.at));
            match page.next {
                Some(next) => query = next,
                None => break,
            }
        }
        assert_eq!((pages, times.len()), (2, 60));
        assert!(times.windows(2).all(|pair| pair[0] > pair[1]));

        // People and things by the names that admins know.
        let by = read(AuditQuery::by(" Milda@Shop.Example ")).await;
        assert!(!by.lines.is_empty());
        for line in &by.lines {
            assert_eq!(line.actor.as_ref().expect("a person").name, "Milda");
        }
        let made = read(AuditQuery::about(app.as_str())).await;
        let line = made.lines.last().expect("an event");
        assert_eq!(line.event.action, "app.made");
        assert!(matches!(line.object_page, Some(Place::Client(_))));
        let operator = read(AuditQuery::by("operator")).await;
        assert!(
            operator
                .lines
                .iter()
                .all(|line| line.event.actor == "operator")
        );
        assert!(!operator.lines.is_empty(), "the admin was added by one");
        let one = read(AuditQuery {
            action: "app.made".to_owned(),
            until: "2001-01-01".to_owned(),
            ..AuditQuery::default()
        })
        .await;
        assert!(one.lines.is_empty());

        // What there is to choose from.
        let actions = read(AuditQuery::default()).await.actions;
        assert!(actions.is_sorted());
        assert_eq!(
            actions
                .iter()
                .filter(|word| *word == "tokens.issued")
                .count(),
            1
        );
        assert!(actions.contains(&"app.made".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn the_badge_says_how_far_the_chain_was_verified() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let (ona, _) = Desk::admin(&house, "ona").await;
        let visit = ona.visit();
        let page = house.engine.audit_page(&visit, AuditQuery::default());
        assert_eq!(page.await.expect("a page").1.verified, None);
        house.said("system", "key.rotated", "key:1").await;
        let up_to = house.now();
        house.later(seconds(6));
        house.engine.seal_audit("here").await.expect("seals");
        house.engine.watch_audit().await.expect("a walk");
        let page = house.engine.audit_page(&visit, AuditQuery::default());
        let verified = page.await.expect("a page").1.verified.expect("verified");
        assert_eq!(verified.broken, None);
        assert_eq!(verified.checkpoint.up_to, Some(up_to));
    })
    .await;
}

#[tokio::test]
async fn an_export_is_whole_harmless_and_stands_in_the_trail() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let (ona, _) = Desk::admin(&house, "ona").await;
        // More than one batch, and names that a spreadsheet would run.
        for number in 0..1_010 {
            house
                .said("=HYPERLINK(\"//evil\")", "probe", &format!("-{number}"))
                .await;
        }
        house.said("@SUM(1)", "probe", "+1").await;
        house.later(seconds(1));
        let query = AuditQuery {
            action: "probe".to_owned(),
            ..AuditQuery::default()
        };
        let csv = house.exported(&ona, &query, ExportFormat::Csv).await;
        assert!(csv.starts_with(CSV_HEADER));
        assert_eq!(
            csv.matches("\r\n").count(),
            1_012,
            "the head, and each event once"
        );
        let cells = csv
            .split("\r\n")
            .skip(1)
            .flat_map(|line| line.split("\",\""));
        for cell in cells.map(|cell| cell.trim_start_matches('"')) {
            assert!(!cell.starts_with(['=', '+', '-', '@']), "a formula: {cell}");
        }
        let json = house.exported(&ona, &query, ExportFormat::JsonLines).await;
        assert_eq!(json.lines().count(), 1_011);
        assert!(json.contains("\"actor\":\"@SUM(1)\""), "lines are exact");

        // Who took it along; an export never holds itself.
        let taken = AuditQuery {
            action: "audit.exported".to_owned(),
            ..AuditQuery::default()
        };
        let page = house.engine.audit_page(&ona.visit(), taken.clone()).await;
        let lines = page.expect("a page").1.lines;
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0].actor.as_ref().expect("a person").name, "ona");
        assert!(
            lines[0]
                .facts
                .contains(&("filter".into(), "?action=probe".into()))
        );
        let all = house
            .exported(&ona, &AuditQuery::default(), ExportFormat::JsonLines)
            .await;
        assert_eq!(
            all.matches("audit.exported").count(),
            0,
            "all of this moment"
        );

        // Not without the form of the page.
        let foreign = ona.token("suspend");
        let engine = &house.engine;
        let format = ExportFormat::Csv;
        let refused = engine
            .export_audit(&ona.visit(), &foreign, &taken, format)
            .await;
        assert!(matches!(refused.err(), Some(Refusal::Answer(_))));
    })
    .await;
}
