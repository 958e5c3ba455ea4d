import { bytesToHex } from '@noble/hashes/utils.js';
import { verifyEvmAttestation, type EvmAnchoring, type EvmAttestation } from '#evm/attestation.js';
import { chainName, knownChain } from '#evm/chain.js';
import { EvmError } from '#evm/error.js';
import { formatTime } from '#statement/time.js';
import { type AnchorCheck, failed, type Finality, unavailable } from './anchor-check.js';
import type { AskEvmBlock, EvmAnswer } from './evm-answers.js';

/** What every answer about an attestation that holds in itself tells. */
type Facts = Record<string, string | number> & { checkpointSize: number; height: number; hash: string };
type ShownBlock = Extract<EvmAnswer, { kind: 'block' }>;

/**
 * Checks what a chain says of a checkpoint: first the attestation in itself, from the root to the hash of a block, then with
 * the sources whether that block is in its chain.
 */
export async function checkEvmAttestation(
  attestation: EvmAttestation,
  { size, root }: { size: number; root: Uint8Array },
  askBlock: AskEvmBlock,
): Promise<AnchorCheck> {
  const { chainId, genesis } = attestation;
  let anchoring: EvmAnchoring;
  try {
    anchoring = verifyEvmAttestation(attestation, root);
  } catch (error) {
    if (!(error instanceof EvmError)) throw error;
    const message = `The attestation by ${chainName(chainId, genesis)} does not hold: ${error.message}.`;
    return failed(message, { reason: error.code, type: 'evm', chainId, checkpointSize: size });
  }
  const facts = {
    type: 'evm',
    checkpointSize: size,
    chainId,
    genesis,
    height: anchoring.number,
    hash: bytesToHex(anchoring.blockHash),
    network: chainName(chainId, genesis),
    transaction: bytesToHex(anchoring.transactionHash),
    to: bytesToHex(anchoring.to),
  };
  return judge(await askBlock(chainId, genesis, anchoring.number), anchoring, facts);
}

/** Weighs what the sources answered about the block that an attestation leads to. */
function judge(answers: readonly EvmAnswer[], anchoring: EvmAnchoring, facts: Facts): AnchorCheck {
  const { height, hash, checkpointSize } = facts;
  const network = chainName(anchoring.chainId, bytesToHex(anchoring.genesis));
  const byHand = `to check by hand, compare the hash of block ${height} of ${network}, which must be 0x${hash}`;
  const shown = answers.filter((answer): answer is ShownBlock => answer.kind === 'block');
  const same = shown.filter((answer) => answer.hash === hash);
  const other = shown.filter((answer) => answer.hash !== hash);
  const names = (list: readonly { source: string }[]) => list.map(({ source }) => source).join(', ');
  const strangers = answers.flatMap((answer) =>
    answer.kind === 'other-chain' ? [`${answer.source} ${answer.problem}`] : [],
  );
  const problem = answers
    .flatMap((answer) => (answer.kind === 'problem' ? [`${answer.source}: ${answer.problem}`] : []))
    .join('; ');
  const aside =
    (strangers.length === 0 ? '' : ` Not counted: ${strangers.join('; ')}.`) +
    (problem === '' || shown.length === 0 ? '' : ` Not heard: ${problem}.`);
  const told = problem === '' ? facts : { ...facts, problem };

  if (same.length > 0 && other.length > 0) {
    const message = `The sources contradict each other: ${names(same)} shows the attested block at height ${height}, ${names(other)} another; ${byHand}.${aside}`;
    return unavailable(message, { reason: 'sources-disagree', ...told });
  }
  const [wrong] = other;
  if (wrong !== undefined) {
    const message = `The attestation does not hold: block ${height} of ${network} is 0x${wrong.hash} (${names(other)}), the attestation leads to 0x${hash}. It may have been lost in a reorganisation.${aside}`;
    return failed(message, { reason: 'other-block', ...told, got: wrong.hash, source: names(other) });
  }
  const claim = `Attested by block ${height} of ${network}, not checked, since`;
  if (answers.length === 0) {
    return unavailable(`${claim} no source for that chain was given; ${byHand}.`, { reason: 'no-source', ...facts });
  }
  if (same.length === 0) {
    if (problem === '') {
      const message = `${claim} no source serves that chain (${strangers.join('; ')}); ${byHand}.`;
      return unavailable(message, { reason: 'other-chain', ...facts, problem: strangers.join('; ') });
    }
    const message = `${claim} no source showed that block (${problem}); ${byHand}.${aside}`;
    return unavailable(message, { reason: 'no-answer', ...told });
  }
  const time = formatTime(anchoring.timeMs);
  const sources = names(same);
  const finality = finalityOf(same, height);
  const shallow = finality === 'confirmed' ? ' Not final yet: the chain may still replace this block.' : '';
  const message = `The checkpoint of size ${checkpointSize} existed no later than ${time} (block ${height} of ${network}, 0x${hash}, shown by ${sources}).${shallow}${aside}${warning(anchoring)}`;
  return {
    check: { code: 'anchor', status: 'passed', message, data: { ...told, time, source: sources, finality } },
    bound: {
      type: 'evm',
      time,
      checkpointSize,
      finality,
      place: network,
      test: warning(anchoring) !== '' && knownChain(anchoring.chainId) !== undefined,
      known: knownChain(anchoring.chainId) !== undefined,
      sources,
      height,
      hash,
    },
  };
}

/** Final when every source that can tell says so. */
function finalityOf(shown: readonly ShownBlock[], height: number): Finality {
  const told = shown.flatMap(({ finalized }) => (finalized === null ? [] : [finalized]));
  if (told.length === 0) return 'unknown';
  return told.every((finalized) => height <= finalized) ? 'final' : 'confirmed';
}

function warning({ chainId, genesis }: EvmAnchoring): string {
  const known = knownChain(chainId);
  if (known === undefined) {
    return ` Attention: chain ${chainId} is not known here; what it proves depends on who runs it.`;
  }
  if (known.test) {
    return ` Attention: ${chainName(chainId, bytesToHex(genesis))} is a chain for tests, so it proves nothing outside a test.`;
  }
  if (known.genesis !== undefined && known.genesis !== bytesToHex(genesis)) {
    return ` Attention: this chain has the id of ${known.name} but another block 0, so it is not ${known.name} and proves nothing outside a test.`;
  }
  return '';
}
