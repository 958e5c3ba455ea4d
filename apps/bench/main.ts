import pg from 'pg';
import { migrate } from '#database/migrate.js';
import { type Figure, formatFigures } from './figure.js';
import { benchHostile } from './hostile-bench.js';
import { benchArrayPost, benchSinglePost } from './intake-bench.js';
import { benchLatency } from './latency-bench.js';
import { benchProofReads } from './proof-bench.js';
import { benchSealing } from './sealing-bench.js';
import { startStage } from './service.js';
import { benchStatus } from './status-bench.js';
import { benchStorage } from './storage-bench.js';

/** Length of one load; `--seconds N` sets it, and `--only-hostile` leaves all else out. */
const SECONDS = 9;

/** Posts of the latency measurement. */
const LATENCY_SAMPLES = 300;

/** Bytes of a typical statement: what one row of the raw limit carries. */
const STATEMENT_BYTES = 262;

async function main(): Promise<void> {
  const given = process.argv.indexOf('--seconds');
  const seconds = given === -1 ? SECONDS : Number(process.argv[given + 1]);
  if (!Number.isInteger(seconds) || seconds < 1) throw new Error('--seconds: expected a whole number from 1');
  const onlyHostile = process.argv.includes('--only-hostile');
  const stage = await startStage(STATEMENT_BYTES);
  const figures: Figure[] = [];
  const add = (...measured: Figure[]) => {
    figures.push(...measured);
    for (const { name, ours, unit, failures } of measured) {
      console.error(`${name}: ${Math.round(ours)} ${unit}${failures > 0 ? `, ${failures} FAILED` : ''}`);
    }
  };
  try {
    if (!onlyHostile) {
      add(...(await benchLatency(stage, LATENCY_SAMPLES)));
      add(await benchSinglePost(stage, seconds));
      add(await benchArrayPost(stage, seconds, STATEMENT_BYTES));
      add(...(await benchProofReads(stage, seconds)));
      add(await benchStorage(stage));
      add(...(await measureSealing(stage.rawUrl)));
    }
    add(...(await benchHostile(stage, seconds)));
  } finally {
    await stage.stop();
  }
  console.log(formatFigures(figures));
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
