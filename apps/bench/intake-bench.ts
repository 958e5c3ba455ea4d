import { randomUUID } from 'node:crypto';
import type { CpuTime } from './cpu-time.js';
import type { Figure } from './figure.js';
import { CONNECTIONS, measureLoad, nextDigest } from './load.js';
import type { Stage } from './service.js';

/** Records in one array of the bulk measurement: the most that the API takes. */
const ARRAY_RECORDS = 1000;

/** Connections that post arrays or lines, and clients of the raw insert. */
export const RAW_CLIENTS = 4;

/** A request that lodges `body`. */
export const post = (stage: Stage, body: string) => ({
  method: 'POST' as const,
  path: '/v1/records',
  headers: { authorization: `Bearer ${stage.apiKey}`, 'content-type': 'application/json' },
  body,
});

/** One record that no earlier call returned, as JSON text. */
export const record = () => `{"profile":"generic@1","digests":{"sha256":"${nextDigest()}"}}`;

/** One record a request at 64 connections, against a bare Fastify that group-commits the same rows. */
export async function benchSinglePost(stage: Stage, seconds: number): Promise<Figure> {
  const raw = await measureLoad({
    url: stage.bareUrl,
    connections: CONNECTIONS,
    seconds,
    cpu: stage.bareCpu,
    next: () => ({ method: 'POST', path: '/records', headers: { 'content-type': 'application/json' }, body: record() }),
  });
  const ours = await measureLoad({
    url: stage.serviceUrl,
    connections: CONNECTIONS,
    seconds,
    cpu: stage.serviceCpu,
    next: () => post(stage, record()),
  });
  return {
    name: `POST one record, ${CONNECTIONS} connections`,
    unit: 'requests/s',
    ours: ours.perSecond,
    raw: raw.perSecond,
    rawIs: 'bare Fastify, same rows, group commit',
    failures: ours.failures + raw.failures,
    cpu: { ours: ours.cpu, raw: raw.cpu },
  };
}

/** Arrays of 1,000 records, against inserting the same rows with one `unnest` statement each. */
export async function benchArrayPost(stage: Stage, seconds: number, statementBytes: number): Promise<Figure> {
  const raw = await measureRawInsert(stage, seconds, statementBytes);
  const ours = await measureLoad({
    url: stage.serviceUrl,
    connections: RAW_CLIENTS,
    seconds,
    cpu: stage.serviceCpu,
    next: () => post(stage, `[${Array.from({ length: ARRAY_RECORDS }, record).join(',')}]`),
  });
  return {
    name: `POST arrays of ${ARRAY_RECORDS}`,
    unit: 'records/s',
    ours: ours.perSecond * ARRAY_RECORDS,
    raw: raw.perSecond,
    rawIs: 'unnest insert of the same rows',
    failures: ours.failures,
    cpu: { ours: perRecord(ours.cpu), raw: raw.cpu },
  };
}

function perRecord(cpu: CpuTime | null): CpuTime | null {
  if (cpu === null) return null;
  const [load, server, database] = [cpu.load, cpu.server, cpu.database].map((us) => us / ARRAY_RECORDS);
  return { load: load!, server: server!, database: database! };
}

/** Rows a second that clients insert with one `unnest` statement for each thousand. */
export async function measureRawInsert(
  stage: Stage,
  seconds: number,
  statementBytes: number,
): Promise<{ perSecond: number; cpu: CpuTime | null }> {
  const statement = 's'.repeat(statementBytes);
  let rows = 0;
  const insert = async () => {
    const digests = Array.from({ length: ARRAY_RECORDS }, () => Buffer.from(nextDigest(), 'hex'));
    await stage.raw.query({
      name: 'insert',
      text: 'INSERT INTO raw_record SELECT u, 1, 1, 0, d, NULL, s FROM unnest($1::uuid[], $2::bytea[], $3::text[]) AS r(u, d, s)',
      values: [digests.map(() => randomUUID()), digests, digests.map(() => statement)],
    });
    rows += ARRAY_RECORDS;
  };
  const until = async (end: number) => {
    while (performance.now() < end) await insert();
  };
  const clients = (end: number) => Promise.all(Array.from({ length: RAW_CLIENTS }, () => until(end)));
  await clients(performance.now() + (seconds * 1000) / 3);
  rows = 0;
  const cpu = stage.bareCpu();
  const start = performance.now();
  await clients(start + seconds * 1000);
  return { perSecond: rows / ((performance.now() - start) / 1000), cpu: cpu(rows) };
}
