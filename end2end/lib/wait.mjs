import { once } from 'node:events';

/** Waits for an event of an emitter, but not for ever. */
export async function eventually(emitter, name, milliseconds = 10_000) {
  const [value] = await once(emitter, name, { signal: AbortSignal.timeout(milliseconds) });
  return value;
}
