import { bytesToHex } from '@noble/hashes/utils.js';
import { verifyConsistency } from '#merkle/consistency.js';
import { MerkleError } from '#merkle/error.js';
import { equalHashes } from '#merkle/hash.js';
import { consistencyPath, type TileSource, tileWidth, treeRoot } from '#merkle/tile.js';
import { type Checkpoint, parseCheckpoint } from '#tlog/checkpoint.js';
import { TlogError } from '#tlog/error.js';
import { type Note, parseNote, verifyNote } from '#tlog/note.js';
import { parseVerifierKey } from '#tlog/verifier-key.js';
import { AuditError } from './error.js';
import type { HeadFinding, SeenHead, ServedFinding } from './finding.js';
import type { LogSource } from './log-source.js';

/** A checkpoint as it was served, read. */
export interface ReadHead extends SeenHead {
  /** 32 bytes. */
  root: Uint8Array;
}

/** Reads a signed checkpoint; its signature is not looked at. @throws AuditError `unreadable` */
export function readHead(text: string): ReadHead {
  const { origin, size, root } = parse(text).checkpoint;
  return { origin, size, note: text, root };
}

/** Whether the log's key signed a checkpoint: null, or what is wrong with that. `key`: verifier key (C2SP). */
export function checkSignature({ note: text }: ReadHead, key: string): HeadFinding | null {
  const { note } = parse(text);
  const { failed, verified } = verifyNote(note, [parseVerifierKey(key)]);
  if (failed.length > 0) return { check: 'signature', reason: 'wrong', key, note: text };
  if (verified.length > 0) return null;
  const signers = note.signatures.map(({ keyId, name }) => `${name}+${bytesToHex(keyId)}`);
  return { check: 'signature', reason: 'not-signed', key, signers, note: text };
}

/**
 * Whether a signed head continues the one before it: null, or why it does not. A fork is said only where the tiles lead to the new root and
 * not to the old one: whatever else is served proves nothing.
 *
 * @throws AuditError `unreadable`, or what the source throws
 */
export async function checkContinuation(
  before: ReadHead,
  now: ReadHead,
  source: LogSource,
): Promise<HeadFinding | ServedFinding | null> {
  const heads = { before: seen(before), now: seen(now) };
  if (now.origin !== before.origin) return { check: 'other-log', ...heads };
  if (now.size < before.size) return { check: 'rollback', ...heads };
  if (now.size === before.size) return equalHashes(now.root, before.root) ? null : { check: 'fork', ...heads };
  return readTiles(async () => {
    const tiles = tilesAt(now.size, source);
    const path = await consistencyPath(before.size, now.size, tiles);
    const claim = { size1: before.size, root1: before.root, size2: now.size, root2: now.root, path };
    if (verifyConsistency(claim)) return null;
    if (equalHashes(await treeRoot(now.size, tiles), now.root)) return { check: 'fork', ...heads };
    return { check: 'log-tiles', size: now.size, note: now.note };
  });
}

/** The tiles of the log at one size, as they are served. */
export function tilesAt(size: number, source: LogSource): TileSource {
  return { tile: (level, index) => source.tile(level, index, tileWidth(level, index, size)) };
}

/** Runs what reads tiles. @throws AuditError `unreadable` for a tile that is not as wide as the tree needs */
export async function readTiles<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof MerkleError)) throw cause;
    throw new AuditError('unreadable', `Reading the tiles of the log: ${cause.message}`, { cause });
  }
}

/** The part of a head that findings show. */
export function seen({ origin, size, note }: SeenHead): SeenHead {
  return { origin, size, note };
}

function parse(text: string): { note: Note; checkpoint: Checkpoint } {
  try {
    const note = parseNote(text);
    return { note, checkpoint: parseCheckpoint(note.text) };
  } catch (cause) {
    if (!(cause instanceof TlogError)) throw cause;
    throw new AuditError('unreadable', `Reading the newest checkpoint: ${cause.message}`, { cause });
  }
}
