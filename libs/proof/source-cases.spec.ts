import { describe, expect, it } from 'vitest';
import { parseBlockHeader } from '#bitcoin/block-header.js';
import { SAMPLE_GENESIS } from '#evm/testing/sample-chain.js';
import { bitcoinCases } from '#source/testing/bitcoin-cases.js';
import type { SourceCase } from '#source/testing/source-case.js';
import { cannedSources } from '#source/testing/canned-source.js';
import { evmCases } from '#source/testing/evm-cases.js';
import { sampleProof, type SampleProof } from './testing/sample-proof.js';
import { verifyProof } from './verify.js';

/** The one anchor of a sample, with the sources of a case. */
async function anchorOf(sample: SampleProof, { sources }: SourceCase): Promise<object> {
  const { proof, now } = sample;
  const { findings } = await verifyProof({ proof, sources: cannedSources(sources), now });
  const anchors = findings.filter(({ check }) => check === 'anchor');
  expect(anchors).toHaveLength(1);
  return anchors[0]!;
}

/** What a case comes to, in a finding's words. */
function findingOf({ outcome, sources: canned, shownBy, silent = {}, finality, depth, standing }: SourceCase): object {
  const { bitcoin, evm } = cannedSources(canned);
  const names = [...bitcoin, ...evm].map(({ name }) => name);
  const said = Object.entries(silent).map(([place, reason]) => ({ source: names[Number(place)], reason }));
  const shared = { silent: said.map((one) => expect.objectContaining(one) as object) };
  if (outcome === 'another') return { outcome: 'failed', reason: 'other-block', ...shared };
  if (outcome !== 'shown') return { outcome: 'unavailable', reason: outcome, ...shared };
  return {
    outcome: 'passed',
    sources: shownBy?.map((place) => names[place]),
    ...(finality === undefined ? {} : { finality }),
    ...(depth === undefined ? {} : { depth }),
    ...(standing === undefined ? {} : { standing }),
    ...shared,
  };
}

const inBitcoin = sampleProof();
const [{ height, header }] = inBitcoin.blocks as [SampleProof['blocks'][number]];
const { merkleRoot, time } = parseBlockHeader(header);
// A proof names no network of Bitcoin.
const bitcoinTable = bitcoinCases({ height, merkleRoot, time }).filter(({ named }) => named !== true);

const onChain = sampleProof({ checkpoints: [{ size: 5, attestations: ['evm'] }] });
const [block] = onChain.evmBlocks as [SampleProof['evmBlocks'][number]];
const evmTable = evmCases({
  chainId: block.attestation.chainId,
  genesis: SAMPLE_GENESIS,
  height: block.number,
  hash: block.hash,
  timeMs: block.timeMs,
});

describe('an anchor in Bitcoin is decided by what its sources come to', () => {
  it.each(bitcoinTable)('$outcome, when $when', async (given) => {
    expect(await anchorOf(inBitcoin, given)).toMatchObject(findingOf(given));
  });
});

describe('an anchor on an EVM chain is decided by what its sources come to', () => {
  it.each(evmTable)('$outcome, when $when', async (given) => {
    expect(await anchorOf(onChain, given)).toMatchObject(findingOf(given));
  });
});
