//! Invitations to teams, and links to a new password: what may happen once.

use protocol::ids::{InviteId, TeamId, UserId};
use store::{
    Advanced, Error,
    password_resets::{
        ResetRecord, advance_reset_used, delete_open_resets, find_reset, insert_reset,
    },
    sweep::delete_expired,
    team_invites::{
        InviteRecord, advance_invite_accepted, delete_invite, find_invite_by_link,
        find_open_invites, insert_invite,
    },
    teams::{TeamRecord, TeamRole, insert_team},
    testing::{TestDatabase, on_each_database},
};

use crate::samples::{NOW, after, digest, with_users};

async fn with_teams(db: &TestDatabase) {
    with_users(&db.store, &["milda"]).await;
    let written: Result<(), Error> = db
        .store
        .write(|tx| {
            Box::pin(async move {
                for id in ["one", "two"] {
                    let team = TeamRecord {
                        id: TeamId::new(id),
                        name: id.to_owned(),
                        created_at: NOW,
                    };
                    insert_team(tx, &team).await?;
                }
                Ok(())
            })
        })
        .await;
    assert_eq!(written, Ok(()));
}

fn invite(number: u64, team: &str) -> InviteRecord {
    InviteRecord {
        id: InviteId::new(format!("invite-{number}")),
        team_id: TeamId::new(team),
        email: format!("person-{number}@shop.example"),
        role: TeamRole::Developer,
        link_digest: digest(number),
        invited_by: UserId::new("user-milda"),
        created_at: NOW,
        expires_at: after(600),
        accepted_at: None,
    }
}

#[tokio::test]
async fn an_invitation_is_accepted_or_taken_back_once() {
    on_each_database(async |db| {
        with_teams(db).await;
        let told: Result<_, Error> = db
            .store
            .write(|tx| {
                Box::pin(async move {
                    for (number, team) in [(1, "one"), (2, "one"), (3, "two")] {
                        insert_invite(tx, &invite(number, team)).await?;
                    }
                    let [first, second, third] = [1, 2, 3].map(|number| invite(number, "").id);
                    let (one, two) = (TeamId::new("one"), TeamId::new("two"));
                    Ok([
                        advance_invite_accepted(tx, &first, after(1)).await?,
                        advance_invite_accepted(tx, &first, after(2)).await?,
                        // What was accepted cannot be taken back, nor by another team.
                        delete_invite(tx, &one, &first).await?,
                        delete_invite(tx, &one, &third).await?,
                        delete_invite(tx, &two, &third).await?,
                        delete_invite(tx, &two, &third).await?,
                        advance_invite_accepted(tx, &third, after(2)).await?,
                        advance_invite_accepted(tx, &second, after(3)).await?,
                    ])
                })
            })
            .await;
        let expected = [true, false, false, false, true, false, false, true];
        assert_eq!(told.map(|told| told.map(Advanced::is_yes)), Ok(expected));
        let accepted = InviteRecord {
            accepted_at: Some(after(1)),
            ..invite(1, "one")
        };
        let reader = db.store.reader();
        let found = find_invite_by_link(reader, &digest(1)).await;
        assert_eq!(found, Ok(Some(accepted)));
        assert_eq!(find_invite_by_link(reader, &digest(3)).await, Ok(None));
    })
    .await;
}

#[tokio::test]
async fn open_invitations_are_listed_for_their_team_until_they_are_swept() {
    on_each_database(async |db| {
        with_teams(db).await;
        let written: Result<(), Error> = db
            .store
            .write(|tx| {
                Box::pin(async move {
                    let later = InviteRecord {
                        created_at: after(5),
                        ..invite(1, "one")
                    };
                    for row in [&later, &invite(2, "one"), &invite(3, "two")] {
                        insert_invite(tx, row).await?;
                    }
                    let third = invite(3, "two").id;
                    let accepted = advance_invite_accepted(tx, &third, NOW).await?;
                    assert_eq!(accepted, Advanced::Yes);
                    Ok(())
                })
            })
            .await;
        assert_eq!(written, Ok(()));
        let reader = db.store.reader();
        let (one, two) = (TeamId::new("one"), TeamId::new("two"));
        let open = find_open_invites(reader, &one).await.expect("invitations");
        let ids: Vec<&str> = open.iter().map(|open| open.id.as_str()).collect();
        assert_eq!(ids, ["invite-2", "invite-1"], "oldest first");
        assert_eq!(find_open_invites(reader, &two).await, Ok(Vec::new()));
        let twice: Result<(), Error> = db
            .store
            .write(|tx| {
                Box::pin(async move {
                    let other = InviteRecord {
                        id: InviteId::new("other"),
                        ..invite(1, "two")
                    };
                    insert_invite(tx, &other).await
                })
            })
            .await;
        assert!(matches!(twice, Err(Error::Conflict { .. })), "{twice:?}");
        let swept = db
            .store
            .write(|tx| Box::pin(async move { delete_expired(tx, after(600), 100).await }))
            .await;
        assert_eq!(swept.expect("swept").rows, [("team_invites", 3)]);
    })
    .await;
}

fn reset(number: u64, user: Option<&str>) -> ResetRecord {
    ResetRecord {
        digest: digest(number),
        user_id: user.map(UserId::new),
        created_at: NOW,
        expires_at: after(600),
        used_at: None,
    }
}

#[tokio::test]
async fn a_link_to_a_new_password_works_once_and_others_are_taken_back() {
    on_each_database(async |db| {
        with_users(&db.store, &["milda", "petras"]).await;
        let told: Result<_, Error> = db
            .store
            .write(|tx| {
                Box::pin(async move {
                    let milda = UserId::new("user-milda");
                    for row in [
                        reset(1, Some("user-milda")),
                        reset(2, Some("user-milda")),
                        reset(3, Some("user-petras")),
                        reset(4, None),
                    ] {
                        insert_reset(tx, &row).await?;
                    }
                    let used = [
                        advance_reset_used(tx, &digest(1), after(1)).await?,
                        advance_reset_used(tx, &digest(1), after(2)).await?,
                    ];
                    let nobody = delete_open_resets(tx, None).await?;
                    let hers = delete_open_resets(tx, Some(&milda)).await?;
                    let gone = advance_reset_used(tx, &digest(2), after(3)).await?;
                    Ok((used, nobody, hers, gone))
                })
            })
            .await;
        let expected = ([Advanced::Yes, Advanced::No], 0, 1, Advanced::No);
        assert_eq!(told, Ok(expected));
        let reader = db.store.reader();
        let used = ResetRecord {
            used_at: Some(after(1)),
            ..reset(1, Some("user-milda"))
        };
        assert_eq!(find_reset(reader, &digest(1)).await, Ok(Some(used)));
        assert_eq!(find_reset(reader, &digest(2)).await, Ok(None));
        let nobody = find_reset(reader, &digest(4)).await;
        assert_eq!(nobody, Ok(Some(reset(4, None))), "as good as any other");
        let swept = db
            .store
            .write(|tx| Box::pin(async move { delete_expired(tx, after(600), 100).await }))
            .await;
        assert_eq!(swept.expect("swept").rows, [("password_resets", 3)]);
    })
    .await;
}
