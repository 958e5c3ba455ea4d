import { sha256 } from '@noble/hashes/sha2.js';
import { Frontier } from '#merkle/frontier.js';
import { leafHash } from '#merkle/hash.js';
import { canonicalize, type JsonObject } from '#statement/jcs.js';
import { formatCheckpoint } from '#tlog/checkpoint.js';
import { AuditError } from './error.js';

/** Who acted: the holder of the admin token, an agency's key by its public prefix, or the service of itself. */
export type ActorName = 'admin-token' | 'service' | `key:${string}`;

/** One administrative act as the audit log has it, in its JSON form. No part of it is a secret. */
export interface Act {
  /** Its place in the audit log, from 0. */
  ordinal: number;
  /** RFC 3339, milliseconds. */
  at: string;
  actor: ActorName;
  /** Address that the act came from; null when it was the service itself. */
  from: string | null;
  /** What was done, such as `key.revoked`. */
  act: string;
  /** What it was done to: `agency` is a domain; other members name what of it. */
  subject: JsonObject;
  /** What it was before; null when it was not there. */
  before: JsonObject | null;
  /** What it is afterwards; null when it is not there any more. */
  after: JsonObject | null;
}

/** Where the audit log stands: how many acts, and the root of the RFC 9162 tree over them, 32 bytes. */
export interface AuditLogHead {
  size: number;
  root: Uint8Array;
}

const encoder = new TextEncoder();

/** The text of an act (RFC 8785): what a leaf of the audit log's tree is the hash of, in UTF-8. */
export function formatAct(act: Act): string {
  return canonicalize(act);
}

/** Hash of the leaf of an act's text, 32 bytes. */
export function actLeaf(text: string): Uint8Array {
  return leafHash(encoder.encode(text));
}

/** The text that is notarised of a head: a checkpoint (C2SP tlog-checkpoint), unsigned, of the origin `<log origin>/audit`. */
export function formatAuditLogHead(logOrigin: string, { size, root }: AuditLogHead): string {
  return formatCheckpoint({ origin: `${logOrigin}/audit`, size, root });
}

/** The digest by which the text of a head is notarised: its SHA-256, 32 bytes. */
export function auditLogHeadDigest(text: string): Uint8Array {
  return sha256(encoder.encode(text));
}

/** Recomputes the heads of an audit log from its acts, which come in order. */
export class ActReplay {
  readonly #tree = new Frontier();

  /** Acts so far. */
  get size(): number {
    return this.#tree.size;
  }

  /** Takes the next act, parsed from JSON, with whatever members it has: the text that was hashed is unambiguous.
   * @throws AuditError `bad-act` when it is no act, or another than the next one */
  add(act: unknown): void {
    const ordinal = (act as { ordinal?: unknown } | null)?.ordinal;
    if (ordinal !== this.#tree.size)
      throw new AuditError(
        'bad-act',
        `audit log: expected an act of the ordinal ${this.#tree.size}, got ${JSON.stringify(ordinal)}`,
      );
    this.#tree.append(actLeaf(canonicalize(act)));
  }

  /** The head after the acts so far. */
  head(): AuditLogHead {
    return { size: this.#tree.size, root: this.#tree.root() };
  }
}
