//! One run through the playground: what the app would remember between its requests. It is kept
//! sealed in the session of the person, for a client secret and a token stand in it.

use data_encoding::BASE64URL_NOPAD;
use protocol::{
    ids::{AppId, ClientId, UserId},
    pkce::{CodeVerifier, S256},
    text::shown,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::wire::{Exchanged, form};
use crate::{
    Engine,
    portal::session::{PortalVisit, SessionState},
    seal::Purpose,
};

/// Under which name the session keeps the run.
const KEPT_AS: &str = "playground";

/// Answers that a run keeps, of each kind.
const MOST_ANSWERS: usize = 4;

/// Longest parameter of the callback that is kept.
const LONGEST: usize = 600;

/// What is to go wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// Nothing.
    #[default]
    None,
    /// The authorize request names an address that is not registered.
    WrongRedirect,
    /// The person says no.
    Denied,
    /// The person's code is wrong.
    ScaFailed,
    /// The code is exchanged twice.
    UsedCode,
    /// The code is exchanged too late.
    LateCode,
    /// The account has less on it than is to be paid.
    TooLittleMoney,
}

impl Fault {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 7] = [
        Self::None,
        Self::WrongRedirect,
        Self::Denied,
        Self::ScaFailed,
        Self::UsedCode,
        Self::LateCode,
        Self::TooLittleMoney,
    ];

    /// Its word in the form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::WrongRedirect => "wrong_redirect",
            Self::Denied => "denied",
            Self::ScaFailed => "sca_failed",
            Self::UsedCode => "used_code",
            Self::LateCode => "late_code",
            Self::TooLittleMoney => "too_little_money",
        }
    }
}

/// What came back to the app (RFC 6749 §4.1.2, RFC 9207), as it was sent.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Came {
    /// RFC 6749 §4.1.2.
    pub code: Option<String>,
    /// The same.
    pub state: Option<String>,
    /// RFC 9207.
    pub iss: Option<String>,
    /// RFC 6749 §4.1.2.1.
    pub error: Option<String>,
    /// The same.
    pub error_description: Option<String>,
    /// The same.
    pub error_uri: Option<String>,
}

/// Without the values: a code stands there.
impl std::fmt::Debug for Came {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Came(..)")
    }
}

impl Came {
    /// Names and values of what is there.
    pub fn parameters(&self) -> Vec<(&'static str, &str)> {
        [
            ("code", &self.code),
            ("error", &self.error),
            ("error_description", &self.error_description),
            ("error_uri", &self.error_uri),
            ("state", &self.state),
            ("iss", &self.iss),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.as_deref()?)))
        .collect()
    }

    /// Nothing in it is longer than it may be, and nothing in it can deceive the eye.
    fn tamed(self) -> Self {
        let text = |value: Option<String>| value.map(|value| shown(&value));
        // A code is to be seen here; another secret has no business in it.
        let plain = |code: &String| {
            code.len() <= LONGEST && code.bytes().all(|byte| byte.is_ascii_graphic())
        };
        Self {
            code: self.code.filter(plain),
            state: text(self.state),
            iss: text(self.iss),
            error: text(self.error),
            error_description: text(self.error_description),
            error_uri: text(self.error_uri),
        }
    }
}

/// A run.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Run {
    pub user: UserId,
    pub app: AppId,
    pub client: ClientId,
    pub fault: Fault,
    pub scope: String,
    /// The address that is sent along; not always the right one.
    pub redirect_uri: String,
    pub state: String,
    pub verifier: String,
    pub came: Option<Came>,
    pub came_at: Option<Timestamp>,
    pub exchanges: Vec<Exchanged>,
    pub calls: Vec<Exchanged>,
    pub access_token: Option<String>,
    pub secret: Option<String>,
}

impl Run {
    /// The parameters of the authorize request (RFC 6749 §4.1.1, RFC 7636 §4.3).
    pub fn authorize_parameters(&self) -> Vec<(&'static str, String)> {
        let challenge = CodeVerifier::parse(&self.verifier)
            .map(|verifier| verifier.challenge().to_string())
            .unwrap_or_default();
        vec![
            ("response_type", "code".to_owned()),
            ("client_id", self.client.to_string()),
            ("redirect_uri", self.redirect_uri.clone()),
            ("scope", self.scope.clone()),
            ("state", self.state.clone()),
            ("code_challenge", challenge),
            ("code_challenge_method", S256.to_owned()),
        ]
    }

    /// The same as a query string.
    pub fn authorize_query(&self) -> String {
        let parameters = self.authorize_parameters();
        let pairs: Vec<(&str, &str)> = parameters
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        form(&pairs)
    }

    /// Whether what came belongs to this run. An app that skips this question can be made to take
    /// somebody else's code (RFC 6749 §10.12).
    pub fn is_answer(&self, came: &Came) -> bool {
        came.state.as_deref() == Some(self.state.as_str())
    }

    /// The code that is to be exchanged.
    pub fn code(&self) -> Option<&str> {
        let came = self.came.as_ref().filter(|came| self.is_answer(came))?;
        came.code.as_deref()
    }

    /// Takes in what came back. Something that is no answer to this run never takes the place of
    /// one that is, and a page that is loaded again changes nothing.
    pub fn take_in(&mut self, came: Came, now: Timestamp) {
        let came = came.tamed();
        let known = self.came.as_ref();
        if known == Some(&came)
            || known.is_some_and(|known| self.is_answer(known) && !self.is_answer(&came))
        {
            return;
        }
        self.came = Some(came);
        self.came_at = Some(now);
        self.exchanges.clear();
        self.calls.clear();
        self.access_token = None;
    }
}

/// Keeps the newest answers.
pub(super) fn keep(answers: &mut Vec<Exchanged>, new: Exchanged) {
    if answers.len() == MOST_ANSWERS {
        answers.remove(0);
    }
    answers.push(new);
}

impl Engine {
    /// The run of this person in this session, if there is one.
    pub(super) fn playground_run(&self, visit: &PortalVisit, user: &UserId) -> Option<Run> {
        let sealed = visit.session.state.sealed.get(KEPT_AS)?;
        let blob = BASE64URL_NOPAD.decode(sealed.as_bytes()).ok()?;
        // One that an earlier version or another key has sealed is gone: there is nothing to lose.
        let text = self.env.seal.open(Purpose::Playground, &blob).ok()?;
        let run: Run = serde_json::from_slice(&text).ok()?;
        (run.user == *user).then_some(run)
    }

    /// The session, with this run in it.
    pub(super) fn with_run(&self, visit: &PortalVisit, run: &Run) -> SessionState {
        // Plain texts and numbers: it cannot fail.
        let text = Zeroizing::new(serde_json::to_vec(run).unwrap_or_default());
        let blob = self
            .env
            .seal
            .seal(Purpose::Playground, self.env.bytes(), &text);
        let sealed = BASE64URL_NOPAD.encode(&blob);
        visit.state_with(|state| {
            state.flash = None;
            state.sealed.insert(KEPT_AS.to_owned(), sealed);
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run() -> Run {
        Run {
            user: UserId::new("u"),
            app: AppId::new("a"),
            client: ClientId::new("sbx_a"),
            fault: Fault::None,
            scope: "wallet ais".into(),
            redirect_uri: "https://id.bank.example/cb".into(),
            state: "the-state".into(),
            // RFC 7636 appendix B.
            verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".into(),
            came: None,
            came_at: None,
            exchanges: Vec::new(),
            calls: Vec::new(),
            access_token: None,
            secret: None,
        }
    }

    fn came(state: &str, code: &str) -> Came {
        Came {
            state: Some(state.into()),
            code: Some(code.into()),
            ..Came::default()
        }
    }

    #[test]
    fn the_request_carries_the_challenge_and_not_the_verifier() {
        let query = run().authorize_query();
        assert!(query.contains("scope=wallet+ais&state=the-state"));
        assert!(query.contains("code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&"));
        assert!(!query.contains("dBjftJeZ4CVP"));
    }

    #[test]
    fn only_an_answer_with_our_state_brings_a_code() {
        let now = Timestamp::from_seconds(1);
        let mut run = run();
        run.take_in(came("another", "cs_ac_x"), now);
        assert_eq!(run.code(), None, "it can be seen, not exchanged");
        run.take_in(came("the-state", "cs_ac_y"), now);
        assert_eq!(run.code(), Some("cs_ac_y"));
        run.take_in(came("another", "cs_ac_x"), now);
        assert_eq!(run.code(), Some("cs_ac_y"));
        run.access_token = Some("t".into());
        run.take_in(came("the-state", "cs_ac_y"), now);
        assert!(run.access_token.is_some(), "a reload changes nothing");
        run.take_in(came("the-state", "cs_ac_z"), now);
        assert_eq!(run.access_token, None);
    }

    #[test]
    fn what_came_is_harmless() {
        let mut run = run();
        let wild = Came {
            error: Some("a\u{202e}b".into()),
            error_description: Some("cs_at_secret".into()),
            ..came("the-state", &"c".repeat(LONGEST + 1))
        };
        run.take_in(wild, Timestamp::from_seconds(1));
        let came = run.came.expect("something");
        assert_eq!(came.code, None);
        assert_eq!(came.error.as_deref(), Some("ab"));
        assert_ne!(came.error_description.as_deref(), Some("cs_at_secret"));
    }

    #[test]
    fn every_fault_has_its_own_word() {
        for fault in Fault::ALL {
            let word = serde_json::to_string(&fault).expect("a word");
            assert_eq!(word, format!("\"{}\"", fault.as_str()));
        }
    }
}
