//! The addresses at which dialects are spoken.

use super::{ALL, Dialect};
use crate::{client::DialectName, form::RawForm};

/// An address at which a dialect is spoken.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Door {
    /// What is spoken there.
    pub dialect: DialectName,
    /// The HTTP methods.
    pub methods: &'static [&'static str],
    /// The path.
    pub path: &'static str,
    /// What it is for.
    pub purpose: DoorPurpose,
}

/// What a door is for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum DoorPurpose {
    /// The authorize endpoint.
    Authorize,
    /// The token endpoint.
    Token,
    /// The revocation endpoint.
    Revoke,
    /// The introspection endpoint.
    Introspect,
    /// Where an authorize request is left before the browser comes with its key.
    Session,
}

impl Door {
    /// A door to which forms are posted.
    pub(super) const fn post(
        dialect: DialectName,
        path: &'static str,
        purpose: DoorPurpose,
    ) -> Self {
        Self {
            dialect,
            methods: &["POST"],
            path,
            purpose,
        }
    }
}

/// The paths of all token doors, each once.
pub fn token_paths() -> Vec<&'static str> {
    let mut paths: Vec<&'static str> = doors(DoorPurpose::Token)
        .map(|(_, door)| door.path)
        .collect();
    paths.sort_unstable();
    paths.dedup();
    paths
}

/// The door through which a token request comes: of several dialects that share a path, the first that
/// claims the form. `None` when nobody speaks there.
pub fn token_door(path: &str, form: &RawForm) -> Option<&'static Door> {
    doors(DoorPurpose::Token)
        .find(|(dialect, door)| door.path == path && dialect.claims(form))
        .map(|(_, door)| door)
}

fn doors(purpose: DoorPurpose) -> impl Iterator<Item = (&'static dyn Dialect, &'static Door)> {
    ALL.iter()
        .flat_map(|dialect| dialect.doors().iter().map(|door| (*dialect, door)))
        .filter(move |(_, door)| door.purpose == purpose)
}
