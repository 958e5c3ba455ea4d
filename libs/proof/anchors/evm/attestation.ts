import { type EvmAttestation, parseEvmAttestation, readEvmAttestation } from '#evm/attestation.js';
import { wrapped } from '../../json-reader.js';
import { BASE64_LIST_MEMBER, BASE64_MEMBER, HEX_MEMBER, NUMBER_MEMBER } from '../attestation-form.js';
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
  form: {
    members: {
      chainId: NUMBER_MEMBER,
      genesis: HEX_MEMBER,
      block: HEX_MEMBER,
      header: BASE64_MEMBER,
      index: NUMBER_MEMBER,
      transaction: BASE64_MEMBER,
      path: BASE64_LIST_MEMBER,
    },
    example: {
      type: 'evm',
      chainId: 1,
      genesis: 'd4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3',
      block: '88e96d4537bea4d9c05d12549907b32561d3bf31f45aae734cdc119f13406cb6',
      header: '+QIRoA==',
      index: 0,
      transaction: 'AvhzAQ==',
      path: ['+HaC'],
    },
  },
  needs: ({ chainId }) => [{ source: 'evm', chainId }],
  checker:
    ({ ask, mayAsk }) =>
    (attestation, checkpoint) =>
      mayAsk() ? [checkEvmAttestation(attestation, checkpoint, ask)] : [],
};
