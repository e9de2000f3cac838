//! The end of an authorization: a consent, a code, the way back to the app; or a no.

use std::time::Duration;

use protocol::{
    account_consent::MOST_PER_DAY,
    authorization::{Due, Notice, ProblemKind, Stage},
    authorize::AuthorizeError,
    ids::{AccountId, AuthorizationId, ConsentAuthorisationId, ConsentId},
    lifetimes::CONSENT_LIMIT,
    payment::Payment,
    secret::{AuthorizationCode, Secret},
};
use store::{
    Advanced, Tx,
    authorizations::{AuthorizationRecord, advance_authorization},
    codes::CodeRecord,
    consent_authorisations::{
        ConsentAuthorisationRecord, Outcome, advance_consent_authorisation_ended,
        insert_consent_authorisation,
    },
    consents::{ConsentRecord, ConsentStatus},
    pending_transfers::advance_pending_transfer_approved,
};

use crate::{
    Engine,
    bank::BankAccount,
    consent::{Posted, row},
    consents::Told,
    error::{Error, Result},
    interaction::{Interaction, Stuck, person},
    seal::Purpose,
    visit::{Answer, ClientRedirect, Go, Visit},
};

/// For how long an ended consent stays visible to the person.
pub(crate) const HISTORY: Duration = Duration::from_secs(2 * 365 * 24 * 3600);

/// For how long an approved payment can be executed.
const PAYMENT_LIFETIME: Duration = Duration::from_secs(3600);

/// For how long a used or expired code is remembered, so that a replay is recognised.
const CODE_MEMORY: Duration = Duration::from_secs(24 * 3600);

/// Everything that finishing writes, prepared before the transaction.
pub(crate) struct Finish {
    pub stage: Stage,
    pub sealed_redirect: Vec<u8>,
    redirect: ClientRedirect,
    authorization: AuthorizationId,
    /// For a consent that nobody wrote down before.
    authorisation: Option<ConsentAuthorisationRecord>,
    consent: ConsentRecord,
    code: CodeRecord,
}

impl Finish {
    /// The way back to the app, with the code.
    pub fn redirect(&self) -> ClientRedirect {
        self.redirect.clone()
    }

    /// Writes consent and code, and that a pending transfer was approved. `No` when what the app asked for
    /// cannot be agreed to any more: then the caller's transaction must not commit.
    pub async fn write(self, engine: &Engine, tx: &Tx) -> Result<(Advanced, Told), store::Error> {
        let consent = &self.consent;
        let (agreed, told) = engine.authorise_consent_in(tx, consent).await?;
        if agreed == Advanced::No {
            return Ok((agreed, told));
        }
        if let Some(authorisation) = &self.authorisation {
            insert_consent_authorisation(tx, authorisation).await?;
        } else if consent.scope.is_account_information() {
            let _begun_before = advance_consent_authorisation_ended(
                tx,
                &consent.id,
                &self.authorization,
                Outcome::Finalised,
                consent.expires_at,
            )
            .await?;
        }
        if let Some(pending) = consent.scope.pending_transfers().next() {
            // For its app to see. When another approval was executed meanwhile, nothing is noted and this
            // one pays nothing: executing decides.
            let _not_if_executed =
                advance_pending_transfer_approved(tx, &pending, &consent.id, consent.created_at)
                    .await?;
        }
        store::codes::insert_code(tx, &self.code).await?;
        Ok((agreed, told))
    }
}

impl Engine {
    /// The person chose the account that pays.
    pub async fn pay_from(
        &self,
        visit: &Visit,
        form_token: &str,
        account: Option<AccountId>,
    ) -> Answer {
        let tried = self.try_pay_from(visit, form_token, account).await;
        self.answer(visit, tried)
    }

    async fn try_pay_from(
        &self,
        visit: &Visit,
        form_token: &str,
        account: Option<AccountId>,
    ) -> Result<Answer, Stuck> {
        let interaction = match self.posted(visit, form_token, Due::PayFrom).await? {
            Posted::Due(interaction) => interaction,
            Posted::Otherwise(answer) => return Ok(answer),
        };
        let Some(payment) = interaction.accepted.payment.clone() else {
            return Err(Error::Broken("an account to pay from, but nothing to pay".into()).into());
        };
        let Some(account) = account else {
            self.note(&interaction, Notice::ChooseAccount).await?;
            return Ok(self.next(&interaction));
        };
        let accounts = self.payer_accounts(&interaction, &payment).await?;
        let Some(payer) = accounts.iter().find(|offered| offered.id == account) else {
            return Err(self.stuck(visit, ProblemKind::Forged));
        };
        if payer.available.minor < payment.amount.minor {
            self.note(&interaction, Notice::TooLittleMoney).await?;
            return Ok(self.next(&interaction));
        }
        if interaction.accepted.transaction.is_some() {
            return self.pay_transaction(visit, &interaction, account).await;
        }
        let row = row(&interaction)?;
        let finish = self
            .prepare_finish(&interaction, &row.stage, Some(account))
            .await?;
        let from = row.stage.name();
        let record = AuthorizationRecord {
            stage: finish.stage.clone(),
            notice: None,
            sealed_redirect: Some(finish.sealed_redirect.clone()),
            last_active_at: interaction.now,
            ..row.clone()
        };
        let redirect = finish.redirect();
        let engine = self.clone();
        let (advanced, told) = self
            .env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    let advanced = advance_authorization(tx, from, &record).await?;
                    if advanced == Advanced::Yes {
                        let (agreed, told) = finish.write(&engine, tx).await?;
                        if agreed == Advanced::No {
                            return Err(Error::Broken(
                                "a payment with a consent that is over".into(),
                            ));
                        }
                        return Ok((advanced, told));
                    }
                    Ok((advanced, Told::default()))
                })
            })
            .await?;
        self.forget(&told);
        match advanced {
            Advanced::Yes => Ok(self.back_to_app(&interaction, redirect)),
            Advanced::No => Ok(self.passed(&self.open(visit).await?)),
        }
    }

    /// The person says no. Possible at every step, before signing in too.
    pub async fn deny(&self, visit: &Visit, form_token: &str) -> Answer {
        let tried = self.try_deny(visit, form_token).await;
        self.answer(visit, tried)
    }

    async fn try_deny(&self, visit: &Visit, form_token: &str) -> Result<Answer, Stuck> {
        let interaction = self.open(visit).await?;
        if interaction.due() == Some(Due::Nothing) {
            return Ok(self.passed(&interaction));
        }
        if !self.is_own_form(visit, &interaction, form_token) {
            return Err(self.stuck(visit, ProblemKind::Forged));
        }
        let issuer = &self.env.settings.public_url;
        let (error, trace) = (AuthorizeError::Denied, self.env.trace());
        let back = interaction.way_back(issuer, &error, trace);
        let Some(row) = &interaction.row else {
            self.refuse_asked(&interaction, trace).await?;
            let cookie = interaction.reseal(self, |sealed| sealed.denied = true);
            self.note_ended(&interaction.client, &error, trace);
            return Ok(Answer::go(Go::Client(back)).with(cookie));
        };
        let Ok(to) = row.stage.clone().deny() else {
            return Ok(self.passed(&interaction));
        };
        let from = row.stage.name();
        let record = AuthorizationRecord {
            stage: to,
            challenge_id: None,
            notice: None,
            last_active_at: interaction.now,
            ..row.clone()
        };
        let advanced = self
            .env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move { Ok(advance_authorization(tx, from, &record).await?) })
            })
            .await?;
        match advanced {
            Advanced::Yes => {
                self.refuse_asked(&interaction, trace).await?;
                self.note_ended(&interaction.client, &error, trace);
                Ok(Answer::go(Go::Client(back)))
            }
            Advanced::No => Ok(self.passed(&self.open(visit).await?)),
        }
    }

    /// The person is still there and wants more time.
    pub async fn stay(&self, visit: &Visit, form_token: &str) -> Answer {
        let tried = async {
            let interaction = self.open(visit).await?;
            if interaction.row.is_some() && self.is_own_form(visit, &interaction, form_token) {
                self.touch(&interaction).await?;
            }
            Ok(self.next(&interaction))
        }
        .await;
        self.answer(visit, tried)
    }

    /// Makes ready what finishing `stage` writes. `payer` is the account that pays, if something is paid.
    pub(crate) async fn prepare_finish(
        &self,
        interaction: &Interaction,
        stage: &Stage,
        payer: Option<AccountId>,
    ) -> Result<Finish> {
        let Stage::Confirmed { user, accounts, by } = stage else {
            return Err(Error::Broken(
                "only what was confirmed can be finished".into(),
            ));
        };
        let now = interaction.now;
        let accepted = &interaction.accepted;
        let client = &interaction.client.client;
        let asked = interaction.asked();
        // A consent that is named keeps its id and its terms.
        let known = interaction
            .consent
            .as_ref()
            .and_then(|known| known.consent.as_ref());
        let consent_id = match accepted.scope.consents().next() {
            Some(named) => named,
            None => ConsentId::new(self.env.id()),
        };
        let valid_until = self.valid_until(interaction);
        let mut accounts = accounts.clone();
        accounts.extend(
            payer
                .filter(|payer| !accounts.contains(payer))
                .iter()
                .cloned(),
        );
        let consent = ConsentRecord {
            id: consent_id.clone(),
            client_id: client.id.clone(),
            user_id: user.clone(),
            environment: client.environment,
            scope: accepted.scope.clone(),
            access: self.granted(interaction, &accounts).await?,
            accounts,
            payment: accepted.payment.clone(),
            payment_used_by: None,
            recurring: match (asked, known) {
                (Some(request), _) => request.recurring,
                (None, Some(known)) => known.recurring,
                (None, None) => interaction.plan.has_permissions,
            },
            frequency_per_day: match (asked, known) {
                (Some(request), _) => request.frequency_per_day,
                (None, Some(known)) => known.frequency_per_day,
                (None, None) => MOST_PER_DAY,
            },
            status: ConsentStatus::Valid,
            confirmed_by: *by,
            created_at: now,
            confirmed_at: now,
            valid_until,
            ended: None,
            expires_at: valid_until + HISTORY,
        };
        let secret = self.env.mint::<AuthorizationCode>();
        let expires_at = now + self.env.settings.lifetimes.with(&client.lifetimes).code;
        let code = CodeRecord {
            digest: secret.digest(),
            consent_id: consent_id.clone(),
            client_id: client.id.clone(),
            user_id: user.clone(),
            redirect_uri: accepted
                .redirect_uri_was_sent
                .then(|| accepted.redirect_uri.as_str().to_owned()),
            challenge: accepted.challenge.clone(),
            scope: accepted.scope.clone(),
            family_id: None,
            issued_at: now,
            expires_at,
            used_at: None,
            kept_until: expires_at + CODE_MEMORY,
        };
        let redirect = self.success(interaction, &secret);
        let sealed_redirect = self.env.seal.seal(
            Purpose::Redirect,
            self.env.bytes(),
            redirect.location().as_bytes(),
        );
        let stage = stage
            .clone()
            .finish(Some(consent_id))
            .map_err(|error| Error::Broken(error.to_string()))?;
        let authorisation =
            (asked.is_none() && consent.scope.is_account_information()).then(|| {
                ConsentAuthorisationRecord {
                    id: ConsentAuthorisationId::new(self.env.id()),
                    consent_id: consent.id.clone(),
                    authorization_id: Some(interaction.id.clone()),
                    outcome: Some(Outcome::Finalised),
                    created_at: now,
                    expires_at: consent.expires_at,
                }
            });
        Ok(Finish {
            stage,
            sealed_redirect,
            redirect,
            authorization: interaction.id.clone(),
            authorisation,
            consent,
            code,
        })
    }

    /// Until when the consent would hold if it was given now.
    pub(crate) fn valid_until(&self, interaction: &Interaction) -> protocol::time::Timestamp {
        if let Some(request) = interaction.asked() {
            let lifetimes = self.env.settings.lifetimes;
            let of_client = lifetimes.with(&interaction.client.client.lifetimes);
            let once = interaction.now + of_client.access_token;
            return if request.recurring {
                request.valid_until
            } else {
                request.valid_until.min(once)
            };
        }
        let lifetime = if interaction.plan.has_permissions {
            self.env.settings.consent_lifetime.min(CONSENT_LIMIT)
        } else {
            PAYMENT_LIFETIME
        };
        let until = interaction.now + lifetime;
        match interaction.accepted.payment_until {
            // With permissions the consent goes on; the payment in it ends by itself.
            Some(end) if !interaction.plan.has_permissions => until.min(end),
            _ => until,
        }
    }

    /// Accounts that could pay: of the payment's currency and, where the person chose accounts,
    /// among the chosen ones.
    pub(crate) async fn payer_accounts(
        &self,
        interaction: &Interaction,
        payment: &Payment,
    ) -> Result<Vec<BankAccount>> {
        let chosen = match interaction.row.as_ref().map(|row| &row.stage) {
            Some(Stage::Consented { accounts, .. } | Stage::Confirmed { accounts, .. })
                if !accounts.is_empty() =>
            {
                Some(accounts)
            }
            _ => None,
        };
        let mut accounts = self.env.bank.accounts_of(&person(interaction)?.id).await?;
        accounts.retain(|account| {
            account.currency == payment.amount.currency
                && account.eligible.is_ok()
                && chosen.is_none_or(|chosen| chosen.contains(&account.id))
        });
        Ok(accounts)
    }

    /// Back to the app. An https app is reached by 303; an app on the device needs a real link that
    /// the person presses, because browsers do not follow redirects to app schemes without one.
    pub(crate) fn back_to_app(
        &self,
        interaction: &Interaction,
        redirect: ClientRedirect,
    ) -> Answer {
        if interaction.accepted.redirect_uri.is_app_scheme() {
            self.next(interaction)
        } else {
            Answer::go(Go::Client(redirect))
        }
    }

    /// The answer to a post whose step is not due any more: the result of the first post, while
    /// its code is fresh, else the page that is due.
    pub(crate) fn passed(&self, interaction: &Interaction) -> Answer {
        match self.fresh_way_back(interaction) {
            Some(redirect) => self.back_to_app(interaction, redirect),
            None => self.next(interaction),
        }
    }

    /// The way back with the code, while the code lives.
    pub(crate) fn fresh_way_back(&self, interaction: &Interaction) -> Option<ClientRedirect> {
        let row = interaction.row.as_ref()?;
        if !matches!(row.stage, Stage::Finished { .. }) {
            return None;
        }
        let lifetime = self
            .env
            .settings
            .lifetimes
            .with(&interaction.client.client.lifetimes)
            .code;
        if interaction.now >= row.last_active_at + lifetime {
            return None;
        }
        let plain = self
            .env
            .seal
            .open(Purpose::Redirect, row.sealed_redirect.as_deref()?)
            .ok()?;
        let location = std::str::from_utf8(&plain).ok()?.to_owned();
        Some(ClientRedirect::from_sealed(location))
    }

    /// The app's address with the code, `state` and `iss` (RFC 6749 §4.1.2, RFC 9207 §2).
    fn success(
        &self,
        interaction: &Interaction,
        code: &Secret<AuthorizationCode>,
    ) -> ClientRedirect {
        let accepted = &interaction.accepted;
        let issuer = &self.env.settings.public_url;
        ClientRedirect::success(
            &accepted.redirect_uri,
            accepted.dialect,
            code,
            accepted.state.as_deref(),
            issuer,
        )
    }
}
