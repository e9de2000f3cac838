// A visitor of the sample shop pays from the wallet, and changes their mind.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { assertAccessible } from '../lib/axe.mjs';
import { PHONE, assertNoSidewaysScroll, picture } from '../lib/browser.mjs';
import { Authenticator } from '../lib/totp.mjs';
import { allow, cancel, confirm, send, setStage, signIn } from './stage.mjs';

const stage = setStage();

/** The demo's person, as the server printed them at its start. */
function ona() {
  const secret = /^ *ona \/ .*\n *TOTP secret (\w+)$/m.exec(stage.server.output())[1];
  return { username: 'ona', password: 'demo-ona', authenticator: new Authenticator(secret) };
}

test('ona buys coffee, and the shop shows every request and answer', async () => {
  const person = ona();
  const visitor = await stage.visit({ size: PHONE });
  const { page } = visitor;
  await page.goto(`${stage.server.url}/demo/shop`);
  await assertAccessible(page);
  await send(page, 'form button >> nth=0');
  await signIn(page, person);
  await confirm(page, person.authenticator.next());
  await allow(page);
  const text = await page.locator('body').innerText();
  assert.match(text, /paid/i);
  for (const said of ['/oauth/authorize', '/oauth/token', '/wallet/v1/transfers']) assert.ok(text.includes(said), said);
  await assertNoSidewaysScroll(page);
  await assertAccessible(page);
  await picture(page, 'shop-receipt-phone');
  const shown = await page.content();
  assert.doesNotMatch(shown, /cs_(at|rt|sk|ac)_[\w-]{43}/, 'no whole secret on the page');
  visitor.assertClean();
  await visitor.close();
});

test('who cancels is brought back to the shop and nothing is paid', async () => {
  const visitor = await stage.visit({ script: false });
  const { page } = visitor;
  await page.goto(`${stage.server.url}/demo/shop`);
  await send(page, 'form button >> nth=0');
  await cancel(page);
  assert.ok(page.url().startsWith(`${stage.server.url}/demo/shop`));
  assert.doesNotMatch(await page.locator('body').innerText(), /that is paid/i);
  visitor.assertClean();
  await visitor.close();
});
