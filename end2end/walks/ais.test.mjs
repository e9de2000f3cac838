// Account information as the documentation tells it: an app that knows nothing but the page of the bank's sandbox,
// and one that writes its consent down first.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';

import { assertAccessible } from '../lib/axe.mjs';
import { DESKTOP, PHONE, assertNoSidewaysScroll, hydrated, picture } from '../lib/browser.mjs';
import { allow, cancel, send, setStage, signIn } from './stage.mjs';

const stage = setStage();

/** An app like the demo's for account information: credentials in the body, PKCE as it likes. */
let registered;
async function app() {
  registered ??= stage.server.command(
    ...['client', 'add', '--name', 'Budgetly', '--environment', 'sandbox', '--dialect', 'bearer'],
    ...['--auth', 'client_secret_post', '--pkce', 'optional', '--scope', 'ais'],
    ...['--grant', 'authorization_code', '--grant', 'refresh_token', '--grant', 'client_credentials'],
    ...['--redirect-uri', stage.app.callback],
  );
  const { client_id, client_secret } = await registered;
  return { client_id, client_secret };
}

/** The token request of the documentation: everything in the body. */
async function token(parameters) {
  const response = await fetch(`${stage.server.url}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({ ...parameters, ...(await app()) }),
  });
  const body = await response.json();
  assert.equal(response.status, 200, JSON.stringify(body));
  assert.equal(response.headers.get('content-type'), 'application/json');
  assert.equal(response.headers.get('cache-control'), 'no-store');
  assert.equal(response.headers.get('pragma'), 'no-cache');
  return body;
}

/** A call of the interface. */
async function call(bearer, path, { method = 'GET', body, headers = {} } = {}) {
  const id = randomUUID();
  const response = await fetch(`${stage.server.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${bearer}`,
      'x-request-id': id,
      ...(body && { 'content-type': 'application/json' }),
      ...headers,
    },
    body: body && JSON.stringify(body),
  });
  assert.equal(response.headers.get('x-request-id'), id);
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text && JSON.parse(text) };
}

/** The address of the documentation: five parameters and nothing else. */
async function address(scope, state) {
  const { client_id } = await app();
  const parameters = { response_type: 'code', client_id, redirect_uri: stage.app.callback, scope, state };
  return `${stage.server.url}/oauth/authorize?${new URLSearchParams(parameters)}`;
}

/** Confirms with an empty code field. */
async function confirmWithNothing(page) {
  await send(page, 'button[name=decision][value=confirm]');
}

/** A page as a person sees it: no sideways scrolling, readable by everybody, kept as a picture. */
async function looked(page, name) {
  await hydrated(page);
  await picture(page, name);
  await assertNoSidewaysScroll(page);
  await assertAccessible(page);
}

for (const [name, size, script] of [['phone', PHONE, true], ['desk', DESKTOP, false]]) {
  test(`an app that knows only the bank's page, on a ${name}`, async () => {
    const state = 'xcoiv98y2kd22vusuye3kch';
    const visitor = await stage.visit({ size, script });
    const { page } = visitor;
    await page.goto(await address('ais', state));
    if (script) await looked(page, `ais-login-${name}`);
    await signIn(page, { username: `nobody-had-this-name-${name}`, password: 'anything at all' });
    if (script) await looked(page, `ais-consent-${name}`);
    const accounts = page.locator('input[name=account]');
    assert.equal(await accounts.count(), 3);
    await accounts.nth(2).uncheck();
    await allow(page);
    if (script) await looked(page, `ais-code-${name}`);
    await confirmWithNothing(page);
    const back = await stage.app.arrival();
    assert.equal(back.state, state);
    const tokens = await token({ grant_type: 'authorization_code', code: back.code, redirect_uri: stage.app.callback });
    assert.equal(tokens.scope, 'ais');

    const list = await call(tokens.access_token, '/v1/accounts?withBalance=true');
    assert.equal(list.status, 200);
    assert.equal(list.body.accounts.length, 2);
    const [first] = list.body.accounts;
    assert.equal(typeof first.balances[0].balanceAmount.amount, 'string');
    const { href } = first._links.transactions;
    const transactions = await call(tokens.access_token, `${href}?bookingStatus=booked`);
    assert.ok(transactions.body.transactions.booked.length > 5);
    const consent = await call(tokens.access_token, `/v1/consents/${tokens.consent_id}`);
    assert.equal(consent.body.consentStatus, 'valid');
    assert.equal(consent.body.access.accounts.length, 2);
    visitor.assertClean();
    await visitor.close();
  });
}

/** The consent that the app writes down, with the app's own token. */
async function written(access, more = {}) {
  const own = (await token({ grant_type: 'client_credentials', scope: 'ais' })).access_token;
  const made = await call(own, '/v1/consents', {
    method: 'POST',
    body: {
      access,
      recurringIndicator: true,
      validUntil: '9999-12-31',
      frequencyPerDay: 4,
      combinedServiceIndicator: false,
      ...more,
    },
  });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  assert.equal(made.headers.get('aspsp-sca-approach'), 'REDIRECT');
  const status = async () => (await call(own, made.body._links.status.href)).body.consentStatus;
  const sca = async () => (await call(own, made.body._links.scaStatus.href)).body.scaStatus;
  return { own, id: made.body.consentId, path: made.headers.get('location'), links: made.body._links, status, sca };
}

test('consent first: written down, agreed to on the page, read, given back, refused', async () => {
  const person = await stage.person();
  const [mine, other] = person.accounts;
  const consent = await written({ balances: [{ iban: mine.iban }], transactions: [{ iban: mine.iban }] });
  const metadata = await (await fetch(consent.links.scaOAuth.href)).json();
  assert.equal(metadata.issuer, stage.server.url);
  assert.equal(await consent.status(), 'received');

  const visitor = await stage.visit({ size: DESKTOP });
  const { page } = visitor;
  const url = new URL(await address(`AIS:${consent.id}`, 'kept'));
  assert.equal(`${url.origin}${url.pathname}`, metadata.authorization_endpoint);
  await page.goto(url.href);
  await signIn(page, person);
  assert.equal(await consent.sca(), 'psuAuthenticated');
  await looked(page, 'ais-named-desk');
  const text = await page.locator('main').innerText();
  assert.ok(text.includes(mine.iban.slice(-4)) && !text.includes(other.iban.slice(-4)), text);
  assert.equal(await page.locator('input[name=account]').count(), 0, 'nothing to choose');
  await allow(page);
  assert.equal(await consent.sca(), 'started');
  await confirmWithNothing(page);
  const back = await stage.app.arrival();
  assert.equal(await consent.status(), 'valid');
  assert.equal(await consent.sca(), 'finalised');

  const tokens = await token({ grant_type: 'authorization_code', code: back.code, redirect_uri: stage.app.callback });
  assert.equal(tokens.scope, `AIS:${consent.id}`);
  const list = await call(tokens.access_token, '/v1/accounts', { headers: { 'consent-id': consent.id } });
  assert.deepEqual(list.body.accounts.map((account) => account.iban), [mine.iban]);
  const { balances } = list.body.accounts[0]._links;
  for (let reading = 0; reading < 4; reading += 1) {
    assert.equal((await call(tokens.access_token, balances.href)).status, 200);
  }
  const refused = await call(tokens.access_token, balances.href);
  assert.equal(refused.status, 429);
  assert.equal(refused.body.tppMessages[0].code, 'ACCESS_EXCEEDED');
  const attended = { headers: { 'psu-ip-address': '192.0.2.10' } };
  assert.equal((await call(tokens.access_token, balances.href, attended)).status, 200);

  assert.equal((await call(consent.own, consent.path, { method: 'DELETE' })).status, 204);
  const gone = await call(tokens.access_token, '/v1/accounts');
  assert.equal(gone.status, 401);
  assert.equal(gone.body.tppMessages[0].code, 'CONSENT_INVALID');
  assert.equal(await consent.status(), 'terminatedByTpp');
  visitor.assertClean();
  await visitor.close();
});

test('the page of a single look, a refusal, accounts that are not the person’s, and a request that is over', async () => {
  const [person, stranger] = [await stage.person(), await stage.person()];
  const all = { accounts: [], balances: [], transactions: [] };
  const once = await written(all, { recurringIndicator: false, frequencyPerDay: 1 });
  for (const [name, size] of [['phone', PHONE], ['desk', DESKTOP]]) {
    const visitor = await stage.visit({ size, colours: name === 'desk' ? 'dark' : 'light' });
    const { page } = visitor;
    await page.goto(await address(`AIS:${once.id}`, 'once'));
    await signIn(page, person);
    await looked(page, `ais-once-${name}`);
    if (name === 'desk') {
      await cancel(page);
      assert.equal((await stage.app.arrival()).error, 'access_denied');
      assert.equal(await once.status(), 'rejected');
    }
    visitor.assertClean();
    await visitor.close();
  }

  const foreign = await written({ balances: [{ iban: stranger.accounts[0].iban }] });
  const visitor = await stage.visit({ size: PHONE });
  const { page } = visitor;
  await page.goto(await address(`AIS:${foreign.id}`, 'foreign'));
  await signIn(page, person);
  await looked(page, 'ais-not-yours-phone');
  assert.equal(await page.locator('button[name=decision][value=allow]').count(), 0);
  await call(foreign.own, foreign.path, { method: 'DELETE' });
  const answer = await page.reload();
  assert.equal(answer.status(), 410);
  await looked(page, 'ais-over-phone');
  await visitor.close();
});
