//! The playground (D10): the whole flow as an app goes through it, with real pages and real
//! endpoints, and each request as it goes over the wire. A fault can be asked for, to see what an app
//! sees then.
//!
//! Between two requests the run lies sealed in the person's session ([`run`]); the back-channel
//! requests are sent by whoever wires the server ([`wire::Caller`]).

pub mod run;
pub mod wire;

use data_encoding::BASE64URL_NOPAD;
use protocol::{ids::AppId, time::Timestamp, trail::Endpoint};
use serde::Deserialize;
use serde_json::json;
use store::clients::find_client;

use super::{
    apps::PLAYGROUND_CALLBACK,
    form::{Complaint, Flash, Typed},
    place::Place,
    session::{PortalAnswer, PortalVisit},
    test_people::TestPerson,
    wall::{Member, Refusal},
};
use crate::Engine;

pub use run::{Came, Fault};
use run::{Run, keep};
use wire::{ApiCall, CodeExchange};
pub use wire::{Caller, Exchanged, WireRequest, WireResponse};

/// Name of all forms of the page.
const FORM: &str = "playground";

/// What a run may ask for.
pub const SCOPES: [&str; 4] = ["wallet", "ais", "wallet ais", TRANSFERS];

/// What a run must ask for that moves money.
const TRANSFERS: &str = "wallet transferFunds";

/// Longest client secret that is sent on.
const LONGEST_SECRET: usize = 200;

/// An API that is called with the token.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Api {
    /// The balance of the wallet.
    Balance,
    /// The accounts of account information.
    Accounts,
    /// Money moves.
    Transfer,
}

impl Api {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Balance, Self::Accounts, Self::Transfer];

    /// Its word in the form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Balance => "balance",
            Self::Accounts => "accounts",
            Self::Transfer => "transfer",
        }
    }

    /// RFC 9110 §9.
    pub const fn method(self) -> &'static str {
        match self {
            Self::Balance | Self::Accounts => "GET",
            Self::Transfer => "POST",
        }
    }

    /// Its address.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Balance => "/wallet/v1/balance",
            Self::Accounts => "/v1/accounts",
            Self::Transfer => "/wallet/v1/transfers",
        }
    }
}

/// The order of the playground, for a payee that everybody's documents name.
fn order(fault: Fault) -> String {
    let amount = match fault {
        Fault::TooLittleMoney => "1000000.00",
        _ => "1.00",
    };
    json!({
        "amount": amount,
        "currency": "EUR",
        "to": { "iban": "LT121000011101001000", "name": "UAB Elektra" },
        "reference": "Playground",
    })
    .to_string()
}

/// The page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlaygroundView {
    /// The app.
    pub app: AppId,
    /// What it is called.
    pub name: String,
    /// Where codes are caught.
    pub callback: String,
    /// Whether that is an address of the app's sandbox client.
    pub is_registered: bool,
    /// Whether the visitor may go through it.
    pub may_change: bool,
    /// Whether the client secret must be pasted.
    pub needs_secret: bool,
    /// Who can sign in.
    pub people: Vec<TestPerson>,
    /// The run, if one was begun.
    pub run: Option<RunView>,
}

/// A run as far as it went.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RunView {
    /// What is to go wrong.
    pub fault: Fault,
    /// What is asked for.
    pub scope: String,
    /// The authorize request: where the person is sent.
    pub address: String,
    /// The same as it goes over the wire.
    pub wire: String,
    /// RFC 7636 §4.1.
    pub verifier: String,
    /// What came back.
    pub came: Option<Came>,
    /// Whether it belongs to this request.
    pub is_answer: bool,
    /// Until when the code is good.
    pub code_until: Option<Timestamp>,
    /// Whether there is a code to exchange.
    pub has_code: bool,
    /// What the token endpoint said.
    pub exchanges: Vec<Exchanged>,
    /// Whether there is a token to call an API with.
    pub has_token: bool,
    /// What the APIs said.
    pub calls: Vec<Exchanged>,
}

/// Somebody who may go through it, on its page.
struct Player {
    here: Place,
    member: Member,
}

impl Engine {
    /// The page of the playground.
    ///
    /// # Errors
    /// When the visitor does not belong to the app's team, or storage failed.
    pub async fn playground(
        &self,
        visit: &PortalVisit,
        app: &AppId,
    ) -> Result<(Member, PlaygroundView), Refusal> {
        let here = Place::Playground(app.clone());
        let member = self.member(visit, app, &here).await?;
        let client = find_client(self.env.store.reader(), &member.app.sandbox_client).await?;
        let Some(client) = client.map(|record| record.client) else {
            return Err(Refusal::NotFound);
        };
        let callback = self.playground_callback_address();
        let run = self.run_of(visit, &member);
        let needs_secret = match run.as_ref().is_some_and(|run| run.secret.is_some()) {
            true => false,
            false => {
                let user = &member.person.user.id;
                self.shown_secret(&client.id, user).await?.is_none()
            }
        };
        let general = self.env.settings.lifetimes;
        let code_lifetime = general.with(&client.lifetimes).code;
        let view = PlaygroundView {
            app: member.app.id.clone(),
            name: member.app.name.clone(),
            is_registered: client
                .redirect_uris
                .iter()
                .any(|known| known.as_str() == callback),
            callback,
            may_change: member.may_change(),
            needs_secret,
            people: self
                .test_persons(&member.app.team_id, visit.locale())
                .await?,
            run: run.map(|run| self.run_view(run, code_lifetime)),
        };
        Ok((member, view))
    }

    fn run_view(&self, run: Run, code_lifetime: std::time::Duration) -> RunView {
        let base = &self.env.settings.public_url;
        let target = format!("{}?{}", Endpoint::Authorize.path(), run.authorize_query());
        let host = base.split("://").nth(1).unwrap_or_default();
        RunView {
            fault: run.fault,
            address: format!("{base}{target}"),
            wire: format!("GET {target} HTTP/1.1\nhost: {host}"),
            is_answer: run.came.as_ref().is_some_and(|came| run.is_answer(came)),
            has_code: run.code().is_some(),
            code_until: run.came_at.map(|at| at + code_lifetime),
            has_token: run.access_token.is_some(),
            scope: run.scope,
            verifier: run.verifier,
            came: run.came,
            exchanges: run.exchanges,
            calls: run.calls,
        }
    }

    /// The person builds a request.
    pub async fn playground_begin(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        app: &AppId,
        scope: &str,
        fault: Fault,
    ) -> PortalAnswer {
        let tried = self
            .try_playground_begin(visit, form_token, app, scope, fault)
            .await;
        self.portal_answer(visit, tried)
    }

    async fn try_playground_begin(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        app: &AppId,
        scope: &str,
        fault: Fault,
    ) -> Result<PortalAnswer, Refusal> {
        let Player { here, member } = self.player(visit, form_token, app).await?;
        let Some(scope) = SCOPES.into_iter().find(|known| *known == scope) else {
            let complaint = Complaint::about("scope", "playground-scope");
            return Ok(self.mend(visit, &here, FORM, Typed::default(), vec![complaint]));
        };
        let callback = self.playground_callback_address();
        let run = Run {
            user: member.person.user.id.clone(),
            app: member.app.id.clone(),
            client: member.app.sandbox_client.clone(),
            fault,
            scope: match fault {
                Fault::TooLittleMoney => TRANSFERS,
                _ => scope,
            }
            .to_owned(),
            redirect_uri: match fault {
                Fault::WrongRedirect => format!("{callback}/"),
                _ => callback,
            },
            state: BASE64URL_NOPAD.encode(&self.env.bytes::<16>()),
            verifier: BASE64URL_NOPAD.encode(&self.env.bytes::<32>()),
            came: None,
            came_at: None,
            exchanges: Vec::new(),
            calls: Vec::new(),
            access_token: None,
            // Pasted once, for as many runs as the person likes.
            secret: self.run_of(visit, &member).and_then(|run| run.secret),
        };
        Ok(PortalAnswer::to(&here).remembering(self.with_run(visit, &run)))
    }

    /// The browser comes back from the pages: what it brings is kept, and the address with the code
    /// in it is left at once.
    pub async fn playground_callback(&self, visit: &PortalVisit, came: Came) -> Refusal {
        let person = match self.person(visit, &Place::Home).await {
            Ok(person) => person,
            Err(refusal) => return refusal,
        };
        let Some(mut run) = self.playground_run(visit, &person.user.id) else {
            return PortalAnswer::to(&Place::Home).into();
        };
        let page = Place::Playground(run.app.clone());
        run.take_in(came, self.env.now());
        PortalAnswer::to(&page)
            .remembering(self.with_run(visit, &run))
            .into()
    }

    /// The person exchanges the code, with a secret that was pasted, now or before, or that can
    /// still be seen.
    pub async fn playground_exchange(
        &self,
        visit: &PortalVisit,
        caller: &dyn Caller,
        form_token: &str,
        app: &AppId,
        pasted: &str,
    ) -> PortalAnswer {
        let tried = self
            .try_playground_exchange(visit, caller, form_token, app, pasted.trim())
            .await;
        self.portal_answer(visit, tried)
    }

    async fn try_playground_exchange(
        &self,
        visit: &PortalVisit,
        caller: &dyn Caller,
        form_token: &str,
        app: &AppId,
        pasted: &str,
    ) -> Result<PortalAnswer, Refusal> {
        let player = self.player(visit, form_token, app).await?;
        let (mut run, code) = self.run_with_a(visit, &player, Run::code)?;
        let Player { here, member } = player;
        let secret = match run.secret.clone() {
            _ if !pasted.is_empty() => Some(pasted.to_owned()),
            Some(kept) => Some(kept),
            None => {
                let user = &member.person.user.id;
                let shown = self.shown_secret(&run.client, user).await?;
                shown.map(|secret| secret.text)
            }
        };
        let Some(secret) = secret.filter(|secret| secret.len() <= LONGEST_SECRET) else {
            let complaint = Complaint::about("secret", "playground-secret");
            return Ok(self.mend(visit, &here, FORM, Typed::default(), vec![complaint]));
        };
        let times = if run.fault == Fault::UsedCode { 2 } else { 1 };
        for _ in 0..times {
            self.exchange_once(visit, caller, &mut run, &secret, &code)
                .await;
        }
        let is_known = run.exchanges.last().is_some_and(|last| last.status != 401);
        run.secret = is_known.then_some(secret);
        Ok(PortalAnswer::to(&here).remembering(self.with_run(visit, &run)))
    }

    async fn exchange_once(
        &self,
        visit: &PortalVisit,
        caller: &dyn Caller,
        run: &mut Run,
        secret: &str,
        code: &str,
    ) {
        let exchange = CodeExchange {
            base: &self.env.settings.public_url,
            client: &run.client,
            secret,
            code,
            redirect_uri: &run.redirect_uri,
            verifier: &run.verifier,
        };
        let request = exchange.request(visit.address);
        let response = caller.call(request.clone()).await;
        let shown = exchange.shown(&request, &response);
        if let Some(token) = access_token(&response) {
            run.access_token = Some(token);
        }
        keep(&mut run.exchanges, shown);
    }

    /// The person calls an API with the token.
    pub async fn playground_call(
        &self,
        visit: &PortalVisit,
        caller: &dyn Caller,
        form_token: &str,
        app: &AppId,
        api: Api,
    ) -> PortalAnswer {
        let tried = self
            .try_playground_call(visit, caller, form_token, app, api)
            .await;
        self.portal_answer(visit, tried)
    }

    async fn try_playground_call(
        &self,
        visit: &PortalVisit,
        caller: &dyn Caller,
        form_token: &str,
        app: &AppId,
        api: Api,
    ) -> Result<PortalAnswer, Refusal> {
        let player = self.player(visit, form_token, app).await?;
        let (mut run, token) =
            self.run_with_a(visit, &player, |run| run.access_token.as_deref())?;
        let key = || BASE64URL_NOPAD.encode(&self.env.bytes::<16>());
        let call = ApiCall {
            method: api.method(),
            path: api.path(),
            order: (api == Api::Transfer).then(|| (order(run.fault), key())),
        };
        let request = call.request(&token, visit.address);
        let response = caller.call(request.clone()).await;
        let base = &self.env.settings.public_url;
        keep(&mut run.calls, call.shown(base, &request, &response));
        Ok(PortalAnswer::to(&player.here).remembering(self.with_run(visit, &run)))
    }

    /// Whoever sent a form of the page, if they may.
    async fn player(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        app: &AppId,
    ) -> Result<Player, Refusal> {
        let here = Place::Playground(app.clone());
        let member = self.editor(visit, app, &here).await?;
        match self.is_portal_form(visit, FORM, form_token) {
            true => Ok(Player { here, member }),
            false => {
                let answer = self.send_again(visit, &here, FORM, Typed::default());
                Err(answer.into())
            }
        }
    }

    /// The run, with the thing in it that the next step needs.
    fn run_with_a(
        &self,
        visit: &PortalVisit,
        player: &Player,
        thing: impl FnOnce(&Run) -> Option<&str>,
    ) -> Result<(Run, String), Refusal> {
        let found = self.run_of(visit, &player.member).and_then(|run| {
            let thing = thing(&run)?.to_owned();
            Some((run, thing))
        });
        found.ok_or_else(|| {
            let flash = Flash::note(FORM, "playground-nothing", Typed::default());
            self.leave(visit, &player.here, flash).into()
        })
    }

    /// The run of this session, if it is one of this app's.
    fn run_of(&self, visit: &PortalVisit, member: &Member) -> Option<Run> {
        self.playground_run(visit, &member.person.user.id)
            .filter(|run| run.app == member.app.id && run.client == member.app.sandbox_client)
    }

    fn playground_callback_address(&self) -> String {
        format!("{}{PLAYGROUND_CALLBACK}", self.env.settings.public_url)
    }
}

/// RFC 6749 §5.1.
fn access_token(response: &WireResponse) -> Option<String> {
    let body: serde_json::Value = serde_json::from_str(&response.body).ok()?;
    Some(body.get("access_token")?.as_str()?.to_owned())
}
