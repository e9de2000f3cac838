//! Any interleaving of refreshes, lost answers, uses and waiting leaves exactly one live chain, or
//! none once a copy was noticed.

use std::time::Duration;

use proptest::prelude::*;
use store::testing::databases;

use crate::house::{House, access_token, refresh_token};

/// One of the tokens that were ever handed out; the newest one when there is no index.
type Choice = Option<prop::sample::Index>;

/// What happens next.
#[derive(Clone, Debug)]
enum Move {
    /// Somebody refreshes; whether the answer arrives makes no difference to the server.
    Refresh { token: Choice },
    /// Somebody uses an access token.
    Use { token: Choice },
    /// Time passes.
    Wait { millis: u64 },
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    // Mostly the newest token, as honest clients do; now and then any.
    let token = prop::option::weighted(0.4, any::<prop::sample::Index>());
    let one = prop_oneof![
        5 => token.clone().prop_map(|token| Move::Refresh { token }),
        2 => token.prop_map(|token| Move::Use { token }),
        2 => (0..12_000u64).prop_map(|millis| Move::Wait { millis }),
    ];
    prop::collection::vec(one, 1..25)
}

/// What must be true, kept beside the server in the simplest form.
struct Model {
    /// The refresh tokens of the chain, oldest first: when each was rotated.
    rotated_at: Vec<Option<Duration>>,
    /// Whether each one's access token was used inside the window of its rotation.
    access_used: Vec<bool>,
    /// The family is revoked.
    over: bool,
    now: Duration,
}

const GRACE: Duration = Duration::from_secs(10);

impl Model {
    /// What a refresh with the token at `at` leads to: the place of the pair that is handed out.
    fn refresh(&mut self, at: usize) -> Option<usize> {
        if self.over {
            return None;
        }
        let Some(rotated) = self.rotated_at[at] else {
            self.rotated_at[at] = Some(self.now);
            self.rotated_at.push(None);
            self.access_used.push(false);
            return Some(at + 1);
        };
        let untouched = self.rotated_at[at + 1].is_none() && !self.access_used[at + 1];
        if untouched && self.now < rotated + GRACE {
            return Some(at + 1);
        }
        self.over = true;
        None
    }
}

async fn play(house: &House, number: usize, moves: &[Move]) {
    let app = house.app(&format!("shop-{number}")).await;
    let ona = house.person(&format!("ona-{number}")).await;
    let begun = house.now();
    let first = house.tokens(&app, &ona, "wallet").await;
    let mut chain = vec![(access_token(&first), refresh_token(&first))];
    let mut model = Model {
        rotated_at: vec![None],
        access_used: vec![true],
        over: false,
        now: Duration::ZERO,
    };
    for one in moves {
        let pick = |token: &Choice| token.map_or(chain.len() - 1, |index| index.index(chain.len()));
        match one {
            Move::Refresh { token } => {
                let at = pick(token);
                let answer = house.refresh(&app, &chain[at].1).await;
                let expected = model.refresh(at);
                assert_eq!(answer.is_ok(), expected.is_some(), "{one:?} at {at}");
                if let (Ok(answer), Some(place)) = (answer, expected) {
                    let pair = (access_token(&answer), refresh_token(&answer));
                    match chain.get(place) {
                        Some(known) => assert_eq!(*known, pair, "the same successor"),
                        // Whether this answer arrives or is lost, the server has it in its books: an
                        // older token that is refreshed later stands for the client that lost it.
                        None => chain.push(pair),
                    }
                }
            }
            Move::Use { token } => {
                let at = pick(token);
                let active = house.is_active(&app, &chain[at].0).await;
                assert_eq!(active, !model.over, "{one:?} at {at}");
                model.access_used[at] |= active;
            }
            Move::Wait { millis } => {
                house.later(Duration::from_millis(*millis));
                model.now = house.now().since(begun);
            }
        }
    }
    let mut live = 0;
    for (_, refresh) in &chain {
        live += usize::from(house.is_active(&app, refresh).await);
    }
    assert_eq!(live, usize::from(!model.over), "live refresh tokens");
}

#[test]
fn any_interleaving_of_refreshes_and_lost_answers_leaves_exactly_one_live_chain() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let databases = runtime.block_on(databases());
    for database in &databases {
        let house = House::on(&database.store);
        let number = std::cell::Cell::new(0);
        let config = ProptestConfig {
            cases: 48,
            failure_persistence: None,
            ..ProptestConfig::default()
        };
        proptest!(config, |(moves in moves())| {
            number.set(number.get() + 1);
            runtime.block_on(play(&house, number.get(), &moves));
        });
    }
    drop(databases);
}
