import { createHash, createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto';
import { leafHash } from '#merkle/hash.js';
import { entryBytes, statementHash } from '#statement/entry.js';
import { canonicalize } from '#statement/jcs.js';
import { recordId } from '#statement/record-id.js';
import { formatStatement, parseStatement, type RecordStatement } from '#statement/statement.js';
import { parseVerifierKey } from '#tlog/verifier-key.js';
import { CliError, reasonOf } from '../cli-error.js';
import type { ServiceClient } from '../service-client.js';
import type { RecordContent } from './reference.js';

/** A public key that signs receipts, as the service publishes it. */
export interface ReceiptKey {
  kid: string;
  jwk: JsonWebKey;
  key: KeyObject;
}

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
 * The Ed25519 keys at `/.well-known/jwks.json`; with trusted log keys, only those of them: one key signs both.
 *
 * @throws CliError `protocol`, `unavailable`.
 */
export async function fetchReceiptKeys(client: ServiceClient, trustedKeys: readonly string[]): Promise<ReceiptKey[]> {
  const answer = (await client.json('/.well-known/jwks.json')) as { keys?: unknown } | undefined;
  if (!Array.isArray(answer?.keys)) throw wrong('expected a set of keys, got none');
  const trusted = trustedKeys.map((key) => Buffer.from(parseVerifierKey(key).publicKey).toString('base64url'));
  const keys = (answer.keys as JsonWebKey[])
    .filter((jwk) => jwk.kty === 'OKP' && jwk.crv === 'Ed25519')
    .map((jwk) => {
      try {
        return { kid: String(jwk['kid']), jwk, key: createPublicKey({ key: jwk, format: 'jwk' }) };
      } catch (error) {
        throw wrong(`expected Ed25519 keys, got one that cannot be read (${reasonOf(error)})`, error);
      }
    });
  if (trusted.length === 0) return keys;
  const known = keys.filter(({ jwk }) => trusted.includes(String(jwk.x)));
  if (known.length === 0)
    throw wrong('expected the service to sign with the key given by --log-key, got other keys only');
  return known;
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

/** What a receipt is over: the leaf of a record, or of a change of one, by its agency. */
interface ReceiptItem {
  /** 32 bytes, hex. */
  leafHash: string;
  statement: { agency: string };
}

/**
 * Checks a receipt: EdDSA JWT of type `sealroot-receipt+jwt` by one of `keys` over exactly these items, in order.
 *
 * @throws CliError `protocol`.
 */
export function checkReceipt(
  receipt: unknown,
  records: readonly ReceiptItem[],
  keys: readonly ReceiptKey[],
): ReceiptKey {
  if (typeof receipt !== 'string') throw wrong('expected a receipt, got none');
  const [head, payload, signature, ...rest] = receipt.split('.');
  if (head === undefined || payload === undefined || signature === undefined || rest.length > 0)
    throw wrong('expected a receipt of three parts, got another form');
  const header = decode(head, 'header');
  if (header['alg'] !== 'EdDSA' || header['typ'] !== 'sealroot-receipt+jwt')
    throw wrong(`expected an EdDSA receipt, got alg ${String(header['alg'])}, typ ${String(header['typ'])}`);
  const key = keys.find(({ kid }) => kid === header['kid']);
  if (key === undefined) throw wrong(`expected a receipt by a published key, got key id ${String(header['kid'])}`);
  if (!verify(null, Buffer.from(`${head}.${payload}`), key.key, Buffer.from(signature, 'base64url')))
    throw wrong('expected a receipt with a good signature, got a bad one');
  const claims = decode(payload, 'payload');
  const leaves = createHash('sha256');
  for (const record of records) leaves.update(record.leafHash, 'hex');
  const expected = leaves.digest('hex');
  if (claims['count'] !== records.length)
    throw wrong(`expected a receipt over ${records.length} records, got one over ${String(claims['count'])}`);
  if (claims['leaves'] !== expected)
    throw wrong('expected a receipt over the leaf hashes of the answer, got one over others');
  for (const { statement } of records)
    if (claims['sub'] !== statement.agency)
      throw wrong(`expected statements of ${String(claims['sub'])}, got one of ${statement.agency}`);
  return key;
}

function decode(part: string, name: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch (error) {
    throw wrong(`expected a receipt with a JSON ${name}, got another`, error);
  }
  throw wrong(`expected a receipt with a JSON object as ${name}, got another value`);
}
