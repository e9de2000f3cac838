// Signs requests as the Wallet API documents it (draft-ietf-oauth-v2-http-mac-01, HMAC-SHA-256), written from
// the documents alone: nothing is shared with the server.

import { createHash, createHmac, randomBytes } from 'node:crypto';

/** Whoever holds an id and its key: an app, or a token. */
export class Signer {
  constructor(base, id, key) {
    Object.assign(this, { base, id, key });
  }

  /** Sends a request, signed: `body` is a text, or nothing. */
  async call(method, target, body = '', type = 'application/x-www-form-urlencoded') {
    const answer = await fetch(this.base + target, {
      method,
      headers: { authorization: this.header(method, target, body), 'content-type': type },
      body: body === '' ? undefined : body,
    });
    const text = await answer.text();
    return {
      status: answer.status,
      type: answer.headers.get('content-type'),
      body: text === '' ? undefined : JSON.parse(text),
    };
  }

  /** The same with JSON. */
  json(method, target, value) {
    return this.call(method, target, JSON.stringify(value), 'application/json');
  }

  /** The value of the header `Authorization`. */
  header(method, target, body) {
    const { hostname, port } = new URL(this.base);
    const ts = String(Math.floor(Date.now() / 1000));
    const nonce = `${randomBytes(12).toString('base64')}, =;' `;
    const hash = createHash('sha256').update(body).digest('base64');
    const ext = body === '' ? '' : `body_hash=${encodeURIComponent(hash)}`;
    const text = [ts, nonce, method, target, hostname, port, ext].map((line) => `${line}\n`).join('');
    const mac = createHmac('sha256', this.key).update(text).digest('base64');
    const parameters = { id: this.id, ts, nonce, mac, ...(ext && { ext }) };
    return `MAC ${Object.entries(parameters)
      .map(([name, value]) => `${name}="${value}"`)
      .join(', ')}`;
  }
}
