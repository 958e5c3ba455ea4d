import { type DigestName, readDigestAlgorithm } from './algorithm.js';
import { readExtensions } from './certificate-extensions.js';
import {
  contextTag,
  type Der,
  elementsOf,
  inside,
  readBoolean,
  readDer,
  readImplicitInteger,
  readInteger,
  readOid,
  TAG,
} from './der.js';
import { TspError } from './error.js';
import { readGenTime } from './time.js';

/** What a token says (RFC 3161 §2.4.2). */
export interface TstInfo {
  policy: string;
  imprint: { digest: DigestName; hash: Uint8Array };
  serial: bigint;
  /** Milliseconds since 1970. */
  genTime: number;
  /** How far off the time may be, in milliseconds, rounded up; null when the token does not say. */
  accuracyMs: number | null;
  nonce: bigint | null;
  /** The authority's name as the token gives it: a GeneralName, DER. */
  authority: Uint8Array | null;
}

const HASH_BYTES: Record<DigestName, number> = { 'SHA-1': 20, 'SHA-256': 32, 'SHA-384': 48, 'SHA-512': 64 };

/** Longest accuracy that is believed to be meant, in seconds: a day. */
const MAX_ACCURACY_SECONDS = 86_400n;

/** Reads a TSTInfo. @throws TspError `bad-der`, `bad-token`, `unsupported`, `weak-algorithm` */
export function parseTstInfo(der: Uint8Array): TstInfo {
  const what = "a token's content";
  const fields = elementsOf(readDer(der, what), what);
  const version = readInteger(fields.take(TAG.integer), what);
  if (version !== 1n) throw bad('version 1', version);
  const policy = readOid(fields.take(TAG.oid), what);
  const imprint = elementsOf(fields.take(TAG.sequence), what);
  const digest = readDigestAlgorithm(imprint.take(TAG.sequence), "the token's imprint");
  const hash = imprint.take(TAG.octetString).content;
  imprint.end();
  if (hash.length !== HASH_BYTES[digest]) throw bad(`an imprint of ${HASH_BYTES[digest]} bytes`, hash.length);
  const serial = readInteger(fields.take(TAG.integer), what);
  const genTime = readGenTime(fields.take(TAG.generalizedTime), "the token's time");
  const accuracy = fields.maybe(TAG.sequence);
  const ordering = fields.maybe(TAG.boolean);
  if (ordering) readBoolean(ordering, what);
  const nonce = fields.maybe(TAG.integer);
  const authority = fields.maybe(contextTag(0));
  const extensions = fields.maybe(contextTag(1));
  fields.end();
  if (extensions) {
    const critical = readExtensions({ ...extensions, tag: TAG.sequence }, "a token's extensions").find(
      (one) => one.critical,
    );
    if (critical)
      throw new TspError('unsupported', `Reading ${what}: expected no critical extension, got ${critical.oid}`);
  }
  return {
    policy,
    imprint: { digest, hash },
    serial,
    genTime,
    accuracyMs: accuracy ? accuracyOf(accuracy) : null,
    nonce: nonce ? readInteger(nonce, what) : null,
    authority: authority ? inside(authority, "the token's authority").bytes : null,
  };
}

function accuracyOf(element: Der): number {
  const what = "the token's accuracy";
  const fields = elementsOf(element, what);
  const whole = fields.maybe(TAG.integer);
  const [millis, micros] = [0, 1].map((number) => {
    const part = fields.maybe(contextTag(number, false));
    const value = part ? readImplicitInteger(part, what) : 0n;
    if (part && (value < 1n || value > 999n)) throw bad('an accuracy of 1 to 999 parts', value);
    return Number(value);
  }) as [number, number];
  fields.end();
  const seconds = whole ? readInteger(whole, what) : 0n;
  if (seconds < 0n || seconds > MAX_ACCURACY_SECONDS)
    throw bad(`an accuracy of at most ${MAX_ACCURACY_SECONDS} seconds`, seconds);
  return Number(seconds) * 1000 + millis + (micros > 0 ? 1 : 0);
}

function bad(expected: string, got: bigint | number): TspError {
  return new TspError('bad-token', `Reading a token's content: expected ${expected}, got ${got}`);
}
