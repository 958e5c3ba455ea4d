import { hexToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { displayHash } from '#bitcoin/block-hash.js';
import { parseBlockHeader } from '#bitcoin/block-header.js';
import type { EvmSource } from '#source/evm-source.js';
import { knownChain } from '#evm/chain.js';
import { sampleBlock, sampleBlockSource } from './testing/sample-block.js';
import { sampleProof } from './testing/sample-proof.js';
import { findingOf, verifySample } from './testing/verify-sample.js';

describe('a batch that names a block', () => {
  const hash = 'ab'.repeat(32);
  const genesis = knownChain(100)!.genesis!;
  const evm = (name: string, shown = hash, timeMs = 1_772_351_000_000, block0 = genesis): EvmSource => ({
    name,
    chainId: () => Promise.resolve(100),
    block: (number) => Promise.resolve({ hash: hexToBytes(number === 77 ? shown : block0), timeMs }),
  });
  const told = async (...evmSources: EvmSource[]) => {
    const result = await verifySample(sampleProof({ beacon: `evm-100 77 ${hash}` }), { evmSources });
    expect(result.verdict).toBe('authentic');
    return { ...findingOf(result, 'beacon'), after: result.when.notBefore?.time };
  };

  it('was closed after it, when sources of that chain show it', async () => {
    expect(await told(evm('rpc'))).toMatchObject({
      outcome: 'passed',
      after: '2026-03-01T07:43:20.000Z',
      chain: 'evm-100',
      height: 77,
      hash,
      sources: ['rpc'],
      standing: 'public',
    });
  });

  it('has no earliest time otherwise', async () => {
    const [other, none] = ['cd'.repeat(32), undefined];
    expect(await told(evm('rpc', other))).toMatchObject({ outcome: 'failed', reason: 'other-block', after: none });
    const contradicted = { outcome: 'unavailable', reason: 'contradicted', after: none };
    expect(await told(evm('rpc'), evm('liar', other))).toMatchObject(contradicted);
    expect(await told(evm('rpc'), evm('early', hash, 1_772_350_000_000))).toMatchObject(contradicted);
    const impostor = evm('impostor', hash, 1_772_351_000_000, other);
    const silent = [{ source: 'impostor', reason: 'other-chain' }];
    expect(await told(impostor)).toMatchObject({ outcome: 'unavailable', reason: 'not-asked', silent, after: none });
    expect(await told()).toMatchObject({ outcome: 'unavailable', reason: 'not-asked', silent: [], after: none });
  });

  it('of a test chain is told as such, and counts for nothing when only public chains do', async () => {
    const seen = sampleBlock(118, new Uint8Array(32).fill(1), 1_772_355_000);
    const name = displayHash(parseBlockHeader(seen.header).hash);
    const named = sampleProof({ beacon: `bitcoin-regtest 118 ${name}` });
    const blockSources = [sampleBlockSource([...named.blocks, seen])];
    expect((await verifySample(named, { blockSources })).when.notBefore).toMatchObject({ standing: 'test' });
    const uncounted = await verifySample(named, { blockSources, publicOnly: true });
    expect(findingOf(uncounted, 'beacon')).toMatchObject({ outcome: 'unavailable', reason: 'test-chain' });
    expect(uncounted).toMatchObject({ verdict: 'unavailable', when: { contradicted: false } });
  });
});
