//! A code or refresh token came a second time: somebody may hold a copy (RFC 6749 §4.1.2, RFC 9700
//! §4.14.2). Everything from the grant ends, and those who should know are told.

use serde_json::json;
use store::{
    Tx,
    audit::insert_audit_event,
    consents::EndReason,
    families::{FamilyRecord, RevokeReason, advance_family_revoked},
    outbox::insert_mail,
    users::find_user,
};

use crate::{
    Engine,
    consents::{Told, end_consent},
    error::Result,
    mails,
    token::Granting,
};

impl Engine {
    /// Revokes the family and ends the consent, in the caller's transaction, which must commit. No
    /// token of the grant can come into being any more, so a consent without them must not look
    /// alive either. Later repetitions find it done and tell nobody again.
    pub(crate) async fn end_misused(
        &self,
        tx: &Tx,
        granting: &Granting,
        family: &FamilyRecord,
        reason: RevokeReason,
    ) -> Result<()> {
        if !advance_family_revoked(tx, &family.id, reason, granting.now)
            .await?
            .is_yes()
        {
            return Ok(());
        }
        if let Some(consent) = &family.consent_id {
            // Ended before: then there is nothing to end.
            let misused = EndReason::Misused;
            let _ = end_consent(tx, consent, misused, granting.now, &mut Told::default()).await?;
        }
        let event = self.client_event(
            &granting.client,
            granting.trace,
            "family.revoked",
            format!("family:{}", family.id),
            &json!({"reason": reason, "consent": family.consent_id}),
        );
        insert_audit_event(tx, &event).await?;
        // A code comes twice when somebody reloads a page; that is no reason to frighten people.
        if reason == RevokeReason::RefreshReplayed {
            self.tell_of_replay(tx, granting, family).await?;
        }
        Ok(())
    }

    /// Letters to the person and to the app's developer, in the same transaction.
    async fn tell_of_replay(
        &self,
        tx: &Tx,
        granting: &Granting,
        family: &FamilyRecord,
    ) -> Result<()> {
        let app = &granting.client.client.name;
        let mut letters = Vec::new();
        if let Some(id) = &family.user_id
            && let Some(person) = find_user(tx, id).await?
        {
            letters.push(mails::access_ended_for_safety(&person, app));
        }
        if let Some(id) = &granting.client.owner
            && let Some(developer) = find_user(tx, id).await?
        {
            letters.push(mails::token_reuse(&developer, app, granting.now));
        }
        for record in letters.into_iter().filter_map(|letter| self.letter(letter)) {
            insert_mail(tx, &record).await?;
        }
        Ok(())
    }
}
