//! Access tokens.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "access_tokens")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub digest: Vec<u8>,
    pub family_id: Option<String>,
    pub client_id: String,
    pub user_id: Option<String>,
    pub consent_id: Option<String>,
    pub scope: String,
    pub environment: String,
    pub dialect: String,
    pub sender_constraint: Option<String>,
    pub sealed_mac_key: Option<Vec<u8>>,
    pub issued_at: i64,
    pub first_used_at: Option<i64>,
    pub revoked_at: Option<i64>,
    pub expires_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
