import { describe, expect, it } from 'vitest';
import type { EvmSource } from '#source/evm-source.js';
import { SAMPLE_GENESIS, sampleEvmBlock, sampleEvmSource, type SampleEvmOptions } from '#evm/testing/sample-chain.js';
import { ask } from '#source/ask.js';
import { sampleProof } from '../../testing/sample-proof.js';
import { verifyProof } from '../../verify.js';
import { checkEvmAttestation } from './check.js';

const root = new Uint8Array(32).fill(3);
const block = sampleEvmBlock(root);
const honest = sampleEvmSource({ name: 'honest', blocks: { [block.number]: block.hash }, finalized: 7 });
const liar = sampleEvmSource({ name: 'liar', blocks: { 7: 'ab'.repeat(32) } });

const check = (evm: readonly EvmSource[], options: SampleEvmOptions = {}, of = root) => {
  const { attestation } = sampleEvmBlock(root, options);
  const checkpoint = { size: 5, root: of, text: '' };
  return checkEvmAttestation(attestation, checkpoint, (question) => ask({ bitcoin: [], evm }, question));
};

describe('an attestation by an EVM chain', () => {
  it('passes when the block is in its chain, and says when, where, by whom and how surely', async () => {
    expect(await check([honest])).toEqual({
      check: 'anchor',
      subject: { kind: 'checkpoint', size: 5 },
      kind: 'evm',
      outcome: 'passed',
      chainId: 31_337,
      genesis: SAMPLE_GENESIS,
      transaction: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      height: 7,
      hash: block.hash,
      time: '2026-03-01T09:00:00.000Z',
      standing: 'test',
      finality: 'final',
      depth: null,
      sources: ['honest'],
      silent: [],
    });
  });

  it('fails without any question when it does not hold in itself', async () => {
    const asked: number[] = [];
    const curious = { ...honest, block: (number: number) => (asked.push(number), honest.block(number)) };
    const found = await check([curious], {}, new Uint8Array(32));
    expect(found).toMatchObject({ outcome: 'failed', reason: 'bad-attestation', code: 'other-root', chainId: 31_337 });
    expect(asked).toEqual([]);
  });

  it('fails when all sources show another block there, and is undecided when they contradict each other', async () => {
    expect(await check([liar, { ...liar, name: 'second' }])).toMatchObject({
      outcome: 'failed',
      reason: 'other-block',
      height: 7,
      hash: block.hash,
      got: { hash: 'ab'.repeat(32), sources: ['liar', 'second'] },
    });
    expect(await check([honest, liar])).toMatchObject({ outcome: 'unavailable', reason: 'contradicted' });
    expect(await check([])).toMatchObject({ outcome: 'unavailable', reason: 'not-asked', hash: block.hash });
  });
});

describe('a proof with attestations by an EVM chain', () => {
  it('is authentic by one of them, which bounds its time when it is no test chain or nothing else is there', async () => {
    const sample = sampleProof({ checkpoints: [{ size: 5, attestations: ['evm', 'bitcoin'] }] });
    const { digests, key, now } = sample;
    const given = { proof: sample.text, digests, trustedKeys: [key], now };
    const both = await verifyProof({ ...given, sources: { bitcoin: [sample.blockSource], evm: [sample.evmSource] } });
    expect(both.verdict).toBe('authentic');
    // Both chains are for tests: the earlier time counts.
    expect(both.when.notAfter).toMatchObject({ kind: 'evm', time: '2026-03-01T08:30:00.000Z', by: { height: 9001 } });
    const one = await verifyProof({ ...given, sources: { bitcoin: [], evm: [sample.evmSource] } });
    expect(one.verdict).toBe('authentic');
    const outcomes = one.findings.flatMap((finding) => (finding.check === 'anchor' ? [finding.outcome] : []));
    expect(outcomes).toEqual(['passed', 'unavailable']);
    expect((await verifyProof(given)).verdict).toBe('unavailable');
  });

  it('with more than 64 questions has the rest untried', async () => {
    const attestations = Array.from({ length: 13 }, () => 'evm' as const);
    const sizes = [5, 6, 7, 8, 9];
    const sample = sampleProof({ checkpoints: sizes.map((size) => ({ size, attestations })) });
    const sources = { bitcoin: [], evm: [sample.evmSource] };
    const { findings } = await verifyProof({ proof: sample.text, sources, now: sample.now });
    const outcomes = findings.flatMap((finding) => (finding.check === 'anchor' ? [finding.outcome] : []));
    expect(outcomes).toEqual([...Array.from({ length: 64 }, () => 'passed'), 'unavailable']);
  });
});
