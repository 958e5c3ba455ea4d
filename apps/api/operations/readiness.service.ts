import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { clockBehindMs } from '#sealing/clock.js';
import type { AnchorHealth } from './anchor-health.js';
import { ServiceStateService } from './service-state.service.js';

/** Time allowed to one check: a probe must answer even when what it probes hangs. */
const CHECK_TIMEOUT_MS = 3000;

/** Sealing is late when a record has waited this many times the sealing interval, and at least {@link SEAL_LATE_MIN_SECONDS}. */
const SEAL_LATE_INTERVALS = 10;
const SEAL_LATE_MIN_SECONDS = 30;

/** Clocks of several machines differ by less than this. */
const CLOCK_TOLERANCE_MS = 1000;

/** One thing looked at. */
export interface Check {
  ok: boolean;
  detail: string;
}

/** The answer of the readiness probe. */
export interface Readiness {
  status: 'ready' | 'not-ready';
  checks: { database: Check; queue: Check; seal: Check; anchor: Check };
}

/** Tells whether requests can be served. */
@Injectable()
export class ReadinessService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly state: ServiceStateService,
  ) {}

  async check(): Promise<Readiness> {
    const [seal, anchor, queue] = await Promise.all([
      within(() => this.#seal()),
      within(() => this.#anchor()),
      within(async () => {
        await this.state.queues();
        return { ok: true, detail: 'answered' };
      }),
    ]);
    const database = seal.answered ? { ok: true, detail: 'answered' } : { ok: false, detail: seal.check.detail };
    const checks = { database, queue: queue.check, seal: seal.check, anchor: anchor.check };
    return { status: database.ok && queue.check.ok ? 'ready' : 'not-ready', checks };
  }

  async #seal(): Promise<Check> {
    const { oldestUnsealedAgeSeconds: age, lastSealedAt } = await this.state.seal();
    const behindMs = clockBehindMs(lastSealedAt, new Date());
    if (behindMs > 0) {
      const detail = `this machine's clock is ${(behindMs / 1000).toFixed(1)} s behind the newest batch (${lastSealedAt?.toISOString()}); sealing waits for it`;
      return { ok: behindMs < CLOCK_TOLERANCE_MS, detail };
    }
    const last = lastSealedAt ? `last batch sealed at ${lastSealedAt.toISOString()}` : 'no batch sealed yet';
    if (age === null) return { ok: true, detail: `nothing waits; ${last}` };
    const late = Math.max(SEAL_LATE_MIN_SECONDS, (SEAL_LATE_INTERVALS * this.config.sealIntervalMs) / 1000);
    return { ok: age < late, detail: `the oldest unsealed record waits for ${age.toFixed(1)} s; ${last}` };
  }

  async #anchor(): Promise<Check> {
    const anchors = await this.state.anchors();
    if (anchors.length === 0) return { ok: true, detail: 'no anchor is configured' };
    return {
      ok: anchors.every(({ overdueSince, paused }) => overdueSince === null && paused === null),
      detail: anchors.map(anchorDetail).join('; '),
    };
  }
}

function anchorDetail({ anchor, confirmedSize, lagSeconds, overdueSince, paused }: AnchorHealth): string {
  const parts = [`log size ${confirmedSize} confirmed`, `lag ${Math.round(lagSeconds)} s`];
  if (overdueSince) parts.push(`overdue since ${overdueSince.toISOString()}`);
  if (paused) parts.push(paused.detail);
  return `${anchor}: ${parts.join(', ')}`;
}

/** The outcome of a check that may fail or hang. Its error is told by kind only: a message could name hosts or users. */
async function within(check: () => Promise<Check>): Promise<{ answered: boolean; check: Check }> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), CHECK_TIMEOUT_MS);
  });
  try {
    const outcome = await Promise.race([check(), timeout]);
    if (outcome !== 'late') return { answered: true, check: outcome };
    return { answered: false, check: { ok: false, detail: `no answer within ${CHECK_TIMEOUT_MS} ms` } };
  } catch (error) {
    return {
      answered: false,
      check: { ok: false, detail: `cannot be reached (${(error as { code?: string }).code ?? 'error'})` },
    };
  } finally {
    clearTimeout(timer);
  }
}
