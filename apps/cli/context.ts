import { setTimeout as delay } from 'node:timers/promises';
import { type Environment, readEnvironment } from './environment.js';
import { Terminal } from './terminal.js';

/** What a command gets from outside: streams, environment, clock, network, randomness. Tests give their own. */
export interface Context {
  terminal: Terminal;
  stdin: NodeJS.ReadableStream;
  environment: Environment;
  fetch: typeof globalThis.fetch;
  now: () => Date;
  sleep: (milliseconds: number) => Promise<void>;
  /** Cryptographically random bytes. */
  randomBytes: (length: number) => Uint8Array;
}

/** The context of a real process. */
export function processContext(): Context {
  const environment = readEnvironment();
  return {
    terminal: new Terminal(process.stdout, process.stderr, environment),
    stdin: process.stdin,
    environment,
    fetch: (input, init) => globalThis.fetch(input, init),
    now: () => new Date(),
    sleep: (milliseconds) => delay(milliseconds),
    randomBytes: (length) => globalThis.crypto.getRandomValues(new Uint8Array(length)),
  };
}
