import autocannon from 'autocannon';
import type { CpuMeter, CpuTime } from './cpu-time.js';

/** Connections that the single-record measurements use. */
export const CONNECTIONS = 64;

/** One measured load: answers per second, how long they took, and how many were not 2xx. */
export interface Load {
  perSecond: number;
  /** Time that 99 of 100 answers took at most. */
  p99Ms: number;
  failures: number;
  /** CPU time for one answer. */
  cpu: CpuTime | null;
}

/** Sends requests made by `next` over `connections` for `seconds`, after a warm-up of a third of that. */
export async function measureLoad(options: {
  url: string;
  connections: number;
  seconds: number;
  cpu: CpuMeter;
  next: () => { method: 'GET' | 'POST'; path: string; headers?: Record<string, string>; body?: string };
}): Promise<Load> {
  const run = (seconds: number) =>
    autocannon({
      url: options.url,
      connections: options.connections,
      duration: seconds,
      requests: [{ setupRequest: (request) => ({ ...request, ...options.next() }) }],
    });
  await run(warmUpSeconds(options.seconds));
  const cpu = options.cpu();
  const result = await run(options.seconds);
  return {
    perSecond: result['2xx'] / result.duration,
    p99Ms: result.latency.p99,
    failures: result.non2xx + result.errors,
    cpu: cpu(result['2xx']),
  };
}

/** Length of the load before one that is measured. */
export function warmUpSeconds(seconds: number): number {
  return Math.max(1, Math.round(seconds / 3));
}

let counter = 0;

/** A digest in hex that no earlier call returned. */
export function nextDigest(): string {
  counter += 1;
  // Spread over the key space like a real hash, at no cost worth measuring.
  const spread = Math.imul(counter, 0x9e3779b1) >>> 0;
  return `${spread.toString(16).padStart(8, '0')}${counter.toString(16).padStart(16, '0')}`.padEnd(64, '5');
}
