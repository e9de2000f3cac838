//! The automatic checks of an app: what is found is written down, by a schedule, by one node at a time.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use engine::checks::{
    Chain, CheckNow, Fetched, Judged, Plan, Prober, Probing, Ran, TlsFacts, TlsVersion,
    Unreachable, Verdict,
};
use protocol::{
    ids::{AppId, CheckId},
    registration::{
        checks::{CheckKind, CheckOutcome, Finding, Said},
        domain_proof::ProofToken,
    },
    time::Timestamp,
};
use store::{app_checks::CheckRecord, testing::on_each_database};

use crate::house::{House, START, seconds};

const MINUTE: u64 = 60;
const DAY: u64 = 24 * 3600;

/// A made-up internet. It remembers who was looked at.
#[derive(Default)]
struct World {
    state: Mutex<State>,
    /// Whoever is looked at answers only when somebody is let through here.
    gate: Option<tokio::sync::Semaphore>,
}

#[derive(Default)]
struct State {
    records: Vec<String>,
    pages: BTreeMap<String, Fetched>,
    callback: Option<TlsFacts>,
    looked_at: Vec<String>,
    at_once: usize,
    most_at_once: usize,
}

impl World {
    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn looked_at(&self) -> Vec<String> {
        std::mem::take(&mut self.state().looked_at)
    }

    async fn look<T>(
        &self,
        at: String,
        find: impl Fn(&State) -> Option<T>,
    ) -> Result<T, Unreachable> {
        {
            let mut state = self.state();
            state.looked_at.push(at);
            state.at_once += 1;
            state.most_at_once = state.most_at_once.max(state.at_once);
        }
        if let Some(gate) = &self.gate {
            gate.acquire().await.expect("the gate stays").forget();
        }
        let mut state = self.state();
        state.at_once -= 1;
        find(&state).ok_or(Unreachable::NoConnection)
    }
}

impl Prober for World {
    fn txt<'a>(&'a self, domain: &'a str) -> Probing<'a, Vec<String>> {
        Box::pin(self.look(format!("txt {domain}"), |state| Some(state.records.clone())))
    }

    fn fetch<'a>(&'a self, address: &'a str) -> Probing<'a, Fetched> {
        Box::pin(self.look(address.to_owned(), |state| {
            state.pages.get(address).cloned()
        }))
    }

    fn tls<'a>(&'a self, host: &'a str, port: u16) -> Probing<'a, TlsFacts> {
        Box::pin(self.look(format!("tls {host}:{port}"), |state| state.callback.clone()))
    }
}

fn token() -> ProofToken {
    ProofToken::from_entropy([0; 26])
}

fn certificate() -> TlsFacts {
    TlsFacts {
        version: TlsVersion::V1_3,
        chain: Chain::Trusted,
        covers_host: true,
        names: Vec::new(),
        not_before: START - seconds(DAY),
        not_after: START + seconds(90 * DAY),
    }
}

fn page(status: u16, body: &str) -> Fetched {
    Fetched {
        status,
        content_type: Some("text/html".into()),
        location: None,
        hsts: true,
        body: body.into(),
        tls: Some(certificate()),
    }
}

const POLICY: &str = "<p>We keep what you tell us for as long as the law wants us to keep it.</p>";
const FILE: &str = "https://shop.example/.well-known/countersign-verification.txt";

/// A world in which the shop did everything as it should.
fn good_world() -> World {
    let world = World::default();
    {
        let mut state = world.state();
        state.records = vec![token().record()];
        state.pages = [
            ("https://shop.example/", POLICY),
            ("https://shop.example/privacy", POLICY),
        ]
        .map(|(address, body)| (address.to_owned(), page(200, body)))
        .into();
        state.callback = Some(certificate());
    }
    world
}

fn app() -> AppId {
    AppId::new("shop")
}

fn plan() -> Plan {
    Plan {
        app: app(),
        domain: Some("shop.example".into()),
        website: Some("https://shop.example/".into()),
        policy_pages: vec!["https://shop.example/privacy".into()],
        callbacks: vec!["https://app.shop.example/callback".into()],
        token: token(),
        judged: vec![Judged {
            kind: CheckKind::CallbackHygiene,
            target: String::new(),
            verdict: Verdict {
                outcome: CheckOutcome::Warn,
                evidence: Vec::new(),
            },
        }],
    }
}

/// Only the proof of the domain, which takes most tries in life.
fn only_domain() -> Plan {
    Plan {
        policy_pages: Vec::new(),
        callbacks: Vec::new(),
        judged: Vec::new(),
        ..plan()
    }
}

async fn planned(house: &House, plan: Plan) -> Vec<CheckRecord> {
    house.engine.plan_checks(plan).await.expect("a plan")
}

async fn round(house: &House, world: &World) -> Ran {
    house.engine.run_due_checks(world).await.expect("a round")
}

async fn found(house: &House, kind: CheckKind) -> CheckRecord {
    let checks = house.engine.checks(&app()).await.expect("checks");
    let mut of_kind = checks.into_iter().filter(|check| check.kind == kind);
    of_kind.next().expect("a check of the kind")
}

fn said(check: &CheckRecord) -> Vec<Said> {
    check.evidence.iter().filter_map(Finding::said).collect()
}

#[tokio::test]
async fn what_is_planned_is_looked_at_and_shown_with_what_was_found_and_when() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let checks = planned(&house, plan()).await;
        let outcomes: BTreeMap<_, _> = checks
            .iter()
            .map(|c| (c.kind, (c.outcome, c.checked_at)))
            .collect();
        assert_eq!(
            outcomes[&CheckKind::DomainProof],
            (CheckOutcome::Pending, None)
        );
        assert_eq!(
            outcomes[&CheckKind::CallbackHygiene],
            (CheckOutcome::Warn, Some(START))
        );

        house.later(seconds(7));
        let world = good_world();
        let ran = round(&house, &world).await;
        assert_eq!(
            ran,
            Ran {
                passed: 4,
                ..Ran::default()
            }
        );
        let mut looked_at = world.looked_at();
        looked_at.sort();
        assert_eq!(
            looked_at,
            [
                "https://shop.example/",
                "https://shop.example/privacy",
                "tls app.shop.example:443",
                "txt shop.example"
            ]
        );
        let proof = found(&house, CheckKind::DomainProof).await;
        assert_eq!(
            (proof.outcome, proof.checked_at),
            (CheckOutcome::Pass, Some(house.now()))
        );
        assert_eq!(
            proof.evidence,
            [Finding::of(Said::ProofInDns).with("record", token().record())]
        );
        let callback = found(&house, CheckKind::CallbackTls).await;
        assert!(
            said(&callback).contains(&Said::CertificateUntil),
            "{callback:?}"
        );
        let website = found(&house, CheckKind::WebsiteTls).await;
        assert!(said(&website).contains(&Said::HstsThere), "{website:?}");
        let policy = found(&house, CheckKind::PolicyPages).await;
        assert_eq!(said(&policy), [Said::PageReadable]);

        // Nothing more to do until tomorrow; what was judged at once is never due.
        house.later(seconds(DAY - 1));
        assert_eq!(round(&house, &world).await, Ran::default());
        house.later(seconds(1));
        assert_eq!(round(&house, &world).await.passed, 4);
    })
    .await;
}

#[tokio::test]
async fn a_proof_that_is_not_there_yet_is_looked_for_soon_and_then_more_seldom() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        planned(&house, only_domain()).await;
        let world = good_world();
        world.state().records = vec!["v=spf1 -all".into(), "countersign-verification=old".into()];
        for (minutes, attempts) in [(0, 1), (1, 2), (5, 3), (30, 4), (120, 5), (360, 6)] {
            if minutes > 0 {
                // A moment before its time it is not looked at.
                house.later(seconds(minutes * MINUTE - 1));
                assert_eq!(round(&house, &world).await, Ran::default(), "{minutes}");
                house.later(seconds(1));
            }
            assert_eq!(round(&house, &world).await.failed, 1, "{minutes} minutes");
            let proof = found(&house, CheckKind::DomainProof).await;
            assert_eq!(
                (proof.outcome, proof.attempts),
                (CheckOutcome::Fail, attempts)
            );
            assert_eq!(said(&proof), [Said::ProofOtherInDns, Said::NoConnection]);
        }
        let proof = found(&house, CheckKind::DomainProof).await;
        assert_eq!(proof.next_at, Some(house.now() + seconds(DAY)));

        // The file is as good as the record.
        let file = page(200, &token().record());
        world.state().pages.insert(FILE.into(), file);
        house.later(seconds(DAY));
        assert_eq!(round(&house, &world).await.failed, 0);
        let proof = found(&house, CheckKind::DomainProof).await;
        assert_eq!((proof.outcome, proof.attempts), (CheckOutcome::Pass, 0));
        assert_eq!(said(&proof), [Said::ProofInFile]);
    })
    .await;
}

#[tokio::test]
async fn a_proof_that_never_comes_is_given_up_until_somebody_asks() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        planned(&house, only_domain()).await;
        let world = good_world();
        world.state().records.clear();
        let mut tries = 0;
        for _ in 0..31 * 24 * 60 / 15 {
            tries += round(&house, &world).await.failed;
            house.later(seconds(15 * MINUTE));
        }
        let proof = found(&house, CheckKind::DomainProof).await;
        assert_eq!(proof.next_at, None);
        assert_eq!(u64::from(proof.attempts), tries);
        let week = proof.checked_at.expect("it was run").since(START);
        assert!(
            (seconds(6 * DAY)..=seconds(8 * DAY)).contains(&week),
            "{week:?}"
        );

        world.state().records = vec![token().record()];
        let asked = house.engine.check_now(&app(), &proof.id).await;
        assert_eq!(asked.expect("an answer"), CheckNow::Due);
        round(&house, &world).await;
        let proof = found(&house, CheckKind::DomainProof).await;
        assert_eq!(proof.outcome, CheckOutcome::Pass);
    })
    .await;
}

#[tokio::test]
async fn who_has_mended_something_asks_once_a_minute() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        planned(&house, only_domain()).await;
        let world = good_world();
        world.state().records.clear();
        for wait in [0, 1, 5, 30] {
            house.later(seconds(wait * MINUTE));
            round(&house, &world).await;
        }
        let proof = found(&house, CheckKind::DomainProof).await;
        let ask = async |app: AppId| {
            house
                .engine
                .check_now(&app, &proof.id)
                .await
                .expect("an answer")
        };
        assert_eq!(ask(AppId::new("other")).await, CheckNow::NoSuchCheck);
        assert_eq!(round(&house, &world).await, Ran::default());

        world.state().records = vec![token().record()];
        let asked_at = house.now();
        assert_eq!(ask(app()).await, CheckNow::Due);
        assert_eq!(
            ask(app()).await,
            CheckNow::NotBefore(asked_at + seconds(MINUTE))
        );
        // Another app is not told that there is such a check.
        assert_eq!(ask(AppId::new("other")).await, CheckNow::NoSuchCheck);
        assert_eq!(round(&house, &world).await.passed, 1);
        house.later(seconds(59));
        assert_eq!(
            ask(app()).await,
            CheckNow::NotBefore(asked_at + seconds(MINUTE))
        );
        assert_eq!(round(&house, &world).await, Ran::default());
        house.later(seconds(1));
        assert_eq!(ask(app()).await, CheckNow::Due);

        let unknown = house
            .engine
            .check_now(&app(), &CheckId::new("no such"))
            .await;
        assert_eq!(unknown.expect("an answer"), CheckNow::NoSuchCheck);
    })
    .await;
}

#[tokio::test]
async fn a_check_that_is_judged_at_once_cannot_be_asked_for() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        planned(&house, plan()).await;
        let judged = found(&house, CheckKind::CallbackHygiene).await;
        let asked = house.engine.check_now(&app(), &judged.id).await;
        assert_eq!(asked.expect("an answer"), CheckNow::NoSuchCheck);
    })
    .await;
}

#[tokio::test]
async fn two_nodes_share_the_checks_and_what_one_leaves_the_other_takes_up() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let neighbour = house.neighbour(&db.store, 8);
        planned(&house, plan()).await;
        let silent = World {
            gate: Some(tokio::sync::Semaphore::new(0)),
            ..good_world()
        };
        let world = good_world();
        // The first node takes all of them and hears nothing; it is stopped in the middle.
        tokio::select! {
            _ = house.engine.run_due_checks(&silent) => panic!("nobody answered"),
            () = async {
                while silent.state().at_once < 4 {
                    tokio::task::yield_now().await;
                }
            } => {}
        }
        assert_eq!(
            round(&neighbour, &world).await,
            Ran::default(),
            "they are taken"
        );
        house.later(seconds(600));
        assert_eq!(
            round(&neighbour, &world).await.passed,
            4,
            "the first fell silent"
        );
        assert_eq!(round(&house, &world).await, Ran::default());
    })
    .await;
}

#[tokio::test]
async fn a_result_that_was_overtaken_is_dropped() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        planned(&house, only_domain()).await;
        let silent = World {
            gate: Some(tokio::sync::Semaphore::new(0)),
            ..good_world()
        };
        let (ran, ()) = tokio::join!(round(&house, &silent), async {
            while silent.state().at_once < 2 {
                tokio::task::yield_now().await;
            }
            // Meanwhile the app gets another website.
            let moved = Plan {
                domain: Some("store.example".into()),
                website: Some("https://store.example/".into()),
                ..only_domain()
            };
            planned(&house, moved).await;
            silent.gate.as_ref().expect("a gate").add_permits(9);
        });
        assert_eq!(
            ran,
            Ran {
                overtaken: 2,
                ..Ran::default()
            }
        );
        let checks = house.engine.checks(&app()).await.expect("checks");
        let shown: Vec<_> = checks
            .iter()
            .map(|c| (c.target.as_str(), c.outcome))
            .collect();
        assert_eq!(
            shown,
            [
                ("store.example", CheckOutcome::Pending),
                ("https://store.example/", CheckOutcome::Pending)
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn few_are_looked_at_at_the_same_time() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let callbacks = (0..20)
            .map(|n| format!("https://a{n}.example/callback"))
            .collect();
        planned(
            &house,
            Plan {
                callbacks,
                ..plan()
            },
        )
        .await;
        let world = World {
            gate: Some(tokio::sync::Semaphore::new(0)),
            ..good_world()
        };
        let (ran, ()) = tokio::join!(round(&house, &world), async {
            while world.state().at_once < 4 {
                tokio::task::yield_now().await;
            }
            // Time enough for a fifth.
            for _ in 0..100 {
                tokio::task::yield_now().await;
            }
            world.gate.as_ref().expect("a gate").add_permits(99);
        });
        assert_eq!(ran.passed, 23);
        assert_eq!(world.state().most_at_once, 4);
    })
    .await;
}

#[tokio::test]
async fn planning_again_keeps_what_is_the_same_and_drops_what_is_gone() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        planned(&house, plan()).await;
        let world = good_world();
        round(&house, &world).await;
        let before = house.engine.checks(&app()).await.expect("checks");
        house.later(seconds(60));
        let mut again = plan();
        again.policy_pages = vec!["https://shop.example/terms".into()];
        again.token = ProofToken::from_entropy([1; 26]);
        again.judged[0].verdict.outcome = CheckOutcome::Pass;
        let after = planned(&house, again.clone()).await;

        let of = |checks: &[CheckRecord], kind| {
            checks
                .iter()
                .find(|check| check.kind == kind)
                .cloned()
                .expect("a check")
        };
        for kind in [CheckKind::WebsiteTls, CheckKind::CallbackTls] {
            assert_eq!(
                of(&after, kind),
                of(&before, kind),
                "{kind} keeps its result"
            );
        }
        let policy = of(&after, CheckKind::PolicyPages);
        assert_eq!(policy.target, "https://shop.example/terms");
        for anew in [policy, of(&after, CheckKind::DomainProof)] {
            assert_eq!(
                (anew.outcome, anew.next_at),
                (CheckOutcome::Pending, Some(house.now()))
            );
        }
        let judged = of(&after, CheckKind::CallbackHygiene);
        assert_eq!(
            (judged.outcome, judged.checked_at),
            (CheckOutcome::Pass, Some(house.now()))
        );
        assert_eq!(after.len(), 5);
        assert_eq!(
            planned(&house, again).await,
            after,
            "and once more changes nothing"
        );

        house.engine.forget_checks(&app()).await.expect("forgotten");
        assert_eq!(house.engine.checks(&app()).await.expect("checks"), []);
        assert_eq!(round(&house, &world).await, Ran::default());
    })
    .await;
}

#[tokio::test]
async fn a_certificate_that_runs_out_is_noticed_in_time() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let only_callback = Plan {
            domain: None,
            website: None,
            policy_pages: Vec::new(),
            judged: Vec::new(),
            ..plan()
        };
        planned(&house, only_callback).await;
        let world = good_world();
        let mut seen: Vec<(CheckOutcome, Timestamp)> = Vec::new();
        for _ in 0..=90 {
            round(&house, &world).await;
            let check = found(&house, CheckKind::CallbackTls).await;
            if seen.last().map(|(outcome, _)| *outcome) != Some(check.outcome) {
                seen.push((check.outcome, house.now()));
            }
            house.later(seconds(DAY));
        }
        assert_eq!(
            seen,
            [
                (CheckOutcome::Pass, START),
                (CheckOutcome::Warn, START + seconds(76 * DAY)),
                (CheckOutcome::Fail, START + seconds(90 * DAY)),
            ]
        );
    })
    .await;
}
