import { expect } from 'vitest';
import { leafHash } from '#merkle/hash.js';
import { verifyInclusion } from '#merkle/inclusion.js';
import type { Proof } from '#proof/proof.js';
import { parseBatchEntry } from '#statement/batch-entry.js';
import { statementHash } from '#statement/entry.js';
import { canonicalize } from '#statement/jcs.js';
import { parseStatusEntry } from '#statement/status-entry.js';
import type { StatusEvent } from '#status/event.js';
import { historyProblem, verifyStatus } from '#status/verify.js';
import { type Checkpoint, parseCheckpoint } from '#tlog/checkpoint.js';
import { parseNote, verifyNote } from '#tlog/note.js';
import { parseVerifierKey } from '#tlog/verifier-key.js';

const bytes = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'));
const hashes = (path: string[]) => path.map((hex) => new Uint8Array(Buffer.from(hex, 'hex')));

/** Checks that an event is in its batch, and the batch under a checkpoint. @returns the event, and its place in the log */
export function expectEventShown(
  {
    entry,
    index,
    path,
    batch,
  }: { entry: string; index: number; path: string[]; batch: { entry: string; path: string[] } },
  checkpoint: Checkpoint,
): StatusEvent & { statementHash: Uint8Array } {
  const { size, first, root } = expectInLog(batch.entry, batch.path, checkpoint);
  const claim = { leaf: leafHash(bytes(entry)), index, size, path: hashes(path), root };
  expect(verifyInclusion(claim), `event at ${first + index}`).toBe(true);
  const { effectiveAtMs: _, ...event } = parseStatusEntry(bytes(entry));
  return { ordinal: first + index, ...event };
}

function expectInLog(entry: string, path: string[], { size, root }: Checkpoint) {
  const batch = parseBatchEntry(bytes(entry));
  const claim = { leaf: leafHash(bytes(entry)), index: batch.number, size, path: hashes(path), root };
  expect(verifyInclusion(claim), `batch ${batch.number} in the log of ${size}`).toBe(true);
  return batch;
}

/**
 * Checks what a proof shows of its record's status with the functions of the pure libraries alone, step by step as the specification has it.
 * @returns the statuses of its events, newest first, the last batch under its checkpoint, and that checkpoint's size
 */
export function expectStatusShown({ batch: own, log, status }: Proof) {
  if (status === undefined) throw new Error('expected a proof with a status, got one without');
  const note = parseNote(status.checkpoint.note);
  expect(verifyNote(note, [parseVerifierKey(log.key)]).verified).toHaveLength(1);
  const checkpoint = parseCheckpoint(note.text);
  const record = expectInLog(own.entry, status.checkpoint.path, checkpoint);
  const last = expectInLog(status.batch.entry, status.batch.path, checkpoint);
  expect(last.number).toBe(checkpoint.size - 1);
  const ordinal = record.first + own.index;
  const [leaf, path] = [bytes(status.leaf.value), hashes(status.leaf.path)];
  const answer = verifyStatus({ ordinal, records: last.first + last.size, leaf, path, root: last.statusRoot });
  if (!answer.holds) throw new Error(answer.detail);
  const events = status.events.map(({ statement, ...shown }): StatusEvent => {
    const { statementHash: hash, ...event } = expectEventShown(shown, checkpoint);
    expect(Buffer.from(hash)).toEqual(Buffer.from(statementHash(canonicalize({ ...statement } as never))));
    return event;
  });
  expect(historyProblem(ordinal, answer, events)).toBeNull();
  return { statuses: status.events.map(({ statement }) => statement.to), last, size: checkpoint.size };
}
