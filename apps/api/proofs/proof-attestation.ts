import { kindOfAnchor } from '#anchors/kinds.js';
import { attestationFromStored, type KnownAttestation } from '#proof/anchors/kinds.js';

/** What a proof carries for an anchor's answer about a checkpoint; null while the answer proves and promises nothing, and for an anchor that another
 * version of the service has left: what is known of the others still makes a proof. `attestation` as the anchor gave it, `root` the checkpoint's, 32 bytes.
 * @throws what reading the attestation throws: only what was checked is stored */
export function proofAttestation(anchor: string, attestation: Uint8Array, root: Uint8Array): KnownAttestation | null {
  const kind = kindOfAnchor(anchor);
  return kind === undefined ? null : attestationFromStored(kind.attestation, attestation, root);
}
