//! What the person tells about themselves on the way, because the app needs it and the bank does not have it.

use protocol::{
    authorization::{DetailsView, Due, Notice},
    declared::{Declaration, Detail},
};
use serde_json::json;
use store::{
    Advanced,
    audit::insert_audit_event,
    authorizations::{AuthorizationRecord, advance_authorization},
    personal_data::{advance_personal_data, find_personal_data},
};

use crate::{
    Engine,
    confirm::Payer,
    consent::{Posted, row},
    consents::Told,
    error::{Error, Result},
    finish::Finish,
    interaction::{Interaction, Stuck, person_id},
    personal::sealed_data,
    visit::{Answer, Visit},
};

impl Engine {
    /// The person tells what is missing. All of it is written down, with what comes next, or nothing.
    pub async fn tell_details(&self, visit: &Visit, form_token: &str, told: Declaration) -> Answer {
        let tried = self.try_tell_details(visit, form_token, told).await;
        self.answer(visit, tried)
    }

    async fn try_tell_details(
        &self,
        visit: &Visit,
        form_token: &str,
        told: Declaration,
    ) -> Result<Answer, Stuck> {
        let interaction = match self.posted(visit, form_token, Due::Details).await? {
            Posted::Due(interaction) => interaction,
            Posted::Otherwise(answer) => return Ok(answer),
        };
        let user = person_id(&interaction)?;
        let known = find_personal_data(self.env.store.reader(), &user).await?;
        let data = self.unsealed_data(&user, known.as_ref())?;
        // What came to be known since the page was made is not asked for again.
        let missing = Detail::missing(&interaction.accepted.scope, &data);
        let filled = match told.fill(&missing, &data, interaction.now.date()) {
            Ok(filled) => filled,
            Err(fields) => {
                let fields = fields.into_iter().map(str::to_owned).collect();
                self.note(&interaction, Notice::Mend { fields }).await?;
                let cookie = interaction.reseal(self, |sealed| sealed.told = Some(told));
                return Ok(self.next(&interaction).with(cookie));
            }
        };
        let told = (!missing.is_empty())
            .then(|| sealed_data(&self.env, &user, &filled))
            .transpose()?;
        let event = self.event(
            format!("user:{user}"),
            "user.details_told",
            format!("user:{user}"),
            &json!({
                "client": interaction.client.client.id,
                "details": missing,
            }),
        );
        let row = row(&interaction)?;
        let finish = match self.sole_payer(&interaction).await? {
            Payer::Open => None,
            payer => Some(
                self.prepare_finish(&interaction, &row.stage, payer.account())
                    .await?,
            ),
        };
        let redirect = finish.as_ref().map(Finish::redirect);
        let from = row.stage.name();
        let record = AuthorizationRecord {
            stage: finish
                .as_ref()
                .map_or_else(|| row.stage.clone(), |finish| finish.stage.clone()),
            notice: None,
            sealed_redirect: finish.as_ref().map(|finish| finish.sealed_redirect.clone()),
            last_active_at: interaction.now,
            ..row.clone()
        };
        let before = known.map(|known| known.sealed);
        let engine = self.clone();
        let written = self
            .env
            .store
            .write(move |tx| {
                Box::pin(async move {
                    if advance_authorization(tx, from, &record).await? == Advanced::No {
                        return Err(Race::Overtaken);
                    }
                    if let Some(told) = told {
                        let written = advance_personal_data(tx, &told, before.as_deref()).await?;
                        if written == Advanced::No {
                            return Err(Race::Overtaken);
                        }
                        insert_audit_event(tx, &event).await?;
                    }
                    match finish {
                        Some(finish) => match finish.write(&engine, tx).await? {
                            (Advanced::Yes, told) => Ok(told),
                            (Advanced::No, _) => Err(Race::Overtaken),
                        },
                        None => Ok(Told::default()),
                    }
                })
            })
            .await;
        match written {
            Ok(told) => self.forget(&told),
            // By another tab or a second click, whose result is the result; or by another place where the same
            // was told, and then the page asks for what is left.
            Err(Race::Overtaken) => return Ok(self.passed(&self.open(visit).await?)),
            Err(Race::Failed(error)) => return Err(error.into()),
        }
        let cookie = interaction.reseal(self, |sealed| sealed.told = None);
        Ok(match redirect {
            Some(redirect) => self.back_to_app(&interaction, redirect),
            None => self.next(&interaction),
        }
        .with(cookie))
    }

    /// The page that asks.
    pub(crate) fn details_view(&self, visit: &Visit, interaction: &Interaction) -> DetailsView {
        DetailsView {
            frame: self.frame(visit, interaction),
            wanted: interaction.missing.clone(),
            typed: interaction.sealed.told.clone().unwrap_or_default(),
        }
    }
}

/// How a writing transaction was beaten.
enum Race {
    /// Something was done meanwhile: the step, or the same elsewhere.
    Overtaken,
    Failed(Error),
}

impl From<store::Error> for Race {
    fn from(error: store::Error) -> Self {
        Self::Failed(error.into())
    }
}
