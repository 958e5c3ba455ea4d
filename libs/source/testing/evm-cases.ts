import type { CannedEvmNode } from './canned-source.js';
import type { SourceCase } from './source-case.js';

/** The block that the cases are about; hex without `0x`. */
export interface AttestedEvmBlock {
  chainId: number;
  genesis: string;
  height: number;
  hash: string;
  timeMs: number;
}

/** The table of outcomes for EVM chains, as `bitcoinCases` has it for Bitcoin. */
export function evmCases({ chainId, genesis, height, hash, timeMs }: AttestedEvmBlock): SourceCase[] {
  const right = { hash, timeMs };
  const wrong = { hash: '55'.repeat(32), timeMs };
  const wronger = { hash: '66'.repeat(32), timeMs };
  const node = (block: CannedEvmNode['blocks'][number] | null, given: Partial<CannedEvmNode> = {}): CannedEvmNode => ({
    kind: 'evm',
    chainId,
    genesis,
    blocks: block === null ? {} : { [height]: block },
    finalized: height,
    latest: height + 9,
    ...given,
  });
  const shown: Pick<SourceCase, 'outcome' | 'shownBy'> = { outcome: 'shown', shownBy: [0] };

  return [
    // Shown, and how final.
    { when: 'one shows the block and calls it final', sources: [node(right)], ...shown, finality: 'final', depth: 10 },
    {
      when: 'one shows the block and does not call it final yet',
      sources: [node(right, { finalized: height - 1 })],
      ...shown,
      finality: 'confirmed',
    },
    {
      when: 'the only one does not tell what is final',
      sources: [node(right, { finalized: null, latest: null })],
      ...shown,
      finality: 'unknown',
      depth: null,
    },
    {
      when: 'two show it and one does not call it final yet',
      sources: [node(right), node(right, { finalized: height - 1, latest: height })],
      ...shown,
      shownBy: [0, 1],
      finality: 'confirmed',
      depth: 1,
    },
    {
      when: 'two show it and only one tells what is final',
      sources: [node(right, { finalized: null }), node(right)],
      ...shown,
      shownBy: [0, 1],
      finality: 'final',
    },
    // Shown, and others silent.
    { when: 'another one lags', sources: [node(right), node(null)], ...shown, silent: { 1: 'no-such-block' } },
    {
      when: 'another one refuses connections',
      sources: [node(right), node(wrong, { fails: 'refuses' })],
      ...shown,
      silent: { 1: 'unreachable' },
    },
    {
      when: 'another one is busy',
      sources: [node(right), node(wrong, { fails: 'is busy' })],
      ...shown,
      silent: { 1: 'unreachable' },
    },
    {
      when: 'another one wants a password',
      sources: [node(right), node(wrong, { fails: 'wants a password' })],
      ...shown,
      silent: { 1: 'unreachable' },
    },
    {
      when: 'another one answers with a login page',
      sources: [node(right), node(wrong, { fails: 'logs in' })],
      ...shown,
      silent: { 1: 'bad-answer' },
    },
    {
      when: 'another one redirects',
      sources: [node(right), node(wrong, { fails: 'redirects' })],
      ...shown,
      silent: { 1: 'bad-answer' },
    },
    {
      when: 'another one sends without end',
      sources: [node(right), node(wrong, { fails: 'floods' })],
      ...shown,
      silent: { 1: 'bad-answer' },
    },
    {
      when: 'another one serves another chain',
      sources: [node(right), node(wrong, { chainId: chainId + 1 })],
      ...shown,
      silent: { 1: 'other-chain' },
    },
    {
      when: 'another one serves another chain of that id',
      sources: [node(right), node(wrong, { genesis: 'ee'.repeat(32) })],
      ...shown,
      silent: { 1: 'other-chain' },
    },
    {
      when: 'another one has lost block 0',
      sources: [node(right), node(wrong, { genesis: null })],
      ...shown,
      silent: { 1: 'unknown-chain' },
    },
    {
      when: 'another one shows block 0 in its place',
      sources: [node(right), node({ hash: genesis, timeMs })],
      ...shown,
      silent: { 1: 'bad-answer' },
    },
    {
      when: 'another one has a hash of another length',
      sources: [node(right), node({ hash: 'aa', timeMs })],
      ...shown,
      silent: { 1: 'bad-answer' },
    },
    // Another.
    { when: 'one shows another block', sources: [node(wrong)], outcome: 'another', shownBy: [0] },
    {
      when: 'two show one and the same other block',
      sources: [node(wrong), node(wrong)],
      outcome: 'another',
      shownBy: [0, 1],
    },
    {
      when: 'one shows another block and one lags',
      sources: [node(wrong), node(null)],
      outcome: 'another',
      shownBy: [0],
      silent: { 1: 'no-such-block' },
    },
    // Contradicted.
    { when: 'one shows the block and one another', sources: [node(right), node(wrong)], outcome: 'contradicted' },
    { when: 'two show two wrong blocks', sources: [node(wrong), node(wronger)], outcome: 'contradicted' },
    {
      when: 'two agree and a third differs',
      sources: [node(right), node(right), node(wrong)],
      outcome: 'contradicted',
    },
    {
      when: 'two give a wrong block two times',
      sources: [node(wrong), node({ ...wrong, timeMs: timeMs + 7_200_000 })],
      outcome: 'contradicted',
    },
    // Absent.
    {
      when: 'the chains of all end before',
      sources: [node(null), node(null)],
      outcome: 'absent',
      silent: { 0: 'no-such-block', 1: 'no-such-block' },
    },
    {
      when: 'the chain of one ends before and the other serves another chain',
      sources: [node(null), node(right, { chainId: chainId + 1 })],
      outcome: 'absent',
      silent: { 0: 'no-such-block', 1: 'other-chain' },
    },
    // No answer.
    {
      when: 'the only one refuses connections',
      sources: [node(right, { fails: 'refuses' })],
      outcome: 'no-answer',
      silent: { 0: 'unreachable' },
    },
    {
      when: 'one lags and one answers with a login page',
      sources: [node(null), node(right, { fails: 'logs in' })],
      outcome: 'no-answer',
      silent: { 0: 'no-such-block', 1: 'bad-answer' },
    },
    {
      when: 'the only one shows block 0 in its place',
      sources: [node({ hash: genesis, timeMs })],
      outcome: 'no-answer',
      silent: { 0: 'bad-answer' },
    },
    // Not asked.
    { when: 'there is no source', sources: [], outcome: 'not-asked' },
    {
      when: 'the only one serves another chain',
      sources: [node(right, { chainId: chainId + 1 })],
      outcome: 'not-asked',
      silent: { 0: 'other-chain' },
    },
    {
      when: 'the only one serves another chain of that id',
      sources: [node(right, { genesis: 'ee'.repeat(32) })],
      outcome: 'not-asked',
      silent: { 0: 'other-chain' },
    },
    {
      when: 'the only one has lost block 0',
      sources: [node(right, { genesis: null })],
      outcome: 'not-asked',
      silent: { 0: 'unknown-chain' },
    },
  ];
}
