import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { startServer } from './server.mjs';

let folder;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-programs-'));
});
after(() => rm(folder, { recursive: true }));

/** Writes a program that stands in for the server. */
async function program(name, text) {
  const path = join(folder, name);
  await writeFile(path, `#!${process.execPath}\n${text}`);
  await chmod(path, 0o755);
  return path;
}

const HONEST = `
  const [, , command] = process.argv;
  if (command !== 'serve') {
    console.log(JSON.stringify({ given: process.argv.slice(2), data: process.env.COUNTERSIGN_DATA_DIR }));
    process.exit();
  }
  const [host, port] = process.env.COUNTERSIGN_LISTEN.split(':');
  let asked = 0;
  console.log('settings', Object.keys(process.env).filter((name) => name.startsWith('COUNTERSIGN_')).sort().join());
  require('node:http')
    .createServer((request, response) => {
      response.statusCode = request.url === '/readyz' && ++asked < 3 ? 503 : 200;
      response.end(request.url);
    })
    .listen(port, host);
`;

test('a server starts, is ready, obeys commands, and leaves nothing behind', async () => {
  process.env.COUNTERSIGN_LOG = 'of the shell that runs the tests';
  const server = await startServer({
    program: await program('honest.cjs', HONEST),
    settings: { COUNTERSIGN_CODE_LIFETIME_SECONDS: '5' },
  });
  assert.equal(await (await fetch(`${server.url}/anything`)).text(), '/anything');
  assert.match(
    server.output(),
    /settings COUNTERSIGN_CODE_LIFETIME_SECONDS,COUNTERSIGN_DATA_DIR,COUNTERSIGN_LISTEN,COUNTERSIGN_PUBLIC_URL\n/,
  );
  assert.deepEqual(await server.command('user', 'add'), { given: ['user', 'add', '--json'], data: server.data });
  assert.ok(existsSync(server.data));
  await server.stop();
  assert.ok(!existsSync(server.data));
  await assert.rejects(fetch(server.url));
});

test('a server that ends at once is reported with what it said', async () => {
  const broken = await program('broken.cjs', 'console.error("COUNTERSIGN_LOG: expected a level"); process.exit(1);');
  await assert.rejects(startServer({ program: broken }), /ended with status 1:\nCOUNTERSIGN_LOG: expected a level/);
});

test('a program that is not there is reported', async () => {
  await assert.rejects(startServer({ program: join(folder, 'nothing') }), /ENOENT/);
});
