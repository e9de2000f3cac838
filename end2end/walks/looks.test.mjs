// The pages as people see them: three languages, two colour schemes, a phone and a desk; axe finds
// nothing, nothing scrolls sideways, yes and no are of one size.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { assertAccessible } from '../lib/axe.mjs';
import { DESKTOP, PHONE, assertNoSidewaysScroll, hydrated, picture } from '../lib/browser.mjs';
import { PAYMENT, allow, confirm, setStage, signIn } from './stage.mjs';

const stage = setStage();

const LANGUAGES = ['en', 'lt', 'ru'];
const VIEWS = [
  { name: 'phone-light', size: PHONE, colours: 'light' },
  { name: 'phone-dark', size: PHONE, colours: 'dark' },
  { name: 'desk-light', size: DESKTOP, colours: 'light' },
  { name: 'desk-dark', size: DESKTOP, colours: 'dark' },
];

/** Looks at a page: picture, language, reflow, accessibility, equal buttons. */
async function look(page, name, language) {
  await picture(page, name);
  assert.equal(await page.getAttribute('html', 'lang'), language, name);
  await assertNoSidewaysScroll(page);
  await assertAccessible(page);
  const boxes = [];
  for (const button of await page.locator('button[name=decision]:visible').all()) boxes.push(await button.boundingBox());
  if (boxes.length === 2) {
    assert.ok(Math.abs(boxes[0].width - boxes[1].width) <= 2, `${name}: buttons of one width`);
    assert.ok(Math.abs(boxes[0].height - boxes[1].height) <= 2, `${name}: buttons of one height`);
  }
}

for (const language of LANGUAGES) {
  for (const view of VIEWS) {
    test(`U1 to U5 in ${language}, ${view.name}`, async () => {
      const person = await stage.person();
      const visitor = await stage.visit({ size: view.size, colours: view.colours, locale: language });
      const { page } = visitor;
      const tag = `${language}-${view.name}`;
      const request = stage.request({ ui_locales: language });
      await page.goto(request.url);
      await hydrated(page);
      await look(page, `u1-sign-in-${tag}`, language);
      await signIn(page, { ...person, password: 'wrong' });
      await look(page, `u1-wrong-${tag}`, language);
      await signIn(page, person);
      await look(page, `u3-consent-${tag}`, language);
      await allow(page);
      await look(page, `u2-code-${tag}`, language);
      await confirm(page, person.authenticator.next());
      await stage.app.arrival();
      await page.goBack();
      await look(page, `u5-finished-${tag}`, language);

      await page.goto(
        stage.request({ ui_locales: language, scope: 'transferFunds', authorization_details: PAYMENT }).url,
      );
      await look(page, `u4-payment-${tag}`, language);
      await confirm(page, person.authenticator.next());
      await look(page, `u4-pay-from-${tag}`, language);
      visitor.assertClean();
      await visitor.close();
    });
  }
}

test('what the server sends has no inline styles and no inline handlers', async () => {
  const html = await (await fetch(stage.request().url)).text();
  assert.match(html, /<html lang="en">/);
  assert.doesNotMatch(html.replace(/<script[\s\S]*?<\/script>/g, ''), / style=| on[a-z]+=/);
});

test('a wrong return address gets a page that says so, leads nowhere, and explains itself', async () => {
  for (const language of LANGUAGES) {
    const visitor = await stage.visit({ size: PHONE, locale: language });
    const { page } = visitor;
    const answer = await page.goto(stage.request({ redirect_uri: `${stage.app.callback}/` }).url);
    assert.equal(answer.status(), 400);
    await look(page, `u12-wrong-redirect-${language}`, language);
    assert.equal(await page.locator(`a[href^="${stage.app.callback}"]`).count(), 0);
    assert.ok(await page.getAttribute('main', 'data-err'));
    visitor.takeProblems(); // Chromium tells a status of 400 on the console.
    await visitor.close();
  }
});

test('the language links keep the authorization', async () => {
  const visitor = await stage.visit();
  const { page } = visitor;
  await page.goto(stage.request().url);
  const id = new URL(page.url()).pathname;
  await page.click('a[hreflang=lt]');
  await page.waitForLoadState();
  assert.equal(await page.getAttribute('html', 'lang'), 'lt');
  assert.equal(new URL(page.url()).pathname, id);
  await signIn(page, { ...(await stage.person()), password: 'wrong' });
  assert.equal(await page.getAttribute('html', 'lang'), 'lt', 'through an error too');
  visitor.assertClean();
  await visitor.close();
});

test('the pages around it: home, demo, authenticator, mailbox, an address that is none', async () => {
  const visitor = await stage.visit({ size: PHONE });
  const { page } = visitor;
  for (const [path, status] of [
    ['/', 200],
    ['/demo', 200],
    ['/demo/authenticator', 200],
    ['/demo/mailbox', 200],
    ['/no/such/page', 404],
  ]) {
    const answer = await page.goto(`${stage.server.url}${path}`);
    assert.equal(answer.status(), status, path);
    await look(page, `page${path.replaceAll('/', '-')}`, 'en');
  }
  visitor.takeProblems();
  await visitor.close();
});
