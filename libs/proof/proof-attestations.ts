import type { ProofAttestation } from './anchors/kinds.js';
import type { Proof } from './proof.js';

/** The attestations of all checkpoints, in the order of the proof. */
export const attestationsOf = ({ log: { checkpoints } }: Proof): ProofAttestation[] =>
  checkpoints.flatMap(({ attestations }) => attestations);

/** Whether a proof holds an attestation of a type. */
export const hasAttestation = (proof: Proof, type: ProofAttestation['type']): boolean =>
  attestationsOf(proof).some((attestation) => attestation.type === type);
