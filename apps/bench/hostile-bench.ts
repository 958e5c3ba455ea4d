import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Figure } from './figure.js';
import { HOSTILE_KINDS } from './hostile-load.js';
import { record, post } from './intake-bench.js';
import { CONNECTIONS, type Load, measureLoad } from './load.js';
import type { Stage } from './service.js';

const PROGRAM = join(dirname(fileURLToPath(import.meta.url)), 'hostile-load.js');

/** Connections of those who do harm. */
const HOSTILE_CONNECTIONS = 64;

/** Records that carry the one digest which is looked up. */
const SAME_DIGEST_RECORDS = 20_000;
const SAME_DIGEST = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** Posts of one record beside each kind of hostile load, against the same posts undisturbed; the p99 in brackets is the undisturbed one. */
export async function benchHostile(stage: Stage, seconds: number): Promise<Figure[]> {
  await lodgeSameDigest(stage);
  const key = await stage.makeAgency('hostile.example');
  const figures: Figure[] = [];
  for (const kind of HOSTILE_KINDS) {
    // Right before, so that whatever else the machine does weighs on both.
    const undisturbed = await measurePosts(stage, seconds);
    const hostile = spawn(
      process.execPath,
      [PROGRAM, kind, stage.serviceUrl, String(HOSTILE_CONNECTIONS), key, SAME_DIGEST],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    const exited = once(hostile, 'exit');
    const beside = await measurePosts(stage, seconds);
    hostile.kill('SIGKILL');
    await exited;
    figures.push({
      name: `POST beside ${HOSTILE_CONNECTIONS} × ${kind}, p99 ${Math.round(beside.p99Ms)} ms (${Math.round(undisturbed.p99Ms)} ms)`,
      unit: 'requests/s',
      ours: beside.perSecond,
      raw: undisturbed.perSecond,
      rawIs: 'undisturbed',
      failures: beside.failures,
    });
  }
  return figures;
}

function measurePosts(stage: Stage, seconds: number): Promise<Load> {
  return measureLoad({
    url: stage.serviceUrl,
    connections: CONNECTIONS,
    seconds,
    next: () => post(stage, record()),
  });
}

async function lodgeSameDigest(stage: Stage): Promise<void> {
  const body = `[${Array.from({ length: 1000 }, () => `{"profile":"generic@1","digests":{"sha256":"${SAME_DIGEST}"}}`).join()}]`;
  for (let lodged = 0; lodged < SAME_DIGEST_RECORDS; lodged += 1000) {
    const { path, ...request } = post(stage, body);
    const answer = await fetch(`${stage.serviceUrl}${path}`, request);
    if (!answer.ok) throw new Error(`lodging records: expected 200, got ${answer.status}`);
    await answer.arrayBuffer();
  }
}
