import { describe, expect, it } from 'vitest';
import type { Amounts, Grant } from '#database/quota.repository.js';
import { QuotaShare } from './quota-share.js';

/** A quota's table, with a clock. */
class Table {
  nowMs = 0;
  questions = 0;
  #window = 0;
  readonly #used: Amounts = { requests: 0, records: 0 };

  constructor(readonly quota: { windowSeconds: number; requests: number; records: number | null }) {}

  share(): QuotaShare {
    return new QuotaShare(
      this.quota,
      async (wanted) => {
        await Promise.resolve();
        return this.#grant(wanted);
      },
      () => this.nowMs,
    );
  }

  #grant(wanted: Amounts): Grant {
    this.questions += 1;
    const windowMs = this.quota.windowSeconds * 1000;
    const window = Math.floor(this.nowMs / windowMs);
    if (window !== this.#window) Object.assign(this.#used, { requests: 0, records: 0 });
    this.#window = window;
    const granted = { requests: 0, records: 0 };
    for (const each of ['requests', 'records'] as const) {
      granted[each] = Math.max(0, Math.min(wanted[each], (this.quota[each] ?? 0) - this.#used[each]));
      this.#used[each] += granted[each];
    }
    return { window: String(window), endsInMs: (window + 1) * windowMs - this.nowMs, granted, used: { ...this.#used } };
  }
}

const takeAll = async (shares: QuotaShare[], most = 10_000): Promise<number> => {
  let taken = 0;
  for (let i = 0, refused = 0; i < most && refused < shares.length; i += 1) {
    if (await shares[i % shares.length]!.take('requests', 1)) [taken, refused] = [taken + 1, 0];
    else refused += 1;
  }
  return taken;
};

describe('a share of a quota', () => {
  it('is used up to the last by several processes together, and not beyond, with few questions', async () => {
    const table = new Table({ windowSeconds: 60, requests: 1000, records: null });
    expect(await takeAll([table.share(), table.share(), table.share()])).toBe(1000);
    expect(table.questions).toBeLessThan(120);
    const before = table.questions;
    const late = table.share();
    for (let i = 0; i < 100; i += 1) expect(await late.take('requests', 1)).toBe(false);
    // Once it is known to be used up, nobody is asked until the window ends.
    expect(table.questions).toBe(before + 1);
  });

  it('is whole again in the next window, and what was left of the last one is gone', async () => {
    const table = new Table({ windowSeconds: 10, requests: 100, records: null });
    const share = table.share();
    for (let window = 0; window < 3; window += 1) {
      table.nowMs = window * 10_000 + 1;
      expect(await share.take('requests', 1)).toBe(true);
      table.nowMs = window * 10_000 + 4001;
      expect(share.limitField).toBe('"submit";r=99;t=6');
      if (window === 1) expect(await takeAll([share])).toBe(99);
    }
    expect(share.policyField).toBe('"submit";q=100;w=10');
  });

  it('counts records beside requests, all of a request or none', async () => {
    const table = new Table({ windowSeconds: 60, requests: 1000, records: 2500 });
    const share = table.share();
    expect(await share.take('requests', 1)).toBe(true);
    for (const [count, taken] of [
      [1000, true],
      [1000, true],
      [1000, false],
      [100, true],
    ] as const)
      expect(await share.take('records', count), String(count)).toBe(taken);
    expect(await share.takeSome('records', 1000)).toBe(400);
    expect(await share.takeSome('records', 1000)).toBe(0);
    expect(share.limitField).toBe('"submit";r=999;t=60;sealroot-records=0');
    expect(share.policyField).toBe('"submit";q=1000;w=60;sealroot-records=2500');
    expect(await share.take('requests', 1)).toBe(true);
  });

  it('asks once for all who come meanwhile, and asks again after a failure', async () => {
    const table = new Table({ windowSeconds: 60, requests: 1600, records: null });
    const share = table.share();
    const asked = Array.from({ length: 100 }, async () => share.take('requests', 1));
    expect(await Promise.all(asked)).not.toContain(false);
    expect(table.questions).toBe(1);
    let fails = true;
    const failing = new QuotaShare(table.quota, () =>
      fails
        ? Promise.reject(new Error('away'))
        : Promise.resolve({
            window: '0',
            endsInMs: 1000,
            granted: { requests: 5, records: 0 },
            used: { requests: 5, records: 0 },
          }),
    );
    await expect(failing.take('requests', 1)).rejects.toThrow('away');
    fails = false;
    expect(await failing.take('requests', 1)).toBe(true);
  });

  it('gives back what it has not used, unless its window is over', async () => {
    const table = new Table({ windowSeconds: 60, requests: 160, records: null });
    const share = table.share();
    expect(share.release()).toBeNull();
    await share.take('requests', 1);
    expect(share.release()).toEqual({ window: '0', amounts: { requests: 9, records: 0 } });
    expect(share.release()).toBeNull();
    await share.take('requests', 1);
    table.nowMs = 60_000;
    expect(share.release()).toBeNull();
  });
});
