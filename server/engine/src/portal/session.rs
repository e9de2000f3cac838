//! What a browser brings along to the portal, and what it is told to do.
//!
//! The session belongs to the portal alone: signing in to approve an app is another session, with
//! another cookie. A browser that nobody signed in from has a name too (the cookie), so that forms are
//! tied to it; nothing of it is stored before there is something to remember.

use std::{collections::BTreeMap, net::IpAddr};

use protocol::{
    authorization::ProblemView,
    ids::{SignUpId, UserId},
    locale::Locale,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use super::{form::Flash, place::Place};
use crate::{
    throttle::Guesser,
    visit::{CookieChange, Language},
};

/// One request of a browser to the portal.
#[derive(Clone, Debug)]
pub struct PortalVisit {
    /// The browser's session.
    pub session: PortalSession,
    /// Value of the cookie named [`Engine::device_cookie`](crate::Engine::device_cookie).
    pub device: Option<String>,
    /// Where the request came from.
    pub address: IpAddr,
    /// What is known of the person's language.
    pub language: Language,
    /// Whether one of our own pages sent it. Always true for GET.
    pub same_origin: bool,
}

impl PortalVisit {
    /// The language of the page.
    pub fn locale(&self) -> Locale {
        self.language.resolve()
    }

    /// Who guesses, when somebody does.
    pub(crate) fn guesser(&self) -> Guesser<'_> {
        Guesser {
            device: self.device.as_deref(),
            address: self.address,
        }
    }

    /// The session as it goes on, with something changed.
    pub(crate) fn state_with(&self, change: impl FnOnce(&mut SessionState)) -> SessionState {
        let mut state = self.session.state.clone();
        change(&mut state);
        state
    }
}

/// A browser's session at the portal; an extension of every request to it.
#[derive(Clone, Debug, Default)]
pub struct PortalSession {
    /// What ties forms to this browser: a digest of the session's id.
    pub binding: [u8; 32],
    /// What is remembered.
    pub state: SessionState,
}

/// What a session remembers. Holds no secret in plain text.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct SessionState {
    /// Who is there.
    #[serde(default)]
    pub standing: Standing,
    /// The sign-up that was begun in this browser.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign_up: Option<SignUpId>,
    /// What a form that was not taken leaves for the page that is shown next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flash: Option<Flash>,
    /// What was typed into a form that waits for a code: it comes back with the form's page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<Flash>,
    /// Sealed things that must survive a reload, by what they are.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sealed: BTreeMap<String, String>,
}

/// Who is there.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Standing {
    /// Nobody we know.
    #[default]
    Nobody,
    /// Somebody whose password was right and whose code is still due.
    CodeDue {
        /// Who.
        user: UserId,
        /// When the password was given.
        authenticated_at: Timestamp,
        /// Where they go on.
        next: Place,
    },
    /// Somebody who is signed in.
    SignedIn {
        /// Who.
        user: UserId,
        /// When the password was given.
        authenticated_at: Timestamp,
        /// When the last code was given.
        sca_at: Option<Timestamp>,
    },
}

impl Standing {
    /// Whose session it is.
    pub fn user(&self) -> Option<&UserId> {
        match self {
            Self::Nobody => None,
            Self::CodeDue { user, .. } | Self::SignedIn { user, .. } => Some(user),
        }
    }
}

/// What becomes of the session. Travels as an extension of the response to whoever keeps sessions.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PortalChange {
    /// As it was.
    Keep,
    /// Remembers this.
    Remember(Box<SessionState>),
    /// Remembers this, under a new id: the person proved something (session fixation).
    Renew(Box<SessionState>),
    /// Ended.
    End,
}

/// What the browser is told.
#[derive(Clone, Debug)]
pub struct PortalAnswer {
    /// Where to go.
    pub go: PortalGo,
    /// What becomes of the session.
    pub change: PortalChange,
    /// Cookies to set or remove.
    pub cookies: Vec<CookieChange>,
}

/// Where the browser goes.
#[derive(Clone, Debug)]
pub enum PortalGo {
    /// To an address of this server, by 303. Only [`Place`]s become one.
    To(String),
    /// Nowhere: a page that says why.
    Problem(Box<ProblemView>),
}

impl PortalAnswer {
    /// To that page; nothing else changes.
    pub fn to(place: &Place) -> Self {
        Self::to_address(place.path())
    }

    /// To an address that was made of places.
    pub(crate) fn to_address(address: String) -> Self {
        Self {
            go: PortalGo::To(address),
            change: PortalChange::Keep,
            cookies: Vec::new(),
        }
    }

    /// And the session remembers this.
    pub fn remembering(mut self, state: SessionState) -> Self {
        self.change = PortalChange::Remember(Box::new(state));
        self
    }

    /// And the session remembers this, under a new id.
    pub fn renewing(mut self, state: SessionState) -> Self {
        self.change = PortalChange::Renew(Box::new(state));
        self
    }

    /// And change this cookie.
    pub fn with(mut self, cookie: Option<CookieChange>) -> Self {
        self.cookies.extend(cookie);
        self
    }
}
