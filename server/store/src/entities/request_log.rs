//! The request log.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "request_log")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub at: i64,
    pub trace: String,
    pub client_id: String,
    pub endpoint: String,
    pub outcome: String,
    pub status: i64,
    pub error: Option<String>,
    pub duration_micros: i64,
    pub agent: String,
    pub detail: String,
    pub expires_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
