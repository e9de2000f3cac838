//! The measured server as a process: start, readiness, memory, end; and what is registered in it.

use std::{
    ffi::OsStr,
    fs::File,
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use serde_json::Value;
use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::{
    Failure,
    http::{self, Connection},
};

/// Until when a start, the very first one with its demo data included, must be done.
const LONGEST_START: Duration = Duration::from_secs(60);

/// Where the way back of the measured app leads; nobody listens there, and nobody goes there.
pub const REDIRECT_URI: &str = "http://127.0.0.1:9/callback";

/// Password of the people who are registered for the measurement.
pub const PASSWORD: &str = "correct horse battery staple";

/// A client with its secret.
pub struct Client {
    /// The `client_id`.
    pub id: String,
    /// The `client_secret`.
    pub secret: String,
}

/// What the loads use.
pub struct Registered {
    /// May use client_credentials.
    pub machine: Client,
    /// May use authorization_code.
    pub shop: Client,
    /// Signs its requests.
    pub signer: Client,
    /// Login names of people with one account each.
    pub usernames: Vec<String>,
}

/// The server with its data folder.
pub struct House {
    binary: PathBuf,
    folder: TempDir,
    address: SocketAddr,
    process: Option<Child>,
    request_log: bool,
}

impl House {
    /// Prepares a throw-away folder below `place`, and a port. The place must be on a real disk: a
    /// durable commit into memory would measure nothing.
    pub fn new(binary: &Path, place: &Path) -> Result<Self, Failure> {
        let binary = binary.canonicalize().map_err(|error| {
            format!(
                "{}: {error}; build it first: cargo build --release -p server",
                binary.display()
            )
        })?;
        let folder = tempfile::Builder::new()
            .prefix("bench-")
            .tempdir_in(place)?;
        let address = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?;
        Ok(Self {
            binary,
            folder,
            address,
            process: None,
            request_log: true,
        })
    }

    /// The same with the request log switched off.
    pub fn without_request_log(self) -> Self {
        Self {
            request_log: false,
            ..self
        }
    }

    /// Where the server listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Starts the server and waits until it is ready: the time that took.
    pub async fn start(&mut self) -> Result<Duration, Failure> {
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.folder.path().join("log"))?;
        let begin = Instant::now();
        let process = self
            .command(["serve", "--demo"])
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()?;
        let process = self.process.insert(process);
        loop {
            if let Some(status) = process.try_wait()? {
                let log = std::fs::read_to_string(self.folder.path().join("log"))?;
                return Err(format!("the server ended with {status}:\n{log}").into());
            }
            if is_ready(self.address).await {
                return Ok(begin.elapsed());
            }
            if begin.elapsed() > LONGEST_START {
                return Err("the server did not become ready".into());
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// Ends the server as an operator would, and waits for its end.
    pub async fn stop(&mut self) -> Result<(), Failure> {
        let Some(mut process) = self.process.take() else {
            return Ok(());
        };
        if let Some(id) = process.id() {
            Command::new("sh")
                .arg("-c")
                .arg(format!("kill -TERM {id}"))
                .status()
                .await?;
        }
        let status = tokio::time::timeout(Duration::from_secs(20), process.wait()).await??;
        if status.success() {
            Ok(())
        } else {
            Err(format!("the server ended with {status}").into())
        }
    }

    /// A line of the process's memory, in KiB.
    pub fn memory(&self, line: &str) -> Result<u64, Failure> {
        let id = self
            .process
            .as_ref()
            .and_then(Child::id)
            .ok_or("the server does not run")?;
        let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
        let value = status
            .lines()
            .filter_map(|found| found.split_once(':'))
            .find_map(|(name, value)| (name == line).then_some(value))
            .ok_or("the system does not tell the memory of processes")?;
        Ok(value.trim().trim_end_matches("kB").trim().parse()?)
    }

    /// Registers clients and people, while the server runs, as an operator would.
    pub async fn register(&self) -> Result<Registered, Failure> {
        let machine = self
            .client(
                "Bench machine",
                &["--grant", "client_credentials", "--scope", "ais"],
            )
            .await?;
        let shop = [
            "--grant",
            "authorization_code",
            "--scope",
            "wallet",
            "--pkce",
            "required",
        ];
        let shop = self.client("Bench shop", &shop).await?;
        let signer = self.signer("Bench signer").await?;
        let mut usernames = Vec::new();
        for number in 0..8 {
            let username = format!("bench-{number}");
            let user = [
                "user",
                "add",
                "--username",
                &username,
                "--password",
                PASSWORD,
            ];
            self.run(user.iter().chain(&["--environment", "sandbox", "--json"]))
                .await?;
            // Test numbers of a bank that does not exist, with valid check digits.
            let iban = lithuanian_iban(number);
            let account = ["account", "add", "--username", &username, "--iban", &iban];
            self.run(account.iter().chain(&[
                "--currency",
                "EUR",
                "--balance",
                "1000.00",
                "--json",
            ]))
            .await?;
            usernames.push(username);
        }
        Ok(Registered {
            machine,
            shop,
            signer,
            usernames,
        })
    }

    async fn client(&self, name: &str, more: &[&str]) -> Result<Client, Failure> {
        let common = [
            "client",
            "add",
            "--name",
            name,
            "--environment",
            "sandbox",
            "--dialect",
            "bearer",
        ];
        let common = common.iter().chain(&["--redirect-uri", REDIRECT_URI]);
        let common = common.chain(&["--auth", "client_secret_basic", "--json"]);
        let added = self.run(common.chain(more)).await?;
        let text = |name: &str| {
            let value = added[name].as_str().map(str::to_owned);
            value.ok_or_else(|| format!("client add answers no {name}"))
        };
        Ok(Client {
            id: text("client_id")?,
            secret: text("client_secret")?,
        })
    }

    /// A client of the dialect mac; its secret is its key.
    async fn signer(&self, name: &str) -> Result<Client, Failure> {
        let added = self
            .run(
                ["client", "add", "--name", name, "--environment", "sandbox"]
                    .iter()
                    .chain(&["--dialect", "mac", "--grant", "authorization_code"])
                    .chain(&[
                        "--scope",
                        "wallet",
                        "--redirect-uri",
                        REDIRECT_URI,
                        "--json",
                    ]),
            )
            .await?;
        let text = |name: &str| {
            let value = added[name].as_str().map(str::to_owned);
            value.ok_or_else(|| format!("client add answers no {name}"))
        };
        Ok(Client {
            id: text("client_id")?,
            secret: text("mac_key")?,
        })
    }

    async fn run(
        &self,
        arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
    ) -> Result<Value, Failure> {
        let output = self.command(arguments).output().await?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
        }
        Ok(serde_json::from_slice(&output.stdout)?)
    }

    /// A process of the binary with settings of its own; those of the caller are left out.
    fn command(&self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
        let mut command = Command::new(&self.binary);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("COUNTERSIGN_") {
                command.env_remove(name);
            }
        }
        command
            .args(arguments)
            .env("COUNTERSIGN_LISTEN", self.address.to_string())
            .env("COUNTERSIGN_DATA_DIR", self.folder.path().join("data"))
            .kill_on_drop(true);
        if !self.request_log {
            command.env("COUNTERSIGN_REQUEST_LOG_DAYS_SANDBOX", "0");
        }
        command
    }
}

async fn is_ready(address: SocketAddr) -> bool {
    let request = http::get(address, "/readyz", "");
    match Connection::open(address).await {
        Ok(mut connection) => connection
            .drive(&request)
            .await
            .is_ok_and(|status| status == 200),
        Err(_) => false,
    }
}

/// A Lithuanian account number (ISO 13616: mod 97) of the bank `90000`, which does not exist.
fn lithuanian_iban(number: u32) -> String {
    let domestic = format!("90000{:011}", 70_000 + number);
    // `LT00` moved to the end, letters as numbers: L is 21, T is 29.
    let remainder = format!("{domestic}212900")
        .bytes()
        .fold(0, |remainder, digit| {
            (remainder * 10 + u32::from(digit - b'0')) % 97
        });
    format!("LT{:02}{domestic}", 98 - remainder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn account_numbers_have_valid_check_digits() {
        for number in 0..200 {
            let iban = lithuanian_iban(number);
            assert_eq!(iban.len(), 20);
            let turned = format!("{}2129{}", &iban[4..], &iban[2..4]);
            let remainder = turned
                .bytes()
                .fold(0, |rest, digit| (rest * 10 + u32::from(digit - b'0')) % 97);
            assert_eq!(remainder, 1, "{iban}");
        }
    }
}
