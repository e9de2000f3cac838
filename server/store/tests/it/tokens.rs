//! Families, access tokens and refresh tokens.

use protocol::{
    client::ClientStatus,
    grants::refresh_token,
    ids::{ClientId, ConsentId, FamilyId, UserId},
    secret::{Digest, RefreshToken},
};
use store::{
    Advanced, Error, Row,
    access_tokens::{
        AccessTokenFound, AccessTokenRecord, TokenClient, advance_access_token_revoked,
        advance_access_token_used, advance_access_tokens_revoked_of_client, find_access_token,
        find_access_tokens_of_family, insert_access_token,
    },
    families::{
        FamilyRecord, RevokeReason, advance_families_revoked_of_client,
        advance_families_revoked_of_consent, advance_families_revoked_of_user,
        advance_family_expiry, advance_family_revoked, find_family, insert_family,
    },
    refresh_tokens::{
        RefreshTokenRecord, Successor, advance_refresh_token_revoked, advance_refresh_token_used,
        find_refresh_token, insert_refresh_token,
    },
    testing::on_each_database,
};
use tokio::task::JoinSet;

use crate::samples::{
    NOW, access_token, after, consent, digest, family, machine_token, ona,
    refresh_token as a_refresh_token, with_grant,
};

fn shop() -> TokenClient {
    TokenClient {
        name: "The shop shop".to_owned(),
        status: ClientStatus::Active,
    }
}

#[tokio::test]
async fn an_access_token_is_found_with_all_that_decides_about_it() {
    on_each_database(async |db| {
        with_grant(db).await;
        let before = db.store.statements();
        let found = find_access_token(db.store.reader(), &digest(1)).await;
        assert_eq!(db.store.statements() - before, 1, "one statement");
        let expected = AccessTokenFound {
            token: access_token(1, "family", "consent"),
            client: Some(shop()),
            family: Some(family("family", "consent")),
            consent: Some(consent("consent")),
            user: Some(ona()),
        };
        assert_eq!(found, Ok(Some(expected)));
        assert_eq!(
            find_access_token(db.store.reader(), &digest(2)).await,
            Ok(None)
        );
        let family = FamilyId::new("family");
        let of_family = find_access_tokens_of_family(db.store.reader(), &family).await;
        assert_eq!(of_family, Ok(vec![digest(1)]));
    })
    .await;
}

#[tokio::test]
async fn a_machine_token_has_nobody_behind_it() {
    on_each_database(async |db| {
        db.store
            .append(Row::AccessToken(machine_token(5)))
            .await
            .unwrap();
        let found = find_access_token(db.store.reader(), &digest(5)).await;
        let expected = AccessTokenFound {
            token: machine_token(5),
            client: None,
            family: None,
            consent: None,
            user: None,
        };
        assert_eq!(found, Ok(Some(expected)));
    })
    .await;
}

#[tokio::test]
async fn an_access_token_is_first_used_once_and_revoked_once() {
    on_each_database(async |db| {
        with_grant(db).await;
        db.store
            .append(Row::AccessToken(machine_token(5)))
            .await
            .unwrap();
        let changed: Result<_, Error> = db
            .store
            .write(|tx| {
                Box::pin(async move {
                    let one = [
                        advance_access_token_used(tx, &digest(1), after(1)).await?,
                        advance_access_token_used(tx, &digest(1), after(2)).await?,
                        advance_access_token_revoked(tx, &digest(1), after(3)).await?,
                        advance_access_token_revoked(tx, &digest(1), after(4)).await?,
                        advance_access_token_revoked(tx, &digest(9), after(4)).await?,
                    ];
                    let shop = ClientId::new("shop");
                    let rest = advance_access_tokens_revoked_of_client(tx, &shop, after(5)).await?;
                    Ok((one.map(Advanced::is_yes), rest))
                })
            })
            .await;
        assert_eq!(changed, Ok(([true, false, true, false, false], 1)));
        let found = find_access_token(db.store.reader(), &digest(1)).await;
        let expected = AccessTokenRecord {
            first_used_at: Some(after(1)),
            revoked_at: Some(after(3)),
            ..access_token(1, "family", "consent")
        };
        assert_eq!(found.unwrap().unwrap().token, expected);
    })
    .await;
}

#[tokio::test]
async fn revoking_a_family_is_seen_through_its_tokens() {
    on_each_database(async |db| {
        with_grant(db).await;
        let changed: Result<_, Error> = db
            .store
            .write(|tx| {
                Box::pin(async move {
                    let family = FamilyId::new("family");
                    let replay = RevokeReason::RefreshReplayed;
                    Ok([
                        advance_family_expiry(tx, &family, after(500)).await?,
                        advance_family_expiry(tx, &family, after(5000)).await?,
                        advance_family_revoked(tx, &family, replay, after(7)).await?,
                        advance_family_revoked(tx, &family, RevokeReason::ClientAsked, after(8))
                            .await?,
                    ])
                })
            })
            .await;
        assert_eq!(
            changed.map(|c| c.map(Advanced::is_yes)),
            Ok([false, true, true, false])
        );
        let expected = FamilyRecord {
            revoked: Some((after(7), RevokeReason::RefreshReplayed)),
            expires_at: after(5000),
            ..family("family", "consent")
        };
        let reader = db.store.reader();
        let by_access = find_access_token(reader, &digest(1))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(by_access.family.as_ref(), Some(&expected));
        let by_refresh = find_refresh_token(reader, &digest(1))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(by_refresh.family, expected);
        let itself = find_family(reader, &FamilyId::new("family")).await;
        assert_eq!(itself, Ok(Some(expected)));
    })
    .await;
}

#[tokio::test]
async fn families_are_revoked_by_consent_client_and_person() {
    on_each_database(async |db| {
        let revoked: Result<_, Error> = db
            .store
            .write(|tx| {
                Box::pin(async move {
                    for (id, of_consent) in [("a", "one"), ("b", "one"), ("c", "two"), ("d", "two")]
                    {
                        insert_family(tx, &family(id, of_consent)).await?;
                    }
                    let mut of_other = family("e", "three");
                    of_other.client_id = ClientId::new("other");
                    insert_family(tx, &of_other).await?;
                    let reason = RevokeReason::ConsentEnded;
                    let _ = advance_family_revoked(tx, &FamilyId::new("a"), reason, NOW).await?;
                    let one = ConsentId::new("one");
                    let shop = ClientId::new("shop");
                    let ona = UserId::new("user-ona");
                    let mut revoked = [
                        advance_families_revoked_of_consent(tx, &one, reason, NOW).await?,
                        advance_families_revoked_of_client(tx, &shop, reason, NOW).await?,
                        advance_families_revoked_of_user(tx, &ona, reason, NOW).await?,
                        advance_families_revoked_of_user(tx, &ona, reason, NOW).await?,
                    ];
                    revoked.iter_mut().for_each(|ids| ids.sort());
                    Ok(revoked)
                })
            })
            .await;
        let ids = |ids: &[&str]| ids.iter().map(|id| FamilyId::new(*id)).collect::<Vec<_>>();
        assert_eq!(
            revoked,
            Ok([ids(&["b"]), ids(&["c", "d"]), ids(&["e"]), ids(&[])])
        );
    })
    .await;
}

fn successor(number: u64) -> Successor {
    Successor {
        refresh_token: digest(number),
        access_token: digest(number),
        sealed_answer: vec![number as u8; 100],
    }
}

#[tokio::test]
async fn a_refresh_token_knows_what_became_of_its_successor() {
    on_each_database(async |db| {
        with_grant(db).await;
        let reader = db.store.reader();
        let before = db.store.statements();
        let found = find_refresh_token(reader, &digest(1))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(db.store.statements() - before, 1, "one statement");
        assert_eq!(found.token, a_refresh_token(1, "family"));
        assert_eq!(found.family, family("family", "consent"));
        assert_eq!(found.consent, Some(consent("consent")));
        assert_eq!((found.user, found.successor), (Some(ona()), None));

        let rotated: Result<_, Error> = db
            .store
            .write(|tx| {
                Box::pin(async move {
                    insert_access_token(tx, &access_token(2, "family", "consent")).await?;
                    insert_refresh_token(tx, &a_refresh_token(2, "family")).await?;
                    advance_refresh_token_used(tx, &digest(1), &successor(2), after(10)).await
                })
            })
            .await;
        assert_eq!(rotated, Ok(Advanced::Yes));
        let found = find_refresh_token(reader, &digest(1))
            .await
            .unwrap()
            .unwrap();
        let used = RefreshTokenRecord {
            used: Some((after(10), successor(2))),
            ..a_refresh_token(1, "family")
        };
        assert_eq!(found.token, used);
        let untouched = refresh_token::Successor {
            access_first_used: None,
            refresh_used: false,
        };
        assert_eq!(found.successor, Some(untouched));

        let used: Result<(), Error> = db
            .store
            .write(|tx| {
                Box::pin(async move {
                    let _ = advance_access_token_used(tx, &digest(2), after(12)).await?;
                    let _ = advance_refresh_token_used(tx, &digest(2), &successor(3), after(13))
                        .await?;
                    Ok(())
                })
            })
            .await;
        assert_eq!(used, Ok(()));
        let found = find_refresh_token(reader, &digest(1))
            .await
            .unwrap()
            .unwrap();
        let touched = refresh_token::Successor {
            access_first_used: Some(after(12)),
            refresh_used: true,
        };
        assert_eq!(found.successor, Some(touched));
        // Of the third nothing was written: like one that was swept.
        let found = find_refresh_token(reader, &digest(2))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(found.successor, None);
        assert_eq!(find_refresh_token(reader, &digest(9)).await, Ok(None));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_that_refresh_at_once_one_gets_new_tokens() {
    on_each_database(async |db| {
        with_grant(db).await;
        let mut callers = JoinSet::new();
        for caller in 10..30 {
            let store = db.store.clone();
            callers.spawn(async move {
                store
                    .write::<_, Error, _>(move |tx| {
                        Box::pin(async move {
                            let successor = successor(caller);
                            let advanced =
                                advance_refresh_token_used(tx, &digest(1), &successor, NOW).await?;
                            if advanced == Advanced::Yes {
                                insert_refresh_token(tx, &a_refresh_token(caller, "family"))
                                    .await?;
                            }
                            let known = find_refresh_token(tx, &digest(1)).await?;
                            let used = known.and_then(|found| found.token.used);
                            Ok((advanced, used.map(|(_, successor)| successor.refresh_token)))
                        })
                    })
                    .await
                    .unwrap()
            });
        }
        let outcomes = callers.join_all().await;
        let winners: Vec<_> = outcomes
            .iter()
            .filter(|(advanced, _)| advanced.is_yes())
            .collect();
        assert_eq!(winners.len(), 1);
        // All of them know the same successor.
        let successor: Option<Digest<RefreshToken>> = winners[0].1;
        assert!(successor.is_some());
        assert!(
            outcomes.iter().all(|(_, known)| *known == successor),
            "{outcomes:?}"
        );
        assert_eq!(db.number("SELECT COUNT(*) FROM refresh_tokens").await, 2);
    })
    .await;
}

#[tokio::test]
async fn a_revoked_refresh_token_cannot_be_used() {
    on_each_database(async |db| {
        with_grant(db).await;
        let changed: Result<_, Error> = db
            .store
            .write(|tx| {
                Box::pin(async move {
                    Ok([
                        advance_refresh_token_revoked(tx, &digest(1), after(1)).await?,
                        advance_refresh_token_revoked(tx, &digest(1), after(2)).await?,
                        advance_refresh_token_used(tx, &digest(1), &successor(2), after(3)).await?,
                    ])
                })
            })
            .await;
        assert_eq!(
            changed.map(|c| c.map(Advanced::is_yes)),
            Ok([true, false, false])
        );
        let found = find_refresh_token(db.store.reader(), &digest(1)).await;
        assert_eq!(found.unwrap().unwrap().token.revoked_at, Some(after(1)));
    })
    .await;
}
