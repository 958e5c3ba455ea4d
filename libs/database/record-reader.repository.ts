import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type pg from 'pg';
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

/** Most ids that one query asks for. */
const MAX_IDS = 500;

/** Queries under way at a time: while they run, further ids gather for the next one. */
const MAX_QUERIES = 2;

/** Memory for sealed records, in characters of their statements. */
const CACHE_CHARACTERS = 16_000_000;

interface Waiting {
  resolve: (record: PlacedRecord | null) => void;
  reject: (error: unknown) => void;
}

/** Reads single records fast: reads that come together share one query, and sealed records, which never change, are remembered. */
@Injectable()
export class RecordReaderRepository {
  readonly #sealed = new LRUCache<string, PlacedRecord>({
    maxSize: CACHE_CHARACTERS,
    sizeCalculation: ({ statement }) => statement.length + 100,
  });
  #waiting = new Map<string, Waiting[]>();
  #queries = 0;
  #scheduled = false;

  constructor(@Inject(READ_POOL) private readonly pool: pg.Pool) {}

  /** The record with this id (lower-case UUID), or null; without a promise when it is remembered. */
  find(id: string): PlacedRecord | Promise<PlacedRecord | null> {
    const known = this.#sealed.get(id);
    if (known !== undefined) return known;
    return new Promise((resolve, reject) => {
      const others = this.#waiting.get(id);
      if (others) others.push({ resolve, reject });
      else this.#waiting.set(id, [{ resolve, reject }]);
      if (this.#scheduled) return;
      this.#scheduled = true;
      // After this turn of the event loop, so that all requests read from the sockets in it are in.
      setImmediate(() => {
        this.#scheduled = false;
        this.#send();
      });
    });
  }

  #send(): void {
    while (this.#queries < MAX_QUERIES && this.#waiting.size > 0) {
      const all = [...this.#waiting];
      const asked = new Map(all.slice(0, MAX_IDS));
      this.#waiting = new Map(all.slice(MAX_IDS));
      this.#queries += 1;
      void this.#read(asked).finally(() => {
        this.#queries -= 1;
        this.#send();
      });
    }
  }

  async #read(asked: Map<string, Waiting[]>): Promise<void> {
    try {
      const { rows } = await this.pool.query<Row>({
        name: 'record-reader',
        text: `SELECT r."id", r."agency_id" AS "agencyId", r."statement", c."batch_number" AS "batch", c."batch_offset" + r."position" AS "index"
          FROM "record" r JOIN "chunk" c ON c."id" = r."chunk_id" WHERE r."id" = ANY($1::uuid[])`,
        values: [[...asked.keys()]],
      });
      for (const row of rows) {
        const record = toPlacedRecord(row);
        if (record.place) this.#sealed.set(record.id, record);
        for (const { resolve } of asked.get(record.id) ?? []) resolve(record);
        asked.delete(record.id);
      }
      for (const { resolve } of [...asked.values()].flat()) resolve(null);
    } catch (error) {
      for (const { reject } of [...asked.values()].flat()) reject(error);
    }
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
