import { afterEach, beforeEach, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#database/testing.js';
import { unsealed, until } from '../testing/batches.js';
import { verifyRecord } from '../testing/public-proof.js';
import { startIntake, testSettings } from '../testing/test-worker.js';
import { startWorkerProcess, workerEntry, type WorkerProcess } from '../testing/worker-process.js';

const entry = workerEntry(Boolean(process.env['CI']));

let database: TestDatabase;
const processes: WorkerProcess[] = [];

/** Anchors whose nodes nobody runs; one of them may spend less than a submission may cost. */
async function start(): Promise<WorkerProcess> {
  const chain = { rpcUrls: ['http://127.0.0.1:1'], chainId: 1, genesis: `0x${'00'.repeat(32)}` };
  const worker = await startWorkerProcess(
    entry!,
    testSettings(database, {
      LOG_LEVEL: 'info',
      SEAL_INTERVAL_MS: '100',
      ANCHORS: 'evm',
      ANCHOR_OVERDUE_SECONDS: '1',
      ANCHOR_BUDGETS: 'evm:poor=1',
      BEACON: 'none',
      EVM_PRIVATE_KEY: '11'.repeat(32),
      EVM_CHAINS: JSON.stringify([
        { ...chain, name: 'poor' },
        { ...chain, name: 'away' },
      ]),
    }),
  );
  processes.push(worker);
  return worker;
}

/** The structured lines of all processes so far. */
function events(): { event: string; anchor: string; level: string }[] {
  return processes
    .flatMap((worker) => worker.output().split('\n'))
    .filter((line) => line.includes('"event"'))
    .map((line) => JSON.parse(line) as { level: string; message: { event: string; anchor: string } })
    .map(({ level, message: { event, anchor } }) => ({ event, anchor, level }))
    .sort((a, b) => `${a.event} ${a.anchor}`.localeCompare(`${b.event} ${b.anchor}`));
}

beforeEach(async () => {
  database = await createTestDatabase();
});

afterEach(async () => {
  for (const worker of processes.splice(0)) await worker.end('SIGKILL');
  await database.drop();
});

it.skipIf(!entry)(
  'says that an anchor is overdue or paused in one line, whatever number of processes there are and however often they are killed',
  async () => {
    const accept = await startIntake(database);
    const [id] = await accept(['document']);
    const [first, second] = await Promise.all([start(), start()]);
    const all = [
      { event: 'anchor.overdue', anchor: 'evm:away', level: 'error' },
      { event: 'anchor.overdue', anchor: 'evm:poor', level: 'error' },
      { event: 'anchor.paused', anchor: 'evm:poor', level: 'warn' },
    ];
    await until(async () => events().length >= all.length, 'the events');
    expect(events()).toEqual(all);
    await Promise.all([first.end('SIGKILL'), second.end('SIGKILL')]);
    await accept(['another']);
    await start();
    await until(async () => (await unsealed(database)) === 0, 'the second record to be sealed');
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect(events()).toEqual(all);
    expect((await verifyRecord(database, id!, 'document')).verdict).toBe('pending');
  },
);
