// The playground: an app's whole flow in the browser, with the real pages and every request as it goes over
// the wire; and each fault that can be asked for, as an app would see it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { assertAccessible } from '../lib/axe.mjs';
import { DESKTOP, PHONE, assertNoSidewaysScroll, launch, picture, visit } from '../lib/browser.mjs';
import { startServer } from '../lib/server.mjs';
import { becomeDeveloper, fact } from './newcomer.mjs';
import { allow, cancel, send, signIn } from './stage.mjs';

const stage = {};
before(async () => {
  // Codes run out soon, so that one can be exchanged too late without a long wait.
  const settings = { COUNTERSIGN_CODE_LIFETIME_SECONDS: '10' };
  [stage.server, stage.browser] = await Promise.all([startServer({ settings }), launch()]);
});
after(async () => {
  await stage.browser?.close();
  await stage.server?.stop();
});

/** Looks at a page as everybody may see it. */
async function look(page, name, script) {
  await assertNoSidewaysScroll(page);
  await picture(page, name);
  if (script) await assertAccessible(page);
}

/** A developer at the playground of the app that was made for them. */
async function arrive(name, script) {
  const visitor = await visit(stage.browser, { script, size: script ? DESKTOP : PHONE });
  const { page } = visitor;
  await becomeDeveloper(stage, page, `${name}-${script}@shop.example`, script);
  await send(page, 'main a[href$="/sandbox/playground"]');
  return { visitor, page, script, address: page.url() };
}

/** Builds a request; answers how to sign in as the first test user. */
async function build({ page }, { scope = 'wallet ais', fault = 'none' } = {}) {
  await page.selectOption('[name=scope]', scope);
  await page.selectOption('[name=fault]', fault);
  await send(page, '#playground-begin button');
  const cards = page.locator('section[aria-labelledby=go] li.d-card').first();
  await page.locator('section[aria-labelledby=go] details summary').click();
  const code = async (label) => (await cards.locator(`div:has(> dt:text-is("${label}")) code`).innerText()).trim();
  return { username: await code('Login name'), password: await code('Password') };
}

/** Ticks every account that can be ticked. */
async function tickAll(page) {
  for (const box of await page.locator('input[name=account]:not(:disabled)').all()) await box.check();
}

/** Allows everything on the real pages; in the sandbox the code may stay empty. */
async function approve({ page }, person) {
  await send(page, '#playground-go');
  // The second time the person is still signed in.
  if ((await page.locator('[name=username]').count()) > 0) await signIn(page, person);
  await tickAll(page);
  await allow(page);
  await send(page, 'button[name=decision][value=confirm]');
}

/** The raw texts of one kind, as often as they stand on the page. */
function wire(page, label) {
  return page.locator(`section figure:has(figcaption:has-text("${label}")) pre`).allInnerTexts();
}

const answers = (page) => wire(page, 'The answer');
const requests = (page) => wire(page, 'As it was sent');

for (const script of [true, false]) {
  const how = script ? 'with JavaScript' : 'without JavaScript';
  const tag = script ? 'script' : 'plain';

  test(`the whole flow, request by request, ${how}`, async () => {
    const here = await arrive('flow', script);
    const { page, visitor } = here;
    await look(page, `playground-empty-${tag}`, script);
    const person = await build(here);
    const go = await page.locator('section[aria-labelledby=go] pre').innerText();
    assert.match(go, /^GET \/oauth\/authorize\?response_type=code&client_id=sbx_/);
    assert.match(go, /code_challenge_method=S256/);
    assert.match(await fact(page, 'code_verifier'), /^[\w-]{43}$/);
    await look(page, `playground-built-${tag}`, script);

    await approve(here, person);
    assert.equal(page.url(), here.address, 'the address with the code is left at once');
    assert.match(await fact(page, 'code'), /^cs_ac_/);
    assert.equal(await fact(page, 'iss'), stage.server.url);
    assert.match(await page.locator('section[aria-labelledby=came]').innerText(), /It is the state that was sent/);
    await look(page, `playground-came-${tag}`, script);

    await send(page, '#playground-exchange button');
    const [sent] = await requests(page);
    assert.match(sent, /^POST \/oauth\/token HTTP\/1\.1\n/);
    assert.match(sent, /grant_type=authorization_code&code=…/);
    assert.match((await answers(page))[0], /^HTTP\/1\.1 200[\s\S]*"access_token": "…"/);

    for (const [api, expected] of [
      ['balance', /^HTTP\/1\.1 200[\s\S]*"balance"|"available"/],
      ['accounts', /^HTTP\/1\.1 200[\s\S]*"iban"/],
      // What was not asked for is not given.
      ['transfer', /^HTTP\/1\.1 403[\s\S]*insufficient_scope/],
    ]) {
      await send(page, `#playground-call button[value=${api}]`);
      assert.match((await answers(page)).at(-1), expected);
    }
    assert.match((await requests(page)).at(-1), /idempotency-key: [\s\S]*"amount":"1\.00"/);
    await look(page, `playground-called-${tag}`, script);
    const all = await page.locator('main').innerText();
    assert.doesNotMatch(all, /cs_at_|cs_rt_|cs_sk_/, 'no secret is shown');

    // From there to the line in the log.
    await send(page, 'section[aria-labelledby=exchange] a[href*="/sandbox/logs/"]');
    assert.equal(await fact(page, 'Grant'), 'authorization_code');
    assert.doesNotMatch(await page.locator('ol.d-checks').innerText(), /stopped here/);
    visitor.assertClean();
    await visitor.close();
  });

  test(`a wrong return address: the app sees nothing, ${how}`, async () => {
    const here = await arrive('redirect', script);
    const { page, visitor } = here;
    await build(here, { fault: 'wrong_redirect' });
    await send(page, '#playground-go');
    assert.equal(new URL(page.url()).pathname, '/oauth/authorize');
    await page.locator('details summary').last().click();
    await send(page, 'a[href^="/developer/r/"]');
    assert.match(await page.locator('main').innerText(), /only a slash at the end/);
    await page.goto(here.address);
    assert.match(await page.locator('section[aria-labelledby=came]').innerText(), /Nothing yet/);
    assert.equal(await page.locator('#playground-exchange').count(), 0);
    assert.ok(visitor.takeProblems().every((problem) => /status of 400/.test(problem)));
    await visitor.close();
  });

  test(`the person says no: error and state, no code, ${how}`, async () => {
    const here = await arrive('denied', script);
    const { page, visitor } = here;
    const person = await build(here, { fault: 'denied' });
    await send(page, '#playground-go');
    await signIn(page, person);
    await cancel(page);
    assert.equal(page.url(), here.address);
    assert.equal(await fact(page, 'error'), 'access_denied');
    assert.match(await page.locator('section[aria-labelledby=came]').innerText(), /It is the state that was sent/);
    assert.equal(await page.locator('dt', { hasText: /^code$/ }).count(), 0);
    assert.equal(await page.locator('#playground-exchange').count(), 0);
    await look(page, `playground-denied-${tag}`, script);
    visitor.assertClean();
    await visitor.close();
  });

  test(`a wrong code of the person: asked again, and the app waits, ${how}`, async () => {
    const here = await arrive('sca', script);
    const { page, visitor } = here;
    const person = await build(here, { fault: 'sca_failed' });
    await send(page, '#playground-go');
    await signIn(page, person);
    await tickAll(page);
    await allow(page);
    const left = page.waitForEvent('framenavigated');
    await page.fill('[name=code]', '000000');
    await page
      .click('button[name=decision][value=confirm]', { timeout: 2_000, noWaitAfter: true })
      .catch(() => assert.ok(script, 'without script the button stays'));
    await left;
    await page.waitForLoadState();
    assert.match(new URL(page.url()).pathname, /^\/authorize\//, 'still on our pages');
    assert.match(await page.title(), /^Error: /);
    await cancel(page);
    assert.equal(await fact(page, 'error'), 'access_denied');
    visitor.assertClean();
    await visitor.close();
  });

  test(`a code that is used twice ends the tokens of the first time, ${how}`, async () => {
    const here = await arrive('twice', script);
    const { page, visitor } = here;
    await approve(here, await build(here, { fault: 'used_code' }));
    await send(page, '#playground-exchange button');
    const [first, second] = await answers(page);
    assert.match(first, /^HTTP\/1\.1 200/);
    assert.match(second, /^HTTP\/1\.1 400[\s\S]*invalid_grant/);
    await send(page, '#playground-call button[value=balance]');
    assert.match((await answers(page)).at(-1), /^HTTP\/1\.1 401/);
    visitor.assertClean();
    await visitor.close();
  });

  test(`an account with too little money: insufficient_funds, ${how}`, async () => {
    const here = await arrive('money', script);
    const { page, visitor } = here;
    await approve(here, await build(here, { scope: 'ais', fault: 'too_little_money' }));
    await send(page, '#playground-exchange button');
    await send(page, '#playground-call button[value=balance]');
    await send(page, '#playground-call button[value=transfer]');
    assert.match((await answers(page)).at(-1), /^HTTP\/1\.1 4\d\d[\s\S]*insufficient_funds/);
    await send(page, '#playground-call button[value=balance]');
    const [, before, , later] = await answers(page);
    assert.equal(later.split('\n\n')[1], before.split('\n\n')[1], 'no money moved');
    // The same flow without the fault moves some.
    await approve(here, await build(here, { scope: 'wallet transferFunds' }));
    await send(page, '#playground-exchange button');
    await send(page, '#playground-call button[value=transfer]');
    assert.match((await answers(page)).at(-1), /^HTTP\/1\.1 201/);
    await look(page, `playground-paid-${tag}`, script);
    visitor.assertClean();
    await visitor.close();
  });
}

test('a code that is exchanged too late is no longer good', async () => {
  const here = await arrive('late', false);
  const { page, visitor } = here;
  await approve(here, await build(here, { fault: 'late_code' }));
  assert.match(await page.locator('section[aria-labelledby=exchange]').innerText(), /The code is good until/);
  await page.waitForTimeout(10_500);
  await send(page, '#playground-exchange button');
  assert.match((await answers(page))[0], /^HTTP\/1\.1 400[\s\S]*invalid_grant/);
  visitor.assertClean();
  await visitor.close();
});
