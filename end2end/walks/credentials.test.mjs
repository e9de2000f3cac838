// A sandbox secret is rotated without a gap: another one beside it, both work, the old one is revoked and
// refused; with and without JavaScript, on a phone. And the team's page.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { assertAccessible } from '../lib/axe.mjs';
import { PHONE, assertNoSidewaysScroll, launch, picture, visit } from '../lib/browser.mjs';
import { startServer } from '../lib/server.mjs';
import { send } from './stage.mjs';

let server;
let browser;
before(async () => {
  [server, browser] = await Promise.all([startServer(), launch()]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** The code in the newest letter to an address. */
async function codeFor(email) {
  const reader = await visit(browser, { script: false });
  await reader.page.goto(`${server.url}/demo/mailbox`);
  const letter = await reader.page.locator('article', { hasText: email }).first().innerText();
  await reader.close();
  return letter.match(/\b\d{6}\b/)[0];
}

/** What the token endpoint answers to a secret. */
async function status(client, secret) {
  const answer = await fetch(`${server.url}/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${client}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  return answer.status;
}

for (const script of [true, false]) {
  test(`a secret is rotated without a gap, ${script ? 'with' : 'without'} JavaScript`, async () => {
    const visitor = await visit(browser, { script, size: PHONE });
    const { page } = visitor;
    const look = async (name) => {
      await assertNoSidewaysScroll(page);
      await picture(page, `${name}-${script}`);
      if (script) await assertAccessible(page);
    };
    const email = `rotate-${script}@shop.example`;
    await page.goto(`${server.url}/signup`);
    await page.fill('[name=email]', email);
    await page.fill('[name=name]', 'Milda');
    await page.fill('[name=new_password]', 'correct horse battery');
    await page.check('[name=terms]');
    await send(page, '#signup button[type=submit]');
    const left = page.waitForEvent('framenavigated');
    await page.fill('[name=code]', await codeFor(email));
    await page
      .click('form:has([name=code]) button.c-button--primary', { timeout: 2_000, noWaitAfter: true })
      .catch((error) => {
        if (!script) throw error;
      });
    await left;
    await page.waitForLoadState();
    const client = await page.locator('dd code', { hasText: 'sbx_' }).first().innerText();
    const old = await page.locator('dd code', { hasText: 'cs_sk_' }).innerText();

    await send(page, 'a[href$="/sandbox/credentials"]');
    await look('d7-first');
    await send(page, 'a[href$="/credentials/add"]');
    await look('d7-add');
    await send(page, '#add-secret button[type=submit]');
    assert.match(await page.title(), /^Error: /);
    await page.fill('[name=label]', 'server two');
    await send(page, '#add-secret button[type=submit]');
    await look('d7-new');
    const fresh = await page.locator('[aria-labelledby=new-secret] code').innerText();
    assert.notEqual(fresh, old);
    assert.deepEqual([await status(client, old), await status(client, fresh)], [200, 200]);

    // The old one is in use: what it ends with is asked for.
    await send(page, '.d-card:not(:has-text("server two")) a[href$="/revoke"]');
    await look('d7-revoke');
    await send(page, '#revoke-secret button[type=submit]');
    assert.match(await page.title(), /^Error: /);
    await page.fill('[name=last_four]', old.slice(-4));
    await send(page, '#revoke-secret button[type=submit]');
    await look('d7-revoked');
    assert.deepEqual([await status(client, old), await status(client, fresh)], [401, 200]);

    await send(page, '#stored button');
    assert.equal((await page.content()).includes(fresh), false);
    await page.goto(`${server.url}/developer/team`);
    await look('d12-team');
    await send(page, 'a[href*="/developer/team/audit"]');
    await look('d12-audit');
    assert.match(await page.locator('main').innerText(), /client\.secret_revoked/);
    visitor.assertClean();
    await visitor.close();
  });
}
