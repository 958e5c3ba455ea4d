import type { Proof } from '#proof/proof.js';
import type { Verification } from '#proof/verification.js';
import type { DocumentDigests, HashFileError } from './hash-file.js';
import type { Delays } from '#words/delays.js';
import type { FoundPrivately } from '#sdk/private-lookup.js';
import type { UnfoundCode } from './pdf-search.js';

/** A finished verification with everything that the page shows beside it. */
export interface Outcome {
  verification: Verification;
  /** Absent when it cannot be read. */
  proof?: Proof;
  digests: DocumentDigests;
  /** What was compared; of a file that has more in it than was registered, the part that was. */
  document?: Blob;
  /** Whether a proof can be put into it, and the one that is there is not in it already. */
  embeddable: boolean;
  documentName: string;
  /** Whether the proof came with the document or was found on the service. */
  proofFrom: 'file' | 'service';
  /** How long things take at the service, where something is still waited for. */
  delays?: Delays | undefined;
  /** Whether the service offered a newer proof than the given file, which then stands here. */
  grown: boolean;
}

/** Where a check stands. The page shows each stage in its own way. */
export type Stage =
  | { name: 'idle' }
  | { name: 'hashing'; doneBytes: number; totalBytes: number }
  | { name: 'searching' }
  | { name: 'looking'; donePages: number; totalPages: number }
  | { name: 'verifying' }
  | { name: 'need-document' }
  | { name: 'bad-document'; code: HashFileError['code'] }
  | { name: 'choosing'; records: FoundPrivately[]; hasMore: boolean; choose: (record: FoundPrivately) => void }
  | { name: 'not-found'; digestHex: string; ots: 'none' | 'matches' | 'differs'; pages?: UnfoundCode | undefined }
  | { name: 'waiting'; record: FoundPrivately; delays?: Delays | undefined; digestHex: string }
  | { name: 'unreachable'; digestHex: string }
  | { name: 'verified'; outcome: Outcome };

/** A stage in which the page is at work. */
export type WorkingStage = Extract<Stage, { name: 'hashing' | 'searching' | 'looking' | 'verifying' }>;

/** Whether the page is at work and shows progress. */
export function isWorking(stage: Stage): stage is WorkingStage {
  return ['hashing', 'searching', 'looking', 'verifying'].includes(stage.name);
}
