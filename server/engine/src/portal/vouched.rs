//! A person signs up with a token of an app that vouches for their address: nothing is left to confirm, so
//! they are there at once, with an authenticator app to set up and recovery codes. In the sandbox they get
//! sample accounts; a live account is opened by the bank.

use std::fmt;

use protocol::{client::Environment, ids::UserId, person::PersonalData, sca, time::Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{
    Advanced, audit::insert_audit_event, contact_tokens::advance_contact_token_used, users::Role,
};
use zeroize::Zeroizing;

use super::{
    form::{Complaint, Flash, SEND_AGAIN, Typed},
    place::Place,
    security::{SettingUp, setting_up},
    session::{PortalAnswer, PortalVisit},
    sign_up::{LONGEST_NAME, PASSWORD},
    wall::Refusal,
};
use crate::{
    Engine,
    error::{Error, Result},
    personal::{Vouched, sealed_data},
    register::{NewUser, RECOVERY_CODES, SEED, is_line},
    seal::Purpose,
};

/// Name of the form.
const FORM: &str = "signup-vouched";

/// Key of what is shown after the sign-up, in the session.
const WELCOME: &str = "welcome";

/// What the page of the sign-up shows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VouchedView {
    /// The token, for the form.
    pub token: String,
    /// What it is good for; nothing when it was used, is over, or was never made.
    pub open: Option<VouchedFor>,
}

/// For whom an app vouches.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VouchedFor {
    /// The app's name.
    pub app: String,
    /// The e-mail address or, when the app vouches for a phone number alone, that number: the name under which
    /// the person will sign in.
    pub name: String,
    /// Whether that is a phone number.
    pub by_phone: bool,
}

/// What a person typed.
#[derive(Clone, Default)]
pub struct PersonSignUp {
    /// The token.
    pub contact_token: String,
    /// The address that the page showed.
    pub address: String,
    /// The name that others see.
    pub name: String,
    /// The password.
    pub password: String,
    /// Whether the privacy notice was read.
    pub terms: bool,
}

/// Without what they typed.
impl fmt::Debug for PersonSignUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PersonSignUp").finish_non_exhaustive()
    }
}

/// What is shown once, after the sign-up.
#[derive(Clone, Debug)]
pub struct WelcomeView {
    /// The app that vouched.
    pub app: String,
    /// Where the app is, if it was reviewed.
    pub homepage: Option<String>,
    /// The name to sign in with.
    pub username: String,
    /// The authenticator app to set up.
    pub setting_up: SettingUp,
    /// Recovery codes to be written down now.
    pub codes: Vec<String>,
}

/// The same, as the session keeps it, sealed.
#[derive(Serialize, Deserialize)]
struct Kept {
    app: String,
    homepage: String,
    username: String,
    seed: Vec<u8>,
    codes: Vec<String>,
    until: Timestamp,
}

/// How the transaction went.
enum Race {
    /// The token was used or ran out at this moment.
    Over,
    /// Somebody signs in with this address already.
    Known,
    Failed(Error),
}

impl From<store::Error> for Race {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Conflict { what } if what == "users_environment_username_folded_key" => {
                Self::Known
            }
            other => Self::Failed(other.into()),
        }
    }
}

impl PersonSignUp {
    fn typed(&self) -> Typed {
        Typed::default()
            .with("name", &self.name)
            .with("terms", if self.terms { "yes" } else { "" })
    }

    /// What is to be mended, in the order of the fields.
    fn complaints(&self, vouched: &Vouched) -> Vec<Complaint> {
        let mut found = Vec::new();
        if !vouched.is_for(&self.address) {
            found.push(Complaint::general("contact-other-address"));
        }
        if !is_line(self.name.trim(), LONGEST_NAME) {
            found.push(Complaint::about("name", "name-missing"));
        }
        if !PASSWORD.contains(&self.password.chars().count()) {
            found.push(Complaint::about("new_password", "password-length"));
        }
        if !self.terms {
            found.push(Complaint::about("terms", "terms-missing"));
        }
        found
    }
}

impl Engine {
    /// The page behind `/signup?contact_token=...`. Looking at it uses nothing up.
    ///
    /// # Errors
    /// When storage failed.
    pub async fn vouched_view(&self, token: &str) -> Result<VouchedView, Refusal> {
        let open = match self.vouched(token).await? {
            Some(vouched) => {
                let (app, _) = self.app_of(&vouched).await?;
                vouched.name().map(|name| VouchedFor {
                    app,
                    name,
                    by_phone: vouched.email.is_none(),
                })
            }
            None => None,
        };
        Ok(VouchedView {
            token: open.as_ref().map_or_else(String::new, |_| token.to_owned()),
            open,
        })
    }

    /// A person sends the form.
    pub async fn sign_up_vouched(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        new: PersonSignUp,
    ) -> PortalAnswer {
        let tried = self.try_sign_up_vouched(visit, form_token, new).await;
        self.portal_answer(visit, tried)
    }

    async fn try_sign_up_vouched(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        new: PersonSignUp,
    ) -> Result<PortalAnswer, Refusal> {
        // A token that is over leads to the page that says so.
        let Some(vouched) = self.vouched(&new.contact_token).await? else {
            return Ok(PortalAnswer::to(&Place::Vouched(String::new())));
        };
        let here = Place::Vouched(new.contact_token.clone());
        let typed = new.typed();
        if !self.is_portal_form(visit, FORM, form_token) {
            return Ok(self.leave(visit, &here, Flash::note(FORM, SEND_AGAIN, typed)));
        }
        let complaints = new.complaints(&vouched);
        if !complaints.is_empty() {
            return Ok(self.mend(visit, &here, FORM, typed, complaints));
        }
        let kept = match self.make_vouched_person(visit, &vouched, new).await {
            Ok(kept) => kept,
            Err(Race::Over) => return Ok(PortalAnswer::to(&Place::Vouched(String::new()))),
            Err(Race::Known) => {
                let complaints = vec![Complaint::general("contact-address-known")];
                return Ok(self.mend(visit, &here, FORM, typed, complaints));
            }
            Err(Race::Failed(error)) => return Err(error.into()),
        };
        let plain = serde_json::to_vec(&kept)
            .map(Zeroizing::new)
            .map_err(|error| Error::Broken(format!("a welcome: {error}")))?;
        let state = visit.state_with(|state| {
            state.flash = None;
            self.keep_sealed(state, Purpose::Shown, WELCOME, &plain);
        });
        // What is kept must not be in a session that somebody else began.
        Ok(PortalAnswer::to(&Place::Welcome).renewing(state))
    }

    /// The person, their authenticator and what they own, in the transaction that uses the token up.
    async fn make_vouched_person(
        &self,
        visit: &PortalVisit,
        vouched: &Vouched,
        new: PersonSignUp,
    ) -> Result<Kept, Race> {
        let username = vouched.name().ok_or(Race::Over)?;
        let seed = Zeroizing::new(self.env.bytes::<SEED>());
        let codes: Vec<_> = (0..RECOVERY_CODES)
            .map(|_| sca::mint_recovery_code(self.env.bytes()))
            .collect();
        let id = UserId::new(self.env.id());
        let person = NewUser {
            username: username.clone(),
            password: new.password,
            email: vouched.email.clone(),
            display_name: Some(new.name.trim().to_owned()),
            role: Role::User,
            environment: vouched.environment,
            locale: visit.locale(),
        };
        let digests = codes.iter().map(|code| code.digest()).collect();
        let mut enrolment = self
            .enrol(id.clone(), person, &seed[..], digests)
            .await
            .map_err(|error| Race::Failed(error.into()))?;
        let known = PersonalData {
            phone: vouched.phone.clone(),
            phone_confirmed: vouched.phone.is_some(),
            ..PersonalData::default()
        };
        let sealed = sealed_data(&self.env, &id, &known).map_err(Race::Failed)?;
        enrolment.personal = Some(sealed);
        let belongings = match vouched.environment {
            Environment::Sandbox => Some(
                self.sample_accounts(&enrolment.user)
                    .map_err(Race::Failed)?,
            ),
            Environment::Live => None,
        };
        let event = self.event(
            format!("user:{id}"),
            "user.signed_up",
            format!("user:{id}"),
            &json!({ "vouched_by": vouched.client, "environment": vouched.environment }),
        );
        let (token, now) = (vouched.token, self.env.now());
        let (app, homepage) = self.app_of(vouched).await.map_err(Race::Failed)?;
        self.env
            .store
            .write(move |tx| {
                Box::pin(async move {
                    if advance_contact_token_used(tx, &token, now).await? == Advanced::No {
                        return Err(Race::Over);
                    }
                    enrolment.write(tx).await?;
                    if let Some(belongings) = belongings {
                        belongings.write(tx).await?;
                    }
                    Ok(insert_audit_event(tx, &event).await?)
                })
            })
            .await?;
        Ok(Kept {
            app,
            homepage,
            username,
            seed: seed.to_vec(),
            codes: codes
                .iter()
                .map(|code| sca::recovery_code_groups(code).to_string())
                .collect(),
            until: now + self.env.settings.shown_secret_lifetime,
        })
    }

    /// What the person must write down now.
    ///
    /// # Errors
    /// To the page that says that the link is over, when there is nothing to show in this browser.
    pub fn welcome_view(&self, visit: &PortalVisit) -> Result<WelcomeView, Refusal> {
        let kept = self
            .sealed_thing(visit, Purpose::Shown, WELCOME)
            .and_then(|plain| serde_json::from_slice::<Kept>(&plain).ok())
            .filter(|kept| self.env.now() < kept.until);
        let Some(kept) = kept else {
            return Err(PortalAnswer::to(&Place::Vouched(String::new())).into());
        };
        Ok(WelcomeView {
            setting_up: setting_up(&kept.username, &kept.seed),
            app: kept.app,
            homepage: Some(kept.homepage).filter(|homepage| !homepage.is_empty()),
            username: kept.username,
            codes: kept.codes,
        })
    }

    /// Name and homepage of the app that vouches.
    async fn app_of(&self, vouched: &Vouched) -> Result<(String, String)> {
        let client = self.client(&vouched.client).await?;
        Ok(client.map_or_else(Default::default, |client| {
            let client = &client.client;
            (client.name.clone(), client.profile.homepage.clone())
        }))
    }
}
