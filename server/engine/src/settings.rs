//! What the operator can turn: lifetimes, limits, the issuer. Parsing lives in `server`.

use std::time::Duration;

use protocol::lifetimes::Lifetimes;

/// How the server is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// Play data may be seeded; http is allowed.
    Demo,
    /// https only; no demo data, no fixed secrets.
    Production,
}

/// Settings of the use cases.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The issuer and base of every link, without a trailing slash (RFC 8414 §2). Never taken from a request.
    pub public_url: String,
    /// How the server is run.
    pub profile: Profile,
    /// Default lifetimes; a client may have its own.
    pub lifetimes: Lifetimes,
    /// For how long a consent to account access holds at most (Regulation (EU) 2022/2360: 180 days).
    pub consent_lifetime: Duration,
    /// The directory of the sandbox is open: there any name and password sign in. Never for live clients.
    pub sandbox_open: bool,
    /// For how long signing in, or the code, is paused after too many misses.
    pub pause: Duration,
    /// For how long misses are remembered.
    pub failure_window: Duration,
    /// Misses before a pause, per person and device (RTS article 4(3)(b): at most 5).
    pub max_failures: u32,
    /// Misses before a pause, per network address range.
    pub max_failures_per_address: u32,
    /// Transactions of the Wallet API that one client may make in a day.
    pub max_transactions_per_day: u32,
    /// For how long a browser stays known to a person.
    pub device_lifetime: Duration,
    /// For how long an idempotency key is remembered.
    pub idempotency_lifetime: Duration,
    /// For how long a pending transfer can be approved and executed.
    pub pending_transfer_lifetime: Duration,
    /// After how long without a request a session of the portal ends.
    pub portal_idle: Duration,
    /// For how long an address can be confirmed after signing up.
    pub sign_up_lifetime: Duration,
    /// For how long a code counts as fresh, where the portal asks for one again.
    pub step_up: Duration,
    /// For how long a new secret can be seen.
    pub shown_secret_lifetime: Duration,
    /// For how long the link to the secret of a live client can be used.
    pub secret_link_lifetime: Duration,
    /// For how long the link to a new password can be used.
    pub password_reset_lifetime: Duration,
    /// argon2id memory, in KiB.
    pub argon2_memory_kib: u32,
    /// argon2id passes.
    pub argon2_passes: u32,
    /// argon2id lanes.
    pub argon2_lanes: u32,
    /// Threads that hash passwords at the same time.
    pub password_threads: usize,
    /// For how long a cached token or client may stand without being looked up again. Changes made
    /// on this node are seen at once; changes made elsewhere within this time.
    pub cache_lifetime: Duration,
    /// For how long requests of sandbox clients stay in the request log; zero: they are not logged.
    pub request_log_sandbox: Duration,
    /// The same for live clients.
    pub request_log_live: Duration,
}

impl Settings {
    /// Whether the public URL is https: cookies are `Secure` and `__Host-` then.
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            public_url: "http://127.0.0.1:3000".into(),
            profile: Profile::Demo,
            lifetimes: Lifetimes::default(),
            consent_lifetime: Duration::from_secs(180 * 24 * 3600),
            sandbox_open: true,
            pause: Duration::from_secs(15 * 60),
            failure_window: Duration::from_secs(15 * 60),
            max_failures: 5,
            max_failures_per_address: 50,
            max_transactions_per_day: 100_000,
            device_lifetime: Duration::from_secs(180 * 24 * 3600),
            idempotency_lifetime: Duration::from_secs(7 * 24 * 3600),
            pending_transfer_lifetime: Duration::from_secs(24 * 3600),
            portal_idle: Duration::from_secs(30 * 60),
            sign_up_lifetime: Duration::from_secs(15 * 60),
            step_up: Duration::from_secs(5 * 60),
            shown_secret_lifetime: Duration::from_secs(10 * 60),
            secret_link_lifetime: Duration::from_secs(24 * 3600),
            password_reset_lifetime: Duration::from_secs(30 * 60),
            argon2_memory_kib: 19_456,
            argon2_passes: 2,
            argon2_lanes: 1,
            password_threads: 2,
            cache_lifetime: Duration::from_millis(900),
            request_log_sandbox: Duration::from_secs(30 * 24 * 3600),
            request_log_live: Duration::from_secs(90 * 24 * 3600),
        }
    }
}
