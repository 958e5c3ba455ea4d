import { type BeforeApplicationShutdown, Inject, Injectable, Logger } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CONFIG, type Config } from '#config/config.js';
import { describeRootCause, logSparsely } from '#config/sparse-log.js';
import type { KeyHolder } from '#database/agency.repository.js';
import { type OwnQuota, type Quota, QuotaRepository } from '#database/quota.repository.js';
import { Problem } from '../problems/problem.js';
import { type Counted, QuotaShare } from './quota-share.js';

/** Longest time that lines of an import wait for room, in milliseconds: what is between client and service cuts connections on which nothing moves. */
const WAIT_MS = 30_000;

/** Pause between two looks whether somebody still waits. */
const LOOK_MS = 250;

/** What agencies may submit: each counted in this process, of a share that the database has given it, so that the quota holds across processes. */
@Injectable()
export class Quotas implements BeforeApplicationShutdown {
  readonly #logger = new Logger('quotas');
  readonly #shares = new Map<number, QuotaShare>();
  readonly #default: Quota | null;

  constructor(
    @Inject(CONFIG) config: Pick<Config, 'quotaRequests' | 'quotaRecords' | 'quotaWindowSeconds'>,
    private readonly repository: QuotaRepository,
  ) {
    const { quotaRecords: records = null, quotaRequests, quotaWindowSeconds: windowSeconds } = config;
    const requests = quotaRequests ?? records;
    this.#default = requests === null ? null : { windowSeconds, requests, records };
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([...this.#shares].map(([agencyId, share]) => this.#giveBack(agencyId, share)));
  }

  /** The quota that holds for an agency with this one of its own. */
  effective(own: OwnQuota): Quota | null {
    return own === 'none' ? null : (own ?? this.#default);
  }

  /** Counts a request of the agency and puts the fields on its answer. @returns why it is refused; null when it is not */
  countRequest(agency: KeyHolder, reply: FastifyReply): Problem | null | Promise<Problem | null> {
    const share = this.#shareOf(agency);
    if (share === null) return null;
    const settle = (taken: boolean) => {
      tell(share, reply);
      return taken ? null : exceeded(share, 'requests', 1);
    };
    const taken = share.take('requests', 1);
    return typeof taken === 'boolean' ? settle(taken) : taken.then(settle);
  }

  /** Counts records of an agency whose request was counted, before anything is done with them. @throws Problem `rate-limited` */
  async countRecords(agencyId: number, count: number, reply: FastifyReply): Promise<void> {
    const share = this.#shares.get(agencyId);
    if (share === undefined) return;
    const taken = share.take('records', count);
    const isTaken = typeof taken === 'boolean' ? taken : await taken;
    tell(share, reply);
    if (!isTaken) throw exceeded(share, 'records', count);
  }

  /**
   * The same for an answer that has begun. Resolves to how many of them there is room for, 1 at least: where there is none, waits for the next window, if it
   * begins soon. `onWait` is called again and again meanwhile and says whether somebody still waits. @throws Problem `rate-limited`
   */
  async awaitRecords(agencyId: number, count: number, onWait: () => boolean): Promise<number> {
    const endMs = performance.now() + WAIT_MS;
    for (;;) {
      const share = this.#shares.get(agencyId);
      if (share === undefined) return count;
      const some = await share.takeSome('records', count);
      if (some > 0) return some;
      const waitMs = share.endsInSeconds * 1000;
      if (performance.now() + waitMs > endMs) throw exceeded(share, 'records', count);
      for (const untilMs = performance.now() + waitMs; performance.now() < untilMs;) {
        if (!onWait()) throw exceeded(share, 'records', count);
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      }
    }
  }

  #shareOf({ id, quota: own }: KeyHolder): QuotaShare | null {
    const quota = this.effective(own);
    const known = this.#shares.get(id);
    if (known !== undefined) {
      if (quota !== null && isSame(known.quota, quota)) return known;
      this.#shares.delete(id);
      void this.#giveBack(id, known);
    }
    if (quota === null) return null;
    const share = new QuotaShare(quota, (wanted) => this.repository.take(id, quota, wanted));
    this.#shares.set(id, share);
    return share;
  }

  async #giveBack(agencyId: number, share: QuotaShare): Promise<void> {
    const unused = share.release();
    if (unused === null) return;
    await this.repository.giveBack(agencyId, unused.window, unused.amounts).catch((error: unknown) => {
      logSparsely(this.#logger, 'warn', `giving a quota back failed: ${describeRootCause(error)}`);
    });
  }
}

function isSame(a: Quota, b: Quota): boolean {
  return a.windowSeconds === b.windowSeconds && a.requests === b.requests && a.records === b.records;
}

function tell(share: QuotaShare, reply: FastifyReply): void {
  reply.header('ratelimit-policy', share.policyField).header('ratelimit', share.limitField);
}

function exceeded(
  { endsInSeconds, quota, limitField, policyField }: QuotaShare,
  what: Counted,
  count: number,
): Problem {
  const detail = `Expected at most ${quota[what]} ${what} of this agency in ${quota.windowSeconds} s; ${count} more would be more than that. More is allowed in ${endsInSeconds} s.`;
  const headers = { 'ratelimit-policy': policyField, ratelimit: limitField, 'retry-after': String(endsInSeconds) };
  return new Problem('rate-limited', detail, { headers, violated: ['submit'], retryAfterSeconds: endsInSeconds });
}
