import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleProof } from '#proof/testing/sample-proof.js';
import { embed } from '#embed/embed.js';
import { SMALL_PDF } from '#embed/testing/embed-cases.js';
import { type Held, lookupAnswer } from '#sdk/testing/lookup-answers.js';
import { run } from '../run.js';
import { fakeContext } from '../testing/fake-context.js';

const made = sampleProof();
const { id } = made.proof;
const digest = made.proof.statement.digests.sha256!;
/** An id that is older, respectively newer, than the record's. */
const before = id.replace(/^./, '0').replace(/.{4}$/, '0000');
const after = id.replace(/^./, 'f');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealroot-proof-'));
  await writeFile(join(folder, 'doc'), made.document);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Gets the proof of a file from a service with these records, and what that was asked. */
async function getProof(records: readonly Held[], file = 'doc', size?: number) {
  const asked: string[] = [];
  const context = fakeContext((input) => {
    const url = new URL(input as string);
    asked.push(url.pathname + url.search);
    return Promise.resolve(lookupAnswer(url, records, size) ?? new Response('', { status: 404 }));
  });
  const exitCode = await run(['proof', join(folder, file), '--out', '-'], context);
  return Object.assign(context, { asked, exitCode });
}

const held = { digest, id, line: made.text };
const twin = (other: string): Held => ({
  digest,
  id: other,
  line: JSON.stringify({ ...made.proof, id: other }),
});

describe('the record of a document', () => {
  it('is found by the first bits of its digest, which are all that the service is sent', async () => {
    const neighbour = { digest: digest.slice(0, 2).padEnd(64, '0'), id: before, line: '{}' };
    const { asked, exitCode, stderr, stdout } = await getProof([neighbour, held], 'doc', 1);
    expect({ exitCode, stderr, stdout }).toEqual({ exitCode: 0, stderr: '', stdout: made.text });
    expect(asked.join()).not.toContain(digest.slice(0, 8));
    // After the candidate before it, on a page of one.
    expect(asked.filter((line) => line.includes(id))).toEqual([]);
  });

  it('is the oldest, and how many others there are is told as far as it is known', async () => {
    const { exitCode, stderr } = await getProof([held, twin(after)]);
    expect(exitCode).toBe(0);
    expect(stderr).toContain(`2 records have this digest; taking the oldest, ${id}. Others: ${after}`);
  });

  it('is not said to be unknown where the service does not tell of it', async () => {
    const { exitCode, stderr } = await getProof([{ ...held, line: '{}' }]);
    expect(exitCode).toBe(76);
    expect(stderr).toContain('expected a line for each candidate, got none');
  });

  it('is that of the proof inside a file, for the document in it', async () => {
    const inside = sampleProof({ document: SMALL_PDF });
    const file = await embed(SMALL_PDF, new TextEncoder().encode(inside.text));
    await writeFile(join(folder, 'doc.sealroot.pdf'), file);
    const records = [{ digest: inside.proof.statement.digests.sha256!, id: inside.proof.id, line: inside.text }];
    const { exitCode, stderr, stdout } = await getProof(records, 'doc.sealroot.pdf');
    expect({ exitCode, stderr, stdout }).toEqual({ exitCode: 0, stderr: '', stdout: inside.text });
  });
});
