//! The page that is due, with all it shows.

use protocol::{
    account_consent::MOST_PER_DAY,
    authorization::{
        AccountChoice, ConfirmView, ConsentView, Due, FinishedView, LogInView, Outcome,
        PayFromView, Stage, Step,
    },
    ids::AccountId,
    locale::Locale,
    sca::ScaPolicy,
    scope::{Cannot, Cluster},
    secret::{AuthorizationCode, Secret},
};

use crate::{
    Engine,
    bank::BankAccount,
    confirm::policy,
    consents::is_named,
    error::{Error, Result},
    interaction::{Interaction, Stuck, payment_view, person},
    visit::Visit,
};

/// Up to how many accounts are ticked beforehand. With more, the person ticks what they mean.
const MOST_TICKED: usize = 8;

impl Engine {
    /// The step that is due for this visit. `recovery` asks for the form that takes a recovery code.
    pub async fn step(&self, visit: &Visit, recovery: bool) -> Step {
        match self.try_step(visit, recovery).await {
            Ok(step) => step,
            Err(Stuck::Problem(view)) => Step::Problem(*view),
            Err(Stuck::Failed(error)) => {
                Step::Problem(self.failed(visit.language.resolve(), &error))
            }
        }
    }

    async fn try_step(&self, visit: &Visit, recovery: bool) -> Result<Step, Stuck> {
        let interaction = self.open(visit).await?;
        Ok(match interaction.due() {
            None => Step::LogIn(self.log_in_view(visit, &interaction)),
            Some(Due::Consent) => Step::Consent(self.consent_view(visit, &interaction).await?),
            Some(Due::Confirm) => {
                Step::Confirm(self.confirm_view(visit, &interaction, recovery).await?)
            }
            Some(Due::Details) => Step::Details(self.details_view(visit, &interaction)),
            Some(Due::PayFrom) => Step::PayFrom(self.pay_from_view(visit, &interaction).await?),
            Some(Due::Nothing) => Step::Finished(self.finished_view(visit, &interaction).await?),
        })
    }

    fn log_in_view(&self, visit: &Visit, interaction: &Interaction) -> LogInView {
        let mut frame = self.frame(visit, interaction);
        // Before signing in, what is to be told is in the cookie, whether or not there is a row.
        frame.notice = interaction.sealed.notice.clone();
        LogInView {
            payment: interaction
                .accepted
                .payment
                .as_ref()
                .map(|payment| payment_view(payment, frame.locale)),
            username: interaction.sealed.username.clone(),
            open: self.is_open_to(interaction),
            frame,
        }
    }

    async fn consent_view(&self, visit: &Visit, interaction: &Interaction) -> Result<ConsentView> {
        let frame = self.frame(visit, interaction);
        let accepted = &interaction.accepted;
        let mut accounts = Vec::new();
        if interaction.plan.chooses_accounts {
            let offered = self.env.bank.accounts_of(&person(interaction)?.id).await?;
            let ticked = interaction.sealed.ticked.as_deref();
            let eligible = offered
                .iter()
                .filter(|account| account.eligible.is_ok())
                .count();
            for account in &offered {
                let chosen = match ticked {
                    Some(ticked) => ticked.contains(&account.id),
                    None => eligible <= MOST_TICKED,
                };
                accounts.push(choice(account, chosen && account.eligible.is_ok()));
            }
        } else if interaction.asked().is_some() {
            let owned = self.env.bank.accounts_of(&person(interaction)?.id).await?;
            accounts = named_accounts(interaction, &owned);
        }
        let until = self.valid_until(interaction);
        let can = clusters(interaction);
        let is_read = accepted.scope.is_account_information();
        let once = interaction
            .asked()
            .is_some_and(|request| !request.recurring);
        let times = interaction
            .asked()
            .map_or(MOST_PER_DAY, |request| request.frequency_per_day);
        Ok(ConsentView {
            cannot: match interaction.asked() {
                Some(_) => Cannot::beside(&can),
                None => accepted.scope.cannot(),
            },
            offline: accepted.scope.offline_clusters(),
            absent: interaction.absent.clone(),
            asked_for: interaction
                .missing
                .iter()
                .map(|detail| detail.cluster())
                .collect(),
            can,
            names_accounts: interaction.asked().is_some() && !interaction.plan.chooses_accounts,
            once,
            accounts,
            chooses_accounts: interaction.plan.chooses_accounts,
            until,
            days: whole_days(until.since(interaction.now)),
            times_a_day: (is_read && !once).then_some(times),
            payment: accepted
                .payment
                .as_ref()
                .map(|payment| payment_view(payment, frame.locale)),
            frame,
        })
    }

    async fn confirm_view(
        &self,
        visit: &Visit,
        interaction: &Interaction,
        recovery: bool,
    ) -> Result<ConfirmView> {
        let frame = self.frame(visit, interaction);
        let accepted = &interaction.accepted;
        let chosen = match interaction.row.as_ref().map(|row| &row.stage) {
            Some(Stage::Consented { accounts, .. }) => accounts.clone(),
            _ => Vec::new(),
        };
        let can = clusters(interaction);
        Ok(ConfirmView {
            payment: accepted
                .payment
                .as_ref()
                .map(|payment| payment_view(payment, frame.locale)),
            accounts: self.masked(interaction, &chosen).await?,
            can,
            until: interaction
                .plan
                .has_permissions
                .then(|| self.valid_until(interaction)),
            code_optional: policy(interaction) == ScaPolicy::CheckedWhenFilled,
            sandbox_code: self.is_open_to(interaction) && person(interaction)?.is_open(),
            recovery,
            frame,
        })
    }

    async fn pay_from_view(&self, visit: &Visit, interaction: &Interaction) -> Result<PayFromView> {
        let frame = self.frame(visit, interaction);
        let payment =
            interaction.accepted.payment.as_ref().ok_or_else(|| {
                Error::Broken("an account to pay from, but nothing to pay".into())
            })?;
        let offered = self.payer_accounts(interaction, payment).await?;
        let enough = |account: &BankAccount| account.available.minor >= payment.amount.minor;
        let preferred = offered
            .iter()
            .find(|account| enough(account))
            .map(|account| account.id.clone());
        let accounts = offered
            .iter()
            .map(|account| {
                confirmed_choice(
                    account,
                    preferred.as_ref() == Some(&account.id),
                    frame.locale,
                )
            })
            .collect();
        Ok(PayFromView {
            payment: payment_view(payment, frame.locale),
            accounts,
            frame,
        })
    }

    async fn finished_view(
        &self,
        visit: &Visit,
        interaction: &Interaction,
    ) -> Result<FinishedView> {
        let frame = self.frame(visit, interaction);
        let consent = match interaction.stage() {
            Some(Stage::Finished {
                consent: Some(consent),
                ..
            }) => store::consents::find_consent(self.env.store.reader(), &consent).await?,
            _ => None,
        };
        let accepted = matches!(
            interaction.stage(),
            Some(Stage::Finished { consent: None, .. })
        );
        let outcome = match (&consent, &interaction.accepted.payment) {
            (None, Some(payment)) if accepted => Outcome::Paid {
                payment: payment_view(payment, frame.locale),
            },
            (None, _) => Outcome::Denied,
            (Some(_), Some(payment)) if !interaction.plan.has_permissions => Outcome::Paid {
                payment: payment_view(payment, frame.locale),
            },
            (Some(consent), _) => Outcome::Approved {
                accounts: u32::try_from(consent.accounts.len()).unwrap_or(u32::MAX),
                until: consent.valid_until,
            },
        };
        let way_back = match self.unused_way_back(interaction).await? {
            Some(location) => Some(location),
            // Later the app's own address, where the bank knows it: never the code a second time.
            None => Some(interaction.client.client.profile.homepage.clone())
                .filter(|homepage| !homepage.is_empty()),
        };
        Ok(FinishedView {
            frame,
            outcome,
            way_back,
        })
    }

    /// The way back with the code, while the code lives and nobody has used it: a link that is
    /// pressed late must not look like a replay.
    async fn unused_way_back(&self, interaction: &Interaction) -> Result<Option<String>> {
        let Some(redirect) = self.fresh_way_back(interaction) else {
            return Ok(None);
        };
        // Nothing in it is good for anything but coming back.
        if interaction.accepted.transaction.is_some() {
            return Ok(Some(redirect.location().to_owned()));
        }
        let code = url::Url::parse(redirect.location()).ok().and_then(|url| {
            url.query_pairs()
                .find(|(name, _)| name == "code")
                .map(|(_, code)| code.into_owned())
        });
        let Some(code) = code.as_deref().and_then(Secret::<AuthorizationCode>::parse) else {
            return Ok(None);
        };
        let found = store::codes::find_code(self.env.store.reader(), &code.digest()).await?;
        let unused = found.is_some_and(|found| found.code.used_at.is_none());
        Ok(unused.then(|| redirect.location().to_owned()))
    }

    /// The masked numbers of these accounts.
    async fn masked(&self, interaction: &Interaction, chosen: &[AccountId]) -> Result<Vec<String>> {
        if chosen.is_empty() {
            return Ok(Vec::new());
        }
        let accounts = self.env.bank.accounts_of(&person(interaction)?.id).await?;
        Ok(accounts
            .iter()
            .filter(|account| chosen.contains(&account.id))
            .map(|account| account.iban.masked())
            .collect())
    }
}

/// The accounts that the app named, with what it could read of each where that differs.
fn named_accounts(interaction: &Interaction, owned: &[BankAccount]) -> Vec<AccountChoice> {
    let Some(request) = interaction.asked() else {
        return Vec::new();
    };
    let named: Vec<(&BankAccount, Vec<Cluster>)> = owned
        .iter()
        .filter(|account| is_named(interaction, account))
        .filter_map(|account| {
            let rights = request.access.rights_to(&account.iban, account.currency)?;
            Some((account, rights.clusters()))
        })
        .collect();
    let all = request.access.rights().clusters();
    let all_alike = named.iter().all(|(_, can)| *can == all);
    named
        .into_iter()
        .map(|(account, can)| AccountChoice {
            can: if all_alike { Vec::new() } else { can },
            ..choice(account, true)
        })
        .collect()
}

/// What the app could do, without the payment, which is shown by itself. What was written down before says
/// more exactly than the scope what that is.
fn clusters(interaction: &Interaction) -> Vec<Cluster> {
    if let Some(request) = interaction.asked() {
        return request.access.rights().clusters();
    }
    let accepted = &interaction.accepted;
    let mut can = accepted.scope.clusters(accepted.payment.as_ref());
    can.retain(|cluster| *cluster != Cluster::ThisPayment);
    can
}

/// An account before strong authentication: nothing but its kind, currency and masked number.
fn choice(account: &BankAccount, chosen: bool) -> AccountChoice {
    AccountChoice {
        id: account.id.clone(),
        kind: account.kind.clone(),
        masked_iban: account.iban.masked(),
        currency: account.currency.code().to_owned(),
        name: None,
        available: None,
        ineligible: account.eligible.err().map(str::to_owned),
        chosen,
        can: Vec::new(),
    }
}

/// An account after strong authentication: with the person's own name for it, and its balance.
fn confirmed_choice(account: &BankAccount, chosen: bool, locale: Locale) -> AccountChoice {
    AccountChoice {
        name: Some(account.name.clone()),
        available: Some(account.available.display(locale)),
        ..choice(account, chosen)
    }
}

/// In days; one that has begun counts.
fn whole_days(span: std::time::Duration) -> u32 {
    u32::try_from(span.as_millis().div_ceil(86_400_000)).unwrap_or(u32::MAX)
}
