import type { Figure } from './figure.js';
import type { Stage } from './service.js';

/** Bytes on disk per record with every index, tile and log row, against the raw table with its indexes. */
export async function benchStorage(stage: Stage): Promise<Figure> {
  const { rows } = await stage.service.query<{ bytes: string; records: string }>(
    `SELECT sum(pg_total_relation_size(c.oid)) AS bytes, (SELECT sum("record_count") FROM "chunk") AS records
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname ~ '^(record|chunk|batch|log|checkpoint)'`,
  );
  const { rows: raw } = await stage.raw.query<{ bytes: string; records: string }>(
    `SELECT pg_total_relation_size('raw_record') AS bytes, (SELECT count(*) FROM raw_record) AS records`,
  );
  return {
    name: 'storage with indexes',
    unit: 'bytes/record',
    ours: Number(rows[0]!.bytes) / Number(rows[0]!.records),
    raw: Number(raw[0]!.bytes) / Number(raw[0]!.records),
    rawIs: 'the record table alone',
    failures: 0,
  };
}
