import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { formatProof } from './proof.js';
import { sampleProof } from './testing/sample-proof.js';
import { findingOf, outcomesOf, verifySample } from './testing/verify-sample.js';

const sample = sampleProof();

describe('the document', () => {
  it('is a mismatch when its digest is another', async () => {
    const result = await verifySample(sample, { digests: { sha256: sha256(utf8ToBytes('another')) } });
    expect(result.verdict).toBe('mismatch');
    expect(outcomesOf(result)).toMatchObject({ document: 'failed', 'batch-inclusion': 'passed', anchor: 'passed' });
    expect(result.when).toEqual({ contradicted: false });
  });

  it('is compared by every algorithm that both sides have', async () => {
    const both = sampleProof({ algorithms: ['sha512', 'sm3'] });
    expect((await verifySample(both)).verdict).toBe('authentic');
    expect((await verifySample(both, { digests: { sm3: both.digests.sm3! } })).verdict).toBe('authentic');
    const oneWrong = { sha512: both.digests.sha512!, sm3: new Uint8Array(32) };
    expect((await verifySample(both, { digests: oneWrong })).verdict).toBe('mismatch');
  });

  it('cannot be compared by an algorithm that was not recorded', async () => {
    const result = await verifySample(sampleProof({ algorithms: ['sm3'] }), { digests: sample.digests });
    expect(result.verdict).toBe('unavailable');
    expect(findingOf(result, 'document')).toMatchObject({ outcome: 'unavailable', reason: 'other-algorithm' });
  });

  it('is compared through the salt when blinded, and cannot be without', async () => {
    const blinded = sampleProof({ blinded: true, algorithms: ['sha256', 'sm3', 'sha512', 'sha3-256'] });
    expect((await verifySample(blinded)).verdict).toBe('authentic');
    const { salt: _, ...without } = blinded.proof;
    const result = await verifySample(blinded, { proof: formatProof(without) });
    expect(result.verdict).toBe('unavailable');
    expect(findingOf(result, 'document')).toMatchObject({ outcome: 'unavailable', reason: 'no-salt' });
    const wrong = { ...blinded.proof, salt: '00'.repeat(32) };
    expect((await verifySample(blinded, { proof: formatProof(wrong) })).verdict).toBe('mismatch');
  });

  it('with a digest of the wrong length is an error of the caller', async () => {
    const refused = expect.objectContaining({ name: 'ProofError', code: 'bad-digest' });
    await expect(verifySample(sample, { digests: { sha256: new Uint8Array(31) } })).rejects.toThrow(refused);
  });
});

describe('a file that holds its own proof', () => {
  const whole = { sha256: sha256(utf8ToBytes('Licence no. 4711\nand more')) };
  const bytes = sample.document.length;

  it('has its document compared, whose length is told', async () => {
    const result = await verifySample(sample, { sealed: { bytes } });
    expect(findingOf(result, 'document')).toMatchObject({ outcome: 'passed', sealedBytes: bytes });
  });

  it('is a mismatch when more is in it, and told as such only where the part does match', async () => {
    const appended = await verifySample(sample, { digests: whole, sealed: { bytes, digests: sample.digests } });
    expect(appended.verdict).toBe('mismatch');
    expect(findingOf(appended, 'document')).toMatchObject({ reason: 'appended', sealedBytes: bytes });
    const other = await verifySample(sample, { digests: whole, sealed: { bytes, digests: whole } });
    expect(findingOf(other, 'document')).toMatchObject({ reason: 'differs' });
  });
});

describe('line endings', () => {
  it('are named as the cause where the document with others matches', async () => {
    const crlf = { sha256: sha256(utf8ToBytes('Licence no. 4711\r\n')) };
    const twins = [sample.digests];
    expect(findingOf(await verifySample(sample, { digests: crlf, twins }), 'document')).toMatchObject({
      reason: 'line-endings',
    });
    expect(findingOf(await verifySample(sample, { digests: crlf }), 'document')).toMatchObject({ reason: 'differs' });
  });
});
