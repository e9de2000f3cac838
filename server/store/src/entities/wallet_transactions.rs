//! Transactions of the Wallet API.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "wallet_transactions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    pub client_id: String,
    pub environment: String,
    pub currency: String,
    pub payments: String,
    pub terms: String,
    pub payee_name: String,
    pub payee_iban: String,
    pub status: String,
    pub step: Option<String>,
    pub step_at: Option<i64>,
    pub accepted_by: Option<String>,
    pub user_id: Option<String>,
    pub account_id: Option<String>,
    pub wallet_number: Option<i64>,
    pub reservation_id: Option<String>,
    pub version: i64,
    pub created_at: i64,
    pub confirmed_at: Option<i64>,
    pub valid_until: i64,
    pub expires_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
