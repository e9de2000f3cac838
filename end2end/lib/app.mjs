// A third-party app as far as a walk needs one: its own PKCE pair, its own address to come back to.

import { createHash, randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { createServer } from 'node:http';

import { eventually } from './wait.mjs';

const random = () => randomBytes(32).toString('base64url');

/** A code verifier and its S256 challenge (RFC 7636). */
export function pkcePair() {
  const verifier = random();
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

/** The address by which an app sends the browser away, with its own state and PKCE pair. */
export function authorizeRequest(issuer, parameters) {
  const { verifier, challenge } = pkcePair();
  const all = {
    response_type: 'code',
    state: random(),
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...parameters,
  };
  const given = Object.entries(all).filter(([, value]) => value !== undefined);
  return { url: `${issuer}/oauth/authorize?${new URLSearchParams(given)}`, state: all.state, verifier };
}

/** Listens at `http://127.0.0.1:<port>/callback` and keeps the parameters of every arrival. */
export async function startApp() {
  const arrivals = new EventEmitter();
  const waiting = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://127.0.0.1');
    response.setHeader('content-type', 'text/html; charset=utf-8');
    if (url.pathname !== '/callback') {
      response.writeHead(url.pathname === '/favicon.ico' ? 204 : 404).end();
      return;
    }
    response.end('<!doctype html><html lang="en"><title>Back at the app</title><h1>Back at the app</h1>');
    waiting.push(Object.fromEntries(url.searchParams));
    arrivals.emit('arrival');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    callback: `http://127.0.0.1:${server.address().port}/callback`,
    /** How many arrivals were not yet taken. */
    pending: () => waiting.length,
    /** The parameters of the next arrival. */
    async arrival() {
      if (waiting.length === 0) await eventually(arrivals, 'arrival');
      return waiting.shift();
    },
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Exchanges a code at the standard token endpoint; returns status and body. */
export async function exchange(issuer, { clientId, clientSecret, ...parameters }) {
  const headers = {};
  const body = new URLSearchParams(parameters);
  if (clientSecret === undefined) body.set('client_id', clientId);
  else headers.authorization = `Basic ${btoa([clientId, clientSecret].map(encodeURIComponent).join(':'))}`;
  const response = await fetch(`${issuer}/oauth/token`, { method: 'POST', headers, body });
  return { status: response.status, body: await response.json() };
}
