// The documents for developers: readable everywhere, searchable without script, and true: what they
// tell to paste is pasted here.

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { promisify } from 'node:util';

import { assertAccessible } from '../lib/axe.mjs';
import { DESKTOP, PHONE, assertNoSidewaysScroll, hydrated, picture, started } from '../lib/browser.mjs';
import { allow, confirm, send, setStage, signIn } from './stage.mjs';

const stage = setStage();

const PAGES = [
  ...['', '/scopes', '/errors', '/tokens', '/payments', '/accounts', '/tutorial', '/wallet-api'],
  ...['?q=refresh', '?q=nothing+like+that'],
];
/** The callback of the samples. Its port may be taken here, so another one takes its place. */
const CALLBACK = 'http://127.0.0.1:8080/callback';

const address = (page) => `${stage.server.url}/developers${page}`;

/** Code that is copied from a page, by what it does. */
async function sample(page, name, label) {
  await page.goto(address(name));
  const code = await page.locator(`pre[aria-label="${label}"]`).textContent();
  const encode = encodeURIComponent;
  return code.replaceAll(CALLBACK, stage.app.callback).replaceAll(encode(CALLBACK), encode(stage.app.callback));
}

/** Runs commands as if they were pasted into one terminal after the other; returns what was printed. */
async function paste(variables, ...commands) {
  const { stdout } = await promisify(execFile)('bash', ['-euc', commands.join('\n')], {
    env: { ...process.env, ...variables },
  });
  return stdout.trim().split('\n');
}

/** The keys of the walks' app, as a developer puts them into a terminal. */
const keys = () => ({ CLIENT_ID: stage.client.clientId, CLIENT_SECRET: stage.client.clientSecret });

for (const language of ['en', 'lt', 'ru']) {
  for (const [name, size] of [['phone', PHONE], ['desk', DESKTOP]]) {
    test(`the documents in ${language} on a ${name}`, async () => {
      const visitor = await stage.visit({ size, locale: language });
      const { page } = visitor;
      for (const path of PAGES) {
        const answer = await page.goto(address(path));
        assert.equal(answer.status(), 200, path);
        await hydrated(page);
        await picture(page, `docs${path.replaceAll(/\W+/g, '-')}-${language}-${name}`);
        assert.equal(await page.getAttribute('html', 'lang'), language);
        await assertNoSidewaysScroll(page);
        await assertAccessible(page);
      }
      visitor.assertClean();
      await visitor.close();
    });
  }
}

test('on a phone the pages are in a menu, on a desk beside the sheet', async () => {
  for (const [size, beside] of [[PHONE, false], [DESKTOP, true]]) {
    const visitor = await stage.visit({ size, script: false });
    const { page } = visitor;
    await page.goto(address(''));
    const links = page.locator('a[href="/developers/tokens"]');
    assert.equal(await links.first().isVisible(), beside);
    const menu = page.locator('.l-docs__menu summary');
    assert.equal(await menu.isVisible(), !beside);
    if (!beside) await menu.click();
    await send(page, 'a[href="/developers/tokens"]:visible');
    assert.equal(await page.locator('a[aria-current=page]:visible').count(), beside ? 1 : 0);
    visitor.assertClean();
    await visitor.close();
  }
});

test('without JavaScript the search finds headings, scopes and errors, and the links lead there', async () => {
  const visitor = await stage.visit({ script: false });
  const { page } = visitor;
  const search = async (words) => {
    await page.goto(address('/tokens'));
    await page.fill('input[name=q]', words);
    await send(page, '[role=search] button');
    assert.equal(await page.inputValue('input[name=q]'), words);
    return page.locator('main a').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
  };
  assert.deepEqual(await search('revoking'), ['/developers/tokens#revoking']);
  assert.ok((await search('wallet')).includes('/developers/scopes#wallet'));
  assert.ok((await search('code_challenge missing')).includes('/developers/errors#pkce-missing'));
  await send(page, 'main a[href="/developers/errors#pkce-missing"]');
  assert.ok(await page.locator('#pkce-missing').isVisible());
  const none = await search('<script>nothing</script>');
  assert.ok(none.includes('/developers/scopes#ais') && none.includes('/developers/errors#server'));
  visitor.assertClean();
  await visitor.close();
});

test('the button copies exactly the code', async () => {
  const visitor = await stage.visit();
  const { context, page } = visitor;
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(address('/payments'));
  await started(page, 'button.copy');
  await page.locator('button.copy').first().click();
  await page.locator('[role=status]', { hasText: 'Copied' }).first().waitFor({ state: 'attached' });
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(copied, await page.locator('pre').first().textContent());
  visitor.assertClean();
  await visitor.close();
});

test('the keys of the demo work as they are pasted', async () => {
  const visitor = await stage.visit({ script: false });
  const set = await sample(visitor.page, '', 'Set the keys');
  const check = await sample(visitor.page, '', 'Try the keys');
  const [answer] = await paste({}, set, check);
  assert.equal(JSON.parse(answer).token_type, 'Bearer', answer);
  await visitor.close();
});

test('the quick start leads to the accounts; refreshing, asking and revoking work as they are written', async () => {
  const person = await stage.person();
  const visitor = await stage.visit();
  const { page } = visitor;
  const ask = await sample(page, '', 'Print the address');
  const [url, verifier] = await paste(keys(), ask, 'echo "$VERIFIER"');
  await page.goto(url);
  await signIn(page, person);
  await allow(page);
  await confirm(page, person.authenticator.next());
  const { code } = await stage.app.arrival();

  const call = await sample(page, '', 'Exchange the code and list the accounts');
  const printed = await paste({ ...keys(), VERIFIER: verifier, CODE: code }, call);
  const [tokens, { accounts }] = printed.map(JSON.parse);
  assert.equal(accounts.length, 2);

  // Two who refresh at the same moment get one and the same pair.
  const module = await sample(page, '/tokens', 'One refresh at a time, in JavaScript');
  Object.assign(process.env, keys());
  const { refresh } = await import(`data:text/javascript,${encodeURIComponent(module)}`);
  const [one, other] = await Promise.all([refresh(tokens), refresh(tokens)]);
  assert.equal(one.access_token, other.access_token);
  assert.notEqual(one.access_token, tokens.access_token);

  const renew = await sample(page, '/tokens', 'Refresh');
  const [renewed] = (await paste({ ...keys(), REFRESH_TOKEN: one.refresh_token }, renew)).map(JSON.parse);
  const about = await sample(page, '/tokens', 'Ask about a token');
  const revoke = await sample(page, '/tokens', 'Revoke');
  const newest = { ...keys(), TOKEN: renewed.access_token, REFRESH_TOKEN: renewed.refresh_token };
  const [before, revoked, after] = await paste(newest, about, 'echo', revoke, 'echo', about);
  assert.equal(JSON.parse(before).active, true, before);
  assert.deepEqual(JSON.parse(revoked), {});
  assert.deepEqual(JSON.parse(after), { active: false });
  visitor.assertClean();
  await visitor.close();
});

test('the payment of the documents is shown, approved and paid once', async () => {
  const person = await stage.person();
  const visitor = await stage.visit();
  const { page } = visitor;
  const ask = await sample(page, '', 'Print the address');
  const pay = await sample(page, '/payments', 'Print the address of a payment');
  const [, url, verifier] = await paste(keys(), ask, pay, 'echo "$VERIFIER"');
  await page.goto(url);
  await signIn(page, person);
  assert.match(await page.locator('main').innerText(), /UAB Elektra/);
  await confirm(page, person.authenticator.next());
  await page.locator('input[type=radio][name=account]').first().check();
  await allow(page);
  const { code } = await stage.app.arrival();

  const call = await sample(page, '', 'Exchange the code and list the accounts');
  const transfer = await sample(page, '/payments', 'Pay');
  const again = transfer.split('\n').slice(1).join('\n');
  const variables = { ...keys(), VERIFIER: verifier, CODE: code };
  const [, , first, retried] = await paste(variables, call, 'echo', transfer, 'echo', again);
  assert.equal(JSON.parse(first).amount, '20.00', first);
  assert.equal(JSON.parse(retried).transfer_id, JSON.parse(first).transfer_id, 'the same key pays once');
  visitor.assertClean();
  await visitor.close();
});

test('an error in an answer leads to its section', async () => {
  const visitor = await stage.visit({ script: false });
  const { page } = visitor;
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: 'nobody', client_secret: 'x' });
  const token = await (await fetch(`${stage.server.url}/oauth/token`, { method: 'POST', body })).json();
  const resource = await (await fetch(`${stage.server.url}/wallet/v1/me`)).json();
  const redirect = await fetch(stage.request({ prompt: 'none' }).url, { redirect: 'manual' });
  const front = new URL(redirect.headers.get('location')).searchParams.get('error_uri');
  for (const uri of [token.error_uri, resource.error_uri, front]) {
    await page.goto(uri);
    assert.ok(await page.locator(new URL(uri).hash).isVisible(), uri);
  }
  visitor.assertClean();
  await visitor.close();
});

test('what the Wallet API documents tell to paste signs, reads and is paid', async () => {
  const added = await stage.server.command(
    ...['client', 'add', '--name', 'Piggy Bank', '--environment', 'sandbox', '--dialect', 'mac'],
    ...['--grant', 'authorization_code', '--scope', 'email transferFunds', '--redirect-uri', stage.app.callback],
  );
  const person = await stage.person();
  const visitor = await stage.visit();
  const { page } = visitor;
  const folder = await mkdtemp(join(tmpdir(), 'signed-'));
  for (const [file, label] of [
    ['signed.py', 'Sign and call, in Python'],
    ['person.py', 'Ask for permission and read'],
    ['pay.py', 'A transaction, from the order to the money'],
  ]) {
    await writeFile(join(folder, file), await sample(page, '/wallet-api', label));
  }
  const env = { ...process.env, CLIENT_ID: added.client_id, MAC_KEY: added.mac_key };
  const python = async (...args) => {
    const { stdout } = await promisify(execFile)('python3', args, { cwd: folder, env });
    return stdout.trim();
  };
  assert.match(await python('signed.py'), /^\{.*\}$/);

  await page.goto(await python('person.py'));
  await signIn(page, person);
  await allow(page);
  await confirm(page, person.authenticator.next());
  const { code, state } = await stage.app.arrival();
  assert.equal(state, 'unguessable');
  assert.match(await python('person.py', code), /'id': \d+/);

  const order = spawn('python3', ['pay.py'], { cwd: folder, env });
  const lines = createInterface({ input: order.stdout })[Symbol.asyncIterator]();
  await page.goto((await lines.next()).value);
  await confirm(page, person.authenticator.next());
  await page.locator('input[type=radio][name=account]').first().check();
  await allow(page);
  await stage.app.arrival();
  order.stdin.write('\n');
  assert.equal((await lines.next()).value, 'confirmed');
  const wrong = { ...env, MAC_KEY: 'a guess' };
  await assert.rejects(
    promisify(execFile)('python3', ['signed.py'], { cwd: folder, env: wrong }),
    /unauthorized/,
  );
  await rm(folder, { recursive: true, force: true });
  await visitor.close();
});
