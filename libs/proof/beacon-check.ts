import type { Ask } from '#source/ask.js';
import { parseChainLabel } from '#source/chain-label.js';
import type { Question } from '#source/question.js';
import { undecidedFacts } from './anchors/shown-facts.js';
import { PREVIOUS_LOG } from '#statement/batch-entry.js';
import { formatTime } from '#statement/time.js';
import type { BeaconFinding } from './finding.js';

/** Checks the not-before bound of a batch entry: the block it names must be in its chain. A block that a reorganisation has
 * removed fails the check, and the bound is void; nothing else depends on it. The head of a log is no block, and nothing is asked about it. */
export async function checkBeacon(beacon: string | null, ask: Ask): Promise<BeaconFinding> {
  const check = 'beacon';
  if (beacon === null) return { check, outcome: 'not-applicable' };
  const [label, heightText, hash] = beacon.split(' ') as [string, string, string];
  const height = Number(heightText);
  if (label === PREVIOUS_LOG)
    return { check, outcome: 'not-applicable', reason: 'previous-log', size: height, root: hash };
  const facts = { check, chain: label, height, hash } as const;
  const chain = parseChainLabel(label);
  if (chain === null) return { ...facts, outcome: 'unavailable', reason: 'unknown-chain' };
  const question: Question =
    chain.kind === 'evm'
      ? { chain: 'evm', chainId: chain.chainId, genesis: null, height, expected: { hash } }
      : { chain: 'bitcoin', network: chain.network, height, expected: { hash } };
  const answer = await ask(question);
  switch (answer.outcome) {
    case 'shown': {
      const { block, silent, standing } = answer;
      return { ...facts, outcome: 'passed', time: formatTime(block.timeMs), standing, sources: block.sources, silent };
    }
    case 'another':
      return { ...facts, outcome: 'failed', reason: 'other-block', got: answer.block, silent: answer.silent };
    default:
      return { ...facts, outcome: 'unavailable', ...undecidedFacts(answer) };
  }
}
