//! A person accepts a transaction in the browser: sign in, amount and payee with a code, the account that
//! pays; afterwards back to the app, or on to an authorize request.
//!
//! The steps are those of a payment in an authorize request, with another end: nothing is granted, the
//! money is set aside. The code is used up first and the transaction accepted next, which is safe to
//! repeat; the authorization is finished last. Whoever is interrupted in between chooses the account again.

use protocol::{
    authorization::{Notice, ProblemKind},
    authorize::{self, Accepted, AcceptedRecord, AskedTransaction, AuthorizeError, Prompt},
    form::RawForm,
    ids::{AccountId, TraceId, TransactionKey},
    redirect_uri::TrustedRedirect,
    scope::Scope,
};
use store::{
    Advanced,
    authorizations::{AuthorizationRecord, advance_authorization},
};

use crate::{
    Engine,
    bank::Rejection,
    begin::{Arrival, Began},
    clients::CachedClient,
    consent::row,
    error::{Error, Result},
    interaction::{Interaction, Stuck, person_id},
    seal::Purpose,
    visit::{Answer, ClientRedirect, Go, Visit},
    wallet_transactions::{TransactionRefusal, TransactionView},
};

/// Where the authorize request goes that follows a transaction.
const AUTHORIZE: &str = "/frontend/oauth";

impl Engine {
    /// Begins the acceptance of a transaction; `then` is the query of the authorize request that follows.
    pub async fn begin_transaction(
        &self,
        key: &str,
        then: Option<&str>,
        arrival: &Arrival,
    ) -> Began {
        match self.try_begin_transaction(key, then, arrival).await {
            Ok(began) => began,
            Err(error) => {
                let trace = arrival.trace.unwrap_or_else(|| self.env.trace());
                let view = self.failed_under(trace, arrival.language.resolve(), &error);
                Began::Problem(Box::new(view))
            }
        }
    }

    async fn try_begin_transaction(
        &self,
        key: &str,
        then: Option<&str>,
        arrival: &Arrival,
    ) -> Result<Began> {
        let unknown = || Began::Problem(Box::new(self.problem_of(arrival, ProblemKind::NotFound)));
        let key = TransactionKey::new(key);
        let Some(view) = self.transaction_for_person(&key).await? else {
            return Ok(unknown());
        };
        let Some(client) = self.client(&view.client).await? else {
            return Ok(unknown());
        };
        let Some(back) = way_back(&client, &view) else {
            return Ok(unknown());
        };
        let asked = match then {
            None => None,
            Some(query) => {
                let Ok(form) = RawForm::parse(query.as_bytes()) else {
                    return Ok(unknown());
                };
                // It must be a request of the same app; whose else it is, is for its own door to judge.
                if !authorize::client_id(&form).is_ok_and(|named| named == view.client) {
                    return Ok(self.begin(&form, arrival).await);
                }
                // What is wrong with it is told as if it had come alone; and once the transaction is
                // accepted, it does come alone.
                match authorize::check(&form, &client.client, None, self.env.now()) {
                    Ok(accepted) if view.is_open() => Some(accepted),
                    _ => return Ok(self.begin(&form, arrival).await),
                }
            }
        };
        if !view.is_open() {
            return Ok(self.over(&view, &back, arrival));
        }
        let Some(accepted) = accepted(&client, &view, back, asked, then, arrival) else {
            return Ok(unknown());
        };
        let expecting = Arrival {
            username: view.user_email.clone(),
            ..arrival.clone()
        };
        Ok(self.interact(&accepted, &expecting))
    }

    /// The page for a transaction that nobody can accept any more, with a link to the app.
    fn over(&self, view: &TransactionView, back: &TrustedRedirect, arrival: &Arrival) -> Began {
        let mut problem = self.problem_of(arrival, ProblemKind::Expired);
        problem.app = Some(view.app_name.clone());
        problem.way_back = Some(back.as_str().to_owned());
        Began::Problem(Box::new(problem))
    }

    /// The person has confirmed, and pays from this account.
    pub(crate) async fn pay_transaction(
        &self,
        visit: &Visit,
        interaction: &Interaction,
        account: AccountId,
    ) -> Result<Answer, Stuck> {
        let Some(asked) = &interaction.accepted.transaction else {
            return Err(Error::Broken("a transaction that nobody asked for".into()).into());
        };
        let user = person_id(interaction)?;
        let trace = self.env.trace();
        match self
            .accept_transaction(&asked.key, &user, &account, trace)
            .await?
        {
            Ok(_) => {}
            Err(TransactionRefusal::Rejected(Rejection::TooLittleMoney)) => {
                self.note(interaction, Notice::TooLittleMoney).await?;
                return Ok(self.next(interaction));
            }
            Err(refusal) => {
                tracing::info!(trace_id = %trace, %refusal, "a transaction was not accepted");
                return Err(self.stuck_with_way_back(
                    visit,
                    ProblemKind::Expired,
                    interaction,
                    &AuthorizeError::InteractionExpired,
                ));
            }
        }
        let redirect = after(&interaction.accepted, asked);
        let row = row(interaction)?;
        let from = row.stage.name();
        let Ok(stage) = row.stage.clone().finish(None) else {
            return Ok(self.passed(interaction));
        };
        let sealed = self.env.seal.seal(
            Purpose::Redirect,
            self.env.bytes(),
            redirect.location().as_bytes(),
        );
        let record = AuthorizationRecord {
            stage,
            notice: None,
            sealed_redirect: Some(sealed),
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
        Ok(match advanced {
            Advanced::Yes if asked.then.is_some() => Answer::go(Go::Client(redirect)),
            Advanced::Yes => self.back_to_app(interaction, redirect),
            Advanced::No => self.passed(&self.open(visit).await?),
        })
    }

    /// The person says no to what the app wrote down before: a consent, or a transaction.
    pub(crate) async fn refuse_asked(
        &self,
        interaction: &Interaction,
        trace: TraceId,
    ) -> Result<()> {
        if let Some(asked) = &interaction.accepted.transaction {
            let user = interaction.user.as_ref().map(|user| &user.id);
            // One that has ended meanwhile stays as it is.
            let _ended_before = self.reject_transaction(&asked.key, user, trace).await?;
        }
        self.refuse_consent(interaction).await
    }
}

/// Where the person goes back to: where the app said, else its first registered address.
fn way_back(client: &CachedClient, view: &TransactionView) -> Option<TrustedRedirect> {
    let registered = || {
        let first = client.client.redirect_uris.first()?;
        first.matches(first.as_str())
    };
    view.redirect.clone().or_else(registered)
}

/// The transaction as a request to pay. `None` when it cannot be told, or is too large to be kept.
fn accepted(
    client: &CachedClient,
    view: &TransactionView,
    back: TrustedRedirect,
    asked: Option<Accepted>,
    then: Option<&str>,
    arrival: &Arrival,
) -> Option<Accepted> {
    let payment = view.payment()?;
    let transaction = AskedTransaction {
        key: view.key.clone(),
        then: then.map(str::to_owned),
    };
    let language = arrival.language.chosen;
    let accepted = Accepted {
        client_id: client.client.id.clone(),
        redirect_uri: asked
            .as_ref()
            .map_or(back, |asked| asked.redirect_uri.clone()),
        redirect_uri_was_sent: true,
        scope: Scope::default(),
        state: asked.as_ref().and_then(|asked| asked.state.clone()),
        challenge: None,
        ui_locales: asked
            .as_ref()
            .and_then(|asked| asked.ui_locales.clone())
            .or(language.map(|locale| locale.as_str().to_owned())),
        payment: Some(payment),
        payment_until: Some(view.valid_until),
        prompt: Prompt::default(),
        transaction: Some(transaction),
        dialect: client.client.standard_dialect(),
    };
    AcceptedRecord::from(&accepted).fits().then_some(accepted)
}

/// Where the browser goes once the transaction is accepted.
fn after(accepted: &Accepted, asked: &AskedTransaction) -> ClientRedirect {
    ClientRedirect::from_sealed(match &asked.then {
        Some(query) => format!("{AUTHORIZE}?{query}"),
        None => accepted.redirect_uri.as_str().to_owned(),
    })
}
