// The tutorial's wallet: an app that exposes its secret is stopped, one that was switched into the dialect
// walks all the way, and the switch says what is weak. With and without JavaScript, on a phone.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { PHONE } from '../lib/browser.mjs';
import { look } from '../lib/look.mjs';
import { Authenticator } from '../lib/totp.mjs';
import { allow, cancel, confirm, send, setStage, signIn } from './stage.mjs';

const stage = setStage();

/** A client in the dialect, as an operator adds it. */
function tutorialClient() {
  return stage.server.command(
    ...['client', 'add', '--name', 'Amazon', '--environment', 'sandbox', '--dialect', 'tutorial'],
    ...['--grant', 'authorization_code', '--scope', 'wallet transferFunds'],
    ...['--redirect-uri', stage.app.callback],
  );
}

/** The address of the tutorial. */
function authorize(clientId, clientSecret, more = {}) {
  const query = new URLSearchParams({
    client_id: clientId,
    client_secret: clientSecret,
    scope: 'transferFunds,wallet',
    callbackURL: stage.app.callback,
    ...more,
  });
  return `${stage.server.url}/oauth/authorize?${query}`;
}

async function exchange(clientId, clientSecret, authorizationToken) {
  const answer = await fetch(`${stage.server.url}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: clientId, client_secret: clientSecret, authorizationToken }),
  });
  return { status: answer.status, body: await answer.json() };
}

for (const script of [true, false]) {
  const how = script ? 'with JavaScript' : 'without JavaScript';

  test(`an app that exposes its secret is stopped by a page that does not show it, ${how}`, async () => {
    const { client_id: id, client_secret: secret } = await stage.server.command(
      ...['client', 'add', '--name', 'Careless Shop', '--environment', 'sandbox', '--dialect', 'bearer'],
      ...['--grant', 'authorization_code', '--scope', 'wallet', '--redirect-uri', stage.app.callback],
    );
    const visitor = await stage.visit({ script });
    const { page } = visitor;
    const answer = await page.goto(authorize(id, secret));
    assert.equal(answer.status(), 400);
    assert.equal(answer.headers()['referrer-policy'], 'no-referrer');
    assert.equal(await page.locator('[data-err=secret_exposed]').count(), 1);
    assert.match(await page.locator('main').innerText(), /Careless Shop/);
    assert.equal((await page.content()).includes(secret), false);
    assert.equal(stage.app.pending(), 0);
    await look(page, `tutorial-exposed-${script}`, script);
    // Nothing of it works any more.
    const { status } = await exchange(id, secret, 'cs_ac_x');
    assert.equal(status, 401);
    await visitor.close();
  });

  test(`the walk of the tutorial moves money from the chosen wallet, ${how}`, async () => {
    const { client_id: id, client_secret: published } = await tutorialClient();
    const person = await stage.person();
    const visitor = await stage.visit({ script });
    const { page } = visitor;
    await page.goto(authorize(id, published));
    assert.match(page.url(), /\/authorize\/[\w-]+$/);
    await signIn(page, person);
    await page.locator('input[name=account]').nth(1).uncheck();
    await look(page, `tutorial-consent-${script}`, script);
    await allow(page);
    await confirm(page, person.authenticator.next(), script);
    const arrival = await stage.app.arrival();
    assert.deepEqual(Object.keys(arrival).sort(), ['authorizationToken', 'iss']);
    assert.equal((await exchange(id, published, arrival.authorizationToken)).status, 401);
    const { client_secret: secret } = await stage.server.command('client', 'rotate-secret', id);
    // What another process changes is seen within a second.
    await pause(1_000);
    const { status, body } = await exchange(id, secret, arrival.authorizationToken);
    assert.equal(status, 200, JSON.stringify(body));
    const headers = { authorization: `Bearer ${body.accessToken}`, 'content-type': 'application/json' };
    const paid = await fetch(`${stage.server.url}/wallet/v1/transfers`, {
      method: 'POST',
      headers: { ...headers, 'idempotency-key': `tutorial-${script}` },
      body: JSON.stringify({
        amount: '20.00',
        currency: 'EUR',
        to: { iban: 'LT121000011101001000', name: 'Amazon' },
        reference: 'order 1',
      }),
    });
    assert.equal(paid.status, 201);
    const { accounts } = await (await fetch(`${stage.server.url}/wallet/v1/balance`, { headers })).json();
    assert.deepEqual(
      accounts.map((account) => [account.account_id, account.available]),
      [[person.accounts[0].account_id, '1214.56']],
    );
    visitor.assertClean();
    await visitor.close();
  });

  test(`no goes back as access_denied, ${how}`, async () => {
    const { client_id: id } = await tutorialClient();
    const visitor = await stage.visit({ script });
    const { page } = visitor;
    await page.goto(authorize(id, 'amazon123', { state: 's1' }));
    await cancel(page);
    const { error, state } = await stage.app.arrival();
    assert.deepEqual([error, state], ['access_denied', 's1']);
    visitor.assertClean();
    await visitor.close();
  });

  test(`the switch says what is weak and asks for a code, ${how}`, async () => {
    const visitor = await stage.visit({ script, size: PHONE });
    const { page } = visitor;
    await signUp(page, `tutorial-${script}@shop.example`, script);
    await send(page, 'a[href$="/sandbox/credentials"]');
    const credentials = page.url();
    await send(page, 'a[href$="/credentials/tutorial"]');
    assert.match(page.url(), /\/security$/, 'an authenticator comes first');
    await enrol(page, script);
    await page.goto(`${credentials}/tutorial`);
    await look(page, `tutorial-switch-${script}`, script);
    await send(page, '#tutorial button[type=submit]');
    assert.equal(page.url(), credentials);
    assert.match(await page.locator('main').innerText(), /dialect is on/);

    // The secret on screen is exposed, and the page says so.
    const secret = await page.locator('[aria-labelledby=new-secret] code').innerText();
    const client = await page.locator('[aria-labelledby=client] code').innerText();
    const person = await stage.visit({ script: false });
    await person.page.goto(authorize(client, secret, { callbackURL: 'http://127.0.0.1/callback' }));
    await person.close();
    await page.goto(credentials);
    assert.match(await page.locator('main').innerText(), /Exposed/);
    await look(page, `tutorial-credentials-${script}`, script);
    await page.goto(`${credentials}/tutorial`);
    await send(page, '#tutorial button[type=submit]');
    assert.match(await page.locator('main').innerText(), /dialect is off/);
    visitor.assertClean();
    await visitor.close();
  });
}

/** From a stranger to the page of the first app. */
async function signUp(page, email, script) {
  await page.goto(`${stage.server.url}/signup`);
  await page.fill('[name=email]', email);
  await page.fill('[name=name]', 'Milda');
  await page.fill('[name=new_password]', 'correct horse battery');
  await page.check('[name=terms]');
  await send(page, '#signup button[type=submit]');
  const reader = await stage.visit({ script: false });
  await reader.page.goto(`${stage.server.url}/demo/mailbox`);
  const letter = await reader.page.locator('article', { hasText: email }).first().innerText();
  await reader.close();
  await typeCode(page, letter.match(/\b\d{6}\b/)[0], script);
}

/** Sets up an authenticator app on the security page. */
async function enrol(page, script) {
  await send(page, '#begin button');
  const secret = (await page.locator('.d-steps code').first().innerText()).replaceAll(' ', '');
  await typeCode(page, new Authenticator(secret).next(), script);
}

/** Types a code; with script the form may send itself. */
async function typeCode(page, code, script) {
  const left = page.waitForEvent('framenavigated');
  await page.fill('[name=code]', code);
  await page
    .click('form:has([name=code]) button.c-button--primary', { timeout: 2_000, noWaitAfter: true })
    .catch((error) => {
      if (!script) throw error;
    });
  await left;
  await page.waitForLoadState();
}
