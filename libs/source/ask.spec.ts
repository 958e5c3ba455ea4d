import { readFileSync } from 'node:fs';
import { hexToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayHash } from '#bitcoin/block-hash.js';
import { parseBlockHeader } from '#bitcoin/block-header.js';
import type { BlockSource } from './block-source.js';
import type { EvmSource } from './evm-source.js';
import { SourceError } from './error.js';
import { parseDetachedFile } from '#ots/codec.js';
import { listAttestations } from '#ots/visit.js';
import { mineHeader } from '#bitcoin/testing/mined-header.js';
import type { Answer } from './answer.js';
import { ask, asking } from './ask.js';
import type { BitcoinQuestion, EvmQuestion, Question } from './question.js';
import { bitcoinCases } from './testing/bitcoin-cases.js';
import type { SourceCase } from './testing/source-case.js';
import { cannedSources } from './testing/canned-source.js';
import { evmCases } from './testing/evm-cases.js';

const HEIGHT = 12;
const merkleRoot = new Uint8Array(32).fill(7);
const bitcoinQuestion: BitcoinQuestion = { chain: 'bitcoin', height: HEIGHT, expected: { merkleRoot } };
const block = { hash: '77'.repeat(32), timeMs: 1_772_355_600_000 };
const evmQuestion: EvmQuestion = {
  chain: 'evm',
  chainId: 31_337,
  genesis: '11'.repeat(32),
  height: HEIGHT,
  expected: { hash: block.hash },
};
const bitcoinTable = bitcoinCases({ height: HEIGHT, merkleRoot });
const evmTable = evmCases({ chainId: 31_337, genesis: '11'.repeat(32), height: HEIGHT, ...block });

/** What a case says of an answer, in the answer's own words. */
function expectAnswer(answer: Answer, { sources, silent = {}, shownBy, ...given }: SourceCase, names: string[]): void {
  expect(answer.outcome).toBe(given.outcome);
  const reasons = Object.fromEntries(answer.silent.map(({ source, reason }) => [names.indexOf(source), reason]));
  expect(reasons).toEqual(silent);
  if (answer.outcome === 'shown' || answer.outcome === 'another') {
    expect(answer.block.sources.map((name) => names.indexOf(name)).toSorted((a, b) => a - b)).toEqual(shownBy ?? []);
    if (given.standing !== undefined) expect(answer.standing).toBe(given.standing);
  }
  if (answer.outcome === 'shown') {
    if (given.finality !== undefined) expect(answer.finality).toBe(given.finality);
    if (given.depth !== undefined) expect(answer.depth).toBe(given.depth);
  }
  expect(sources.length).toBe(names.length);
}

/** A case's answer with its sources in this order, and their names in the case's own. */
async function answerOf(given: SourceCase, question: Question, order: number[]): Promise<[Answer, string[]]> {
  const { bitcoin, evm } = cannedSources(given.sources);
  const names = [...bitcoin, ...evm].map(({ name }) => name);
  const shuffled = <T>(sources: readonly T[]) => (sources.length === 0 ? [] : order.map((i) => sources[i]!));
  return [await ask({ bitcoin: shuffled(bitcoin), evm: shuffled(evm) }, question), names];
}

const orders = [
  ['in order', (length: number) => Array.from({ length }, (_, i) => i)],
  ['the other way round', (length: number) => Array.from({ length }, (_, i) => length - 1 - i)],
] as const;

describe.each(orders)('sources of Bitcoin, asked %s', (_, order) => {
  it.each(bitcoinTable)('say $outcome when $when', async (given) => {
    const question = given.named ? { ...bitcoinQuestion, network: 'regtest' as const } : bitcoinQuestion;
    const [answer, names] = await answerOf(given, question, order(given.sources.length));
    expectAnswer(answer, given, names);
  });
});

describe.each(orders)('sources of an EVM chain, asked %s', (_, order) => {
  it.each(evmTable)('say $outcome when $when', async (given) => {
    const [answer, names] = await answerOf(given, evmQuestion, order(given.sources.length));
    expectAnswer(answer, given, names);
  });
});

describe('asking', () => {
  const source = (given: Partial<BlockSource>): BlockSource => ({
    name: 'own',
    network: () => Promise.resolve('regtest' as const),
    header: () => Promise.resolve(mineHeader({ merkleRoot })),
    ...given,
  });
  const bitcoin = (...sources: readonly BlockSource[]) => ask({ bitcoin: sources, evm: [] }, bitcoinQuestion);
  const evm = (source: Partial<Record<keyof EvmSource, unknown>>) =>
    ask({ bitcoin: [], evm: [{ name: 'own', chainId: () => 31_337, ...source } as EvmSource] }, evmQuestion);

  it('does not change the outcome with the order of any sources together', async () => {
    const canned = bitcoinTable.flatMap(({ sources }) => sources);
    const { bitcoin: all } = cannedSources(canned);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...all], { maxLength: 5 }), async (some) => {
        const [there, back] = await Promise.all([bitcoin(...some), bitcoin(...some.toReversed())]);
        const facts = (answer: Answer) => ({
          ...answer,
          silent: answer.silent.toSorted((a, b) => a.source.localeCompare(b.source)),
          ...('unsure' in answer && { unsure: answer.unsure.map((one) => one.source).toSorted() }),
          ...('blocks' in answer && { blocks: answer.blocks.map(({ hash }) => hash).toSorted() }),
          ...('block' in answer && { block: { ...answer.block, sources: answer.block.sources.toSorted() } }),
        });
        expect(facts(back)).toEqual(facts(there));
      }),
      { numRuns: 60 },
    );
  });

  it('passes on why a source that shows the block could not say what is final', async () => {
    const away = () => Promise.reject(new SourceError('unreachable', 'own: expected an answer, got none'));
    const unsure = [{ source: 'own', reason: 'unreachable', detail: 'expected an answer, got none' }];
    expect(await bitcoin(source({ tip: away }))).toMatchObject({ outcome: 'shown', finality: 'unknown', unsure });
    const shown = {
      block: (height: number) =>
        Promise.resolve({ hash: hexToBytes(height === 0 ? '11'.repeat(32) : block.hash), timeMs: block.timeMs }),
    };
    const final = { ...shown, finalizedNumber: away };
    expect(await evm(final)).toMatchObject({ outcome: 'shown', finality: 'unknown', unsure });
    expect(await evm({ ...shown, finalizedNumber: () => Promise.resolve(null) })).not.toHaveProperty('unsure');
  });

  it('asks a source once for each thing, also when it fails', async () => {
    const asked: string[] = [];
    const counted = source({
      network: () => (asked.push('network'), Promise.resolve('regtest' as const)),
      tip: () => (asked.push('tip'), Promise.reject(new Error('no tip'))),
      header: (height) => {
        asked.push(`header ${height}`);
        if (height === HEIGHT) return Promise.resolve(mineHeader({ merkleRoot }));
        return Promise.reject(new SourceError('unreachable', 'own: expected an answer, got none'));
      },
    });
    const put = asking({ bitcoin: [counted], evm: [] });
    const questions = [HEIGHT, HEIGHT, 99, 99].map((height) => ({ ...bitcoinQuestion, height }));
    const answers = await Promise.all(questions.map(put));
    expect(answers.map(({ outcome }) => outcome)).toEqual(['shown', 'shown', 'no-answer', 'no-answer']);
    expect(asked.toSorted()).toEqual([`header ${HEIGHT}`, 'header 99', 'network', 'tip'].toSorted());
  });

  it.each([
    [
      'throws before it answers',
      {
        header: (): never => {
          throw new Error('secret');
        },
      },
      'unreachable',
    ],
    ['rejects with no error', { header: () => Promise.reject('secret') }, 'unreachable'],
    ['gives nothing', { header: () => Promise.resolve(undefined) }, 'bad-answer'],
    ['gives text', { header: () => Promise.resolve('secret') }, 'bad-answer'],
    ['names a network of its own', { network: () => Promise.resolve('constructor') }, 'unknown-chain'],
    ['has no word for its network', { network: undefined }, 'unknown-chain'],
    ['cannot be asked for its network', { network: () => Promise.reject(new Error('secret')) }, 'unreachable'],
  ])('takes a source that %s for silent', async (_, given, reason) => {
    const answer = await bitcoin(source(given as never));
    expect(answer).toMatchObject({ silent: [{ source: 'own', reason }] });
    expect(JSON.stringify(answer)).not.toContain('secret');
  });

  it.each<[string, Partial<Record<keyof EvmSource, unknown>>, string]>([
    [
      'throws before it answers',
      {
        chainId: (): never => {
          throw new Error('secret');
        },
      },
      'unreachable',
    ],
    ['has no number for its chain', { chainId: () => '31337', block: () => ({}) }, 'bad-answer'],
    ['gives nothing for a block', { block: () => null }, 'bad-answer'],
    [
      'gives a time beyond dates',
      { block: (n: number) => ({ hash: hexToBytes((n === 0 ? '11' : '77').repeat(32)), timeMs: 1e18 }) },
      'bad-answer',
    ],
    [
      'gives a time that is none',
      { block: (n: number) => ({ hash: hexToBytes((n === 0 ? '11' : '77').repeat(32)), timeMs: NaN }) },
      'bad-answer',
    ],
  ])('takes an EVM source that %s for silent', async (_, given, reason) => {
    const answer = await evm(given);
    expect(answer).toMatchObject({ outcome: 'no-answer', silent: [{ source: 'own', reason }] });
    expect(JSON.stringify(answer)).not.toContain('secret');
  });

  it('shows whichever block is there when none is expected', async () => {
    const { bitcoin: sources } = cannedSources(bitcoinTable.find(({ outcome }) => outcome === 'another')!.sources);
    const answer = await ask({ bitcoin: sources, evm: [] }, { ...bitcoinQuestion, expected: null });
    expect(answer).toMatchObject({ outcome: 'shown', block: { height: HEIGHT, chain: { network: 'regtest' } } });
  });

  it('compares a hash as explorers show it', async () => {
    const header = mineHeader({ merkleRoot });
    const { hash } = parseBlockHeader(header);
    const put = (expected: string) =>
      ask(
        { bitcoin: [source({ header: async () => header })], evm: [] },
        { ...bitcoinQuestion, expected: { hash: expected } },
      );
    expect((await put(displayHash(hash))).outcome).toBe('shown');
    expect((await put('00'.repeat(32))).outcome).toBe('another');
  });

  it('passes on that the sources behind a source contradict each other', async () => {
    const second = source({
      name: 'a service',
      header: () => Promise.reject(new SourceError('contradicted', 'a service: expected one block, got two')),
    });
    expect(await bitcoin(source({}), second)).toMatchObject({
      outcome: 'contradicted',
      blocks: [{ sources: ['own'] }],
      silent: [{ source: 'a service', reason: 'contradicted' }],
    });
  });

  it('counts no EVM source that gives the expected block another time than its header has', async () => {
    const block = (n: number) => ({ hash: hexToBytes((n === 0 ? '11' : '77').repeat(32)), timeMs: 5000 });
    const sources = {
      bitcoin: [],
      evm: [{ name: 'own', chainId: async () => 31_337, block: async (n: number) => block(n) }],
    };
    const put = (timeMs: number) => ask(sources, { ...evmQuestion, expected: { hash: '77'.repeat(32), timeMs } });
    expect(await put(5000)).toMatchObject({ outcome: 'shown', block: { timeMs: 5000 } });
    expect(await put(6000)).toMatchObject({ outcome: 'no-answer', silent: [{ reason: 'bad-answer' }] });
  });

  it('counts no EVM source whose header gives another hash, where the chain is known to hash as Ethereum does', async () => {
    const block = (n: number) => ({
      hash: hexToBytes((n === 0 ? '11' : '77').repeat(32)),
      timeMs: 5000,
      hashFits: false,
    });
    const evm = [{ name: 'own', chainId: async () => 31_337, block: async (n: number) => block(n) }];
    const put = (hashesAsEthereum: boolean) =>
      ask({ bitcoin: [], evm }, { ...evmQuestion, expected: { hash: '77'.repeat(32) }, hashesAsEthereum });
    expect(await put(true)).toMatchObject({ outcome: 'no-answer', silent: [{ reason: 'bad-answer' }] });
    expect(await put(false)).toMatchObject({ outcome: 'shown' });
  });

  it('counts only the known chain of an id where none is named by its block 0', async () => {
    const block = (n: number) => ({ hash: hexToBytes((n === 0 ? '11' : '77').repeat(32)), timeMs: 5000 });
    const node = (chainId: number) => ({
      name: 'own',
      chainId: async () => chainId,
      block: async (n: number) => block(n),
    });
    const put = (chainId: number) =>
      ask({ bitcoin: [], evm: [node(chainId)] }, { ...evmQuestion, chainId, genesis: null, expected: null });
    expect(await put(1)).toMatchObject({ outcome: 'not-asked', silent: [{ reason: 'other-chain' }] });
    expect(await put(4711)).toMatchObject({ outcome: 'shown', standing: 'foreign' });
  });

  it('shows the block that the hello-world example of OpenTimestamps ends in, in mainnet’s block 358391', async () => {
    const vectors = (file: string) =>
      JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as Record<string, string>[];
    const ots = vectors('../ots/vectors/valid.json').find((vector) => vector['name'] === 'hello-world.txt.ots')!;
    const block = vectors('../bitcoin/vectors/headers.json').find(({ name }) => name === 'mainnet, block 358391')!;
    const [found] = listAttestations(parseDetachedFile(hexToBytes(ots['bytes']!)).timestamp);
    const explorer = { kind: 'esplora', network: 'mainnet', blocks: { 358391: hexToBytes(block['header']!) } } as const;
    const { bitcoin: sources } = cannedSources([{ ...explorer, tip: 900_000 }]);
    const expected = { merkleRoot: found!.message };
    expect(await ask({ bitcoin: sources, evm: [] }, { chain: 'bitcoin', height: 358391, expected })).toMatchObject({
      outcome: 'shown',
      standing: 'public',
      finality: 'final',
      block: { timeMs: 1432827678000, hash: '000000000000000003e892881a8cdcdc117c06d444057c98b6f04a9ee75a2319' },
    });
  });
});
