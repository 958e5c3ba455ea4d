import type { ProofAttestation } from '../anchors/kinds.js';
import type { OpenTimestampsAttestation } from '../anchors/opentimestamps/attestation.js';

/** The first OpenTimestamps attestation of a list; itself, so that a test may change it. */
export function timestampAttestation(attestations: readonly ProofAttestation[]): OpenTimestampsAttestation {
  const found = attestations.find((attestation) => attestation.type === 'opentimestamps');
  if (found === undefined) throw new Error('Expected an OpenTimestamps attestation, got none');
  return found;
}
