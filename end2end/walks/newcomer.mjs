// A stranger who becomes a developer: what several walks begin with.

import assert from 'node:assert/strict';

import { visit } from '../lib/browser.mjs';
import { send } from './stage.mjs';

export const PASSWORD = 'correct horse battery';

/** Code, link and text of the newest letter to an address, as the demo's mailbox shows it. */
export async function letterTo({ browser, server }, email) {
  const reader = await visit(browser, { script: false });
  await reader.page.goto(`${server.url}/demo/mailbox`);
  const text = await reader.page.locator('article', { hasText: email }).first().innerText();
  await reader.close();
  return { text, code: text.match(/\b\d{6}\b/)?.[0], link: text.match(/http\S+token=\S+/)?.[0] };
}

/** Types a code; with script the form may send itself when the code is complete. */
export async function typeCode(page, code, script) {
  const left = page.waitForEvent('framenavigated');
  await page.fill('[name=code]', code);
  const button = 'form:has([name=code]) button.c-button--primary';
  await page.click(button, { timeout: 2_000, noWaitAfter: true }).catch((error) => {
    if (!script) throw error;
  });
  await left;
  await page.waitForLoadState();
}

/** Fills in the form of a stranger and sends it. */
export async function signUp({ server }, page, email) {
  if (new URL(page.url(), server.url).pathname !== '/signup') await page.goto(`${server.url}/signup`);
  await page.fill('[name=email]', email);
  await page.fill('[name=name]', 'Milda Kūrėja');
  await page.fill('[name=new_password]', PASSWORD);
  await page.check('[name=terms]');
  await send(page, '#signup button[type=submit]');
  assert.equal(new URL(page.url()).pathname, '/signup/check-mail');
}

/** From a stranger to the page of the app that was made for them. */
export async function becomeDeveloper(stage, page, email, script = true) {
  await signUp(stage, page, email);
  await typeCode(page, (await letterTo(stage, email)).code, script);
  assert.match(new URL(page.url()).pathname, /^\/developer\/apps\/[^/]+$/);
}

/** Signs in at the portal with password alone. */
export async function logIn({ server }, page, email, password = PASSWORD) {
  if (new URL(page.url(), server.url).pathname !== '/login') await page.goto(`${server.url}/login`);
  await page.fill('[name=username]', email);
  await page.fill('[name=password]', password);
  await send(page, '#login button[type=submit]:not([name])');
}

/** What stands beside a label in a list of facts. */
export async function fact(page, label) {
  const row = page.locator('dt', { hasText: new RegExp(`^${label}$`) }).first();
  return (await row.locator('xpath=following-sibling::dd[1]').innerText()).trim();
}
