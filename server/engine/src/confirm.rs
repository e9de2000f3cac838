//! Strong customer authentication (U2, U4): the second factor, bound to what is confirmed.
//!
//! A challenge row names purpose, person, client and a digest of everything the page shows; what
//! is confirmed is what was shown, or nothing (RTS articles 4 and 5).

use protocol::{
    authorization::{Due, Notice, ProblemKind, Stage},
    ids::{AccountId, ChallengeId, UserId},
    sca::{self, Purpose as Subject, ScaPolicy},
};
use store::{
    Advanced,
    challenges::{ChallengePurpose, ChallengeRecord, ChallengeStatus},
    users::UserRecord,
};

use crate::{
    Engine,
    consent::{Posted, row},
    consents::Told,
    error::{Error, Result},
    finish::Finish,
    interaction::{Interaction, KEPT_AFTER_EXPIRY, Stuck, person},
    mails,
    proof::Found,
    throttle::{Budget, Guess, Missed},
    visit::{Answer, Proof, Visit},
};

impl Engine {
    /// The person confirms with a code.
    pub async fn confirm(&self, visit: &Visit, form_token: &str, proof: Proof) -> Answer {
        let tried = self.try_confirm(visit, form_token, proof).await;
        self.answer(visit, tried)
    }

    async fn try_confirm(
        &self,
        visit: &Visit,
        form_token: &str,
        proof: Proof,
    ) -> Result<Answer, Stuck> {
        let interaction = match self.posted(visit, form_token, Due::Confirm).await? {
            Posted::Due(interaction) => interaction,
            Posted::Otherwise(answer) => return Ok(answer),
        };
        let user = person(&interaction)?;
        let budget = self
            .budget(
                visit.guesser(),
                Guess::Code,
                user.environment,
                &store::users::folded(&user.username),
                Some(&user.id),
            )
            .await?;
        if let Some(until) = self.paused(&budget).await? {
            self.note(&interaction, Notice::Paused { until }).await?;
            return Ok(self.next(&interaction));
        }
        if proof.is_empty() && policy(&interaction) == ScaPolicy::Required {
            let field = proof.field();
            self.note(
                &interaction,
                Notice::Missing {
                    field: field.into(),
                },
            )
            .await?;
            return Ok(self.next(&interaction));
        }
        let found = match self.find_proof(&user.id, &proof).await? {
            None if self.is_sandbox_code(&interaction, user, &proof) => Some(Found::SandboxCode),
            found => found,
        };
        let Some(found) = found else {
            // Perhaps the code was right a moment ago, in the first of two clicks: then its result
            // is the result, and nothing was missed.
            let current = self.open(visit).await?;
            if current.due() != Some(Due::Confirm) {
                return Ok(self.passed(&current));
            }
            return self.missed_code(&interaction, user, &budget).await;
        };
        self.check_challenge(visit, &interaction).await?;
        self.confirmed(visit, &interaction, found, &budget).await
    }

    /// Counts the miss; the words are the same for old, used and mistyped codes.
    async fn missed_code(
        &self,
        interaction: &Interaction,
        user: &UserRecord,
        budget: &Budget,
    ) -> Result<Answer, Stuck> {
        let missed = self.count_miss(budget).await?;
        if let Some(challenge) = &row(interaction)?.challenge_id {
            let challenge = challenge.clone();
            self.env
                .store
                .write::<_, Error, _>(move |tx| {
                    Box::pin(async move {
                        Ok(store::challenges::advance_challenge_failed(tx, &challenge).await?)
                    })
                })
                .await?;
        }
        if missed.just_paused
            && let Some(until) = missed.paused_until
        {
            self.tell(mails::sign_in_paused(user, until)).await?;
        }
        self.note(interaction, code_notice(missed)).await?;
        Ok(self.next(interaction))
    }

    /// What is confirmed must be what the challenge was made for (RTS article 5(1)(d)).
    async fn check_challenge(&self, visit: &Visit, interaction: &Interaction) -> Result<(), Stuck> {
        let row = row(interaction)?;
        let user = &person(interaction)?.id;
        let Some(id) = &row.challenge_id else {
            return Err(Error::Broken("a confirm step without a challenge".into()).into());
        };
        let challenge = store::challenges::find_challenge(self.env.store.reader(), id).await?;
        let accounts = match &row.stage {
            Stage::Consented { accounts, .. } => accounts.as_slice(),
            _ => &[],
        };
        let subject = subject_digest(interaction, user, accounts);
        let fits = challenge.is_some_and(|challenge| {
            challenge.purpose == purpose(interaction)
                && challenge.user_id == *user
                && challenge.client_id == interaction.client.client.id
                && challenge.authorization_id == interaction.id
                && challenge.subject_digest == subject
        });
        if fits {
            Ok(())
        } else {
            Err(self.stuck(visit, ProblemKind::PaymentChanged))
        }
    }

    /// Uses up the code and moves on, in one transaction: to the code for the app, to what the person must
    /// tell, or to the choice of the account that pays.
    async fn confirmed(
        &self,
        visit: &Visit,
        interaction: &Interaction,
        found: Found,
        budget: &Budget,
    ) -> Result<Answer, Stuck> {
        let row = row(interaction)?;
        let from = row.stage.name();
        let Ok(stage) = row.stage.clone().confirm(found.method(), interaction.plan) else {
            return Ok(self.passed(interaction));
        };
        // A transaction is accepted after the code was used up: whoever is interrupted in between goes on
        // with the choice of the account.
        let payer = match interaction.accepted.transaction {
            None if !interaction.plan.lacks_details => self.sole_payer(interaction).await?,
            _ => Payer::Open,
        };
        let finish = match payer {
            Payer::Open => None,
            Payer::None | Payer::Account(_) => Some(
                self.prepare_finish(interaction, &stage, payer.account())
                    .await?,
            ),
        };
        let redirect = finish.as_ref().map(Finish::redirect);
        let to = finish
            .as_ref()
            .map_or_else(|| stage.clone(), |finish| finish.stage.clone());
        let record = store::authorizations::AuthorizationRecord {
            stage: to,
            challenge_id: None,
            notice: None,
            sealed_redirect: finish.as_ref().map(|finish| finish.sealed_redirect.clone()),
            last_active_at: interaction.now,
            ..row.clone()
        };
        let (challenge, now) = (row.challenge_id.clone(), interaction.now);
        let user = person(interaction)?.id.clone();
        let engine = self.clone();
        let written = self
            .env
            .store
            .write(move |tx| {
                Box::pin(async move {
                    if store::authorizations::advance_authorization(tx, from, &record).await?
                        == Advanced::No
                    {
                        return Err(Race::StepDone);
                    }
                    if found.use_up(tx, &user, now).await? == Advanced::No {
                        return Err(Race::CodeUsed);
                    }
                    if let Some(challenge) = challenge
                        && store::challenges::advance_challenge_passed(tx, &challenge).await?
                            == Advanced::No
                    {
                        return Err(Race::CodeUsed);
                    }
                    match finish {
                        Some(finish) => match finish.write(&engine, tx).await? {
                            (Advanced::Yes, told) => Ok(told),
                            (Advanced::No, _) => Err(Race::ConsentOver),
                        },
                        None => Ok(Told::default()),
                    }
                })
            })
            .await;
        match written {
            Ok(told) => self.forget(&told),
            // Used before, in another tab or by somebody else; or no recovery code of this person.
            Err(Race::CodeUsed) => {
                return self
                    .missed_code(interaction, person(interaction)?, budget)
                    .await;
            }
            // The other tab, or the second click, was quicker: its result is the result. A consent that is
            // over says so when it is opened again.
            Err(Race::StepDone | Race::ConsentOver) => {
                return Ok(self.passed(&self.open(visit).await?));
            }
            Err(Race::Failed(error)) => return Err(error.into()),
        }
        self.forget_misses(budget).await?;
        if interaction.accepted.transaction.is_some()
            && let Payer::Account(account) = self.sole_payer(interaction).await?
        {
            let confirmed = self.open(visit).await?;
            return self.pay_transaction(visit, &confirmed, account).await;
        }
        match redirect {
            Some(redirect) => Ok(self.back_to_app(interaction, redirect)),
            None => Ok(self.next(interaction)),
        }
    }

    /// A challenge for confirming what the person allowed with these accounts.
    pub(crate) fn challenge(
        &self,
        interaction: &Interaction,
        user: &UserId,
        accounts: &[AccountId],
    ) -> ChallengeRecord {
        ChallengeRecord {
            id: ChallengeId::new(self.env.id()),
            purpose: purpose(interaction),
            user_id: user.clone(),
            client_id: interaction.client.client.id.clone(),
            authorization_id: interaction.id.clone(),
            subject_digest: subject_digest(interaction, user, accounts),
            failures: 0,
            status: ChallengeStatus::Open,
            created_at: interaction.now,
            expires_at: interaction.sealed.expires_at + KEPT_AFTER_EXPIRY,
        }
    }

    /// Who pays, when there is nothing to choose.
    pub(crate) async fn sole_payer(&self, interaction: &Interaction) -> Result<Payer> {
        let Some(payment) = &interaction.accepted.payment else {
            return Ok(Payer::None);
        };
        let accounts = self.payer_accounts(interaction, payment).await?;
        match accounts.as_slice() {
            [only] if only.available.minor >= payment.amount.minor => {
                Ok(Payer::Account(only.id.clone()))
            }
            // Too little money, or no account at all, is told on the page that shows accounts:
            // they are the person's data, and the code has just been right.
            _ => Ok(Payer::Open),
        }
    }
}

/// How a confirming transaction was beaten.
enum Race {
    StepDone,
    CodeUsed,
    ConsentOver,
    Failed(Error),
}

impl From<store::Error> for Race {
    fn from(error: store::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// The account that pays.
pub(crate) enum Payer {
    /// Nothing is paid.
    None,
    /// This one.
    Account(AccountId),
    /// To be chosen.
    Open,
}

impl Payer {
    /// The account, if it is known.
    pub fn account(&self) -> Option<AccountId> {
        match self {
            Self::Account(id) => Some(id.clone()),
            Self::None | Self::Open => None,
        }
    }
}

/// The digest of everything that the confirm page shows. Any difference between what was shown
/// and what would be executed shows here.
fn subject_digest(interaction: &Interaction, user: &UserId, accounts: &[AccountId]) -> [u8; 32] {
    let accepted = &interaction.accepted;
    let payment = accepted
        .payment
        .as_ref()
        .map(|payment| data_encoding::HEXLOWER.encode(&payment.digest()));
    let scope = accepted.scope.to_string();
    let mut parts = vec![
        interaction.id.as_str(),
        user.as_str(),
        interaction.client.client.id.as_str(),
        accepted.redirect_uri.as_str(),
        &scope,
        payment.as_deref().unwrap_or_default(),
    ];
    parts.extend(accounts.iter().map(AccountId::as_str));
    let subject = if payment.is_some() {
        Subject::Payment
    } else {
        Subject::Access
    };
    sca::subject_digest(subject, &parts)
}

/// What the challenge is about: it can be answered for nothing else.
fn purpose(interaction: &Interaction) -> ChallengePurpose {
    if interaction.accepted.payment.is_some() {
        ChallengePurpose::Payment
    } else {
        ChallengePurpose::Consent
    }
}

/// In the sandbox a code is checked only when there is one; with real money it always is.
pub(crate) fn policy(interaction: &Interaction) -> ScaPolicy {
    ScaPolicy::of(interaction.client.client.environment)
}

fn code_notice(missed: Missed) -> Notice {
    match missed.paused_until {
        Some(until) => Notice::Paused { until },
        None => Notice::WrongCode {
            help: missed.failures >= 2,
            tries_left: missed.tries_left,
        },
    }
}
