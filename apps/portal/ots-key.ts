import { equalBytes } from '#ots/byte-order.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { parseDetachedFile } from '#ots/codec.js';
import { OtsError } from '#ots/error.js';

/** Length of the salt that blinds a digest, in bytes. */
const SALT_BYTES = 32;

/** What an `.ots` file tells about where a document's record can be found. */
export interface OtsKey {
  /** Whether the file was made for this document. */
  matches: boolean;
  /** Salt and blinded digest in hex, when the path starts by blinding the document's digest. */
  blinded?: { saltHex: string; digestHex: string } | undefined;
}

/** Reads the start of an `.ots` file's path. `undefined` when the file cannot be read as one. */
export function readOtsKey(ots: Uint8Array, documentSha256: Uint8Array): OtsKey | undefined {
  let file: ReturnType<typeof parseDetachedFile>;
  try {
    file = parseDetachedFile(ots);
  } catch (error) {
    if (error instanceof OtsError) return undefined;
    throw error;
  }
  if (file.hash !== 'sha256' || !equalBytes(file.digest, documentSha256)) return { matches: false };
  for (const { op, next } of file.timestamp.operations) {
    if (op.type !== 'prepend' || op.operand.length !== SALT_BYTES) continue;
    const hashed = next.operations.find((branch) => branch.op.type === 'sha256');
    if (hashed) {
      return {
        matches: true,
        blinded: { saltHex: bytesToHex(op.operand), digestHex: bytesToHex(hashed.next.message) },
      };
    }
  }
  return { matches: true };
}

/** Whether a `.ots` file was given, and belongs to the document. */
export function otsState(given: boolean, key: OtsKey | undefined): 'none' | 'matches' | 'differs' {
  if (!given) return 'none';
  return key?.matches ? 'matches' : 'differs';
}
