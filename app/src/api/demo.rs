//! What the pages of the demo show. There is none of it in production.

use engine::{Engine, settings::Profile};
use leptos::prelude::expect_context;
use protocol::time::Timestamp;

/// Most mails that the mailbox shows.
const MOST_MAILS: u64 = 50;

/// A person of the demo, whom everybody may sign in as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoAccount {
    /// The name to sign in with.
    pub username: String,
    /// The password.
    pub password: String,
    /// `user`, `developer` or `admin`.
    pub role: String,
    /// The present code of the authenticator app, for those who have one.
    pub totp_code: Option<String>,
    /// For how many seconds this is the present code.
    pub seconds_left: u32,
}

/// A mail that was sent, or would have been.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoMail {
    /// The address of the recipient.
    pub to: String,
    /// What it is about.
    pub subject: String,
    /// What it says.
    pub text: String,
    /// When it was written.
    pub at: Timestamp,
}

/// Whether there is a demo to show: not in production, and not before it was seeded.
pub async fn is_shown() -> Result<bool, engine::Error> {
    let engine = expect_context::<Engine>();
    Ok(engine.env().settings.profile == Profile::Demo && engine.holds_demo_data().await?)
}

/// The people of the demo, with the codes of the moment. `None`: there is no demo.
pub async fn accounts() -> Result<Option<Vec<DemoAccount>>, engine::Error> {
    let engine = expect_context::<Engine>();
    if !is_shown().await? {
        return Ok(None);
    }
    let people = engine
        .demo_authenticator()
        .into_iter()
        .map(|person| DemoAccount {
            username: person.username,
            password: person.password,
            role: person.role,
            totp_code: Some(person.totp_code),
            seconds_left: u32::try_from(person.seconds_left).unwrap_or(u32::MAX),
        });
    Ok(Some(people.collect()))
}

/// The newest mails. `None`: there is no demo.
pub async fn mails() -> Result<Option<Vec<DemoMail>>, engine::Error> {
    let engine = expect_context::<Engine>();
    if !is_shown().await? {
        return Ok(None);
    }
    let mails = engine
        .mailbox(MOST_MAILS)
        .await?
        .into_iter()
        .map(|mail| DemoMail {
            to: mail.recipient,
            subject: mail.subject,
            text: mail.body_text,
            at: mail.created_at,
        });
    Ok(Some(mails.collect()))
}
