// One-time codes as an authenticator app computes them (RFC 6238: SHA-1, 30 seconds, 6 digits).

import { createHmac } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
export const STEP_MILLISECONDS = 30_000;

/** Decodes base32 (RFC 4648) as authenticator secrets are written: blanks, case and padding are free. */
export function base32(text) {
  const bytes = [];
  let bits = 0;
  let value = 0;
  for (const letter of text.toUpperCase().replace(/[\s=-]/g, '')) {
    const five = ALPHABET.indexOf(letter);
    if (five < 0) throw new Error(`not base32: ${JSON.stringify(letter)}`);
    value = ((value << 5) | five) & 0xffff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((value >> bits) & 0xff);
    }
  }
  return Buffer.from(bytes);
}

/** The code for a time step counted from 1970. */
export function codeOfStep(secret, step) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', base32(secret)).update(counter).digest();
  const at = mac[mac.length - 1] & 0x0f;
  const number = (mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000;
  return String(number).padStart(6, '0');
}

/** The code that an authenticator shows at a time (milliseconds since 1970). */
export function totp(secret, now = Date.now()) {
  return codeOfStep(secret, Math.floor(now / STEP_MILLISECONDS));
}

/** A code of the step before is only used while that step stays acceptable for this long. */
const MARGIN_MILLISECONDS = 10_000;

/**
 * An authenticator that never shows the same code twice. The server takes every step once, and the
 * steps before and after the present one too: two or three codes are good at any moment, so that as
 * many approvals in a row need not wait for half a minute.
 */
export class Authenticator {
  #secret;
  #last = -Infinity;

  constructor(secret) {
    this.#secret = secret;
  }

  /** A code that was not handed out before and is good now. */
  next(now = Date.now()) {
    const present = Math.floor(now / STEP_MILLISECONDS);
    const left = STEP_MILLISECONDS - (now % STEP_MILLISECONDS);
    const first = left > MARGIN_MILLISECONDS ? present - 1 : present;
    const step = Math.max(first, this.#last + 1);
    if (step > present + 1) throw new Error('all codes of this moment are used: use another person');
    this.#last = step;
    return codeOfStep(this.#secret, step);
  }

  /** Six digits that are wrong now and were never handed out. */
  wrong(now = Date.now()) {
    const present = Math.floor(now / STEP_MILLISECONDS);
    const good = [-2, -1, 0, 1, 2].map((offset) => codeOfStep(this.#secret, present + offset));
    let guess = 0;
    while (good.includes(String(guess).padStart(6, '0'))) guess += 1;
    return String(guess).padStart(6, '0');
  }
}
