import type { Fresh, HoldingBlock, Version } from './progress.js';

/** A block that holds a version, with what leads there from the root. */
export interface MinedVersion extends Omit<HoldingBlock, 'depth' | 'final'> {
  readonly attestation: Uint8Array;
}

/** Why a node does not take a transaction.
 *
 * - `fee`: paying more would help
 * - `gas`: it may use too little gas, or more than a block has
 * - `used`: the chain has another transaction with its claim
 * - `other`: something that a new version would not change
 */
export interface Refusal {
  readonly about: 'fee' | 'gas' | 'used' | 'other';
  /** The end of a sentence for a person. */
  readonly reason: string;
}

/** What is known of a claim while no block holds one of its versions.
 *
 * - `mined`: a block has taken one since it was looked for
 * - `used`: the chain has another transaction with it
 * - `rival`: another transaction with it waits, and may be mined
 * - `open`: neither. `held` is the version that waits, `unshown` where the node says that one does and not which, null when none does
 */
export type Claim =
  | { readonly kind: 'mined' }
  | { readonly kind: 'used' }
  | { readonly kind: 'rival'; readonly id: string | null }
  | { readonly kind: 'open'; readonly held: string | null };

/** What one attempt has found out so far, as plain facts: from nodes, and from a clock. */
export interface Observed<T extends Version> {
  /** RFC 3339. */
  readonly now: string;
  /** Height of the newest block. */
  readonly height: number;
  /** Height up to which blocks are final. */
  readonly finalHeight: number;
  /** What the chain has of the versions.
   *
   * - `same`: still the block that the progress names
   * - `found`: this block
   * - `none`: none
   * - `doubtful`: it cannot be said, `remarks` tell why
   */
  readonly block:
    | { readonly kind: 'same' }
    | { readonly kind: 'found'; readonly mined: MinedVersion }
    | { readonly kind: 'none' }
    | { readonly kind: 'doubtful' };
  /** What a person should know beside: ends of a sentence. */
  readonly remarks: readonly string[];
  /** Answers `look`. */
  readonly claim?: Claim;
  /** Answers `send`: the version that the node has now, else why it refuses the newest. */
  readonly sent?:
    { readonly taken: string; readonly refusal: null } | { readonly taken: null; readonly refusal: Refusal };
  /** Answers `sign`: a version, or why there is none. */
  readonly signed?: { readonly version: Fresh<T> } | { readonly reason: string };
  /** Answers `leave`: whether none of the round's versions can be mined any more. */
  readonly isLeft?: boolean;
}

/** What to do next.
 *
 * - `look`: find out how the claim stands
 * - `send`: hand these over in this order, until one is taken
 * - `sign`: make a version, the first of a round or one that replaces another
 * - `leave`: make sure that none of the round's versions can be mined any more
 * - `store`: store the progress and come back at once: what it holds may only be acted on once it is stored
 * - `wait`: store the progress and come back later; `reason` tells what is in the way
 */
export type Act<T extends Version> = Task<T> | Rest;
/** What is done with a node, and adds to what is known. */
export type Task<T extends Version> =
  | { readonly kind: 'look' }
  | { readonly kind: 'send'; readonly versions: readonly T[] }
  | { readonly kind: 'sign'; readonly replaced: T | null; readonly refusal: Refusal | null }
  | { readonly kind: 'leave' };
/** What ends an attempt. */
export type Rest = { readonly kind: 'store' } | { readonly kind: 'wait'; readonly reason: string | null };

export const isRest = <T extends Version>(act: Act<T>): act is Rest => act.kind === 'store' || act.kind === 'wait';
