//! Test users: people of the sandbox that a team may sign in as. Their passwords and codes are shown
//! to the team, for nothing that is theirs is real.

use protocol::{
    client::Environment,
    iban::Iban,
    ids::{AccountId, TeamId, UserId},
    locale::Locale,
    money::{Currency, Money},
    sca,
};
use store::{
    Tx,
    accounts::{AccountKind, AccountRecord, find_accounts_of_user, insert_account},
    authenticators::find_authenticators,
    test_users::{TestUserRecord, find_test_users, insert_test_user},
    users::{Role, find_user},
};
use zeroize::Zeroizing;

use crate::{
    Engine,
    error::{Error, Result},
    register::{Enrolment, NewUser, SEED, open_with},
    seal::Purpose,
};

/// Given names of the people that a team gets.
const NAMES: [(&str, &str); 2] = [("ona", "Ona Bandomoji"), ("jonas", "Jonas Bandomasis")];

/// What each of them owns: kind, name, cents.
const ACCOUNTS: [(AccountKind, &str, i64); 2] = [
    (AccountKind::Wallet, "Wallet", 25_000),
    (AccountKind::Current, "Current account", 248_075),
];

/// A test user as the team sees them.
#[derive(Clone, PartialEq, Eq)]
pub struct TestPerson {
    /// The name to sign in with.
    pub username: String,
    /// The password.
    pub password: String,
    /// The name that others see.
    pub display_name: String,
    /// The code that their authenticator app shows now, if they have one.
    pub code: Option<String>,
    /// For how many seconds this is the present code.
    pub seconds_left: u32,
    /// Number and balance of their accounts, as people write them.
    pub accounts: Vec<(String, String)>,
}

/// Without the secrets.
impl std::fmt::Debug for TestPerson {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TestPerson")
            .field("username", &self.username)
            .finish_non_exhaustive()
    }
}

/// Test users of a team, ready to be written.
pub(super) struct TestPeople(Vec<TestUser>);

struct TestUser {
    enrolment: Enrolment,
    row: TestUserRecord,
    accounts: Vec<Opened>,
}

/// An account with what it begins with.
struct Opened {
    account: AccountRecord,
    balance: Money,
    ids: [String; 3],
}

impl TestPeople {
    /// Writes all of them, with accounts and money.
    pub async fn write(&self, tx: &Tx) -> Result<(), store::Error> {
        for person in &self.0 {
            person.enrolment.write(tx).await?;
            insert_test_user(tx, &person.row).await?;
            for opened in &person.accounts {
                insert_account(tx, &opened.account).await?;
                open_with(tx, &opened.account, opened.balance, opened.ids.clone()).await?;
            }
        }
        Ok(())
    }
}

impl Engine {
    /// People to try an app with. Nothing is written yet.
    pub(super) async fn test_people(&self, team: &TeamId, locale: Locale) -> Result<TestPeople> {
        let mut people = Vec::new();
        for (given, display_name) in NAMES {
            people.push(self.test_user(team, given, display_name, locale).await?);
        }
        Ok(TestPeople(people))
    }

    async fn test_user(
        &self,
        team: &TeamId,
        given: &str,
        display_name: &str,
        locale: Locale,
    ) -> Result<TestUser> {
        let now = self.env.now();
        let password = self.test_word::<8>();
        let seed = Zeroizing::new(self.env.bytes::<SEED>());
        let id = UserId::new(self.env.id());
        let new = NewUser {
            username: format!("{given}-{}", self.test_word::<4>()),
            password: password.clone(),
            email: None,
            display_name: Some(display_name.to_owned()),
            role: Role::User,
            environment: Environment::Sandbox,
            locale,
        };
        let row = TestUserRecord {
            team_id: team.clone(),
            user_id: id.clone(),
            sealed_password: self.sealed_test_password(&password),
            created_at: now,
        };
        let enrolment = self.enrol(id.clone(), new, &seed[..], Vec::new()).await?;
        let mut accounts = Vec::new();
        for (place, (kind, name, cents)) in (0u64..).zip(ACCOUNTS) {
            accounts.push(Opened {
                account: AccountRecord {
                    id: AccountId::new(self.env.id()),
                    user_id: Some(id.clone()),
                    environment: Environment::Sandbox,
                    kind,
                    name: name.to_owned(),
                    iban: self.test_iban()?,
                    owner_name: display_name.to_owned(),
                    product: name.to_owned(),
                    balance: Money::new(0, Currency::EUR),
                    reserved_minor: 0,
                    // A moment apart, because accounts are listed in the order of their making.
                    created_at: now + std::time::Duration::from_millis(place),
                },
                balance: Money::new(cents, Currency::EUR),
                ids: [self.env.id(), self.env.id(), self.env.id()],
            });
        }
        Ok(TestUser {
            enrolment,
            row,
            accounts,
        })
    }

    /// The test users of a team, with the codes of this moment.
    ///
    /// # Errors
    /// When storage failed.
    pub async fn test_persons(&self, team: &TeamId, locale: Locale) -> Result<Vec<TestPerson>> {
        let reader = self.env.store.reader();
        let now = self.env.now();
        let into_step = u64::try_from(now.seconds()).unwrap_or(0) % sca::STEP_SECONDS;
        let mut people = Vec::new();
        for row in find_test_users(reader, team).await? {
            let Some(user) = find_user(reader, &row.user_id).await? else {
                continue;
            };
            let authenticators = find_authenticators(reader, &user.id).await?;
            let code = match authenticators.first() {
                Some(record) => {
                    let seed = self.opened(Purpose::TotpSeed, &record.sealed_secret)?;
                    Some(sca::totp(&seed, sca::step(now)).expose().to_owned())
                }
                None => None,
            };
            let password = self.opened(Purpose::TestPassword, &row.sealed_password)?;
            let accounts = find_accounts_of_user(reader, &user.id).await?;
            people.push(TestPerson {
                username: user.username,
                password: String::from_utf8_lossy(&password).into_owned(),
                display_name: user.display_name,
                code,
                seconds_left: u32::try_from(sca::STEP_SECONDS - into_step).unwrap_or(0),
                accounts: accounts
                    .iter()
                    .map(|account| (account.iban.groups(), account.balance.display(locale)))
                    .collect(),
            });
        }
        Ok(people)
    }

    pub(crate) fn sealed_test_password(&self, password: &str) -> Vec<u8> {
        self.env
            .seal
            .seal(Purpose::TestPassword, self.env.bytes(), password.as_bytes())
    }

    /// Opens what we sealed ourselves.
    pub(super) fn opened(&self, purpose: Purpose, blob: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        self.env
            .seal
            .open(purpose, blob)
            .map_err(|error| Error::Broken(format!("{purpose:?}: {error}")))
    }

    /// A word that nobody guesses and everybody can type.
    fn test_word<const BYTES: usize>(&self) -> String {
        data_encoding::BASE32_NOPAD
            .encode(&self.env.bytes::<BYTES>())
            .to_lowercase()
    }

    /// A Lithuanian number of a bank that does not exist.
    pub(crate) fn test_iban(&self) -> Result<Iban> {
        let number = u64::from_be_bytes(self.env.bytes()) % 10_000_000_000_000;
        Iban::with_check_digits("LT", &format!("990{number:013}"))
            .map_err(|fault| Error::Broken(format!("a test IBAN: {fault}")))
    }
}
