// Chromium, and visits to it that notice everything which a page does wrong.

import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { chromium } from 'playwright-core';

const OUT = join(import.meta.dirname, '../out');

/** The sizes at which pages are looked at. */
export const PHONE = { width: 360, height: 740 };
export const TABLET = { width: 768, height: 1024 };
export const DESKTOP = { width: 1280, height: 800 };

/** Starts the system's Chromium (another one: environment variable CHROMIUM). */
export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/**
 * A person with a browser of their own: no cookies, one tab.
 *
 * @param {import('playwright-core').Browser} browser
 * @param {object} [options]
 * @param {boolean} [options.script] false: JavaScript is off
 * @param {string} [options.locale] such as `lt-LT`
 * @param {'light' | 'dark'} [options.colours]
 * @param {{ width: number, height: number }} [options.size]
 */
export async function visit(browser, { script = true, locale = 'en-GB', colours = 'light', size = DESKTOP } = {}) {
  const context = await browser.newContext({
    javaScriptEnabled: script,
    locale,
    colorScheme: colours,
    viewport: size,
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(15_000);
  const problems = [];
  await watch(context, problems, script);
  return new Visit(context, await context.newPage(), problems);
}

class Visit {
  constructor(context, page, problems) {
    this.context = context;
    this.page = page;
    this.problems = problems;
  }

  /** Fails when any page of this visit had a script error, a CSP violation, a console error or a 5xx. */
  assertClean() {
    assert.deepEqual(this.problems, []);
  }

  /** Hands over the problems so far and forgets them: for a page that is wrong on purpose. */
  takeProblems() {
    return this.problems.splice(0);
  }

  close() {
    return this.context.close();
  }
}

/** Writes into `problems` what goes wrong on any page of the context. */
async function watch(context, problems, script) {
  const report = (kind, text, page) => problems.push(`${kind}: ${text} (${page})`);
  // Without script neither of the two runs; Chromium then tells violations on the console.
  await context.exposeFunction('__violated', (text, page) => report('CSP violation', text, page));
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      window.__violated(`${event.effectiveDirective} blocked ${event.blockedURI}`, location.href);
    });
  });
  context.on('console', (message) => {
    if (message.type() === 'error') report('console error', message.text(), message.page()?.url());
  });
  context.on('weberror', (error) => report('script error', error.error().message, error.page()?.url()));
  context.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText;
    // A page that is left while it still loads is no fault, nor is a script that is not loaded
    // because JavaScript is off.
    const expected = reason === 'net::ERR_ABORTED' || (!script && request.url().endsWith('.js'));
    if (!expected) report('request failed', `${request.url()}: ${reason}`, '');
  });
  context.on('response', (response) => {
    if (response.status() >= 500) report('server error', `${response.status()} ${response.url()}`, '');
  });
}

/**
 * Waits until the browser's part has started, told by something that only it shows, such as the
 * button that reveals a password.
 */
export function started(page, selector) {
  return page.locator(selector).first().waitFor({ state: 'visible' });
}

/** Waits until the loader of the islands has run: for pages on which no island shows anything. */
export async function hydrated(page) {
  await page.waitForFunction(() => typeof window.__hydrateIsland === 'function');
}

/** Writes a picture of the whole page to `end2end/out/<name>.png`. */
export async function picture(page, name) {
  await mkdir(OUT, { recursive: true });
  await page.screenshot({ path: join(OUT, `${name}.png`), fullPage: true, animations: 'disabled' });
}

/** Fails when the page can be scrolled sideways (WCAG 2.2, 1.4.10 Reflow). */
export async function assertNoSidewaysScroll(page) {
  const [content, window] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  assert.ok(content <= window, `${page.url()} is ${content} px wide in a window of ${window} px`);
}
