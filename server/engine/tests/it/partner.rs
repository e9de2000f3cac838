//! A partner of PhonePe and Pincode at the portal: O-Bearer tokens of the sandbox at once, and with real
//! money once a reviewer has seen and approved that way of speaking.

use engine::{client_authentication::Refused, portal::Place, review::CaseAct};
use protocol::{
    client::{AuthMethod, DialectName, Environment, GrantType},
    dialects::{Dialect as _, DoorPurpose, OBearer, token_door},
    form::RawForm,
    ids::ClientId,
    registration::{Field, FieldChange, Speech},
    token::TokenAnswer,
};
use store::{
    clients::{ClientRecord, find_client},
    testing::on_each_database,
};

use crate::{
    house::{App, House, access_token, code_of, refresh_token, request, seconds, served},
    portal_desk::Desk,
    review_story::{MILDA, Story, approve},
};

const PINCODE: &str = "/olympus/im/v1/oauth/token";

/// What a partner chooses: its own words, and no address to come back to.
const PARTNER: [(&str, &str); 2] = [("speech", "phonepe"), ("redirect_uri", "")];

/// What the documents of the partner send: everything in the body.
async fn ask(house: &House, app: &App, more: &[(&str, &str)]) -> Result<TokenAnswer, Refused> {
    let secret = app.secret.as_deref().expect("a secret");
    let mut all = vec![("client_id", app.id.as_str()), ("client_secret", secret)];
    all.extend(more);
    let form = RawForm::from_pairs(all);
    let mut asked = request(&form, None);
    asked.door = token_door(PINCODE, &form).expect("a door");
    served(house.engine.token(&asked).await)
}

/// A first token, what it looks like on the wire, and the pair that takes its place.
async fn speaks_o_bearer(house: &House, app: &App) {
    let first = ask(house, app, &[("grant_type", "client_credentials")]).await;
    let first = first.expect("a token");
    let door = OBearer.doors().first().expect("Pincode's door");
    let wire = OBearer.answer(door, &first, house.now());
    assert_eq!(wire["token_type"], "O-Bearer");
    assert_eq!(wire["expires_in"], 86_400);
    assert_eq!(
        wire["expires_at"].as_i64().expect("a number")
            - wire["issued_at"].as_i64().expect("a number"),
        86_400_000
    );
    house.later(seconds(80_000));
    assert!(house.is_active(app, &access_token(&first)).await);
    let mut pair = first;
    for grant in ["refresh_token", "client_credentials"] {
        let (token, refresh) = (access_token(&pair), refresh_token(&pair));
        let renewal = [
            ("grant_type", grant),
            ("token", &token),
            ("refresh_token", &refresh),
        ];
        pair = ask(house, app, &renewal).await.expect("a new pair");
        assert!(house.is_active(app, &access_token(&pair)).await);
    }
}

async fn record(house: &House, id: &ClientId) -> ClientRecord {
    let found = find_client(house.store.reader(), id).await;
    found.expect("an answer").expect("the client")
}

/// The bank lets in what was sent.
async fn let_in(story: &Story<'_>, admin: &mut Desk<'_>) {
    story.send().await.expect("sent");
    assert!(story.act(admin, CaseAct::Claim).await.is_empty());
    let said = story.decide(admin, approve(&["ais"])).await;
    assert_eq!(said, ["case-approved"]);
}

/// The team follows the link of the letter to the secret.
async fn fetch_secret(story: &mut Story<'_>) -> App {
    let engine = &story.house.engine;
    let link = story.house.letter_to(MILDA).await.link;
    let team = &mut story.team;
    team.enrol().await;
    let token = team.token("secret-link");
    let answer = engine.use_secret_link(&team.visit(), &token, &link).await;
    let page = Place::Credentials(story.app.clone(), Environment::Live).path();
    assert_eq!(team.follow(answer), page);
    let keys = engine
        .credentials_view(&team.visit(), &story.app, Environment::Live)
        .await
        .expect("the page");
    assert_eq!(keys.partner_addresses.len(), 4);
    App {
        id: keys.client_id,
        secret: Some(keys.shown.expect("the secret").text),
    }
}

#[tokio::test]
async fn the_sandbox_client_of_a_new_app_speaks_it_at_once() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let mut desk = Desk::new(&house);
        let app = desk.arrive(MILDA).await;
        let keys = house
            .engine
            .credentials_view(&desk.visit(), &app, Environment::Sandbox)
            .await
            .expect("the page");
        let app = App {
            id: keys.client_id,
            secret: Some(keys.shown.expect("on screen").text),
        };
        speaks_o_bearer(&house, &app).await;
        // At the standard door the same client is spoken to as the standard has it.
        let secret = app.secret.as_deref().expect("a secret");
        let own = [("grant_type", "client_credentials")];
        let standard = house.token(&app, &own).await.expect(secret);
        let lifetime = standard.expires_at.since(standard.issued_at);
        assert_eq!(lifetime, seconds(3600));
        assert!(standard.refresh_token.is_none());
    })
    .await;
}

#[tokio::test]
async fn a_partner_is_reviewed_as_one_and_its_live_credentials_get_o_bearer_tokens() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let mut story = Story::filled_in(&house, &["ais"]).await;
        story.write_registration(&PARTNER, &["ais"]).await;
        let (mut ona, _) = Desk::admin(&house, "ona").await;
        let case = story.send().await.expect("sent");
        let speech = case.submission.value(Field::Speech);
        assert_eq!(speech.as_deref(), Some(Speech::PhonePe.as_str()));
        assert_eq!(case.submission.value(Field::RedirectUri), None);
        assert!(story.act(&mut ona, CaseAct::Claim).await.is_empty());
        assert_eq!(
            story.decide(&mut ona, approve(&["ais"])).await,
            ["case-approved"]
        );

        let (_, letter) = &story.letters().await[0];
        let doors = OBearer.doors().iter();
        for door in doors.filter(|door| door.purpose == DoorPurpose::Token) {
            let address = format!("{}{}", house.engine.env().settings.public_url, door.path);
            assert!(letter.contains(&address), "{address} in {letter}");
        }
        let app = fetch_secret(&mut story).await;
        assert_eq!(story.live_client().await.as_ref(), Some(&app.id));
        let client = record(&house, &app.id).await.client;
        assert_eq!(client.dialects, [DialectName::Bearer, DialectName::OBearer]);
        assert_eq!(client.auth_method, AuthMethod::ClientSecretPost);
        assert_eq!(
            client.grants,
            [GrantType::RefreshToken, GrantType::ClientCredentials],
            "nobody can be sent back to it"
        );
        speaks_o_bearer(&house, &app).await;
    })
    .await;
}

#[tokio::test]
async fn an_app_that_was_not_approved_for_it_gets_it_by_a_reviewed_change_and_loses_it_by_another()
{
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let story = Story::filled_in(&house, &["ais"]).await;
        let (mut ona, _) = Desk::admin(&house, "ona").await;
        let_in(&story, &mut ona).await;
        let (_, letter) = &story.letters().await[0];
        assert!(!letter.contains(PINCODE), "{letter}");
        let id = story.live_client().await.expect("a client");
        assert_eq!(
            record(&house, &id).await.client.dialects,
            [DialectName::Bearer]
        );

        // The same addresses, other words: the reviewer sees that one field.
        story
            .write_registration(&[("speech", "phonepe")], &["ais"])
            .await;
        story.send().await.expect("sent");
        let page = story.page_for(&ona).await;
        let change = FieldChange {
            field: Field::Speech,
            before: Some("standard".to_owned()),
            after: Some("phonepe".to_owned()),
        };
        assert_eq!(page.changes, [change]);
        assert!(story.act(&mut ona, CaseAct::Claim).await.is_empty());
        let app = house
            .another_secret(
                &App {
                    id: id.clone(),
                    secret: None,
                },
                None,
            )
            .await;
        let own = [("grant_type", "client_credentials")];
        let early = ask(&house, &app, &own).await;
        assert_eq!(code_of(&early), Some("unauthorized_client"));
        assert_eq!(
            story.decide(&mut ona, approve(&["ais"])).await,
            ["case-approved"]
        );
        let (_, letter) = &story.letters().await[0];
        assert!(letter.contains(PINCODE), "{letter}");
        let client = record(&house, &id).await.client;
        assert!(client.allows(GrantType::AuthorizationCode));
        speaks_o_bearer(&house, &app).await;

        story
            .write_registration(&[("speech", "standard")], &["ais"])
            .await;
        // A day later another admin is at the desk.
        let (mut petras, _) = Desk::admin(&house, "petras").await;
        let_in(&story, &mut petras).await;
        let late = ask(&house, &app, &own).await;
        assert_eq!(code_of(&late), Some("unauthorized_client"));
        assert!(house.token(&app, &own).await.is_ok(), "the standard stays");
    })
    .await;
}
