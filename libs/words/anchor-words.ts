import type { EvmAnchor } from '#proof/anchors/evm/finding.js';
import type { AnchorFinding, Subject } from '#proof/anchors/finding.js';
import type { BitcoinAnchor } from '#proof/anchors/opentimestamps/finding.js';
import type { Rfc3161Anchor } from '#proof/anchors/rfc3161/finding.js';
import type { ShownFacts, UndecidedFacts } from '#proof/anchors/shown-facts.js';
import type { BeaconFinding } from '#proof/finding.js';
import { sayBlock, sayChain, sayClock, sayShownBlocks, saySilent, saySources } from './chain-words.js';
import type { Format } from './format.js';
import { inOrder } from './joints.js';
import type { Language } from './language.js';
import { namedBeaconChain, namedEvmChain, type NamedChain } from './named-chain.js';

/** What attests a time, and what that comes to, in one language. */
export interface AnchorWords {
  titles: {
    none: string;
    unknown: string;
    /** Of every chain. */
    anchoredIn: (chain: string) => string;
    rfc3161: string;
  };
  none: { pending: string; 'too-many': (count: string) => string };
  unsupported: (name: string) => string;
  /** What an anchor binds; stands in a sentence. Of a bare file it is a digest: whether that is the document's is for another line to say. */
  subjects: Record<Subject['kind'], string>;
  /** It is in that block, so it existed by that time, by that clock. */
  bound: (subject: string, block: string, time: string, clock: string) => string;
  bitcoin: {
    promised: (calendar: string) => string;
    'bad-timestamp': string;
    'bad-root': (block: string, bytes: string) => string;
    'other-block': (subject: string, block: string, sources: string) => string;
    undecided: (subject: string, block: string, why: string) => string;
  };
  evm: {
    'bad-attestation': (chainId: number) => string;
    'other-block': (subject: string, block: string, sources: string) => string;
    undecided: (subject: string, block: string, why: string) => string;
  };
  stamp: {
    /** `accuracy` is null when the time-stamp does not say how far off it may be. */
    signed: (authority: string, time: string, accuracy: string | null) => string;
    trusted: (root: string) => string;
    expired: (at: string) => string;
    revocationUnknown: string;
    revokedLater: (at: string) => string;
    'bad-token': string;
    unsupported: string;
    'no-crypto': string;
    'no-verifier': string;
    'no-roots': string;
    'roots-unreachable': string;
    'unknown-root': (root: string) => string;
  };
  /** The block that a batch names. */
  beacon: {
    none: string;
    previousLog: (batches: number, root: string, format: Format) => string;
    passed: (block: string, time: string) => string;
    'other-block': (block: string, sources: string) => string;
    'unknown-chain': (block: string) => string;
    'test-chain': (block: string, time: string) => string;
    undecided: (block: string, why: string) => string;
  };
}

/** Bitcoin as an attestation names it, before any source says which network it is. */
const BITCOIN: NamedChain = { kind: 'bitcoin', network: null };

/** What an attestation claims. */
export function sayAnchorTitle(finding: AnchorFinding, language: Language): string {
  const { titles } = language.anchors;
  switch (finding.kind) {
    case 'none':
    case 'unknown':
    case 'rfc3161':
      return titles[finding.kind];
    case 'bitcoin':
      return titles.anchoredIn(
        sayChain('network' in finding ? { kind: 'bitcoin', network: finding.network } : BITCOIN, language),
      );
    case 'evm':
      return titles.anchoredIn(
        sayChain('genesis' in finding ? namedEvmChain(finding) : { kind: 'numbered', id: finding.chainId }, language),
      );
    default:
      return finding satisfies never;
  }
}

/** What an attestation comes to. */
export function sayAnchor(finding: AnchorFinding, language: Language, format: Format): string {
  const { anchors } = language;
  switch (finding.kind) {
    case 'none':
      return finding.outcome === 'pending'
        ? anchors.none.pending
        : anchors.none['too-many'](format.number(finding.count));
    case 'unknown':
      return anchors.unsupported(finding.name);
    case 'bitcoin':
      return sayBitcoin(finding, anchors.subjects[finding.subject.kind], language, format);
    case 'evm':
      return sayEvm(finding, anchors.subjects[finding.subject.kind], language, format);
    case 'rfc3161':
      return sayStamp(finding, language, format);
    default:
      return finding satisfies never;
  }
}

function sayBitcoin(finding: BitcoinAnchor, subject: string, language: Language, format: Format): string {
  const { bitcoin } = language.anchors;
  const block = (height: number) => sayBlock(BITCOIN, height, language, format);
  switch (finding.outcome) {
    case 'passed':
      return sayBound(finding, { kind: 'bitcoin', network: finding.network }, subject, language, format);
    case 'pending':
      return bitcoin.promised(finding.calendar);
    case 'failed':
      switch (finding.reason) {
        case 'bad-timestamp':
          return bitcoin['bad-timestamp'];
        case 'bad-root':
          return bitcoin['bad-root'](block(finding.height), format.number(finding.bytes));
        case 'other-block': {
          const sources = saySources(finding.got.sources, language);
          return withSilent(bitcoin['other-block'](subject, block(finding.height), sources), finding, language);
        }
        default:
          return finding satisfies never;
      }
    case 'unavailable':
      if (finding.reason === 'test-chain')
        return inOrder(
          language.joints,
          language.chains.notCounted,
          sayBound(finding, { kind: 'bitcoin', network: finding.network }, subject, language, format),
        );
      return sayUndecided(
        bitcoin.undecided(subject, block(finding.height), language.chains.undecided[finding.reason]),
        finding,
        language,
        format,
      );
    default:
      return finding satisfies never;
  }
}

function sayEvm(finding: EvmAnchor, subject: string, language: Language, format: Format): string {
  const { evm } = language.anchors;
  if (finding.outcome === 'failed' && finding.reason === 'bad-attestation') return evm[finding.reason](finding.chainId);
  const chain = namedEvmChain(finding);
  const block = sayBlock(chain, finding.height, language, format);
  switch (finding.outcome) {
    case 'passed':
      return sayBound(finding, chain, subject, language, format);
    case 'failed':
      return withSilent(
        evm['other-block'](subject, block, saySources(finding.got.sources, language)),
        finding,
        language,
      );
    case 'unavailable':
      if (finding.reason === 'test-chain')
        return inOrder(
          language.joints,
          language.chains.notCounted,
          sayBound(finding, chain, subject, language, format),
        );
      return sayUndecided(
        evm.undecided(subject, block, language.chains.undecided[finding.reason]),
        finding,
        language,
        format,
      );
    default:
      return finding satisfies never;
  }
}

function sayStamp(finding: Rfc3161Anchor, language: Language, format: Format): string {
  const { stamp } = language.anchors;
  if (finding.outcome === 'failed') return stamp[finding.reason];
  if (!('genTime' in finding)) return stamp[finding.reason];
  const accuracy = finding.accuracyMs === null ? null : format.span(finding.accuracyMs);
  const signed = stamp.signed(finding.authority, format.date(finding.genTime), accuracy);
  if (finding.outcome === 'unavailable')
    return inOrder(
      language.joints,
      signed,
      finding.reason === 'unknown-root' ? stamp['unknown-root'](finding.top.name) : stamp[finding.reason],
    );
  const later = finding.revokedLater === null ? null : stamp.revokedLater(format.date(finding.revokedLater));
  return inOrder(
    language.joints,
    signed,
    stamp.trusted(finding.top.name),
    finding.expired ? stamp.expired(format.date(finding.expiresAt)) : null,
    finding.revocation === 'unknown' ? stamp.revocationUnknown : later,
  );
}

/** What the block comes to that a batch names. */
export function sayBeacon(finding: BeaconFinding, language: Language, format: Format): string {
  const { anchors, chains, joints } = language;
  const { beacon } = anchors;
  if (finding.outcome === 'not-applicable')
    return 'reason' in finding ? beacon.previousLog(finding.size, finding.root, format) : beacon.none;
  const block = sayBlock(namedBeaconChain(finding.chain), finding.height, language, format);
  switch (finding.outcome) {
    case 'passed':
      return inOrder(
        joints,
        beacon.passed(block, format.date(finding.time)),
        chains.shownBy(saySources(finding.sources, language)),
        saySilent(finding.silent, language),
      );
    case 'failed':
      return withSilent(beacon['other-block'](block, saySources(finding.got.sources, language)), finding, language);
    case 'unavailable':
      if (finding.reason === 'unknown-chain') return beacon['unknown-chain'](block);
      if (finding.reason === 'test-chain')
        return inOrder(
          joints,
          chains.notCounted,
          beacon['test-chain'](block, format.date(finding.time)),
          chains.shownBy(saySources(finding.sources, language)),
        );
      return sayUndecided(beacon.undecided(block, chains.undecided[finding.reason]), finding, language, format);
    default:
      return finding satisfies never;
  }
}

/** That something is in a block, how sure that is, and who shows it. */
function sayBound(facts: ShownFacts, chain: NamedChain, subject: string, language: Language, format: Format): string {
  const block = sayBlock(chain, facts.height, language, format);
  return inOrder(
    language.joints,
    language.anchors.bound(subject, block, format.date(facts.time), sayClock(chain, language)),
    language.chains.finality[facts.finality],
    language.chains.shownBy(saySources(facts.sources, language)),
    saySilent(facts.silent, language),
  );
}

/** What was not decided, with the blocks that were shown and the sources that were silent. */
function sayUndecided(sentence: string, facts: UndecidedFacts, language: Language, format: Format): string {
  return inOrder(
    language.joints,
    sentence,
    sayShownBlocks(facts.blocks, language, format),
    saySilent(facts.silent, language),
  );
}

function withSilent(sentence: string, { silent }: Pick<ShownFacts, 'silent'>, language: Language): string {
  return inOrder(language.joints, sentence, saySilent(silent, language));
}
