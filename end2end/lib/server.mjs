// A Countersign of one's own: fresh data, a free port, gone after the test.

import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

import { freePort } from './port.mjs';

const ROOT = resolve(import.meta.dirname, '../..');
const READY_MILLISECONDS = 30_000;
const STOP_MILLISECONDS = 15_000;

/** The program under test. */
export function binary() {
  return (
    process.env.COUNTERSIGN_BINARY ??
    join(resolve(ROOT, process.env.CARGO_TARGET_DIR ?? 'target'), 'debug/countersign')
  );
}

/** The environment without settings that the caller's shell may have. */
function cleanEnvironment(settings) {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('COUNTERSIGN_'));
  return { ...Object.fromEntries(kept), ...settings };
}

/**
 * Starts `countersign serve --demo` and waits until it is ready.
 *
 * @param {object} [options]
 * @param {string[]} [options.arguments] after the program's name
 * @param {Record<string, string>} [options.settings] more COUNTERSIGN_ variables
 * @param {string} [options.program] what to run
 */
export async function startServer(options = {}) {
  const data = await mkdtemp(join(tmpdir(), 'countersign-'));
  const port = await freePort();
  const server = new Server(data, port, options);
  try {
    await server.ready();
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

class Server {
  #child;
  #exited;
  #output = '';

  constructor(data, port, { arguments: args = ['serve', '--demo'], settings = {}, program = binary() }) {
    this.data = data;
    this.url = `http://127.0.0.1:${port}`;
    this.program = program;
    this.environment = cleanEnvironment({
      COUNTERSIGN_DATA_DIR: data,
      COUNTERSIGN_LISTEN: `127.0.0.1:${port}`,
      COUNTERSIGN_PUBLIC_URL: this.url,
      ...settings,
    });
    this.#child = spawn(program, args, {
      cwd: ROOT,
      env: this.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#exited = new Promise((resolve) => {
      this.#child.once('exit', (code, signal) => resolve(signal ?? `status ${code}`));
      this.#child.once('error', (error) => resolve(error.message));
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => (this.#output += text));
    }
    // Not even a test runner that is interrupted leaves a server behind.
    this.kill = () => this.#child.kill('SIGKILL');
    process.once('exit', this.kill);
  }

  /** Everything that the server wrote so far, the log included. */
  output() {
    return this.#output;
  }

  /** Waits until `/readyz` answers 200. */
  async ready() {
    let over;
    this.#exited.then((reason) => (over = reason));
    const end = performance.now() + READY_MILLISECONDS;
    while (performance.now() < end) {
      if (over) throw new Error(`${this.program} ended with ${over}:\n${this.#output}`);
      if (await answers(`${this.url}/readyz`)) return;
      await pause(50);
    }
    throw new Error(`${this.url}/readyz is not ready after ${READY_MILLISECONDS} ms:\n${this.#output}`);
  }

  /** Runs `countersign ARGUMENTS... --json` on the same data and returns the object it prints. */
  async command(...args) {
    const run = promisify(execFile);
    const { stdout } = await run(this.program, [...args, '--json'], {
      cwd: ROOT,
      env: this.environment,
    });
    return JSON.parse(stdout);
  }

  /** Ends the server as an operator would, and removes its data. */
  async stop() {
    process.removeListener('exit', this.kill);
    const deadline = setTimeout(this.kill, STOP_MILLISECONDS);
    this.#child.kill('SIGTERM');
    const reason = await this.#exited;
    clearTimeout(deadline);
    await rm(this.data, { recursive: true, force: true });
    if (reason === 'SIGKILL') throw new Error(`the server did not end:\n${this.#output}`);
  }
}

async function answers(url) {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}
