import { parseRfc3161Attestation, readRfc3161Attestation, type Rfc3161Attestation } from '#tsp/attestation.js';
import { wrapped } from '../../json-reader.js';
import { BASE64_LIST_MEMBER, BASE64_MEMBER } from '../attestation-form.js';
import type { AttestationKind } from '../attestation-kind.js';
import { timeStampChecker } from './check.js';

/** What a time-stamp authority says of a checkpoint: a token over its signed text, and what it takes to verify it. */
export interface Rfc3161ProofAttestation extends Rfc3161Attestation {
  type: 'rfc3161';
}

/** Attestations by time-stamp authorities. */
export const RFC3161_ATTESTATION: AttestationKind<Rfc3161ProofAttestation> = {
  type: 'rfc3161',
  parse: (members, pointer) => ({ type: 'rfc3161', ...wrapped(pointer, () => parseRfc3161Attestation(members)) }),
  fromStored: (stored) => ({ type: 'rfc3161', ...readRfc3161Attestation(stored) }),
  form: {
    members: { token: BASE64_MEMBER, certificates: BASE64_LIST_MEMBER, revocations: BASE64_LIST_MEMBER },
    example: { type: 'rfc3161', token: 'MIIK', certificates: ['MIID'], revocations: ['MIIB'] },
  },
  needs: () => [{ source: 'time-stamp-roots' }],
  checker: timeStampChecker,
};
