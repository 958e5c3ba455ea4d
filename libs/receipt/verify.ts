import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { leafHash } from '#merkle/hash.js';
import { verifyInclusion } from '#merkle/inclusion.js';
import { TlogError } from '#tlog/error.js';
import { type Note, parseNote, verifyNote } from '#tlog/note.js';
import { verifierKey, type VerifierKey } from '#tlog/verifier-key.js';
import { ReceiptError } from './error.js';
import { includeBy, parseReceiptHead, type ReceiptHead, receiptOrigin } from './head.js';
import { type Receipt, receiptPath } from './receipt.js';

/**
 * Why a receipt does not hold:
 *
 * - `unreadable`: its note is no receipt's;
 * - `other-log`: it is not of the log whose key is asked for;
 * - `unsigned`: that key has not signed it;
 * - `bad-signature`: a signature that claims to be that key's is wrong;
 * - `other-items`: it is not over just these items in this order.
 */
export type ReceiptFault = 'unreadable' | 'other-log' | 'unsigned' | 'bad-signature' | 'other-items';

/** What a check found. */
export type ReceiptCheck = { fault: ReceiptFault } | { committedAt: string; includeBy: string };

/** What a request is among those of its group, 32 bytes: SHA-256 of its accepted items' leaf hashes (32 bytes each), concatenated in the order of the
 * answer. */
export function receiptEntry(leaves: readonly Uint8Array[]): Uint8Array {
  return sha256(concatBytes(...leaves));
}

/**
 * Whether `receipt` is the promise of the log of `logKey` over just `leaves`: the leaf hashes (32 bytes each) of the request's accepted items in the order
 * of the answer. Never throws for a receipt that does not hold.
 */
export function verifyReceipt(receipt: Receipt, leaves: readonly Uint8Array[], logKey: VerifierKey): ReceiptCheck {
  const read = readNote(receipt.note);
  if (read === null) return { fault: 'unreadable' };
  const { note, head } = read;
  if (head.logOrigin !== logKey.name) return { fault: 'other-log' };
  const { verified, failed } = verifyNote(note, [verifierKey(receiptOrigin(logKey.name), logKey.publicKey)]);
  if (failed.length > 0) return { fault: 'bad-signature' };
  if (verified.length === 0) return { fault: 'unsigned' };
  const { index } = receipt;
  const { root, size } = head;
  const leaf = leafHash(receiptEntry(leaves));
  if (!verifyInclusion({ leaf, index, size, path: receiptPath(receipt), root })) return { fault: 'other-items' };
  return { committedAt: head.committedAt, includeBy: includeBy(head) };
}

function readNote(text: string): { note: Note; head: ReceiptHead } | null {
  try {
    const note = parseNote(text);
    return { note, head: parseReceiptHead(note.text) };
  } catch (error) {
    if (error instanceof TlogError || error instanceof ReceiptError) return null;
    throw error;
  }
}
