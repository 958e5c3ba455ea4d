import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FailureKind } from '#words/command-line.js';
import { CliError } from './cli-error.js';
import { EXIT } from './exit-code.js';
import { run } from './run.js';
import { exitCodeOf } from './submit/failure.js';
import { fakeContext } from './testing/fake-context.js';

let folder: string;
let file: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealroot-run-'));
  file = join(folder, 'abc');
  await writeFile(file, 'abc');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('sealroot hash', () => {
  // FIPS 180-4 and GB/T 32905-2016: the digests of "abc".
  it.each([
    ['sha256', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ['sm3', '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0'],
  ])('prints the %s digest as sha256sum does', async (algorithm, digest) => {
    const context = fakeContext();
    expect(await run(['hash', file, '--algorithm', algorithm], context)).toBe(0);
    expect(context.stdout).toBe(`${digest}  ${file}\n`);
  });

  it('reads standard input as -', async () => {
    const context = { ...fakeContext(), stdin: Readable.from([Buffer.from('a'), Buffer.from('bc')]) };
    expect(await run(['hash', '-'], context)).toBe(0);
  });

  it('prints salt and blinded digest with --blind', async () => {
    const context = fakeContext();
    expect(await run(['hash', file, '--blind', '--json'], context)).toBe(0);
    const salt = Buffer.alloc(32, 7);
    const digest = createHash('sha256').update('abc').digest();
    expect(JSON.parse(context.stdout)).toEqual({
      file,
      algorithm: 'sha256',
      digest: digest.toString('hex'),
      salt: salt.toString('hex'),
      blinded: createHash('sha256').update(salt).update(digest).digest('hex'),
    });
  });
});

describe('the command line', () => {
  it('shows help and version with exit code 0', async () => {
    for (const args of [['--help'], ['--version'], ['verify', '--help'], ['help', 'submit']]) {
      const context = fakeContext();
      expect(await run(args, context)).toBe(EXIT.ok);
      expect(context.stdout).not.toBe('');
    }
  });

  it('tells a failure in one line, and a stack trace only when debugging', async () => {
    const missing = join(folder, 'none');
    const context = fakeContext();
    expect(await run(['hash', missing], context)).toBe(EXIT.noInput);
    expect(context.stderr).toBe(`sealroot: Reading ${missing}: there is no such file or folder\n`);
    const debugging = fakeContext();
    debugging.environment.debug = true;
    await run(['hash', missing], debugging);
    expect(debugging.stderr).toMatch(/\n {4}at /);
  });

  it('tells the kind of a failure in the language that is asked for, and what failed in English', async () => {
    const missing = join(folder, 'none');
    for (const locale of [undefined, 'zh_CN']) {
      const context = fakeContext();
      context.environment.locale = locale;
      const args = ['export', missing, join(folder, 'out'), ...(locale === undefined ? ['--lang', 'zh-CN'] : [])];
      expect(await run(args, context)).toBe(EXIT.noInput);
      expect(context.stderr).toBe(
        `sealroot: 有文件无法读取。\n    技术细节: Reading ${missing}: there is no such file or folder\n`,
      );
    }
  });

  it('says of a file what it is, in the language that is asked for', async () => {
    const context = fakeContext();
    expect(await run(['export', file, join(folder, 'out'), '--lang', 'zh-TW'], context)).toBe(EXIT.badData);
    expect(context.stderr).toMatch(
      /^sealroot: .*無法當作存證證明讀取。.*存證證明的格式.*\n {4}技術細節: Reading JSON: /,
    );
  });

  it('has one exit code for every kind of error, and 1 only for a negative answer', () => {
    const codes: Record<FailureKind, number> = {
      usage: 64,
      'bad-data': 65,
      'no-input': 66,
      'cannot-create': 73,
      unavailable: 2,
      protocol: 76,
      refused: 1,
      'no-permission': 77,
      'no-credential': 78,
      'bad-setting': 78,
      'not-found': 1,
      'not-ready': 4,
      software: 70,
    };
    for (const [code, exitCode] of Object.entries(codes))
      expect(new CliError(code as FailureKind, '').exitCode).toBe(exitCode);
  });

  it('lets the gravest failure of several decide', () => {
    const failures = (...codes: FailureKind[]) => codes.map((code) => ({ file: 'f', code, message: 'm' }));
    expect(exitCodeOf([])).toBe(0);
    expect(exitCodeOf(failures('not-ready', 'no-input'))).toBe(66);
    expect(exitCodeOf(failures('no-input', 'refused', 'not-ready'))).toBe(1);
    expect(exitCodeOf(failures('refused', 'protocol'))).toBe(76);
  });
});
