//! Registered apps.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "clients")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub name: String,
    pub environment: String,
    pub status: String,
    pub dialects: String,
    pub auth_method: String,
    pub pkce: String,
    pub redirect_uris: String,
    pub scope: String,
    pub grants: String,
    pub lifetimes: String,
    pub profile: String,
    pub owner_user_id: Option<String>,
    pub sealed_mac_key: Option<Vec<u8>>,
    pub created_at: i64,
    pub version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
