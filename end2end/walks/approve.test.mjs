// A person approves an app, with and without JavaScript; says no; goes back, reloads, clicks twice.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { exchange } from '../lib/app.mjs';
import { PAYMENT, allow, cancel, confirm, send, setStage, signIn } from './stage.mjs';

const stage = setStage();

for (const script of [true, false]) {
  const how = script ? 'with JavaScript' : 'without JavaScript';

  test(`a person signs in, consents, confirms, and the app calls the API, ${how}`, async () => {
    const person = await stage.person();
    const visitor = await stage.visit({ script });
    const { page } = visitor;
    const request = stage.request();
    await page.goto(request.url);
    await signIn(page, person);
    const boxes = page.locator('input[name=account]');
    assert.equal(await boxes.count(), 2);
    await boxes.nth(1).uncheck();
    await allow(page);
    await confirm(page, person.authenticator.next(), script);
    const arrival = await stage.app.arrival();
    assert.equal(arrival.state, request.state);
    assert.equal(arrival.iss, stage.server.url);
    const { status, body } = await exchange(stage.server.url, {
      ...stage.client,
      grant_type: 'authorization_code',
      code: arrival.code,
      redirect_uri: stage.app.callback,
      code_verifier: request.verifier,
    });
    assert.equal(status, 200, JSON.stringify(body));
    const answer = await fetch(`${stage.server.url}/wallet/v1/balance`, {
      headers: { authorization: `Bearer ${body.access_token}` },
    });
    const { accounts } = await answer.json();
    assert.deepEqual(
      accounts.map((account) => [account.account_id, account.available]),
      [[person.accounts[0].account_id, '1234.56']],
    );
    visitor.assertClean();
    await visitor.close();
  });

  test(`a payment shows amount and payee, is confirmed once, and the account is chosen after, ${how}`, async () => {
    const person = await stage.person();
    const visitor = await stage.visit({ script });
    const { page } = visitor;
    await page.goto(stage.request({ scope: 'transferFunds', authorization_details: PAYMENT }).url);
    await signIn(page, person);
    assert.equal(await page.locator('form data[value="20.00"]').count(), 1);
    assert.match(await page.locator('main').innerText(), /UAB Elektra/);
    await confirm(page, person.authenticator.next(), script);
    await page.locator('input[type=radio][name=account]').nth(1).check();
    await allow(page);
    assert.ok((await stage.app.arrival()).code);
    visitor.assertClean();
    await visitor.close();
  });

  test(`a wrong password keeps the name and says what to do, ${how}`, async () => {
    const person = await stage.person();
    const visitor = await stage.visit({ script });
    const { page } = visitor;
    await page.goto(stage.request().url);
    await signIn(page, { ...person, password: 'wrong' });
    assert.match(await page.title(), /^Error: /);
    assert.equal(await page.inputValue('[name=username]'), person.username);
    assert.equal(await page.inputValue('[name=password]'), '');
    assert.equal(await page.locator('[role=alert]').count(), 1);
    await page.fill('[name=password]', person.password);
    await send(page, 'button[type=submit]:not([name])');
    assert.equal(await page.locator('input[name=account]').count(), 2);
    visitor.assertClean();
    await visitor.close();
  });

  test(`no is possible at every step, ${how}`, async () => {
    const person = await stage.person();
    const visitor = await stage.visit({ script });
    const { page } = visitor;
    for (const steps of [[], [signIn], [allow]]) {
      const request = stage.request();
      await page.goto(request.url);
      for (const step of steps) await step(page, person);
      await cancel(page);
      const { error, state, iss } = await stage.app.arrival();
      assert.deepEqual([error, state, iss], ['access_denied', request.state, stage.server.url]);
    }
    visitor.assertClean();
    await visitor.close();
  });
}

test('back and reload show the step that is due, and after the end what was decided', async () => {
  const person = await stage.person();
  const visitor = await stage.visit();
  const { page } = visitor;
  await page.goto(stage.request().url);
  await signIn(page, person);
  await page.reload();
  assert.equal(await page.locator('input[name=account]').count(), 2);
  await allow(page);
  await page.goBack();
  assert.equal(await page.locator('input[name=code]').count(), 1, 'the current step, not the one before');
  await confirm(page, person.authenticator.next());
  assert.ok((await stage.app.arrival()).code);
  await page.goBack();
  assert.equal(await page.locator('input[name=code]').count(), 0);
  assert.equal(await page.locator('main').count(), 1);
  visitor.assertClean();
  await visitor.close();
});

test('a double click on Confirm gives the app one code', async () => {
  const person = await stage.person();
  const visitor = await stage.visit({ script: false });
  const { page } = visitor;
  await page.goto(stage.request().url);
  await signIn(page, person);
  await allow(page);
  await page.fill('[name=code]', person.authenticator.next());
  await page.dblclick('button[name=decision][value=confirm]');
  await page.waitForURL(`${stage.app.callback}?**`);
  const codes = new Set([(await stage.app.arrival()).code]);
  while (stage.app.pending() > 0) codes.add((await stage.app.arrival()).code);
  assert.equal(codes.size, 1);
  await visitor.close();
});

test('a recovery code confirms once', async () => {
  const person = await stage.person();
  const visitor = await stage.visit();
  const { page } = visitor;
  await page.goto(stage.request().url);
  await signIn(page, person);
  await allow(page);
  await send(page, 'main a[href*="recovery"]');
  await page.fill('[name=recovery_code]', person.recoveryCodes[0].toLowerCase());
  await send(page, 'button[name=decision][value=confirm]');
  assert.ok((await stage.app.arrival()).code);
  visitor.assertClean();
  await visitor.close();
});

test('five tabs, one sign-in, five approvals that never mix', async () => {
  const person = await stage.person();
  const visitor = await stage.visit();
  const tabs = [];
  for (let at = 0; at < 5; at += 1) {
    const request = stage.request({ state: `tab-${at}` });
    const page = at === 0 ? visitor.page : await visitor.context.newPage();
    await page.goto(request.url);
    tabs.push({ page, request });
  }
  await signIn(tabs[0].page, person);
  for (const { page } of tabs.slice(1)) await page.reload();
  for (const { page } of tabs) assert.equal(await page.locator('input[name=account]').count(), 2);
  for (const { page } of tabs) await allow(page);
  // Two of them to the end, in another order; a person has no more codes in half a minute.
  for (const { page, request } of [tabs[3], tabs[1]]) {
    await confirm(page, person.authenticator.next());
    const arrival = await stage.app.arrival();
    assert.equal(arrival.state, request.state);
    assert.ok(arrival.code);
  }
  for (const { page, request } of [tabs[0], tabs[2], tabs[4]]) {
    await cancel(page);
    assert.equal((await stage.app.arrival()).state, request.state);
  }
  visitor.assertClean();
  await visitor.close();
});
