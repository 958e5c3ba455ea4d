import { describe, expect, it } from 'vitest';
import { EvmSourceError, type EvmSource } from '#evm/evm-source.js';
import { SAMPLE_GENESIS, sampleEvmBlock, sampleEvmSource, type SampleEvmOptions } from '#evm/testing/sample-chain.js';
import { knownChain } from '#evm/chain.js';
import { askEvmBlocksOf } from './evm-answers.js';
import { checkEvmAttestation } from './evm-check.js';
import { sampleProof } from './testing/sample-proof.js';
import { verifyProof } from './verify.js';

const root = new Uint8Array(32).fill(3);
const block = sampleEvmBlock(root);
const blocks = { [block.number]: block.hash };
const honest = sampleEvmSource({ name: 'honest', blocks, finalized: 7 });
const liar = sampleEvmSource({ name: 'liar', blocks: { 7: 'ab'.repeat(32) } });
const broken = (name: string, error: unknown): EvmSource => ({
  ...honest,
  name,
  block: (number) => (number === 0 ? honest.block(0) : Promise.reject(error as Error)),
});

const check = (sources: readonly EvmSource[], options: SampleEvmOptions = {}, of = root) => {
  const { attestation } = sampleEvmBlock(root, options);
  return checkEvmAttestation(attestation, { size: 5, root: of }, askEvmBlocksOf(sources));
};

describe('an attestation by an EVM chain', () => {
  it('passes when the block is in its chain, and says when, where, by whom and how surely', async () => {
    const { check: found, bound } = await check([honest]);
    expect(found).toMatchObject({
      code: 'anchor',
      status: 'passed',
      data: {
        type: 'evm',
        checkpointSize: 5,
        chainId: 31_337,
        genesis: SAMPLE_GENESIS,
        height: 7,
        hash: block.hash,
        time: '2026-03-01T09:00:00.000Z',
        network: 'a development chain (chain 31337)',
        source: 'honest',
        finality: 'final',
      },
    });
    expect(found.message).toContain('existed no later than 2026-03-01T09:00:00.000Z');
    expect(bound).toEqual({
      type: 'evm',
      time: '2026-03-01T09:00:00.000Z',
      checkpointSize: 5,
      finality: 'final',
      place: 'a development chain (chain 31337)',
      test: true,
      known: true,
      sources: 'honest',
      height: 7,
      hash: block.hash,
    });
  });

  it('is final when every source that can tell says so', async () => {
    const at = (finalized: number | null) => sampleEvmSource({ name: `${finalized}`, blocks, finalized });
    const finality = async (...sources: EvmSource[]) => {
      const { check: found, bound } = await check(sources);
      expect(found.data?.['finality']).toBe(bound?.finality);
      return { finality: bound?.finality, warned: found.message.includes('Not final yet') };
    };
    expect(await finality(at(7), at(8))).toEqual({ finality: 'final', warned: false });
    expect(await finality(at(7), at(null))).toEqual({ finality: 'final', warned: false });
    expect(await finality(at(6))).toEqual({ finality: 'confirmed', warned: true });
    expect(await finality(at(7), at(6))).toEqual({ finality: 'confirmed', warned: true });
    expect(await finality(at(null))).toEqual({ finality: 'unknown', warned: false });
    const { finalizedNumber: _, ...mute } = at(7);
    expect(await finality(mute)).toEqual({ finality: 'unknown', warned: false });
    const failing = { ...honest, finalizedNumber: () => Promise.reject(new EvmSourceError('unreachable', 'down')) };
    expect(await finality(failing)).toEqual({ finality: 'unknown', warned: false });
    // What a source says about blocks that it did not show is no matter.
    expect(await finality(at(7), sampleEvmSource({ name: 'behind', blocks: {}, finalized: 2 }))).toEqual({
      finality: 'final',
      warned: false,
    });
  });

  it('without a source is unavailable, and says what to compare by hand', async () => {
    const { check: found, bound } = await check([]);
    expect(found).toMatchObject({ status: 'unavailable', data: { reason: 'no-source', height: 7, hash: block.hash } });
    expect(found.message).toContain(
      `hash of block 7 of a development chain (chain 31337), which must be 0x${block.hash}`,
    );
    expect(bound).toBeUndefined();
  });

  it('fails without any question when it does not hold in itself', async () => {
    const asked: number[] = [];
    const curious = { ...honest, block: (number: number) => (asked.push(number), honest.block(number)) };
    const { check: found } = await check([curious], {}, new Uint8Array(32));
    expect(found).toMatchObject({ status: 'failed', data: { reason: 'other-root', type: 'evm', chainId: 31_337 } });
    expect(found.message).toContain('does not hold');
    expect(asked).toEqual([]);
  });

  it('fails when all sources show another block there', async () => {
    const { check: found } = await check([liar, { ...liar, name: 'second' }]);
    expect(found).toMatchObject({
      status: 'failed',
      data: { reason: 'other-block', got: 'ab'.repeat(32), source: 'liar, second' },
    });
  });

  it('is unavailable when sources contradict each other', async () => {
    const { check: found } = await check([honest, liar]);
    expect(found).toMatchObject({ status: 'unavailable', data: { reason: 'sources-disagree' } });
    expect(found.message).toMatch(/honest shows the attested block .*, liar another/);
  });

  it.each([
    ['down', new EvmSourceError('unreachable', 'no answer')],
    ['behind', new EvmSourceError('no-such-block', 'no block')],
    ['broken', new TypeError('oops')],
    ['odd', 'a text'],
  ])('is unavailable, never failed, when its only source is %s', async (name, error) => {
    const { check: found } = await check([broken(name, error)]);
    expect(found).toMatchObject({ status: 'unavailable', data: { reason: 'no-answer' } });
    expect(found.message).toContain(name);
    expect((await check([broken(name, error), honest])).check.status).toBe('passed');
    expect((await check([broken(name, error), liar])).check.status).toBe('failed');
  });

  it('counts no source of another chain, neither for nor against, and names it', async () => {
    const wrongId = sampleEvmSource({ name: 'wrong id', chainId: 1, blocks: { 7: 'ab'.repeat(32) } });
    const wrongGenesis = sampleEvmSource({ name: 'wrong genesis', genesis: 'cd'.repeat(32), blocks });
    const alone = await check([wrongId, wrongGenesis]);
    expect(alone.check).toMatchObject({ status: 'unavailable', data: { reason: 'other-chain' } });
    expect(alone.check.message).toContain('wrong id serves chain 1, not 31337');
    expect(alone.check.message).toContain('wrong genesis serves another chain of id 31337');
    const beside = await check([wrongId, honest, wrongGenesis]);
    expect(beside.check).toMatchObject({ status: 'passed', data: { source: 'honest' } });
    expect(beside.check.message).toContain('Not counted: wrong id serves chain 1');
    expect((await check([wrongGenesis, liar])).check.status).toBe('failed');
  });

  it('says loudly when the chain is for tests, unknown, or not what its id says', async () => {
    const of = async (chainId: number, genesis = SAMPLE_GENESIS) => {
      const made = sampleEvmBlock(root, { chainId, genesis });
      const served = sampleEvmSource({ chainId, genesis, blocks: { 7: made.hash } });
      const { check: found, bound } = await check([served], { chainId, genesis });
      expect(found.status).toBe('passed');
      return { test: bound?.test, message: found.message };
    };
    for (const id of [1337, 31_337, 11_155_111, 17_000]) {
      const { test, message } = await of(id);
      expect(test).toBe(true);
      expect(message).toContain('Attention');
      expect(message).toContain('proves nothing outside a test');
    }
    const consortium = await of(4711);
    expect(consortium.test).toBe(false);
    expect(consortium.message).toContain('what it proves depends on who runs it');
    const fake = await of(1);
    expect(fake.test).toBe(true);
    expect(fake.message).toContain('so it is not Ethereum');
    const real = await of(1, knownChain(1)!.genesis);
    expect(real).toEqual({ test: false, message: expect.not.stringContaining('Attention') as string });
  });

  it('asks each source once, however many attestations a proof has', async () => {
    const calls: string[] = [];
    const counting: EvmSource = {
      ...honest,
      chainId: () => (calls.push('chainId'), honest.chainId()),
      block: (number) => (calls.push(`block ${number}`), honest.block(number)),
      finalizedNumber: () => (calls.push('finalized'), Promise.resolve(7)),
    };
    const ask = askEvmBlocksOf([counting]);
    await Promise.all([
      ask(31_337, SAMPLE_GENESIS, 7),
      ask(31_337, null, 7),
      ask(31_337, SAMPLE_GENESIS, 7),
      ask(1, null, 7),
    ]);
    expect(calls.toSorted()).toEqual(['block 0', 'block 7', 'chainId', 'finalized']);
  });
});

describe('a proof with attestations by an EVM chain', () => {
  it('is authentic by one of them, which bounds its time when it is no test chain or nothing else is there', async () => {
    const sample = sampleProof({ checkpoints: [{ size: 5, attestations: ['evm', 'bitcoin'] }] });
    const { digests, key, now } = sample;
    const given = { proof: sample.text, digests, trustedKeys: [key], now };
    const both = await verifyProof({ ...given, blockSources: [sample.blockSource], evmSources: [sample.evmSource] });
    expect(both.verdict).toBe('authentic');
    // Both chains are for tests: the earlier time counts.
    expect(both.existedBefore).toMatchObject({ type: 'evm', height: 9001, time: '2026-03-01T08:30:00.000Z' });
    const one = await verifyProof({ ...given, evmSources: [sample.evmSource] });
    expect(one.verdict).toBe('authentic');
    expect(one.checks.filter(({ code }) => code === 'anchor').map(({ status }) => status)).toEqual([
      'passed',
      'unavailable',
    ]);
    const none = await verifyProof(given);
    expect(none.verdict).toBe('unavailable');
  });

  it('with more than 64 questions has the rest refused, untried', async () => {
    const attestations = Array.from({ length: 13 }, () => 'evm' as const);
    const sizes = [5, 6, 7, 8, 9];
    const sample = sampleProof({ checkpoints: sizes.map((size) => ({ size, attestations })) });
    const { checks } = await verifyProof({ proof: sample.text, evmSources: [sample.evmSource], now: sample.now });
    const anchors = checks.filter(({ code }) => code === 'anchor').map(({ status }) => status);
    expect(anchors).toEqual([...Array.from({ length: 64 }, () => 'passed'), 'failed']);
  });
});
