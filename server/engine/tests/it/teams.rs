//! Teams: invitations, roles, and the last owner.

use engine::portal::{InviteView, Place, Refusal, SignUp, TeamView};
use protocol::ids::{TeamId, UserId};
use store::{
    teams::{TeamRole, find_membership},
    testing::on_each_database,
};

use crate::{
    house::{House, seconds},
    portal_desk::{Desk, PASSWORD, stranger},
};

impl Desk<'_> {
    async fn team(&self) -> TeamView {
        let view = self.house.engine.team_view(&self.visit(), None).await;
        view.expect("a page").1
    }

    async fn invite(&mut self, team: &TeamId, email: &str, role: &str) -> Vec<String> {
        let (visit, token) = (self.visit(), self.token("team"));
        let engine = &self.house.engine;
        let answer = engine.invite_to_team(&visit, &token, team, email, role);
        let answer = answer.await;
        self.follow(answer);
        self.said()
    }

    /// Invites Petras with a role; answers the link of his letter.
    async fn invite_petras(&mut self, team: &TeamId, role: &str) -> String {
        self.invite(team, "petras@shop.example", role).await;
        self.house.letter_to("petras@shop.example").await.link
    }

    /// Where an invitation leads whoever is not signed in, as the form to sign up carries it.
    async fn way_to(&self, link: &str) -> String {
        let view = self.house.engine.invite_view(&self.visit(), link).await;
        let Err(Refusal::SignIn(place)) = view else {
            panic!("nobody is signed in");
        };
        self.house.engine.sealed_place(&place)
    }

    async fn accept(&mut self, link: &str) -> String {
        let (visit, token) = (self.visit(), self.token("invite"));
        let answer = self.house.engine.accept_invite(&visit, &token, link).await;
        self.follow(answer)
    }

    async fn give_role(&mut self, team: &TeamId, user: &UserId, role: &str) -> Vec<String> {
        let (visit, token) = (self.visit(), self.token("team"));
        let engine = &self.house.engine;
        let answer = engine.change_team_role(&visit, &token, team, user, role);
        let answer = answer.await;
        self.follow(answer);
        self.said()
    }

    async fn remove(&mut self, team: &TeamId, user: &UserId) -> Vec<String> {
        let (visit, token) = (self.visit(), self.token("team"));
        let engine = &self.house.engine;
        let answer = engine.remove_from_team(&visit, &token, team, user).await;
        self.follow(answer);
        self.said()
    }
}

#[tokio::test]
async fn somebody_is_invited_signs_up_and_joins() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let mut milda = Desk::new(&house);
        let app = milda.arrive("milda@shop.example").await;
        let team = milda.team().await.id;
        // Who decides about people proves it first.
        assert_eq!(
            milda
                .invite(&team, "petras@shop.example", "developer")
                .await,
            ["enrol-first"]
        );
        milda.enrol().await;
        assert_eq!(
            milda.invite(&team, "nonsense", "developer").await,
            ["email-malformed"]
        );
        assert_eq!(
            milda.invite(&team, "p@shop.example", "king").await,
            ["team-role"]
        );
        assert_eq!(
            milda.invite(&team, "MILDA@shop.example", "read").await,
            ["in-team-already"]
        );
        assert_eq!(
            milda
                .invite(&team, "petras@shop.example", "developer")
                .await,
            ["team-invited"]
        );
        let link = house.letter_to("petras@shop.example").await.link;
        assert_eq!(milda.team().await.invites.len(), 1);

        let mut other = Desk::at(&house, "198.51.100.9");
        other.arrive("other@other.example").await;
        let view = house.engine.invite_view(&other.visit(), &link).await;
        assert_eq!(view.unwrap().1, InviteView::OtherAddress);
        other.accept(&link).await;
        assert!(other.member(&app).await.is_err());

        let mut petras = Desk::at(&house, "198.51.100.7");
        let view = house.engine.invite_view(&petras.visit(), &link).await;
        assert!(matches!(view, Err(Refusal::SignIn(_))));
        house.later(seconds(1));
        petras.arrive("petras@shop.example").await;
        let page = petras.accept(&link).await;
        assert_eq!(page, format!("/developer/team?team={team}"));
        assert_eq!(petras.member(&app).await.unwrap().role, TeamRole::Developer);
        assert_eq!(petras.team().await.teams.len(), 2, "there is a switch now");
        let view = house.engine.invite_view(&petras.visit(), &link).await;
        assert_eq!(view.unwrap().1, InviteView::Member(team.clone()));
        // A developer changes apps, not people.
        petras.enrol().await;
        assert_eq!(
            petras.invite(&team, "x@shop.example", "owner").await,
            ["owners-only"]
        );
        let audit = house
            .engine
            .team_audit(&milda.visit(), Some(team.clone()))
            .await;
        let events = audit.unwrap().1.events;
        assert!(events.iter().any(|event| event.action == "team.joined"));
        let foreign = house
            .engine
            .team_audit(&other.visit(), Some(team.clone()))
            .await;
        assert!(matches!(foreign, Err(Refusal::NotFound)));
        let foreign = house.engine.team_view(&other.visit(), Some(team)).await;
        assert!(matches!(foreign, Err(Refusal::NotFound)));
    })
    .await;
}

#[tokio::test]
async fn an_invitation_runs_out_and_can_be_taken_back() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let mut milda = Desk::new(&house);
        milda.arrive("milda@shop.example").await;
        milda.enrol().await;
        let team = milda.team().await.id;
        let mut petras = Desk::at(&house, "198.51.100.7");
        petras.arrive("petras@shop.example").await;
        let first = milda.invite_petras(&team, "read").await;
        house.later(seconds(1));
        let second = milda.invite_petras(&team, "read").await;
        let view = house.engine.invite_view(&petras.visit(), &first).await;
        assert_eq!(view.unwrap().1, InviteView::Over, "the newer one counts");
        let invite = milda.team().await.invites[0].id.clone();
        let (visit, token) = (milda.visit(), milda.token("team"));
        for said in ["team-invite-taken-back", "invite-gone"] {
            let answer = house
                .engine
                .take_invite_back(&visit, &token, &team, &invite)
                .await;
            milda.follow(answer);
            assert_eq!(milda.said(), [said]);
        }
        let view = house.engine.invite_view(&petras.visit(), &second).await;
        assert_eq!(view.unwrap().1, InviteView::Over);
        let third = milda.invite_petras(&team, "read").await;
        house.later(seconds(7 * 24 * 3600));
        let view = house.engine.invite_view(&petras.visit(), &third).await;
        assert_eq!(view.unwrap().1, InviteView::Over);
        petras.accept(&third).await;
        let member = find_membership(db.store.reader(), &team, &petras.user()).await;
        assert_eq!(member, Ok(None));
    })
    .await;
}

#[tokio::test]
async fn a_team_keeps_an_owner() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let mut milda = Desk::new(&house);
        milda.arrive("milda@shop.example").await;
        milda.enrol().await;
        let (team, me) = (milda.team().await.id, milda.user());
        assert_eq!(milda.give_role(&team, &me, "read").await, ["last-owner"]);
        assert_eq!(milda.remove(&team, &me).await, ["last-owner"]);
        let mut petras = Desk::at(&house, "198.51.100.7");
        petras.arrive("petras@shop.example").await;
        house.later(seconds(1));
        let link = milda.invite_petras(&team, "developer").await;
        petras.accept(&link).await;
        let other = petras.user();
        assert_eq!(milda.remove(&team, &me).await, ["last-owner"]);
        assert_eq!(
            milda.give_role(&team, &other, "owner").await,
            ["team-role-changed"]
        );
        assert_eq!(
            milda.give_role(&team, &me, "read").await,
            ["team-role-changed"]
        );
        assert_eq!(
            milda.give_role(&team, &other, "read").await,
            ["owners-only"]
        );
        assert_eq!(milda.remove(&team, &other).await, ["owners-only"]);
        // Everybody may go.
        assert!(milda.remove(&team, &me).await.is_empty());
        let member = find_membership(db.store.reader(), &team, &me).await;
        assert_eq!(member, Ok(None));
    })
    .await;
}

#[tokio::test]
async fn what_was_typed_waits_while_a_code_is_given() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let mut milda = Desk::new(&house);
        milda.arrive("milda@shop.example").await;
        let (seed, _) = milda.enrol().await;
        let team = milda.team().await.id;
        // The code of the enrolment is too long ago.
        house.later(seconds(301));
        let (visit, token) = (milda.visit(), milda.token("team"));
        let engine = &house.engine;
        let answer = engine.invite_to_team(&visit, &token, &team, "petras@shop.example", "read");
        let page = milda.follow(answer.await);
        let next = page.split_once("?next=").expect("a way on").1.to_owned();
        assert!(page.starts_with("/developer/confirm?"), "{page}");
        // A mistake does not lose it either.
        milda.type_code(Place::Confirm, &next, "000000").await;
        let code = house.totp(&seed);
        let page = milda.type_code(Place::Confirm, &next, &code).await;
        assert_eq!(page, format!("/developer/team?team={team}"));
        let flash = milda.state.flash.clone().expect("what was typed");
        assert_eq!(flash.typed.get("email"), "petras@shop.example");
        assert_eq!(flash.typed.get("role"), "read");
        assert_eq!(milda.said(), ["code-given"]);
        assert_eq!(milda.state.held, None);
        let said = milda.invite(&team, "petras@shop.example", "read").await;
        assert_eq!(said, ["team-invited"]);
    })
    .await;
}

#[tokio::test]
async fn an_invited_stranger_comes_to_the_invitation_by_signing_up() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let mut milda = Desk::new(&house);
        milda.arrive("milda@shop.example").await;
        milda.enrol().await;
        let team = milda.team().await.id;
        let link = milda.invite_petras(&team, "developer").await;

        let mut petras = Desk::at(&house, "198.51.100.7");
        let next = petras.way_to(&link).await;
        house.later(seconds(1));
        // A mistake on the way does not lose it.
        let mistaken = SignUp {
            next: next.clone(),
            terms: false,
            ..stranger("petras@shop.example")
        };
        let page = petras.sign_up_as(mistaken).await;
        let next = page.strip_prefix("/signup?next=").expect("the same way");
        let again = SignUp {
            next: next.to_owned(),
            ..stranger("petras@shop.example")
        };
        assert_eq!(petras.sign_up_as(again).await, "/signup/check-mail");
        let code = house.letter_to("petras@shop.example").await.code;
        let page = petras.type_mail_code(&code).await;
        let sealed = page.strip_prefix("/developer/invite?token=");
        let sealed = sealed.expect("the invitation").to_owned();
        let view = house.engine.invite_view(&petras.visit(), &sealed).await;
        assert!(matches!(view.unwrap().1, InviteView::Good { .. }));
        let page = petras.accept(&sealed).await;
        assert_eq!(page, format!("/developer/team?team={team}"));
    })
    .await;
}

#[tokio::test]
async fn an_invited_stranger_who_confirms_on_the_phone_comes_to_the_invitation_there() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let mut milda = Desk::new(&house);
        let app = milda.arrive("milda@shop.example").await;
        milda.enrol().await;
        let team = milda.team().await.id;
        let link = milda.invite_petras(&team, "read").await;

        let mut desk = Desk::at(&house, "198.51.100.7");
        let next = desk.way_to(&link).await;
        house.later(seconds(1));
        let newcomer = SignUp {
            next,
            ..stranger("petras@shop.example")
        };
        assert_eq!(desk.sign_up_as(newcomer).await, "/signup/check-mail");
        let letter = house.letter_to("petras@shop.example").await;

        // The letter is read elsewhere. The password was not typed there, so it is asked for first.
        let mut phone = Desk::at(&house, "203.0.113.9");
        let page = phone.press_link(&letter.link).await;
        let next = page.strip_prefix("/login?next=").expect("the way to it");
        let next = next.to_owned();
        let page = phone
            .log_in_to(&next, "petras@shop.example", PASSWORD)
            .await;
        let sealed = page.strip_prefix("/developer/invite?token=");
        let sealed = sealed.expect("the invitation").to_owned();
        let page = phone.accept(&sealed).await;
        assert_eq!(page, format!("/developer/team?team={team}"));
        assert_eq!(phone.member(&app).await.unwrap().role, TeamRole::Read);

        // The browser where it began leads there too.
        let page = desk.type_mail_code(&letter.code).await;
        assert!(page.starts_with("/login?next="), "{page}");
    })
    .await;
}

#[tokio::test]
async fn an_invited_stranger_who_is_late_begins_anew_on_the_same_way() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let mut milda = Desk::new(&house);
        milda.arrive("milda@shop.example").await;
        milda.enrol().await;
        let team = milda.team().await.id;
        let link = milda.invite_petras(&team, "read").await;
        let mut petras = Desk::at(&house, "198.51.100.7");
        let next = petras.way_to(&link).await;
        let place = house.engine.opened_place(&next);
        house.later(seconds(1));
        let newcomer = SignUp {
            next,
            ..stranger("petras@shop.example")
        };
        petras.sign_up_as(newcomer).await;
        let code = house.letter_to("petras@shop.example").await.code;
        house.later(seconds(3600));
        let page = petras.type_mail_code(&code).await;
        let next = page.strip_prefix("/signup?next=").expect("the same way");
        // Sealed anew for each page, and the same place in all of them.
        let Place::Invite(again) = house.engine.opened_place(next) else {
            panic!("another place: {next}");
        };
        let Place::Invite(first) = place else {
            panic!("no invitation: {place:?}");
        };
        assert_eq!(again, first);
    })
    .await;
}
