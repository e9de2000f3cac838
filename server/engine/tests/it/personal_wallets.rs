//! What apps learn of the wallets that people chose: which, how much, and what happened in them.

use engine::{
    bank::Bank as _,
    personal::{Asker, PersonalRefusal, StatementRange, Whom},
};
use protocol::{ids::AccountId, money::Currency, time::Timestamp};
use store::{accounts::AccountKind, testing::on_each_database};

use crate::{
    house::seconds,
    money::{Breaks, BrokenBank, iban},
    personal::Scene,
};

#[tokio::test]
async fn wallets_are_those_that_the_person_chose() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let engine = &scene.house.engine;
        let client = scene.client(&scene.app.id).await;
        let access = scene
            .access("balance wallet_list full_name", &[&scene.savings])
            .await;
        let asker = Asker {
            client: &client.client,
            access: Some(&access),
        };
        let wallets = engine
            .person_wallets(&asker, Whom::Me)
            .await
            .unwrap()
            .unwrap();
        let [wallet] = wallets.as_slice() else {
            panic!("one wallet: {wallets:?}");
        };
        let account = wallet.account.as_ref().expect("its account");
        assert_eq!(account.number, iban(2));
        assert_eq!(account.owner_title.as_deref(), Some("The ona"));
        assert_eq!(account.owner_display_name, None);
        assert_eq!(
            engine.wallet_view(&asker, Whom::Me).await.unwrap().as_ref(),
            Ok(wallet)
        );
        let balance = engine
            .wallet_balance(&asker, Whom::Me)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(balance.currency(), Currency::PLN);
        assert_eq!(
            (balance.at_disposal.minor, balance.reserved.minor),
            (500_00, 0)
        );
        // The wallet that was not chosen, and one that is not there.
        let not_chosen = engine.wallet_number(&scene.wallet).await.unwrap();
        for number in [not_chosen, 999_999] {
            let balance = engine
                .wallet_balance(&asker, Whom::Number(number))
                .await
                .unwrap();
            assert_eq!(balance, Err(PersonalRefusal::Forbidden), "{number}");
            let view = engine
                .wallet_view(&asker, Whom::Number(number))
                .await
                .unwrap();
            assert_eq!(view, Err(PersonalRefusal::Forbidden), "{number}");
        }
        // With several, `me` is the wallet among them.
        let access = scene
            .access("balance", &[&scene.savings, &scene.wallet])
            .await;
        let asker = Asker {
            client: &client.client,
            access: Some(&access),
        };
        let balance = engine
            .wallet_balance(&asker, Whom::Me)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(balance.currency(), Currency::EUR);
    })
    .await;
}

#[tokio::test]
async fn an_app_reads_wallets_under_its_own_name_as_they_were_allowed() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let engine = &scene.house.engine;
        let client = scene.client(&scene.app.id).await;
        let own = Asker {
            client: &client.client,
            access: None,
        };
        let [wallet, savings] = [
            engine.wallet_number(&scene.wallet).await.unwrap(),
            engine.wallet_number(&scene.savings).await.unwrap(),
        ]
        .map(Whom::Number);
        // To know the person is not to know the wallet.
        scene.allow(&scene.app, "email_offline balance").await;
        let view = engine.wallet_view(&own, wallet).await.unwrap();
        assert_eq!(view, Err(PersonalRefusal::Forbidden));
        scene.allow(&scene.app, "balance_offline").await;
        let balance = engine.wallet_balance(&own, wallet).await.unwrap().unwrap();
        assert_eq!(balance.at_disposal.minor, 100_00);
        let range = whole();
        let refused = [
            engine.wallet_balance(&own, savings).await.unwrap().err(),
            engine.wallet_balance(&own, Whom::Me).await.unwrap().err(),
            engine
                .wallet_statements(&own, wallet, &range)
                .await
                .unwrap()
                .err(),
        ];
        assert_eq!(refused, [const { Some(PersonalRefusal::Forbidden) }; 3]);
        let other = scene.house.app("other").await;
        let other = scene.client(&other.id).await;
        let stranger = Asker {
            client: &other.client,
            access: None,
        };
        let balance = engine.wallet_balance(&stranger, wallet).await.unwrap();
        assert_eq!(balance, Err(PersonalRefusal::Forbidden));
    })
    .await;
}

#[tokio::test]
async fn whether_there_is_enough_is_yes_or_no() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let engine = &scene.house.engine;
        let client = scene.client(&scene.app.id).await;
        let access = scene
            .access("check_has_sufficient_balance", &[&scene.wallet])
            .await;
        let asker = Asker {
            client: &client.client,
            access: Some(&access),
        };
        let money = |minor, currency| protocol::money::Money::new(minor, currency);
        for (amount, expected) in [
            (money(100_00, Currency::EUR), true),
            (money(100_01, Currency::EUR), false),
            (money(1, Currency::PLN), false),
        ] {
            let answer = engine
                .has_sufficient_amount(&asker, Whom::Me, amount)
                .await
                .unwrap();
            assert_eq!(answer, Ok(expected), "{amount:?}");
        }
        let balance = engine.wallet_balance(&asker, Whom::Me).await.unwrap();
        assert_eq!(balance, Err(PersonalRefusal::Forbidden));
    })
    .await;
}

/// All entries of a statement.
pub fn whole() -> StatementRange {
    StatementRange {
        limit: StatementRange::LARGEST,
        offset: 0,
        currencies: Vec::new(),
        from: None,
        to: None,
    }
}

#[tokio::test]
async fn statements_come_newest_first_in_stretches_with_their_total() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let house = &scene.house;
        house.known_person("jonas", None).await;
        let jonas = house
            .account_of("jonas", AccountKind::Wallet, &iban(3), "EUR", "0.00")
            .await;
        // Several at the same instant, one a hundred days later, and one more on top.
        for (day, minors) in [(0, [1, 2, 3].as_slice()), (100, &[4]), (101, &[5, 6])] {
            if day > 0 {
                house.later(seconds(if day == 100 { 100 * 86_400 } else { 86_400 }));
            }
            for minor in minors {
                scene.pay(&jonas, *minor).await;
            }
        }
        let engine = &house.engine;
        let client = scene.client(&scene.app.id).await;
        let access = scene.access("statements", &[&scene.wallet]).await;
        let asker = Asker {
            client: &client.client,
            access: Some(&access),
        };
        let read = async |range: StatementRange| {
            let found = engine.wallet_statements(&asker, Whom::Me, &range).await;
            found.expect("storage").expect("statements")
        };
        let all = read(whole()).await;
        // The six payments, and the first deposit.
        assert_eq!(all.total, 7);
        let amounts: Vec<i64> = all.entries.iter().map(|entry| entry.amount.minor).collect();
        assert_eq!(amounts[..3].iter().sum::<i64>(), 5 + 6 + 4);
        assert_eq!(amounts[2], 4);
        assert!(all.entries.is_sorted_by(|a, b| a.at >= b.at));
        assert_eq!(all.entries[0].party_iban, Some(iban(3)));
        assert_eq!(all.entries[0].details, "for the story");
        // Every cut shows the same order.
        for (offset, limit) in [(0, 2), (2, 2), (4, 2), (6, 2), (7, 2), (0, 1), (3, 200)] {
            let cut = read(StatementRange {
                offset,
                limit,
                ..whole()
            })
            .await;
            let expected = all
                .entries
                .iter()
                .skip(offset as usize)
                .take(limit as usize);
            assert!(cut.entries.iter().eq(expected), "{offset} {limit}");
            assert_eq!(cut.total, 7);
        }
        // By time: both ends belong to it.
        let at = all.entries[2].at;
        let day = read(StatementRange {
            from: Some(at),
            to: Some(at),
            ..whole()
        })
        .await;
        assert_eq!((day.total, day.entries.len()), (1, 1));
        let before = Timestamp::from_seconds(at.seconds() - 1);
        let older = read(StatementRange {
            to: Some(before),
            ..whole()
        })
        .await;
        assert_eq!(older.total, 4);
        // By currency.
        for (currencies, total) in [
            (vec![Currency::EUR], 7),
            (vec![Currency::PLN, Currency::EUR], 7),
            (vec![Currency::PLN], 0),
        ] {
            let found = read(StatementRange {
                currencies,
                ..whole()
            })
            .await;
            assert_eq!(found.total, total);
        }
        // With the recent ones alone, what is older than 90 days is not there.
        let access = scene.access("recent_statements", &[&scene.wallet]).await;
        let recent = Asker {
            client: &client.client,
            access: Some(&access),
        };
        let found = engine.wallet_statements(&recent, Whom::Me, &whole()).await;
        let found = found.expect("storage").expect("statements");
        assert_eq!((found.total, found.entries.len()), (3, 3));
        let long_ago = StatementRange {
            from: Some(Timestamp::from_seconds(0)),
            to: Some(before),
            ..whole()
        };
        let found = engine.wallet_statements(&recent, Whom::Me, &long_ago).await;
        assert_eq!(found.expect("storage").expect("statements").total, 0);
    })
    .await;
}

impl Scene {
    async fn pay(&self, _to: &AccountId, minor: i64) {
        let ledger = self.house.ledger();
        let order = engine::bank::TransferOrder {
            id: protocol::ids::TransferId::new(self.house.engine.env().id()),
            from: self.wallet.clone(),
            amount: protocol::money::Money::new(minor, Currency::EUR),
            creditor_name: "Jonas".to_owned(),
            creditor_iban: iban(3),
            reference: "for the story".to_owned(),
        };
        ledger.execute(order).await.expect("an outcome");
    }
}

#[tokio::test]
async fn a_bank_that_has_only_pages_tells_the_same_stretches() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        scene.house.known_person("jonas", None).await;
        let jonas = scene
            .house
            .account_of("jonas", AccountKind::Wallet, &iban(3), "EUR", "0.00")
            .await;
        for minor in 1..=7 {
            scene.pay(&jonas, minor).await;
            scene.house.later(seconds(3_600 * 7));
        }
        let pages = BrokenBank::new(&scene.house, Breaks::Before);
        let ledger = scene.house.ledger();
        let start = crate::house::START;
        for (from, hours, offset, limit) in [
            (0, 100, 0, 10),
            (0, 100, 3, 2),
            (8, 22, 0, 10),
            (8, 22, 1, 1),
        ] {
            let query = engine::bank::StretchQuery {
                from: start + seconds(from * 3_600),
                until: start + seconds(hours * 3_600),
                offset,
                limit,
            };
            let counted = ledger
                .stretch(&scene.wallet, &query)
                .await
                .expect("storage");
            let walked = pages.stretch(&scene.wallet, &query).await.expect("storage");
            assert_eq!(walked, counted, "{query:?}");
            assert!(counted.total > 0);
        }
    })
    .await;
}
