//! What the person allows (U3).

use std::collections::BTreeSet;

use protocol::{
    authorization::{Due, Notice, ProblemKind},
    ids::AccountId,
};
use store::{Advanced, authorizations::AuthorizationRecord};

use crate::{
    Engine,
    consents::is_named,
    error::{Error, Result},
    interaction::{Interaction, Stuck, person, person_id},
    visit::{Answer, Visit},
};

impl Engine {
    /// The person allowed what was asked, with these accounts.
    ///
    /// Ids of accounts that the person does not have, or that cannot be shared, are refused: the
    /// form carries ids of offered accounts only.
    pub async fn consent(
        &self,
        visit: &Visit,
        form_token: &str,
        accounts: Vec<AccountId>,
    ) -> Answer {
        let tried = self
            .try_consent(visit, form_token, accounts, Intent::Allow)
            .await;
        self.answer(visit, tried)
    }

    /// The person ticked something and wants to see the page again.
    pub async fn recalculate(
        &self,
        visit: &Visit,
        form_token: &str,
        accounts: Vec<AccountId>,
    ) -> Answer {
        let tried = self
            .try_consent(visit, form_token, accounts, Intent::Recalculate)
            .await;
        self.answer(visit, tried)
    }

    async fn try_consent(
        &self,
        visit: &Visit,
        form_token: &str,
        ticked: Vec<AccountId>,
        intent: Intent,
    ) -> Result<Answer, Stuck> {
        let interaction = match self.posted(visit, form_token, Due::Consent).await? {
            Posted::Due(interaction) => interaction,
            Posted::Otherwise(answer) => return Ok(answer),
        };
        let ticked = self.offered(visit, &interaction, ticked).await?;
        if intent == Intent::Recalculate {
            let cookie = interaction.reseal(self, |sealed| sealed.ticked = Some(ticked));
            return Ok(self.next(&interaction).with(cookie));
        }
        if (interaction.plan.chooses_accounts || interaction.asked().is_some()) && ticked.is_empty()
        {
            self.note(&interaction, Notice::ChooseAccount).await?;
            let cookie = interaction.reseal(self, |sealed| sealed.ticked = Some(ticked));
            return Ok(self.next(&interaction).with(cookie));
        }
        self.consented(&interaction, ticked).await?;
        Ok(self.next(&interaction))
    }

    /// The ticked accounts, each once, all of them offered to this person.
    async fn offered(
        &self,
        visit: &Visit,
        interaction: &Interaction,
        ticked: Vec<AccountId>,
    ) -> Result<Vec<AccountId>, Stuck> {
        let offered = self.env.bank.accounts_of(&person(interaction)?.id).await?;
        if !interaction.plan.chooses_accounts {
            let named = offered
                .iter()
                .filter(|account| is_named(interaction, account));
            return Ok(named.map(|account| account.id.clone()).collect());
        }
        let mut chosen = BTreeSet::new();
        for id in ticked {
            if !offered
                .iter()
                .any(|account| account.id == id && account.eligible.is_ok())
            {
                tracing::warn!(authorization = %interaction.id, "an account was ticked that was not offered");
                return Err(self.stuck(visit, ProblemKind::Forged));
            }
            chosen.insert(id);
        }
        Ok(chosen.into_iter().collect())
    }

    /// Moves on to strong customer authentication, with a challenge that names what was allowed.
    async fn consented(&self, interaction: &Interaction, accounts: Vec<AccountId>) -> Result<()> {
        let user = person_id(interaction)?;
        let row = row(interaction)?;
        let from = row.stage.name();
        let challenge = self.challenge(interaction, &user, &accounts);
        let Ok(to) = row.stage.clone().consent(accounts) else {
            return Ok(());
        };
        let record = AuthorizationRecord {
            stage: to,
            challenge_id: Some(challenge.id.clone()),
            notice: None,
            last_active_at: interaction.now,
            ..row.clone()
        };
        self.env
            .store
            .write(move |tx| {
                Box::pin(async move {
                    // Whoever comes second finds the step done; the challenge goes with the row.
                    if store::authorizations::advance_authorization(tx, from, &record).await?
                        == Advanced::Yes
                    {
                        store::challenges::insert_challenge(tx, &challenge).await?;
                    }
                    Ok::<_, Error>(())
                })
            })
            .await
    }

    /// Opens the interaction of a posted form and checks that our own page sent it and that `due`
    /// is the step. A person who was signed in already acts for the first time here: the row is
    /// written now.
    pub(crate) async fn posted(
        &self,
        visit: &Visit,
        form_token: &str,
        due: Due,
    ) -> Result<Posted, Stuck> {
        let interaction = self.open(visit).await?;
        if interaction.due() != Some(due) {
            return Ok(Posted::Otherwise(self.passed(&interaction)));
        }
        if !self.is_own_form(visit, &interaction, form_token) {
            let answer = self.next(&interaction);
            if interaction.row.is_some() {
                self.note(&interaction, Notice::SendAgain).await?;
                return Ok(Posted::Otherwise(answer));
            }
            let cookie = interaction.reseal(self, |sealed| sealed.notice = Some(Notice::SendAgain));
            return Ok(Posted::Otherwise(answer.with(cookie)));
        }
        if interaction.row.is_some() {
            return Ok(Posted::Due(Box::new(interaction)));
        }
        self.insert_row(&interaction, person(&interaction)?).await?;
        let interaction = self.open(visit).await?;
        if interaction.due() == Some(due) {
            Ok(Posted::Due(Box::new(interaction)))
        } else {
            Ok(Posted::Otherwise(self.passed(&interaction)))
        }
    }

    /// Keeps what the next page shall tell. That the person tried counts as activity.
    pub(crate) async fn note(&self, interaction: &Interaction, notice: Notice) -> Result<()> {
        let row = row(interaction)?;
        let (id, stage, now) = (row.id.clone(), row.stage.name(), interaction.now);
        self.env
            .store
            .write(move |tx| {
                Box::pin(async move {
                    use store::authorizations::{
                        advance_authorization_active, advance_authorization_notice,
                    };
                    // When the step was done meanwhile, there is nothing left to tell.
                    let _done = advance_authorization_notice(tx, &id, stage, Some(&notice)).await?;
                    let _later = advance_authorization_active(tx, &id, now).await?;
                    Ok(())
                })
            })
            .await
    }
}

/// What a posted form meets.
pub(crate) enum Posted {
    /// Its step is due.
    Due(Box<Interaction>),
    /// It is not; this is the answer.
    Otherwise(Answer),
}

/// Which button was pressed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Intent {
    Allow,
    Recalculate,
}

/// The row of an interaction whose step needs one.
pub(crate) fn row(interaction: &Interaction) -> Result<&AuthorizationRecord> {
    interaction
        .row
        .as_ref()
        .ok_or_else(|| Error::Broken("a step beyond login without a row".into()))
}
