//! Authorization codes.

use protocol::{
    ids::{ClientId, ConsentId, FamilyId, UserId},
    pkce::CodeChallenge,
    secret::AuthorizationCode,
};
use store::{
    Advanced, Error,
    codes::{
        CodeFound, CodeRecord, advance_code_used, advance_codes_void_of_consent, find_code,
        insert_code,
    },
    testing::on_each_database,
};

use crate::samples::{NOW, after, consent, digest, ona, scope, with_grant};

fn code(number: u64) -> CodeRecord {
    CodeRecord {
        digest: digest::<AuthorizationCode>(number),
        consent_id: ConsentId::new("consent"),
        client_id: ClientId::new("shop"),
        user_id: UserId::new("user-ona"),
        redirect_uri: Some("https://shop.test/callback".to_owned()),
        challenge: Some(
            CodeChallenge::parse("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM").unwrap(),
        ),
        scope: scope("ais wallet"),
        family_id: None,
        issued_at: NOW,
        used_at: None,
        expires_at: after(60),
        kept_until: after(3600),
    }
}

#[tokio::test]
async fn a_code_is_found_with_what_its_exchange_needs_and_used_once() {
    on_each_database(async |db| {
        with_grant(db).await;
        let bare = CodeRecord {
            redirect_uri: None,
            challenge: None,
            consent_id: ConsentId::new("swept"),
            user_id: UserId::new("gone"),
            ..code(2)
        };
        let row = bare.clone();
        let written: Result<(), Error> = db
            .store
            .write(move |tx| {
                Box::pin(async move {
                    insert_code(tx, &code(1)).await?;
                    insert_code(tx, &row).await
                })
            })
            .await;
        assert_eq!(written, Ok(()));
        let reader = db.store.reader();
        let before = db.store.statements();
        let found = find_code(reader, &digest(1)).await;
        assert_eq!(db.store.statements() - before, 1, "one statement");
        let expected = CodeFound {
            code: code(1),
            consent: Some(consent("consent")),
            user: Some(ona()),
        };
        assert_eq!(found, Ok(Some(expected)));
        let found = find_code(reader, &digest(2)).await;
        let expected = CodeFound {
            code: bare,
            consent: None,
            user: None,
        };
        assert_eq!(found, Ok(Some(expected)));

        let used: Result<_, Error> = db
            .store
            .write(|tx| {
                Box::pin(async move {
                    let family = FamilyId::new("family");
                    let used = [
                        advance_code_used(tx, &digest(1), Some(&family), after(5)).await?,
                        advance_code_used(tx, &digest(1), None, after(6)).await?,
                        advance_code_used(tx, &digest(9), None, after(6)).await?,
                    ];
                    insert_code(tx, &code(3)).await?;
                    let consent = ConsentId::new("consent");
                    let void = advance_codes_void_of_consent(tx, &consent, after(7)).await?;
                    Ok((used.map(Advanced::is_yes), void))
                })
            })
            .await;
        assert_eq!(used, Ok(([true, false, false], 1)));
        let found = find_code(reader, &digest(1)).await.unwrap().unwrap();
        let expected = CodeRecord {
            used_at: Some(after(5)),
            family_id: Some(FamilyId::new("family")),
            ..code(1)
        };
        assert_eq!(found.code, expected);
        let void = find_code(reader, &digest(3)).await.unwrap().unwrap().code;
        assert_eq!((void.used_at, void.family_id), (Some(after(7)), None));
    })
    .await;
}
