// An app is in use; an admin switches it off in the browser, its token stops, its team reads why; switched on
// again it has what the mode promises. With and without JavaScript; then every page of it as people see it.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { authorizeRequest, exchange } from '../lib/app.mjs';
import { assertAccessible } from '../lib/axe.mjs';
import { DESKTOP, PHONE, assertNoSidewaysScroll, hydrated, picture } from '../lib/browser.mjs';
import { Authenticator } from '../lib/totp.mjs';
import { allow, confirm, send, setStage, signIn } from './stage.mjs';

const stage = setStage();

const PASSWORD = 'correct horse battery';
const REASON = 'Its server was taken over, we saw foreign requests.';

/** The code in the newest letter to an address. */
async function codeFor(email) {
  return (await letterTo(email)).match(/\b\d{6}\b/)[0];
}

/** The newest letter to an address, as the demo's mailbox shows it. */
async function letterTo(email) {
  const reader = await stage.visit({ script: false });
  await reader.page.goto(`${stage.server.url}/demo/mailbox`);
  const letter = await reader.page.locator('article', { hasText: email }).first().innerText();
  await reader.close();
  return letter;
}

/** Types a code and presses the button; with script the form may send itself when the code is complete. */
async function typeCode(page, code) {
  const left = page.waitForEvent('framenavigated');
  await page.fill('[name=code]', code);
  await page
    .click('form:has([name=code]) button.c-button--primary', { timeout: 2_000, noWaitAfter: true })
    .catch(() => {});
  await left;
  await page.waitForLoadState();
}

/** A stranger becomes a developer; answers the page of their app and its credentials. */
async function developer(page, email) {
  await page.goto(`${stage.server.url}/signup`);
  await page.fill('[name=email]', email);
  await page.fill('[name=name]', 'Milda');
  await page.fill('[name=new_password]', PASSWORD);
  await page.check('[name=terms]');
  await send(page, '#signup button[type=submit]');
  await typeCode(page, await codeFor(email));
  return {
    address: page.url(),
    clientId: await page.locator('dd code', { hasText: 'sbx_' }).first().innerText(),
    clientSecret: await page.locator('dd code', { hasText: 'cs_sk_' }).innerText(),
  };
}

let admins = 0;

/** Somebody of the bank, signed in at the portal. */
async function admin(page) {
  admins += 1;
  const username = `admin-${admins}`;
  const added = await stage.server.command(
    ...['user', 'add', '--username', username, '--password', PASSWORD],
    ...['--environment', 'live', '--role', 'admin'],
  );
  await page.goto(`${stage.server.url}/login`);
  await page.fill('[name=username]', username);
  await page.fill('[name=password]', PASSWORD);
  await send(page, 'form:has([name=password]) button[type=submit]');
  await typeCode(page, new Authenticator(added.totp_secret).next());
}

/** A person lets the app in; answers its tokens. */
async function approve(client, script) {
  const person = await stage.person();
  const visitor = await stage.visit({ script });
  const request = authorizeRequest(stage.server.url, {
    client_id: client.clientId,
    redirect_uri: stage.app.callback,
    scope: 'wallet',
  });
  await visitor.page.goto(request.url);
  await signIn(visitor.page, person);
  await allow(visitor.page);
  await confirm(visitor.page, person.authenticator.next(), script);
  const { code } = await stage.app.arrival();
  await visitor.close();
  const { status, body } = await exchange(stage.server.url, {
    clientId: client.clientId,
    clientSecret: client.clientSecret,
    grant_type: 'authorization_code',
    code,
    redirect_uri: stage.app.callback,
    code_verifier: request.verifier,
  });
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}

/** What the wallet answers to a token. */
async function balance(token) {
  const answer = await fetch(`${stage.server.url}/wallet/v1/balance`, {
    headers: { authorization: `Bearer ${token}` },
  });
  await answer.arrayBuffer();
  return answer.status;
}

/** Calls the API until it refuses the token; answers when that was. */
async function refusedAt(token) {
  for (const end = performance.now() + 10_000; performance.now() < end; await pause(10)) {
    if ((await balance(token)) === 401) return performance.now();
  }
  return Infinity;
}

for (const [script, mode] of [
  [true, 'pause'],
  [false, 'end'],
]) {
  test(`an app is switched off and on (${mode}), ${script ? 'with' : 'without'} JavaScript`, async () => {
    const email = `milda-${mode}@shop.example`;
    const team = await stage.visit({ script });
    const client = await developer(team.page, email);
    const tokens = await approve(client, script);
    assert.equal(await balance(tokens.access_token), 200, 'the app is in use');

    // For its team there is no desk.
    for (const path of ['/admin/clients', `/admin/clients/${client.clientId}`, '/admin/audit']) {
      assert.equal((await team.page.goto(`${stage.server.url}${path}`)).status(), 404, path);
    }
    team.takeProblems();

    const desk = await stage.visit({ script });
    const { page } = desk;
    await admin(page);
    await send(page, 'nav a[href="/admin/clients"]');
    await page.fill('[name=q]', client.clientId.toUpperCase());
    await send(page, '#filter button[type=submit]');
    assert.equal(await page.locator('tbody tr').count(), 1);
    await send(page, 'tbody a');
    const held = async () => page.locator('#held data').allInnerTexts();
    assert.deepEqual(await held(), ['1', '1', '1', '1']);
    assert.equal((await page.content()).includes(client.clientSecret), false);

    // What is missing is said; what was typed stays.
    await send(page, 'a[href$="/suspend"]');
    await page.fill('[name=reason]', REASON);
    await page.fill('[name=name]', 'another app');
    await send(page, '#suspend button[type=submit]');
    assert.match(await page.title(), /^Error: /);
    assert.equal(await page.locator('[role=alert] a').count(), 3);
    assert.equal(await page.inputValue('[name=reason]'), REASON);
    await page.check(`[name=mode][value=${mode}]`);
    await page.selectOption('[name=why]', 'security');
    await page.fill('[name=name]', await page.locator('main p a bdi').first().innerText());

    // Another tab, opened before.
    const stale = await desk.context.newPage();
    await stale.goto(page.url());

    const pressed = performance.now();
    const [refused] = await Promise.all([
      refusedAt(tokens.access_token),
      send(page, '#suspend button[type=submit]'),
    ]);
    const took = Math.round(refused - pressed);
    console.log(`the token was refused ${took} ms after the button (${mode})`);
    assert.ok(took < 1_000, `${took} ms`);
    assert.equal(page.url(), `${stage.server.url}/admin/clients/${client.clientId}`);
    assert.match(await page.locator('[role=status]').innerText(), /switched off/);
    assert.match(await page.locator('#state ~ dl').first().innerText(), new RegExp(REASON));
    assert.deepEqual(await held(), mode === 'pause' ? ['1', '1', '1', '1'] : ['0', '0', '0', '0']);
    const denied = await exchange(stage.server.url, {
      clientId: client.clientId,
      clientSecret: client.clientSecret,
      grant_type: 'refresh_token',
      refresh_token: tokens.refresh_token,
    });
    assert.notEqual(denied.status, 200, 'nothing is granted');

    // The other tab is told so, and keeps its words.
    await stale.check('[name=mode][value=end]');
    await stale.fill('[name=reason]', 'What the other tab had typed already.');
    await send(stale, '#suspend button[type=submit]');
    assert.match(await stale.locator('[role=alert]').innerText(), /has changed/);
    assert.match(await stale.locator('main').innerText(), /What the other tab had typed already\./);
    await stale.close();

    // The team reads why, in the letter and on the page.
    assert.match(await letterTo(email), new RegExp(`switched off[^]*${REASON}`));
    await team.page.goto(client.address);
    assert.match(await team.page.locator('#off-sandbox').innerText(), /switched off/);
    assert.match(await team.page.locator('.c-summary').innerText(), new RegExp(REASON));

    await send(page, 'a[href$="/resume"]');
    await page.fill('[name=reason]', 'The server is in the hands of its team again.');
    await send(page, '#resume button[type=submit]');
    assert.match(await page.locator('[role=status]').innerText(), /switched on again/);
    assert.equal(await balance(tokens.access_token), mode === 'pause' ? 200 : 401);
    const again = await approve(client, script);
    assert.equal(await balance(again.access_token), 200, 'people can let it in anew');
    await team.page.goto(client.address);
    assert.equal(await team.page.locator('#off-sandbox').count(), 0);

    // All of it stands in the trail, and can be taken along.
    await send(page, 'a[href^="/admin/audit?object="]');
    const actions = await page.locator('tbody tr td:nth-child(3)').allInnerTexts();
    assert.deepEqual(actions.slice(0, 2), ['client.resumed', 'client.suspended']);
    for (const [format, line] of [
      ['csv', `"client:${client.clientId}"`],
      ['jsonl', `"object":"client:${client.clientId}"`],
    ]) {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.click(`button[name=format][value=${format}]`),
      ]);
      assert.equal(download.suggestedFilename(), `countersign-audit.${format}`);
      const file = await readFile(await download.path(), 'utf8');
      assert.ok(file.includes('client.suspended') && file.includes(line), file);
    }
    team.assertClean();
    desk.assertClean();
    await team.close();
    await desk.close();
  });
}

const VIEWS = [
  { name: 'phone-light', size: PHONE, colours: 'light' },
  { name: 'desk-light', size: DESKTOP, colours: 'light' },
  { name: 'desk-dark', size: DESKTOP, colours: 'dark' },
];

for (const language of ['en', 'lt', 'ru']) {
  test(`the admin's pages in ${language}`, async () => {
    const off = await stage.server.command(
      ...['client', 'add', '--name', `Išjungta ${language}`, '--environment', 'sandbox'],
      ...['--dialect', 'bearer', '--grant', 'client_credentials', '--scope', 'ais'],
    );
    const signed = await stage.visit({ locale: language });
    await admin(signed.page);
    await signed.page.goto(`${stage.server.url}/admin/clients/${off.client_id}/suspend`);
    await signed.page.check('[name=mode][value=pause]');
    await signed.page.selectOption('[name=why]', 'policy');
    await signed.page.fill('[name=reason]', REASON);
    await signed.page.fill('[name=name]', `Išjungta ${language}`);
    await send(signed.page, '#suspend button[type=submit]');
    const cookies = await signed.context.cookies();
    for (const view of VIEWS) {
      const visitor = await stage.visit({ locale: language, size: view.size, colours: view.colours });
      await visitor.context.addCookies(cookies);
      const { page } = visitor;
      const look = async (name) => {
        await picture(page, `${name}-${language}-${view.name}`);
        assert.equal(await page.getAttribute('html', 'lang'), language);
        await assertNoSidewaysScroll(page);
        await assertAccessible(page);
      };
      for (const [name, path] of [
        ['a4-clients', '/admin/clients'],
        ['a4-none', '/admin/clients?q=nobody&environment=moon'],
        ['a4-client', '/admin/clients/demo-shop'],
        ['a4-client-off', `/admin/clients/${off.client_id}`],
        ['a5-suspend', '/admin/clients/demo-shop/suspend'],
        ['a5-resume', `/admin/clients/${off.client_id}/resume`],
        ['a6-audit', '/admin/audit'],
        ['a6-none', '/admin/audit?object=nothing&from=yesterday'],
      ]) {
        await page.goto(`${stage.server.url}${path}`);
        await hydrated(page);
        await look(name);
      }
      await page.goto(`${stage.server.url}/admin/clients/demo-shop/suspend`);
      await send(page, '#suspend button[type=submit]');
      await look('a5-wrong');
      visitor.assertClean();
      await visitor.close();
    }
    await signed.close();
  });
}
