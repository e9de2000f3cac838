//! A first call in the languages that developers speak: a token by the client's own credentials, then
//! the question what it is good for. Each runs as pasted, with what its language brings along.

use engine::portal::Snippet;

/// Stands for a secret that is no longer visible.
const HIDDEN: &str = "YOUR_SANDBOX_SECRET";

/// The call in one language.
pub(super) struct FirstCall {
    /// What the language calls itself.
    pub language: &'static str,
    /// A file to paste it into.
    pub file: &'static str,
    /// The program.
    pub text: String,
}

/// The call in each language.
pub(super) fn all(snippet: &Snippet) -> [FirstCall; 5] {
    let texts = [
        ("curl", "first-call.sh", CURL),
        ("JavaScript", "first-call.mjs", JAVASCRIPT),
        ("Python", "first_call.py", PYTHON),
        ("PHP", "first-call.php", PHP),
        ("Rust", "src/main.rs", RUST),
    ];
    // Ids, secrets and the issuer have no character that any of these languages would read as its own.
    let secret = snippet.client_secret.as_deref().unwrap_or(HIDDEN);
    texts.map(|(language, file, text)| {
        let text = text
            .replace("{base}", &snippet.base)
            .replace("{id}", snippet.client_id.as_str())
            .replace("{secret}", secret);
        FirstCall {
            language,
            file,
            text: text.trim_start().to_owned(),
        }
    })
}

const CURL: &str = r#"
TOKEN=$(curl -s -u '{id}:{secret}' \
  -d grant_type=client_credentials -d scope=wallet \
  {base}/oauth/token | sed 's/.*"access_token":"\([^"]*\)".*/\1/')

curl -s -u '{id}:{secret}' \
  -d token="$TOKEN" \
  {base}/oauth/introspect
"#;

const JAVASCRIPT: &str = r#"
// node first-call.mjs
const base = '{base}';
const headers = { authorization: 'Basic ' + btoa('{id}:{secret}') };
const ask = async (path, fields) => {
  const body = new URLSearchParams(fields);
  return (await fetch(base + path, { method: 'POST', headers, body })).json();
};

const { access_token } = await ask('/oauth/token', { grant_type: 'client_credentials', scope: 'wallet' });
console.log(await ask('/oauth/introspect', { token: access_token }));
"#;

const PYTHON: &str = r#"
import base64, json, urllib.parse, urllib.request

base = "{base}"
basic = base64.b64encode(b"{id}:{secret}").decode()

def ask(path, **fields):
    body = urllib.parse.urlencode(fields).encode()
    request = urllib.request.Request(base + path, body, {"Authorization": "Basic " + basic})
    return json.load(urllib.request.urlopen(request))

token = ask("/oauth/token", grant_type="client_credentials", scope="wallet")["access_token"]
print(ask("/oauth/introspect", token=token))
"#;

const PHP: &str = r#"
<?php
$base = '{base}';

function ask(string $url, array $fields): array {
    $http = [
        'method' => 'POST',
        'header' => "Authorization: Basic " . base64_encode('{id}:{secret}')
            . "\r\nContent-Type: application/x-www-form-urlencoded",
        'content' => http_build_query($fields),
    ];
    return json_decode(file_get_contents($url, false, stream_context_create(['http' => $http])), true);
}

$token = ask("$base/oauth/token", ['grant_type' => 'client_credentials', 'scope' => 'wallet']);
print_r(ask("$base/oauth/introspect", ['token' => $token['access_token']]));
"#;

const RUST: &str = r#"
// cargo add reqwest --features blocking,json,form
// cargo add serde_json
use serde_json::Value;

fn ask(path: &str, fields: &[(&str, &str)]) -> reqwest::Result<Value> {
    reqwest::blocking::Client::new()
        .post(format!("{base}{path}"))
        .basic_auth("{id}", Some("{secret}"))
        .form(fields)
        .send()?
        .json()
}

fn main() -> reqwest::Result<()> {
    let token = ask("/oauth/token", &[("grant_type", "client_credentials"), ("scope", "wallet")])?;
    let token = token["access_token"].as_str().unwrap_or_default();
    println!("{}", ask("/oauth/introspect", &[("token", token)])?);
    Ok(())
}
"#;

#[cfg(test)]
mod tests {
    use protocol::ids::ClientId;

    use super::*;

    fn snippet(secret: Option<&str>) -> Snippet {
        Snippet {
            base: "https://id.bank.example".to_owned(),
            client_id: ClientId::new("sbx_shop_1"),
            client_secret: secret.map(str::to_owned),
        }
    }

    #[test]
    fn everything_that_is_known_is_filled_in() {
        for FirstCall { language, text, .. } in all(&snippet(Some("cs_sk_secret"))) {
            for said in ["https://id.bank.example", "sbx_shop_1", "cs_sk_secret"] {
                assert!(text.contains(said), "{language}: {text}");
            }
            for place in ["{base}", "{id}", "{secret}", HIDDEN] {
                assert!(!text.contains(place), "{language}: {text}");
            }
        }
    }

    #[test]
    fn a_hidden_secret_stays_hidden() {
        assert!(
            all(&snippet(None))
                .iter()
                .all(|call| call.text.contains(HIDDEN))
        );
    }
}
