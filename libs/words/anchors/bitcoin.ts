import type { AnchorFinding } from '#proof/anchors/finding.js';
import { sayBlock, sayChain, saySources } from '../chain-words.js';
import type { NamedChain } from '../named-chain.js';
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

/** What one language says of Bitcoin, and of OpenTimestamps, which leads there. */
export interface BitcoinWords {
  promised: (calendar: string) => string;
  'bad-timestamp': string;
  'bad-root': (block: string, bytes: string) => string;
  'other-block': (subject: string, block: string, sources: string) => string;
  undecided: (subject: string, block: string, why: string) => string;
  /** Name of a row. */
  merkleRoot: string;
  /** `file`: with the kept `.ots` file. */
  steps: { file: string; block: (height: string) => string };
}

type Found = Extract<AnchorFinding, { kind: 'bitcoin' }>;

/** Bitcoin as an attestation names it, before any source says which network it is. */
const BITCOIN: NamedChain = { kind: 'bitcoin', network: null };

const chainOf = (found: Found): NamedChain =>
  'network' in found ? { kind: 'bitcoin', network: found.network } : BITCOIN;

/** Bitcoin, or a chain of its kind. */
export const BITCOIN_TELLING: AnchorTelling<Found> = {
  title: (found, language) => language.anchors.anchoredIn(sayChain(chainOf(found), language)),
  sentence,
  remedy(found) {
    if (found.outcome === 'passed') return undefined;
    if (found.outcome === 'pending') return { remedy: 'wait-for-block' };
    if (found.outcome === 'failed') return { remedy: 'get-proof-again' };
    return found.reason === 'test-chain' ? undefined : undecidedRemedy(found.reason, found.silent, 'bitcoin');
  },
  comparisons(found) {
    if (!('merkleRoot' in found)) return [];
    return [{ compare: 'merkle-root', chain: chainOf(found), height: found.height, value: found.merkleRoot }];
  },
  chain: chainOf,
  place: (passed, saying) => sayBlockPlace(passed.height, chainOf(passed), saying),
  rows(found, saying) {
    if (!('merkleRoot' in found)) return [];
    const { anchors } = saying.language;
    const height = saying.format.number(found.height);
    return [
      'hash' in found ? [anchors.block, `${height} · ${found.hash}`, true] : [anchors.block, height],
      [anchors.bitcoin.merkleRoot, found.merkleRoot, true],
      ...supplierRows('sources' in found ? found.sources : [], saying),
    ];
  },
  steps(found, { language, format }, file) {
    const { steps } = language.anchors.bitcoin;
    // A file that was handed in beside the proof is not one of those that are kept.
    const isKept = found.some(({ subject }) => subject.kind === 'checkpoint');
    return [
      ...(isKept ? [{ text: steps.file, command: `ots verify ${file('.ots')}` }] : []),
      ...differentBlocks(found).map(({ height }) => ({ text: steps.block(format.number(height)) })),
    ];
  },
};

function sentence(found: Found, saying: Saying): string {
  const { language, format } = saying;
  const { bitcoin, subjects } = language.anchors;
  const subject = subjects[found.subject.kind];
  const block = (height: number) => sayBlock(BITCOIN, height, language, format);
  switch (found.outcome) {
    case 'passed':
      return sayBound(found, chainOf(found), subject, saying);
    case 'pending':
      return bitcoin.promised(found.calendar);
    case 'failed':
      switch (found.reason) {
        case 'bad-timestamp':
          return bitcoin['bad-timestamp'];
        case 'bad-root':
          return bitcoin['bad-root'](block(found.height), format.number(found.bytes));
        case 'other-block': {
          const sources = saySources(found.got.sources, language);
          return withSilent(bitcoin['other-block'](subject, block(found.height), sources), found, language);
        }
        default:
          return found satisfies never;
      }
    case 'unavailable': {
      if (found.reason === 'test-chain') return sayNotCounted(found, chainOf(found), subject, saying);
      const why = language.chains.undecided[found.reason];
      return sayUndecided(bitcoin.undecided(subject, block(found.height), why), found, saying);
    }
    default:
      return found satisfies never;
  }
}
