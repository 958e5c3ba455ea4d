import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sealroot } from '../command-line.js';
import { anchorSettings, startSandbox, type Sandbox } from '../sandbox.js';
import { startService, type ServiceProcess } from '../service-process.js';
import { walkThrough } from '../walk-through.js';

let documents: string;
beforeAll(async () => {
  documents = await mkdtemp(join(tmpdir(), 'sealroot-documents-'));
  await mkdir(join(documents, 'below'));
  await writeFile(join(documents, 'licence.txt'), 'Licence number 17\n');
  await writeFile(join(documents, 'empty'), '');
  await writeFile(join(documents, 'below', '印证 ü.bin'), Buffer.alloc(100_000, 0xa5));
  await writeFile(join(documents, 'below', 'twin'), 'Licence number 17\n');
});
afterAll(() => rm(documents, { recursive: true, force: true }));

it('goes all the way by itself: notarise, mine, prove by every anchor, verify with both verifiers, refuse forgeries', async () => {
  const sandbox = await startSandbox({ everyAnchor: true, blockIntervalMs: 2_000, commitIntervalMs: 500 });
  try {
    const told: string[] = [];
    const tell = (text: string) => void told.push(text);
    const narrator = { step: tell, line: tell, passed: tell, failed: tell, skipped: tell };
    expect(await walkThrough(sandbox, [documents], narrator)).toBe(4);
    // What the command says as JSON is told as it is: nothing of it may be missing under the name that is read here.
    expect(told.filter((line) => typeof line !== 'string')).toEqual([]);
    expect(told).toContain('4 of 4 authentic');
    const kinds = sandbox.further?.authority ? 3 : 2;
    expect(told).toContainEqual(expect.stringMatching(`attestations by ${kinds} kinds of witness, all verified`));
    expect(told).toContain('a document with one bit changed: refused, exit code 1');
  } finally {
    await sandbox.stop();
  }
});

describe('the service beside a chain that moves only when told', () => {
  let sandbox: Sandbox;
  let service: ServiceProcess;
  const restart = async () => {
    await service.kill();
    service = await startService(join(sandbox.folder, 'data'), anchorSettings(sandbox.node, sandbox.calendars));
  };
  const setFault = (fault: 'none' | 'down' | 'garbage' | 'huge' | 'wrong-root') => {
    for (const calendar of sandbox.calendars) calendar.fault = { submit: fault, upgrade: fault };
  };
  const submit = async (content: string) => {
    const file = join(sandbox.folder, `${content}.txt`);
    await writeFile(file, content);
    const result = await sealroot(['submit', file, '--wait', '--out', sandbox.folder], {
      url: service.url,
      apiKey: service.apiKey,
    });
    expect([result.exitCode, result.stderr]).toEqual([0, expect.stringContaining('1 proof written')]);
    return file;
  };
  /** The newest submission, as soon as it matches. */
  const standing = async (pattern: RegExp) => {
    let newest: { state: string; detail: string } | undefined;
    for (let i = 0; i < 900; i++) {
      const answer = await fetch(`${service.url}/v1/anchors`);
      const { anchors } = (await answer.json()) as { anchors: { submissions: { state: string; detail: string }[] }[] };
      newest = anchors[0]?.submissions[0];
      if (newest && pattern.test(newest.detail)) return newest;
      await sleep(100);
    }
    throw new Error(`expected a submission that matches ${pattern}, got ${JSON.stringify(newest)}`);
  };
  const commitAndMine = async (blocks: number) => {
    await Promise.all(sandbox.calendars.map((calendar) => calendar.commit()));
    await sandbox.node.mine(blocks);
  };
  /** Verifies from the proof that the service hands out now, with nothing but the node beside. */
  const verdictOf = async (file: string) => {
    const proof = `${file}.now.json`;
    const got = await sealroot(['proof', file, '--out', proof], { url: service.url });
    expect([got.exitCode, got.stderr]).toEqual([0, expect.anything()]);
    const args = ['verify', file, '--proof', proof, '--bitcoin-rpc', sandbox.node.rpcUrl, '--json'];
    return (JSON.parse((await sealroot(args)).stdout) as { verdict: string }).verdict;
  };

  beforeAll(async () => {
    sandbox = await startSandbox();
    service = sandbox.service;
  });
  afterAll(async () => {
    await service?.stop();
    await sandbox?.stop();
  });

  it('forgets no submission when it is killed before and after the block', async () => {
    const file = await submit('killed');
    await standing(/^submitted to 3 of 3 calendars, waiting for Bitcoin since /);
    expect(await verdictOf(file)).toBe('pending');
    await restart();
    await commitAndMine(1);
    await standing(/^confirmed in Bitcoin block/);
    await restart();
    expect(await verdictOf(file)).toBe('authentic');
    await sandbox.node.mine(5);
    expect((await standing(/^final in Bitcoin block/)).state).toBe('final');
  });

  it.each(['down', 'garbage', 'huge'] as const)(
    'seals on, says so and loses nothing while every calendar is at fault (%s)',
    async (fault) => {
      setFault(fault);
      const file = await submit(`calendars ${fault}`);
      expect((await standing(/^no calendar (reachable|gave a usable answer), next try at /)).state).toBe('unsubmitted');
      expect(await verdictOf(file)).toBe('pending');
      setFault('none');
      await standing(/^submitted to 3 of 3 calendars/);
      await commitAndMine(1);
      await standing(/^confirmed in Bitcoin block/);
      expect(await verdictOf(file)).toBe('authentic');
    },
  );

  it('believes no calendar that lies about a block', async () => {
    const file = await submit('lied to');
    await standing(/^submitted to 3 of 3 calendars/);
    setFault('wrong-root');
    expect((await standing(/wrong attestation: block \d+ has another Merkle root/)).state).toBe('pending');
    expect(await verdictOf(file)).toBe('pending');
    setFault('none');
    await commitAndMine(1);
    await standing(/^confirmed in Bitcoin block/);
    expect(await verdictOf(file)).toBe('authentic');
  });
});
