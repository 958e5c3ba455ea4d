import type { Ask } from '#source/ask.js';
import type { JsonObject } from '#statement/jcs.js';
import type { AttestationForm } from './attestation-form.js';
import type { AnchorFinding } from './finding.js';

/** A checkpoint of the log, as far as an attestation can be about it. */
export interface AttestedCheckpoint {
  size: number;
  /** Root of the log at that size, 32 bytes. */
  root: Uint8Array;
  /** Signed text of its note. */
  text: string;
}

/** What the attestations of one proof are checked with. */
export interface AnchorAccess {
  /** Puts a question to the sources of blocks, each question once. */
  ask: Ask;
  /** Consulted before each question: whether another block may still be asked for. */
  mayAsk: () => boolean;
  /** Root certificates (DER) of time-stamp authorities that the caller trusts; `unreachable` when they could not be fetched. */
  timestampRoots: readonly Uint8Array[] | 'unreachable';
  now: Date;
}

/** Something outside the proof that an attestation is checked against. */
export type SourceNeed =
  /** Blocks of Bitcoin, or of a chain of its kind. */
  | { readonly source: 'bitcoin' }
  /** Blocks of an EVM chain. */
  | { readonly source: 'evm'; readonly chainId: number }
  /** Root certificates of time-stamp authorities. */
  | { readonly source: 'time-stamp-roots' };

/** Checks an attestation about a checkpoint: one finding for each thing that it says. Never rejects for what the attestation holds. */
export type CheckAttestation<Attestation> = (
  attestation: Attestation,
  checkpoint: AttestedCheckpoint,
) => Promise<AnchorFinding>[];

/** A kind of attestation: all that the rest of the proof library knows of it. Each stands in a folder of its own and in one table, kinds.ts. */
export interface AttestationKind<Attestation extends { type: string }> {
  /** Its `type` in a proof. */
  readonly type: Attestation['type'];
  /**
   * Reads its members, without `type`; `pointer` (RFC 6901) says where they stand.
   *
   * @throws ProofError `bad-proof`.
   */
  parse(members: JsonObject, pointer: string): Attestation;
  /**
   * What the service stored of an anchor's answer about a checkpoint's root (32 bytes), as a proof carries it; null while it proves and
   * promises nothing.
   *
   * @throws what reading the stored bytes throws: only what was checked is stored
   */
  fromStored(stored: Uint8Array, root: Uint8Array): Attestation | null;
  /** How its attestations are written. */
  readonly form: AttestationForm<Attestation>;
  /** What it takes to check one. */
  needs(attestation: Attestation): readonly SourceNeed[];
  /** Whether `a` says all that `b` says of a root (32 bytes), where that is more than being the same. */
  includes?(a: Attestation, b: Attestation, root: Uint8Array): boolean;
  /** What checks attestations of this kind in one verification. */
  checker(access: AnchorAccess): CheckAttestation<Attestation>;
}
