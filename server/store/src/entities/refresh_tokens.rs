//! Refresh tokens.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "refresh_tokens")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub digest: Vec<u8>,
    pub family_id: String,
    pub scope: String,
    pub issued_at: i64,
    pub used_at: Option<i64>,
    pub successor_digest: Option<Vec<u8>>,
    pub successor_access_digest: Option<Vec<u8>>,
    pub sealed_successor: Option<Vec<u8>>,
    pub revoked_at: Option<i64>,
    pub expires_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
