// A merchant's program with PhonePe's library for Node. Nothing of the library is changed but the addresses
// that it calls; of its dependencies, class-transformer is held at a version that has what it calls. Says on
// standard output, as JSON, what the library made of the answers.
//
//   node phonepe_merchant.mjs BASE CLIENT_ID CLIENT_SECRET

import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { BaseUrl } = require('pg-sdk-node/dist/common/constants/BaseUrl.js');

const [base, clientId, clientSecret] = process.argv.slice(2);
for (const family of Object.keys(BaseUrl)) {
  BaseUrl[family].PG_HOST_URL = `${base}/apis/pg-sandbox`;
  BaseUrl[family].OAUTH_HOST_URL = `${base}/apis/pg-sandbox`;
  BaseUrl[family].EVENTS_HOST_URL = base;
}

const { Env, StandardCheckoutClient } = require('pg-sdk-node');

const client = StandardCheckoutClient.getInstance(clientId, clientSecret, 1, Env.SANDBOX, false);
const calls = [];
for (const order of ['ORD1', 'ORD2']) {
  try {
    await client.getOrderStatus(order);
    calls.push({ status: 200 });
  } catch (error) {
    calls.push({ type: error.constructor.name, status: error.httpStatusCode, code: error.code, data: error.data });
  }
}
process.stdout.write(`${JSON.stringify({ calls })}\n`);
process.exit(0);
