import { bytesToHex } from '@noble/hashes/utils.js';
import { DETACHED_FILE_MAGIC } from '#ots/codec.js';
import type { Ask } from '#source/ask.js';
import type { DocumentDigests } from './document-check.js';
import { fileKind, startsWith } from './file-kind.js';
import type { AnchorFinding, CompanionFinding } from './finding.js';
import type { Proof } from './proof.js';
import { checkTimestampFile, readTimestampFile, type TimestampFile } from './timestamp-file.js';

/** Another file that was handed in with a proof. */
export interface Companion {
  /** Its name, as results show it. */
  file: string;
  bytes: Uint8Array;
}

/**
 * Looks at a file that came with a proof: an OpenTimestamps file must be about the same document, and what it attests joins the anchors; any
 * other file is told as what it is.
 */
export async function checkCompanion(
  { file, bytes }: Companion,
  proof: Proof,
  digests: DocumentDigests,
  ask: Ask,
): Promise<[CompanionFinding, ...AnchorFinding[]]> {
  const finding = { check: 'companion', file } as const;
  if (!startsWith(bytes, DETACHED_FILE_MAGIC)) {
    const detail = 'expected an OpenTimestamps file';
    return [{ ...finding, outcome: 'unavailable', reason: 'unreadable', kind: fileKind(bytes), detail }];
  }
  const read = readTimestampFile(bytes);
  if (!('hash' in read)) {
    return [{ ...finding, outcome: 'unavailable', reason: 'unreadable', kind: read.reason, detail: read.detail }];
  }
  const plain = plainDigest(read, proof, digests);
  if (plain === undefined) return [{ ...finding, outcome: 'unavailable', reason: 'not-comparable' }];
  const [digest, recorded] = [plain, bytesToHex(read.digest)];
  if (digest !== recorded) {
    return [{ ...finding, outcome: 'failed', reason: 'other-document', algorithm: read.hash, digest, recorded }];
  }
  return [{ ...finding, outcome: 'passed' }, ...(await checkTimestampFile(read, { kind: 'document', file }, ask))];
}

/** The document's digest by the file's hash, hex: as given, else as recorded in the open; undefined when neither says it. */
function plainDigest({ hash }: TimestampFile, { statement }: Proof, digests: DocumentDigests): string | undefined {
  if (hash !== 'sha256') return undefined;
  if (digests.sha256 !== undefined) return bytesToHex(digests.sha256);
  return statement.blinded === true ? undefined : statement.digests.sha256;
}
