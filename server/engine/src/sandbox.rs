//! The open directory of the sandbox: any user name and password sign in.
//!
//! | who | how they sign in | their code |
//! |---|---|---|
//! | a person of the command line, the portal or the demo | with their password, as everywhere | empty, or of their authenticator app |
//! | a name that nobody has | any password; the person is made on the spot, with sample accounts, and open from then on | empty, or [`sca::SANDBOX_CODE`] |
//! | a live person, or anybody at a live client | nothing of this | always asked for and checked |
//!
//! Open people have no password hash, so nothing but this door lets them in: not the portal, not a live
//! client. How many are made is counted per network address range.

mod history;

use protocol::{
    client::Environment,
    ids::UserId,
    locale::Locale,
    sca::{self, Typed},
    time::Timestamp,
};
use serde_json::json;
use store::{
    audit::insert_audit_event,
    personal_data::upsert_personal_data,
    users::{ANY_PASSWORD, Role, UserRecord, UserStatus, find_user_by_name, insert_user},
};
use subtle::ConstantTimeEq as _;

use crate::{
    Engine,
    error::{Error, Result},
    interaction::{Interaction, may_sign_in},
    log_in::LONGEST,
    personal::{sample_address, sealed_data},
    register::is_line,
    throttle::Guess,
    visit::{Proof, Visit},
};

/// Longest name of a person who is made on the spot, in characters.
const LONGEST_NAME: usize = 64;

/// What becomes of a name and a password at the open door.
pub(crate) enum AtTheDoor {
    /// This person is in.
    In(Box<UserRecord>),
    /// Too many people were made from around here.
    Paused(Timestamp),
    /// The door is not for them: the password decides.
    Closed,
}

impl Engine {
    /// Lets somebody in by name alone, if client and person are of the sandbox and the directory is open.
    /// `known` is who has the name.
    pub(crate) async fn at_the_open_door(
        &self,
        visit: &Visit,
        interaction: &Interaction,
        username: &str,
        password: &str,
        known: Option<&UserRecord>,
    ) -> Result<AtTheDoor> {
        if !self.is_open_to(interaction) || password.len() > LONGEST {
            return Ok(AtTheDoor::Closed);
        }
        if let Some(known) = known {
            let is_in = known.is_open() && may_sign_in(known, Environment::Sandbox);
            return Ok(match is_in {
                true => AtTheDoor::In(Box::new(known.clone())),
                false => AtTheDoor::Closed,
            });
        }
        let name = username.trim();
        if !is_line(name, LONGEST_NAME) {
            return Ok(AtTheDoor::Closed);
        }
        let folded = store::users::folded(name);
        let sandbox = Environment::Sandbox;
        let budget = self
            .budget(visit.guesser(), Guess::NewPerson, sandbox, &folded, None)
            .await?;
        if let Some(until) = self.paused(&budget).await? {
            return Ok(AtTheDoor::Paused(until));
        }
        self.count_miss(&budget).await?;
        let locale = self.locale(visit, interaction);
        Ok(AtTheDoor::In(Box::new(self.move_in(name, locale).await?)))
    }

    /// Whether a code that no authenticator app made is the sandbox's own, and this person may use it.
    pub(crate) fn is_sandbox_code(
        &self,
        interaction: &Interaction,
        user: &UserRecord,
        proof: &Proof,
    ) -> bool {
        let Proof::Code(typed) = proof else {
            return false;
        };
        self.is_open_to(interaction)
            && user.is_open()
            && matches!(Typed::read(typed), Typed::Code(code)
                if bool::from(code.expose().as_bytes().ct_eq(sca::SANDBOX_CODE.as_bytes())))
    }

    /// Whether the people of this client may come in by any password.
    pub(crate) fn is_open_to(&self, interaction: &Interaction) -> bool {
        self.env.settings.sandbox_open
            && interaction.client.client.environment == Environment::Sandbox
    }

    /// Makes a person whom any password lets in, with sample accounts. When another browser was quicker,
    /// that person stands.
    async fn move_in(&self, name: &str, locale: Locale) -> Result<UserRecord> {
        let user = UserRecord {
            id: UserId::new(self.env.id()),
            environment: Environment::Sandbox,
            username: name.to_owned(),
            email: Some(sample_address(name)),
            password_hash: ANY_PASSWORD.to_owned(),
            display_name: name.to_owned(),
            role: Role::User,
            locale,
            status: UserStatus::Active,
            created_at: self.env.now(),
        };
        let belongings = self.sample_accounts(&user)?;
        let personal = self.sample_person(&user.display_name)?;
        let personal = sealed_data(&self.env, &user.id, &personal)?;
        let event = store::audit::AuditRecord {
            id: self.env.id(),
            at: user.created_at,
            actor: "system".to_owned(),
            action: "user.opened".to_owned(),
            object: format!("user:{}", user.id),
            detail: json!({ "environment": user.environment }).to_string(),
            trace: None,
        };
        let row = user.clone();
        let written = self
            .env
            .store
            .write::<_, store::Error, _>(move |tx| {
                Box::pin(async move {
                    insert_user(tx, &row).await?;
                    upsert_personal_data(tx, &personal).await?;
                    belongings.write(tx).await?;
                    insert_audit_event(tx, &event).await
                })
            })
            .await;
        match written {
            Ok(()) => Ok(user),
            Err(store::Error::Conflict { what })
                if what == "users_environment_username_folded_key" =>
            {
                let reader = self.env.store.reader();
                find_user_by_name(reader, Environment::Sandbox, name)
                    .await?
                    .filter(UserRecord::is_open)
                    .ok_or_else(|| Error::Busy("the name was taken at this moment".into()))
            }
            Err(error) => Err(error.into()),
        }
    }
}
