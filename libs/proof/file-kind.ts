import { base64 } from '@scure/base';
import { DETACHED_FILE_MAGIC } from '#ots/codec.js';
import type { UnreadableKind } from './finding.js';

/** What the first bytes of a file say that it is, whatever else is in it. */
const MAGICS: readonly (readonly [UnreadableKind, readonly number[]])[] = [
  ['pdf', [0x25, 0x50, 0x44, 0x46]],
  ['zip', [0x50, 0x4b, 0x03, 0x04]],
  ['zip', [0x50, 0x4b, 0x05, 0x06]],
  ['utf-16', [0xff, 0xfe]],
  ['utf-16', [0xfe, 0xff]],
  ['byte-order-mark', [0xef, 0xbb, 0xbf]],
];

/** OID of a time-stamp's content, 1.2.840.113549.1.9.16.1.4, in DER: every token has it near its start. */
const TST_INFO_OID = [0x06, 0x0b, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x04];

/** How far into a file its kind is looked for, in bytes. */
const LOOKED_AT_BYTES = 4096;

/**
 * What a file is that cannot be read as a proof, by its bytes alone: the mistake that was most likely made. `json` is the value in it, where it
 * is JSON at all; `damaged` when nothing better is known.
 */
export function fileKind(bytes: Uint8Array, json?: unknown): UnreadableKind {
  if (bytes.length === 0) return 'empty';
  for (const [kind, magic] of MAGICS) if (magic.every((byte, i) => bytes[i] === byte)) return kind;
  if (startsWith(bytes, DETACHED_FILE_MAGIC)) return 'damaged';
  const head = bytes.subarray(0, LOOKED_AT_BYTES);
  if (bytes[0] === 0x30 && includes(head, TST_INFO_OID)) return 'time-stamp';
  // Every other byte is zero, but for few: text of 16 bits a character without a mark.
  if (head.length > 3 && (everyOther(head, 0) || everyOther(head, 1))) return 'utf-16';
  const text = new TextDecoder('utf-8').decode(head).trimStart();
  if (/^<(?:!doctype html|html|head|body|\?xml)/i.test(text)) return 'html';
  if (/^[\x20-\x7e]{1,256}\n[0-9]+\n[A-Za-z0-9+/=]{44}\n/.test(text) || text.startsWith('c2sp.org/tlog-proof@'))
    return 'signed-note';
  if (json !== undefined) return jsonKind(json);
  if (text.startsWith('{')) return isCutShort(bytes) ? 'cut-short' : 'damaged';
  const whole = new TextDecoder('utf-8').decode(bytes.subarray(0, 1 << 20)).replace(/\s+/g, '');
  if (/^(?:7b|004f70656e54696d657374616d7073)[0-9a-f]+$/i.test(whole)) return 'hex';
  return opensAsBase64(whole) ? 'base64' : 'damaged';
}

/** What a JSON value is that is no proof. */
function jsonKind(json: unknown): UnreadableKind {
  if (typeof json !== 'object' || json === null) return 'other-json';
  const names = Object.keys(json);
  if (names.includes('format') && names.includes('statement')) return 'damaged';
  return names.includes('receipt') || names.includes('includeBy') ? 'receipt' : 'other-json';
}

/** Whether a JSON text ends inside a string, an object or an array. */
function isCutShort(bytes: Uint8Array): boolean {
  let [depth, inString] = [0, false];
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (inString) {
      if (byte === 0x5c) i++;
      else if (byte === 0x22) inString = false;
    } else if (byte === 0x22) inString = true;
    else if (byte === 0x7b || byte === 0x5b) depth++;
    else if (byte === 0x7d || byte === 0x5d) depth--;
  }
  return inString || depth > 0;
}

/** Whether a text is base64 of a proof or an OpenTimestamps file. */
function opensAsBase64(text: string): boolean {
  const standard = text.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '');
  if (!/^[A-Za-z0-9+/]{16,}$/.test(standard)) return false;
  const start = base64.decode(standard.slice(0, 40 - (40 % 4)).slice(0, standard.length - (standard.length % 4)));
  return start[0] === 0x7b || startsWith(start, DETACHED_FILE_MAGIC.subarray(0, Math.min(9, start.length)));
}

/** Whether nine in ten of every other byte are zero. */
function everyOther(bytes: Uint8Array, from: 0 | 1): boolean {
  const zeros = bytes.filter((byte, i) => i % 2 === from && byte === 0).length;
  return zeros * 20 > bytes.length * 9;
}

function includes(bytes: Uint8Array, wanted: readonly number[]): boolean {
  return bytes.some((_, at) => wanted.every((byte, i) => bytes[at + i] === byte));
}

/** Whether bytes begin with these. */
export function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  return start.every((byte, i) => bytes[i] === byte);
}
