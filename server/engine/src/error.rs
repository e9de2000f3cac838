//! The engine's own error: something that is nobody's fault but ours, or storage's.
//!
//! What a caller did wrong is never an [`Error`]; it is a value of the use case's outcome.

/// Why a use case could not be carried out.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Storage is busy or shutting down: nothing was written, and the same call may succeed later.
    #[error("storage is busy: {0}")]
    Busy(String),
    /// Something is broken on our side; nothing was written.
    #[error("{0}")]
    Broken(String),
    /// What was to be created is there already (which thing).
    #[error("{0} exists already")]
    Conflict(String),
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Busy | store::Error::Shutdown => Self::Busy(error.to_string()),
            store::Error::Conflict { what } => Self::Conflict(what.to_string()),
            other => Self::Broken(other.to_string()),
        }
    }
}

/// Shorthand for the engine's results.
pub type Result<T, E = Error> = std::result::Result<T, E>;
