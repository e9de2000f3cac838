//! Accounts, transfers, statements, idempotency keys: reading and writing.

use protocol::{
    client::Environment,
    ids::{AccountId, ClientId, TransferId, UserId},
};
use store::{
    Advanced, Bookmark, Error,
    accounts::{
        AccountRecord, find_account, find_account_by_iban, find_accounts, find_accounts_of_user,
        insert_account,
    },
    idempotency::{
        IdempotencyRecord, advance_idempotency_key, find_idempotency_key, insert_idempotency_key,
    },
    ledger::{EntryRecord, StatementLine, find_statement, insert_entries},
    testing::{TestDatabase, on_each_database},
    transfers::{
        TransferRecord, TransferStatus, advance_transfer_rejected, find_transfer,
        find_transfers_of_accounts, insert_transfer, insert_transfers,
    },
};

use crate::samples::{NOW, account, after, euros, iban, transfer, with_users};

async fn with_accounts(db: &TestDatabase) {
    with_users(&db.store, &["ona", "jonas"]).await;
    let written: Result<(), Error> = db
        .store
        .write(|tx| {
            Box::pin(async move {
                insert_account(tx, &account(1, Some("ona"), 100_000)).await?;
                insert_account(tx, &account(2, Some("ona"), 0)).await?;
                insert_account(tx, &account(3, Some("jonas"), 500)).await?;
                insert_account(tx, &account(9, None, -1_000_000)).await
            })
        })
        .await;
    written.unwrap();
}

#[tokio::test]
async fn accounts_are_found_by_id_owner_and_number() {
    on_each_database(async |db| {
        with_accounts(db).await;
        let reader = db.store.reader();
        let (one, two) = (account(1, Some("ona"), 100_000), account(2, Some("ona"), 0));
        assert_eq!(find_account(reader, &one.id).await, Ok(Some(one.clone())));
        let of_ona = find_accounts_of_user(reader, &UserId::new("user-ona")).await;
        assert_eq!(of_ona, Ok(vec![one.clone(), two.clone()]));
        let chosen = [two.id.clone(), AccountId::new("none"), one.id.clone()];
        assert_eq!(find_accounts(reader, &chosen).await, Ok(vec![one, two]));
        assert_eq!(find_accounts(reader, &[]).await, Ok(Vec::new()));
        let by_number = find_account_by_iban(reader, Environment::Sandbox, &iban(9)).await;
        assert_eq!(by_number, Ok(Some(account(9, None, -1_000_000))));
        let elsewhere = find_account_by_iban(reader, Environment::Live, &iban(9)).await;
        assert_eq!(elsewhere, Ok(None));
    })
    .await;
}

#[test]
fn what_is_set_aside_cannot_be_spent() {
    let account = AccountRecord {
        reserved_minor: 300,
        ..account(1, Some("ona"), 1000)
    };
    assert_eq!(
        (account.available(), account.reserved()),
        (euros(700), euros(300))
    );
}

#[tokio::test]
async fn a_transfer_is_rejected_only_while_it_is_pending() {
    on_each_database(async |db| {
        let changed: Result<_, Error> = db
            .store
            .write(|tx| {
                Box::pin(async move {
                    insert_transfer(tx, &transfer("one", 1, 2, 100)).await?;
                    let one = TransferId::new("one");
                    Ok([
                        advance_transfer_rejected(tx, &one, "too_little").await?,
                        advance_transfer_rejected(tx, &one, "again").await?,
                    ])
                })
            })
            .await;
        assert_eq!(changed, Ok([Advanced::Yes, Advanced::No]));
        let found = find_transfer(db.store.reader(), &TransferId::new("one")).await;
        let expected = TransferRecord {
            status: TransferStatus::Rejected,
            reason: Some("too_little".to_owned()),
            ..transfer("one", 1, 2, 100)
        };
        assert_eq!(found, Ok(Some(expected)));
    })
    .await;
}

#[tokio::test]
async fn transfers_of_accounts_come_in_pages() {
    on_each_database(async |db| {
        let mut rows = Vec::new();
        for number in 0..23 {
            // Several have the same instant; every fourth is between others.
            let (from, to) = if number % 4 == 0 {
                (7, 8)
            } else {
                (1 + number % 2, 3)
            };
            rows.push(TransferRecord {
                created_at: after(i64::from(number / 5)),
                from_account: (number != 1).then(|| AccountId::new(format!("account-{from}"))),
                ..transfer(&format!("transfer-{number:02}"), from, to, 1)
            });
        }
        let mut expected: Vec<TransferRecord> = rows
            .iter()
            .filter(|row| {
                let mine = ["account-1", "account-3"].map(AccountId::new);
                [&row.from_account, &row.to_account]
                    .into_iter()
                    .flatten()
                    .any(|account| mine.contains(account))
            })
            .cloned()
            .collect();
        expected.sort_by(|a, b| (b.created_at, b.id.as_str()).cmp(&(a.created_at, a.id.as_str())));
        assert!(expected.len() > 12);
        let written: Result<(), Error> = db
            .store
            .write(move |tx| Box::pin(async move { insert_transfers(tx, &rows).await }))
            .await;
        assert_eq!(written, Ok(()));

        let accounts = ["account-1", "account-3"].map(AccountId::new);
        let mut pages = Vec::new();
        let mut before = None;
        loop {
            let page = find_transfers_of_accounts(db.store.reader(), &accounts, before.as_ref(), 4)
                .await
                .unwrap();
            let Some(last) = page.last() else { break };
            before = Some(Bookmark {
                at: last.created_at,
                id: last.id.as_str().to_owned(),
            });
            pages.extend(page);
        }
        assert_eq!(pages, expected);
    })
    .await;
}

/// Two years of an account: thousands of transfers with their entries, as the demo has them.
#[tokio::test]
async fn a_statement_of_thousands_of_lines_is_written_fast_and_read_in_pages() {
    on_each_database(async |db| {
        with_accounts(db).await;
        let (mut transfers, mut entries) = (Vec::new(), Vec::new());
        let mut balance = 0;
        for number in 0..2000_i64 {
            // Every third is income; always two at the same instant.
            let (from, to, sign) = if number % 3 == 0 {
                (9, 1, 1)
            } else {
                (1, 9, -1)
            };
            let at = after(number / 2);
            let id = format!("transfer-{number:05}");
            transfers.push(TransferRecord {
                status: TransferStatus::Booked,
                booked_at: Some(at),
                created_at: at,
                ..transfer(&id, from, to, 100 + number)
            });
            balance += sign * (100 + number);
            for (account, sign) in [(1, sign), (9, -sign)] {
                entries.push(EntryRecord {
                    id: format!("entry-{number:05}-{account}"),
                    transfer_id: TransferId::new(&id),
                    account_id: AccountId::new(format!("account-{account}")),
                    amount: euros(sign * (100 + number)),
                    balance_after: if account == 1 { balance } else { -balance },
                    booked_at: at,
                });
            }
        }
        let expected: Vec<EntryRecord> = entries
            .iter()
            .filter(|entry| entry.account_id == AccountId::new("account-1"))
            .filter(|entry| entry.booked_at >= after(100) && entry.booked_at < after(600))
            .rev()
            .cloned()
            .collect();
        let before = db.store.statements();
        let written: Result<(), Error> = db
            .store
            .write(move |tx| {
                Box::pin(async move {
                    insert_transfers(tx, &transfers).await?;
                    insert_entries(tx, &entries).await
                })
            })
            .await;
        assert_eq!(written, Ok(()));
        assert!(db.store.statements() - before < 70, "few statements");

        let read = async |before: Option<Bookmark>, limit| -> Vec<StatementLine> {
            find_statement(
                db.store.reader(),
                &AccountId::new("account-1"),
                after(100),
                after(600),
                before.as_ref(),
                limit,
            )
            .await
            .unwrap()
        };
        let mut lines: Vec<StatementLine> = Vec::new();
        loop {
            let page = read(lines.last().map(StatementLine::bookmark), 77).await;
            if page.is_empty() {
                break;
            }
            // Something newer that comes in meanwhile moves no page.
            let number = lines.len();
            let newer: Result<(), Error> = db
                .store
                .write(move |tx| {
                    Box::pin(async move {
                        let id = format!("newer-{number}");
                        insert_transfer(tx, &transfer(&id, 1, 9, 1)).await?;
                        let entry = EntryRecord {
                            id: id.clone(),
                            transfer_id: TransferId::new(&id),
                            account_id: AccountId::new("account-1"),
                            amount: euros(-1),
                            balance_after: 0,
                            booked_at: after(599),
                        };
                        insert_entries(tx, &[entry]).await
                    })
                })
                .await;
            assert_eq!(newer, Ok(()));
            lines.extend(page);
        }
        let entries: Vec<EntryRecord> = lines.iter().map(|line| line.entry.clone()).collect();
        assert_eq!(entries, expected);
        for line in &lines {
            assert_eq!(line.counterparty_name, "Owner of 9");
            assert_eq!(line.counterparty_iban, iban(9));
            assert_eq!(
                line.reference,
                format!("Reference of {}", line.entry.transfer_id)
            );
        }
        // The newer ones are on the first page of the next reader.
        assert!(read(None, 1).await[0].entry.id.starts_with("newer-"));
    })
    .await;
}

#[tokio::test]
async fn an_idempotency_key_is_claimed_once() {
    on_each_database(async |db| {
        let claim = |user: &str, transfer: &str| IdempotencyRecord {
            client_id: ClientId::new("shop"),
            user_id: (!user.is_empty()).then(|| UserId::new(user)),
            key: "order-17".to_owned(),
            request_digest: [5; 32],
            transfer_id: TransferId::new(transfer),
            response: None,
            created_at: NOW,
            expires_at: after(86_400),
        };
        let rows = [
            claim("ona", "one"),
            claim("ona", "two"),
            claim("jonas", "three"),
            // The client for itself: another one than every person's.
            claim("", "four"),
            claim("", "five"),
        ];
        let told: Result<_, Error> = db
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let [one, two, three, four, five] = &rows;
                    let claimed = [
                        insert_idempotency_key(tx, one).await?,
                        insert_idempotency_key(tx, two).await?,
                        insert_idempotency_key(tx, three).await?,
                        insert_idempotency_key(tx, four).await?,
                        insert_idempotency_key(tx, five).await?,
                    ];
                    let (client, user) = (&one.client_id, one.user_id.as_ref());
                    let answered = [
                        advance_idempotency_key(tx, client, user, "order-17", "first").await?,
                        advance_idempotency_key(tx, client, user, "order-17", "second").await?,
                        advance_idempotency_key(tx, client, user, "order-18", "none").await?,
                    ];
                    Ok((
                        claimed.map(Advanced::is_yes),
                        answered.map(Advanced::is_yes),
                    ))
                })
            })
            .await;
        assert_eq!(
            told,
            Ok(([true, false, true, true, false], [true, false, false]))
        );
        let known = find_idempotency_key(
            db.store.reader(),
            &ClientId::new("shop"),
            Some(&UserId::new("ona")),
            "order-17",
        )
        .await;
        let expected = IdempotencyRecord {
            response: Some("first".to_owned()),
            ..claim("ona", "one")
        };
        assert_eq!(known, Ok(Some(expected)));
        let own =
            find_idempotency_key(db.store.reader(), &ClientId::new("shop"), None, "order-17").await;
        assert_eq!(own, Ok(Some(claim("", "four"))));
    })
    .await;
}
