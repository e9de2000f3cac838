//! What the reviewer reads is what people will read.

use engine::review::CaseAct;
use protocol::{
    locale::Locale,
    scope::{Cannot, Cluster},
};
use store::testing::on_each_database;

use crate::{
    house::{House, seconds},
    portal_desk::Desk,
    review_story::{MILDA, Story, approve},
};

const ENGLISH: &str = "Shows what you spend from your accounts, month by month";
const LITHUANIAN: &str = "Parodo, kam kas mėnesį išleidžiate pinigus iš savo sąskaitų";

#[tokio::test]
async fn the_reviewer_reads_the_consent_page_before_people_do() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let story = Story::of(&house, MILDA, &["ais", "wallet"]).await;
        story.send().await.expect("sent");
        let (ona, _) = Desk::admin(&house, "ona").await;

        let page = story.page_for(&ona).await;
        let preview = page.preview(Locale::Lt);
        let [web, machine] = &preview.ways[..] else {
            panic!("two places to go back to: {:?}", preview.ways);
        };
        assert_eq!(web.name, "Biudžetas");
        assert_eq!(web.legal_name.as_deref(), Some("UAB Biudžetas"));
        assert_eq!(web.verified_domain.as_deref(), Some("biudzetas.lt"));
        assert_eq!(web.since, house.now(), "people would meet it today");
        assert!(!web.sandbox);
        let purpose = web.purpose.clone().expect("a sentence");
        assert_eq!((purpose.locale, &*purpose.text), (Locale::Lt, LITHUANIAN));
        assert_eq!(machine.return_host, "127.0.0.1");
        assert!(machine.return_host_differs);
        assert!(preview.can.contains(&Cluster::WalletBalance));
        assert!(preview.cannot.contains(&Cannot::MoveMoney));
        assert_eq!(preview.approved, None, "nobody has read anything yet");
        // Nobody wrote a Russian sentence: people would read the English one.
        let russian = page.preview(Locale::Ru).ways[0].purpose.clone();
        let russian = russian.expect("a sentence");
        assert_eq!((russian.locale, &*russian.text), (Locale::En, ENGLISH));
    })
    .await;
}

#[tokio::test]
async fn a_new_sentence_stands_beside_the_one_that_people_know() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let story = Story::of(&house, MILDA, &["ais", "wallet"]).await;
        story.send().await.expect("sent");
        let (mut ona, _) = Desk::admin(&house, "ona").await;
        assert!(story.act(&mut ona, CaseAct::Claim).await.is_empty());
        assert_eq!(
            story.decide(&mut ona, approve(&["ais"])).await,
            ["case-approved"]
        );
        let let_in = house.now();
        // As it was approved: with less than it asked for.
        let preview = story.page_for(&ona).await.preview(Locale::En);
        assert!(!preview.can.contains(&Cluster::WalletBalance));
        assert!(preview.cannot.contains(&Cannot::MoveMoney));

        house.later(seconds(60 * 24 * 3600));
        let sentence = "Shows what you spend and save from your accounts, month by month";
        let changes = [("purpose_en", sentence)];
        story.write_registration(&changes, &["ais", "wallet"]).await;
        story.all_green().await;
        story.send().await.expect("a change");
        let page = {
            let (ona, _) = Desk::admin(&house, "ieva").await;
            story.page_for(&ona).await
        };
        let preview = page.preview(Locale::En);
        let app = &preview.ways[0];
        assert_eq!(app.since, let_in, "people know it since then");
        assert_eq!(app.purpose.clone().expect("a sentence").text, sentence);
        assert_eq!(preview.approved.expect("the known one").text, ENGLISH);
        let lithuanian = page.preview(Locale::Lt);
        assert_eq!(
            lithuanian.approved, lithuanian.ways[0].purpose,
            "nothing is new there"
        );
    })
    .await;
}
