import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { displayHash, sha256d } from '#bitcoin/block-hash.js';
import { formatHeaderPack } from '#bitcoin/header-pack.js';
import type { Finding } from '#proof/finding.js';
import { otsFile } from '#proof/ots-file.js';
import { formatProof } from '#proof/proof.js';
import { type SampleOptions, type SampleProof, sampleProof } from '#proof/testing/sample-proof.js';
import { run } from '../run.js';
import { type FakeContext, fakeContext } from '../testing/fake-context.js';

let folder: string;
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealroot-verify-'));
});
beforeEach(async () => {
  for (const name of await readdir(folder)) await rm(at(name));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Writes a sample's document and proof, and the headers of its first block. */
async function sample(options: SampleOptions = {}): Promise<SampleProof> {
  const made = sampleProof(options);
  await writeFile(at('doc'), made.document);
  await writeFile(at('doc.sealroot.json'), made.text);
  const [first] = made.blocks;
  if (first !== undefined) await writeFile(at('pack'), pack(first.height, first.header));
  return made;
}

const pack = (height: number, header: Uint8Array) => formatHeaderPack('regtest', height, [header]);

/** The block of a sample as a block that is known, so that a pack may hang on it. */
function pin({ blocks }: SampleProof): string[] {
  const [first] = blocks;
  return first === undefined
    ? []
    : ['--headers', at('pack'), '--pin-block', `${first.height}:${displayHash(sha256d(first.header))}`];
}

interface Result extends FakeContext {
  exitCode: number;
}

async function verify(...args: string[]): Promise<Result> {
  const context = fakeContext();
  const exitCode = await run(['verify', ...args.map((arg) => (arg === 'doc' ? at('doc') : arg))], context);
  return Object.assign(context, { exitCode });
}

interface ResultJson {
  verdict: string;
  exitCode: number;
  who: string;
  when: { notAfter?: { time: string } };
  still: { state: string };
  record?: Record<string, unknown>;
  findings: (Finding & { words: { sentence: string } })[];
  files: { file: string; note: string; sentence: string }[];
  words: { headline: string; notes: string[] };
}

async function verifyJson(...args: string[]): Promise<ResultJson> {
  const { exitCode, stdout } = await verify(...args, '--json');
  const result = JSON.parse(stdout) as ResultJson;
  expect(result.exitCode).toBe(exitCode);
  return result;
}

const findingOf = ({ findings }: ResultJson, check: Finding['check']) => findings.find((each) => each.check === check);

describe('the exit code of sealroot verify', () => {
  it('is 5 while nobody compared the signer, and 0 with the pinned key or with --any-signer', async () => {
    const made = await sample();
    const unchecked = await verify('doc', ...pin(made));
    expect(unchecked.exitCode).toBe(5);
    expect(unchecked.stdout).toContain('Not checked.');
    expect((await verify('doc', ...pin(made), '--any-signer')).exitCode).toBe(0);
    const log = await verify('doc', ...pin(made), '--log-key', made.key);
    expect(log.exitCode).toBe(0);
    expect(log.stdout).toContain('licences.example, as named by the log log.example/sealroot.');
  });

  it('is 1 for another document, another signer, a damaged proof', async () => {
    const made = await sample();
    await writeFile(at('doc'), 'another');
    const other = await verify('doc', ...pin(made));
    expect(other.exitCode).toBe(1);
    expect(other.stdout).toMatch(/^Does not match\n/);
    expect(other.stdout).not.toMatch(/forged|document existed/);
    await writeFile(at('doc'), made.document);
    const stranger = sampleProof({ seed: new Uint8Array(32).fill(7) }).key;
    expect((await verify('doc', ...pin(made), '--log-key', stranger)).exitCode).toBe(1);
    await writeFile(at('doc.sealroot.json'), made.text.replace('licences.example', 'licences.exempla'));
    expect((await verify('doc', ...pin(made))).exitCode).toBe(1);
  });

  it('is 2 without a source, with what to give and what to compare by hand', async () => {
    const { blocks } = await sample();
    const { exitCode, stdout } = await verify('doc');
    const root = Buffer.from(blocks[0]!.header.subarray(36, 68)).reverse().toString('hex');
    expect(exitCode).toBe(2);
    expect(stdout).toContain(`Merkle root of Bitcoin block 120: ${root} (any block explorer`);
    expect(stdout).toContain('Give a source with --bitcoin-rpc, --esplora or --headers');
  });

  it('is 2 with headers that nothing ties to the chain, and says how to pin them', async () => {
    await sample();
    const { exitCode, stdout } = await verify('doc', '--headers', at('pack'));
    expect(exitCode).toBe(2);
    expect(stdout).toContain('--pin-block');
  });

  it('is 3 once expired, whether or not an anchor is there', async () => {
    const statement = { validUntil: '2026-03-30T00:00:00.000Z' };
    const made = await sample({ statement });
    expect((await verify('doc', ...pin(made))).exitCode).toBe(3);
    expect((await verify('doc', ...pin(made), '--now', '2026-03-29T00:00:00Z')).exitCode).toBe(5);
    await sample({ statement, checkpoints: [{ size: 5, attestations: [] }] });
    const early = await verify('doc');
    expect(early.exitCode).toBe(3);
    expect(early.stdout).toContain('it expired on');
  });

  it('is 4 while only a calendar has promised', async () => {
    await sample({ checkpoints: [{ size: 5, attestations: ['pending'] }] });
    const { exitCode, stdout } = await verify('doc');
    expect(exitCode).toBe(4);
    expect(stdout).toContain('https://calendar.example');
  });

  it.each([
    ['empty', '', 'The file is empty.'],
    ['a web page', '<!doctype html><title>Sign in</title>', 'The file is a web page'],
    ['a PDF', '%PDF-1.7\n', 'The file is a PDF'],
    ['UTF-16', Buffer.from('\ufeff{"format":', 'utf16le'), 'The file is text in UTF-16'],
    ['bytes', Buffer.from([0, 255, 254]), 'does not have the form of a proof'],
    ['ten megabytes', Buffer.alloc(10_000_000, ' '), ''],
  ])('is 65 for a proof that cannot be read (%s), and says what it is', async (_, content, sentence) => {
    await sample();
    await writeFile(at('doc.sealroot.json'), content);
    const { exitCode, stderr, stdout } = await verify('doc');
    expect(exitCode).toBe(65);
    expect(stdout).toMatch(/^The proof cannot be read\n/);
    expect(stdout).toContain(sentence);
    expect(stdout).toContain('Nothing is said of the document itself.');
    expect(stderr).toBe('');
  });

  it.each([
    ['cut in transfer', (text: string) => text.slice(0, -40), 'The file ends in the middle'],
    ['saved with a byte order mark', (text: string) => `\ufeff${text}`, 'begins with a byte order mark'],
    ['base64', (text: string) => Buffer.from(text).toString('base64'), 'The file is base64 text'],
    ['newer', (text: string) => text.replace('proof@2', 'proof@9'), 'newer than this'],
  ])('is 65 for a proof that was %s, and says so', async (_, change, sentence) => {
    const { text } = await sample();
    await writeFile(at('doc.sealroot.json'), change(text));
    const { exitCode, stdout } = await verify('doc');
    expect(exitCode).toBe(65);
    expect(stdout).toContain(sentence);
  });
});

describe('sealroot verify', () => {
  it('says that a test chain proves nothing outside one', async () => {
    const made = await sample();
    const { stdout } = await verify('doc', ...pin(made), '--log-key', made.key);
    expect(stdout).toMatch(/^Matches, but only a test chain shows the time\n/);
    expect(stdout).toContain('the time comes from Bitcoin’s regtest, which proves nothing outside a test.');
  });

  it('names line endings as the innocent cause', async () => {
    await sample({ document: Buffer.from('one\ntwo\n') });
    await writeFile(at('doc'), 'one\r\ntwo\r\n');
    const { exitCode, stdout } = await verify('doc');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('its line endings were converted');
    const piped = Object.assign(fakeContext(), {
      stdin: Readable.from([Buffer.from('one\r\n'), Buffer.from('two\r\n')]),
    });
    await run(['verify', '-', '--proof', at('doc.sealroot.json'), '--json'], piped);
    const result = JSON.parse(piped.stdout) as ResultJson;
    expect(findingOf(result, 'document')).toMatchObject({ outcome: 'failed', reason: 'line-endings' });
  });

  it('prints facts and sentences as JSON, with everything that the record says', async () => {
    const statement = { claims: { class: 'B' }, reference: 'A-4711', validUntil: '2030-01-01T00:00:00.000Z' };
    const made = await sample({ statement });
    const result = await verifyJson('doc', ...pin(made), '--log-key', made.key);
    expect(result).toMatchObject({
      verdict: 'authentic',
      exitCode: 0,
      who: 'log',
      still: { state: 'unknown' },
      when: { notAfter: { time: '2026-03-01T09:00:00.000Z', standing: 'test' } },
      record: { agency: 'licences.example', ...statement },
    });
    expect(findingOf(result, 'anchor')).toMatchObject({ kind: 'bitcoin', network: 'regtest', height: 120 });
    for (const { words } of result.findings) expect(words.sentence).toMatch(/\.$/);
  });

  it('speaks the language that is asked for, or that of the environment', async () => {
    await sample();
    expect((await verify('doc', '--lang', 'zh-CN')).stdout).toContain('暂时无法完成核验');
    expect((await verify('doc', '--lang', 'zh-TW')).stdout).toContain('目前無法完成驗證');
    const wrong = await verify('doc', '--lang', 'xx');
    expect(wrong.exitCode).toBe(64);
    expect(wrong.stderr).toContain('expected one of zh-CN, zh-TW, en');
    const context = fakeContext();
    context.environment.locale = 'zh_HK';
    await run(['verify', at('doc')], context);
    expect(context.stdout).toContain('目前無法完成驗證');
  });

  it('takes a digest instead of a file', async () => {
    const { digests } = await sample();
    const digest = `sha256:${Buffer.from(digests.sha256!).toString('hex')}`;
    const result = await verifyJson('--digest', digest, '--proof', at('doc.sealroot.json'));
    expect(findingOf(result, 'document')).toMatchObject({ outcome: 'passed' });
  });

  it('verifies a blinded document by the salt of the proof, of --salt or of the salt file, and not without', async () => {
    const made = await sample({ blinded: true });
    const salt = Buffer.from(made.salt!).toString('hex');
    expect((await verify('doc', ...pin(made))).exitCode).toBe(5);
    await writeFile(at('doc.sealroot.json'), formatProof({ ...made.proof, salt: undefined }));
    const without = await verify('doc', ...pin(made));
    expect(without.exitCode).toBe(2);
    expect(without.stdout).toContain('the salt is not in this proof');
    expect((await verify('doc', ...pin(made), '--salt', salt)).exitCode).toBe(5);
    expect((await verify('doc', ...pin(made), '--salt', '00'.repeat(32))).exitCode).toBe(1);
    const blinded = { sha256: made.proof.statement.digests.sha256 };
    await writeFile(
      at('doc.sealroot-salt.json'),
      JSON.stringify({ format: 'sealroot/salts@1', salts: [{ salt, blinded }] }),
    );
    const kept = await verifyJson('doc', ...pin(made));
    expect(kept.verdict).toBe('authentic');
    expect(kept.files).toMatchObject([{ file: at('doc.sealroot-salt.json'), note: 'salt-used' }]);
  });

  it('hashes with the algorithms that the record has', async () => {
    const made = await sample({ algorithms: ['sha512', 'sm3'] });
    expect((await verify('doc', ...pin(made))).exitCode).toBe(5);
  });
});

describe('several proofs beside a document', () => {
  it('give the one that fits, and the other is named', async () => {
    const other = sampleProof({ document: Buffer.from('another') });
    const made = await sample();
    await writeFile(at('doc.sealroot.json'), other.text);
    await writeFile(at('doc.ots'), otsFile(made.proof));
    const result = await verifyJson('doc', ...pin(made));
    expect(result).toMatchObject({ verdict: 'authentic', proof: at('doc.ots') });
    expect(result.files).toMatchObject([{ file: at('doc.sealroot.json'), note: 'other-document' }]);

    await writeFile(at('doc.sealroot.json'), made.text);
    await writeFile(at('doc.ots'), otsFile(other.proof));
    const full = await verifyJson('doc', ...pin(made));
    expect(full).toMatchObject({ verdict: 'authentic', proof: at('doc.sealroot.json') });
    expect(full.files).toMatchObject([{ file: at('doc.ots'), note: 'other-document' }]);
  });

  it('of one record are verified as one', async () => {
    const made = await sample();
    const poor = sampleProof({ checkpoints: [{ size: 5, attestations: [] }] });
    await writeFile(at('poor.sealroot.json'), poor.text);
    const proofs = ['--proof', at('poor.sealroot.json'), '--proof', at('doc.sealroot.json')];
    const result = await verifyJson('doc', ...pin(made), ...proofs);
    expect(result.verdict).toBe('authentic');
    expect(result.files).toMatchObject([{ note: 'merged' }]);
  });

  it('count when they were handed in: a time-stamp of another document is a contradiction', async () => {
    const made = await sample();
    const other = sampleProof({ document: Buffer.from('another') });
    await writeFile(at('other.ots'), otsFile(other.proof));
    const result = await verifyJson(
      'doc',
      ...pin(made),
      '--proof',
      at('doc.sealroot.json'),
      '--proof',
      at('other.ots'),
    );
    expect(result.verdict).toBe('mismatch');
    expect(findingOf(result, 'companion')).toMatchObject({ outcome: 'failed', file: at('other.ots') });
    expect(result.words.headline).toBe('Another file does not match');
  });

  it('let a time-stamp of the same document stand with the anchors', async () => {
    const made = await sample();
    await writeFile(at('doc.ots'), otsFile(made.proof));
    const result = await verifyJson('doc', ...pin(made));
    expect(findingOf(result, 'companion')).toMatchObject({ outcome: 'passed' });
    expect(result.findings.filter(({ check, outcome }) => check === 'anchor' && outcome === 'passed')).toHaveLength(2);
  });
});

describe('a bare .ots file', () => {
  it('shows by when a document existed, and nothing of who', async () => {
    const made = await sample();
    await rm(at('doc.sealroot.json'));
    await writeFile(at('doc.ots'), otsFile(made.proof));
    const result = await verifyJson('doc', ...pin(made));
    expect(result).toMatchObject({ verdict: 'authentic', exitCode: 5, who: 'unchecked' });
    expect(result.record).toBeUndefined();
    expect((await verify('doc', ...pin(made), '--any-signer')).exitCode).toBe(0);
    expect((await verify('doc')).exitCode).toBe(2);
    await writeFile(at('doc'), 'another');
    const other = await verify('doc', ...pin(made));
    expect(other.exitCode).toBe(1);
    expect(other.stdout).not.toMatch(/document existed/);
    await writeFile(at('doc.ots'), otsFile(made.proof).slice(0, 60));
    expect((await verify('doc')).exitCode).toBe(65);
  });

  it('says that a block of the future cannot be right, as a full proof does', async () => {
    const made = await sample();
    const early = ['--now', '2020-01-01T00:00:00Z'];
    expect(findingOf(await verifyJson('doc', ...pin(made), ...early), 'times')).toMatchObject({ outcome: 'failed' });
    await rm(at('doc.sealroot.json'));
    await writeFile(at('doc.ots'), otsFile(made.proof));
    const result = await verifyJson('doc', ...pin(made), ...early);
    expect(result.verdict).toBe('authentic');
    expect(findingOf(result, 'times')).toMatchObject({
      outcome: 'failed',
      contradictions: [{ earlier: { role: 'anchor' }, later: { role: 'now' } }],
    });
    expect(result.words.notes[0]).toMatch(/the anchor .* should not come after the present time .*at least one clock/);
    expect(findingOf(await verifyJson('doc', ...pin(made)), 'times')).toMatchObject({ outcome: 'passed' });
    // Nothing that shows a time: nothing to compare.
    expect((await verifyJson('doc')).findings.map(({ check }) => check)).not.toContain('times');
  });

  it.each([
    ['sha1', '02'],
    ['keccak256', '67'],
  ] as const)('of another tool may start from %s', async (name, tag) => {
    const made = await sample();
    await rm(at('doc.sealroot.json'));
    // A digest that is not the document's: it is compared, and found to differ.
    const bytes = name === 'sha1' ? 20 : 32;
    const magic = Buffer.from(otsFile(made.proof).subarray(0, 31));
    const promise = Buffer.from('0083dfe30d2ef90c8e1918687474703a2f2f63616c656e6461722e6578616d706c65', 'hex');
    promise[9] = promise.length - 10;
    promise[10] = promise.length - 11;
    await writeFile(
      at('doc.ots'),
      Buffer.concat([magic, Buffer.from(`01${tag}`, 'hex'), Buffer.alloc(bytes), promise]),
    );
    const result = await verifyJson('doc');
    expect(findingOf(result, 'document')).toMatchObject({ outcome: 'failed', algorithm: name });
  });
});
