//! People.

use std::fmt;

use protocol::{
    client::Environment,
    ids::{AuthenticatorId, UserId},
    locale::Locale,
    person::PersonalData,
    sca,
    secret::{Digest, RecoveryCode},
};
use serde::Serialize;
use serde_json::json;
use store::{
    authenticators::{
        AuthenticatorKind, AuthenticatorRecord, insert_authenticator, insert_recovery_codes,
    },
    personal_data::{PersonalRecord, upsert_personal_data},
    users::{Role, UserRecord, UserStatus, insert_user},
};
use zeroize::Zeroizing;

use super::{RegisterError, is_line};
use crate::{Engine, personal::sealed_data, seal::Purpose};

/// Bytes of the seed of an authenticator app (RFC 4226 §4, R6: 160 bits).
pub(crate) const SEED: usize = 20;

/// How many recovery codes a person gets.
pub(crate) const RECOVERY_CODES: usize = 10;

/// Longest login name and longest display name, in characters.
const LONGEST_NAME: usize = 64;

/// Longest password, in bytes. Hashing more would only cost.
const LONGEST_PASSWORD: usize = 256;

/// Shortest password of a live person, in characters (OWASP ASVS 6.2.1).
const SHORTEST_PASSWORD: usize = 8;

/// A person to be added.
#[derive(Clone)]
pub struct NewUser {
    /// The name to sign in with.
    pub username: String,
    /// The password.
    pub password: String,
    /// Where mail goes, if anywhere.
    pub email: Option<String>,
    /// The name that others see; the login name when absent.
    pub display_name: Option<String>,
    /// What they may do.
    pub role: Role,
    /// Play money or real money.
    pub environment: Environment,
    /// Their language.
    pub locale: Locale,
}

/// Without the password.
impl fmt::Debug for NewUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewUser")
            .field("username", &self.username)
            .finish_non_exhaustive()
    }
}

/// What is told once, when a person was added. Serialized as the command line prints it.
#[derive(Serialize)]
pub struct AddedUser {
    /// Their id.
    pub user_id: UserId,
    /// The name to sign in with.
    pub username: String,
    /// The seed for an authenticator app, in base32.
    pub totp_secret: String,
    /// Codes for the day the phone is lost, each good once.
    pub recovery_codes: Vec<String>,
}

/// Without the secrets.
impl fmt::Debug for AddedUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AddedUser")
            .field("user_id", &self.user_id)
            .finish_non_exhaustive()
    }
}

/// A person, ready to be written, with what proves that it is them.
pub(crate) struct Enrolment {
    pub user: UserRecord,
    pub authenticator: AuthenticatorRecord,
    pub recovery_codes: Vec<Digest<RecoveryCode>>,
    /// What is known of them, if anything.
    pub personal: Option<PersonalRecord>,
}

impl Enrolment {
    /// Writes all of it.
    pub(crate) async fn write(&self, tx: &store::Tx) -> Result<(), store::Error> {
        insert_user(tx, &self.user).await?;
        insert_authenticator(tx, &self.authenticator).await?;
        insert_recovery_codes(tx, &self.user.id, &self.recovery_codes).await?;
        match &self.personal {
            Some(personal) => upsert_personal_data(tx, personal).await,
            None => Ok(()),
        }
    }
}

impl Engine {
    /// Adds a person with an authenticator and recovery codes.
    ///
    /// # Errors
    /// [`RegisterError::Refused`] when the name is taken in this environment, when name, password or
    /// address are not good.
    pub async fn add_user(&self, new: NewUser) -> Result<AddedUser, RegisterError> {
        self.add_person(new, None).await
    }

    /// The same, with what is known of the person.
    ///
    /// # Errors
    /// As [`Engine::add_user`].
    pub async fn add_person(
        &self,
        new: NewUser,
        personal: Option<PersonalData>,
    ) -> Result<AddedUser, RegisterError> {
        check(&new)?;
        let seed = Zeroizing::new(self.env.bytes::<SEED>());
        let codes: Vec<_> = (0..RECOVERY_CODES)
            .map(|_| sca::mint_recovery_code(self.env.bytes()))
            .collect();
        let added = AddedUser {
            user_id: UserId::new(self.env.id()),
            username: new.username.clone(),
            totp_secret: sca::base32(&*seed).to_string(),
            recovery_codes: codes
                .iter()
                .map(|code| sca::recovery_code_groups(code).to_string())
                .collect(),
        };
        let digests = codes.iter().map(|code| code.digest()).collect();
        let (username, environment) = (new.username.clone(), new.environment);
        let mut enrolment = self
            .enrol(added.user_id.clone(), new, &seed[..], digests)
            .await?;
        enrolment.personal = personal
            .map(|data| sealed_data(&self.env, &added.user_id, &data))
            .transpose()?;
        let event = self.operator_event(
            "user.added",
            format!("user:{}", added.user_id),
            &json!({ "environment": environment, "role": enrolment.user.role.as_str() }),
        );
        self.env
            .store
            .write::<_, store::Error, _>(move |tx| {
                Box::pin(async move {
                    enrolment.write(tx).await?;
                    store::audit::insert_audit_event(tx, &event).await
                })
            })
            .await
            .map_err(|error| match error {
                store::Error::Conflict { what }
                    if what == "users_environment_username_folded_key" =>
                {
                    RegisterError::refused(format!(
                        "there is a user {username} in {environment} already"
                    ))
                }
                other => other.into(),
            })?;
        Ok(added)
    }

    /// Makes a person ready to be written: hashes the password, seals the seed.
    pub(crate) async fn enrol(
        &self,
        id: UserId,
        new: NewUser,
        seed: &[u8],
        recovery_codes: Vec<Digest<RecoveryCode>>,
    ) -> Result<Enrolment, RegisterError> {
        let now = self.env.now();
        let password_hash = self
            .env
            .passwords
            .hash(new.password, self.env.bytes())
            .await?;
        let authenticator = AuthenticatorRecord {
            id: AuthenticatorId::new(self.env.id()),
            user_id: id.clone(),
            kind: AuthenticatorKind::Totp,
            sealed_secret: self
                .env
                .seal
                .seal(Purpose::TotpSeed, self.env.bytes(), seed),
            last_step: None,
            created_at: now,
        };
        let user = UserRecord {
            id,
            environment: new.environment,
            display_name: new.display_name.unwrap_or_else(|| new.username.clone()),
            username: new.username,
            email: new.email,
            password_hash,
            role: new.role,
            locale: new.locale,
            status: UserStatus::Active,
            created_at: now,
        };
        Ok(Enrolment {
            user,
            authenticator,
            recovery_codes,
            personal: None,
        })
    }
}

/// The checks, in the order in which a person would mend them.
fn check(new: &NewUser) -> Result<(), RegisterError> {
    let refuse = |sentence: &str| Err(RegisterError::refused(sentence));
    if !is_line(&new.username, LONGEST_NAME) {
        return refuse(
            "the username must be one line of 1 to 64 characters, without blanks at its ends",
        );
    }
    if new
        .display_name
        .as_ref()
        .is_some_and(|name| !is_line(name, LONGEST_NAME))
    {
        return refuse(
            "the display name must be one line of 1 to 64 characters, without blanks at its ends",
        );
    }
    if new.password.is_empty() || new.password.len() > LONGEST_PASSWORD {
        return refuse("the password must have 1 to 256 bytes");
    }
    let short = new.password.chars().count() < SHORTEST_PASSWORD;
    if new.environment == Environment::Live && short {
        return refuse("the password of a live user must have at least 8 characters");
    }
    if new.email.as_ref().is_some_and(|email| !is_address(email)) {
        return refuse("the e-mail address must look like name@example.org");
    }
    Ok(())
}

/// Something before and something after one `@`: what more there is to an address, only a letter
/// that arrives can tell.
pub(crate) fn is_address(email: &str) -> bool {
    let plain = is_line(email, 254)
        && !email
            .contains(|character: char| character.is_whitespace() || "<>,;\"".contains(character));
    plain
        && email.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty() && host.len() >= 3 && !host.contains('@') && host.contains('.')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_a_name_and_a_host() {
        for good in ["ona@bank.test", "a.b+c@x.io", "ž@pavyzdys.lt"] {
            assert!(is_address(good), "{good}");
        }
        for bad in [
            "",
            "ona",
            "@bank.test",
            "ona@",
            "ona@bank",
            "o na@bank.test",
            "a@b@c.test",
            "a@b.c\n",
            "<a@b.cc>",
        ] {
            assert!(!is_address(bad), "{bad:?}");
        }
    }
}
