//! The developer portal: from a stranger to an app with credentials, no human involved.
//!
//! | walk | files |
//! |---|---|
//! | who is at the other end, what the browser is told | [`session`], [`place`], [`form`] |
//! | who may come in, and to whose app | [`wall`] |
//! | a stranger signs up and confirms the address | `sign_up`, `confirm_address`, `newcomer` |
//! | a developer signs in, and proves it again | `sign_in`, `code` |
//! | somebody forgot the password | `new_password` |
//! | authenticator app and recovery codes | [`security`] |
//! | apps, teams, test users | `home`, [`apps`], `teams`, [`test_people`] |
//! | credentials of an app, in both environments | [`credentials`], `add_secret`, `revoke_secret`, [`secret_link`] |
//! | the switch into a weaker dialect | `tutorial` |
//! | people of a team | [`team`], `invites`, `team_audit` |
//! | what became of an app's requests | [`logs`] |
//! | trying the whole flow | [`playground`] |
//! | an app is registered, task by task | [`registration`] |
//! | a customer looks at the apps that have their permission, and stops one | [`connected`] |
//!
//! Every page and every form begins at the wall: [`Engine::resident`](crate::Engine::resident) for anybody who
//! is signed in, [`Engine::person`](crate::Engine::person) for a developer or an admin, [`Engine::member`](crate::Engine::member) for somebody who may see an
//! app, [`Engine::editor`](crate::Engine::editor) for somebody who may change it,
//! [`Engine::admin`](crate::Engine::admin) for those who review. A form goes on with
//! [`Engine::is_portal_form`](crate::Engine::is_portal_form).

mod add_secret;
pub mod apps;
mod code;
mod confirm_address;
pub mod connected;
pub mod credentials;
pub mod form;
mod home;
mod invites;
mod links;
pub mod logs;
mod new_password;
mod newcomer;
pub mod place;
pub mod playground;
pub mod registration;
mod replace_secret;
mod revoke_secret;
pub mod secret_link;
pub mod security;
pub mod session;
mod sign_in;
mod sign_up;
pub mod team;
mod team_audit;
mod teams;
pub mod test_people;
mod tutorial;
mod vouched;
pub mod wall;

pub use add_secret::NewSecret;
pub use apps::{AppOverview, Snippet};
pub use code::CodeView;
pub use confirm_address::Waiting;
pub use connected::{
    AppName, ConnectedAccount, ConnectedApp, ConnectedView, Connection, EndedAccess, Ending,
    StopView,
};
pub use credentials::{CredentialsView, SecretLine, SecretState};
pub use form::{Complaint, Flash, Typed};
pub use home::{AppCard, Home, Progress};
pub use invites::InviteView;
pub use new_password::NewPasswordView;
pub use place::Place;
pub use registration::{
    CheckAnswers, CheckRow, ProofRecord, ReviewStatus, Saved, SentTask, Setup, TaskRow, TaskState,
    TaskView,
};
pub use revoke_secret::RevokeView;
pub use secret_link::SecretLinkView;
pub use security::SecurityView;
pub use session::{
    PortalAnswer, PortalChange, PortalGo, PortalSession, PortalVisit, SessionState, Standing,
};
pub use sign_up::SignUp;
pub use team::TeamView;
pub use team_audit::TeamAudit;
pub use tutorial::TutorialView;
pub use vouched::{PersonSignUp, VouchedFor, VouchedView, WelcomeView};
pub use wall::{Member, Person, Refusal};
