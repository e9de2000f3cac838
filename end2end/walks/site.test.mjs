// The site folder as the browser meets it: hashed names, compressed twins, islands that start.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { authorizeRequest } from '../lib/app.mjs';
import { launch, started, visit } from '../lib/browser.mjs';
import { startServer } from '../lib/server.mjs';

const CALLBACK = 'http://127.0.0.1:8080/callback';

let browser;
let server;
let signIn;

before(async () => {
  server = await startServer();
  const client = await server.command(
    'client', 'add', '--name', 'Site walk', '--environment', 'sandbox', '--dialect', 'bearer',
    '--grant', 'authorization_code', '--scope', 'wallet', '--redirect-uri', CALLBACK,
  );
  const parameters = { client_id: client.client_id, redirect_uri: CALLBACK, scope: 'wallet' };
  signIn = authorizeRequest(server.url, parameters).url;
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test('the sign-in page brings its scripts and styles under names that change with their content', async () => {
  const person = await visit(browser);
  const answers = [];
  person.page.on('response', (response) => {
    if (new URL(response.url()).pathname.startsWith('/pkg/')) answers.push(response);
  });
  await person.page.goto(signIn);
  await started(person.page, 'button.reveal');

  const kinds = new Set();
  for (const answer of answers) {
    const name = new URL(answer.url()).pathname;
    const [, kind] = name.match(/^\/pkg\/countersign\.[0-9a-f]{16}\.(js|wasm|css)$/) ?? assert.fail(name);
    kinds.add(kind);
    const headers = await answer.allHeaders();
    assert.equal(answer.status(), 200, name);
    assert.match(headers['cache-control'], /immutable/, name);
    assert.match(headers['content-encoding'], /^(br|gzip)$/, name);
    if (kind === 'wasm') assert.equal(headers['content-type'], 'application/wasm');
  }
  assert.deepEqual([...kinds].sort(), ['css', 'js', 'wasm']);
  person.assertClean();
  await person.close();
});

test('the islands start under the content security policy and do their work', async () => {
  const person = await visit(browser);
  await person.page.goto(signIn);
  const password = person.page.locator('input[name=password]');
  await password.fill('typed');
  await started(person.page, 'button.reveal');
  assert.equal(await password.getAttribute('type'), 'password');
  await person.page.locator('button.reveal').first().click();
  assert.equal(await password.getAttribute('type'), 'text');
  assert.equal(await password.inputValue(), 'typed');
  person.assertClean();
  await person.close();
});

test('without JavaScript the same page is whole, and shows nothing that needs a script', async () => {
  const person = await visit(browser, { script: false });
  await person.page.goto(signIn);
  assert.ok(await person.page.locator('input[name=username]').isVisible());
  assert.ok(await person.page.locator('input[name=password]').isVisible());
  assert.equal(await person.page.locator('button.reveal').count(), await person.page.locator('button.reveal[hidden]').count());
  assert.ok(!(await person.page.locator('button.reveal').first().isVisible()));
  const font = await person.page.evaluate(() => getComputedStyle(document.body).fontFamily).catch(() => '');
  assert.match(font, /IBM Plex Sans/);
  person.assertClean();
  await person.close();
});
