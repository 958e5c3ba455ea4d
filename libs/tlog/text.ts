import { base64 } from '@scure/base';
import { TlogError, type TlogErrorCode } from './error.js';

/** Decodes standard base64 with padding; refuses every text but the one that encoding the result gives. Throws `code`; `what` names it. */
export function decodeBase64(text: string, code: TlogErrorCode, what: string): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = base64.decode(text);
  } catch (cause) {
    throw new TlogError(code, `${what}: expected base64, got ${quote(text)}`, { cause });
  }
  if (base64.encode(bytes) !== text)
    throw new TlogError(code, `${what}: expected canonical base64, got ${quote(text)}`);
  return bytes;
}

/** Standard base64 with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  return base64.encode(bytes);
}

/** Reads a decimal number without leading zeros, from 0 to 2^53 − 1. Throws `code`; `what` names it. */
export function parseDecimal(text: string, code: TlogErrorCode, what: string): number {
  const value = /^(?:0|[1-9][0-9]{0,15})$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) {
    throw new TlogError(
      code,
      `${what}: expected a decimal number below 2^53 without leading zeros, got ${quote(text)}`,
    );
  }
  return value;
}

/** Throws `code` unless `value` is a whole number from 0 to 2^53 − 1. */
export function assertWhole(value: number, code: TlogErrorCode, what: string): void {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new TlogError(code, `${what}: expected a whole number from 0 to 2^53 − 1, got ${value}`);
  }
}

/** Whether `text` can be part of a signed note: Unicode without lone surrogates and without ASCII control characters but newline. */
export function isNoteText(text: string): boolean {
  // oxlint-disable-next-line no-control-regex -- the specification forbids exactly these
  return !/[\u0000-\u0009\u000b-\u001f]|\p{Surrogate}/u.test(text);
}

/** `text` for an error message, cut to a length that a log line bears. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
