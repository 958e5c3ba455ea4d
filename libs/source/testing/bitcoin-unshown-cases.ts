import { parseBlockHeader } from '#bitcoin/block-header.js';
import { mineHeader } from '#bitcoin/testing/mined-header.js';
import type { BitcoinScene } from './bitcoin-scene.js';
import type { SourceCase } from './source-case.js';

/** Rows in which it is not: another one, a contradiction, none, no answer, nobody to ask. */
export function bitcoinUnshownCases({
  height,
  merkleRoot,
  right,
  later,
  wrong,
  wronger,
  genesis,
  workless,
  server,
  node,
  pack,
}: BitcoinScene): SourceCase[] {
  return [
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
