import { hexToBytes } from '@noble/hashes/utils.js';
import { base64 } from '@scure/base';
import { parseBatchEntry } from '#statement/batch-entry.js';
import { formatTlogProof } from '#tlog/tlog-proof.js';
import type { Proof } from './proof.js';

/**
 * C2SP tlog-proof text that the record's entry is in its batch. It verifies against the verifier key that has the
 * checkpoint's origin `<log origin>/batch/<number>` as its name and the log's public key.
 */
export function recordInBatch({ batch }: Proof): string {
  const path = batch.path.map((hex) => hexToBytes(hex));
  return formatTlogProof({ index: batch.index, path, checkpoint: batch.checkpoint });
}

/** C2SP tlog-proof text that the batch entry is in the log, at the earliest checkpoint that covers it. It verifies against the log's key. */
export function batchInLog({ batch, log }: Proof): string {
  const [{ path, note }] = log.checkpoints as [Proof['log']['checkpoints'][number]];
  const { number } = parseBatchEntry(base64.decode(batch.entry));
  return formatTlogProof({ index: number, path: path.map((hex) => hexToBytes(hex)), checkpoint: note });
}
