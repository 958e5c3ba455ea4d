import type { JsonObject } from '#statement/jcs.js';
import type { Finality } from '#source/answer.js';
import type { Standing } from '#source/chain.js';
import type { PassedAnchor } from './anchors/bounds.js';
import type { Subject } from './anchors/finding.js';
import type { Finding, FindingOf } from './finding.js';
import type { StatusTime } from './status-finding.js';

/** What a verification comes to, the first that applies. */
export type Verdict =
  /** The proof cannot be read: nothing is said of the document. */
  | 'unreadable'
  /** The document or the proof does not match, or what else was handed in contradicts it. */
  | 'mismatch'
  /** The document matches, and its record is known to be out of force. */
  | 'authentic-not-current'
  /** Something needed could not be had, or is of a kind that this verifier lacks. */
  | 'unavailable'
  /** The proof holds as far as it goes, and no anchor is confirmed yet. */
  | 'pending'
  /** Document and anchor hold; `who` says whether the signer does. */
  | 'authentic';

/** Who is shown to have recorded the document: the agency (its own key signed, which the log had registered for it), the owner of the pinned log key (its operator says
 * which agency), or nobody. */
export type Who = 'agency' | 'log' | 'unchecked';

/** By what a time is shown. */
export interface TimeBound {
  /** RFC 3339. */
  time: string;
  kind: PassedAnchor['kind'];
  standing: Standing;
  finality: Finality;
  subject: Subject;
}

/** A bound, with the finding that shows it. */
export type ShownBound = TimeBound & { by: PassedAnchor };

/** When: the interval that is shown from outside the log. */
export interface When {
  /** Existed no later than; the earliest, of places that are public as long as there are any. */
  notAfter?: ShownBound;
  /** Its batch was closed no earlier than. */
  notBefore?: { time: string; standing: Standing; by: Extract<FindingOf<'beacon'>, { outcome: 'passed' }> };
  /** Whether times contradict each other: then a clock is wrong, and it is not known which. */
  contradicted: boolean;
}

/** As of when, and by what, a status is shown. */
export interface ShownStatus extends StatusTime {
  /** From then to the time that was asked about, in milliseconds; 0 where that was earlier. */
  ageMs: number;
  /** What shows from outside that the log was bound to it, and by when. */
  boundBy?: ShownBound;
}

/** A change that took a record out of force. */
export interface StatusChange {
  state: 'revoked' | 'suspended' | 'superseded' | 'consumed';
  /** When it took effect, as the agency says. */
  since: string;
  /** When the log received it, by its own clock. */
  receivedAt: string;
  /** The agency that made it. */
  agency: string;
  /** Whose word that is. */
  who: Who;
  /** Code of the agency's. */
  reason?: string;
  /** Id of the successor. */
  by?: string;
}

/** Out of force, at the time that was asked about. */
export type OutOfForce =
  | (StatusChange & { status: ShownStatus })
  | { state: 'expired'; since: string; status?: ShownStatus }
  | { state: 'not-yet-valid'; from: string; status?: ShownStatus }
  /** The time that was asked about lies before its record, by the log's clock. */
  | { state: 'not-yet-recorded'; from: string; status?: ShownStatus };

/** Still: what is known of the record's standing at the time that was asked about. */
export type Still =
  /** Nothing here says what has become of it since; with `status`, what does claims a time that has not come yet. */
  | { state: 'unknown'; status?: ShownStatus }
  /** Nothing speaks against it as of the status' time; `since` the end of a suspension, if there was one. */
  | { state: 'active'; status: ShownStatus; since?: string }
  /** Nothing spoke against it then; but that is longer ago than may be. */
  | { state: 'stale'; status: ShownStatus; maxAgeMs: number }
  | OutOfForce;

/** What the proof says was recorded: as trustworthy as the findings beside it say. */
export interface VerifiedRecord {
  id: string;
  agency: string;
  profile: string;
  /** By the log's clock alone. */
  receivedAt: string;
  reference?: string;
  claims?: JsonObject;
  validFrom?: string;
  validUntil?: string;
  /** Origin of the log. */
  log: string;
  /** Number of the batch in the log. */
  batch: number;
  /** By the log's clock alone. */
  sealedAt: string;
  /** Newest block that the sealer had seen, as the batch entry names it. */
  beacon?: string;
}

/** The result of a verification: never one bit. */
export interface Verification {
  verdict: Verdict;
  who: Who;
  when: When;
  still: Still;
  /** The time as of which `still` is, where another than the present was asked about; RFC 3339. */
  askedAt?: string;
  /** Every check, in the order of the proof. */
  findings: Finding[];
  /** Absent when the proof cannot be read, and for a bare OpenTimestamps file, which names no record. */
  record?: VerifiedRecord;
}
