//! Cases of apps that ask to be let in.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "review_cases")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub app_id: String,
    pub open_app_id: Option<String>,
    pub team_id: String,
    pub kind: String,
    pub app_name: String,
    pub organization: String,
    pub domain: String,
    pub stage: String,
    pub stage_name: String,
    pub claimed_by: Option<String>,
    pub submission: String,
    pub approved_before: Option<String>,
    pub overrides: String,
    pub risk: String,
    pub sent_by: String,
    pub sent_at: i64,
    pub opened_at: i64,
    pub decided_at: Option<i64>,
    pub version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
