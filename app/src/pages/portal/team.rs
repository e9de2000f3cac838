use engine::portal::{
    InviteView, Place, TeamAudit, TeamView,
    team::{Colleague, OpenInvite},
};
use leptos::prelude::*;
use protocol::{ids::TeamId, locale::Locale};

use crate::{
    components::{
        ComplaintBox, FieldKind, Machine, PortalForm, PortalShell, TextField, Visitor, day, minute,
        named, said_about,
    },
    i18n::Texts,
    visitor::flash,
};

/// The roles, most powerful first.
const ROLES: [&str; 3] = ["owner", "developer", "read"];

/// The people of a team (D12).
#[component]
pub fn TeamPage(
    /// Who looks.
    visitor: Visitor,
    /// The team.
    view: TeamView,
) -> AnyView {
    let t = Texts::of(expect_context::<Locale>());
    let TeamView {
        id,
        name,
        people,
        invites,
        teams,
        is_owner,
    } = view;
    let flash = flash("team");
    let failed = !flash.complaints.is_empty();
    let error = said_about(t, &flash, "email");
    let email = flash.typed.get("email").to_owned();
    let typed_role = flash.typed.get("role");
    let chosen = ROLES.into_iter().find(|role| *role == typed_role);
    let chosen = chosen.unwrap_or("developer");
    let switcher = (teams.len() > 1).then(|| {
        let links = teams
            .into_iter()
            .map(|(team, name)| {
                let current = (team == id).then_some("page");
                let address = Place::Team(Some(team)).path();
                view! { <li><a href=address aria-current=current><bdi>{name}</bdi></a></li> }
            })
            .collect_view();
        view! {
            <nav aria-label=t.say("team-switch")>
                <ul role="list">{links}</ul>
            </nav>
        }
    });
    let team = id.clone();
    let people = people
        .into_iter()
        .map(|person| view! { <Person t person team=team.clone() is_owner /> })
        .collect_view();
    let open = (!invites.is_empty()).then(|| {
        let lines = invites
            .into_iter()
            .map(|invite| view! { <Open t invite team=team.clone() is_owner /> })
            .collect_view();
        view! {
            <section class="d-block" aria-labelledby="invites">
                <h2 id="invites">{t.say("team-invites")}</h2>
                <ul role="list" class="d-cards">{lines}</ul>
            </section>
        }
    });
    let invite = is_owner.then(|| {
        view! {
            <section class="d-block" aria-labelledby="invite">
                <h2 id="invite">{t.say("team-invite")}</h2>
                <PortalForm form="team" id="invite-form" action="/api/portal/team_invite">
                    <input type="hidden" name="team" value=team.to_string() />
                    <TextField
                        t
                        name="email"
                        kind=FieldKind::Email
                        label=t.say("signup-email")
                        value=email
                        error=error
                    />
                    <Roles t id="role".to_owned() chosen />
                    <button type="submit" class="c-button c-button--primary">
                        {t.say("team-invite-button")}
                    </button>
                </PortalForm>
            </section>
        }
    });
    view! {
        <PortalShell t title=t.say("team-heading") visitor here=Place::Team(None) failed>
            <h1>{t.say("team-heading")} " " <bdi>{name}</bdi></h1>
            {switcher}
            <ComplaintBox t flash />
            <section class="d-block" aria-labelledby="people">
                <h2 id="people">{t.say("team-people")}</h2>
                <ul role="list" class="d-cards">{people}</ul>
            </section>
            {open}
            {invite}
            <p>
                <a href=Place::TeamAudit(Some(id)).path()>{t.say("team-audit-heading")}</a>
            </p>
        </PortalShell>
    }
    .into_any()
}

/// The choice of a role.
#[component]
fn Roles(t: Texts, id: String, chosen: &'static str) -> AnyView {
    let roles = ROLES.map(|role| {
        let is_chosen = role == chosen;
        view! {
            <option value=role selected=is_chosen>
                {t.say(&format!("team-role-{role}"))}
            </option>
        }
    });
    view! {
        <div class="c-field">
            <label class="c-field__label" for=id.clone()>
                {t.say("team-role")}
            </label>
            <select class="c-input" id=id name="role">
                {roles.into_iter().collect_view()}
            </select>
        </div>
    }
    .into_any()
}

/// Somebody in the team, and what an owner may do about it.
#[component]
fn Person(t: Texts, person: Colleague, team: TeamId, is_owner: bool) -> AnyView {
    let hidden = {
        let (team, user) = (team.to_string(), person.id.to_string());
        move || {
            view! {
                <input type="hidden" name="team" value=team.clone() />
                <input type="hidden" name="user" value=user.clone() />
            }
        }
    };
    let role_fields = hidden();
    let remove_fields = hidden();
    let select = format!("role-{}", person.id);
    let remove_id = format!("remove-{}", person.id);
    let chosen = person.role.as_str();
    let role = is_owner.then(|| {
        view! {
            <PortalForm form="team" id=format!("change-{select}") action="/api/portal/team_role">
                {role_fields}
                <Roles t id=select chosen />
                <button type="submit" class="c-button">
                    {t.say("team-role-change")}
                </button>
            </PortalForm>
        }
    });
    let words = match person.is_you {
        true => t.say("team-leave"),
        false => t.say("team-remove"),
    };
    let remove = (is_owner || person.is_you).then(|| {
        view! {
            <PortalForm form="team" id=remove_id action="/api/portal/team_remove">
                {remove_fields}
                <button type="submit" class="c-button">
                    {words}
                </button>
            </PortalForm>
        }
    });
    view! {
        <li class="d-card">
            <h3>
                <bdi>{person.name}</bdi>
            </h3>
            <p><Machine words=person.username /></p>
            <p>{t.say(&format!("team-role-{chosen}"))}</p>
            {role}
            {remove}
        </li>
    }
    .into_any()
}

/// An invitation that nobody accepted yet.
#[component]
fn Open(t: Texts, invite: OpenInvite, team: TeamId, is_owner: bool) -> AnyView {
    let key = if invite.is_over {
        "team-invite-over"
    } else {
        "team-invite-until"
    };
    let until = t.rich(key, [("day", day(t, invite.until))]);
    let back = is_owner.then(|| {
        view! {
            <PortalForm form="team" id=format!("uninvite-{}", invite.id) action="/api/portal/team_uninvite">
                <input type="hidden" name="team" value=team.to_string() />
                <input type="hidden" name="invite" value=invite.id.to_string() />
                <button type="submit" class="c-button">
                    {t.say("team-uninvite")}
                </button>
            </PortalForm>
        }
    });
    view! {
        <li class="d-card">
            <p><Machine words=invite.email /></p>
            <p>{t.say(&format!("team-role-{}", invite.role))}</p>
            <p>{until}</p>
            {back}
        </li>
    }
    .into_any()
}

/// What happened in a team.
#[component]
pub fn TeamAuditPage(
    /// Who looks.
    visitor: Visitor,
    /// What happened.
    audit: TeamAudit,
) -> AnyView {
    let t = Texts::of(expect_context::<Locale>());
    let lines = audit
        .events
        .into_iter()
        .map(|event| {
            let actor = event.actor.unwrap_or_else(|| t.say("team-audit-bank"));
            view! {
                <li class="d-card">
                    <p>{minute(t, event.at)}</p>
                    <p>
                        <bdi>{actor}</bdi>
                        ": "
                        <Machine words=event.action />
                    </p>
                    <p>
                        <bdi>{event.object}</bdi>
                    </p>
                </li>
            }
        })
        .collect_view();
    view! {
        <PortalShell t title=t.say("team-audit-heading") visitor>
            <h1>{t.say("team-audit-heading")}</h1>
            <p>
                <a href=Place::Team(Some(audit.id)).path()>
                    <bdi>{audit.name}</bdi>
                </a>
            </p>
            <ul role="list" class="d-cards">{lines}</ul>
        </PortalShell>
    }
    .into_any()
}

/// The page behind an invitation.
#[component]
pub fn InvitePage(
    /// Who looks.
    visitor: Visitor,
    /// What there is behind the link.
    view: InviteView,
) -> AnyView {
    let t = Texts::of(expect_context::<Locale>());
    let body = match view {
        InviteView::Good {
            team,
            by,
            role,
            link,
        } => view! {
            <p>{t.rich("invite-lead", [("name", named(&by)), ("team", named(&team))])}</p>
            <p>{t.say(&format!("team-role-{role}"))}</p>
            <PortalForm form="invite" action="/api/portal/accept_invite">
                <input type="hidden" name="token" value=link />
                <button type="submit" class="c-button c-button--primary">
                    {t.say("invite-button")}
                </button>
            </PortalForm>
        }
        .into_any(),
        InviteView::OtherAddress => view! { <p>{t.say("invite-other-address")}</p> }.into_any(),
        InviteView::Member(team) => view! {
            <p>
                <a href=Place::Team(Some(team)).path()>{t.say("invite-member")}</a>
            </p>
        }
        .into_any(),
        InviteView::Over => view! { <p>{t.say("invite-over")}</p> }.into_any(),
    };
    view! {
        <PortalShell t title=t.say("invite-heading") visitor>
            <h1>{t.say("invite-heading")}</h1>
            <section class="d-block">{body}</section>
        </PortalShell>
    }
    .into_any()
}
