//! Authorizations under way and their challenges.

use protocol::{
    authorization::{Notice, ScaMethod, Stage},
    authorize::{AcceptedRecord, check},
    form::RawForm,
    ids::{AccountId, AuthorizationId, ChallengeId, ClientId},
    secret::Binding,
};
use store::{
    Advanced, Error,
    authorizations::{
        AuthorizationRecord, advance_authorization, advance_authorization_active,
        advance_authorization_challenge, advance_authorization_notice, delete_authorization,
        find_authorization, insert_authorization,
    },
    challenges::{
        ChallengePurpose, ChallengeRecord, ChallengeStatus, advance_challenge_failed,
        advance_challenge_passed, advance_challenge_void, find_challenge, insert_challenge,
    },
    testing::on_each_database,
};
use tokio::task::JoinSet;

use crate::samples::{NOW, after, client, digest, user};

fn request() -> AcceptedRecord {
    let form = "response_type=code&client_id=shop&scope=wallet&state=xyz\
                &redirect_uri=https%3A%2F%2Fshop.test%2Fcallback%3Fa%3Db\
                &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";
    let form = RawForm::parse(form.as_bytes()).unwrap();
    AcceptedRecord::from(&check(&form, &client("shop").client, None, NOW).unwrap())
}

fn authorization(id: &str) -> AuthorizationRecord {
    AuthorizationRecord {
        id: AuthorizationId::new(id),
        binding: digest::<Binding>(1),
        client_id: ClientId::new("shop"),
        user_id: user("ona").id,
        stage: Stage::LoggedIn {
            user: user("ona").id,
        },
        request: request(),
        authenticated_at: NOW,
        last_active_at: NOW,
        challenge_id: None,
        notice: None,
        sealed_redirect: None,
        created_at: NOW,
        expires_at: after(1800),
    }
}

#[tokio::test]
async fn an_authorization_goes_from_stage_to_stage() {
    on_each_database(async |db| {
        let logged_in = authorization("a");
        let accounts = vec![AccountId::new("account-1")];
        let consented = AuthorizationRecord {
            stage: logged_in.stage.clone().consent(accounts).unwrap(),
            last_active_at: after(10),
            challenge_id: Some(ChallengeId::new("challenge")),
            notice: Some(Notice::WrongDetails {
                tries_left: Some(2),
            }),
            sealed_redirect: Some(vec![1, 0, 255]),
            expires_at: after(1000),
            ..logged_in.clone()
        };
        let (first, second) = (logged_in.clone(), consented.clone());
        let advanced: Result<_, Error> = db
            .store
            .write(move |tx| {
                Box::pin(async move {
                    insert_authorization(tx, &first).await?;
                    Ok([
                        advance_authorization(tx, "consented", &second).await?,
                        advance_authorization(tx, "logged_in", &second).await?,
                        advance_authorization(tx, "logged_in", &second).await?,
                    ])
                })
            })
            .await;
        assert_eq!(
            advanced.map(|a| a.map(Advanced::is_yes)),
            Ok([false, true, false])
        );
        let found = find_authorization(db.store.reader(), &consented.id).await;
        assert_eq!(found, Ok(Some(consented)));
        // The same form once more is a conflict, not a second authorization.
        let again: Result<(), Error> = db
            .store
            .write(|tx| {
                Box::pin(async move { insert_authorization(tx, &authorization("a")).await })
            })
            .await;
        let what = "authorizations_pkey".to_owned();
        assert_eq!(again, Err(Error::Conflict { what }));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_tabs_one_advances() {
    on_each_database(async |db| {
        let inserted: Result<(), Error> = db
            .store
            .write(|tx| {
                Box::pin(async move { insert_authorization(tx, &authorization("a")).await })
            })
            .await;
        assert_eq!(inserted, Ok(()));
        let mut tabs = JoinSet::new();
        for tab in 0..20 {
            let store = db.store.clone();
            tabs.spawn(async move {
                let accounts = vec![AccountId::new(format!("account-{tab}"))];
                let mut row = authorization("a");
                row.stage = row.stage.consent(accounts).unwrap();
                store
                    .write::<_, Error, _>(move |tx| {
                        Box::pin(async move { advance_authorization(tx, "logged_in", &row).await })
                    })
                    .await
            });
        }
        let outcomes = tabs.join_all().await;
        assert_eq!(
            outcomes.iter().filter(|o| **o == Ok(Advanced::Yes)).count(),
            1
        );
        assert_eq!(
            outcomes.iter().filter(|o| **o == Ok(Advanced::No)).count(),
            19
        );
    })
    .await;
}

#[tokio::test]
async fn small_changes_leave_the_stage_alone() {
    on_each_database(async |db| {
        let id = AuthorizationId::new("a");
        let changed: Result<_, Error> = db
            .store
            .write(|tx| {
                Box::pin(async move {
                    let id = AuthorizationId::new("a");
                    let challenge = ChallengeId::new("c");
                    insert_authorization(tx, &authorization("a")).await?;
                    let stage = "logged_in";
                    Ok([
                        advance_authorization_active(tx, &id, after(20)).await?,
                        advance_authorization_active(tx, &id, after(15)).await?,
                        advance_authorization_notice(tx, &id, stage, Some(&Notice::AlreadyDone))
                            .await?,
                        advance_authorization_notice(tx, &id, "denied", None).await?,
                        advance_authorization_challenge(tx, &id, stage, Some(&challenge)).await?,
                        advance_authorization_challenge(tx, &id, "denied", None).await?,
                    ])
                })
            })
            .await;
        let expected = [true, false, true, false, true, false];
        assert_eq!(changed.map(|c| c.map(Advanced::is_yes)), Ok(expected));
        let found = find_authorization(db.store.reader(), &id).await;
        let expected = AuthorizationRecord {
            last_active_at: after(20),
            notice: Some(Notice::AlreadyDone),
            challenge_id: Some(ChallengeId::new("c")),
            ..authorization("a")
        };
        assert_eq!(found, Ok(Some(expected)));
        let deleted: Result<(), Error> = db
            .store
            .write(|tx| {
                Box::pin(async move { delete_authorization(tx, &AuthorizationId::new("a")).await })
            })
            .await;
        assert_eq!(deleted, Ok(()));
        assert_eq!(find_authorization(db.store.reader(), &id).await, Ok(None));
    })
    .await;
}

#[test]
fn every_stage_survives_storage() {
    let user = user("ona").id;
    let accounts = vec![AccountId::new("account-1")];
    let stages = [
        Stage::LoggedIn { user: user.clone() },
        Stage::Consented {
            user: user.clone(),
            accounts: accounts.clone(),
        },
        Stage::Confirmed {
            user: user.clone(),
            accounts,
            by: ScaMethod::RecoveryCode,
        },
        Stage::Denied { user: Some(user) },
    ];
    for stage in stages {
        let json = serde_json::to_string(&stage).unwrap();
        assert_eq!(serde_json::from_str::<Stage>(&json).unwrap(), stage);
        assert!(json.contains(stage.name()), "{json}");
    }
}

fn challenge(id: &str) -> ChallengeRecord {
    ChallengeRecord {
        id: ChallengeId::new(id),
        purpose: ChallengePurpose::Payment,
        user_id: user("ona").id,
        client_id: ClientId::new("shop"),
        authorization_id: AuthorizationId::new("a"),
        subject_digest: [3; 32],
        failures: 0,
        status: ChallengeStatus::Open,
        created_at: NOW,
        expires_at: after(300),
    }
}

#[tokio::test]
async fn a_challenge_counts_failures_and_closes_once() {
    on_each_database(async |db| {
        let told: Result<_, Error> = db
            .store
            .write(|tx| {
                Box::pin(async move {
                    let (passed, void) = (challenge("passed"), challenge("void"));
                    insert_challenge(tx, &passed).await?;
                    insert_challenge(tx, &void).await?;
                    let failures = [
                        advance_challenge_failed(tx, &passed.id).await?,
                        advance_challenge_failed(tx, &passed.id).await?,
                    ];
                    let closed = [
                        advance_challenge_passed(tx, &passed.id).await?,
                        advance_challenge_passed(tx, &passed.id).await?,
                        advance_challenge_void(tx, &passed.id).await?,
                        advance_challenge_void(tx, &void.id).await?,
                        advance_challenge_passed(tx, &void.id).await?,
                    ];
                    let late = advance_challenge_failed(tx, &passed.id).await?;
                    Ok((failures, closed.map(Advanced::is_yes), late))
                })
            })
            .await;
        let expected = ([Some(1), Some(2)], [true, false, false, true, false], None);
        assert_eq!(told, Ok(expected));
        let found = find_challenge(db.store.reader(), &ChallengeId::new("passed")).await;
        let expected = ChallengeRecord {
            failures: 2,
            status: ChallengeStatus::Passed,
            ..challenge("passed")
        };
        assert_eq!(found, Ok(Some(expected)));
        let found = find_challenge(db.store.reader(), &ChallengeId::new("none")).await;
        assert_eq!(found, Ok(None));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guesses_at_the_same_time_are_all_counted() {
    on_each_database(async |db| {
        let inserted: Result<(), Error> = db
            .store
            .write(|tx| Box::pin(async move { insert_challenge(tx, &challenge("c")).await }))
            .await;
        assert_eq!(inserted, Ok(()));
        let mut guesses = JoinSet::new();
        for _ in 0..20 {
            let store = db.store.clone();
            guesses.spawn(async move {
                store
                    .write::<_, Error, _>(|tx| {
                        Box::pin(async move {
                            advance_challenge_failed(tx, &ChallengeId::new("c")).await
                        })
                    })
                    .await
            });
        }
        let mut counts: Vec<_> = guesses
            .join_all()
            .await
            .into_iter()
            .map(Result::unwrap)
            .collect();
        counts.sort_unstable();
        assert_eq!(counts, (1..=20).map(Some).collect::<Vec<_>>());
    })
    .await;
}
