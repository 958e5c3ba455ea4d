import { PaperError } from './error.js';

/** What a guard reads: code points without control characters but newline, line and paragraph separators, invisible and direction-changing
 * characters, or lone surrogates: as the reference of a record, and newlines. */
const READABLE =
  // oxlint-disable-next-line no-control-regex -- exactly these are refused
  /^[^\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\uffff]+$/u;

/** Whether a text can be carried by a code: what is shown is then what is there. */
export function isReadable(text: string): boolean {
  return READABLE.test(text);
}

/** A text from UTF-8. @throws PaperError `bad-code` for bytes that are none */
export function fromUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new PaperError('bad-code', 'Reading a code: expected UTF-8, got other bytes', { cause });
  }
}
