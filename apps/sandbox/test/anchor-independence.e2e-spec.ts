import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { INestApplicationContext } from '@nestjs/common';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#database/testing.js';
import { createAnchors } from '../../worker/anchors.js';
import { SLOTS_PER_ANCHOR } from '../../worker/attempt-slots.js';
import { unsealed, until } from '../../worker/testing/batches.js';
import { verifyRecord } from '../../worker/testing/public-proof.js';
import { startIntake, startWorker, testConfig } from '../../worker/testing/test-worker.js';
import { type BitcoinNode, startBitcoinNode } from '#anchors/bitcoin/testing/bitcoin-node.js';
import { startCalendar } from '#anchors/opentimestamps/testing/calendar.js';
import { type EvmNode, startEvmNode } from '#anchors/evm/testing/evm-node.js';

/** A server that takes every connection and never says a word. */
interface SilentServer {
  readonly port: number;
  /** Connections that are open. */
  open(): number;
  stop(): Promise<void>;
}

async function startSilentServer(port = 0): Promise<SilentServer> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    socket.resume();
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as { port: number }).port,
    open: () => sockets.size,
    stop: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

let database: TestDatabase;
let bitcoin: BitcoinNode;
let evm: EvmNode;
const silent: SilentServer[] = [];
let worker: INestApplicationContext | undefined;

beforeAll(async () => {
  database = await createTestDatabase();
  [bitcoin, evm] = await Promise.all([startBitcoinNode(), startEvmNode({ blockTimeSeconds: 1 })]);
});

afterAll(async () => {
  await Promise.all(silent.map((server) => server.stop()));
  await worker?.close();
  await Promise.all([bitcoin?.stop(), evm?.stop()]);
  await database?.drop();
});

it('anchors whose servers hang for a minute, with dozens of submissions due, delay neither another anchor nor sealing', async () => {
  const calendar = await startCalendar({ node: bitcoin });
  const calendarPort = Number(new URL(calendar.url).port);
  const deadNode = await startSilentServer();
  silent.push(deadNode);
  const chain = { chainId: evm.chainId, genesis: (await evm.block(0))!.hash, finality: { blocks: 2 }, pollSeconds: 1 };
  const config = testConfig(database, {
    SEAL_INTERVAL_MS: '50',
    ANCHORS: 'opentimestamps,evm',
    ANCHOR_INTERVAL_SECONDS: '1',
    OTS_CALENDARS: calendar.url,
    OTS_CALENDAR_ALLOW: '',
    OTS_QUORUM: '1',
    OTS_TIMEOUT_MS: '60000',
    EVM_TIMEOUT_MS: '60000',
    EVM_PRIVATE_KEY: evm.accounts[0]!.privateKey,
    EVM_CHAINS: JSON.stringify([
      { ...chain, name: 'dead', rpcUrls: [`http://127.0.0.1:${deadNode.port}`] },
      { ...chain, name: 'main', rpcUrls: [evm.rpcUrl] },
    ]),
    BEACON: 'none',
  });
  const accept = await startIntake(database);
  const anchors = await createAnchors(config, database.pool);
  worker = await startWorker(config, [...anchors.values()]);
  const states = async (anchor: string) => {
    const { rows } = await database.pool.query<{ size: number; state: string; held: boolean }>(
      `SELECT "checkpoint_size"::int AS size, "state", "next_attempt_at" > clock_timestamp() + interval '90 s' AS held
       FROM "submission" WHERE "anchor" = $1 ORDER BY "checkpoint_size"`,
      [anchor],
    );
    return rows;
  };
  const sealOne = async (name: string) => {
    const [id] = await accept([name]);
    await until(async () => (await unsealed(database)) === 0, `${name} to be sealed`);
    const { rows } = await database.pool.query<{ size: number }>('SELECT "size"::int AS size FROM "log"');
    return { id: id!, size: rows[0]!.size };
  };

  // Dozens of submissions that the calendar has taken and that are all due: copies of a real one.
  await sealOne('first');
  await until(async () => (await states('opentimestamps'))[0]?.state === 'pending', 'the calendar to take it');
  await calendar.stop();
  const hanging = await startSilentServer(calendarPort);
  silent.push(hanging);
  for (let i = 0; i < 45; i++) await sealOne(`filler ${i}`);
  await database.pool.query(
    `INSERT INTO "submission" ("anchor", "checkpoint_size", "state", "attestation", "progress", "detail", "attempts", "next_attempt_at", "submitted_at")
     SELECT 'opentimestamps', c."size", 'pending', s."attestation", s."progress", s."detail", 1, clock_timestamp(), clock_timestamp()
     FROM "checkpoint" c CROSS JOIN LATERAL (SELECT * FROM "submission" WHERE "anchor" = 'opentimestamps' ORDER BY "checkpoint_size" LIMIT 1) s
     WHERE c."size" <= 40 ON CONFLICT DO NOTHING`,
  );
  await until(async () => hanging.open() >= SLOTS_PER_ANCHOR, 'the slots to hang');
  expect((await states('evm:dead')).length).toBe(1);

  // While both hang, a record is sealed and final in the other chain.
  const name = 'in spite of all';
  const { id, size } = await sealOne(name);
  await until(
    async () => (await states('evm:main')).some((row) => row.size >= size && row.state === 'final'),
    'the record to be final',
  );
  expect(hanging.open()).toBeGreaterThanOrEqual(SLOTS_PER_ANCHOR);

  // The hanging anchor has exactly its slots; the rest of its work waits in the table, untouched.
  const stuck = await states('opentimestamps');
  expect(stuck.length).toBeGreaterThan(SLOTS_PER_ANCHOR + 20);
  // The real first one is not due again before its poll time.
  const hung = stuck.filter(({ size: at, held, state }) => at > 1 && held && state === 'pending').length;
  expect(hung).toBeGreaterThan(0);
  expect(hung).toBeLessThanOrEqual(SLOTS_PER_ANCHOR);
  expect(await states('evm:dead')).toMatchObject([{ state: 'unsubmitted' }]);
  expect((await verifyRecord(database, id, name)).verdict).toBe('pending');
});
