//! A developer who fills in the registration of an app and sends it, and the admins of the review desk:
//! what the stories of the review begin with.

use engine::{
    portal::Place,
    review::{CaseAct, CaseRecord, CaseView, DecisionForm, FieldForm},
};
use protocol::{
    ids::{AppId, CheckId, ClientId},
    registration::{
        checks::{CheckKind, CheckOutcome},
        domain_proof::ProofToken,
        review::Refusal,
    },
};
use store::{
    Advanced, Error,
    app_checks::{CheckRecord, upsert_check},
    apps::find_app,
    audit::find_audit_events,
    registrations::{
        RegistrationRecord, advance_registration, find_registration, insert_registration,
    },
    teams::{MembershipRecord, TeamRole, insert_membership},
};

use crate::{
    filled_in::registration,
    house::{House, seconds},
    portal_desk::Desk,
};

pub const MILDA: &str = "milda@shop.example";

pub const REASON: &str = "The licence number is not in the register.";

/// A developer with an app whose registration is filled in, and who sends it.
pub struct Story<'h> {
    pub house: &'h House,
    pub team: Desk<'h>,
    pub app: AppId,
}

impl<'h> Story<'h> {
    pub async fn filled_in(house: &'h House, scopes: &[&str]) -> Self {
        Self::of(house, MILDA, scopes).await
    }

    /// The same for another developer.
    pub async fn of(house: &'h House, email: &str, scopes: &[&str]) -> Self {
        let mut team = Desk::new(house);
        let app = team.arrive(email).await;
        let story = Self { house, team, app };
        story.write_registration(&[], scopes).await;
        story.all_green().await;
        story
    }

    /// Fills in the registration, or changes it.
    pub async fn write_registration(&self, changes: &[(&str, &str)], scopes: &[&str]) {
        let scopes = scopes.iter().map(|scope| ("scope", *scope));
        let other: Vec<(&str, &str)> = changes.iter().copied().chain(scopes).collect();
        let registration = registration(&other);
        let known = find_registration(self.house.store.reader(), &self.app).await;
        let known = known.expect("an answer");
        let record = RegistrationRecord {
            app_id: self.app.clone(),
            registration,
            proof_token: ProofToken::from_entropy([0; 26]),
            version: known.as_ref().map_or(0, |known| known.version),
            updated_at: self.house.now(),
            updated_by: self.team.user(),
        };
        let written: Result<Advanced, Error> = self
            .house
            .store
            .write(move |tx| {
                Box::pin(async move {
                    match known {
                        None => insert_registration(tx, &record).await,
                        Some(_) => advance_registration(tx, &record).await,
                    }
                })
            })
            .await;
        assert_eq!(written.expect("written"), Advanced::Yes);
    }

    /// The automatic checks found nothing.
    pub async fn all_green(&self) {
        for kind in CheckKind::ALL {
            self.check(*kind, CheckOutcome::Pass).await;
        }
    }

    pub async fn check(&self, kind: CheckKind, outcome: CheckOutcome) {
        let now = self.house.now();
        let check = CheckRecord {
            id: CheckId::new(self.house.engine.env().id()),
            app_id: self.app.clone(),
            kind,
            target: match kind.is_remote() {
                true => "biudzetas.lt".to_owned(),
                false => String::new(),
            },
            expected: None,
            outcome,
            evidence: Vec::new(),
            attempts: 0,
            checked_at: Some(now),
            asked_at: None,
            next_at: None,
            expires_at: now + seconds(400 * 24 * 3600),
        };
        let written: Result<(), Error> = self
            .house
            .store
            .write(move |tx| Box::pin(async move { upsert_check(tx, &check).await }))
            .await;
        written.expect("written");
    }

    pub async fn send(&self) -> Result<CaseRecord, Refusal> {
        let member = self.team.member(&self.app).await.expect("their own app");
        let sent = self.house.engine.send_for_review(&member).await;
        sent.expect("storage works")
    }

    pub async fn case(&self) -> CaseRecord {
        let case = self.house.engine.case_of_app(&self.app).await;
        case.expect("storage works").expect("a case")
    }

    pub async fn act(&self, desk: &mut Desk<'_>, act: CaseAct) -> Vec<String> {
        let case = self.case().await;
        self.act_on(desk, act, case.version).await
    }

    pub async fn act_on(&self, desk: &mut Desk<'_>, act: CaseAct, version: u32) -> Vec<String> {
        self.house.later(seconds(1));
        let case = self.case().await;
        let token = desk.token("case");
        let visit = desk.visit();
        let engine = &self.house.engine;
        let answer = engine
            .act_on_case(&visit, &token, &case.id, version, act)
            .await;
        desk.follow(answer);
        desk.said()
    }

    pub async fn judge(&self, desk: &mut Desk<'_>, form: FieldForm) -> Vec<String> {
        let case = self.case().await;
        let token = desk.token("case");
        let form = FieldForm {
            version: case.version,
            ..form
        };
        let engine = &self.house.engine;
        let answer = engine
            .judge_field(&desk.visit(), &token, &case.id, form)
            .await;
        desk.follow(answer);
        desk.said()
    }

    pub async fn decide(&self, desk: &mut Desk<'_>, form: DecisionForm) -> Vec<String> {
        let version = self.case().await.version;
        self.decide_on(desk, DecisionForm { version, ..form }).await
    }

    pub async fn decide_on(&self, desk: &mut Desk<'_>, form: DecisionForm) -> Vec<String> {
        self.decided(desk, form).await;
        desk.said()
    }

    /// Where the decision leads.
    pub async fn decided(&self, desk: &mut Desk<'_>, form: DecisionForm) -> String {
        let case = self.case().await;
        let token = desk.token("decide");
        let engine = &self.house.engine;
        let answer = engine
            .decide_case(&desk.visit(), &token, &case.id, form)
            .await;
        desk.follow(answer)
    }

    /// An admin who also belongs to the team.
    pub async fn own_admin(&self, name: &str) -> Desk<'h> {
        let (own, _) = Desk::admin(self.house, name).await;
        let membership = MembershipRecord {
            team_id: self.team.member(&self.app).await.unwrap().app.team_id,
            user_id: own.user(),
            role: TeamRole::Read,
            created_at: self.house.now(),
        };
        let joined: Result<(), Error> = self
            .house
            .store
            .write(move |tx| Box::pin(async move { insert_membership(tx, &membership).await }))
            .await;
        joined.expect("a member");
        own
    }

    /// The page of the case, as this admin sees it.
    pub async fn page_for(&self, desk: &Desk<'_>) -> CaseView {
        let case = self.case().await.id;
        let page = Place::Case(case.clone());
        let engine = &self.house.engine;
        let view = engine.case_view(&desk.visit(), &case, &page).await;
        view.expect("an admin")
    }

    pub async fn letters(&self) -> Vec<(String, String)> {
        let letters = self.house.engine.mailbox(50).await.expect("letters");
        letters
            .into_iter()
            .map(|letter| (letter.subject, letter.body_text))
            .collect()
    }

    pub async fn actions(&self) -> Vec<String> {
        let object = format!("case:{}", self.case().await.id);
        let events = find_audit_events(self.house.store.reader(), &object, 50).await;
        let events = events.expect("events");
        events.into_iter().map(|event| event.action).collect()
    }

    pub async fn live_client(&self) -> Option<ClientId> {
        let app = find_app(self.house.store.reader(), &self.app).await;
        app.expect("an answer").expect("the app").live_client
    }
}

pub fn approve(scopes: &[&str]) -> DecisionForm {
    DecisionForm {
        decision: "approve".to_owned(),
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        ..DecisionForm::default()
    }
}

pub fn reject() -> DecisionForm {
    DecisionForm {
        decision: "reject".to_owned(),
        codes: vec!["unverified".to_owned()],
        reason: REASON.to_owned(),
        ..DecisionForm::default()
    }
}
