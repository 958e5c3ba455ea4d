import type { ChainWords } from '../chain-words.js';

/** Chains, their blocks, and the sources that show them. */
export const chains: ChainWords = {
  names: {
    bitcoin: 'Bitcoin',
    'bitcoin-test': (network) => `Bitcoin’s ${network}`,
    known: (id, name) => `${name} (chain ${id})`,
    test: (id) => `a test chain (chain ${id})`,
    impostor: (id, name) => `a chain that uses the id of ${name} (${id}) and is not that chain`,
    numbered: (id) => `chain ${id}`,
    other: (text) => `the chain “${text}”`,
  },
  bitcoinBlock: (height) => `Bitcoin block ${height}`,
  blockOf: (height, chain) => `block ${height} of ${chain}`,
  clocks: {
    bitcoin: 'the time that its miner set, which may be two hours off',
    evm: 'the time that the nodes that make its blocks set',
  },
  finality: {
    final: 'That block counts as final.',
    confirmed: 'That block is not final yet: its chain may still replace it.',
    unknown: 'Whether that block is final is not known.',
  },
  shownBy: (sources) => `Shown by ${sources}.`,
  notCounted: 'Test chains were not to count, so this one was not counted.',
  undecided: {
    contradicted: 'the sources contradict each other',
    absent: 'its chain has no block at that height, as far as the sources know',
    'no-answer': 'no source gave a usable answer',
    'not-asked': 'there was no source to ask',
  },
  shownWere: (blocks) => `Shown were ${blocks}.`,
  shownBlock: ({ sources, hash, time }) => `${sources}: ${hash}, ${time}`,
  silent: (sources) => `Not counted: ${sources}.`,
  silentSource: (source, reason) => `${source} (${reason})`,
  silence: {
    unreachable: 'unreachable',
    contradicted: 'asks others, and they contradict each other',
    'unknown-chain': 'does not tell which chain it serves',
    'no-such-block': 'has no block at that height',
    'bad-answer': 'gave an answer that cannot be right',
    'other-chain': 'serves another chain',
    unpinned: 'a file of headers that nothing ties to the chain',
  },
};
