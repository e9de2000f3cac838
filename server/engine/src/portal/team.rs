//! The people of a team (D12): who they are, what they may do, and how that changes. A team always has
//! an owner.

use protocol::{
    ids::{InviteId, TeamId, UserId},
    time::Timestamp,
};
use serde_json::json;
use store::{
    Advanced,
    audit::insert_audit_event,
    team_invites::find_open_invites,
    teams::{
        TeamRecord, TeamRole, advance_membership_role, delete_membership, find_membership,
        find_memberships_of_team, find_memberships_of_user, find_team,
    },
    users::find_user,
};

use super::{
    form::{Complaint, Flash, Typed},
    place::Place,
    session::{PortalAnswer, PortalVisit},
    wall::{Person, Refusal},
};
use crate::{Engine, error::Error};

/// Name of the forms of the page.
pub(super) const FORM: &str = "team";

/// The page.
#[derive(Clone, Debug)]
pub struct TeamView {
    /// The team.
    pub id: TeamId,
    /// What it is called.
    pub name: String,
    /// Its people, the first one first.
    pub people: Vec<Colleague>,
    /// Invitations that nobody accepted yet.
    pub invites: Vec<OpenInvite>,
    /// All teams of the visitor, for the way from one to another.
    pub teams: Vec<(TeamId, String)>,
    /// Whether the visitor may change who belongs to it.
    pub is_owner: bool,
}

/// Somebody in the team.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Colleague {
    /// Who.
    pub id: UserId,
    /// The name that others see.
    pub name: String,
    /// What they sign in with.
    pub username: String,
    /// What they may do.
    pub role: TeamRole,
    /// Whether it is the visitor.
    pub is_you: bool,
}

/// An invitation that nobody accepted yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OpenInvite {
    /// Its id.
    pub id: InviteId,
    /// The address it went to.
    pub email: String,
    /// What the person will be.
    pub role: TeamRole,
    /// Until when it can be accepted.
    pub until: Timestamp,
    /// Whether that is over.
    pub is_over: bool,
}

/// A person in one of their teams.
pub(super) struct InTeam {
    pub person: Person,
    pub team: TeamRecord,
    pub role: TeamRole,
}

impl Engine {
    /// A team of the visitor; the first one when none is named.
    ///
    /// # Errors
    /// When nobody is signed in, or it is not a team of theirs.
    pub async fn team_view(
        &self,
        visit: &PortalVisit,
        team: Option<TeamId>,
    ) -> Result<(Person, TeamView), Refusal> {
        let here = Place::Team(team.clone());
        let InTeam { person, team, role } = self.in_team(visit, team, &here).await?;
        let reader = self.env.store.reader();
        let mut people = Vec::new();
        for membership in find_memberships_of_team(reader, &team.id).await? {
            if let Some(user) = find_user(reader, &membership.user_id).await? {
                people.push(Colleague {
                    is_you: user.id == person.user.id,
                    id: user.id,
                    name: user.display_name,
                    username: user.username,
                    role: membership.role,
                });
            }
        }
        let mut teams = Vec::new();
        for membership in find_memberships_of_user(reader, &person.user.id).await? {
            if let Some(team) = find_team(reader, &membership.team_id).await? {
                teams.push((team.id, team.name));
            }
        }
        let now = self.env.now();
        let invites = find_open_invites(reader, &team.id).await?;
        let view = TeamView {
            id: team.id,
            name: team.name,
            people,
            invites: invites
                .into_iter()
                .map(|invite| OpenInvite {
                    id: invite.id,
                    email: invite.email,
                    role: invite.role,
                    until: invite.expires_at,
                    is_over: invite.expires_at <= now,
                })
                .collect(),
            teams,
            is_owner: role == TeamRole::Owner,
        };
        Ok((person, view))
    }

    /// An owner gives somebody another role.
    pub async fn change_team_role(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        team: &TeamId,
        colleague: &UserId,
        role: &str,
    ) -> PortalAnswer {
        let tried = self
            .try_change_role(visit, form_token, team, colleague, role)
            .await;
        self.portal_answer(visit, tried)
    }

    /// An owner takes somebody out of the team, or somebody leaves it.
    pub async fn remove_from_team(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        team: &TeamId,
        colleague: &UserId,
    ) -> PortalAnswer {
        let tried = self.try_remove(visit, form_token, team, colleague).await;
        self.portal_answer(visit, tried)
    }

    async fn try_change_role(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        team: &TeamId,
        colleague: &UserId,
        role: &str,
    ) -> Result<PortalAnswer, Refusal> {
        let here = Place::Team(Some(team.clone()));
        let owner = self
            .form_of_owner(visit, form_token, team, &here, Typed::default())
            .await?;
        let Ok(role) = role.parse::<TeamRole>() else {
            return Ok(self.team_not_changed(visit, &here, "team-role"));
        };
        let event = self.event(
            owner.person.actor(),
            "team.role_changed",
            format!("team:{team}"),
            &json!({ "user": colleague, "role": role }),
        );
        let (team, colleague) = (team.clone(), colleague.clone());
        let written: Advanced = self
            .env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    let changed = advance_membership_role(tx, &team, &colleague, role).await?;
                    if changed == Advanced::Yes {
                        insert_audit_event(tx, &event).await?;
                    }
                    Ok(changed)
                })
            })
            .await?;
        Ok(match written {
            Advanced::Yes => self.team_changed(visit, &here, "team-role-changed"),
            Advanced::No => self.team_not_changed(visit, &here, "last-owner"),
        })
    }

    async fn try_remove(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        team: &TeamId,
        colleague: &UserId,
    ) -> Result<PortalAnswer, Refusal> {
        let here = Place::Team(Some(team.clone()));
        let member = self.in_team(visit, Some(team.clone()), &here).await?;
        let leaves = member.person.user.id == *colleague;
        // Everybody may go; sending somebody else away is for owners.
        let member = match leaves {
            true if self.is_portal_form(visit, FORM, form_token) => member,
            true => return Ok(self.send_again(visit, &here, FORM, Typed::default())),
            false => {
                self.form_of_owner(visit, form_token, team, &here, Typed::default())
                    .await?
            }
        };
        let event = self.event(
            member.person.actor(),
            "team.member_removed",
            format!("team:{team}"),
            &json!({ "user": colleague }),
        );
        let (team, colleague) = (team.clone(), colleague.clone());
        let written: Advanced = self
            .env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    let removed = delete_membership(tx, &team, &colleague).await?;
                    if removed == Advanced::Yes {
                        insert_audit_event(tx, &event).await?;
                    }
                    Ok(removed)
                })
            })
            .await?;
        Ok(match (written, leaves) {
            (Advanced::Yes, true) => PortalAnswer::to(&Place::Home),
            (Advanced::Yes, false) => self.team_changed(visit, &here, "team-member-removed"),
            (Advanced::No, _) => self.team_not_changed(visit, &here, "last-owner"),
        })
    }

    /// The visitor in this team, or in their first one. Teams of others do not exist for them.
    pub(super) async fn in_team(
        &self,
        visit: &PortalVisit,
        team: Option<TeamId>,
        here: &Place,
    ) -> Result<InTeam, Refusal> {
        let person = self.person(visit, here).await?;
        let (reader, user) = (self.env.store.reader(), &person.user.id);
        let membership = match &team {
            Some(team) => find_membership(reader, team, user).await?,
            None => find_memberships_of_user(reader, user)
                .await?
                .into_iter()
                .next(),
        };
        let membership = membership.ok_or(Refusal::NotFound)?;
        let team = find_team(reader, &membership.team_id).await?;
        Ok(InTeam {
            person,
            team: team.ok_or(Refusal::NotFound)?,
            role: membership.role,
        })
    }

    /// The owner behind a form of the page, who just proved who they are: a team decides who comes
    /// to secrets.
    pub(super) async fn form_of_owner(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        team: &TeamId,
        here: &Place,
        typed: Typed,
    ) -> Result<InTeam, Refusal> {
        let member = self.in_team(visit, Some(team.clone()), here).await?;
        if !self.is_portal_form(visit, FORM, form_token) {
            return Err(self.send_again(visit, here, FORM, typed).into());
        }
        if member.role != TeamRole::Owner {
            return Err(self.team_not_changed(visit, here, "owners-only").into());
        }
        self.require_step_up_for(visit, &member.person, here, FORM, typed)
            .await?;
        Ok(member)
    }

    pub(super) fn team_changed(
        &self,
        visit: &PortalVisit,
        here: &Place,
        what: &str,
    ) -> PortalAnswer {
        self.leave(visit, here, Flash::note(FORM, what, Typed::default()))
    }

    pub(super) fn team_not_changed(
        &self,
        visit: &PortalVisit,
        here: &Place,
        why: &str,
    ) -> PortalAnswer {
        let complaints = vec![Complaint::general(why)];
        self.mend(visit, here, FORM, Typed::default(), complaints)
    }
}
