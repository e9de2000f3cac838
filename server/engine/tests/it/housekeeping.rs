//! The outbox and the sweep: one node at a time, nothing lost, nothing that still counts touched.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Mutex,
};

use engine::{
    outbox::{Delivered, Delivery, Postman, Undelivered},
    sweep::Round,
};
use protocol::{ids::MailId, time::Timestamp};
use store::{
    outbox::{MailRecord, insert_mail},
    testing::on_each_database,
};

use crate::house::{House, seconds};

const DAY: u64 = 86_400;

fn letter(id: &str, at: Timestamp) -> MailRecord {
    MailRecord {
        id: MailId::new(id),
        recipient: "ona@people.test".to_owned(),
        subject: "Hello".to_owned(),
        body_text: "Hello.\n".to_owned(),
        body_html: None,
        created_at: at,
        attempts: 0,
        next_attempt_at: at,
        sent_at: None,
        last_error: None,
        expires_at: at + seconds(90 * DAY),
    }
}

async fn put(house: &House, letter: MailRecord) {
    house
        .write(move |tx| Box::pin(async move { insert_mail(tx, &letter).await }))
        .await;
}

/// A postman who remembers, and who cannot find some houses.
#[derive(Default)]
struct Memory {
    carried: Mutex<Vec<String>>,
    lost: BTreeSet<&'static str>,
}

impl Memory {
    fn carried(&self) -> Vec<String> {
        self.carried.lock().expect("no panic").clone()
    }
}

impl Postman for Memory {
    fn deliver<'a>(&'a self, letter: &'a MailRecord) -> Delivery<'a> {
        Box::pin(async move {
            if self.lost.contains(letter.id.as_str()) {
                return Err(Undelivered::Yet("no such house".to_owned()));
            }
            self.carried
                .lock()
                .expect("no panic")
                .push(letter.id.to_string());
            Ok(())
        })
    }
}

#[tokio::test]
async fn a_letter_goes_out_once() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        put(&house, letter("1", house.now())).await;
        put(&house, letter("2", house.now() + seconds(60))).await;
        let postman = Memory::default();
        let round = house
            .engine
            .deliver_mails(&postman, "a")
            .await
            .expect("a round");
        assert_eq!((round.sent, round.failed), (1, 0));
        assert_eq!(
            house
                .engine
                .deliver_mails(&postman, "a")
                .await
                .expect("a round"),
            Delivered::default()
        );
        house.later(seconds(60));
        house
            .engine
            .deliver_mails(&postman, "a")
            .await
            .expect("a round");
        assert_eq!(postman.carried(), ["1", "2"]);

        let mailbox = house.engine.mailbox(10).await.expect("letters");
        let shown: Vec<_> = mailbox
            .iter()
            .map(|letter| (letter.id.as_str(), letter.sent_at.is_some()))
            .collect();
        assert_eq!(shown.len(), 2);
        assert!(shown.iter().all(|(_, sent)| *sent), "{shown:?}");
    })
    .await;
}

#[tokio::test]
async fn a_letter_that_cannot_be_delivered_is_tried_again_later_and_later() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        put(&house, letter("1", house.now())).await;
        let lost = Memory {
            lost: ["1"].into(),
            ..Memory::default()
        };
        for wait in [30, 60, 120] {
            let round = house
                .engine
                .deliver_mails(&lost, "a")
                .await
                .expect("a round");
            assert_eq!((round.sent, round.failed), (0, 1));
            house.later(seconds(wait - 1));
            assert_eq!(
                house
                    .engine
                    .deliver_mails(&lost, "a")
                    .await
                    .expect("a round"),
                Delivered::default()
            );
            house.later(seconds(1));
        }
        let waiting = &house.engine.mailbox(1).await.expect("letters")[0];
        assert_eq!(
            (waiting.attempts, waiting.last_error.as_deref()),
            (3, Some("no such house"))
        );

        let found = Memory::default();
        house
            .engine
            .deliver_mails(&found, "a")
            .await
            .expect("a round");
        assert_eq!(found.carried(), ["1"]);
    })
    .await;
}

/// A postman who knows that nobody will ever take a letter.
struct Hopeless;

impl Postman for Hopeless {
    fn deliver<'a>(&'a self, _: &'a MailRecord) -> Delivery<'a> {
        Box::pin(async { Err(Undelivered::Ever("no such person".to_owned())) })
    }
}

#[tokio::test]
async fn a_letter_is_given_up_when_nobody_takes_it_or_after_some_days() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let deliver = async |postman: &dyn Postman| {
            let round = house.engine.deliver_mails(postman, "a").await;
            round.expect("a round")
        };
        put(&house, letter("1", house.now())).await;
        assert_eq!(deliver(&Hopeless).await.given_up, 1);
        put(&house, letter("2", house.now())).await;
        let lost = Memory {
            lost: ["2"].into(),
            ..Memory::default()
        };
        let mut tries = 0;
        while deliver(&lost).await.given_up == 0 {
            tries += 1;
            assert!(tries < 100, "for ever");
            house.later(seconds(6 * 3600));
        }
        assert_eq!(tries, 19, "the twentieth in five days is the last one");
        house.later(seconds(24 * 3600));
        let found = Memory::default();
        assert_eq!(deliver(&found).await, Delivered::default());
        assert!(found.carried().is_empty());
        let given_up = house.engine.mailbox(2).await.expect("letters");
        let reasons = given_up.iter().map(|letter| letter.last_error.as_deref());
        assert_eq!(
            reasons.collect::<Vec<_>>(),
            [Some("no such house"), Some("no such person")]
        );
    })
    .await;
}

#[tokio::test]
async fn one_node_delivers_until_it_falls_silent_or_gives_back() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let postman = Memory::default();
        let deliver = async |node: &str| {
            house
                .engine
                .deliver_mails(&postman, node)
                .await
                .expect("a round")
                .sent
        };
        put(&house, letter("1", house.now())).await;
        assert_eq!(deliver("a").await, 1);
        put(&house, letter("2", house.now())).await;
        assert_eq!(deliver("b").await, 0, "a holds the lease");
        assert_eq!(deliver("a").await, 1);
        put(&house, letter("3", house.now())).await;
        house.later(seconds(120));
        assert_eq!(deliver("b").await, 1, "a fell silent");
        put(&house, letter("4", house.now())).await;
        assert_eq!(deliver("a").await, 0);
        house
            .engine
            .give_back_leases("b")
            .await
            .expect("the lease is given back");
        assert_eq!(deliver("a").await, 1);
        assert_eq!(postman.carried(), ["1", "2", "3", "4"]);
    })
    .await;
}

#[tokio::test]
async fn the_sweep_takes_what_is_over_in_small_batches_and_nothing_else() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        for number in 0..7 {
            put(&house, letter(&format!("old-{number}"), house.now())).await;
        }
        house.later(seconds(90 * DAY));
        put(&house, letter("new", house.now())).await;
        let swept = house.engine.sweep("a", 3).await.expect("a round");
        assert_eq!(swept, Round::Swept(BTreeMap::from([("outbox", 7)])));
        let left = house.engine.mailbox(10).await.expect("letters");
        assert_eq!(
            left.iter()
                .map(|letter| letter.id.as_str())
                .collect::<Vec<_>>(),
            ["new"]
        );
        let again = house.engine.sweep("a", 3).await.expect("a round");
        assert_eq!(again, Round::Swept(BTreeMap::new()));
    })
    .await;
}

#[tokio::test]
async fn one_node_sweeps_at_a_time() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let sweep = async |node: &str| house.engine.sweep(node, 10).await.expect("a round");
        let mine = Round::Swept(BTreeMap::new());
        assert_eq!(sweep("a").await, mine);
        assert_eq!(sweep("b").await, Round::NotOurs);
        assert_eq!(sweep("a").await, mine);
        house.later(seconds(60));
        assert_eq!(sweep("b").await, mine, "a fell silent");
        assert_eq!(sweep("a").await, Round::NotOurs);
        house
            .engine
            .give_back_leases("b")
            .await
            .expect("the lease is given back");
        assert_eq!(sweep("a").await, mine);
    })
    .await;
}

#[tokio::test]
async fn a_swept_token_is_as_dead_as_before_and_a_live_one_lives() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let (app, user) = (house.app("shop").await, house.person("ona").await);
        let old = house.tokens(&app, &user, "wallet").await;
        let lifetime = house.engine.env().settings.lifetimes.access_token;
        house.later(lifetime);
        let new = house.tokens(&app, &user, "wallet").await;
        for _ in 0..2 {
            assert!(!house.is_active(&app, old.access_token.expose()).await);
            assert!(house.is_active(&app, new.access_token.expose()).await);
            house.engine.sweep("a", 100).await.expect("a round");
        }
    })
    .await;
}
