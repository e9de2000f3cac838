//! What people allowed.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "consents")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub client_id: String,
    pub user_id: String,
    pub environment: String,
    pub scope: String,
    pub accounts: String,
    pub access: Option<String>,
    pub payment: Option<String>,
    pub payment_used_by: Option<String>,
    pub recurring: bool,
    pub frequency_per_day: i64,
    pub status: String,
    pub confirmed_by: String,
    pub created_at: i64,
    pub confirmed_at: Option<i64>,
    pub valid_until: i64,
    pub ended_at: Option<i64>,
    pub ended_reason: Option<String>,
    pub expires_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
