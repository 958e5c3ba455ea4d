import type { Figure } from './figure.js';
import { CONNECTIONS, measureLoad } from './load.js';
import type { Stage } from './service.js';

/** Records whose proofs are asked for again and again in the hot measurement. */
const HOT_RECORDS = 100;

/** Records from which the cold measurement draws: far more than any cache holds. */
const COLD_RECORDS = 200_000;

/** Proof reads of few and of many records, each without and with the newest status, against a bare Fastify answer of the same size. */
export async function benchProofReads(stage: Stage, seconds: number): Promise<Figure[]> {
  const { rows } = await stage.service.query<{ id: string }>(
    `SELECT r."id" FROM "record" r JOIN "chunk" c ON c."id" = r."chunk_id" WHERE c."batch_number" IS NOT NULL LIMIT ${COLD_RECORDS}`,
  );
  const ids = rows.map((row) => row.id);
  const figures: Figure[] = [];
  for (const status of ['none', 'latest']) {
    const answer = await fetch(`${stage.serviceUrl}/v1/records/${ids[0]}/proof?status=${status}`);
    const size = (await answer.text()).length;
    const raw = await measureLoad({
      url: stage.bareUrl,
      connections: CONNECTIONS,
      seconds,
      next: () => ({ method: 'GET', path: `/answers/${size}` }),
    });
    for (const [kind, count] of [
      ['few records', Math.min(HOT_RECORDS, ids.length)],
      [`${ids.length.toLocaleString('en-US')} records`, ids.length],
    ] as const) {
      const ours = await measureLoad({
        url: stage.serviceUrl,
        connections: CONNECTIONS,
        seconds,
        next: () => ({
          method: 'GET',
          path: `/v1/records/${ids[Math.floor(Math.random() * count)]}/proof?status=${status}`,
        }),
      });
      figures.push({
        name: `GET proof${status === 'none' ? '' : ' with status'}, ${kind}`,
        unit: 'requests/s',
        ours: ours.perSecond,
        raw: raw.perSecond,
        rawIs: `bare Fastify, ${size.toLocaleString('en-US')} bytes`,
        failures: ours.failures + raw.failures,
      });
    }
  }
  return figures;
}
