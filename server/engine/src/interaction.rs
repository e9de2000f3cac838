//! One authorization between two requests: the sealed request in the browser's cookie, and the
//! row that exists from the moment the person signed in.
//!
//! Nothing is written before a person acts. Any number of interactions live side by side in one
//! browser: each has a cookie of its own, and its row is bound to that cookie.

use std::{sync::Arc, time::Duration};

use protocol::{
    account_consent::AskFault,
    authorization::{
        AppView, Due, Frame, Notice, PaymentView, Plan, ProblemKind, ProblemView,
        Purpose as PurposeView, Stage,
    },
    authorize::{self, Accepted, AcceptedRecord, AuthorizeError},
    client::{Client, ClientProfile, Environment},
    declared::{Declaration, Detail},
    ids::{AccountId, AuthorizationId, TraceId, UserId},
    locale::Locale,
    payment::Payment,
    scope::Cluster,
    secret::{Binding, Digest, Secret},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use store::{
    authorizations::AuthorizationRecord,
    consent_requests::ConsentRequestRecord,
    users::{UserRecord, UserStatus},
};
use subtle::ConstantTimeEq as _;

use crate::{
    Engine,
    clients::CachedClient,
    consents::Known,
    error::{Error, Result},
    seal::Purpose,
    visit::{ClientRedirect, CookieChange, Visit},
};

/// Most bytes in a cookie before they are sealed and written in base64 (four thirds): browsers keep 4,096 of name,
/// value and attributes (RFC 6265 §6.1).
const LARGEST_SEALED: usize = 2_700;

/// What the cookie of one interaction holds.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct SealedRequest {
    /// The accepted request.
    pub request: AcceptedRecord,
    /// Binds the later row to this cookie.
    pub binding: String,
    /// When the app sent the browser here.
    pub created_at: Timestamp,
    /// Until when the person can sign in.
    pub expires_at: Timestamp,
    /// The login id as typed last.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub username: String,
    /// What to tell on the page that is shown next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Notice>,
    /// The accounts that were ticked, when the page is shown again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticked: Option<Vec<AccountId>>,
    /// The person cancelled before signing in.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub denied: bool,
    /// What the person typed about themselves, when the page is shown again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<Declaration>,
}

/// One interaction, opened: everything the steps need to decide.
pub(crate) struct Interaction {
    pub id: AuthorizationId,
    pub sealed: SealedRequest,
    pub client: Arc<CachedClient>,
    pub accepted: Accepted,
    pub plan: Plan,
    /// The consent that the app wrote down before and names in the scope.
    pub consent: Option<Known>,
    /// The row, once the person acted.
    pub row: Option<AuthorizationRecord>,
    /// The person who acts, when known: from the row, else from the browser's session.
    pub user: Option<UserRecord>,
    /// The person is signed in to this browser now.
    pub signed_in: bool,
    /// Details that the app needs, the bank does not have, and the person can tell.
    pub missing: Vec<Detail>,
    /// What of that a person's word is not enough for.
    pub absent: Vec<Cluster>,
    pub now: Timestamp,
}

impl Interaction {
    /// How far it has come. A person who is signed in already stands behind the login step, though
    /// nothing was written yet. `None`: nobody is known.
    pub fn stage(&self) -> Option<Stage> {
        if self.sealed.denied {
            return Some(Stage::Denied { user: None });
        }
        match (&self.row, &self.user) {
            (Some(row), _) => Some(row.stage.clone()),
            (None, Some(user)) => Some(Stage::LoggedIn {
                user: user.id.clone(),
            }),
            (None, None) => None,
        }
    }

    /// What is due; `None` is signing in.
    pub fn due(&self) -> Option<Due> {
        let due = self.stage()?.due(self.plan);
        // Whoever left the browser must sign in again before anything goes on.
        (self.signed_in || due == Due::Nothing).then_some(due)
    }

    /// What the app wrote down before, if the scope names it.
    pub fn asked(&self) -> Option<&ConsentRequestRecord> {
        self.consent.as_ref()?.request.as_ref()
    }

    /// The address of the app with an error.
    pub fn way_back(&self, issuer: &str, error: &AuthorizeError, trace: TraceId) -> ClientRedirect {
        let state = self.accepted.state.as_deref();
        ClientRedirect::error(&self.accepted.redirect_uri, error, state, issuer, trace)
    }

    /// The cookie again, with something changed.
    pub fn reseal(&self, engine: &Engine, change: impl FnOnce(&mut SealedRequest)) -> CookieChange {
        let mut sealed = self.sealed.clone();
        change(&mut sealed);
        // Better typed again than a cookie that the browser throws away.
        let length = serde_json::to_vec(&sealed).map_or(usize::MAX, |plain| plain.len());
        sealed.told = sealed.told.filter(|_| length <= LARGEST_SEALED);
        engine.interaction_cookie_change(&self.id, &sealed, self.now)
    }
}

/// Why an interaction cannot be opened.
pub(crate) enum Stuck {
    /// A page that says why.
    Problem(Box<ProblemView>),
    /// Our fault, or storage's.
    Failed(Error),
}

impl From<Error> for Stuck {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<store::Error> for Stuck {
    fn from(error: store::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl Engine {
    /// Seals an accepted request for the browser.
    pub(crate) fn interaction_cookie_change(
        &self,
        id: &AuthorizationId,
        sealed: &SealedRequest,
        now: Timestamp,
    ) -> CookieChange {
        let plain = serde_json::to_vec(sealed).expect("an accepted request is plain data");
        let blob = self
            .env
            .seal
            .seal(Purpose::Interaction, self.env.bytes(), &plain);
        CookieChange::Set {
            name: self.interaction_cookie(id),
            value: data_encoding::BASE64URL_NOPAD.encode(&blob),
            // Kept a while longer than the interaction itself, so that a late visitor is told
            // that the request has run out, and gets a way back.
            max_age: sealed.expires_at.since(now) + KEPT_AFTER_EXPIRY,
        }
    }

    /// Opens the interaction of a visit and checks that it may go on.
    pub(crate) async fn open(&self, visit: &Visit) -> Result<Interaction, Stuck> {
        let now = self.env.now();
        let sealed = self
            .unseal(visit)
            .ok_or_else(|| self.stuck(visit, ProblemKind::Cookies))?;
        let client = self
            .client(sealed.request.client_id())
            .await?
            .ok_or_else(|| self.stuck(visit, ProblemKind::UnknownApp))?;
        let accepted = authorize::restore(sealed.request.clone(), &client.client)
            .ok_or_else(|| self.stuck(visit, ProblemKind::WrongRedirect))?;
        let row =
            store::authorizations::find_authorization(self.env.store.reader(), &visit.interaction)
                .await?;
        if let Some(row) = &row
            && !bool::from(
                row.binding
                    .as_bytes()
                    .ct_eq(binding_digest(&sealed.binding).as_bytes()),
            )
        {
            return Err(self.stuck(visit, ProblemKind::Cookies));
        }
        let mut plan = Plan::of(&accepted.scope, accepted.payment.as_ref());
        let consent = match accepted.scope.consents().next() {
            Some(id) => Known::find(self.env.store.reader(), &id).await?,
            None => None,
        };
        if let Some(request) = consent.as_ref().and_then(|known| known.request.as_ref()) {
            plan.chooses_accounts = request.access.person_picks();
        }
        let mut interaction = Interaction {
            id: visit.interaction.clone(),
            sealed,
            client,
            accepted,
            plan,
            consent,
            row,
            user: None,
            signed_in: false,
            missing: Vec::new(),
            absent: Vec::new(),
            now,
        };
        self.find_person(visit, &mut interaction).await?;
        self.find_gaps(&mut interaction).await?;
        self.check_open(visit, &interaction)?;
        Ok(interaction)
    }

    /// Who acts: the person of the row, or the one who is signed in to the browser.
    async fn find_person(&self, visit: &Visit, interaction: &mut Interaction) -> Result<(), Stuck> {
        let lifetime = self.env.settings.lifetimes.interaction;
        let session = visit
            .session
            .as_ref()
            .filter(|session| interaction.now < session.authenticated_at + lifetime)
            .map(|session| &session.user);
        let pinned = interaction
            .row
            .as_ref()
            .and_then(|row| row.stage.user())
            .cloned();
        let Some(id) = pinned.as_ref().or(session) else {
            return Ok(());
        };
        let user = store::users::find_user(self.env.store.reader(), id).await?;
        let environment = interaction.client.client.environment;
        interaction.user = user.filter(|user| may_sign_in(user, environment));
        let asks_anew = interaction.row.is_none() && interaction.accepted.prompt.asks_who();
        interaction.signed_in = interaction.user.is_some() && session == Some(id) && !asks_anew;
        if pinned.is_some() && session.is_some() && session != pinned.as_ref() {
            return Err(self.stuck(visit, ProblemKind::OtherPerson));
        }
        Ok(())
    }

    /// Whether time and the client's state let it go on.
    fn check_open(&self, visit: &Visit, interaction: &Interaction) -> Result<(), Stuck> {
        let over = matches!(
            interaction.stage(),
            Some(Stage::Finished { .. } | Stage::Denied { .. })
        );
        if over {
            return Ok(());
        }
        if !interaction.client.client.is_active() {
            return Err(self.stuck_with_way_back(
                visit,
                ProblemKind::AppOff,
                interaction,
                &AuthorizeError::GrantNotAllowed,
            ));
        }
        if !self.may_still_agree(interaction) {
            return Err(self.stuck_with_way_back(
                visit,
                ProblemKind::ConsentOver,
                interaction,
                &AuthorizeError::Consent(AskFault::Over),
            ));
        }
        if interaction.now >= self.deadline(interaction) {
            return Err(self.stuck_with_way_back(
                visit,
                ProblemKind::Expired,
                interaction,
                &AuthorizeError::InteractionExpired,
            ));
        }
        Ok(())
    }

    /// Until when the step that is due can be answered: the request's own end and, once the person
    /// has signed in, five minutes without activity (RTS article 4(3)(d)).
    pub(crate) fn deadline(&self, interaction: &Interaction) -> Timestamp {
        let end = interaction.sealed.expires_at;
        match &interaction.row {
            Some(row) => end.min(row.last_active_at + self.env.settings.lifetimes.idle),
            None => end,
        }
    }

    /// The anti-forgery token of this interaction's forms: only whoever holds the cookie gets a
    /// page that contains it.
    pub(crate) fn form_token(&self, id: &AuthorizationId, sealed: &SealedRequest) -> String {
        let digest = self.env.seal.digest(
            Purpose::FormToken,
            &[id.as_str().as_bytes(), sealed.binding.as_bytes()],
        );
        data_encoding::BASE64URL_NOPAD.encode(&digest[..18])
    }

    /// Whether a form was sent by a page of this interaction.
    pub(crate) fn is_own_form(
        &self,
        visit: &Visit,
        interaction: &Interaction,
        token: &str,
    ) -> bool {
        let expected = self.form_token(&interaction.id, &interaction.sealed);
        visit.same_origin && bool::from(expected.as_bytes().ct_eq(token.as_bytes()))
    }

    /// What every page shows.
    pub(crate) fn frame(&self, visit: &Visit, interaction: &Interaction) -> Frame {
        let notice = match &interaction.row {
            Some(row) => row.notice.clone(),
            None => interaction.sealed.notice.clone(),
        }
        .filter(|notice| !matches!(notice, Notice::Paused { until } if *until <= interaction.now));
        let locale = self.locale(visit, interaction);
        Frame {
            interaction: interaction.id.clone(),
            form_token: self.form_token(&interaction.id, &interaction.sealed),
            app: app_view(&interaction.client.client, &interaction.accepted, locale),
            locale,
            expires_at: self.deadline(interaction),
            now: interaction.now,
            form_origin: interaction.accepted.redirect_uri.origin(),
            notice,
            signed_in_as: interaction
                .user
                .as_ref()
                .filter(|_| interaction.signed_in)
                .map(|user| user.username.clone()),
        }
    }

    /// The language of a page: the person's choice, else what the app asked for, else the
    /// account's setting, else what the browser says.
    pub(crate) fn locale(&self, visit: &Visit, interaction: &Interaction) -> Locale {
        Locale::resolve(
            visit.language.chosen,
            interaction.accepted.ui_locales.as_deref(),
            interaction.user.as_ref().map(|user| user.locale),
            visit.language.accepted.as_deref(),
        )
    }

    /// A problem page without a way back.
    pub(crate) fn stuck(&self, visit: &Visit, kind: ProblemKind) -> Stuck {
        Stuck::Problem(Box::new(self.problem(visit.language.resolve(), kind)))
    }

    /// The view of a problem, with a fresh reference, logged once under that reference.
    pub(crate) fn problem(&self, locale: Locale, kind: ProblemKind) -> ProblemView {
        self.problem_under(self.env.trace(), locale, kind)
    }

    /// As [`Engine::problem`], under a reference that is there already.
    pub(crate) fn problem_under(
        &self,
        trace: TraceId,
        locale: Locale,
        kind: ProblemKind,
    ) -> ProblemView {
        tracing::info!(trace_id = %trace, problem = kind.key(), "an authorization cannot go on");
        ProblemView {
            kind,
            trace,
            at: self.env.now(),
            locale,
            app: None,
            way_back: None,
            until: None,
            developer: None,
        }
    }

    /// What a page shows when storage or we failed.
    pub(crate) fn failed(&self, locale: Locale, error: &Error) -> ProblemView {
        self.failed_under(self.env.trace(), locale, error)
    }

    /// As [`Engine::failed`], under a reference that is there already.
    pub(crate) fn failed_under(
        &self,
        trace: TraceId,
        locale: Locale,
        error: &Error,
    ) -> ProblemView {
        let kind = match error {
            Error::Busy(_) => ProblemKind::Busy,
            Error::Broken(_) | Error::Conflict(_) => ProblemKind::Broken,
        };
        let view = self.problem_under(trace, locale, kind);
        tracing::error!(trace_id = %view.trace, %error, "a page could not be served");
        view
    }

    pub(crate) fn stuck_with_way_back(
        &self,
        visit: &Visit,
        kind: ProblemKind,
        interaction: &Interaction,
        error: &AuthorizeError,
    ) -> Stuck {
        let mut view = self.problem(self.locale(visit, interaction), kind);
        view.app = Some(interaction.client.client.name.clone());
        let back = interaction.way_back(&self.env.settings.public_url, error, view.trace);
        view.way_back = Some(back.location().to_owned());
        self.note_ended(&interaction.client, error, view.trace);
        Stuck::Problem(Box::new(view))
    }

    fn unseal(&self, visit: &Visit) -> Option<SealedRequest> {
        let blob = data_encoding::BASE64URL_NOPAD
            .decode(visit.sealed.as_deref()?.as_bytes())
            .ok()?;
        let plain = self.env.seal.open(Purpose::Interaction, &blob).ok()?;
        serde_json::from_slice(&plain).ok()
    }
}

/// For how long cookie and row outlive the interaction, so that a late visitor is told what became
/// of it.
pub(crate) const KEPT_AFTER_EXPIRY: Duration = Duration::from_secs(24 * 3600);

/// The digest that binds a row to its cookie.
pub(crate) fn binding_digest(binding: &str) -> Digest<Binding> {
    Secret::<Binding>::presented(binding).digest()
}

/// Whether a person may sign in where clients of `environment` live: play money and real money
/// never meet.
pub(crate) fn may_sign_in(user: &UserRecord, environment: Environment) -> bool {
    user.status == UserStatus::Active && user.environment == environment
}

/// The payment in the words of a page.
pub(crate) fn payment_view(payment: &Payment, locale: Locale) -> PaymentView {
    PaymentView {
        amount: payment.amount.to_decimal(),
        currency: payment.amount.currency.code().to_owned(),
        display: payment.amount.display(locale),
        creditor_name: payment.creditor_name.clone(),
        creditor_iban: payment.creditor_iban.groups(),
        reference: payment.reference.clone(),
    }
}

fn app_view(client: &Client, accepted: &Accepted, locale: Locale) -> AppView {
    Introduction {
        name: &client.name,
        profile: &client.profile,
        since: client.created_at,
        environment: client.environment,
    }
    .to_people(accepted.redirect_uri.host(), locale)
}

/// What an app is introduced by to the people whom it asks for something.
pub(crate) struct Introduction<'a> {
    /// The app's name.
    pub name: &'a str,
    /// The business behind it.
    pub profile: &'a ClientProfile,
    /// When it was registered.
    pub since: Timestamp,
    /// Play money or real money.
    pub environment: Environment,
}

impl Introduction<'_> {
    /// The app as the pages introduce it, when the browser goes to `return_host` next.
    pub fn to_people(&self, return_host: &str, locale: Locale) -> AppView {
        let profile = self.profile;
        let verified_domain = profile.reviewed_at.and(given(&profile.domain));
        AppView {
            name: self.name.to_owned(),
            legal_name: given(&profile.legal_name),
            company_number: given(&profile.registration_number),
            licence: given(&profile.licence),
            licensed: profile.licensed.clone(),
            return_host_differs: verified_domain
                .as_deref()
                .is_some_and(|domain| !belongs_to(return_host, domain)),
            verified_domain,
            since: self.since,
            sandbox: self.environment == Environment::Sandbox,
            purpose: profile
                .purpose_in(locale)
                .map(|(locale, text)| PurposeView {
                    locale,
                    text: text.to_owned(),
                }),
            return_host: return_host.to_owned(),
        }
    }
}

/// A fact of the profile, unless nobody gave it.
fn given(fact: &str) -> Option<String> {
    (!fact.is_empty()).then(|| fact.to_owned())
}

/// Whether `host` is the domain or lies under it.
fn belongs_to(host: &str, domain: &str) -> bool {
    host == domain
        || host
            .strip_suffix(domain)
            .is_some_and(|rest| rest.ends_with('.'))
}

/// The person behind an interaction whose step needs one.
pub(crate) fn person(interaction: &Interaction) -> Result<&UserRecord> {
    interaction
        .user
        .as_ref()
        .ok_or_else(|| Error::Broken("a step beyond login without a person".into()))
}

/// The id of [`person`].
pub(crate) fn person_id(interaction: &Interaction) -> Result<UserId> {
    Ok(person(interaction)?.id.clone())
}
