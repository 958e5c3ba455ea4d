import { base64 } from '@scure/base';
import { ReceiptError } from './error.js';

/** The service's promise over one request: a signed note over the requests that were committed together, and that this one is among them. */
export interface Receipt {
  /** C2SP signed note, see `head.ts`. */
  note: string;
  /** Of the request in its group, from 0. */
  index: number;
  /** Inclusion path, 32 bytes each in base64, the entry's sibling first. */
  path: string[];
}

/** Longest path: a group of more requests is never made. */
const MAX_PATH = 32;

/** Reads a receipt's JSON value; verifies nothing. Throws ReceiptError, also for members that a receipt does not have. */
export function parseReceipt(value: unknown): Receipt {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ReceiptError('receipt: expected an object with note, index and path');
  const { note, index, path, ...others } = value as Record<string, unknown>;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    throw new ReceiptError(`receipt: expected note, index and path, got ${JSON.stringify(unknown)}`);
  if (typeof note !== 'string') throw new ReceiptError('receipt: expected a signed note as text');
  if (!Number.isSafeInteger(index) || (index as number) < 0)
    throw new ReceiptError('receipt: expected an index from 0');
  if (!Array.isArray(path) || path.length > MAX_PATH || !path.every(isHash))
    throw new ReceiptError(`receipt: expected a path of at most ${MAX_PATH} hashes of 32 bytes in base64`);
  return { note, index: index as number, path: path as string[] };
}

function isHash(value: unknown): boolean {
  // 32 bytes are 43 characters and one of padding, and the last character has two bits left that must be zero.
  return typeof value === 'string' && /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/.test(value);
}

/** The path's hashes, 32 bytes each. */
export function receiptPath({ path }: Receipt): Uint8Array[] {
  return path.map((hash) => base64.decode(hash));
}
