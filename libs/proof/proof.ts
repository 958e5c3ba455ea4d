import { bytesToHex } from '@noble/hashes/utils.js';
import { base64 } from '@scure/base';
import { type BatchEntry, parseBatchEntry } from '#statement/batch-entry.js';
import { SALT_BYTES } from '#statement/blinding.js';
import { isHex } from '#statement/digest.js';
import { memberPointer } from '#statement/error.js';
import { canonicalize, type JsonObject, type JsonValue } from '#statement/jcs.js';
import { isRecordId } from '#statement/record-id.js';
import { formatStatement, parseStatement, type RecordStatement, STATEMENT_VERSION } from '#statement/statement.js';
import { type Checkpoint, parseCheckpoint } from '#tlog/checkpoint.js';
import { type Note, parseNote } from '#tlog/note.js';
import { ED25519_TYPE, parseVerifierKey, type VerifierKey } from '#tlog/verifier-key.js';
import { attestationValue, parseAttestation, type ProofAttestation } from './anchors/kinds.js';
import { ProofError } from './error.js';
import { base64Text, hashes, list, object, refused, text, wrapped } from './json-reader.js';
import { parseJsonText } from './json-text.js';

/** Name and version of the format. */
export const PROOF_FORMAT = 'sealroot/proof@1';
/** Media type of a proof. */
export const PROOF_MEDIA_TYPE = 'application/vnd.sealroot.proof+json';
/** Ending of the name of a file that holds a proof, after the document's own name: the same on the page and on the command line. */
export const PROOF_SUFFIX = '.sealroot.json';
/** Longest proof text, in UTF-16 units (ASCII but for the statement's own text): hundreds of times what a real proof has. */
export const PROOF_MAX_CHARACTERS = 2_097_152;
/** Most checkpoints in one proof: the covering one, and one for each anchoring that was worth keeping. */
export const PROOF_MAX_CHECKPOINTS = 16;
/** Most attestations of one checkpoint. */
export const PROOF_MAX_ATTESTATIONS = 16;
/** Longest signed note, in UTF-16 units: the log's line and those of a score of witnesses, be their signatures of kilobytes. */
export const PROOF_MAX_NOTE_CHARACTERS = 65_536;
/** Longest batch path, in hashes: a batch has at most 2^20 entries. */
export const BATCH_PATH_MAX = 20;
/** Longest log path, in hashes: sizes are exact up to 2^53. */
export const LOG_PATH_MAX = 53;

/** A checkpoint of the batch log that covers the batch. */
export interface ProofCheckpoint {
  /** Inclusion path of the batch entry in the log at this size: hex, the leaf's sibling first. */
  path: string[];
  /** Signed note. */
  note: string;
  attestations: ProofAttestation[];
}

/** Everything needed to verify one record offline, but for the document and the block headers. */
export interface Proof {
  format: typeof PROOF_FORMAT;
  /** Record id. */
  id: string;
  /** 32 bytes, hex: with blinded digests only. The holder adds it; the service never knows it. */
  salt?: string | undefined;
  statement: RecordStatement;
  batch: {
    /** Index of the record's entry in its batch, from 0. */
    index: number;
    /** Inclusion path of the entry in the batch: hex, the leaf's sibling first. */
    path: string[];
    /** Base64 of the batch entry. */
    entry: string;
    /** Signed note of the batch's own tree. */
    checkpoint: string;
  };
  log: {
    /** The log's key as a C2SP verifier key. */
    key: string;
    /** In ascending size, at least one; the first is the earliest that covers the batch, the others are anchored ones. */
    checkpoints: ProofCheckpoint[];
  };
}

/** A checkpoint as it was read: its text, its signature lines, its path. */
export interface ReadCheckpoint extends Checkpoint {
  note: Note;
  /** Of the batch entry at this size; hex, the leaf's sibling first. */
  path: readonly string[];
}

/** A proof with everything in it read, once. */
export interface ReadProof {
  proof: Proof;
  entry: BatchEntry;
  /** The batch entry as it stands in the log. */
  entryBytes: Uint8Array;
  batchCheckpoint: ReadCheckpoint;
  key: VerifierKey;
  /** In the order of the proof. */
  checkpoints: (ReadCheckpoint & { attestations: readonly ProofAttestation[] })[];
}

/**
 * Reads a proof: a JSON text, or a value that some other code has parsed from one (which may have dropped repeated members
 * unseen: prefer the text). Every member must be there, be known and stand in its one written form; what the members say is
 * for `verifyProof` to check.
 *
 * @throws ProofError `bad-json`, `too-large`, `too-deep`, `newer-version` or `bad-proof`.
 */
export function parseProof(json: unknown): Proof {
  return readProof(json).proof;
}

/** As {@link parseProof}, with what its members hold. @throws as {@link parseProof} */
export function readProof(json: unknown): ReadProof {
  let value = json;
  if (typeof json === 'string') {
    if (json.length > PROOF_MAX_CHARACTERS) {
      const message = `Reading a proof: expected at most ${PROOF_MAX_CHARACTERS} characters, got ${json.length}`;
      throw new ProofError('too-large', message);
    }
    value = parseJsonText(json);
  }
  refuseNewer(value);
  const members = object(value as JsonValue, '', ['format', 'id', 'statement', 'batch', 'log'], ['salt']);
  if (members['format'] !== PROOF_FORMAT) throw refused('/format', PROOF_FORMAT, members['format']);
  if (!isRecordId(members['id'])) throw refused('/id', 'a record id (lower-case UUIDv7)', members['id']);
  const statement = wrapped('/statement', () => parseStatement(members['statement']));
  const salt = members['salt'];
  if (salt !== undefined) {
    if (!isHex(salt, SALT_BYTES)) throw refused('/salt', `${SALT_BYTES} bytes in lower-case hex`, salt);
    if (statement.blinded !== true) throw refused('/salt', 'no salt, since the digests are not blinded', salt);
  }
  const batch = readBatch(members['batch']!, '/batch');
  const log = readLog(members['log']!, '/log');
  const proof: Proof = { format: PROOF_FORMAT, id: members['id'], statement, batch: batch.batch, log: log.log };
  if (salt !== undefined) proof.salt = salt;
  const { batchCheckpoint, entry, entryBytes } = batch;
  return { proof, entry, entryBytes, batchCheckpoint, key: log.key, checkpoints: log.checkpoints };
}

/** Tells a proof of a later version, or about a statement of one, from one that is damaged. @throws ProofError `newer-version` */
function refuseNewer(value: unknown): void {
  const member = (of: unknown, name: string): unknown =>
    typeof of === 'object' && of !== null ? (of as Record<string, unknown>)[name] : undefined;
  const version = (text: unknown, pattern: RegExp) =>
    Number(pattern.exec(typeof text === 'string' ? text : '')?.[1] ?? 0);
  const [format, v] = [member(value, 'format'), member(member(value, 'statement'), 'v')];
  const newer = version(format, /^sealroot\/proof@([1-9][0-9]{0,3})$/) > version(PROOF_FORMAT, /@([0-9]+)$/);
  if (newer) throw new ProofError('newer-version', `Reading a proof: expected ${PROOF_FORMAT}, got ${String(format)}`);
  if (typeof v === 'number' && v > STATEMENT_VERSION && format === PROOF_FORMAT) {
    const message = `Reading a proof: expected a statement of version ${STATEMENT_VERSION}, got version ${v}`;
    throw new ProofError('newer-version', message);
  }
}

/** The one text form of a proof that the service gives out: canonical JSON (RFC 8785) and a newline. */
export function formatProof(proof: Proof): string {
  const { log, salt, statement, ...rest } = proof;
  const checkpoints = log.checkpoints.map(({ attestations, ...checkpoint }) => ({
    ...checkpoint,
    attestations: attestations.map(attestationValue),
  }));
  const written = { key: log.key, checkpoints };
  const value = { ...rest, log: written, statement: JSON.parse(formatStatement(statement)) as JsonObject };
  return `${canonicalize(salt === undefined ? value : { ...value, salt })}\n`;
}

function readBatch(value: JsonValue, pointer: string) {
  const member = object(value, pointer, ['index', 'path', 'entry', 'checkpoint']);
  const index = member['index'];
  if (typeof index !== 'number' || !Number.isSafeInteger(index) || index < 0 || Object.is(index, -0)) {
    throw refused(`${pointer}/index`, 'a whole number from 0', index);
  }
  const base64Entry = base64Text(member['entry']!, `${pointer}/entry`);
  const entryBytes = base64.decode(base64Entry);
  const entry = wrapped(`${pointer}/entry`, () => parseBatchEntry(entryBytes));
  const path = hashes(member['path']!, `${pointer}/path`, BATCH_PATH_MAX);
  const checkpoint = text(member['checkpoint']!, `${pointer}/checkpoint`);
  const batchCheckpoint = { ...readCheckpointNote(checkpoint, `${pointer}/checkpoint`), path };
  return { batch: { index, path, entry: base64Entry, checkpoint }, batchCheckpoint, entry, entryBytes };
}

function readLog(value: JsonValue, pointer: string) {
  const member = object(value, pointer, ['key', 'checkpoints']);
  const keyText = text(member['key']!, `${pointer}/key`);
  const key = wrapped(`${pointer}/key`, () => parseVerifierKey(keyText));
  if (key.type !== ED25519_TYPE) throw refused(`${pointer}/key`, 'an Ed25519 key (type 1)', `type ${key.type}`);
  const read = list(member['checkpoints']!, `${pointer}/checkpoints`, PROOF_MAX_CHECKPOINTS, readLogCheckpoint);
  if (read.length === 0) throw refused(`${pointer}/checkpoints`, 'at least one checkpoint', []);
  let before = -1;
  read.forEach(({ size, attestations }, i) => {
    const at = memberPointer(`${pointer}/checkpoints`, i);
    if (size <= before) throw refused(`${at}/note`, `a size above ${before}`, size);
    before = size;
    if (i > 0 && attestations.length === 0) throw refused(`${at}/attestations`, 'at least one attestation', []);
  });
  const checkpoints = read.map(({ attestations, noteText: note, path }) => ({ path, note, attestations }));
  return { log: { key: keyText, checkpoints }, key, checkpoints: read };
}

function readLogCheckpoint(value: JsonValue, pointer: string) {
  const member = object(value, pointer, ['path', 'note', 'attestations']);
  const attestations = `${pointer}/attestations`;
  const path = hashes(member['path']!, `${pointer}/path`, LOG_PATH_MAX);
  const noteText = text(member['note']!, `${pointer}/note`);
  return {
    ...readCheckpointNote(noteText, `${pointer}/note`),
    path,
    noteText,
    attestations: list(member['attestations']!, attestations, PROOF_MAX_ATTESTATIONS, parseAttestation),
  };
}

/** A signed note of a checkpoint. Whose signatures it carries is for the checks to say: the log's must be among them. */
function readCheckpointNote(string: string, pointer: string): Checkpoint & { note: Note } {
  if (string.length > PROOF_MAX_NOTE_CHARACTERS) {
    throw refused(pointer, `at most ${PROOF_MAX_NOTE_CHARACTERS} characters`, string.length);
  }
  return wrapped(pointer, () => {
    const note = parseNote(string);
    return { ...parseCheckpoint(note.text), note };
  });
}

/** 32-byte hashes as a proof writes a path. */
export function formatPath(path: readonly Uint8Array[]): string[] {
  return path.map((hash) => bytesToHex(hash));
}
