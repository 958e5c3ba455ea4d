import { hash, randomBytes } from 'node:crypto';
import { generateKeyPairSync } from 'node:crypto';
import type pg from 'pg';
import { SigningKey } from '#keys/signing-key.js';
import { BatchTreeThread } from '#sealing/batch-tree-thread.js';
import { sealNextBatch } from '#sealing/seal.js';
import type { Figure } from './figure.js';

/** Records in the sealed batch: the service's default largest batch. */
const RECORDS = 131_072;

/** Leaves in one chunk row, as intake makes them under load. */
const CHUNK_RECORDS = 1000;

/** Length of a preimage of a node hash: what sealing hashes once per record. */
const PREIMAGE_BYTES = 65;

/** Batches sealed one after the other; the median counts. */
const ROUNDS = 5;

/** Sealing a full batch (tree, tiles, log, checkpoint, one transaction) against hashing that many preimages and nothing else. */
export async function benchSealing(pool: pg.Pool): Promise<Figure> {
  const key = new SigningKey(generateKeyPairSync('ed25519').privateKey);
  const thread = new BatchTreeThread();
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (let waiting = RECORDS; waiting > 0; waiting -= CHUNK_RECORDS) {
      const count = Math.min(CHUNK_RECORDS, waiting);
      await pool.query('INSERT INTO "chunk" ("record_count", "leaves") VALUES ($1, $2)', [
        count,
        randomBytes(count * 32),
      ]);
    }
    const start = performance.now();
    const batch = await sealNextBatch({
      pool,
      origin: 'bench.example/log',
      key,
      batchMaxRecords: RECORDS,
      beacon: null,
      now: () => new Date(),
      buildTree: (leaves) => thread.build(leaves),
      applyStatus: (change, parts) => thread.applyStatus(change, parts),
    });
    times.push(performance.now() - start);
    if (batch?.size !== RECORDS)
      throw new Error(`expected a batch of ${RECORDS} records, got ${batch?.size ?? 'none'}`);
  }
  await thread.close();
  times.sort((a, b) => a - b);
  return {
    name: `seal ${RECORDS.toLocaleString('en-US')} records`,
    unit: 'records/s',
    ours: RECORDS / (times[Math.floor(ROUNDS / 2)]! / 1000),
    raw: bareHashing(),
    rawIs: `bare SHA-256 of ${PREIMAGE_BYTES} bytes`,
    failures: 0,
  };
}

/** Hashes per second, in the fastest form that Node has, a Latin-1 string, which is also what sealing uses: with buffers the limit would look
 * lower than it is. */
function bareHashing(): number {
  const preimage = randomBytes(PREIMAGE_BYTES);
  const run = () => {
    const start = performance.now();
    for (let i = 0; i < RECORDS; i += 1) {
      preimage.writeUInt32LE(i, 1);
      hash('sha256', preimage, 'binary');
    }
    return RECORDS / ((performance.now() - start) / 1000);
  };
  run();
  return run();
}
