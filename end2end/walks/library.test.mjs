// An independent client library completes the flow: openid-client, from discovery to refresh.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as oauth from 'openid-client';

import { allow, confirm, setStage, signIn } from './stage.mjs';

const stage = setStage();

test('openid-client discovers, authorizes, exchanges, calls, refreshes, introspects and revokes', async () => {
  const { clientId, clientSecret } = stage.client;
  const config = await oauth.discovery(new URL(stage.server.url), clientId, clientSecret, oauth.ClientSecretBasic(), {
    algorithm: 'oauth2',
    execute: [oauth.allowInsecureRequests],
  });
  const verifier = oauth.randomPKCECodeVerifier();
  const state = oauth.randomState();
  const url = oauth.buildAuthorizationUrl(config, {
    redirect_uri: stage.app.callback,
    scope: 'wallet',
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
  });
  const person = await stage.person();
  const visitor = await stage.visit();
  await visitor.page.goto(url.href);
  await signIn(visitor.page, person);
  await allow(visitor.page);
  await confirm(visitor.page, person.authenticator.next());
  const back = new URL(`${stage.app.callback}?${new URLSearchParams(await stage.app.arrival())}`);
  const tokens = await oauth.authorizationCodeGrant(config, back, {
    pkceCodeVerifier: verifier,
    expectedState: state,
  });
  assert.equal(tokens.token_type, 'bearer');
  const me = await oauth.fetchProtectedResource(
    config,
    tokens.access_token,
    new URL(`${stage.server.url}/wallet/v1/me`),
    'GET',
  );
  assert.equal((await me.json()).username, person.username);
  const refreshed = await oauth.refreshTokenGrant(config, tokens.refresh_token);
  assert.notEqual(refreshed.access_token, tokens.access_token);
  assert.equal((await oauth.tokenIntrospection(config, refreshed.access_token)).active, true);
  await oauth.tokenRevocation(config, refreshed.refresh_token);
  assert.equal((await oauth.tokenIntrospection(config, refreshed.access_token)).active, false);
  visitor.assertClean();
  await visitor.close();
});

test('openid-client gets a token for the app itself', async () => {
  const { clientId, clientSecret } = stage.client;
  const config = await oauth.discovery(new URL(stage.server.url), clientId, clientSecret, undefined, {
    algorithm: 'oauth2',
    execute: [oauth.allowInsecureRequests],
  });
  const tokens = await oauth.clientCredentialsGrant(config, { scope: 'ais' });
  assert.equal(tokens.token_type, 'bearer');
});
