import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasPython } from '#setting/testing/programs.js';
import { formatStatement } from '#statement/statement.js';
import { type SampleOptions, type SampleProof, sampleProof } from '#proof/testing/sample-proof.js';
import { hasOpenssl } from '#tsp/testing/openssl.js';
import { run } from '../run.js';
import { fakeContext } from '../testing/fake-context.js';

const withOpenssl = await hasOpenssl(process.env['CI'] !== undefined);
const withPython = hasPython();
const execute = promisify(execFile);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealroot-recipe-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const at = (...names: string[]) => join(folder, ...names);

/** Exports a sample's proof and follows its recipe for a document; what the shell said, and how it ended. */
async function follow(options: SampleOptions, document?: string, change?: () => Promise<void>) {
  const made = sampleProof(options);
  await writeFile(at('doc'), document ?? made.document);
  await writeFile(at('doc.sealroot.json'), made.text);
  expect(await run(['export', at('doc.sealroot.json'), at('out')], fakeContext())).toBe(0);
  await change?.();
  const env = { ...process.env, ...(made.salt === undefined ? {} : { SALT: Buffer.from(made.salt).toString('hex') }) };
  const { code, stdout } = await execute('sh', ['verify.sh', at('doc')], { cwd: at('out'), env }).then(
    (result) => ({ code: 0, stdout: result.stdout }),
    (error: { code: number; stdout: string }) => ({ code: error.code, stdout: error.stdout }),
  );
  return { made, code, stdout };
}

describe.skipIf(!withOpenssl)('the recipe in an export', () => {
  it.each<[string, SampleOptions]>([
    ['one checkpoint', {}],
    [
      'several checkpoints, a batch and a log of odd sizes',
      {
        batchSize: 7,
        index: 6,
        batchNumber: 4,
        checkpoints: [
          { size: 5, attestations: [] },
          { size: 11, attestations: ['evm'] },
        ],
      },
    ],
    ['a batch of one record', { batchSize: 1, index: 0 }],
    ['a record by SHA-512', { algorithms: ['sha512'] }],
    ['a blinded record', { blinded: true }],
  ])('leads from the document to every root with stock programs, for %s', async (_, options) => {
    const { code, made, stdout } = await follow(options);
    expect(stdout).not.toContain('DOES NOT HOLD');
    expect(stdout.match(/Signature Verified Successfully/g)).toHaveLength(made.proof.log.checkpoints.length);
    expect(code).toBe(0);
    expect(await readFile(at('out', 'statement.json'), 'utf8')).toBe(formatStatement(made.proof.statement));
  });

  it('names the document so that a shell takes it for one file, whatever it is called', async () => {
    const made = sampleProof({});
    const name = "-a 'b' \\c $(touch touched) `touch touched`.txt";
    await writeFile(at('doc.sealroot.json'), made.text);
    await writeFile(at(name), made.document);
    const args = ['export', at('doc.sealroot.json'), at('out'), '--document', at(name)];
    expect(await run(args, fakeContext())).toBe(0);
    await writeFile(at('out', name), made.document);
    const guide = await readFile(at('out', 'README.txt'), 'utf8');
    const [, command] = /^ {4}(sh verify\.sh .*)$/m.exec(guide)!;
    const { stdout } = await execute('sh', ['-c', command!], { cwd: at('out') });
    expect(stdout).toContain('Signature Verified Successfully');
    expect(await readdir(at('out'))).not.toContain('touched');
  });

  it.skipIf(!withPython).each<[string, 'bitcoin' | 'evm', (made: SampleProof, needed: string) => string[]]>([
    [
      'a block of Bitcoin',
      'bitcoin',
      ({ blocks: [block] }, needed) => [
        needed.replace('HEX', Buffer.from(block!.header).toString('hex')),
        '--bitcoin-network regtest',
      ],
    ],
    [
      'a block of an EVM chain',
      'evm',
      ({ evmBlocks: [block] }, needed) => [needed.replace('HASH:TIME', `${block!.hash}:${block!.timeMs / 1000}`)],
    ],
  ])('hands out a second verifier, which says what it needs and comes to the same, for %s', async (_, kind, look) => {
    const made = sampleProof({ checkpoints: [{ size: 5, attestations: [kind] }] });
    await writeFile(at('doc.sealroot.json'), made.text);
    await writeFile(at('doc'), made.document);
    expect(await run(['export', at('doc.sealroot.json'), at('out'), '--document', at('doc')], fakeContext())).toBe(0);
    await writeFile(at('out', 'doc'), made.document);
    const [, command] = /^ {4}(python3 .*)$/m.exec(await readFile(at('out', 'README.txt'), 'utf8'))!;
    const verify = async (...options: string[]) =>
      execute('sh', ['-c', [command, ...options].join(' ')], { cwd: at('out') }).then(
        ({ stdout }) => ({ code: 0, stdout }),
        ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
          code,
          stdout: stdout + stderr,
        }),
      );
    const alone = await verify();
    expect(alone.stdout).toMatch(/^unavailable; signed by: unchecked; /);
    expect(alone.code).toBe(2);
    const [, needed] = /an anchor needs: (.*)/.exec(alone.stdout)!;
    const known = look(made, needed!);
    expect(await verify(...known)).toMatchObject({ code: 5, stdout: expect.stringMatching(/^authentic; /) as string });
    expect(await verify(...known, '--log-key', made.key)).toMatchObject({ code: 0 });
    await writeFile(at('out', 'doc'), 'another');
    expect(await verify(...known)).toMatchObject({ code: 1, stdout: expect.stringMatching(/^mismatch; /) as string });
  });

  it('does not hold for another document, another statement, another checkpoint', async () => {
    expect((await follow({}, 'another')).code).not.toBe(0);
    for (const name of ['statement.json', 'checkpoint-5.txt', 'batch-entry.bin']) {
      await rm(at('out'), { recursive: true });
      const { code } = await follow({}, undefined, async () => {
        const bytes = await readFile(at('out', name));
        bytes[bytes.length - 3]! ^= 1;
        await writeFile(at('out', name), bytes);
      });
      expect(code, name).not.toBe(0);
    }
  });
});
