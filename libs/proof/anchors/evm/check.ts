import { bytesToHex } from '@noble/hashes/utils.js';
import { type EvmAnchoring, type EvmAttestation, verifyEvmAttestation } from '#evm/attestation.js';
import { EvmError } from '#evm/error.js';
import type { Ask } from '#source/ask.js';
import type { AnchorFinding } from '../finding.js';
import type { AttestedCheckpoint } from '../attestation-kind.js';
import { shownFacts, undecidedFacts } from '../shown-facts.js';

/**
 * Checks what a chain says of a checkpoint: first the attestation in itself, from the root to the hash of a block, then with
 * the sources whether that block is in its chain.
 */
export async function checkEvmAttestation(
  attestation: EvmAttestation,
  { size, root }: AttestedCheckpoint,
  ask: Ask,
): Promise<AnchorFinding> {
  const common = { check: 'anchor', subject: { kind: 'checkpoint', size }, kind: 'evm' } as const;
  const { chainId, genesis } = attestation;
  let anchoring: EvmAnchoring;
  try {
    anchoring = verifyEvmAttestation(attestation, root);
  } catch (error) {
    if (!(error instanceof EvmError)) throw error;
    const { code, message: detail } = error;
    return { ...common, outcome: 'failed', reason: 'bad-attestation', chainId, code, detail };
  }
  const facts = { ...common, chainId, genesis, transaction: bytesToHex(anchoring.transactionHash) };
  const [height, hash] = [anchoring.number, bytesToHex(anchoring.blockHash)];
  const answer = await ask({ chain: 'evm', chainId, genesis, height, expected: { hash }, hashesAsEthereum: true });
  switch (answer.outcome) {
    case 'shown':
      return { ...facts, outcome: 'passed', ...shownFacts(answer, anchoring.timeMs) };
    case 'another':
      return {
        ...facts,
        outcome: 'failed',
        reason: 'other-block',
        height,
        hash,
        got: answer.block,
        silent: answer.silent,
      };
    default:
      return { ...facts, outcome: 'unavailable', height, hash, ...undecidedFacts(answer) };
  }
}
