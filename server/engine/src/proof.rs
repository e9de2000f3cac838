//! What proves that it is really the person: a code of their authenticator app, or a recovery code.

use protocol::{
    authorization::ScaMethod,
    ids::{AuthenticatorId, UserId},
    sca::{self, Typed},
    secret::{Digest, RecoveryCode},
    time::Timestamp,
};
use store::{Advanced, Tx};

use crate::{
    Engine,
    error::{Error, Result},
    seal::Purpose,
    visit::Proof,
};

/// What proves possession, found but not yet used up.
pub(crate) enum Found {
    /// A code of this authenticator, for this time step.
    Totp {
        authenticator: AuthenticatorId,
        step: u64,
    },
    /// An unused recovery code.
    Recovery(Digest<RecoveryCode>),
    /// No code, where the sandbox asks for none.
    Skipped,
    /// The sandbox's own code, of somebody who came in with any password.
    SandboxCode,
}

impl Found {
    /// How the person was recognised.
    pub fn method(&self) -> ScaMethod {
        match self {
            Self::Totp { .. } => ScaMethod::Totp,
            Self::Recovery(_) => ScaMethod::RecoveryCode,
            Self::Skipped => ScaMethod::SandboxSkipped,
            Self::SandboxCode => ScaMethod::SandboxCode,
        }
    }

    /// Makes sure that a code passes once: a time step only forwards, a recovery code never again.
    pub async fn use_up(
        &self,
        tx: &Tx,
        user: &UserId,
        now: Timestamp,
    ) -> Result<Advanced, store::Error> {
        match self {
            Self::Totp {
                authenticator,
                step,
            } => store::authenticators::advance_authenticator_step(tx, authenticator, *step).await,
            Self::Recovery(digest) => {
                store::authenticators::advance_recovery_code_used(tx, user, digest, now).await
            }
            Self::Skipped | Self::SandboxCode => Ok(Advanced::Yes),
        }
    }
}

impl Proof {
    /// Whether nothing was typed.
    pub(crate) fn is_empty(&self) -> bool {
        let (Self::Code(typed) | Self::RecoveryCode(typed)) = self;
        typed.trim().is_empty()
    }

    /// The field in which it is typed.
    pub(crate) fn field(&self) -> &'static str {
        match self {
            Self::Code(_) => "code",
            Self::RecoveryCode(_) => "recovery_code",
        }
    }
}

impl Engine {
    /// Looks for what the code belongs to. Nothing is used up yet. Nothing typed is
    /// [`Found::Skipped`]: whoever needs a code asks before.
    pub(crate) async fn find_proof(&self, user: &UserId, proof: &Proof) -> Result<Option<Found>> {
        let reader = self.env.store.reader();
        match proof {
            _ if proof.is_empty() => Ok(Some(Found::Skipped)),
            Proof::Code(typed) => {
                let Typed::Code(code) = Typed::read(typed) else {
                    return Ok(None);
                };
                let now = self.env.now();
                for record in store::authenticators::find_authenticators(reader, user).await? {
                    let seed = self
                        .env
                        .seal
                        .open(Purpose::TotpSeed, &record.sealed_secret)
                        .map_err(|error| {
                            Error::Broken(format!("authenticator {}: {error}", record.id))
                        })?;
                    if let Some(step) = sca::matching_step(&seed, &code, now)
                        && record.last_step.is_none_or(|last| step > last)
                    {
                        return Ok(Some(Found::Totp {
                            authenticator: record.id,
                            step,
                        }));
                    }
                }
                Ok(None)
            }
            Proof::RecoveryCode(typed) => {
                // Whether it is known shows when it is used up.
                Ok(sca::read_recovery_code(typed).map(|code| Found::Recovery(code.digest())))
            }
        }
    }
}
