//! Authorizations under way.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "authorizations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub binding_digest: Vec<u8>,
    pub client_id: String,
    pub user_id: String,
    pub stage: String,
    pub request: String,
    pub stage_data: String,
    pub authenticated_at: i64,
    pub last_active_at: i64,
    pub challenge_id: Option<String>,
    pub notice: Option<String>,
    pub sealed_redirect: Option<Vec<u8>>,
    pub created_at: i64,
    pub expires_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
