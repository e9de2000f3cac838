//! People: customers, developers, admins.

use std::fmt;

use protocol::{client::Environment, ids::UserId, locale::Locale, person::Phone, time::Timestamp};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::{
    Advanced, Error, Reads, Tx,
    entities::users::{Column, Entity, Model},
    values::{all, insert, parse, words},
};

words! {
    /// What a person may do here.
    Role {
        /// Owns accounts and gives consent.
        User "user",
        /// Also registers apps.
        Developer "developer",
        /// Also approves and suspends.
        Admin "admin",
    }

    /// Whether a person may sign in.
    UserStatus {
        /// They may.
        Active "active",
        /// Switched off by an admin; what they allowed does not work meanwhile.
        Suspended "suspended",
    }
}

/// In place of a hash: any password lets this person in, where clients of the sandbox are. No password has
/// this hash, so nothing else lets them in.
pub const ANY_PASSWORD: &str = "*";

/// One person in one environment.
#[derive(Clone, PartialEq, Eq)]
pub struct UserRecord {
    /// Their id.
    pub id: UserId,
    /// Sandbox or live.
    pub environment: Environment,
    /// The name to sign in with, as they wrote it.
    pub username: String,
    /// Where mail goes.
    pub email: Option<String>,
    /// What the password hash function made, in PHC format; or [`ANY_PASSWORD`].
    pub password_hash: String,
    /// The name that others see.
    pub display_name: String,
    /// What they may do.
    pub role: Role,
    /// Their language.
    pub locale: Locale,
    /// Whether they may sign in.
    pub status: UserStatus,
    /// Since when.
    pub created_at: Timestamp,
}

impl UserRecord {
    /// Whether any password lets this person in. Never a live one, whatever the row says.
    pub fn is_open(&self) -> bool {
        self.environment == Environment::Sandbox && self.password_hash == ANY_PASSWORD
    }
}

/// Without what must not reach a log.
impl fmt::Debug for UserRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserRecord")
            .field("id", &self.id)
            .field("environment", &self.environment)
            .field("role", &self.role)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

impl TryFrom<Model> for UserRecord {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        Ok(Self {
            id: UserId::new(row.id),
            environment: parse(&row.environment, "users.environment")?,
            username: row.username,
            email: row.email,
            password_hash: row.password_hash,
            display_name: row.display_name,
            role: parse(&row.role, "users.role")?,
            locale: Locale::of_tag(&row.locale).ok_or_else(|| Error::unreadable("users.locale"))?,
            status: parse(&row.status, "users.status")?,
            created_at: Timestamp::from_millis(row.created_at),
        })
    }
}

/// The one spelling by which a name is looked up: `Ona`, ` ona` and `ONA` are one person, and so are
/// `+370 612 34567` and `+37061234567`.
pub fn folded(username: &str) -> String {
    let name = username.trim().to_lowercase();
    match name.strip_prefix('+').map(Phone::parse) {
        Some(Ok(phone)) => phone.international(),
        _ => name,
    }
}

/// Writes a new person.
///
/// # Errors
/// [`Error::Conflict`] `users_environment_username_folded_key` when the name is taken there,
/// `users_pkey` when the id was used.
pub async fn insert_user(tx: &Tx, user: &UserRecord) -> Result<(), Error> {
    if user.password_hash == ANY_PASSWORD && !user.is_open() {
        return Err(Error::Broken("a live person without a password".to_owned()));
    }
    let row = Model {
        id: user.id.as_str().to_owned(),
        environment: user.environment.to_string(),
        username: user.username.clone(),
        username_folded: folded(&user.username),
        email: user.email.clone(),
        password_hash: user.password_hash.clone(),
        display_name: user.display_name.clone(),
        role: user.role.to_string(),
        locale: user.locale.as_str().to_owned(),
        status: user.status.to_string(),
        created_at: user.created_at.millis(),
    };
    insert(&tx.0, row).await
}

/// The person with this id.
///
/// # Errors
/// Why they could not be read.
pub async fn find_user(db: &impl Reads, user: &UserId) -> Result<Option<UserRecord>, Error> {
    let row = Entity::find_by_id(user.as_str()).one(db.link()).await?;
    row.map(UserRecord::try_from).transpose()
}

/// Several people, in one statement: for lists that mention them. Whoever is not there is left out.
///
/// # Errors
/// Why they could not be read.
pub async fn find_users(
    db: &impl Reads,
    users: impl IntoIterator<Item = &UserId>,
) -> Result<Vec<UserRecord>, Error> {
    let ids: Vec<&str> = users.into_iter().map(UserId::as_str).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = Entity::find()
        .filter(Column::Id.is_in(ids))
        .all(db.link())
        .await?;
    all(rows)
}

/// The person who signs in with this name, however they spell it.
///
/// # Errors
/// Why they could not be read.
pub async fn find_user_by_name(
    db: &impl Reads,
    environment: Environment,
    username: &str,
) -> Result<Option<UserRecord>, Error> {
    let row = Entity::find()
        .filter(Column::Environment.eq(environment.as_str()))
        .filter(Column::UsernameFolded.eq(folded(username)))
        .one(db.link())
        .await?;
    row.map(UserRecord::try_from).transpose()
}

/// Replaces the password hash, if it still is `from`.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_user_password(
    tx: &Tx,
    user: &UserId,
    from: &str,
    to: &str,
) -> Result<Advanced, Error> {
    let sql = "UPDATE users SET password_hash = $3 WHERE id = $1 AND password_hash = $2";
    let values = [user.as_str().into(), from.into(), to.into()];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}

/// Switches a person on or off; `No` when they already were.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_user_status(
    tx: &Tx,
    user: &UserId,
    status: UserStatus,
) -> Result<Advanced, Error> {
    let sql = "UPDATE users SET status = $2 WHERE id = $1 AND status <> $2";
    let values = [user.as_str().into(), status.as_str().into()];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}

/// Remembers the language of a person.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_user_locale(
    tx: &Tx,
    user: &UserId,
    locale: Locale,
) -> Result<Advanced, Error> {
    let sql = "UPDATE users SET locale = $2 WHERE id = $1 AND locale <> $2";
    let values = [user.as_str().into(), locale.as_str().into()];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}

/// Holds the person's row until the transaction ends, so that others that hold it wait: for what may be there
/// once per person, however many decide at the same moment.
///
/// # Errors
/// Why it could not be held.
pub async fn hold_user(tx: &Tx, user: &UserId) -> Result<(), Error> {
    let sql = "UPDATE users SET id = id WHERE id = $1";
    tx.0.change(sql, [user.as_str().into()]).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_spelling() {
        for (typed, name) in [
            (" Ona ", "ona"),
            ("+370 612 34567", "+37061234567"),
            ("+370-612-(34567)", "+37061234567"),
            ("37061234567", "37061234567"),
            ("370 612 34567", "370 612 34567"),
            ("+1", "+1"),
            ("+Ona@mail.test", "+ona@mail.test"),
        ] {
            assert_eq!(folded(typed), name, "{typed}");
            assert_eq!(folded(name), name, "{typed}");
        }
    }
}
