import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cpuOf } from './cpu-time.js';
import type { Figure } from './figure.js';
import { HOSTILE_KINDS, type Target } from './hostile-load.js';
import { record, post } from './intake-bench.js';
import { CONNECTIONS, type Load, measureLoad } from './load.js';
import type { Stage } from './service.js';

const PROGRAM = join(dirname(fileURLToPath(import.meta.url)), 'hostile-load.js');

/** Connections of those who do harm. */
const HOSTILE_CONNECTIONS = 64;

/** Records that carry the one digest which is looked up. */
const SAME_DIGEST_RECORDS = 20_000;
const SAME_DIGEST = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** Records that are asked for one by one, as many as one request may name. */
const ASKED_RECORDS = 1000;

/** Posts of one record beside each kind of hostile load, against the same posts undisturbed; the p99 in brackets is the undisturbed one. Of what the posts
 * lack then, the senders' own part of the cores is not the service's doing: it stands beside. */
export async function benchHostile(stage: Stage, seconds: number, kinds = HOSTILE_KINDS): Promise<Figure[]> {
  const target: Target = {
    url: stage.serviceUrl,
    connections: HOSTILE_CONNECTIONS,
    apiKey: await stage.makeAgency('hostile.example'),
    digest: SAME_DIGEST,
    ids: await lodgeSameDigest(stage),
    batches: await countBatches(stage),
  };
  const figures: Figure[] = [];
  for (const kind of kinds) {
    // Right before, so that whatever else the machine does weighs on both.
    const undisturbed = await measurePosts(stage, seconds);
    const hostile = spawn(process.execPath, [PROGRAM, kind, JSON.stringify(target)], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const exited = once(hostile, 'exit');
    const beganMs = performance.now();
    const beside = await measurePosts(stage, seconds);
    const sender = cpuOf(hostile.pid!) / 1000 / (performance.now() - beganMs);
    hostile.kill('SIGKILL');
    await exited;
    figures.push({
      name: `POST beside ${HOSTILE_CONNECTIONS} × ${kind}, p99 ${Math.round(beside.p99Ms)} ms (${Math.round(undisturbed.p99Ms)} ms), sender ${sender.toFixed(2)} cores`,
      unit: 'requests/s',
      ours: beside.perSecond,
      raw: undisturbed.perSecond,
      rawIs: 'undisturbed',
      failures: beside.failures,
      cpu: { ours: beside.cpu, raw: undisturbed.cpu },
    });
  }
  return figures;
}

function measurePosts(stage: Stage, seconds: number): Promise<Load> {
  return measureLoad({
    url: stage.serviceUrl,
    connections: CONNECTIONS,
    seconds,
    cpu: stage.serviceCpu,
    next: () => post(stage, record()),
  });
}

/** @returns ids of some of them */
async function lodgeSameDigest(stage: Stage): Promise<string[]> {
  const body = `[${Array.from({ length: 1000 }, () => `{"profile":"generic@1","digests":{"sha256":"${SAME_DIGEST}"}}`).join()}]`;
  const ids: string[] = [];
  for (let lodged = 0; lodged < SAME_DIGEST_RECORDS; lodged += 1000) {
    const { path, ...request } = post(stage, body);
    const answer = await fetch(`${stage.serviceUrl}${path}`, request);
    if (!answer.ok) throw new Error(`lodging records: expected 200, got ${answer.status}`);
    const { records } = (await answer.json()) as { records: { id: string }[] };
    ids.push(...records.map(({ id }) => id));
  }
  const every = SAME_DIGEST_RECORDS / ASKED_RECORDS;
  return ids.filter((_, i) => i % every === 0);
}

/** How many batches the log has once one is sealed. */
async function countBatches(stage: Stage): Promise<number> {
  for (;;) {
    const { rows } = await stage.service.query<{ n: number }>('SELECT count(*)::int AS n FROM "batch"');
    if (rows[0]!.n > 0) return rows[0]!.n;
    await new Promise((done) => setTimeout(done, 200));
  }
}
