//! Authenticator app and recovery codes of the person who is signed in (U10). The app of before stays
//! good until the new one is confirmed.

use protocol::{
    ids::AuthenticatorId,
    sca::{self, Typed as Code},
    time::Timestamp,
};
use serde_json::json;
use store::{
    audit::insert_audit_event,
    authenticators::{
        AuthenticatorKind, AuthenticatorRecord, delete_authenticators, delete_recovery_codes,
        find_authenticators, find_recovery_codes_left, insert_authenticator, insert_recovery_codes,
    },
    outbox::insert_mail,
    sessions::delete_sessions_of_user,
};
use zeroize::Zeroizing;

use super::{
    form::{Complaint, Typed},
    place::Place,
    session::{PortalAnswer, PortalVisit, SessionState, Standing},
    wall::{Person, Refusal},
};
use crate::{
    Engine,
    error::{Error, Result},
    mails,
    register::{RECOVERY_CODES, SEED},
    seal::Purpose,
};

/// Name of the forms.
const FORM: &str = "security";

/// What the account is called in an authenticator app.
const ISSUER: &str = "Countersign";

/// Key of the seed that is being set up, in the session.
const NEW_SEED: &str = "new_seed";

/// Key of the recovery codes that were just made, in the session.
const NEW_CODES: &str = "new_codes";

/// What the page shows.
#[derive(Clone, Debug)]
pub struct SecurityView {
    /// The name to sign in with.
    pub username: String,
    /// Since when there is an authenticator app, if there is one.
    pub since: Option<Timestamp>,
    /// Recovery codes that were not used.
    pub codes_left: u64,
    /// An app that is being set up.
    pub setting_up: Option<SettingUp>,
    /// Recovery codes to be written down now: they are not shown again.
    pub new_codes: Vec<String>,
}

/// An authenticator app that is being set up.
#[derive(Clone, PartialEq, Eq)]
pub struct SettingUp {
    /// The seed in base32, in groups of four.
    pub secret: String,
    /// What the QR code holds.
    pub uri: String,
}

/// Without the seed.
impl std::fmt::Debug for SettingUp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SettingUp").finish_non_exhaustive()
    }
}

impl Engine {
    /// Authenticator and recovery codes of the person.
    ///
    /// # Errors
    /// When nobody is signed in.
    pub async fn security_view(&self, visit: &PortalVisit) -> Result<SecurityView, Refusal> {
        let person = self.person(visit, &Place::Security).await?;
        let reader = self.env.store.reader();
        let authenticators = find_authenticators(reader, &person.user.id).await?;
        let setting_up = self
            .sealed_thing(visit, Purpose::NewSeed, NEW_SEED)
            .map(|seed| setting_up(&person.user.username, &seed));
        let new_codes = self
            .sealed_thing(visit, Purpose::Shown, NEW_CODES)
            .map(|text| String::from_utf8_lossy(&text).into_owned())
            .unwrap_or_default();
        Ok(SecurityView {
            codes_left: find_recovery_codes_left(reader, &person.user.id).await?,
            username: person.user.username,
            since: authenticators.first().map(|record| record.created_at),
            setting_up,
            new_codes: new_codes.split_whitespace().map(str::to_owned).collect(),
        })
    }

    /// The person begins to set up an app. Whoever has one already proves it first.
    pub async fn begin_enrolment(&self, visit: &PortalVisit, form_token: &str) -> PortalAnswer {
        let tried = self.try_begin_enrolment(visit, form_token).await;
        self.portal_answer(visit, tried)
    }

    /// The person types the code that the new app shows.
    pub async fn finish_enrolment(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        code: &str,
    ) -> PortalAnswer {
        let tried = self.try_finish_enrolment(visit, form_token, code).await;
        self.portal_answer(visit, tried)
    }

    /// The person wrote the recovery codes down, or gives up setting up an app.
    pub async fn put_away(&self, visit: &PortalVisit, form_token: &str) -> PortalAnswer {
        let tried = self.try_put_away(visit, form_token).await;
        self.portal_answer(visit, tried)
    }

    /// The person wants new recovery codes; the old ones end.
    pub async fn renew_recovery_codes(
        &self,
        visit: &PortalVisit,
        form_token: &str,
    ) -> PortalAnswer {
        let tried = self.try_renew_codes(visit, form_token).await;
        self.portal_answer(visit, tried)
    }

    async fn try_begin_enrolment(
        &self,
        visit: &PortalVisit,
        form_token: &str,
    ) -> Result<PortalAnswer, Refusal> {
        let person = self.secured(visit, form_token).await?;
        if self.has_authenticator(&person.user).await? {
            self.require_step_up(&person, &Place::Security).await?;
        }
        let seed = Zeroizing::new(self.env.bytes::<SEED>());
        let state = visit
            .state_with(|state| self.keep_sealed(state, Purpose::NewSeed, NEW_SEED, &seed[..]));
        Ok(PortalAnswer::to(&Place::Security).remembering(state))
    }

    async fn try_finish_enrolment(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        code: &str,
    ) -> Result<PortalAnswer, Refusal> {
        let person = self.secured(visit, form_token).await?;
        if self.has_authenticator(&person.user).await? {
            self.require_step_up(&person, &Place::Security).await?;
        }
        let Some(seed) = self.sealed_thing(visit, Purpose::NewSeed, NEW_SEED) else {
            return Ok(PortalAnswer::to(&Place::Security));
        };
        let again = |complaint| {
            Ok(self.mend(
                visit,
                &Place::Security,
                FORM,
                Typed::default(),
                vec![complaint],
            ))
        };
        let now = self.env.now();
        let step = match Code::read(code) {
            Code::Nothing => return again(Complaint::about("code", "code-missing")),
            Code::Malformed => None,
            Code::Code(code) => sca::matching_step(&seed, &code, now),
        };
        let Some(step) = step else {
            return again(Complaint::about("code", "new-app-code-wrong"));
        };
        let authenticator = AuthenticatorRecord {
            id: AuthenticatorId::new(self.env.id()),
            user_id: person.user.id.clone(),
            kind: AuthenticatorKind::Totp,
            sealed_secret: self
                .env
                .seal
                .seal(Purpose::TotpSeed, self.env.bytes(), &seed),
            // The code that confirmed it is used up.
            last_step: Some(step),
            created_at: now,
        };
        let codes = self
            .write_security(&person, Some(authenticator), "authenticator.enrolled")
            .await?;
        let mut state = visit.state_with(|state| {
            state.sealed.remove(NEW_SEED);
            self.keep_sealed(state, Purpose::Shown, NEW_CODES, codes.as_bytes());
        });
        state.flash = None;
        state.standing = Standing::SignedIn {
            user: person.user.id,
            authenticated_at: person.authenticated_at,
            sca_at: Some(now),
        };
        Ok(PortalAnswer::to(&Place::Security).renewing(state))
    }

    async fn try_renew_codes(
        &self,
        visit: &PortalVisit,
        form_token: &str,
    ) -> Result<PortalAnswer, Refusal> {
        let person = self.secured(visit, form_token).await?;
        self.require_step_up(&person, &Place::Security).await?;
        let codes = self
            .write_security(&person, None, "recovery_codes.renewed")
            .await?;
        let state = visit.state_with(|state| {
            self.keep_sealed(state, Purpose::Shown, NEW_CODES, codes.as_bytes());
        });
        Ok(PortalAnswer::to(&Place::Security).remembering(state))
    }

    async fn try_put_away(
        &self,
        visit: &PortalVisit,
        form_token: &str,
    ) -> Result<PortalAnswer, Refusal> {
        self.secured(visit, form_token).await?;
        let state = visit.state_with(|state| state.sealed.clear());
        Ok(PortalAnswer::to(&Place::Security).remembering(state))
    }

    /// The person behind a form of the page.
    async fn secured(&self, visit: &PortalVisit, form_token: &str) -> Result<Person, Refusal> {
        let person = self.person(visit, &Place::Security).await?;
        if self.is_portal_form(visit, FORM, form_token) {
            Ok(person)
        } else {
            let again = self.send_again(visit, &Place::Security, FORM, Typed::default());
            Err(again.into())
        }
    }

    /// Writes a new set of recovery codes, and the authenticator in place of the one before. Answers
    /// the codes, one a line.
    async fn write_security(
        &self,
        person: &Person,
        authenticator: Option<AuthenticatorRecord>,
        action: &str,
    ) -> Result<Zeroizing<String>, Error> {
        let codes: Vec<_> = (0..RECOVERY_CODES)
            .map(|_| sca::mint_recovery_code(self.env.bytes()))
            .collect();
        let digests: Vec<_> = codes.iter().map(|code| code.digest()).collect();
        let mut text = Zeroizing::new(String::new());
        for code in &codes {
            text.push_str(&sca::recovery_code_groups(code));
            text.push('\n');
        }
        let user = person.user.id.clone();
        let event = self.event(person.actor(), action, format!("user:{user}"), &json!({}));
        let letter = self.letter(mails::security_changed(&person.user));
        self.env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    if let Some(authenticator) = &authenticator {
                        delete_authenticators(tx, &user).await?;
                        insert_authenticator(tx, authenticator).await?;
                        // Whoever is signed in elsewhere proves it with the new app; this browser
                        // gets a new session with the answer.
                        delete_sessions_of_user(tx, &user, None).await?;
                    }
                    delete_recovery_codes(tx, &user).await?;
                    insert_recovery_codes(tx, &user, &digests).await?;
                    if let Some(letter) = &letter {
                        insert_mail(tx, letter).await?;
                    }
                    insert_audit_event(tx, &event).await?;
                    Ok(())
                })
            })
            .await?;
        Ok(text)
    }

    /// Keeps something sealed in the session, until it is put away or the session ends.
    pub(super) fn keep_sealed(
        &self,
        state: &mut SessionState,
        purpose: Purpose,
        key: &str,
        plain: &[u8],
    ) {
        let sealed = self.env.seal.seal(purpose, self.env.bytes(), plain);
        let text = data_encoding::BASE64.encode(&sealed);
        state.sealed.insert(key.to_owned(), text);
    }

    /// What was kept in the session.
    pub(super) fn sealed_thing(
        &self,
        visit: &PortalVisit,
        purpose: Purpose,
        key: &str,
    ) -> Option<Zeroizing<Vec<u8>>> {
        let text = visit.session.state.sealed.get(key)?;
        let blob = data_encoding::BASE64.decode(text.as_bytes()).ok()?;
        self.env.seal.open(purpose, &blob).ok()
    }
}

/// How an authenticator app is set up with this seed.
pub(super) fn setting_up(username: &str, seed: &[u8]) -> SettingUp {
    SettingUp {
        secret: groups(&sca::base32(seed)),
        uri: sca::otpauth_uri(ISSUER, username, seed).to_string(),
    }
}

/// Four characters at a time, as people read them.
fn groups(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let groups: Vec<String> = characters.chunks(4).map(String::from_iter).collect();
    groups.join(" ")
}
