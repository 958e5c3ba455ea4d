import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { HASH_BYTES } from '#merkle/hash.js';
import { inclusionPathSides } from '#merkle/inclusion.js';
import { SUBTREE_WIDTH } from '#paper/code.js';
import { BATCH_MAX_SIZE } from '#statement/batch-entry.js';
import { ByteReader, ByteWriter } from '#status/byte-string.js';
import { parseCheckpoint } from '#tlog/checkpoint.js';
import { parseNote } from '#tlog/note.js';
import { encodeBase64 } from '#tlog/text.js';
import { GateError } from './error.js';

/** First line of a pack, and second of its note: name and version of the format. */
export const GATE_PACK_FORMAT = 'sealroot/gate-pack@1';

/** Media type of a pack. */
export const GATE_PACK_TYPE = 'application/vnd.sealroot.gate-pack';

const FIRST_LINE = `${GATE_PACK_FORMAT}\n`;
const MAX_ORDINAL = 2 ** 52;
const NOTE_MAX_BYTES = 65_536;
const ENTRY_MAX_BYTES = 1024;
/** More than the status of any log that a gate could load. */
const STATUS_MAX_BYTES = 2 ** 30;

/** What a pack has of a batch. */
export interface PackedBatch {
  number: number;
  /** Ordinal of its first entry. */
  first: number;
  /** Entries in it. */
  size: number;
  /** The hash over each 256 of its leaves, the last over what is left: 32 bytes each, concatenated. */
  subtrees: Uint8Array;
}

/** What a pack holds beside its note. */
export interface GatePackBody {
  /** The log's checkpoint, a signed note, cosigned by the log's clock. */
  checkpoint: string;
  /** Entry of its last batch. */
  entry: Uint8Array;
  /** Inclusion path of that entry in the log, 32 bytes each, the leaf's sibling first. */
  path: readonly Uint8Array[];
  /** A status pack (libs/status) as of that batch. */
  status: Uint8Array;
  /** Ascending. */
  batches: readonly PackedBatch[];
}

/** A pack, read and not checked. */
export interface GatePack extends GatePackBody {
  /** The signed note that commits to the body. */
  note: string;
  /** The bytes of the body. */
  body: Uint8Array;
}

/** The name under which a log signs its packs, and the first line of their notes. */
export function gateName(origin: string): string {
  return `${origin}/gate`;
}

/** The text of a pack's note, to be signed: whose, the format, and the hash of the body. */
export function gateNoteText(
  origin: string,
  body: Uint8Array,
  hash: (data: Uint8Array) => Uint8Array = sha256,
): string {
  return `${gateName(origin)}\n${GATE_PACK_FORMAT}\n${encodeBase64(hash(body))}\n`;
}

/** The bytes of a body. The path must be that of the last of as many batches as the checkpoint has. @throws GateError `bad-pack` */
export function formatGateBody({ batches, checkpoint, entry, path, status }: GatePackBody): Uint8Array {
  const out = new ByteWriter();
  out.counted(utf8ToBytes(checkpoint));
  out.counted(entry);
  for (const hash of path) out.bytes(hash);
  out.counted(status);
  let number = -1;
  let end = 0;
  for (const batch of batches) {
    if (batch.number <= number || batch.first < end || batch.subtrees.length !== subtreeCount(batch.size) * HASH_BYTES)
      throw new GateError('bad-pack', `Writing a gate pack: expected batches in order, got batch ${batch.number}`);
    out.varint(batch.number - number - 1);
    out.varint(batch.first - end);
    out.varint(batch.size);
    out.bytes(batch.subtrees);
    number = batch.number;
    end = batch.first + batch.size;
  }
  return out.written();
}

/** A pack as one byte string: its note, and the body that the note is about. */
export function formatGatePack(note: string, body: Uint8Array): Uint8Array {
  const out = new ByteWriter();
  out.bytes(utf8ToBytes(FIRST_LINE));
  out.counted(utf8ToBytes(note));
  out.bytes(body);
  return out.written();
}

/** Reads a pack, and nothing that would not be written back the same. Signatures and hashes are for `openGatePack` to check.
 * @throws GateError `not-a-pack`, `newer-version`, `bad-pack` */
export function parseGatePack(bytes: Uint8Array): GatePack {
  const head = String.fromCharCode(...bytes.subarray(0, FIRST_LINE.length));
  if (head !== FIRST_LINE) {
    const code = /^sealroot\/gate-pack@[1-9]/.test(head) ? 'newer-version' : 'not-a-pack';
    throw new GateError(code, `Reading a gate pack: expected ${GATE_PACK_FORMAT}, got ${JSON.stringify(head)}`);
  }
  const rest = new ByteReader(bytes.subarray(FIRST_LINE.length), refusal(FIRST_LINE.length));
  const note = utf8(rest.counted(NOTE_MAX_BYTES));
  const body = rest.rest();
  const input = new ByteReader(body, refusal(bytes.length - body.length));
  const checkpoint = utf8(input.counted(NOTE_MAX_BYTES));
  const size = logSize(checkpoint);
  const entry = input.counted(ENTRY_MAX_BYTES);
  const path = inclusionPathSides(size - 1, size).map(() => input.bytes(HASH_BYTES));
  const status = input.counted(STATUS_MAX_BYTES);
  const batches: PackedBatch[] = [];
  let number = -1;
  let end = 0;
  while (!input.ended) {
    number += input.varint(MAX_ORDINAL) + 1;
    const first = end + input.varint(MAX_ORDINAL);
    const entries = input.varint(BATCH_MAX_SIZE);
    if (entries === 0) throw input.refuse('a batch of at least one entry', entries);
    end = first + entries;
    if (number >= size || end > MAX_ORDINAL) throw input.refuse(`a batch of a log of ${size}`, number);
    batches.push({ number, first, size: entries, subtrees: input.bytes(subtreeCount(entries) * HASH_BYTES) });
  }
  return { note, body, checkpoint, entry, path, status, batches };
}

function subtreeCount(size: number): number {
  return Math.ceil(size / SUBTREE_WIDTH);
}

function logSize(checkpoint: string): number {
  try {
    const { size } = parseCheckpoint(parseNote(checkpoint).text);
    if (size > 0) return size;
  } catch (cause) {
    throw new GateError('bad-pack', `Reading a gate pack: expected a checkpoint: ${(cause as Error).message}`, {
      cause,
    });
  }
  throw new GateError('bad-pack', 'Reading a gate pack: expected a checkpoint of at least one batch, got none');
}

function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new GateError('bad-pack', 'Reading a gate pack: expected UTF-8, got other bytes', { cause });
  }
}

const refusal = (offset: number) => (expected: string, got: string | number, at: number) =>
  new GateError('bad-pack', `Reading a gate pack at byte ${offset + at}: expected ${expected}, got ${got}`);
