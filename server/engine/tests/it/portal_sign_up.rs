//! Strangers sign up: what is asked, what is told, and what confirms an address.

use engine::portal::SignUp;
use store::testing::on_each_database;

use crate::{
    house::{House, seconds},
    portal_desk::{Desk, PASSWORD, other_code, stranger},
};

#[tokio::test]
async fn what_is_missing_is_said_and_what_was_typed_is_kept() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let mut desk = Desk::new(&house);
        let nonsense = SignUp {
            email: "milda".to_owned(),
            name: " ".to_owned(),
            password: "short".to_owned(),
            next: String::new(),
            terms: false,
        };
        assert_eq!(desk.sign_up_as(nonsense).await, "/signup");
        let flash = desk.state.flash.clone().expect("complaints");
        assert_eq!(flash.typed.get("email"), "milda");
        assert!(
            !format!("{:?}", desk.state).contains("short"),
            "no password is kept"
        );
        assert_eq!(
            desk.said(),
            [
                "email-malformed",
                "name-missing",
                "password-length",
                "terms-missing"
            ],
        );
        assert!(house.engine.mailbox(1).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_form_of_elsewhere_or_of_another_browser_does_nothing() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let mut desk = Desk::new(&house);
        let other = Desk::at(&house, "198.51.100.7").token("signup");
        let sign_up = house
            .engine
            .sign_up(&desk.visit(), &other, stranger("milda@shop.example"))
            .await;
        assert_eq!(desk.follow(sign_up), "/signup");
        assert_eq!(desk.said(), ["send-again"]);
        let of_another_form = desk.token("login");
        let sign_up = house
            .engine
            .sign_up(
                &desk.visit(),
                &of_another_form,
                stranger("milda@shop.example"),
            )
            .await;
        desk.follow(sign_up);
        assert_eq!(desk.said(), ["send-again"]);
        desk.same_origin = false;
        assert_eq!(desk.sign_up("milda@shop.example").await, "/signup");
        assert!(house.engine.mailbox(1).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn five_wrong_codes_end_a_sign_up() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let mut desk = Desk::new(&house);
        desk.sign_up("milda@shop.example").await;
        let letter = house.letter_to("milda@shop.example").await;
        let wrong = other_code(&letter.code);
        for _ in 0..4 {
            assert_eq!(desk.type_mail_code(&wrong).await, "/signup/check-mail");
            assert_eq!(desk.said(), ["mail-code-wrong"]);
        }
        assert_eq!(desk.type_mail_code(&wrong).await, "/signup");
        assert_eq!(desk.said(), ["sign-up-over"]);
        // Neither the right code nor the link is good any more.
        let mut desk = Desk::new(&house);
        assert_eq!(desk.press_link(&letter.link).await, "/signup");
        assert_eq!(desk.log_in("milda@shop.example", PASSWORD).await, "/login");
    })
    .await;
}

#[tokio::test]
async fn code_and_link_are_good_for_fifteen_minutes() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let mut desk = Desk::new(&house);
        desk.sign_up("milda@shop.example").await;
        let letter = house.letter_to("milda@shop.example").await;
        house.later(seconds(900));
        assert_eq!(desk.press_link(&letter.link).await, "/signup");
        desk.sign_up("milda@shop.example").await;
        house.later(seconds(900));
        let code = house.letter_to("milda@shop.example").await.code;
        assert_eq!(desk.type_mail_code(&code).await, "/signup");
        assert_eq!(desk.said(), ["sign-up-over"]);
    })
    .await;
}

#[tokio::test]
async fn a_link_works_elsewhere_and_signs_nobody_in_there() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let mut desk = Desk::new(&house);
        desk.sign_up("milda@shop.example").await;
        let link = house.letter_to("milda@shop.example").await.link;
        let mut phone = Desk::at(&house, "198.51.100.7");
        // Looking at the page confirms nothing.
        let page = house.engine.linked_sign_up(&phone.visit(), &link).await;
        assert_eq!(page.expect("a page").email, "milda@shop.example");
        assert_eq!(phone.log_in("milda@shop.example", PASSWORD).await, "/login");
        assert_eq!(phone.said(), ["details-wrong"]);
        assert_eq!(phone.press_link(&link).await, "/login");
        assert_eq!(phone.said(), ["address-confirmed"]);
        assert_eq!(
            phone.log_in("milda@shop.example", PASSWORD).await,
            "/developer"
        );
        // The second time, and the code beside it, lead to the same account.
        assert_eq!(phone.press_link(&link).await, "/developer");
        let code = house.letter_to("milda@shop.example").await.code;
        assert_eq!(desk.type_mail_code(&code).await, "/login");
        assert_eq!(desk.said(), ["address-confirmed"]);
    })
    .await;
}

#[tokio::test]
async fn a_known_address_sees_the_same_page_and_gets_another_letter() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        Desk::new(&house).arrive("milda@shop.example").await;
        let mut stranger = Desk::at(&house, "198.51.100.7");
        let page = stranger.sign_up("Milda@shop.example").await;
        assert_eq!(page, "/signup/check-mail");
        assert!(
            house
                .engine
                .waiting_sign_up(&stranger.visit())
                .await
                .is_ok()
        );
        let letter = house.letter_to("Milda@shop.example").await;
        assert_eq!(letter.subject, "You already have an account");
        assert_eq!((letter.code.as_str(), letter.link.as_str()), ("", ""));
        assert_eq!(
            stranger.type_mail_code("123456").await,
            "/signup/check-mail"
        );
        assert_eq!(stranger.said(), ["mail-code-wrong"]);
    })
    .await;
}

#[tokio::test]
async fn two_who_sign_up_with_one_address_get_one_account() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let mut first = Desk::new(&house);
        let mut second = Desk::at(&house, "198.51.100.7");
        first.sign_up("milda@shop.example").await;
        let one = house.letter_to("milda@shop.example").await.code;
        house.later(seconds(1));
        second.sign_up("milda@shop.example").await;
        let two = house.letter_to("milda@shop.example").await.code;
        assert!(
            first
                .type_mail_code(&one)
                .await
                .starts_with("/developer/apps/")
        );
        assert_eq!(second.type_mail_code(&two).await, "/login");
        assert_eq!(db.number("SELECT COUNT(*) FROM teams").await, 1);
    })
    .await;
}

#[tokio::test]
async fn another_letter_takes_the_place_of_the_first() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let mut desk = Desk::new(&house);
        desk.sign_up("milda@shop.example").await;
        let first = house.letter_to("milda@shop.example").await;
        let resend = async |desk: &mut Desk<'_>| {
            let token = desk.token("resend");
            let answer = house.engine.resend_letter(&desk.visit(), &token).await;
            assert_eq!(desk.follow(answer), "/signup/check-mail");
            desk.said()
        };
        house.later(seconds(29));
        assert_eq!(resend(&mut desk).await, ["letter-too-soon"]);
        house.later(seconds(1));
        assert_eq!(resend(&mut desk).await, ["mail-sent-again"]);
        let second = house.letter_to("milda@shop.example").await;
        assert_ne!(first.code, second.code);
        assert_eq!(desk.type_mail_code(&first.code).await, "/signup/check-mail");
        assert_eq!(desk.press_link(&first.link).await, "/signup");
        let mut desk = Desk::at(&house, "198.51.100.7");
        assert_eq!(desk.press_link(&second.link).await, "/login");
    })
    .await;
}

#[tokio::test]
async fn nobody_floods_a_mailbox() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let mut desk = Desk::new(&house);
        for _ in 0..5 {
            assert_eq!(
                desk.sign_up("milda@shop.example").await,
                "/signup/check-mail"
            );
        }
        assert_eq!(desk.sign_up("milda@shop.example").await, "/signup");
        assert_eq!(desk.said(), ["paused"]);
        assert_eq!(house.engine.mailbox(20).await.unwrap().len(), 5);
    })
    .await;
}
