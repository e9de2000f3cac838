//! A developer registers an app: mistakes, colleagues, strangers.

use engine::{
    checks::Plan,
    portal::{Place, Refusal, SentTask, TaskState, registration::form_of},
};
use protocol::{
    form::RawForm,
    ids::AppId,
    registration::{
        Field, Registration, Task,
        checks::{CheckKind, CheckOutcome},
        domain_proof::ProofToken,
    },
};
use store::{
    registrations::find_registration,
    teams::{MembershipRecord, TeamRole, insert_membership},
    testing::on_each_database,
};

use crate::{
    filled_in::{form, registration},
    house::House,
    portal_desk::Desk,
};

impl Desk<'_> {
    /// How the task looks on this desk's screen now.
    async fn seen(&self, app: &AppId, task: Task) -> String {
        let member = self.member(app).await.expect("a member");
        let view = self.house.engine.task_view(&member, task).await;
        view.expect("a page").seen
    }

    async fn save_seen(&mut self, app: &AppId, task: Task, seen: String, form: RawForm) -> String {
        let sent = SentTask {
            form_token: self.token(form_of(task)),
            task,
            seen,
            add_row: false,
            form,
        };
        let answer = self.house.engine.save_task(&self.visit(), app, sent).await;
        self.follow(answer)
    }

    async fn save(&mut self, app: &AppId, task: Task, form: RawForm) -> String {
        let seen = self.seen(app, task).await;
        self.save_seen(app, task, seen, form).await
    }

    async fn states(&self, app: &AppId) -> Vec<TaskState> {
        let member = self.member(app).await.expect("a member");
        let setup = self.house.engine.setup_view(&member).await.expect("a page");
        setup.tasks.into_iter().map(|row| row.state).collect()
    }
}

impl House {
    /// Somebody joins the team of an app.
    async fn joins(&self, host: &Desk<'_>, app: &AppId, guest: &Desk<'_>, role: TeamRole) {
        let row = MembershipRecord {
            team_id: host.member(app).await.expect("a member").app.team_id,
            user_id: guest.user(),
            role,
            created_at: self.now(),
        };
        self.write(move |tx| Box::pin(async move { insert_membership(tx, &row).await }))
            .await;
    }
}

#[tokio::test]
async fn two_mistakes_are_told_at_once_and_what_was_typed_is_kept_until_they_are_mended() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let mut desk = Desk::new(&house);
        let app = desk.arrive("milda@shop.example").await;
        let wrong = form(Task::Business, &[("reg_no", "300060818"), ("postcode", "")]);
        let page = Place::Task(app.clone(), Task::Business).path();
        assert_eq!(desk.save(&app, Task::Business, wrong).await, page);
        let flash = desk.state.flash.take().expect("something to mend");
        let faults: Vec<&str> = flash.faults.iter().map(|fault| fault.kind.key()).collect();
        assert_eq!(faults, ["fault-company-code-checksum", "fault-missing"]);
        assert_eq!(flash.typed.get("organization"), "UAB Biudžetas");
        assert_eq!(flash.typed.get("reg_no"), "300060818");
        assert_eq!(find_registration(db.store.reader(), &app).await, Ok(None));

        let setup = Place::Setup(app.clone()).path();
        let saved = desk
            .save(&app, Task::Business, form(Task::Business, &[]))
            .await;
        assert_eq!(saved, setup);
        assert_eq!(desk.said(), ["register-saved"]);
        let states = desk.states(&app).await;
        assert_eq!(states[0], TaskState::Complete);
        assert!(
            states[1..]
                .iter()
                .all(|state| *state == TaskState::NotStarted)
        );

        // Taken up again another day: the form has what was saved.
        let member = desk.member(&app).await.expect("a member");
        let view = house
            .engine
            .task_view(&member, Task::Business)
            .await
            .expect("a page");
        assert_eq!(view.value(Field::RegNo), "300060819");
        assert_eq!(view.saved.expect("saved").by, "Milda");
    })
    .await;
}

#[tokio::test]
async fn a_complete_registration_is_checked_and_can_be_looked_at_as_a_whole() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let mut desk = Desk::new(&house);
        let app = desk.arrive("milda@shop.example").await;
        for task in Task::ALL {
            desk.save(&app, *task, form(*task, &[])).await;
            assert_eq!(desk.said(), ["register-saved"], "{task}");
        }
        assert_eq!(desk.states(&app).await, [TaskState::Complete; 6]);
        let member = desk.member(&app).await.expect("a member");
        let answers = house.engine.check_answers(&member).await.expect("a page");
        assert!(answers.is_ready());
        let outcome = |kind| {
            let check = answers.checks.iter().find(|check| check.kind == kind);
            check.expect("a check").outcome
        };
        assert_eq!(outcome(CheckKind::ScopeLicence), CheckOutcome::Pass);
        assert_eq!(outcome(CheckKind::DomainProof), CheckOutcome::Pending);

        let view = house
            .engine
            .task_view(&member, Task::Website)
            .await
            .expect("a page");
        let proof = view.proof.expect("a record");
        assert_eq!(proof.domain, "biudzetas.lt");
        assert!(proof.record.starts_with("countersign-verification="));
        let check = view
            .checks
            .iter()
            .find(|check| check.kind == CheckKind::DomainProof);
        let check = check.expect("a check").id.clone();
        let (page, token) = (
            Place::Task(app.clone(), Task::Website).path(),
            desk.token("check-now"),
        );
        for said in ["register-check-due", "register-check-too-soon"] {
            let answer = house
                .engine
                .ask_for_check(&desk.visit(), &token, &app, Task::Website, &check)
                .await;
            assert_eq!(desk.follow(answer), page);
            assert_eq!(desk.said(), [said]);
        }
        // The token stays, whatever is changed.
        let other = form(Task::Website, &[("website", "https://biudzetas.lt/en")]);
        desk.save(&app, Task::Website, other).await;
        let view = house
            .engine
            .task_view(&member, Task::Website)
            .await
            .expect("a page");
        assert_eq!(view.proof.expect("a record").record, proof.record);
    })
    .await;
}

#[tokio::test]
async fn as_much_is_checked_as_is_filled_in() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = Desk::new(&house).arrive("milda@shop.example").await;
        let planned = async |registration: &Registration| {
            let token = ProofToken::from_entropy([0; 26]);
            let plan = Plan::of(&app, registration, &token, &["Biudzetas"]);
            let checks = house.engine.plan_checks(plan).await.expect("a plan");
            let found = checks.into_iter().map(|check| (check.kind, check.outcome));
            let mut found: Vec<_> = found.collect();
            found.sort();
            found
        };
        let mut begun = Registration::default();
        assert_eq!(planned(&begun).await, []);
        let website = form(Task::Website, &[]);
        begun.save(Task::Website, &website).expect("a good form");
        let pending = |kind| (kind, CheckOutcome::Pending);
        let remote = [
            CheckKind::DomainProof,
            CheckKind::WebsiteTls,
            CheckKind::PolicyPages,
            CheckKind::PolicyPages,
        ];
        assert_eq!(planned(&begun).await, remote.map(pending));

        // An app on a device has no server behind its callbacks, and can be let in all the same.
        let native = registration(&[("redirect_uri", "com.biudzetas.app:/callback")]);
        let native = planned(&native).await;
        assert!(native.contains(&(CheckKind::CallbackTls, CheckOutcome::Pass)));

        let whole = planned(&registration(&[])).await;
        assert!(whole.contains(&pending(CheckKind::CallbackTls)));
        assert_eq!(whole.len(), 9);
        assert!(whole.contains(&(CheckKind::ScopeLicence, CheckOutcome::Pass)));
        assert!(!whole.contains(&(CheckKind::NameSimilarity, CheckOutcome::Pass)));
    })
    .await;
}

#[tokio::test]
async fn nobody_writes_over_what_a_colleague_wrote_into_the_same_task() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let mut milda = Desk::new(&house);
        let app = milda.arrive("milda@shop.example").await;
        let mut petras = Desk::at(&house, "192.0.2.21");
        petras.arrive("petras@shop.example").await;
        house
            .joins(&milda, &app, &petras, TeamRole::Developer)
            .await;

        let seen = milda.seen(&app, Task::Look).await;
        petras.save(&app, Task::Look, form(Task::Look, &[])).await;
        petras
            .save(&app, Task::Callbacks, form(Task::Callbacks, &[]))
            .await;
        let mine = form(Task::Look, &[("app_name", "Budgetly")]);
        let page = Place::Task(app.clone(), Task::Look).path();
        let went = milda.save_seen(&app, Task::Look, seen, mine).await;
        assert_eq!(went, page);
        let flash = milda.state.flash.clone().expect("a conflict");
        assert_eq!(flash.note.as_deref(), Some("register-conflict"));
        assert_eq!(flash.typed.get("app_name"), "Budgetly");
        let member = milda.member(&app).await.expect("a member");
        let view = house
            .engine
            .task_view(&member, Task::Look)
            .await
            .expect("a page");
        assert_eq!(view.value(Field::AppName), "Biudžetas");

        // Having seen it, she may; and another task of the colleague was no conflict.
        let mine = form(Task::Look, &[("app_name", "Budgetly")]);
        milda.save(&app, Task::Look, mine).await;
        let view = house
            .engine
            .task_view(&member, Task::Look)
            .await
            .expect("a page");
        assert_eq!(view.value(Field::AppName), "Budgetly");
        let seen = milda.seen(&app, Task::Purpose).await;
        petras
            .save(&app, Task::Website, form(Task::Website, &[]))
            .await;
        let purpose = form(Task::Purpose, &[]);
        milda.save_seen(&app, Task::Purpose, seen, purpose).await;
        assert_eq!(milda.said(), ["register-saved"]);
    })
    .await;
}

#[tokio::test]
async fn one_more_row_saves_nothing_and_keeps_what_was_typed() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let mut desk = Desk::new(&house);
        let app = desk.arrive("milda@shop.example").await;
        let sent = SentTask {
            form_token: desk.token(form_of(Task::Callbacks)),
            task: Task::Callbacks,
            seen: desk.seen(&app, Task::Callbacks).await,
            add_row: true,
            form: form(
                Task::Callbacks,
                &[("redirect_uri", "https://shop.example/#no")],
            ),
        };
        let answer = house.engine.save_task(&desk.visit(), &app, sent).await;
        desk.follow(answer);
        let flash = desk.state.flash.take().expect("what was typed");
        assert_eq!(
            flash.typed.get("redirect_uri"),
            "https://shop.example/#no\n"
        );
        assert_eq!((flash.faults.len(), flash.note), (0, None));
        assert_eq!(find_registration(db.store.reader(), &app).await, Ok(None));
    })
    .await;
}

#[tokio::test]
async fn strangers_find_nothing_and_who_may_only_look_changes_nothing() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let mut milda = Desk::new(&house);
        let app = milda.arrive("milda@shop.example").await;
        let mut other = Desk::at(&house, "192.0.2.22");
        other.arrive("other@shop.example").await;
        assert!(matches!(other.member(&app).await, Err(Refusal::NotFound)));
        let look = || form(Task::Look, &[]);
        let seen = milda.seen(&app, Task::Look).await;
        let went = other
            .save_seen(&app, Task::Look, seen.clone(), look())
            .await;
        assert_eq!(went, "problem not_found");

        house.joins(&milda, &app, &other, TeamRole::Read).await;
        let went = other
            .save_seen(&app, Task::Look, seen.clone(), look())
            .await;
        assert_eq!(went, Place::App(app.clone()).path());
        assert_eq!(other.said(), ["read-only"]);

        // A form of another page, or of another site.
        milda.same_origin = false;
        milda.save_seen(&app, Task::Look, seen, look()).await;
        assert_eq!(milda.said(), ["send-again"]);
        assert_eq!(find_registration(db.store.reader(), &app).await, Ok(None));
    })
    .await;
}
