import type { INestApplicationContext } from '@nestjs/common';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Submission } from '#anchors/anchor.js';
import { createEvmAnchor } from '#anchors/evm/evm.js';
import { checkpointOf } from '#anchors/testing/checkpoint.js';
import { createTestDatabase, type TestDatabase } from '#database/testing.js';
import { readEvmAttestation, verifyEvmAttestation } from '#evm/attestation.js';
import { type EvmNode, startEvmNode } from '#anchors/evm/testing/evm-node.js';
import { minedFor, newRoot, progressOf, settingsFor } from '#anchors/evm/testing/evm-anchoring.js';
import { createAccountLock } from '../account-lock.js';
import { createAnchors } from '../anchors.js';
import { startIntake, startWorker, testConfig } from '../testing/test-worker.js';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

let database: TestDatabase;
const pools: pg.Pool[] = [];
const newPool = (max = 5) => {
  const pool = new pg.Pool({ connectionString: database.url, max });
  pool.on('error', () => undefined);
  pools.push(pool);
  return pool;
};
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  for (const pool of pools.splice(0)) if (!pool.ended) await pool.end();
  await database.drop();
});

describe('the lock of an account', () => {
  /** Work that says when it begins and ends. */
  const recorder = () => {
    const events: string[] = [];
    const work =
      (name: string, ms = 50) =>
      async () => {
        events.push(`${name} begins`);
        await pause(ms);
        events.push(`${name} ends`);
        return name;
      };
    return { events, work };
  };

  it('lets one work at a time, within a process and in several, and different accounts at once', async () => {
    const { events, work } = recorder();
    const [one, two] = [createAccountLock(newPool()), createAccountLock(newPool())];
    await Promise.all([one('1:a', work('x')), one('1:a', work('y')), two('1:a', work('z')), two('1:a', work('u'))]);
    expect(events).toHaveLength(8);
    for (let i = 0; i < 8; i += 2) expect(events[i + 1]).toBe(events[i]!.replace('begins', 'ends'));
    events.length = 0;
    await Promise.all([one('1:a', work('x', 200)), one('1:b', work('y', 200))]);
    expect(events.slice(0, 2).sort()).toEqual(['x begins', 'y begins']);
  });

  it('keeps one connection at the most, none in the end, and passes on what the work returns or throws', async () => {
    const pool = newPool();
    const lock = createAccountLock(pool);
    const { work } = recorder();
    const holders = async () => {
      const { rows } = await database.pool.query<{ connections: number; locks: number }>(
        `SELECT count(DISTINCT pid)::int AS connections, count(*)::int AS locks FROM pg_locks
         WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      );
      return rows[0];
    };
    const done = Promise.all(['a', 'b', 'c', 'd'].map((name) => lock(name, work(name, 500))));
    await pause(250);
    expect(await holders()).toEqual({ connections: 1, locks: 4 });
    expect(pool.totalCount).toBe(0);
    await pool.end();
    expect(await done).toEqual(['a', 'b', 'c', 'd']);
    await expect(lock('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await lock('a', work('again'))).toBe('again');
    await pause(100);
    expect(await holders()).toEqual({ connections: 0, locks: 0 });
  });

  it('is free again after its connection or its process has died, and says when there is no database', async () => {
    const [one, two] = [createAccountLock(newPool()), createAccountLock(newPool())];
    const { work } = recorder();
    const first = one('a', work('x', 500));
    const other = one('b', work('w', 500));
    await pause(100);
    await database.pool.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()',
    );
    expect(await two('a', work('y', 10))).toBe('y');
    expect(await one('c', work('v', 10))).toBe('v');
    expect(await Promise.all([first, other])).toEqual(['x', 'w']);
    expect(await one('a', work('z', 10))).toBe('z');
    const nobody = new pg.Pool({ host: '127.0.0.1', port: 9 });
    pools.push(nobody);
    const lock = createAccountLock(nobody);
    await expect(lock('a', work('u'))).rejects.toThrow();
    await expect(lock('a', work('u'))).rejects.toThrow();
  });
});

describe('several processes with one account on an EVM chain', () => {
  let node: EvmNode;
  const workers: INestApplicationContext[] = [];
  beforeEach(async () => {
    node = await startEvmNode({ blockTimeSeconds: 1 });
  });
  afterEach(async () => {
    for (const worker of workers.splice(0)) await worker.close();
    await node.stop();
  });

  it('have each root in the chain once, also when they sign at the same moment', async () => {
    const settings = await settingsFor(node);
    const roots = Array.from({ length: 6 }, newRoot);
    const done = await Promise.all(
      roots.map(async (root) => {
        // Nothing in common but the database.
        const anchor = createEvmAnchor({ ...settings, exclusively: createAccountLock(newPool(2)) });
        let now: Submission | null = null;
        for (let i = 0; i < 600 && now?.state !== 'final'; i++) {
          now =
            now === null || now.state === 'unsubmitted'
              ? await anchor.submit(checkpointOf(root), now)
              : await anchor.confirm(now);
          if (now.retryAfterSeconds > 0) await pause(200);
        }
        return now!;
      }),
    );
    const nonces = new Set<number>();
    for (const [i, submission] of done.entries()) {
      expect(submission.detail).toMatch(/^final in /);
      const root = roots[i]!;
      expect(await minedFor(node, root)).toEqual([progressOf(submission).block!.transaction]);
      const { block, transactions } = progressOf(submission);
      nonces.add(transactions.find(({ id }) => id === block!.transaction)!.nonce);
      verifyEvmAttestation(readEvmAttestation(submission.attestation!), root);
    }
    expect([...nonces].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('anchor what the service seals, through the configuration', async () => {
    const { genesis } = await settingsFor(node);
    const chain = { rpcUrls: [node.rpcUrl], chainId: node.chainId, genesis, finality: { blocks: 2 }, pollSeconds: 1 };
    const key = node.accounts[0]!.privateKey;
    const config = testConfig(database, {
      ANCHORS: 'evm',
      EVM_CHAINS: JSON.stringify([
        { ...chain, name: 'one' },
        { ...chain, name: 'two' },
      ]),
      EVM_PRIVATE_KEY: key,
      BEACON: 'none',
      SEAL_INTERVAL_MS: '100',
      ANCHOR_INTERVAL_SECONDS: '1',
    });
    for (let i = 0; i < 2; i++) {
      const anchors = await createAnchors(config, newPool());
      expect([...anchors.keys()]).toEqual(['evm:one', 'evm:two']);
      workers.push(await startWorker(config, [...anchors.values()]));
    }
    const accept = await startIntake(database);
    interface Row {
      anchor: string;
      state: string;
      attestation: Buffer | null;
      root: Buffer;
      row: string;
    }
    let rows: Row[] = [];
    for (let i = 0; i < 60; i++) {
      if (i % 5 === 0 && i < 15) await accept([`document ${i}`]);
      await pause(500);
      ({ rows } = await database.pool.query<Row>(
        `SELECT s."anchor", s."state", s."attestation", k."root", to_jsonb(s)::text AS "row" FROM "submission" s JOIN "checkpoint" k ON k."size" = s."checkpoint_size" ORDER BY s."id"`,
      ));
      if (i > 15 && rows.length >= 4 && rows.every(({ state }) => state === 'final')) break;
    }
    expect(rows.length).toBeGreaterThanOrEqual(4);
    expect(new Set(rows.map(({ anchor }) => anchor))).toEqual(new Set(['evm:one', 'evm:two']));
    const mined = new Set<string>();
    for (const { state, attestation, root, row } of rows) {
      expect(state).toBe('final');
      expect(row.toLowerCase()).not.toContain(key.slice(2).toLowerCase());
      const { transactionHash } = verifyEvmAttestation(readEvmAttestation(attestation!), root);
      mined.add(Buffer.from(transactionHash).toString('hex'));
    }
    // Two anchors at one account that sign for one root at the same moment sign the same transaction.
    expect(mined.size).toBeGreaterThanOrEqual(rows.length / 2);
    expect(Number(await node.rpc('eth_getTransactionCount', node.accounts[0]!.address, 'latest'))).toBe(mined.size);
  });
});
