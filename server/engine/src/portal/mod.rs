//! The developer portal: from a stranger to an app with credentials, no human involved.
//!
//! | walk | files |
//! |---|---|
//! | who is at the other end, what the browser is told | [`session`], [`place`], [`form`] |
//! | who may come in, and to whose app | [`wall`] |
//! | a stranger signs up and confirms the address | `sign_up`, `confirm_address`, `newcomer` |
//! | a developer signs in, and proves it again | `sign_in`, `code` |
//! | authenticator app and recovery codes | [`security`] |
//! | apps, their sandbox credentials, teams, test users | [`apps`], [`credentials`], `teams`, [`test_people`] |
//!
//! Every page and every form begins at the wall: [`Engine::person`](crate::Engine::person) for
//! somebody who is signed in, [`Engine::member`](crate::Engine::member) for somebody who may see an
//! app, [`Engine::editor`](crate::Engine::editor) for somebody who may change it,
//! [`Engine::admin`](crate::Engine::admin) for those who review. A form goes on with
//! [`Engine::is_portal_form`](crate::Engine::is_portal_form).

pub mod apps;
mod code;
mod confirm_address;
pub mod credentials;
pub mod form;
mod newcomer;
pub mod place;
pub mod secret_link;
pub mod security;
pub mod session;
mod sign_in;
mod sign_up;
mod teams;
pub mod test_people;
pub mod wall;

pub use apps::{AppCard, AppOverview, Home, Snippet};
pub use code::CodeView;
pub use confirm_address::Waiting;
pub use form::{Complaint, Flash, Typed};
pub use place::Place;
pub use security::SecurityView;
pub use session::{
    PortalAnswer, PortalChange, PortalGo, PortalSession, PortalVisit, SessionState, Standing,
};
pub use sign_up::SignUp;
pub use wall::{Member, Person, Refusal};
