import { setTimeout as sleep } from 'node:timers/promises';
import type { INestApplicationContext } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Anchor } from '#anchors/anchor.js';
import { createEvmAnchor, type EvmSettings } from '#anchors/evm/evm.js';
import { AnchorReaderRepository } from '#database/anchor-reader.repository.js';
import { AnchorRepository } from '#database/anchor.repository.js';
import { SubmissionRepository } from '#database/submission.repository.js';
import { createTestDatabase, type TestDatabase } from '#database/testing.js';
import { AnchoringService } from '../anchoring.service.js';
import { AttemptSlots } from '../attempt-slots.js';
import { verifyRecord } from '../testing/public-proof.js';
import { sealAll, until } from '../testing/batches.js';
import { startIntake, startWorker, testConfig, testSettings } from '../testing/test-worker.js';
import { startWorkerProcess, workerEntry, type WorkerProcess } from '../testing/worker-process.js';
import { type EvmNode, startEvmNode } from '#anchors/evm/testing/evm-node.js';
import { settingsFor } from '#anchors/evm/testing/evm-anchoring.js';

const entry = workerEntry(Boolean(process.env['CI']));
const NAME = 'evm:test';

/** Where a process dies: before it asks the anchor, or between the anchor's answer and its storing. */
type Death = 'before' | 'after';

let database: TestDatabase;
let node: EvmNode;
let settings: EvmSettings;
let worker: INestApplicationContext;
let accept: (names: string[]) => Promise<string[]>;

beforeAll(async () => {
  [database, node] = await Promise.all([createTestDatabase(), startEvmNode({ noMining: true })]);
  settings = await settingsFor(node);
  await node.mine(3);
  accept = await startIntake(database);
  worker = await startWorker(testConfig(database, { SEAL_INTERVAL_MS: '3600000' }));
});

afterAll(async () => {
  await worker?.close();
  await node?.stop();
  await database?.drop();
});

const newAnchor = () => createEvmAnchor({ ...settings, name: NAME });
const submissions = () => new SubmissionRepository(database.pool);

/** The service of a process that has just started; with `death`, one that dies at its first attempt. */
function service(budget: bigint | null, death?: Death): AnchoringService {
  const real = newAnchor();
  const die = async (ask: () => Promise<unknown>): Promise<never> => {
    if (death === 'after') await ask();
    throw new Killed();
  };
  const dying: Anchor = {
    name: NAME,
    oneAtATime: real.oneAtATime,
    mostSpent: real.mostSpent,
    submit: (checkpoint, earlier) => die(() => real.submit(checkpoint, earlier)),
    confirm: (submission) => die(() => real.confirm(submission)),
  };
  const repository = submissions();
  // A process that is dead stores nothing more.
  if (death !== undefined) repository.postpone = () => Promise.reject(new Killed());
  return new AnchoringService(
    new Map([[NAME, death === undefined ? real : dying]]),
    repository,
    {
      anchorIntervalSeconds: 1,
      anchorIntervals: new Map([[NAME, 0n]]),
      anchorBudgets: new Map(budget === null ? [] : [[NAME, budget]]),
    },
    new AttemptSlots(),
  );
}

class Killed extends Error {}

async function sealOne(name: string): Promise<string> {
  const [id] = await accept([name]);
  await sealAll(worker, database);
  return id!;
}

/** One attempt of one process; the hold of a process that died has run out before. */
async function attempt(budget: bigint | null, death?: Death): Promise<void> {
  await database.pool.query(`UPDATE "submission" SET "next_attempt_at" = clock_timestamp() WHERE "state" <> 'final'`);
  const { rows } = await database.pool.query<{ id: string }>(
    `SELECT "id" FROM "submission" WHERE "state" <> 'final' ORDER BY "id" LIMIT 1`,
  );
  const anchoring = service(budget, death);
  const done = rows[0] === undefined ? anchoring.start(NAME) : anchoring.goOn(NAME, rows[0].id);
  await done.catch((error: unknown) => {
    if (!(error instanceof Killed)) throw error;
  });
}

/** Ends what was held for this many seconds and more, in whatever state, as two minutes would: a dead process does not. */
async function freeHeld({ pool }: TestDatabase, seconds: number): Promise<void> {
  await pool.query(
    `UPDATE "submission" SET "next_attempt_at" = clock_timestamp() WHERE "state" <> 'final'
     AND "next_attempt_at" BETWEEN clock_timestamp() + interval '10 s' AND clock_timestamp() + make_interval(secs => $1)`,
    [120 - seconds],
  );
}

/** What all transactions with a root have really cost, in wei, and how many there were. */
async function chainCosts(chain = node, after = 3): Promise<{ wei: bigint; count: number }> {
  let [wei, count] = [0n, 0];
  for (let height = await chain.height(); height > after; height--) {
    for (const hash of (await chain.block(height))!.transactions) {
      const receipt = await chain.rpc<{ gasUsed: string; effectiveGasPrice: string }>(
        'eth_getTransactionReceipt',
        hash,
      );
      wei += BigInt(receipt.gasUsed) * BigInt(receipt.effectiveGasPrice);
      count += 1;
    }
  }
  return { wei, count };
}

const rows = async () =>
  (
    await database.pool.query<{ size: number; state: string; spent: string | null }>(
      'SELECT "checkpoint_size"::int AS size, "state", "spent"::text FROM "submission" ORDER BY 1',
    )
  ).rows;

describe('what an anchor in a real chain costs', () => {
  it('is known to the last unit although the process dies at every step of the way, and nothing is paid twice', async () => {
    // Signing, sending, looking, finding the block, following it: five steps, and a death at each of them, on either side of the anchor's answer.
    let expected = 0;
    for (const death of ['before', 'after'] as const) {
      for (let step = 0; step < 5; step++) {
        const name = `${death} ${step}`;
        const id = await sealOne(name);
        expected += 1;
        for (let i = 0; i < 5 || (await rows()).at(-1)?.state !== 'final'; i++) {
          if (i === step) await attempt(null, death);
          await attempt(null);
          if (i >= 1) await node.mine();
          expect(i).toBeLessThan(20);
        }
        const { wei, count } = await chainCosts();
        expect(count).toBe(expected);
        expect((await new AnchorReaderRepository(database.pool).status([NAME]))[0]?.cost).toMatchObject({
          unit: 'wei',
          spent: wei,
          spentLastDay: wei,
        });
        expect((await verifyRecord(database, id, name)).verdict).toBe('pending');
      }
    }
    const all = await rows();
    expect(all.map(({ size, state }) => `${size} ${state}`)).toEqual(all.map((_, i) => `${i + 1} final`));
    expect(all.every(({ spent }) => BigInt(spent!) > 0n)).toBe(true);
  });

  it('keeps within its budget, and a paused anchor still confirms what is under way', async () => {
    const most = BigInt(newAnchor().mostSpent!.amount);
    await new AnchorRepository(database.pool).register([{ name: NAME, mostSpent: newAnchor().mostSpent! }]);
    const status = async () => (await new AnchorReaderRepository(database.pool).status([NAME]))[0]!;
    const spentBefore = (await status()).cost!.spent;
    // Exactly one more fits: what was spent, and the most that one may cost.
    const budget = spentBefore + most;
    await sealOne('fits');
    await attempt(budget);
    const before = (await rows()).length;
    expect((await status()).cost!.committed).toBe(budget);
    await attempt(budget);
    await sealOne('has to wait');
    for (let i = 0; i < 6; i++) {
      await node.mine();
      await attempt(budget);
    }
    expect((await rows()).at(-1)).toMatchObject({ state: 'final' });
    expect(await rows()).toHaveLength(before);
    const { paused, cost } = await status();
    expect(cost!.spent).toBe((await chainCosts()).wei);
    expect(cost!.spent).toBeLessThan(budget);
    expect(paused?.detail).toMatch(
      /^paused: the budget is \d+ wei in 24 hours; \d+ were spent, and one more checkpoint may cost \d+; goes on at/,
    );
    // A day later.
    await database.pool.query(`UPDATE "submission" SET "spent_at" = "spent_at" - interval '24 hours'`);
    await attempt(budget);
    expect(await rows()).toHaveLength(before + 1);
    expect((await status()).paused).toBeNull();
  });
});

describe.skipIf(!entry)('workers that are killed', () => {
  it('at any moment, two at once, lose nothing of what was spent and pay for no root twice', async () => {
    const own = await createTestDatabase();
    const chain = await startEvmNode({ blockTimeSeconds: 1 });
    const running: WorkerProcess[] = [];
    try {
      const env = testSettings(own, {
        LOG_LEVEL: 'info',
        SEAL_INTERVAL_MS: '100',
        ANCHORS: 'evm',
        ANCHOR_INTERVAL_SECONDS: '1',
        BEACON: 'none',
        EVM_PRIVATE_KEY: chain.accounts[0]!.privateKey,
        EVM_CHAINS: JSON.stringify([
          {
            name: 'test',
            rpcUrls: [chain.rpcUrl],
            chainId: chain.chainId,
            genesis: (await chain.block(0))!.hash,
            finality: { blocks: 2 },
            pollSeconds: 1,
          },
        ]),
      });
      const take = await startIntake(own);
      const survivor = await startWorkerProcess(entry!, env);
      running.push(survivor);
      for (let round = 0; round < 3; round++) {
        const victim = await startWorkerProcess(entry!, env);
        running.push(victim);
        for (let i = 0; i < 10; i++) {
          await take([`${round} ${i}`]);
          await sleep(60 + 40 * round);
        }
        await victim.end('SIGKILL');
        await freeHeld(own, 0);
      }
      // On a slow machine the rounds alone may make too few.
      const started = async () =>
        (await own.pool.query<{ n: number }>('SELECT count(*)::int AS n FROM "submission"')).rows[0]!.n;
      for (let i = 0; (await started()) <= 3 && i < 60; i++) {
        await take([`more ${i}`]);
        await freeHeld(own, 5);
        await sleep(1000);
      }
      const open = async () =>
        (await own.pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM "submission" WHERE "state" <> 'final'`))
          .rows[0]!.n;
      const sizes = async () =>
        (
          await own.pool.query<{ log: string; anchored: string | null }>(
            'SELECT (SELECT "size" FROM "log") AS log, (SELECT max("checkpoint_size") FROM "submission") AS anchored',
          )
        ).rows[0]!;
      await until(async () => {
        // What a victim had asked for may have been stored after its death, and its hold with it.
        await freeHeld(own, 5);
        const { log, anchored } = await sizes();
        return log === anchored && (await open()) === 0;
      }, 'everything to be final');
      const costs = await chainCosts(chain, 0);
      const { rows: made } = await own.pool.query<{ count: number; spent: string }>(
        'SELECT count(*)::int AS count, sum("spent")::text AS spent FROM "submission"',
      );
      expect(made[0]).toEqual({ count: costs.count, spent: String(costs.wei) });
      expect((await new AnchorReaderRepository(own.pool).status(['evm:test']))[0]?.cost?.spent).toBe(costs.wei);
      expect(costs.count).toBeGreaterThan(3);
      console.log(`${costs.count} checkpoints, three kills, ${costs.wei} wei in the chain and in the table`);
    } finally {
      for (const worker of running) await worker.end('SIGKILL');
      await chain.stop();
      await own.drop();
    }
  });
});
