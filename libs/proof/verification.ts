import type { JsonObject } from '#statement/jcs.js';
import type { Finality } from '#source/answer.js';
import type { Standing } from '#source/chain.js';
import type { PassedAnchor } from './anchors/bounds.js';
import type { Subject } from './anchors/finding.js';
import type { Finding, FindingOf } from './finding.js';

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

/** Who is shown to have recorded the document: the owner of the pinned log key (its operator says which agency), or nobody. */
export type Who = 'log' | 'unchecked';

/** By what a time is shown. */
export interface TimeBound {
  /** RFC 3339. */
  time: string;
  kind: PassedAnchor['kind'];
  standing: Standing;
  finality: Finality;
  subject: Subject;
}

/** When: the interval that is shown from outside the log. */
export interface When {
  /** Existed no later than; the earliest, of places that are public as long as there are any. */
  notAfter?: TimeBound & { by: PassedAnchor };
  /** Its batch was closed no earlier than. */
  notBefore?: { time: string; standing: Standing; by: Extract<FindingOf<'beacon'>, { outcome: 'passed' }> };
  /** Whether times contradict each other: then a clock is wrong, and it is not known which. */
  contradicted: boolean;
}

/** Still: what is known of the record's standing today. `unknown`: nothing here says what has become of it since. */
export type Still =
  { state: 'unknown' } | { state: 'expired'; since: string } | { state: 'not-yet-valid'; from: string };

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
  /** Every check, in the order of the proof. */
  findings: Finding[];
  /** Absent when the proof cannot be read, and for a bare OpenTimestamps file, which names no record. */
  record?: VerifiedRecord;
}
