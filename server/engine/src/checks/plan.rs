//! What is to be looked at: one check for the domain, the website, each policy page, each server behind
//! a callback address; and what was judged already from what was filled in.

use std::{collections::BTreeMap, time::Duration};

use protocol::{
    ids::{AppId, CheckId},
    registration::{
        Registration, Website,
        checks::{CheckKind, CheckOutcome, local},
        domain_proof::ProofToken,
    },
};
use store::app_checks::{
    CheckRecord, delete_check, delete_checks, find_checks, insert_check, upsert_check,
};
use url::Url;

use super::Verdict;
use crate::{Engine, error::Result};

/// For how long a check is kept after it ran last.
pub(super) const KEPT: Duration = Duration::from_secs(400 * 24 * 3600);

/// Checks of one app that speak to servers of others; what an app has beyond this is left to people.
const MOST_PROBED: usize = 60;

/// What an app says about itself, as far as the checks need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Which app.
    pub app: AppId,
    /// The domain whose control is to be proved.
    pub domain: Option<String>,
    /// Its website.
    pub website: Option<String>,
    /// Addresses of its privacy policy and its terms.
    pub policy_pages: Vec<String>,
    /// Its callback addresses, as registered. Those that are not https have no TLS to look at.
    pub callbacks: Vec<String>,
    /// What proves control of the domain. Not a secret: it is published.
    pub token: ProofToken,
    /// What the pure rules say: hygiene of callbacks, similar names, scope.
    pub judged: Vec<Judged>,
}

/// A check that needs nobody's server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// What was looked at ...
    pub kind: CheckKind,
    /// ... and where; empty when it is about the app as a whole.
    pub target: String,
    /// What came out.
    pub verdict: Verdict,
}

impl Plan {
    /// The plan for what is filled in of a registration. What can be judged at once is judged when
    /// everything is filled in. `other_names` are the names of other teams' apps.
    pub fn of<S: AsRef<str>>(
        app: &AppId,
        registration: &Registration,
        token: &ProofToken,
        other_names: &[S],
    ) -> Self {
        let website = registration.website.as_ref();
        let callbacks = registration.callbacks.as_ref();
        let submission = registration.submission();
        let judged = CheckKind::ALL.iter().filter_map(|kind| {
            let (outcome, evidence) = local(*kind, submission.as_ref()?, other_names)?;
            Some(Judged {
                kind: *kind,
                target: String::new(),
                verdict: Verdict { outcome, evidence },
            })
        });
        Self {
            app: app.clone(),
            domain: website.map(Website::domain),
            website: website.map(|pages| pages.website.to_string()),
            policy_pages: website
                .map(|pages| vec![pages.privacy_url.to_string(), pages.terms_url.to_string()])
                .unwrap_or_default(),
            callbacks: callbacks
                .map(|callbacks| callbacks.redirect_uris.iter())
                .into_iter()
                .flatten()
                .map(|uri| uri.as_str().to_owned())
                .collect(),
            token: token.clone(),
            judged: judged.collect(),
        }
    }

    /// Kind and target of everything that is to be probed, with what is looked for there.
    fn probed(&self) -> BTreeMap<(CheckKind, String), Option<String>> {
        let mut wanted = Vec::new();
        if let Some(domain) = &self.domain {
            let looked_for = Some(self.token.as_str().to_owned());
            wanted.push(((CheckKind::DomainProof, domain.clone()), looked_for));
        }
        if let Some(website) = &self.website {
            wanted.push(((CheckKind::WebsiteTls, website.clone()), None));
        }
        for page in &self.policy_pages {
            wanted.push(((CheckKind::PolicyPages, page.clone()), None));
        }
        for callback in &self.callbacks {
            // Several addresses on one server are one look.
            let server = Url::parse(callback)
                .ok()
                .filter(|url| url.scheme() == "https");
            if let Some(url) = server {
                let origin = url.origin().ascii_serialization();
                wanted.push(((CheckKind::CallbackTls, origin), None));
            }
        }
        wanted.truncate(MOST_PROBED);
        wanted.into_iter().collect()
    }
}

impl Engine {
    /// Writes down what is to be looked at, in place of what was planned before. What was looked at
    /// already and still is as it was keeps its result; everything new is due at once.
    pub async fn plan_checks(&self, plan: Plan) -> Result<Vec<CheckRecord>> {
        let now = self.env.now();
        let app = plan.app.clone();
        let wanted = plan.probed();
        let draft = |kind, target| CheckRecord {
            id: CheckId::new(self.env.id()),
            app_id: app.clone(),
            kind,
            target,
            expected: None,
            outcome: CheckOutcome::Pending,
            evidence: Vec::new(),
            attempts: 0,
            checked_at: None,
            asked_at: None,
            next_at: Some(now),
            expires_at: now + KEPT,
        };
        let probed: Vec<CheckRecord> = wanted
            .into_iter()
            .map(|((kind, target), expected)| CheckRecord {
                expected,
                ..draft(kind, target)
            })
            .collect();
        let judged: Vec<CheckRecord> = plan
            .judged
            .into_iter()
            .map(|judged| CheckRecord {
                outcome: judged.verdict.outcome,
                evidence: judged.verdict.evidence,
                checked_at: Some(now),
                next_at: None,
                ..draft(judged.kind, judged.target)
            })
            .collect();
        self.env
            .store
            .write(move |tx| {
                Box::pin(async move {
                    for old in find_checks(tx, &plan.app).await? {
                        let same = |new: &&CheckRecord| {
                            (new.kind, &new.target, &new.expected)
                                == (old.kind, &old.target, &old.expected)
                        };
                        if !probed.iter().chain(&judged).any(|new| same(&new)) {
                            delete_check(tx, &old.id).await?;
                        }
                    }
                    for new in &probed {
                        // `No`: it is there and keeps its result.
                        let _is_new = insert_check(tx, new).await?;
                    }
                    for new in &judged {
                        upsert_check(tx, new).await?;
                    }
                    Ok(find_checks(tx, &plan.app).await?)
                })
            })
            .await
    }

    /// All checks of an app, with what was found and when.
    pub async fn checks(&self, app: &AppId) -> Result<Vec<CheckRecord>> {
        Ok(find_checks(self.env.store.reader(), app).await?)
    }

    /// Looks at nothing of this app any more: it is gone.
    pub async fn forget_checks(&self, app: &AppId) -> Result<()> {
        let app = app.clone();
        self.env
            .store
            .write(move |tx| Box::pin(async move { Ok(delete_checks(tx, &app).await?) }))
            .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_server_is_looked_at_once_and_only_over_tls() {
        let plan = Plan {
            app: AppId::new("app"),
            domain: Some("shop.example".into()),
            website: Some("https://www.Shop.example/en".into()),
            policy_pages: vec![
                "https://shop.example/privacy".into(),
                "https://shop.example/privacy".into(),
            ],
            callbacks: [
                "https://app.shop.example/callback",
                "https://app.shop.example:443/other?a=b",
                "https://app.shop.example:8443/callback",
                "http://127.0.0.1:8080/callback",
                "com.shop.app:/callback",
                "no address",
            ]
            .map(str::to_owned)
            .to_vec(),
            token: ProofToken::from_entropy([0; 26]),
            judged: Vec::new(),
        };
        let probed: Vec<_> = plan
            .probed()
            .into_iter()
            .map(|((kind, target), looked_for)| (kind, target, looked_for))
            .collect();
        let expected = [
            (
                CheckKind::DomainProof,
                "shop.example",
                Some("00000000000000000000000000"),
            ),
            (CheckKind::WebsiteTls, "https://www.Shop.example/en", None),
            (CheckKind::CallbackTls, "https://app.shop.example", None),
            (
                CheckKind::CallbackTls,
                "https://app.shop.example:8443",
                None,
            ),
            (CheckKind::PolicyPages, "https://shop.example/privacy", None),
        ]
        .map(|(kind, target, looked_for)| (kind, target.to_owned(), looked_for.map(str::to_owned)));
        assert_eq!(probed, expected);
    }

    #[test]
    fn an_app_cannot_make_us_look_everywhere() {
        let plan = Plan {
            app: AppId::new("app"),
            domain: None,
            website: None,
            policy_pages: Vec::new(),
            callbacks: (0..500)
                .map(|n| format!("https://victim-{n}.example/"))
                .collect(),
            token: ProofToken::from_entropy([0; 26]),
            judged: Vec::new(),
        };
        assert_eq!(plan.probed().len(), MOST_PROBED);
    }
}
