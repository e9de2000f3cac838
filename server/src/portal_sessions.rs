//! Sessions of the portal: who is signed in there, and what a form leaves for the next page.
//!
//! They have a cookie and an idle time of their own, apart from those of people who approve apps
//! ([`crate::sessions`]). A browser gets its cookie with the first page, so that forms are tied to it;
//! a row is written when there is something to remember. The database knows the digest of the id. The
//! id changes whenever the person proves something.

use app::{
    answer::{Cookies, browser_cookie_header, cookie_header},
    render::PageFacts,
    visitor,
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use engine::{
    Engine,
    portal::{PortalChange, PortalSession, SessionState},
    visit::CookieChange,
};
use protocol::secret::{Digest, Secret, SessionId};
use store::sessions::{
    SessionRecord, advance_session_data, advance_session_seen, delete_session, find_session,
    upsert_session,
};

/// Requests in quick succession are noted once.
const NOTED_EVERY: std::time::Duration = std::time::Duration::from_secs(1);

/// Keeps the sessions of the portal in our own store.
#[derive(Clone)]
pub struct PortalSessions {
    engine: Engine,
    cookies: Cookies,
}

/// The session of one request.
struct Known {
    id: Secret<SessionId>,
    state: SessionState,
    row: Row,
}

/// What the database knows of it.
enum Row {
    /// Nothing. `is_new`: the browser does not know the id yet.
    Absent { is_new: bool },
    /// A row. `is_due`: that the session goes on is to be noted.
    Stored { is_due: bool },
}

impl PortalSessions {
    /// Sessions of this engine's portal.
    pub fn new(engine: Engine, cookies: Cookies) -> Self {
        Self { engine, cookies }
    }

    /// The cookie's name: as strict as the public URL allows.
    fn cookie_name(&self) -> &'static str {
        match self.cookies {
            Cookies::Secure => "__Host-cs_portal",
            Cookies::Plain => "cs_portal",
        }
    }

    /// The session that the browser claims to have, or the beginning of one.
    async fn open(&self, headers: &HeaderMap) -> Result<Known, store::Error> {
        let env = self.engine.env();
        let claimed = visitor::cookie(headers, self.cookie_name()).and_then(Secret::parse);
        let Some(id) = claimed else {
            return Ok(Known {
                id: env.mint(),
                state: SessionState::default(),
                row: Row::Absent { is_new: true },
            });
        };
        let found = find_session(env.store.reader(), &id.digest()).await?;
        let now = env.now();
        Ok(match found.filter(|record| now < record.expires_at) {
            Some(record) => Known {
                id,
                // A state of an earlier version that cannot be read is that of nobody.
                state: serde_json::from_str(&record.data).unwrap_or_default(),
                row: Row::Stored {
                    is_due: record.expires_at + NOTED_EVERY <= now + env.settings.portal_idle,
                },
            },
            // Worth nothing but a name for forms: whoever signs in gets another one.
            None => Known {
                id,
                state: SessionState::default(),
                row: Row::Absent { is_new: false },
            },
        })
    }

    fn record(
        &self,
        digest: Digest<SessionId>,
        state: &SessionState,
    ) -> Result<SessionRecord, store::Error> {
        let env = self.engine.env();
        let now = env.now();
        Ok(SessionRecord {
            digest,
            user_id: state.standing.user().cloned(),
            data: serde_json::to_string(state)
                .map_err(|error| store::Error::Broken(error.to_string()))?,
            created_at: now,
            expires_at: now + env.settings.portal_idle,
        })
    }

    /// Carries out what becomes of the session; answers what becomes of the cookie.
    async fn apply(
        &self,
        known: &Known,
        change: PortalChange,
    ) -> Result<Option<HeaderValue>, store::Error> {
        let env = self.engine.env();
        let digest = known.id.digest();
        let cookie = |id: &Secret<SessionId>| {
            browser_cookie_header(self.cookie_name(), id.expose(), self.cookies)
        };
        match (change, &known.row) {
            (PortalChange::Keep, Row::Absent { is_new }) => {
                Ok(is_new.then(|| cookie(&known.id)).flatten())
            }
            (PortalChange::Keep, Row::Stored { is_due: false }) => Ok(None),
            (PortalChange::Keep, Row::Stored { is_due: true }) => {
                let until = env.now() + env.settings.portal_idle;
                // `No`: ended meanwhile, and it stays ended.
                let _ended = env
                    .store
                    .write::<_, store::Error, _>(move |tx| {
                        Box::pin(async move { advance_session_seen(tx, &digest, until).await })
                    })
                    .await?;
                Ok(None)
            }
            (PortalChange::Remember(state), Row::Stored { .. }) => {
                let record = self.record(digest, &state)?;
                let _ended = env
                    .store
                    .write::<_, store::Error, _>(move |tx| {
                        Box::pin(async move { advance_session_data(tx, &record).await })
                    })
                    .await?;
                Ok(None)
            }
            (PortalChange::Remember(state), Row::Absent { is_new }) => {
                let record = self.record(digest, &state)?;
                env.store
                    .write::<_, store::Error, _>(move |tx| {
                        Box::pin(async move { upsert_session(tx, &record).await })
                    })
                    .await?;
                Ok(is_new.then(|| cookie(&known.id)).flatten())
            }
            (PortalChange::Renew(state), _) => {
                let fresh = env.mint::<SessionId>();
                let record = self.record(fresh.digest(), &state)?;
                env.store
                    .write::<_, store::Error, _>(move |tx| {
                        Box::pin(async move {
                            delete_session(tx, &digest).await?;
                            upsert_session(tx, &record).await
                        })
                    })
                    .await?;
                Ok(cookie(&fresh))
            }
            (PortalChange::End, _) => {
                env.store
                    .write::<_, store::Error, _>(move |tx| {
                        Box::pin(async move { delete_session(tx, &digest).await })
                    })
                    .await?;
                let name = self.cookie_name().into();
                Ok(cookie_header(&CookieChange::Remove { name }, self.cookies))
            }
        }
    }
}

/// Tells the portal's handlers whose session it is (extension [`PortalSession`] of the request), and
/// carries out what they say about it (extension [`PortalChange`] of the response).
pub async fn carry(
    State(sessions): State<PortalSessions>,
    mut request: Request,
    next: Next,
) -> Response {
    if !is_portal(request.uri().path()) {
        return next.run(request).await;
    }
    let known = match sessions.open(request.headers()).await {
        Ok(known) => known,
        Err(error) => return failed(&error),
    };
    request.extensions_mut().insert(PortalSession {
        binding: *known.id.digest().as_bytes(),
        state: known.state.clone(),
    });
    let reads = *request.method() == Method::GET;
    let mut response = next.run(request).await;
    let change = response.extensions_mut().remove::<PortalChange>();
    let is_over = change == Some(PortalChange::End);
    let change = change.unwrap_or_else(|| shown(&known, reads, &response));
    match sessions.apply(&known, change).await {
        Ok(cookie) => {
            let headers = response.headers_mut();
            if let Some(cookie) = cookie {
                headers.append(header::SET_COOKIE, cookie);
            }
            if is_over {
                // Pages of somebody who left do not come back with the back button.
                let all = HeaderValue::from_static("\"cache\"");
                headers.insert(HeaderName::from_static("clear-site-data"), all);
            }
            response
        }
        Err(error) => failed(&error),
    }
}

/// What a form left is shown once.
fn shown(known: &Known, reads: bool, response: &Response) -> PortalChange {
    let facts = response.extensions().get::<PageFacts>();
    if !(reads && facts.is_some_and(|facts| facts.shows_flash)) {
        return PortalChange::Keep;
    }
    PortalChange::Remember(Box::new(SessionState {
        flash: None,
        ..known.state.clone()
    }))
}

/// The pages and forms that are the portal's.
fn is_portal(path: &str) -> bool {
    [
        "/signup",
        "/login",
        "/connected",
        "/developer",
        "/security",
        "/admin",
        "/api/portal",
        "/api/admin",
    ]
    .iter()
    .any(|begin| {
        path.strip_prefix(begin)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

fn failed(error: &store::Error) -> Response {
    tracing::error!(%error, "a session of the portal could not be read or written");
    StatusCode::SERVICE_UNAVAILABLE.into_response()
}

#[cfg(test)]
mod tests {
    use super::is_portal;

    #[test]
    fn the_portal_ends_where_other_addresses_begin() {
        for path in [
            "/login",
            "/login/code",
            "/developer/apps/a",
            "/api/portal/login",
        ] {
            assert!(is_portal(path), "{path}");
        }
        for path in [
            "/",
            "/loginx",
            "/developers/errors",
            "/oauth/token",
            "/api/authorize/login",
        ] {
            assert!(!is_portal(path), "{path}");
        }
    }
}
