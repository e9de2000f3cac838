//! Accounts of people and of the bank.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "accounts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub user_id: Option<String>,
    pub environment: String,
    pub kind: String,
    pub name: String,
    pub iban: String,
    pub currency: String,
    pub owner_name: String,
    pub product: String,
    pub balance_minor: i64,
    pub reserved_minor: i64,
    pub created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
