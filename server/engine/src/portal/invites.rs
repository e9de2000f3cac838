//! Invitations to a team (D12): a letter with a link, which the person of that address accepts. Whoever
//! else holds the link learns nothing but that it is not theirs.

use std::time::Duration;

use protocol::{
    authorization::ProblemKind,
    ids::{InviteId, TeamId},
    secret::InviteLink,
};
use serde_json::json;
use store::{
    Advanced,
    audit::insert_audit_event,
    outbox::insert_mail,
    team_invites::{
        InviteRecord, advance_invite_accepted, delete_invite, find_invite_by_link,
        find_open_invites, insert_invite,
    },
    teams::{
        MembershipRecord, TeamRecord, TeamRole, find_membership, find_memberships_of_team,
        find_team, insert_membership,
    },
    users::{UserRecord, find_user, folded},
};

use super::{
    form::{Complaint, Flash, Typed},
    place::Place,
    session::{PortalAnswer, PortalGo, PortalVisit},
    team::FORM as PAGE_FORM,
    wall::{Person, Refusal},
};
use crate::{Engine, error::Error, mails, register::is_address, seal::Purpose};

/// Name of the form of the person who accepts.
const FORM: &str = "invite";

/// For how long an invitation can be accepted.
const GOOD_FOR: Duration = Duration::from_secs(7 * 24 * 3600);

/// Most people of a team, those who are invited included.
const MOST_PEOPLE: usize = 50;

/// What the page behind an invitation says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum InviteView {
    /// It can be accepted now.
    Good {
        /// The team.
        team: String,
        /// Who invites.
        by: String,
        /// What the person will be.
        role: TeamRole,
        /// The link, sealed; for the hidden field.
        link: String,
    },
    /// It went to another address than the visitor's.
    OtherAddress,
    /// The visitor belongs to the team already.
    Member(TeamId),
    /// It was accepted or taken back, its time is over, or we never made it.
    Over,
}

/// What was found behind a link.
enum Found {
    Good(InviteRecord, TeamRecord),
    Says(InviteView),
}

impl Engine {
    /// An owner invites somebody.
    pub async fn invite_to_team(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        team: &TeamId,
        email: &str,
        role: &str,
    ) -> PortalAnswer {
        let tried = self.try_invite(visit, form_token, team, email, role).await;
        self.portal_answer(visit, tried)
    }

    /// An owner takes an invitation back.
    pub async fn take_invite_back(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        team: &TeamId,
        invite: &InviteId,
    ) -> PortalAnswer {
        let tried = self.try_take_back(visit, form_token, team, invite).await;
        self.portal_answer(visit, tried)
    }

    /// The page behind an invitation. `text` as in its address.
    ///
    /// # Errors
    /// When nobody is signed in.
    pub async fn invite_view(
        &self,
        visit: &PortalVisit,
        text: &str,
    ) -> Result<(Person, InviteView), Refusal> {
        let (person, sealed, found) = self.found_invite(visit, text).await?;
        let view = match found {
            Found::Good(invite, team) => {
                let by = find_user(self.env.store.reader(), &invite.invited_by).await?;
                InviteView::Good {
                    team: team.name,
                    by: by.map_or_else(String::new, |user| user.display_name),
                    role: invite.role,
                    link: sealed,
                }
            }
            Found::Says(view) => view,
        };
        Ok((person, view))
    }

    /// The person accepts.
    pub async fn accept_invite(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        text: &str,
    ) -> PortalAnswer {
        let tried = self.try_accept(visit, form_token, text).await;
        self.portal_answer(visit, tried)
    }

    async fn try_invite(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        team: &TeamId,
        email: &str,
        role: &str,
    ) -> Result<PortalAnswer, Refusal> {
        let here = Place::Team(Some(team.clone()));
        let typed = Typed::default().with("email", email).with("role", role);
        let owner = self
            .form_of_owner(visit, form_token, team, &here, typed.clone())
            .await?;
        let again = |complaint| Ok(self.mend(visit, &here, PAGE_FORM, typed, vec![complaint]));
        let email = email.trim();
        if !is_address(email) {
            return again(Complaint::about("email", "email-malformed"));
        }
        let Ok(role) = role.parse::<TeamRole>() else {
            return again(Complaint::about("role", "team-role"));
        };
        let (reader, now) = (self.env.store.reader(), self.env.now());
        let people = find_memberships_of_team(reader, team).await?;
        let open = find_open_invites(reader, team).await?;
        for membership in &people {
            let user = find_user(reader, &membership.user_id).await?;
            if user.is_some_and(|user| is_theirs(&user, email)) {
                return again(Complaint::about("email", "in-team-already"));
            }
        }
        if people.len() + open.len() >= MOST_PEOPLE {
            return again(Complaint::general("team-full"));
        }
        // Another letter to the same address takes the place of the one before.
        let replaced: Vec<InviteId> = open
            .into_iter()
            .filter(|invite| folded(&invite.email) == folded(email))
            .map(|invite| invite.id)
            .collect();
        let link = self.env.mint::<InviteLink>();
        let address = format!(
            "{}/developer/invite?token={}",
            self.env.settings.public_url,
            link.expose()
        );
        let invite = InviteRecord {
            id: InviteId::new(self.env.id()),
            team_id: team.clone(),
            email: email.to_owned(),
            role,
            link_digest: link.digest(),
            invited_by: owner.person.user.id.clone(),
            created_at: now,
            expires_at: now + GOOD_FOR,
            accepted_at: None,
        };
        let letter = self.letter(mails::invited(
            email,
            &owner.person.user,
            &owner.team.name,
            &address,
        ));
        let event = self.event(
            owner.person.actor(),
            "team.invited",
            format!("team:{team}"),
            &json!({ "invite": invite.id, "role": role }),
        );
        self.env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    for old in &replaced {
                        // Accepted or taken back at the same moment: nothing is left to do.
                        let _ = delete_invite(tx, &invite.team_id, old).await?;
                    }
                    insert_invite(tx, &invite).await?;
                    if let Some(letter) = &letter {
                        insert_mail(tx, letter).await?;
                    }
                    insert_audit_event(tx, &event).await?;
                    Ok(())
                })
            })
            .await?;
        Ok(self.team_changed(visit, &here, "team-invited"))
    }

    async fn try_take_back(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        team: &TeamId,
        invite: &InviteId,
    ) -> Result<PortalAnswer, Refusal> {
        let here = Place::Team(Some(team.clone()));
        let owner = self
            .form_of_owner(visit, form_token, team, &here, Typed::default())
            .await?;
        let event = self.event(
            owner.person.actor(),
            "team.invite_taken_back",
            format!("team:{team}"),
            &json!({ "invite": invite }),
        );
        let (team, invite) = (team.clone(), invite.clone());
        let deleted: Advanced = self
            .env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    let deleted = delete_invite(tx, &team, &invite).await?;
                    if deleted == Advanced::Yes {
                        insert_audit_event(tx, &event).await?;
                    }
                    Ok(deleted)
                })
            })
            .await?;
        Ok(match deleted {
            Advanced::Yes => self.team_changed(visit, &here, "team-invite-taken-back"),
            Advanced::No => self.team_not_changed(visit, &here, "invite-gone"),
        })
    }

    async fn try_accept(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        text: &str,
    ) -> Result<PortalAnswer, Refusal> {
        let (person, sealed, found) = self.found_invite(visit, text).await?;
        if !self.is_portal_form(visit, FORM, form_token) {
            return Ok(PortalAnswer {
                go: PortalGo::Problem(Box::new(self.problem(visit.locale(), ProblemKind::Forged))),
                ..PortalAnswer::to(&Place::Home)
            });
        }
        // What does not lead on says so itself.
        let page = Place::Invite(sealed);
        let Found::Good(invite, team) = found else {
            return Ok(PortalAnswer::to(&page));
        };
        let now = self.env.now();
        let membership = MembershipRecord {
            team_id: team.id.clone(),
            user_id: person.user.id.clone(),
            role: invite.role,
            created_at: now,
        };
        let event = self.event(
            person.actor(),
            "team.joined",
            format!("team:{}", team.id),
            &json!({ "invite": invite.id, "role": invite.role }),
        );
        let accepted: Advanced = self
            .env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    if advance_invite_accepted(tx, &invite.id, now).await? == Advanced::No {
                        return Ok(Advanced::No);
                    }
                    insert_membership(tx, &membership).await?;
                    insert_audit_event(tx, &event).await?;
                    Ok(Advanced::Yes)
                })
            })
            .await?;
        if accepted == Advanced::No {
            return Ok(PortalAnswer::to(&page));
        }
        let flash = Flash::note(PAGE_FORM, "team-joined", Typed::default());
        Ok(self.leave(visit, &Place::Team(Some(team.id)), flash))
    }

    /// Who came with an invitation, and what there is behind it.
    async fn found_invite(
        &self,
        visit: &PortalVisit,
        text: &str,
    ) -> Result<(Person, String, Found), Refusal> {
        let link = self.link::<InviteLink>(Purpose::InviteLink, text);
        let sealed = link
            .as_ref()
            .map(|link| self.sealed_link(Purpose::InviteLink, link))
            .unwrap_or_default();
        let person = self.person(visit, &Place::Invite(sealed.clone())).await?;
        let over = Found::Says(InviteView::Over);
        let reader = self.env.store.reader();
        let Some(link) = link else {
            return Ok((person, sealed, over));
        };
        let Some(invite) = find_invite_by_link(reader, &link.digest()).await? else {
            return Ok((person, sealed, over));
        };
        if !is_theirs(&person.user, &invite.email) {
            return Ok((person, sealed, Found::Says(InviteView::OtherAddress)));
        }
        let user = &person.user.id;
        if find_membership(reader, &invite.team_id, user)
            .await?
            .is_some()
        {
            let member = InviteView::Member(invite.team_id);
            return Ok((person, sealed, Found::Says(member)));
        }
        let team = find_team(reader, &invite.team_id).await?;
        let found = match team {
            Some(team) if invite.accepted_at.is_none() && self.env.now() < invite.expires_at => {
                Found::Good(invite, team)
            }
            _ => over,
        };
        Ok((person, sealed, found))
    }
}

/// Whether an address is this person's.
fn is_theirs(user: &UserRecord, email: &str) -> bool {
    let own = user.email.as_deref();
    own.is_some_and(|own| folded(own) == folded(email))
}
