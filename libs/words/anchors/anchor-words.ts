import type { PassedAnchor } from '#proof/anchors/bounds.js';
import type { AnchorFinding, Subject } from '#proof/anchors/finding.js';
import type { Comparison } from '../comparison.js';
import type { Language } from '../language.js';
import type { NamedChain } from '../named-chain.js';
import type { Remedy } from '../remedy.js';
import type { AnchorTelling, FactRow, Saying, Step } from './anchor-telling.js';
import type { BeaconWords } from './beacon.js';
import { BITCOIN_TELLING, type BitcoinWords } from './bitcoin.js';
import { EVM_TELLING, type EvmWords } from './evm.js';
import { RFC3161_TELLING, type Rfc3161Words } from './rfc3161.js';

/** What attests a time, and what that comes to, in one language. */
export interface AnchorWords extends KindWords {
  titles: { none: string; unknown: string };
  none: { pending: string; 'too-many': (count: string) => string };
  unsupported: (name: string) => string;
  /** What an anchor binds; stands in a sentence. Of a bare file it is a digest: whether that is the document's is for another line to say. */
  subjects: Record<Subject['kind'], string>;
  /** The title of whatever is anchored in a chain. */
  anchoredIn: (chain: string) => string;
  /** It is in that block, so it existed by that time, by that clock. */
  bound: (subject: string, block: string, time: string, clock: string) => string;
  /** That so many attestations, at least two, come to the same. */
  alike: (count: string) => string;
  /** Names of rows about a block. */
  block: string;
  suppliedBy: string;
  /** The block that a batch names. */
  beacon: BeaconWords;
}

/** What is said of each kind of anchoring alone. A new kind is a line here and in {@link TELLINGS}. */
interface KindWords {
  bitcoin: BitcoinWords;
  evm: EvmWords;
  rfc3161: Rfc3161Words;
}

const TELLINGS: { [Kind in AnchorFinding['kind']]: AnchorTelling<Extract<AnchorFinding, { kind: Kind }>> } = {
  bitcoin: BITCOIN_TELLING,
  evm: EVM_TELLING,
  rfc3161: RFC3161_TELLING,
  none: {
    title: (_, { anchors }) => anchors.titles.none,
    sentence: (found, { language: { anchors }, format }) =>
      found.outcome === 'pending' ? anchors.none.pending : anchors.none['too-many'](format.number(found.count)),
    remedy: ({ outcome }) => (outcome === 'pending' ? { remedy: 'renew-proof' } : undefined),
    ...nothingShown(),
  },
  unknown: {
    title: (_, { anchors }) => anchors.titles.unknown,
    sentence: ({ name }, { language }) => language.anchors.unsupported(name),
    remedy: () => ({ remedy: 'newer-verifier' }),
    ...nothingShown(),
  },
};

/** Of what shows no time and can be looked up nowhere. */
function nothingShown() {
  return { comparisons: () => [], chain: () => null, place: () => '', rows: () => [], steps: () => [] };
}

/** How a finding is told: the compiler does not see by itself that the two belong together. */
function tellingOf<Found extends AnchorFinding>({ kind }: Found): AnchorTelling<Found> {
  return TELLINGS[kind] as unknown as AnchorTelling<Found>;
}

/** What an attestation claims. */
export const sayAnchorTitle = (finding: AnchorFinding, language: Language): string =>
  tellingOf(finding).title(finding, language);

/** What an attestation comes to. */
export const sayAnchor = (finding: AnchorFinding, saying: Saying): string =>
  tellingOf(finding).sentence(finding, saying);

/** What can be done about an attestation; undefined where nothing need or can be. */
export const anchorRemedy = (finding: AnchorFinding): Remedy | undefined => tellingOf(finding).remedy(finding);

/** What of an attestation a person can compare by hand. */
export const anchorComparisons = (finding: AnchorFinding): Comparison[] => tellingOf(finding).comparisons(finding);

/** The chain whose block shows a time; null for a time-stamp, which is of no chain. */
export const anchorChain = (passed: PassedAnchor): NamedChain | null => tellingOf(passed).chain(passed);

/** Where a time is shown; stands in a sentence. */
export const sayAnchorPlace = (passed: PassedAnchor, saying: Saying): string => tellingOf(passed).place(passed, saying);

/** The facts of an attestation, for who looks closely. */
export const anchorRows = (finding: AnchorFinding, saying: Saying): FactRow[] =>
  tellingOf(finding).rows(finding, saying);

/** How to check these without us, in the order of the kinds. `file` is the name, as a shell takes it, of the kept file that ends so. */
export function anchorSteps(
  findings: readonly AnchorFinding[],
  saying: Saying,
  file: (suffix: string) => string,
): Step[] {
  const kinds = Object.keys(TELLINGS) as AnchorFinding['kind'][];
  return kinds.flatMap((kind) => {
    const found = findings.filter((finding) => finding.kind === kind);
    const [first] = found;
    return first === undefined ? [] : tellingOf(first).steps(found, saying, file);
  });
}
