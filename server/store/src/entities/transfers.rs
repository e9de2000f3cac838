//! Movements of money.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "transfers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub from_account: Option<String>,
    pub to_account: Option<String>,
    pub from_iban: String,
    pub from_name: String,
    pub to_iban: String,
    pub to_name: String,
    pub amount_minor: i64,
    pub currency: String,
    pub reference: String,
    pub status: String,
    pub reason: Option<String>,
    pub client_id: Option<String>,
    pub user_id: Option<String>,
    pub consent_id: Option<String>,
    pub created_at: i64,
    pub booked_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
