import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { PG_POOL } from './pool.js';

/** Bytes that a probe writes: more than what a file has left over in its last pages. */
const FILLING_BYTES = 64 * 1024;

/** Finds out whether the database can be written to by writing. */
@Injectable()
export class WriteProbe {
  constructor(@Inject(PG_POOL) private readonly pool: pg.Pool) {}

  /** Writes and commits. An emptied table begins a new file, so that a full disk shows whatever space there is inside of the other files.
   * @throws what the database says against it */
  async run(): Promise<void> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    try {
      await client.query(
        `BEGIN; SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '5s'; TRUNCATE "write_probe"`,
      );
      await client.query('INSERT INTO "write_probe" VALUES ($1)', [Buffer.alloc(FILLING_BYTES, 1)]);
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK').catch((lost: Error) => (broken = lost));
      throw error;
    } finally {
      client.release(broken);
    }
  }
}
