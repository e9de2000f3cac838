//! Automatic checks of apps.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "app_checks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub app_id: String,
    pub kind: String,
    pub target: String,
    pub expected: Option<String>,
    pub outcome: String,
    pub evidence: String,
    pub attempts: i64,
    pub checked_at: Option<i64>,
    pub asked_at: Option<i64>,
    pub next_at: Option<i64>,
    pub expires_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
