import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sealroot } from '../command-line.js';
import { anchorSettings, startSandbox, type Sandbox } from '../sandbox.js';
import { startService, type ServiceProcess } from '../service-process.js';
import { hasPythonOpenTimestamps, verifyWithReference } from '#anchors/opentimestamps/testing/python-opentimestamps.js';

const withReference = await hasPythonOpenTimestamps(process.env['CI'] !== undefined);
const SETTINGS = { ANCHORS: 'opentimestamps,bitcoin', BITCOIN_NETWORK: 'regtest', BITCOIN_POLL_SECONDS: '1' };

interface Standing {
  name: string;
  submissions: { checkpointSize: number; state: string; detail: string }[];
}

describe('the service with calendars and a node of its own', () => {
  let sandbox: Sandbox;
  let service: ServiceProcess;
  let folder: string;
  beforeAll(async () => {
    sandbox = await startSandbox({ settings: SETTINGS });
    service = sandbox.service;
    folder = await mkdtemp(join(tmpdir(), 'sealroot-both-'));
  });
  afterAll(async () => {
    await service?.stop();
    await sandbox?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const start = async (settings: Record<string, string> = {}) => {
    const whole = { ...anchorSettings(sandbox.node, sandbox.calendars), ...SETTINGS, ...settings };
    service = await startService(join(sandbox.folder, 'data'), whole);
  };
  const submit = async (name: string) => {
    const file = join(folder, `${name}.txt`);
    await writeFile(file, name);
    const args = ['submit', file, '--wait', '--out', folder];
    const { exitCode, stderr } = await sealroot(args, { url: service.url, apiKey: service.apiKey });
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('1 proof written')]);
    return file;
  };
  /** The newest submission to the anchor, as soon as it matches. */
  const standing = async (anchor: string, pattern: RegExp) => {
    let newest: Standing['submissions'][0] | undefined;
    for (let i = 0; i < 900; i++) {
      const { anchors } = (await (await fetch(`${service.url}/v1/anchors`)).json()) as { anchors: Standing[] };
      newest = anchors.find(({ name }) => name === anchor)?.submissions[0];
      if (newest && pattern.test(newest.detail)) return newest;
      await sleep(100);
    }
    throw new Error(`expected ${anchor} to say ${pattern}, got ${JSON.stringify(newest)}`);
  };
  /** The verdict on the proof that the service hands out now, going by the node alone, and the proof itself. */
  const verify = async (file: string) => {
    const path = `${file}.now.json`;
    // The command would keep what an earlier one showed.
    await rm(path, { force: true });
    const got = await sealroot(['proof', file, '--out', path], { url: service.url });
    expect([got.exitCode, got.stderr]).toEqual([0, expect.anything()]);
    const args = ['verify', file, '--proof', path, '--bitcoin-rpc', sandbox.node.rpcUrl, '--json'];
    const answer = JSON.parse((await sealroot(args)).stdout) as {
      verdict: string;
      findings: { check: string; outcome: string }[];
    };
    const proof = JSON.parse(await readFile(path, 'utf8')) as {
      id: string;
      log: { checkpoints: { attestations: { type: string }[] }[] };
    };
    return {
      verdict: answer.verdict,
      anchors: answer.findings.filter(({ check }) => check === 'anchor').map(({ outcome }) => outcome),
      attestations: proof.log.checkpoints.flatMap(({ attestations }) => attestations.map(({ type }) => type)),
      id: proof.id,
    };
  };
  /** The same once the proof carries so many attestations and verifies: answers may be a second old. */
  const authentic = async (file: string, attestations: number) => {
    let seen = await verify(file);
    for (let i = 0; i < 300 && !(seen.verdict === 'authentic' && seen.attestations.length === attestations); i++) {
      await sleep(200);
      seen = await verify(file);
    }
    expect(seen).toMatchObject({
      verdict: 'authentic',
      attestations: Array<string>(attestations).fill('opentimestamps'),
    });
    return seen;
  };
  const seenByReference = async (file: string, id: string) => {
    const ots = await fetch(`${service.url}/v1/records/${id}/proof?format=ots`);
    await writeFile(`${file}.ots`, new Uint8Array(await ots.arrayBuffer()));
    return verifyWithReference(sandbox.node.rpcUrl, [{ document: file, proof: `${file}.ots` }]);
  };

  it('takes one checkpoint to both, and its proof carries both', async () => {
    const file = await submit('both');
    const own = await standing(
      'bitcoin',
      /^sent in transaction [0-9a-f]{64}, fee at most \d+ sat, waiting for Bitcoin regtest/,
    );
    const theirs = await standing('opentimestamps', /^submitted to 3 of 3 calendars/);
    expect(own.checkpointSize).toBe(theirs.checkpointSize);
    expect((await verify(file)).verdict).toBe('pending');

    await Promise.all(sandbox.calendars.map((calendar) => calendar.commit()));
    await sandbox.node.mine(1);
    await standing('bitcoin', /^confirmed \(1 of 6 blocks\) in Bitcoin regtest block/);
    await standing('opentimestamps', /^confirmed in Bitcoin block/);
    const confirmed = await authentic(file, 2);
    expect(confirmed.anchors).toEqual(confirmed.anchors.map(() => 'passed'));
    expect(confirmed.anchors.length).toBeGreaterThanOrEqual(2);
    if (withReference) expect(await seenByReference(file, confirmed.id)).toMatchObject([{ ok: true }]);
    await sandbox.node.mine(5);
    expect((await standing('bitcoin', /^final in Bitcoin regtest block/)).state).toBe('final');
  });

  it('proves through the own node alone while every calendar is down, and forgets nothing when it is killed', async () => {
    for (const calendar of sandbox.calendars) calendar.fault = { submit: 'down', upgrade: 'down' };
    const file = await submit('own node alone');
    await standing('bitcoin', /^sent in transaction/);
    await service.kill();
    const before = await sandbox.node.rpc<string[]>('getrawmempool');
    await start();
    await standing('bitcoin', /^sent in transaction/);
    expect(await sandbox.node.rpc<string[]>('getrawmempool')).toEqual(before);
    await sandbox.node.mine(1);
    await standing('bitcoin', /^confirmed/);
    const confirmed = await authentic(file, 1);
    if (withReference) expect(await seenByReference(file, confirmed.id)).toMatchObject([{ ok: true }]);
    for (const calendar of sandbox.calendars) calendar.fault = { submit: 'none', upgrade: 'none' };
  });

  it('names a fee cap of zero, holds nothing else up, and goes on when it is lifted', async () => {
    await service.stop();
    await start({ BITCOIN_MAX_FEE_SATS: '0' });
    const file = await submit('no money');
    expect((await standing('bitcoin', /BITCOIN_MAX_FEE_SATS is too low/)).state).toBe('unsubmitted');
    await standing('opentimestamps', /^submitted to 3 of 3 calendars/);
    await Promise.all(sandbox.calendars.map((calendar) => calendar.commit()));
    await sandbox.node.mine(1);
    await standing('opentimestamps', /^confirmed in Bitcoin block/);
    await authentic(file, 1);
    await service.stop();
    await start();
    await standing('bitcoin', /^sent in transaction/);
    await sandbox.node.mine(1);
    await standing('bitcoin', /^confirmed/);
    await authentic(file, 2);
  });
});
