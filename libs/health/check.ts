import { Logger } from '@nestjs/common';
import { logSparsely, describeRootCause, rootCause } from '#config/sparse-log.js';
import { within } from '#config/within.js';
import { clockBehindMs } from '#sealing/clock.js';
import type { SealProgress } from '#database/seal-progress.repository.js';

/** One thing looked at. */
export interface Check {
  ok: boolean;
  detail: string;
}

/** Time allowed to one check: a probe must answer even when what it probes hangs. */
const CHECK_TIMEOUT_MS = 3000;

/** Sealing is late when a record has waited this many times the sealing interval, and at least {@link SEAL_LATE_MIN_SECONDS}. */
const SEAL_LATE_INTERVALS = 10;
const SEAL_LATE_MIN_SECONDS = 30;

/** Clocks of several machines differ by less than this. */
const CLOCK_TOLERANCE_MS = 1000;

const logger = new Logger('health');

/** What SQLSTATEs and error numbers mean for whoever runs the service. */
const MEANINGS: readonly (readonly [RegExp, string])[] = [
  [/^(53100|ENOSPC)$/, 'the disk is full'],
  [/^53300$/, 'the server has no connection left'],
  [/^53/, 'the server lacks resources'],
  [/^25006$/, 'the server is read-only'],
  [/^57P/, 'the server is shutting down or starting'],
  [/^55P03$/, 'another probe was under way'],
  [/^57014$/, 'it took too long'],
  [/^pool-busy$/, 'all connections are in use'],
  [/^(28|3D)/, 'the server does not let us in'],
  [/^(E[A-Z]+|08...)$/, 'the server cannot be reached'],
];

/** The outcome of a check that may fail or hang. The answer tells an error by its kind and code only, since a message could name hosts or
 * users; the log has the whole of it, once a minute. */
export async function checkWithin(name: string, check: () => Promise<Check>): Promise<Check> {
  const outcome = check().catch((error: unknown): Check => {
    const code = rootCause(error).code ?? 'error';
    logSparsely(logger, 'warn', `${name}: ${describeRootCause(error)}`, `${name} ${code}`);
    const meaning = MEANINGS.find(([pattern]) => pattern.test(code))?.[1] ?? 'it failed';
    return { ok: false, detail: `${meaning} (${code})` };
  });
  const detail = `no answer within ${CHECK_TIMEOUT_MS} ms`;
  return within(outcome, CHECK_TIMEOUT_MS, () => ({ ok: false, detail }));
}

/** Whether sealing keeps up. */
export function sealCheck(progress: SealProgress, sealIntervalMs: number, now = new Date()): Check {
  const { oldestUnsealedAgeSeconds: age, lastSealedAt } = progress;
  const behindMs = clockBehindMs(lastSealedAt, now);
  if (behindMs > 0) {
    const detail = `this machine's clock is ${(behindMs / 1000).toFixed(1)} s behind the newest batch (${lastSealedAt?.toISOString()}); sealing waits for it`;
    return { ok: behindMs < CLOCK_TOLERANCE_MS, detail };
  }
  const last = lastSealedAt ? `last batch sealed at ${lastSealedAt.toISOString()}` : 'no batch sealed yet';
  if (age === null) return { ok: true, detail: `nothing waits; ${last}` };
  const late = Math.max(SEAL_LATE_MIN_SECONDS, (SEAL_LATE_INTERVALS * sealIntervalMs) / 1000);
  return { ok: age < late, detail: `the oldest unsealed record waits for ${age.toFixed(1)} s; ${last}` };
}
