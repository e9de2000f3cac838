// A stranger becomes a developer: sign-up, the letter, credentials on the screen, a first call; with and
// without JavaScript, on a phone.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';

import { assertAccessible } from '../lib/axe.mjs';
import { DESKTOP, PHONE, assertNoSidewaysScroll, launch, picture, visit } from '../lib/browser.mjs';
import { startServer } from '../lib/server.mjs';
import { Authenticator } from '../lib/totp.mjs';
import { PASSWORD, letterTo, signUp, typeCode } from './newcomer.mjs';
import { send } from './stage.mjs';

const stage = {};
let server;
let browser;
before(async () => {
  [server, browser] = await Promise.all([startServer(), launch()]);
  Object.assign(stage, { server, browser });
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Looks at a page as everybody may see it. */
async function look(page, name, script) {
  await assertNoSidewaysScroll(page);
  await picture(page, name);
  if (script) await assertAccessible(page);
}

for (const script of [true, false]) {
  for (const [name, size] of Object.entries({ phone: PHONE, desk: DESKTOP })) {
    const how = `${script ? 'with' : 'without'} JavaScript, on a ${name}`;

    test(`from stranger to first call, ${how}`, async () => {
      const visitor = await visit(browser, { script, size });
      const { page } = visitor;
      const email = `milda-${name}-${script}@shop.example`;
      const tag = `${name}-${script ? 'script' : 'plain'}`;

      await page.goto(`${server.url}/signup`);
      await look(page, `d2-sign-up-${tag}`, script);
      await page.fill('[name=email]', email);
      await page.fill('[name=new_password]', 'short');
      await send(page, '#signup button[type=submit]');
      assert.match(await page.title(), /^Error: /);
      assert.equal(await page.inputValue('[name=email]'), email);
      assert.equal(await page.inputValue('[name=new_password]'), '');
      await look(page, `d2-errors-${tag}`, script);

      await signUp(stage, page, email);
      assert.equal(new URL(page.url()).pathname, '/signup/check-mail');
      await look(page, `d2-check-mail-${tag}`, script);
      const { code } = await letterTo(stage, email);
      await typeCode(page, code, script);
      assert.match(new URL(page.url()).pathname, /^\/developer\/apps\//);
      await look(page, `d5-app-${tag}`, script);

      // The snippet runs as pasted.
      const snippet = page.locator('details', { hasText: 'curl' }).first();
      const { stdout } = await promisify(execFile)('bash', ['-c', await snippet.locator('pre').innerText()]);
      assert.equal(JSON.parse(stdout).active, true, stdout);

      // A reload is no loss; the secret can be replaced.
      const secret = await page.locator('dd code', { hasText: 'cs_sk_' }).innerText();
      await page.reload();
      assert.equal(await page.locator('dd code', { hasText: 'cs_sk_' }).innerText(), secret);
      await send(page, '#replace-secret button');
      assert.notEqual(await page.locator('dd code', { hasText: 'cs_sk_' }).innerText(), secret);

      await page.goto(`${server.url}/developer`);
      await look(page, `d4-home-${tag}`, script);
      visitor.assertClean();
      await visitor.close();
    });
  }

  test(`an authenticator app is set up and asked for, ${script ? 'with' : 'without'} JavaScript`, async () => {
    const visitor = await visit(browser, { script, size: PHONE });
    const { page } = visitor;
    const email = `code-${script}@shop.example`;
    await signUp(stage, page, email);
    await typeCode(page, (await letterTo(stage, email)).code, script);
    await page.goto(`${server.url}/security`);
    await look(page, `u10-empty-${script}`, script);
    await send(page, '#begin button');
    assert.equal(await page.locator('svg.c-qr').count(), 1);
    await look(page, `u10-setting-up-${script}`, script);
    const secret = (await page.locator('.d-steps code').first().innerText()).replaceAll(' ', '');
    const authenticator = new Authenticator(secret);
    await typeCode(page, authenticator.next(), script);
    assert.equal(await page.locator('.d-codes li').count(), 10);
    await look(page, `u10-codes-${script}`, script);
    const recovery = await page.locator('.d-codes li').first().innerText();
    await send(page, '#put_away button');
    assert.equal(await page.locator('.d-codes li').count(), 0);

    await send(page, '.d-who button');
    assert.equal(new URL(page.url()).pathname, '/login');
    await look(page, `d3-sign-in-${script}`, script);
    await page.fill('[name=username]', email);
    await page.fill('[name=password]', PASSWORD);
    await send(page, '#login button[type=submit]:not([name])');
    assert.equal(new URL(page.url()).pathname, '/login/code');
    await look(page, `d3-code-${script}`, script);
    await send(page, 'main a[href*="recovery"]');
    await page.fill('[name=recovery_code]', recovery);
    await send(page, '#code-form button.c-button--primary');
    assert.equal(new URL(page.url()).pathname, '/developer');
    visitor.assertClean();
    await visitor.close();
  });
}

test('the link of the letter works on another device, and only its button confirms', async () => {
  const visitor = await visit(browser);
  const email = 'link@shop.example';
  await signUp(stage, visitor.page, email);
  const { link } = await letterTo(stage, email);
  const phone = await visit(browser, { size: PHONE });
  await phone.page.goto(link);
  await look(phone.page, 'd2-link', true);
  await send(phone.page, '#confirm-address button');
  assert.equal(new URL(phone.page.url()).pathname, '/login');
  assert.match(await phone.page.locator('[role=status]').first().innerText(), /confirmed/);
  visitor.assertClean();
  phone.assertClean();
  await phone.close();
  await visitor.close();
});
