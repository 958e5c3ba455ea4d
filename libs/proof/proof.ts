import { bytesToHex } from '@noble/hashes/utils.js';
import { base64 } from '@scure/base';
import { parseBatchEntry } from '#statement/batch-entry.js';
import { SALT_BYTES } from '#statement/blinding.js';
import { isHex } from '#statement/digest.js';
import { memberPointer } from '#statement/error.js';
import { canonicalize, type JsonObject, type JsonValue } from '#statement/jcs.js';
import { isRecordId } from '#statement/record-id.js';
import { formatStatement, parseStatement, type RecordStatement } from '#statement/statement.js';
import { parseCheckpoint } from '#tlog/checkpoint.js';
import { parseNote } from '#tlog/note.js';
import { ED25519_TYPE, parseVerifierKey } from '#tlog/verifier-key.js';
import { parseAttestation, type ProofAttestation } from './attestation.js';
import { ProofError } from './error.js';
import { base64Text, hashes, list, object, type Reader, refused, text, wrapped } from './json-reader.js';
import { parseJsonText } from './json-text.js';

/** Name and version of the format. */
export const PROOF_FORMAT = 'sealroot/proof@1';
/** Media type of a proof. */
export const PROOF_MEDIA_TYPE = 'application/vnd.sealroot.proof+json';
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

/**
 * Reads a proof: a JSON text, or a value that some other code has parsed from one (which may have dropped repeated members
 * unseen: prefer the text). Every member must be there, be known and stand in its one written form; what the members say is
 * for `verifyProof` to check.
 *
 * @throws ProofError `bad-json`, `too-large`, `too-deep` or `bad-proof`.
 */
export function parseProof(json: unknown): Proof {
  let value = json;
  if (typeof json === 'string') {
    if (json.length > PROOF_MAX_CHARACTERS) {
      const message = `Reading a proof: expected at most ${PROOF_MAX_CHARACTERS} characters, got ${json.length}`;
      throw new ProofError('too-large', message);
    }
    value = parseJsonText(json);
  }
  const proof = object(value as JsonValue, '', ['format', 'id', 'statement', 'batch', 'log'], ['salt']);
  if (proof['format'] !== PROOF_FORMAT) throw refused('/format', PROOF_FORMAT, proof['format']);
  if (!isRecordId(proof['id'])) throw refused('/id', 'a record id (lower-case UUIDv7)', proof['id']);
  const statement = wrapped('/statement', () => parseStatement(proof['statement']));
  const salt = proof['salt'];
  if (salt !== undefined) {
    if (!isHex(salt, SALT_BYTES)) throw refused('/salt', `${SALT_BYTES} bytes in lower-case hex`, salt);
    if (statement.blinded !== true) throw refused('/salt', 'no salt, since the digests are not blinded', salt);
  }
  const read: Proof = {
    format: PROOF_FORMAT,
    id: proof['id'],
    statement,
    batch: batch(proof['batch']!, '/batch'),
    log: log(proof['log']!, '/log'),
  };
  if (salt !== undefined) read.salt = salt;
  return read;
}

/** The one text form of a proof that the service gives out: canonical JSON (RFC 8785) and a newline. */
export function formatProof(proof: Proof): string {
  const { salt, statement, ...rest } = proof;
  const value = { ...rest, statement: JSON.parse(formatStatement(statement)) as JsonObject };
  return `${canonicalize(salt === undefined ? value : { ...value, salt })}\n`;
}

const batch: Reader<Proof['batch']> = (value, pointer) => {
  const member = object(value, pointer, ['index', 'path', 'entry', 'checkpoint']);
  const index = member['index'];
  if (typeof index !== 'number' || !Number.isSafeInteger(index) || index < 0 || Object.is(index, -0)) {
    throw refused(`${pointer}/index`, 'a whole number from 0', index);
  }
  const entry = base64Text(member['entry']!, `${pointer}/entry`);
  wrapped(`${pointer}/entry`, () => parseBatchEntry(base64.decode(entry)));
  return {
    index,
    path: hashes(member['path']!, `${pointer}/path`, BATCH_PATH_MAX),
    entry,
    checkpoint: note(member['checkpoint']!, `${pointer}/checkpoint`),
  };
};

const log: Reader<Proof['log']> = (value, pointer) => {
  const member = object(value, pointer, ['key', 'checkpoints']);
  const key = text(member['key']!, `${pointer}/key`);
  const { type } = wrapped(`${pointer}/key`, () => parseVerifierKey(key));
  if (type !== ED25519_TYPE) throw refused(`${pointer}/key`, 'an Ed25519 key (type 1)', `type ${type}`);
  const checkpoints = list(member['checkpoints']!, `${pointer}/checkpoints`, PROOF_MAX_CHECKPOINTS, checkpoint);
  if (checkpoints.length === 0) throw refused(`${pointer}/checkpoints`, 'at least one checkpoint', []);
  let before = -1;
  checkpoints.forEach((item, i) => {
    const at = memberPointer(`${pointer}/checkpoints`, i);
    const { size } = parseCheckpoint(parseNote(item.note).text);
    if (size <= before) throw refused(`${at}/note`, `a size above ${before}`, size);
    before = size;
    if (i > 0 && item.attestations.length === 0) throw refused(`${at}/attestations`, 'at least one attestation', []);
  });
  return { key, checkpoints };
};

const checkpoint: Reader<ProofCheckpoint> = (value, pointer) => {
  const member = object(value, pointer, ['path', 'note', 'attestations']);
  const attestations = `${pointer}/attestations`;
  return {
    path: hashes(member['path']!, `${pointer}/path`, LOG_PATH_MAX),
    note: note(member['note']!, `${pointer}/note`),
    attestations: list(member['attestations']!, attestations, PROOF_MAX_ATTESTATIONS, parseAttestation),
  };
};

/** A signed note of a checkpoint. Whose signatures it carries is for the checks to say: the log's must be among them. */
const note: Reader<string> = (value, pointer) => {
  const string = text(value, pointer);
  if (string.length > PROOF_MAX_NOTE_CHARACTERS) {
    throw refused(pointer, `at most ${PROOF_MAX_NOTE_CHARACTERS} characters`, string.length);
  }
  wrapped(pointer, () => parseCheckpoint(parseNote(string).text));
  return string;
};

/** 32-byte hashes as a proof writes a path. */
export function formatPath(path: readonly Uint8Array[]): string[] {
  return path.map((hash) => bytesToHex(hash));
}
