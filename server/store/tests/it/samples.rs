//! Rows to tell stories with. A story changes what it is about and leaves the rest.

use protocol::{
    authorization::ScaMethod,
    client::{
        AuthMethod, Client, ClientProfile, ClientStatus, DialectName, Environment, GrantType,
        PkcePolicy,
    },
    iban::Iban,
    ids::{AccountId, ClientId, ConsentId, FamilyId, SecretId, TransferId, UserId},
    lifetimes::LifetimeOverrides,
    locale::Locale,
    money::{Currency, Money},
    payment::Payment,
    redirect_uri::RegisteredRedirectUri,
    scope::Scope,
    secret::{AccessToken, ClientSecret, Digest, Kind, RefreshToken},
    time::Timestamp,
};
use store::{
    Error, Store,
    access_tokens::{AccessTokenRecord, TokenUser, insert_access_token},
    accounts::{AccountKind, AccountRecord},
    client_secrets::ClientSecretRecord,
    clients::{ClientRecord, insert_client},
    consents::{ConsentRecord, ConsentStatus, insert_consent},
    families::{FamilyRecord, insert_family},
    refresh_tokens::{RefreshTokenRecord, insert_refresh_token},
    testing::TestDatabase,
    transfers::{TransferRecord, TransferStatus},
    users::{Role, UserRecord, UserStatus},
};

/// The instant at which most stories begin.
pub const NOW: Timestamp = Timestamp::from_seconds(1_795_000_000);

/// `NOW` and some seconds.
pub fn after(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(NOW.seconds() + seconds)
}

pub fn scope(text: &str) -> Scope {
    text.parse().unwrap()
}

/// A digest that is easy to tell from others.
pub fn digest<K: Kind>(number: u64) -> Digest<K> {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    Digest::from_bytes(&bytes).unwrap()
}

pub fn euros(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

/// The number of the account `number` of a bank of ours.
pub fn iban(number: u32) -> Iban {
    Iban::with_check_digits("LT", &format!("70000{number:011}")).unwrap()
}

pub fn user(name: &str) -> UserRecord {
    UserRecord {
        id: UserId::new(format!("user-{name}")),
        environment: Environment::Sandbox,
        username: name.to_owned(),
        email: Some(format!("{name}@people.test")),
        password_hash: "$argon2id$v=19$m=8,t=1,p=1$c2FsdA$aGFzaA".to_owned(),
        display_name: format!("{name} of the story"),
        role: Role::User,
        locale: Locale::Lt,
        status: UserStatus::Active,
        created_at: NOW,
    }
}

pub fn client(id: &str) -> ClientRecord {
    let address = "https://shop.test/callback?a=b";
    ClientRecord {
        client: Client {
            id: ClientId::new(id),
            name: format!("The shop {id}"),
            environment: Environment::Sandbox,
            status: ClientStatus::Active,
            dialects: vec![DialectName::Bearer, DialectName::Mac],
            auth_method: AuthMethod::ClientSecretBasic,
            pkce: PkcePolicy::Optional,
            redirect_uris: vec![
                RegisteredRedirectUri::parse(address, Environment::Sandbox).unwrap(),
            ],
            scope: scope("ais transferFunds wallet"),
            grants: vec![GrantType::AuthorizationCode, GrantType::RefreshToken],
            lifetimes: LifetimeOverrides {
                access_token_seconds: Some(86_400),
                ..LifetimeOverrides::default()
            },
            profile: ClientProfile {
                legal_name: "Shop UAB".to_owned(),
                purpose: [(Locale::En, "To show you your spending.".to_owned())].into(),
                reviewed_at: Some(NOW),
                ..ClientProfile::default()
            },
            created_at: NOW,
        },
        owner: Some(UserId::new("user-dev")),
        sealed_mac_key: Some(vec![1, 2, 3]),
        version: 0,
    }
}

pub fn secret(client: &str, number: u64) -> ClientSecretRecord {
    ClientSecretRecord {
        id: SecretId::new(format!("secret-{client}-{number}")),
        client_id: ClientId::new(client),
        digest: digest::<ClientSecret>(number),
        label: "first".to_owned(),
        created_at: after(number as i64),
        last_used_at: None,
        expires_at: None,
        revoked_at: None,
        last_four: Some("Ab-9".to_owned()),
        created_by: Some(UserId::new("user-dev")),
        exposed_at: None,
    }
}

pub fn payment() -> Payment {
    Payment::new(euros(2000), "Book Shop", iban(99), Some("Order 17")).unwrap()
}

pub fn consent(id: &str) -> ConsentRecord {
    ConsentRecord {
        id: ConsentId::new(id),
        client_id: ClientId::new("shop"),
        user_id: UserId::new("user-ona"),
        environment: Environment::Sandbox,
        scope: scope("wallet"),
        accounts: vec![AccountId::new("account-1"), AccountId::new("account-2")],
        access: None,
        payment: None,
        payment_used_by: None,
        recurring: true,
        frequency_per_day: 4,
        status: ConsentStatus::Valid,
        confirmed_by: ScaMethod::Totp,
        created_at: NOW,
        confirmed_at: NOW,
        valid_until: after(1000),
        ended: None,
        expires_at: after(2000),
    }
}

pub fn family(id: &str, consent: &str) -> FamilyRecord {
    FamilyRecord {
        id: FamilyId::new(id),
        client_id: ClientId::new("shop"),
        user_id: Some(UserId::new("user-ona")),
        consent_id: Some(ConsentId::new(consent)),
        created_at: NOW,
        revoked: None,
        expires_at: after(1000),
    }
}

pub fn access_token(number: u64, family: &str, consent: &str) -> AccessTokenRecord {
    AccessTokenRecord {
        family_id: Some(FamilyId::new(family)),
        user_id: Some(UserId::new("user-ona")),
        consent_id: Some(ConsentId::new(consent)),
        sender_constraint: Some(r#"{"jkt":"abc"}"#.to_owned()),
        sealed_mac_key: Some(vec![9, 9]),
        ..machine_token(number)
    }
}

/// A token of the client credentials grant.
pub fn machine_token(number: u64) -> AccessTokenRecord {
    AccessTokenRecord {
        digest: digest::<AccessToken>(number),
        family_id: None,
        client_id: ClientId::new("shop"),
        user_id: None,
        consent_id: None,
        scope: scope("ais"),
        environment: Environment::Sandbox,
        dialect: DialectName::Bearer,
        sender_constraint: None,
        sealed_mac_key: None,
        issued_at: NOW,
        first_used_at: None,
        revoked_at: None,
        expires_at: after(3600),
    }
}

pub fn refresh_token(number: u64, family: &str) -> RefreshTokenRecord {
    RefreshTokenRecord {
        digest: digest::<RefreshToken>(number),
        family_id: FamilyId::new(family),
        scope: scope("wallet"),
        issued_at: NOW,
        used: None,
        revoked_at: None,
        expires_at: after(1000),
    }
}

pub fn account(number: u32, user: Option<&str>, balance: i64) -> AccountRecord {
    AccountRecord {
        id: AccountId::new(format!("account-{number}")),
        user_id: user.map(|name| UserId::new(format!("user-{name}"))),
        environment: Environment::Sandbox,
        kind: match user {
            Some(_) => AccountKind::Current,
            None => AccountKind::System,
        },
        name: "Everyday".to_owned(),
        iban: iban(number),
        owner_name: "Ona Onaitė".to_owned(),
        product: "Current account".to_owned(),
        balance: euros(balance),
        reserved_minor: 0,
        created_at: after(i64::from(number)),
    }
}

/// A pending transfer between two accounts of [`account`].
pub fn transfer(id: &str, from: u32, to: u32, minor: i64) -> TransferRecord {
    TransferRecord {
        id: TransferId::new(id),
        from_account: Some(AccountId::new(format!("account-{from}"))),
        to_account: Some(AccountId::new(format!("account-{to}"))),
        from_iban: iban(from),
        from_name: format!("Owner of {from}"),
        to_iban: iban(to),
        to_name: format!("Owner of {to}"),
        amount: euros(minor),
        reference: format!("Reference of {id}"),
        status: TransferStatus::Pending,
        reason: None,
        client_id: Some(ClientId::new("shop")),
        user_id: Some(UserId::new("user-ona")),
        consent_id: Some(ConsentId::new("consent")),
        created_at: NOW,
        booked_at: None,
    }
}

/// Writes people, so that others can point at them.
pub async fn with_users(store: &Store, names: &'static [&'static str]) {
    let written: Result<(), Error> = store
        .write(move |tx| {
            Box::pin(async move {
                for name in names {
                    store::users::insert_user(tx, &user(name)).await?;
                }
                Ok(())
            })
        })
        .await;
    written.unwrap();
}

/// Ona allowed the shop something, and the shop holds an access and a refresh token, both number 1.
pub async fn with_grant(db: &TestDatabase) {
    with_users(&db.store, &["ona"]).await;
    let written: Result<(), Error> = db
        .store
        .write(|tx| {
            Box::pin(async move {
                insert_client(tx, &client("shop")).await?;
                insert_consent(tx, &consent("consent")).await?;
                insert_family(tx, &family("family", "consent")).await?;
                insert_access_token(tx, &access_token(1, "family", "consent")).await?;
                insert_refresh_token(tx, &refresh_token(1, "family")).await
            })
        })
        .await;
    written.unwrap();
}

/// Ona as her tokens know her.
pub fn ona() -> TokenUser {
    TokenUser {
        username: "ona".to_owned(),
        status: UserStatus::Active,
    }
}
