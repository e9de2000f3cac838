//! Tokens at the doors of PhonePe and Pincode: an app's own token with a refresh token beside it.

use engine::{access::Inactive, client_authentication::Refused};
use protocol::{
    client::{DialectName, GrantType},
    dialects::token_door,
    secret::Secret,
    token::TokenAnswer,
};
use store::testing::on_each_database;

use crate::house::{
    App, House, access_token, code_of, refresh_token, request, scope, seconds, served,
};

const PINCODE: &str = "/olympus/im/v1/oauth/token";
const GATEWAY: &str = "/apis/pg-sandbox/v1/oauth/token";

async fn partner(house: &House) -> App {
    house
        .app_with("market", |record| {
            record.client.dialects = vec![DialectName::OBearer];
            record.client.grants = GrantType::ALL.to_vec();
        })
        .await
}

/// A token request with the client's credentials in the body, as the documents have it.
async fn at(
    house: &House,
    app: &App,
    path: &str,
    parameters: &[(&str, &str)],
) -> Result<TokenAnswer, Refused> {
    let secret = app.secret.as_deref().expect("a secret");
    let mut all = vec![("client_id", app.id.as_str()), ("client_secret", secret)];
    all.extend(parameters);
    let form = protocol::form::RawForm::from_pairs(all);
    let mut asked = request(&form, None);
    asked.door = token_door(path, &form).expect("a door");
    served(house.engine.token(&asked).await)
}

async fn first(house: &House, app: &App) -> TokenAnswer {
    at(house, app, PINCODE, &[("grant_type", "client_credentials")])
        .await
        .expect("a first token")
}

async fn renew(house: &House, app: &App, answer: &TokenAnswer) -> Result<TokenAnswer, Refused> {
    renew_with(house, app, &access_token(answer), &refresh_token(answer)).await
}

async fn renew_with(
    house: &House,
    app: &App,
    token: &str,
    refresh: &str,
) -> Result<TokenAnswer, Refused> {
    let parameters = [
        ("grant_type", "client_credentials"),
        ("token", token),
        ("refresh_token", refresh),
    ];
    at(house, app, PINCODE, &parameters).await
}

/// What stands in the way of a token, if anything does.
async fn fault(house: &House, token: &str) -> Option<Inactive> {
    let token = Secret::parse(token).expect("a token of ours");
    house.engine.access(&token).await.expect("storage").err()
}

#[tokio::test]
async fn only_pincodes_door_gives_an_apps_own_token_a_refresh_token() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = partner(&house).await;
        assert!(first(&house, &app).await.refresh_token.is_some());
        let families = "SELECT COUNT(*) FROM token_families";
        assert_eq!(db.number(families).await, 1);
        let own = [("grant_type", "client_credentials")];
        for path in [GATEWAY, "/oauth/token"] {
            let answer = at(&house, &app, path, &own).await.expect(path);
            assert!(answer.refresh_token.is_none(), "{path}");
        }
        assert_eq!(db.number(families).await, 1);
        let without = house
            .app_with("kiosk", |record| {
                record.client.dialects = vec![DialectName::OBearer];
                record.client.grants = vec![GrantType::ClientCredentials];
            })
            .await;
        assert!(first(&house, &without).await.refresh_token.is_none());
    })
    .await;
}

#[tokio::test]
async fn an_own_token_is_renewed_once_however_often_the_answer_is_lost() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = partner(&house).await;
        let one = first(&house, &app).await;
        house.later(seconds(86_300));
        let two = renew(&house, &app, &one).await.expect("a new pair");
        assert_ne!(access_token(&one), access_token(&two));
        assert_eq!(two.scope, scope("transferFunds wallet ais"));
        house.later(seconds(5));
        let again = renew(&house, &app, &one).await.expect("the same pair");
        assert_eq!(access_token(&again), access_token(&two));
        assert_eq!(refresh_token(&again), refresh_token(&two));
        assert_eq!(fault(&house, &access_token(&two)).await, None);
        house.later(seconds(600));
        let three = renew(&house, &app, &two).await.expect("the chain goes on");
        assert_eq!(fault(&house, &access_token(&three)).await, None);
        assert_eq!(
            fault(&house, &access_token(&one)).await,
            Some(Inactive::Expired)
        );
    })
    .await;
}

#[tokio::test]
async fn a_copied_refresh_token_ends_the_session_and_a_first_request_begins_another() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = partner(&house).await;
        let one = first(&house, &app).await;
        let two = renew(&house, &app, &one).await.expect("a new pair");
        house.later(seconds(11));
        let copied = renew(&house, &app, &one).await;
        assert_eq!(code_of(&copied), Some("invalid_grant"));
        let ended = fault(&house, &access_token(&two)).await;
        assert_eq!(ended, Some(Inactive::FamilyRevoked));
        assert!(ended.is_some_and(Inactive::is_end_of_session));
        let refused = renew(&house, &app, &two).await;
        assert_eq!(code_of(&refused), Some("invalid_grant"));
        let anew = first(&house, &app).await;
        assert_eq!(fault(&house, &access_token(&anew)).await, None);
    })
    .await;
}

#[tokio::test]
async fn the_token_of_another_grant_renews_nothing_and_breaks_nothing() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = partner(&house).await;
        let (one, other) = (first(&house, &app).await, first(&house, &app).await);
        let crossed = renew_with(&house, &app, &access_token(&other), &refresh_token(&one)).await;
        assert_eq!(code_of(&crossed), Some("invalid_grant"));
        let made_up = renew_with(&house, &app, "1231239skdjhf28dh", &refresh_token(&one)).await;
        assert_eq!(code_of(&made_up), Some("invalid_grant"));
        assert!(renew(&house, &app, &one).await.is_ok());
        assert!(renew(&house, &app, &other).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn a_client_of_another_dialect_finds_the_door_closed() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let own = [("grant_type", "client_credentials")];
        for path in [PINCODE, GATEWAY] {
            let refused = at(&house, &app, path, &own).await;
            assert_eq!(code_of(&refused), Some("unauthorized_client"), "{path}");
        }
    })
    .await;
}
