//! Clients and the audit trail as admins see them, and the walls around it.

use engine::{
    portal::{Flash, Place, Refusal},
    review::{ClientQuery, ClientView, ResumeForm, SuspendForm, Suspension},
};
use protocol::{
    client::{ClientStatus, Environment},
    ids::{AppId, ClientId},
    locale::Locale,
    registration::review::{SuspendCode, SuspendMode},
};
use store::{
    apps::find_app,
    clients::find_client,
    teams::{MembershipRecord, TeamRole, insert_membership},
    testing::{execute, on_each_database},
    users::advance_user_locale,
};

use crate::{
    house::{House, access_token, seconds},
    portal_desk::{Desk, other_code},
};

const REASON: &str = "Its server was taken over.\nWe saw foreign requests.";

/// A developer with an app, whose sandbox client is what the desk is about.
struct Story<'h> {
    house: &'h House,
    team: Desk<'h>,
    app: AppId,
    client: ClientId,
}

impl<'h> Story<'h> {
    async fn begin(house: &'h House) -> Self {
        let mut team = Desk::new(house);
        let app = team.arrive("milda@shop.example").await;
        let record = find_app(house.store.reader(), &app).await;
        let client = record.unwrap().expect("an app").sandbox_client;
        Self {
            house,
            team,
            app,
            client,
        }
    }

    async fn join(&self, desk: &Desk<'_>) {
        let app = find_app(self.house.store.reader(), &self.app).await;
        let membership = MembershipRecord {
            team_id: app.unwrap().expect("an app").team_id,
            user_id: desk.user(),
            role: TeamRole::Read,
            created_at: self.house.now(),
        };
        self.house
            .write(move |tx| Box::pin(async move { insert_membership(tx, &membership).await }))
            .await;
    }

    async fn status(&self) -> (ClientStatus, u32) {
        let record = find_client(self.house.store.reader(), &self.client).await;
        let record = record.unwrap().expect("a client");
        (record.client.status, record.version)
    }

    /// Everything filled in as it should be.
    async fn form(&self, mode: &str) -> SuspendForm {
        let record = find_client(self.house.store.reader(), &self.client).await;
        let record = record.unwrap().expect("a client");
        SuspendForm {
            version: record.version,
            mode: mode.to_owned(),
            why: "security".to_owned(),
            reason: REASON.to_owned(),
            name: record.client.name,
            code: String::new(),
        }
    }

    /// Sends the form; answers where it leads. What it says is left for the page.
    async fn suspend(&self, desk: &mut Desk<'_>, form: SuspendForm) -> String {
        let token = desk.token("suspend");
        let (engine, visit) = (&self.house.engine, desk.visit());
        let answer = engine.suspend_app(&visit, &token, &self.client, form).await;
        desk.follow(answer)
    }

    async fn resume(&self, desk: &mut Desk<'_>, reason: &str) -> String {
        let form = ResumeForm {
            version: self.status().await.1,
            reason: reason.to_owned(),
            code: String::new(),
        };
        let token = desk.token("resume");
        let (engine, visit) = (&self.house.engine, desk.visit());
        let answer = engine.resume_app(&visit, &token, &self.client, form).await;
        desk.follow(answer)
    }

    /// Why the app is switched off, as its team reads it.
    async fn suspensions(&self) -> Vec<Suspension> {
        let member = self.team.member(&self.app).await.unwrap();
        let (engine, visit) = (&self.house.engine, self.team.visit());
        let view = engine.app_overview(&visit, &member).await;
        view.unwrap().suspensions
    }

    /// The page of the client, as an admin reads it.
    async fn seen_by(&self, admin: &Desk<'_>) -> ClientView {
        let here = Place::Client(self.client.clone());
        let (engine, visit) = (&self.house.engine, admin.visit());
        let view = engine.client_view(&visit, &self.client, &here).await;
        view.unwrap()
    }

    fn page(&self) -> String {
        Place::Client(self.client.clone()).path()
    }

    fn form_page(&self) -> String {
        Place::SuspendClient(self.client.clone()).path()
    }
}

/// What the last form left for its page.
fn left(desk: &Desk<'_>) -> Flash {
    desk.state.flash.clone().expect("a flash")
}

#[tokio::test]
async fn for_everybody_else_there_are_no_clients_and_no_trail() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let story = Story::begin(&house).await;
        let engine = &house.engine;
        let here = Place::Client(story.client.clone());

        // The developer of the very app, and somebody who is not signed in.
        let developer = story.team.visit();
        let nobody = Desk::at(&house, "192.0.2.99").visit();
        let client = engine.client_view(&developer, &story.client, &here).await;
        assert!(matches!(client, Err(Refusal::NotFound)));
        let client = engine.client_view(&nobody, &story.client, &here).await;
        assert!(matches!(client, Err(Refusal::SignIn(_))));
        let clients = engine
            .clients_page(&developer, ClientQuery::default())
            .await;
        assert!(matches!(clients, Err(Refusal::NotFound)));
        let trail = engine.audit_page(&developer, Default::default()).await;
        assert!(matches!(trail, Err(Refusal::NotFound)));

        // Their forms lead nowhere.
        let (form, mut desk) = (story.form("end").await, Desk::new(&house));
        desk.state = story.team.state.clone();
        assert_eq!(story.suspend(&mut desk, form).await, "problem not_found");
        desk.state = story.team.state.clone();
        let back = story.resume(&mut desk, REASON).await;
        assert_eq!(back, "problem not_found");
        assert_eq!(story.status().await.0, ClientStatus::Active);
        let token = story.team.token("audit");
        let query = Default::default();
        let format = engine::audit::ExportFormat::Csv;
        let export = engine
            .export_audit(&developer, &token, &query, format)
            .await;
        assert!(matches!(export.err(), Some(Refusal::NotFound)));
    })
    .await;
}

#[tokio::test]
async fn a_suspension_is_said_to_everybody_whom_it_concerns() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let story = Story::begin(&house).await;
        house.later(seconds(1));
        let colleague = house.developer("jonas").await;
        let app = find_app(db.store.reader(), &story.app).await;
        let membership = MembershipRecord {
            team_id: app.unwrap().expect("an app").team_id,
            user_id: colleague.clone(),
            role: TeamRole::Developer,
            created_at: house.now(),
        };
        house
            .write(move |tx| {
                Box::pin(async move {
                    insert_membership(tx, &membership).await?;
                    let _ = advance_user_locale(tx, &colleague, Locale::Lt).await?;
                    Ok(())
                })
            })
            .await;
        let (mut ona, _) = Desk::admin(&house, "ona").await;
        let form = story.form("pause").await;
        house.later(seconds(1));
        assert_eq!(story.suspend(&mut ona, form).await, story.page());
        assert_eq!(ona.said(), ["client-suspended"]);

        // Each in their own language, with the reason and the way to the page.
        let letters = house.engine.mailbox(20).await.unwrap();
        for (recipient, subject) in [
            ("milda@shop.example", "is switched off"),
            ("jonas@mail.test", "išjungta"),
        ] {
            let letter = letters.iter().find(|letter| letter.recipient == recipient);
            let letter = letter.expect("a letter");
            assert!(letter.subject.ends_with(subject), "{}", letter.subject);
            assert!(letter.body_text.contains(REASON));
            assert!(letter.body_text.contains(story.client.as_str()));
            let page = Place::App(story.app.clone()).path();
            assert!(letter.body_text.contains(&page));
        }

        // On the page of the app, for its team.
        let suspensions = story.suspensions().await;
        assert_eq!(suspensions.len(), 1);
        assert_eq!(suspensions[0].environment, Environment::Sandbox);
        assert_eq!(suspensions[0].mode, SuspendMode::Pause);
        assert_eq!(suspensions[0].code, Some(SuspendCode::Security));
        assert_eq!(suspensions[0].reason.as_deref(), Some(REASON));
        assert_eq!(suspensions[0].since, Some(house.now()));

        // And on the admin's, with who it was.
        let view = story.seen_by(&ona).await;
        assert_eq!(view.suspension.as_ref(), suspensions.first());
        let newest = view.history.first().expect("an event");
        assert_eq!(newest.event.action, "client.suspended");
        assert_eq!(newest.actor.as_ref().expect("a person").name, "ona");
        assert_eq!(
            newest.object_page,
            Some(Place::Client(story.client.clone()))
        );
        assert!(newest.facts.contains(&("reason".into(), REASON.into())));
        let app = view.app.expect("an app");
        let people: Vec<&str> = app.people.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(people, ["Milda", "jonas"]);

        house.later(seconds(1));
        let back = story.resume(&mut ona, "The server is theirs again.").await;
        assert_eq!(back, story.page());
        assert_eq!(ona.said(), ["client-resumed"]);
        assert!(story.suspensions().await.is_empty());
        let letter = house.letter_to("milda@shop.example").await;
        assert!(letter.subject.ends_with("is switched on again"));
    })
    .await;
}

#[tokio::test]
async fn what_the_command_line_switched_off_is_a_pause_without_a_reason() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let story = Story::begin(&house).await;
        house.engine.suspend_client(&story.client).await.unwrap();
        let suspensions = story.suspensions().await;
        assert_eq!(suspensions[0].mode, SuspendMode::Pause);
        assert_eq!(suspensions[0].reason, None);
        assert_eq!(suspensions[0].by.as_deref(), Some("operator"));
    })
    .await;
}

#[tokio::test]
async fn nobody_acts_on_a_client_of_their_own_team() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let story = Story::begin(&house).await;
        let (mut own, _) = Desk::admin(&house, "petras").await;
        story.join(&own).await;
        assert!(story.seen_by(&own).await.is_own);
        let form = story.form("pause").await;
        assert_eq!(story.suspend(&mut own, form).await, story.form_page());
        assert_eq!(left(&own).typed.get("reason"), REASON);
        assert_eq!(own.said(), ["review-own-app"]);
        assert_eq!(story.status().await.0, ClientStatus::Active);

        house.engine.suspend_client(&story.client).await.unwrap();
        story.resume(&mut own, REASON).await;
        assert_eq!(own.said(), ["review-own-app"]);
        assert_eq!(story.status().await.0, ClientStatus::Suspended);
    })
    .await;
}

#[tokio::test]
async fn a_code_is_due_when_the_last_one_is_too_long_ago() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let story = Story::begin(&house).await;
        let (mut ona, seed) = Desk::admin(&house, "ona").await;
        house.later(house.engine.env().settings.step_up);
        assert!(story.seen_by(&ona).await.needs_code);
        let form = story.form("end").await;

        // What else is wrong is told first: a code works once.
        let incomplete = SuspendForm {
            mode: String::new(),
            why: "because".to_owned(),
            reason: "short".to_owned(),
            name: "another".to_owned(),
            code: house.totp(&seed),
            ..form.clone()
        };
        story.suspend(&mut ona, incomplete).await;
        let said = ona.said();
        let all = [
            "suspend-mode-missing",
            "suspend-why-missing",
            "reason-length",
            "app-name-differs",
        ];
        assert_eq!(said, all);

        story.suspend(&mut ona, form.clone()).await;
        assert_eq!(left(&ona).typed.get("reason"), REASON);
        assert_eq!(ona.said(), ["code-missing"]);
        let wrong = SuspendForm {
            code: other_code(&house.totp(&seed)),
            ..form.clone()
        };
        story.suspend(&mut ona, wrong).await;
        assert_eq!(ona.said(), ["code-wrong"]);
        assert_eq!(story.status().await.0, ClientStatus::Active);

        let before = ona.renewals();
        let right = SuspendForm {
            code: house.totp(&seed),
            ..form
        };
        assert_eq!(story.suspend(&mut ona, right).await, story.page());
        assert_eq!(ona.said(), ["client-suspended"]);
        assert_eq!(ona.renewals(), before + 1, "a new session id");
    })
    .await;
}

#[tokio::test]
async fn an_old_page_does_nothing_and_loses_nothing() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let story = Story::begin(&house).await;
        let (mut ona, _) = Desk::admin(&house, "ona").await;
        let (mut petras, _) = Desk::admin(&house, "petras").await;
        let form = story.form("end").await;
        assert_eq!(
            story.suspend(&mut petras, story.form("pause").await).await,
            story.page()
        );

        // The other admin's page is from before; and the same form a second time.
        for desk in [&mut ona, &mut petras] {
            desk.state.flash = None;
            assert_eq!(story.suspend(desk, form.clone()).await, story.form_page());
            assert_eq!(left(desk).typed.get("reason"), REASON);
            assert_eq!(left(desk).typed.get("mode"), "end");
            assert_eq!(desk.said(), ["client-changed"]);
        }
        assert_eq!(story.suspensions().await[0].mode, SuspendMode::Pause);

        // A form of another site, and one whose token is of another form.
        let resume = ResumeForm {
            version: story.status().await.1,
            reason: REASON.to_owned(),
            code: String::new(),
        };
        let foreign = ona.token("suspend");
        let engine = &house.engine;
        let answer = engine
            .resume_app(&ona.visit(), &foreign, &story.client, resume.clone())
            .await;
        ona.follow(answer);
        assert_eq!(left(&ona).typed.get("reason"), REASON);
        assert_eq!(ona.said(), ["send-again"]);
        ona.same_origin = false;
        story.resume(&mut ona, REASON).await;
        assert_eq!(ona.said(), ["send-again"]);
        assert_eq!(story.status().await.0, ClientStatus::Suspended);
    })
    .await;
}

#[tokio::test]
async fn no_code_that_was_on_its_way_outlives_an_end() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let story = Story::begin(&house).await;
        let app = house.reviewed_app("shop").await;
        let person = house.person("jonas").await;
        let grant = house.grant(&app, &person, "wallet").await;
        let token = access_token(&house.tokens(&app, &person, "wallet").await);
        let (mut ona, _) = Desk::admin(&house, "ona").await;
        let story = Story {
            client: app.id.clone(),
            ..story
        };
        let held = story.seen_by(&ona).await.held;
        assert_eq!(
            (held.people, held.access_tokens, held.refresh_tokens),
            (1, 1, 1)
        );
        let form = story.form("end").await;
        story.suspend(&mut ona, form).await;
        assert_eq!(ona.said(), ["client-suspended"]);
        let held = story.seen_by(&ona).await.held;
        assert_eq!(
            (held.people, held.access_tokens, held.refresh_tokens),
            (0, 0, 0)
        );
        assert!(house.exchange(&app, &grant).await.is_err());
        story.resume(&mut ona, REASON).await;
        assert_eq!(ona.said(), ["client-resumed"]);
        assert!(house.exchange(&app, &grant).await.is_err());
        assert!(!house.is_active(&app, &token).await);
    })
    .await;
}

#[tokio::test]
async fn clients_are_found_by_name_and_id_page_by_page() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let story = Story::begin(&house).await;
        let person = house.person("jonas").await;
        for number in 10..70 {
            let app = house
                .app_with(&format!("many-{number}"), |record| {
                    record.client.name = format!("Žalia banga {number}");
                    if number == 12 {
                        record.client.status = ClientStatus::Suspended;
                    }
                })
                .await;
            if number < 13 {
                house.grant(&app, &person, "ais").await;
            }
        }
        let (ona, _) = Desk::admin(&house, "ona").await;
        let visit = ona.visit();
        let list = async |query: ClientQuery| {
            let page = house.engine.clients_page(&visit, query).await;
            page.expect("a page").1
        };
        let asked = |q: &str| ClientQuery {
            q: q.to_owned(),
            ..ClientQuery::default()
        };

        let before = db.store.statements();
        let first = list(asked("žalia BANGA")).await;
        assert!(db.store.statements() - before <= 8, "no statement a line");
        assert_eq!(first.lines.len(), 50);
        let second = list(first.next.expect("another page")).await;
        assert_eq!(second.lines.len(), 10);
        assert_eq!(second.next, None);
        let ids = first.lines.iter().chain(&second.lines);
        let ids: Vec<String> = ids.map(|line| line.id.to_string()).collect();
        let all: Vec<String> = (10..70).map(|number| format!("many-{number}")).collect();
        assert_eq!(ids, all);
        let people: Vec<u64> = first.lines[..4].iter().map(|line| line.people).collect();
        assert_eq!(people, [1, 1, 1, 0]);

        let off = list(ClientQuery {
            state: "suspended".to_owned(),
            ..ClientQuery::default()
        })
        .await;
        assert_eq!(off.lines.len(), 1);
        assert_eq!(off.lines[0].id.as_str(), "many-12");
        let live = list(ClientQuery {
            environment: "live".to_owned(),
            ..ClientQuery::default()
        })
        .await;
        assert!(live.lines.is_empty());
        let own = list(asked(story.client.as_str())).await;
        assert_eq!(own.lines.len(), 1);
        assert!(own.lines[0].team.is_some());
        assert!(list(asked("100%")).await.lines.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_secret_is_on_no_page_of_an_admin() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let story = Story::begin(&house).await;
        let (ona, _) = Desk::admin(&house, "ona").await;
        let view = story.seen_by(&ona).await;
        assert_eq!(view.secrets.len(), 1);
        assert!(view.secrets[0].last_four.is_some());
        assert!(!format!("{view:?}").contains("cs_sk_"));
        // The maker is somebody of the team; one that left is unknown, not a mistake.
        assert_eq!(view.secrets[0].created_by.as_deref(), Some("Milda"));
        house
            .write(|tx| {
                Box::pin(async move {
                    execute(tx, "UPDATE client_secrets SET created_by = 'gone'").await
                })
            })
            .await;
        assert_eq!(story.seen_by(&ona).await.secrets[0].created_by, None);
    })
    .await;
}
