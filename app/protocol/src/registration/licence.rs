//! Which permission needs which licence in the live environment (Directive (EU) 2015/2366, Articles 66
//! and 67). In the sandbox none does.

use super::LicenceKind;
use crate::scope::{Permission, Scope, ScopeToken};

/// The licences of which one is needed; none for a permission that needs no licence.
pub const fn licences_for(permission: &Permission) -> &'static [LicenceKind] {
    match permission {
        Permission::AccountInformation | Permission::AccountInformationOf(_) => {
            &[LicenceKind::Aisp, LicenceKind::Bank]
        }
        Permission::TransferFunds | Permission::TransferFundsOf(_) => {
            &[LicenceKind::Pisp, LicenceKind::Emi, LicenceKind::Bank]
        }
        Permission::Wallet | Permission::Personal(_) => &[],
    }
}

/// The permissions in the scope that a business with this licence may not have.
pub fn unlicensed(scope: &Scope, held: LicenceKind) -> Vec<ScopeToken> {
    let is_unlicensed = |permission: &Permission| {
        let needed = licences_for(permission);
        !needed.is_empty() && !needed.contains(&held)
    };
    let permissions = scope.permissions().filter(is_unlicensed);
    permissions.map(|permission| permission.token()).collect()
}
