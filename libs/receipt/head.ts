import { isTime, formatTime, parseTime } from '#statement/time.js';
import { formatCheckpoint, parseCheckpoint } from '#tlog/checkpoint.js';
import { ReceiptError } from './error.js';

/** Within this time after a receipt's own everything that it covers is in the log, or the receipt is evidence against the operator. Part of the
 * format: whoever holds a receipt needs nobody's word for it. */
export const INCLUDE_WITHIN_MS = 10_000;

/** What the signed note of a receipt says: which requests were committed together. */
export interface ReceiptHead {
  /** The log's origin. */
  logOrigin: string;
  /** Requests of the group. */
  size: number;
  /** Root of the tree over their entries, 32 bytes. */
  root: Uint8Array;
  /** When all of them had been committed, as statements write times. */
  committedAt: string;
}

/** Name under which receipts of a log are signed, and first line of their notes. */
export function receiptOrigin(logOrigin: string): string {
  return `${logOrigin}/receipt`;
}

/** The text of a receipt's note, to be signed: a checkpoint's three lines, and the time as its extension line. */
export function formatReceiptHead({ logOrigin, size, root, committedAt }: ReceiptHead): string {
  return `${formatCheckpoint({ origin: receiptOrigin(logOrigin), size, root })}t ${committedAt}\n`;
}

/** Reads what {@link formatReceiptHead} writes. Throws ReceiptError, or TlogError `bad-checkpoint`. */
export function parseReceiptHead(text: string): ReceiptHead {
  const lines = text.split('\n');
  const time = lines[3] ?? '';
  if (lines.length !== 5 || !time.startsWith('t ') || !isTime(time.slice(2)))
    throw new ReceiptError('receipt: expected origin, size, root and "t <time>", a line each');
  const { origin, size, root } = parseCheckpoint(`${lines.slice(0, 3).join('\n')}\n`);
  if (!origin.endsWith('/receipt'))
    throw new ReceiptError(`receipt: expected an origin that ends with /receipt, got ${JSON.stringify(origin)}`);
  return { logOrigin: origin.slice(0, -'/receipt'.length), size, root, committedAt: time.slice(2) };
}

/** The time by which everything that a receipt covers is in the log. */
export function includeBy({ committedAt }: Pick<ReceiptHead, 'committedAt'>): string {
  return formatTime(parseTime(committedAt) + INCLUDE_WITHIN_MS);
}
