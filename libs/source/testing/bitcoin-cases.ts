import { displayHash } from '#bitcoin/block-hash.js';
import { parseBlockHeader } from '#bitcoin/block-header.js';
import { NETWORKS } from '#bitcoin/network.js';
import { mineChain, mineHeader } from '#bitcoin/testing/mined-header.js';
import type { AnswerOutcome, Finality, Silence } from '../answer.js';
import type { Standing } from '../chain.js';
import type { CannedBitcoinServer, CannedPack, CannedSource } from './canned-source.js';

/** What sources say to the question whether one block is there, and what that comes to: for whoever asks, with whatever they ask it. */
export interface SourceCase {
  /** Ends a sentence that begins with the outcome: "shown, when …". */
  when: string;
  sources: CannedSource[];
  /** Whether the chain meant is named in the question; where it is not, whichever the sources serve. */
  named?: boolean;
  outcome: AnswerOutcome;
  /** Places of the sources that show the block. */
  shownBy?: number[];
  /** Place of a source → why it says nothing. */
  silent?: Record<number, Silence['reason']>;
  finality?: Finality;
  depth?: number | null;
  standing?: Standing;
}

/** The block that the cases are about: regtest's, so that it can be mined. */
export interface AttestedBlock {
  /** At least 8. */
  height: number;
  /** 32 bytes, internal order. */
  merkleRoot: Uint8Array;
  /** Seconds since 1970. */
  time?: number;
}

/** The table of outcomes for Bitcoin: each row, and what sources have been seen to do wrong. */
export function bitcoinCases({ height, merkleRoot, time = 1_700_000_000 }: AttestedBlock): SourceCase[] {
  const otherRoot = (fill: number) => new Uint8Array(32).fill(fill);
  const right = mineHeader({ merkleRoot, time });
  const later = mineHeader({ merkleRoot, time: time + 7200 });
  const wrong = mineHeader({ merkleRoot: otherRoot(0x55), time });
  const wronger = mineHeader({ merkleRoot: otherRoot(0x66), time });
  const genesis = mineChain([])[0]!;
  // Full blocks of the easiest target are mined; this one claims a target of the main chain's.
  const workless = right.slice();
  new DataView(workless.buffer).setUint32(72, NETWORKS.mainnet.powLimitBits, true);
  const chain = mineChain([...Array.from({ length: height - 1 }, (_, i) => otherRoot(i & 0x3f)), merkleRoot]);

  const server = (blocks: Uint8Array | null, given: Partial<CannedBitcoinServer> = {}): CannedBitcoinServer => ({
    kind: 'esplora',
    network: 'regtest',
    blocks: blocks === null ? {} : { [height]: blocks },
    tip: blocks === null ? height - 1 : height + 20,
    ...given,
  });
  const node = (blocks: Uint8Array | null, given: Partial<CannedBitcoinServer> = {}) =>
    server(blocks, { kind: 'node', ...given });
  const pack = (startHeight: number, pins?: string[]): CannedPack => ({
    kind: 'pack',
    network: 'regtest',
    startHeight,
    headers: chain.slice(startHeight),
    pins,
  });
  const atHeight = (header: Uint8Array) => `${height}:${displayHash(parseBlockHeader(header).hash)}`;
  const shown: Pick<SourceCase, 'outcome' | 'shownBy' | 'standing'> = {
    outcome: 'shown',
    shownBy: [0],
    standing: 'test',
  };

  return [
    // Shown, and how deep.
    { when: 'one shows the block', sources: [server(right)], ...shown, finality: 'final', depth: 21 },
    { when: 'a node shows the block', sources: [node(right)], ...shown, finality: 'final', depth: 21 },
    {
      when: 'six blocks are there from it on',
      sources: [server(right, { tip: height + 5 })],
      ...shown,
      finality: 'final',
      depth: 6,
    },
    {
      when: 'five blocks are there from it on',
      sources: [server(right, { tip: height + 4 })],
      ...shown,
      finality: 'confirmed',
      depth: 5,
    },
    {
      when: 'it is the newest block',
      sources: [node(right, { tip: height })],
      ...shown,
      finality: 'confirmed',
      depth: 1,
    },
    {
      when: 'the newest block was read before it came',
      sources: [node(right, { tip: height - 1 })],
      ...shown,
      finality: 'confirmed',
      depth: 1,
    },
    {
      when: 'the only one does not know how deep it lies',
      sources: [server(right, { tip: null })],
      ...shown,
      finality: 'unknown',
      depth: null,
    },
    {
      when: 'two show it and the one that knows fewest blocks has five',
      sources: [server(right), node(right, { tip: height + 4 })],
      ...shown,
      shownBy: [0, 1],
      finality: 'confirmed',
      depth: 5,
    },
    {
      when: 'two show it and only one knows how deep it lies',
      sources: [server(right, { tip: null }), node(right)],
      ...shown,
      shownBy: [0, 1],
      finality: 'final',
      depth: 21,
    },
    { when: 'a header pack from block 0 holds it', sources: [pack(0)], ...shown, finality: 'confirmed', depth: 1 },
    {
      when: 'a header pack holds it and the block is pinned',
      sources: [pack(height - 2, [atHeight(chain[height]!)])],
      ...shown,
      finality: 'confirmed',
      depth: 1,
    },
    // Shown, and others silent.
    { when: 'another one lags', sources: [server(right), server(null)], ...shown, silent: { 1: 'no-such-block' } },
    {
      when: 'another one refuses connections',
      sources: [server(right), server(wrong, { fails: 'refuses' })],
      ...shown,
      silent: { 1: 'unreachable' },
    },
    {
      when: 'another one is busy',
      sources: [server(right), node(wrong, { fails: 'is busy' })],
      ...shown,
      silent: { 1: 'unreachable' },
    },
    {
      when: 'another one wants a password',
      sources: [server(right), node(wrong, { fails: 'wants a password' })],
      ...shown,
      silent: { 1: 'unreachable' },
    },
    {
      when: 'another one answers with a login page',
      sources: [server(right), server(wrong, { fails: 'logs in' })],
      ...shown,
      silent: { 1: 'bad-answer' },
    },
    {
      when: 'another one redirects',
      sources: [server(right), node(wrong, { fails: 'redirects' })],
      ...shown,
      silent: { 1: 'bad-answer' },
    },
    {
      when: 'another one sends without end',
      sources: [server(right), node(wrong, { fails: 'floods' })],
      ...shown,
      silent: { 1: 'bad-answer' },
    },
    {
      when: 'another one shows another block without its work',
      sources: [server(right), server(workless)],
      ...shown,
      silent: { 1: 'bad-answer' },
    },
    {
      when: 'another one shows a header of another hash than it names',
      sources: [server(right), server(wrong, { misnamed: { [height]: 'cd'.repeat(32) } })],
      ...shown,
      silent: { 1: 'bad-answer' },
    },
    {
      when: 'another one shows half a header',
      sources: [server(right), node(wrong.slice(0, 40), { misnamed: { [height]: 'cd'.repeat(32) } })],
      ...shown,
      silent: { 1: 'bad-answer' },
    },
    {
      when: 'another one shows a block that names none before it',
      sources: [server(right), server(mineHeader({ previousHash: new Uint8Array(32) }))],
      ...shown,
      silent: { 1: 'bad-answer' },
    },
    {
      when: 'another one shows block 0 in its place',
      sources: [server(right), node(genesis)],
      ...shown,
      silent: { 1: 'bad-answer' },
    },
    {
      when: 'another one shows a successor of block 0 in its place',
      sources: [server(right), node(chain[1]!)],
      ...shown,
      silent: { 1: 'bad-answer' },
    },
    {
      when: 'another one is of a network that nobody knows',
      sources: [server(right), server(wrong, { network: 'strange' })],
      ...shown,
      silent: { 1: 'unknown-chain' },
    },
    {
      when: 'another one does not tell its network',
      sources: [server(right), server(wrong, { network: 'hidden' })],
      ...shown,
      silent: { 1: 'unknown-chain' },
    },
    {
      when: 'another one is of another network than the one meant',
      sources: [server(right), node(wrong, { network: 'signet' })],
      named: true,
      ...shown,
      silent: { 1: 'other-chain' },
    },
    {
      when: 'an unpinned header pack holds another block',
      sources: [server(right), pack(height - 2)],
      ...shown,
      silent: { 1: 'unpinned' },
    },
    // Another.
    { when: 'one shows another block', sources: [server(wrong)], outcome: 'another', shownBy: [0], standing: 'test' },
    {
      when: 'two show one and the same other block',
      sources: [server(wrong), node(wrong)],
      outcome: 'another',
      shownBy: [0, 1],
      standing: 'test',
    },
    {
      when: 'one shows another block and one lags',
      sources: [server(wrong), node(null)],
      outcome: 'another',
      shownBy: [0],
      silent: { 1: 'no-such-block' },
    },
    {
      when: 'one shows another block and one the right block without its work',
      sources: [server(wrong), node(workless)],
      outcome: 'another',
      shownBy: [0],
      silent: { 1: 'bad-answer' },
    },
    {
      when: 'one shows another block and an unpinned header pack holds the right one',
      sources: [server(wrong), pack(height - 2)],
      outcome: 'another',
      shownBy: [0],
      silent: { 1: 'unpinned' },
    },
    // Contradicted.
    { when: 'one shows the block and one another', sources: [server(right), server(wrong)], outcome: 'contradicted' },
    { when: 'two show two wrong blocks', sources: [server(wrong), node(wronger)], outcome: 'contradicted' },
    { when: 'two show the right root two hours apart', sources: [server(right), node(later)], outcome: 'contradicted' },
    {
      when: 'two agree and a third differs',
      sources: [server(right), node(right), server(wrong)],
      outcome: 'contradicted',
    },
    {
      when: 'a pinned header pack holds another block than a node',
      sources: [node(right), pack(0)],
      outcome: 'contradicted',
    },
    // Absent.
    {
      when: 'the chain of the only one ends before',
      sources: [server(null)],
      outcome: 'absent',
      silent: { 0: 'no-such-block' },
    },
    {
      when: 'the chains of all end before',
      sources: [server(null), node(null)],
      outcome: 'absent',
      silent: { 0: 'no-such-block', 1: 'no-such-block' },
    },
    {
      when: 'the chain of one ends before and the other is no witness',
      sources: [server(null), server(right, { network: 'strange' })],
      outcome: 'absent',
      silent: { 0: 'no-such-block', 1: 'unknown-chain' },
    },
    // No answer.
    {
      when: 'the only one refuses connections',
      sources: [server(right, { fails: 'refuses' })],
      outcome: 'no-answer',
      silent: { 0: 'unreachable' },
    },
    {
      when: 'the only one answers with a login page',
      sources: [node(right, { fails: 'logs in' })],
      outcome: 'no-answer',
      silent: { 0: 'bad-answer' },
    },
    {
      when: 'one lags and one is busy',
      sources: [server(null), node(right, { fails: 'is busy' })],
      outcome: 'no-answer',
      silent: { 0: 'no-such-block', 1: 'unreachable' },
    },
    {
      when: 'the right root stands in a header without its work',
      sources: [server(workless)],
      outcome: 'no-answer',
      silent: { 0: 'bad-answer' },
    },
    {
      when: 'the work is too little for the network',
      sources: [server(right, { network: 'signet' })],
      outcome: 'no-answer',
      silent: { 0: 'bad-answer' },
    },
    {
      when: 'the right root stands in a header that names no block before it',
      sources: [server(mineHeader({ merkleRoot, previousHash: new Uint8Array(32) }))],
      outcome: 'no-answer',
      silent: { 0: 'bad-answer' },
    },
    {
      when: 'the right root stands in a successor of block 0',
      sources: [node(mineHeader({ merkleRoot, previousHash: parseBlockHeader(genesis).hash }))],
      outcome: 'no-answer',
      silent: { 0: 'bad-answer' },
    },
    // Not asked.
    { when: 'there is no source', sources: [], outcome: 'not-asked' },
    {
      when: 'the only one is of a network that nobody knows',
      sources: [server(right, { network: 'strange' })],
      outcome: 'not-asked',
      silent: { 0: 'unknown-chain' },
    },
    {
      when: 'the only node names a network that nobody knows',
      sources: [node(right, { network: 'strange' })],
      outcome: 'not-asked',
      silent: { 0: 'unknown-chain' },
    },
    {
      when: 'the only one does not tell its network',
      sources: [server(right, { network: 'hidden' })],
      outcome: 'not-asked',
      silent: { 0: 'unknown-chain' },
    },
    {
      when: 'the only one is of another network than the one meant',
      sources: [node(right, { network: 'signet' })],
      named: true,
      outcome: 'not-asked',
      silent: { 0: 'other-chain' },
    },
    {
      when: 'only an unpinned header pack holds the block',
      sources: [pack(height - 2)],
      outcome: 'not-asked',
      silent: { 0: 'unpinned' },
    },
  ];
}
