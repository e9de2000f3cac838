// A person looks at the apps that have their permission and stops one: the app is refused at once. With and
// without JavaScript, on a desk and on a phone, by day and by night.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { look } from '../lib/look.mjs';
import { allow, confirm, send, setStage, signIn } from './stage.mjs';

const stage = setStage();

/** The person allows the walks' app these things; its tokens. */
async function allowed(page, person, scope, script) {
  const request = stage.request({ scope });
  await page.goto(request.url);
  await signIn(page, person);
  assert.match(await page.locator('main').innerText(), /You can stop this at any time.*\/connected/);
  await allow(page);
  await confirm(page, person.authenticator.next(), script);
  const { code } = await stage.app.arrival();
  const { clientId, clientSecret } = stage.client;
  const answer = await fetch(`${stage.server.url}/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      redirect_uri: stage.app.callback,
      code_verifier: request.verifier,
    }),
  });
  assert.equal(answer.status, 200);
  return answer.json();
}

function balance(token) {
  return fetch(`${stage.server.url}/wallet/v1/balance`, { headers: { authorization: `Bearer ${token}` } });
}

for (const script of [true, false]) {
  const how = script ? 'with JavaScript' : 'without JavaScript';

  test(`what was allowed stands on the page and is stopped there, ${how}`, async () => {
    const person = await stage.person();
    const visitor = await stage.visit({ script });
    const { page } = visitor;
    const { access_token: token } = await allowed(page, person, 'wallet', script);
    assert.equal((await balance(token)).status, 200);
    await page.goBack();
    assert.equal(await page.locator('a[href="/connected"]').count(), 1, 'the end says where it can be stopped');

    await page.goto(`${stage.server.url}/connected`);
    assert.match(page.url(), /\/login\?next=/);
    await look(page, `connected-login-${script}`, script);
    await page.fill('[name=username]', person.username);
    await page.fill('[name=password]', person.password);
    await send(page, '#login button[type=submit]:not([name])');
    assert.equal(page.url(), `${stage.server.url}/connected`);
    assert.match(await page.locator('main').innerText(), /Walking Shop/);
    await look(page, `connected-list-${script}`, script);

    await send(page, 'a[href$="/stop"]');
    await look(page, `connected-stop-${script}`, script);
    await send(page, '#stop-access button[type=submit]');
    assert.equal(page.url(), `${stage.server.url}/connected`);
    assert.match(await page.locator('main').innerText(), /The access has ended/);
    assert.match(await page.locator('main').innerText(), /You stopped it/);
    await look(page, `connected-stopped-${script}`, script);
    assert.equal((await balance(token)).status, 401);
    visitor.assertClean();
    await visitor.close();
  });
}

test('a made-up name of the sandbox has its own door', async () => {
  const visitor = await stage.visit({ script: true });
  const { page } = visitor;
  await page.goto(stage.request({ scope: 'ais' }).url);
  await signIn(page, { username: 'somebody made up', password: 'anything' });
  await page.goto(`${stage.server.url}/login`);
  await send(page, 'a[href="/login/sandbox"]');
  await look(page, 'connected-login-sandbox', true);
  await page.fill('[name=username]', 'Somebody Made Up');
  await page.fill('[name=password]', 'anything else');
  await send(page, '#login button[type=submit]:not([name])');
  assert.equal(page.url(), `${stage.server.url}/connected`);
  await look(page, 'connected-empty', true);
  visitor.assertClean();
  await visitor.close();
});
