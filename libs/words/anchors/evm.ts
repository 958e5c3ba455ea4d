import type { AnchorFinding } from '#proof/anchors/finding.js';
import { sayBlock, sayChain, saySources } from '../chain-words.js';
import { namedEvmChain } from '../named-chain.js';
import type { AnchorTelling, Saying } from './anchor-telling.js';
import {
  differentBlocks,
  sayBlockPlace,
  sayBound,
  sayNotCounted,
  sayUndecided,
  supplierRows,
  undecidedRemedy,
  withSilent,
} from './block-telling.js';

/** What one language says of EVM chains. */
export interface EvmWords {
  'bad-attestation': (chainId: number) => string;
  'other-block': (subject: string, block: string, sources: string) => string;
  undecided: (subject: string, block: string, why: string) => string;
  /** Names of rows. */
  genesis: string;
  transaction: string;
  step: (height: string, chain: string) => string;
}

type Found = Extract<AnchorFinding, { kind: 'evm' }>;

/** EVM chains. */
export const EVM_TELLING: AnchorTelling<Found> = {
  title(found, language) {
    const chain = 'genesis' in found ? namedEvmChain(found) : ({ kind: 'numbered', id: found.chainId } as const);
    return language.anchors.anchoredIn(sayChain(chain, language));
  },
  sentence,
  remedy(found) {
    if (found.outcome === 'passed') return undefined;
    if (found.outcome === 'failed') return { remedy: 'get-proof-again' };
    return found.reason === 'test-chain' ? undefined : undecidedRemedy(found.reason, found.silent, 'evm');
  },
  comparisons(found) {
    if (!('hash' in found)) return [];
    const chain = namedEvmChain(found);
    return [
      { compare: 'block-hash', chain, height: found.height, value: `0x${found.hash}` },
      { compare: 'genesis', chain, value: `0x${found.genesis}` },
    ];
  },
  chain: namedEvmChain,
  place: (passed, saying) => sayBlockPlace(passed.height, namedEvmChain(passed), saying),
  rows(found, saying) {
    if (!('hash' in found)) return [];
    const { block, evm } = saying.language.anchors;
    return [
      [block, `${found.chainId} ${found.height} · 0x${found.hash}`, true],
      [evm.genesis, `0x${found.genesis}`, true],
      [evm.transaction, `0x${found.transaction}`, true],
      ...supplierRows('sources' in found ? found.sources : [], saying),
    ];
  },
  steps: (found, { language, format }) =>
    differentBlocks(found).flatMap((one) => {
      if (!('genesis' in one)) return [];
      const text = language.anchors.evm.step(format.number(one.height), sayChain(namedEvmChain(one), language));
      return [{ text, command: `cast block ${one.height} --field hash --rpc-url URL` }];
    }),
};

function sentence(found: Found, saying: Saying): string {
  const { language, format } = saying;
  const { evm, subjects } = language.anchors;
  if (found.outcome === 'failed' && found.reason === 'bad-attestation') return evm[found.reason](found.chainId);
  const subject = subjects[found.subject.kind];
  const chain = namedEvmChain(found);
  const block = sayBlock(chain, found.height, language, format);
  switch (found.outcome) {
    case 'passed':
      return sayBound(found, chain, subject, saying);
    case 'failed':
      return withSilent(evm['other-block'](subject, block, saySources(found.got.sources, language)), found, language);
    case 'unavailable':
      if (found.reason === 'test-chain') return sayNotCounted(found, chain, subject, saying);
      return sayUndecided(evm.undecided(subject, block, language.chains.undecided[found.reason]), found, saying);
    default:
      return found satisfies never;
  }
}
