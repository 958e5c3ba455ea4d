import { base64 } from '@scure/base';
import {
  type AuthorisationProof,
  authorisationValue,
  readAuthorisation,
  type ReadAuthorisation,
  registeredKey,
  signingKeys,
} from './authorisation-proof.js';
import { type BatchEntry, parseBatchEntry } from '#statement/batch-entry.js';
import { SALT_BYTES } from '#statement/blinding.js';
import { isHex } from '#statement/digest.js';
import { memberPointer } from '#statement/error.js';
import { canonicalize, type JsonObject, type JsonValue } from '#statement/jcs.js';
import { isRecordId } from '#statement/record-id.js';
import { formatStatement, parseStatement, type RecordStatement } from '#statement/statement.js';
import { ED25519_TYPE, parseVerifierKey, type VerifierKey } from '#tlog/verifier-key.js';
import {
  checkpointValue,
  type ProofCheckpoint,
  type ReadCheckpoint,
  readBatchIndex,
  readCheckpointNote,
  readProofCheckpoint,
  type SignedCheckpoint,
} from './checkpoint.js';
import { ProofError } from './error.js';
import { base64Text, hashes, list, object, refused, text, wrapped } from './json-reader.js';
import { parseJsonText } from './json-text.js';
import {
  BATCH_PATH_MAX,
  PROOF_FORMAT,
  PROOF_MAX_AUTHORISATIONS,
  PROOF_MAX_CHARACTERS,
  PROOF_MAX_CHECKPOINTS,
} from './format.js';
import { refuseNewer } from './newer-version.js';
import { readStatus, type ReadStatus, type StatusProof, statusValue } from './status-proof.js';

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
  /** What had become of the record by the last batch of some checkpoint; absent when the proof says nothing of that. */
  status?: StatusProof | undefined;
  /** What shows whose the keys are that signed for agencies, the record or what is shown to have become of it; absent when the proof does not show that. */
  authorisations?: AuthorisationProof[] | undefined;
}

/** A proof with everything in it read, once. */
export interface ReadProof {
  proof: Proof;
  /** Canonical JSON of the statement: what is hashed. */
  statementText: string;
  entry: BatchEntry;
  /** The batch entry as it stands in the log. */
  entryBytes: Uint8Array;
  /** The checkpoint of the batch's own tree. */
  batchCheckpoint: SignedCheckpoint;
  key: VerifierKey;
  /** The log's, in the order of the proof. */
  checkpoints: ReadCheckpoint[];
  status?: ReadStatus;
  authorisations: ReadAuthorisation[];
}

const REQUIRED = ['format', 'id', 'statement', 'batch', 'log'];
const OPTIONAL = ['salt', 'status', 'authorisations'];

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
  const members = object(value as JsonValue, '', REQUIRED, OPTIONAL);
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
  const status = members['status'] === undefined ? undefined : readStatus(members['status'], '/status');
  const signed = [statement, ...(status?.status.events ?? []).map((event) => event.statement)];
  const authorisations = readAuthorisations(members['authorisations'], signingKeys(signed));
  const proof: Proof = { format: PROOF_FORMAT, id: members['id'], statement, batch: batch.batch, log: log.log };
  if (salt !== undefined) proof.salt = salt;
  if (status !== undefined) proof.status = status.status;
  if (authorisations.length > 0) proof.authorisations = authorisations.map((one) => one.authorisation);
  const { batchCheckpoint, entry, entryBytes } = batch;
  const { key, checkpoints } = log;
  const statementText = formatStatement(statement);
  return {
    proof,
    statementText,
    entry,
    entryBytes,
    batchCheckpoint,
    key,
    checkpoints,
    ...(status === undefined ? {} : { status: status.read }),
    authorisations: authorisations.map((one) => one.read),
  };
}

/** The one text form of a proof that the service gives out: canonical JSON (RFC 8785) and a newline. */
export function formatProof(proof: Proof): string {
  const { authorisations, log, salt, statement, status, ...rest } = proof;
  const value = {
    ...rest,
    log: { key: log.key, checkpoints: log.checkpoints.map(checkpointValue) },
    statement: JSON.parse(formatStatement(statement)) as JsonObject,
    ...(salt === undefined ? {} : { salt }),
    ...(status === undefined ? {} : { status: statusValue(status) }),
    ...(authorisations === undefined ? {} : { authorisations: authorisations.map(authorisationValue) }),
  };
  return `${canonicalize(value)}\n`;
}

/** Each is about one of the keys that have signed, and no two about the same: none stands there that nothing looks at. */
function readAuthorisations(
  value: JsonValue | undefined,
  keys: ReadonlySet<string>,
): ReturnType<typeof readAuthorisation>[] {
  if (value === undefined) return [];
  const pointer = '/authorisations';
  if (keys.size === 0) throw refused(pointer, 'no such member, since no statement carries a signature', value);
  const read = list(value, pointer, PROOF_MAX_AUTHORISATIONS, readAuthorisation);
  if (read.length === 0) throw refused(pointer, 'at least one authorisation', value);
  const left = new Set<unknown>(keys);
  for (const [i, { authorisation }] of read.entries()) {
    const key = registeredKey(authorisation);
    if (!left.delete(key))
      throw refused(`${pointer}/${i}/statement/claims/key`, 'a key that has signed, and each once', key);
  }
  return read;
}

function readBatch(value: JsonValue, pointer: string) {
  const member = object(value, pointer, ['index', 'path', 'entry', 'checkpoint']);
  const index = readBatchIndex(member['index']!, `${pointer}/index`);
  const base64Entry = base64Text(member['entry']!, `${pointer}/entry`);
  const entryBytes = base64.decode(base64Entry);
  const entry = wrapped(`${pointer}/entry`, () => parseBatchEntry(entryBytes));
  const path = hashes(member['path']!, `${pointer}/path`, BATCH_PATH_MAX);
  const checkpoint = text(member['checkpoint']!, `${pointer}/checkpoint`);
  const batchCheckpoint = readCheckpointNote(checkpoint, `${pointer}/checkpoint`);
  return { batch: { index, path, entry: base64Entry, checkpoint }, batchCheckpoint, entry, entryBytes };
}

function readLog(value: JsonValue, pointer: string) {
  const member = object(value, pointer, ['key', 'checkpoints']);
  const keyText = text(member['key']!, `${pointer}/key`);
  const key = wrapped(`${pointer}/key`, () => parseVerifierKey(keyText));
  if (key.type !== ED25519_TYPE) throw refused(`${pointer}/key`, 'an Ed25519 key (type 1)', `type ${key.type}`);
  const checkpoints = list(
    member['checkpoints']!,
    `${pointer}/checkpoints`,
    PROOF_MAX_CHECKPOINTS,
    readProofCheckpoint,
  );
  if (checkpoints.length === 0) throw refused(`${pointer}/checkpoints`, 'at least one checkpoint', []);
  let before = -1;
  checkpoints.forEach(({ read: { size, attestations } }, i) => {
    const at = memberPointer(`${pointer}/checkpoints`, i);
    if (size <= before) throw refused(`${at}/note`, `a size above ${before}`, size);
    before = size;
    if (i > 0 && attestations.length === 0) throw refused(`${at}/attestations`, 'at least one attestation', []);
  });
  const written = checkpoints.map((checkpoint) => checkpoint.written);
  return { log: { key: keyText, checkpoints: written }, key, checkpoints: checkpoints.map(({ read }) => read) };
}
