import type { NodeReader } from '#status/node-reader.js';
import { type StatusTileName, tileKey } from '#status/node.js';
import type { Queryable } from './log-tree.js';

/** The touched parts of the status tree as they are after batch `number`, read from the database; −1 is before the first. */
export class StatusNodes implements NodeReader {
  constructor(
    private readonly db: Queryable,
    private readonly number: number,
  ) {}

  async leaves(indexes: readonly number[]): Promise<Map<number, Uint8Array>> {
    if (indexes.length === 0) return new Map();
    const { rows } = await this.db.query<{ index: string; bytes: Buffer }>({
      name: 'status-leaves',
      text: `SELECT a."index", l."bytes" FROM unnest($1::bigint[]) AS a("index") CROSS JOIN LATERAL (
        SELECT "bytes" FROM "status_leaf" WHERE "index" = a."index" AND "batch_number" <= $2 ORDER BY "batch_number" DESC LIMIT 1) AS l`,
      values: [indexes, this.number],
    });
    return new Map(rows.map(({ index, bytes }) => [Number(index), bytes]));
  }

  async tiles(names: readonly StatusTileName[]): Promise<Map<string, Uint8Array>> {
    if (names.length === 0) return new Map();
    const { rows } = await this.db.query<{ level: number; index: string; hashes: Buffer }>({
      name: 'status-tiles',
      text: `SELECT a."level", a."index", t."hashes" FROM unnest($1::smallint[], $2::bigint[]) AS a("level", "index") CROSS JOIN LATERAL (
        SELECT "hashes" FROM "status_tile" WHERE "level" = a."level" AND "index" = a."index" AND "batch_number" <= $3
        ORDER BY "batch_number" DESC LIMIT 1) AS t`,
      values: [names.map(({ level }) => level), names.map(({ index }) => index), this.number],
    });
    return new Map(rows.map(({ level, index, hashes }) => [tileKey(level, Number(index)), hashes]));
  }
}
