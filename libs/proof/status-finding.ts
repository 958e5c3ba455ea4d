import type { CheckpointFault, PathFault } from './finding.js';
import type { ChangedStatus } from '#statement/status-change.js';
import type { Standing } from '#source/chain.js';

/** What stands in a status leaf about a record: `untouched` where nothing was ever logged about it. */
export type LeafStatus = 'untouched' | ChangedStatus;

/** Whether the last batch of the status' checkpoint is the one that is given, so that its status root is that of the whole log. */
export type StatusRootFinding = { check: 'status-root'; batch: number; size: number } & (
  | { outcome: 'passed'; records: number; sealedAt: string }
  | ({ outcome: 'failed' } & (
      | PathFault
      /** It, or another batch that the status shows, is one of another log than the record's. */
      | Pick<CheckpointFault & { reason: 'other-origin' }, 'reason' | 'expected' | 'got'>
      /** There are batches after it under this checkpoint, which may say something else. */
      | { reason: 'not-last' }
      /** Two batches that the proof shows contradict each other about their first ordinals. */
      | { reason: 'bad-first'; detail: string }
      /** The proof shows two roots of the log at this size: two histories, of which one is false. */
      | { reason: 'other-history'; root: string; expected: string }
    ))
);

/** Whether the leaf that speaks of the record is the one under that status root. */
export type StatusLeafFinding = { check: 'status-leaf'; ordinal: number } & (
  | { outcome: 'passed'; status: LeafStatus; event: number | null }
  /** Why as {@link verifyStatus} says. */
  | { outcome: 'failed'; reason: 'bad-ordinal' | 'bad-leaf' | 'bad-path'; detail: string }
);

/** A change of the record's status that is shown to be in the log. */
export interface ShownEvent {
  ordinal: number;
  to: ChangedStatus;
  agency: string;
  /** Code of the agency's. */
  reason?: string;
  /** Id of the successor. */
  by?: string;
  /** As the agency says. */
  effectiveAt: string;
  /** By the log's clock alone. */
  receivedAt: string;
  batch: number;
  /** By the log's clock alone. */
  sealedAt: string;
}

/** Whether the events that are given are all that ever happened to the record, up to the status root. */
export type StatusHistoryFinding = { check: 'status-history' } & (
  | { outcome: 'passed'; events: ShownEvent[] }
  /** Nothing ever happened to it. */
  | { outcome: 'not-applicable' }
  /** An event does not stand where it is said to. */
  | ({ outcome: 'failed'; event: number } & PathFault)
  | {
      outcome: 'failed';
      /** Of the event, where there is one. */
      event?: number;
      /**
       * `other-statement`: its statement is not the one of its entry; `other-record`: it is about another; `other-agency`: it is by an agency
       * that may not; `incomplete`: it is about entries of its own batch or later ones, or the events do not lead from the beginning to the leaf's
       * status, each by an allowed step.
       */
      reason: 'other-statement' | 'other-record' | 'other-agency' | 'incomplete';
      detail: string;
    }
);

/** By whose word a status was the newest at its time: the batch's (the log), the log's clock, or a witness that the verifier trusts. */
export type StatusWord = { kind: 'batch' } | { kind: 'clock' } | { kind: 'witness'; name: string };

/** As of when a status is. */
export interface StatusTime {
  /** RFC 3339: the newest time at which, by somebody's word, nothing else had been logged. */
  asOf: string;
  word: StatusWord;
  /** The block that the last batch names, where sources show it: the batch was closed after that, whoever's word the rest is. */
  closedAfter?: { time: string; standing: Standing };
}

/** How old the status is, against the oldest that the caller or the record's profile lets pass. */
export type StatusAgeFinding = { check: 'status-age' } & StatusTime & { ageMs: number } & (
    | { outcome: 'passed'; maxAgeMs: number }
    | { outcome: 'unavailable'; reason: 'stale'; maxAgeMs: number }
    /** It claims a time that has not come yet, by more than clocks may be off: then nothing is known of its age. */
    | { outcome: 'unavailable'; reason: 'ahead' }
    /** Nobody says how old it may be. */
    | { outcome: 'not-applicable' }
  );

/** A time at which somebody says that he saw a checkpoint as the log's newest. */
export type CosignatureFinding = {
  check: 'cosignature';
  size: number;
  word: Exclude<StatusWord, { kind: 'batch' }>;
} & (
  | { outcome: 'passed'; time: string }
  /** A line under that key is wrong. */
  | { outcome: 'failed' }
);

/** What is found about a record's status. */
export type StatusFinding =
  StatusRootFinding | StatusLeafFinding | StatusHistoryFinding | CosignatureFinding | StatusAgeFinding;
