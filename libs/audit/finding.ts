import type { EventState, StatusState } from '#status/state.js';

/** A head of the log as it was signed. */
export interface SeenHead {
  origin: string;
  /** Batches. */
  size: number;
  /** The signed note, as it was served. */
  note: string;
}

/** What the newest checkpoint says, compared with what is known of the log. */
export type HeadFinding =
  /** It is not signed by the log's key but in the names of others (`name+id`, id in hex). */
  | { check: 'signature'; reason: 'not-signed'; key: string; signers: string[]; note: string }
  /** A signature in the name of the log's key is wrong. */
  | { check: 'signature'; reason: 'wrong'; key: string; note: string }
  /** It cannot stand beside one that was signed before: whoever holds both notes can show it. */
  | { check: 'fork'; before: SeenHead; now: SeenHead }
  /** It is of a smaller log than was shown before. */
  | { check: 'rollback'; before: SeenHead; now: SeenHead }
  /** It is of another log than was shown before. */
  | { check: 'other-log'; before: SeenHead; now: SeenHead };

/** What is served, compared with what is signed. None of it tells who changed it: the service, or somebody on the way. */
export type ServedFinding =
  /** The tiles of the log do not lead to the root in its checkpoint. */
  | { check: 'log-tiles'; size: number; note: string }
  /** The entry of a batch is not the one in the tree. */
  | { check: 'log-entry'; batch: number }
  /** The entries of a batch do not lead to its root. */
  | { check: 'batch-root'; batch: number; expected: string; got: string };

/** Why a batch entry cannot follow the one before it. */
export type EntryFault =
  | { reason: 'malformed'; detail: string }
  | { reason: 'number'; expected: number; got: number }
  | { reason: 'first'; expected: number; got: number }
  | { reason: 'origin'; expected: string; got: string }
  /** It was sealed before the one before it, by more than clocks may be off. */
  | { reason: 'time'; before: string; got: string };

/** Why an event is not allowed where it stands. */
export type EventFault =
  /** An entry of a status event's length that is none. */
  | { reason: 'malformed'; detail: string }
  /** It is about entries that were not in the log yet. */
  | { reason: 'not-yet-there' }
  /** It is about several records, and one of them was touched before. */
  | { reason: 'touched-range'; record: number; state: StatusState }
  /** It names another event before it than the record's latest. */
  | { reason: 'previous'; record: number; expected: number | null; got: number | null }
  /** The record was consumed before. */
  | { reason: 'consumed-twice'; record: number; consumedBy: number }
  /** The record's state cannot become the event's. */
  | { reason: 'transition'; record: number; from: StatusState; to: EventState };

/** What the log itself says that it must not say: signed, and so for ever. */
export type ContentFinding =
  | ({ check: 'batch-entry'; batch: number } & EntryFault)
  | ({ check: 'event'; batch: number; ordinal: number } & EventFault)
  /** The status root of this batch, and of those after it until one is right again, is not that of the events in the log. */
  | { check: 'status-root'; batch: number; expected: string; got: string };

/** What an agency learns of its own records. */
export type OwnFinding =
  /** The log has an event about a record of the agency that the agency did not send. */
  | {
      check: 'unsent-event';
      record: string;
      ordinal: number;
      event: number;
      state: EventState;
      effectiveAtMs: number;
      leafHash: string;
    }
  /** An event that the agency has a receipt for is not in the log, and the time by which it was promised is over. */
  | { check: 'missing-event'; record: string | null; hash: string; includeBy: string }
  /** The service does not know a record of the agency. */
  | { check: 'missing-record'; record: string }
  /** The record is not where the service says that it is in the log. */
  | { check: 'record-place'; record: string };

/** Everything that an audit can find. Numbers of records and events are ordinals; hashes are hex. */
export type AuditFinding = HeadFinding | ServedFinding | ContentFinding | OwnFinding;
