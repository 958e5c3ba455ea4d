import { type EvmAttestation, parseEvmAttestation, readEvmAttestation } from '#evm/attestation.js';
import { wrapped } from '../../json-reader.js';
import type { AttestationKind } from '../attestation-kind.js';
import { checkEvmAttestation } from './check.js';

/** What an EVM chain says of a checkpoint: a transaction that carries its root, and what leads from there to a block's hash. */
export interface EvmProofAttestation extends EvmAttestation {
  type: 'evm';
}

/** Attestations by EVM chains. */
export const EVM_ATTESTATION: AttestationKind<EvmProofAttestation> = {
  type: 'evm',
  parse: (members, pointer) => ({ type: 'evm', ...wrapped(pointer, () => parseEvmAttestation(members)) }),
  fromStored: (stored) => ({ type: 'evm', ...readEvmAttestation(stored) }),
  checker:
    ({ ask, mayAsk }) =>
    (attestation, checkpoint) =>
      mayAsk() ? [checkEvmAttestation(attestation, checkpoint, ask)] : [],
};
