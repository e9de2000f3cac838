//! Consents.

use protocol::{
    authorization::ScaMethod,
    ids::{ClientId, ConsentId, TransferId, UserId},
};
use store::{
    Advanced, Error,
    consents::{
        ConsentRecord, ConsentStatus, EndReason, advance_consent_ended,
        advance_consent_payment_used, find_consent, find_consents_of_user, find_live_consents,
        insert_consent,
    },
    testing::on_each_database,
};

use crate::samples::{NOW, after, consent, payment};

#[tokio::test]
async fn a_consent_ends_once_and_pays_once() {
    on_each_database(async |db| {
        let paying = ConsentRecord {
            payment: Some(payment()),
            accounts: Vec::new(),
            recurring: false,
            frequency_per_day: 1,
            confirmed_by: ScaMethod::RecoveryCode,
            ..consent("paying")
        };
        let row = paying.clone();
        let changed: Result<_, Error> = db
            .store
            .write(move |tx| {
                Box::pin(async move {
                    insert_consent(tx, &row).await?;
                    insert_consent(tx, &consent("reading")).await?;
                    let [one, two] = ["one", "two"].map(TransferId::new);
                    let reading = ConsentId::new("reading");
                    let withdrawn = EndReason::Withdrawn;
                    Ok([
                        advance_consent_payment_used(tx, &row.id, &one).await?,
                        advance_consent_payment_used(tx, &row.id, &two).await?,
                        advance_consent_payment_used(tx, &reading, &two).await?,
                        advance_consent_ended(tx, &reading, withdrawn, after(9)).await?,
                        advance_consent_ended(tx, &reading, EndReason::Bank, after(10)).await?,
                    ])
                })
            })
            .await;
        let expected = [true, false, false, true, false];
        assert_eq!(changed.map(|c| c.map(Advanced::is_yes)), Ok(expected));
        let reader = db.store.reader();
        let expected = ConsentRecord {
            payment_used_by: Some(TransferId::new("one")),
            ..paying
        };
        assert_eq!(find_consent(reader, &expected.id).await, Ok(Some(expected)));
        let expected = ConsentRecord {
            status: ConsentStatus::Ended,
            ended: Some((after(9), EndReason::Withdrawn)),
            ..consent("reading")
        };
        assert_eq!(find_consent(reader, &expected.id).await, Ok(Some(expected)));
    })
    .await;
}

#[tokio::test]
async fn consents_are_listed_by_person() {
    on_each_database(async |db| {
        let written: Result<(), Error> = db
            .store
            .write(|tx| {
                Box::pin(async move {
                    for (number, id) in ["first", "second", "ended", "over"].into_iter().enumerate()
                    {
                        let mut row = consent(id);
                        row.created_at = after(number as i64);
                        if id == "over" {
                            row.valid_until = after(100);
                        }
                        insert_consent(tx, &row).await?;
                    }
                    let mut of_other = consent("other");
                    of_other.client_id = ClientId::new("other");
                    of_other.created_at = after(50);
                    insert_consent(tx, &of_other).await?;
                    let mut of_jonas = consent("jonas");
                    of_jonas.user_id = UserId::new("user-jonas");
                    insert_consent(tx, &of_jonas).await?;
                    let ended = ConsentId::new("ended");
                    let _ = advance_consent_ended(tx, &ended, EndReason::Bank, NOW).await?;
                    Ok(())
                })
            })
            .await;
        assert_eq!(written, Ok(()));
        let names = |found: Result<Vec<ConsentRecord>, Error>| {
            let ids: Vec<String> = found
                .unwrap()
                .into_iter()
                .map(|c| c.id.into_string())
                .collect();
            ids.join(" ")
        };
        let (reader, ona) = (db.store.reader(), UserId::new("user-ona"));
        let all = names(find_consents_of_user(reader, &ona, 4).await);
        assert_eq!(all, "other over ended second");
        let shop = ClientId::new("shop");
        let live = names(find_live_consents(reader, &ona, &shop, after(99)).await);
        assert_eq!(live, "over second first");
        let live = names(find_live_consents(reader, &ona, &shop, after(100)).await);
        assert_eq!(live, "second first", "valid before its end, not at it");
    })
    .await;
}
