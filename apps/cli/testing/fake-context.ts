import { Writable } from 'node:stream';
import { Readable } from 'node:stream';
import type { Context } from '../context.js';
import { Terminal } from '../terminal.js';

/** A context without network or waiting: time passes only by sleeping, what is printed is kept. */
export interface FakeContext extends Context {
  stdout: string;
  stderr: string;
  /** Waits asked for, in milliseconds. */
  sleeps: number[];
}

/** Makes one whose `fetch` is the given function. */
export function fakeContext(fetch: typeof globalThis.fetch = refuse): FakeContext {
  let nowMs = Date.parse('2026-04-01T00:00:00.000Z');
  const sink = (add: (text: string) => void) =>
    new Writable({
      write: (chunk: Buffer, _, done) => {
        add(chunk.toString('utf8'));
        done();
      },
    });
  const context: FakeContext = {
    stdout: '',
    stderr: '',
    sleeps: [],
    terminal: new Terminal(
      sink((text) => (context.stdout += text)),
      sink((text) => (context.stderr += text)),
      { noColor: false },
    ),
    stdin: Readable.from([]),
    environment: {
      url: undefined,
      apiKey: undefined,
      adminToken: undefined,
      bitcoinRpc: undefined,
      evmRpc: [],
      proxy: {},
      locale: undefined,
      debug: false,
      noColor: false,
    },
    fetch,
    now: () => new Date(nowMs),
    sleep: (milliseconds) => {
      context.sleeps.push(milliseconds);
      nowMs += milliseconds;
      return Promise.resolve();
    },
    randomBytes: (length) => new Uint8Array(length).fill(7),
  };
  return context;
}

function refuse(): Promise<Response> {
  return Promise.reject(new TypeError('fetch failed'));
}
