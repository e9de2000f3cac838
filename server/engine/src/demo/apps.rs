//! The five apps of the demo, one per dialect and one for account information. Everything is fixed
//! and public.

use std::collections::BTreeMap;

use data_encoding::BASE64URL_NOPAD;
use protocol::{
    client::{AuthMethod, ClientProfile, DialectName, Environment, GrantType, PkcePolicy},
    ids::{ClientId, UserId},
    lifetimes::LifetimeOverrides,
    locale::Locale,
    money::Currency,
    registration::{Licence, LicenceKind},
    secret::{ClientSecret, Secret},
    time::Timestamp,
};

use super::people::fixed;
use crate::{bank::AppAccount, register::NewClient};

/// A native app gets a new port at each start, so any port will do (RFC 8252 §7.3).
const LOOPBACK: &str = "http://127.0.0.1/callback";

/// An app of the demo.
pub(super) struct App {
    pub id: &'static str,
    pub name: &'static str,
    pub dialect: DialectName,
    pub auth: AuthMethod,
    pkce: PkcePolicy,
    grants: &'static [GrantType],
    scope: &'static str,
    /// Folder of the app below `/demo`.
    folder: &'static str,
    /// Whether a program runs there; else the redirect URI of a program on the visitor's machine is
    /// registered too.
    pub runs: bool,
    legal_name: &'static str,
    registration_number: &'static str,
    /// What for, and its number.
    licence: Option<(LicenceKind, &'static str)>,
    /// English, Lithuanian, Russian.
    purpose: [&'static str; 3],
    /// What can be tried with it, for the sheet.
    pub about: &'static str,
}

use GrantType::{AuthorizationCode, ClientCredentials, RefreshToken};

pub(super) const APPS: [App; 5] = [
    App {
        id: "demo-shop",
        name: "Countersign Coffee",
        dialect: DialectName::Bearer,
        auth: AuthMethod::ClientSecretBasic,
        pkce: PkcePolicy::Required,
        grants: &[AuthorizationCode, RefreshToken],
        scope: "wallet transferFunds",
        folder: "shop",
        runs: true,
        legal_name: "Countersign Coffee UAB",
        registration_number: "305412789",
        licence: None,
        purpose: [
            "Take payments for coffee, and show whether your accounts hold enough for more.",
            "Priimti mokėjimus už kavą ir parodyti, ar jūsų sąskaitose užtenka lėšų dar vienai.",
            "Принимать оплату за кофе и показывать, хватит ли денег на ваших счетах на ещё один.",
        ],
        about: "web shop with PKCE: pays from the wallet, shows balances",
    },
    App {
        id: "demo-pincode",
        name: "Pincode Market",
        dialect: DialectName::OBearer,
        auth: AuthMethod::ClientSecretPost,
        pkce: PkcePolicy::Required,
        grants: &[AuthorizationCode, RefreshToken, ClientCredentials],
        scope: "wallet transferFunds",
        folder: "pincode",
        runs: true,
        legal_name: "Pincode Market UAB",
        registration_number: "305412790",
        licence: None,
        purpose: [
            "Pay sellers on the market for what you order.",
            "Sumokėti turgaus pardavėjams už tai, ką užsisakote.",
            "Оплачивать продавцам рынка ваши заказы.",
        ],
        about: "O-Bearer tokens at /olympus/im/v1/oauth/token",
    },
    App {
        id: "demo-wallet-app",
        name: "Pocket Wallet",
        dialect: DialectName::Mac,
        auth: AuthMethod::Mac,
        pkce: PkcePolicy::Optional,
        grants: &[AuthorizationCode, RefreshToken],
        scope: "wallet transferFunds email_offline phone_offline phone_confirmation_offline \
                address_offline identity_offline full_name_offline dob_offline gender_offline \
                identification_level_offline pep user_info wallet_list_offline balance_offline \
                statements_offline recent_statements check_has_sufficient_balance",
        folder: "wallet-app",
        runs: false,
        legal_name: "Pocket Finance UAB",
        registration_number: "305412791",
        licence: Some((LicenceKind::Pisp, "91 (demo)")),
        purpose: [
            "Show your wallet on your phone and pay from it.",
            "Rodyti jūsų piniginę telefone ir mokėti iš jos.",
            "Показывать ваш кошелёк в телефоне и платить из него.",
        ],
        about: "every request signed with a MAC key",
    },
    App {
        id: "demo-tutorial",
        name: "Classroom Store",
        dialect: DialectName::Tutorial,
        auth: AuthMethod::ClientSecretPost,
        pkce: PkcePolicy::Optional,
        grants: &[AuthorizationCode, RefreshToken],
        scope: "wallet transferFunds",
        folder: "tutorial",
        runs: false,
        legal_name: "Classroom Store MB",
        registration_number: "305412792",
        licence: None,
        purpose: [
            "Learn how an app asks a wallet for a payment.",
            "Išmokti, kaip programėlė prašo piniginės mokėjimo.",
            "Научиться, как приложение запрашивает платёж у кошелька.",
        ],
        about: "authorizationToken in place of code; a secret in the address ends, see /developers/tutorial",
    },
    App {
        id: "demo-ais",
        name: "Budgetly",
        dialect: DialectName::Bearer,
        auth: AuthMethod::ClientSecretPost,
        pkce: PkcePolicy::Optional,
        grants: &[AuthorizationCode, RefreshToken, ClientCredentials],
        scope: "ais",
        folder: "ais",
        runs: false,
        legal_name: "Budgetly UAB",
        registration_number: "305412793",
        licence: Some((LicenceKind::Aisp, "27 (demo)")),
        purpose: [
            "Sort your income and spending, and warn you before the money runs out.",
            "Sugrupuoti jūsų pajamas ir išlaidas bei įspėti, kol pinigai nesibaigė.",
            "Разложить доходы и расходы по группам и предупредить, пока деньги не кончились.",
        ],
        about: "account information (scope ais) at /v1/accounts",
    },
];

impl App {
    /// The client as it is registered when the server's public address is `public_url`.
    pub fn client(&self, public_url: &str, owner: UserId, now: Timestamp) -> NewClient {
        NewClient {
            id: Some(self.id.to_owned()),
            name: self.name.to_owned(),
            environment: Environment::Sandbox,
            dialect: self.dialect,
            scope: self.scope.to_owned(),
            grants: self.grants.to_vec(),
            redirect_uris: self.redirect_uris(public_url),
            auth: Some(self.auth),
            pkce: Some(self.pkce),
            lifetimes: LifetimeOverrides::default(),
            profile: self.profile(public_url, now),
            owner: Some(owner),
        }
    }

    /// The account on which it is paid.
    pub fn account(&self) -> AppAccount {
        AppAccount {
            client: ClientId::new(self.id),
            environment: Environment::Sandbox,
            currency: Currency::EUR,
            owner_name: self.legal_name.to_owned(),
        }
    }

    /// Where people may be sent back to.
    pub fn redirect_uris(&self, public_url: &str) -> Vec<String> {
        let mut uris = vec![format!("{}/callback", self.home(public_url))];
        if !self.runs {
            uris.push(LOOPBACK.to_owned());
        }
        uris
    }

    /// Where the app is, or would be.
    pub fn home(&self, public_url: &str) -> String {
        format!("{public_url}/demo/{}", self.folder)
    }

    fn profile(&self, public_url: &str, now: Timestamp) -> ClientProfile {
        let purpose: BTreeMap<Locale, String> = Locale::ALL
            .into_iter()
            .zip(self.purpose.map(str::to_owned))
            .collect();
        ClientProfile {
            legal_name: self.legal_name.to_owned(),
            registration_number: self.registration_number.to_owned(),
            licence: String::new(),
            licensed: self.licence.map(|(kind, number)| Licence {
                kind,
                number: number.to_owned(),
                authority: "Bank of Lithuania".to_owned(),
            }),
            domain: host(public_url),
            homepage: if self.runs {
                self.home(public_url)
            } else {
                String::new()
            },
            purpose,
            reviewed_at: Some(now),
        }
    }

    /// The client secret; none for the app that signs.
    pub fn secret(&self) -> Option<Secret<ClientSecret>> {
        (self.auth != AuthMethod::Mac).then(|| Secret::mint(fixed("client secret", self.id)))
    }

    /// The MAC key of the app that signs.
    pub fn mac_key(&self) -> Option<String> {
        (self.auth == AuthMethod::Mac).then(|| BASE64URL_NOPAD.encode(&fixed("mac key", self.id)))
    }
}

/// The domain that the demo's apps are "verified" for: where they run.
pub(super) fn host(public_url: &str) -> String {
    url::Url::parse(public_url)
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned))
        .unwrap_or_default()
}
