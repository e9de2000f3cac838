//! What developers tell about their apps, with several people of a team at the same forms.

use protocol::{
    form::RawForm,
    ids::{AppId, TeamId, UserId},
    registration::{Registration, Task, domain_proof::ProofToken},
};
use store::{
    Advanced, Error,
    apps::{AppRecord, insert_app},
    clients::insert_client,
    registrations::{
        RegistrationRecord, advance_registration, find_registration, insert_registration,
    },
    teams::{TeamRecord, insert_team},
    testing::{TestDatabase, on_each_database},
};

use crate::samples::{NOW, after, client};

/// An app of a team.
pub async fn with_app(db: &TestDatabase) {
    let written: Result<(), Error> = db
        .store
        .write(|tx| {
            Box::pin(async move {
                let team = TeamRecord {
                    id: TeamId::new("team"),
                    name: "Team".to_owned(),
                    created_at: NOW,
                };
                insert_team(tx, &team).await?;
                let sandbox = client("sandbox");
                insert_client(tx, &sandbox).await?;
                let app = AppRecord {
                    id: AppId::new("app"),
                    team_id: team.id,
                    name: "Budgetly".to_owned(),
                    sandbox_client: sandbox.client.id,
                    live_client: None,
                    created_at: NOW,
                    version: 0,
                };
                insert_app(tx, &app).await
            })
        })
        .await;
    assert_eq!(written, Ok(()));
}

fn empty() -> RegistrationRecord {
    RegistrationRecord {
        app_id: AppId::new("app"),
        registration: Registration::default(),
        proof_token: ProofToken::from_entropy([9; 26]),
        version: 0,
        updated_at: NOW,
        updated_by: UserId::new("milda"),
    }
}

fn named(name: &str, by: &str) -> RegistrationRecord {
    let mut registration = Registration::default();
    let form = RawForm::from_pairs([
        ("app_name", name),
        ("redirect_uri", "https://shop.example/callback"),
    ]);
    for task in [Task::Look, Task::Callbacks] {
        assert_eq!(registration.save(task, &form), Ok(()));
    }
    RegistrationRecord {
        registration,
        updated_at: after(5),
        updated_by: UserId::new(by),
        ..empty()
    }
}

#[tokio::test]
async fn a_registration_begins_once_and_nothing_is_written_over_what_a_colleague_wrote() {
    on_each_database(async |db| {
        with_app(db).await;
        let app = AppId::new("app");
        assert_eq!(find_registration(db.store.reader(), &app).await, Ok(None));
        let told: Result<_, Error> = db
            .store
            .write(|tx| {
                Box::pin(async move {
                    Ok([
                        insert_registration(tx, &empty()).await?,
                        insert_registration(tx, &named("Late", "petras")).await?,
                        advance_registration(tx, &named("Budžetas", "petras")).await?,
                        advance_registration(tx, &named("Biudžetas", "milda")).await?,
                    ])
                })
            })
            .await;
        let expected = [Advanced::Yes, Advanced::No, Advanced::Yes, Advanced::No];
        assert_eq!(told, Ok(expected));
        let kept = RegistrationRecord {
            version: 1,
            ..named("Budžetas", "petras")
        };
        let found = find_registration(db.store.reader(), &app).await;
        assert_eq!(found, Ok(Some(kept)));
    })
    .await;
}

#[tokio::test]
async fn there_is_no_registration_without_an_app() {
    on_each_database(async |db| {
        let told: Result<_, Error> = db
            .store
            .write(|tx| Box::pin(async move { insert_registration(tx, &empty()).await }))
            .await;
        assert!(matches!(told, Err(Error::Conflict { .. })), "{told:?}");
    })
    .await;
}
