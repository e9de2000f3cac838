// A forgotten password: the same answer for everybody, a link that works once, everybody else signed out,
// the code of the authenticator still needed; and an invitation that finds a stranger.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { assertAccessible } from '../lib/axe.mjs';
import { DESKTOP, PHONE, assertNoSidewaysScroll, launch, picture, visit } from '../lib/browser.mjs';
import { startServer } from '../lib/server.mjs';
import { Authenticator } from '../lib/totp.mjs';
import { PASSWORD, becomeDeveloper, letterTo, logIn, signUp, typeCode } from './newcomer.mjs';
import { send } from './stage.mjs';

const NEW = 'a quite different sentence';
const stage = {};
before(async () => {
  // A code is asked for again as soon as may be, so that an invitation has to wait for one.
  const settings = { COUNTERSIGN_STEP_UP_SECONDS: '30' };
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

const path = (page) => new URL(page.url()).pathname;

/** Asks for a letter to this address; answers what the page says. */
async function forget(page, email) {
  await page.goto(`${stage.server.url}/login`);
  await send(page, 'main a[href="/login/forgot"]');
  await page.fill('[name=email]', email);
  await send(page, '#forgot button.c-button--primary');
  assert.equal(path(page), '/login/forgot/sent');
  return page.locator('main').innerText();
}

/** Sets up an authenticator app on the security page. */
async function enrol(page, script) {
  await page.goto(`${stage.server.url}/security`);
  await send(page, '#begin button');
  const secret = (await page.locator('.d-steps code').first().innerText()).replaceAll(' ', '');
  const authenticator = new Authenticator(secret);
  await typeCode(page, authenticator.next(), script);
  await send(page, '#put_away button');
  return authenticator;
}

for (const script of [true, false]) {
  const how = script ? 'with JavaScript' : 'without JavaScript';
  const size = script ? DESKTOP : PHONE;
  const tag = script ? 'script' : 'plain';

  test(`a forgotten password, ${how}`, async () => {
    const email = `forgot-${tag}@shop.example`;
    const elsewhere = await visit(stage.browser, { script, size });
    await becomeDeveloper(stage, elsewhere.page, email, script);
    const authenticator = await enrol(elsewhere.page, script);

    const visitor = await visit(stage.browser, { script, size });
    const { page } = visitor;
    await page.goto(`${stage.server.url}/login/forgot`);
    await look(page, `forgotten-ask-${tag}`, script);
    await send(page, '#forgot button.c-button--primary');
    assert.match(await page.title(), /^Error: /);
    await look(page, `forgotten-ask-error-${tag}`, script);
    const unknown = await forget(page, `nobody-${tag}@shop.example`);
    assert.equal(await forget(page, email), unknown, 'nobody learns who has an account');
    await look(page, `forgotten-sent-${tag}`, script);

    const { link } = await letterTo(stage, email);
    await page.goto(link);
    await look(page, `forgotten-new-${tag}`, script);
    await page.fill('[name=new_password]', 'short');
    await send(page, '#new-password button.c-button--primary');
    assert.match(await page.title(), /^Error: /);
    assert.doesNotMatch(page.url(), /cs_pw_/, 'sealed from now on');
    await look(page, `forgotten-new-error-${tag}`, script);
    await page.fill('[name=new_password]', NEW);
    await send(page, '#new-password button.c-button--primary');
    assert.equal(path(page), '/login');
    assert.match(await page.locator('[role=status]').first().innerText(), /new password is saved/);
    assert.equal(await page.inputValue('[name=username]'), email);
    await look(page, `forgotten-saved-${tag}`, script);

    // Everybody else is out, and the link is used.
    await elsewhere.page.goto(`${stage.server.url}/developer`);
    assert.equal(path(elsewhere.page), '/login');
    await elsewhere.page.goto(link);
    assert.equal(path(elsewhere.page), '/login/forgot');
    assert.match(await elsewhere.page.locator('[role=alert]').innerText(), /no longer good/);
    await look(elsewhere.page, `forgotten-over-${tag}`, script);

    await logIn(stage, page, email, PASSWORD);
    assert.equal(path(page), '/login', 'the old one is gone');
    await logIn(stage, page, email, NEW);
    assert.equal(path(page), '/login/code', 'the code is still needed');
    await typeCode(page, authenticator.next(), script);
    assert.equal(path(page), '/developer');
    visitor.assertClean();
    elsewhere.assertClean();
    await elsewhere.close();
    await visitor.close();
  });
}

test('an invitation waits for a code, and finds a stranger', async () => {
  const [script, size, tag] = [false, PHONE, 'plain'];
  const owner = await visit(stage.browser, { script, size });
  const email = `owner-${tag}@shop.example`;
  const invited = `invited-${tag}@shop.example`;
  await becomeDeveloper(stage, owner.page, email, script);
  const authenticator = await enrol(owner.page, script);
  await owner.page.waitForTimeout(30_100);
  await owner.page.goto(`${stage.server.url}/developer/team`);
  await owner.page.fill('#invite-form [name=email]', invited);
  await owner.page.selectOption('#invite-form [name=role]', 'read');
  await send(owner.page, '#invite-form button');
  assert.equal(path(owner.page), '/developer/confirm');
  await typeCode(owner.page, authenticator.next(), script);
  assert.equal(path(owner.page), '/developer/team');
  assert.equal(await owner.page.inputValue('#invite-form [name=email]'), invited);
  assert.equal(await owner.page.inputValue('#invite-form [name=role]'), 'read');
  await look(owner.page, `invite-held-${tag}`, script);
  await send(owner.page, '#invite-form button');
  assert.match(await owner.page.locator('main').innerText(), new RegExp(invited));

  // A stranger: from the letter through signing up to the invitation.
  const stranger = await visit(stage.browser, { script, size });
  const { page } = stranger;
  await page.goto((await letterTo(stage, invited)).link);
  assert.equal(path(page), '/login');
  await send(page, 'main a[href^="/signup?next="]');
  await signUp(stage, page, invited);
  await typeCode(page, (await letterTo(stage, invited)).code, script);
  assert.equal(path(page), '/developer/invite');
  await look(page, `invite-found-${tag}`, script);
  await send(page, 'form[action="/api/portal/accept_invite"] button');
  assert.equal(path(page), '/developer/team');
  owner.assertClean();
  stranger.assertClean();
  await owner.close();
  await stranger.close();
});

test('every page of it reads well in each language, light and dark, on a phone', async () => {
  const { link } = await (async () => {
    const visitor = await visit(stage.browser);
    await becomeDeveloper(stage, visitor.page, 'languages@shop.example');
    await forget(visitor.page, 'languages@shop.example');
    await visitor.close();
    return letterTo(stage, 'languages@shop.example');
  })();
  for (const locale of ['en-GB', 'lt-LT', 'ru-RU']) {
    for (const colours of ['light', 'dark']) {
      const visitor = await visit(stage.browser, { locale, colours, size: PHONE });
      for (const [name, address] of Object.entries({
        ask: `${stage.server.url}/login/forgot`,
        sent: `${stage.server.url}/login/forgot/sent`,
        new: link,
      })) {
        await visitor.page.goto(address);
        assert.equal(await visitor.page.locator('html').getAttribute('lang'), locale.slice(0, 2));
        await look(visitor.page, `forgotten-${name}-${locale.slice(0, 2)}-${colours}`, true);
      }
      visitor.assertClean();
      await visitor.close();
    }
  }
});
