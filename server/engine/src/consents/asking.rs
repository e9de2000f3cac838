//! A person is asked for what an app wrote down: whether they still can be, with which accounts, and what
//! becomes of it when they say no.

use protocol::{
    account_consent::{ConsentEvent, GrantedAccess},
    ids::{AccountId, AuthorizationId},
};
use store::{
    consent_authorisations::{
        ConsentAuthorisationRecord, Outcome, advance_consent_authorisation_begun,
        advance_consent_authorisation_ended, find_consent_authorisations,
        insert_consent_authorisation,
    },
    consent_requests::ConsentRequestRecord,
};

use super::KEPT_UNDECIDED;
use crate::{
    Engine,
    bank::BankAccount,
    error::{Error, Result},
    interaction::{Interaction, person},
};

impl Engine {
    /// Whether the consent that the app named can still be agreed to, and by this person. The app may have
    /// taken it back meanwhile, and what one person agreed to is no other person's.
    pub(crate) fn may_still_agree(&self, interaction: &Interaction) -> bool {
        if interaction.accepted.scope.consents().next().is_none() {
            return true;
        }
        let waiting = interaction
            .consent
            .as_ref()
            .and_then(|known| known.waiting(interaction.now));
        waiting.is_some_and(|waiting| {
            waiting.check(&interaction.client.client.id).is_ok()
                && interaction
                    .user
                    .as_ref()
                    .is_none_or(|user| waiting.is_for(&user.id))
        })
    }

    /// What may be read of these accounts, when the app wrote down what it wants.
    pub(crate) async fn granted(
        &self,
        interaction: &Interaction,
        accounts: &[AccountId],
    ) -> Result<Option<GrantedAccess>> {
        let Some(request) = interaction.asked() else {
            return Ok(None);
        };
        let owned = self.env.bank.accounts_of(&person(interaction)?.id).await?;
        let rights = owned
            .into_iter()
            .filter(|account| accounts.contains(&account.id))
            .filter_map(|account| {
                let rights = request.access.rights_to(&account.iban, account.currency)?;
                Some((account.id, rights))
            });
        Ok(Some(GrantedAccess::each(rights)))
    }

    /// The person said no to what the app had written down, if it had.
    pub(crate) async fn refuse_consent(&self, interaction: &Interaction) -> Result<()> {
        let Some(request) = interaction.asked() else {
            return Ok(());
        };
        let actor = match &interaction.user {
            Some(user) => format!("user:{}", user.id),
            None => format!("browser:{}", interaction.id),
        };
        let (engine, id, browser) = (self.clone(), request.id.clone(), interaction.id.clone());
        let taken_up = self.taken_up(request, &interaction.id);
        self.env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    taken_up.write(tx).await?;
                    let until = engine.env.now() + KEPT_UNDECIDED;
                    let failed = Outcome::Failed;
                    let _open =
                        advance_consent_authorisation_ended(tx, &id, &browser, failed, until)
                            .await?;
                    // What the same person had agreed to before stays as it was.
                    let refused = ConsentEvent::Refused;
                    let _decided = engine.move_consent_in(tx, &id, refused, actor).await?;
                    Ok(())
                })
            })
            .await
    }

    /// A browser takes up an authorisation of a consent.
    pub(crate) fn taken_up(
        &self,
        request: &ConsentRequestRecord,
        browser: &AuthorizationId,
    ) -> TakenUp {
        let mut record = self.new_authorisation(request);
        record.authorization_id = Some(browser.clone());
        TakenUp(record)
    }
}

/// An authorisation that a browser takes up: the newest that waits for one, or a new one.
pub(crate) struct TakenUp(ConsentAuthorisationRecord);

impl TakenUp {
    /// Writes it.
    pub async fn write(&self, tx: &store::Tx) -> Result<(), store::Error> {
        let Self(record) = self;
        let Some(browser) = &record.authorization_id else {
            return Ok(());
        };
        let known = find_consent_authorisations(tx, &record.consent_id).await?;
        let is_taken_up = known
            .iter()
            .any(|known| known.authorization_id.as_ref() == Some(browser));
        if is_taken_up
            || advance_consent_authorisation_begun(tx, &record.consent_id, browser)
                .await?
                .is_yes()
        {
            return Ok(());
        }
        insert_consent_authorisation(tx, record).await
    }
}

/// Whether the app named this account in what it wrote down, and it can be shared.
pub(crate) fn is_named(interaction: &Interaction, account: &BankAccount) -> bool {
    account.eligible.is_ok()
        && interaction.asked().is_some_and(|request| {
            request
                .access
                .rights_to(&account.iban, account.currency)
                .is_some()
        })
}
