// The libraries that PhonePe publishes, with nothing changed but the addresses that they call. A token that
// is good gets 404 for an order that there is not: the libraries tell the two apart.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';

import { startServer } from '../lib/server.mjs';

const HERE = resolve(import.meta.dirname, '..');
const LIBRARIES = {
  Node: [process.execPath, join(HERE, 'partners/phonepe_merchant.mjs')],
  Python: [join(HERE, '.venv/bin/python'), join(HERE, 'partners/phonepe_merchant.py')],
};
const NO_SUCH_ORDER = { type: 'ResourceNotFound', status: 404, code: 'NOT_FOUND' };

let server;
before(async () => (server = await startServer()));
after(async () => await server?.stop());

async function merchant(name) {
  const added = await server.command(
    ...['client', 'add', '--name', name, '--environment', 'sandbox', '--dialect', 'o-bearer'],
    ...['--grant', 'client_credentials', '--scope', 'transferFunds'],
  );
  return { id: added.client_id, secret: added.client_secret };
}

/** Runs a merchant's program; answers what its library made of the answers. */
async function run(language, { id, secret }) {
  const [program, script] = LIBRARIES[language];
  const { stdout } = await promisify(execFile)(program, [script, server.url, id, secret], { timeout: 60_000 });
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

function assertIncludes(told, expected) {
  for (const [name, value] of Object.entries(expected)) assert.deepEqual(told[name], value, JSON.stringify(told));
}

for (const language of Object.keys(LIBRARIES)) {
  test(`the library for ${language} gets a token and uses it`, async () => {
    const told = await run(language, await merchant(`Kiosk ${language}`));
    assert.equal(told.calls.length, 2);
    for (const call of told.calls) assertIncludes(call, NO_SUCH_ORDER);
  });

  test(`the library for ${language} understands why it gets none`, async () => {
    const { id } = await merchant(`Stall ${language}`);
    const told = await run(language, { id, secret: 'test' });
    const refused = told.refused ?? told.calls[0];
    assertIncludes(refused, {
      type: 'UnauthorizedAccess',
      status: 401,
      code: 'OIM004',
      data: { error_description: 'Client authentication failure' },
    });
  });
}
