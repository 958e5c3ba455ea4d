/** Where a submission stands.
 *
 * - `unsubmitted`: the anchor has not taken it yet, or not enough of its places have
 * - `pending`: taken, not yet in a chain as far as we could check
 * - `confirmed`: a source of block data showed it in the chain
 * - `final`: deep enough in the chain that the anchor's finality rule holds
 */
export type SubmissionState = 'unsubmitted' | 'pending' | 'confirmed' | 'final';

/** A JSON value, as a database column holds it. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A checkpoint of the batch log, as anchors get it. */
export interface AnchoredCheckpoint {
  /** Number of batches that it covers. */
  readonly size: number;
  /** Root of the log at that size, 32 bytes: what a chain holds. */
  readonly root: Uint8Array;
  /** The signed text of its note, final newline included: what a time-stamp covers. */
  readonly text: string;
}

/** An amount of money in the smallest unit of its chain. */
export interface Spent {
  /** Whole number, decimal. */
  readonly amount: string;
  readonly unit: 'sats' | 'wei';
}

/** One root on its way to one anchor: a plain value that says all there is to know. Store it before doing anything else
 * with it; after a crash it alone continues the way. Values are never changed after they are made. */
export interface Submission {
  readonly state: SubmissionState;
  /** What the proof will carry, null until there is something: for `opentimestamps` and `bitcoin` a canonical
   * timestamp of the root, for the others the canonical JSON (UTF-8) of the proof's attestation without its type. */
  readonly attestation: Uint8Array | null;
  /** What is so, in one sentence for a person, e.g. `submitted to 3 of 4 calendars, waiting for Bitcoin since …`. */
  readonly detail: string;
  /** When to call `submit` (while `unsubmitted`) or `confirm` (afterwards) again. */
  readonly retryAfterSeconds: number;
  /** The adapter's own memory; callers store it and hand it back. Its form is the adapter's. */
  readonly progress: Json;
  /** What it costs as far as is known, all that was paid for it together. Absent where nothing is paid. */
  readonly spent?: Spent | undefined;
}

/** A public place that a checkpoint's root is taken to. */
export interface Anchor {
  /** Name in configuration, storage and proofs. */
  readonly name: string;
  /** Whether the next checkpoint has to wait until this one is confirmed, as where an account's transactions are numbered. */
  readonly oneAtATime?: boolean | undefined;
  /** The most that one submission can come to cost. Absent where nothing is paid. */
  readonly mostSpent?: Spent | undefined;
  /** Offers a checkpoint. Safe to repeat, after a crash as well: with the submission that an earlier call returned it keeps
   * what that call got and asks only for what is missing. Network failures are told in the result.
   * @throws AnchorError `bad-root`, `bad-submission` */
  submit(checkpoint: AnchoredCheckpoint, earlier: Submission | null): Promise<Submission>;
  /** Looks how far the submission got: onwards to `confirmed` and `final`, or back to `pending` after a reorganisation.
   * @throws AnchorError `bad-submission` */
  confirm(submission: Submission): Promise<Submission>;
}
