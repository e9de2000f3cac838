//! A throw-away data folder with the real program on it.

use std::{
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::mpsc,
    time::Duration,
};

use serde_json::Value;
use tempfile::TempDir;

/// Longer than anything here takes; a story that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(60);

/// The folder. It is gone when this is dropped.
pub struct House {
    folder: TempDir,
    environment: Vec<(String, String)>,
}

impl House {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self {
            folder,
            environment: Vec::new(),
        }
    }

    /// The same with one more setting.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// A path beside the data folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn data(&self) -> PathBuf {
        self.path("data")
    }

    /// The program with these arguments, settings of this house, and none of the caller's.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("COUNTERSIGN_") {
                command.env_remove(name);
            }
        }
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env("COUNTERSIGN_DATA_DIR", self.data())
            .env("COUNTERSIGN_LISTEN", "127.0.0.1:0")
            // Cheap hashes: these stories are not about passwords.
            .env("COUNTERSIGN_ARGON2_MEMORY_KIB", "64")
            .envs(self.environment.iter().cloned());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs a command that succeeds; what it printed.
    pub fn done(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {errors}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs a command that succeeds with `--json`; the one object that it printed.
    pub fn json(&self, arguments: &[&str]) -> Value {
        let printed = self.done(&[arguments, &["--json"]].concat());
        serde_json::from_str(&printed).unwrap_or_else(|error| panic!("{error}: {printed}"))
    }

    /// Runs a command that is refused: status 1, nothing on standard output, one sentence on
    /// standard error, which is given back.
    pub fn refused(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {errors}");
        assert_eq!(String::from_utf8_lossy(&output.stdout), "", "{arguments:?}");
        assert_eq!(errors.lines().count(), 1, "{arguments:?}: {errors}");
        assert!(
            errors.trim_end().ends_with(['.', '?']),
            "{arguments:?}: {errors}"
        );
        errors
    }

    /// Starts `serve` with more `arguments` and waits until it is ready.
    pub fn serve(&self, arguments: &[&str]) -> Server {
        let log = self.path("log");
        let mut process = self
            .command(&[&["serve"], arguments].concat())
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let output = process.stdout.take().unwrap();
        let mut server = Server {
            process,
            address: ([127, 0, 0, 1], 0).into(),
            said: String::new(),
            log,
        };
        (server.address, server.said) = announced(output, &server);
        // It says so when it listens, so the first try should do.
        let ready = (0..100).any(|_| {
            server
                .get("/readyz")
                .is_ok_and(|answer| answer.status == 200)
        });
        assert!(ready, "{}", server.log());
        server
    }

    /// A client that may use client_credentials, with its secret.
    pub fn machine(&self) -> (String, String) {
        let added = self.json(&[
            "client",
            "add",
            "--name",
            "Machine",
            "--environment",
            "sandbox",
            "--dialect",
            "bearer",
            "--grant",
            "client_credentials",
            "--scope",
            "ais",
            "--auth",
            "client_secret_post",
        ]);
        let text = |name: &str| added[name].as_str().unwrap().to_owned();
        (text("client_id"), text("client_secret"))
    }
}

/// Everything that the server prints until it has told its address, without waiting for ever.
fn announced(output: impl io::Read + Send + 'static, server: &Server) -> (SocketAddr, String) {
    let (sender, said) = mpsc::channel();
    std::thread::spawn(move || {
        let mut lines = BufReader::new(output).lines();
        // Reads on to the end, so that the server is never kept waiting by a full pipe.
        while let Some(Ok(line)) = lines.next() {
            let _ = sender.send(line);
        }
    });
    let mut text = String::new();
    loop {
        let line = said.recv_timeout(PATIENCE).unwrap_or_else(|error| {
            panic!(
                "the server did not start ({error}): {text}\n{}",
                server.log()
            )
        });
        text += &line;
        text.push('\n');
        let address = line.split_whitespace().find_map(|word| {
            let word = word
                .trim_start_matches("http://")
                .trim_end_matches([';', '.', ',']);
            word.parse().ok()
        });
        if let Some(address) = address {
            return (address, text);
        }
    }
}

/// A running `serve`. It is killed when this is dropped.
pub struct Server {
    process: Child,
    pub address: SocketAddr,
    /// What it printed, up to the line with its address.
    pub said: String,
    log: PathBuf,
}

/// An answer.
pub struct Answer {
    pub status: u16,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

impl Server {
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    pub fn get(&self, path: &str) -> io::Result<Answer> {
        request(
            self.address,
            &format!(
                "GET {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n",
                self.address
            ),
        )
    }

    pub fn post(&self, path: &str, form: &[(&str, &str)]) -> io::Result<Answer> {
        post(self.address, path, form)
    }

    /// Asks it to end, and waits for that; whether it ended well.
    pub fn stop(mut self) -> bool {
        let id = self.process.id();
        let told = Command::new("sh")
            .arg("-c")
            .arg(format!("kill -TERM {id}"))
            .status()
            .unwrap();
        assert!(told.success());
        self.process.wait().unwrap().success()
    }

    /// Takes its life, with no time to say anything.
    pub fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Sends a form whose values need no encoding.
pub fn post(address: SocketAddr, path: &str, form: &[(&str, &str)]) -> io::Result<Answer> {
    let pairs: Vec<_> = form
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let body = pairs.join("&");
    let length = body.len();
    request(
        address,
        &format!(
            "POST {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-length: {length}\r\n\
             content-type: application/x-www-form-urlencoded\r\n\r\n{body}"
        ),
    )
}

/// One request on a connection of its own.
pub fn request(address: SocketAddr, text: &str) -> io::Result<Answer> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(text.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer
        .split_once("\r\n\r\n")
        .ok_or(io::ErrorKind::UnexpectedEof)?;
    let status = head
        .get(9..12)
        .and_then(|digits| digits.parse().ok())
        .ok_or(io::ErrorKind::InvalidData)?;
    Ok(Answer {
        status,
        body: body.to_owned(),
    })
}

/// The permission bits of a file.
pub fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata(path).unwrap().mode() & 0o777
}
