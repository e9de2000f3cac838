//! An app sends a browser: the authorize request is checked and sealed (RFC 6749 §4.1.1).
//!
//! Nothing is written to the database here. Whoever only looks at the sign-in page costs nothing
//! but one cookie.

use std::net::IpAddr;

use protocol::{
    account_consent::AskFault,
    authorization::{DeveloperDetail, ProblemKind, ProblemView},
    authorize::{self, Accepted, AcceptedRecord, AuthorizeError, PageFault, Rejection},
    client::Client,
    form::RawForm,
    ids::{AuthorizationId, TraceId},
    redirect_uri,
    secret::Binding,
};

use crate::{
    Engine,
    consents::Known,
    error::Result,
    interaction::SealedRequest,
    request_log::{Seen, parameter},
    visit::{ClientRedirect, CookieChange, Language},
};

/// How many interactions one browser keeps. The oldest make room: cookies are finite, and a request
/// whose cookies are too many is refused by every server on the way.
const MOST_INTERACTIONS: usize = 12;

/// What a browser brings when an app sends it.
#[derive(Clone, Debug, Default)]
pub struct Arrival {
    /// Names of the cookies that the browser sent.
    pub cookie_names: Vec<String>,
    /// What the browser says about languages.
    pub language: Language,
    /// Whether a person is signed in to this browser.
    pub signed_in: bool,
    /// The name under which the app expects its person to sign in.
    pub username: Option<String>,
    /// Where it came from (behind trusted proxies: where they say it came from), if that is known.
    pub address: Option<IpAddr>,
    /// The reference of the request, under which errors are told; a new one when there is none.
    pub trace: Option<TraceId>,
    /// Where the request log finds what was seen of it.
    pub seen: Seen,
}

/// What becomes of an authorize request.
#[derive(Clone, Debug)]
pub enum Began {
    /// It can go on: to `/authorize/{id}`, by 303, with these cookies.
    Interact {
        /// Which authorization.
        id: AuthorizationId,
        /// Cookies to set and remove.
        cookies: Vec<CookieChange>,
    },
    /// The app is told what is wrong, at its trusted redirect URI.
    Redirect(ClientRedirect),
    /// Client or redirect URI cannot be trusted: a page, never a redirect (RFC 6749 §4.1.2.1).
    Problem(Box<ProblemView>),
}

impl Engine {
    /// Begins an authorization.
    pub async fn begin(&self, form: &RawForm, arrival: &Arrival) -> Began {
        match self.try_begin(form, arrival).await {
            Ok(began) => began,
            Err(error) => {
                arrival.seen.failed(&error);
                let trace = arrival.trace.unwrap_or_else(|| self.env.trace());
                let view = self.failed_under(trace, arrival.language.resolve(), &error);
                Began::Problem(Box::new(view))
            }
        }
    }

    async fn try_begin(&self, form: &RawForm, arrival: &Arrival) -> Result<Began> {
        let named = authorize::client_id(form);
        let holds_secret = authorize::holds_secret(form);
        if holds_secret {
            self.end_exposed(form, named.as_ref().ok(), arrival).await?;
        }
        let client = match named {
            Ok(id) => self
                .client(&id)
                .await?
                .ok_or_else(|| PageFault::UnknownClient {
                    client_id: protocol::text::shown(id.as_str()),
                }),
            Err(fault) => Err(fault),
        };
        let client = match client {
            Ok(client) => client,
            // Of all that is wrong with such a request nothing is as bad.
            Err(_) if holds_secret => {
                return Ok(self.refuse(&PageFault::SecretExposed, None, form, arrival));
            }
            Err(fault) => return Ok(self.refuse(&fault, None, form, arrival)),
        };
        arrival.seen.found(&client);
        let client = &client.client;
        let pending = match authorize::pending_transfer(form, client) {
            Some(id) => self.named_pending_transfer(&id).await?,
            None => None,
        };
        match authorize::check(form, client, pending.as_ref(), self.env.now()) {
            Ok(accepted) if accepted.prompt.none => {
                // Strong authentication is asked for every time: there is always a page to see.
                let error = if arrival.signed_in {
                    AuthorizeError::InteractionRequired
                } else {
                    AuthorizeError::LoginRequired
                };
                arrival.seen.error(&error, client, None);
                let state = accepted.state.as_deref();
                Ok(Began::Redirect(self.error_redirect(
                    &accepted.redirect_uri,
                    &error,
                    state,
                    arrival,
                )))
            }
            Ok(accepted) => {
                if let Err(fault) = self.check_named_consent(&accepted).await? {
                    let error = AuthorizeError::Consent(fault);
                    let scope = form.one("scope").ok().flatten();
                    arrival.seen.error(&error, client, scope);
                    let (to, state) = (&accepted.redirect_uri, accepted.state.as_deref());
                    return Ok(self.told_to_app(client, to, &error, state, arrival));
                }
                Ok(self.interact(&accepted, arrival))
            }
            Err(Rejection::Page(fault)) => Ok(self.refuse(&fault, Some(client), form, arrival)),
            Err(Rejection::Redirect { to, error, state }) => {
                let received = parameter(&error).and_then(|name| form.one(name).ok().flatten());
                arrival.seen.error(&error, client, received);
                Ok(self.told_to_app(client, &to, &error, state.as_deref(), arrival))
            }
        }
    }

    /// Whether a person may be asked for the consent that an accepted request names, if it names one.
    async fn check_named_consent(&self, accepted: &Accepted) -> Result<Result<(), AskFault>> {
        let Some(id) = accepted.scope.consents().next() else {
            return Ok(Ok(()));
        };
        let known = Known::find(self.env.store.reader(), &id).await?;
        let waiting = known.and_then(|known| known.waiting(self.env.now()));
        Ok(waiting
            .ok_or(AskFault::Unknown)
            .and_then(|waiting| waiting.check(&accepted.client_id)))
    }

    /// An error for the app: by a redirect, or by a link where nobody has reviewed the app.
    fn told_to_app(
        &self,
        client: &Client,
        to: &redirect_uri::TrustedRedirect,
        error: &AuthorizeError,
        state: Option<&str>,
        arrival: &Arrival,
    ) -> Began {
        let redirect = self.error_redirect(to, error, state, arrival);
        if client.profile.reviewed_at.is_some() || arrival.signed_in {
            return Began::Redirect(redirect);
        }
        self.interstitial(client, error, &redirect, arrival)
    }

    /// Seals the request into a cookie of its own.
    pub(crate) fn interact(&self, accepted: &Accepted, arrival: &Arrival) -> Began {
        let now = self.env.now();
        let id =
            AuthorizationId::new(data_encoding::BASE64URL_NOPAD.encode(&self.env.bytes::<16>()));
        // A pending transfer that runs out earlier takes the pages with it: nobody confirms what
        // cannot be paid any more.
        let end = now + self.env.settings.lifetimes.interaction;
        let sealed = SealedRequest {
            request: AcceptedRecord::from(accepted),
            binding: self.env.mint::<Binding>().expose().to_owned(),
            created_at: now,
            expires_at: accepted.payment_until.map_or(end, |until| end.min(until)),
            username: arrival.username.clone().unwrap_or_default(),
            notice: None,
            ticked: None,
            denied: false,
            told: None,
        };
        let mut cookies = self.make_room(arrival);
        cookies.push(self.interaction_cookie_change(&id, &sealed, now));
        Began::Interact { id, cookies }
    }

    /// Removes interaction cookies beyond the most that a browser keeps. Browsers send cookies of
    /// the same path oldest first (RFC 6265 §5.4).
    fn make_room(&self, arrival: &Arrival) -> Vec<CookieChange> {
        let prefix = self.interaction_cookie_prefix();
        let names: Vec<_> = arrival
            .cookie_names
            .iter()
            .filter(|name| name.starts_with(&prefix))
            .collect();
        let too_many = (names.len() + 1).saturating_sub(MOST_INTERACTIONS);
        names
            .into_iter()
            .take(too_many)
            .map(|name| CookieChange::Remove { name: name.clone() })
            .collect()
    }

    /// An error for the app (RFC 6749 §4.1.2.1), with `iss` (RFC 9207) and a reference.
    fn error_redirect(
        &self,
        to: &redirect_uri::TrustedRedirect,
        error: &AuthorizeError,
        state: Option<&str>,
        arrival: &Arrival,
    ) -> ClientRedirect {
        let trace = arrival.trace.unwrap_or_else(|| self.env.trace());
        tracing::info!(trace_id = %trace, error = error.code(), reason = %error.description(), "authorize request refused");
        ClientRedirect::error(to, error, state, &self.env.settings.public_url, trace)
    }

    /// A problem under the reference of the request.
    pub(crate) fn problem_of(&self, arrival: &Arrival, kind: ProblemKind) -> ProblemView {
        let trace = arrival.trace.unwrap_or_else(|| self.env.trace());
        self.problem_under(trace, arrival.language.resolve(), kind)
    }

    /// A link in place of a redirect: an app that nobody reviewed could register any address and use
    /// our name to lead people there (RFC 9700 §4.11.2).
    fn interstitial(
        &self,
        client: &Client,
        error: &AuthorizeError,
        redirect: &ClientRedirect,
        arrival: &Arrival,
    ) -> Began {
        let mut view = self.problem_of(arrival, ProblemKind::BadRequest);
        view.app = Some(client.name.clone());
        view.way_back = Some(redirect.location().to_owned());
        view.developer = Some(DeveloperDetail {
            error: error.code().to_owned(),
            sentence: error.developer(),
            received: None,
            registered: None,
            differences: Vec::new(),
            anchor: error.anchor().to_owned(),
        });
        Began::Problem(Box::new(view))
    }

    /// The page for a request whose client or redirect URI cannot be trusted. Sandbox clients are
    /// shown what would be right; a live client's registered addresses are nobody's business.
    fn refuse(
        &self,
        fault: &PageFault,
        client: Option<&Client>,
        form: &RawForm,
        arrival: &Arrival,
    ) -> Began {
        let requested = authorize::redirect_uri(form, client);
        arrival.seen.page(fault, client, requested.as_deref());
        let kind = match fault {
            PageFault::UnknownClient { .. } => ProblemKind::UnknownApp,
            PageFault::ClientSuspended { .. } => ProblemKind::AppOff,
            PageFault::RedirectUriMismatch { .. } => ProblemKind::WrongRedirect,
            PageFault::SecretExposed => ProblemKind::SecretExposed,
            _ => ProblemKind::Incomplete,
        };
        let mut view = self.problem_of(arrival, kind);
        view.app = client
            .filter(|client| client.is_active())
            .map(|client| client.name.clone());
        let mut detail = DeveloperDetail {
            error: fault.code().to_owned(),
            sentence: fault.developer(),
            received: None,
            registered: None,
            differences: Vec::new(),
            anchor: fault.anchor().to_owned(),
        };
        if let PageFault::RedirectUriMismatch {
            requested,
            explanation,
        } = fault
        {
            detail.received = Some(requested.clone());
            if let Some(explanation) = explanation {
                detail.registered = Some(explanation.closest.clone());
                detail.differences = explanation
                    .differences
                    .iter()
                    .map(|difference| {
                        format!(
                            "{}: {}",
                            difference.component.as_str(),
                            difference.hint.sentence()
                        )
                    })
                    .collect();
            }
        }
        view.developer = Some(detail);
        Began::Problem(Box::new(view))
    }
}
