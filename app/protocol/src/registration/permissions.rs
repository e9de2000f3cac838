//! Task "permissions": which scopes the app may ask for.

use serde::{Deserialize, Serialize};

use super::{
    faults::{FaultKind, Faults},
    field::{Field, Task},
    reader::Reader,
};
use crate::{
    form::RawForm,
    scope::{Permission, Scope, ScopeToken},
};

/// Permissions, accepted.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Permissions {
    /// At least one token, each of [`Permission::OFFERED`].
    pub scope: Scope,
}

impl Permissions {
    /// Reads the form.
    pub fn parse(form: &RawForm) -> Result<Self, Faults> {
        let mut form = Reader::new(form, Task::Permissions);
        let tokens =
            form.rows(
                Field::Scope,
                Permission::OFFERED.len(),
                |typed| match ScopeToken::parse(typed) {
                    Ok(token) if Permission::OFFERED.contains(&token.as_str()) => Ok(token),
                    _ => Err(FaultKind::UnknownScope),
                },
            );
        let scope = tokens.into_iter().collect();
        form.finish(Some(Self { scope }))
    }

    pub(super) fn value(&self, field: Field) -> Option<String> {
        let tokens = || {
            self.scope
                .iter()
                .map(ScopeToken::as_str)
                .collect::<Vec<_>>()
        };
        (field == Field::Scope).then(|| tokens().join("\n"))
    }
}
