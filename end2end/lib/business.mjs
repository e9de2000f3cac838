// A business on the internet: its name server, its website with a certificate, its policies. All of it on
// this machine; the server under test is told where to ask (settings COUNTERSIGN_CHECKS_...).

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';

/** The domain of the business. */
const DOMAIN = 'walk.example';

/** Opens the business. */
export async function openBusiness() {
  const folder = await mkdtemp(join(tmpdir(), 'business-'));
  const roots = await certificates(folder);
  const [key, cert] = await Promise.all(['site.key', 'site.pem'].map((name) => readFile(join(folder, name))));
  const thread = new Worker(new URL('./business.worker.mjs', import.meta.url), {
    workerData: { domain: DOMAIN, key, cert },
  });
  // A thread that cannot begin says so by an error, which rejects here.
  const [ports] = await once(thread, 'message');
  return {
    /** What its pages and callbacks begin with. */
    origin: `https://www.${DOMAIN}:${ports.website}`,
    /** What the server under test is told, so that it finds the business. */
    settings: {
      COUNTERSIGN_CHECKS_ALLOW_PRIVATE_ADDRESSES: 'true',
      COUNTERSIGN_CHECKS_EXTRA_ROOTS_FILE: roots,
      COUNTERSIGN_CHECKS_RESOLVER: `127.0.0.1:${ports.names}`,
      COUNTERSIGN_CHECKS_INTERVAL_SECONDS: '1',
    },
    /** Publishes one more TXT record of the domain. */
    publish: (record) => thread.postMessage(record),
    async close() {
      await thread.terminate();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** An authority of a few days, and a certificate by it; answers the file of the authority. */
async function certificates(folder) {
  const openssl = (...args) => promisify(execFile)('openssl', args, { cwd: folder });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  await openssl(
    ...['req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '3', '-subj', '/CN=Walk authority'],
    ...['-addext', 'keyUsage=critical,keyCertSign'],
  );
  await openssl('req', ...key, '-keyout', 'site.key', '-out', 'site.csr', '-subj', `/CN=${DOMAIN}`);
  const extensions = `subjectAltName=DNS:${DOMAIN},DNS:*.${DOMAIN}\nbasicConstraints=CA:FALSE\n`;
  await writeFile(join(folder, 'site.ext'), extensions);
  await openssl(
    ...['x509', '-req', '-in', 'site.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'],
    ...['-out', 'site.pem', '-days', '2', '-extfile', 'site.ext'],
  );
  return join(folder, 'ca.pem');
}
