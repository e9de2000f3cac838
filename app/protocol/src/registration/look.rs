//! Task "look": how people see the app.

use serde::{Deserialize, Serialize};

use super::{
    faults::{FaultKind, Faults},
    field::{Field, Task},
    reader::Reader,
};
use crate::form::RawForm;

/// Look, accepted. Whether the name resembles another is found by [`super::similarity`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Look {
    /// The name that people see.
    pub app_name: String,
}

impl Look {
    /// Reads the form.
    pub fn parse(form: &RawForm) -> Result<Self, Faults> {
        let mut form = Reader::new(form, Task::Look);
        let app_name = form.line(Field::AppName, 2, 40);
        if app_name
            .as_ref()
            .is_some_and(|name| !name.contains(char::is_alphanumeric))
        {
            form.fault(Field::AppName, FaultKind::NameWithoutLetters);
        }
        form.finish(app_name.map(|app_name| Self { app_name }))
    }

    pub(super) fn value(&self, field: Field) -> Option<String> {
        (field == Field::AppName).then(|| self.app_name.clone())
    }
}
