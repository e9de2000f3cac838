//! `scaStatus`: how far the person has come.

use crate::authorization::Stage;

/// `scaStatus`. What nobody comes by on the way of the browser (`psuIdentified`, `scaMethodSelected`,
/// `unconfirmed`, `exempted`) is left out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ScaState {
    /// No person has come, or none has signed in.
    Received,
    /// The person has signed in and reads what is asked.
    PsuAuthenticated,
    /// The person agreed; the code is asked for.
    Started,
    /// The person has proved who they are. The end.
    Finalised,
    /// The person said no, or did not come back in time. The end.
    Failed,
}

impl ScaState {
    /// All of them, in the order in which a person comes by.
    pub const ALL: [Self; 5] = [
        Self::Received,
        Self::PsuAuthenticated,
        Self::Started,
        Self::Finalised,
        Self::Failed,
    ];

    /// The state of an authorisation whose browser is at `stage`; `over` says that it can go no further.
    pub const fn of(stage: Option<&Stage>, over: bool) -> Self {
        match stage {
            Some(Stage::Finished { .. }) => Self::Finalised,
            Some(Stage::Denied { .. }) => Self::Failed,
            _ if over => Self::Failed,
            None => Self::Received,
            Some(Stage::LoggedIn { .. }) => Self::PsuAuthenticated,
            Some(Stage::Consented { .. } | Stage::Confirmed { .. }) => Self::Started,
        }
    }

    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::PsuAuthenticated => "psuAuthenticated",
            Self::Started => "started",
            Self::Finalised => "finalised",
            Self::Failed => "failed",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{ConsentId, UserId};

    #[test]
    fn the_browser_says_how_far_the_person_is() {
        let user = UserId::new("ona");
        let signed_in = Stage::LoggedIn { user: user.clone() };
        let agreed = Stage::Consented {
            user: user.clone(),
            accounts: Vec::new(),
        };
        let done = Stage::Finished {
            user,
            consent: Some(ConsentId::new("c")),
        };
        let denied = Stage::Denied { user: None };
        for (stage, over, state) in [
            (None, false, ScaState::Received),
            (None, true, ScaState::Failed),
            (Some(&signed_in), false, ScaState::PsuAuthenticated),
            (Some(&agreed), false, ScaState::Started),
            (Some(&agreed), true, ScaState::Failed),
            (Some(&done), true, ScaState::Finalised),
            (Some(&denied), false, ScaState::Failed),
        ] {
            assert_eq!(ScaState::of(stage, over), state, "{stage:?} {over}");
        }
    }
}
