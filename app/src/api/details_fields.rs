use std::{collections::BTreeSet, fmt};

use protocol::declared::Declaration;
use serde::{
    Deserialize, Deserializer,
    de::{Error, IntoDeserializer as _, MapAccess, Visitor},
};

use super::authorize::Decision;

/// What a person tells about themselves, field by field, and which button they pressed. `Debug` shows
/// nothing of what they told.
#[derive(Debug, Default)]
pub struct DetailsFields {
    /// What was typed.
    pub told: Declaration,
    /// The button; none when there was none.
    pub decision: Option<Decision>,
}

impl<'de> Deserialize<'de> for DetailsFields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Fields)
    }
}

struct Fields;

impl<'de> Visitor<'de> for Fields {
    type Value = DetailsFields;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("what a person tells about themselves")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<DetailsFields, A::Error> {
        let mut fields = DetailsFields::default();
        let mut seen = BTreeSet::new();
        while let Some((name, value)) = map.next_entry::<String, String>()? {
            // As of every form: a field that no page of ours has, or has once, is refused.
            match fields.told.field_mut(&name) {
                Some(field) => *field = value,
                None if name == "decision" => {
                    fields.decision = Some(Decision::deserialize(value.into_deserializer())?);
                }
                None => return Err(A::Error::custom("a field that this form does not have")),
            }
            if !seen.insert(name) {
                return Err(A::Error::custom("a field that comes twice"));
            }
        }
        Ok(fields)
    }
}
