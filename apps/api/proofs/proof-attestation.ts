import { readEvmAttestation } from '#evm/attestation.js';
import type { ProofAttestation } from '#proof/attestation.js';
import { proofTimestamp } from '#proof/proof-timestamp.js';
import { readRfc3161Attestation } from '#tsp/attestation.js';

/** What a proof carries for an anchor's answer about a checkpoint; null while the answer proves and promises nothing.
 * `attestation` as the anchor gave it, `root` the checkpoint's, 32 bytes.
 * @throws what reading the attestation throws: only what was checked is stored */
export function proofAttestation(anchor: string, attestation: Uint8Array, root: Uint8Array): ProofAttestation | null {
  const [kind] = anchor.split(':');
  switch (kind) {
    case 'opentimestamps':
    case 'bitcoin': {
      const timestamp = proofTimestamp(attestation, root);
      if (timestamp === null) return null;
      return { type: 'opentimestamps', timestamp: Buffer.from(timestamp).toString('base64') };
    }
    case 'evm':
      return { type: 'evm', ...readEvmAttestation(attestation) };
    case 'rfc3161':
      return { type: 'rfc3161', ...readRfc3161Attestation(attestation) };
    default:
      // Left by another version of the service: what is known of the other anchors still makes a proof.
      return null;
  }
}
