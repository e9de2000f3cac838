// Registering an app: addresses are looked at while they are typed, by the server's own rule, and the
// sentence on the purpose is shown as people will read it. Both pages do without JavaScript.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { assertAccessible } from '../lib/axe.mjs';
import { DESKTOP, PHONE, assertNoSidewaysScroll, hydrated, launch, picture, visit } from '../lib/browser.mjs';
import { startServer } from '../lib/server.mjs';
import { becomeDeveloper } from './newcomer.mjs';
import { send } from './stage.mjs';

const stage = {};
before(async () => {
  [stage.server, stage.browser] = await Promise.all([startServer(), launch()]);
});
after(async () => {
  await stage.browser?.close();
  await stage.server?.stop();
});

/** Looks at a page as everybody may see it. */
async function look(page, name, script = true) {
  await assertNoSidewaysScroll(page);
  await picture(page, name);
  if (script) await assertAccessible(page);
}

test('an address is looked at while it is typed, by the rule of the server', async () => {
  const visitor = await visit(stage.browser, { size: PHONE });
  const { page } = visitor;
  await becomeDeveloper(stage, page, 'addresses@shop.example');
  await page.goto(`${page.url()}/setup/callbacks`);
  await hydrated(page);
  const told = page.locator('form [role=status]');
  const field = page.locator('[name=redirect_uri]').first();
  await field.fill('https://shop.example/#done');
  await told.locator('p').waitFor();
  const inBrowser = (await told.innerText()).trim();
  assert.match(inBrowser, /^Address 1: Remove everything from #/);
  await look(page, 'register-live-address');

  // Sent all the same, the server says the same.
  await send(page, 'form button.c-button--primary');
  assert.match(await page.title(), /^Error: /);
  const onServer = await page.locator('#redirect_uri-1-error').innerText();
  const words = inBrowser.replace('Address 1: ', '');
  assert.ok(onServer.replaceAll('\n', '').includes(words), `${onServer} / ${words}`);

  await hydrated(page);
  await page.locator('[name=redirect_uri]').first().fill('https://shop.example/done');
  await page.locator('form [role=status] p').waitFor({ state: 'detached' });
  await send(page, 'form button.c-button--primary');
  assert.match(page.url(), /\/setup$/);
  visitor.assertClean();
  await visitor.close();
});

test('the sentence stands on the consent page while it is typed', async () => {
  const visitor = await visit(stage.browser, { size: DESKTOP });
  const { page } = visitor;
  await becomeDeveloper(stage, page, 'preview@shop.example');
  await page.goto(`${page.url()}/setup/purpose`);
  await hydrated(page);
  const english = 'Shows what you spend from your accounts, month by month';
  await page.fill('#purpose_en', english);
  for (const locale of ['en', 'lt', 'ru']) {
    await page.waitForFunction(
      ([id, text]) => document.getElementById(id).textContent === text,
      [`preview-${locale}`, english],
    );
  }
  const lithuanian = 'Parodo, kam kas mėnesį išleidžiate pinigus iš savo sąskaitų';
  await page.fill('#purpose_lt', lithuanian);
  await page.waitForFunction((text) => document.getElementById('preview-lt').textContent === text, lithuanian);
  assert.equal(await page.locator('#preview-ru').innerText(), english);
  await look(page, 'register-live-preview');
  visitor.assertClean();
  await visitor.close();
});

test('without JavaScript the page shows what was typed last', async () => {
  const visitor = await visit(stage.browser, { script: false, size: PHONE, colours: 'dark' });
  const { page } = visitor;
  await becomeDeveloper(stage, page, 'plain@shop.example', false);
  await page.goto(`${page.url()}/setup/purpose`);
  await page.fill('#purpose_en', 'Too short');
  await send(page, 'form button.c-button--primary');
  assert.equal(await page.locator('#preview-en').innerText(), 'Too short');
  await look(page, 'register-live-plain', false);
  visitor.assertClean();
  await visitor.close();
});
