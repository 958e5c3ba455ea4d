import { equalHashes, leafHash, type Sha256 } from '#merkle/hash.js';
import { verifyInclusion } from '#merkle/inclusion.js';
import { sha256 as portableSha256 } from '@noble/hashes/sha2.js';
import { parseBatchEntry } from '#statement/batch-entry.js';
import { LEAF_ORDINALS, parseStatusLeaf } from '#status/leaf.js';
import { parseStatusPack, rootOfLeaves } from '#status/pack.js';
import type { StatusState } from '#status/state.js';
import { parseCheckpoint } from '#tlog/checkpoint.js';
import { readClock } from '#tlog/clock.js';
import { parseNote, verifyNote } from '#tlog/note.js';
import { type VerifierKey, verifierKey } from '#tlog/verifier-key.js';
import { GateError, type GateErrorCode } from './error.js';
import { gateName, gateNoteText, type PackedBatch, parseGatePack } from './pack.js';

/** A pack that holds: what a gate knows. */
export interface OpenPack {
  /** When the log said that nothing newer was in it, in milliseconds since 1970. */
  asOfMs: number;
  /** Number of its last batch. */
  batch: number;
  /** Entries of the log up to that, it included. */
  records: number;
  /** Batches with records that were valid then, by number. */
  batches: ReadonlyMap<number, PackedBatch>;
  /** Status leaves that were ever touched, by index. */
  leaves: ReadonlyMap<number, Uint8Array>;
}

/**
 * Opens a pack of the log of `key`: everything in it is what that log signed, and what it says of statuses is what its checkpoint commits to. `base` is the
 * pack at hand, which one of changes alone takes further.
 * @throws GateError
 */
export function openGatePack(
  bytes: Uint8Array,
  key: VerifierKey,
  base: OpenPack | null = null,
  sha256: Sha256 = portableSha256,
): OpenPack {
  const pack = parseGatePack(bytes);
  assertNote(pack.note, pack.body, key, sha256);

  const note = checked('bad-checkpoint', () => parseNote(pack.checkpoint));
  const { origin, size, root } = checked('bad-checkpoint', () => parseCheckpoint(note.text));
  const { verified, failed } = verifyNote(note, [key]);
  if (origin !== key.name || failed.length > 0 || verified.length === 0)
    throw new GateError('bad-checkpoint', `Opening a gate pack: expected a checkpoint signed by ${key.name}`);
  const clock = readClock(note, origin, key.publicKey);
  if (clock.status !== 'shown')
    throw new GateError('bad-checkpoint', "Opening a gate pack: expected the log's clock on the checkpoint, got none");
  const entry = checked('bad-checkpoint', () => parseBatchEntry(pack.entry));
  const isLast = verifyInclusion({ leaf: leafHash(pack.entry), index: size - 1, size, path: pack.path, root });
  if (!isLast || entry.origin !== origin || entry.number !== size - 1)
    throw new GateError('bad-checkpoint', `Opening a gate pack: expected the entry of batch ${size - 1} of ${origin}`);

  const records = entry.first + entry.size;
  const status = checked('bad-status', () => parseStatusPack(pack.status));
  if (status.batch !== entry.number || status.records !== records)
    throw new GateError('bad-status', `Opening a gate pack: expected statuses as of batch ${entry.number}`);
  if (status.since !== null && base?.batch !== status.since)
    throw new GateError('needs-base', `Opening a gate pack: expected the pack as of batch ${status.since} at hand`);
  const before = status.since === null ? null : base;
  const leaves = new Map([...(before?.leaves ?? []), ...status.leaves]);
  if (!equalHashes(rootOfLeaves(leaves, records, sha256), entry.statusRoot))
    throw new GateError('bad-status', 'Opening a gate pack: the statuses lead to another root than the checkpoint has');

  const last = pack.batches.at(-1);
  if (last !== undefined && last.first + last.size > records)
    throw new GateError('bad-pack', `Opening a gate pack: expected batches of ${records} entries, got more`);
  const batches = new Map(before?.batches ?? []);
  for (const batch of pack.batches) batches.set(batch.number, batch);
  return { asOfMs: clock.timestamp * 1000, batch: entry.number, records, batches, leaves };
}

/** State of a record in a pack by its ordinal. */
export function stateIn({ leaves }: OpenPack, ordinal: number): StatusState {
  const leaf = leaves.get(Math.floor(ordinal / LEAF_ORDINALS));
  return (leaf === undefined ? 0 : parseStatusLeaf(leaf).states[ordinal % LEAF_ORDINALS]!) as StatusState;
}

function assertNote(text: string, body: Uint8Array, key: VerifierKey, sha256: Sha256): void {
  const note = checked('bad-pack', () => parseNote(text));
  const name = gateName(key.name);
  const { verified, failed } = verifyNote(note, [verifierKey(name, key.publicKey)]);
  if (failed.length > 0)
    throw new GateError('bad-signature', `Opening a gate pack: expected a signature by ${name}, got a wrong one`);
  if (verified.length === 0)
    throw new GateError('other-log', `Opening a gate pack: expected a signature by ${name}, got none of that key`);
  if (note.text !== gateNoteText(key.name, body, sha256))
    throw new GateError('bad-signature', 'Opening a gate pack: expected what was signed, got other bytes');
}

function checked<T>(code: GateErrorCode, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new GateError(code, `Opening a gate pack: ${(cause as Error).message}`, { cause });
  }
}
