//! What apps ask people for.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "consent_requests")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub client_id: String,
    pub environment: String,
    pub access: String,
    pub recurring: bool,
    pub frequency_per_day: i64,
    pub status: String,
    pub created_at: i64,
    pub changed_at: i64,
    pub waits_until: i64,
    pub valid_until: i64,
    pub expires_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
