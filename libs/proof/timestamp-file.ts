import { bytesToHex } from '@noble/hashes/utils.js';
import { parseDetachedFile } from '#ots/codec.js';
import { OtsError, type OtsErrorCode } from '#ots/error.js';
import { type AttestationAt, listAttestations } from '#ots/visit.js';
import { asking, type Sources } from '#source/ask.js';
import { checkAttestations } from './anchors/opentimestamps/check.js';
import { anchorBudget, counted, untried } from './anchor-checks.js';
import { fileKind } from './file-kind.js';
import type { AnchorFinding, Subject } from './anchors/finding.js';
import type { DocumentFinding, DocumentHash, FormatFinding, UnreadableKind } from './finding.js';
import { checkTimes } from './times-check.js';
import { conclude } from './verdict.js';
import type { Verification } from './verification.js';

/** Hash functions that a detached OpenTimestamps file can start from. */
export type TimestampFileHash = ReturnType<typeof parseDetachedFile>['hash'];

/** A detached OpenTimestamps file as it was read. */
export interface TimestampFile {
  hash: TimestampFileHash;
  /** The digest that it starts from. */
  digest: Uint8Array;
  attestations: AttestationAt[];
}

/** What a file that cannot be read is, where the reason tells it. */
const UNREADABLE: Partial<Record<OtsErrorCode, UnreadableKind>> = {
  truncated: 'cut-short',
  'unsupported-version': 'newer-version',
};

/** Reads a detached OpenTimestamps file; the finding says what the bytes are when they are none. */
export function readTimestampFile(bytes: Uint8Array): TimestampFile | Extract<FormatFinding, { outcome: 'failed' }> {
  try {
    const { hash, digest, timestamp } = parseDetachedFile(bytes);
    return { hash, digest, attestations: listAttestations(timestamp) };
  } catch (error) {
    if (!(error instanceof OtsError)) throw error;
    const reason = UNREADABLE[error.code] ?? fileKind(bytes);
    return { check: 'format', outcome: 'failed', reason, detail: error.message };
  }
}

/** What the verification of a bare OpenTimestamps file needs. */
export interface VerifyTimestampInput {
  file: TimestampFile;
  /** Digest of the document by the file's hash; null when the document was given by a digest of another. Absent to verify the file alone. */
  digest?: Uint8Array | null | undefined;
  /** Digests of the document with other line endings. */
  twins?: readonly Uint8Array[] | undefined;
  sources?: Sources | undefined;
  /** Count no chain that is for tests, whatever it shows. */
  publicOnly?: boolean | undefined;
  now: Date;
}

/**
 * Verifies a detached OpenTimestamps file alone: the document's digest against the file's, every attestation against the sources, the times that they
 * show against the present.
 * It says nothing about who recorded the document or under which terms; that only a Sealroot proof says.
 */
export async function verifyTimestampFile(input: VerifyTimestampInput): Promise<Verification> {
  const { file, sources = { bitcoin: [], evm: [] } } = input;
  const found = await checkTimestampFile(file, { kind: 'document' }, asking(sources));
  const anchors = found.map((finding) => counted(finding, input.publicOnly === true));
  const isTimed = anchors.some(({ outcome }) => outcome === 'passed');
  return conclude(
    [
      { check: 'format', outcome: 'passed', format: 'opentimestamps' },
      checkDigest(file, input.digest, input.twins ?? []),
      ...anchors,
      ...(isTimed ? [checkTimes({ anchors, now: input.now })] : []),
    ],
    input.now,
  );
}

/** One finding for each attestation of a file, as many as are looked at; one for the lack of any. */
export async function checkTimestampFile(
  { attestations }: TimestampFile,
  subject: Subject,
  ask: ReturnType<typeof asking>,
): Promise<AnchorFinding[]> {
  const budget = anchorBudget();
  const found = await Promise.all(checkAttestations(attestations, subject, { ask, mayAsk: budget.mayAsk }));
  return [...found, ...untried(budget, subject)];
}

function checkDigest(
  { hash: algorithm, digest: recordedBytes }: TimestampFile,
  digest: Uint8Array | null | undefined,
  twins: readonly Uint8Array[],
): DocumentFinding {
  const check = 'document';
  const algorithms: DocumentHash[] = [algorithm];
  if (digest === undefined) return { check, outcome: 'not-applicable' };
  if (digest === null)
    return { check, outcome: 'unavailable', reason: 'other-algorithm', given: [], recorded: algorithms };
  const [recorded, hex] = [bytesToHex(recordedBytes), bytesToHex(digest)];
  if (hex === recorded) return { check, outcome: 'passed', algorithms, blinded: false };
  const reason = twins.some((twin) => bytesToHex(twin) === recorded) ? 'line-endings' : 'differs';
  return { check, outcome: 'failed', reason, algorithm, blinded: false, digest: hex, recorded };
}
