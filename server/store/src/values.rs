//! Between protocol types and what a column holds, and the few things that every subject file does.

use std::str::FromStr;

use protocol::{
    secret::{Digest, Kind},
    time::Timestamp,
};
use sea_orm::{EntityTrait, IntoActiveModel, Iterable, ModelTrait, sea_query::Iden};
use serde::{Serialize, de::DeserializeOwned};

use crate::{Error, link::Link};

/// Whether a conditional update found the row in the state it asked for. Exactly one of any
/// number of callers gets `Yes`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[must_use = "No means that nothing was written"]
pub enum Advanced {
    /// The row was in that state, and is now in the next one.
    Yes,
    /// There is no such row, or somebody else was first.
    No,
}

impl Advanced {
    pub(crate) fn of(rows: u64) -> Self {
        if rows == 0 { Self::No } else { Self::Yes }
    }

    /// Whether the row was changed.
    pub fn is_yes(self) -> bool {
        self == Self::Yes
    }
}

/// The last row of a page, from which the next page of a list goes on. Rows that come in meanwhile
/// neither appear twice nor push others out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bookmark {
    /// Its instant.
    pub at: Timestamp,
    /// Its id, where several have the same instant.
    pub id: String,
}

/// Enums that are stored as one fixed word.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident $word:literal),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$variant_doc])* #[serde(rename = $word)] $variant),* }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word for it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::UnknownWord;

            fn from_str(word: &str) -> Result<Self, $crate::UnknownWord> {
                Self::ALL.iter().copied().find(|known| known.as_str() == word).ok_or($crate::UnknownWord {
                    expected: concat!($($word, " "),*),
                })
            }
        }
    )*};
}
pub(crate) use words;

/// A word that names none of the choices.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("expected one of: {}", expected.trim_end())]
pub struct UnknownWord {
    pub(crate) expected: &'static str,
}

pub(crate) fn instant(millis: Option<i64>) -> Option<Timestamp> {
    millis.map(Timestamp::from_millis)
}

pub(crate) fn millis(instant: Option<Timestamp>) -> Option<i64> {
    instant.map(Timestamp::millis)
}

/// Reads a word, a scope, an IBAN: anything that has one text.
pub(crate) fn parse<T: FromStr>(text: &str, column: &str) -> Result<T, Error> {
    text.parse().map_err(|_| Error::unreadable(column))
}

pub(crate) fn digest<K: Kind>(bytes: &[u8], column: &str) -> Result<Digest<K>, Error> {
    Digest::from_bytes(bytes).ok_or_else(|| Error::unreadable(column))
}

pub(crate) fn bytes32(bytes: &[u8], column: &str) -> Result<[u8; 32], Error> {
    bytes.try_into().map_err(|_| Error::unreadable(column))
}

pub(crate) fn count(number: i64, column: &str) -> Result<u32, Error> {
    u32::try_from(number).map_err(|_| Error::unreadable(column))
}

pub(crate) fn from_json<T: DeserializeOwned>(text: &str, column: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|_| Error::unreadable(column))
}

pub(crate) fn to_json<T: Serialize>(value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| Error::Broken(error.to_string()))
}

/// Every row of a page, or the first that cannot be read.
pub(crate) fn all<M, R>(models: Vec<M>) -> Result<Vec<R>, Error>
where
    R: TryFrom<M, Error = Error>,
{
    models.into_iter().map(R::try_from).collect()
}

/// Inserts one row.
pub(crate) async fn insert<M>(link: &Link, row: M) -> Result<(), Error>
where
    M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
{
    M::Entity::insert(row.into_active_model())
        .exec_without_returning(link)
        .await?;
    Ok(())
}

/// `t.id AS t_id, t.name AS t_name, ...`: all columns of a table in a join, for
/// `FromQueryResult` with the prefix `t_`.
pub(crate) fn selected<E: EntityTrait>(alias: &str) -> String {
    let columns: Vec<String> = E::Column::iter()
        .map(|column| {
            let name = column.unquoted().to_owned();
            format!("{alias}.{name} AS {alias}_{name}")
        })
        .collect();
    columns.join(", ")
}
