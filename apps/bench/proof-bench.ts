import type pg from 'pg';
import type { CpuMeter } from './cpu-time.js';
import type { Figure } from './figure.js';
import { CONNECTIONS, measureLoad } from './load.js';
import type { Stage } from './service.js';

/** Records whose proofs are asked for again and again in the hot measurement. */
const HOT_RECORDS = 100;

/** Records from which the cold measurement draws: far more than any cache holds. */
const COLD_RECORDS = 200_000;

/** Proof reads of few and of many records, each without and with the newest status, against a bare Fastify answer of the same size: few of them
 * against one that reads nothing, many against one that reads a row of the same shape by its key. */
export async function benchProofReads(stage: Stage, seconds: number): Promise<Figure[]> {
  const [ids, rows] = await Promise.all([
    idsOf(
      stage.service,
      'SELECT r."id" FROM "record" r JOIN "chunk" c ON c."id" = r."chunk_id" WHERE c."batch_number" IS NOT NULL',
    ),
    idsOf(stage.raw, 'SELECT "id" FROM raw_record'),
  ]);
  const load = (url: string, cpu: CpuMeter, paths: readonly string[]) =>
    measureLoad({
      url,
      connections: CONNECTIONS,
      seconds,
      cpu,
      next: () => ({ method: 'GET', path: paths[Math.floor(Math.random() * paths.length)]! }),
    });
  const figures: Figure[] = [];
  for (const status of ['none', 'latest']) {
    const paths = ids.map((id) => `/v1/records/${id}/proof?status=${status}`);
    const size = (await (await fetch(`${stage.serviceUrl}${paths[0]}`)).text()).length;
    for (const { kind, proofs, bare, rawIs } of [
      {
        kind: 'few records',
        proofs: paths.slice(0, HOT_RECORDS),
        bare: [`/answers/${size}`],
        rawIs: 'bare Fastify',
      },
      {
        kind: `${ids.length.toLocaleString('en-US')} records`,
        proofs: paths,
        bare: rows.map((id) => `/answers/${size}/${id}`),
        rawIs: `bare Fastify and one of ${rows.length.toLocaleString('en-US')} rows by its key`,
      },
    ]) {
      const raw = await load(stage.bareUrl, stage.bareCpu, bare);
      const ours = await load(stage.serviceUrl, stage.serviceCpu, proofs);
      figures.push({
        name: `GET proof${status === 'none' ? '' : ' with status'}, ${kind}`,
        unit: 'requests/s',
        ours: ours.perSecond,
        raw: raw.perSecond,
        rawIs: `${rawIs}, ${size.toLocaleString('en-US')} bytes`,
        failures: ours.failures + raw.failures,
        cpu: { ours: ours.cpu, raw: raw.cpu },
      });
    }
  }
  return figures;
}

async function idsOf(pool: pg.Pool, query: string): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(`${query} LIMIT ${COLD_RECORDS}`);
  return rows.map(({ id }) => id);
}
