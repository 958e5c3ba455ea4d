import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { formatProof } from '#proof/proof.js';
import { SampleLog } from '#proof/testing/sample-log.js';
import { signCosignature, withCosignature } from '#tlog/cosignature.js';
import { ed25519NoteSigner } from '#tlog/testing/note-signer.js';
import { formatNote, parseNote } from '#tlog/note.js';
import { COSIGNATURE_TYPE, formatVerifierKey } from '#tlog/verifier-key.js';
import { run } from '../run.js';
import { fakeContext } from '../testing/fake-context.js';

const witness = ed25519NoteSigner('witness.example', sha256(utf8ToBytes('witness')));
let folder: string;
let key: string;

/** A title that was suspended and is valid again, and one that was replaced. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealroot-status-'));
  const log = new SampleLog();
  const [title, old] = log.seal({ records: [{ profile: 'title@1' }, { profile: 'title@1' }], others: 3 });
  log.seal({ changes: [{ of: title!, to: 'suspended', reason: 'court-order' }], others: 2 });
  log.seal({
    changes: [
      { of: title!, to: 'active' },
      { of: old!, to: 'superseded', by: title!.id },
    ],
  });
  key = log.key;
  for (const record of [title!, old!]) {
    const proof = log.proof(record);
    const note = parseNote(proof.status!.checkpoint.note);
    const seen = signCosignature(note.text, Date.parse('2026-03-01T08:10:00Z') / 1000, witness);
    proof.status!.checkpoint.note = formatNote(withCosignature(note, seen));
    const path = join(folder, record === title ? 'title' : 'old');
    await writeFile(path, `document ${record.ordinal}`);
    await writeFile(`${path}.sealroot.json`, formatProof(proof));
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function verify(name: string, ...options: string[]) {
  const context = fakeContext();
  const args = ['verify', join(folder, name), '--log-key', key, '--now', '2026-03-01T09:00:00Z', ...options];
  const exitCode = await run(args, context);
  return Object.assign(context, { exitCode });
}

describe('the status in a proof', () => {
  it('is told as of its time and by whose word, with its history', async () => {
    const { exitCode, stdout } = await verify('title');
    expect(exitCode).toBe(4);
    expect(stdout).toContain('Yes, as of 1 March 2026');
    expect(stdout).toContain('is the word of the log’s operator');
    expect(stdout).toContain('Suspended with effect from');
    expect(stdout).toContain('Active again with effect from');
  });

  it('that is out of force has an exit code and names the successor', async () => {
    const { exitCode, stdout } = await verify('old');
    expect(exitCode).toBe(3);
    expect(stdout).toContain('Matches, but was replaced');
    expect(stdout).toMatch(/Record [0-9a-f-]{36} takes its place/);
  });

  it('is asked as of any time with --at', async () => {
    const at = async (name: string, time: string) => {
      const { exitCode, stdout } = await verify(name, '--at', time, '--json');
      const { askedAt, still } = JSON.parse(stdout) as { askedAt: string; still: { state: string } };
      return [exitCode, askedAt, still.state];
    };
    expect(await at('title', '2026-03-01T08:01:30Z')).toEqual([3, '2026-03-01T08:01:30.000Z', 'suspended']);
    expect(await at('title', '2026-03-01T08:02:30Z')).toEqual([4, '2026-03-01T08:02:30.000Z', 'active']);
    expect(await at('old', '2026-03-01T08:01:30Z')).toEqual([4, '2026-03-01T08:01:30.000Z', 'active']);
    expect(await at('old', '2026-02-01T00:00:00Z')).toEqual([3, '2026-02-01T00:00:00.000Z', 'not-yet-recorded']);
  });

  it('is stale beyond --status-max-age, and as new as a trusted witness says', async () => {
    expect((await verify('title', '--status-max-age', '30m')).exitCode).toBe(2);
    expect((await verify('title', '--status-max-age', '2h')).exitCode).toBe(4);
    const trusted = ['--witness-key', formatVerifierKey('witness.example', witness.publicKey, COSIGNATURE_TYPE)];
    const { exitCode, stdout } = await verify('title', '--status-max-age', '55m', ...trusted);
    expect(exitCode).toBe(4);
    expect(stdout).toContain('is the word of the witness witness.example');
  });

  it.each([
    ['--at', 'yesterday', 'Reading --at: expected an RFC 3339 time'],
    ['--status-max-age', '5', 'Expected a whole number and a unit'],
    ['--witness-key', 'nobody', 'Reading --witness-key: expected a verifier key'],
  ])('needs a %s that can be read', async (option, value, sentence) => {
    const { exitCode, stderr } = await verify('title', option, value);
    expect(exitCode).toBe(64);
    expect(stderr).toContain(sentence);
  });
});
