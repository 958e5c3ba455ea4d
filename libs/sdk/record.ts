import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { base64urlnopad } from '@scure/base';
import { leafHash } from '#merkle/hash.js';
import type { AgencySignature } from '#statement/agency-signature.js';
import type { Digests } from '#statement/digest.js';
import { entryBytes, statementHash } from '#statement/entry.js';
import { canonicalize } from '#statement/jcs.js';
import { recordId } from '#statement/record-id.js';
import { formatStatement, parseStatement, type RecordStatement } from '#statement/statement.js';
import { parseStatusStatement, type StatusStatement } from '#statement/status-statement.js';
import { normalizeTime, parseTime } from '#statement/time.js';
import { SdkError } from './error.js';

/** A record to submit. */
export interface RecordRequest {
  /** Lower-case hex of each digest, salted ones where `blinded` says so. */
  digests: Digests;
  /** Such as `generic@1`; `profiles()` lists them. */
  profile: string;
  blinded?: true | undefined;
  /** Unique for the agency: the same reference with the same digests is the same record. At most 64 printable characters. */
  reference?: string | undefined;
  /** Coded facts, never personal data. */
  claims?: unknown;
  /** RFC 3339. */
  validFrom?: string | undefined;
  /** RFC 3339. */
  validUntil?: string | undefined;
  /** Id of the record whose place it takes, in the same commit. */
  supersedes?: string | undefined;
  /** The agency's own signature, see `signRecords`; a client with a `signer` signs what has none. */
  agencySignature?: AgencySignature | undefined;
}

/** One accepted record, whose id and leaf hash are those of its statement. */
export interface AcceptedRecord {
  id: string;
  receivedAt: string;
  statement: RecordStatement;
  /** 32 bytes, hex. */
  leafHash: string;
  /** The event by which the record that it supersedes gave its place to it. */
  superseded?: AcceptedEvent | undefined;
  /** The service had it already under this reference. */
  repeated?: true | undefined;
}

/** An event that the service has accepted. */
export interface AcceptedEvent {
  statement: StatusStatement;
  /** 32 bytes, hex. */
  leafHash: string;
}

/** Characters of a computed reference: 192 bits in base64url, far beyond any accidental repetition. */
export const COMPUTED_CHARACTERS = 32;

/**
 * A reference for a record whose sender has none: `prefix` and 32 characters computed from everything that the record says.
 * The same content gives the same reference, so that a repeated or resumed submission finds the record that is already there; whatever is different
 * (another byte, another claim) gives another. It is computed from the digests as submitted: for a blinded document it reveals nothing that the
 * blinded digest does not.
 */
export function computedReference(content: RecordRequest, prefix = ''): string {
  const said = Object.entries(content).filter(
    ([name, value]) => name !== 'reference' && name !== 'agencySignature' && value !== undefined,
  );
  const hash = sha256(utf8ToBytes(`sealroot/reference@1\n${canonicalize(Object.fromEntries(said))}`));
  return prefix + base64urlnopad.encode(hash).slice(0, COMPUTED_CHARACTERS);
}

/** Reads one accepted item of an answer: its leaf hash and its id must be those of its statement. @throws SdkError `does-not-hold` */
export function readAccepted(item: unknown): AcceptedRecord {
  const said = (item ?? {}) as Partial<Record<keyof AcceptedRecord, unknown>>;
  const statement = reading(() => parseStatement(said.statement));
  const jcs = formatStatement(statement);
  const leaf = bytesToHex(leafHash(entryBytes(statement, jcs)));
  if (said.leafHash !== leaf) throw wrong(`expected the leaf hash ${leaf}, got ${String(said.leafHash)}`);
  const { receivedAt, supersedes } = statement;
  const id = recordId(parseTime(receivedAt), statementHash(jcs));
  if (said.id !== id) throw wrong(`expected the record id ${id}, got ${String(said.id)}`);
  const repeated = said.repeated === true ? { repeated: true as const } : {};
  // Of a record that it had before, the service does not say the event again.
  const isNew = supersedes !== undefined && said.repeated !== true;
  const superseded = isNew ? { superseded: readSuperseded(said.superseded, id, supersedes) } : {};
  return { id, receivedAt, statement, leafHash: leaf, ...superseded, ...repeated };
}

/** The event by which record `old` gives its place to record `id`. */
function readSuperseded(value: unknown, id: string, old: string): AcceptedEvent {
  const { leafHash: leaf, statement: said } = (value ?? {}) as { leafHash?: unknown; statement?: unknown };
  const statement = reading(() => parseStatusStatement(said));
  if (statement.record !== old || statement.to !== 'superseded' || statement.by !== id)
    throw wrong(`expected the event by which record ${old} is superseded, got another one`);
  return { statement, leafHash: readLeafHash(leaf) };
}

/** The hash of a leaf, 32 bytes in hex. @throws SdkError `does-not-hold` */
export function readLeafHash(value: unknown): string {
  if (typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)) return value;
  throw wrong('expected the leaf hash of what was accepted, got something else');
}

/** What a receipt is over, in its order: every record, and after it the event by which it took another's place. */
export function coveredLeaves(records: readonly AcceptedRecord[]): string[] {
  return records.flatMap(({ leafHash: leaf, superseded }) =>
    superseded === undefined ? [leaf] : [leaf, superseded.leafHash],
  );
}

/** Whether a statement says what was asked, no more and no less; a signature over it aside. */
export function saysWhatWasAsked(statement: RecordStatement, asked: RecordRequest): boolean {
  return termsOf(statement) === termsOf(asked);
}

function termsOf(of: RecordRequest): string {
  const time = (text: string | undefined) => (text === undefined ? null : (normalizeTime(text) ?? text));
  return canonicalize([
    of.digests,
    of.profile,
    of.reference ?? null,
    of.blinded ?? false,
    of.claims ?? null,
    time(of.validFrom),
    time(of.validUntil),
    of.supersedes ?? null,
  ]);
}

/** What `read` gives. @throws SdkError `does-not-hold` where it throws */
export function reading<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw wrong(cause instanceof Error ? cause.message : String(cause), cause);
  }
}

/** What the service answered is not what follows from what was asked. */
export function wrong(what: string, cause?: unknown): SdkError {
  return new SdkError('does-not-hold', `Checking the service's answer: ${what}`, { cause });
}
