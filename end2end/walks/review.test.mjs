// An app is let in to real money: registered with mistakes, mended, sent, sent back, sent again, approved;
// the letter, the secret that is shown once, and the first person who allows the app something. With and
// without JavaScript; without it one check fails, so that two admins must agree.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { authorizeRequest, exchange, startApp } from '../lib/app.mjs';
import { assertAccessible } from '../lib/axe.mjs';
import { DESKTOP, PHONE, assertNoSidewaysScroll, launch, picture, visit } from '../lib/browser.mjs';
import { openBusiness } from '../lib/business.mjs';
import { startServer } from '../lib/server.mjs';
import { Authenticator } from '../lib/totp.mjs';
import { allow, confirm, renumbered, send, signIn } from './stage.mjs';

const PASSWORD = 'correct horse battery';
const WORDS = 'The sentence does not say which data people give away.';
const EXAMPLE = 'Shows what you spend from your accounts, month by month';
const VAGUE = 'A wonderful helper that makes your whole life easier';

let business;
let server;
let browser;
let app;
before(async () => {
  [business, browser, app] = await Promise.all([openBusiness(), launch(), startApp()]);
  server = await startServer({ settings: business.settings });
});
after(async () => {
  await browser?.close();
  await server?.stop();
  await app?.stop();
  await business?.close();
});

/** What the developer fills in, task by task. */
const tasks = () => ({
  business: {
    organization: 'UAB Biudžetas',
    register: 'jar',
    reg_no: '300060819',
    addr1: 'Žalgirio g. 1',
    city: 'Vilnius',
    postcode: 'LT-08217',
    country: 'LT',
    licence: 'aisp',
    licence_number: 'LB002006',
    licence_authority: 'Bank of Lithuania',
    security_contact: 'security@walk.example',
    phone: '+370 600 00000',
    complaints_mail: 'complaints@walk.example',
  },
  purpose: {
    audience: 'people',
    purpose_en: VAGUE,
    description: 'A budget planner that sorts transactions into groups.',
    retention: 'Two years',
    shared_with: 'Nobody',
  },
  website: {
    website: `${business.origin}/`,
    privacy_url: `${business.origin}/privacy`,
    terms_url: `${business.origin}/terms`,
  },
  permissions: { scope: ['ais', 'wallet'] },
});

/** A browser of somebody's own, and what everybody does in it. */
class Desk {
  constructor(visitor, script, tag) {
    Object.assign(this, { visitor, page: visitor.page, script, tag });
  }

  static async open(script, tag, options = {}) {
    return new Desk(await visit(browser, { script, size: DESKTOP, ...options }), script, tag);
  }

  path() {
    return new URL(this.page.url()).pathname;
  }

  /** Looks at the page as everybody may see it: wide and on a phone. */
  async look(name) {
    for (const [size, word] of [
      [PHONE, 'phone'],
      [DESKTOP, 'desk'],
    ]) {
      await this.page.setViewportSize(size);
      await assertNoSidewaysScroll(this.page);
      await picture(this.page, `review-${name}-${this.tag}-${word}`);
    }
    if (this.script) await assertAccessible(this.page);
  }

  async fill(fields) {
    for (const [name, value] of Object.entries(fields)) {
      if (Array.isArray(value)) {
        for (const one of value) await this.page.check(`[name=${name}][value=${one}]`);
      } else if ((await this.page.locator(`select[name=${name}]`).count()) > 0) {
        await this.page.selectOption(`[name=${name}]`, value);
      } else {
        await this.page.fill(`[name=${name}]`, value);
      }
    }
  }

  /** Types a code; with script the form may send itself when the code is complete. */
  async typeCode(code) {
    const left = this.page.waitForEvent('framenavigated');
    await this.page.fill('[name=code]', code);
    await this.page
      .click('form:has([name=code]) button.c-button--primary', { timeout: 2_000, noWaitAfter: true })
      .catch((error) => {
        if (!this.script) throw error;
      });
    await left;
    await this.page.waitForLoadState();
  }

  async signUp(email) {
    await this.page.goto(`${server.url}/signup`);
    await this.fill({ email, name: 'Milda Kūrėja', new_password: PASSWORD });
    await this.page.check('[name=terms]');
    await send(this.page, '#signup button[type=submit]');
    const letter = await letterTo(email, /\b\d{6}\b/);
    await this.typeCode(letter.match(/\b\d{6}\b/)[0]);
    return this.path();
  }

  /** Signs in with a code, and comes back to where the way led. */
  async signIn(person, target) {
    await this.page.goto(`${server.url}${target}`);
    assert.equal(this.path(), '/login');
    await signIn(this.page, person);
    assert.equal(this.path(), '/login/code');
    await this.typeCode(person.authenticator.next());
    assert.equal(this.path(), target);
  }

  async said(pattern) {
    assert.match(await this.page.locator('[role=status]').first().innerText(), pattern);
  }

  async close() {
    this.visitor.assertClean();
    await this.visitor.close();
  }
}

/** The text of the newest letter to an address in which something stands. */
async function letterTo(email, what) {
  const reader = await visit(browser, { script: false });
  for (let tries = 0; tries < 20; tries += 1) {
    await reader.page.goto(`${server.url}/demo/mailbox`);
    const letters = await reader.page.locator('article', { hasText: email }).allInnerTexts();
    const found = letters.find((letter) => what.test(letter));
    if (found) {
      await reader.close();
      return found;
    }
    await pause(250);
  }
  throw new Error(`no letter to ${email} with ${what}`);
}

/** The demo's admin, as the server printed them at its start. */
const rasa = (() => {
  let person;
  return () => {
    person ??= {
      username: 'admin@bank.test',
      password: 'demo-admin',
      authenticator: new Authenticator(/admin@bank\.test \/ .*\n *TOTP secret (\w+)/.exec(server.output())[1]),
    };
    return person;
  };
})();

/** Somebody from the command line. */
async function newcomer(username, environment, ...more) {
  const known = ['--username', username, '--password', PASSWORD, '--environment', environment];
  const added = await server.command('user', 'add', ...known, ...more);
  return { username, password: PASSWORD, authenticator: new Authenticator(added.totp_secret) };
}

/** From a task with two mistakes to the page that says it is with the bank. */
async function register(developer, appPage, tag) {
  const { page } = developer;
  await page.goto(`${server.url}${appPage}`);
  await send(page, 'a[href$="/setup"]');
  await developer.look('tasks');
  const all = tasks();

  await send(page, 'a[href$="/setup/business"]');
  await developer.fill({ ...all.business, reg_no: '300060818', postcode: '' });
  await send(page, '#task-business button[type=submit]:not([name])');
  assert.match(await page.title(), /^Error: /);
  assert.equal(await page.locator('[role=alert] a').count(), 2);
  assert.equal(await page.locator('[aria-invalid=true]').count(), 2);
  for (const [name, value] of [
    ['organization', 'UAB Biudžetas'],
    ['reg_no', '300060818'],
    ['licence', 'aisp'],
    ['country', 'LT'],
  ]) {
    assert.equal(await page.inputValue(`[name=${name}]`), value, name);
  }
  await developer.look('mistakes');
  await developer.fill({ reg_no: '300060819', postcode: 'LT-08217' });
  await send(page, '#task-business button[type=submit]:not([name])');
  await developer.said(/Saved/);

  for (const task of ['purpose', 'permissions', 'website']) {
    await page.goto(`${server.url}${appPage}/setup/${task}`);
    await developer.fill(all[task]);
    await send(page, `#task-${task} button[type=submit]:not([name])`);
    await developer.said(/Saved/);
  }
  // The page of the website tells what to publish. Without script nothing is: one check stays red. The
  // record stays, as that of a careful business does: a second look may still be on its way.
  const record = await page.locator('pre', { hasText: 'countersign-verification=' }).innerText();
  if (developer.script) {
    business.publish(record.trim());
    await send(page, 'li:has-text("The domain is yours") button');
    await developer.said(/We look now/);
    await waitFor(page, 'li:has-text("The domain is yours"):has-text("Good")');
  }
  await developer.look('website');

  await page.goto(`${server.url}${appPage}/setup/look`);
  await developer.fill({ app_name: `Biudžetas ${tag}` });
  await send(page, '#task-look button[type=submit]:not([name])');
  await page.goto(`${server.url}${appPage}/setup/callbacks`);
  // On a device, and with script on a server too.
  await page.fill('#redirect_uri-1', 'http://127.0.0.1/callback');
  if (developer.script) {
    await send(page, 'button[name=do][value=add_row]');
    await page.fill('#redirect_uri-2', `${business.origin}/callback`);
  }
  await send(page, '#task-callbacks button[type=submit]:not([name])');
  await developer.said(/Saved/);

  await send(page, 'a[href$="/setup/review"]');
  await developer.look('answers');
  await send(page, '#send-for-review button[type=submit]');
  assert.match(await page.title(), /^Error: /);
  await page.check('[name=truth]');
  await send(page, '#send-for-review button[type=submit]');
  assert.equal(developer.path(), `${appPage}/review`);
  await developer.said(/Sent to the bank/);
  await developer.look('status-sent');
  assert.equal(await page.locator('#withdraw button').count(), 1);
  await page.goto(`${server.url}/developer`);
  assert.match(await page.locator('.d-card').innerText(), /In review[\s\S]*Number \d+ of those who wait/);
  await developer.look('home-sent');
}

/**
 * Reloads until something is there. What a busy machine did not answer in time is looked at again a minute
 * later, so the patience is longer than that; a failure says what stood on the page instead.
 */
async function waitFor(page, selector) {
  const until = Date.now() + 100_000;
  while (Date.now() < until) {
    if ((await page.locator(selector).count()) > 0) return;
    await pause(500);
    await page.reload();
  }
  throw new Error(`${selector} never came on ${page.url()}: ${await page.locator('main').innerText()}`);
}

/** The admin claims the case, and asks for a change of the sentence that people read. */
async function askForAChange(admin, name) {
  const { page } = admin;
  await admin.look('queue');
  await send(page, `main a:has-text("${name}")`);
  assert.equal(await page.locator('main form[action="/api/admin/field"]').count(), 0, 'not claimed yet');
  await send(page, '#act button');
  await admin.look('case');
  await readAsPeople(admin, name);
  if (admin.script) await goByKeys(admin);

  const field = page.locator('#field-purpose_en');
  await field.locator('summary').click();
  await page.fill('#words-purpose_en', 'too short');
  await page.fill('#example-purpose_en', EXAMPLE);
  await send(page, '#field-purpose_en button[value=change]');
  assert.match(await page.title(), /^Error: /);
  // Still open, with what was typed.
  assert.equal(await page.inputValue('#example-purpose_en'), EXAMPLE);
  assert.ok(await page.isVisible('#words-purpose_en'));
  await page.selectOption('#code-purpose_en', 'unclear');
  await page.fill('#words-purpose_en', WORDS);
  await admin.look('ask');
  await send(page, '#field-purpose_en button[value=change]');
  assert.match(await field.innerText(), new RegExp(WORDS));

  await send(page, 'a[href$="/decide"] >> nth=0');
  await admin.look('decide');
  await send(page, '#decide button[type=submit]');
  assert.match(await page.title(), /^Error: /, 'no decision was chosen');
  await page.check('#decision-request_changes');
  await send(page, '#decide button[type=submit]');
  assert.equal(admin.path(), '/admin/queue');
  await admin.said(/asked for changes/);
}

/** The consent page as people would read it, in their languages. */
async function readAsPeople(admin, name) {
  const { page } = admin;
  const sheet = page.locator('.d-sheet');
  for (const [tag, asks] of [
    ['lt', /Kodėl/],
    ['ru', /Зачем/],
    ['en', /Why/],
  ]) {
    await send(page, `a[href$="?people=${tag}#people"]`);
    assert.equal(await sheet.getAttribute('lang'), tag);
    const text = await sheet.innerText();
    for (const said of [name, 'UAB Biudžetas', VAGUE]) assert.ok(text.includes(said), `${tag}: ${said}`);
    assert.match(text, asks);
    await admin.look(`people-${tag}`);
  }
}

/** From field to field and to their forms without a mouse. */
async function goByKeys(admin) {
  const { page } = admin;
  const here = () => page.evaluate(() => document.activeElement.id);
  const press = (key) => page.keyboard.press(key);
  const ready = () => page.waitForSelector('.keys:not([hidden])');
  await ready();
  // The address still leads to the preview: the way begins at the first field.
  await press('k');
  await press('j');
  assert.equal(await here(), 'field-organization');
  await press('j');
  assert.equal(await here(), 'field-register');
  const ring = await page.locator('#field-register').evaluate((field) => getComputedStyle(field).outlineWidth);
  assert.equal(ring, '3px');
  await press('k');
  await press('Control+j');
  await press('Shift+j');
  assert.equal(await here(), 'field-organization');
  const left = page.waitForEvent('framenavigated');
  await press('o');
  await left;
  await page.waitForLoadState();
  await ready();
  assert.match(await page.locator('#field-organization .d-field__value').innerText(), /OK/);
  // It goes on where the form ended.
  await press('j');
  assert.equal(await here(), 'field-register');
  await press('c');
  assert.equal(await here(), 'code-register');
  await press('j');
  assert.equal(await here(), 'code-register', 'a key that is typed into a field is a letter');
  await admin.look('keys');
  await page.uncheck('.keys-switch input');
  await press('j');
  await page.reload();
  await ready();
  assert.equal(await page.isChecked('.keys-switch input'), false, 'switched off for good');
  await press('j');
  assert.equal(await here(), '');
  await page.check('.keys-switch input');
}

/** The developer reads the words on the very field, and mends it. */
async function answer(developer, appPage) {
  const { page } = developer;
  await page.goto(`${server.url}/developer`);
  assert.match(await page.locator('.d-card').innerText(), /1 field needs you/);
  assert.equal(await page.locator('.d-card a[href$="/setup/purpose#purpose_en"]').count(), 1);
  await developer.look('home-change');
  await page.goto(`${server.url}${appPage}`);
  await send(page, 'a[href$="/review"]');
  await developer.look('status-change');
  assert.match(await page.locator('main').innerText(), new RegExp(WORDS));
  await send(page, 'a[href$="/setup/purpose#purpose_en"]');
  const field = await page.locator('.c-field:has(#purpose_en)').innerText();
  assert.match(field, new RegExp(WORDS));
  assert.match(field, new RegExp(EXAMPLE));
  await developer.look('change-on-field');
  await page.fill('#purpose_en', EXAMPLE);
  await send(page, '#task-purpose button[type=submit]:not([name])');
  await page.goto(`${server.url}${appPage}/review`);
  await send(page, 'a[href$="/setup/review"]');
  await page.check('[name=truth]');
  await send(page, '#send-for-review button[type=submit]');
  await developer.said(/Sent to the bank/);
}

/** The case once more, as the reviewer reads the answer. */
async function takeUpAgain(admin, name) {
  const { page } = admin;
  await page.goto(`${server.url}/admin/queue`);
  await send(page, `main a:has-text("${name}")`);
  await send(page, '#act button');
  const field = await page.locator('#field-purpose_en').innerText();
  for (const seen of [VAGUE, EXAMPLE, WORDS]) assert.ok(field.includes(seen), seen);
  await send(page, '#field-purpose_en button[value=ok]');
  // Sending began the checks anew; nobody approves before they are through.
  const through = admin.script
    ? '#checks ~ p:has-text("All checks are green")'
    : '#override [name=kind] option[value=domain_proof]:only-child';
  await waitFor(page, through);
  await admin.look('case-again');
}

/** An admin takes responsibility for the domain. */
async function override(admin) {
  const { page } = admin;
  await page.locator('summary', { hasText: 'Take responsibility' }).click();
  await page.selectOption('#override [name=kind]', 'domain_proof');
  await page.fill('#reason', 'too short');
  await send(page, '#override button[type=submit]');
  assert.match(await page.title(), /^Error: /);
  assert.equal(await page.inputValue('#reason'), 'too short');
  await page.fill('#reason', 'The owner of the domain wrote to us on paper.');
  await send(page, '#override button[type=submit]');
  assert.match(await page.locator('#checks ~ ul').first().innerText(), /wrote to us on paper/);
  await admin.look('overridden');
}

/** Approves with one permission fewer than was asked for. */
async function approveNarrower(admin) {
  const { page } = admin;
  await send(page, 'a[href$="/decide"] >> nth=0');
  await page.check('#decision-approve');
  if (await page.isChecked('[name=scope][value=ais]')) await page.uncheck('[name=scope][value=ais]');
  await admin.look('approve');
  await send(page, '#decide button[type=submit]');
  assert.equal(admin.path(), '/admin/queue', await page.locator('main').innerText());
}

/** The letter's link: an authenticator first, then the secret, once. */
async function takeTheSecret(developer, email, appPage) {
  const { page } = developer;
  const letter = await letterTo(email, /developer\/secret\?token=/);
  const client = letter.match(/live_[\w-]+/)[0];
  const link = letter.match(/http\S+token=\S+/)[0];
  assert.doesNotMatch(letter, /cs_sk_/);

  await page.goto(link);
  assert.equal(developer.path(), '/security', 'an authenticator comes first');
  await send(page, '#begin button');
  const secret = (await page.locator('.d-steps code').first().innerText()).replaceAll(' ', '');
  await developer.typeCode(new Authenticator(secret).next());
  await page.goto(link);
  await developer.look('secret-link');
  assert.match(await page.locator('main').innerText(), /Biudžetas/, 'the name that was approved');
  assert.match(await page.locator('main').innerText(), new RegExp(client));
  await send(page, '#secret-link button');
  assert.equal(developer.path(), `${appPage}/live/credentials`);
  const shown = await page.locator('[aria-labelledby=new-secret] code').innerText();
  await developer.look('secret');
  await send(page, '#stored button');
  assert.equal((await page.content()).includes(shown), false);
  await page.goto(link);
  assert.equal(await page.locator('#secret-link button').count(), 0);
  assert.match(await page.locator('main').innerText(), /used/);
  await developer.look('secret-link-used');
  assert.doesNotMatch(await page.content(), /cs_sk_/);
  return { clientId: client, clientSecret: shown };
}

/** A person with real money allows the app what it was let in for, and nobody else can. */
async function useIt(script, credentials, tag) {
  const request = (scope) =>
    authorizeRequest(server.url, { client_id: credentials.clientId, redirect_uri: app.callback, scope });
  const person = await newcomer(`live-${tag}`, 'live');
  const account = ['--iban', renumbered('LT601010012345678901', script ? 901 : 902), '--currency', 'EUR'];
  await server.command('account', 'add', '--username', person.username, ...account, '--balance', '1234.56');
  const player = await newcomer(`play-${tag}`, 'sandbox');

  const desk = await Desk.open(script, tag);
  const { page } = desk;
  await page.goto(request('ais').url);
  assert.equal((await app.arrival()).error, 'invalid_scope', 'the scope was narrowed');

  const wanted = request('wallet');
  await page.goto(wanted.url);
  await signIn(page, player);
  assert.match(await page.title(), /^Error: /, 'play money does not exist here');
  assert.equal(await page.locator('[role=alert]').count(), 1);
  await signIn(page, person);
  assert.match(await page.locator('main').innerText(), new RegExp(`Biudžetas ${tag}`));
  await desk.look('consent');
  await allow(page);
  await confirm(page, person.authenticator.next(), script);
  const arrival = await app.arrival();
  assert.equal(arrival.state, wanted.state);
  const { status, body } = await exchange(server.url, {
    ...credentials,
    grant_type: 'authorization_code',
    code: arrival.code,
    redirect_uri: app.callback,
    code_verifier: wanted.verifier,
  });
  assert.equal(status, 200, JSON.stringify(body));
  const me = await fetch(`${server.url}/wallet/v1/me`, { headers: { authorization: `Bearer ${body.access_token}` } });
  assert.equal((await me.json()).username, person.username);
  await desk.close();
}

for (const script of [true, false]) {
  test(`an app is let in to real money, ${script ? 'with' : 'without'} JavaScript`, async () => {
    const tag = script ? 'script' : 'plain';
    const name = `Biudžetas ${tag}`;
    const email = `milda-${tag}@walk.example`;
    const developer = await Desk.open(script, tag);
    const appPage = await developer.signUp(email);
    await register(developer, appPage, tag);

    const admin = await Desk.open(script, tag);
    const first = script ? rasa() : await newcomer('petras', 'live', '--role', 'admin');
    await admin.signIn(first, '/admin/queue');
    await askForAChange(admin, name);
    await answer(developer, appPage);
    await takeUpAgain(admin, name);
    if (script) {
      await approveNarrower(admin);
      await admin.said(/approved/);
    } else {
      await override(admin);
      await approveNarrower(admin);
      await admin.said(/second admin/);
      await secondAdmin(name);
    }
    await admin.look('queue-after');
    await admin.close();

    await developer.page.goto(`${server.url}${appPage}/review`);
    await developer.look('status-approved');
    const credentials = await takeTheSecret(developer, email, appPage);
    await developer.page.goto(`${server.url}${appPage}`);
    await send(developer.page, 'a[href$="/live/credentials"]');
    await developer.page.goto(`${server.url}${appPage}`);
    await send(developer.page, 'main a[href*="/developer/team/audit"]');
    assert.match(await developer.page.locator('main').innerText(), new RegExp(credentials.clientId));
    await developer.close();
    await useIt(script, credentials, tag);
  });
}

/** Another admin looks on while the case is claimed, then agrees. */
async function secondAdmin(name) {
  const second = await Desk.open(false, 'second');
  const { page } = second;
  await second.signIn(await newcomer('ruta', 'live', '--role', 'admin'), '/admin/queue');
  assert.match(await page.locator('main').innerText(), /second admin/);
  await send(page, `main a:has-text("${name}")`);
  await send(page, '#act button');
  await second.look('second');

  // Somebody who comes late sees who works on it, and has no forms.
  const late = await Desk.open(false, 'late', { locale: 'en-GB' });
  await late.signIn(rasa(), '/admin/queue');
  await late.page.goto(page.url());
  assert.match(await late.page.locator('main').innerText(), /ruta works on it/);
  assert.equal(await late.page.locator('main form[action="/api/admin/field"]').count(), 0);
  assert.equal(await late.page.locator('a[href$="/decide"]').count(), 0);
  await late.look('locked');
  await late.close();

  await approveNarrower(second);
  await second.said(/approved/);
  await second.close();
}

for (const locale of ['lt', 'ru']) {
  test(`the desk and the registration speak ${locale}, in the dark, on a phone`, async () => {
    const developer = await Desk.open(true, locale, { locale: `${locale}-${locale.toUpperCase()}`, colours: 'dark' });
    const { page } = developer;
    const appPage = await developer.signUp(`${locale}@walk.example`);
    const pages = ['setup', 'setup/business', 'setup/purpose', 'setup/permissions', 'setup/callbacks', 'setup/review', 'review'];
    for (const path of pages) {
      await page.goto(`${server.url}${appPage}/${path}`);
      await speaks(developer, path.replace('/', '-'), locale);
    }
    await developer.close();

    const admin = await Desk.open(true, locale, { locale: `${locale}-${locale.toUpperCase()}`, colours: 'dark' });
    await admin.signIn(await newcomer(`admin-${locale}`, 'live', '--role', 'admin'), '/admin/queue');
    await admin.page.goto(`${server.url}/admin/queue?tab=all`);
    await speaks(admin, 'all', locale);
    await send(admin.page, 'main .d-card a >> nth=0');
    await speaks(admin, 'case', locale);
    await admin.page.goto(`${admin.page.url()}/decide`);
    await speaks(admin, 'decide', locale);
    await admin.close();
  });
}

/** The page is in the language, shows no key in place of a text, and can be read by everybody. */
async function speaks(desk, name, locale) {
  assert.equal(await desk.page.getAttribute('html', 'lang'), locale);
  const text = await desk.page.locator('main').innerText();
  assert.doesNotMatch(text, /\b(admin|status|register|answers|task|field|hint|probe|flash|complaint)-[a-z]/);
  await desk.look(name);
}
