// A visitor of the sample market writes an order, and makes it hard for the market's token.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { assertAccessible } from '../lib/axe.mjs';
import { DESKTOP, PHONE, assertNoSidewaysScroll, picture } from '../lib/browser.mjs';
import { send, setStage } from './stage.mjs';

const stage = setStage();

/** The button with these words. */
const button = (words) => `button:text-is("${words}")`;

/** What the market says that it did, one line each. */
const happened = (page) => page.locator('.happened li').allInnerTexts();

/** The statuses of the newest conversation with the wallet, one `METHOD path status` each. */
async function said(page) {
  const lines = await page.locator('.exchanges').first().locator('summary').allInnerTexts();
  return lines.map((line) =>
    line
      .replace(/^market’s server\s*/, '')
      .replace(/(pending-transfers)\/\S+/, '$1/ID')
      .replace(/\s*→\s*/, ' ')
      .trim(),
  );
}

const TOKEN = 'POST /olympus/im/v1/oauth/token';
const ORDER = 'GET /wallet/v1/pending-transfers/ID';

/** The walk itself: the same with JavaScript and without. */
async function walk(page, look) {
  await page.goto(`${stage.server.url}/demo/pincode`);
  await look('stalls');
  await send(page, 'button >> nth=0');
  assert.match(page.url(), /\/demo\/pincode\/orders\/\w+$/);
  assert.equal(await page.locator('h1').innerText(), 'The order is written down');
  assert.deepEqual(await said(page), [`${TOKEN} 200`, 'POST /wallet/v1/pending-transfers 201']);
  await look('order');

  await send(page, button('Ask how it stands'));
  assert.deepEqual(await said(page), [`${ORDER} 200`]);

  await send(page, button('Spoil the access token'));
  assert.equal(await page.locator('h1').innerText(), 'A spoilt token, and the call came through');
  assert.deepEqual(await said(page), ['POST /oauth/revoke 200', `${ORDER} 401`, `${TOKEN} 200`, `${ORDER} 200`]);
  assert.equal(await page.locator('[data-fact=renewed]').innerText(), 'once');
  await look('spoilt');

  await send(page, button('End the session'));
  assert.equal(await page.locator('h1').innerText(), 'An ended session, and the call came through');
  assert.deepEqual(await said(page), [
    'POST /oauth/revoke 200',
    `${ORDER} 412`,
    `${TOKEN} 400`,
    `${TOKEN} 200`,
    `${ORDER} 200`,
  ]);
  assert.equal(await page.locator('[data-fact=begun]').innerText(), 'twice');
  await look('ended');

  await send(page, button('Set the market’s clock ahead by a day'));
  assert.equal(await page.locator('h1').innerText(), 'A day later, and the call came through');
  assert.deepEqual(await said(page), [`${TOKEN} 200`, `${ORDER} 200`]);
  assert.match((await happened(page)).join('\n'), /renewed before the call/);
  assert.match(await page.locator('[data-fact=clock]').innerText(), /one day ahead/);
  await look('ahead');

  // The clock is wrong now, and the market renews no more than it must.
  await send(page, button('Ask how it stands'));
  assert.deepEqual(await said(page), [`${ORDER} 200`]);

  assert.doesNotMatch(await page.content(), /cs_(at|rt|sk)_[\w-]{43}/, 'no whole secret on the page');
}

for (const [name, size, colours] of [
  ['phone-light', PHONE, 'light'],
  ['phone-dark', PHONE, 'dark'],
  ['desk-light', DESKTOP, 'light'],
  ['desk-dark', DESKTOP, 'dark'],
]) {
  test(`the market renews its token on every occasion, ${name}`, async () => {
    const visitor = await stage.visit({ size, colours });
    const { page } = visitor;
    await walk(page, async (step) => {
      await picture(page, `market-${step}-${name}`);
      await assertNoSidewaysScroll(page);
      await assertAccessible(page);
    });
    for (const summary of await page.locator('summary').all()) await summary.click();
    await assertNoSidewaysScroll(page);
    await assertAccessible(page);
    await picture(page, `market-open-${name}`);
    visitor.assertClean();
    await visitor.close();
  });
}

test('the same without JavaScript', async () => {
  const visitor = await stage.visit({ script: false });
  await walk(visitor.page, async () => {});
  visitor.assertClean();
  await visitor.close();
});

test('an app that is switched off is told so, and works again when it is on', async () => {
  const visitor = await stage.visit();
  const { page } = visitor;
  await page.goto(`${stage.server.url}/demo/pincode`);
  await send(page, 'button >> nth=1');
  // Another process switches it off and on: this one knows within a second.
  const asksUntil = async (isSo) => {
    const end = performance.now() + 10_000;
    do await send(page, button('Ask how it stands'));
    while (!(await isSo()) && performance.now() < end);
  };
  await stage.server.command('client', 'suspend', 'demo-pincode');
  await asksUntil(async () => (await page.locator('h1').innerText()) === 'The wallet does not know this market');
  assert.deepEqual(await said(page), [`${ORDER} 412`, `${TOKEN} 401`]);
  await picture(page, 'market-trouble');
  await assertAccessible(page);
  await stage.server.command('client', 'resume', 'demo-pincode');
  await asksUntil(async () => (await said(page)).at(-1) === `${ORDER} 200`);
  assert.equal((await said(page)).at(-1), `${ORDER} 200`);
  visitor.assertClean();
  await visitor.close();
});
