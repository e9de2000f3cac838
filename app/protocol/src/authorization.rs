//! One authorization as the person lives it: its stages, what may follow what, and what each
//! page is given to show.
//!
//! ```text
//! (sealed request) ──log in──> LoggedIn ──consent──> Consented ──confirm (SCA)──> Confirmed ──finish──> Finished
//!                                  │ payment only: no consent page      ▲              │ the app needs what the bank has not: Details
//!                                  └────────────────confirm─────────────┘              │ payer account open: PayFrom
//!                                                                                      └──tell, choose──> Finished
//! any stage before Finished ──deny──> Denied
//! ```
//!
//! Each stage carries only what is known in it and a transition takes the stage by value, so
//! that "approved without a person" or "finished without strong authentication" cannot be written down.

mod pages;

use serde::{Deserialize, Serialize};

use crate::{
    ids::{AccountId, ConsentId, UserId},
    payment::Payment,
    scope::Scope,
};

pub use pages::*;

/// Which steps a request needs; derived from the accepted request, and from what the bank knows of the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// There is something to read beyond a single payment: scopes that let the app see or do more.
    pub has_permissions: bool,
    /// The permissions speak of accounts that the person must choose.
    pub chooses_accounts: bool,
    /// The request carries one payment to confirm (amount and payee).
    pub pays: bool,
    /// The app needs details of the person that the bank does not have, and that a person can tell.
    pub lacks_details: bool,
}

impl Plan {
    /// The plan of a request for `scope`, with or without one payment.
    ///
    /// A payment stands for its own scope: `transferFunds` beside a payment is not a permission
    /// of its own, because the token is good for exactly that transfer.
    pub fn of(scope: &Scope, payment: Option<&Payment>) -> Self {
        let mut plan = Self {
            // Without any scope the app learns who came: that is asked, too.
            has_permissions: scope.is_empty() && payment.is_none(),
            chooses_accounts: false,
            pays: payment.is_some(),
            lacks_details: false,
        };
        for permission in scope.permissions() {
            if plan.pays && permission.moves_money() {
                continue;
            }
            plan.has_permissions = true;
            plan.chooses_accounts |= permission.needs_accounts();
        }
        plan
    }
}

/// How far an authorization has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stage", rename_all = "snake_case")]
pub enum Stage {
    /// The person is known by password.
    LoggedIn {
        /// Who signed in first; nobody else can go on with this authorization.
        user: UserId,
    },
    /// The person said what the app may do and with which accounts.
    Consented {
        /// Who.
        user: UserId,
        /// The accounts that were ticked.
        accounts: Vec<AccountId>,
    },
    /// Strong customer authentication succeeded; only details of the person or the payer's account are
    /// still open.
    Confirmed {
        /// Who.
        user: UserId,
        /// The accounts that were ticked at consent.
        accounts: Vec<AccountId>,
        /// With which method the person confirmed.
        by: ScaMethod,
    },
    /// A code was issued, or a transaction was accepted.
    Finished {
        /// Who.
        user: UserId,
        /// What came out of it; nothing when a transaction was accepted.
        #[serde(default)]
        consent: Option<ConsentId>,
    },
    /// The person said no.
    Denied {
        /// Who; nobody when the person cancelled before signing in.
        user: Option<UserId>,
    },
}

/// What is asked of the person next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Read the permissions, choose accounts.
    Consent,
    /// Strong customer authentication.
    Confirm,
    /// Tell what the bank does not have yet. After strong customer authentication: what is known of
    /// somebody is not written by whoever knows a password.
    Details,
    /// Choose the account to pay from.
    PayFrom,
    /// Nothing: it is over, one way or the other.
    Nothing,
}

/// A transition that the stage does not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this step is not due")]
pub struct NotDue;

/// How strong customer authentication was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScaMethod {
    /// A one-time code of an authenticator app (RFC 6238).
    Totp,
    /// A recovery code, good once.
    RecoveryCode,
    /// No code was given and the sandbox let it pass.
    SandboxSkipped,
    /// The code that the sandbox has for everybody who came in with any password.
    SandboxCode,
    /// No code was asked for: the person typed the password into an app that may use it.
    PasswordAlone,
}

impl Stage {
    /// The stage's name in storage: conditional updates compare it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::LoggedIn { .. } => "logged_in",
            Self::Consented { .. } => "consented",
            Self::Confirmed { .. } => "confirmed",
            Self::Finished { .. } => "finished",
            Self::Denied { .. } => "denied",
        }
    }

    /// The person whom this authorization belongs to.
    pub fn user(&self) -> Option<&UserId> {
        match self {
            Self::LoggedIn { user }
            | Self::Consented { user, .. }
            | Self::Confirmed { user, .. }
            | Self::Finished { user, .. } => Some(user),
            Self::Denied { user } => user.as_ref(),
        }
    }

    /// What is due under `plan`.
    pub fn due(&self, plan: Plan) -> Due {
        match self {
            Self::LoggedIn { .. } if plan.has_permissions => Due::Consent,
            Self::LoggedIn { .. } | Self::Consented { .. } => Due::Confirm,
            Self::Confirmed { .. } if plan.pays && !plan.lacks_details => Due::PayFrom,
            Self::Confirmed { .. } => Due::Details,
            Self::Finished { .. } | Self::Denied { .. } => Due::Nothing,
        }
    }

    /// The person allowed what was asked, with these accounts.
    pub fn consent(self, accounts: Vec<AccountId>) -> Result<Self, NotDue> {
        match self {
            Self::LoggedIn { user } => Ok(Self::Consented { user, accounts }),
            _ => Err(NotDue),
        }
    }

    /// Strong customer authentication succeeded. What may be confirmed depends on the plan:
    /// permissions must have been consented to first.
    pub fn confirm(self, by: ScaMethod, plan: Plan) -> Result<Self, NotDue> {
        match self {
            Self::LoggedIn { user } if !plan.has_permissions => Ok(Self::Confirmed {
                user,
                accounts: Vec::new(),
                by,
            }),
            Self::Consented { user, accounts } => Ok(Self::Confirmed { user, accounts, by }),
            _ => Err(NotDue),
        }
    }

    /// A code is issued for `consent`; without one, a transaction was accepted.
    pub fn finish(self, consent: Option<ConsentId>) -> Result<Self, NotDue> {
        match self {
            Self::Confirmed { user, .. } => Ok(Self::Finished { user, consent }),
            _ => Err(NotDue),
        }
    }

    /// The person cancelled.
    pub fn deny(self) -> Result<Self, NotDue> {
        match self {
            Self::LoggedIn { user }
            | Self::Consented { user, .. }
            | Self::Confirmed { user, .. } => Ok(Self::Denied { user: Some(user) }),
            Self::Finished { .. } | Self::Denied { .. } => Err(NotDue),
        }
    }
}
