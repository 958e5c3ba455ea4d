import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AgencyRepository } from '#database/agency.repository.js';
import { verifyProof } from '#proof/verify.js';
import { sha256Hex } from './public-proof.js';
import { startService, type TestService } from './service.js';

let service: TestService;
let other: string;
beforeAll(async () => {
  service = await startService();
  const agencies = service.app.get(AgencyRepository, { strict: false });
  other = (await agencies.createKey((await agencies.create('other.example.gov', 'Other'))!.id, 'test')).key;
});
afterAll(() => service.stop());

const record = (document: string) => ({ digests: { sha256: sha256Hex(document) }, profile: 'generic@1' });
const post = (url: string, payload: unknown, headers: Record<string, string> = {}, key = service.key) =>
  service.app.inject({
    method: 'POST',
    url,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    payload: JSON.stringify(payload),
  });
const get = (url: string, key = service.key) =>
  service.app.inject({ url, headers: { authorization: `Bearer ${key}` } });
const lodge = async (names: string[], key = service.key) =>
  (await post('/v1/records', names.map(record), {}, key)).json<{ records: { id: string }[] }>().records;
const linesOf = ({ body }: { body: string }) => body.trimEnd().split('\n');
const verdictOf = async (proof: string, document: string) => {
  const trustedKeys = [(await service.app.inject('/v1/log/key')).body.trim()];
  const digests = { sha256: Buffer.from(sha256Hex(document), 'hex') };
  return (await verifyProof({ proof, digests, trustedKeys, now: new Date() })).verdict;
};

describe('Prefer: wait', () => {
  it('answers once the record is sealed, with a proof that holds', async () => {
    const sealing = setInterval(() => void service.seal(), 100);
    const answer = await post('/v1/records', record('waited'), { prefer: 'respond-async, wait=20' });
    clearInterval(sealing);
    expect(answer.statusCode).toBe(201);
    expect(answer.headers['preference-applied']).toBe('wait=20');
    const { proof, stage } = answer.json<{ proof: object; stage: string }>();
    expect(stage).toBe('sealed');
    expect(await verdictOf(JSON.stringify(proof), 'waited')).toBe('pending');
  });

  it('answers an array once all that was accepted is sealed, with the proof of each', async () => {
    const names = Array.from({ length: 70 }, (_, i) => `waited ${i}`);
    const items = [...names.map(record), { profile: 'generic@1' }, { ...record('taken'), reference: 'waited' }];
    const sealing = setInterval(() => void service.seal(), 100);
    const answer = await post('/v1/records', items, { prefer: 'wait=20' });
    clearInterval(sealing);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['preference-applied']).toBe('wait=20');
    const { records } = answer.json<{ records: { outcome: string; stage?: string; proof?: object }[] }>();
    expect(records[70]).toMatchObject({ outcome: 'rejected' });
    for (const i of [0, 63, 64, 69])
      expect(await verdictOf(JSON.stringify(records[i]!.proof), names[i]!)).toBe('pending');
    expect(records.filter(({ stage, proof }) => stage === 'sealed' && proof !== undefined)).toHaveLength(71);
    const late = await post('/v1/records', [record('late, too')], { prefer: 'wait=0' });
    expect(late.headers['preference-applied']).toBe('wait=0');
    expect(late.json<{ records: object[] }>().records[0]).not.toHaveProperty('proof');
  });

  it('answers without a proof when the time is over', async () => {
    const late = await post('/v1/records', record('late'), { prefer: 'wait=0' });
    expect(late.headers['preference-applied']).toBe('wait=0');
    expect(late.json()).toMatchObject({ stage: 'accepted' });
    expect(late.json()).not.toHaveProperty('proof');
    const plain = await post('/v1/records', record('plain'), { prefer: 'return=minimal' });
    expect(plain.headers['preference-applied']).toBeUndefined();
  });
});

describe('proofs in bulk', () => {
  it("are those of the agency's own records in a batch, in the order of its leaves, one on each line", async () => {
    await service.seal();
    const names = Array.from({ length: 150 }, (_, i) => `own ${i}`);
    const mine = await lodge(names);
    await lodge(['theirs 1', 'theirs 2'], other);
    await service.seal();
    const { batch } = (await get(`/v1/records/${mine[0]!.id}`)).json<{ batch: { number: number } }>();
    const url = `/v1/batches/${batch.number}/proofs`;
    const answer = await get(url);
    expect(answer.headers['content-type']).toBe('application/x-ndjson');
    const lines = linesOf(answer);
    expect(lines.map((line) => (JSON.parse(line) as { id: string }).id)).toEqual(mine.map(({ id }) => id));
    for (const i of [0, 70, 149]) expect(await verdictOf(lines[i]!, names[i]!)).toBe('pending');
    expect(linesOf(await get(url, other))).toHaveLength(2);
    expect((await get('/v1/batches/999999/proofs')).json()).toMatchObject({ code: 'batch-not-found' });
    expect((await service.app.inject(url)).statusCode).toBe(401);
  });

  it('are given for a list, in its order, and what has none says why', async () => {
    const sealed = await lodge(['listed 1', 'listed 2']);
    await service.seal();
    const waiting = await lodge(['not sealed']);
    const unknown = '019cae01-0e7b-7a35-8d21-6f0c1b2a3948';
    const records = [sealed[1]!.id, unknown, waiting[0]!.id, sealed[0]!.id];
    const lines = linesOf(await post('/v1/proofs', { records })).map(
      (line) => JSON.parse(line) as { id: string; problem?: { code: string } },
    );
    expect(lines.map(({ id }) => id)).toEqual(records);
    const codes = lines.map(({ problem }) => problem?.code);
    expect(codes).toEqual([undefined, 'record-not-found', 'proof-not-ready', undefined]);
    const many = { records: Array.from({ length: 1001 }, () => unknown) };
    for (const body of [{}, { records: [] }, { records: ['x'] }, many])
      expect((await post('/v1/proofs', body)).json()).toMatchObject({ status: 422, code: 'invalid-body' });
  });
});
