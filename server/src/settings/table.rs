//! The table of settings: the one place that knows their names, types, defaults and meaning.
//!
//! From it come the [`Settings`] struct, the check for unknown names, `doctor --print-settings`
//! and the file `.env.example`. A new setting is one entry here.

use std::{net::SocketAddr, path::PathBuf};

use engine::settings::Profile;

use super::{
    sources::{Sources, WrongSetting},
    value::{
        Count, DatabaseUrl, Directory, LogFilter, MailFrom, Milliseconds, Networks, PublicUrl,
        SealKeys, Seconds, SmtpUrl, Value,
    },
};

/// One setting, as documentation.
pub struct Setting {
    /// Name in the TOML file; in the environment it is written large after `COUNTERSIGN_`.
    pub name: &'static str,
    /// Heading under which it is documented.
    pub section: &'static str,
    /// What it means, line by line.
    pub meaning: &'static [&'static str],
    /// Its default as text; empty when it is not set by default.
    pub default: &'static str,
    /// What its text is expected to be.
    pub expected: fn() -> String,
}

impl Setting {
    /// Name of its environment variable.
    pub fn variable(&self) -> String {
        format!("{}{}", super::PREFIX, self.name.to_ascii_uppercase())
    }
}

/// Writes the struct and the table from one list.
macro_rules! settings {
    ($( $section:literal { $( $(#[doc = $meaning:literal])+ $name:ident: $type:ty = $default:literal; )+ } )+) => {
        /// Everything the operator can set, parsed.
        #[derive(Clone)]
        pub struct Settings {
            $($( $(#[doc = $meaning])+ pub $name: $type, )+)+
        }

        /// All settings, in the order in which they are documented.
        pub static TABLE: &[Setting] = &[
            $($( Setting {
                name: stringify!($name),
                section: $section,
                meaning: &[$($meaning),+],
                default: $default,
                expected: <$type as Value>::expected,
            }, )+)+
        ];

        impl Settings {
            /// Parses every setting.
            pub(super) fn parse(sources: &Sources) -> Result<Self, WrongSetting> {
                Ok(Self { $($( $name: sources.value(stringify!($name))?, )+)+ })
            }

            /// Name and value of every setting, secrets masked.
            pub fn shown(&self) -> Vec<(&'static str, String)> {
                vec![$($( (stringify!($name), self.$name.shown()), )+)+]
            }
        }
    };
}

settings! {
    "The server" {
        /// demo allows http and play data; production requires https and refuses demo data.
        profile: Profile = "demo";
        /// Address to listen on.
        listen: SocketAddr = "127.0.0.1:3000";
        /// Address under which browsers and apps reach the server: the issuer (RFC 8414) and the
        /// base of every link. Never taken from a request. Follows the listening address when it
        /// is not set; must be https when the profile is production.
        public_url: PublicUrl = "http://127.0.0.1:3000";
        /// Proxies whose X-Forwarded-For is believed; everybody else's is ignored.
        trusted_proxies: Networks = "";
        /// Address for Prometheus, which reads /metrics there. Keep it off the public network.
        metrics_listen: Option<SocketAddr> = "";
        /// What goes to the log: a level, or directives such as info,engine=debug. Lines are JSON
        /// when standard error is not a terminal.
        log: LogFilter = "info";
        /// Folder with the pages' style sheets, fonts and scripts. When it is not set: site beside
        /// the program, else target/site.
        site_dir: Option<PathBuf> = "";
    }
    "Where state is kept" {
        /// Folder for the database, the seal key and the outbox.
        data_dir: PathBuf = "data";
        /// The database: embedded SQLite, or PostgreSQL for several nodes. Lies in the data folder
        /// when it is not set.
        database_url: DatabaseUrl = "sqlite://data/countersign.db";
        /// Connections for reading; with PostgreSQL, connections in all.
        database_connections: Count<1, 256> = "8";
        /// Key that seals what must be read back: 32 random bytes in base64. Several, the highest
        /// number being the newest, as 2:BASE64,1:BASE64. When neither this nor the file is set, a
        /// key is made in the data folder at the first start.
        seal_key: Option<SealKeys> = "";
        /// File with the seal keys, one NUMBER:BASE64 a line, readable by its owner only.
        seal_key_file: Option<PathBuf> = "";
    }
    "Mail" {
        /// Mail server. When it is not set, mails are written to the folder outbox of the data folder.
        smtp_url: Option<SmtpUrl> = "";
        /// Sender of mails; needed when there is a mail server.
        mail_from: Option<MailFrom> = "";
    }
    "Lifetimes" {
        /// Authorization codes (RFC 9700: at most a minute or so).
        code_lifetime_seconds: Seconds<1, 600> = "60";
        /// Access tokens; a client can have its own.
        access_token_lifetime_seconds: Seconds<1, 31_536_000> = "3600";
        /// Refresh tokens; a client can have its own.
        refresh_token_lifetime_seconds: Seconds<1, 315_360_000> = "15552000";
        /// For how long a used refresh token hands out the same successor again, in case the answer
        /// was lost. Later use ends the whole family.
        refresh_grace_seconds: Seconds<0, 60> = "10";
        /// One authorization, from the app's request to the way back.
        interaction_lifetime_seconds: Seconds<60, 86_400> = "1800";
        /// Without activity after signing in (RTS article 4(3)(d): at most five minutes).
        idle_lifetime_seconds: Seconds<30, 300> = "300";
        /// By how much clocks of clients may differ from ours.
        clock_skew_seconds: Seconds<0, 600> = "300";
        /// A person's permission for account access (Regulation (EU) 2022/2360: 180 days).
        consent_lifetime_seconds: Seconds<60, 15_552_000> = "15552000";
        /// For how long a browser stays known to its person.
        device_lifetime_seconds: Seconds<60, 63_072_000> = "15552000";
        /// For how long an Idempotency-Key is remembered.
        idempotency_lifetime_seconds: Seconds<60, 31_536_000> = "604800";
        /// For how long a payment that an app wrote down can be approved and executed.
        pending_transfer_lifetime_seconds: Seconds<60, 2_592_000> = "86400";
        /// For how long a token or client may be answered from memory; a change made on another
        /// node, or by a command, is seen after this time.
        cache_lifetime_milliseconds: Milliseconds<0, 1000> = "900";
    }
    "The developer portal" {
        /// After how long without a request a person must sign in again.
        portal_idle_seconds: Seconds<60, 28_800> = "1800";
        /// For how long the code and the link of a sign-up are good.
        sign_up_lifetime_seconds: Seconds<60, 86_400> = "900";
        /// For how long a code of the authenticator app counts as fresh before something that matters.
        step_up_seconds: Seconds<30, 3600> = "300";
        /// For how long a new client secret can be seen.
        shown_secret_lifetime_seconds: Seconds<60, 3600> = "600";
        /// For how long the one-time link to the secret of an approved app is good.
        secret_link_lifetime_seconds: Seconds<60, 604_800> = "86400";
        /// For how long the link to a new password is good, for people of the portal who forgot theirs.
        password_reset_lifetime_seconds: Seconds<60, 86_400> = "1800";
    }
    "The sandbox" {
        /// Whether any user name and password sign in where sandbox clients send people: open makes
        /// unknown names on the spot, closed lets in nobody without their own password. Live clients
        /// and live people never know of it.
        sandbox_directory: Directory = "open";
    }
    "Limits" {
        /// Misses in a row before signing in or the code is paused, per person and browser
        /// (RTS article 4(3)(b): at most five).
        max_failures: Count<1, 5> = "5";
        /// The same per network address range.
        max_failures_per_address: Count<1, 100_000> = "50";
        /// Transactions of the Wallet API that one client may make in a day. Most are never accepted by
        /// anybody, and each stays for weeks.
        max_transactions_per_day: Count<1, 1_000_000_000> = "100000";
        /// For how long misses are remembered.
        failure_window_seconds: Seconds<60, 86_400> = "900";
        /// How long a pause is.
        pause_seconds: Seconds<1, 86_400> = "900";
        /// Largest request body.
        request_body_bytes: Count<1024, 10_485_760> = "65536";
        /// Longest time for one request, its slow body included.
        request_seconds: Seconds<1, 600> = "30";
        /// Connections at the same time; more wait.
        connections: Count<1, 100_000> = "4096";
        /// At shutdown, for how long requests may be finished.
        shutdown_seconds: Seconds<0, 300> = "10";
    }
    "Password hashing (argon2id)" {
        /// Memory per hash.
        argon2_memory_kib: Count<8, 4_194_304> = "19456";
        /// Passes over the memory.
        argon2_passes: Count<1, 100> = "2";
        /// Lanes.
        argon2_lanes: Count<1, 16> = "1";
        /// Passwords hashed at the same time; more wait in a line.
        password_threads: Count<1, 64> = "2";
    }
    "Housekeeping" {
        /// Pause between two rounds that delete expired rows.
        sweep_interval_seconds: Seconds<1, 86_400> = "60";
        /// Rows deleted in one transaction.
        sweep_batch_rows: Count<1, 100_000> = "500";
        /// Pause between two looks into the outbox.
        mail_interval_seconds: Seconds<1, 3600> = "2";
        /// For how many days the requests of sandbox clients stay in the request log; 0: none is
        /// logged. A process that dies loses what was logged in its last second.
        request_log_days_sandbox: Count<0, 3650> = "30";
        /// The same for live clients.
        request_log_days_live: Count<0, 3650> = "90";
    }
    "Checks of apps" {
        /// Pause between two looks at which checks of websites and callback addresses are due.
        checks_interval_seconds: Seconds<1, 3600> = "5";
        /// Whether checks may reach addresses of our own network, and any port: for tests. Refused
        /// when the profile is production.
        checks_allow_private_addresses: bool = "false";
        /// PEM file with root certificates that checks trust beside those of browsers.
        checks_extra_roots_file: Option<PathBuf> = "";
        /// Name server that checks ask, address and port. When it is not set: those of the system.
        checks_resolver: Option<SocketAddr> = "";
    }
}
