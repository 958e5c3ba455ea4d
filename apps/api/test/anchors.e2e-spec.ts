import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AnchorRepository } from '#database/anchor.repository.js';
import { type StartTerms, type SubmissionAnswer, SubmissionRepository } from '#database/submission.repository.js';
import { sha256Hex, verifyFromPublicData } from './public-proof.js';
import { startService, type TestService } from './service.js';

const BITCOIN: StartTerms = {
  anchor: 'bitcoin',
  intervalSeconds: 0,
  oneAtATime: false,
  budget: { amount: 50_000n, most: 20_000n, unit: 'sats' },
};

let service: TestService;
let submissions: SubmissionRepository;

beforeEach(async () => {
  service = await startService({
    ANCHORS: 'bitcoin,opentimestamps',
    BITCOIN_RPC_URL: 'http://127.0.0.1:1',
    ANCHOR_BUDGETS: 'bitcoin=50000',
    ANCHOR_OVERDUE_SECONDS: '3600',
  });
  submissions = new SubmissionRepository(service.database.pool);
  await new AnchorRepository(service.database.pool).register([
    { name: 'bitcoin', mostSpent: { amount: '20000', unit: 'sats' } },
    { name: 'opentimestamps', mostSpent: null },
  ]);
});

afterEach(() => service.stop());

async function record(document: string): Promise<string> {
  const answer = await service.app.inject({
    method: 'POST',
    url: '/v1/records',
    headers: { authorization: `Bearer ${service.key}` },
    payload: { digests: { sha256: sha256Hex(document) }, profile: 'generic@1' },
  });
  await service.seal();
  return answer.json<{ id: string }>().id;
}

/** Takes the newest checkpoint to Bitcoin as a worker does, and stores this answer. */
async function submit(state: SubmissionAnswer['state'], amount: string, terms = BITCOIN): Promise<void> {
  const { held } = await submissions.start(terms, 60, () => undefined);
  const answer = {
    state,
    attestation: null,
    progress: {},
    detail: `it is ${state}`,
    spent: { amount, unit: 'sats' as const },
  };
  expect(held !== null && (await submissions.store(held, answer, 3600))).toBe(true);
}

const anchors = async (): Promise<Record<string, Record<string, unknown>>> => {
  const { anchors: all } = (await service.app.inject('/v1/anchors')).json<{ anchors: { name: string }[] }>();
  return Object.fromEntries(all.map((anchor) => [anchor.name, anchor]));
};

describe('the anchors', () => {
  it('show state, cost, what is left of the budget and records covered, in numbers too', async () => {
    await record('one');
    await record('two');
    await submit('confirmed', '15001');
    await record('three');
    await submit('pending', '500');
    expect(await anchors()).toMatchObject({
      bitcoin: {
        configured: true,
        state: 'pending',
        confirmedSize: 2,
        attempts: 2,
        recordsCovered: 2,
        overdue: null,
        paused: null,
        cost: {
          unit: 'sats',
          spent: '15501',
          spentLastDay: '15501',
          perRecord: 7750.5,
          // 50000 - 15001 - 20000
          budget: { perDay: '50000', left: '14999' },
        },
        submissions: [{ spent: '500' }, { spent: '15001' }],
      },
      opentimestamps: { state: 'idle', cost: null, recordsCovered: 0, attempts: 0, paused: null, overdue: null },
    });
    const lines = (await service.app.inject('/metrics')).body.split('\n');
    for (const line of [
      'sealroot_anchor_spent{anchor="bitcoin",unit="sats"} 15501',
      'sealroot_anchor_spent_last_day{anchor="bitcoin",unit="sats"} 15501',
      'sealroot_anchor_cost_per_record{anchor="bitcoin",unit="sats"} 7750.5',
      'sealroot_anchor_budget{anchor="bitcoin",unit="sats"} 50000',
      'sealroot_anchor_budget_left{anchor="bitcoin",unit="sats"} 14999',
      'sealroot_anchor_records_covered{anchor="bitcoin"} 2',
      'sealroot_anchor_attempts{anchor="bitcoin"} 2',
      'sealroot_anchor_paused{anchor="bitcoin"} 0',
      'sealroot_anchor_overdue{anchor="bitcoin"} 0',
      'sealroot_anchor_state{anchor="bitcoin",state="pending"} 1',
      'sealroot_submissions{anchor="bitcoin",state="pending"} 1',
      'sealroot_submissions{anchor="bitcoin",state="confirmed"} 1',
      'sealroot_records_sealed 3',
      'sealroot_batches 3',
    ])
      expect(lines).toContain(line);
  });

  it('say loudly that one is paused, and the records that wait for it say why', async () => {
    await record('one');
    await submit('final', '40000');
    const id = await record('two');
    expect((await submissions.start(BITCOIN, 60, () => undefined)).pause).not.toBeNull();
    const sentence =
      /^paused: the budget is 50000 sats in 24 hours; 40000 were spent, and one more checkpoint may cost 20000; goes on at 20/;
    const until = ((await anchors())['bitcoin']!['paused'] as { until: string }).until;
    expect(await anchors()).toMatchObject({
      bitcoin: { state: 'final', paused: { detail: expect.stringMatching(sentence) } },
    });
    expect((Date.parse(until) - Date.now()) / 3_600_000).toBeCloseTo(24, 1);
    expect((await service.app.inject('/metrics')).body).toContain('sealroot_anchor_paused{anchor="bitcoin"} 1');
    expect((await service.app.inject('/readyz')).json()).toMatchObject({
      status: 'degraded',
      checks: { anchor: { ok: false, detail: expect.stringContaining('paused: the budget') } },
    });
    const found = (await service.app.inject(`/v1/records/${id}`)).json();
    expect(found).toMatchObject({
      anchors: [
        { anchor: 'bitcoin', state: 'unsubmitted', detail: expect.stringMatching(sentence), checkpointSize: null },
        { anchor: 'opentimestamps', detail: 'waiting for the next checkpoint to be anchored' },
      ],
    });
    await verifyFromPublicData(service.app, id, 'two');
  });

  it('say that one is overdue, and since when', async () => {
    await record('old');
    await service.database.pool.query(`UPDATE "anchor" SET "since" = "since" - interval '5 hours'`);
    await service.database.pool.query(`UPDATE "batch" SET "sealed_at" = "sealed_at" - interval '2 hours'`);
    const { since } = (await anchors())['bitcoin']!['overdue'] as { since: string };
    expect((Date.now() - Date.parse(since)) / 60_000).toBeCloseTo(60, 0);
    expect((await service.app.inject('/metrics')).body).toContain('sealroot_anchor_overdue{anchor="bitcoin"} 1');
    expect((await service.app.inject('/readyz')).json()).toMatchObject({
      status: 'degraded',
      checks: { anchor: { ok: false, detail: expect.stringContaining('overdue since') } },
    });
  });

  it('say of every waiting record that its anchor cannot be reached, not only of the oldest', async () => {
    const first = await record('first');
    const { held } = await submissions.start(
      { ...BITCOIN, anchor: 'opentimestamps', budget: null },
      60,
      () => undefined,
    );
    const detail = 'no calendar reachable, next try at 2026-03-02T09:31:00Z';
    const answer = { state: 'unsubmitted' as const, attestation: null, progress: {}, detail };
    expect(await submissions.store(held!, answer, 3600)).toBe(true);
    const later = await record('later');
    const details = async (id: string) => {
      const { anchors: all } = (await service.app.inject(`/v1/records/${id}`)).json<{
        anchors: { anchor: string; detail: string }[];
      }>();
      return all.find(({ anchor }) => anchor === 'opentimestamps')!.detail;
    };
    expect(await details(first)).toBe(detail);
    expect(await details(later)).toBe(`waiting for checkpoint 1 to get through: ${detail}`);
    // It says so no longer than it is so.
    await service.database.pool.query(`UPDATE "submission" SET "state" = 'pending', "attestation" = '\\x00'`);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect(await details(later)).toBe('waiting for the next checkpoint to be anchored');
  });
});
