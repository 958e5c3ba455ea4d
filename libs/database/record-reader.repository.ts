import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type pg from 'pg';
import { GatheredReads } from './gathered-reads.js';
import { READ_POOL } from './pool.js';

/** A record as stored, and its place when it is sealed. */
export interface PlacedRecord {
  id: string;
  agencyId: number;
  /** Canonical JSON. */
  statement: string;
  /** Number of its batch and index of its leaf there; null before sealing. */
  place: { batch: number; index: number } | null;
}

/** Memory for sealed records, in characters of their statements. */
const CACHE_CHARACTERS = 16_000_000;

/** Reads single records fast: reads that come together share one query, and sealed records, which never change, are remembered. */
@Injectable()
export class RecordReaderRepository {
  readonly #sealed = new LRUCache<string, PlacedRecord>({
    maxSize: CACHE_CHARACTERS,
    sizeCalculation: ({ statement }) => statement.length + 100,
  });
  readonly #reads = new GatheredReads<PlacedRecord>((ids) => this.#read(ids));

  constructor(@Inject(READ_POOL) private readonly pool: pg.Pool) {}

  /** The record with this id (lower-case UUID), or null; without a promise when it is remembered. */
  find(id: string): PlacedRecord | Promise<PlacedRecord | null> {
    const known = this.#sealed.get(id);
    if (known !== undefined) return known;
    return this.#reads.find(id);
  }

  async #read(ids: string[]): Promise<Map<string, PlacedRecord>> {
    const { rows } = await this.pool.query<Row>({
      name: 'record-reader',
      text: `SELECT r."id", r."agency_id" AS "agencyId", r."statement", c."batch_number" AS "batch", c."batch_offset" + r."position" AS "index"
        FROM "record" r JOIN "chunk" c ON c."id" = r."chunk_id" WHERE r."id" = ANY($1::uuid[])`,
      values: [ids],
    });
    const records = rows.map(toPlacedRecord);
    for (const record of records) if (record.place) this.#sealed.set(record.id, record);
    return new Map(records.map((record) => [record.id, record]));
  }
}

interface Row {
  id: string;
  agencyId: number;
  statement: string;
  batch: string | null;
  index: number | null;
}

function toPlacedRecord({ id, agencyId, statement, batch, index }: Row): PlacedRecord {
  return { id, agencyId, statement, place: batch === null ? null : { batch: Number(batch), index: index! } };
}
