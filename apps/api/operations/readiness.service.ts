import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { WriteProbe } from '#database/write-probe.js';
import { type Check, checkWithin, sealCheck } from '#health/check.js';
import { Momentary } from '#health/momentary.js';
import type { AnchorHealth } from './anchor-health.js';
import { ServiceStateService } from './service-state.service.js';

/** For so long a readiness is good, and what a write has shown. */
const READINESS_TTL_MS = 1000;
const WRITTEN_TTL_MS = 4000;

/** What is looked at. */
export const CHECKS = ['database', 'queue', 'seal', 'anchor'] as const;

/** The answer of the readiness probe. `degraded`: requests are served, but something else is not as it should be. */
export interface Readiness {
  status: 'ready' | 'degraded' | 'not-ready';
  checks: Record<(typeof CHECKS)[number], Check>;
}

/** Tells whether requests can be served, and what else is not as it should be. */
@Injectable()
export class ReadinessService {
  readonly #written = new Momentary(WRITTEN_TTL_MS, () => this.probe.run());
  readonly #readiness = new Momentary(READINESS_TTL_MS, () => this.#look());

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly state: ServiceStateService,
    private readonly probe: WriteProbe,
  ) {}

  check(): Promise<Readiness> {
    return this.#readiness.get();
  }

  async #look(): Promise<Readiness> {
    const [database, queue, seal, anchor] = await Promise.all([
      checkWithin('writing to the database', async () => {
        await this.#written.get();
        return { ok: true, detail: 'answered, and can be written to' };
      }),
      checkWithin('asking the queue', async () => {
        await this.state.queues();
        return { ok: true, detail: 'answered' };
      }),
      checkWithin('looking at sealing', async () => sealCheck(await this.state.seal(), this.config.sealIntervalMs)),
      checkWithin('looking at anchors', () => this.#anchor()),
    ]);
    const checks = { database, queue, seal, anchor };
    // Records are taken and proofs are given without the queue, and whether or not anything is sealed or anchored.
    const status = !database.ok ? 'not-ready' : CHECKS.every((name) => checks[name].ok) ? 'ready' : 'degraded';
    return { status, checks };
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
