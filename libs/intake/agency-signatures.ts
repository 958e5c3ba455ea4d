import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { KeyNotices } from '#database/key-notices.js';
import { SigningKeyRepository, type SigningKeyRow } from '#database/signing-key.repository.js';
import { groupText } from '#signature/signing-input.js';
import type { AgencySignature } from '#statement/agency-signature.js';
import type { Problem } from '#statement/error.js';
import { GroupTree } from './group-tree.js';
import type { IntakeAgency } from './intake-agency.js';

/** How long keys are remembered where the database's notices of changes do not come through, and how many agencies' keys. */
const KEYS_TTL_MS = 3000;
const MAX_AGENCIES = 10_000;

/** Groups whose trees are remembered: one takes up to two megabytes, and a group's lines come together. */
const MAX_GROUPS = 32;

/** A key as intake asks it. */
interface KnownKey extends SigningKeyRow {
  native: KeyObject;
}

type Keys = ReadonlyMap<string, KnownKey>;

/** Says what is wrong with a statement's signature: faults with pointers from `/agencySignature` on, none when it holds. `input` is what its agency signs of it, `signingInput` as text. */
export type SignatureCheck = (signature: AgencySignature, input: string) => Problem[];

/** Verifies what agencies sign at intake, with the keys that are registered for them. */
@Injectable()
export class AgencySignatures implements OnModuleInit {
  readonly #keys = new LRUCache<number, Keys>({ max: MAX_AGENCIES, ttl: KEYS_TTL_MS });
  readonly #groups = new LRUCache<string, GroupTree>({ max: MAX_GROUPS });
  /** Counts the changes of keys: what was asked for before one is not remembered after it. */
  #changes = 0;

  constructor(
    private readonly keys: SigningKeyRepository,
    private readonly notices: KeyNotices,
  ) {}

  onModuleInit(): void {
    this.notices.onChange(() => {
      this.#changes++;
      this.#keys.clear();
    });
  }

  /** The check of the signatures that are among these items (parsed JSON) of an agency, received at this time; null when there are none: then nothing is asked. */
  async checkFor(agency: IntakeAgency, items: Iterable<unknown>, receivedAtMs: number): Promise<SignatureCheck | null> {
    const named = new Set<unknown>();
    for (const item of items) if (isSigned(item)) named.add(item.agencySignature?.key);
    if (named.size === 0) return null;
    const known = this.#keys.get(agency.id);
    // A key that is new, or was not in the log when it was asked for, is asked for again.
    const isKnown = known !== undefined && [...named].every((key) => known.get(key as string)?.sealed === true);
    const keys = isKnown ? known : await this.#ask(agency.id);
    return (signature, input) => this.#check(agency, keys, signature, input, receivedAtMs);
  }

  /** The same for whatever items come. */
  async freshCheck(agency: IntakeAgency, receivedAtMs: number): Promise<SignatureCheck> {
    const keys = await this.#ask(agency.id);
    return (signature, input) => this.#check(agency, keys, signature, input, receivedAtMs);
  }

  async #ask(agencyId: number): Promise<Keys> {
    const changes = this.#changes;
    const rows = await this.keys.ofAgency(agencyId);
    const keys = new Map(rows.map((row) => [row.keyId, { ...row, native: nativeKey(row.publicKey) }]));
    if (changes === this.#changes) this.#keys.set(agencyId, keys);
    return keys;
  }

  #check(agency: IntakeAgency, keys: Keys, signature: AgencySignature, input: string, atMs: number): Problem[] {
    const key = keys.get(signature.key);
    const fault = key === undefined ? notRegistered(agency, signature.key) : notInForce(key, atMs);
    if (fault !== null) return [{ pointer: '/agencySignature/key', detail: fault }];
    return signature.group === undefined
      ? checkAlone(key!, signature, input)
      : this.#checkGrouped(agency, key!, signature, input);
  }

  #checkGrouped(agency: IntakeAgency, key: KnownKey, signature: AgencySignature, input: string): Problem[] {
    const group = signature.group!;
    const leaf = hash('sha256', `\0${input}`, 'binary');
    const name = `${agency.id} ${key.keyId} ${group.size} ${signature.value}`;
    const known = this.#groups.get(name);
    const tree = known ?? new GroupTree(group.size);
    const found = tree.place(leaf, group, (root) => {
      const signed = groupText(agency.domain, group.size, Buffer.from(root, 'latin1'));
      return verify(null, Buffer.from(signed), key.native, Buffer.from(signature.value, 'base64url'));
    });
    if (found === 'holds') {
      if (known === undefined) this.#groups.set(name, tree);
      return [];
    }
    const what = `for the signing input with SHA-256 ${hash('sha256', input, 'hex')}, which is number ${group.index} of ${group.size}`;
    return found === 'bad-path'
      ? [{ pointer: '/agencySignature/group/path', detail: `expected the path to the group's root ${what}` }]
      : [
          {
            pointer: '/agencySignature/value',
            detail: `expected key ${key.keyId}'s signature over the root to which the path leads ${what}`,
          },
        ];
  }
}

/** Whether an item (parsed JSON) has the member; what is wrong with it is for others to say. */
export function isSigned(item: unknown): item is { agencySignature: { key?: unknown } | null } {
  return typeof item === 'object' && item !== null && Object.hasOwn(item, 'agencySignature');
}

function checkAlone(key: KnownKey, signature: AgencySignature, input: string): Problem[] {
  if (verify(null, Buffer.from(input), key.native, Buffer.from(signature.value, 'base64url'))) return [];
  const detail = `expected key ${key.keyId}'s signature over the signing input, which has SHA-256 ${hash('sha256', input, 'hex')} and ${Buffer.byteLength(input)} bytes`;
  return [{ pointer: '/agencySignature/value', detail }];
}

function notRegistered({ domain }: IntakeAgency, key: string): string {
  return `expected the id of a signing key that is registered for ${domain}, got ${JSON.stringify(key)}`;
}

/** Why a key may not sign what is received at this time, as a sentence; null when it may. */
function notInForce(
  { keyId, revokedAt, revokedReason, sealed, validFrom, validUntil }: KnownKey,
  atMs: number,
): string | null {
  const expected = 'expected a signing key in force';
  if (revokedAt !== null) return `${expected}: ${keyId} was revoked at ${revokedAt.toISOString()} (${revokedReason})`;
  if (atMs < validFrom.getTime()) return `${expected}: ${keyId} is valid from ${validFrom.toISOString()} on`;
  if (validUntil !== null && atMs > validUntil.getTime())
    return `${expected}: ${keyId} was valid until ${validUntil.toISOString()}`;
  return sealed ? null : `${expected}: the registration of ${keyId} is not in the log yet; repeat this in a second`;
}

function nativeKey(publicKey: Buffer): KeyObject {
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey.toString('base64url') }, format: 'jwk' });
}
