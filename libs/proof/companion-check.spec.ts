import { utf8ToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { otsFile } from './ots-file.js';
import { formatProof } from './proof.js';
import { sampleProof } from './testing/sample-proof.js';
import { findingOf, type Given, verifySample } from './testing/verify-sample.js';

const sample = sampleProof();

describe('files that came with a proof', () => {
  const other = sampleProof({ document: utf8ToBytes('another document') });
  const beside = async (bytes: Uint8Array, given: Given = {}) =>
    verifySample(sample, { companions: [{ file: 'doc.ots', bytes }], ...given });

  it('join the anchors when they are about the same document', async () => {
    const result = await beside(otsFile(sample.proof));
    expect(findingOf(result, 'companion')).toEqual({ check: 'companion', file: 'doc.ots', outcome: 'passed' });
    const anchors = result.findings.filter(({ check }) => check === 'anchor');
    expect(anchors).toHaveLength(2);
    expect(anchors[1]).toMatchObject({ outcome: 'passed', subject: { kind: 'document', file: 'doc.ots' } });
  });

  it('are a mismatch when they are about another document', async () => {
    for (const given of [{}, { digests: {} }]) {
      const result = await beside(otsFile(other.proof), given);
      expect(result.verdict).toBe('mismatch');
      expect(findingOf(result, 'companion')).toMatchObject({ outcome: 'failed', reason: 'other-document' });
    }
  });

  it('are told as what they are when they cannot be read, and take nothing from the proof', async () => {
    const file = otsFile(sample.proof);
    const cases: [Uint8Array, string][] = [
      [file.slice(0, -3), 'cut-short'],
      [file.with(65, 0xee), 'damaged'],
      [utf8ToBytes('<!DOCTYPE html><html>Sign in</html>'), 'html'],
      [new Uint8Array(), 'empty'],
    ];
    for (const [bytes, kind] of cases) {
      const result = await beside(bytes);
      expect(result.verdict, kind).toBe('authentic');
      expect(findingOf(result, 'companion')).toMatchObject({ outcome: 'unavailable', reason: 'unreadable', kind });
    }
  });

  it('are a mismatch when they are a proof about another document, whether it is blinded or not', async () => {
    for (const blinded of [false, true]) {
      const { text, proof } = sampleProof({ document: utf8ToBytes('another document'), blinded });
      const result = await beside(utf8ToBytes(text));
      expect(result.verdict).toBe('mismatch');
      expect(findingOf(result, 'companion')).toMatchObject({
        outcome: 'failed',
        reason: 'other-document',
        blinded,
        recorded: proof.statement.digests.sha256,
      });
    }
    const alone = await beside(utf8ToBytes(other.text), { digests: {} });
    expect(findingOf(alone, 'companion')).toMatchObject({ outcome: 'failed', reason: 'other-document' });
  });

  it('are a proof of its own when their record is about the same document, and take nothing from the proof', async () => {
    for (const further of [sampleProof({ blinded: true }), sampleProof({ batchNumber: 1 })]) {
      const result = await beside(utf8ToBytes(further.text));
      expect(result.verdict).toBe('authentic');
      expect(findingOf(result, 'companion')).toEqual({
        check: 'companion',
        file: 'doc.ots',
        outcome: 'unavailable',
        reason: 'another-proof',
        id: further.proof.id,
      });
    }
  });

  it('cannot be compared when they are a blinded proof that nothing opens', async () => {
    const { salt: _, ...closed } = sampleProof({ document: utf8ToBytes('another document'), blinded: true }).proof;
    const result = await beside(utf8ToBytes(formatProof(closed)));
    expect(result.verdict).toBe('authentic');
    expect(findingOf(result, 'companion')).toMatchObject({ outcome: 'unavailable', reason: 'not-comparable' });
  });
});
