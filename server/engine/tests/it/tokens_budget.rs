//! How many statements a request may cost. What is not counted here is not kept.

use store::testing::on_each_database;

use crate::house::{House, refresh_token};

/// What a piece of work cost: SQL statements, and writes (transactions or appended rows).
async fn cost<T>(house: &House, work: impl Future<Output = T>) -> (T, u64, u64) {
    let (statements, writes) = (house.store.statements(), house.store.writes());
    let outcome = work.await;
    (
        outcome,
        house.store.statements() - statements,
        house.store.writes() - writes,
    )
}

#[tokio::test]
async fn each_request_keeps_within_its_budget() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let ona = house.person("ona").await;

        let credentials = [("grant_type", "client_credentials")];
        let (token, statements, writes) = cost(&house, house.token(&app, &credentials)).await;
        token.expect("a token");
        assert_eq!(
            (statements, writes),
            (2, 1),
            "a client that is not in memory costs one read"
        );
        let (token, statements, writes) = cost(&house, house.token(&app, &credentials)).await;
        let own = token.expect("a token");
        assert_eq!(
            (statements, writes),
            (1, 1),
            "client_credentials: no read, one row"
        );

        let grant = house.grant(&app, &ona, "wallet").await;
        let (tokens, statements, writes) = cost(&house, house.exchange(&app, &grant)).await;
        let tokens = tokens.expect("tokens");
        assert_eq!(writes, 1, "an exchange: one transaction");
        assert_eq!(
            statements,
            1 + 5,
            "one read; code, family, two tokens, audit"
        );

        let (answer, statements, writes) =
            cost(&house, house.refresh(&app, &refresh_token(&tokens))).await;
        let refreshed = answer.expect("a new pair");
        assert_eq!(writes, 1, "a refresh: one transaction");
        assert_eq!(statements, 1 + 3, "it reads, rotates and writes two tokens");
        let (answer, statements, writes) =
            cost(&house, house.refresh(&app, &refresh_token(&tokens))).await;
        answer.expect("the same pair");
        assert_eq!((statements, writes), (1, 1), "a repetition only reads");

        for (name, token, first_use) in [
            ("exchange", &tokens, 0),
            ("client_credentials", &own, 0),
            ("refresh", &refreshed, 1),
        ] {
            let text = token.access_token.expose();
            let (active, statements, writes) = cost(&house, house.is_active(&app, text)).await;
            assert!(active);
            assert_eq!(
                statements,
                1 + first_use,
                "introspection: one indexed read ({name})"
            );
            assert_eq!(
                writes, first_use,
                "the first use of a refreshed token is noted once ({name})"
            );
            let (active, statements, writes) = cost(&house, house.is_active(&app, text)).await;
            assert!(active);
            assert_eq!(
                (statements, writes),
                (0, 0),
                "introspection from memory ({name})"
            );
            let (access, statements, writes) =
                cost(&house, house.engine.access(&token.access_token)).await;
            assert!(access.expect("storage").is_ok());
            assert_eq!(
                (statements, writes),
                (0, 0),
                "a resource request from memory ({name})"
            );
        }

        let (active, statements, writes) =
            cost(&house, house.is_active(&app, "no token of ours")).await;
        assert!(!active);
        assert_eq!(
            (statements, writes),
            (0, 0),
            "what we never made never reaches the store"
        );
    })
    .await;
}
