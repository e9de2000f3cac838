//! The apps that have a person's permission (U6, U8): for everybody who can sign in, and first of all for
//! customers. Whatever door a permission came through, it stands here and ends here.

use std::collections::BTreeMap;

use protocol::{
    account_consent::{ConsentState, NotPossible, Rights},
    authorization::PaymentView,
    client::Environment,
    ids::{AccountId, ClientId, ConsentId},
    locale::Locale,
    scope::Cluster,
    time::Timestamp,
};
use store::{
    clients::{ClientRecord, find_client},
    consent_uses::{ConsentUse, find_consent_uses},
    consents::{ConsentRecord, ConsentStatus, EndReason, find_consent, find_consents_of_user},
    users::{Role, UserRecord, UserStatus, find_user},
};

use super::{
    form::{Flash, Typed},
    place::Place,
    session::{PortalAnswer, PortalVisit, Standing},
    wall::{Person, Refusal},
};
use crate::{Engine, bank::BankAccount, error::Result, interaction::payment_view};

/// Name of the form that stops an app's access.
const FORM: &str = "stop-access";

/// Name under which the list shows what was done.
const LIST: &str = "connected";

/// Most consents that are looked at, newest first.
const MOST: u64 = 500;

/// Most ended ones that are shown.
const MOST_ENDED: usize = 20;

/// How many days before its end a permission says so.
const SOON: u64 = 14;

/// The page.
#[derive(Clone, Debug)]
pub struct ConnectedView {
    /// Play money or real money.
    pub environment: Environment,
    /// Apps that may do something now, by name.
    pub apps: Vec<ConnectedApp>,
    /// What is over, newest first.
    pub ended: Vec<EndedAccess>,
}

/// An app and what it may do.
#[derive(Clone, Debug)]
pub struct ConnectedApp {
    /// Who it is.
    pub app: AppName,
    /// Each permission by itself, newest first.
    pub permissions: Vec<Connection>,
}

/// Who an app is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AppName {
    /// The name that people see.
    pub name: String,
    /// The company behind it, as reviewed.
    pub legal_name: Option<String>,
    /// Its website, as reviewed.
    pub domain: Option<String>,
    /// The bank switched it off: what it was allowed rests meanwhile.
    pub is_off: bool,
}

/// One permission that holds.
#[derive(Clone, Debug)]
pub struct Connection {
    /// Its id.
    pub id: ConsentId,
    /// What the app may do.
    pub can: Vec<Cluster>,
    /// The payment that it may still make.
    pub payment: Option<PaymentView>,
    /// With which accounts.
    pub accounts: Vec<ConnectedAccount>,
    /// Since when.
    pub since: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// In how many days it ends, when that is soon.
    pub ends_in: Option<u32>,
    /// One look only.
    pub once: bool,
    /// When the app last used it, where that is known.
    pub last_used: Option<Timestamp>,
}

/// An account, as little of it as tells it from the others.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConnectedAccount {
    /// What kind of account it is.
    pub kind: String,
    /// Its number, masked.
    pub masked_iban: String,
    /// Its currency.
    pub currency: String,
}

/// One permission that is over.
#[derive(Clone, Debug)]
pub struct EndedAccess {
    /// Its id.
    pub id: ConsentId,
    /// Whose it was.
    pub app: AppName,
    /// What the app could do.
    pub can: Vec<Cluster>,
    /// The payment that was allowed.
    pub payment: Option<PaymentView>,
    /// Since when.
    pub since: Timestamp,
    /// Since when not any more.
    pub at: Timestamp,
    /// Why.
    pub why: Ending,
}

/// Why a permission is over.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ending {
    /// The person stopped it.
    Stopped,
    /// The app gave it back.
    GivenBack,
    /// A newer one took its place.
    Replaced,
    /// What it allowed once was done.
    UsedUp,
    /// The payment was made.
    Paid,
    /// A code or a token of it was used twice.
    Misused,
    /// The bank ended it.
    Bank,
    /// Its time ran out.
    RanOut,
    /// The app has no key to it any more.
    NoKeys,
}

impl Ending {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Stopped,
        Self::GivenBack,
        Self::Replaced,
        Self::UsedUp,
        Self::Paid,
        Self::Misused,
        Self::Bank,
        Self::RanOut,
        Self::NoKeys,
    ];

    /// The word in the keys of texts.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stopped => "stopped",
            Self::GivenBack => "given-back",
            Self::Replaced => "replaced",
            Self::UsedUp => "used-up",
            Self::Paid => "paid",
            Self::Misused => "misused",
            Self::Bank => "bank",
            Self::RanOut => "ran-out",
            Self::NoKeys => "no-keys",
        }
    }
}

/// The page that asks once more before an app's access is stopped.
#[derive(Clone, Debug)]
pub struct StopView {
    /// Whose.
    pub app: AppName,
    /// Play money or real money.
    pub environment: Environment,
    /// What ends.
    pub permission: Connection,
}

impl Engine {
    /// Whoever is signed in, customers too. `here` is where they come back to.
    ///
    /// # Errors
    /// When nobody is, or when they are not all the way in.
    pub async fn resident(&self, visit: &PortalVisit, here: &Place) -> Result<Person, Refusal> {
        let Standing::SignedIn { user, .. } = &visit.session.state.standing else {
            return self.person(visit, here).await;
        };
        match find_user(self.env.store.reader(), user).await? {
            Some(user) if self.is_customer(&user) => Ok(Person::of(user, visit)),
            _ => self.person(visit, here).await,
        }
    }

    /// Whether they are a customer who may look at their own permissions.
    pub(super) fn is_customer(&self, user: &UserRecord) -> bool {
        user.status == UserStatus::Active
            && user.role == Role::User
            && (!user.is_open() || self.env.settings.sandbox_open)
    }

    /// The apps that have the person's permission, and what is over.
    ///
    /// # Errors
    /// When nobody is signed in.
    pub async fn connected_view(
        &self,
        visit: &PortalVisit,
    ) -> Result<(Person, ConnectedView), Refusal> {
        let person = self.resident(visit, &Place::Connected).await?;
        let (now, locale, user) = (self.env.now(), visit.locale(), &person.user);
        let reader = self.env.store.reader();
        let consents = find_consents_of_user(reader, &user.id, MOST).await?;
        let uses = find_consent_uses(reader, &user.id, now).await?;
        let accounts = self.env.bank.accounts_of(&user.id).await?;
        let mut names = BTreeMap::<ClientId, AppName>::new();
        let mut held = BTreeMap::<ClientId, Vec<Connection>>::new();
        let mut ended = Vec::new();
        for consent in consents {
            let client = consent.client_id.clone();
            if !names.contains_key(&client) {
                let found = find_client(reader, &client).await?;
                names.insert(client.clone(), AppName::of(&client, found));
            }
            let used = uses.get(&consent.id).copied().unwrap_or_default();
            match self.access_ending(&consent, &used, now) {
                None => held
                    .entry(client)
                    .or_default()
                    .push(connection(&consent, &used, &accounts, now, locale)),
                Some((at, why)) => ended.push(EndedAccess {
                    app: names[&client].clone(),
                    can: clusters(&consent),
                    payment: payment_of(&consent, locale),
                    since: consent.created_at,
                    id: consent.id,
                    at,
                    why,
                }),
            }
        }
        ended.sort_by_key(|over| std::cmp::Reverse(over.at));
        ended.truncate(MOST_ENDED);
        let mut apps: Vec<ConnectedApp> = held
            .into_iter()
            .map(|(client, permissions)| ConnectedApp {
                app: names[&client].clone(),
                permissions,
            })
            .collect();
        apps.sort_by_cached_key(|connected| connected.app.name.to_lowercase());
        let view = ConnectedView {
            environment: user.environment,
            apps,
            ended,
        };
        Ok((person, view))
    }

    /// The question before an app's access is stopped. What is over already leads back to the list.
    ///
    /// # Errors
    /// When nobody is signed in, or when it is not this person's.
    pub async fn stop_view(
        &self,
        visit: &PortalVisit,
        id: &ConsentId,
    ) -> Result<(Person, StopView), Refusal> {
        let here = Place::StopAccess(id.clone());
        let person = self.resident(visit, &here).await?;
        let reader = self.env.store.reader();
        let consent = find_consent(reader, id).await?;
        let consent = consent.filter(|consent| consent.user_id == person.user.id);
        let consent = consent.ok_or(Refusal::NotFound)?;
        let now = self.env.now();
        let uses = find_consent_uses(reader, &person.user.id, now).await?;
        let used = uses.get(id).copied().unwrap_or_default();
        if self.access_ending(&consent, &used, now).is_some() {
            return Err(self.already_over(visit).into());
        }
        let accounts = self.env.bank.accounts_of(&person.user.id).await?;
        let client = find_client(reader, &consent.client_id).await?;
        let view = StopView {
            app: AppName::of(&consent.client_id, client),
            environment: person.user.environment,
            permission: connection(&consent, &used, &accounts, now, visit.locale()),
        };
        Ok((person, view))
    }

    /// The person stops an app's access: the permission ends with all its tokens. A form that comes twice
    /// stops once.
    pub async fn stop_access(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        id: &ConsentId,
    ) -> PortalAnswer {
        let tried = self.try_stop_access(visit, form_token, id).await;
        self.portal_answer(visit, tried)
    }

    async fn try_stop_access(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        id: &ConsentId,
    ) -> Result<PortalAnswer, Refusal> {
        let here = Place::StopAccess(id.clone());
        let person = self.resident(visit, &here).await?;
        if !self.is_portal_form(visit, FORM, form_token) {
            return Ok(self.send_again(visit, &here, FORM, Typed::default()));
        }
        match self.withdraw_consent(&person.user.id, id).await? {
            None => Err(Refusal::NotFound),
            // The second of two is as they want it, too.
            Some(
                Ok(_)
                | Err(NotPossible {
                    state: ConsentState::RevokedByPsu,
                }),
            ) => {
                let flash = Flash::note(LIST, "access-stopped", Typed::default());
                Ok(self.leave(visit, &Place::Connected, flash))
            }
            Some(Err(_)) => Ok(self.already_over(visit)),
        }
    }

    fn already_over(&self, visit: &PortalVisit) -> PortalAnswer {
        let flash = Flash::note(LIST, "access-over", Typed::default());
        self.leave(visit, &Place::Connected, flash)
    }

    /// Since when and why a permission is over; `None` while it holds.
    fn access_ending(
        &self,
        consent: &ConsentRecord,
        used: &ConsentUse,
        now: Timestamp,
    ) -> Option<(Timestamp, Ending)> {
        if let (ConsentStatus::Ended, Some((at, reason))) = (consent.status, consent.ended) {
            let why = match reason {
                EndReason::Withdrawn => Ending::Stopped,
                EndReason::ClientAsked => Ending::GivenBack,
                EndReason::Replaced => Ending::Replaced,
                EndReason::UsedUp => Ending::UsedUp,
                EndReason::Misused => Ending::Misused,
                EndReason::Bank => Ending::Bank,
            };
            return Some((at, why));
        }
        if consent.payment_used_by.is_some() && is_payment_alone(consent) {
            return Some((consent.confirmed_at, Ending::Paid));
        }
        if consent.valid_until <= now {
            return Some((consent.valid_until, Ending::RanOut));
        }
        // Such a consent is what the app sees of it, too: it says itself when it is over.
        if consent.scope.is_account_information() || used.held_until.is_some() {
            return None;
        }
        // A code that was just given out becomes tokens in a moment.
        let code_ends = consent.confirmed_at + self.env.settings.lifetimes.code;
        match used.tokens_end {
            None if now < code_ends => None,
            None => Some((code_ends, Ending::NoKeys)),
            Some(end) => Some((end.min(now), Ending::NoKeys)),
        }
    }
}

impl AppName {
    fn of(id: &ClientId, client: Option<ClientRecord>) -> Self {
        let Some(ClientRecord { client, .. }) = client else {
            return Self {
                name: id.to_string(),
                legal_name: None,
                domain: None,
                is_off: true,
            };
        };
        let reviewed = client.profile.reviewed_at.is_some();
        let fact = |fact: String| Some(fact).filter(|fact| reviewed && !fact.is_empty());
        Self {
            is_off: !client.is_active(),
            legal_name: fact(client.profile.legal_name),
            domain: fact(client.profile.domain),
            name: client.name,
        }
    }
}

/// Nothing but one payment: no permission was asked for beside it.
fn is_payment_alone(consent: &ConsentRecord) -> bool {
    consent.payment.is_some() && !consent.recurring
}

/// The payment that was allowed.
fn payment_of(consent: &ConsentRecord, locale: Locale) -> Option<PaymentView> {
    let payment = consent.payment.as_ref();
    payment.map(|payment| payment_view(payment, locale))
}

/// What the app may do beside the payment. What was granted account by account says more exactly than the
/// scope what that is.
fn clusters(consent: &ConsentRecord) -> Vec<Cluster> {
    if let Some(granted) = &consent.access {
        let rights = Rights {
            balances: !granted.balances.is_empty(),
            transactions: !granted.transactions.is_empty(),
        };
        return rights.clusters();
    }
    let mut can = consent.scope.clusters(consent.payment.as_ref());
    can.retain(|cluster| *cluster != Cluster::ThisPayment);
    can
}

fn connection(
    consent: &ConsentRecord,
    used: &ConsentUse,
    accounts: &[BankAccount],
    now: Timestamp,
    locale: Locale,
) -> Connection {
    let chosen = |id: &AccountId| consent.accounts.contains(id);
    let days = consent.valid_until.since(now).as_secs().div_ceil(86_400);
    Connection {
        id: consent.id.clone(),
        can: clusters(consent),
        payment: payment_of(consent, locale).filter(|_| consent.payment_used_by.is_none()),
        accounts: accounts
            .iter()
            .filter(|account| chosen(&account.id))
            .map(|account| ConnectedAccount {
                kind: account.kind.clone(),
                masked_iban: account.iban.masked(),
                currency: account.currency.code().to_owned(),
            })
            .collect(),
        since: consent.created_at,
        until: consent.valid_until,
        ends_in: (consent.recurring && days <= SOON)
            .then(|| u32::try_from(days).unwrap_or(u32::MAX)),
        once: !consent.recurring && consent.payment.is_none(),
        last_used: used.last_used,
    }
}
