import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Authenticator, base32, codeOfStep, totp } from './totp.mjs';

// RFC 6238, appendix B: the secret is the ASCII text 12345678901234567890; last six digits.
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const VECTORS = [
  [59, '287082'],
  [1111111109, '081804'],
  [1111111111, '050471'],
  [1234567890, '005924'],
  [2000000000, '279037'],
  [20000000000, '353130'],
];

test('codes are those of RFC 6238', () => {
  for (const [seconds, code] of VECTORS) assert.equal(totp(SECRET, seconds * 1000), code);
});

test('a secret may be written as people write it', () => {
  assert.deepEqual(base32('gezd gnbv-gy3t qojq===='), Buffer.from('1234567890'));
  assert.throws(() => base32('GEZ1'), /not base32: "1"/);
});

test('an authenticator shows each code once, and says when there is none left', () => {
  const early = 30_000 * 1000 + 5_000;
  const authenticator = new Authenticator(SECRET);
  const shown = [authenticator.next(early), authenticator.next(early), authenticator.next(early)];
  assert.deepEqual(shown, [999, 1000, 1001].map((step) => codeOfStep(SECRET, step)));
  assert.throws(() => authenticator.next(early), /all codes of this moment are used/);
  assert.equal(authenticator.next(early + 30_000), codeOfStep(SECRET, 1002));
});

test('a code that is about to end is not shown', () => {
  const late = 30_000 * 1000 + 25_000;
  assert.equal(new Authenticator(SECRET).next(late), codeOfStep(SECRET, 1000));
});

test('a wrong code is wrong for every step that the server may accept', () => {
  const now = 30_000 * 1000;
  const wrong = new Authenticator(SECRET).wrong(now);
  assert.match(wrong, /^\d{6}$/);
  for (const step of [998, 999, 1000, 1001, 1002]) assert.notEqual(wrong, codeOfStep(SECRET, step));
});
