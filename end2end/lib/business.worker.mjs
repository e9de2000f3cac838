// What the business answers: its website and its name server. They have a thread of their own, so that they
// answer while the test is busy with its browser; lib/business.mjs starts it.

import { createSocket } from 'node:dgram';
import { createServer } from 'node:https';
import { parentPort, workerData } from 'node:worker_threads';

const { domain: DOMAIN, key, cert } = workerData;

const A = 1;
const TXT = 16;

const PAGE = `<!doctype html><html lang="en"><title>Walk</title><main><h1>Walk</h1>
<p>We show you what you spend. We keep what we read for two years, and give it to nobody.</p></main></html>`;

const website = createServer({ key, cert }, (_request, response) => {
  response.setHeader('strict-transport-security', 'max-age=31536000');
  response.setHeader('content-type', 'text/html; charset=utf-8');
  response.end(PAGE);
});
await new Promise((resolve) => website.listen(0, '127.0.0.1', resolve));
const records = [];
const names = await nameServer(records);

parentPort.on('message', (record) => records.push(record));
parentPort.postMessage({ website: website.address().port, names: names.address().port });

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
