import { base64 } from '@scure/base';
import { type BatchEntry, parseBatchEntry } from '#statement/batch-entry.js';
import type { JsonObject, JsonValue } from '#statement/jcs.js';
import { parseStatusEntry, type StatusEntry } from '#statement/status-entry.js';
import { formatStatusStatement, parseStatusStatement, type StatusStatement } from '#statement/status-statement.js';
import { STATUS_MAX_EVENTS } from '#status/event.js';
import { EVENT_BYTES, LEAF_ORDINALS, NIBBLE_BYTES } from '#status/leaf.js';
import {
  checkpointValue,
  type ProofCheckpoint,
  type ReadCheckpoint,
  readBatchIndex,
  readProofCheckpoint,
} from './checkpoint.js';
import { BATCH_PATH_MAX, LOG_PATH_MAX } from './format.js';
import { base64Text, hashes, list, object, refused, wrapped } from './json-reader.js';

/** Longest path in the tree of status leaves, in hashes: ordinals are exact up to 2^53, 64 to a leaf. */
const STATUS_PATH_MAX = LOG_PATH_MAX - Math.log2(LEAF_ORDINALS);
/** Longest status leaf, in bytes: every ordinal touched. */
const LEAF_MAX_BYTES = NIBBLE_BYTES + LEAF_ORDINALS * EVENT_BYTES;

/** A batch of the log, with its place there. */
export interface LoggedBatch {
  /** Base64 of the batch entry. */
  entry: string;
  /** Inclusion path of the batch entry in the log at the size of the status' checkpoint: hex, the leaf's sibling first. */
  path: string[];
}

/** A change of the record's status, with its place in the log. */
export interface StatusProofEvent {
  statement: StatusStatement;
  /** Base64 of the status entry. */
  entry: string;
  /** Index of that entry in its batch, from 0. */
  index: number;
  /** Inclusion path of that entry in its batch: hex, the leaf's sibling first. */
  path: string[];
  batch: LoggedBatch;
}

/** What had become of a record when the last batch of a checkpoint was closed. */
export interface StatusProof {
  /** A checkpoint that covers the record's batch, with the record's batch entry's path to it. */
  checkpoint: ProofCheckpoint;
  /** The last batch of that checkpoint. */
  batch: LoggedBatch;
  leaf: {
    /** Base64 of the status leaf that speaks of the record. */
    value: string;
    /** Inclusion path of the leaf under that batch's status root: hex, the leaf's sibling first. */
    path: string[];
  };
  /** Every event about the record, newest first; none for one that was never touched. */
  events: StatusProofEvent[];
}

/** A batch of the log as it was read. */
export interface ReadLoggedBatch {
  entry: BatchEntry;
  entryBytes: Uint8Array;
  path: readonly string[];
}

/** An event as it was read. */
export interface ReadStatusEvent {
  statement: StatusStatement;
  /** Canonical JSON of the statement: what is hashed. */
  statementText: string;
  entry: StatusEntry;
  entryBytes: Uint8Array;
  index: number;
  path: readonly string[];
  batch: ReadLoggedBatch;
}

/** A status with everything in it read, once. */
export interface ReadStatus {
  checkpoint: ReadCheckpoint;
  batch: ReadLoggedBatch;
  leaf: { bytes: Uint8Array; path: readonly string[] };
  /** Newest first. */
  events: ReadStatusEvent[];
}

/** Reads member `status` of a proof. @throws ProofError `bad-proof` */
export function readStatus(value: JsonValue, pointer: string): { status: StatusProof; read: ReadStatus } {
  const member = object(value, pointer, ['checkpoint', 'batch', 'leaf', 'events']);
  const checkpoint = readProofCheckpoint(member['checkpoint']!, `${pointer}/checkpoint`);
  const batch = readLoggedBatch(member['batch']!, `${pointer}/batch`);
  const leaf = readLeaf(member['leaf']!, `${pointer}/leaf`);
  const events = list(member['events']!, `${pointer}/events`, STATUS_MAX_EVENTS, readEvent);
  return {
    status: {
      checkpoint: checkpoint.written,
      batch: batch.written,
      leaf: leaf.written,
      events: events.map(({ written }) => written),
    },
    read: {
      checkpoint: checkpoint.read,
      batch: batch.read,
      leaf: leaf.read,
      events: events.map(({ read }) => read),
    },
  };
}

/** A status as its proof writes it. */
export function statusValue({ checkpoint, events, ...rest }: StatusProof): JsonObject {
  const written = events.map(({ statement, ...event }) => ({
    ...event,
    statement: JSON.parse(formatStatusStatement(statement)) as JsonObject,
  }));
  return { ...rest, checkpoint: checkpointValue(checkpoint), events: written } as unknown as JsonObject;
}

function readLoggedBatch(value: JsonValue, pointer: string): { written: LoggedBatch; read: ReadLoggedBatch } {
  const member = object(value, pointer, ['entry', 'path']);
  const text = base64Text(member['entry']!, `${pointer}/entry`);
  const path = hashes(member['path']!, `${pointer}/path`, LOG_PATH_MAX);
  const entryBytes = base64.decode(text);
  const entry = wrapped(`${pointer}/entry`, () => parseBatchEntry(entryBytes));
  return { written: { entry: text, path }, read: { entry, entryBytes, path } };
}

function readLeaf(value: JsonValue, pointer: string) {
  const member = object(value, pointer, ['value', 'path']);
  const text = base64Text(member['value']!, `${pointer}/value`);
  const path = hashes(member['path']!, `${pointer}/path`, STATUS_PATH_MAX);
  const bytes = base64.decode(text);
  if (bytes.length > LEAF_MAX_BYTES) throw refused(`${pointer}/value`, `at most ${LEAF_MAX_BYTES} bytes`, bytes.length);
  return { written: { value: text, path }, read: { bytes, path } };
}

function readEvent(value: JsonValue, pointer: string): { written: StatusProofEvent; read: ReadStatusEvent } {
  const member = object(value, pointer, ['statement', 'entry', 'index', 'path', 'batch']);
  const statement = wrapped(`${pointer}/statement`, () => parseStatusStatement(member['statement']));
  const text = base64Text(member['entry']!, `${pointer}/entry`);
  const index = readBatchIndex(member['index']!, `${pointer}/index`);
  const path = hashes(member['path']!, `${pointer}/path`, BATCH_PATH_MAX);
  const batch = readLoggedBatch(member['batch']!, `${pointer}/batch`);
  const entryBytes = base64.decode(text);
  const entry = wrapped(`${pointer}/entry`, () => parseStatusEntry(entryBytes));
  const statementText = formatStatusStatement(statement);
  return {
    written: { statement, entry: text, index, path, batch: batch.written },
    read: { statement, statementText, entry, entryBytes, index, path, batch: batch.read },
  };
}
