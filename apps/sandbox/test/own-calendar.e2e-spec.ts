import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '#database/free-ports.js';
import { parseTimestamp } from '#ots/codec.js';
import { listAttestations } from '#ots/visit.js';
import { type BitcoinNode, startBitcoinNode } from '#anchors/bitcoin/testing/bitcoin-node.js';
import { sealroot } from '../command-line.js';
import { type ServiceProcess, startService } from '../service-process.js';
import {
  hasPythonOpenTimestamps,
  stampWithReference,
  upgradeWithReference,
  verifyWithReference,
} from '#anchors/opentimestamps/testing/python-opentimestamps.js';

/** What these tests use of the npm package, which has no types. */
interface NpmOpenTimestamps {
  DetachedTimestampFile: {
    fromBytes(op: object, document: Buffer): NpmFile;
    deserialize(bytes: Uint8Array): NpmFile;
  };
  Ops: { OpSHA256: new () => object };
  Calendar: { UrlWhitelist: new (urls: string[]) => object };
  stamp(file: NpmFile, options: { calendars: string[]; m: number }): Promise<void>;
  upgrade(file: NpmFile, options: { whitelist: object }): Promise<boolean>;
}
interface NpmFile {
  serializeToBytes(): Uint8Array;
}

const npm = createRequire(import.meta.url)('opentimestamps') as NpmOpenTimestamps;
const withReference = await hasPythonOpenTimestamps(process.env['CI'] !== undefined);
const PENDING = 'Pending confirmation in Bitcoin blockchain';

describe('the service as a calendar', () => {
  let node: BitcoinNode;
  let service: ServiceProcess;
  let folder: string;
  let settings: Record<string, string>;
  let payee: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sealroot-own-calendar-'));
    node = await startBitcoinNode();
    payee = await newAddress(node.rpcUrl);
    const port = await freePort();
    settings = {
      ANCHORS: 'bitcoin',
      ANCHOR_INTERVAL_SECONDS: '1',
      BITCOIN_RPC_URL: node.rpcUrl,
      BITCOIN_NETWORK: 'regtest',
      BITCOIN_POLL_SECONDS: '1',
      ESPLORA_URLS: '',
      OTS_CALENDAR: 'on',
      OTS_CALENDAR_RATE: '100000',
      OTS_CALENDAR_RATE_TOTAL: '1000000',
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      PORT: String(port),
    };
    service = await startService(join(folder, 'data'), settings);
  });
  afterAll(async () => {
    await service?.stop();
    await node?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const write = async (name: string) => {
    const file = join(folder, name);
    await writeFile(file, `document ${name}`);
    return file;
  };
  /** Posts a digest; returns the message that the calendar promises the rest for. */
  const post = async (digest = randomBytes(32)) => {
    const response = await fetch(`${service.url}/digest`, { method: 'POST', body: digest });
    expect(response.status).toBe(200);
    const promise = parseTimestamp(new Uint8Array(await response.arrayBuffer()), digest);
    return Buffer.from(listAttestations(promise)[0]!.message);
  };
  /** Posts until a digest is refused for a reason that matches. */
  const untilRefused = async (reason: RegExp) => {
    let text = 'none';
    for (let i = 0; i < 450; i++) {
      const response = await fetch(`${service.url}/digest`, { method: 'POST', body: randomBytes(32) });
      text = await response.text();
      if (!response.ok && reason.test(text)) return response;
      await sleep(200);
    }
    throw new Error(`expected a refusal because of ${reason}, got ${text}`);
  };
  /** Posts, and mines in between, until a digest is taken. */
  const untilTaken = async () => {
    for (let i = 0; i < 300; i++) {
      const response = await fetch(`${service.url}/digest`, { method: 'POST', body: randomBytes(32) });
      if (response.ok) return;
      expect(response.status).toBe(503);
      await node.mine(1);
      await sleep(200);
    }
    throw new Error('expected a digest to be taken, got refusals only');
  };
  const ask = async (message: Uint8Array) => {
    const response = await fetch(`${service.url}/timestamp/${Buffer.from(message).toString('hex')}`);
    const bytes = new Uint8Array(await response.arrayBuffer());
    return { status: response.status, headers: response.headers, bytes, text: Buffer.from(bytes).toString('latin1') };
  };
  /** Asks until the answer is 200, or 404 with a text that matches. */
  const until = async (message: Uint8Array, wanted: 200 | RegExp) => {
    let answer = await ask(message);
    for (let i = 0; i < 900; i++) {
      if (wanted === 200 ? answer.status === 200 : answer.status === 404 && wanted.test(answer.text)) return answer;
      await sleep(100);
      answer = await ask(message);
    }
    throw new Error(`expected ${wanted}, got ${answer.status} ${answer.text}`);
  };
  const tip = async () => {
    const response = await fetch(`${service.url}/tip`);
    return { status: response.status, hex: Buffer.from(await response.arrayBuffer()).toString('hex') };
  };
  /** Waits until a transaction is in the node's memory pool. */
  const untilSent = async () => {
    for (let i = 0; i < 900; i++) {
      const { status, hex } = await tip();
      if (status === 200) return hex;
      await sleep(100);
    }
    const status = await fetch(service.url, { headers: { accept: 'text/plain' } });
    throw new Error(`expected a transaction, got ${await status.text()}`);
  };
  /** Mines a block when there is something for it to do. What was posted last may need a second transaction. */
  const mineOn = async (message: Uint8Array) => {
    const { text } = await ask(message);
    if (text.startsWith('Timestamped') || (await tip()).status === 200) await node.mine(1);
    await sleep(150);
  };
  /** Mines until the answer is there. */
  const mineUntilFinal = async (message: Uint8Array) => {
    await untilSent();
    for (let i = 0; i < 600; i++) {
      const answer = await ask(message);
      if (answer.status === 200) return answer;
      await mineOn(message);
    }
    throw new Error(`expected an answer, got ${(await ask(message)).text}`);
  };
  /** Whether what the answer attests is in the chain that the node has now. */
  const isTrue = async (message: Uint8Array, bytes: Uint8Array) => {
    const found = listAttestations(parseTimestamp(bytes, message, { canonical: true }));
    for (const { attestation, message: merkleRoot } of found) {
      if (attestation.type !== 'bitcoin' || attestation.height > (await node.height())) return false;
      const header = await node.header(attestation.height);
      if (!Buffer.from(header.subarray(36, 68)).equals(merkleRoot)) return false;
    }
    return found.length > 0;
  };

  /** What our own command makes of a proof, whoever signed it. */
  const verify = (document: string, proof: string, ...more: string[]) =>
    sealroot(['verify', document, '--proof', proof, '--bitcoin-rpc', node.rpcUrl, '--any-signer', ...more]);

  it.skipIf(!withReference)('is stamped at, upgraded from and verified with the reference library', async () => {
    const files = await Promise.all(['first', 'second', 'third'].map(write));
    const stamped = await stampWithReference(service.url, files);
    expect(stamped).toEqual(files.map((file) => ({ ok: true, file, pending: [service.url], reasons: [] })));
    const proofs = files.map((file) => `${file}.ots`);
    expect(await upgradeWithReference(proofs)).toEqual(
      proofs.map((file) => ({ ok: false, file, pending: [service.url], reasons: [PENDING] })),
    );

    const root = await untilSent();
    const [id] = await node.rpc<[string]>('getrawmempool');
    expect(await node.rpc('getrawtransaction', id)).toContain(`6a20${root}`);
    expect((await upgradeWithReference(proofs)).map(({ reasons }) => reasons)).toEqual(proofs.map(() => [PENDING]));

    await node.mine(1);
    let waiting = await upgradeWithReference(proofs);
    for (let i = 0; i < 100 && waiting[0]?.reasons[0] === PENDING; i++) waiting = await upgradeWithReference(proofs);
    for (const { ok, reasons } of waiting)
      expect([ok, reasons]).toEqual([false, [`Timestamped by transaction ${id}; waiting for 5 confirmations`]]);
    expect((await tip()).status).toBe(204);

    await node.mine(5);
    let complete = await upgradeWithReference(proofs);
    for (let i = 0; i < 100 && !complete.every(({ ok }) => ok); i++) complete = await upgradeWithReference(proofs);
    expect(complete.map(({ ok }) => ok)).toEqual([true, true, true]);
    const verified = await verifyWithReference(
      node.rpcUrl,
      files.map((document, i) => ({ document, proof: proofs[i]! })),
    );
    expect(verified.map(({ ok, error }) => [ok, error])).toEqual(files.map(() => [true, undefined]));
    // Our own command verifies the same file.
    const own = await verify(files[0]!, proofs[0]!);
    expect([own.exitCode, own.stderr]).toEqual([0, expect.anything()]);
  });

  it('is stamped at and upgraded from with the npm package', async () => {
    const document = await write('by npm');
    const file = npm.DetachedTimestampFile.fromBytes(new npm.Ops.OpSHA256(), await readFile(document));
    await npm.stamp(file, { calendars: [service.url], m: 1 });
    const digest = createHash('sha256')
      .update(await readFile(document))
      .digest();
    const whitelist = new npm.Calendar.UrlWhitelist([service.url]);
    const found = () => {
      const bytes = Buffer.from(file.serializeToBytes());
      return { bytes, list: listAttestations(parseTimestamp(bytes.subarray(31 + 1 + 1 + 32), digest)) };
    };
    expect(found().list).toMatchObject([{ attestation: { type: 'pending', uri: service.url } }]);
    expect(await npm.upgrade(file, { whitelist })).toBe(false);
    await mineUntilFinal(found().list[0]!.message);
    expect(await npm.upgrade(file, { whitelist })).toBe(true);
    expect(found().list.map(({ attestation: { type } }) => type)).toEqual(['pending', 'bitcoin']);
    await writeFile(`${document}.ots`, found().bytes);
    const verified = await verify(document, `${document}.ots`);
    expect([verified.exitCode, verified.stderr]).toEqual([0, expect.anything()]);
  });

  it('shows people the page and tells clients how it is', async () => {
    const home = async (accept: string) => (await fetch(service.url, { headers: { accept } })).text();
    expect(await home('text/html,application/xhtml+xml')).toMatch(/<html/);
    expect(await home('*/*')).toMatch(/<html/);
    await post();
    const root = await untilSent();
    let status: unknown;
    // What the anchor says is up to two seconds old.
    for (let i = 0; i < 300 && !String((status as { anchor?: string })?.anchor).startsWith('sent'); i++) {
      await sleep(100);
      status = JSON.parse(await home('application/json'));
    }
    expect(status).toMatchObject({
      calendar: service.url,
      accepting: true,
      tip: root,
      anchor: expect.stringMatching(/^sent in transaction [0-9a-f]{64}/) as string,
    });
    expect(await home('text/plain')).toMatch(/\ntakes digests\n/);
  });

  it('gives a final answer that caches may keep, and the same again', async () => {
    const message = await post(Buffer.alloc(64, 5));
    const answer = await mineUntilFinal(message);
    expect(answer.headers.get('content-type')).toBe('application/vnd.opentimestamps.v1');
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.bytes.length).toBeLessThan(10_000);
    expect((await ask(message)).bytes).toEqual(answer.bytes);
    expect(await isTrue(message, answer.bytes)).toBe(true);
  });

  it.each([1, 5])('gives no answer that dies when %i blocks are reorganised away', async (blocks) => {
    const message = await post();
    await untilSent();
    const height = (await node.height()) + 1;
    await node.mine(blocks);
    await until(message, new RegExp(`^Timestamped by transaction [0-9a-f]{64}; waiting for ${6 - blocks} confirm`));
    await node.invalidateFrom(height);
    for (let i = 0; i <= blocks; i++) await node.rpc('generateblock', payee, []);
    // The chain has more blocks than before, but none with the transaction.
    await until(message, /^Pending confirmation/);
    await untilSent();
    await node.mine(1);
    await until(message, /waiting for 5 confirm/);
    await node.mine(4);
    await until(message, /waiting for 1 confirm/);
    await node.mine(1);
    const answer = await until(message, 200);
    expect(await isTrue(message, answer.bytes)).toBe(true);
  });

  it('gives an answer no longer once 7 blocks are reorganised away, and the new one when that is final', async () => {
    const message = await post();
    await untilSent();
    const height = (await node.height()) + 1;
    await node.mine(7);
    const before = await until(message, 200);
    expect(await isTrue(message, before.bytes)).toBe(true);
    await node.invalidateFrom(height);
    for (let i = 0; i <= 7; i++) await node.rpc('generateblock', payee, []);
    await until(message, /^Pending confirmation/);
    await node.mine(6);
    const after = await until(message, 200);
    expect(after.bytes).not.toEqual(before.bytes);
    expect(await isTrue(message, after.bytes)).toBe(true);
  });

  it('loses nothing that it has acknowledged when it is killed under load', async () => {
    // Nothing is on its way to the anchor when the kill comes: a submission in hand would be held for two minutes.
    await service.stop();
    service = await startService(join(folder, 'data'), { ...settings, ANCHOR_INTERVAL_SECONDS: '3600' });
    const acknowledged: Buffer[] = [];
    let running = true;
    const clients = Array.from({ length: 16 }, async () => {
      while (running) {
        await post().then(
          (message) => acknowledged.push(message),
          // A request that the kill cuts off was not acknowledged.
          () => (running = false),
        );
      }
    });
    while (acknowledged.length < 250) await sleep(5);
    await service.kill();
    running = false;
    await Promise.all(clients);
    service = await startService(join(folder, 'data'), settings);
    for (const message of acknowledged) expect(await ask(message)).toMatchObject({ status: 404, text: PENDING });
    await mineUntilFinal(acknowledged.at(-1)!);
    // Many share a block: each block is looked at once.
    const oneOfEach = new Map<string, [Buffer, Uint8Array]>();
    for (const message of acknowledged) {
      const { bytes } = await until(message, 200);
      const found = listAttestations(parseTimestamp(bytes, message));
      const blocks = found.map((at) => `${JSON.stringify(at.attestation)} ${Buffer.from(at.message).toString('hex')}`);
      oneOfEach.set(blocks.join(), [message, bytes]);
    }
    for (const [message, bytes] of oneOfEach.values()) expect(await isTrue(message, bytes)).toBe(true);
  });

  it('refuses digests once it cannot commit them, says why, and takes them again afterwards', async () => {
    // In time, whatever the machine is busy with: late it would be refused itself.
    const message = await post();
    await service.stop();
    const broken = { ...settings, BITCOIN_MAX_FEE_SATS: '0', ANCHOR_OVERDUE_SECONDS: '4' };
    service = await startService(join(folder, 'data'), broken);
    const refused = await untilRefused(/^Bitcoin has confirmed nothing.*BITCOIN_MAX_FEE_SATS is too low/);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '60']);
    // What was taken before is kept, and asked for as ever.
    expect(await ask(message)).toMatchObject({ status: 404, text: PENDING });

    await service.stop();
    service = await startService(join(folder, 'data'), { ...broken, BITCOIN_MAX_FEE_SATS: '20000' });
    await mineUntilFinal(message);
    // What was taken after it may wait for a later block.
    await untilTaken();
    await service.stop();
    service = await startService(join(folder, 'data'), settings);
  });

  it('serves another Sealroot', async () => {
    const other = await startService(join(folder, 'other'), {
      ANCHORS: 'opentimestamps',
      ANCHOR_INTERVAL_SECONDS: '1',
      OTS_CALENDARS: service.url,
      OTS_CALENDAR_ALLOW: '',
      OTS_QUORUM: '1',
      OTS_POLL_SECONDS: '1',
      BITCOIN_RPC_URL: node.rpcUrl,
      BITCOIN_NETWORK: 'regtest',
      ESPLORA_URLS: '',
    });
    try {
      const file = await write('of the other');
      const submitted = await sealroot(['submit', file, '--wait', '--out', folder], other);
      expect([submitted.exitCode, submitted.stderr]).toEqual([0, expect.stringContaining('1 proof written')]);
      const proof = `${file}.now.json`;
      let verified = { exitCode: -1, stdout: '', stderr: '' };
      for (let i = 0; i < 200 && verified.exitCode !== 0; i++) {
        await node.mine(1);
        await sleep(300);
        await sealroot(['proof', file, '--out', proof], { url: other.url });
        verified = await verify(file, proof, '--json');
      }
      expect(JSON.parse(verified.stdout)).toMatchObject({ verdict: 'authentic' });
      const { id } = JSON.parse(await readFile(proof, 'utf8')) as { id: string };
      const ots = await fetch(`${other.url}/v1/records/${id}/proof?format=ots`);
      await writeFile(`${file}.ots`, new Uint8Array(await ots.arrayBuffer()));
      if (withReference) {
        const results = await verifyWithReference(node.rpcUrl, [{ document: file, proof: `${file}.ots` }]);
        expect(results).toMatchObject([{ ok: true }]);
      }
    } finally {
      await other.stop();
    }
  });
});

/** An address of the node's wallet. */
async function newAddress(rpcUrl: string): Promise<string> {
  const { origin, username, password } = new URL(rpcUrl);
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const response = await fetch(`${origin}/wallet/primary`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ method: 'getnewaddress', params: [], id: 1 }),
  });
  return ((await response.json()) as { result: string }).result;
}
