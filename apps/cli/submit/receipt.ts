import { leafHash } from '#merkle/hash.js';
import { entryBytes, statementHash } from '#statement/entry.js';
import { canonicalize } from '#statement/jcs.js';
import { recordId } from '#statement/record-id.js';
import { formatStatement, parseStatement, type RecordStatement } from '#statement/statement.js';
import { parseReceipt, type Receipt } from '#receipt/receipt.js';
import { type ReceiptFault, verifyReceipt } from '#receipt/verify.js';
import { parseStatusStatement, type StatusStatement } from '#statement/status-statement.js';
import { parseVerifierKey, type VerifierKey } from '#tlog/verifier-key.js';
import { CliError, reasonOf } from '../cli-error.js';
import { fetchLogKey } from '../commands/log-key.js';
import type { ServiceClient } from '../service-client.js';
import type { RecordContent } from './reference.js';

/** One accepted record, as the service answered and as it was checked here. */
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

const wrong = (what: string, cause?: unknown) =>
  new CliError('protocol', `Checking the service's answer: ${what}`, { cause });

/**
 * The verifier key of the service's log, by which receipts are signed: with trusted keys, it must be one of them.
 *
 * @throws CliError `protocol`, `unavailable`.
 */
export async function fetchReceiptKey(client: ServiceClient, trustedKeys: readonly string[]): Promise<VerifierKey> {
  const text = await fetchLogKey(client);
  if (trustedKeys.length > 0 && !trustedKeys.includes(text))
    throw wrong('expected the service to sign with the key given by --log-key, got another key');
  return parseVerifierKey(text);
}

/**
 * Reads one accepted item: its leaf hash and its id must be those of its statement.
 *
 * @throws CliError `protocol`.
 */
export function readAccepted(item: unknown): AcceptedRecord {
  const record = item as Partial<AcceptedRecord>;
  let statement: RecordStatement;
  try {
    statement = parseStatement(record.statement);
  } catch (error) {
    throw wrong(reasonOf(error), error);
  }
  const jcs = formatStatement(statement);
  const leaf = Buffer.from(leafHash(entryBytes(statement, jcs))).toString('hex');
  if (record.leafHash !== leaf) throw wrong(`expected the leaf hash ${leaf}, got ${String(record.leafHash)}`);
  const id = recordId(Date.parse(statement.receivedAt), statementHash(jcs));
  if (record.id !== id) throw wrong(`expected the record id ${id}, got ${String(record.id)}`);
  const { receivedAt, supersedes } = statement;
  const repeated = record.repeated ? { repeated: true as const } : {};
  // Of a record that it had before, the service does not say the event again.
  if (supersedes === undefined || record.repeated) return { id, receivedAt, statement, leafHash: leaf, ...repeated };
  return { id, receivedAt, statement, leafHash: leaf, superseded: readSuperseded(record.superseded, id, supersedes) };
}

/** The event by which record `old` gives its place to record `id`. */
function readSuperseded(value: unknown, id: string, old: string): AcceptedEvent {
  const { leafHash: leaf, statement: said } = (value ?? {}) as { leafHash?: unknown; statement?: unknown };
  let statement: StatusStatement;
  try {
    statement = parseStatusStatement(said);
  } catch (error) {
    throw wrong(reasonOf(error), error);
  }
  if (statement.record !== old || statement.to !== 'superseded' || statement.by !== id)
    throw wrong(`expected the event by which record ${old} is superseded, got another one`);
  if (typeof leaf !== 'string' || !/^[0-9a-f]{64}$/.test(leaf))
    throw wrong('expected the leaf hash of the event, got something else');
  return { statement, leafHash: leaf };
}

/** What a receipt is over, in its order: every record, and after it the event by which it took another's place. */
export function coveredLeaves(records: readonly AcceptedRecord[]): string[] {
  return records.flatMap(({ leafHash: leaf, superseded }) =>
    superseded === undefined ? [leaf] : [leaf, superseded.leafHash],
  );
}

/** Whether a statement says what was asked, no more and no less. */
export function saysWhatWasAsked(statement: RecordStatement, asked: RecordContent & { reference: string }): boolean {
  const said = (of: RecordContent & { reference?: string | undefined }) =>
    canonicalize([
      of.digests,
      of.profile,
      of.reference ?? null,
      of.blinded ?? false,
      of.claims ?? null,
      of.validFrom ?? null,
      of.validUntil ?? null,
      of.supersedes ?? null,
    ]);
  return said(statement as RecordContent & { reference?: string }) === said(asked);
}

/** A receipt that holds. */
export interface CheckedReceipt {
  receipt: Receipt;
  /** Time by which everything that it covers is in the log. */
  includeBy: string;
}

const FAULTS: Record<ReceiptFault, string> = {
  unreadable: 'expected a receipt, got another signed note or none',
  'other-log': 'expected a receipt of the log whose key it publishes, got one of another log',
  unsigned: 'expected a receipt signed by the log, got one by another key',
  'bad-signature': 'expected a receipt with a good signature, got a bad one',
  'other-items': 'expected a receipt over the leaf hashes of the answer, got one over others',
};

/**
 * Checks the receipt in an answer: signed by the log, over exactly these leaf hashes (32 bytes each, hex), in order.
 *
 * @throws CliError `protocol`.
 */
export function checkReceipt(receipt: unknown, leafHashes: readonly string[], logKey: VerifierKey): CheckedReceipt {
  let read: Receipt;
  try {
    read = parseReceipt(receipt);
  } catch (error) {
    throw wrong(reasonOf(error), error);
  }
  const leaves = leafHashes.map((hex) => Buffer.from(hex, 'hex'));
  const check = verifyReceipt(read, leaves, logKey);
  if ('fault' in check) throw wrong(FAULTS[check.fault]);
  return { receipt: read, includeBy: check.includeBy };
}
