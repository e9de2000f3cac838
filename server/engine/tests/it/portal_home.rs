//! The first page of a developer tells how far each app is, and what waits for the team.

use engine::{
    portal::{AppCard, Home, Place, Progress},
    review::{CaseAct, DecisionForm, FieldForm, SuspendForm},
};
use protocol::{client::Environment, registration::Field};
use store::testing::on_each_database;

use crate::{
    house::{House, seconds},
    portal_desk::Desk,
    review_story::{MILDA, REASON, Story, approve, reject},
};

async fn home(story: &Story<'_>) -> Home {
    let engine = &story.house.engine;
    let person = engine.person(&story.team.visit(), &Place::Home).await;
    let home = engine.developer_home(&person.expect("signed in")).await;
    home.expect("storage works")
}

async fn card(story: &Story<'_>) -> AppCard {
    let apps = home(story).await.apps;
    let [card] = &apps[..] else {
        panic!("one app: {apps:?}");
    };
    card.clone()
}

fn draft(complete: usize) -> Progress {
    Progress::Draft { complete, total: 6 }
}

fn sent(position: u64, is_claimed: bool) -> Progress {
    Progress::Sent {
        position,
        is_claimed,
    }
}

#[tokio::test]
async fn a_card_follows_its_app_from_the_first_task_to_the_decision() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let mut petras = Desk::at(&house, "198.51.100.7");
        petras.arrive("petras@other.example").await;
        let person = house.engine.person(&petras.visit(), &Place::Home).await;
        let fresh = house.engine.developer_home(&person.unwrap()).await.unwrap();
        assert_eq!(fresh.apps[0].progress, draft(0), "nothing was filled in");

        // Somebody else was faster.
        let other = Story::of(&house, "ruta@first.example", &["ais"]).await;
        other.send().await.expect("sent");
        house.later(seconds(60));
        let story = Story::of(&house, MILDA, &["ais"]).await;
        assert_eq!(card(&story).await.progress, draft(6));
        story.send().await.expect("sent");
        assert_eq!(card(&story).await.progress, sent(2, false));
        assert_eq!(home(&story).await.median_days, None, "nothing was decided");

        let (mut ona, _) = Desk::admin(&house, "ona").await;
        other.act(&mut ona, CaseAct::Claim).await;
        assert_eq!(
            other.decide(&mut ona, reject()).await,
            ["case-rejected-next"]
        );
        assert_eq!(card(&other).await.progress, Progress::Refused);
        assert_eq!(card(&story).await.progress, sent(1, false));
        assert_eq!(home(&story).await.median_days, Some(1));

        story.act(&mut ona, CaseAct::Claim).await;
        assert_eq!(card(&story).await.progress, sent(1, true));
        for field in ["purpose_en", "app_name"] {
            let ask = FieldForm {
                field: field.to_owned(),
                change: true,
                code: "unclear".to_owned(),
                words: REASON.to_owned(),
                ..FieldForm::default()
            };
            assert!(story.judge(&mut ona, ask).await.is_empty());
        }
        let ask = DecisionForm {
            decision: "request_changes".to_owned(),
            ..DecisionForm::default()
        };
        assert_eq!(
            story.decide(&mut ona, ask).await,
            ["case-changes-requested"]
        );
        let open = |fields: &[Field]| Progress::NeedsChange {
            open: fields.to_vec(),
        };
        let asked = [Field::PurposeEn, Field::AppName];
        assert_eq!(card(&story).await.progress, open(&asked));
        let name = ("app_name", "Biudžetas Plius");
        story.write_registration(&[name], &["ais"]).await;
        assert_eq!(card(&story).await.progress, open(&asked[..1]));
        let sentence = "Adds up what you spend from your accounts each month";
        let both = [name, ("purpose_en", sentence)];
        story.write_registration(&both, &["ais"]).await;
        assert_eq!(card(&story).await.progress, open(&[]), "to be sent again");

        story.send().await.expect("again");
        story.act(&mut ona, CaseAct::Claim).await;
        assert_eq!(
            story.decide(&mut ona, approve(&["ais"])).await,
            ["case-approved"]
        );
        let approved = card(&story).await;
        assert_eq!(approved.progress, Progress::Approved);
        assert!(approved.is_live && approved.off.is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_is_taken_back_is_a_draft_and_what_is_switched_off_says_so() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let story = Story::filled_in(&house, &["ais"]).await;
        story.send().await.expect("sent");
        let token = story.team.token("withdraw");
        let engine = &house.engine;
        let answer = engine
            .withdraw_registration(&story.team.visit(), &token, &story.app)
            .await;
        let mut milda = story.team;
        milda.follow(answer);
        let story = Story {
            team: milda,
            ..story
        };
        assert_eq!(card(&story).await.progress, draft(6));

        let (mut ona, _) = Desk::admin(&house, "ona").await;
        let client = card(&story).await.sandbox_client;
        let token = ona.token("suspend");
        let form = SuspendForm {
            mode: "pause".to_owned(),
            why: "security".to_owned(),
            reason: REASON.to_owned(),
            name: card(&story).await.name,
            ..SuspendForm::default()
        };
        let answer = engine
            .suspend_app(&ona.visit(), &token, &client, form)
            .await;
        ona.follow(answer);
        assert_eq!(ona.said(), ["client-suspended"]);
        assert_eq!(card(&story).await.off, [Environment::Sandbox]);
    })
    .await;
}
