import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseProof } from '#proof/proof.js';
import { sampleProof, type SampleProof } from '#proof/testing/sample-proof.js';
import { en } from '#words/en/index.js';
import type { CliError } from '../cli-error.js';
import { ServiceClient } from '../service-client.js';
import { fakeContext } from '../testing/fake-context.js';
import { type Awaited, awaitProofs } from './wait.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealroot-wait-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const pending = sampleProof({ checkpoints: [{ size: 5, attestations: ['pending'] }] });
const anchored = sampleProof({ checkpoints: [{ size: 5, attestations: ['pending', 'bitcoin'] }] });
const notReady = () =>
  new Response(JSON.stringify({ code: 'proof-not-ready' }), {
    status: 404,
    headers: { 'content-type': 'application/problem+json', 'retry-after': '1' },
  });
const proofOf = ({ text }: SampleProof) => new Response(text, { status: 200 });

/** Waits for the sample's proof from a service that gives these answers in turn. */
async function wait(
  answers: (() => Response)[],
  options: { anchored: boolean; timeoutMs?: number; sample?: SampleProof },
) {
  const context = fakeContext(() => Promise.resolve((answers.length > 1 ? answers.shift()! : answers[0]!)()));
  const { proof, digests, document } = options.sample ?? pending;
  expect(document).toBeDefined();
  const item = {
    document: { file: { path: join(folder, 'doc'), label: 'doc' }, digests, salt: undefined },
    record: { id: proof.id },
  } as unknown as Awaited;
  const failures: CliError[] = [];
  const client = new ServiceClient({ url: 'http://service.example', fetch: context.fetch, sleep: context.sleep });
  await awaitProofs(context, client, [item], {
    anchored: options.anchored,
    timeoutMs: options.timeoutMs ?? 3_600_000,
    jobs: 2,
    outputFolder: undefined,
    trustedKeys: [],
    language: en,
    onProof: () => undefined,
    onFailure: (_, error) => failures.push(error),
  });
  return { context, failures, written: () => readFile(join(folder, 'doc.sealroot.json'), 'utf8') };
}

describe('waiting for proofs', () => {
  it('asks again as the service says until the batch is sealed', async () => {
    const { context, failures, written } = await wait([notReady, notReady, () => proofOf(pending)], {
      anchored: false,
    });
    expect(failures).toEqual([]);
    expect(context.sleeps).toEqual([1000, 1000]);
    expect(await written()).toBe(pending.text);
  });

  it('writes the sealed proof, then the grown one once a block attests it', async () => {
    const { context, failures, written } = await wait(
      [
        () => proofOf(pending),
        () => proofOf(pending),
        () => new Response(null, { status: 503 }),
        () => proofOf(anchored),
      ],
      { anchored: true },
    );
    expect(failures).toEqual([]);
    expect(context.sleeps[0]).toBe(5000);
    expect(parseProof(await written()).log.checkpoints[0]!.attestations).toHaveLength(2);
  });

  it('keeps the proof it has when no block attests it in time', async () => {
    const { failures, written } = await wait([() => proofOf(pending)], { anchored: true, timeoutMs: 60_000 });
    expect(failures.map(({ code }) => code)).toEqual(['not-ready']);
    expect(await written()).toBe(pending.text);
  });

  it('gives up on a batch that is not sealed in time', async () => {
    const { failures } = await wait([notReady], { anchored: false, timeoutMs: 10_000 });
    expect(failures.map(({ code }) => code)).toEqual(['not-ready']);
  });

  it('keeps no proof of another record, and none of another document', async () => {
    const other = sampleProof({ document: new TextEncoder().encode('another') });
    const wrongId = await wait([() => proofOf(other)], { anchored: false });
    expect(wrongId.failures.map(({ code }) => code)).toEqual(['protocol']);
    const changed = { ...pending, digests: other.digests };
    const wrongDocument = await wait([() => proofOf(pending)], { anchored: false, sample: changed });
    expect(wrongDocument.failures.map(({ code }) => code)).toEqual(['protocol']);
    await expect(wrongDocument.written()).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
