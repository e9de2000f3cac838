//! The command line: one file per command.
//!
//! Every command works while `serve` runs on the same database, because all of them speak to the
//! store, which lets one writer in at a time. A command ends with status 0, or with status 1 and
//! one sentence on standard error.

mod account;
mod audit;
mod backup;
mod certificate;
mod client;
mod doctor;
mod keys;
mod migrate;
mod serve;
mod user;

use std::{
    ffi::OsString,
    fmt::{self, Write as _},
    future::Future,
    io::Write as _,
    path::PathBuf,
    process::ExitCode,
};

use clap::{Parser, Subcommand, error::ErrorKind};
use engine::Engine;
use serde::Serialize;

use crate::{
    settings::{self, Settings, WrongSetting},
    wiring,
};

/// The authorization server that a wallet or a bank puts in front of its APIs.
#[derive(Debug, Parser)]
#[command(
    name = "countersign",
    version,
    propagate_version = true,
    disable_help_subcommand = true
)]
struct CommandLine {
    /// TOML file with settings; environment variables win over it
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve pages and endpoints until SIGTERM or SIGINT
    Serve(serve::Arguments),
    /// Bring the database up to date
    Migrate,
    /// People
    #[command(subcommand)]
    User(user::Command),
    /// Accounts with money
    #[command(subcommand)]
    Account(account::Command),
    /// Third-party apps
    #[command(subcommand)]
    Client(client::Command),
    /// The keys that seal what must be read back
    #[command(subcommand)]
    Keys(keys::Command),
    /// What was done, and that nobody changed the record of it
    #[command(subcommand)]
    Audit(audit::Command),
    /// Copy the embedded database and its seal keys into one file
    Backup(backup::BackupArguments),
    /// Put a backup in the place of the embedded database and its seal keys
    Restore(backup::RestoreArguments),
    /// Check settings, database, clock, keys, mail and the public URL
    Doctor(doctor::Arguments),
}

/// Why a command ended with status 1: one sentence.
#[derive(Debug)]
pub(crate) struct Failure(String);

impl Failure {
    /// Ends with this sentence.
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

impl fmt::Display for Failure {
    /// One line, whatever an error from below brought along.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, word) in self.0.split_whitespace().enumerate() {
            if index > 0 {
                f.write_char(' ')?;
            }
            f.write_str(word)?;
        }
        Ok(())
    }
}

impl From<WrongSetting> for Failure {
    fn from(error: WrongSetting) -> Self {
        Self(error.0)
    }
}

impl From<engine::Error> for Failure {
    fn from(error: engine::Error) -> Self {
        Self(format!("It could not be done: {error}."))
    }
}

impl From<store::Error> for Failure {
    fn from(error: store::Error) -> Self {
        Self(format!("The database cannot be used: {error}."))
    }
}

impl From<settings::seal_keys::SealKeyError> for Failure {
    fn from(error: settings::seal_keys::SealKeyError) -> Self {
        Self(error.to_string())
    }
}

impl From<wiring::BuildError> for Failure {
    fn from(error: wiring::BuildError) -> Self {
        Self(error.to_string())
    }
}

type Outcome = Result<(), Failure>;

/// Runs the command that `arguments` (the program's name first) describe.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    match CommandLine::try_parse_from(arguments) {
        Ok(line) => match perform(line) {
            Ok(()) => ExitCode::SUCCESS,
            Err(failure) => complain(&failure),
        },
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
            ) =>
        {
            // A reader that went away, such as `head`, is no failure.
            let _ = write!(std::io::stdout(), "{error}");
            ExitCode::SUCCESS
        }
        Err(error) => complain(&Failure::new(usage(&error))),
    }
}

fn complain(failure: &Failure) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "countersign: {failure}");
    ExitCode::FAILURE
}

/// clap's message without its paragraphs of usage.
fn usage(error: &clap::Error) -> String {
    let text = error.to_string();
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return "A command is missing; 'countersign --help' lists them.".into();
    }
    let said = text.split("\n\n").next().unwrap_or(&text);
    let said = said
        .trim()
        .trim_start_matches("error: ")
        .trim_end_matches('.');
    format!("{said}; see --help.")
}

fn perform(line: CommandLine) -> Outcome {
    let sources = settings::sources(line.config.as_deref())?;
    let settings = Settings::load(&sources)?;
    match line.command {
        Command::Serve(arguments) => serve::run(settings, arguments),
        Command::Doctor(arguments) => doctor::run(&settings, &sources, &arguments),
        Command::Keys(command) => on_small_runtime(keys::run(&settings, command)),
        Command::Migrate => on_small_runtime(migrate::run(&settings)),
        Command::User(command) => on_small_runtime(user::run(&settings, command)),
        Command::Account(command) => on_small_runtime(account::run(&settings, command)),
        Command::Client(command) => on_small_runtime(client::run(&settings, command)),
        Command::Audit(command) => on_small_runtime(audit::run(&settings, command)),
        Command::Backup(arguments) => on_small_runtime(backup::backup(&settings, arguments)),
        Command::Restore(arguments) => on_small_runtime(backup::restore(&settings, arguments)),
    }
}

/// One thread is enough for everything but `serve`, and starts faster.
fn on_small_runtime(work: impl Future<Output = Outcome>) -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime
        .map_err(|error| Failure(format!("The system gives no resources: {error}.")))?
        .block_on(work)
}

/// The engine on the database of `settings`, for one command. A new database gets its tables; one of
/// an earlier version is left alone, because that is for `migrate` to change.
async fn engine(settings: &Settings) -> Result<Engine, Failure> {
    let ground = wiring::open(settings).await?;
    if !ground.store.is_migrated().await? {
        if ground.is_new {
            ground.store.migrate().await?;
        } else {
            ground.store.close().await;
            return Err(Failure::new(
                "The database is not up to date; run 'countersign migrate' first.",
            ));
        }
    }
    Ok(wiring::engine(settings, ground)?)
}

/// Prints `value` as one JSON object when that was asked for, else the text for people.
fn print<T: Serialize>(json: bool, value: &T, text: impl FnOnce() -> String) -> Outcome {
    let shown = if json {
        serde_json::to_string(value).map_err(|error| Failure(format!("No JSON: {error}.")))?
    } else {
        text()
    };
    writeln!(std::io::stdout(), "{}", shown.trim_end())
        .map_err(|error| Failure(format!("The answer could not be written: {error}.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(arguments: &[&str]) -> String {
        let line = ["countersign"].iter().chain(arguments).map(OsString::from);
        usage(&CommandLine::try_parse_from(line).unwrap_err())
    }

    #[test]
    fn what_is_wrong_with_the_command_line_is_one_sentence() {
        let sentence = Failure::new(said(&["user", "add", "--username", "ona"])).to_string();
        assert!(sentence.contains("--password"), "{sentence}");
        assert!(
            !sentence.contains('\n') && !sentence.contains("Usage"),
            "{sentence}"
        );
        assert!(said(&[]).contains("--help"));
        assert!(said(&["dance"]).contains("dance"));
    }

    #[test]
    fn the_command_line_is_well_formed() {
        use clap::CommandFactory as _;
        CommandLine::command().debug_assert();
    }
}
