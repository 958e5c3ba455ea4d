import { parseArgs } from 'node:util';
import pg from 'pg';
import { migrate } from '#database/migrate.js';
import { type Figure, formatCpu, formatFigures } from './figure.js';

import { benchHostile } from './hostile-bench.js';
import { benchImport } from './import-bench.js';
import { benchArrayPost, benchSinglePost } from './intake-bench.js';
import { benchLatency } from './latency-bench.js';
import { benchPage } from './page-bench.js';
import { benchProofReads } from './proof-bench.js';
import { benchSealing } from './sealing-bench.js';
import { type Stage, startStage } from './service.js';
import { benchSignedImport } from './signed-bench.js';
import { benchStatus } from './status-bench.js';
import { benchStorage } from './storage-bench.js';

/** Length of one load; `--seconds N` sets it. */
const SECONDS = 9;

/** Posts of the latency measurement. */
const LATENCY_SAMPLES = 300;

/** Bytes of a typical statement: what one row of the raw limit carries. */
const STATEMENT_BYTES = 262;

/** What is measured, in this order; `--only NAME,NAME` leaves the others out, `--kinds KIND,KIND` other kinds of harm. */
const PARTS: Record<string, (stage: Stage, seconds: number, kinds?: string[]) => Promise<Figure[]>> = {
  latency: (stage) => benchLatency(stage, LATENCY_SAMPLES),
  single: async (stage, seconds) => [await benchSinglePost(stage, seconds)],
  arrays: async (stage, seconds) => [await benchArrayPost(stage, seconds, STATEMENT_BYTES)],
  import: async (stage, seconds) => [await benchImport(stage, seconds, STATEMENT_BYTES)],
  signed: async (stage, seconds) => [await benchSignedImport(stage, seconds)],
  // Of what arrays have lodged.
  proofs: benchProofReads,
  storage: async (stage) => [await benchStorage(stage)],
  sealing: (stage) => measureSealing(stage.rawUrl),
  hostile: benchHostile,
  page: benchPage,
};

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { seconds: { type: 'string' }, only: { type: 'string' }, kinds: { type: 'string' } },
  });
  const seconds = Number(values.seconds ?? SECONDS);
  if (!Number.isInteger(seconds) || seconds < 1) throw new Error('--seconds: expected a whole number from 1');
  const only = values.only?.split(',') ?? Object.keys(PARTS);
  const unknown = only.find((name) => !(name in PARTS));
  if (unknown !== undefined)
    throw new Error(`--only: expected some of ${Object.keys(PARTS).join(', ')}, got ${JSON.stringify(unknown)}`);
  const stage = await startStage(STATEMENT_BYTES);
  const figures: Figure[] = [];
  try {
    for (const [name, measure] of Object.entries(PARTS)) {
      if (!only.includes(name)) continue;
      const measured = await measure(stage, seconds, values.kinds?.split(','));
      figures.push(...measured);
      for (const { name: row, ours, unit, failures } of measured) {
        console.error(`${row}: ${Math.round(ours)} ${unit}${failures > 0 ? `, ${failures} FAILED` : ''}`);
      }
    }
  } finally {
    await stage.stop();
  }
  console.log(`${formatFigures(figures)}\n\n${formatCpu(figures)}`);
  if (figures.some((figure) => figure.failures > 0)) process.exitCode = 1;
}

/** Sealing on migrated schemas of its own, so that the running service's sealer stays out of it. */
async function measureSealing(rawUrl: string): Promise<Figure[]> {
  const pool = new pg.Pool({ connectionString: rawUrl, max: 4 });
  try {
    await migrate(pool);
    const sealing = await benchSealing(pool);
    // The next log begins with nothing.
    await pool.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
    await migrate(pool);
    return [sealing, ...(await benchStatus(pool))];
  } finally {
    await pool.end();
  }
}

await main();
