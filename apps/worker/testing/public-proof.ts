import { hexToBytes } from '@noble/hashes/utils.js';
import type { BlockSource } from '#source/block-source.js';
import type { TestDatabase } from '#database/testing.js';
import { PROOF_FORMAT } from '#proof/format.js';
import { formatPath } from '#proof/testing/format-path.js';
import type { Verification } from '#proof/verification.js';
import { verifyProof } from '#proof/verify.js';
import { BatchPaths } from '#sealing/batch-paths.js';
import { LogTree } from '#sealing/log-tree.js';
import { digestOf, verifierKey } from './test-worker.js';

/** Verifies a sealed record as its holder would, with nothing but what the service publishes about it. */
export async function verifyRecord(
  database: TestDatabase,
  id: string,
  name: string,
  blockSources: BlockSource[] = [],
): Promise<Verification> {
  const { rows } = await database.pool.query<{
    statement: string;
    number: string;
    index: number;
    size: number;
    entry: Buffer;
    checkpoint: string;
    logSize: string;
    note: string;
  }>(
    `SELECT r."statement", b."number", c."batch_offset" + r."position" AS "index", b."size", b."entry", b."checkpoint",
       k."size" AS "logSize", k."note"
     FROM "record" r JOIN "chunk" c ON c."id" = r."chunk_id" JOIN "batch" b ON b."number" = c."batch_number"
     JOIN "checkpoint" k ON k."size" = b."number" + 1 WHERE r."id" = $1`,
    [id],
  );
  const row = rows[0];
  if (!row) throw new Error(`Proving ${name}: expected a sealed record, got none with id ${id}`);
  const number = Number(row.number);
  const batchPath = await new BatchPaths(database.pool).inclusionPath(number, row.index, row.size);
  const logPath = await new LogTree(database.pool).inclusionPath(number, Number(row.logSize));
  return verifyProof({
    proof: {
      format: PROOF_FORMAT,
      id,
      statement: JSON.parse(row.statement),
      batch: {
        index: row.index,
        path: formatPath(batchPath),
        entry: row.entry.toString('base64'),
        checkpoint: row.checkpoint,
      },
      log: { key: verifierKey(), checkpoints: [{ path: formatPath(logPath), note: row.note, attestations: [] }] },
    },
    digests: { sha256: hexToBytes(digestOf(name)) },
    trustedKeys: [verifierKey()],
    sources: { bitcoin: blockSources, evm: [] },
    now: new Date(),
  });
}
