//! What the person at the terminal is told when the demo has started.

use std::{fmt::Write as _, net::SocketAddr, time::Duration};

use engine::demo::{DemoClient, DemoSheet};
use sample_apps::{MarketConfig, Outside, ShopConfig};

use crate::settings::{Settings, value::PublicUrl};

/// The client of the sample shop.
const SHOP: &str = "demo-shop";

/// The client of the sample market.
const MARKET: &str = "demo-pincode";

/// For how long one tab of the market waits while another one renews the token.
const MARKET_PATIENCE: Duration = Duration::from_secs(10);

/// Logins, secrets and where to click, to be read on a terminal of 100 columns.
pub(super) fn text(sheet: &DemoSheet, bound: SocketAddr) -> String {
    let mut text = String::from("\n  Where to click\n");
    let widest = sheet
        .links
        .iter()
        .map(|link| link.title.chars().count())
        .max()
        .unwrap_or(0);
    for link in &sheet.links {
        let _ = writeln!(text, "    {:<widest$}  {}", link.title, link.url);
    }
    text += "\n  Who can sign in\n";
    for person in &sheet.people {
        let _ = writeln!(
            text,
            "    {} / {}  ({}, {})\n      TOTP secret {}\n      recovery codes {}",
            person.username,
            person.password,
            person.display_name,
            person.role,
            person.totp_secret,
            person.recovery_codes.join(" "),
        );
    }
    text += "\n  Registered apps\n";
    for client in &sheet.clients {
        let _ = writeln!(
            text,
            "    {}  ({}, {})",
            client.client_id, client.dialect, client.name
        );
        for (name, credential) in credentials(client) {
            let _ = writeln!(text, "      {name} {credential}");
        }
    }
    text += "\n  These names, passwords and secrets are public: for trying out, never for real money.\n";
    let _ = writeln!(text, "\nCountersign listens on {bound}; Ctrl-C ends it.");
    text
}

fn credentials(client: &DemoClient) -> impl Iterator<Item = (&'static str, &String)> {
    let secret = client
        .client_secret
        .as_ref()
        .map(|secret| ("client_secret", secret));
    let key = client.mac_key.as_ref().map(|key| ("mac_key", key));
    secret.into_iter().chain(key)
}

/// The sample shop, as its client is registered. None when there is no such client.
pub(super) fn shop(
    sheet: &DemoSheet,
    settings: &Settings,
    bound: SocketAddr,
) -> Option<ShopConfig> {
    let client = client(sheet, SHOP)?;
    let issuer = settings.public_url.as_str().to_owned();
    Some(ShopConfig {
        home: format!("{issuer}/demo/shop"),
        issuer,
        back_channel: Some(back_channel(bound)),
        client_id: client.client_id.to_string(),
        client_secret: client.client_secret.clone()?,
        creditor_iban: sheet.shop_iban.as_str().to_owned(),
        outside: Outside::real(),
    })
}

/// The sample market, as its client is registered. None when there is no such client.
pub(super) fn market(
    sheet: &DemoSheet,
    settings: &Settings,
    bound: SocketAddr,
) -> Option<MarketConfig> {
    let client = client(sheet, MARKET)?;
    Some(MarketConfig {
        wallet: back_channel(bound),
        home: format!("{}/demo/pincode", settings.public_url.as_str()),
        client_id: client.client_id.to_string(),
        client_secret: client.client_secret.clone()?,
        patience: MARKET_PATIENCE,
        outside: Outside::real(),
    })
}

fn client<'sheet>(sheet: &'sheet DemoSheet, id: &str) -> Option<&'sheet DemoClient> {
    sheet
        .clients
        .iter()
        .find(|client| client.client_id.as_str() == id)
}

/// Where the servers of the sample apps reach this one: the public address may lead through a proxy
/// that this machine cannot reach.
fn back_channel(bound: SocketAddr) -> String {
    PublicUrl::of(bound).as_str().to_owned()
}
