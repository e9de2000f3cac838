use std::fmt;

use protocol::{form::RawForm, registration::Field};
use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor},
};

/// The fields of a task of a registration, whichever they are: its form is read by `protocol`, in one
/// place for the server and the browser. `Debug` shows names only.
#[derive(Debug)]
pub struct TaskFields(pub RawForm);

impl<'de> Deserialize<'de> for TaskFields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Fields)
    }
}

struct Fields;

impl<'de> Visitor<'de> for Fields {
    type Value = TaskFields;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("fields of a registration")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<TaskFields, A::Error> {
        let mut pairs = Vec::new();
        while let Some((name, value)) = map.next_entry::<String, String>()? {
            // As of every form: a field that no page of ours has is refused.
            if name.parse::<Field>().is_err() {
                return Err(A::Error::custom("a field that this form does not have"));
            }
            pairs.push((name, value));
        }
        Ok(TaskFields(RawForm::from_pairs(pairs)))
    }
}
