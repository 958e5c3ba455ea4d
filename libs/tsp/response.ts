import { derOfBer } from './ber.js';
import { elementsOf, readDer, readNamedBits, readSmallInteger, sameBytes, TAG } from './der.js';
import { TspError } from './error.js';
import { checkLength, MAX_RESPONSE_BYTES } from './limit.js';
import { parseTimeStampToken, type TimeStampToken } from './token.js';
import { writeSequence, writeInteger } from './der-writer.js';

/** How much of an authority's own words is shown, in characters. */
const MAX_WORDS = 160;

const STATUS = [
  'granted',
  'granted with modifications',
  'rejection',
  'waiting',
  'revocation warning',
  'revocation notification',
];

/** Reasons of a rejection by bit (RFC 3161 §2.4.2). */
const FAILURES: ReadonlyMap<number, string> = new Map([
  [0, 'unrecognised algorithm'],
  [2, 'request not permitted'],
  [5, 'bad data format'],
  [14, 'no time available'],
  [15, 'policy not accepted'],
  [16, 'extension not accepted'],
  [17, 'additional information not available'],
  [25, 'system failure'],
]);

/** The token that a TimeStampResp grants (RFC 3161 §2.4.2), nothing verified.
 * @throws TspError `rejected` with the authority's reason, `bad-der`, `bad-response`, `too-large`, and what {@link parseTimeStampToken} throws */
export function parseTimeStampResponse(ber: Uint8Array): TimeStampToken {
  const what = 'an answer of an authority';
  checkLength(ber, MAX_RESPONSE_BYTES, what);
  const fields = elementsOf(readDer(derOfBer(ber, what), what), what);
  const info = elementsOf(fields.take(TAG.sequence), what);
  const status = readSmallInteger(info.take(TAG.integer), what);
  const words = info.maybe(TAG.sequence);
  const failure = info.maybe(TAG.bitString);
  info.end();
  const token = fields.maybe(TAG.sequence);
  fields.end();
  if (status > 1) {
    const reasons = [...(failure ? readNamedBits(failure, what) : [])].map(
      (bit) => FAILURES.get(bit) ?? `reason ${bit}`,
    );
    const said = (words ? elementsOf(words, what).rest : []).map(({ content }) => plainText(content));
    const why = [STATUS[status] ?? `status ${status}`, ...reasons, ...said].join(', ');
    throw new TspError('rejected', `Asking an authority: expected a token, got ${why}`);
  }
  if (!token) throw new TspError('bad-response', `Reading ${what}: expected a token, got a granted answer without one`);
  return parseTimeStampToken(token.bytes);
}

/** Says that a token is the answer to a request. @throws TspError `wrong-nonce`, `wrong-imprint` */
export function checkAnswers(
  token: TimeStampToken,
  { imprint, nonce }: { imprint: Uint8Array; nonce: Uint8Array },
): void {
  const { info } = token;
  if (info.imprint.digest !== 'SHA-256' || !sameBytes(info.imprint.hash, imprint)) {
    throw new TspError('wrong-imprint', 'Reading a token: expected the imprint that was asked for, got another');
  }
  const asked = nonce.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  if (info.nonce !== asked) {
    const got = info.nonce === null ? 'none' : 'another';
    throw new TspError('wrong-nonce', `Reading a token: expected the nonce that was asked with, got ${got}`);
  }
}

/** A TimeStampResp that grants this token, DER: the form in which `openssl ts -verify -in` takes it. */
export function writeTimeStampResponse(token: Uint8Array): Uint8Array {
  return writeSequence(writeSequence(writeInteger(Uint8Array.of(0))), token);
}

/** An authority's words in whatever language, on one line and without what would change how it is read (controls, writing direction). */
function plainText(content: Uint8Array): string {
  // A character has at most four bytes.
  const text = new TextDecoder().decode(content.subarray(0, 4 * MAX_WORDS));
  const line = text.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return Array.from(line).slice(0, MAX_WORDS).join('');
}
