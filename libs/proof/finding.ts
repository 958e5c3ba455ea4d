import type { ShownBlock, Silence } from '#source/answer.js';
import type { Standing } from '#source/chain.js';
import type { DigestAlgorithm } from '#statement/digest.js';
import type {
  AgencySignatureFinding,
  AuthorisationFinding,
  EventAuthorisationFinding,
  EventSignatureFinding,
} from './agency-finding.js';
import type { AnchorFinding } from './anchors/finding.js';
import type { UndecidedFacts } from './anchors/shown-facts.js';
import type { StatusFinding } from './status-finding.js';

/** How a check ended. */
export type Outcome = 'passed' | 'failed' | 'pending' | 'unavailable' | 'not-applicable';

/** One check of a verification: what was looked at, how that ended, and the facts, typed, without a word of prose. */
export type Finding =
  | FormatFinding
  | DocumentFinding
  | RecordIdFinding
  | BatchInclusionFinding
  | BatchCheckpointFinding
  | LogInclusionFinding
  | LogCheckpointFinding
  | LogKeyFinding
  | AgencySignatureFinding
  | AuthorisationFinding
  | AnchorFinding
  | BeaconFinding
  | TimesFinding
  | ValidityFinding
  | StatusFinding
  | EventSignatureFinding
  | EventAuthorisationFinding
  | CarriedFinding
  | CompanionFinding;

/** What is checked. Stable: programs rely on these names. */
export type CheckName = Finding['check'];

/** The finding of one check. */
export type FindingOf<Check extends CheckName> = Extract<Finding, { check: Check }>;

/** What a file that is no readable proof is, as far as its bytes tell. */
export type UnreadableKind =
  | 'empty'
  | 'html'
  | 'pdf'
  | 'zip'
  | 'utf-16'
  | 'byte-order-mark'
  | 'base64'
  | 'hex'
  | 'cut-short'
  | 'receipt'
  | 'signed-note'
  | 'time-stamp'
  | 'other-json'
  | 'newer-version'
  | 'too-large'
  | 'damaged';

/** Whether the proof can be read, and what it is otherwise. Where it cannot, there is no other finding. */
export type FormatFinding =
  | { check: 'format'; outcome: 'passed'; format: 'sealroot/proof@2' | 'opentimestamps' }
  | {
      check: 'format';
      outcome: 'failed';
      reason: UnreadableKind;
      /** Where and what exactly, in the parser's words: for people who look into it. */
      detail: string;
    };

/** Hash functions that documents are compared by: those of records, and those that files of other tools start from. */
export type DocumentHash = DigestAlgorithm | 'sha1' | 'ripemd160' | 'keccak256';

/** Whether the document is the one that the proof is about. */
export type DocumentFinding =
  | {
      check: 'document';
      outcome: 'passed';
      algorithms: DocumentHash[];
      blinded: boolean;
      /** Where the file has the proof inside: how long the document in it is, in bytes. */
      sealedBytes?: number;
    }
  | {
      check: 'document';
      outcome: 'failed';
      /** `line-endings`: the same text with the other kind of line endings would match. */
      reason: 'differs' | 'line-endings';
      algorithm: DocumentHash;
      blinded: boolean;
      /** Hex. */
      digest: string;
      /** Hex. */
      recorded: string;
    }
  | {
      check: 'document';
      outcome: 'failed';
      /** The file was sealed with less in it: its first `sealedBytes` bytes match. */
      reason: 'appended';
      sealedBytes: number;
      algorithm: DocumentHash;
      blinded: boolean;
      /** Hex. */
      digest: string;
      /** Hex. */
      recorded: string;
    }
  | {
      check: 'document';
      outcome: 'unavailable';
      /** `other-algorithm`: no digest was given that the record has; `no-salt`: the record is blinded and nothing opens it. */
      reason: 'other-algorithm' | 'no-salt';
      given: DocumentHash[];
      recorded: DocumentHash[];
    }
  /** No document was given. */
  | { check: 'document'; outcome: 'not-applicable' };

/** Whether the record's id is the one that follows from its statement. */
export type RecordIdFinding =
  | { check: 'record-id'; outcome: 'passed'; id: string }
  | { check: 'record-id'; outcome: 'failed'; id: string; computed: string };

/** Why an inclusion path does not lead where it should: to another root, or it is no path for that place in a tree of that size. */
export type PathFault =
  { reason: 'other-root'; root: string; expected: string } | { reason: 'bad-path'; detail: string };

/** Whether the path leads from the record's entry to the root of its batch. */
export type BatchInclusionFinding = { check: 'batch-inclusion'; batch: number; index: number; size: number } & (
  { outcome: 'passed' } | ({ outcome: 'failed' } & PathFault)
);

/** Whether the path leads from the batch entry to the root of a checkpoint of the log. */
export type LogInclusionFinding = { check: 'log-inclusion'; batch: number; size: number } & (
  { outcome: 'passed' } | ({ outcome: 'failed' } & PathFault)
);

/** Why a checkpoint does not hold. `got` is what stands in its place, where something does. */
export interface CheckpointFault {
  reason: 'other-origin' | 'other-size' | 'other-root' | 'other-key-name' | 'bad-signature' | 'not-signed';
  expected: string;
  got?: string;
}

/** Whether the log's key signed the batch's own tree as the batch entry describes it. */
export type BatchCheckpointFinding = { check: 'batch-checkpoint'; origin: string; size: number; root: string } & (
  { outcome: 'passed' } | ({ outcome: 'failed' } & CheckpointFault)
);

/** Whether a checkpoint is the log's, signed by the log's key. */
export type LogCheckpointFinding = { check: 'log-checkpoint'; origin: string; size: number; root: string } & (
  { outcome: 'passed' } | ({ outcome: 'failed' } & CheckpointFault)
);

/** Whether the log's key is one that the verifier trusts. Decides nothing but *who*, unless it is another. */
export type LogKeyFinding =
  | { check: 'log-key'; outcome: 'passed' | 'failed'; key: string }
  /** The trusted key could not be fetched. */
  | { check: 'log-key'; outcome: 'unavailable'; key: string }
  /** No key was given to compare it with. */
  | { check: 'log-key'; outcome: 'not-applicable'; key: string };

/** What the batch entry names as the newest block that its sealer had seen. */
export interface BeaconFacts {
  /** As the batch entry names it: `bitcoin`, `bitcoin-regtest`, `evm-1`, … */
  chain: string;
  height: number;
  hash: string;
}

/** Whether the block that the batch names is in its chain: then the batch was closed after it. Decides nothing but the earliest time. */
export type BeaconFinding = { check: 'beacon' } &
  /** It names nothing. */
  (
    | { outcome: 'not-applicable' }
    /** In the place of a block it names the head of the log before its own: how many batches that had, and its root (hex). */
    | { outcome: 'not-applicable'; reason: 'previous-log'; size: number; root: string }
    | ({ outcome: 'passed'; time: string; standing: Standing; sources: string[]; silent: Silence[] } & BeaconFacts)
    | ({ outcome: 'failed'; reason: 'other-block'; got: ShownBlock; silent: Silence[] } & BeaconFacts)
    | ({ outcome: 'unavailable'; reason: 'unknown-chain' } & BeaconFacts)
    | ({
        outcome: 'unavailable';
        reason: 'test-chain';
        time: string;
        standing: Standing;
        sources: string[];
      } & BeaconFacts)
    | ({ outcome: 'unavailable' } & BeaconFacts & UndecidedFacts)
  );

/** A time of a record or of what vouches for it. `received`, `sealed` and `status` (as of which its status is) are the log operator's word alone. */
export type TimeRole = 'received' | 'sealed' | 'beacon' | 'anchor' | 'status' | 'now';

/** Two times in an order that cannot be: `earlier` should not come after `later`, and does, by more than any of their clocks may be off. */
export interface TimeContradiction {
  earlier: { role: TimeRole; time: string };
  later: { role: TimeRole; time: string };
  /** How far the clocks may be off, in milliseconds: this was allowed for. */
  toleranceMs: number;
}

/** Whether the times fit each other. Decides nothing by itself: which of two clocks is wrong is not known. */
export type TimesFinding =
  { check: 'times'; outcome: 'passed' } | { check: 'times'; outcome: 'failed'; contradictions: TimeContradiction[] };

/** Whether the record is within the period that its agency stated, at the time that was asked about. */
export type ValidityFinding = { check: 'validity' } & (
  | { outcome: 'not-applicable' }
  | { outcome: 'passed'; validFrom?: string; validUntil?: string }
  | { outcome: 'failed'; reason: 'expired'; validFrom?: string; validUntil: string }
  | { outcome: 'failed'; reason: 'not-yet-valid'; validFrom: string; validUntil?: string }
  /** A time was asked about at which the log had no such record. */
  | { outcome: 'failed'; reason: 'not-yet-recorded'; receivedAt: string }
);

/** Members of the statement that are carried and that this version does not check. Only there when there are some. */
export interface CarriedFinding {
  check: 'carried';
  outcome: 'not-applicable';
  members: ('supersedes' | 'provenance')[];
}

/** What became of another file that was handed in with the proof. */
export type CompanionFinding = { check: 'companion'; file: string } &
  /** It is about the same document; what it attests stands among the anchors. */
  (
    | { outcome: 'passed' }
    /** It is about another document. */
    | {
        outcome: 'failed';
        reason: 'other-document';
        algorithm: DocumentHash;
        /** Whether `digest` and `recorded` are blinded, so that nobody finds a document by them. */
        blinded: boolean;
        /** The document's, hex. */
        digest: string;
        /** The file's, hex. */
        recorded: string;
      }
    /** A proof of its own, whose record is about the same document. No more of it was looked at. */
    | { outcome: 'unavailable'; reason: 'another-proof'; id: string }
    /** `not-comparable`: the document was not given in a way that it could be compared with. */
    | { outcome: 'unavailable'; reason: 'unreadable'; kind: UnreadableKind; detail: string }
    | { outcome: 'unavailable'; reason: 'not-comparable' }
  );
