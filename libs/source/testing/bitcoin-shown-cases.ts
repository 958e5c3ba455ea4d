import { mineHeader } from '#bitcoin/testing/mined-header.js';
import type { BitcoinScene } from './bitcoin-scene.js';
import type { SourceCase } from './source-case.js';

/** Rows in which the block is shown: how deep it is, and which others are silent. */
export function bitcoinShownCases({
  height,
  right,
  wrong,
  genesis,
  workless,
  chain,
  server,
  node,
  pack,
  atHeight,
  shown,
}: BitcoinScene): SourceCase[] {
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
  ];
}
