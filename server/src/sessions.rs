//! Who is signed in to a browser.
//!
//! The cookie carries 128 random bits; the database knows their SHA-256. Nothing is stored, and no
//! cookie is set, before somebody signs in. A session ends after some time without a request (RTS
//! article 4(3)(d)), by the engine's clock; its id changes whenever somebody signs in or out.

use std::{fmt, sync::Arc, time::Duration};

use app::{
    answer::{Cookies, browser_cookie_header, cookie_header},
    visitor,
};
use async_trait::async_trait;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use engine::{
    Clock,
    visit::{CookieChange, Session as SignedIn, SessionChange},
};
use protocol::{
    ids::UserId,
    secret::{Digest, Secret, SessionId},
    time::Timestamp,
};
use store::{
    Store,
    sessions::{SessionRecord, delete_session, find_session, upsert_session},
};
use tower_sessions::{
    Session, SessionStore,
    session::{Id, Record},
    session_store::{Error, Result},
};

/// Key of the person's id in a session.
const USER: &str = "user";
/// Key of the instant at which the password was given, in milliseconds.
const AUTHENTICATED_AT: &str = "authenticated_at";
/// Key of the instant of the last request that was noted, in milliseconds.
const SEEN: &str = "seen";

/// What the layer's own session answers.
type Outcome<T> = std::result::Result<T, tower_sessions::session::Error>;

/// Requests in quick succession, such as a form and the page behind its redirect, are noted once.
/// No longer than this: the end that a page shows must not come earlier.
const NOTED_EVERY: Duration = Duration::from_secs(1);

/// Sessions in our own store.
#[derive(Clone)]
pub struct Sessions {
    store: Store,
    clock: Arc<dyn Clock>,
    idle: Duration,
    cookies: Cookies,
}

impl Sessions {
    /// Sessions that end after `idle` without a request.
    pub fn new(store: Store, clock: Arc<dyn Clock>, idle: Duration, cookies: Cookies) -> Self {
        Self {
            store,
            clock,
            idle,
            cookies,
        }
    }

    /// The cookie's name: as strict as the public URL allows.
    fn cookie_name(&self) -> &'static str {
        match self.cookies {
            Cookies::Secure => "__Host-cs_session",
            Cookies::Plain => "cs_session",
        }
    }

    /// The session that the browser which sent these headers claims to have.
    fn claimed(&self, headers: &HeaderMap) -> Option<Id> {
        visitor::cookie(headers, self.cookie_name())?.parse().ok()
    }

    /// Whether somebody is signed in to the browser that sent these headers: for those who only
    /// ask. A store that cannot be asked counts as no.
    pub async fn is_signed_in(&self, headers: &HeaderMap) -> bool {
        let Some(id) = self.claimed(headers) else {
            return false;
        };
        let found = self.load(&id).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "a session could not be read");
            None
        });
        found.is_some_and(|record| record.data.contains_key(USER))
    }

    /// Writes what changed; answers what becomes of the browser's cookie.
    async fn keep(&self, session: &Session, was_sent: bool) -> Outcome<Option<HeaderValue>> {
        let name = self.cookie_name();
        if session.is_empty().await {
            let removal = CookieChange::Remove { name: name.into() };
            return Ok(was_sent
                .then(|| cookie_header(&removal, self.cookies))
                .flatten());
        }
        if !session.is_modified() {
            return Ok(None);
        }
        let before = session.id();
        session.save().await?;
        // The cookie ends with the browser, the session with time: only a new id needs a cookie.
        let id = session.id().filter(|id| before != Some(*id));
        Ok(id.and_then(|id| browser_cookie_header(name, &id.to_string(), self.cookies)))
    }

    fn record(&self, record: &Record) -> Result<SessionRecord> {
        let now = self.clock.now();
        let user = record.data.get(USER).and_then(|user| user.as_str());
        Ok(SessionRecord {
            digest: digest(&record.id),
            user_id: user.map(UserId::new),
            data: serde_json::to_string(&record.data)
                .map_err(|error| Error::Encode(error.to_string()))?,
            created_at: now,
            // Not what the library counts: it asks the system for the time.
            expires_at: now + self.idle,
        })
    }
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sessions")
            .field("idle", &self.idle)
            .finish_non_exhaustive()
    }
}

fn digest(id: &Id) -> Digest<SessionId> {
    Secret::<SessionId>::presented(&id.to_string()).digest()
}

fn backend(error: store::Error) -> Error {
    Error::Backend(error.to_string())
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        let session = self.record(record)?;
        let written = self
            .store
            .write(move |tx| Box::pin(async move { upsert_session(tx, &session).await }));
        written.await.map_err(backend)
    }

    async fn save(&self, record: &Record) -> Result<()> {
        let session = self.record(record)?;
        let written = self.store.write(move |tx| {
            Box::pin(async move {
                // A session that was ended meanwhile, here or by "sign out everywhere", stays ended.
                match find_session(tx, &session.digest).await? {
                    Some(_) => upsert_session(tx, &session).await,
                    None => Ok(()),
                }
            })
        });
        written.await.map_err(backend)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let found = find_session(self.store.reader(), &digest(id))
            .await
            .map_err(backend)?;
        let Some(session) = found.filter(|session| self.clock.now() < session.expires_at) else {
            return Ok(None);
        };
        let data = serde_json::from_str(&session.data)
            .map_err(|error| Error::Decode(error.to_string()))?;
        let expiry_date = time::OffsetDateTime::from_unix_timestamp(session.expires_at.seconds())
            .map_err(|error| Error::Decode(error.to_string()))?;
        Ok(Some(Record {
            id: *id,
            data,
            expiry_date,
        }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        let digest = digest(id);
        let deleted = self
            .store
            .write(move |tx| Box::pin(async move { delete_session(tx, &digest).await }));
        deleted.await.map_err(backend)
    }
}

/// Tells the handlers who is signed in (extension [`SignedIn`] of the request), and carries out
/// what they say about it (extension [`SessionChange`] of the response).
pub async fn carry(State(sessions): State<Sessions>, mut request: Request, next: Next) -> Response {
    if is_file(request.uri().path()) {
        return next.run(request).await;
    }
    let was_sent = visitor::cookie(request.headers(), sessions.cookie_name()).is_some();
    let id = sessions.claimed(request.headers());
    let session = Session::new(id, Arc::new(sessions.clone()), None);
    let now = sessions.clock.now();
    match signed_in(&session, now).await {
        Ok(Some(person)) => {
            request.extensions_mut().insert(person);
        }
        Ok(None) => {}
        Err(error) => return failed(&error),
    }
    let mut response = next.run(request).await;
    let change = response
        .extensions_mut()
        .remove::<SessionChange>()
        .unwrap_or(SessionChange::Keep);
    let kept = match apply(&session, change, now).await {
        Ok(()) => sessions.keep(&session, was_sent).await,
        Err(error) => Err(error),
    };
    match kept {
        Ok(cookie) => {
            if let Some(cookie) = cookie {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            response
        }
        Err(error) => failed(&error),
    }
}

/// Whether nobody asks who is there: what a page loads is the same for everybody.
fn is_file(path: &str) -> bool {
    path.starts_with("/pkg/") || path.starts_with("/fonts/")
}

async fn signed_in(session: &Session, now: Timestamp) -> Outcome<Option<SignedIn>> {
    // Without a cookie nothing is looked up.
    if session.id().is_none() {
        return Ok(None);
    }
    let user = session.get::<UserId>(USER).await?;
    let authenticated_at = session.get::<Timestamp>(AUTHENTICATED_AT).await?;
    let (Some(user), Some(authenticated_at)) = (user, authenticated_at) else {
        return Ok(None);
    };
    let seen = session.get::<Timestamp>(SEEN).await?.unwrap_or_default();
    if now.since(seen) >= NOTED_EVERY {
        session.insert(SEEN, now).await?;
    }
    Ok(Some(SignedIn {
        user,
        authenticated_at,
    }))
}

async fn apply(session: &Session, change: SessionChange, now: Timestamp) -> Outcome<()> {
    match change {
        SessionChange::Keep => Ok(()),
        SessionChange::SignIn { user, at } => {
            // Whatever id the browser came with is worth nothing from now on (session fixation),
            // and nothing of another person's stays.
            if session.id().is_some() {
                session.clear().await;
                session.cycle_id().await?;
            }
            session.insert(USER, user).await?;
            session.insert(AUTHENTICATED_AT, at).await?;
            session.insert(SEEN, now).await
        }
        SessionChange::SignOut => match session.id() {
            Some(_) => session.flush().await,
            None => Ok(()),
        },
    }
}

fn failed(error: &tower_sessions::session::Error) -> Response {
    tracing::error!(%error, "a session could not be read or written");
    StatusCode::SERVICE_UNAVAILABLE.into_response()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use axum::{Router, body::Body, middleware::from_fn_with_state, routing::get};
    use store::testing::{TestDatabase, on_each_database};
    use tower::ServiceExt as _;

    use super::*;

    const IDLE: Duration = Duration::from_secs(300);

    #[derive(Default)]
    struct Hands(AtomicI64);

    impl Hands {
        fn pass(&self, seconds: i64) {
            self.0.fetch_add(seconds * 1000, Ordering::SeqCst);
        }
    }

    impl Clock for Hands {
        fn now(&self) -> Timestamp {
            Timestamp::from_millis(self.0.load(Ordering::SeqCst))
        }
    }

    /// A browser with one cookie, before a server with three pages.
    struct Browser {
        clock: Arc<Hands>,
        router: Router,
        cookie: Option<String>,
    }

    impl Browser {
        fn new(database: &TestDatabase) -> Self {
            let clock = Arc::new(Hands(AtomicI64::new(1_795_347_727_000)));
            let sessions =
                Sessions::new(database.store.clone(), clock.clone(), IDLE, Cookies::Secure);
            let who = |request: Request| async move {
                request
                    .extensions()
                    .get::<SignedIn>()
                    .map(|person| person.user.to_string())
                    .unwrap_or_default()
            };
            let at = clock.clone();
            let enter = move |user: &'static str| {
                let change = SessionChange::SignIn {
                    user: UserId::new(user),
                    at: at.now(),
                };
                async move { changing(change) }
            };
            let jonas = enter.clone();
            let router = Router::new()
                .route("/who", get(who))
                .route("/ona", get(move || enter("ona")))
                .route("/jonas", get(move || jonas("jonas")))
                .route("/out", get(|| async { changing(SessionChange::SignOut) }))
                .layer(from_fn_with_state(sessions.clone(), carry));
            Self {
                clock,
                router,
                cookie: None,
            }
        }

        /// What the page says; the cookie follows what the server sets.
        async fn visit(&mut self, path: &str) -> String {
            let mut request = Request::get(path);
            if let Some(cookie) = &self.cookie {
                request = request.header(header::COOKIE, format!("__Host-cs_session={cookie}"));
            }
            let response = self
                .router
                .clone()
                .oneshot(request.body(Body::empty()).unwrap())
                .await
                .unwrap();
            assert_eq!(response.status(), StatusCode::OK);
            if let Some(set) = response.headers().get(header::SET_COOKIE) {
                let set = set.to_str().unwrap();
                assert!(set.ends_with("; HttpOnly; SameSite=Lax; Secure"), "{set}");
                assert!(set.contains("; Path=/"), "{set}");
                let value = set
                    .strip_prefix("__Host-cs_session=")
                    .unwrap()
                    .split(';')
                    .next()
                    .unwrap();
                self.cookie = Some(value.to_owned()).filter(|value| !value.is_empty());
            }
            let body = axum::body::to_bytes(response.into_body(), 1024)
                .await
                .unwrap();
            String::from_utf8(body.to_vec()).unwrap()
        }
    }

    fn changing(change: SessionChange) -> Response {
        let mut response = Response::new(Body::empty());
        response.extensions_mut().insert(change);
        response
    }

    async fn sessions_in(database: &TestDatabase) -> i64 {
        database.number("SELECT COUNT(*) FROM sessions").await
    }

    #[tokio::test]
    async fn nothing_is_kept_of_somebody_who_did_not_sign_in() {
        on_each_database(async |database| {
            let mut browser = Browser::new(database);
            let before = database.store.statements();
            assert_eq!(browser.visit("/who").await, "");
            assert_eq!(browser.cookie, None);
            assert_eq!(database.store.statements(), before);
            // A made-up id is looked up, and forgotten.
            browser.cookie = Some("AAAAAAAAAAAAAAAAAAAAAA".into());
            assert_eq!(browser.visit("/who").await, "");
            assert_eq!(browser.cookie, None);
            assert_eq!(sessions_in(database).await, 0);
        })
        .await;
    }

    #[tokio::test]
    async fn signing_in_gives_a_new_id_and_ends_the_old_one() {
        on_each_database(async |database| {
            let mut browser = Browser::new(database);
            // Somebody else's idea of an id does not become the person's.
            browser.cookie = Some("AAAAAAAAAAAAAAAAAAAAAA".into());
            browser.visit("/ona").await;
            let first = browser.cookie.clone().unwrap();
            assert_ne!(first, "AAAAAAAAAAAAAAAAAAAAAA");
            assert_eq!(browser.visit("/who").await, "ona");
            browser.visit("/ona").await;
            let second = browser.cookie.clone().unwrap();
            assert_ne!(first, second);
            assert_eq!(sessions_in(database).await, 1);
            browser.visit("/jonas").await;
            assert_eq!(browser.visit("/who").await, "jonas");
            browser.cookie = Some(first);
            assert_eq!(browser.visit("/who").await, "");
        })
        .await;
    }

    #[tokio::test]
    async fn the_database_does_not_know_the_id() {
        on_each_database(async |database| {
            let mut browser = Browser::new(database);
            browser.visit("/ona").await;
            let id = browser.cookie.clone().unwrap().parse::<Id>().unwrap();
            let found = find_session(database.store.reader(), &digest(&id))
                .await
                .unwrap()
                .unwrap();
            assert_eq!(found.user_id, Some(UserId::new("ona")));
            assert!(!found.data.contains(&id.to_string()));
        })
        .await;
    }

    #[tokio::test]
    async fn a_session_ends_after_five_minutes_without_a_request() {
        on_each_database(async |database| {
            let mut browser = Browser::new(database);
            browser.visit("/ona").await;
            for _ in 0..3 {
                browser.clock.pass(299);
                assert_eq!(browser.visit("/who").await, "ona");
            }
            browser.clock.pass(300);
            assert_eq!(browser.visit("/who").await, "");
            assert_eq!(browser.cookie, None);
        })
        .await;
    }

    #[tokio::test]
    async fn requests_in_quick_succession_are_noted_once() {
        on_each_database(async |database| {
            let mut browser = Browser::new(database);
            browser.visit("/ona").await;
            let before = database.store.writes();
            browser.visit("/who").await;
            assert_eq!(database.store.writes(), before);
            browser.clock.pass(1);
            browser.visit("/who").await;
            assert_eq!(database.store.writes(), before + 1);
        })
        .await;
    }

    #[tokio::test]
    async fn signing_out_ends_it_on_the_server_too() {
        on_each_database(async |database| {
            let mut browser = Browser::new(database);
            browser.visit("/ona").await;
            let id = browser.cookie.clone();
            browser.visit("/out").await;
            assert_eq!(browser.cookie, None);
            assert_eq!(sessions_in(database).await, 0);
            browser.cookie = id;
            assert_eq!(browser.visit("/who").await, "");
        })
        .await;
    }

    #[tokio::test]
    async fn a_session_that_was_ended_elsewhere_stays_ended() {
        on_each_database(async |database| {
            let mut browser = Browser::new(database);
            browser.visit("/ona").await;
            let sessions = Sessions::new(
                database.store.clone(),
                browser.clock.clone(),
                IDLE,
                Cookies::Secure,
            );
            let id = browser.cookie.clone().unwrap().parse::<Id>().unwrap();
            let record = sessions.load(&id).await.unwrap().unwrap();
            browser.visit("/out").await;
            sessions.save(&record).await.unwrap();
            assert_eq!(sessions_in(database).await, 0);
        })
        .await;
    }
}
