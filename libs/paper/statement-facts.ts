import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { base64urlnopad } from '@scure/base';
import { BATCH_MAX_SIZE } from '#statement/batch-entry.js';
import { blindedDigest, digestOf, SALT_BYTES } from '#statement/blinding.js';
import { DIGEST_ALGORITHMS, DIGEST_BYTES, type Digests } from '#statement/digest.js';
import { canonicalize, type JsonObject } from '#statement/jcs.js';
import { parseStatement, type RecordStatement } from '#statement/statement.js';
import { formatTime, parseTime } from '#statement/time.js';
import type { ByteReader, ByteWriter } from '#status/byte-string.js';
import type { CarriedText } from './code.js';
import { PaperError } from './error.js';
import { fromUtf8, isReadable } from './text.js';

/** Most bytes of a part of variable length: more than any code has. */
const PART_MAX_BYTES = BATCH_MAX_SIZE;

const NONCE_BYTES = 16;
const ID_BYTES = 16;
const HASH_BYTES = 32;
const SIGNATURE_BYTES = 64;
const TIME_BYTES = 6;

/** Bits of the byte that says which members are there. */
const MEMBERS = {
  blinded: 1,
  reference: 2,
  claims: 4,
  validFrom: 8,
  validUntil: 16,
  supersedes: 32,
  provenance: 64,
  agencySignature: 128,
} as const;

/** Bit of the byte of digests that says that the text is there in their place. */
const TEXT = 128;

/** Writes a statement as a code holds it, and the document where it is carried. The caller has seen to it that the document is the statement's. */
export function writeStatement(out: ByteWriter, statement: RecordStatement, document: CarriedText | undefined): void {
  const { agency, agencySignature, claims, digests, nonce, profile, provenance, receivedAt, reference } = statement;
  const { supersedes, validFrom, validUntil } = statement;
  const names = Object.keys(MEMBERS) as (keyof typeof MEMBERS)[];
  out.byte(names.reduce((bits, name) => bits | (statement[name] === undefined ? 0 : MEMBERS[name]), 0));
  const algorithms = DIGEST_ALGORITHMS.map((name, i) => (digests[name] === undefined ? 0 : 1 << i));
  out.byte(algorithms.reduce((bits, bit) => bits | bit, document === undefined ? 0 : TEXT));
  out.counted(utf8ToBytes(agency));
  out.counted(utf8ToBytes(profile));
  writeTime(out, receivedAt);
  out.bytes(hexToBytes(nonce));
  if (reference !== undefined) out.counted(utf8ToBytes(reference));
  if (claims !== undefined) out.counted(utf8ToBytes(canonicalize(claims)));
  if (validFrom !== undefined) writeTime(out, validFrom);
  if (validUntil !== undefined) writeTime(out, validUntil);
  if (supersedes !== undefined) out.bytes(hexToBytes(supersedes.replaceAll('-', '')));
  if (provenance !== undefined) out.bytes(hexToBytes(provenance.sha256));
  if (agencySignature !== undefined) {
    out.counted(utf8ToBytes(agencySignature.key));
    out.bytes(base64urlnopad.decode(agencySignature.value));
  }
  if (document === undefined) {
    for (const name of DIGEST_ALGORITHMS) if (digests[name] !== undefined) out.bytes(hexToBytes(digests[name]));
    return;
  }
  out.counted(utf8ToBytes(document.text));
  if (document.salt !== undefined) out.bytes(document.salt);
}

/** Reads what {@link writeStatement} wrote. @throws PaperError `bad-code` */
export function readStatement(input: ByteReader): { statement: RecordStatement; document: CarriedText | undefined } {
  const bits = input.byte();
  const has = (name: keyof typeof MEMBERS) => (bits & MEMBERS[name]) !== 0;
  const kinds = input.byte();
  const value: Record<string, unknown> = { v: 1, kind: 'record' };
  const text = () => fromUtf8(input.counted(PART_MAX_BYTES));
  value['agency'] = text();
  value['profile'] = text();
  value['receivedAt'] = readTime(input);
  value['nonce'] = bytesToHex(input.bytes(NONCE_BYTES));
  if (has('blinded')) value['blinded'] = true;
  if (has('reference')) value['reference'] = text();
  if (has('claims')) value['claims'] = readClaims(text());
  if (has('validFrom')) value['validFrom'] = readTime(input);
  if (has('validUntil')) value['validUntil'] = readTime(input);
  if (has('supersedes')) value['supersedes'] = uuid(bytesToHex(input.bytes(ID_BYTES)));
  if (has('provenance')) value['provenance'] = { sha256: bytesToHex(input.bytes(HASH_BYTES)) };
  if (has('agencySignature')) {
    const key = text();
    value['agencySignature'] = { key, alg: 'EdDSA', value: base64urlnopad.encode(input.bytes(SIGNATURE_BYTES)) };
  }
  const algorithms = DIGEST_ALGORITHMS.filter((_, i) => (kinds & (1 << i)) !== 0);
  let document: CarriedText | undefined;
  if ((kinds & TEXT) !== 0) {
    document = { text: text(), salt: has('blinded') ? input.bytes(SALT_BYTES) : undefined };
    if (!isReadable(document.text)) throw input.refuse('a text that can be read', 'hidden characters, or none');
    value['digests'] = digestsOf(algorithms, document);
  } else {
    value['digests'] = Object.fromEntries(
      algorithms.map((name) => [name, bytesToHex(input.bytes(DIGEST_BYTES[name]))]),
    );
  }
  try {
    return { statement: parseStatement(value), document };
  } catch (cause) {
    throw new PaperError('bad-code', `Reading a code: ${(cause as Error).message}`, { cause });
  }
}

/** The digests, hex, by these algorithms, of a document that a code carries. */
export function digestsOf(algorithms: readonly (keyof Digests)[], { text, salt }: CarriedText): Digests {
  const bytes = utf8ToBytes(text);
  return Object.fromEntries(
    algorithms.map((name) => {
      const plain = digestOf(name, bytes);
      return [name, bytesToHex(salt === undefined ? plain : blindedDigest(name, salt, plain))];
    }),
  );
}

function readClaims(text: string): JsonObject {
  try {
    return JSON.parse(text) as JsonObject;
  } catch (cause) {
    throw new PaperError('bad-code', 'Reading a code: expected claims as JSON, got another text', { cause });
  }
}

/** Milliseconds since 1970, big-endian. */
function writeTime(out: ByteWriter, time: string): void {
  const ms = parseTime(time);
  if (ms < 0) throw new PaperError('cannot-carry', `Writing a code: expected times from 1970 on, got ${time}`);
  for (let i = TIME_BYTES - 1; i >= 0; i--) out.byte(Math.floor(ms / 256 ** i) % 256);
}

function readTime(input: ByteReader): string {
  const ms = input.bytes(TIME_BYTES).reduce((sum, byte) => sum * 256 + byte, 0);
  try {
    return formatTime(ms);
  } catch (cause) {
    throw new PaperError('bad-code', 'Reading a code: expected a time before the year 10000, got a later one', {
      cause,
    });
  }
}

function uuid(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
