import { base64 } from '@scure/base';
import type { AgencySignature } from '#statement/agency-signature.js';
import { type BatchEntry, parseBatchEntry } from '#statement/batch-entry.js';
import { statementHash } from '#statement/entry.js';
import type { JsonObject, JsonValue } from '#statement/jcs.js';
import { recordId } from '#statement/record-id.js';
import { formatStatement, parseStatement, type RecordStatement } from '#statement/statement.js';
import { parseTime } from '#statement/time.js';
import { readBatchIndex } from './checkpoint.js';
import { BATCH_PATH_MAX } from './format.js';
import { base64Text, hashes, object, refused, wrapped } from './json-reader.js';
import { readStatus, type ReadStatus, type StatusProof, statusValue } from './status-proof.js';

/** What shows whose a key is that signed for an agency: the record by which the log registers it, and what had become of that. */
export interface AuthorisationProof {
  /** Of profile `identity@1`. */
  statement: RecordStatement;
  batch: {
    /** Index of its entry in its batch, from 0. */
    index: number;
    /** Inclusion path of the entry in the batch: hex, the leaf's sibling first. */
    path: string[];
    /** Base64 of the batch entry. */
    entry: string;
  };
  /** As of some checkpoint of the log, whose `path` is that of the registration's batch; without attestations. */
  status: StatusProof;
}

/** An authorisation with everything in it read, once. */
export interface ReadAuthorisation {
  /** Of the record that registers the key, computed. */
  id: string;
  statement: RecordStatement;
  /** Canonical JSON of the statement: what is hashed. */
  statementText: string;
  batch: AuthorisationProof['batch'];
  entry: BatchEntry;
  entryBytes: Uint8Array;
  status: ReadStatus;
}

/** Id of the key that an authorisation is about, as its statement says; undefined where it says none. */
export function registeredKey({ statement }: Pick<AuthorisationProof, 'statement'>): JsonValue | undefined {
  return statement.claims?.['key'];
}

/** Ids of the keys with which agencies signed these statements. */
export function signingKeys(statements: readonly { agencySignature?: AgencySignature | undefined }[]): Set<string> {
  return new Set(statements.flatMap(({ agencySignature }) => agencySignature?.key ?? []));
}

/** Reads one of the members of `authorisations` of a proof. @throws ProofError `bad-proof` */
export function readAuthorisation(
  value: JsonValue,
  pointer: string,
): { authorisation: AuthorisationProof; read: ReadAuthorisation } {
  const member = object(value, pointer, ['statement', 'batch', 'status']);
  const statement = wrapped(`${pointer}/statement`, () => parseStatement(member['statement']));
  const at = `${pointer}/batch`;
  const place = object(member['batch']!, at, ['index', 'path', 'entry']);
  const index = readBatchIndex(place['index']!, `${at}/index`);
  const path = hashes(place['path']!, `${at}/path`, BATCH_PATH_MAX);
  const entryText = base64Text(place['entry']!, `${at}/entry`);
  const entryBytes = base64.decode(entryText);
  const entry = wrapped(`${at}/entry`, () => parseBatchEntry(entryBytes));
  const status = readStatus(member['status']!, `${pointer}/status`);
  const { attestations } = status.read.checkpoint;
  if (attestations.length > 0)
    throw refused(`${pointer}/status/checkpoint/attestations`, 'no attestation', attestations);
  const batch = { index, path, entry: entryText };
  const statementText = formatStatement(statement);
  const id = recordId(parseTime(statement.receivedAt), statementHash(statementText));
  return {
    authorisation: { statement, batch, status: status.status },
    read: { id, statement, statementText, batch, entry, entryBytes, status: status.read },
  };
}

/** An authorisation as its proof writes it. */
export function authorisationValue({ batch, statement, status }: AuthorisationProof): JsonObject {
  const written = {
    batch,
    statement: JSON.parse(formatStatement(statement)) as JsonObject,
    status: statusValue(status),
  };
  return written as unknown as JsonObject;
}
