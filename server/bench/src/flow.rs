//! The two loads that people make: whole code flows, and sign-ins.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    time::{Duration, Instant},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

use crate::{
    Failure,
    form::Form,
    http::{self, Answer, Connection, encode},
    load::{self, Size},
    report::{Rate, Report},
    server::{PASSWORD, REDIRECT_URI, Registered},
};

/// A PKCE verifier (RFC 7636 §4.1). A real app makes a new one each time; for the server it is all the same.
const VERIFIER: &str = "bench-bench-bench-bench-bench-bench-bench-bench";

/// Pages of one flow; more means that it goes in a circle.
const MOST_STEPS: usize = 12;

/// A browser without script: one connection and its cookies.
pub struct Browser {
    address: SocketAddr,
    connection: Connection,
    cookies: BTreeMap<String, String>,
}

impl Browser {
    /// A browser that has been nowhere yet.
    pub async fn open(address: SocketAddr) -> Result<Self, Failure> {
        let connection = Connection::open(address).await?;
        Ok(Self {
            address,
            connection,
            cookies: BTreeMap::new(),
        })
    }

    /// Follows a link.
    pub async fn get(&mut self, path: &str) -> Result<Answer, Failure> {
        let request = http::get(self.address, path, &self.headers());
        self.send(&request).await
    }

    /// Sends a form.
    async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Result<Answer, Failure> {
        let own = format!(
            "origin: http://{}\r\nsec-fetch-site: same-origin\r\n",
            self.address
        );
        let request = http::post_form(self.address, path, &(self.headers() + &own), form);
        self.send(&request).await
    }

    fn headers(&self) -> String {
        let accept = "accept: text/html\r\naccept-language: en\r\n";
        if self.cookies.is_empty() {
            return accept.into();
        }
        let pairs: Vec<_> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        format!("{accept}cookie: {}\r\n", pairs.join("; "))
    }

    async fn send(&mut self, request: &[u8]) -> Result<Answer, Failure> {
        let answer = self.connection.exchange(request).await?;
        for cookie in answer.headers("set-cookie") {
            let mut parts = cookie.split(';').map(str::trim);
            let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else {
                continue;
            };
            if parts.any(|part| part.eq_ignore_ascii_case("max-age=0")) {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.into(), value.into());
            }
        }
        Ok(answer)
    }

    /// Begins an authorization; the path of its first page.
    pub async fn authorize(&mut self, client_id: &str) -> Result<String, Failure> {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
        let path = format!(
            "/oauth/authorize?response_type=code&client_id={}&redirect_uri={}&scope=wallet&state=bench\
             &code_challenge={challenge}&code_challenge_method=S256",
            encode(client_id),
            encode(REDIRECT_URI),
        );
        let answer = self.get(&path).await?;
        location(&answer)
    }

    /// Signs in on the page at `path`; the path of the next page.
    async fn sign_in(&mut self, path: &str, username: &str) -> Result<String, Failure> {
        let page = self.get(path).await?.text();
        let form = Form::with_field(&page, "password").ok_or("there is no sign-in form")?;
        let typed = [("username", username), ("password", PASSWORD)];
        let sent = form.filled(&typed, &["continue", "log_in", "allow"]);
        let answer = self.post(&form.action, &sent).await?;
        location(&answer)
    }

    /// Goes through the pages from `path` on until the way back to the app; the code.
    async fn approve(&mut self, path: String) -> Result<String, Failure> {
        let mut path = path;
        for _ in 0..MOST_STEPS {
            if let Some(query) = path.strip_prefix(REDIRECT_URI) {
                let pairs = query
                    .trim_start_matches('?')
                    .split('&')
                    .filter_map(|pair| pair.split_once('='));
                let code = pairs
                    .into_iter()
                    .find_map(|(name, value)| (name == "code").then_some(value));
                return Ok(code
                    .ok_or_else(|| format!("no code came back: {query}"))?
                    .into());
            }
            let answer = self.get(&path).await?;
            if answer.status == 303 || answer.status == 302 {
                path = location(&answer)?;
                continue;
            }
            let page = answer.text();
            if Form::with_field(&page, "password").is_some() {
                return Err("a password was asked for in the middle of a session".into());
            }
            let form = Form::with_field(&page, "decision").ok_or("there is no form to answer")?;
            // The code stays empty: the sandbox only checks one that is filled in.
            let sent = form.filled(&[], &["allow", "confirm"]);
            let answer = self.post(&form.action, &sent).await?;
            path = location(&answer)?;
        }
        Err("the flow does not come to an end".into())
    }

    /// Exchanges a code for tokens.
    async fn exchange(&mut self, authorization: &str, code: &str) -> Result<(), Failure> {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", REDIRECT_URI),
            ("code_verifier", VERIFIER),
        ];
        let request = http::post_form(self.address, "/oauth/token", authorization, &form);
        match self.connection.drive(&request).await? {
            200 => Ok(()),
            status => Err(format!("the token endpoint answered with status {status}").into()),
        }
    }
}

/// Where a redirect leads: a path on the server, or a whole address elsewhere.
fn location(answer: &Answer) -> Result<String, Failure> {
    let to = answer.header("location");
    to.ok_or_else(|| format!("a redirect was due, not status {}", answer.status).into())
}

/// Complete flows per second, without password hashing: every connection signs in once before.
pub async fn code_flows(
    address: SocketAddr,
    registered: &Registered,
    size: Size,
    report: &mut Report,
) -> Result<(), Failure> {
    let mut browsers = Vec::new();
    for number in 0..size.connections {
        let mut browser = Browser::open(address).await?;
        let path = browser.authorize(&registered.shop.id).await?;
        let username = &registered.usernames[number % registered.usernames.len()];
        let path = browser.sign_in(&path, username).await?;
        browser.approve(path).await?;
        browsers.push(browser);
    }
    let client_id = registered.shop.id.clone();
    let authorization = http::basic(&registered.shop.id, &registered.shop.secret);
    let rate = load::run(size, browsers, async move |browser: &mut Browser| {
        let path = browser.authorize(&client_id).await?;
        let code = browser.approve(path).await?;
        browser.exchange(&authorization, &code).await
    });
    report.rate("code_flow", rate.await?);
    Ok(())
}

/// Sign-ins per second: the app's request, the page, the form, the next page, each in a browser
/// without cookies on a connection of its own that is kept alive.
pub async fn sign_ins(
    address: SocketAddr,
    registered: &Registered,
    size: Size,
    report: &mut Report,
) -> Result<(), Failure> {
    let mut browsers = Vec::new();
    for number in 0..size.connections {
        let username = registered.usernames[number % registered.usernames.len()].clone();
        browsers.push((Browser::open(address).await?, username));
    }
    let client_id = registered.shop.id.clone();
    let rate = load::run(
        size,
        browsers,
        async move |(browser, username): &mut (Browser, String)| {
            browser.cookies.clear();
            let path = browser.authorize(&client_id).await?;
            let next = browser.sign_in(&path, username).await?;
            let page = browser.get(&next).await?;
            match Form::with_field(&page.text(), "password") {
                None if page.status == 200 => Ok(()),
                _ => Err("the right password was refused".into()),
            }
        },
    );
    report.rate("sign_in", rate.await?);
    Ok(())
}

/// What the machine gives at most: argon2id with the default cost, on as many threads as the
/// server hashes on by default, and nothing else.
pub fn bare_argon2id(size: Size, report: &mut Report) -> Result<(), Failure> {
    let hasher = argon2::Argon2::new(
        argon2::Algorithm::Argon2id,
        argon2::Version::V0x13,
        argon2::Params::new(19_456, 2, 1, None).map_err(|error| error.to_string())?,
    );
    let lasting = size.lasting / 2;
    let begin = Instant::now();
    let mut latencies = Vec::new();
    std::thread::scope(|scope| {
        let one_thread = || {
            let mut latencies = Vec::new();
            while begin.elapsed() < lasting {
                let started = Instant::now();
                let mut hash = [0; 32];
                if hasher
                    .hash_password_into(PASSWORD.as_bytes(), b"sixteen bytes...", &mut hash)
                    .is_ok()
                {
                    latencies.push(started.elapsed());
                }
            }
            latencies
        };
        let threads: Vec<_> = (0..2).map(|_| scope.spawn(one_thread)).collect();
        for thread in threads {
            latencies.extend(thread.join().unwrap_or_default());
        }
    });
    report.rate(
        "bare_argon2id",
        Rate::of(latencies, lasting.max(Duration::from_millis(1)), 0),
    );
    Ok(())
}
