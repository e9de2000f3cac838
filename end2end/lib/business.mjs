// A business on the internet: its name server, its website with a certificate, its policies. All of it on
// this machine; the server under test is told where to ask (settings COUNTERSIGN_CHECKS_...).

import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The domain of the business. */
const DOMAIN = 'walk.example';

const PAGE = `<!doctype html><html lang="en"><title>Walk</title><main><h1>Walk</h1>
<p>We show you what you spend. We keep what we read for two years, and give it to nobody.</p></main></html>`;

/** Opens the business. */
export async function openBusiness() {
  const folder = await mkdtemp(join(tmpdir(), 'business-'));
  const roots = await certificates(folder);
  const [key, cert] = await Promise.all(['site.key', 'site.pem'].map((name) => readFile(join(folder, name))));
  const website = createServer({ key, cert }, (_request, response) => {
    response.setHeader('strict-transport-security', 'max-age=31536000');
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(PAGE);
  });
  await new Promise((resolve) => website.listen(0, '127.0.0.1', resolve));
  const records = [];
  const names = await nameServer(records);
  return {
    /** What its pages and callbacks begin with. */
    origin: `https://www.${DOMAIN}:${website.address().port}`,
    /** What the server under test is told, so that it finds the business. */
    settings: {
      COUNTERSIGN_CHECKS_ALLOW_PRIVATE_ADDRESSES: 'true',
      COUNTERSIGN_CHECKS_EXTRA_ROOTS_FILE: roots,
      COUNTERSIGN_CHECKS_RESOLVER: `127.0.0.1:${names.address().port}`,
      COUNTERSIGN_CHECKS_INTERVAL_SECONDS: '1',
    },
    /** Publishes one more TXT record of the domain. */
    publish: (record) => records.push(record),
    /** Takes all of them back. */
    unpublish: () => records.splice(0),
    async close() {
      names.close();
      website.closeAllConnections();
      await new Promise((resolve) => website.close(resolve));
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

const A = 1;
const TXT = 16;

/** Answers for the domain and the names in it (RFC 1035): this machine, and what was published. */
async function nameServer(records) {
  const socket = createSocket('udp4');
  socket.on('message', (query, asker) => socket.send(answer(query, records), asker.port, asker.address));
  await new Promise((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return socket;
}

function answer(query, records) {
  const { name, type, end } = question(query);
  const texts = name === DOMAIN && type === TXT ? records.map((text) => characterString(text)) : [];
  const isOurs = name === DOMAIN || name.endsWith(`.${DOMAIN}`);
  const answers = isOurs && type === A ? [Buffer.from([127, 0, 0, 1])] : texts;
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2);
  // An authoritative answer; NXDOMAIN for the names of others.
  header.writeUInt16BE(0x8400 | (isOurs ? 0 : 3), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(answers.length, 6);
  const lines = answers.map((data) => {
    const line = Buffer.alloc(12);
    // The name is that of the question, at byte 12.
    line.writeUInt16BE(0xc00c, 0);
    line.writeUInt16BE(type, 2);
    line.writeUInt16BE(1, 4);
    line.writeUInt32BE(0, 6);
    line.writeUInt16BE(data.length, 10);
    return Buffer.concat([line, data]);
  });
  return Buffer.concat([header, query.subarray(12, end), ...lines]);
}

function question(query) {
  const labels = [];
  let at = 12;
  while (query[at] > 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + query[at]));
    at += query[at] + 1;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

function characterString(text) {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}
