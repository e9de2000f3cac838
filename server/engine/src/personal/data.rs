//! What is known of a person, sealed with whose it is: a row that was put under another person does not open.

use protocol::{ids::UserId, person::PersonalData};
use serde::{Deserialize, Serialize};
use store::personal_data::{PersonalRecord, find_personal_data};
use zeroize::Zeroizing;

use crate::{
    Engine,
    env::Env,
    error::{Error, Result},
    seal::Purpose,
};

#[derive(Serialize)]
struct Written<'a> {
    of: &'a UserId,
    data: &'a PersonalData,
}

#[derive(Deserialize)]
struct Read {
    of: UserId,
    data: PersonalData,
}

/// What is known of a person, ready to be written.
pub(crate) fn sealed_data(env: &Env, user: &UserId, data: &PersonalData) -> Result<PersonalRecord> {
    let plain = serde_json::to_vec(&Written { of: user, data })
        .map(Zeroizing::new)
        .map_err(|error| Error::Broken(format!("personal data: {error}")))?;
    Ok(PersonalRecord {
        user_id: user.clone(),
        sealed: env.seal.seal(Purpose::PersonalData, env.bytes(), &plain),
        updated_at: env.now(),
    })
}

impl Engine {
    /// What is known of a person; nothing when nobody ever wrote it down.
    pub(crate) async fn personal_data(&self, user: &UserId) -> Result<PersonalData> {
        let record = find_personal_data(self.env.store.reader(), user).await?;
        self.unsealed_data(user, record.as_ref())
    }

    /// What stands in the row of a person.
    pub(crate) fn unsealed_data(
        &self,
        user: &UserId,
        record: Option<&PersonalRecord>,
    ) -> Result<PersonalData> {
        let Some(record) = record else {
            return Ok(PersonalData::default());
        };
        let broken = || Error::Broken(format!("the personal data of {user} cannot be read"));
        let plain = self
            .env
            .seal
            .open(Purpose::PersonalData, &record.sealed)
            .map_err(|_| broken())?;
        let read: Read = serde_json::from_slice(&plain).map_err(|_| broken())?;
        if read.of == *user {
            Ok(read.data)
        } else {
            Err(broken())
        }
    }
}
