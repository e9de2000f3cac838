// The first three minutes of a developer: nobody is asked, the credentials stand on the screen, a snippet
// runs as it is pasted, the call stands in the log, and a wrong call explains itself to its own team.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { assertAccessible } from '../lib/axe.mjs';
import { DESKTOP, PHONE, assertNoSidewaysScroll, launch, picture, visit } from '../lib/browser.mjs';
import { startServer } from '../lib/server.mjs';
import { becomeDeveloper, fact } from './newcomer.mjs';
import { send } from './stage.mjs';

const run = promisify(execFile);
const stage = {};
before(async () => {
  [stage.server, stage.browser] = await Promise.all([startServer(), launch()]);
  stage.folder = await mkdtemp(join(tmpdir(), 'first-call-'));
});
after(async () => {
  await stage.browser?.close();
  await stage.server?.stop();
  await rm(stage.folder, { recursive: true, force: true });
});

/** Looks at a page as everybody may see it. */
async function look(page, name, script) {
  await assertNoSidewaysScroll(page);
  await picture(page, name);
  if (script) await assertAccessible(page);
}

/** The program that stands under the name of a language. */
function snippet(page, language) {
  return page.locator('details', { has: page.locator(`summary > span:text-is("${language}")`) });
}

/** How each program is run: its file, and what runs that file. */
const PROGRAMS = {
  curl: ['call.sh', (file) => run('sh', [file])],
  JavaScript: ['call.mjs', (file) => run(process.execPath, [file])],
  Python: ['call.py', (file) => run('python3', [file])],
  PHP: ['call.php', (file) => run('php', [file])],
  // As a program of the workspace: with the crates that are locked and built there.
  Rust: ['call.rs', (file) => run('cargo', CARGO, { cwd: ROOT, env: { ...process.env, FIRST_CALL: file } })],
};
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CARGO = ['run', '--quiet', '--package', 'sample_apps', '--features', 'first_call', '--example', 'first_call'];

/** Runs what a person would copy, and answers what it prints. */
async function paste(page, language) {
  const code = await snippet(page, language).locator('pre').textContent();
  const [name, start] = PROGRAMS[language];
  const file = join(stage.folder, name);
  await writeFile(file, code);
  return (await start(file)).stdout;
}

/** Asks for a token; answers status and error body. */
async function wrongCall(id, secret) {
  const response = await fetch(`${stage.server.url}/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${id}:${secret}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'wallet' }),
  });
  return { status: response.status, body: await response.json() };
}

for (const script of [true, false]) {
  const how = script ? 'with JavaScript' : 'without JavaScript';
  const size = script ? DESKTOP : PHONE;
  const tag = script ? 'script' : 'plain';

  test(`a stranger's first call, ${how}`, async () => {
    const visitor = await visit(stage.browser, { script, size });
    const { page } = visitor;
    await becomeDeveloper(stage, page, `first-${tag}@shop.example`, script);
    const app = page.url();
    await look(page, `first-call-app-${tag}`, script);

    // All that a first call needs is on the screen.
    const id = await fact(page, 'Client id');
    const secret = await fact(page, 'Client secret').then((text) => text.match(/cs_sk_\S+/)[0]);
    assert.match(id.split('\n')[0], /^sbx_/);
    assert.equal(await page.locator('section[aria-labelledby=people] li.d-card').count(), 2);
    const languages = await page.locator('section[aria-labelledby=first-call] summary').allInnerTexts();
    assert.deepEqual(languages.map((text) => text.trim()), ['curl', 'JavaScript', 'Python', 'PHP', 'Rust']);
    assert.equal(await snippet(page, 'curl').locator('pre').isVisible(), true, 'curl is open');
    assert.equal(await snippet(page, 'PHP').locator('pre').isVisible(), false);
    for (const language of languages) {
      const text = await snippet(page, language.trim()).locator('pre').textContent();
      assert.ok(text.includes(secret) && text.includes(stage.server.url), language);
    }

    // Each runs as pasted, and says that the token is good.
    assert.equal(JSON.parse(await paste(page, 'curl')).active, true);
    assert.match(await paste(page, 'JavaScript'), /active: true/);
    assert.match(await paste(page, 'Python'), /'active': True/);
    assert.match(await paste(page, 'PHP'), /\[active\] => 1/);
    assert.equal(JSON.parse(await paste(page, 'Rust')).active, true);

    // The calls are in the log, within seconds and without a reload of anything else.
    await send(page, 'main a[href$="/sandbox/logs"]');
    await seen(page, /\/oauth\/token/, 5);
    await look(page, `first-call-log-${tag}`, script);
    const row = page.locator('tbody tr', { hasText: '/oauth/token' }).first();
    assert.match(await row.innerText(), /200/);
    await send(page, 'tbody tr:has-text("/oauth/token") a.c-reference');
    assert.equal(await fact(page, 'Grant'), 'client_credentials');
    assert.doesNotMatch(await page.locator('main').innerText(), /stopped here|cs_sk_/);
    await look(page, `first-call-request-${tag}`, script);

    // The same list as a file.
    await page.goto(`${app}/sandbox/logs?endpoint=token`);
    const waiting = page.waitForEvent('download');
    await page.click('#log-export button');
    const download = await waiting;
    assert.equal(download.suggestedFilename(), 'requests.csv');
    const lines = (await text(download)).trim().split('\r\n');
    assert.match(lines[0], /^"time","reference",/);
    assert.equal(lines.length, 6, lines.join('\n'));
    assert.ok(lines.slice(1).every((line) => line.includes('"/oauth/token"') && line.includes('"served"')));
    visitor.assertClean();
    await visitor.close();
  });

  test(`a wrong call explains itself to its own team and to nobody else, ${how}`, async () => {
    const visitor = await visit(stage.browser, { script, size });
    const { page } = visitor;
    await becomeDeveloper(stage, page, `wrong-${tag}@shop.example`, script);
    const app = page.url();
    const id = (await fact(page, 'Client id')).split('\n')[0];
    const other = await visit(stage.browser, { script, size });
    await becomeDeveloper(stage, other.page, `other-${tag}@shop.example`, script);

    // A wrong secret: short on the wire, long behind its reference.
    const { status, body } = await wrongCall(id, `cs_sk_${'x'.repeat(43)}`);
    assert.deepEqual([status, body.error], [401, 'invalid_client']);
    assert.match(body.trace_id, /^[0-9A-Z]{4}-[0-9A-Z]{4}$/);
    await page.goto(`${stage.server.url}/developer/r/${body.trace_id}`);
    assert.equal(page.url(), `${app}/sandbox/logs/${body.trace_id}`);
    assert.match(await page.locator('ol.d-checks').innerText(), /stopped here/);
    assert.equal(await fact(page, 'Error'), 'invalid_client');
    await look(page, `first-call-wrong-secret-${tag}`, script);

    // A wrong return address: a page in the browser, with the way to the same place.
    const wrong = new URLSearchParams({
      response_type: 'code',
      client_id: id,
      redirect_uri: 'http://127.0.0.1/elsewhere',
      scope: 'wallet',
      state: 's',
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
    });
    const stopped = await page.goto(`${stage.server.url}/oauth/authorize?${wrong}`);
    assert.equal(stopped.status(), 400);
    await page.locator('details summary').last().click();
    await send(page, 'a[href^="/developer/r/"]');
    const reference = new URL(page.url()).pathname.split('/').at(-1);
    assert.equal(page.url(), `${app}/sandbox/logs/${reference}`);
    assert.match(await page.locator('main').innerText(), /elsewhere/);
    assert.match(await page.locator('ol.d-checks').innerText(), /passed[\s\S]*stopped here[\s\S]*not looked at/);
    await look(page, `first-call-wrong-address-${tag}`, script);

    // Somebody else's developer learns nothing, not even that it is there.
    for (const address of [`/developer/r/${body.trace_id}`, `/developer/r/${reference}`, new URL(page.url()).pathname]) {
      const answer = await other.page.goto(stage.server.url + address);
      assert.equal(answer.status(), 404, address);
      assert.doesNotMatch(await other.page.locator('main').innerText(), /elsewhere|stopped here|invalid_client/);
    }
    assert.ok(visitor.takeProblems().every((problem) => /status of 400/.test(problem)));
    assert.ok(other.takeProblems().every((problem) => /status of 404/.test(problem)));
    await other.close();
    await visitor.close();
  });
}

/** Loads the log again until as many requests are in it; it is written once a second. */
async function seen(page, what, count) {
  for (let tries = 0; tries < 40; tries += 1) {
    const rows = await page.locator('tbody tr').filter({ hasText: what }).count();
    if (rows >= count) return;
    await page.waitForTimeout(100);
    await page.reload();
  }
  assert.fail(`not ${count} requests in the log: ${await page.locator('main').innerText()}`);
}

/** The content of a download. */
async function text(download) {
  const chunks = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
