//! Settings: environment variables `COUNTERSIGN_*` over a TOML file over defaults.
//!
//! What there is to set stands in [`table`]; how a text becomes a value, in [`value`]; which
//! source wins, in [`sources`]. A name that is not known, or a text that is malformed, stops the
//! start with the name and what was expected, so that a typing mistake never runs in production.

pub mod example;
pub mod seal_keys;
pub mod sources;
pub mod table;
pub mod value;

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use engine::settings::Profile;
use protocol::lifetimes::Lifetimes;

pub use sources::{Sources, WrongSetting};
pub use table::{Setting, Settings, TABLE};
use value::{Directory, PublicUrl};

/// What every environment variable of ours begins with.
pub const PREFIX: &str = "COUNTERSIGN_";

/// Names the TOML file when `--config` does not.
pub const CONFIG_VARIABLE: &str = "COUNTERSIGN_CONFIG";

/// Environment variables of all settings.
pub fn variables() -> Vec<String> {
    TABLE.iter().map(Setting::variable).collect()
}

/// The sources as this process sees them. `config` is the path from the command line, if given.
pub fn sources(config: Option<&Path>) -> Result<Sources, WrongSetting> {
    let environment: Vec<(String, String)> = std::env::vars_os()
        .map(|(name, text)| (name.to_string_lossy().into(), text.to_string_lossy().into()))
        .collect();
    let named = environment
        .iter()
        .find(|(name, text)| name == CONFIG_VARIABLE && !text.is_empty());
    let path = config
        .map(Path::to_owned)
        .or_else(|| named.map(|(_, path)| PathBuf::from(path)));
    let text = path.as_deref().map(read).transpose()?;
    Sources::merge(path.as_deref().zip(text.as_deref()), environment)
}

fn days(days: u32) -> Duration {
    Duration::from_secs(u64::from(days) * 24 * 3600)
}

fn read(path: &Path) -> Result<String, WrongSetting> {
    std::fs::read_to_string(path).map_err(|error| {
        WrongSetting(format!(
            "The settings file {} cannot be read: {error}.",
            path.display()
        ))
    })
}

impl Settings {
    /// Parses the settings and checks those that depend on each other.
    pub fn load(sources: &Sources) -> Result<Self, WrongSetting> {
        let settings = Self::parse(sources)?;
        settings.check()?;
        Ok(settings)
    }

    fn check(&self) -> Result<(), WrongSetting> {
        let wrong = |sentence: &str| Err(WrongSetting(sentence.into()));
        if self.is_production() && !self.public_url.is_https() {
            return wrong(
                "COUNTERSIGN_PUBLIC_URL is not https: expected an https address because \
                 COUNTERSIGN_PROFILE is production.",
            );
        }
        if self.is_production() && self.checks_allow_private_addresses {
            return wrong(
                "COUNTERSIGN_CHECKS_ALLOW_PRIVATE_ADDRESSES is true: expected false because \
                 COUNTERSIGN_PROFILE is production.",
            );
        }
        if self.seal_key.is_some() && self.seal_key_file.is_some() {
            return wrong(
                "COUNTERSIGN_SEAL_KEY and COUNTERSIGN_SEAL_KEY_FILE are both set: expected one of them.",
            );
        }
        if self.smtp_url.is_some() && self.mail_from.is_none() {
            return wrong(
                "COUNTERSIGN_MAIL_FROM is not set: expected a mail address because \
                 COUNTERSIGN_SMTP_URL is set.",
            );
        }
        // argon2 needs eight blocks of 1 KiB for every lane.
        if self.argon2_memory_kib.u32() < 8 * self.argon2_lanes.u32() {
            return wrong(
                "COUNTERSIGN_ARGON2_MEMORY_KIB is malformed: expected at least 8 KiB for every lane \
                 of COUNTERSIGN_ARGON2_LANES.",
            );
        }
        Ok(())
    }

    /// Whether the profile is production.
    pub fn is_production(&self) -> bool {
        self.profile == Profile::Production
    }

    /// The file that holds the seal keys when the settings do not hold them themselves.
    pub fn seal_key_path(&self) -> PathBuf {
        self.seal_key_file
            .clone()
            .unwrap_or_else(|| self.data_dir.join("seal.key"))
    }

    /// The folder into which mails are written when there is no mail server.
    pub fn outbox_dir(&self) -> PathBuf {
        self.data_dir.join("outbox")
    }

    /// The public address once the server listens: when the address was derived from a listening
    /// port that the system was asked to choose, the chosen one takes its place.
    pub fn follow_bound(&mut self, bound: std::net::SocketAddr) {
        if self.listen.port() == 0 && self.public_url == PublicUrl::of(self.listen) {
            self.public_url = PublicUrl::of(bound);
        }
    }

    /// The part that the use cases need.
    pub fn engine(&self) -> engine::Settings {
        engine::Settings {
            public_url: self.public_url.as_str().into(),
            profile: self.profile,
            lifetimes: Lifetimes {
                code: self.code_lifetime_seconds.0,
                access_token: self.access_token_lifetime_seconds.0,
                refresh_token: self.refresh_token_lifetime_seconds.0,
                refresh_grace: self.refresh_grace_seconds.0,
                interaction: self.interaction_lifetime_seconds.0,
                idle: self.idle_lifetime_seconds.0,
                clock_skew: self.clock_skew_seconds.0,
            },
            consent_lifetime: self.consent_lifetime_seconds.0,
            sandbox_open: self.sandbox_directory == Directory::Open,
            pause: self.pause_seconds.0,
            failure_window: self.failure_window_seconds.0,
            max_failures: self.max_failures.u32(),
            max_failures_per_address: self.max_failures_per_address.u32(),
            max_transactions_per_day: self.max_transactions_per_day.u32(),
            device_lifetime: self.device_lifetime_seconds.0,
            idempotency_lifetime: self.idempotency_lifetime_seconds.0,
            pending_transfer_lifetime: self.pending_transfer_lifetime_seconds.0,
            portal_idle: self.portal_idle_seconds.0,
            sign_up_lifetime: self.sign_up_lifetime_seconds.0,
            step_up: self.step_up_seconds.0,
            shown_secret_lifetime: self.shown_secret_lifetime_seconds.0,
            secret_link_lifetime: self.secret_link_lifetime_seconds.0,
            password_reset_lifetime: self.password_reset_lifetime_seconds.0,
            argon2_memory_kib: self.argon2_memory_kib.u32(),
            argon2_passes: self.argon2_passes.u32(),
            argon2_lanes: self.argon2_lanes.u32(),
            password_threads: self.password_threads.usize(),
            cache_lifetime: self.cache_lifetime_milliseconds.0,
            request_log_sandbox: days(self.request_log_days_sandbox.u32()),
            request_log_live: days(self.request_log_days_live.u32()),
        }
    }
}
