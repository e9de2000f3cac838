//! Error codes of the resources behind the tokens: those of RFC 6750 §3.1 and our own.

use crate::dialects::AccessFault;

/// The word in `error` of an answer that is no token answer.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ApiErrorCode {
    /// The request cannot be understood (RFC 6750 §3.1).
    InvalidRequest,
    /// No token, or none that is good (RFC 6750 §3.1).
    InvalidToken,
    /// The token is good, but not for this (RFC 6750 §3.1).
    InsufficientScope,
    /// There is no such thing, or it is not the caller's business.
    NotFound,
    /// The account is not one that the person chose.
    AccountNotAllowed,
    /// The idempotency key stood for another request.
    IdempotencyKeyUsed,
    /// The token is for one payment, and this is another one.
    PaymentDiffers,
    /// The token is for one payment, and that was made.
    PaymentUsed,
    /// The token is for one pending transfer, and that has run out.
    PaymentExpired,
    /// The bank said no: too little money.
    InsufficientFunds,
    /// The bank said no: the paying account is gone, closed or blocked.
    AccountClosed,
    /// The bank said no: the amount is in another currency than the account.
    OtherCurrency,
    /// The bank said no: payer and payee are one account.
    SameAccount,
    /// Our fault.
    ServerError,
    /// Our fault, but it will pass.
    TemporarilyUnavailable,
}

impl ApiErrorCode {
    /// All of them, for docs and tests.
    pub const ALL: [Self; 15] = [
        Self::InvalidRequest,
        Self::InvalidToken,
        Self::InsufficientScope,
        Self::NotFound,
        Self::AccountNotAllowed,
        Self::IdempotencyKeyUsed,
        Self::PaymentDiffers,
        Self::PaymentUsed,
        Self::PaymentExpired,
        Self::InsufficientFunds,
        Self::AccountClosed,
        Self::OtherCurrency,
        Self::SameAccount,
        Self::ServerError,
        Self::TemporarilyUnavailable,
    ];

    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidToken => "invalid_token",
            Self::InsufficientScope => "insufficient_scope",
            Self::NotFound => "not_found",
            Self::AccountNotAllowed => "account_not_allowed",
            Self::IdempotencyKeyUsed => "idempotency_key_used",
            Self::PaymentDiffers => "payment_differs",
            Self::PaymentUsed => "payment_used",
            Self::PaymentExpired => "payment_expired",
            Self::InsufficientFunds => "insufficient_funds",
            Self::AccountClosed => "account_closed",
            Self::OtherCurrency => "other_currency",
            Self::SameAccount => "same_account",
            Self::ServerError => "server_error",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
        }
    }

    /// The HTTP statuses that it comes with.
    pub const fn statuses(self) -> &'static [u16] {
        match self {
            Self::InvalidRequest => &[400, 405, 408, 413],
            Self::InvalidToken => &[401],
            Self::InsufficientScope | Self::AccountNotAllowed | Self::PaymentDiffers => &[403],
            Self::NotFound => &[404],
            Self::IdempotencyKeyUsed | Self::PaymentUsed | Self::PaymentExpired => &[409],
            Self::InsufficientFunds
            | Self::AccountClosed
            | Self::OtherCurrency
            | Self::SameAccount => &[422],
            Self::ServerError => &[500],
            Self::TemporarilyUnavailable => &[503],
        }
    }

    /// Its section in the docs.
    pub const fn anchor(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid-request",
            Self::InvalidToken => "invalid-token",
            Self::InsufficientScope => "insufficient-scope",
            Self::NotFound => "not-found",
            Self::AccountNotAllowed => "account-not-allowed",
            Self::IdempotencyKeyUsed => "idempotency-key-used",
            Self::PaymentDiffers => "payment-differs",
            Self::PaymentUsed => "payment-used",
            Self::PaymentExpired => "payment-expired",
            Self::InsufficientFunds => "insufficient-funds",
            Self::AccountClosed => "account-closed",
            Self::OtherCurrency => "other-currency",
            Self::SameAccount => "same-account",
            Self::ServerError | Self::TemporarilyUnavailable => "server",
        }
    }

    /// What to do about it, for the developer; in English.
    pub const fn developer(self) -> &'static str {
        match self {
            Self::InvalidRequest => {
                "The request cannot be understood; error_description names the part. A token in the URL, two \
                 Authorization headers, a body that is too large and a method that the address does not know \
                 are refused with this code too."
            }
            Self::InvalidToken => {
                "There is no access token, or it is unknown, expired or revoked. Refresh once and send the request \
                 again; when refreshing fails with invalid_grant, ask the person again."
            }
            Self::InsufficientScope => {
                "The token is good, but not for this: the scope in the WWW-Authenticate header is missing, or no \
                 person stands behind the token because it came from client_credentials."
            }
            Self::NotFound => {
                "There is no such thing, or the person did not choose it for your app. Which of the two is not told."
            }
            Self::AccountNotAllowed => {
                "from_account is not one of the accounts that the person chose. Leave it out, or take one from \
                 GET /wallet/v1/balance."
            }
            Self::IdempotencyKeyUsed => {
                "This Idempotency-Key was used for another transfer. Send the very same request to get the very same \
                 answer, or make a new key for a new transfer."
            }
            Self::PaymentDiffers => {
                "The person approved one payment, and the transfer differs from it in the part that is named. Send \
                 amount, currency, payee and reference exactly as in authorization_details."
            }
            Self::PaymentUsed => {
                "The payment that the person approved was made already; the transfer is named. Nothing was paid twice."
            }
            Self::PaymentExpired => {
                "The pending transfer that the person approved has run out. Nothing was paid: make a new one and ask \
                 the person again."
            }
            Self::InsufficientFunds => {
                "The account holds too little money. No money moved; the same token may try again later."
            }
            Self::AccountClosed => {
                "The paying account is gone, closed or blocked. Ask the person to choose another one."
            }
            Self::OtherCurrency => "The amount is in another currency than the account.",
            Self::SameAccount => "Payer and payee are the same account.",
            Self::ServerError => {
                "Something broke on our side. The outcome may be unknown: send the same request with the same \
                 Idempotency-Key, and tell us the trace_id if it stays."
            }
            Self::TemporarilyUnavailable => {
                "The server is busy and did nothing. Wait as long as Retry-After says and send the same request."
            }
        }
    }
}

impl From<&AccessFault> for ApiErrorCode {
    fn from(fault: &AccessFault) -> Self {
        match fault {
            AccessFault::NoToken | AccessFault::InvalidToken | AccessFault::SessionEnded => {
                Self::InvalidToken
            }
            AccessFault::Malformed | AccessFault::TokenInUrl => Self::InvalidRequest,
            AccessFault::InsufficientScope { .. } => Self::InsufficientScope,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::Permission;

    #[test]
    fn refused_tokens_have_the_codes_of_rfc_6750() {
        let insufficient = AccessFault::InsufficientScope {
            needed: Permission::Wallet.token(),
        };
        for fault in [
            AccessFault::NoToken,
            AccessFault::Malformed,
            AccessFault::TokenInUrl,
            AccessFault::InvalidToken,
            AccessFault::SessionEnded,
            insufficient,
        ] {
            let code = ApiErrorCode::from(&fault);
            assert_eq!(fault.code().unwrap_or("invalid_token"), code.as_str());
            assert!(code.statuses().contains(&fault.status()), "{fault:?}");
        }
    }
}
