//! A forgotten password: the letter, the link, and what it does not open.

use engine::portal::{Place, Refusal};
use store::{password_resets::find_reset, testing::on_each_database};

use crate::{
    house::{House, seconds},
    portal_desk::{Desk, PASSWORD},
};

const NEW: &str = "a quite different sentence";
const SENT: &str = "/login/forgot/sent";

impl Desk<'_> {
    async fn forget(&mut self, email: &str) -> String {
        let (visit, token) = (self.visit(), self.token("forgot"));
        let engine = &self.house.engine;
        let answer = engine.ask_for_new_password(&visit, &token, email).await;
        self.follow(answer)
    }

    async fn choose(&mut self, link: &str, password: &str) -> String {
        let (visit, token) = (self.visit(), self.token("new-password"));
        let engine = &self.house.engine;
        let answer = engine.set_new_password(&visit, &token, link, password.to_owned());
        let answer = answer.await;
        self.follow(answer)
    }

    /// Whether the page behind the link can be seen.
    async fn sees(&mut self, link: &str) -> bool {
        let view = self
            .house
            .engine
            .new_password_view(&self.visit(), link)
            .await;
        match view {
            Ok(view) => {
                assert!(!view.link.contains("cs_pw_"), "sealed from now on");
                true
            }
            Err(Refusal::Answer(answer)) => {
                assert_eq!(self.follow(*answer), "/login/forgot");
                assert_eq!(self.said(), ["reset-over"]);
                false
            }
            Err(other) => panic!("{other:?}"),
        }
    }
}

impl House {
    async fn subjects(&self) -> Vec<String> {
        let letters = self.engine.mailbox(50).await.expect("letters");
        letters.into_iter().map(|letter| letter.subject).collect()
    }
}

#[tokio::test]
async fn a_known_and_an_unknown_address_are_answered_alike() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let mut milda = Desk::new(&house);
        milda.arrive("milda@shop.example").await;
        let before = house.subjects().await.len();
        let mut told = Vec::new();
        for address in ["MILDA@shop.example ", "nobody@shop.example"] {
            let mut desk = Desk::at(&house, "192.0.2.77");
            house.later(seconds(1));
            let (statements, writes) = (house.store.statements(), house.store.writes());
            let page = desk.forget(address).await;
            let cost = (
                house.store.statements() - statements,
                house.store.writes() - writes,
            );
            told.push((page, desk.state.clone(), desk.said(), cost));
        }
        assert_eq!(told[0], told[1], "the page, the session, and what it cost");
        assert_eq!(told[0].0, SENT);
        let subjects = house.subjects().await;
        assert_eq!(subjects.len(), before + 1);
        assert_eq!(subjects[0], "Choose a new password");
        let mut desk = Desk::at(&house, "192.0.2.78");
        assert_eq!(desk.forget(" ").await, "/login/forgot");
        assert_eq!(desk.said(), ["username-missing"]);
    })
    .await;
}

#[tokio::test]
async fn the_link_works_once_ends_other_sessions_and_signs_nobody_in() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let mut milda = Desk::new(&house);
        milda.arrive("milda@shop.example").await;
        house.later(seconds(1));
        let mut lost = Desk::at(&house, "198.51.100.7");
        lost.forget("milda@shop.example").await;
        let letter = house.letter_to("milda@shop.example").await;
        assert!(letter.link.starts_with("cs_pw_"), "{}", letter.link);

        // Looking changes nothing; a bad choice neither.
        assert!(lost.sees(&letter.link).await && lost.sees(&letter.link).await);
        let page = lost.choose(&letter.link, "short").await;
        assert!(page.starts_with("/login/new-password?token="), "{page}");
        assert!(!page.contains("cs_pw_"), "{page}");
        assert_eq!(lost.said(), ["password-length"]);
        let sealed = page.split_once('=').expect("a token").1.to_owned();
        house.later(seconds(1));
        assert_eq!(lost.choose(&sealed, NEW).await, "/login");
        assert_eq!(lost.said(), ["password-changed"]);
        assert_eq!(house.subjects().await[0], "Your password was changed");
        let person = house.engine.person(&lost.visit(), &Place::Home).await;
        assert!(matches!(person, Err(Refusal::SignIn(_))), "nobody is in");

        assert!(!lost.sees(&letter.link).await, "used");
        assert_eq!(lost.choose(&sealed, PASSWORD).await, "/login/forgot");
        lost.said();
        assert_eq!(lost.log_in("milda@shop.example", PASSWORD).await, "/login");
        assert_eq!(lost.log_in("milda@shop.example", NEW).await, "/developer");
    })
    .await;
}

#[tokio::test]
async fn only_the_newest_link_counts_and_not_for_long() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let mut desk = Desk::new(&house);
        desk.arrive("milda@shop.example").await;
        let mut links = Vec::new();
        for _ in 0..2 {
            house.later(seconds(60));
            desk.forget("milda@shop.example").await;
            links.push(house.letter_to("milda@shop.example").await.link);
        }
        assert!(!desk.sees(&links[0]).await && desk.sees(&links[1]).await);
        house.later(seconds(30 * 60 - 1));
        assert!(desk.sees(&links[1]).await);
        house.later(seconds(1));
        assert!(!desk.sees(&links[1]).await);
        assert_eq!(desk.choose(&links[1], NEW).await, "/login/forgot");
        assert!(!desk.sees("nonsense").await);
        let kept = protocol::secret::Secret::parse(&links[1]).expect("a link");
        let kept = find_reset(db.store.reader(), &kept.digest()).await;
        assert!(kept.expect("an answer").is_some(), "its page can say so");
    })
    .await;
}

#[tokio::test]
async fn the_code_stays_needed() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let mut milda = Desk::new(&house);
        milda.arrive("milda@shop.example").await;
        let (seed, _) = milda.enrol().await;
        house.later(seconds(31));
        milda.forget("milda@shop.example").await;
        let link = house.letter_to("milda@shop.example").await.link;
        milda.choose(&link, NEW).await;
        let mut desk = Desk::at(&house, "198.51.100.7");
        assert_eq!(desk.log_in("milda@shop.example", NEW).await, "/login/code");
        let code = house.totp(&seed);
        let page = desk.type_code(Place::LogInCode, "", &code).await;
        assert_eq!(page, "/developer");
    })
    .await;
}

#[tokio::test]
async fn a_mailbox_is_not_flooded_and_nobody_is_told() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        Desk::new(&house).arrive("milda@shop.example").await;
        let before = house.subjects().await.len();
        let mut stranger = Desk::at(&house, "198.51.100.7");
        for _ in 0..12 {
            assert_eq!(stranger.forget("milda@shop.example").await, SENT);
            assert!(stranger.said().is_empty());
        }
        let sent = house.subjects().await.len() - before;
        assert!(sent < 6, "{sent} letters");
    })
    .await;
}

#[tokio::test]
async fn a_pause_ends_with_the_forgotten_password() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let mut desk = Desk::new(&house);
        desk.arrive("milda@shop.example").await;
        for _ in 0..6 {
            desk.log_in("milda@shop.example", "wrong wrong wrong").await;
        }
        assert_eq!(desk.said(), ["paused"]);
        desk.forget("milda@shop.example").await;
        let link = house.letter_to("milda@shop.example").await.link;
        desk.choose(&link, NEW).await;
        assert_eq!(desk.log_in("milda@shop.example", NEW).await, "/developer");
    })
    .await;
}
