//! The dialect of a tutorial about a wallet: `callbackURL` in place of `redirect_uri`, a code that is
//! called `authorizationToken`, an answer that is called `accessToken`.
//!
//! As it is taught, the client's secret stands in the authorize request, and no `state` does. So it is
//! spoken only with clients that were switched into it by their owner. The secret proves nothing
//! there: whatever is sent is left out here, and ended by whoever takes the request in. Where the
//! tutorial shows nothing (the exchange, the names of its answer) the names are ours, and the rules
//! those of RFC 6749.

use std::borrow::Cow;

use serde_json::{Value, json};

use super::{AccessFault, Bearer, Dialect, Door, DoorPurpose, ErrorAnswer, Head, Presented};
use crate::{
    authorize::PageFault,
    client::DialectName,
    form::RawForm,
    ids::TraceId,
    time::Timestamp,
    token::{TokenAnswer, TokenError, TokenFault},
};

/// The tutorial's dialect.
#[derive(Clone, Copy, Debug)]
pub struct Tutorial;

const CALLBACK: &str = "callbackURL";
const SECRET: &str = "client_secret";
const CODE: &str = "authorizationToken";
const REFRESH: &str = "refreshToken";

/// Words of the standard that say the same as one of the dialect's, or what it cannot say.
const NOT_ITS_OWN: [&str; 6] = [
    "authorization_details",
    "code_challenge",
    "code_challenge_method",
    "redirect_uri",
    "response_mode",
    "response_type",
];

/// The dialect's words at the token endpoint, and the standard's.
const TOKEN_WORDS: [(&str, &str); 3] = [
    (CODE, "code"),
    (REFRESH, "refresh_token"),
    (CALLBACK, "redirect_uri"),
];

const DOORS: [Door; 2] = [
    Door {
        dialect: DialectName::Tutorial,
        methods: &["GET", "POST"],
        path: "/oauth/authorize",
        purpose: DoorPurpose::Authorize,
    },
    Door::post(DialectName::Tutorial, "/oauth/token", DoorPurpose::Token),
];

impl Dialect for Tutorial {
    fn name(&self) -> DialectName {
        DialectName::Tutorial
    }

    /// Its tokens are bearer tokens (RFC 6750) like any others.
    fn token_type(&self) -> &'static str {
        Bearer.token_type()
    }

    /// Those of the standard, shared by the words of the request.
    fn doors(&self) -> &'static [Door] {
        &DOORS
    }

    /// `client_id`, `client_secret`, `scope`, `callbackURL`, and `state` if the client can do better
    /// than it was taught. The secret is dropped unread. Scopes may be separated by commas, here only.
    fn authorize_form<'form>(
        &self,
        form: &'form RawForm,
    ) -> Option<Result<Cow<'form, RawForm>, PageFault>> {
        let is_its_own = form.has(CALLBACK) || form.has(SECRET);
        is_its_own.then(|| in_standard_words(form).map(Cow::Owned))
    }

    fn code_parameter(&self) -> &'static str {
        CODE
    }

    fn knows_pkce(&self) -> bool {
        false
    }

    fn repeats_redirect_uri(&self) -> bool {
        false
    }

    fn claims(&self, form: &RawForm) -> bool {
        form.has(CODE) || form.has(REFRESH)
    }

    /// A request may leave out `grant_type`, for the tutorial does not have it: what is presented says it.
    fn token_form<'form>(&self, form: &'form RawForm) -> Result<Cow<'form, RawForm>, TokenFault> {
        for (own, standard) in TOKEN_WORDS {
            if form.has(own) && form.has(standard) {
                return Err(TokenFault::SaidTwice { own, standard });
            }
        }
        let grant = match form.has(CODE) {
            true => "authorization_code",
            false => "refresh_token",
        };
        let grant = (!form.has("grant_type")).then_some(("grant_type", grant));
        let pairs = form.pairs().map(|(name, value)| {
            let known = TOKEN_WORDS.iter().find(|(own, _)| *own == name);
            (known.map_or(name, |(_, standard)| *standard), value)
        });
        Ok(Cow::Owned(RawForm::from_pairs(pairs.chain(grant))))
    }

    fn recognise(&self, _head: &Head<'_>) -> Option<Result<Presented, AccessFault>> {
        None
    }

    /// Presented like any bearer token.
    fn accepts(&self, presented: DialectName) -> bool {
        presented == DialectName::Bearer
    }

    /// `expiry` is the instant that `expiresIn` leads to.
    fn answer(&self, _door: &Door, answer: &TokenAnswer, now: Timestamp) -> Value {
        let mut body = json!({
            "accessToken": answer.access_token.expose(),
            "tokenType": self.token_type(),
            "expiresIn": answer.expires_in(now).as_secs(),
            "expiry": answer.expires_at.to_string(),
            "scope": answer.scope,
        });
        if let Some(token) = &answer.refresh_token {
            body[REFRESH] = token.expose().into();
        }
        if let Some(consent) = &answer.consent_id {
            body["consentId"] = consent.as_str().into();
        }
        if let Some(payment) = &answer.payment {
            body["authorizationDetails"] = payment.to_authorization_details();
        }
        body
    }

    /// In both vocabularies: the members of RFC 6749 §5.2, and the same in the dialect's way of writing.
    fn error(&self, error: &TokenError, docs: &str, trace: TraceId) -> ErrorAnswer {
        let mut answer = Bearer.error(error, docs, trace);
        for (standard, own) in [
            ("error", "errorCode"),
            ("error_description", "errorDescription"),
            ("error_uri", "errorUri"),
            ("trace_id", "traceId"),
        ] {
            answer.body[own] = answer.body[standard].clone();
        }
        answer
    }

    fn challenge(&self, fault: &AccessFault, trace: TraceId) -> ErrorAnswer {
        Bearer.challenge(fault, trace)
    }
}

/// The request as RFC 6749 §4.1.1 has it, without the secret. A parameter that came twice still does,
/// for the rules of every request to find; the two that have no other name there are looked at here.
fn in_standard_words(form: &RawForm) -> Result<RawForm, PageFault> {
    form.one(CALLBACK)?;
    form.one(SECRET)?;
    if let Some(name) = NOT_ITS_OWN.into_iter().find(|name| form.has(name)) {
        return Err(PageFault::MixedVocabulary { name });
    }
    let pairs = form.pairs().filter(|(name, _)| *name != SECRET);
    let pairs = pairs.map(|(name, value)| match name {
        CALLBACK => ("redirect_uri", value.to_owned()),
        "scope" => ("scope", separated_by_spaces(value)),
        other => (other, value.to_owned()),
    });
    let response = [("response_type", "code".to_owned())];
    Ok(RawForm::from_pairs(pairs.chain(response)))
}

fn separated_by_spaces(scope: &str) -> String {
    let tokens = scope.split([',', ' ']).filter(|token| !token.is_empty());
    tokens.collect::<Vec<_>>().join(" ")
}
