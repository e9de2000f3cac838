// What a person types before the browser's part has arrived stays; without that part, or with a
// broken one, everything works too.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { hydrated } from '../lib/browser.mjs';
import { allow, confirm, setStage, signIn } from './stage.mjs';

const stage = setStage();

test('typing before hydration survives it', async () => {
  const person = await stage.person();
  const visitor = await stage.visit();
  const { page } = visitor;
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route('**/*.wasm', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(stage.request().url, { waitUntil: 'domcontentloaded' });
  await page.fill('[name=username]', person.username);
  await page.fill('[name=password]', person.password);
  release();
  await hydrated(page);
  assert.equal(await page.inputValue('[name=username]'), person.username);
  assert.equal(await page.inputValue('[name=password]'), person.password);
  await signIn(page, person);
  assert.equal(await page.locator('input[name=account]').count(), 2);
  visitor.assertClean();
  await visitor.close();
});

for (const part of ['wasm', 'js']) {
  test(`when the ${part} never arrives, the forms still work`, async () => {
    const person = await stage.person();
    const visitor = await stage.visit();
    const { page } = visitor;
    await page.route(`**/*.${part}`, (route) => route.abort());
    await page.goto(stage.request().url);
    await signIn(page, person);
    await allow(page);
    await confirm(page, person.authenticator.next());
    assert.ok((await stage.app.arrival()).code);
    visitor.takeProblems(); // the missing part is reported, as it should be
    await visitor.close();
  });
}
