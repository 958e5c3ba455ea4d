import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { anchorPolicy } from '#config/anchor-policy.js';
import { CONFIG, type Config } from '#config/config.js';
import type { KeyHolder } from '#database/agency.repository.js';
import { type MonthTotals, type UsagePlace, UsageRepository, type UsageRow } from '#database/usage.repository.js';
import { Quotas } from '../limits/quotas.js';
import { Problem } from '../problems/problem.js';

/** Months whose totals are remembered, and for how long: they cost a look at all submissions of a month. */
const MONTHS = 100;
const TOTALS_TTL_MS = 60_000;

const CURSOR = /^(\d{4}-\d\d) (\d{1,10})$/;

/** A page of what agencies have used. */
export interface UsagePage {
  body: object;
  /** Of the next page. */
  link: string | undefined;
}

/** Says what agencies make of the service, and what it costs. */
@Injectable()
export class UsageService {
  readonly #totals = new LRUCache<string, Promise<MonthTotals>>({ max: MONTHS, ttl: TOTALS_TTL_MS });

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly usage: UsageRepository,
    private readonly quotas: Quotas,
  ) {}

  /** Of one agency, or (null) of all, the newest month first. @throws Problem `bad-request` */
  async page(
    agency: KeyHolder | null,
    { month, after, limit }: { month?: string | undefined; after?: string | undefined; limit: number },
  ): Promise<UsagePage> {
    const place = after === undefined ? null : parseCursor(after);
    const of = { agencyId: agency?.id ?? null, month: month ?? null };
    const [rows, batches] = await Promise.all([
      this.usage.page(of, place, limit + 1),
      // Before the rows were read or after: no later than they.
      this.usage.countedBatches(),
    ]);
    const shown = rows.slice(0, limit);
    const names = [...new Set(shown.map((row) => row.month))];
    const totals = new Map(
      await Promise.all(names.map(async (name) => [name, await this.#monthTotals(name)] as const)),
    );
    const body = {
      countedBatches: batches,
      ...(agency === null ? {} : { quota: this.quotas.effective(agency.quota) }),
      months: names.map((name) => this.#month(name, totals.get(name)!)),
      usage: shown.map((row) => usageJson(row, totals.get(row.month)!)),
    };
    const last = shown.at(-1);
    if (rows.length <= limit || last === undefined) return { body, link: undefined };
    const cursor = Buffer.from(`${last.month} ${last.agencyId}`).toString('base64url');
    const query = `${month === undefined ? '' : `month=${month}&`}after=${cursor}&limit=${limit}`;
    return { body, link: `</v1/usage?${query}>; rel="next"` };
  }

  #monthTotals(month: string): Promise<MonthTotals> {
    let totals = this.#totals.get(month);
    if (totals === undefined) {
      totals = this.usage.totals(month);
      this.#totals.set(month, totals);
      totals.catch(() => this.#totals.delete(month));
    }
    return totals;
  }

  /** Amounts are decimal texts: those of some chains are larger than a JSON number is exact. */
  #month(month: string, { records, spent }: MonthTotals): object {
    return {
      month,
      records: Number(records),
      costs: spent.map(({ anchor, unit, amount }) => ({
        anchor,
        unit,
        spent: String(amount),
        perRecord: records === 0n ? null : Number(amount) / Number(records),
        budgetPerDay: anchorPolicy(this.config, anchor).budget?.toString() ?? null,
      })),
    };
  }
}

function usageJson(row: UsageRow, totals: MonthTotals): object {
  return {
    agency: row.domain,
    month: row.month,
    records: Number(row.records),
    statusChanges: Number(row.statusChanges),
    reliances: Number(row.reliances),
    relyingAgencies: row.relyingAgencies,
    verifications: { proofs: Number(row.proofs), lookUps: Number(row.lookUps) },
    costs: totals.spent.map(({ anchor, unit, amount }) => ({
      anchor,
      unit,
      // Rounded to the nearest: the shares of all come to what was spent, but for half a unit each.
      share: totals.records === 0n ? '0' : String((2n * amount * row.records + totals.records) / (2n * totals.records)),
    })),
  };
}

function parseCursor(text: string): UsagePlace {
  const [, month, agencyId] = CURSOR.exec(Buffer.from(text, 'base64url').toString('latin1')) ?? [];
  if (month === undefined || !isMonth(month) || Number(agencyId) > 0x7fff_ffff)
    throw new Problem('bad-request', '/after: expected the cursor of an earlier answer');
  return { month, agencyId: Number(agencyId) };
}

/** Whether a text `YYYY-MM` is a month that there is. */
export function isMonth(text: string): boolean {
  return /^[1-9]\d{3}-(0[1-9]|1[0-2])$/.test(text);
}
