import { leafHash } from '#merkle/hash.js';
import { rootFromInclusionProof } from '#merkle/inclusion.js';
import { batchOrigin } from '#statement/batch-entry.js';
import { entryBytes, statementHash } from '#statement/entry.js';
import { recordId } from '#statement/record-id.js';
import { formatStatement } from '#statement/statement.js';
import { parseTime } from '#statement/time.js';
import { formatCheckpoint } from '#tlog/checkpoint.js';
import { verifyEd25519 } from '#tlog/ed25519.js';
import { sameKeyId, type VerifierKey } from '#tlog/verifier-key.js';
import type { PaperCode } from './code.js';
import { pathLength, subtreePlace } from './codec.js';

/** What follows from a code by hashing. */
export interface CodeHashes {
  /** Record id. */
  id: string;
  /** Hash of the record's entry in its batch, 32 bytes. */
  leaf: Uint8Array;
  /** Hash over the subtree of 256 entries that the record is in, 32 bytes. */
  subtree: Uint8Array;
}

/** Computes what a code leads to. Nothing of it is shown to be so by that. */
export function hashesOf({ index, path, size, statement }: PaperCode): CodeHashes {
  const text = formatStatement(statement);
  const leaf = leafHash(entryBytes(statement, text));
  const { offset, width } = subtreePlace(index, size);
  const below = path.slice(0, pathLength('landmark', index, size));
  return {
    id: recordId(parseTime(statement.receivedAt), statementHash(text)),
    leaf,
    subtree: rootFromInclusionProof(leaf, offset, width, below),
  };
}

/**
 * Whether the log of `key` signed the batch that a self-contained code is of: `signed`, that record was in it when it was sealed; `other-key`,
 * the code names another key, so nothing is known; `mismatch`, some part of the code is not what was signed. Landmark codes have no signature: `none`.
 */
export function checkSignature(code: PaperCode, key: VerifierKey): 'signed' | 'other-key' | 'mismatch' | 'none' {
  const { batch, index, keyId, path, signature, size } = code;
  if (!sameKeyId(keyId, key.id)) return 'other-key';
  if (signature === undefined) return 'none';
  const root = rootFromInclusionProof(hashesOf(code).leaf, index, size, path);
  const text = formatCheckpoint({ origin: batchOrigin(key.name, batch), size, root });
  return verifyEd25519(signature, new TextEncoder().encode(text), key.publicKey) ? 'signed' : 'mismatch';
}
