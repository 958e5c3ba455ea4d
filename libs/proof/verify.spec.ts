import { utf8ToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import type { BlockSource } from '#source/block-source.js';
import { ed25519NoteSigner } from '#tlog/testing/note-signer.js';
import { formatVerifierKey } from '#tlog/verifier-key.js';
import type { Proof } from './proof.js';
import { sampleBlockSource } from './testing/sample-block.js';
import { sampleProof } from './testing/sample-proof.js';
import { findingOf, outcomesOf, verifySample } from './testing/verify-sample.js';

const sample = sampleProof();

describe('a proof that holds', () => {
  it('is authentic, with every check passed', async () => {
    const result = await verifySample(sample);
    expect(result.verdict).toBe('authentic');
    expect(outcomesOf(result)).toEqual({
      format: 'passed',
      document: 'passed',
      'record-id': 'passed',
      'batch-inclusion': 'passed',
      'batch-checkpoint': 'passed',
      'log-inclusion': 'passed',
      'log-checkpoint': 'passed',
      'log-key': 'passed',
      anchor: 'passed',
      beacon: 'not-applicable',
      times: 'passed',
      validity: 'not-applicable',
    });
    expect(result.record).toMatchObject({ id: sample.proof.id, agency: 'licences.example', batch: 2 });
    expect(result).toMatchObject({
      who: 'log',
      still: { state: 'unknown' },
      when: {
        notAfter: {
          time: '2026-03-01T09:00:00.000Z',
          kind: 'bitcoin',
          standing: 'test',
          by: { height: 120, network: 'regtest' },
        },
        contradicted: false,
      },
    });
  });

  it('is authentic in every shape of batch and log', async () => {
    for (const batchSize of [1, 2, 3, 7, 33]) {
      for (const index of new Set([0, batchSize >> 1, batchSize - 1])) {
        for (const size of [1, 2, 3, 7, 20]) {
          for (const batchNumber of new Set([0, size - 1])) {
            const checkpoints = [{ size, attestations: ['bitcoin' as const] }];
            const result = await verifySample(sampleProof({ batchSize, index, batchNumber, checkpoints }));
            expect(result.verdict, `${index} of ${batchSize}, ${batchNumber} of ${size}`).toBe('authentic');
          }
        }
      }
    }
  });

  it('is read from text, from bytes and from a value, with any white space and order of members', async () => {
    const value = JSON.parse(sample.text) as Proof;
    const reordered = {
      log: value.log,
      batch: value.batch,
      statement: value.statement,
      id: value.id,
      format: value.format,
    };
    for (const proof of [utf8ToBytes(sample.text), value, JSON.stringify(reordered, null, 2)]) {
      expect((await verifySample(sample, { proof })).verdict).toBe('authentic');
    }
  });

  it('tells the block with its chain, and decides nothing by a source that cannot name its chain', async () => {
    expect(findingOf(await verifySample(sample), 'anchor')).toMatchObject({
      outcome: 'passed',
      subject: { kind: 'checkpoint', size: 5 },
      network: 'regtest',
      standing: 'test',
      height: 120,
      sources: ['sample blocks'],
    });
    const unnamed = { name: 'bare', header: (height: number) => sample.blockSource.header(height) };
    expect(findingOf(await verifySample(sample, { blockSources: [unnamed] }), 'anchor')).toMatchObject({
      outcome: 'unavailable',
      reason: 'not-asked',
      silent: [{ source: 'bare', reason: 'unknown-chain' }],
    });
  });

  it('counts no chain for tests when told so', async () => {
    const result = await verifySample(sample, { publicOnly: true });
    expect(result.verdict).toBe('unavailable');
    expect(result.when.notAfter).toBeUndefined();
    expect(findingOf(result, 'anchor')).toMatchObject({ outcome: 'unavailable', reason: 'test-chain' });
  });

  it('says how deep the block lies', async () => {
    const deep: BlockSource = { ...sample.blockSource, tip: () => Promise.resolve(124) };
    const result = await verifySample(sample, { blockSources: [deep] });
    expect(findingOf(result, 'anchor')).toMatchObject({ finality: 'confirmed', depth: 5 });
    expect(result.when.notAfter?.finality).toBe('confirmed');
  });

  it('is not believed to be on the main chain with regtest work', async () => {
    const result = await verifySample(sample, { blockSources: [sampleBlockSource(sample.blocks, 'liar', 'mainnet')] });
    expect(result.verdict).toBe('unavailable');
    expect(findingOf(result, 'anchor')).toMatchObject({ silent: [{ source: 'liar', reason: 'bad-answer' }] });
  });

  it('needs no document: then the verdict is about whatever document has the digest', async () => {
    const result = await verifySample(sample, { digests: undefined });
    expect(result.verdict).toBe('authentic');
    expect(outcomesOf(result)['document']).toBe('not-applicable');
  });

  it('needs no trusted key: then it says that nobody checked the signer', async () => {
    const result = await verifySample(sample, { trustedKeys: [] });
    expect(result).toMatchObject({ verdict: 'authentic', who: 'unchecked' });
    expect(findingOf(result, 'log-key')).toMatchObject({ outcome: 'not-applicable', key: sample.key });
    const unreachable = await verifySample(sample, { trustedKeys: 'unreachable' });
    expect(unreachable).toMatchObject({ verdict: 'authentic', who: 'unchecked' });
    expect(findingOf(unreachable, 'log-key')).toMatchObject({ outcome: 'unavailable' });
  });
});

describe('the log key', () => {
  const other = formatVerifierKey('log.example/sealroot', ed25519NoteSigner('x', new Uint8Array(32).fill(9)).publicKey);

  it('is a mismatch when none of the trusted ones', async () => {
    const result = await verifySample(sample, { trustedKeys: [other] });
    expect(result.verdict).toBe('mismatch');
    expect(outcomesOf(result)).toMatchObject({ 'log-key': 'failed', anchor: 'passed' });
    expect((await verifySample(sample, { trustedKeys: [other, sample.key] })).verdict).toBe('authentic');
  });

  it('is not trusted under another name', async () => {
    const renamed = sampleProof({ origin: 'other.example/log' });
    expect((await verifySample(renamed, { trustedKeys: [sample.key] })).verdict).toBe('mismatch');
  });

  it('that cannot be read is an error of the caller', async () => {
    const refused = expect.objectContaining({ name: 'ProofError', code: 'bad-key' });
    await expect(verifySample(sample, { trustedKeys: ['nonsense'] })).rejects.toThrow(refused);
  });
});

describe('contradicting times', () => {
  it('are named, each pair with what was allowed for, and change no verdict', async () => {
    const late = sampleProof({ statement: { receivedAt: '2099-01-01T00:00:00.000Z' } });
    const result = await verifySample(late);
    expect(result).toMatchObject({ verdict: 'authentic', when: { contradicted: true } });
    const times = findingOf(result, 'times');
    expect(
      times?.outcome === 'failed' && times.contradictions.map(({ earlier, later }) => `${earlier.role} ${later.role}`),
    ).toEqual(['received sealed', 'received anchor', 'received now']);
  });
});

describe('members that this version does not check', () => {
  it('are named as carried', async () => {
    const carrying = sampleProof({ statement: { provenance: { sha256: '11'.repeat(32) } } });
    expect(findingOf(await verifySample(carrying), 'carried')).toEqual({
      check: 'carried',
      outcome: 'not-applicable',
      members: ['provenance'],
    });
  });
});
