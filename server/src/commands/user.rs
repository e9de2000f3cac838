//! `countersign user add`

use std::io::Read as _;

use clap::{Args, Subcommand};
use engine::register::{NewUser, RegisterError};
use protocol::{client::Environment, locale::Locale};
use store::users::Role;

use super::{Failure, Outcome, engine, print};
use crate::settings::Settings;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Add a person, with an authenticator and recovery codes
    Add(Add),
}

#[derive(Args)]
pub(super) struct Add {
    /// The name to sign in with
    #[arg(long)]
    username: String,
    /// The password; other people on this machine may see it while the command runs
    #[arg(
        long,
        required_unless_present = "password_stdin",
        conflicts_with = "password_stdin"
    )]
    password: Option<String>,
    /// Read the password from standard input, up to the end of the line
    #[arg(long)]
    password_stdin: bool,
    /// Where mail goes
    #[arg(long)]
    email: Option<String>,
    /// The name that others see; the login name when it is left out
    #[arg(long)]
    display_name: Option<String>,
    /// user, developer or admin
    #[arg(long, default_value = "user")]
    role: Role,
    /// live or sandbox
    #[arg(long, default_value = "live")]
    environment: Environment,
    /// en, lt or ru
    #[arg(long, default_value = "en")]
    locale: Locale,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Without the password.
impl std::fmt::Debug for Add {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Add")
            .field("username", &self.username)
            .finish_non_exhaustive()
    }
}

pub(super) async fn run(settings: &Settings, Command::Add(add): Command) -> Outcome {
    let password = match add.password {
        Some(password) => password,
        None => read_password()?,
    };
    let engine = engine(settings).await?;
    let new = NewUser {
        username: add.username,
        password,
        email: add.email,
        display_name: add.display_name,
        role: add.role,
        environment: add.environment,
        locale: add.locale,
    };
    let added = engine.add_user(new).await;
    engine.env().store.close().await;
    let added = added?;
    print(add.json, &added, || {
        format!(
            "User {} was added with the id {}.\n\n\
             Secret for the authenticator app (shown once): {}\n\
             Recovery codes (shown once, each good once):\n  {}",
            added.username,
            added.user_id,
            added.totp_secret,
            added.recovery_codes.join("\n  "),
        )
    })
}

fn read_password() -> Result<String, Failure> {
    let mut text = String::new();
    std::io::stdin()
        .read_to_string(&mut text)
        .map_err(|error| Failure::new(format!("The password could not be read: {error}.")))?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

impl From<RegisterError> for Failure {
    fn from(error: RegisterError) -> Self {
        match error {
            RegisterError::Refused(sentence) => Self::new(as_sentence(&sentence)),
            RegisterError::Failed(error) => error.into(),
        }
    }
}

/// With a capital letter in front and a full stop behind.
fn as_sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters
        .next()
        .map(char::to_uppercase)
        .into_iter()
        .flatten()
        .collect();
    let stop = if text.ends_with(['.', '?', '!']) {
        ""
    } else {
        "."
    };
    format!("{first}{}{stop}", letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_sentences() {
        assert_eq!(as_sentence("there is no client x"), "There is no client x.");
        assert_eq!(as_sentence("Done!"), "Done!");
        assert_eq!(as_sentence(""), ".");
    }
}
