import { leafHash } from '#merkle/hash.js';
import { entryBytes, statementHash } from '#statement/entry.js';
import { canonicalize } from '#statement/jcs.js';
import { recordId } from '#statement/record-id.js';
import { formatStatement, parseStatement, type RecordStatement } from '#statement/statement.js';
import { parseReceipt, type Receipt } from '#receipt/receipt.js';
import { type ReceiptFault, verifyReceipt } from '#receipt/verify.js';
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
  /** The service had it already under this reference. */
  repeated?: true | undefined;
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
  const { receivedAt } = statement;
  return { id, receivedAt, statement, leafHash: leaf, ...(record.repeated ? { repeated: true as const } : {}) };
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
