import { link, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { otsFile } from '#proof/ots-file.js';
import { formatProof, parseProof } from '#proof/proof.js';
import { type SampleAttestation, sampleProof } from '#proof/testing/sample-proof.js';
import { batchInLog, recordInBatch } from '#proof/tlog-proofs.js';
import { commandLineWords } from '#words/command-line.js';
import { en } from '#words/en/index.js';
import { LANGUAGES } from '#words/languages.js';
import { type Evidence, keepEvidence, proofEvidence, timestampEvidence, tlogProofEvidence } from './evidence-file.js';

let folder: string;
let path: string;
const now = new Date('2026-04-01T00:00:00Z');

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealroot-evidence-'));
  path = join(folder, 'evidence');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const proofWith = (...attestations: SampleAttestation[]) =>
  sampleProof({ checkpoints: [{ size: 5, attestations }] }).proof;
const keep = (evidence: Evidence, ...inputs: string[]) => keepEvidence(path, evidence, { inputs, language: en });
const attestations = async () =>
  parseProof(await readFile(path, 'utf8')).log.checkpoints.flatMap((each) => each.attestations);

describe('a proof that is kept', () => {
  it('never takes the place of a stronger one of the same record', async () => {
    expect(await keep(proofEvidence(proofWith('bitcoin', 'evm'), now))).toBe('written');
    expect(await keep(proofEvidence(proofWith(), now))).toBe('unchanged');
    expect(await attestations()).toHaveLength(2);
  });

  it('grows by what a later one has, and keeps what it had', async () => {
    await keep(proofEvidence(proofWith('evm'), now));
    expect(await keep(proofEvidence(proofWith('bitcoin'), now))).toBe('grown');
    expect((await attestations()).map(({ type }) => type)).toEqual(['evm', 'opentimestamps']);
    expect(await readdir(folder)).toEqual(['evidence']);
  });

  it.each([
    ['a PDF', '%PDF-1.7 …', 'The file is a PDF'],
    ['a web page', '<!doctype html><p>sign in', 'The file is a web page'],
    ['some JSON', '{"a":1}', 'The file is JSON, but not a proof'],
    ['nothing', '', 'The file is empty'],
    [
      'another proof',
      sampleProof({ document: new TextEncoder().encode('another') }).text,
      'It is the proof of record ',
    ],
  ])('never takes the place of %s, and says what it is', async (_, content, sentence) => {
    await writeFile(path, content);
    await expect(keep(proofEvidence(proofWith('evm'), now))).rejects.toMatchObject({
      code: 'cannot-create',
      message: expect.stringContaining(
        `nothing was written, since something else has that name. ${sentence}`,
      ) as string,
    });
    expect(await readFile(path, 'utf8')).toBe(content);
  });

  it('is not mixed with one of the same record that does not hold', async () => {
    const proof = proofWith('evm');
    const broken = formatProof({ ...proof, batch: { ...proof.batch, path: proof.batch.path.toReversed() } });
    await writeFile(path, broken);
    await expect(keep(proofEvidence(proof, now))).rejects.toThrow('does not hold');
    expect(await readFile(path, 'utf8')).toBe(broken);
  });

  it('never takes the place of an input, under whatever name', async () => {
    const document = join(folder, 'document');
    const proof = proofWith('bitcoin');
    await writeFile(document, 'text');
    await symlink(document, path);
    await expect(keep(proofEvidence(proof, now), document)).rejects.toThrow(/It is .*document, which was read/);
    await rm(path);
    await link(document, path);
    await expect(keep(proofEvidence(proof, now), document)).rejects.toThrow('which was read to make');
    expect(await readFile(document, 'utf8')).toBe('text');
  });

  it('is written where a link leads, and leaves the link', async () => {
    const real = join(folder, 'real');
    await writeFile(real, formatProof(proofWith('evm')));
    await symlink(real, path);
    expect(await keep(proofEvidence(proofWith('bitcoin'), now))).toBe('grown');
    expect(await readFile(real, 'utf8')).toBe(await readFile(path, 'utf8'));
    expect(await attestations()).toHaveLength(2);
  });

  it('is not written over a folder', async () => {
    path = folder;
    await expect(keep(proofEvidence(proofWith('evm'), now))).rejects.toMatchObject({ code: 'cannot-create' });
  });
});

describe('an OpenTimestamps file that is kept', () => {
  it('holds what both say, and takes no other file’s place', async () => {
    const [promise, block] = [proofWith('pending'), proofWith('bitcoin')].map((proof) => otsFile(proof));
    await keep(timestampEvidence(block!));
    expect(await keep(timestampEvidence(promise!))).toBe('grown');
    expect(await keep(timestampEvidence(block!))).toBe('unchanged');
    expect(await keep(timestampEvidence(promise!))).toBe('unchanged');
    const other = otsFile(sampleProof({ document: new TextEncoder().encode('another') }).proof);
    await expect(keep(timestampEvidence(other))).rejects.toThrow('It is an OpenTimestamps file of another document');
    await writeFile(path, formatProof(block === undefined ? proofWith() : proofWith('bitcoin')));
    await expect(keep(timestampEvidence(promise!))).rejects.toThrow('the proof of record');
  });
});

it.each(LANGUAGES)('says in $tag why a file stays as it is', async (language) => {
  await writeFile(path, '<!doctype html><p>sign in');
  const evidence = proofEvidence(proofWith('evm'), now);
  const { taken } = commandLineWords(language).evidence;
  await expect(keepEvidence(path, evidence, { inputs: [], language })).rejects.toThrow(
    taken(path, language.unreadable.html.what),
  );
});

describe('a log proof that is kept', () => {
  it('gives way to one of a larger log, never to one of a smaller', async () => {
    const at = (size: number) => sampleProof({ checkpoints: [{ size, attestations: ['evm'] }] }).proof;
    await keep(tlogProofEvidence(batchInLog(at(5))));
    expect(await keep(tlogProofEvidence(batchInLog(at(9))))).toBe('grown');
    await expect(keep(tlogProofEvidence(batchInLog(at(5))))).rejects.toThrow('of the same entry, and shows more');
    await expect(keep(tlogProofEvidence(recordInBatch(at(9))))).rejects.toThrow('a signed checkpoint of a log');
  });
});
