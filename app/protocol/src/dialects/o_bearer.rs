//! The dialect of PhonePe and Pincode: bearer tokens under the scheme `O-Bearer`, answers and errors in
//! the partner's own shapes.
//!
//! Two families of partners speak it, each at its own doors. Pincode's documents give times in
//! milliseconds and promise a refresh token; the payment gateway's software development kits (SDKs)
//! reckon in seconds and ask for a new token instead of refreshing. Both put the client's credentials
//! into the body. `client_version`, which the SDKs send, is of no meaning here.

use std::{borrow::Cow, time::Duration};

use serde_json::{Value, json};

use super::{
    AccessFault, Credential, Dialect, Door, DoorPurpose, ErrorAnswer, Head, Presented, scheme,
};
use crate::{
    client::{DialectName, GrantType},
    form::RawForm,
    ids::TraceId,
    time::Timestamp,
    token::{TokenAnswer, TokenError, TokenErrorCode, TokenFault},
};

/// The dialect of PhonePe and Pincode.
#[derive(Clone, Copy, Debug)]
pub struct OBearer;

/// Pincode's token endpoint.
pub static PINCODE: Door = DOORS[0];

const DOORS: [Door; 4] = [
    token("/olympus/im/v1/oauth/token"),
    token("/apis/identity-manager/v1/oauth/token"),
    token("/apis/pg-sandbox/v1/oauth/token"),
    token("/apis/apphub/v1/oauth/token"),
];

const fn token(path: &'static str) -> Door {
    Door::post(DialectName::OBearer, path, DoorPurpose::Token)
}

impl Dialect for OBearer {
    fn name(&self) -> DialectName {
        DialectName::OBearer
    }

    fn token_type(&self) -> &'static str {
        "O-Bearer"
    }

    fn doors(&self) -> &'static [Door] {
        &DOORS
    }

    /// Pincode's documents spell a refresh in two ways: `grant_type=refresh_token` in the table, and
    /// `grant_type=client_credentials` in the samples. Both bring the old access token as `token` and
    /// the `refresh_token`; one without the other is neither a refresh nor a first request.
    fn token_form<'form>(&self, form: &'form RawForm) -> Result<Cow<'form, RawForm>, TokenFault> {
        let grant = form.one("grant_type")?;
        let (token, refresh_token) = (form.one("token")?, form.one("refresh_token")?);
        let of_refresh = Some(GrantType::RefreshToken.as_str());
        let is_refresh = match (token, refresh_token) {
            (None, None) => grant == of_refresh,
            _ => grant == of_refresh || grant == Some(GrantType::ClientCredentials.as_str()),
        };
        if !is_refresh {
            return Ok(Cow::Borrowed(form));
        }
        let token = token.ok_or(TokenFault::ParameterMissing("token"))?;
        let others = form
            .pairs()
            .filter(|(name, _)| !["grant_type", "token", "access_token"].contains(name));
        let said = [
            ("grant_type", GrantType::RefreshToken.as_str()),
            ("access_token", token),
        ];
        Ok(Cow::Owned(RawForm::from_pairs(
            said.into_iter().chain(others),
        )))
    }

    /// Pincode's documents promise one; the SDKs of the payment gateway would never use it.
    fn refreshes_own_tokens(&self, door: &Door) -> bool {
        *door == PINCODE
    }

    /// Its partners expect a day.
    fn own_token_lifetime(&self) -> Option<Duration> {
        Some(Duration::from_secs(86_400))
    }

    fn recognise(&self, head: &Head<'_>) -> Option<Result<Presented, AccessFault>> {
        let token = scheme::token(head, self.token_type())?;
        Some(token.map(|token| Presented {
            dialect: self.name(),
            credential: Credential::Token(token),
        }))
    }

    /// The scheme's own word, and the one that libraries write by themselves.
    fn accepts(&self, presented: DialectName) -> bool {
        matches!(presented, DialectName::OBearer | DialectName::Bearer)
    }

    /// `expires_at` is always `issued_at` and `expires_in` together, also for a pair that is handed
    /// back: the SDKs reckon from `issued_at` when half of the time is over.
    fn answer(&self, door: &Door, answer: &TokenAnswer, _now: Timestamp) -> Value {
        let seconds = answer.expires_at.since(answer.issued_at).as_secs();
        let lifetime = i64::try_from(seconds).unwrap_or(i64::MAX);
        let mut body = json!({
            "access_token": answer.access_token.expose(),
            "token_type": self.token_type(),
            "expires_in": lifetime,
            "scope": answer.scope,
        });
        if let Some(token) = &answer.refresh_token {
            body["refresh_token"] = token.expose().into();
        }
        if *door == PINCODE {
            let issued_at = answer.issued_at.millis();
            body["issued_at"] = issued_at.into();
            body["expires_at"] = issued_at
                .saturating_add(lifetime.saturating_mul(1000))
                .into();
        } else {
            let issued_at = answer.issued_at.seconds();
            let expires_at = issued_at.saturating_add(lifetime);
            body["issued_at"] = issued_at.into();
            body["expires_at"] = expires_at.into();
            body["session_expires_at"] = expires_at.into();
            body["encrypted_access_token"] = answer.access_token.expose().into();
        }
        if let Some(consent) = &answer.consent_id {
            body["consent_id"] = consent.as_str().into();
        }
        if let Some(payment) = &answer.payment {
            body["authorization_details"] = payment.to_authorization_details();
        }
        body
    }

    /// The partner's members, and those of RFC 6749 §5.2 beside them: the SDKs read the former and
    /// ignore the latter.
    fn error(&self, error: &TokenError, docs: &str, trace: TraceId) -> ErrorAnswer {
        let (status, words) = (error.status(), words_of(error.code));
        let described = match error.code {
            TokenErrorCode::InvalidClient => "Client authentication failure",
            _ => &error.description,
        };
        let body = json!({
            "code": words.to_uppercase().replace(' ', "_"),
            "errorCode": if status == 401 { "OIM004" } else { "OIM000" },
            "message": format!("{}: {words}, trackingId: {trace}", reason_phrase(status)),
            "context": { "error_description": described },
            "error": error.code.as_str(),
            "error_description": error.description,
            "error_uri": format!("{docs}#{}", error.code.anchor()),
            "trace_id": trace,
        });
        ErrorAnswer {
            status,
            headers: Vec::new(),
            body,
        }
    }

    /// A partner renews its token at 401 and 412: at 401 because the token is over or unknown, at 412
    /// because the session that it came from is.
    fn challenge(&self, fault: &AccessFault, trace: TraceId) -> ErrorAnswer {
        let (status, code) = match fault {
            AccessFault::SessionEnded => (412, "AUTHORIZATION_FAILED"),
            AccessFault::Malformed | AccessFault::TokenInUrl => (fault.status(), "BAD_REQUEST"),
            AccessFault::NoToken
            | AccessFault::InvalidToken
            | AccessFault::InsufficientScope { .. } => (fault.status(), "AUTHORIZATION_FAILED"),
        };
        let body = json!({
            "success": false,
            "code": code,
            "message": format!("{fault}, trackingId: {trace}"),
            "data": {},
            "error": fault.code().unwrap_or("invalid_token"),
            "error_description": fault.to_string(),
            "trace_id": trace,
        });
        ErrorAnswer {
            status,
            headers: vec![(
                "www-authenticate",
                scheme::challenge(self.token_type(), fault),
            )],
            body,
        }
    }
}

impl OBearer {
    /// A resource that there is not, in the shape of the partner's resources.
    pub fn not_found(description: &str, trace: TraceId) -> ErrorAnswer {
        ErrorAnswer {
            status: 404,
            headers: Vec::new(),
            body: json!({
                "success": false,
                "code": "NOT_FOUND",
                "message": format!("{description}, trackingId: {trace}"),
                "data": {},
                "error": "not_found",
                "error_description": description,
                "trace_id": trace,
            }),
        }
    }
}

/// What went wrong, as it stands in `message` and, in capitals, in `code`.
const fn words_of(code: TokenErrorCode) -> &'static str {
    match code {
        TokenErrorCode::InvalidRequest => "Invalid Request",
        TokenErrorCode::InvalidClient => "Invalid Client",
        TokenErrorCode::InvalidTimestamp => "Invalid Timestamp",
        TokenErrorCode::InvalidGrant => "Invalid Grant",
        TokenErrorCode::UnauthorizedClient => "Unauthorized Client",
        TokenErrorCode::UnsupportedGrantType => "Unsupported Grant Type",
        TokenErrorCode::InvalidScope => "Invalid Scope",
        TokenErrorCode::TooManyRequests => "Too Many Requests",
        TokenErrorCode::ServerError => "Internal Server Error",
        TokenErrorCode::TemporarilyUnavailable => "Service Unavailable",
    }
}

/// The status in words (RFC 9110 §15).
const fn reason_phrase(status: u16) -> &'static str {
    match status {
        400 => "Bad Request",
        401 => "Unauthorized",
        429 => "Too Many Requests",
        503 => "Service Unavailable",
        _ => "Internal Server Error",
    }
}
