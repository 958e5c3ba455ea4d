import { createHash } from 'node:crypto';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blindDigests, digestDocument, digestsToHex, drawSalt } from '#sdk/hashing.js';
import type { ImportPart } from '#sdk/import.js';
import type { RecordRequest } from '#sdk/record.js';
import { Sealroot } from '#sdk/client.js';
import { verify } from '#sdk/verify.js';
import { formatVerifierKey } from '#tlog/verifier-key.js';
import { sha256Hex } from './public-proof.js';
import { startService, type TestService } from './service.js';

let service: TestService;
let client: Sealroot;

beforeAll(async () => {
  service = await startService({}, { portalFolder: '/nowhere' });
  await service.app.listen(0, '127.0.0.1');
  client = new Sealroot({ url: await service.app.getUrl(), apiKey: service.key });
});
afterAll(() => service.stop());

const record = (text: string): RecordRequest => ({
  profile: 'generic@1',
  reference: text,
  digests: { sha256: sha256Hex(text) },
});

/** Passes bytes on to the service, and cuts each connection after as many of them, both ways together, as `budget` says. */
function cuttingProxy(budget: () => number): Promise<Server> {
  const { port, hostname } = new URL(client.transport.url);
  const server = createServer((socket: Socket) => {
    let left = budget();
    const upstream = connect(Number(port), hostname);
    const cut = () => {
      socket.destroy();
      upstream.destroy();
    };
    const pass = (from: Socket, to: Socket) => {
      from.on('data', (bytes) => {
        left -= bytes.length;
        if (left < 0) cut();
        else to.write(bytes);
      });
      from.on('error', cut).on('close', cut);
    };
    pass(socket, upstream);
    pass(upstream, socket);
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

describe('the SDK', () => {
  it('submits a record, waits for it, and verifies its proof without the service', async () => {
    const document = new TextEncoder().encode('licence no. 17');
    const digests = digestsToHex(await digestDocument(document));
    const asked: RecordRequest = { profile: 'generic@1', digests, validUntil: '2999-01-01T01:00:00+01:00' };
    const { record: accepted, includeBy } = await client.submit(asked);
    expect(Date.parse(includeBy)).toBeGreaterThan(Date.parse(accepted.receivedAt));
    expect(await client.proof(accepted.id)).toMatchObject({ state: 'not-ready' });
    await expect(client.waitFor(accepted.id, 'sealed', { timeoutMs: 1 })).rejects.toMatchObject({
      code: 'not-in-time',
    });
    await service.seal();
    const proof = await client.waitFor(accepted.id, 'sealed');
    const { name, publicKey } = await client.logKey();
    const trustedKeys = [formatVerifierKey(name, publicKey)];
    expect(await verify(proof, { document, trustedKeys })).toMatchObject({ verdict: 'pending', who: 'log' });
    expect(await verify(proof, { document: document.subarray(1), trustedKeys })).toMatchObject({ verdict: 'mismatch' });
    expect(await client.record(accepted.id)).toMatchObject({ stage: 'sealed' });
    const { etag } = (await client.proof(accepted.id)) as { etag: string };
    expect(await client.proof(accepted.id, { etag })).toEqual({ state: 'unchanged' });
    const found = await client.lookup('sha256', digests.sha256!).next();
    expect(found.value).toMatchObject({ id: accepted.id });
  });

  it('waits for the proof with the submission', async () => {
    const document = new TextEncoder().encode('waited for');
    const digests = digestsToHex(await digestDocument(document));
    const submitted = client.submit({ profile: 'generic@1', digests }, { waitSeconds: 20 });
    const sealing = setInterval(() => void service.seal(), 300);
    const { proof } = await submitted.finally(() => clearInterval(sealing));
    expect(await verify(JSON.stringify(proof), { document })).toMatchObject({ verdict: 'pending' });
  });

  it('blinds a document, whose proof then needs the salt', async () => {
    const document = new Blob(['driver 17']);
    const salt = drawSalt();
    const digests = digestsToHex(blindDigests(await digestDocument(document), salt));
    const { record: accepted } = await client.submit({ profile: 'licence@1', blinded: true, digests });
    await service.seal();
    const proof = await client.waitFor(accepted.id, 'sealed');
    expect(await verify(proof, { document, salt })).toMatchObject({ verdict: 'pending' });
    expect(await verify(proof, { document, salt: drawSalt() })).toMatchObject({ verdict: 'mismatch' });
  });

  it('tells items apart: accepted, repeated with other terms, rejected', async () => {
    await client.submit(record('taken'));
    const { items, promise } = await client.submitMany([
      record('new'),
      { ...record('taken'), validUntil: '2999-01-01T00:00:00Z' },
      { ...record('taken'), digests: { sha256: sha256Hex('another') } },
      { ...record('bad'), profile: 'nothing@1' },
    ]);
    expect(items.map((item) => ('problem' in item ? item.problem.code : item.outcome))).toEqual([
      'accepted',
      'other-terms',
      'reference-conflict',
      'invalid-record',
    ]);
    expect(promise).toBeDefined();
    const other = { ...record('taken'), validUntil: '2999-01-01T00:00:00Z' };
    await expect(client.submit(other)).rejects.toMatchObject({ code: 'other-terms' });
    await expect(client.submit({ ...record('x'), profile: 'nothing@1' })).rejects.toMatchObject({
      problem: { code: 'invalid-record', errors: [{ pointer: '/profile' }] },
    });
    expect(await client.findByReference('new')).toMatchObject({ agency: 'records.example.gov' });
    await expect(client.submitMany([])).rejects.toMatchObject({ code: 'bad-input' });
  });

  it('does a call once whose answer was lost, and whoever repeats it under its key gets the same', async () => {
    let lost = 0;
    const losing = new Sealroot({
      url: client.transport.url,
      apiKey: service.key,
      sleep: () => Promise.resolve(),
      fetch: async (url, init) => {
        const answer = await fetch(url, init);
        if (init?.method === 'POST' && lost++ < 2) throw new TypeError('fetch failed');
        return answer;
      },
    });
    const asked = { profile: 'generic@1', digests: { sha256: sha256Hex('no reference') } };
    const first = await losing.submit(asked, { idempotencyKey: 'mine' });
    expect(lost).toBe(3);
    expect(await client.submit(asked, { idempotencyKey: 'mine' })).toEqual(first);
    const found = [];
    for await (const one of client.lookup('sha256', asked.digests.sha256)) found.push(one);
    expect(found).toHaveLength(1);
  });

  it('imports over a line that breaks again and again, and goes on after a crash: each record once, each receipt checked', async () => {
    const total = 3000;
    const all = Array.from({ length: total }, (_, i) => (i % 10 === 9 ? { profile: 'bad' } : record(`import ${i}`)));
    let cuts = 0;
    // At places that a hash chooses: the same in each run.
    const budget = () => createHash('sha256').update(`${++cuts}`).digest().readUInt32BE() % 700_000;
    const proxy = await cuttingProxy(budget);
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const bad = new Sealroot({ url, apiKey: service.key, sleep: () => Promise.resolve(), retries: 20 });
    const parts: ImportPart[] = [];
    let id: string | undefined;
    const take = async (from: number, upTo: number) => {
      const options = { id, offset: from, partSize: 500, onOpen: (opened: string) => void (id = opened) };
      for await (const part of bad.import(all.slice(from) as RecordRequest[], options)) {
        parts.push(part);
        if (parts.length === upTo) break;
      }
    };
    await take(0, 3);
    // What was answered after the last part that was kept is answered again.
    const kept = parts.reduce((sum, { items }) => sum + items.length, 0);
    expect(kept).toBe(1500);
    await take(kept, Infinity);
    proxy.close();
    expect(cuts).toBeGreaterThan(4);
    const items = parts.flatMap((part) => part.items);
    expect(items.map(({ outcome }) => outcome)).toEqual(all.map((_, i) => (i % 10 === 9 ? 'rejected' : 'accepted')));
    expect(await client.importState(id!)).toMatchObject({ committed: total, failed: total / 10 });
    const ids = items.flatMap((item) => ('record' in item ? [item.record.id] : []));
    expect(new Set(ids).size).toBe(total * 0.9);
    const groups = parts.flatMap((part) => part.groups);
    expect(groups.reduce((sum, { count }) => sum + count, 0)).toBe(total);
    expect(groups.every(({ promise }) => promise !== undefined)).toBe(true);
    // Other lines than were taken are named.
    const others = bad.import([record('another line')], { id, offset: 0 });
    await expect(others.next()).rejects.toMatchObject({ problem: { code: 'line-differs' } });

    await service.seal();
    const some = ids.slice(0, 1500);
    const proofs: string[] = [];
    const breaking = await cuttingProxy(() => 400_000);
    const cut = new Sealroot({
      url: `http://127.0.0.1:${(breaking.address() as AddressInfo).port}`,
      apiKey: service.key,
      sleep: () => Promise.resolve(),
    });
    for await (const proof of cut.proofs(some)) {
      expect(proof.id).toBe(some[proofs.length]);
      proofs.push('text' in proof ? proof.text : '');
    }
    breaking.close();
    expect(proofs).toHaveLength(1500);
    const digests = { sha256: createHash('sha256').update('import 1').digest() };
    expect(await verify(proofs[1]!, { digests })).toMatchObject({ verdict: 'pending' });
  });

  it('changes statuses, relies on records, and reads of it in the feed', async () => {
    const { items } = await client.submitMany([record('s 1'), record('s 2'), record('s 3')]);
    const ids = items.map((item) => ('record' in item ? item.record.id : ''));
    const hasty = new Sealroot({ url: client.transport.url, apiKey: service.key, retries: 0 });
    await expect(hasty.changeStatus(ids[0]!, { to: 'revoked' })).rejects.toMatchObject({
      problem: { code: 'not-sealed' },
    });
    await service.seal();
    const change = { to: 'revoked', reason: 'misuse', effectiveAt: '2026-01-01T01:00:00+01:00' } as const;
    const { statement } = await client.changeStatus(ids[0]!, change);
    expect(statement).toMatchObject({ record: ids[0], to: 'revoked', effectiveAt: '2026-01-01T00:00:00.000Z' });
    const many = await client.changeStatuses({
      to: 'revoked',
      records: [ids[1]!, ids[2]!, `${ids[2]!.slice(0, -4)}ffff`],
    });
    expect(many.items.map((item) => ('problem' in item ? item.problem.code : item.outcome))).toEqual([
      'accepted',
      'accepted',
      'record-not-found',
    ]);
    expect(await client.rely(ids[1]!, 'account-opening')).toMatchObject({ statement: { purpose: 'account-opening' } });
    await service.seal();
    const batch = (await client.record(ids[0]!)).batch!.number;
    const proofs = [];
    for await (const proof of client.batchProofs(batch)) proofs.push(proof);
    expect(proofs.map(({ id }) => id)).toEqual(ids);
    const revoked = proofs[0] as { text: string };
    const digests = { sha256: createHash('sha256').update('s 1').digest() };
    expect(await verify(revoked.text, { digests })).toMatchObject({ verdict: 'authentic-not-current' });
    for await (const event of client.events()) expect(event.id).toMatch(/^evt_/);
  });
});
