import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { DETACHED_FILE_MAGIC } from '#ots/codec.js';
import type { Ask } from '#source/ask.js';
import { DIGEST_ALGORITHMS } from '#statement/digest.js';
import { checkDocument, type DocumentDigests } from './document-check.js';
import { startsWith } from './file-kind.js';
import type { AnchorFinding } from './anchors/finding.js';
import type { CompanionFinding } from './finding.js';
import { readGivenProof } from './given-proof.js';
import type { Proof } from './proof.js';
import { checkTimestampFile, readTimestampFile } from './timestamp-file.js';

/** Another file that was handed in with a proof. */
export interface Companion {
  /** Its name, as results show it. */
  file: string;
  bytes: Uint8Array;
}

/**
 * Looks at a file that came with a proof: an OpenTimestamps file must be about the same document, and what it attests joins the anchors; so must
 * another proof, of which no more is looked at; any other file is told as what it is.
 */
export async function checkCompanion(
  companion: Companion,
  proof: Proof,
  digests: DocumentDigests,
  ask: Ask,
): Promise<[CompanionFinding, ...AnchorFinding[]]> {
  const plain = plainDigests(proof, digests);
  return startsWith(companion.bytes, DETACHED_FILE_MAGIC)
    ? checkTimestamp(companion, plain, ask)
    : [checkOtherProof(companion, plain)];
}

async function checkTimestamp(
  { file, bytes }: Companion,
  plain: DocumentDigests,
  ask: Ask,
): Promise<[CompanionFinding, ...AnchorFinding[]]> {
  const finding = { check: 'companion', file } as const;
  const read = readTimestampFile(bytes);
  if (!('hash' in read)) {
    return [{ ...finding, outcome: 'unavailable', reason: 'unreadable', kind: read.reason, detail: read.detail }];
  }
  // Of what such files start from, documents are compared by SHA-256 alone.
  const given = read.hash === 'sha256' ? plain.sha256 : undefined;
  if (given === undefined) return [{ ...finding, outcome: 'unavailable', reason: 'not-comparable' }];
  const [digest, recorded] = [bytesToHex(given), bytesToHex(read.digest)];
  if (digest !== recorded) {
    const facts = { algorithm: read.hash, blinded: false, digest, recorded };
    return [{ ...finding, outcome: 'failed', reason: 'other-document', ...facts }];
  }
  return [{ ...finding, outcome: 'passed' }, ...(await checkTimestampFile(read, { kind: 'document', file }, ask))];
}

function checkOtherProof({ file, bytes }: Companion, plain: DocumentDigests): CompanionFinding {
  const finding = { check: 'companion', file } as const;
  const read = readGivenProof(bytes);
  if (!('proof' in read)) {
    return { ...finding, outcome: 'unavailable', reason: 'unreadable', kind: read.reason, detail: read.detail };
  }
  const document = checkDocument(read.proof, plain);
  switch (document.outcome) {
    case 'passed':
      return { ...finding, outcome: 'unavailable', reason: 'another-proof', id: read.proof.id };
    case 'failed': {
      const { algorithm, blinded, digest, recorded } = document;
      return { ...finding, outcome: 'failed', reason: 'other-document', algorithm, blinded, digest, recorded };
    }
    default:
      return { ...finding, outcome: 'unavailable', reason: 'not-comparable' };
  }
}

/** The document's digests: each as given, else as recorded in the open. */
function plainDigests({ statement }: Proof, digests: DocumentDigests): DocumentDigests {
  return Object.fromEntries(
    DIGEST_ALGORITHMS.flatMap((algorithm) => {
      const recorded = statement.blinded === true ? undefined : statement.digests[algorithm];
      const digest = digests[algorithm] ?? (recorded === undefined ? undefined : hexToBytes(recorded));
      return digest === undefined ? [] : [[algorithm, digest]];
    }),
  );
}
