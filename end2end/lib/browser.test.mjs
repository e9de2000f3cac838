// The walks rely on these helpers to notice what is wrong: here they are shown wrong pages.

import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { startApp, authorizeRequest } from './app.mjs';
import { assertAccessible, findings } from './axe.mjs';
import { assertNoSidewaysScroll, launch, PHONE, picture, visit } from './browser.mjs';

const GOOD = '<!doctype html><html lang="en"><title>Good</title><link rel="icon" href="data:,"><main><h1>Good</h1></main>';
const PAGES = {
  '/good': GOOD,
  '/inline': `${GOOD}<script>document.title = 'Ran'</script>`,
  '/throws': `${GOOD}<script src="/throws.js"></script>`,
  '/unlabelled': GOOD.replace('</main>', '<form><input name="code"></form></main>'),
  '/styled': GOOD.replace('<h1>', '<h1 style="color: red">'),
  '/wide': `${GOOD}<pre>${'wide '.repeat(200)}</pre>`,
};

let browser;
let server;
let url;

before(async () => {
  server = createServer((request, response) => {
    if (request.url === '/throws.js') {
      response.setHeader('content-type', 'text/javascript');
      return response.end('console.error("said so"); throw new Error("thrown");');
    }
    const page = PAGES[request.url];
    response.writeHead(page ? 200 : 500, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; script-src 'self'; img-src data:; frame-ancestors 'none'",
    });
    response.end(page ?? GOOD);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${server.address().port}`;
  browser = await launch();
});
after(async () => {
  await browser?.close();
  server.closeAllConnections();
  server.close();
});

/** Opens a page, hands the visit to `use`, and closes it. */
async function on(path, options, use) {
  const person = await visit(browser, options);
  try {
    await person.page.goto(url + path);
    await use(person);
  } finally {
    await person.close();
  }
}

test('a good page is clean, accessible, and fits a phone', () =>
  on('/good', { size: PHONE }, async (person) => {
    await assertAccessible(person.page);
    await assertNoSidewaysScroll(person.page);
    await picture(person.page, 'helper-good');
    assert.ok((await stat(join(import.meta.dirname, '../out/helper-good.png'))).size > 0);
    person.assertClean();
  }));

test('a script that the policy forbids is noticed', () =>
  on('/inline', {}, async (person) => {
    assert.equal(await person.page.title(), 'Good');
    const problems = person.takeProblems().join('\n');
    assert.match(problems, /CSP violation: script-src-elem blocked inline/);
    person.assertClean();
  }));

test('errors of scripts, on the console, and of the server are noticed', () =>
  on('/throws', {}, async (person) => {
    await person.page.goto(`${url}/no-such-page`);
    const problems = person.takeProblems().join('\n');
    assert.match(problems, /console error: said so/);
    assert.match(problems, /script error: thrown/);
    assert.match(problems, /server error: 500/);
  }));

test('without JavaScript pages are shown and scripts are not run', () =>
  on('/throws', { script: false }, async (person) => {
    assert.equal(await person.page.title(), 'Good');
    person.assertClean();
  }));

test('without JavaScript a violation of the policy is noticed too', () =>
  on('/styled', { script: false }, async (person) => {
    assert.match(person.takeProblems().join('\n'), /console error: .*style/i);
  }));

test('axe works under a strict policy and finds a field without a label', () =>
  on('/unlabelled', {}, async (person) => {
    const found = await findings(person.page);
    assert.equal(found.length, 1, found.join('\n'));
    assert.match(found[0], /^label \(critical\)/);
    person.assertClean();
  }));

test('a page that is too wide is noticed', () =>
  on('/wide', { size: PHONE }, async (person) => {
    await assert.rejects(assertNoSidewaysScroll(person.page), /px wide in a window of 360 px/);
  }));

test('an app gets what the browser brings back', async () => {
  const app = await startApp();
  try {
    const request = authorizeRequest('http://127.0.0.1:1', { client_id: 'shop', redirect_uri: app.callback });
    const sent = new URL(request.url).searchParams;
    assert.equal(sent.get('state'), request.state);
    assert.match(sent.get('code_challenge'), /^[\w-]{43}$/);
    assert.match(request.verifier, /^[\w-]{43}$/);
    const person = await visit(browser);
    await person.page.goto(`${app.callback}?code=abc&state=${request.state}`);
    assert.deepEqual(await app.arrival(), { code: 'abc', state: request.state });
    assert.equal(app.pending(), 0);
    await person.close();
  } finally {
    await app.stop();
  }
});
