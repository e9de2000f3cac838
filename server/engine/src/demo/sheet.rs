//! What a visitor of the demo needs to know: who can sign in, which apps there are, where to click,
//! and the codes that the authenticator apps show.

use protocol::{
    client::DialectName,
    iban::Iban,
    ids::ClientId,
    sca,
    secret::{RecoveryCode, Secret},
};
use serde::Serialize;

use super::{
    apps::APPS,
    habits::Purse,
    people::{PEOPLE, account_of, fixed},
};
use crate::{Engine, settings::Profile};

/// How many recovery codes each person of the demo has.
const RECOVERY_CODES: u8 = 4;

/// Everything that a visitor of the demo needs to know. Serialized for whoever prints it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct DemoSheet {
    /// Who can sign in.
    pub people: Vec<DemoPerson>,
    /// The registered apps.
    pub clients: Vec<DemoClient>,
    /// The account that the coffee shop is paid to.
    pub shop_iban: Iban,
    /// Where to click.
    pub links: Vec<DemoLink>,
}

/// A person who can sign in.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct DemoPerson {
    /// The name to sign in with.
    pub username: String,
    /// The password.
    pub password: String,
    /// The name that others see.
    pub display_name: String,
    /// `user`, `developer` or `admin`.
    pub role: String,
    /// The seed for an authenticator app, in base32.
    pub totp_secret: String,
    /// Codes for the day the phone is lost, each good once.
    pub recovery_codes: Vec<String>,
    /// Who it is.
    pub about: String,
}

/// A registered app.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct DemoClient {
    /// RFC 6749 §2.2.
    pub client_id: ClientId,
    /// The name that people see.
    pub name: String,
    /// The dialect that it speaks.
    pub dialect: DialectName,
    /// RFC 6749 §2.3.1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<String>,
    /// The key with which it signs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mac_key: Option<String>,
    /// Where people may be sent back to.
    pub redirect_uris: Vec<String>,
    /// What can be tried with it.
    pub about: String,
}

/// Where to click.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct DemoLink {
    /// What is there.
    pub title: String,
    /// The address.
    pub url: String,
}

/// The present code of a person's authenticator app.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct DemoCode {
    /// The name to sign in with.
    pub username: String,
    /// The password.
    pub password: String,
    /// `user`, `developer` or `admin`.
    pub role: String,
    /// Six digits.
    pub totp_code: String,
    /// For how many seconds this is the present code.
    pub seconds_left: u64,
}

impl Engine {
    /// What a visitor of the demo needs to know.
    pub fn demo_sheet(&self) -> DemoSheet {
        let public_url = &self.env.settings.public_url;
        let people = PEOPLE.iter().map(|person| DemoPerson {
            username: person.username.to_owned(),
            password: person.password.to_owned(),
            display_name: person.display_name.to_owned(),
            role: person.role.to_string(),
            totp_secret: sca::base32(&person.seed()).to_string(),
            recovery_codes: recovery_codes(person.username)
                .iter()
                .map(|code| sca::recovery_code_groups(code).to_string())
                .collect(),
            about: person.about.to_owned(),
        });
        let clients = APPS.iter().map(|app| DemoClient {
            client_id: ClientId::new(app.id),
            name: app.name.to_owned(),
            dialect: app.dialect,
            client_secret: app.secret().map(|secret| secret.expose().to_owned()),
            mac_key: app.mac_key(),
            redirect_uris: app.redirect_uris(public_url),
            about: app.about.to_owned(),
        });
        DemoSheet {
            people: people.collect(),
            clients: clients.collect(),
            shop_iban: account_of(Purse::Coffee).iban(),
            links: links(public_url),
        }
    }

    /// The present codes of the demo's people, as their authenticator apps would show them. None in
    /// production.
    pub fn demo_authenticator(&self) -> Vec<DemoCode> {
        if self.env.settings.profile == Profile::Production {
            return Vec::new();
        }
        let now = self.env.now();
        let into_step = u64::try_from(now.seconds()).unwrap_or(0) % sca::STEP_SECONDS;
        PEOPLE
            .iter()
            .map(|person| DemoCode {
                username: person.username.to_owned(),
                password: person.password.to_owned(),
                role: person.role.to_string(),
                totp_code: sca::totp(&person.seed(), sca::step(now))
                    .expose()
                    .to_owned(),
                seconds_left: sca::STEP_SECONDS - into_step,
            })
            .collect()
    }
}

pub(super) fn recovery_codes(username: &str) -> Vec<Secret<RecoveryCode>> {
    (0..RECOVERY_CODES)
        .map(|number| {
            let mut entropy = [0; 10];
            entropy.copy_from_slice(&fixed(&format!("recovery code {number}"), username)[..10]);
            sca::mint_recovery_code(entropy)
        })
        .collect()
}

fn links(public_url: &str) -> Vec<DemoLink> {
    [
        ("Buy coffee and pay from the wallet", "/demo/shop"),
        ("A market that renews its own token", "/demo/pincode"),
        ("The codes of the authenticator app", "/demo/authenticator"),
        ("Make an app of your own", "/signup"),
        ("All sample apps and logins", "/demo"),
    ]
    .into_iter()
    .map(|(title, path)| DemoLink {
        title: title.to_owned(),
        url: format!("{public_url}{path}"),
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn recovery_codes_are_fixed_and_differ() {
        let codes = |username| {
            recovery_codes(username)
                .iter()
                .map(|code| code.expose().to_owned())
                .collect::<BTreeSet<_>>()
        };
        assert_eq!(codes("ona"), codes("ona"));
        assert!(codes("ona").is_disjoint(&codes("jonas")));
        assert_eq!(codes("ona").len(), usize::from(RECOVERY_CODES));
    }
}
