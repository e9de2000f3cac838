// What every walk begins with: a server of its own, a browser, an app and people.

import { after, before } from 'node:test';

import { authorizeRequest, startApp } from '../lib/app.mjs';
import { launch, visit } from '../lib/browser.mjs';
import { startServer } from '../lib/server.mjs';
import { Authenticator } from '../lib/totp.mjs';

/** The scope, grants and authentication of the walks' app. */
const REGISTRATION = [
  ...['--dialect', 'bearer', '--auth', 'client_secret_basic'],
  ...['--grant', 'authorization_code', '--grant', 'refresh_token', '--grant', 'client_credentials'],
  ...['--scope', 'wallet transferFunds ais'],
];

/**
 * Sets the stage for the tests of one file. What it returns is filled in before the first test.
 */
export function setStage() {
  const stage = {};
  before(async () => {
    [stage.server, stage.browser, stage.app] = await Promise.all([startServer(), launch(), startApp()]);
    const added = await stage.server.command(
      ...['client', 'add', '--name', 'Walking Shop', '--environment', 'sandbox'],
      ...REGISTRATION,
      ...['--redirect-uri', stage.app.callback],
    );
    stage.client = { clientId: added.client_id, clientSecret: added.client_secret };
  });
  after(async () => {
    await stage.browser?.close();
    await stage.app?.stop();
    await stage.server?.stop();
  });
  return Object.assign(stage, methods);
}

const IBANS = ['LT601010012345678901', 'LT517044000123456789'];
let people = 0;

const methods = {
  /** A person with two accounts in euros, an authenticator, and nobody else's codes. */
  async person() {
    people += 1;
    const username = `person-${people}`;
    const password = `a password of ${username}`;
    const added = await this.server.command(
      ...['user', 'add', '--username', username, '--password', password, '--environment', 'sandbox'],
    );
    const accounts = [];
    for (const iban of IBANS.map((iban, at) => renumbered(iban, people * 10 + at))) {
      const account = ['--iban', iban, '--currency', 'EUR', '--balance', '1234.56'];
      accounts.push(await this.server.command('account', 'add', '--username', username, ...account));
    }
    return {
      username,
      password,
      accounts,
      recoveryCodes: added.recovery_codes,
      authenticator: new Authenticator(added.totp_secret),
    };
  },

  /** An authorize request of the app. */
  request(parameters = {}) {
    return authorizeRequest(this.server.url, {
      client_id: this.client.clientId,
      redirect_uri: this.app.callback,
      scope: 'wallet',
      ...parameters,
    });
  },

  /** A browser of a person's own. */
  visit(options) {
    return visit(this.browser, options);
  },
};

/** The same bank with another account number, check digits included (ISO 13616). */
export function renumbered(iban, number) {
  const national = iban.slice(4, -6) + String(number).padStart(6, '0');
  const digits = `${national}${iban.slice(0, 2)}00`.replace(/[A-Z]/g, (letter) => letter.charCodeAt(0) - 55);
  const check = 98n - (BigInt(digits) % 97n);
  return `${iban.slice(0, 2)}${String(check).padStart(2, '0')}${national}`;
}

/** Types login id and password, and sends them. */
export async function signIn(page, person) {
  await page.fill('[name=username]', person.username);
  await page.fill('[name=password]', person.password);
  await send(page, 'button[type=submit]:not([name])');
}

/** Presses Allow. */
export async function allow(page) {
  await send(page, 'button[name=decision][value=allow]');
}

/** Types a code and confirms; with script the form may send itself when the code is complete. */
export async function confirm(page, code, script = true) {
  if (!script) {
    await page.fill('[name=code]', code);
    return send(page, 'button[name=decision][value=confirm]');
  }
  const left = page.waitForEvent('framenavigated');
  await page.fill('[name=code]', code);
  await page.click('button[name=decision][value=confirm]', { timeout: 2_000, noWaitAfter: true }).catch(() => {});
  await left;
  await page.waitForLoadState();
}

/** Presses Cancel. */
export async function cancel(page) {
  await send(page, 'button[name=decision][value=deny]');
}

/** Presses a button that leaves the page, and waits for the next one. */
export async function send(page, button) {
  await Promise.all([page.waitForEvent('framenavigated'), page.click(button)]);
  await page.waitForLoadState();
}

/** One payment of RFC 9396. */
export const PAYMENT = JSON.stringify([
  {
    type: 'payment_initiation',
    instructedAmount: { currency: 'EUR', amount: '20.00' },
    creditorName: 'UAB Elektra',
    creditorAccount: { iban: 'LT121000011101001000' },
    remittanceInformationUnstructured: 'Invoice 7',
  },
]);
