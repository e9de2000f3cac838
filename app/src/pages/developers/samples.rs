//! Code for a terminal, and some JavaScript, that runs as it is pasted. A browser test does that.

use crate::api::developers::{ClientKeys, Place};

/// Where the samples let a person come back to.
const CALLBACK: &str = "http://127.0.0.1:8080/callback";

/// The client proves who it is (RFC 6749 §2.3.1).
const CLIENT: &str = r#"-u "$CLIENT_ID:$CLIENT_SECRET""#;

/// The variables that all others read.
pub fn keys(place: &Place) -> String {
    let (id, secret) = match &place.keys {
        Some(ClientKeys { id, secret }) => (id.as_str(), secret.as_str()),
        None => ("your client_id", "your client_secret"),
    };
    format!("export CLIENT_ID='{id}' CLIENT_SECRET='{secret}'")
}

/// RFC 6749 §4.4.
pub fn check(Place { issuer, .. }: &Place) -> String {
    format!("curl -sS {CLIENT} \\\n  -d grant_type=client_credentials \\\n  {issuer}/oauth/token")
}

/// RFC 6749 §4.1.1 and RFC 7636.
pub fn person(Place { issuer, .. }: &Place) -> String {
    let callback = CALLBACK.replace(':', "%3A").replace('/', "%2F");
    format!(
        r#"export VERIFIER=$(openssl rand -base64 48 | tr '+/' '-_')
export CHALLENGE=$(printf %s "$VERIFIER" | openssl dgst -sha256 -binary | openssl base64 -A | tr '+/' '-_' | tr -d '=')
echo "{issuer}/oauth/authorize?response_type=code&client_id=$CLIENT_ID&redirect_uri={callback}&scope=ais&state=$(openssl rand -hex 16)&code_challenge=$CHALLENGE&code_challenge_method=S256""#
    )
}

/// RFC 6749 §4.1.3 and RFC 6750 §2.1.
pub fn call(Place { issuer, .. }: &Place) -> String {
    format!(
        r#"ANSWER=$(curl -sS {CLIENT} \
  -d grant_type=authorization_code \
  -d code="$CODE" \
  -d redirect_uri={CALLBACK} \
  -d code_verifier="$VERIFIER" \
  {issuer}/oauth/token)
echo "$ANSWER"
TOKEN=$(printf %s "$ANSWER" | sed -n 's/.*"access_token":"\([^"]*\)".*/\1/p')
curl -sS -H "Authorization: Bearer $TOKEN" {issuer}/v1/accounts"#
    )
}

/// RFC 6749 §6.
pub fn refresh(Place { issuer, .. }: &Place) -> String {
    format!(
        r#"curl -sS {CLIENT} \
  -d grant_type=refresh_token \
  -d refresh_token="$REFRESH_TOKEN" \
  {issuer}/oauth/token"#
    )
}

/// One refresh at a time, and again when the answer is lost.
pub fn single_flight(Place { issuer, .. }: &Place) -> String {
    format!(
        r"const endpoint = '{issuer}/oauth/token';
const authorization = `Basic ${{btoa(`${{process.env.CLIENT_ID}}:${{process.env.CLIENT_SECRET}}`)}}`;
const running = new Map();

/** Whoever comes while a refresh runs gets its result. */
export function refresh(tokens) {{
  const key = tokens.refresh_token;
  if (!running.has(key)) running.set(key, renew(tokens).finally(() => running.delete(key)));
  return running.get(key);
}}

async function renew(tokens) {{
  const body = new URLSearchParams({{ grant_type: 'refresh_token', refresh_token: tokens.refresh_token }});
  // When the answer is lost, the same refresh token hands out the same new pair.
  for (const wait of [0, 500, 2000]) {{
    await new Promise((done) => setTimeout(done, wait));
    const answer = await fetch(endpoint, {{ method: 'POST', headers: {{ authorization }}, body }}).catch(() => null);
    if (answer?.ok) return answer.json();
    if (answer && answer.status < 500) throw new Error((await answer.json()).error);
  }}
  throw new Error('temporarily_unavailable');
}}"
    )
}

/// The tutorial's authorize request, without the secret that the tutorial puts into it.
pub fn tutorial_ask(Place { issuer, .. }: &Place) -> String {
    format!(
        "echo \"{issuer}/oauth/authorize?client_id=$CLIENT_ID&scope=transferFunds,wallet&callbackURL={}\"",
        CALLBACK.replace(':', "%3A").replace('/', "%2F")
    )
}

/// Its exchange.
pub fn tutorial_exchange(Place { issuer, .. }: &Place) -> String {
    format!("curl -sS {CLIENT} -d authorizationToken=\"$AUTHORIZATION_TOKEN\" {issuer}/oauth/token")
}

/// Its answer, with tokens that nobody has.
pub fn tutorial_answer() -> String {
    r#"{
  "accessToken": "cs_at_...",
  "tokenType": "Bearer",
  "expiresIn": 3600,
  "expiry": "2026-11-28T09:00:00Z",
  "scope": "transferFunds wallet",
  "refreshToken": "cs_rt_...",
  "consentId": "..."
}"#
    .to_owned()
}

/// RFC 7009.
pub fn revoke(Place { issuer, .. }: &Place) -> String {
    format!("curl -sS {CLIENT} -d token=\"$REFRESH_TOKEN\" {issuer}/oauth/revoke")
}

/// RFC 7662.
pub fn introspect(Place { issuer, .. }: &Place) -> String {
    format!("curl -sS {CLIENT} -d token=\"$TOKEN\" {issuer}/oauth/introspect")
}

/// An error answer, with a reference that nobody has.
pub fn error_answer(Place { issuer, .. }: &Place) -> String {
    format!(
        r#"{{
  "error": "invalid_client",
  "error_description": "client authentication failed",
  "error_uri": "{issuer}{}#invalid-client",
  "trace_id": "0000-0000"
}}"#,
        protocol::error_catalogue::PATH
    )
}

/// RFC 9396 §2: asking curl for the address leaves the payment readable.
pub fn payment(Place { issuer, .. }: &Place) -> String {
    format!(
        r#"curl -sS -G -o /dev/null -w '%{{url_effective}}\n' {issuer}/oauth/authorize \
  -d response_type=code -d client_id="$CLIENT_ID" -d scope=transferFunds \
  --data-urlencode redirect_uri={CALLBACK} \
  -d state="$(openssl rand -hex 16)" \
  -d code_challenge="$CHALLENGE" -d code_challenge_method=S256 \
  --data-urlencode authorization_details='[{{
    "type": "payment_initiation",
    "instructedAmount": {{ "currency": "EUR", "amount": "20.00" }},
    "creditorName": "UAB Elektra",
    "creditorAccount": {{ "iban": "LT121000011101001000" }},
    "remittanceInformationUnstructured": "Invoice 1187"
  }}]'"#
    )
}

/// A payment that is written down before the person is asked.
pub fn pending_transfer(Place { issuer, .. }: &Place) -> String {
    format!(
        r#"OWN=$(curl -sS -u "$CLIENT_ID:$CLIENT_SECRET" -d grant_type=client_credentials \
  -d scope=transferFunds {issuer}/oauth/token | sed 's/.*"access_token":"\([^"]*\)".*/\1/')
curl -sS -H "Authorization: Bearer $OWN" \
  -H "Idempotency-Key: $(openssl rand -hex 16)" -H 'Content-Type: application/json' \
  -d '{{
    "amount": "20.00", "currency": "EUR",
    "to": {{ "iban": "LT121000011101001000", "name": "UAB Elektra" }},
    "reference": "Invoice 1187"
  }}' \
  {issuer}/wallet/v1/pending-transfers"#
    )
}

/// A consent that is written down before the person is asked.
pub fn consent(Place { issuer, .. }: &Place) -> String {
    format!(
        r#"OWN=$(curl -sS -d grant_type=client_credentials -d scope=ais \
  -d client_id="$CLIENT_ID" -d client_secret="$CLIENT_SECRET" \
  {issuer}/oauth/token | sed 's/.*"access_token":"\([^"]*\)".*/\1/')
CONSENT=$(curl -sS -H "Authorization: Bearer $OWN" \
  -H "X-Request-ID: $(cat /proc/sys/kernel/random/uuid)" -H 'Content-Type: application/json' \
  -d '{{
    "access": {{ "accounts": [], "balances": [], "transactions": [] }},
    "recurringIndicator": true,
    "validUntil": "9999-12-31",
    "frequencyPerDay": 4,
    "combinedServiceIndicator": false
  }}' \
  {issuer}/v1/consents | sed 's/.*"consentId":"\([^"]*\)".*/\1/')
echo "$CONSENT""#
    )
}

/// Where the person agrees to it.
pub fn ask_for_consent(Place { issuer, .. }: &Place) -> String {
    format!(
        r#"curl -sS -G -o /dev/null -w '%{{url_effective}}\n' {issuer}/oauth/authorize \
  -d response_type=code -d client_id="$CLIENT_ID" \
  --data-urlencode scope="AIS:$CONSENT" \
  --data-urlencode redirect_uri={CALLBACK} \
  -d state="$(openssl rand -hex 16)" \
  -d code_challenge="$CHALLENGE" -d code_challenge_method=S256"#
    )
}

/// Accounts and transactions, with the person's token.
pub fn read_accounts(Place { issuer, .. }: &Place) -> String {
    format!(
        r#"curl -sS -H "Authorization: Bearer $TOKEN" -H "Consent-ID: $CONSENT" \
  -H "X-Request-ID: $(cat /proc/sys/kernel/random/uuid)" \
  -H 'PSU-IP-Address: 192.0.2.10' \
  '{issuer}/v1/accounts?withBalance=true'
curl -sS -H "Authorization: Bearer $TOKEN" \
  "{issuer}/v1/accounts/$ACCOUNT/transactions?bookingStatus=both""#
    )
}

/// The end of it.
pub fn delete_consent(Place { issuer, .. }: &Place) -> String {
    format!(
        r#"curl -sS -H "Authorization: Bearer $OWN" {issuer}/v1/consents/$CONSENT/status
curl -sS -X DELETE -H "Authorization: Bearer $OWN" {issuer}/v1/consents/$CONSENT"#
    )
}

/// The transfer of that payment.
pub fn transfer(Place { issuer, .. }: &Place) -> String {
    format!(
        r#"KEY=$(openssl rand -hex 16)
curl -sS -H "Authorization: Bearer $TOKEN" \
  -H "Idempotency-Key: $KEY" -H 'Content-Type: application/json' \
  -d '{{
    "amount": "20.00", "currency": "EUR",
    "to": {{ "iban": "LT121000011101001000", "name": "UAB Elektra" }},
    "reference": "Invoice 1187"
  }}' \
  {issuer}/wallet/v1/transfers"#
    )
}

/// A signed request (draft-ietf-oauth-v2-http-mac-01 §3), with nothing but the standard library.
pub fn signed(Place { issuer, .. }: &Place) -> String {
    format!(
        r#"# signed.py
import base64, hashlib, hmac, json, os, secrets, sys, time
import urllib.error, urllib.parse, urllib.request

BASE = '{issuer}'
OWN = os.environ['CLIENT_ID'], os.environ['MAC_KEY']

def call(method, target, body=b'', kind='application/json', signer=OWN):
    name, key = signer
    place = urllib.parse.urlsplit(BASE)
    port = place.port or {{'http': 80, 'https': 443}}[place.scheme]
    ts, nonce, ext = str(int(time.time())), secrets.token_hex(16), ''
    if body:
        digest = base64.b64encode(hashlib.sha256(body).digest())
        ext = 'body_hash=' + urllib.parse.quote(digest, safe='')
    lines = ts, nonce, method, target, place.hostname, str(port), ext
    text = ''.join(line + '\n' for line in lines).encode()
    mac = base64.b64encode(hmac.new(key.encode(), text, hashlib.sha256).digest()).decode()
    header = f'MAC id="{{name}}", ts="{{ts}}", nonce="{{nonce}}", mac="{{mac}}", ext="{{ext}}"'
    request = urllib.request.Request(BASE + target, body or None, method=method)
    request.add_header('Authorization', header)
    request.add_header('Content-Type', kind)
    try:
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as refused:
        sys.exit(refused.read().decode())

if __name__ == '__main__':
    print(call('GET', '/rest/v1/configuration'))"#
    )
}

/// What a person allowed, read with the key of a token; `call` is that of [`signed`].
pub fn signed_person() -> String {
    format!(
        r"# person.py: the address to open; with the code from the way back as its argument, who it is
import sys, urllib.parse
from signed import BASE, OWN, call

CALLBACK = '{CALLBACK}'
ask = {{'response_type': 'code', 'client_id': OWN[0], 'redirect_uri': CALLBACK, 'scope': 'email', 'state': 'unguessable'}}
if len(sys.argv) == 1:
    sys.exit(print(BASE + '/frontend/en/oauth?' + urllib.parse.urlencode(ask)))

form = {{'grant_type': 'authorization_code', 'code': sys.argv[1], 'redirect_uri': CALLBACK}}
kind = 'application/x-www-form-urlencoded'
token = call('POST', '/oauth/v1/token', urllib.parse.urlencode(form).encode(), kind)
print(call('GET', '/rest/v1/user/me', signer=(token['access_token'], token['mac_key'])))"
    )
}

/// A transaction, from the order to the money; `call` is that of [`signed`].
pub const fn signed_payment() -> &'static str {
    r"# pay.py
import json
from signed import BASE, call

order = {'payments': [{'description': 'A bicycle', 'price': 2000, 'currency': 'EUR'}]}
key = call('POST', '/rest/v1/transaction', json.dumps(order).encode())['transaction_key']
print(BASE + '/frontend/en/wallet/confirm/' + key, flush=True)
input()  # until the person has accepted
print(call('PUT', f'/rest/v1/transaction/{key}/confirm', b'[]')['status'])"
}
