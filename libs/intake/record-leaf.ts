import { hash } from 'node:crypto';
import { HASH_BYTES } from '#merkle/hash.js';
import { DIGEST_ALGORITHMS, type Digests } from '#statement/digest.js';
import { recordId } from '#statement/record-id.js';

/** Longest digest of any algorithm (SHA-512), in bytes. */
const LONGEST_DIGEST_BYTES = 64;

/** Where the leaf's preimage is put together: 0x00, primary digest, statement hash. Written and read within one synchronous call. */
const preimage = Buffer.alloc(1 + LONGEST_DIGEST_BYTES + HASH_BYTES);

/** What the statement and its digests make of a record. */
export interface RecordLeaf {
  id: string;
  /** Primary digest, hex. */
  digestHex: string;
  /** The other digests, hex; null when there are none. */
  otherDigestsHex: string[] | null;
  /** Leaf hash, hex. */
  leafHex: string;
}

/** The record's id and leaf hash, as `recordId` and `leafHash(entryBytes(…))` of the pure libraries define them, but with one-shot native
 * hashing into one buffer: this runs for every accepted record. `receivedAtMs` is the statement's `receivedAt`. */
export function recordLeaf(receivedAtMs: number, digests: Digests, statementJcs: string): RecordLeaf {
  let digestHex = '';
  let otherDigestsHex: string[] | null = null;
  for (const algorithm of DIGEST_ALGORITHMS) {
    const hex = digests[algorithm];
    if (hex === undefined) continue;
    if (digestHex === '') digestHex = hex;
    else (otherDigestsHex ??= []).push(hex);
  }
  preimage[0] = 0;
  const digestEnd = 1 + preimage.write(digestHex, 1, 'hex');
  const end = digestEnd + HASH_BYTES;
  // A latin1 string of one character a byte is the cheapest way out of the native hash: no Buffer is made.
  preimage.write(hash('sha256', statementJcs, 'binary'), digestEnd, 'latin1');
  return {
    id: recordId(receivedAtMs, preimage.subarray(digestEnd, end)),
    digestHex,
    otherDigestsHex,
    leafHex: hash('sha256', preimage.subarray(0, end), 'hex'),
  };
}
