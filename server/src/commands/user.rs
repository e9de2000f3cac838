//! `countersign user add`

use std::io::Read as _;

use clap::{Args, Subcommand};
use engine::register::{NewUser, RegisterError};
use protocol::{
    client::Environment,
    locale::Locale,
    person::{
        Gender, IdentificationLevel, Identity, PersonFault, PersonalData, Phone, PostalAddress,
    },
    time::Date,
};
use store::users::Role;

use super::{Failure, Outcome, engine, print};
use crate::settings::Settings;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Add a person, with an authenticator and recovery codes
    Add(Box<Add>),
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
    #[command(flatten)]
    personal: Personal,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// What is known of the person; all of it may be left out.
#[derive(Args)]
#[command(next_help_heading = "What is known of the person")]
struct Personal {
    /// Country code and number, confirmed: 37061234567
    #[arg(long)]
    phone: Option<String>,
    /// The phone number is not confirmed yet: apps are not told
    #[arg(long, requires = "phone")]
    phone_unconfirmed: bool,
    /// Two letters of ISO 3166-1
    #[arg(long, requires_all = ["city", "street"])]
    country: Option<String>,
    /// Town
    #[arg(long, requires = "country")]
    city: Option<String>,
    /// Street and house
    #[arg(long, requires = "country")]
    street: Option<String>,
    /// Postal code
    #[arg(long, requires = "country")]
    post_index: Option<String>,
    /// Given names, as in the papers
    #[arg(long, requires = "surname")]
    given_name: Option<String>,
    /// Family name, as in the papers
    #[arg(long, requires = "given_name")]
    surname: Option<String>,
    /// Two letters of ISO 3166-1
    #[arg(long, requires = "given_name")]
    nationality: Option<String>,
    /// The personal code of that country
    #[arg(long, requires = "given_name")]
    personal_code: Option<String>,
    /// Day of birth: 1980-01-01
    #[arg(long, value_name = "DATE")]
    dob: Option<Date>,
    /// female or male
    #[arg(long)]
    gender: Option<Gender>,
    /// unidentified, semi_identified, identified or fully_identified
    #[arg(long, value_name = "LEVEL")]
    identification_level: Option<IdentificationLevel>,
    /// Neither the person nor anybody close to them is politically exposed
    #[arg(long)]
    not_exposed: bool,
}

impl Personal {
    /// What is known, if anything is.
    fn data(&self) -> Result<Option<PersonalData>, Failure> {
        let read = || -> Result<PersonalData, PersonFault> {
            Ok(PersonalData {
                phone: self.phone.as_deref().map(Phone::parse).transpose()?,
                phone_confirmed: self.phone.is_some() && !self.phone_unconfirmed,
                address: match (&self.country, &self.city, &self.street) {
                    (Some(country), Some(city), Some(street)) => {
                        let post_index = self.post_index.as_deref();
                        Some(PostalAddress::new(country, city, street, post_index)?)
                    }
                    _ => None,
                },
                identity: match (&self.given_name, &self.surname) {
                    (Some(name), Some(surname)) => Some(Identity::new(
                        name,
                        surname,
                        self.nationality.as_deref(),
                        self.personal_code.as_deref(),
                    )?),
                    _ => None,
                },
                date_of_birth: self.dob,
                gender: self.gender,
                level: self.identification_level,
                exposed: self.not_exposed.then(Vec::new),
            })
        };
        let data = read().map_err(|fault| Failure::new(as_sentence(&fault.to_string())))?;
        Ok((data != PersonalData::default()).then_some(data))
    }
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
    let personal = add.personal.data()?;
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
    let added = engine.add_person(new, personal).await;
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
