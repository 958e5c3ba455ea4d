import { base64 } from '@scure/base';
import { describe, expect, it } from 'vitest';
import type { BlockSource } from '#source/block-source.js';
import { SourceError } from '#source/error.js';
import { serializeTimestamp } from '#ots/codec.js';
import { pathFrom } from '#ots/timestamp-path.js';
import { parseCheckpoint } from '#tlog/checkpoint.js';
import { parseNote } from '#tlog/note.js';
import { formatProof } from './proof.js';
import { sampleBlock, sampleBlockSource } from './testing/sample-block.js';
import { sampleProof } from './testing/sample-proof.js';
import { timestampAttestation } from './testing/timestamp-attestation.js';
import { findingOf, verifySample } from './testing/verify-sample.js';
import type { Verification } from './verification.js';

const sample = sampleProof();
const broken = (name: string, code: SourceError['code']): BlockSource => ({
  name,
  header: () => Promise.reject(new SourceError(code, `${name}: did not work`)),
});

describe('anchors', () => {
  const attested = (...attestations: ('pending' | 'bitcoin')[]) =>
    sampleProof({ checkpoints: [{ size: 5, attestations }] });
  const wrongBlock = (height: number) => sampleBlock(height, new Uint8Array(32).fill(7), 1_772_355_600);
  const anchors = ({ findings }: Verification) =>
    findings.filter(({ check }) => check === 'anchor').map(({ outcome }) => outcome);

  it('are pending when none is there, or only a promise', async () => {
    expect(await verifySample(attested())).toMatchObject({ verdict: 'pending' });
    const promised = await verifySample(attested('pending', 'pending'));
    expect(promised.verdict).toBe('pending');
    expect(anchors(promised)).toEqual(['pending', 'pending']);
    expect(findingOf(promised, 'anchor')).toMatchObject({ reason: 'promised', calendar: 'https://calendar.example' });
  });

  it('are unavailable without a source, with what to compare by hand', async () => {
    const result = await verifySample(sample, { blockSources: [] });
    expect(result.verdict).toBe('unavailable');
    const root = Buffer.from(sample.blocks[0]!.header.slice(36, 68)).reverse().toString('hex');
    expect(findingOf(result, 'anchor')).toMatchObject({
      height: 120,
      merkleRoot: root,
      reason: 'not-asked',
      silent: [],
    });
  });

  it('are unavailable, never failed, when every source is down, behind, or talks nonsense', async () => {
    const nonsense: BlockSource = {
      ...sample.blockSource,
      name: 'nonsense',
      header: () => Promise.resolve(new Uint8Array(81)),
    };
    const thrower: BlockSource = {
      ...sample.blockSource,
      name: 'thrower',
      header: () => {
        throw new Error('broken');
      },
    };
    const down = [broken('down', 'unreachable'), broken('behind', 'no-such-block'), broken('odd', 'bad-answer')];
    for (const source of [...down, nonsense, thrower]) {
      const result = await verifySample(sample, { blockSources: [source] });
      expect(result.verdict, source.name).toBe('unavailable');
      expect(findingOf(result, 'anchor')).toMatchObject({ silent: [{ source: source.name }] });
      const beside = await verifySample(sample, { blockSources: [source, sample.blockSource] });
      expect(beside.verdict).toBe('authentic');
      expect(findingOf(beside, 'anchor')).toMatchObject({ silent: [{ source: source.name }] });
    }
  });

  it('fail when the block has another Merkle root', async () => {
    const result = await verifySample(sample, { blockSources: [sampleBlockSource([wrongBlock(120)])] });
    expect(result.verdict).toBe('mismatch');
    expect(findingOf(result, 'anchor')).toMatchObject({
      outcome: 'failed',
      reason: 'other-block',
      got: { height: 120 },
    });
  });

  it('are unavailable when two sources contradict each other, whichever comes first', async () => {
    const liar = sampleBlockSource([wrongBlock(120)], 'liar');
    const root = sample.blocks[0]!.header.slice(36, 68);
    const earlier = sampleBlockSource([sampleBlock(120, root, 1_700_000_000)], 'earlier');
    for (const pair of [liar, earlier].flatMap((one) => [
      [one, sample.blockSource],
      [sample.blockSource, one],
    ])) {
      const result = await verifySample(sample, { blockSources: pair });
      expect(result.verdict).toBe('unavailable');
      expect(findingOf(result, 'anchor')).toMatchObject({ reason: 'contradicted' });
      expect(result.when.notAfter).toBeUndefined();
    }
  });

  it('are all tried: a bad one never hides a good one', async () => {
    const two = attested('bitcoin', 'bitcoin', 'pending');
    const [first, second] = two.blocks;
    const oneBad = await verifySample(two, { blockSources: [sampleBlockSource([wrongBlock(120), second!])] });
    expect(oneBad.verdict).toBe('authentic');
    expect(anchors(oneBad)).toEqual(['failed', 'passed', 'pending']);
    expect(oneBad.when.notAfter?.by).toMatchObject({ height: 121 });
    const oneMissing = await verifySample(two, { blockSources: [sampleBlockSource([first!])] });
    expect(oneMissing.verdict).toBe('authentic');
    expect(anchors(oneMissing)).toEqual(['passed', 'unavailable', 'pending']);
    const badAndMissing = await verifySample(two, { blockSources: [sampleBlockSource([wrongBlock(120)])] });
    expect(badAndMissing.verdict).toBe('unavailable');
    const allBad = await verifySample(two, { blockSources: [sampleBlockSource([wrongBlock(120), wrongBlock(121)])] });
    expect(allBad.verdict).toBe('mismatch');
  });

  it('of a later checkpoint count like those of the first', async () => {
    const later = sampleProof({
      checkpoints: [
        { size: 3, attestations: [] },
        { size: 9, attestations: ['bitcoin'] },
      ],
    });
    const result = await verifySample(later);
    expect(result.verdict).toBe('authentic');
    expect(result.when.notAfter?.subject).toEqual({ kind: 'checkpoint', size: 9 });
    expect(result.findings.filter(({ check }) => check === 'log-inclusion')).toHaveLength(2);
  });

  it('ask each source once for a block, however many attestations name it', async () => {
    const twice = sampleProof();
    const [checkpoint] = twice.proof.log.checkpoints;
    checkpoint!.attestations.push(...checkpoint!.attestations);
    let asked = 0;
    const counting: BlockSource = {
      ...twice.blockSource,
      name: 'counting',
      header: (height) => {
        asked++;
        return twice.blockSource.header(height);
      },
    };
    const result = await verifySample(twice, { proof: formatProof(twice.proof), blockSources: [counting] });
    expect([result.verdict, asked]).toEqual(['authentic', 1]);
  });
});

describe('a proof with thousands of Bitcoin attestations', () => {
  it('has 64 of them tried, and one finding for the rest', async () => {
    const { proof } = sampleProof();
    const [checkpoint] = proof.log.checkpoints;
    const { root } = parseCheckpoint(parseNote(checkpoint!.note).text);
    const many = Array.from({ length: 4000 }, (_, i) => ({ type: 'bitcoin' as const, height: i + 1 }));
    timestampAttestation(checkpoint!.attestations).timestamp = base64.encode(
      serializeTimestamp(pathFrom(root).sha256().end(many)),
    );
    const heights: number[] = [];
    const asked: BlockSource = {
      ...sample.blockSource,
      name: 'asked',
      header: (height) => {
        heights.push(height);
        return Promise.reject(new SourceError('unreachable', 'down'));
      },
    };
    const result = await verifySample(sample, { proof: formatProof(proof), blockSources: [asked] });
    expect(heights).toHaveLength(64);
    const anchors = result.findings.filter(({ check }) => check === 'anchor');
    expect(anchors).toHaveLength(65);
    expect(anchors.at(-1)).toMatchObject({ outcome: 'unavailable', reason: 'too-many', count: 3936 });
    expect(result.verdict).toBe('unavailable');
  });
});
