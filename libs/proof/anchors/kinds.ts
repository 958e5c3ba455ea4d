import { canonicalize, type JsonObject, type JsonValue } from '#statement/jcs.js';
import { object, type Reader, refused } from '../json-reader.js';
import type { AttestationForm } from './attestation-form.js';
import type {
  AnchorAccess,
  AttestationKind,
  AttestedCheckpoint,
  CheckAttestation,
  SourceNeed,
} from './attestation-kind.js';
import type { AnchorFinding } from './finding.js';
import { EVM_ATTESTATION, type EvmProofAttestation } from './evm/attestation.js';
import { OPENTIMESTAMPS_ATTESTATION, type OpenTimestampsAttestation } from './opentimestamps/attestation.js';
import { RFC3161_ATTESTATION, type Rfc3161ProofAttestation } from './rfc3161/attestation.js';

export type { SourceNeed };

/** An attestation of a type that this version does not know. It is carried as it is, and told as unsupported. */
export interface UnknownAttestation {
  type: 'unknown';
  /** The whole object, its own `type` in it. */
  value: JsonObject & { type: string };
}

/** An attestation of one of the kinds below. */
export type KnownAttestation = OpenTimestampsAttestation | EvmProofAttestation | Rfc3161ProofAttestation;

/** An anchor's statement about a checkpoint. */
export type ProofAttestation = KnownAttestation | UnknownAttestation;

/** Every kind of attestation that is known here. A new one is a folder beside these, a line here and in {@link KnownAttestation}. */
const KINDS: { [Type in KnownAttestation['type']]: AttestationKind<Extract<KnownAttestation, { type: Type }>> } = {
  opentimestamps: OPENTIMESTAMPS_ATTESTATION,
  evm: EVM_ATTESTATION,
  rfc3161: RFC3161_ATTESTATION,
};

/** The types of the attestations that are known here, and how each is written. */
export const ATTESTATION_FORMS: readonly (readonly [type: string, form: AttestationForm<KnownAttestation>])[] =
  Object.values(KINDS).map(({ type, form }) => [type, form]);

/** How a type of attestation is written, whether it is known here or not. */
const TYPE_PATTERN = /^[a-z][a-z0-9-]{0,31}$/;

/** Reads an attestation by its type. */
export const parseAttestation: Reader<ProofAttestation> = (value, pointer) => {
  const type = typeof value === 'object' && value !== null && !Array.isArray(value) ? value['type'] : undefined;
  object(value, pointer, ['type'], Object.keys(value ?? {}));
  if (typeof type !== 'string' || !TYPE_PATTERN.test(type))
    throw refused(`${pointer}/type`, 'a type of attestation', type);
  const { type: _, ...members } = value as JsonObject;
  if (isKnown(type)) return KINDS[type].parse(members, pointer);
  return { type: 'unknown', value: { ...members, type } };
};

/** An attestation as its proof writes it. */
export function attestationValue(attestation: ProofAttestation): JsonValue {
  return attestation.type === 'unknown' ? attestation.value : ({ ...attestation } as unknown as JsonObject);
}

/** What the service stored of an answer that is evidence of the given type, as a proof carries it; null while it says nothing, or for a type that
 * this version does not know. */
export function attestationFromStored(type: string, stored: Uint8Array, root: Uint8Array): KnownAttestation | null {
  return isKnown(type) ? KINDS[type].fromStored(stored, root) : null;
}

/** What it takes to check an attestation; nothing helps with one of a type that this version does not know. */
export function needsOf(attestation: ProofAttestation): readonly SourceNeed[] {
  return attestation.type === 'unknown' ? [] : kindOf(attestation).needs(attestation);
}

/** Whether `a` says all that `b` says of a root (32 bytes). */
export function includesAttestation(a: ProofAttestation, b: ProofAttestation, root: Uint8Array): boolean {
  if (canonicalize(attestationValue(a)) === canonicalize(attestationValue(b))) return true;
  if (a.type === 'unknown' || a.type !== b.type) return false;
  return kindOf(a).includes?.(a, b as never, root) ?? false;
}

/** What checks attestations of whatever kind in one verification. */
export function attestationChecker(access: AnchorAccess): CheckAttestation<ProofAttestation> {
  const open = new Map<string, CheckAttestation<never>>();
  return (attestation, checkpoint) => {
    if (attestation.type === 'unknown') return [Promise.resolve(unsupported(attestation, checkpoint))];
    const check = open.get(attestation.type) ?? KINDS[attestation.type].checker(access);
    open.set(attestation.type, check);
    return check(attestation as never, checkpoint);
  };
}

/** The kind of an attestation: the compiler does not see by itself that the two belong together. */
function kindOf<Attestation extends KnownAttestation>({ type }: Attestation): AttestationKind<Attestation> {
  return KINDS[type] as unknown as AttestationKind<Attestation>;
}

function isKnown(type: string): type is KnownAttestation['type'] {
  return Object.hasOwn(KINDS, type);
}

function unsupported({ value }: UnknownAttestation, { size }: AttestedCheckpoint): AnchorFinding {
  const subject = { kind: 'checkpoint', size } as const;
  return { check: 'anchor', subject, kind: 'unknown', outcome: 'unavailable', reason: 'unsupported', name: value.type };
}
