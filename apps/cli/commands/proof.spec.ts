import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleProof } from '#proof/testing/sample-proof.js';
import { run } from '../run.js';
import { fakeContext } from '../testing/fake-context.js';

const made = sampleProof();
const id = made.proof.id;
/** An id that is older, respectively newer, than the record's. */
const before = id.replace(/^./, '0').replace(/.{4}$/, '0000');
const after = id.replace(/^./, 'f');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealroot-proof-'));
  await writeFile(join(folder, 'doc'), made.document);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Gets the document's proof from a service whose lookups answer these pages, by their query. */
async function getProof(pages: Record<string, { records: { id: string }[]; next?: string }>) {
  const context = fakeContext((input) => {
    const { pathname, search } = new URL(input as string);
    const isLookup = pathname.startsWith('/v1/lookup/sha256/');
    return Promise.resolve(isLookup ? Response.json(pages[search]) : new Response(made.text));
  });
  const exitCode = await run(['proof', join(folder, 'doc'), '--out', '-'], context);
  return Object.assign(context, { exitCode });
}

describe('the record of a document', () => {
  it('is found on whichever page of the lookup it is', async () => {
    const { exitCode, stderr, stdout } = await getProof({
      '': { records: [], next: before },
      [`?after=${before}`]: { records: [{ id }] },
    });
    expect({ exitCode, stderr, stdout }).toEqual({ exitCode: 0, stderr: '', stdout: made.text });
  });

  it('is the oldest, and how many others there are is told as far as it is known', async () => {
    const { exitCode, stderr } = await getProof({ '': { records: [{ id }, { id: after }], next: after } });
    expect(exitCode).toBe(0);
    expect(stderr).toContain(`More than 2 records have this digest; taking the oldest, ${id}. Others: ${after}`);
  });

  it('is not looked for in circles', async () => {
    const circle = { records: [], next: before };
    const { exitCode, stderr } = await getProof({ '': circle, [`?after=${before}`]: circle });
    expect(exitCode).toBe(76);
    expect(stderr).toContain('expected a list of records');
  });
});
