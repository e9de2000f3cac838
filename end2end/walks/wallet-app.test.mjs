// An app of the Wallet API: the browser doors in three languages, signed requests, a payment that a person
// accepts. With and without JavaScript, on a phone too.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { look } from '../lib/look.mjs';
import { Signer } from '../lib/mac.mjs';
import { allow, cancel, confirm, send, setStage, signIn } from './stage.mjs';

const stage = setStage();

/** An app that signs, as an operator adds it. */
async function walletApp() {
  const added = await stage.server.command(
    ...['client', 'add', '--name', 'Piggy Bank', '--environment', 'sandbox', '--dialect', 'mac'],
    ...['--grant', 'authorization_code', '--grant', 'refresh_token'],
    ...['--scope', 'email balance wallet_list transferFunds address dob full_name gender pep', '--redirect-uri', stage.app.callback],
  );
  return new Signer(stage.server.url, added.client_id, added.mac_key);
}

/** A query in the order of the client library. */
function query(app, more = {}) {
  return new URLSearchParams({
    response_type: 'code',
    client_id: app.id,
    scope: 'balance wallet_list',
    redirect_uri: stage.app.callback,
    state: 'YrRWD4mpZRIc9OXV',
    ...more,
  });
}

/** The code for a token. */
async function exchange(app, code) {
  const body = new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: stage.app.callback });
  const answer = await app.call('POST', '/oauth/v1/token', String(body));
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  assert.equal(answer.type, 'application/json');
  assert.deepEqual([answer.body.token_type, answer.body.mac_algorithm], ['mac', 'hmac-sha-256']);
  return { ...answer.body, signer: new Signer(stage.server.url, answer.body.access_token, answer.body.mac_key) };
}

/** Every page on the way speaks this language. */
async function speaks(page, locale) {
  assert.equal(await page.locator('html').getAttribute('lang'), locale);
}

for (const [locale, script] of [
  ['en', true],
  ['lt', false],
  ['ru', true],
]) {
  test(`a person approves the app in the language of its door, ${locale}`, async () => {
    const app = await walletApp();
    const person = await stage.person();
    const visitor = await stage.visit({ script });
    const { page } = visitor;
    await page.goto(`${stage.server.url}/frontend/${locale}/oauth?${query(app)}`);
    await speaks(page, locale);
    await signIn(page, person);
    await speaks(page, locale);
    await look(page, `wallet-app-consent-${locale}`, script);
    await allow(page);
    await speaks(page, locale);
    await confirm(page, person.authenticator.next(), script);
    const { code, state } = await stage.app.arrival();
    assert.equal(state, 'YrRWD4mpZRIc9OXV');

    const { signer: token, refresh_token: refresh } = await exchange(app, code);
    const me = await token.call('GET', '/rest/v1/user/me');
    assert.equal(me.status, 200);
    assert.equal(me.body.email, undefined, 'nobody asked for it');
    const balance = await token.call('GET', '/rest/v1/wallet/me/balance');
    assert.equal(balance.status, 200, JSON.stringify(balance.body));
    const body = String(new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refresh }));
    const renewed = await app.call('POST', '/oauth/v1/token', body);
    assert.equal(renewed.status, 200);
    const ended = await app.call('DELETE', `/oauth/v1/token?access_token=${token.id}`);
    assert.deepEqual([ended.status, ended.body], [200, {}]);
    const over = await token.call('GET', '/rest/v1/user/me');
    assert.deepEqual([over.status, over.body.error_description], [400, 'Token has expired']);
    visitor.assertClean();
    await visitor.close();
  });

  test(`a no, and a request that is wrong, go back with the documented words, ${locale}`, async () => {
    const app = await walletApp();
    const visitor = await stage.visit({ script });
    const { page } = visitor;
    await page.goto(`${stage.server.url}/frontend/${locale}/oauth?${query(app)}`);
    await cancel(page);
    const { error, state } = await stage.app.arrival();
    assert.deepEqual([error, state], ['access_denied', 'YrRWD4mpZRIc9OXV']);
    // An address that is not registered: a page of ours, in the language of the door.
    const stranger = query(app, { redirect_uri: 'https://evil.example/' });
    await page.goto(`${stage.server.url}/frontend/${locale}/oauth?${stranger}`);
    await speaks(page, locale);
    assert.equal(stage.app.pending(), 0);
    await visitor.close();
  });
}

for (const [locale, script, words] of [
  ['en', false, /needs these from you, and we do not have them yet/],
  ['lt', true, /o mes jų dar neturime/],
  ['ru', true, /а у нас их ещё нет/],
]) {
  test(`a person tells what the app needs and the bank does not have, ${locale}`, async () => {
    const app = await walletApp();
    const person = await stage.person();
    const visitor = await stage.visit({ script });
    const { page } = visitor;
    const asked = query(app, { scope: 'full_name dob gender address pep_optional' });
    await page.goto(`${stage.server.url}/frontend/${locale}/oauth?${asked}`);
    await signIn(page, person);
    await look(page, `wallet-app-asked-for-${locale}`, script);
    await allow(page);
    await confirm(page, person.authenticator.next(), script);
    await speaks(page, locale);
    assert.match(await page.locator('main').innerText(), words);
    assert.equal(await page.locator('[name=exposed]').count(), 0, 'the app can do without');
    await look(page, `wallet-app-details-${locale}`, script);

    // Half of it: the page says what is to be mended, and keeps what was typed.
    await page.fill('[name=given_name]', 'Tomas');
    await page.fill('[name=birth_date]', '2990-05-17');
    await page.selectOption('[name=country]', 'LT');
    await send(page, '#details [name=decision][value=allow]');
    assert.equal(await page.locator('[role=alert] a').count(), 6);
    assert.equal(await page.inputValue('[name=given_name]'), 'Tomas');
    assert.equal(await page.inputValue('[name=country]'), 'LT');
    await look(page, `wallet-app-details-mend-${locale}`, script);

    await page.fill('[name=family_name]', 'Kazlauskas');
    await page.fill('[name=birth_date]', '1990-05-17');
    await page.selectOption('[name=gender]', 'male');
    await page.fill('[name=city]', 'Kaunas');
    await page.fill('[name=street]', 'Laisvės al. 5');
    await page.fill('[name=post_index]', '44240');
    await send(page, '#details [name=decision][value=allow]');
    const { code } = await stage.app.arrival();
    const { signer: token } = await exchange(app, code);
    const me = (await token.call('GET', '/rest/v1/user/me')).body;
    assert.deepEqual(me.address, { country: 'lt', city: 'Kaunas', street: 'Laisvės al. 5', post_index: '44240' });
    assert.deepEqual([me.dob, me.gender], ['1990-05-17', 'male']);
    const name = await token.call('GET', '/rest/v1/user/me/identity');
    assert.deepEqual(name.body, { name: 'Tomas', surname: 'Kazlauskas' });

    // The next app that asks for it finds it there.
    await page.goto(`${stage.server.url}/frontend/${locale}/oauth?${asked}`);
    await allow(page);
    await confirm(page, person.authenticator.next(), script);
    assert.ok((await stage.app.arrival()).code);
    visitor.assertClean();
    await visitor.close();
  });
}

/** A transaction over 20.00 EUR. */
async function asked(app) {
  const made = await app.json('POST', '/rest/v1/transaction', {
    payments: [{ description: 'A bicycle', price_decimal: '20.00', currency: 'EUR' }],
    redirect_uri: stage.app.callback,
  });
  assert.equal(made.status, 200, JSON.stringify(made.body));
  return made.body.transaction_key;
}

for (const script of [true, false]) {
  const how = script ? 'with JavaScript' : 'without JavaScript';

  test(`a person accepts a payment, and the app confirms it, ${how}`, async () => {
    const app = await walletApp();
    const key = await asked(app);
    const person = await stage.person();
    const visitor = await stage.visit({ script });
    const { page } = visitor;
    await page.goto(`${stage.server.url}/frontend/lt/wallet/confirm/${key}`);
    await signIn(page, person);
    await speaks(page, 'lt');
    assert.match(await page.locator('main').innerText(), /20,00|20\.00/);
    await look(page, `wallet-app-payment-${script}`, script);
    await confirm(page, person.authenticator.next(), script);
    await page.locator('input[type=radio][name=account]').first().check();
    await look(page, `wallet-app-pay-from-${script}`, script);
    await allow(page);
    const arrival = await stage.app.arrival();
    assert.equal(arrival.code, undefined);
    const path = `/rest/v1/transaction/${key}`;
    assert.equal((await app.call('GET', path)).body.status, 'reserved');
    const confirmed = await app.call('PUT', `${path}/confirm`, '[]', 'application/json');
    assert.deepEqual([confirmed.status, confirmed.body.status], [200, 'confirmed']);
    const late = await app.call('DELETE', path);
    assert.deepEqual([late.status, late.body.error], [409, 'invalid_state']);
    visitor.assertClean();
    await visitor.close();
  });

  test(`a payment is accepted first, and then the app, ${how}`, async () => {
    const app = await walletApp();
    const key = await asked(app);
    const person = await stage.person();
    const visitor = await stage.visit({ script });
    const { page } = visitor;
    const door = `/frontend/transaction/confirm-with-oauth/${key}`;
    await page.goto(`${stage.server.url}${door}?${query(app)}`);
    await signIn(page, person);
    await confirm(page, person.authenticator.next(), script);
    await page.locator('input[type=radio][name=account]').first().check();
    await allow(page);
    assert.match(page.url(), /\/authorize\/[\w-]+$/, 'and now the app');
    await allow(page);
    await confirm(page, person.authenticator.next(), script);
    const { code, state } = await stage.app.arrival();
    assert.equal(state, 'YrRWD4mpZRIc9OXV');
    await exchange(app, code);
    assert.equal((await app.call('GET', `/rest/v1/transaction/${key}`)).body.status, 'reserved');
    await visitor.close();
  });
}
