import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { PG_POOL } from './pool.js';

/** How long a nonce is used up: from the earliest moment at which a signature is taken to the latest. */
const KEPT = "interval '10 minutes'";

/** Rows of one purge. */
const PURGE_ROWS = 5000;

/** Nonces of signed requests, over all processes. */
@Injectable()
export class SignatureNonceRepository {
  constructor(@Inject(PG_POOL) private readonly pool: pg.Pool) {}

  /** Uses up a nonce of the key with this prefix. @returns whether it was not used within the last ten minutes */
  async take(keyPrefix: string, nonce: string): Promise<boolean> {
    const { rowCount } = await this.pool.query({
      name: 'signature-nonce-take',
      text: `INSERT INTO "signature_nonce" AS n ("key_prefix", "nonce") VALUES ($1, $2)
        ON CONFLICT ("key_prefix", "nonce") DO UPDATE SET "seen_at" = excluded."seen_at" WHERE n."seen_at" <= clock_timestamp() - ${KEPT}`,
      values: [keyPrefix, nonce],
    });
    return rowCount === 1;
  }

  /** Deletes some of what is kept no more. @returns whether there may be more of it */
  async purge(): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `DELETE FROM "signature_nonce" WHERE ("key_prefix", "nonce") IN (SELECT "key_prefix", "nonce" FROM "signature_nonce"
        WHERE "seen_at" <= clock_timestamp() - ${KEPT} ORDER BY "seen_at" LIMIT ${PURGE_ROWS} FOR UPDATE SKIP LOCKED)`,
    );
    return rowCount === PURGE_ROWS;
  }
}
